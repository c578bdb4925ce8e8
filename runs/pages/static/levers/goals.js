// The goals of a seat as gauges: where it stands, what AI usually has here, and as a ghost where all that
// is drafted leads by the end of the quarter.

import { gaugeName, h, num, s, t } from "../room/base.js";
import { num1 } from "../kit/say.js";
import { whole } from "./ghost.js";

const WIDTH = 138, BAR = [12, 11]; // top and height
const SEEN = 0.05; // points

const x = (points) => (Math.max(0, Math.min(100, points)) / 100) * WIDTH;
const part = (traits) => s("rect", { y: BAR[0], height: BAR[1], rx: 3, ...traits });

function picture(one, ghost) {
  const now = 100 * one.value, to = ghost ? now + 100 * ghost.middle : now;
  const ends = ghost ? [now + 100 * ghost.low, now + 100 * ghost.high, now, to] : [now];
  const wide = ghost && 100 * (ghost.high - ghost.low) > 1;
  const [low, high] = wide ? [Math.min(...ends), Math.max(...ends)] : [Math.min(now, to), Math.max(now, to)];
  return s("svg", { viewBox: `0 0 ${WIDTH} 30`, "aria-hidden": "true", class_: "goal-bar" },
    s("defs", null, s("pattern", { id: "ghost-lines", width: 4, height: 4, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" }, s("rect", { width: 2, height: 4, fill: "var(--ink)" }))),
    part({ x: 0.5, width: WIDTH - 1, fill: "var(--sunk)", stroke: "var(--edge)" }),
    part({ x: 0.5, width: Math.max(0.1, x(now)), fill: "var(--ink)" }),
    ghost && Math.abs(ghost.middle) * 100 >= SEEN && s("rect", { x: Math.min(x(low), WIDTH - 5),
      y: 9, width: Math.max(5, x(high) - x(low)), height: 17, fill: "url(#ghost-lines)",
      stroke: "var(--ink)", "data-ghost": one.id }),
    one.runs > 0 && s("path", { d: `M${x(100 * one.ai) - 5} 1h10l-5 8z`, fill: "var(--card)",
      stroke: "var(--ink)", "stroke-width": 1.4 }));
}

function goal(view, one, ghost) {
  const change = ghost ? 100 * ghost.middle : 0, seen = Math.abs(change) >= SEEN;
  return h("div", { class_: "goal", key: one.id, "data-goal": one.id },
    h("span", { class_: "l" }, gaugeName(one.id, view.kind, view.seat)),
    h("span", { class_: "v" }, num1(100 * one.value), seen && h("small",
      { class_: change > 0 ? "good" : "bad" }, ` ${change > 0 ? "▲" : "▼"} ${num1(Math.abs(change))}`)),
    picture(one, ghost));
}

export function goals(view) {
  const answer = whole(view), runs = view.gauges[0]?.runs;
  return h("section", { class_: "goals", key: "goals", "aria-label": t("goals.title") },
    h("div", { class_: "row3" }, view.gauges.map((one) => goal(view, one, answer?.draft[one.id]))),
    h("p", { class_: "soft" }, runs > 0 && `▽ ${t("goals.ai", { runs: num(runs) })} `,
      answer && t("goals.draft", { n: num(answer.lucks) })));
}
