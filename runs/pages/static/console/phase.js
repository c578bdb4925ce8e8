// On the console: the turn, what to say now, and what moves it on.

import { h, leftOf, minutes, phaseName, phrase, seatName, t, turnName } from "../room/base.js";
import { at } from "../base/root.js";
import { act, button, may, surely } from "./acts.js";
import { live, own, ui } from "./state.js";

// The game was ended in an open turn: undo opens that one again, with what was saved in it.
const cutShort = (view) => view.phase === "ended" && (view.practice || view.undo_opens > played(view));
// A turn that the model cannot play can be taken back, or the game ended: while a turn is being
// played, nothing else can be undone.
const stuck = (view) => view.phase === "resolve" && view.undo_opens !== null;
const played = (view) => Math.max(0, ...Object.keys(view.closed).map(Number));

export function phaseBar(view) {
  const open = ["report", "negotiate", "orders"].includes(view.phase);
  const drafting = view.seats.filter((one) => one.played_by === "person"
    && one.state !== "submitted").map((one) => seatName(one.seat)).join(", ");
  return h("section", { class_: "card w12", key: "phase" },
    h("h2", null, `${turnName(view)} · ${phaseName(view)} `,
      h("span", { class_: "clock", "data-clock": "", role: "timer" }, leftOf(view, live) === null ? ""
        : minutes(leftOf(view, live)))),
    h("p", { class_: "script" },
      t(`script.${view.paused ? "paused" : view.revealed ? "revealed" : view.phase}`)),
    stuck(view) && h("p", { class_: "error", role: "alert", id: "stuck" },
      phrase(view.health.fault_say, view.health.fault)),
    h("div", { class_: "phasebar" },
      view.phase === "lobby" && [button(view, "start", "go", () => act("start")),
        h("button", { type: "button", id: "do-practice", key: "practice", disabled: !may(view, "start")
            || ui.busy > 0, onclick: () => act("start", { practice: true }) }, t("do.practice"))],
      open && [view.paused ? button(view, "resume", "go pause", () => act("resume")) : button(view, "pause",
          "primary pause", () => act("pause")),
        button(view, "extend", "", () => act("extend", { seconds: 60 })),
        button(view, "close_turn", "", () => surely("close_turn", false, { turn: view.turn },
            { turn: view.turn, seats: drafting || "–" }))],
      view.undo_opens !== null && button(view, "undo_turn", "danger",
        () => surely("undo_turn", true, {}, { turn: view.undo_opens, effect: cutShort(view) || stuck(view)
            ? "go_on" : "undo_turn" })),
      (open || stuck(view) || view.phase === "lobby") && button(view, "end", "danger",
        () => surely("end", false, {}, { turn: view.turn, turns: view.turns })),
      view.phase === "ended" && !view.revealed && button(view, "reveal", "go", () => surely("reveal", false)),
      view.revealed && h("a", { class_: "button primary", href: at(`/review#${own.code}.${own.token}`) },
        t("ended.review"))));
}
