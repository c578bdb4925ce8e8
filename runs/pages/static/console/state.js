// What the parts of the console share: whose console it is, what is open on it, and the line to the room.

import { pass } from "../room/base.js";

export const own = pass("console");
export const ui = { error: "", done: "", busy: 0, inject: null, over: null, to: "all", text: "" };
export let live = null;

let paint = () => {};
export const draw = () => paint();

export function begin(line) {
  live = line;
}
export function paintWith(page) {
  paint = page;
}
