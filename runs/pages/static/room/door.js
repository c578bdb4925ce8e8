// The room's door: links, calls over HTTP, refusals.

import { keep } from "../base/keep.js";
import { t } from "../base/words.js";
import { phrase } from "../base/sentences.js";
import { at } from "../base/root.js";

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

export function deviceId() {
  let own = keep.get("device");
  if (!own) keep.set("device", (own = newId()));
  return own;
}

// The link's #CODE.TOKEN, or what was used here last for this kind of page. Who plays alone has a
// second token behind it, with which the one person at the table also runs the game.
export function pass(kind) {
  const found = /^#([A-Za-z0-9-]{3,12})[.:]([A-Za-z0-9_-]{10,80})(?:\.([A-Za-z0-9_-]{10,80}))?$/.exec(
    location.hash);
  if (found) {
    const one = { code: found[1].toUpperCase(), token: found[2], control: found[3] || null };
    keep.set(`pass.${kind}`, one);
    return one;
  }
  return location.hash.length > 1 ? null : keep.get(`pass.${kind}`);
}

export const linkOf = (one) => `${one.code}.${one.token}${one.control ? `.${one.control}` : ""}`;

const PATIENCE_MS = 15000; // for an answer of the server
export const PLAYED_MS = 240000; // for one that the model plays first, after what others have asked it

export class Refusal extends Error {
  constructor(status, text, field) { // text: for the reader, in the language of the page
    super(text);
    this.status = status;
    this.field = field;
  }
}

// `signal` gives the question up before its time.
export async function ask(method, path, token, body, device, signal, patience = PATIENCE_MS) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (device) headers["entrepot-device"] = deviceId();
  if (body !== undefined) headers["content-type"] = "application/json";
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  signal?.addEventListener("abort", () => stop.abort());
  let answer, found;
  try {
    answer = await fetch(at(`/api/rooms${path}`), {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store", signal: stop.signal,
    });
    found = await answer.json();
  } catch {
    throw new Refusal(0, t("error.network"), null);
  } finally {
    clearTimeout(late);
  }
  if (!answer.ok) throw new Refusal(answer.status, phrase(found.say, found.error || t("error.other")),
    found.field);
  return found;
}
