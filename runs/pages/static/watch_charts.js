// The figures of the watch page: lead chart, small multiples, why, who pays, who complies, fork, news.

import { h, s } from "./elements.js";
import { num } from "./numbers.js";
import { seatName } from "./scene.js";
import { at } from "./root.js";
import { t } from "./words.js";
import { drawChart, learnCharts } from "./kit/chart.js";
import { drawFigure } from "./kit/figure.js";
import { icon } from "./kit/icons.js";
import { drawMultiple } from "./kit/multiple.js";
import { drawWaterfall } from "./kit/waterfall.js";
import { dateOf, dayOf, figure, money, monthsOf, num1, share, shortDay } from "./kit/say.js";
import { ask, finished, go, link, redraw, shownLast, told, ui, weeks } from "./watch_state.js";

const SHOW = { usd_per_kg: figure, t_per_week: figure, share, share_of_gdp: share, weeks: figure, usd: money,
  n: figure };
const STROKES = { main: ["--loss", 3.2, "solid"], compared: ["--fear", 2.2, "dashed"] };
const OTHERS = [["--other", 2, "dotted"], ["--edge", 1.4, "solid"], ["--edge", 1.4, "solid"]];
const DASH = { dashed: "8 3", dotted: "2 2" };
const LAYERS = {
  china: ["--china", { color: "--china-soft", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -0.8,
    symbolSize: 1 }],
  grey: ["--china-soft", { color: "--china", symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]],
    dashArrayY: [6, 0], symbolSize: 0.8 }],
  other: ["--other"], recycled: ["--recycled"],
  stockpile: ["--stock", { color: "--card", dashArrayX: [1, 0], dashArrayY: [1.5, 5], symbolSize: 1 }],
};
const KINDS = { ladder: "ladder", law: "ladder", clause: "ladder", easing: "ladder",
  clause_dropped: "ladder", announcement: "talk",
  caught: "caught", caught_plant: "caught", caught_firm: "caught", detection: "caught", stop: "stop",
    reserve: "reserve", floor: "floor", fear: "fear", forge_member: "club" };
const iconOf = (kind) => icon(KINDS[kind] ?? (kind.startsWith("plant") || kind.startsWith("terms") ? "plant"
  : "talk"));

export const source = () => t("watch.source", { title: ui.state.scenario, seed: ui.state.seed,
  n: num(ui.run.played) });
const common = (one) => ({ source: source(), link, again: redraw, level: "h3", ...one });

// Every week of a chart's lines, for its table and its file.
const tableOf = (chart) => () => ({
  columns: [t("watch.week"), t("watch.from"), ...chart.lines.map((one) => one.name)],
  rows: chart.lines[0].values.map((_, week) => [num(week), dateOf(ui.run.start, week),
    ...chart.lines.map((one) => SHOW[chart.unit](one.values[week]))]),
});
const dataOf = (chart) => () => ({ columns: ["week", "date", ...chart.lines.map((one) => one.name)],
  rows: chart.lines[0].values.map((_, week) => [week, dateOf(ui.run.start, week),
    ...chart.lines.map((one) => one.values[week] ?? "")]) });

function strokes(lines) {
  let others = 0;
  return lines.map((one) => STROKES[one.role] ?? OTHERS[Math.min(others++, OTHERS.length - 1)]);
}

// Charts of the library draw within hosts of their own, after the page stands.
const wanted = new Map();
const seen = new Map();

function chartHost(id, chart, low) {
  const key = [ui.run.played, ui.run.material, ui.run.zone, ui.head, document.documentElement.dataset.theme,
    document.documentElement.lang].join();
  wanted.set(id, { key, chart });
  return h("div", { class_: `plot${low ? " low" : ""} hold`, id: `plot-${id}`, "data-own": "",
    key: `plot-${id}`, role: "img", "aria-label": chart.title });
}

export async function drawCharts() {
  if (!wanted.size) return;
  const library = await learnCharts();
  for (const [id, { key, chart }] of wanted) {
    const host = document.getElementById(`plot-${id}`);
    if (!host || !library || !host.clientWidth || (seen.get(id) === key && host.firstElementChild)) continue;
    seen.set(id, key);
    drawChart(host, library, optionsOf(chart));
  }
}

