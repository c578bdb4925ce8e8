// What the page holds: whose pass it has, the record, and what has been chosen.

import { keep, pass } from "../room/base.js";

const asked = new URLSearchParams(location.search);
export const room = (asked.get("room") ?? "").toUpperCase().replace(/[^A-Z0-9-]/g, "").slice(0, 12);

// A link that is shared names a room and holds no pass: whoever opens it needs one of that room.
const passes = [pass("review"), keep.get("pass.console"), keep.get("pass.seat")].filter(Boolean);
export const own = passes.find((one) => !room || one.code === room) ?? null;
export const foreign = !own && passes.length > 0;

export const held = { record: null };
export const ui = { turn: 1, seat: "", error: "", form: { seat: "", lever: "", place: "", value: "" },
  branches: [], busy: false, whose: asked.get("seat") ?? "", measure: asked.get("show") ?? "", pin: 0,
  ask: "", copied: "" };

let draw = () => undefined;
export const drawnBy = (how) => { draw = how; };
export const redraw = () => draw();

export const WORLD = "world";
export const rowOf = () => (ui.whose === WORLD ? held.record.story.world
  : held.record.story.seats[ui.whose]);
export const kindOf = (seat) => held.record.seats.find((one) => one.seat === seat)?.kind;
