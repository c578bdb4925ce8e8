// The strings of the page in the reader's language.

import { keep } from "./keep.js";
import { at } from "./root.js";

export const LANGUAGES = { en: "English", ko: "한국어", ja: "日本語", "zh-Hans": "简体中文" };

let words = {}, spare = {};

export let language = "en";

async function wordsOf(name) {
  try {
    const answer = await fetch(at(`/pages/words/${name}.json`));
    return answer.ok ? await answer.json() : {};
  } catch { return {}; }
}

// The first of our languages that the browser asks for.
function browsers() {
  const short = (tag) => tag.toLowerCase().split("-")[0];
  for (const tag of navigator.languages ?? [])
    for (const one of Object.keys(LANGUAGES)) if (short(one) === short(tag)) return one;
  return null;
}

// The language that the address asks for or that was chosen here, or else the browser's, or else the
// room's; a wall, which nobody holds in his hands, speaks the room's first. Answers whether it changed.
export async function speak(rooms, wall = false) {
  const asked = new URLSearchParams(location.search).get("lang") || keep.get("lang");
  const usual = wall ? [rooms, browsers()] : [browsers(), rooms];
  const wanted = [asked, ...usual, "en"].find((one) => Object.hasOwn(LANGUAGES, one));
  if (wanted === language && words[""]) return false;
  if (!spare[""]) spare = { "": "1", ...(await wordsOf("en")) };
  words = wanted === "en" ? spare : { "": "1", ...(await wordsOf(wanted)) };
  if (!words["trouble.text"] && !spare["trouble.text"]) throw new Error("no words came");
  if (!words["trouble.text"]) window.dispatchEvent(new Event("entrepot:trouble"));
  language = wanted;
  document.documentElement.lang = wanted;
  return true;
}

export const has = (key) => key in words || key in spare;

export function t(key, fill) {
  let text = words[key] ?? spare[key] ?? key;
  if (fill) text = text.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? fill[name] : all));
  return language === "ko" ? particles(text) : text;
}

// Korean particles by the last sound before them, past what closes brackets and quotes: [은/는] after a
// consonant or a vowel, [으로/로] also after an l.
const particles = (text) => text.replace(/([^\s)”’"'])([)”’"']*)\[([^\]/]+)\/([^\]/]+)\]/g,
  (all, letter, past, closed, open) => letter + past + (endsClosed(letter, closed) ? closed : open));

function endsClosed(letter, closed) {
  const code = letter.charCodeAt(0), last = (code - 0xac00) % 28, towards = closed === "으로";
  if (code >= 0xac00 && code <= 0xd7a3) return last > 0 && !(towards && last === 8);
  return !(towards && "178lL".includes(letter)) && "013678lmnLMN".includes(letter);
}

// A string of ours, or what the server said, in its own language.
export const told = (key, other) => (has(key) ? t(key) : other ?? key);

export async function setLanguage(code) {
  keep.set("lang", code);
  const here = new URL(location.href);
  here.searchParams.delete("lang");
  history.replaceState(null, "", here);
  await speak();
}