function optionsOf(chart) {
  const start = ui.run.start, all = weeks(), stack = chart.kind === "stack";
  const axis = new Map(monthsOf(start, all, all > 200 ? 12 : 3).map((one) => [one.week, one.text]));
  const lines = chart.lines.filter((one) => !stack || one.role === "main"), look = strokes(lines);
  const padded = (values) => [...values, ...Array(Math.max(0, all - values.length)).fill(null)];
  return {
    dates: Array.from({ length: all }, (_, week) => dayOf(dateOf(start, week))), axis, at: ui.head,
    show: (x) => SHOW[chart.unit](x), pick: (week) => go(Math.min(week, shownLast())),
    stack: !stack ? [] : chart.lines.filter((one) => one.role !== "main")
      .map((one) => ({ name: one.name, values: one.values,
      colour: LAYERS[one.key]?.[0] ?? "--edge", decal: LAYERS[one.key]?.[1] })),
    marks: stack ? [] : ui.story.flags.filter((one) => ["ban", "reserve", "easing", "floor",
      "clause_dropped"].includes(one.kind))
      .map((one) => ({ week: one.week, text: one.say, turned: one.week > all * 0.8 })),
    lines: lines.map((one, i) => ({ name: one.name, values: padded(one.values), label: one.name, width: stack
      ? 2.4 : look[i][1], type: stack ? "solid" : look[i][2],
      colour: stack ? "--ink" : look[i][0], ink: !stack && look[i][0] === "--edge" ? "--ink2" : undefined })),
  };
}

export function lead() {
  const chart = ui.story?.findings.lead;
  if (!chart) return h("section", { class_: "fig", key: "lead", "data-part": "lead" }, ui.story
    && h("h2", null, t("watch.no_lead")));
  return h("div", { key: "lead", "data-part": "lead" },
    drawFigure(common({ id: "price", level: "h2", title: chart.title, sub: chart.subtitle,
    picture: chartHost("lead", chart), table: tableOf(chart), data: dataOf(chart) })));
}

export function news() {
  const week = told();
  const items = (week?.items ?? []).map((i) => ui.story.items[i]);
  return h("section", { key: "news", "data-part": "news", class_: "fig" }, h("h2", null, t("watch.news")),
    h("ul", { class_: "news" }, items.map((one, i) => h("li", { key: `${one.week}-${one.kind}-${one.say}`,
      class_: i < 2 ? "top" : "" }, iconOf(one.kind),
      h("div", { class_: "h" }, one.say), h("div", { class_: "w" }, shortDay(one.date)), one.why
        && h("div", { class_: "y" }, one.why))),
    week && !items.length && h("li", { key: "none" }, icon("talk"), h("div", { class_: "h" },
      week.nothing ?? t("watch.quiet"))),
    week?.routine && h("li", { class_: "fold", key: "fold" },
      h("details", null, h("summary", null, week.routine.say),
      week.routine.groups.map((one) => h("p", null, one))))));
}

export function multiples() {
  const charts = ui.story?.findings.multiples ?? [];
  if (!charts.length) return null;
  return h("section", { key: "multiples", "data-part": "multiples", "aria-label": t("watch.multiples",
    { n: num(charts.length) }) },
    h("div", { class_: "sec" }, h("h2", null, t("watch.multiples", { n: num(charts.length) })),
      h("span", { class_: "sub" }, t("watch.shared"))),
    h("div", { class_: "grid six" }, charts.map((chart, i) => i === 0 && chart.kind === "stack"
      ? wideOne(chart) : small(chart))));
}

const wideOne = (chart) => {
  const made = drawFigure(common({ id: chart.id, level: "h2", title: chart.title, sub: chart.subtitle,
    picture: chartHost(chart.id, chart, true),
    table: tableOf(chart), data: dataOf(chart), more: h("p", { class_: "sub", key: "key" },
      layersKey(chart)) }));
  made.classList.add("wide");
  return made;
};

const MARKS = { china: "url(#pCN)", grey: "url(#pGR)", other: "var(--other)", recycled: "var(--recycled)",
  stockpile: "url(#pST)" };
