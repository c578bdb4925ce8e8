// The time line: Beijing's ladder as a striped step, months, flags, and the head, which is the slider.
//
// drawTimeline({width, at, played, weeks, rung, dates, flags, months, label, said, go, step, axis, height})
//   flags [{week, text, row}]; go(week) moves the head, now() is where it stands.

import { s } from "../base/elements.js";

const PAD = 10;

export function drawTimeline(o) {
  const w = Math.max(200, o.width), n = Math.max(2, o.weeks), h = o.height ?? 104, base = h - 20;
  const x = (week) => PAD + (week / (n - 1)) * (w - 2 * PAD), y = (rung) => base - 3 - rung * (o.step ?? 3.4);
  const week = (clientX, box) => Math.round(((clientX - box.left) * (w / box.width) - PAD) / (w - 2 * PAD) * (
    n - 1));
  const seek = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    o.go(Math.max(0, Math.min(n - 1, week(event.clientX, box))));
  };
  let steps = `M${x(0)} ${base}`;
  o.rung.forEach((r, i) => {
    steps += `L${x(i).toFixed(1)} ${y(r)}L${x(Math.min(i + 1, n - 1)).toFixed(1)} ${y(r)}`;
  });
  steps += `L${x(Math.max(0, o.rung.length - 1)).toFixed(1)} ${base}z`;
  const id = `past${o.id ?? ""}`;
  return s("svg", {
    viewBox: `0 0 ${w} ${h}`, preserveAspectRatio: "none", role: "slider", tabindex: 0, "aria-label": o.label,
    "aria-valuemin": 0, "aria-valuemax": n - 1, "aria-valuenow": o.at, "aria-valuetext": o.said,
    "data-at": o.at, height: h,
    onkeydown: (event) => {
      const to = target(event, o.now?.() ?? o.at, n); // keys are faster than pictures
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation();
      o.go(Math.max(0, Math.min(n - 1, to)));
    },
    onpointerdown: (event) => { event.currentTarget.setPointerCapture?.(event.pointerId); seek(event); },
    onpointermove: (event) => { if (event.buttons & 1) seek(event); },
  },
  s("clipPath", { id }, s("rect", { x: 0, y: 0, width: x(o.at), height: h })),
  s("path", { d: steps, fill: "var(--china)", "fill-opacity": 0.16 }),
  s("path", { d: steps, fill: "url(#pCN)", "fill-opacity": 0.8, "clip-path": `url(#${id})` }),
  s("path", { d: `M${PAD} ${base}H${w - PAD}`, stroke: "var(--edge)" }),
  o.axis !== false && o.months.map((one, i) => one.week < n && s("g", { key: `m${i}` },
    s("path", { d: `M${x(one.week)} ${base}v5`, stroke: "var(--edge)" }),
    s("text", { x: x(one.week) + 3, y: base + 16, "font-size": 12, fill: "var(--ink2)" }, one.text))),
  o.played < n - 1 && s("path", { d: `M${x(o.played)} ${base}H${w - PAD}`, stroke: "var(--rule)",
    "stroke-width": 4 }),
  place(o.flags, x, w).map((flag, i) => drawFlag(flag, i, o, x, base)),
  s("path", { d: `M${x(o.at)} 2V${base + 4}`, stroke: "var(--ink)", "stroke-width": 2 }),
  s("circle", { class_: "grip", cx: x(o.at), cy: base, r: 9, fill: "var(--card)", stroke: "var(--ink)",
    "stroke-width": 3 }));
}

// Where a key leads, null for one that leads nowhere.
export function target(event, at, n) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const far = event.shiftKey ? 13 : 1;
  return { ArrowLeft: at - far, ArrowRight: at + far, ArrowDown: at - far, ArrowUp: at + far,
    PageDown: at - 13, PageUp: at + 13, Home: 0, End: n - 1 }[event.key] ?? null;
}

const wideOf = (text) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 12.5 : 6.9),
  24);

// Three rows; what does not fit on any of them is dropped, the first of its kind stands.
function place(flags, x, w) {
  const ends = [-1, -1, -1], put = [];
  for (const flag of [...flags].sort((a, b) => a.week - b.week)) {
    const at = x(flag.week), wide = wideOf(flag.text), turned = at + wide > w;
    const from = turned ? at - wide : at;
    const row = ends.findIndex((end) => end < from);
    if (row < 0) continue;
    ends[row] = turned ? at + 10 : at + wide;
    put.push({ ...flag, row, turned });
  }
  return put;
}

function drawFlag(flag, i, o, x, base) {
  const at = x(flag.week), past = flag.week <= o.at, y = 16 + flag.row * 17, r = flag.turned ? -1 : 1;
  const colour = past ? "var(--ink)" : "var(--edge)";
  return s("g", { key: `f${i}`, class_: "flag", "data-flag": flag.week,
    onpointerdown: (event) => { event.stopPropagation(); o.go(flag.week); } },
  s("path", { d: `M${at} ${base}V${y - 9}`, stroke: colour, "stroke-width": 1.3 }),
  s("path", { d: `M${at} ${y - 10}h${7 * r}l${-2 * r} 3.5 ${2 * r} 3.5h${-7 * r}z`, fill: colour }),
  flag.week === o.at && s("circle", { class_: "ring", key: "ring", cx: at, cy: y - 6, r: 6, fill: "none",
    stroke: "var(--china)", "stroke-width": 3 }),
  s("text", { x: at + 10 * r, y: y - 1, "font-size": 12.5, "text-anchor": flag.turned ? "end" : "start",
    "font-weight": past ? 600 : 400, fill: past ? "var(--ink)" : "var(--ink3)", "paint-order": "stroke",
    stroke: "var(--card)", "stroke-width": 4 }, flag.text));
}
