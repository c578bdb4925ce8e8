// A gauge: the goal's name, its figure, a bar of 0 to 100, the AI's median and where a draft leads.

import { h, s } from "../base/elements.js";
import { num } from "../base/numbers.js";

// {name, value, draft, ai, words: {draft, ai}}: figures of 0 to 100
export function drawGauge(one) {
  const w = 138, x = (v) => (Math.max(0, Math.min(100, v)) / 100) * w,
    moved = (one.draft ?? one.value) - one.value;
  const shown = Math.abs(moved) >= 0.05;
  const said = [one.name, num(one.value, 1), shown && `${one.words.draft} ${num(one.draft, 1)}`,
    one.ai !== undefined && `${one.words.ai} ${num(one.ai, 0)}`].filter(Boolean).join(", ");
  return h("div", { class_: "gauge", key: one.name }, h("div", { class_: "l" }, one.name),
    h("div", { class_: "v" }, num(one.value, 1), shown && " ", shown
      && h("small", { class_: moved > 0 ? "good" : "bad" },
      `${moved > 0 ? "▲" : "▼"} ${num(Math.abs(moved), 1)}`)),
    s("svg", { viewBox: `0 0 ${w} 30`, role: "img", "aria-label": said },
      s("pattern", { id: "pGhost", width: 4, height: 4, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)" },
        s("rect", { width: 2, height: 4, fill: "var(--ink)" })),
      s("rect", { x: 0.5, y: 12, width: w - 1, height: 11, rx: 3, fill: "var(--sunk)",
        stroke: "var(--edge)" }),
      s("rect", { x: 0.5, y: 12, width: x(one.value), height: 11, rx: 3, fill: "var(--ink)" }),
      shown && s("rect", { x: x(Math.min(one.value, one.draft)), y: 9,
        width: Math.max(5, x(Math.abs(moved))), height: 17,
        fill: "url(#pGhost)", stroke: "var(--ink)" }),
      one.ai !== undefined && s("path", { d: `M${x(one.ai) - 5} 1h10l-5 8z`, fill: "var(--card)",
        stroke: "var(--ink)", "stroke-width": 1.4 })));
}