const layersKey = (chart) => chart.lines.filter((one) => one.role !== "main")
  .map((one) => h("span", { style: "display:inline-flex;gap:6px;align-items:center;margin-right:14px" },
  s("svg", { width: 16, height: 12, "aria-hidden": "true" },
    s("rect", { width: 16, height: 12, rx: 2, fill: MARKS[one.key] ?? "var(--edge)" })), one.name));

// As wide as it stands, so that its type keeps its size.
function smallWidth() {
  const across = innerWidth < 720 ? 1 : innerWidth < 1200 ? 2 : 3, edge = innerWidth < 720 ? 32 : 48;
  return Math.floor((Math.min(1392, innerWidth) - edge - 28 * (across - 1)) / across);
}

function small(chart) {
  const look = strokes(chart.lines),
    high = Math.max(...chart.lines.flatMap((one) => one.values.map((x) => x ?? 0)));
  const papers = chart.id === "papers", least = papers
    && Math.min(...chart.lines.flatMap((one) => one.values.filter((x) => x !== null))) > 0.5 ? 0.5 : 0;
  return drawFigure(common({ id: chart.id, title: chart.title, sub: chart.subtitle, table: tableOf(chart),
    data: dataOf(chart),
    picture: drawMultiple({ width: smallWidth(), weeks: weeks(), months: monthsOf(ui.run.start, weeks(),
          weeks() > 200 ? 12 : 6),
      at: ui.head, label: chart.title, least,
      most: papers ? 1 : undefined, between: papers, show: SHOW[chart.unit], top: high,
      lines: chart.lines.map((one, i) => ({ values: one.values, label: one.name, colour: papers
        && one.role === "main" ? "var(--china)" : `var(${look[i][0]})`,
        ink: look[i][0] === "--edge" ? "var(--ink2)" : undefined, width: look[i][1],
          dash: DASH[look[i][2]] })) }) }));
}

// --- why, who pays, who complies, questions -------------------------------------------------------

const TONES = { coercer: "china", fear: "fear", stock: "stock" }; // others are worse or better

export function why() {
  const frame = (...inside) => h("section", { key: "why", "data-part": "why", class_: "fig" }, inside);
  const found = ui.why;
  if (!found || found.state) return frame(h("h2", null,
    t("watch.why_title", { zone: seatName(ui.run?.target ?? "JPN") })),
    h("p", { class_: "sub", role: "status" }, t(found?.state === "working" ? "watch.why_working"
      : found?.state === "failed" ? "watch.why_failed"
      : ui.state?.guest ? "watch.why_guest" : "watch.why_offer")),
    !found && !ui.state?.guest && h("button", { type: "button", class_: "btn", "data-do": "why",
      disabled: !finished(), onclick: () => ask("why") }, t("watch.why_ask")));
  if (!found.steps) return frame(h("h2", null, t("watch.why_title", { zone: seatName(ui.run.target) })),
    h("p", { class_: "sub" }, found.say ?? t("watch.why_failed")));
  const size = Math.max(...[found.start_usd, found.end_usd, ...found.steps.map((one) => one.usd)].map((x) =>
    Math.abs(x ?? 0)));
  const unit = size >= 1e9 ? 1e9 : 1e6, scale = (x) => x / unit;
  const rows = [{ name: found.start_say, value: scale(found.start_usd), kind: "start" },
    ...found.steps.map((one) => ({ name: one.say, value: scale(one.usd), kind: "step",
          fill: TONES[one.tone] })),
    { name: found.end_say, value: scale(found.end_usd), kind: "end" }];
  const columns = [t("watch.why_step"), t(unit === 1e9 ? "watch.billions" : "watch.millions")];
  return h("div", { key: "why", "data-part": "why" },
    drawFigure(common({ id: "why", level: "h2", title: found.title,
    more: found.most?.length > 0 && h("p", { class_: "sub" }, found.most.join(" ")),
    sub: t("watch.why_sub", { zone: seatName(found.zone), unit: columns[1] }), source: found.note ?? source(),
    table: () => ({ columns, rows: rows.map((one) => [one.name, num1(one.value)]) }),
    picture: drawWaterfall(rows, { width: innerWidth < 720 ? 358 : 660, rowHeight: innerWidth < 720 ? 36
      : 40, show: num1, label: found.title }) })));
}

