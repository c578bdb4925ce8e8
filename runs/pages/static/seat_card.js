// The card of a seat: what it is, how it stands, what only it knows.

import {
  GAUGES, arrow, band, day, goodName, h, inEnglish, num, percent, phrase, s, scene, seatName, signed, t,
  titleOf, told, usd,
} from "./base.js";
import { draw, fold, out, ui } from "./seat_state.js";

const lock = () => s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" },
  s("rect", { x: 3, y: 9, width: 14, height: 9, rx: 2, fill: "#6b4e00" }), s("path", { d: "M6 9V6a4 4 0 0 1 8 0v3", fill: "none", stroke: "#6b4e00", "stroke-width": 2 }));

function objectiveOf(view) {
  if (view.seat === view.public?.coercer) return t("objective.coercer");
  return told(`objective.${view.seat}`, t(view.kind === "firm" || view.kind === "refiner" ? `objective.${view.kind}`
    : view.seat === view.public?.target ? "objective.target" : scene.hubs?.includes(view.seat) ? "objective.hub" : "objective.state"));
}

export function card(view) {
  return h("section", { class_: "card you", "aria-label": t("card.you", { seat: seatName(view.seat) }), key: "card" },
    h("h1", null, t("card.you", { seat: seatName(view.seat) })),
    h("p", { class_: "soft" }, view.you.name, view.you.job ? ` (${told(`job.${view.you.job}`, view.you.job)})` : "", " · ", titleOf(view)),
    h("p", null, objectiveOf(view)),
    view.gauges.length
      ? h("ul", { class_: "gauges" }, view.gauges.map((one) => h("li", { key: one.id }, h("span", { class_: "name" }, t(`gauge.${one.id}`)),
        h("span", { class_: "num" }, num(100 * one.value, 1), h("span", { class_: "soft" }, " / 100")),
        h("span", { class_: "meter", "aria-hidden": "true" }, bar(one.value), mark(one.before)),
        h("span", null, arrow(one.value - one.before), " ", signed(100 * (one.value - one.before), 2), " ", h("span", { class_: "sr" }, t("gauge.since"))), h("br"), band(one.band))))
      : h("p", { class_: "soft" }, t("world.making")),
    privateReport(view),
    (view.turn <= 1 && !["ended", "resolve"].includes(view.phase)) && weightsForm(view));
}
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

function privateReport(view) {
  const report = view.report, rows = Object.entries(report.materials || {});
  const main = rows.filter(([, row]) => row.need_t > 0).slice(0, 15);
  const focus = report.materials?.[view.public?.material];
  const fact = (name, text) => text !== "–" && h("div", null, h("dt", null, t(`report.${name}`)), h("dd", null, text));
  return h("section", { class_: "private", key: "private" }, h("h3", null, lock(), t("report.title")),
    h("p", { class_: "soft" }, t("report.note")),
    h("dl", { class_: "facts" },
      focus && fact("stock_days", `${num(focus.stock_days, 0)} ${t("unit.days")} · ${goodName(view.public.material)}`),
      focus && fact("cover_weeks", `${num(focus.cover_weeks, 1)} ${t("unit.weeks")}`),
      focus && fact("fill", percent(focus.fill)),
      focus && fact("declared_share", percent(focus.declared_share)),
      fact("budget_usd", usd(report.budget_usd)), fact("loss_total_usd", usd(report.loss_total_usd)),
      view.kind === "state" && fact("coercer_approval", percent(report.coercer_approval, 0)),
      view.kind === "state" && fact("alliance_approval", percent(report.alliance_approval, 0)),
      view.seat === view.public?.target && fact("concession_probability", percent(report.concession_probability)),
      Object.entries(report.rung || {}).map(([zone, step]) => fact("rung", `${seatName(zone)} ${num(step, 0)}`))),
    (report.injects || []).map((one) => h("p", { key: `i-${one.n}` }, h("b", null, `${t("report.inject")}: `), phrase(one.say, one.text))),
    main.length > 0 && fold("materials", false, t("report.by_material"), () => h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("report.by_material") }, h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("world.good")), ["price", "stock_days", "cover_weeks", "fill", "stopped_share"].map((one) => h("th", { class_: "n" }, t(`report.${one}`))))),
      h("tbody", null, main.map(([good, row]) => h("tr", { key: good }, h("td", null, goodName(good)), h("td", { class_: "n" }, `×${num(row.price, 2)}`), h("td", { class_: "n" }, num(row.stock_days, 0)), h("td", { class_: "n" }, num(row.cover_weeks, 1)), h("td", { class_: "n" }, percent(row.fill)), h("td", { class_: "n" }, percent(row.stopped_share)))))))),
    (report.happenings || []).length > 0 && fold("happenings", false, t("report.happenings"), () => h("ul", { class_: "news" }, report.happenings.slice(-30).map((one) => h("li", { lang: inEnglish(one) }, h("span", null, phrase(one.say, one.text)), h("time", null, day(one.date)))))));
}

function weightsForm(view) {
  const have = view.weights?.supply ? view.weights : null;
  ui.weights ??= Object.fromEntries(GAUGES.map((one) => [one, have ? Math.round(100 * have[one]) : one === "supply" ? 34 : 33]));
  const sum = GAUGES.reduce((all, one) => all + Number(ui.weights[one]), 0);
  const fine = sum === 100 && GAUGES.every((one) => ui.weights[one] >= 20 && ui.weights[one] <= 50);
  return fold("weights", false, have ? t("weights.sealed") : t("weights.title"), () => h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("weights.note")),
    GAUGES.map((one) => h("label", { class_: "field" }, h("span", null, `${t(`gauge.${one}`)} (%)`),
      h("input", { id: `w-${one}`, type: "number", min: 20, max: 50, value: String(ui.weights[one]), oninput: (event) => { ui.weights[one] = Number(event.target.value); draw(); } }))),
    h("p", { role: "status" }, t("weights.sum", { sum: num(sum) })),
    h("button", { type: "button", class_: "primary", disabled: !fine, onclick: () => {
      const [a, b] = [ui.weights.supply / 100, ui.weights.autonomy / 100];
      out.send("POST", "weights", { supply: a, autonomy: b, standing: Number((1 - a - b).toFixed(4)) });
      draw();
    } }, t("weights.seal")),
    out.faults.weights && h("p", { class_: "error" }, out.faults.weights)));
}
