// The schematic map: places as nodes, recorded flows as bands whose width is tonnes.
import { goodName, h, num, s, scene, seatName, t } from "./base.js";

const NODE = 19;

export function drawMap(view, width, height, type = 13) {
  const world = view.public || {};
  const zones = view.seats.map((one) => one.seat).filter((one) => scene.zones[one]);
  if (!zones.length) return h("p", null, "");
  const xs = zones.map((one) => scene.zones[one].x), ys = zones.map((one) => scene.zones[one].y);
  const r = Math.max(NODE, type * 1.55); // a code of three letters stays off the outline
  const side = r * 2.4;
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, foot] = [Math.min(...ys), Math.max(...ys)];
  const place = {};
  for (const zone of zones)
    place[zone] = {
      x: side + (scene.zones[zone].x - left) / (right - left || 1) * (width - 2 * side),
      y: side + (scene.zones[zone].y - top) / (foot - top || 1) * (height - 2.4 * side),
    };
  for (const zone of zones) place[zone].r = ringOf(zone === world.coercer, r) + 6;
  part(place, width, height, r); // rings around two nodes do not touch
  const flows = (world.flows || []).filter((one) => place[one.from] && place[one.to]);
  const most = Math.max(1e-9, ...flows.map((one) => one.tonnes || 0));
  const bands = flows.filter((one) => one.tonnes > most / 400)
    .sort((a, b) => b.tonnes - a.tonnes).map((one) => bandOf(one, place, most, world, r));
  const nodes = zones.map((zone) => nodeOf(zone, place[zone], view, r, type));
  const label = t("map.label", { good: goodName(world.material || ""), n: bands.length });
  return s("svg", { class_: "map", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    bands, nodes);
}

const ringOf = (square, r) => (square ? 1.42 * r + 3 : r + 5); // outside a square too
const midOf = (a, b, bend) =>
  [(a.x + b.x) / 2 - (b.y - a.y) * bend, (a.y + b.y) / 2 + (b.x - a.x) * bend];

// How far a curve runs into nodes that are not its ends; ways around cost a little.
function crowd(a, mid, b, others, room) {
  let found = 0.08 * (Math.hypot(mid[0] - a.x, mid[1] - a.y) + Math.hypot(b.x - mid[0], b.y - mid[1]));
  for (let i = 2; i < 19; i++) {
    const u = i / 20, v = 1 - u;
    const x = v * v * a.x + 2 * u * v * mid[0] + u * u * b.x, y = v * v * a.y + 2 * u * v * mid[1]
      + u * u * b.y;
    for (const one of others) found += Math.max(0, room + 4 - Math.hypot(x - one.x, y - one.y));
  }
  return found;
}

// Nodes that would touch are moved apart.
function part(place, width, height, r) {
  const all = Object.values(place);
  for (let round = 0; round < 60; round++)
    for (const a of all)
      for (const b of all) {
        const dx = b.x - a.x, dy = b.y - a.y, far = Math.hypot(dx, dy), room = a.r + b.r;
        if (a === b || far >= room) continue;
        const push = (room - far) / 2 / (far || 1);
        b.x += (dx || 1) * push; b.y += (dy || 1) * push;
        a.x -= (dx || 1) * push; a.y -= (dy || 1) * push;
        for (const one of [a, b]) {
          one.x = Math.min(width - 1.3 * r, Math.max(1.3 * r, one.x));
          one.y = Math.min(height - 2.1 * r, Math.max(1.3 * r, one.y));
        }
      }
}

function bandOf(flow, place, most, world, r) {
  const a = place[flow.from], b = place[flow.to];
  const china = flow.from === world.coercer;
  const width = Math.max(1.2, 20 * flow.tonnes / most);
  const side = china ? 0.14 : -0.14;
  const others = Object.values(place).filter((one) => one !== a && one !== b);
  const mid = [1, -1, 2, -2, 3.2, -3.2, 4.5, -4.5].map((factor) => midOf(a, b, side * factor))
    .map((one) => [crowd(a, one, b, others, r + width / 2), one]).sort((x, y) => x[0] - y[0])[0][1];
  const end = toward(b, mid, r + 6), start = toward(a, mid, r + 2);
  const path = `M${start[0]} ${start[1]}Q${mid[0]} ${mid[1]} ${end[0]} ${end[1]}`;
  const colour = china ? "var(--china)" : "var(--other)";
  const stroke = { d: path, fill: "none", stroke: colour, "stroke-width": width.toFixed(1) };
  const risk = china && atRisk(world, flow.to);
  const strokes = risk ? `${4 + width / 3} 5` : `${14 + width} 7`; // where it is from: broken or solid
  const angle = Math.atan2(end[1] - mid[1], end[0] - mid[0]);
  const head = Math.max(7, width * 0.8);
  const point = (turn, far) =>
    `${(end[0] + far * Math.cos(angle + turn)).toFixed(1)},${(end[1]
      + far * Math.sin(angle + turn)).toFixed(1)}`;
  return s("g", { class_: "band" },
    s("title", null, t("map.flow", {
      from: seatName(flow.from), to: seatName(flow.to), tonnes: num(flow.tonnes, 1),
      good: goodName(world.material),
    })),
    s("path", { ...stroke, "stroke-opacity": china ? 0.3 : 0.75 }),
    china && s("path", { ...stroke, "stroke-dasharray": strokes }),
    s("polygon", { points: [point(0, 5), point(2.5, head), point(-2.5, head)].join(" "), fill: colour }));
}

