// What the watch page knows: what the run has told, where the head stands, and what is looked at.

import { language } from "../base/words.js";

const query = new URLSearchParams(location.search);
export const SPEEDS = [1, 2, 4, 8, 16];
const asked = Number(query.get("speed"));

export const ui = {
  state: null, run: null, story: null, why: null, band: null, sources: null, // as they were told
  asks: null, asked: null, forks: null, // the same of what the run is played otherwise for
  head: Number(query.get("week")) || 0,
  wished: query.get("week") !== null || query.get("at") !== null, // before there is such a week
  playing: !["0", "no", "false"].includes(query.get("autoplay") ?? "1") && query.get("week") === null,
  speed: SPEEDS.includes(asked) ? asked : asked > 16 ? 16 : 4,
  panel: null, answer: null, gone: false, sign: 0,
  view: query.get("view") === "sources" ? "sources" : "watch",
};
let draw = () => {}, timer = 0, waiting = 0;

export const still = matchMedia("(prefers-reduced-motion: reduce)");
export const atFlag = query.get("at"); // the kind of flag that the address asks for

export const played = () => ui.run?.played ?? 0;
export const weeks = () => ui.run?.weeks ?? 1;
export const last = () => Math.max(0, played() - 1);
// The latest week that is also told in words: the head does not go beyond it.
export const shownLast = () => Math.max(0, Math.min(played(), ui.story?.weeks.length ?? 0) - 1);
// Whether the run has come whole: all its weeks are played, and all of them are told.
export const finished = () => Boolean(ui.story?.done) && played() >= weeks();
export const told = () => ui.story?.weeks[ui.head] ?? null;

export const column = (name, zone) => ui.run?.columns?.[name]?.[zone] ?? [];
export const value = (name, zone, week = ui.head) => column(name, zone)[week] ?? null;

export function ask(what, value_) {
  window.dispatchEvent(new CustomEvent("entrepot:ask", { detail: { what, value: value_ } }));
}

export const askLanguage = () => ask("language", language);

// One drawing for all that changed before the next picture of the screen. Where no more than the head has
// moved, parts stand still that do not follow it: their sign is the same.
export function redraw() {
  ui.sign += 1;
  drawSoon();
}
function drawSoon() {
  if (waiting) return;
  waiting = requestAnimationFrame(() => { waiting = 0; draw(); });
}
export function drawWith(act) { draw = act; }

export function go(week) {
  ui.head = Math.max(0, Math.min(shownLast(), week));
  drawSoon();
}

export function play(on) {
  ui.playing = on;
  if (on && finished() && ui.head >= last()) ui.head = 0;
  clearTimeout(timer);
  if (on) tick();
  redraw();
}

// A week, and the next one in its time; a page that nobody sees rests.
function tick() {
  timer = setTimeout(() => {
    if (!ui.playing) return;
    if (!document.hidden && ui.story && !ui.gone) {
      if (ui.head < shownLast()) go(ui.head + 1);
      else if (finished() && ui.head >= last()) { play(false); return; }
    }
    tick();
  }, 1000 / (still.matches ? 1 : ui.speed));
}

// The address of what stands on the page.
export function link() {
  const at = new URLSearchParams({ scenario: ui.state.scenario, seed: ui.state.seed, week: ui.head,
    material: ui.run.material, zone: ui.run.zone });
  if (ui.state.guest) at.set("watch", "");
  return `?${at}`;
}
