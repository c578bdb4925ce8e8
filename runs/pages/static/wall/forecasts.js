// Reveal 2: what was expected and what came. One row a turn: dots from "surely not" to "surely", equal ones
// as a heap with their number, and the outcome as a mark beyond its end.

import { h, num, s, scene, seatName, goodName, t } from "../room/base.js";
import { countIn, head, nameOf, stepStrip, top, whereIn } from "./frame.js";

const MOST = 8, W = 1808, LEFT = 260, RIGHT = 470, R = 15;
const PILL = 46, LOW = 34, BEYOND = 48; // of a heap: wide, low; of the outcome's mark: beyond the axis

// Answers by twentieths, as many as a heap has room for beside its neighbours.
function heaped(ps) {
  const heaps = new Map();
  for (const p of ps) {
    const at = Math.round(p * 20) / 20;
    heaps.set(at, (heaps.get(at) ?? 0) + 1);
  }
  return heaps;
}

// A single answer is a dot; several are a pill that holds their number, the taller the more they are.
function heap(n, x, y, tall, most) {
  if (n === 1) return s("circle", { cx: x, cy: y, r: R, fill: "var(--ink2)" });
  const high = LOW + (tall - 20 - LOW) * (n - 2) / Math.max(1, most - 2), foot = y + R + 1;
  return [s("rect", { x: x - PILL / 2, y: foot - high, width: PILL, height: high, rx: 12,
    fill: "var(--ink2)" }), s("text", { x, y: foot - high / 2 + 10, "font-size": 29, "font-weight": 700,
    "text-anchor": "middle", fill: "var(--page)" }, num(n))];
}

function row(one, i, { tall, x, most }) {
  const y = i * tall + tall - 24, came = one.came, colour = came ? "var(--gain)" : "var(--loss)";
  const end = came ? x(1) + BEYOND : x(0) - BEYOND;
  return s("g", { key: one.turn, "data-turn": one.turn, "data-came": String(came) },
    s("text", { x: 0, y: y + 4, "font-size": 34, "font-weight": 700, fill: "var(--ink)" },
      t("wall.turn", { n: one.turn })),
    s("path", { d: `M${x(0) - BEYOND} ${y + 20}H${x(1) + BEYOND}`, stroke: "var(--edge)",
      "stroke-width": 3 }),
    s("path", { d: `M${end} ${y - tall * 0.45}V${y + 20}`, stroke: colour, "stroke-width": 7 }),
    s("path", { d: `M${end - 16} ${y - tall * 0.45 - 12}h32l-16 24z`, fill: colour }),
    [...heaped(one.p)].map(([p, n]) => s("g", { key: p, "data-p": p, "data-n": n },
      heap(n, x(p), y, tall, most))),
    s("text", { x: W - RIGHT + 2 * BEYOND, y: y + 4, "font-size": 32, "font-weight": 700, fill: colour },
      `${came ? "▲" : "▼"} ${t(came ? "wall.it_came" : "wall.it_did_not")}`));
}

// How many leaned the right way, in a sentence.
export function finding({ right, answers }) {
  const share = right / answers;
  const way = share >= 0.75 ? "most" : share > 0.5 ? "more" : share >= 0.25 ? "half" : "few";
  return t(`wall.forecast_${way}`, { n: right, of: answers });
}

export function forecasts(view, live) {
  const { question, rows = [], closest } = view.show, world = view.public;
  if (!question || !rows.length) return [top(view, live, whereIn(view)), head(t("wall.forecasts_none"), 1808,
    300, 300), stepStrip(view)];
  const ask = t(`question.${question}`, { good: goodName(world.material ?? ""), zone: seatName(world.zone),
    target: seatName(world.target ?? scene.target) });
  const shown = rows.slice(-MOST), tall = Math.min(112, 520 / shown.length);
  const x = (p) => LEFT + p * (W - LEFT - RIGHT), h_ = shown.length * tall + 56;
  const most = Math.max(...shown.flatMap((one) => [...heaped(one.p).values()]));
  return [top(view, live, whereIn(view), countIn(view)),
    head(finding(view.show), 1808, 150, 104),
    h("p", { class_: "ask", key: "ask" }, ask),
    h("div", { class_: "plotbox", key: "plot" }, s("svg", { viewBox: `0 0 ${W} ${h_}`, width: W, height: h_,
      role: "img", "aria-label": ask, "data-question": question },
    shown.map((one, i) => row(one, i, { tall, x, most })),
    [[0, "surely_not", "start"], [0.5, "even", "middle"], [1, "surely", "end"]].map(([p, name, anchor]) =>
      s("text", { x: x(p), y: h_ - 8, "font-size": 28, "text-anchor": anchor, fill: "var(--ink2)" },
        t(`wall.${name}`))))),
    h("p", { class_: "lab foot", key: "foot" }, t("wall.dot"), closest && [" ", h("b", { id: "closest",
      "data-seat": closest }, t("wall.closest", { seat: nameOf(closest) }))]),
    stepStrip(view)];
}
