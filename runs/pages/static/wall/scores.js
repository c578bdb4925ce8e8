// Reveal 3: seats of people against AI in the same seat, in the order of seats and never by points.

import { gaugeName, h, num, s, t } from "../room/base.js";
import { countIn, head, nameOf, stepStrip, top, whereIn } from "./frame.js";

const W = 830, TALL = 92, SIGNS = { strong: "▲", holding: "●", struggling: "▼" };
const COLOURS = { strong: "var(--gain)", holding: "var(--ink)", struggling: "var(--loss)" };
const x = (points) => (points / 100) * W;

function goal(one) {
  if (!one.goal) return t("wall.goal_even");
  return t("wall.goal_first", { goal: gaugeName(one.goal, one.kind, one.seat) });
}

const bar = (one, low, high) => s("svg", { width: W, height: TALL, viewBox: `0 0 ${W} ${TALL}`,
  "aria-hidden": "true" }, s("path", { d: `M0 46H${W}`, stroke: "var(--rule)", "stroke-width": 3 }),
s("rect", { x: x(low), y: 24, width: x(high) - x(low), height: 44, rx: 6, fill: "var(--edge)",
  opacity: 0.75 }),
s("circle", { cx: x(one.score), cy: 46, r: 22, fill: COLOURS[one.band], stroke: "var(--sea)",
  "stroke-width": 5 }));

// How many stand how to AI, in a sentence.
export function finding(counts, ai) {
  const parts = ["strong", "holding", "struggling"].filter((one) => counts[one] > 0)
    .map((one) => t(`wall.score_${one}${ai ? "" : "_alone"}`, { n: counts[one] }));
  const text = parts.join(t("wall.comma"));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function scores(view, live) {
  const { rows, counts, low, high } = view.show;
  if (!rows.length) return [top(view, live, whereIn(view)), head(t("wall.scores_none"), 1808, 300, 300),
    stepStrip(view)];
  const ai = rows.every((one) => one.ai);
  return [top(view, live, whereIn(view), countIn(view)), head(finding(counts, ai), 1808, 150, 104),
    h("div", { class_: "scores", key: "scores", role: "list" },
      rows.map((one) => h("div", { key: one.seat, role: "listitem", "data-seat": one.seat,
        "data-score": one.score, "data-band": one.band },
      h("p", null, h("b", null, nameOf(one.seat)), h("span", null, goal(one))), bar(one, low, high),
      h("b", { class_: "points" }, num(one.score, 0)),
      h("span", { class_: `verdict ${one.band}` },
        `${SIGNS[one.band]} ${t(`wall.${one.band}${ai ? "" : "_alone"}`)}`)))),
    h("p", { class_: "lab foot", key: "foot" }, t(ai ? "wall.scores_key" : "wall.scores_key_alone")),
    stepStrip(view)];
}
