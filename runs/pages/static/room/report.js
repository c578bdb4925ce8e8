// What a seat knows of itself: gauges and its private report. The seat's card shows it, and the
// facilitator who looks at a seat sees the same.

import {
  amount, arrow, band, choiceName, gaugeName, goodName, h, inEnglish, num, percent, phrase, s, seatName,
  signed, t, usd, weekOf,
} from "./base.js";
import { earns } from "./result.js";

const lock = () => s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" },
  s("rect", { x: 3, y: 9, width: 14, height: 9, rx: 2, fill: "currentColor" }),
    s("path", { d: "M6 9V6a4 4 0 0 1 8 0v3", fill: "none", stroke: "currentColor", "stroke-width": 2 }));

// --- gauges --------------------------------------------------------------------------------------

export const gaugesList = (view) => h("ul", { class_: "gauges" },
  view.gauges.map((one) => h("li", { key: one.id }, h("span", { class_: "name" },
    gaugeName(one.id, view.kind, view.seat)),
  h("span", { class_: "num" }, num(100 * one.value, 1), h("span", { class_: "soft" }, " / 100")),
  h("span", { class_: "meter", "aria-hidden": "true" }, bar(one.value), mark(one.before)),
  h("span", null, arrow(one.value - one.before), " ", signed(100 * (one.value - one.before)), " ",
    h("span", { class_: "sr" }, t("gauge.since"))), h("br"), band(one.band),
  h("span", { class_: "soft against" }, one.runs ? t(`band.than_${one.band}`, { n: num(100 * one.ai, 0),
    runs: num(one.runs) }) : t("band.alone")))));

function bar(value) {
  const node = h("i");
  node.style.width = `${Math.max(0, Math.min(100, 100 * value))}%`;
  node.setAttribute("data-w", value);
  return node;
}
function mark(value) {
  const node = h("b");
  node.style.left = `${Math.max(0, Math.min(99, 100 * value))}%`;
  return node;
}

// --- the private report --------------------------------------------------------------------------

const fact = (name, text) => text !== "–" && h("div", { key: name, "data-figure": `report.${name}` },
  h("dt", null, t(`report.${name}`)), h("dd", null, text));

function stateFacts(view, report) {
  const focus = report.materials?.[view.public?.material];
  const coercer = view.seat === view.public?.coercer; // it does not buy from itself nor approve of itself
  return [
    focus && fact("stock_days",
      `${num(focus.stock_days, 0)} ${t("unit.days")} · ${goodName(view.public.material)}`),
    focus && fact("cover_weeks", `${num(focus.cover_weeks, 1)} ${t("unit.weeks")}`),
    focus && fact("fill", percent(focus.fill)),
    focus && !coercer && fact("declared_share", percent(focus.declared_share)),
    fact("budget_usd", usd(report.budget_usd)), fact("loss_total_usd", usd(report.loss_total_usd)),
    !coercer && fact("coercer_approval", percent(report.coercer_approval, 0)),
    fact("alliance_approval", percent(report.alliance_approval, 0)),
    view.seat === view.public?.target && fact("concession_probability",
      percent(report.concession_probability)),
    Object.entries(report.rung || {}).map(([zone, step]) => fact("rung",
        `${seatName(zone)} ${num(step, 0)}`)),
  ];
}

function firmFacts(view, report) {
  const listed = Object.entries(report.listed_firms || {}).filter(([, n]) => n > 0);
  const lever = (name) => view.levers.find((one) => one.lever === name);
  const toTarget = lever("target_customers") ?? lever("target_sales");
  const known = "profit_usd" in report;
  return known ? [
    fact("profit_usd", usd(report.profit_usd)), fact("profit_total_usd", usd(report.profit_total_usd)),
    fact(view.kind === "refiner" ? "plant_rate" : "line_rate", percent(report.line_rate)),
    fact("stock_weeks", `${num(report.stock_weeks, 1)} ${t("unit.weeks")}`),
      fact("fill", percent(report.fill)),
    fact("grey_share", percent(report.grey_share)),
    fact("blacklisted", report.blacklisted ? t("report.blacklisted_weeks",
        { n: num(report.blacklist_weeks, 0) }) : t("lever.off")),
    toTarget && fact(toTarget.lever, amount(toTarget.unit, toTarget.value)),
    listed.length > 0 && fact("listed_firms",
      listed.map(([hub, n]) => `${seatName(hub)} ${num(n, 0)}`).join(", ")),
  ] : [];
}

// A table of goods: `columns` are names of figures and how each is written.
function goodsTable(title, goods, columns) {
  return h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": title }, h("table", null,
    h("thead", null, h("tr", null, h("th", null, t("world.good")),
        columns.map(([name]) => h("th", { class_: "n", key: name }, t(`report.${name}`))))),
    h("tbody", null, goods.map((good) => h("tr", { key: good }, h("td", null, goodName(good)),
      columns.map(([name, write]) => h("td", { class_: "n", key: name }, write(good))))))));
}

// `fold(name, open, title, inside)` makes a part that opens and closes.
export function reportCard(view, fold) {
  const report = view.report, rows = report.materials || {}, firm = earns(view.kind);
  const main = Object.keys(rows).filter((good) => rows[good].need_t > 0).slice(0, 15);
  const of = (name, write) => [name, (good) => write(rows[good][name])];
  const made = (name, write) => [name, (good) => write(report[name]?.[good])];
  const times = (value) => (value === null || value === undefined ? "–" : `×${num(value, 2)}`),
    tonnes = (value) => num(value, value < 10 ? 2 : 0);
  const inputs = firm
    ? [of("price", times), of("usd_per_kg", (v) => num(v, 2)), of("need_t", tonnes), of("stock_t", tonnes),
      of("stock_china_share", (v) => percent(v, 0)), of("under_way_t", tonnes)]
    : [of("price", times), of("stock_days", (v) => num(v, 0)), of("cover_weeks", (v) => num(v, 1)),
      of("fill", percent_), of("stopped_share", percent_)];
  const products = Object.keys(report.output_t || {});
  const outputs = [made("output_t", tonnes), made("capacity_t", tonnes), made("product_stock_t", tonnes),
    made("product_price", times), made("product_price_in_target", times),
    made("terms", (v) => choiceName("terms", v) || "–")];
  return h("section", { class_: "private", key: "private" }, h("h3", null, lock(), t("report.title")),
    h("p", { class_: "soft" }, t("report.note")),
    h("dl", { class_: "facts" }, firm ? firmFacts(view, report) : stateFacts(view, report)),
    (report.injects || []).map((one) => h("p", { key: `i-${one.n}` }, h("b", null, `${t("report.inject")}: `),
        phrase(one.say, one.text))),
    products.length > 0 && fold("products", true, t("report.by_product"),
      () => goodsTable(t("report.by_product"), products, outputs)),
    main.length > 0 && fold("materials", firm && !products.length,
      t(firm ? "report.by_input" : "report.by_material"),
        () => goodsTable(t(firm ? "report.by_input" : "report.by_material"), main, inputs)),
    (report.happenings || []).length > 0 && fold("happenings", false, t("report.happenings"),
      () => h("ul", { class_: "news" },
        report.happenings.slice(-30).map((one) => h("li", { lang: inEnglish(one) },
            h("span", null, phrase(one.say, one.text)), h("time", null, weekOf(one.date)))))));
}
const percent_ = (value) => percent(value);
