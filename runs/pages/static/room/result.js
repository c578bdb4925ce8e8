// What a turn has brought a seat: how it stands and by how much that moved, and why, as steps that add up.
// Results of earlier models, and those of past turns, have their largest causes alone.

import { GAUGES, arrow, causeText, gaugeName, h, num, scene, seatName, signed, t, usd } from "./base.js";
import { dollars } from "../base/numbers.js";
import { drawFigure } from "../kit/figure.js";
import { layPatterns } from "../kit/patterns.js";
import { moneyUnit, num1 } from "../kit/say.js";
import { drawWaterfall, inTenths } from "../kit/waterfall.js";

// Firms and refiners earn; states lose output.
export const earns = (kind) => kind === "firm" || kind === "refiner";

const SMALLEST = 5e-5; // of a gauge: less is written as 0
const DIGITS = 3; // of money
const LEAST_USD = 1000; // no cause is told by less, however small the sum

// Half of the last digit that a sum of money is written with: a part of it below that is not seen.
const unseen = (sum) => Math.max(LEAST_USD,
  0.5 * 10 ** (Math.floor(Math.log10(Math.max(1, Math.abs(sum)))) - DIGITS + 1));

// What a cause did to a seat, gauge by gauge and in money: on the seat's page and in the review.
export function causeFigures(one, result, kind, seat) {
  const parts = GAUGES.filter((g) => Math.abs(one[g]) >= SMALLEST).map((g) =>
    `${gaugeName(g, kind, seat)} ${signed(100 * one[g])} ${t("unit.points")}`);
  if (Math.abs(one.loss_usd) >= unseen(result.loss_usd))
    parts.push(earns(kind) ? t("result.profit_part", { usd: usd(-one.loss_usd) })
      : t(one.loss_usd < 0 ? "result.saved_part" : "result.loss_part", { usd: usd(Math.abs(one.loss_usd)) }));
  return parts.join(" · ");
}

// `more` has `id`, `again` to draw the page anew, and what the source line says of the room.
export function resultBody(result, kind, seat, more) {
  return [
    h("dl", { class_: "facts" },
      GAUGES.map((one) => h("div", null, h("dt", null, gaugeName(one, kind, seat)),
        h("dd", null, result.end && [h("b", { class_: "level" }, num1(100 * result.end[one])), " "],
          arrow(result.change[one]), " ", signed(100 * result.change[one]), " ", t("unit.points")))),
      h("div", null,
        h("dt", null, t(earns(kind) ? "result.profit"
          : result.loss_usd < 0 ? "result.saved" : "result.loss")),
        h("dd", null, usd(earns(kind) ? -result.loss_usd : Math.abs(result.loss_usd))))),
    ...(result.steps && more ? [why(result, kind, seat, more)] : list(result, kind, seat)),
  ];
}

function list(result, kind, seat) {
  const rows = (result.causes || []).map((one) => [one, causeFigures(one, result, kind, seat)])
    .filter(([, text]) => text);
  const size = Math.max(1e-9, ...rows.map(([one]) => Math.abs(one.score)));
  return [
    h("h4", null, t("result.why")),
    rows.length ? h("ol", { class_: "causes" },
      rows.map(([one, text]) => h("li", null, h("span", null, causeText(one)), h("b", null, text),
        h("span", { class_: "bar1", "aria-hidden": "true" }, causeBar(one.score, size)))))
      : h("p", { class_: "soft" }, t("result.no_cause")),
  ];
}
function causeBar(value, size) {
  const node = h("i", { class_: value < 0 ? "minus" : "plus" });
  node.style.width = `${Math.max(2, 100 * Math.abs(value) / size)}%`;
  return node;
}

// --- the waterfall of a gauge --------------------------------------------------------------------

const MONEY = "loss_usd";
const SEEN = 0.05; // of the unit that is shown
const ALWAYS = new Set(["quiet", "measures", "fear", "own orders"]); // told also where they moved nothing
const chosen = new Map(); // measure that a person has chosen, by place

// The gauge that moved most leads; a firm looks at what it earned first.
function leading(result, kind) {
  if (earns(kind)) return MONEY;
  return GAUGES.reduce((a, b) => (Math.abs(result.change[b]) > Math.abs(result.change[a]) ? b : a));
}

// How a measure is written: `scale` turns it into the unit that is shown, `say` writes so many of that unit
// in a sentence and `step` a step of it, `up` says that more is better.
function measureOf(name, result, kind, seat) {
  if (name !== MONEY) return { name, title: gaugeName(name, kind, seat), unit: t("result.points"),
    scale: (x) => 100 * x, say: (n) => t("result.amount", { n: num1(n) }), step: stepOf,
    up: true };
  const most = Math.max(...[result.start, result.end, ...result.steps].map((one) => Math.abs(one[MONEY])));
  const [size, unit] = moneyUnit(most), sign = earns(kind) ? -1 : 1;
  return { name, title: t(earns(kind) ? "result.earned" : "result.loss"), unit: t(unit),
    scale: (x) => sign * x / size, say: (n) => dollars(n * size),
    step: (n) => signOf(n) + dollars(Math.abs(n) * size), up: earns(kind) };
}

