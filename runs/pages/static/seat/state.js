// What the parts of a seat's page share: who sits here, what is open on the screen, and the line.

import { h, keep, pass } from "../room/base.js";
import { alone } from "./alone.js";

export const own = pass("seat");
export const solo = alone(own, () => draw());
export const ui = { tab: keep.get("tab", "situation"), open: {}, deal: null, text: {}, to: "all",
  good: "", error: "", waiting: false, all: keep.get("all", false), cell: "" };
export let out = null, live = null; // what is on its way to the room, and what has come from it

const PAST = own ? `past.${own.code}.${own.token.slice(0, 10)}` : "";
export const past = own ? keep.get(PAST, {}) : {}; // results by turn, as they were seen here
export const keepPast = () => keep.set(PAST, past);

let paint = () => {};
export const draw = () => paint();

export function begin(outbox, line) {
  out = outbox;
  live = line;
}
export function paintWith(page) {
  paint = page;
}

export const isOpen = (view) => !view.note && ["report", "negotiate", "orders"].includes(view.phase);
// Where an allowance binds states, nothing can be ordered before the room knows what is free of it.
export const purseWaits = (view) => isOpen(view) && view.kind === "state" && !view.purse
  && view.levers.some((row) => "money" in row);
export const mayEdit = (view) => isOpen(view) && !view.submitted && !view.handed && !purseWaits(view);

// A part that opens and closes; what is inside is made only while it is open.
export function fold(name, first, summary, inside, class_ = "") {
  const open = ui.open[name] ?? first;
  return h("details", { class_, key: `d-${name}`, open,
    ontoggle: (event) =>
      { if ((ui.open[name] ?? first) !== event.target.open) { ui.open[name] = event.target.open; draw();
          } } },
    h("summary", null, summary), open && inside());
}
