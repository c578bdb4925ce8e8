// A part of a page that cannot be drawn: a sentence stands in its place, and the page goes on.

import { h } from "../base/elements.js";
import { t } from "../base/words.js";

export function safe(draw, ...given) {
  try {
    return draw(...given);
  } catch (problem) {
    console.error(problem);
    return h("p", { class_: "notice", role: "status", "data-show": "part-failed" }, t("trouble.part"));
  }
}
