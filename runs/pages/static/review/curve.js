// The curve of a game by quarter: as it was, with AI in the seat, and without what moved it most. The
// seat's own decisions stand on it as numbers that the keyboard reaches.

import { s } from "../base/elements.js";

const TOP = 40, FOOT = 30, PIN = 10;
const wideOf = (text) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 13.5 : 7.4), 0);

const step = (span) => {
  const size = 10 ** Math.floor(Math.log10(span || 1));
  return [0.2, 0.25, 0.5, 1, 2, 2.5, 5].map((one) => one * size).find((one) => span / one <= 5) ?? size * 10;
};

// Between which values the axis runs, and its lines: points within 0 to 100 and never fewer than ten.
function axisOf(values, points) {
  let low = Math.min(...values), high = Math.max(...values);
  if (points && high - low < 10) [low, high] = [(low + high) / 2 - 5, (low + high) / 2 + 5];
  if (!points) [low, high] = [Math.min(0, low), Math.max(0, high, low + 1e-9)];
  const one = step(high - low), first = Math.floor(low / one) * one, last = Math.ceil(high / one) * one;
  const [from, to] = points ? [Math.max(0, first), Math.min(100, last)] : [first, last];
  const ticks = [];
  for (let v = from; v <= to + one / 2; v += one) ticks.push(Math.min(v, to));
  return { from, to, ticks };
}

// {width, height, turns, lines: [{values, colour, width, dash, label}], pins: [{turn, say}],
// marks: [{turn, text}], points, show, label, names, chosen, choose}; the opening is turn 0
export function drawCurve(o) {
  const w = o.width, h = o.height, known = o.lines.flatMap((one) => one.values.filter((v) => v !== null));
  if (!known.length) return null;
  const { from, to, ticks } = axisOf(known, o.points);
  const left = 20 + Math.max(...ticks.map((v) => wideOf(o.show(v)))); // a decision may stand on the axis
  const right = 14 + Math.max(...o.lines.map((one) => wideOf(one.label)));
  const x = (turn) => left + (turn / Math.max(1, o.turns)) * (w - left - right);
  const y = (v) => TOP + (1 - (v - from) / (to - from || 1)) * (h - TOP - FOOT);
  const room = { w, h, left, right, x, y };
  return s("svg", { viewBox: `0 0 ${w} ${h}`, width: "100%", role: "group", "aria-label": o.label,
    class_: "curve" },
    ticks.map((v, i) => s("g", { key: `t${i}`, "aria-hidden": "true" },
      s("path", { d: `M${left} ${y(v)}H${w - right}`, stroke: i ? "var(--rule)" : "var(--edge)" }),
      s("text", { x: left - 14, y: y(v) + 4, "text-anchor": "end", "font-size": 12, fill: "var(--ink2)" },
        o.show(v)))),
    turnNames(o, room), marks(o, room),
    [...o.lines].reverse().map((one) => s("path", { key: `l${one.id}`, "data-line": one.id,
      d: path(one.values, room), fill: "none", stroke: one.colour, "stroke-width": one.width,
      "stroke-dasharray": one.dash, "stroke-linejoin": "round" })),
    labels(o.lines, room), pins(o, room));
}

const path = (values, { x, y }) => values.map((v, i) => (v === null ? "" : `${i && values[i - 1] !== null
  ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).join("");

function turnNames(o, { x, h }) {
  const longest = Math.max(...Array.from({ length: o.turns + 1 }, (_, turn) => wideOf(o.names(turn))));
  const every = Math.ceil((longest + 10) / (x(1) - x(0)));
  return Array.from({ length: o.turns + 1 }, (_, turn) => turn % every === 0 && s("text", { key: `n${turn}`,
    x: x(turn), y: h - 8, "font-size": 12, "text-anchor": turn ? "middle" : "start", fill: "var(--ink2)",
    "aria-hidden": "true" }, o.names(turn)));
}

// What happened in a week, as a line with its words at the top, on rows of their own.
const marks = (o, { x, h, w }) => (o.marks ?? []).map((one, row) => {
  const at = x(one.turn), turned = at + wideOf(one.text) > w - 8;
  return s("g", { key: `m${one.turn}` }, s("path", { d: `M${at} ${TOP - 8 - 14 * (row % 2)}V${h - FOOT}`,
    stroke: "var(--china)", "stroke-width": 1.2, "stroke-dasharray": "3 3" }),
  s("text", { x: at + (turned ? -5 : 5), y: 26 - 14 * (row % 2), "text-anchor": turned ? "end" : "start",
    "font-size": 12, fill: "var(--ink2)", "paint-order": "stroke", stroke: "var(--page)", "stroke-width": 4 },
  one.text));
});

// The names of the lines beside their ends, each on a line of its own.
function labels(lines, { w, h, right, y }) {
  const ends = lines.filter((one) => one.label).map((one) => ({ one,
    y: y(one.values.findLast((v) => v !== null) ?? 0) + 4 })).sort((a, b) => a.y - b.y);
  ends.forEach((end, i) => { end.y = Math.max(end.y, i ? ends[i - 1].y + 17 : 14); });
  for (let i = ends.length - 1, foot = h - FOOT; i >= 0; i--, foot -= 17)
    ends[i].y = Math.min(ends[i].y, foot);
  return ends.map(({ one, y: at }) => s("text", { key: `e${one.id}`, x: w - right + 8, y: at, "font-size": 13,
    "font-weight": one.width > 3 ? 700 : 400, fill: one.ink ?? one.colour, "aria-hidden": "true" },
  one.label));
}

// A decision stands where its turn begins, which is the end of the one before.
function pins(o, { x, y }) {
  const was = o.lines[0].values;
  return (o.pins ?? []).map((one) => {
    const at = one.turn - 1, value = was[at] ?? was[one.turn];
    if (value === null || value === undefined) return null;
    const chosen = o.chosen === one.turn;
    return s("g", { key: `p${one.turn}`, class_: "pin", tabindex: 0, role: "button", "data-pin": one.turn,
      "aria-label": one.say, "aria-pressed": String(chosen),
      transform: `translate(${x(at).toFixed(1)} ${y(value).toFixed(1)})`,
      onfocus: () => o.choose(one.turn), onclick: () => o.choose(one.turn) },
    s("circle", { r: 22, fill: "transparent" }),
    s("circle", { r: PIN, fill: chosen ? "var(--page)" : "var(--ink)", stroke: "var(--ink)",
      "stroke-width": 2 }),
    s("text", { y: 4, "text-anchor": "middle", "font-size": 12, "font-weight": 700,
      fill: chosen ? "var(--ink)" : "var(--page)" }, String(one.turn)));
  });
}
