// On the console: the one button that does the next right thing, and the arrow key that presses it.

import { h, seatName, t } from "../room/base.js";
import { at } from "../base/root.js";
import { act, may, surely } from "./acts.js";
import { pageName } from "./reveal.js";
import { draw, live, own, ui } from "./state.js";

// What the wall shows, as {scene, part, n, of, next, back}; a room may have no scenes.
const scene = (view) => view.wall?.scene ?? "";
export const missing = (view) => view.seats.filter((one) => one.played_by === "person"
  && one.state !== "submitted");

const absent = (view) => missing(view).map((one) => seatName(one.seat)).join(", ");
export const closeSurely = (view) => surely("close_turn", false, { turn: view.turn },
  { turn: view.turn, seats: absent(view) || "–" });

function inTurn(view) {
  const turn = view.turn, phase = view.phase;
  if (view.paused) {
    const whole = view.left !== null && view.left >= 1000 * (view.turn_seconds ?? Infinity);
    return { key: whole ? "open" : "resume", action: "resume", run: () => act("resume") };
  }
  if (scene(view) === "result")
    return { key: "situation", action: "scene", run: () => act("scene", { to: "situation" }) };
  if (phase === "report" || phase === "negotiate") {
    const to = phase === "report" ? "negotiate" : "orders";
    return { key: to, action: "phase", run: () => act("phase", { to, turn }) };
  }
  return { key: view.practice ? "play_practice" : "play", action: "close_turn",
    run: () => act("close_turn", { turn }), ask: () => closeSurely(view) };
}

// What comes next: {key, action, run, ask}, the key of its words, and how an arrow key does what a
// stray one must not do; null while a turn is played.
function nextStep(view) {
  if (view.phase === "resolve") return null;
  if (view.phase === "lobby") {
    if (!ui.brief) return { key: "brief", run: () => { ui.brief = true; draw(); } };
    return { key: "practice", action: "start", run: () => act("start", { practice: true }) };
  }
  if (view.phase !== "ended") return inTurn(view);
  if (!view.revealed) return { key: "reveal", action: "reveal", run: () => surely("reveal", false) };
  if (view.wall?.next) return { key: "scene", action: "scene", run: () => act("scene", { to: "next" }) };
  return { key: "review", href: at(`/review#${own.code}.${own.token}`) };
}

function note(view, step) {
  if (step.key !== "play" && step.key !== "play_practice") return t("next.key");
  const seats = absent(view);
  return seats ? t("next.without", { seats }) : t("next.all_in");
}

export function nextButton(view) {
  const step = nextStep(view);
  const text = (one) => [t(`next.${one}`, { turn: view.turn, part: pageName(view.wall?.next) }), " ",
    h("span", { "aria-hidden": "true" }, "→")];
  if (!step) return h("p", { class_: "next waits", id: "next", role: "status", key: "next" },
    t("script.resolve"));
  return h("div", { class_: "next", key: "next" }, step.href
    ? h("a", { class_: "button go", id: "next", "data-next": step.key, href: step.href }, text(step.key))
    : h("button", { type: "button", class_: "go", id: "next", "data-next": step.key, key: "next-button",
      disabled: ui.busy > 0 || Boolean(step.action && view.actions[step.action] && !may(view, step.action)),
      onclick: step.run }, text(step.key)),
  h("p", { class_: "soft" }, note(view, step)));
}

const BUSY = "input, select, textarea, summary, dialog, [role=slider], .desk-sheet, .scroll, [role=dialog]";

// What the right arrow does: it presses Next, but a turn it closes only when that is confirmed.
function pressNext() {
  const button = document.getElementById("next"), step = live.view && nextStep(live.view);
  if (!button || button.disabled) return;
  if (step?.ask) step.ask();
  else button.click();
}

function goBack({ wall, revealed }) {
  if (revealed && wall?.back && may(live.view, "scene") && !ui.busy) act("scene", { to: "back" });
}

// The arrows press Next and, at the Reveal, go back a scene; N leads to the notes.
export function listenForKeys() {
  window.addEventListener("keydown", (event) => {
    const off = event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (off || event.target.closest?.(BUSY) || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowRight") pressNext();
    else if (event.key === "ArrowLeft" && live.view) goBack(live.view);
    else if (event.key.toLowerCase() === "n") document.getElementById("note-text")?.focus();
    else return;
    event.preventDefault();
  });
}
