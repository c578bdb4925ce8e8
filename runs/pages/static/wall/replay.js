// Reveal 5: the whole game in a minute, with what travelled in truth.

import { goodName, h, s, scene, seatName, t } from "../room/base.js";
import { dateOf, dayOf, times } from "../kit/say.js";
import { head, spoken, stepStrip, top, whereIn } from "./frame.js";
import { ground, lanesAt, widestOf } from "./ground.js";
import { weekOf } from "./motion.js";

const SECONDS = 60, W = 1808, H = 128, QUARTER = 13;

// The price of the game's market so far; the weeks to come are only their place.
function curve(price, at, label) {
  const known = price.map((one) => one ?? 1), most = Math.max(1.5, ...known);
  const x = (i) => (i / Math.max(1, price.length - 1)) * (W - 160), y = (v) => H - 34 - (v / most) * (H - 70);
  const line = known.slice(0, at + 1)
    .map((one, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(one).toFixed(1)}`);
  return s("svg", { viewBox: `0 0 ${W} ${H}`, width: W, height: H, role: "img", "aria-label": label },
    s("path", { d: `M0 ${H - 34}H${W - 160}`, stroke: "var(--edge)", "stroke-width": 3 }),
    price.map((one, i) => i % QUARTER === 0 && s("g", { key: i }, s("path", { d: `M${x(i)} ${H - 34}v-10`,
      stroke: "var(--edge)", "stroke-width": 3 }), i / QUARTER < 12 && s("text", { x: x(i), y: H - 2,
      "font-size": 28, fill: "var(--ink2)" }, i / QUARTER + 1))),
    s("path", { d: line.join(""), fill: "none", stroke: "var(--loss)", "stroke-width": 6,
      "stroke-linejoin": "round" }),
    s("circle", { cx: x(at), cy: y(known[at] ?? 1), r: 11, fill: "var(--loss)" }),
    s("text", { x: x(at) + 22, y: y(known[at] ?? 1) + 12, "font-size": 36, "font-weight": 700,
      fill: "var(--ink)", "paint-order": "stroke", stroke: "var(--sea)", "stroke-width": 6 },
    times(known[at] ?? 1)));
}

export function replay(view, live, again) {
  const { lanes, weeks, start, price, say } = view.show, world = view.public;
  const key = `replay ${view.room} ${weeks} ${view.undone.length}`;
  const week = weekOf(key, Math.max(1, weeks), SECONDS, again);
  const at = Math.min(week, Math.max(0, weeks - 1)), over = week >= weeks;
  const told = spoken(say[Math.floor(at / QUARTER)]);
  const label = t("wall.price_of", { good: goodName(world.material ?? ""), zone: seatName(world.zone) });
  return [h("div", { class_: "ground", key: "ground" }, ground(world, "wide", { flows: lanesAt(lanes, at),
    most: widestOf(lanes), id: "replay" })),
  top(view, live, whereIn(view), h("span", { class_: "week", key: "week", "data-week": at }, over
    ? t("wall.replay_over", { n: Math.ceil(weeks / QUARTER) }) : dayOf(dateOf(start, at)))),
  head(told, 1040, 112, 104),
  h("ul", { class_: "origin", key: "origin" }, ["china", "grey", "other"].map((kind) => h("li",
    { class_: kind, key: kind }, h("i", null),
    t(`wall.origin_${kind}`, { coercer: seatName(scene.coercer) })))),
  h("div", { class_: "curve", key: "curve" }, h("p", { class_: "lab" }, label), curve(price, at, label)),
  stepStrip(view)];
}
