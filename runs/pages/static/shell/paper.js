// On paper: what a page shows, by which version, and when it was printed.

import { h } from "../base/elements.js";
import { dayOf } from "../kit/say.js";

const version = document.body.dataset.version ?? "";

export const onPaper = (...shows) => h("p", { class_: "printed", key: "printed" },
  [...shows, `Entrepot ${version}`.trim(), dayOf(new Date().toISOString().slice(0, 10))].filter(Boolean)
    .join(" · "));
