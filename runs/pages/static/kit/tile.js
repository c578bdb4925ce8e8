// A tile: label with place, figure, word, compared with, and the whole run as a spark with the week marked.

import { h, s } from "../base/elements.js";

export function drawSpark(values, at, colour, width = 84, height = 30) {
  const known = values.filter((v) => v !== null);
  if (!known.length) return null;
  const most = Math.max(...known), least = Math.min(...known, 0), n = Math.max(2, values.length);
  const x = (i) => (i / (n - 1)) * width, y = (v) => height - 2 - ((v - least) / (most - least || 1)) * (
    height - 4);
  const path = (part) => part.map((v, i) => (v === null ? ""
    : `${i && part[i - 1] !== null ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).join("");
  const here = values[Math.min(at, values.length - 1)];
  return s("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    s("path", { d: path(values), fill: "none", stroke: "var(--edge)", "stroke-width": 1.3 }),
    s("path", { d: path(values.slice(0, at + 1)), fill: "none", stroke: colour, "stroke-width": 2.2 }),
    here !== null && s("circle", { cx: x(Math.min(at, values.length - 1)), cy: y(here), r: 3.5,
      fill: colour }));
}

// {id, label, value, word, note, spark: {values, colour}, act}
export function drawTile(one, at) {
  const tag = one.act ? "button" : "div";
  return h(tag, { class_: "tile", key: one.id, "data-tile": one.id, type: one.act ? "button" : undefined,
    onclick: one.act },
    h("span", { class_: "l" }, one.label),
    h("span", { class_: "v" }, one.value, one.word && " ", one.word && h("small", null, one.word)),
    h("span", null, one.spark && drawSpark(one.spark.values, at, one.spark.colour)),
    h("span", { class_: "d" }, one.note || "\u00a0"));
}
