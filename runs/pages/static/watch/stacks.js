// Bars of one scale, each of one part or of several one after another. Less than nothing stands left of 0.
//
// drawStacks(rows, {parts, show, label, width}): rows [{name, values: by part, total, note: [text]}],
//   parts [{id, name, fill}]; a key of the parts stands above where there are several

import { s } from "../base/elements.js";
import { long } from "../kit/waterfall.js";

const SIZE = 14, SMALL = 13, BAR = 16;

// Pieces in lines that are no longer than the width; each piece keeps together.
function lined(pieces, width, gap) {
  const lines = [[]];
  let at = 0;
  for (const piece of pieces) {
    if (at && at + piece.wide > width) { lines.push([]); at = 0; }
    lines[lines.length - 1].push({ ...piece, x: at });
    at += piece.wide + gap;
  }
  return lines;
}

export function drawStacks(rows, o) {
  const w = o.width ?? 660, parts = o.parts;
  const longest = Math.max(90, ...rows.map((row) => long(row.name) * SIZE + 14));
  const above = longest > w * 0.4, left = above ? 0 : longest; // names that are too long stand above
  const right = Math.max(60, ...rows.map((row) => long(o.show(row.total)) * SIZE + 14));
  const sum = (row, sign) => parts.reduce((all, { id }) =>
    all + Math.max(0, sign * (row.values[id] || 0)), 0);
  const lo = -Math.max(0, ...rows.map((row) => sum(row, -1))), hi = Math.max(0, ...rows.map((row) =>
    sum(row, 1)));
  const x = (value) => left + ((value - lo) / (hi - lo || 1)) * (w - left - right);
  const several = parts.length > 1;
  const key = several ? lined(parts.map((one) => ({ ...one, wide: 22 + long(one.name) * SMALL })), w, 16)
    : [];
  let y = key.length * 22 + (several ? 6 : 0);
  const drawn = rows.map((row) => {
    const top = y, note = (row.note ?? []).map((text) => ({ text, wide: long(text) * SMALL }));
    const at = w < 400 ? 0 : x(0), lines = note.length ? lined(note, w - at, 12) : [];
    y += 26 + (above ? 18 : 0) + lines.length * 18 + (several ? 6 : 2);
    return drawRow(row, { ...o, top, bar: top + (above ? 22 : 4), above, x, lines, at });
  });
  return s("svg", { viewBox: `0 0 ${w} ${y}`, width: "100%", role: "img", "aria-label": o.label },
    key.flatMap((line, i) => line.map((one) => s("g", null,
      s("rect", { x: one.x, y: i * 22 + 3, width: 16, height: 12, rx: 2, fill: one.fill }),
      s("text", { x: one.x + 22, y: i * 22 + 14, "font-size": SMALL, fill: "var(--ink2)" }, one.name)))),
    drawn);
}

function drawRow(row, o) {
  let up = 0, down = 0;
  const bars = o.parts.filter(({ id }) => row.values[id]).map(({ id, fill }) => {
    const value = row.values[id], from = value > 0 ? up : down, to = from + value;
    if (value > 0) up = to;
    else down = to;
    const [a, b] = [o.x(from), o.x(to)].sort((p, q) => p - q);
    return s("rect", { x: a, y: o.bar, width: Math.max(1.5, b - a - (b - a > 4 ? 1 : 0)), height: BAR,
      rx: 2, fill, "data-part-of": id });
  });
  const middle = o.bar + BAR - 3;
  return s("g", null,
    s("text", { x: 0, y: o.above ? o.top + 15 : middle, "font-size": SIZE, "font-weight": 600,
      fill: "var(--ink)" }, row.name), bars,
    down < 0 && s("path", { d: `M${o.x(0)} ${o.bar - 3}v${BAR + 6}`, stroke: "var(--ink)" }),
    s("text", { x: Math.max(o.x(up), o.x(0) + 2) + 8, y: middle, "font-size": SIZE, "font-weight": 700,
      fill: "var(--ink)" }, o.show(row.total)),
    o.lines.map((line, i) => s("text", { x: o.at, y: o.bar + 32 + i * 18, "font-size": SMALL,
      fill: "var(--ink2)" }, line.map((one) => one.text).join(" · "))));
}
