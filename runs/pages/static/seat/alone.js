// One person plays against AI seats: the link holds the seat's token and the facilitator's, so the
// same page also takes a turn back, ends the game and opens the review.
import { ask, h, linkOf, newId, num, say, t } from "../room/base.js";
import { at } from "../base/root.js";

// The state of the solo controls, or null where somebody else runs the game.
export function alone(own, draw) {
  return own?.control ? { own, draw, asking: "", busy: false, error: "" } : null;
}

async function act(solo, action, fields = {}) {
  const body = { id: newId(), action, ...fields };
  Object.assign(solo, { busy: true, error: "", asking: "" });
  solo.draw();
  try {
    await ask("POST", `/${solo.own.code}/control`, solo.own.control, body);
    return true;
  } catch (problem) {
    solo.error = problem.message;
    say(problem.message, true);
    return false;
  } finally {
    solo.busy = false;
    solo.draw();
  }
}

const link = (solo) => `${location.origin}/seat#${linkOf(solo.own)}`;

// A button that asks first, in place, and says what will happen.
function surely(solo, action, effect, class_, go) {
  const ask_ = () => { solo.asking = action; solo.draw(); document.getElementById(`sure-${action}`)?.focus();
    };
  if (solo.asking !== action)
    return h("button", { type: "button", id: `solo-${action}`, key: `b-${action}`, class_,
        disabled: solo.busy, onclick: ask_ }, t(`solo.${action}`));
  return h("div", { class_: "notice", key: `q-${action}`, role: "alert" }, h("p", null, effect),
    h("div", { class_: "row" },
    h("button", { type: "button", id: `sure-${action}`, class_: "primary", disabled: solo.busy, onclick: go },
      t(`solo.${action}`)),
    h("button", { type: "button", onclick: () => { solo.asking = ""; solo.draw(); } }, t("page.cancel"))));
}

function undo(solo, view) {
  const turn = view.undo_opens;
  const effect = (view.phase === "ended" || view.phase === "resolve") && turn > view.history.length
    ? "solo.go_on_effect" : "solo.undo_effect";
  return turn !== null && surely(solo, "undo", t(effect, { turn }), "danger",
    () => act(solo, "undo_turn", { why: t("solo.undo_why") }));
}
const fault = (solo) => h("p", { class_: "error", role: "alert", hidden: !solo.error, lang: "en" },
  solo.error);

export function aloneCard(solo, view) {
  const stuck = view.phase === "resolve" && view.undo_opens !== null; // a turn that cannot be played
  const open = stuck || !["ended", "resolve", "lobby"].includes(view.phase);
  return h("section", { class_: "card stack", key: "alone" }, h("h2", null, t("solo.title")),
    h("p", { class_: "soft" }, t("solo.note")),
    view.phase === "lobby" && h("button", { type: "button", id: "solo-start", class_: "go",
        disabled: solo.busy, onclick: () => act(solo, "start") }, t("solo.start")),
    h("div", { class_: "row" }, view.phase !== "ended" && undo(solo, view),
      open && surely(solo, "end", t("solo.end_effect", { turn: num(view.turn) }), "",
        () => act(solo, "end"))),
    fault(solo),
    h("p", null, h("a", { class_: "button", href: at("/start?for=saved") }, t("solo.saved"))),
    h("details", { key: "link" }, h("summary", null, t("solo.link")),
      h("p", { class_: "soft" }, t("solo.link_note")),
        h("p", null, h("a", { href: link(solo) }, link(solo)))));
}

// At the end nobody else is to be waited for: the review opens when the player asks for it.
export function aloneEnd(solo, view) {
  const review = at(`/review#${solo.own.code}.${solo.own.token}`);
  const open = async () => { if (view.revealed || await act(solo, "reveal")) location.assign(review); };
  return h("div", { class_: "stack", key: "solo-end" }, h("p", null, t("solo.over")),
    h("div", { class_: "row" },
      h("button", { type: "button", id: "solo-review", class_: "primary", disabled: solo.busy,
          onclick: open }, t("ended.review")), undo(solo, view)),
    fault(solo));
}
