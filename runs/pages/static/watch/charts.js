// The figures of the watch page that tell of the whole run: lead chart, small multiples; and news.

import { h, s } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { t } from "../base/words.js";
import { drawChart, dropGone, learnCharts, moveWeek } from "../kit/chart.js";
import { drawFigure } from "../kit/figure.js";
import { icon } from "../kit/icons.js";
import { drawMultiple, moveWeeks } from "../kit/multiple.js";
import { dateOf, dayOf, figure, money, monthsOf, share, shortDay } from "../kit/say.js";
import { withTerms } from "../kit/terms.js";
import { go, link, redraw, shortTitle, shownLast, told, ui, weeks } from "./state.js";

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

export const source = () => t("watch.source", { title: shortTitle(ui.state.scenario), seed: ui.state.seed,
  n: num(ui.run.played) });
export const common = (one) => ({ source: source(), link, again: redraw, level: "h3", ...one });

// The band of other lucks around the main line of the lead chart, once it has come.
const bandOf = (chart) => (chart.id === "price" && ui.band?.material === chart.material
  && ui.band.zone === chart.zone ? ui.band : null);

// Every week of a chart's lines and of its band, for its table and its file.
const columnsOf = (chart) => {
  const band = bandOf(chart), n = num(band?.lucks);
  return [...chart.lines, ...(band ? [{ name: t("watch.band_low", { n }), values: band.low },
    { name: t("watch.band_high", { n }), values: band.high }] : [])];
};
const tableOf = (chart) => () => ({
  columns: [t("watch.week"), t("watch.from"), ...columnsOf(chart).map((one) => one.name)],
  rows: chart.lines[0].values.map((_, week) => [num(week), dateOf(ui.run.start, week),
    ...columnsOf(chart).map((one) => SHOW[chart.unit](one.values[week]))]),
});
const dataOf = (chart) => () => ({ columns: ["week", "date", ...columnsOf(chart).map((one) => one.name)],
  rows: chart.lines[0].values.map((_, week) => [week, dateOf(ui.run.start, week),
    ...columnsOf(chart).map((one) => one.values[week] ?? "")]) });

function strokes(lines) {
  let others = 0;
  return lines.map((one) => STROKES[one.role] ?? OTHERS[Math.min(others++, OTHERS.length - 1)]);
}

const ALIKE = 0.01; // of a price: lucks that are nearer to each other are all the same
const isFlat = (band) => band.high.every((x, i) => x === null || x - band.low[i] <= ALIKE * Math.abs(x));
const bandText = (band) => (band ? t(isFlat(band) ? "watch.band_flat" : "watch.band",
  { n: num(band.lucks) }) : "");

// Charts of the library draw within hosts of their own, after the page stands.
const wanted = new Map();
const seen = new Map();

function chartHost(id, chart, low) {
  const key = [ui.run.played, ui.run.material, ui.run.zone, document.documentElement.dataset.theme,
    chart.title, bandOf(chart)?.lucks].join(); // the title: words may come after the language was chosen
  wanted.set(id, { key, chart });
  return h("div", { class_: `plot${low ? " low" : ""} hold`, id: `plot-${id}`, "data-own": "",
    key: `plot-${id}`, role: "img", "aria-label": [chart.title, bandText(bandOf(chart))].filter(Boolean).join(
      ". ") });
}

// The page does not wait for them.
let soon = 0;
export function drawCharts() {
  moveWeeks(ui.head);
  clearTimeout(soon);
  soon = setTimeout(chartsNow, 0);
}

async function chartsNow() {
  dropGone();
  if (!wanted.size) return;
  const library = await learnCharts();
  for (const [id, { key, chart }] of wanted) {
    const host = document.getElementById(`plot-${id}`);
    if (!host) {
      wanted.delete(id);
      seen.delete(id);
    }
    if (!host || !library || !host.clientWidth) continue;
    if (seen.get(id) !== key || !host.firstElementChild) {
      seen.set(id, key);
      drawChart(host, library, optionsOf(chart));
    }
    moveWeek(host, library, ui.head);
  }
}

// Months between two labels of an axis: as many as there is room for.
const everyMonths = (all) => (all > (innerWidth < 720 ? 80 : 200) ? 12 : 3);

function optionsOf(chart) {
  const start = ui.run.start, all = weeks(), stack = chart.kind === "stack";
  const axis = new Map(monthsOf(start, all, everyMonths(all)).map((one) => [one.week, one.text]));
  const lines = chart.lines.filter((one) => !stack || one.role === "main"), look = strokes(lines);
  const padded = (values) => [...values, ...Array(Math.max(0, all - values.length)).fill(null)];
  return {
    dates: Array.from({ length: all }, (_, week) => dayOf(dateOf(start, week))), axis,
    show: (x) => SHOW[chart.unit](x), pick: (week) => go(Math.min(week, shownLast())),
    band: bandOf(chart) && { low: padded(bandOf(chart).low), high: padded(bandOf(chart).high),
      colour: "--loss", text: bandText(bandOf(chart)), flat: isFlat(bandOf(chart)) },
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
      h("div", { class_: "h" }, withTerms(one.say)), h("div", { class_: "w" }, shortDay(one.date)),
      one.why && h("div", { class_: "y" }, withTerms(one.why)))),
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
  return Math.max(240, Math.floor((Math.min(1392, innerWidth) - edge - 28 * (across - 1)) / across));
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
