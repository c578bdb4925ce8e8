// What the parts of the start page share: what is chosen and typed on it, and what a game starts from.

import { keep, scene } from "../room/base.js";
import { at } from "../base/root.js";

const WAYS = ["watch", "alone", "class", "table", "saved"];
const query = new URLSearchParams(location.search), asked = query.get("for");
// What was handed over may be the whole link or its last part.
export const tokenOf = (text) => text.trim().replace(/^.*#/, "");
export const ui = { token: tokenOf(location.hash), old: false, faults: {},
  way: WAYS.includes(asked) ? asked : location.pathname === at("/host") ? "class" : "",
  scenario: query.get("scenario") ?? keep.get("scenario", "japan-2026"), seed: "", turns: "", seconds: "",
  language: "", team: "", random: false, allowance: true, error: "", made: null, busy: false, home: false,
  name: keep.get("name", ""), seat: query.get("seat") ?? "", seats: null, saved: null };

// What a class and a tabletop start from; every field can be changed before the game is made.
export const USUAL = {
  class: { turns: 6, seconds: 330 },
  table: { turns: 5, seconds: 2100, auto_close: false, auto_next: false, teams: true },
};

export const turnsOf = () => Math.min(USUAL[ui.way]?.turns ?? 8, scene.turns || 8);
// A tabletop opens the seats of its teams, as the plan of the half day has them; a class all.
export const chosen = () => ui.seats ?? scene.seats.map((one) => one.seat).filter((one) =>
  !USUAL[ui.way].teams || !scene.teams?.length || scene.teams.flat().includes(one));

export const teamCount = () => ({ teams: scene.teams?.length ?? 0, seats: scene.teams?.flat().length ?? 0 });

let paint = () => {};
export const draw = () => paint();
export function paintWith(page) {
  paint = page;
}