// Level, steps, level; what cannot be seen in this measure is in the row of the others.
function rowsOf(result, measure, turn) {
  const { name, scale } = measure, value = (one) => scale(one[name]);
  const quiet = name === MONEY; // money has no level before the turn
  const steps = result.steps.filter((one) => !(quiet && one.kind === "quiet"));
  const visible = (one) => ALWAYS.has(one.kind) || Math.abs(value(one)) >= SEEN;
  const seen = steps.filter((one) => one.kind !== "rest" && visible(one));
  const rest = steps.filter((one) => !seen.includes(one)).reduce((sum, one) => sum + value(one), 0);
  const at = seen.findIndex((one) => ["event", "inject", "deal", "own orders"].includes(one.kind));
  const rows = seen.map((one) => ({ name: causeText(one), value: value(one), kind: "step", fill: one.tone,
    one }));
  if (Math.abs(rest) >= SEEN)
    rows.splice(at < 0 ? rows.length : at, 0, { name: t("cause.rest"), value: rest, kind: "step" });
  return inTenths([
    { name: t(quiet ? "cause.quiet" : "result.start"), value: value(result.start), kind: "start" },
    ...rows, { name: t("result.end", { turn }), value: value(result.end), kind: "end" }]);
}

const signOf = (value) => (value > 0 ? "+" : value < 0 ? "−" : "");
const stepOf = (value) => signOf(value) + num1(Math.abs(value));

// What happened, and the largest cause: one sentence.
function finding(rows, measure) {
  const change = rows.at(-1).value - rows[0].value, n = measure.say(Math.abs(change));
  const up = change > 0, money = measure.name === MONEY; // which is compared with a quiet quarter
  const moved = Math.abs(change) < SEEN ? "stayed" : money ? (up ? "above" : "below") : up ? "rose" : "fell";
  const what = t(`result.${moved}`, { gauge: measure.title, n });
  const most = rows.filter((one) => one.one && one.one.kind !== "quiet" && one.value)
    .reduce((a, b) => (a && Math.abs(a.value) >= Math.abs(b.value) ? a : b), null);
  return most ? t("result.most", { what, cause: most.name, n: measure.step(most.value) })
    : t("result.none", { what });
}

// Why the leading goal moved, in one sentence.
export function whyLine(result, kind, seat) {
  const measure = measureOf(leading(result, kind), result, kind, seat);
  return finding(rowsOf(result, measure, result.turn), measure);
}

function why(result, kind, seat, more) {
  const name = chosen.get(more.id) ?? leading(result, kind);
  const measure = measureOf(name, result, kind, seat), rows = rowsOf(result, measure, result.turn);
  layPatterns();
  const title = finding(rows, measure), phone = innerWidth < 720;
  const columns = [t("result.step"), measure.unit];
  return h("div", { key: "why", class_: "why-turn", "data-part": "result-why" }, drawFigure({
    id: more.id, level: "h3", title, again: more.again,
    sub: t(name === MONEY ? "result.sub_money" : "result.sub", { gauge: measure.title, unit: measure.unit }),
    more: tabs([...GAUGES, MONEY], name, (one) => measureOf(one, result, kind, seat).title,
      (one) => { chosen.set(more.id, one); more.again(); }),
    source: t("result.source", { n: num(result.worlds), coercer: seatName(scene.coercer) }),
    table: () => ({ columns, rows: rows.map((one) => [one.name, one.kind === "step" ? stepOf(one.value)
      : num1(one.value)]) }),
    picture: drawWaterfall(rows, { width: phone ? 358 : 560, left: phone ? 150 : 230, rowHeight: 40,
      show: num1, label: title, up: measure.up, low: lowest(rows) }) }));
}

// Where the axis is cut, so that steps are seen beside levels far from 0; undefined where it is not.
function lowest(rows) {
  let run = 0;
  const levels = rows.map((one) => { run = one.kind === "step" ? run + one.value : one.value; return run; });
  const low = Math.min(...levels), high = Math.max(...levels), spread = Math.max(high - low, SEEN);
  return low > spread ? low - 0.3 * spread : undefined;
}

const tabs = (names, open, title, choose) => h("div", { class_: "qs", key: "gauges", role: "group",
  "aria-label": t("result.gauges") }, names.map((one) => h("button", { type: "button", class_: "chip",
  "data-gauge": one, "aria-pressed": String(one === open), onclick: () => choose(one) }, title(one))));
