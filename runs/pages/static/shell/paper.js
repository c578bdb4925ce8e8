// On paper: what a page shows, by which version, and when it was printed.

import { h } from "../base/elements.js";
import { dayOf } from "../kit/say.js";

const version = document.body.dataset.version ?? "";

// The day where the reader is.
function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export const onPaper = (...shows) => h("p", { class_: "printed", key: "printed" },
  [...shows, `Entrepot ${version}`.trim(), dayOf(today())].filter(Boolean)
    .join(" · "));
