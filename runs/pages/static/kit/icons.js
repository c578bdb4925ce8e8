// Icons of headline items, one a kind.

import { s } from "../base/elements.js";

const PATHS = {
  ladder: ["M8 4v18M18 4v18M8 9h10M8 14h10M8 19h10"], caught: ["M5 11a6 6 0 1 0 12 0a6 6 0 1 0 -12 0",
    "M15.5 15.5L22 22"],
  stop: ["M4 22V12l6 4v-4l6 4V6h6v16z"], plant: ["M4 22h18M7 22V10l6-5 6 5v12M11 22v-6h4v6"],
  reserve: ["M5 7a8 3 0 1 0 16 0a8 3 0 1 0 -16 0", "M5 7v12c0 1.7 3.6 3 8 3s8-1.3 8-3V7"],
  floor: ["M4 19h18M7 15l4-6 4 3 5-7"], fear: ["M13 4l9 4v6c0 5-4 8-9 9-5-1-9-4-9-9V8z"],
  fold: ["M6 9l7 7 7-7"], talk: ["M4 5h18v13H12l-5 4v-4H4z"],
  club: ["M4.5 10a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0", "M14.5 10a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0",
    "M2.5 21c.5-4 2.5-6 5.5-6s5 2 5.5 6M13 21c.5-4 2.5-6 5.5-6s4.5 2 5 6"],
};

export const icon = (name) => s("svg", { class_: "ic", viewBox: "0 0 26 26", "aria-hidden": "true" },
  (PATHS[name] ?? PATHS.talk).map((d) => s("path", { d })));
