// On the console, the left column: the wall, what to say, the clock, who is missing, and what comes next.

import { h, leftOf, minutes, phrase, seatName, t } from "../room/base.js";
import { at } from "../base/root.js";
import { act, button, may, surely } from "./acts.js";
import { closeSurely, missing, nextButton } from "./next.js";
import { draw, live, own, ui } from "./state.js";
import { lesson, stepOf } from "./steps.js";
import { thumb } from "./thumb.js";

const isOpen = (view) => ["report", "negotiate", "orders"].includes(view.phase);
const played = (view) => Math.max(0, ...Object.keys(view.closed).map(Number));
// The game was ended in an open turn: undo opens that one again, with what was saved in it.
const cutShort = (view) => view.phase === "ended" && (view.practice || view.undo_opens > played(view));
// A turn that the model cannot play can be taken back, or the game ended: while a turn is being
// played, nothing else can be undone.
const stuck = (view) => view.phase === "resolve" && view.undo_opens !== null;

function sayBox(view) {
  const step = stepOf(view), part = view.revealed && view.wall?.of > 0 && view.wall.part;
  const state = view.paused ? "paused" : view.revealed ? "revealed" : view.phase;
  return h("div", { class_: "say2", key: "say2", "data-part": "say", "data-step": step.id },
    h("p", { class_: "kick" }, t("now.say")), h("p", { class_: "words", "data-words": part || step.id },
      part ? t(`reveal.say_${part}`) : step.say),
    state !== "report" && !(view.revealed && step.id === "reveal")
      && h("p", { class_: "script soft", key: "script" }, t(`script.${state}`)),
    h("details", { key: "do" }, h("summary", null, t("now.do")), h("p", { class_: "soft" }, step.do)));
}

function clockRow(view) {
  if (!isOpen(view)) return view.phase === "ended" && h("div", { class_: "clockrow", key: "clock" },
    h("b", { class_: "none" }, t("now.no_clock")), view.revealed && h("a", { class_: "button", key: "review",
      id: "to-review", href: at(`/review#${own.code}.${own.token}`) }, t("ended.review")),
    view.wall?.back && h("button", { type: "button", id: "scene-back",
      disabled: ui.busy > 0 || !may(view, "scene"), onclick: () => act("scene", { to: "back" }) },
    t("now.back")));
  const left = leftOf(view, live);
  return h("div", { class_: "clockrow", key: "clock" },
    h("b", { class_: "clock", "data-clock": "", role: "timer", "aria-label": t("bar.left") },
      left === null ? t("now.open_end") : minutes(left)),
    view.paused ? button(view, "resume", "pause", () => act("resume"))
      : button(view, "pause", "pause", () => act("pause")),
    left !== null && button(view, "extend", "", () => act("extend", { seconds: 60 })));
}

// A seat that is missing, with the one act that helps it.
function absentee(view, one) {
  const saved = view.orders[one.seat].length, away = one.state === "away";
  const nudge = () => act("message", { to: one.seat, text: t("missing.nudge_text") });
  const helps = away ? ["to_ai", t("do.to_ai"), () => surely("to_ai", false, { seat: one.seat },
    { seat: seatName(one.seat), n: saved })] : !saved && ["message", t("missing.nudge"), nudge];
  return h("li", { key: one.seat }, h("b", null, seatName(one.seat)),
    h("span", null, away ? t("missing.away") : saved ? t("missing.saved", { n: saved })
      : t("missing.nothing")),
    helps && h("button", { type: "button", class_: "small", id: `help-${one.seat}`,
      disabled: ui.busy > 0 || !may(view, helps[0]), onclick: helps[2] }, helps[1],
    h("span", { class_: "sr" }, ` ${seatName(one.seat)}`)));
}

function missingList(view) {
  if (!isOpen(view)) return null;
  const seats = missing(view);
  return h("div", { class_: "miss", key: "miss", "data-part": "missing" },
    h("p", { class_: "kick" }, seats.length ? t("missing.title", { n: seats.length })
      : t("missing.none")), h("ul", null, seats.map((one) => absentee(view, one))));
}

// What is seldom needed, and cannot be done by mistake.
function moreActs(view) {
  return h("details", { key: "more", id: "more-acts", open: ui.more,
    ontoggle: (event) => { ui.more = event.target.open; } },
  h("summary", { "aria-label": t("now.more") }, "⋯"),
  h("div", { class_: "phasebar" },
    view.phase === "lobby" && button(view, "start", "", () => act("start")),
    isOpen(view) && button(view, "close_turn", "", () => closeSurely(view)),
    view.undo_opens !== null && button(view, "undo_turn", "danger",
      () => surely("undo_turn", true, {}, { turn: view.undo_opens, effect: cutShort(view) || stuck(view)
        ? "go_on" : "undo_turn" })),
    (isOpen(view) || stuck(view) || view.phase === "lobby") && button(view, "end", "danger",
      () => surely("end", false, {}, { turn: view.turn, turns: view.turns }))));
}

export function nowColumn(view) {
  return h("section", { class_: "col now", key: "now", "data-part": "now", "aria-label": t("now.title") },
    h("div", { class_: "upper", key: "upper" }, thumb(view), lesson() && sayBox(view)),
    h("div", { class_: "lower", key: "lower" }, stuck(view)
      && h("p", { class_: "error", role: "alert", id: "stuck", key: "stuck" },
      phrase(view.health.fault_say, view.health.fault)),
    clockRow(view), missingList(view), moreActs(view), nextButton(view)));
}

// Drawn anew when the minute of the lesson changes.
export const tick = () => setInterval(draw, 30000);
