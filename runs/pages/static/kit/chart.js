// Time series with tooltips: Apache ECharts with the SVG renderer and one theme read from the tokens.
// The charts of a page share their tooltip. Labels stand at the lines, inside the box.

import { at } from "../base/root.js";

const SOURCE = "/_solara/cdn/echarts@5.4.0/dist/echarts.min.js";
const GROUP = "page";
let library = null;

// The library, once for a page; null where it cannot be had, so that the table is shown.
export function learnCharts() {
  library ??= new Promise((done) => {
    const fail = () => done(null);
    if (window.echarts) done(window.echarts);
    else if (window.requirejs) window.requirejs([at(SOURCE)], done, fail); // which it would call by itself
    else {
      const script = document.createElement("script");
      script.src = at(SOURCE);
      script.onload = () => done(window.echarts ?? null);
      script.onerror = fail;
      document.head.append(script);
    }
  });
  return library;
}

export function theme() {
  const style = getComputedStyle(document.documentElement), v = (name) => style.getPropertyValue(name).trim();
  const axis = { axisLine: { lineStyle: { color: v("--edge") } }, axisTick: { show: false },
    axisLabel: { color: v("--ink2"), fontSize: 12 }, splitLine: { lineStyle: { color: v("--rule") } } };
  return { v, axis, base: { textStyle: { fontFamily: v("--sans"), color: v("--ink") }, animation: false,
    tooltip: { trigger: "axis", backgroundColor: v("--card"), borderColor: v("--edge"), confine: true,
      textStyle: { color: v("--ink"), fontSize: 13 }, axisPointer: { type: "line",
        lineStyle: { color: v("--ink2") } } } } };
}

const BAND = 0.16; // opacity
const dash = { dashed: [6, 3], dotted: [2, 2] };

// Draws or redraws: {dates, lines: [{name, values, colour, width, type, label}], band: {low, high, colour,
// text, flat}, marks, show, axis,
// stack: [{name, values, colour, decal}], pick}
export function drawChart(place, echarts, o) {
  let host = place.firstElementChild; // the library's own, out of reach of who draws the page
  if (!host) {
    host = place.appendChild(document.createElement("div"));
    host.className = "canvas";
  }
  const found = echarts.getInstanceByDom(host);
  const chart = found ?? echarts.init(host, null, { renderer: "svg" });
  if (!found) {
    chart.group = GROUP;
    echarts.connect(GROUP);
    new ResizeObserver(() => chart.resize()).observe(host);
    chart.getZr().on("click", (event) => {
      const week = chart.convertFromPixel({ xAxisIndex: 0 }, [event.offsetX, event.offsetY])?.[0];
      const { left, width } = chart.getModel().getComponent("grid").coordinateSystem.getRect();
      if (event.offsetX >= left && event.offsetX <= left + width) host._pick?.(Math.round(week));
    });
  }
  host._pick = o.pick;
  const { v, axis, base } = theme(), colour = (name) => (name.startsWith("--") ? v(name) : name);
  const longest = Math.max(0, ...o.lines.map((one) => wideOf(one.label ?? "")));
  chart.setOption({
    ...base, grid: { left: 52, right: Math.max(20, longest + 12), top: o.marks?.length ? 58 : 14,
      bottom: 26 },
    xAxis: { type: "category", data: o.dates, boundaryGap: false, ...axis, splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, interval: (i) => o.axis.has(i), formatter: (d, i) =>
        o.axis.get(i) ?? "" } },
    yAxis: { type: "value", ...axis, axisLine: { show: false }, axisLabel: { ...axis.axisLabel,
      formatter: o.show } },
    tooltip: { ...base.tooltip, valueFormatter: (x) => (x === null || x === undefined ? "–" : o.show(x)) },
    series: [...bandOf(o, colour), ...(o.stack ?? []).map((one) => layer(one, colour, v)),
      ...o.lines.map((one, i) => lineOf(one, i, o, colour, v))],
  }, { notMerge: true });
  chart.setOption({ graphic: [...names(chart, o, colour), ...bandName(chart, o, colour)] });
  return chart;
}

