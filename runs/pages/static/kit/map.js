// The map: land, insets, lanes by sea and nodes that never move. One picture for every page.
//
// drawMap({flows, ghost, focus, coercer, hubs, tint, facts, slip, key, view, far, only, k, label, pick})
//   flows   [{from, to, kind: "china" | "grey" | "other", t, said}] tonnes a week, mean of 4 weeks
//   most    tonnes of the widest lane of the run, so that widths of its weeks can be compared
//   ghost   the same before the first ban; drawn pale under today's lanes
//   tint    {ZONE: colour}   facts {ZONE: [{text, low}]}   slip {from, to, lines}   key [lines]

import { s, still } from "../base/elements.js";
import { seatName } from "../base/scene.js";
import { at } from "../base/root.js";

export const LEAST = 0.0017; // of the widest lane's tonnes: a thinner one is not drawn
const WIDEST = 26; // its width; others by the root of their tonnes
const FAR = ["EUU", "USA", "MEX", "AUS", "ROW"]; // in insets and at the edge
const BARE = ["IND", "USA", "EUU", "AUS", "CHN"]; // the name alone marks the place
const PORTS = { // where the name stands beside the node: dx, dy, anchor
  CHN: [-40, -6, "middle"], JPN: [34, -30, "start"], KOR: [-18, -50, "middle"], TWN: [16, 14, "start"],
  VNM: [-12, -34, "middle"], THA: [-14, -4, "end"], MYS: [40, 44, "start"], IND: [-6, 4, "middle"],
  EUU: [4, 4, "middle"], USA: [0, -4, "middle"], MEX: [14, 10, "start"], AUS: [0, 4, "middle"],
  ROW: [0, 3, "middle"],
};
// East Asia alone, for phones, walls and small pictures: who lies outside is in the table beside it.
export const NEAR = { view: [500, 8, 480, 577], only: ["CHN", "JPN", "KOR", "VNM", "THA", "MYS"], far: false,
  ports: { CHN: [-18, 6, "middle"], JPN: [12, -70, "middle"], KOR: [-34, -62, "middle"],
    VNM: [-12, -30, "middle"], THA: [-6, 26, "middle"], MYS: [34, -14, "start"] } };
let world = null;

// Without its coasts a page goes on without the map.
export async function learnWorld() {
  try {
    world ??= await (await fetch(at("/pages/kit/world_outline.json"))).json();
    if (!world.main) world = null;
  } catch { world = null; }
  if (!world) window.dispatchEvent(new Event("entrepot:trouble"));
  return world;
}

// Windows of the map that others than pages draw too: view, size of type and places of names.
export const windowOf = (name) => world?.windows?.[name] ?? {};

const thickness = (tonnes, most) => Math.max(1.4, WIDEST * Math.sqrt(tonnes / (most || 1)));
// Type of the map so that a label is at least 12 px on the screen.
export const typeScale = (width, height, view = [0, 0, 1440, 640]) =>
  Math.max(0.9, 0.93 / Math.min(width / view[2], height / view[3]));

const laneOf = (flow) => {
  const found = world.lanes[`${flow.from}-${flow.to}`];
  if (found) return { d: found, drawn: true };
  console.warn(`no lane ${flow.from}-${flow.to}`);
  const [a, b] = [world.nodes[flow.from], world.nodes[flow.to]];
  return a && b ? { d: `M${a.join(" ")}L${b.join(" ")}`, drawn: false } : null;
};

function land(parts, tint, box) {
  return s("g", { transform: "scale(.5)", stroke: "var(--coast)", "stroke-width": box ? 1.2 : 1.4,
    "stroke-linejoin": "round" }, Object.entries(parts).map(([zone, d]) =>
    s("path", { class_: "land", d, "data-land": zone,
      fill: tint[zone] || (zone === "ROW" ? "var(--land)" : "var(--land2)") })));
}

function insets(tint, id) {
  return Object.entries(world.insets).map(([name, { box, land: parts }]) => {
    const frame = { x: box.x, y: box.y, width: box.w, height: box.h, rx: 8 };
    return s("g", { key: `inset-${name}` },
      s("clipPath", { id: `clip-${name}${id}` }, s("rect", frame)),
      s("g", { "clip-path": `url(#clip-${name}${id})` },
        s("rect", { ...frame, fill: "var(--sea)" }), land(parts, tint, box)),
      s("rect", { ...frame, fill: "none", stroke: "var(--coast)", "stroke-width": 1.2 }));
  });
}

function head(d, width, colour) {
  const n = d.match(/-?\d+(\.\d+)?/g).map(Number);
  const [ax, ay, bx, by] = n.slice(-4);
  const turn = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI, size = Math.max(6, width * 0.85);
  return s("path", { class_: "head", transform: `translate(${bx} ${by}) rotate(${turn.toFixed(1)})`,
      fill: colour,
    d: `M${-size * 0.2} ${-size * 0.8}L${size * 1.05} 0L${-size * 0.2} ${size * 0.8}z` });
}

