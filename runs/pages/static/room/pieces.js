// Pieces that several pages show.

import { h } from "../base/elements.js";
import { t } from "../base/words.js";
import { at } from "../base/root.js";

export const CONTROL = ["control", "facilitator"]; // who sets an order that is not the seat's own

export const phaseName = (view) =>
  view.paused ? t("phase.paused") : view.practice && view.phase !== "resolve"
    ? `${t("phase.practice")}, ${t(`phase.${view.phase}`)}` : t(`phase.${view.phase}`);

export function turnName(view) {
  if (view.phase === "lobby") return t("bar.lobby");
  if (view.practice) return t("bar.practice");
  return t(view.last_turn_drawn ? "bar.turn_open" : "bar.turn", { turn: view.turn, turns: view.turns });
}

export function band(word) {
  return h("span", { class_: `band ${word}` },
    { struggling: "▼ ", holding: "■ ", strong: "▲ " }[word] || "", t(`band.${word}`));
}

export const arrow = (change) => (change > 0.0005 ? "▲" : change < -0.0005 ? "▼" : "▬");

export function say(text, urgent) {
  const node = document.getElementById(urgent ? "say-now" : "say");
  if (node) {
    node.textContent = "";
    setTimeout(() => { node.textContent = text; }, 50);
  }
}

export const voices = () => [
  h("div", { id: "say", key: "say", class_: "sr", "aria-live": "polite", role: "status" }),
  h("div", { id: "say-now", key: "say-now", class_: "sr", "aria-live": "assertive", role: "alert" }),
];

export function notice(kind, title, text, ...more) {
  return h("section", { class_: `notice ${kind}`, role: "alert", key: `notice-${kind}` },
    h("h2", null, title), text && h("p", null, text), more);
}

// What a page says instead of itself, or null.
export function instead(live) {
  if (!live) return notice("alarm", t("error.link_title"), t("error.link"),
    h("a", { class_: "button", href: at("/join") }, t("join.title")));
  if (live.state === "moved") return notice("alarm", t(`error.${live.besides ? "besides" : "moved"}_title`),
    t(`error.${live.besides ? "besides" : "moved"}`),
    h("button", { class_: "primary", onclick: () => live.takeOver() },
      t(live.besides ? "error.besides_back" : "error.take_back")));
  if (live.state === "refused") return notice("alarm", t("error.refused_title"), t("error.refused"),
    h("p", { class_: "soft" }, live.error),
    h("a", { class_: "button", href: at("/join") }, t("join.title")));
  if (!live.view) return cutOff(live) || h("p", { class_: "wait", key: "wait", role: "status" },
    t(live.state === "offline" ? "net.offline_long" : "net.connecting"));
  return null;
}

// A line that has been gone for some seconds: what that means, and a button for the impatient.
export function cutOff(live) {
  return live.long && notice("cut", t("net.offline"), t("net.offline_long"),
    h("button", { type: "button", id: "try-now", onclick: () => live.tryNow() }, t("net.now")));
}
