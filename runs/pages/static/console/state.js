// What the parts of the console share: whose console it is, what is open on it, and the line to the room.

import { pass } from "../room/base.js";

export const own = pass("console");
export const ui = { error: "", done: "", busy: 0, inject: null, over: null, to: "all", text: "", sheet: "",
  brief: false, more: false, machines: false, note: "", judge: {} };
export let live = null;

let paint = () => {}, from = null;
export const draw = () => paint();

export function begin(line) {
  live = line;
}
export function paintWith(page) {
  paint = page;
}

// A sheet of the console is opened by its name, or closed by ""; the focus goes with it and back.
export function show(name, opener = document.activeElement?.id) {
  if (name && !ui.sheet) from = opener || null;
  ui.sheet = name;
  draw();
  if (name) document.getElementById("sheet-title")?.focus();
  else document.getElementById(from)?.focus();
}