// Moves the dotted week of a chart that stands; nothing else of it is drawn again.
export function moveWeek(place, echarts, at) {
  const chart = place.firstElementChild && echarts.getInstanceByDom(place.firstElementChild);
  if (!chart) return;
  const { y, height } = chart.getModel().getComponent("grid").coordinateSystem.getRect();
  const x = Math.round(chart.convertToPixel({ xAxisIndex: 0 }, at)) + 0.5;
  const shape = { x1: x, x2: x, y1: y, y2: y + height }, stroke = theme().v("--ink");
  if (!chart._week) {
    const style = { lineWidth: 1.4, lineDash: [2, 3] };
    chart._week = new echarts.graphic.Line({ silent: true, z: 20, style });
    chart.getZr().add(chart._week);
  }
  chart._week.attr({ shape, style: { stroke } });
}

// The names of the lines beside their ends, each on a line of its own.
function names(chart, o, colour) {
  const ends = o.lines.filter((one) => one.label).map((one) => {
    const week = one.values.reduce((last, x, i) => (x === null ? last : i), 0);
    return { one, x: chart.convertToPixel({ xAxisIndex: 0 }, week),
      y: chart.convertToPixel({ yAxisIndex: 0 }, one.values[week] ?? 0) };
  }).sort((a, b) => a.y - b.y);
  const foot = chart.getHeight() - 34;
  ends.forEach((end, i) => { end.y = Math.max(end.y - 7, i ? ends[i - 1].y + 15 : 0); });
  for (let i = ends.length - 1, under = foot; i >= 0; i--, under -= 15) ends[i].y = Math.min(ends[i].y,
    under);
  return ends.map(({ one, x, y }) => ({ type: "text", left: x + 8, top: y, silent: true,
    style: { text: one.label,
    fill: colour(one.ink ?? one.colour),
      font: `${one.width > 2.5 ? 700 : 400} 13px ${theme().v("--sans")}` } }));
}

// What the band is, said on the chart above its foot.
function bandName(chart, o, colour) {
  if (!o.band) return [];
  const top = chart.getHeight() - 48, ink = { silent: true, z: 90 };
  return [!o.band.flat && { ...ink, type: "rect", left: 60, top: top + 2, shape: { width: 18, height: 11 },
    style: { fill: colour(o.band.colour), opacity: 2 * BAND } },
  { ...ink, type: "text", left: o.band.flat ? 60 : 84, top,
    style: { text: o.band.text, fill: colour("--ink2"), stroke: colour("--card"), lineWidth: 3,
      font: `400 12px ${theme().v("--sans")}` } }].filter(Boolean);
}

function bandOf(o, colour) {
  if (!o.band) return [];
  const base = { type: "line", stack: "band", lineStyle: { opacity: 0 }, showSymbol: false, silent: true,
    z: 0, tooltip: { show: false } };
  const { low, high } = o.band;
  return [{ ...base, data: low }, { ...base, data: high.map((x, i) => (x === null ? null : x - low[i])),
    areaStyle: { color: colour(o.band.colour), opacity: BAND } }];
}

const layer = (one, colour, v) => ({ name: one.name, type: "line", stack: "layers", data: one.values,
  showSymbol: false,
  lineStyle: { width: 0.8, color: v("--card") }, areaStyle: { color: colour(one.colour), opacity: 1 },
  itemStyle: { color: colour(one.colour), decal: one.decal
    && { ...one.decal, color: colour(one.decal.color) } } });

function lineOf(one, i, o, colour, v) {
  const marks = i === 0 && { markLine: { symbol: "none", silent: true, data: [
    ...(o.marks ?? []).map((mark, row) => ({ xAxis: mark.week, lineStyle: { color: v("--edge"), type: [3, 3],
      width: 1 },
      label: { formatter: mark.text, padding: [0, 4, 13 * (row % 3), 4], position: "end", color: v("--ink2"),
        fontSize: 12, align: mark.turned ? "right" : "left" } })),
  ] } };
  return { name: one.name, type: "line", data: one.values, showSymbol: false, z: 3 + (one.width ?? 2),
    lineStyle: { width: one.width ?? 2, color: colour(one.colour), type: dash[one.type] ?? "solid" },
    itemStyle: { color: colour(one.colour) }, ...marks };
}

const wideOf = (text) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 13.5 : 7.4), 0);
