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
  const left = Math.min(w * 0.4, Math.max(90, ...rows.map((row) => long(row.name) * SIZE + 14)));
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
    const lines = note.length ? lined(note, w - left, 14) : [];
    y += 26 + lines.length * 18 + (several ? 6 : 2);
    return drawRow(row, { ...o, w, left, top, x, lines });
  });
  return s("svg", { viewBox: `0 0 ${w} ${y}`, width: "100%", role: "img", "aria-label": o.label },
    key.flatMap((line, i) => line.map((one) => s("g", null,
      s("rect", { x: one.x, y: i * 22 + 3, width: 16, height: 12, rx: 2, fill: one.fill }),
      s("text", { x: one.x + 22, y: i * 22 + 14, "font-size": SMALL, fill: "var(--ink2)" }, one.name)))),
    lo < 0 && s("path", { d: `M${x(0)} ${key.length * 22}V${y}`, stroke: "var(--edge)" }), drawn);
}

function drawRow(row, o) {
  let up = 0, down = 0;
  const bars = o.parts.filter(({ id }) => row.values[id]).map(({ id, fill }) => {
    const value = row.values[id], from = value > 0 ? up : down, to = from + value;
    if (value > 0) up = to;
    else down = to;
    const [a, b] = [o.x(from), o.x(to)].sort((p, q) => p - q);
    return s("rect", { x: a, y: o.top + 4, width: Math.max(1.5, b - a - (b - a > 4 ? 1 : 0)), height: BAR,
      rx: 2, fill: value < 0 ? "var(--gain)" : fill, "data-part-of": id });
  });
  const middle = o.top + 4 + BAR - 3;
  return s("g", null,
    s("text", { x: 0, y: middle, "font-size": SIZE, "font-weight": 600, fill: "var(--ink)" }, row.name), bars,
    s("text", { x: Math.max(o.x(up), o.x(0) + 2) + 8, y: middle, "font-size": SIZE, "font-weight": 700,
      fill: "var(--ink)" }, o.show(row.total)),
    o.lines.map((line, i) => line.map((one) => s("text", { x: o.left + one.x, y: o.top + 36 + i * 18,
      "font-size": SMALL, fill: "var(--ink2)" }, one.text))));
}
