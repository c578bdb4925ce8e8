// What is typed, sent and saved of a seat's orders, lever by lever.

import { CONTROL, h, keep, leverName, readLever, t } from "../room/base.js";
import { draw, live, mayEdit, out, ui } from "../seat/state.js";

// What stands in the log for a lever: {value, at} or null.
export function saved(view, full) {
  const fresh = out.acked[full];
  if (fresh && fresh.version > view.version) return fresh.value === null ? null : fresh;
  const found = view.orders.find((one) => one.lever === full);
  return found ? { value: found.value, at: found.at, why: found.why } : null;
}
// What the facilitator has set for this turn, for the lever or for all its places; people cannot change it.
export const forcedOn = (view, row, full) =>
  view.orders.find((one) => CONTROL.includes(one.by) && (one.lever === full || one.lever === row.lever));
export const inForce = (row, place) => (place ? row.values?.[place] : row.index ? null : row.value);

export function commit(row, full) {
  const view = live.view, text = out.drafts[full];
  if (text === undefined || !mayEdit(view) || live.state === "moved") return true;
  if (forcedOn(view, row, full)) {
    out.draft(full, null, view.turn);
    return true;
  }
  const found = readLever(row, text);
  if (found.fault) {
    out.faults[full] = found.fault;
    draw();
    inSight(full);
    return false;
  }
  out.order(full, found.value, text, view.turn, intents(view)[full] ?? saved(view, full)?.why ?? "");
  draw();
  return true;
}

// What is wrong with an order is seen above the bar, which covers the foot of the page.
function inSight(full) {
  const line = document.getElementById(`l-${full}-s`), bar = document.querySelector(".submitbar");
  if (line && bar
    && line.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) line.scrollIntoView({
      block: "center" });
}
// The first order that cannot be saved: {lever, fault}, or null.
export function wrongOrder(view) {
  const full = Object.keys(out.faults).find((one) => out.drafts[one] !== undefined
    && view.levers.some((row) => row.lever === one.split(".")[0]));
  return full ? { lever: leverName(full), fault: out.faults[full] } : null;
}

// Intents that are typed and not yet sent, kept on this device; each turn has its own.
function intents(view) {
  const place = `why.${out.place}`;
  ui.why ??= keep.get(place, {});
  if (ui.why.turn !== view.turn) ui.why = { turn: view.turn };
  keep.set(place, ui.why);
  return ui.why;
}
export function intent(view, full, kept) {
  const typed = intents(view);
  const send = () => {
    if (typed[full] === undefined || !mayEdit(view)) return;
    const why = typed[full].trim();
    if (kept && out.drafts[full] === undefined && why !== (kept.why ?? "")) out.order(full, kept.value,
      undefined, view.turn, why);
    draw();
  };
  return h("label", { class_: "field intent" }, h("span", null, t("intent.label")),
    h("input", { id: `why-${full}`, type: "text", maxlength: 300, value: typed[full] ?? kept?.why ?? "",
    oninput: (event) => { typed[full] = event.target.value; keep.set(`why.${out.place}`, typed); },
      onchange: send, onkeydown: (event) => { if (event.key === "Enter") send(); } }));
}

export function takeBack(view, full) {
  out.draft(full, null, view.turn);
  out.order(full, null, undefined, view.turn);
  draw();
}
export function drop(view, full) {
  out.draft(full, null, view.turn);
  draw();
}
