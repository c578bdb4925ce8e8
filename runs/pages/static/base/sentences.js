// What the room says, as sentences for the reader: refusals, news, deals, causes.

import { h } from "./elements.js";
import { tell } from "./tell.js";
import { has, t, told } from "./words.js";
import { goodName, leverName, scene, seatName, unitOf } from "./scene.js";
import { amount, day, dollars, num, percent, usd } from "./numbers.js";

const LISTS = (one) => [one].flat().join(", ");

const WRITE = {
  seat: (v) => seatName(v), target: (v) => seatName(v), zone: (v) => seatName(v), good: (v) => goodName(v),
  lever: (v) => leverName(v), share: (v) => percent(v, 0), phase: (v) => told(`phase.${v}`, v),
  right: (v) => told(`right.${v}`, v), name: (v) => told(`field.${v}`, v), deals: LISTS, others: LISTS,
  takes_usd: usd, free_usd: usd, usd: dollars, usd_b: dollars,
  gauge: (v) => t(v, { coercer: seatName(scene.coercer) }), // the key of its name
  what: (v) => (v.text === undefined ? String(v) : phrase({ ...v, values: {} }, v.text)),
  stands: (v) => told(`deal.status_${String(v).replaceAll(" ", "_")}`, v),
};

const OF_LEVER = ["low", "high", "value", "fits"];

// What a room of another model says of itself, where no model plays it on.
export const asStored = (view) => view.note && h("p", { class_: "notice", key: "note", id: "note" },
  phrase(view.note));

// A key with values, written for the reader; else what the room said in English.
export function phrase(say, other = "") {
  if (!say || !has(say.key)) return other;
  const unit = say.values.lever && unitOf(say.values.lever);
  const write = ([name, value]) => [name, WRITE[name] ? WRITE[name](value)
    : typeof value !== "number" ? String(value) : unit && OF_LEVER.includes(name) ? amount(unit, value)
      : num(value)];
  return t(say.key, Object.fromEntries(Object.entries(say.values).map(write)));
}

export const inEnglish = (line) => (line.lever || (line.say && has(line.say.key)) ? undefined : "en");

export function headline(line) {
  if (line.say?.key.startsWith("story.")) return tell(line.say);
  if (line.lever)
    return t("headline.order", {
      seat: seatName(line.actor), lever: leverName(line.lever),
      value: amount(unitOf(line.lever), line.value),
    });
  return phrase(line.say, line.text);
}

// Happenings carry the Monday of their week.
export const weekOf = (date) => t("news.week_of", { day: day(date) });

export const headlineLine = (line) =>
  h("li", null, h("span", { class_: "kind" }, told(`kind.${line.kind}`, line.kind)),
    h("span", { lang: inEnglish(line) }, headline(line)),
    h("time", null, line.date ? weekOf(line.date) : ""));

// The loudest first (the room says how loud a line is, 0 the loudest), and of those the newest.
export const loudFirst = (lines) =>
  [...lines].sort((a, b) => a.loud - b.loud || b.week - a.week);

// What is on or off is kept so, and not "at no".
function senseOf({ lever, sense, value }) {
  const binds = sense === "equals" || (sense === "at_least" ? value > 0 : value < 1);
  return unitOf(lever) === "flag" && binds ? value > 0 ? "on" : "off" : sense;
}

// A clause of a deal as a sentence.
export function clauseText(giver, one) {
  const seat = seatName(giver);
  if (one.kind === "lever")
    return t(`clause.${senseOf(one)}`, {
      seat, lever: leverName(one.lever || "?"),
      value: amount(unitOf(one.lever), one.value),
    });
  if (one.kind === "stock")
    return t("clause.stock", { seat, tonnes: num(one.tonnes_per_turn), good: goodName(one.material) });
  return t("clause.money", { seat, usd: usd(1e6 * one.usd_m_per_turn) });
}

export function dealLines(deal) {
  const lines = deal.gives.map((one) => clauseText(deal.by, one));
  for (const seat of deal.to) lines.push(...deal.gets.map((one) => clauseText(seat, one)));
  return lines;
}

export function dealTerms(deal) {
  const first = deal.start || deal.from_turn;
  return t("deal.terms", {
    from: first, to: deal.last || first + deal.turns - 1,
    open: t(deal.secret ? "deal.secret" : "deal.public"),
    exit: deal.exit === null ? t("deal.no_exit") : t("deal.exit", { n: deal.exit }),
  });
}

// Why something happened, with its number.
const CAUSES = { quiet: "quiet", earlier: "own_earlier", measures: "measures",
  "own measures": "own_measures", refusals: "refusals", fear: "fear", "own threat": "own_threat",
  hubs: "hubs", orders: "orders", rest: "rest", "own orders": "own", inject: "inject", deal: "deal",
  event: "event", "something hidden": "hidden" };
const BY_OTHERS = { "own orders": "orders", "own measures": "measures", "own threat": "fear",
  earlier: "earlier" };

// A cause as its own seat reads it, or with a `seat` as others do.
export function causeText(cause, seat = "") {
  const lever = cause.lever && leverName(cause.lever);
  if (lever) return t(seat ? "cause.lever" : "cause.own_lever", { seat: seat && seatName(seat), lever });
  if (seat && BY_OTHERS[cause.kind]) return t(`cause.${BY_OTHERS[cause.kind]}`, { seat: seatName(seat) });
  const name = CAUSES[cause.kind] || "event";
  const what = cause.key && has(cause.key) ? t(cause.key) : cause.what;
  return t(`cause.${name}`, { seat: cause.actor ? seatName(cause.actor) : "", n: cause.n, what });
}
