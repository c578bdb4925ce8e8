// The strip below the reveal: its five parts, and where the class is.

import { h, t } from "../room/base.js";

export const PARTS = ["deals", "forecasts", "scores", "branch", "replay"];
const number = (part) => PARTS.indexOf(part);

export const stepStrip = (view) => h("ol", { class_: "steps", key: "steps" }, PARTS.map((part, i) => {
  const now = i === number(view.wall.part), done = i < number(view.wall.part);
  return h("li", { key: part, class_: now ? "now" : done ? "done" : "", "aria-current": now ? "step"
    : undefined }, `${done ? "✓ " : ""}${t(`wall.part_${part}`)}`);
}));

export const whereIn = (view) => t("wall.reveal", { n: number(view.wall.part) + 1, of: PARTS.length,
  part: t(`wall.part_${view.wall.part}`) });

export const countIn = (view) => view.wall.of > 1 && h("span", { class_: "week", key: "count" },
  t("wall.n_of", { n: view.wall.n, of: view.wall.of }));
