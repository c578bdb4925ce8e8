// Where phones join: the address that the server itself prints and draws, and where this machine is in
// several networks, which of them.
import { h, keep, t } from "./base.js";
import { at, root } from "../base/root.js";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const atHome = LOOPBACK.includes(location.hostname);
let server = "", others = []; // [number of the network, address]

export async function learnAddresses(code) {
  let told = "", found = [];
  try {
    const join = code ? (await (await fetch(at(`/api/rooms/${code}`))).json()).join : "";
    told = join.replace(/\/j\/[^/]*$/, "");
  } catch { told = ""; }
  try { // what this machine tells nobody but itself
    const answer = atHome && await fetch(at("/pages/addresses.json"), { cache: "no-store" });
    found = answer ? (await answer.json()).addresses : [];
  } catch { found = []; }
  server = told && !LOOPBACK.includes(new URL(told).hostname) ? told : "";
  others = found.map((name, n) => {
    const one = new URL(server || location.origin);
    one.hostname = name;
    return [n + 1, one.href.replace(/\/$/, "")];
  }).filter(([, one]) => one !== server);
}

// Whether no other device can come here: the server listens on this machine alone.
export const onlyHere = () => atHome && !server;

function chosen() {
  const all = server ? [[0, server], ...others] : [[0, location.origin + root]];
  return all.find(([, one]) => one === keep.get("origin")) ?? all[0];
}
export const origin = () => chosen()[1];
export const joinAddress = (code) => `${origin()}/j/${code}`;

// The join address as the server draws it; a browser says no more than which of its networks.
export const joinQr = (code) => h("img", { class_: "qr", alt: joinAddress(code), width: 300, height: 300,
  src: at(`/api/rooms/${encodeURIComponent(code)}/qr.svg${chosen()[0] ? `?network=${chosen()[0]}` : ""}`) });

export function chooseOrigin(again) {
  if (onlyHere()) return h("p", { class_: "soft" }, t("console.address_note"));
  if (!server || !others.length) return null;
  const choose = (event) => { keep.set("origin", event.target.value); again(); };
  return h("label", { class_: "field" }, h("span", null, t("console.address")),
    h("select", { id: "origin", value: origin(), onchange: choose }, [server, ...others.map(([, one]) => one)]
      .map((one) => h("option", { value: one, selected: one === origin() }, one))));
}
