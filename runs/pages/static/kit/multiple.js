// A small multiple: a few lines over the weeks, labels at the lines, the week as a dotted line.
//
// drawMultiple({width, height, weeks, months, at, lines, show, most, least, between, bands, note, label})
//   lines [{values, colour, width, dash, label}]; between: fills the space of the first two lines
//   bands [{low, high, fill, opacity}] by week; note: what the bands are, in words

import { s } from "../base/elements.js";

const nice = (top) => {
  const size = 10 ** Math.floor(Math.log10(top || 1));
  return [1, 2, 2.5, 4, 5, 8, 10].map((step) => step * size).find((step) => step >= top * 0.999) ?? top;
};

export function drawMultiple(o) {
  const w = o.width ?? 420, h = o.height ?? 190, right = o.right ?? 18, top = 14, foot = 22;
  const bands = o.bands ?? [];
  const all = [...o.lines.map((one) => one.values), ...bands.map((one) => one.high)]
    .flatMap((values) => values.filter((v) => v !== null));
  const low = o.least ?? 0, most = o.most ?? nice(Math.max(low, ...all, 1e-9));
  const ticks = [low, (low + most) / 2, most];
  const left = o.left ?? 10 + 7 * Math.max(...ticks.map((v) => o.show(v).length));
  const n = Math.max(2, o.weeks), x = (i) => left + (i / (n - 1)) * (w - left - right);
  const y = (v) => top + (1 - (v - low) / (most - low || 1)) * (h - top - foot);
  const path = (values) => values.map((v, i) => (v === null ? null
    : `${i && values[i - 1] !== null ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).filter(Boolean)
      .join("");
  return s("svg", { viewBox: `0 0 ${w} ${h}`, width: "100%", role: "img", "aria-label": o.label },
    ticks.map((v, i) => s("g", { key: `t${i}` },
      s("path", { d: `M${left} ${y(v)}H${w - right}`, stroke: i ? "var(--rule)" : "var(--edge)" }),
      s("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end", "font-size": 12, fill: "var(--ink2)" },
        o.show(v)))),
    months(o, x, h, w - right),
    bands.map((one, i) => s("path", { key: `b${i}`, d: area(one.low, one.high, x, y), fill: one.fill,
      "fill-opacity": one.opacity ?? 0.14 })),
    o.between && s("path", { key: "band", d: area(o.lines[0].values, o.lines[1].values, x, y),
      fill: o.fill ?? "var(--china)", "fill-opacity": 0.2 }),
    o.at !== undefined && o.at !== null && s("path", { d: `M0 ${top - 4}V${h - foot}`, class_: "week",
      transform: `translate(${x(o.at)} 0)`, "data-first": x(0), "data-step": x(1) - x(0),
      stroke: "var(--ink)", "stroke-width": 1.2, "stroke-dasharray": "3 3" }),
    o.lines.map((one, i) => s("g", { key: `l${i}` },
      s("path", { d: path(one.values), fill: "none", stroke: "var(--card)",
        "stroke-width": (one.width ?? 2) + 2, opacity: 0.7 }),
      s("path", { d: path(one.values), fill: "none", stroke: one.colour, "stroke-width": one.width ?? 2,
        "stroke-dasharray": one.dash, "stroke-linejoin": "round" }))),
    labels(o, x, y, { w, h, left, right, top, foot }),
    o.note && s("text", { key: "note", x: w - right, y: top - 2, "text-anchor": "end", "font-size": 12,
      fill: "var(--ink2)" }, o.note));
}

// Moves the dotted week of all multiples on the page.
export function moveWeeks(at) {
  for (const one of document.querySelectorAll("path.week"))
    one.setAttribute("transform", `translate(${Number(one.dataset.first) + at * one.dataset.step} 0)`);
}

function months(o, x, h, most) {
  let last = -90;
  return (o.months ?? []).map((one, i) => {
    if (one.week >= o.weeks || x(one.week) - last < 62 || x(one.week) + 22 > most) return null;
    last = x(one.week);
    return s("text", { key: `m${i}`, x: last, y: h - 5, "font-size": 12, fill: "var(--ink2)",
      "text-anchor": "middle" }, one.text);
  });
}

// The space between two rows of values, in the weeks that both have.
function area(a, b, x, y) {
  const weeks = a.map((v, i) => i).filter((i) => a[i] !== null && (b[i] ?? null) !== null);
  const points = [...weeks.map((i) => [x(i), y(a[i])]), ...weeks.reverse().map((i) => [x(i), y(b[i])])];
  return points.length ? `M${points.map((one) => one.map((v) => v.toFixed(1)).join(" ")).join("L")}z` : "";
}

const wideOf = (text) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 12.5 : 7.1), 0);

// A label stands at the place of its line that is farthest from the other lines, whole and in the box.
function labels(o, x, y, box) {
  const put = [];
  return o.lines.map((one, i) => {
    if (!one.label) return null;
    const wide = wideOf(one.label), spots = [];
    for (let week = 0; week < one.values.length; week += 2) {
      const v = one.values[week];
      if (v === null) continue;
      const cx = Math.min(box.w - wide - 2, Math.max(box.left + 2, x(week) - wide / 2));
      for (const dy of [-9, 17]) {
        const cy = y(v) + dy;
        if (cy < 11 || cy > box.h - box.foot - 3) continue;
        const near = (other, far) => other.values.some((value, j) => value !== null && x(j) > cx - 2
          && x(j) < cx + wide + 2
          && y(value) > cy - 12 && y(value) < cy + far);
        const cost = o.lines.filter((other) => near(other, 4))
          .length * 40 + put.filter((p) => Math.abs(p.cy - cy) < 15
          && p.cx < cx + wide && cx < p.cx + p.wide).length * 200 - Math.abs(v) / (o.top || 1) * 0.01
          - (y(0) - y(v)) * 0.08;
        spots.push({ cx, cy, wide, cost });
      }
    }
    const best = spots.sort((a, b) => a.cost - b.cost)[0];
    if (!best) return null;
    put.push(best);
    return s("text", { key: `n${i}`, x: best.cx, y: best.cy, "font-size": 12.5, "font-weight": 700,
      fill: one.ink ?? one.colour,
      "paint-order": "stroke", stroke: "var(--page)", "stroke-width": 4 }, one.label);
  });
}
