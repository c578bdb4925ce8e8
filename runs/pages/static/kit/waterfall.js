// A waterfall: level, steps, level. It adds up by construction: bars begin where the last one ended.
//
// drawWaterfall(rows, {width, show, label, up}): rows [{name, value, kind: "start" | "step" | "end", fill}]
//   fill "china" | "fear" | "stock" | "carried", else worse is hatched and better plain
// inTenths(rows) gives them the values that are written: tenths of the unit, which add up as well

import { s } from "../base/elements.js";

const FILLS = { china: "url(#pCN)", fear: "url(#pFE)", stock: "url(#pST)", carried: "var(--edge)" };

// What rounding leaves over goes to the steps that it moved most, to those that are written as 0 last.
export function inTenths(rows) {
  const tenths = rows.map((row) => Math.round(row.value * 10));
  let over = rows.reduce((sum, row, i) => sum + (row.kind === "end" ? tenths[i] : -tenths[i]), 0);
  const sign = Math.sign(over), moved = (i) => sign * (rows[i].value * 10 - tenths[i]);
  const steps = [...rows.keys()].filter((i) => rows[i].kind === "step")
    .sort((a, b) => (tenths[a] === 0) - (tenths[b] === 0) || moved(b) - moved(a));
  for (let i = 0; over !== 0 && i < steps.length; i++, over -= sign) tenths[steps[i]] += sign;
  return rows.map((row, i) => ({ ...row, value: tenths[i] / 10 }));
}

export function drawWaterfall(rows, o) {
  const w = o.width ?? 660, high = o.rowHeight ?? 40, left = o.left ?? Math.min(250, w * 0.4),
    right = o.right ?? 66;
  const size = o.size ?? 14, h = rows.length * high + 6;
  let run = 0, lo = 0, hi = 0;
  const bars = rows.map((row) => {
    const level = row.kind !== "step", from = level ? 0 : run;
    run = level ? row.value : run + row.value;
    lo = Math.min(lo, run);
    hi = Math.max(hi, run);
    return { ...row, level, from, to: run };
  });
  if (o.low !== undefined) lo = o.low;
  const cut = lo > 0; // a cut axis: levels are marks, never bars
  const x = (value) => left + ((value - lo) / (hi - lo || 1)) * (w - left - right);
  return s("svg", { viewBox: `0 0 ${w} ${h}`, width: "100%", role: "img", "aria-label": o.label },
    bars.map((row, i) => drawRow(row, i, { w, high, left, size, x, cut, last: i === bars.length - 1,
      ...o })));
}

function drawRow(row, i, o) {
  const y = i * o.high, middle = y + o.high / 2 + o.size * 0.35;
  const [a, b] = [o.x(row.from), o.x(row.to)].sort((p, q) => p - q);
  const worse = o.up ? row.value < 0 : row.value > 0;
  const fill = row.level ? "var(--ink)" : FILLS[row.fill] || (worse ? "url(#pLOSS)" : "var(--gain)");
  const text = o.show(Math.abs(row.value)), nil = !row.level && Number(text.replace(/[^\d.]/g, "")) === 0;
  const sign = nil || row.level ? (row.value < 0 && row.level ? "−" : "") : row.value > 0 ? "+" : "−";
  const mark = row.level && o.cut;
  return s("g", { key: `row${i}` },
    i > 0 && s("path", { d: `M0 ${y}H${o.w}`, stroke: "var(--rule)" }),
    label(row, o, middle),
    mark ? s("rect", { x: o.x(row.to) - 3, y: y + o.high * 0.12, width: 6, height: o.high * 0.76, rx: 2,
      fill })
      : s("rect", { x: a, y: y + o.high * 0.2, width: Math.max(1.5, b - a), height: o.high * 0.6, rx: 2,
        fill }),
    !o.last && s("path", { d: `M${o.x(row.to)} ${y + o.high * 0.2}V${y + o.high * 1.8}`,
      stroke: "var(--ink3)",
      "stroke-dasharray": "2 2" }),
    s("text", { x: (mark ? o.x(row.to) + 3 : b) + 8, y: middle, "font-size": o.size, "font-weight": 700,
      fill: row.level ? "var(--ink)" : nil ? "var(--ink2)" : worse ? "var(--loss)" : "var(--gain)",
      "paint-order": "stroke", stroke: "var(--card)", "stroke-width": 3 }, sign + text));
}

// How long a text is in its own size: letters of Chinese, Japanese and Korean are nearly square.
export const long = (text) => [...text].reduce((sum, one) => sum + (one > "\u2e7f" ? 0.95 : 0.56), 0);

// A long name goes on a second line rather than under its bar; Chinese and Japanese have no spaces.
function label(row, o, middle) {
  const most = (o.left - 8) / o.size, lines = [""];
  for (const piece of row.name.split(/(?<=[ \u3040-\u30ff\u4e00-\u9fff])/)) {
    const now = lines[lines.length - 1];
    if (now && long((now + piece).trim()) > most && lines.length < 2) lines.push(piece);
    else lines[lines.length - 1] = now + piece;
  }
  const size = lines.length > 1 ? o.size - 1 : o.size;
  return lines.map((text, i) => s("text", { x: 0, y: middle + (lines.length > 1 ? (i ? 8 : -8) : 0),
    "font-size": size, "font-weight": row.level ? 700 : 600, fill: "var(--ink)" }, text.trim()));
}