const line = (d, stroke, width, more) =>
  s("path", { d, fill: "none", stroke, "stroke-width": width.toFixed(1), ...more });

function lane(flow, most) {
  const found = laneOf(flow);
  if (!found) return null;
  const { d, drawn } = found, w = thickness(flow.t, most), parts = [];
  if (!drawn) parts.push(line(d, "var(--edge)", w, { "stroke-dasharray": "3 4" }));
  else if (flow.kind === "grey") {
    const gap = Math.max(6, w * 1.9);
    parts.push(line(d, "var(--sea)", w + 5, { "stroke-opacity": 0.75 }),
      line(d, "var(--china)", Math.max(3.2, w), { "stroke-dasharray": `0.1 ${gap.toFixed(1)}`,
        "stroke-linecap": "round", class_: "run", style: `--d:${-(gap + 0.1).toFixed(1)}` }));
  } else if (flow.kind === "china") {
    parts.push(line(d, "var(--china)", w), line(d, "var(--china-soft)", Math.max(0.6, w - 1.6),
      { "stroke-dasharray": "2.6 5.4", class_: "run" }));
  } else parts.push(line(d, "var(--other)", w));
  parts.push(head(d, w, flow.kind === "other" ? "var(--other)" : "var(--china)"));
  return s("g", { class_: "lane", key: `${flow.from}-${flow.to}-${flow.kind}`,
    "data-lane": `${flow.from}-${flow.to}`, "data-kind": flow.kind },
  flow.said && s("title", null, flow.said), parts);
}

// What the papers say, on the largest grey lane: a slip with a folded corner.
function slip(one, k, view) {
  const found = one && laneOf(one);
  if (!found) return null;
  const road = s("path", { d: found.d }), middle = road.getPointAtLength(road.getTotalLength() * 0.5);
  const wide = Math.max(...one.lines.map((text) => [...text].reduce(
    (sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 13 : 7.2), 0)));
  const w = (wide + 22) * k, h = (one.lines.length * 16 + 9) * k;
  const x = Math.min(middle.x + 34, view[0] + view[2] - w - 8), y = middle.y + 14 * k;
  return s("g", { key: "slip", "data-part-of": "slip" },
    s("path", { d: `M${middle.x} ${middle.y}L${x} ${y + h / 2}`, stroke: "var(--ink2)", fill: "none" }),
    s("circle", { cx: middle.x, cy: middle.y, r: 2.5, fill: "var(--ink2)" }),
    s("path", { d: `M${x} ${y}h${w - 9}l9 9v${h - 9}h${-w}z`, fill: "var(--card)",
      stroke: "var(--ink2)", "stroke-width": 1.1 }),
    s("path", { d: `M${x + w - 9} ${y}v9h9`, fill: "none", stroke: "var(--ink2)", "stroke-width": 1.1 }),
    one.lines.map((text, i) => s("text", { x: x + 8 * k, y: y + (16 + i * 16) * k, "font-size": 13 * k,
      "font-weight": i ? 400 : 700, fill: i ? "var(--ink2)" : "var(--ink)" }, text)));
}

function mark(zone, o, k) {
  const [x, y] = world.nodes[zone];
  if (o.hubs.includes(zone) && !["EUU", "KOR"].includes(zone))
    return s("path", { d: `M${x - 6} ${y}l3 -5.2h6l3 5.2 -3 5.2h-6z`, fill: "var(--card)",
      stroke: "var(--ink)", "stroke-width": 1.8 });
  if (zone === "ROW") return s("rect", { x: x - 74 * k, y: y - 17 * k, width: 148 * k, height: 30 * k,
    rx: 15 * k, fill: "var(--land2)", stroke: "var(--coast)" });
  if (BARE.includes(zone)) return null;
  const focus = zone === o.focus;
  return s("circle", { cx: x, cy: y, r: focus ? 6 : 4, fill: focus ? "var(--ink)" : "var(--card)",
    stroke: "var(--ink)", "stroke-width": 1.8 });
}

// Where a name stands so that none of it leaves the window: its place, moved as far as it needs.
function within(x, anchor, words, size, view) {
  const wide = [...words].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 1 : 0.58) * size, 0);
  const left = x - wide * (anchor === "middle" ? 0.5 : anchor === "end" ? 1 : 0);
  const low = view[0] + 0.02 * view[2], high = view[0] + 0.98 * view[2] - wide;
  return x + (high < low ? (low + high) / 2 : Math.min(Math.max(left, low), high)) - left;
}

