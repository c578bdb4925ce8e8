// Signs of the tabs at the foot of a phone.

import { s } from "../room/base.js";

const PATHS = {
  situation: "M5 4h16v18H5zM9 9h8M9 13h8M9 17h5",
  orders: "M4 8h10M18 8h4M4 18h4M12 18h10M16 5.5v5M10 15.5v5",
  deals: "M4 9h16l-4-4M22 17H6l4 4",
  messages: "M4 5h18v13H12l-5 4v-4H4z",
  world: "M13 4a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM4 13h18M13 4c4 5 4 13 0 18M13 4c-4 5-4 13 0 18",
  history: "M13 4a9 9 0 1 1-8.5 6M4 4v6h6M13 8v5l4 3",
};

export const tabIcon = (name) => s("svg", { viewBox: "0 0 26 26", fill: "none", stroke: "currentColor",
  "stroke-width": 2, "aria-hidden": "true" }, s("path", { d: PATHS[name] }));
