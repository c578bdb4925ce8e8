// A turn that was played: thirteen weeks in fifteen seconds on the map, then the headline, prices on one
// scale, why the zone lost that lost most, and what happened.

import { goodName, h, num, scene, seatName, t, turnName } from "../room/base.js";
import { dateOf, dayOf, money, moneyUnit, num1, times } from "../kit/say.js";
import { drawWaterfall, inTenths } from "../kit/waterfall.js";
import { layPatterns } from "../kit/patterns.js";
import { code, fitted, head, LEAST, nameOf, spoken, top } from "./frame.js";
import { ground, lanesAt, widestOf } from "./ground.js";
import { weekOf } from "./motion.js";
import { decided, news } from "./situation.js";

const SECONDS = 15, WEEKS = 13, TOP = 5; // ratio to which the scale of prices goes at least

function prices(rows, zone) {
  const most = Math.max(TOP, Math.ceil(Math.max(...rows.map((one) => Math.max(one.now, one.before ?? 1)))));
  const x = (ratio) => Math.max(0, Math.min(1, (ratio - 1) / (most - 1))) * 100;
  return h("div", { class_: "panel prices", key: "prices" }, h("h2", null, t("wall.prices",
    { zone: seatName(zone) })),
  h("dl", null, rows.map((one) => [h("dt", { key: `n${one.good}` }, goodName(one.good)),
    h("dd", { key: `v${one.good}`, "data-good": one.good, "data-times": one.now,
      "data-before": one.before ?? "" },
    h("span", { class_: "pricebar" }, h("i", { style: `width:${Math.max(0.8, x(one.now))}%` }),
      one.before !== null && h("u", { style: `left:${x(one.before)}%` })), h("b", null, times(one.now)))])),
  h("p", { class_: "lab" }, t("wall.prices_scale", { most: num(most, 0) })));
}

const CAUSES = { measures: "wall.why_measures", refusals: "wall.why_refusals", fear: "wall.why_fear",
  event: "wall.why_event", rest: "wall.why_rest" };
const SEEN = 0.05; // of the unit

function why(told) {
  if (!told) return null;
  const size = [told.start, told.end, ...told.rows.map((one) => one.usd)]
    .reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  const [unit, unitName] = moneyUnit(size);
  const name = (kind) => t(CAUSES[kind], { coercer: seatName(scene.coercer) });
  const steps = told.rows.filter((one) => one.kind !== "event" || Math.abs(one.usd / unit) >= SEEN)
    .map((one) => ({ kind: "step", name: name(one.kind), value: one.usd / unit, fill: one.tone }));
  const quiet = Math.abs(told.start / unit) >= SEEN
    ? [{ kind: "start", name: t("wall.why_quiet"), value: told.start / unit }] : [];
  const rows = inTenths([...quiet, ...steps, { kind: "end", name: t("wall.why_end"),
    value: told.end / unit - (quiet.length ? 0 : told.start / unit) }]);
  const most = [...told.rows].sort((a, b) => b.usd - a.usd)[0];
  const title = most?.usd > 0.5 * told.end && most.kind !== "rest"
    ? t("wall.why_most", { zone: nameOf(told.zone), usd: money(told.end), cause: name(most.kind),
      part: money(most.usd) })
    : t("wall.why_title", { zone: nameOf(told.zone), usd: money(told.end) });
  layPatterns();
  const big = fitted([title], 752, 90, { sizes: [36, 33, 30, LEAST], line: 1.2 }) ?? LEAST;
  return h("div", { class_: "panel why", key: "why", "data-zone": told.zone },
    h("h2", { style: `font-size:${big}px` }, title),
    drawWaterfall(rows, { width: 752, left: 336, right: 110, rowHeight: 44, size: 29, show: num1,
      label: title, up: false }),
    h("p", { class_: "lab" }, t(unitName)));
}

export function result(view, live, again) {
  const { show, public: world } = view, lanes = show.lanes ?? [];
  const weeks = lanes[0]?.t.length ?? WEEKS, key = `result ${view.room} ${show.turn} ${view.undone.length}`;
  const week = weekOf(key, weeks, SECONDS, again), over = week >= weeks, at = Math.min(week, weeks - 1);
  const day = show.start ? dayOf(dateOf(show.start, at)) : "";
  return [h("div", { class_: "ground", key: "ground" }, ground(world, over ? "left" : "run", {
    flows: lanesAt(lanes, at), most: widestOf(lanes), id: "result" })),
  top(view, live, `${view.phase === "ended" ? "" : `${turnName(view)} · `}${t("wall.result", {
    turn: show.turn })}`, h("span", { class_: "week", key: "week", "data-week": (show.from_week ?? 0) + at },
    over ? t("wall.weeks_over", { day }) : t("wall.weeks_run", { day })), code(view)),
  over && head(spoken(show.say), 1816, 150),
  over && show.prices?.length > 0 && h("div", { class_: "column wide", key: "column" },
    prices(show.prices, world.zone), why(show.why)),
  over && h("div", { class_: "panel happened", key: "did" }, news(decided(view, show.turn), 860, 190, 2))];
}
