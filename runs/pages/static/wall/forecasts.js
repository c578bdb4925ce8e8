// Reveal 2: what was expected and what came. One row a turn: dots from "surely not" to "surely", and the
// outcome as a mark at its end.

import { h, s, scene, seatName, goodName, t } from "../room/base.js";
import { countIn, head, nameOf, stepStrip, top, whereIn } from "./frame.js";

const MOST = 8, W = 1808, LEFT = 260, RIGHT = 470, R = 15;

function dots(ps, x, y, tall) {
  const heap = {};
  return ps.map((p) => {
    const at = Math.round(p * 20) / 20, n = (heap[at] = (heap[at] ?? 0) + 1);
    const step = Math.min(2 * R + 2, (tall - 2 * R - 6) / Math.max(1, ps.length - 1));
    return s("circle", { cx: x(at), cy: y - (n - 1) * step, r: R, fill: "var(--ink2)", stroke: "var(--sea)",
      "stroke-width": 2, "data-p": p });
  });
}

function row(one, i, tall, x) {
  const y = i * tall + tall - 24, came = one.came, colour = came ? "var(--gain)" : "var(--loss)";
  const end = x(came ? 1 : 0);
  return s("g", { key: one.turn, "data-turn": one.turn, "data-came": String(came) },
    s("text", { x: 0, y: y + 4, "font-size": 34, "font-weight": 700, fill: "var(--ink)" },
      t("wall.turn", { n: one.turn })),
    s("path", { d: `M${x(0)} ${y + 20}H${x(1)}`, stroke: "var(--edge)", "stroke-width": 3 }),
    s("path", { d: `M${end} ${y - tall * 0.55}V${y + 20}`, stroke: colour, "stroke-width": 7 }),
    s("path", { d: `M${end - 16} ${y - tall * 0.55 - 12}h32l-16 24z`, fill: colour }),
    dots(one.p, x, y, tall),
    s("text", { x: W - RIGHT + 70, y: y + 4, "font-size": 32, "font-weight": 700, fill: colour },
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
  return [top(view, live, whereIn(view), countIn(view)),
    head(finding(view.show), 1808, 150, 104),
    h("p", { class_: "ask", key: "ask" }, ask),
    h("div", { class_: "plotbox", key: "plot" }, s("svg", { viewBox: `0 0 ${W} ${h_}`, width: W, height: h_,
      role: "img", "aria-label": ask, "data-question": question },
    shown.map((one, i) => row(one, i, tall, x)),
    [[0, "surely_not", "start"], [0.5, "even", "middle"], [1, "surely", "end"]].map(([p, name, anchor]) =>
      s("text", { x: x(p), y: h_ - 8, "font-size": 28, "text-anchor": anchor, fill: "var(--ink2)" },
        t(`wall.${name}`))))),
    h("p", { class_: "lab foot", key: "foot" }, t("wall.dot"), closest && [" ", h("b", { id: "closest",
      "data-seat": closest }, t("wall.closest", { seat: nameOf(closest) }))]),
    stepStrip(view)];
}
