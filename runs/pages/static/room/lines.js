// Lines over weeks, with their ends written at the axis.
import { h, num, s, t } from "./base.js";

// A line over weeks, with an optional second one for comparison and a level. Gauges, from 0 to 100,
// are drawn over at least so many `points`: a hundredth of a point would look like a crash.
export function drawLine(rows, width, height, words, type = 12, level = null, points = 0) {
  const all = rows.flatMap((one) => one.values.filter((v) => v !== null));
  if (!all.length) return h("p", { class_: "soft" }, t("world.nothing_yet"));
  let low = Math.min(...all, level ?? Infinity), high = Math.max(...all, level ?? -Infinity);
  if (points && high - low < points) {
    low = Math.max(0, Math.min(100 - points - 1, Math.floor((low + high - points) / 2)));
    high = low + points + 1;
  }
  const span = high - low || Math.abs(high) || 1;
  const digits = span < 0.02 ? 4 : span < 2 ? 2 : 0;
  const pad = Math.max(type * 4, type * (0.62 * Math.max(num(low, digits).length, num(high, digits).length)
      + 0.8));
  const n = Math.max(2, ...rows.map((one) => one.values.length));
  const x = (i) => pad + i / (n - 1) * (width - pad - 8);
  const y = (v) => 8 + (1 - (v - low) / span) * (height - type * 2.4);
  return s("svg", { class_: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words },
    [low, high].map((v) => [
      s("line", { x1: pad, x2: width - 8, y1: y(v), y2: y(v), class_: "grid" }),
      s("text", { x: pad - 5, y: y(v) + type * 0.35, "text-anchor": "end", "font-size": type,
          class_: "tick" }, num(v, digits)),
    ]),
    level !== null && s("line", { x1: pad, x2: width - 8, y1: y(level), y2: y(level), class_: "floor" }),
    rows.map((one, k) => s("polyline", {
      class_: `line l${k}`,
        points: one.values.map((v, i) => v === null ? "" : `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" "),
    })),
    rows.length > 1 && rows.map((one, k) => s("text", {
      x: pad + 6 + k * width * 0.35, y: height - 3, "font-size": type, class_: `name n${k}`,
    }, `${k ? "━" : "┅"} ${one.name}`)));
}
