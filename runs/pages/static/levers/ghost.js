// Ghosts: what a lever at a value would bring, asked while it is moved. An answer counts for the very
// values that it was asked for; until it has come there is none, and "…" stands in its place.

import { PLAYED_MS, ask } from "../room/base.js";
import { draw, live, mayEdit, out, own, ui } from "../seat/state.js";

const REST_MS = 120; // a drag asks when the hand has been still for so long
const READS_MS = 10000; // who has opened a turn reads first: nothing is worked out ahead before
const AGAIN_MS = 1000; // where the room has no answer yet
const WELL_MS = 5000; // where its model has died, which is started again
const known = new Map(); // by lever: {sign, answer} or {sign, fault}
// The newest question, {full, sign, value, ahead}, and the one asked; ahead: nobody has moved the lever yet.
let wanted = null, flying = null, timer = 0;

// What a ghost stands on: turn, results and all saved orders but the lever's own.
const beside = (orders, full) => JSON.stringify(orders.filter(([lever]) => lever !== full).sort());
const saved = (view) => view.orders.map((one) => [one.lever, one.value]);
const turnOf = (view) => `${view.turn}|${view.history.length}|${view.undone.length}`;
const signOf = (view, full, value) => `${turnOf(view)}|${full}|${value}|${beside(saved(view), full)}`;

// The lever that was moved last: of the others only what is known already is told, so that a seat with many
// orders does not ask for all of them again after each.
const asked = (view) => ui.moved || view.orders.at(-1)?.lever;

// The ghost of a lever at a value: {answer}, {fault}, null while it is being worked out, or {none}.
export function ghost(view, full, value, asks = asked(view) === full, ahead = false) {
  const sign = signOf(view, full, value), there = known.get(full);
  if (there?.sign === sign) return there;
  if (!asks || !mayEdit(view) || !view.gauges.length) return { none: true };
  if (wanted?.sign !== sign || (wanted.ahead && !ahead)) {
    wanted = { full, sign, value, ahead };
    flying?.stop.abort();
    later(ahead ? READS_MS : REST_MS);
  }
  return null;
}

// Once a turn the room is asked for what moves nothing, so that it has the seat's quarter at hand when the
// first lever is moved.
let warmed = "";
export function warm(view, full, value) {
  if (warmed === turnOf(view) || !mayEdit(view)) return;
  warmed = turnOf(view);
  if (!wanted) ghost(view, full, value, true, true);
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(pump, ms);
}

async function pump() {
  if (flying || !wanted) return;
  const { full, sign, value, ahead } = wanted, stop = new AbortController();
  flying = { stop };
  let wait = 1;
  try {
    const query = `lever=${encodeURIComponent(full)}&value=${value}${ahead ? "&ahead=1" : ""}`;
    const answer = await ask("GET", `/${own.code}/ghost?${query}`, own.token, undefined, true, stop.signal,
      PLAYED_MS);
    const view = live.view, stands = view && !answer.later && answer.turn === view.turn
      && signOf(view, full, value) === sign && beside(answer.beside, full) === beside(saved(view), full);
    if (stands) known.set(full, { sign, answer });
    else wait = AGAIN_MS; // a turn is being played, or an order is on its way to or from the room
  } catch (problem) {
    if (problem.status >= 500) wait = WELL_MS;
    else if (problem.status === 429 || problem.status === 0) wait = stop.signal.aborted ? 1 : AGAIN_MS;
    else known.set(full, { sign, fault: problem.message });
  }
  flying = null;
  const there = known.get(full)?.sign === sign;
  if (wanted.sign === sign && (there || !live.view || signOf(live.view, full, value) !== sign)) wanted = null;
  if (wanted) later(wait);
  draw();
}

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