const bar = (part, most, fill) => s("svg", { viewBox: "0 0 300 18", preserveAspectRatio: "none",
  "aria-hidden": "true" },
  s("rect", { y: 2, width: Math.max(1.5, (300 * part) / (most || 1)), height: 14, rx: 2, fill }));

const bars = (rows, fill, show) => h("div", { class_: "bars", role: "img",
  "aria-label": rows.map(([name, x]) => `${name} ${show(x)}`).join(", ") },
  rows.map(([name, x]) => [h("span", null, name), bar(x, Math.max(...rows.map((one) => one[1])), fill),
    h("b", null, show(x))]));

const saysOf = (part, id) => part.answers.find((one) => one.id === id)?.says.join(" ") ?? "";

export function pays() {
  const part = ui.story?.pays;
  if (!part) return null;
  const rows = part.rows.filter((one) => one.lost_usd + one.floor_usd + one.refused_usd > 1e5);
  const top = rows.slice(0, 6).map((one) => [seatName(one.zone), one.lost_usd]);
  return h("section", { key: "pays", "data-part": "pays" },
    drawFigure(common({ id: "pays", level: "h2", title: saysOf(part, "others") || t("watch.pays"),
    sub: t("watch.pays_sub"),
    picture: top.length ? bars(top, "url(#pLOSS)", money) : h("p", null, t("watch.pays_none")),
      more: h("p", { class_: "sub" }, saysOf(part, "floor")),
    table: () => ({ columns: ["zone", "lost", "refused", "floor", "subsidies", "stocks",
      "tariffs"].map((one) => t(`watch.bill_${one}`)),
      rows: part.rows.map((one) => [seatName(one.zone), ...[one.lost_usd, one.refused_usd, one.floor_usd,
        one.subsidies_usd, one.stocks_usd, one.tariffs_usd].map(money)]) }) })));
}

export function complies() {
  const part = ui.story?.complies;
  if (!part) return null;
  const here = (series) => series?.[ui.head] ?? 0;
  const sum = (series) => series.slice(0, ui.head + 1).reduce((all, x) => all + (x ?? 0), 0);
  const afraid = Object.entries(part.refuses).map(([zone, series]) => [seatName(zone), here(series)])
    .filter((one) => one[1] >= 0.005)
    .sort((a, b) => b[1] - a[1]).slice(0, 6);
  return h("section", { key: "complies", "data-part": "complies" },
    drawFigure(common({ id: "complies", level: "h2", title: saysOf(part, "caught") || t("watch.complies"),
    sub: t("watch.complies_sub", { zone: seatName(part.zone) }),
    picture: afraid.length ? bars(afraid, "url(#pFE)", share)
      : h("p", null, t("watch.complies_none", { zone: seatName(part.zone) })),
    table: () => ({ columns: ["zone", "caught", "help", "traders", "premium"].map((one) =>
      t(`watch.hub_${one}`)),
      rows: part.hubs.map((one) => [seatName(one.zone), num(sum(one.detections)),
        share(here(one.cooperation)), num(here(one.active_traders)), share(here(one.grey_premium))]) }) })));
}

// Questions that a run answers by one press; to play it otherwise is a game of its own.
export function fork() {
  const all = [...(ui.story?.complies.answers ?? []), ...(ui.story?.pays.answers ?? [])];
  const open = all.find((one) => one.id === ui.answer) ?? all[0];
  return h("section", { class_: "card fork", key: "fork", "data-part": "fork" }, h("p", { class_: "kick" },
    t("watch.fork_kick")), h("h2", null, t("watch.fork")),
    h("div", { class_: "qs" },
      all.map((one) => h("button", { type: "button", class_: "chip", "data-ask": one.id,
      "aria-pressed": String(one === open),
      onclick: () => { ui.answer = one.id; redraw(); } }, one.question))),
    h("p", { class_: "ans", "aria-live": "polite", "data-show": "answer" }, open?.says.join(" ") ?? ""),
      ui.run && h("p", { class_: "src" }, source()),
    !ui.state?.guest && !ui.state?.stored
      && h("p", null, h("a", { class_: "btn go small",
      href: at(`/start?for=alone&scenario=${encodeURIComponent(ui.state?.scenario ?? "")}`) },
      t("watch.play_it"))));
}

