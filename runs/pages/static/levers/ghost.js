// Ghosts: what a lever at a value would bring, asked while it is moved. An answer counts for the very
// values that it was asked for; until it has come there is none, and "…" stands in its place.

import { ask } from "../room/base.js";
import { draw, live, mayEdit, out, own } from "../seat/state.js";

const REST_MS = 120; // a drag asks when the hand has been still for so long
const AGAIN_MS = 1000; // where the room has no answer yet
const known = new Map(); // by lever: {sign, answer} or {sign, fault}
const wanted = new Map(); // by lever: {sign, value}, the newest last
let flying = null, timer = 0;

// What a ghost stands on: turn, results and all saved orders but the lever's own.
const beside = (orders, full) => JSON.stringify(orders.filter(([lever]) => lever !== full).sort());
function signOf(view, full, value) {
  const orders = view.orders.map((one) => [one.lever, one.value]);
  return `${view.turn}|${view.history.length}|${view.undone.length}|${value}|${beside(orders, full)}`;
}

// The ghost of a lever at a value: {answer}, {fault}, or null while it is being worked out.
export function ghost(view, full, value) {
  if (!mayEdit(view) || !view.gauges.length) return null;
  const sign = signOf(view, full, value), there = known.get(full);
  if (there?.sign === sign) return there;
  if (wanted.get(full)?.sign !== sign) {
    wanted.delete(full);
    wanted.set(full, { sign, value });
    if (flying?.full === full) flying.stop.abort();
    later(REST_MS);
  }
  return null;
}

// Once a turn the room is asked for what moves nothing, so that it has the seat's quarter at hand when the
// first lever is moved.
let warmed = "";
export function warm(view, full, value) {
  const turn = `${view.turn}|${view.history.length}|${view.undone.length}`;
  if (warmed === turn || !mayEdit(view) || !full) return;
  warmed = turn;
  ghost(view, full, value);
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(pump, ms);
}

async function pump() {
  if (flying || !wanted.size) return;
  const [full, { sign, value }] = [...wanted].at(-1);
  const stop = new AbortController();
  flying = { full, stop };
  let wait = 0;
  try {
    const path = `/${own.code}/ghost?lever=${encodeURIComponent(full)}&value=${value}`;
    const answer = await ask("GET", path, own.token, undefined, true, stop.signal);
    const view = live.view, orders = view?.orders.map((one) => [one.lever, one.value]);
    const stands = view && !answer.later && answer.turn === view.turn
      && signOf(view, full, value) === sign && beside(answer.beside, full) === beside(orders, full);
    if (stands) known.set(full, { sign, answer });
    else if (view) wait = AGAIN_MS; // an order is on its way to or from the room
  } catch (problem) {
    if (problem.status === 429 || problem.status === 0)
      wait = stop.signal.aborted ? 0 : AGAIN_MS;
    else known.set(full, { sign, fault: problem.message });
  }
  flying = null;
  if (wanted.get(full)?.sign === sign && (known.get(full)?.sign === sign || signNow(full, value) !== sign))
    wanted.delete(full);
  if (wanted.size) later(wait || 1);
  draw();
}
const signNow = (full, value) => (live.view ? signOf(live.view, full, value) : "");

// Where all that is drafted leads, if an answer for the very state of the desk is there.
export function whole(view) {
  const drafts = Object.keys(out.drafts);
  const set = drafts.length ? drafts : view.orders.map((one) => one.lever);
  if (drafts.length > 1) return null;
  for (const full of set) {
    const there = known.get(full), order = view.orders.find((one) => one.lever === full);
    if (there?.answer && there.sign === signOf(view, full, there.answer.value)
      && (drafts.length || there.answer.value === order.value)) return there.answer;
  }
  return null;
}
