// On the console, at the Reveal: its steps, the one that is on the wall, and a way to each.

import { has, h, num, t } from "../room/base.js";
import { act, may } from "./acts.js";
import { ui } from "./state.js";
import { lesson } from "./steps.js";
import { finding as branchFinding } from "../wall/branch.js";
import { finding as dealFinding } from "../wall/deals.js";
import { finding as forecastFinding } from "../wall/forecasts.js";
import { finding as scoreFinding } from "../wall/scores.js";

// A page of the wall in words: its scene, or its part of the Reveal and which of how many.
export function pageName(page) {
  if (!page) return "";
  const part = page.part && has(`wall.part_${page.part}`) ? t(`wall.part_${page.part}`)
    : t(`scene.${page.scene}`);
  return page.of > 1 ? t("reveal.part", { part, n: page.n, of: page.of }) : part;
}

// What a step of the wall will say, or has said, from the material that control has of it.
function saysOf({ part, show }) {
  if (part === "deals" && show.deal) return dealFinding(show.deal, show.turns);
  if (part === "forecasts" && show.rows?.length) return forecastFinding(show);
  if (part === "scores" && show.rows.length)
    return scoreFinding(show.counts, show.rows.every((one) => one.ai));
  if (part === "branch") return show.branch ? branchFinding(show.branch) : t("wall.branch_none");
  if (part === "replay" && show.weeks) return t("reveal.replay_says", { n: show.weeks });
  return "";
}

// The steps of a part in a line each: those that were opened, the one on the wall, those to come.
function lines(view, part) {
  const listed = (view.ahead ?? []).map((one, k) => ({ ...one, step: k + 1, says: saysOf(one) }))
    .filter((one) => one.part === part && one.says);
  const once = listed.filter((one, k) => one.says !== listed[k - 1]?.says);
  const sign = (one) => (one.step < view.wall.step ? "✓" : one.step === view.wall.step ? "▸" : "·");
  return once.length > 0 && h("ul", { class_: "findings" }, once.map((one) => h("li", { key: one.n,
    "data-step": one.step }, h("span", { "aria-hidden": "true" }, `${sign(one)} `), one.says)));
}

// What the plan of the lesson has for a part.
const minutesOf = (part) => lesson()?.parts?.[part] > 0 && h("span", { class_: "soft min" },
  t("reveal.minutes", { n: num(lesson().parts[part]) }));

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
    minutesOf(one.part),
    k !== at && h("button", { type: "button", class_: "small", disabled: !may(view, "scene") || ui.busy > 0,
      onclick: () => act("scene", { to: one.part }) }, t("reveal.show"),
    h("span", { class_: "sr" }, ` ${pageName({ ...one, scene: "reveal" })}`)), lines(view, one.part)))));
}