function node(zone, o, k, view) {
  const [x, y] = world.nodes[zone], [dx, dy, anchor] = (o.ports && o.ports[zone]) || PORTS[zone];
  const focus = zone === o.focus, size = (focus ? 18 : 14) * k, facts = o.facts[zone] || [];
  const inside = x > view[0] && x < view[0] + view[2];
  const text = (words, at_, traits) => s("text", { x: inside ? within(x + dx, anchor, words,
    traits["font-size"], view) : x + dx, y: at_, "text-anchor": anchor,
    "paint-order": "stroke", stroke: "var(--sea)", "stroke-width": 4 * k, "stroke-linejoin": "round",
    fill: "var(--ink)", ...traits }, words);
  const said = [seatName(zone), ...facts.map((one) => one.text)].join(": ");
  const traits = o.pick ? { role: "button", tabindex: 0, "aria-pressed": String(focus),
    onclick: () => o.pick(zone),
    onkeydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      o.pick(zone);
    } } : {};
  return s("g", { key: `node-${zone}`, "data-zone": zone, "aria-label": said, ...traits },
    s("circle", { class_: "halo", cx: x + dx / 2, cy: y + dy / 2, r: 26 }), mark(zone, o, k),
    text(seatName(zone), y + dy, { "font-size": size, "font-weight": 700 }),
    facts.map((one, i) => text(one.low ? `▼ ${one.text}` : one.text, y + dy + size * 1.15 + i * 14 * k, {
      "font-size": (focus ? 15 : 12.5) * k, "font-weight": one.low ? 700 : 400,
      fill: one.low ? "var(--loss)" : "var(--ink2)" })));
}

// Two examples of a width, and what the strokes mean; the words come from the page.
function legend(words, k, view) {
  const x = view[0] + view[2] - 332 * k, y = view[1] + view[3] - 74 * k;
  const text = (tx, ty, said) => s("text", { x: tx, y: ty, "font-size": 13, fill: "var(--ink2)" }, said);
  return s("g", { key: "key", transform: `translate(${x} ${y}) scale(${k})`, "aria-hidden": "true" },
    line("M0 8H34", "var(--china)", 11), line("M0 8H34", "var(--china-soft)", 9.4,
      { "stroke-dasharray": "2.6 5.4" }),
    text(42, 12, words.china),
    line("M150 8h34", "var(--china)", 4.5, { "stroke-dasharray": ".1 8", "stroke-linecap": "round" }),
    text(192, 12, words.grey), line("M0 30H34", "var(--china)", 14, { "stroke-opacity": 0.2 }),
    text(42, 34, words.before), line("M150 30h34", "var(--other)", 5), text(192, 34, words.other),
    text(0, 56, words.width));
}

// The order of tabs: target, coercer, hubs, others.
const order = (o) => [...new Set([o.target, o.coercer, ...o.hubs, ...Object.keys(world.nodes)])]
  .filter((zone) => zone in world.nodes);

export function drawMap(given) {
  const o = { flows: [], ghost: [], hubs: [], tint: {}, facts: {}, k: 1, id: "", far: true, ...given };
  const view = o.view || [0, 0, 1440, 640];
  if (!world) return s("svg", { class_: "map", viewBox: view.join(" "), "aria-hidden": "true" });
  const most = o.most ?? Math.max(0, ...[...o.flows, ...o.ghost].map((flow) => flow.t));
  const shown = (zone) => (o.far || !FAR.includes(zone)) && (!o.only || o.only.includes(zone));
  const near = (flow) => o.far || !(FAR.includes(flow.from) || FAR.includes(flow.to));
  const seen = (flow) => flow.t >= LEAST * most && flow.t > 0 && near(flow);
  const ghosts = o.ghost.filter(seen).map((flow) => [flow, laneOf(flow)]).filter(([, found]) => found);
  const wide = [...o.flows].filter(seen).sort((a, b) => b.t - a.t);
  return s("svg", { class_: "map", viewBox: view.join(" "), preserveAspectRatio: o.fit, role: "group",
    "aria-label": o.label },
  still(`land${o.id}`, JSON.stringify([o.tint, o.far]), () => s("g", null, land(world.main, o.tint),
    o.far && insets(o.tint, o.id))),
  s("g", { key: "ghost" }, ghosts.map(([flow, found]) => line(found.d, "var(--china)",
    thickness(flow.t, most),
    { "stroke-opacity": 0.17 }))),
  s("g", { key: "lanes" }, wide.map((flow) => lane(flow, most))),
  s("g", { key: "nodes" }, order(o).filter(shown).map((zone) => node(zone, o, o.k, view))),
  slip(o.slip && seen(o.slip) ? o.slip : null, o.k, view), o.key && legend(o.key, o.k, view));
}