const atRisk = (world, zone) => {
  const law = world.law?.[world.coercer] || {};
  return law[`ban_breadth.${zone}`] > 0 || law[`listing.${zone}`] > 0
    || law[`licence_duty.${world.material}`] > 0;
};

function toward(from, to, far) {
  const length = Math.hypot(to[0] - from.x, to[1] - from.y) || 1;
  return [from.x + (to[0] - from.x) / length * far, from.y + (to[1] - from.y) / length * far]
    .map((one) => Number(one.toFixed(1)));
}

function nodeOf(zone, at, view, r, type) {
  const world = view.public;
  const price = world.prices?.[world.material]?.[zone];
  const loss = world.zones?.[zone]?.gdp_loss_share;
  const shape = zone === world.coercer ? "coercer" : zone === world.target ? "target"
    : scene.hubs?.includes(zone) ? "hub" : "zone";
  const body = shape === "coercer"
    ? s("rect", { x: -r, y: -r, width: 2 * r, height: 2 * r, rx: 4, class_: "body" })
    : shape === "hub"
      ? s("polygon", { class_: "body", points: [0, 1, 2, 3, 4, 5].map((k) =>
        `${(r * Math.cos(k * Math.PI / 3)).toFixed(1)},${(r * Math.sin(k * Math.PI / 3)).toFixed(1)}`).join(
          " ") })
      : s("circle", { r, class_: "body" });
  return s("g", { class_: `node ${shape}`, transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})` },
    s("title", null,
      `${seatName(zone)}: ${t("world.price")} ${num(price)}, ${t("world.loss")} ${num(100 * (loss ?? 0),
        3)} %`),
    body, shape === "target" && s("circle", { r: r - 4, class_: "inner" }),
    s("text", { class_: "code", "text-anchor": "middle", y: type * 0.35, "font-size": type }, zone),
    ringsOf(world.stock?.[zone], ringOf(shape === "coercer", r)),
    price && type < 20 && s("text", { class_: "cover", "text-anchor": "middle", y: r + type,
        "font-size": type * 0.95 },
      `×${num(price, 2)}`));
}

// What is known in public of a state's stock, from so many to so many days; a full ring is a year.
export const FULL_RING = 360;
function ringsOf(known, r) {
  if (!known || !known[1]) return null;
  return [s("title", null, `${known[0]}–${known[1]}`), arcOf(known[1], r, "ring most", 4),
    arcOf(known[0], r, "ring", 7)];
}
function arcOf(days, r, class_, width) {
  if (!days) return null;
  const angle = 2 * Math.PI * Math.min(0.999, days / FULL_RING);
  return s("path", { class_, fill: "none", "stroke-width": width,
    d: `M0 ${-r}A${r} ${r} 0 ${angle > Math.PI ? 1
      : 0} 1 ${(r * Math.sin(angle)).toFixed(1)} ${(-r * Math.cos(angle)).toFixed(1)}` });
}
export const widest = (world) => Math.max(0, ...(world.flows || []).map((one) => one.tonnes || 0));

// A line over weeks, with an optional second one for comparison and a level. Gauges, from 0 to 100,
// are drawn over at least so many `points`: a hundredth of a point would look like a crash.
export function drawLine(rows, width, height, words, type = 12, level = null, points = 0) {
  const all = rows.flatMap((one) => one.values.filter((v) => v !== null));
  if (!all.length) return h("p", { class_: "soft" }, t("world.nothing_yet"));
  let low = Math.min(...all, level ?? Infinity), high = Math.max(...all, level ?? -Infinity);
  if (points && high - low < points) {
    low = Math.max(0, Math.min(100 - points - 1, Math.floor((low + high - points) / 2)));
    high = low + points + 1;
  }
  const span = high - low || Math.abs(high) || 1;
  const digits = span < 0.02 ? 4 : span < 2 ? 2 : 0;
  const pad = Math.max(type * 4, type * (0.62 * Math.max(num(low, digits).length, num(high, digits).length)
      + 0.8));
  const n = Math.max(2, ...rows.map((one) => one.values.length));
  const x = (i) => pad + i / (n - 1) * (width - pad - 8);
  const y = (v) => 8 + (1 - (v - low) / span) * (height - type * 2.4);
  return s("svg", { class_: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words },
    [low, high].map((v) => [
      s("line", { x1: pad, x2: width - 8, y1: y(v), y2: y(v), class_: "grid" }),
      s("text", { x: pad - 5, y: y(v) + type * 0.35, "text-anchor": "end", "font-size": type,
          class_: "tick" }, num(v, digits)),
    ]),
    level !== null && s("line", { x1: pad, x2: width - 8, y1: y(level), y2: y(level), class_: "floor" }),
    rows.map((one, k) => s("polyline", {
      class_: `line l${k}`,
        points: one.values.map((v, i) => v === null ? "" : `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" "),
    })),
    rows.length > 1 && rows.map((one, k) => s("text", {
      x: pad + 6 + k * width * 0.35, y: height - 3, "font-size": type, class_: `name n${k}`,
    }, `${k ? "━" : "┅"} ${one.name}`)));
}
