// Where the lesson stands: the step of its plan that the room is in, and the minute of the hour.

import { ask, language } from "../room/base.js";
import { own, ui } from "./state.js";

const MINUTE = 60000;
const TALK = ["branch", "replay"]; // parts of the Reveal in which the class talks
const known = {}; // the plan by language

export const lesson = () => known[language];

// The plan is the server's, for facilitators alone: it holds what is yet to come.
export async function learnLesson() {
  const of = language;
  if (known[of] || !own) return;
  try {
    known[of] = await ask("GET", `/${own.code}/lesson?language=${of}`, own.token);
  } catch { /* asked again with the next word from the room */ }
}

// The step of the plan that fits the room, by its name in the plan.
function nameOf(view) {
  if (view.phase === "lobby") {
    if (lesson().kind === "table") return ui.brief ? "reading" : "welcome";
    return ui.brief ? "brief" : "join";
  }
  if (view.revealed && lesson().kind === "table") return "plenary";
  if (view.revealed) return TALK.includes(view.wall?.part) ? "debrief" : "reveal";
  if (view.phase === "ended") return lesson().kind === "table" ? "wash" : "reveal";
  return view.practice ? "practice" : `turn${view.turn}`;
}

// The plan may have fewer turns than the game: the last one is said again.
export function stepOf(view) {
  const { steps } = lesson(), name = nameOf(view);
  return steps.find((one) => one.id === name) ?? steps.filter((one) => one.id.startsWith("turn")).at(-1);
}

// The minute of the lesson, counted from where its first turn stands in the plan; null before it.
export function minuteOf(view, live) {
  if (!view.began) return null;
  const first = view.practice || "0" in view.closed ? "practice" : "turn1";
  const start = lesson().steps.find((one) => one.id === first)?.from ?? 0;
  return Math.max(0, Math.floor(start + (live.now() - view.began) / MINUTE));
}

// Minutes behind the plan; negative where there is time to spare, 0 within the step.
export function lateBy(view, minute) {
  const step = stepOf(view);
  return minute > step.to ? minute - step.to : minute < step.from ? minute - step.from : 0;
}
