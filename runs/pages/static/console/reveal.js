// On the console, at the Reveal: its steps, the one that is on the wall, and a way to each.

import { has, h, t } from "../room/base.js";
import { act, may } from "./acts.js";
import { ui } from "./state.js";

// A page of the wall in words: its scene, or its part of the Reveal and which of how many.
export function pageName(page) {
  if (!page) return "";
  const part = page.part && has(`wall.part_${page.part}`) ? t(`wall.part_${page.part}`)
    : t(`scene.${page.scene}`);
  return page.of > 1 ? t("reveal.part", { part, n: page.n, of: page.of }) : part;
}

export function revealSteps(view) {
  const parts = view.wall?.parts ?? [];
  if (!view.revealed || !parts.length) return null;
  const at = parts.findIndex((one) => one.part === view.wall.part);
  return h("section", { key: "reveal", "data-part": "reveal" }, h("h2", null, t("reveal.title")),
    h("p", { class_: "soft" }, t("reveal.note")),
    h("ol", { class_: "steps" }, parts.map((one, k) => h("li", { key: one.part,
      class_: k === at ? "cur" : k < at ? "done" : "", "aria-current": k === at ? "step" : undefined },
    h("span", { class_: "n", "aria-hidden": "true" }, k < at ? "✓" : String(k + 1)),
    h("b", null, k === at ? pageName(view.wall) : pageName({ ...one, scene: "reveal" })),
    k !== at && h("button", { type: "button", class_: "small", disabled: !may(view, "scene") || ui.busy > 0,
      onclick: () => act("scene", { to: one.part }) }, t("reveal.show"),
    h("span", { class_: "sr" }, ` ${pageName({ ...one, scene: "reveal" })}`))))));
}
