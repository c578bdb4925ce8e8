// Where phones join: the address of this page, or that of this machine on its network.
import { h, keep, t } from "./base.js";
import { at, root } from "./root.js";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const atHome = LOOPBACK.includes(location.hostname);
let found = [], server = "";

export async function learnAddresses(code) {
  let told = "";
  try { // what the server itself prints and draws
    const join = code ? (await (await fetch(at(`/api/rooms/${code}`))).json()).join : "";
    told = join.replace(/\/j\/[^/]*$/, "");
  } catch { told = ""; }
  try { // what this machine tells nobody but itself
    const told = atHome && await fetch(at("/pages/addresses.json"), { cache: "no-store" });
    found = told ? (await told.json()).addresses : [];
  } catch { found = []; }
  server = told && !LOOPBACK.includes(new URL(told).hostname) ? told : "";
}
function origins() {
  const here = location.origin + root;
  if (onlyHere()) return [here];
  const port = location.port ? `:${location.port}` : "";
  const others = found.map((one) => `${location.protocol}//${one}${port}`);
  return [...new Set([server, ...(atHome ? [...others, here] : [here, ...others])].filter(Boolean))];
}
// Whether no other device can come here: the server listens on this machine alone.
export const onlyHere = () => atHome && !server;
export function origin() {
  const kept = keep.get("origin");
  return origins().includes(kept) ? kept : origins()[0];
}
export const joinAddress = (code) => `${origin()}/j/${code}`;
export function chooseOrigin(again) {
  return [h("label", { class_: "field" }, h("span", null, t("console.address")),
    h("select", { id: "origin", value: origin(), onchange: (event) => { keep.set("origin", event.target.value); again(); } },
      origins().map((one) => h("option", { value: one, selected: one === origin() }, one)))),
  onlyHere() && h("p", { class_: "soft" }, t("console.address_note"))];
}
