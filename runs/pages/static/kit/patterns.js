// The fillings that double a colour: stripes for Beijing, dots for other papers, hatching for a loss.
// They stand once in the document; pictures name them as url(#pCN).

import { s } from "../base/elements.js";

const tile = (size, turn = 0) => (id, ...inside) => s("pattern", {
  id, width: size, height: size, patternUnits: "userSpaceOnUse",
  patternTransform: turn ? `rotate(${turn})` : undefined,
}, inside);
const full = (fill, more) => s("rect", { width: 6, height: 6, fill, ...more });

export const patterns = () => s("defs", null,
  tile(6, 45)("pCN", full("var(--china)"), s("rect", { width: 2, height: 6, fill: "var(--china-soft)" })),
  tile(6)("pST", full("var(--stock)"), full("var(--card)", { height: 1.5, opacity: 0.55 })),
  tile(6)("pGR", full("var(--china)", { opacity: 0.25 }),
    s("circle", { cx: 3, cy: 3, r: 1.7, fill: "var(--china)" })),
  tile(6, -45)("pLOSS", full("var(--loss)"), full("var(--card)", { width: 1.8, opacity: 0.38 })),
  tile(6)("pFE", full("var(--fear)"), full("var(--card)", { width: 1.6, opacity: 0.4 })));

export function layPatterns() {
  if (document.getElementById("pCN")) return;
  document.body.append(s("svg", { class_: "sr", width: 0, height: 0, "aria-hidden": "true" }, patterns()));
}
