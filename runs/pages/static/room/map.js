// The map of a room: what customs recorded in the last turn, on the map of all pages.

import { goodName, num, scene, seatName, t } from "./base.js";
import { drawMap, learnWorld, NEAR, typeScale } from "../kit/map.js";

const WEEKS = 13; // of a turn: the kit's lanes are as wide as tonnes a week
const DEAR = 1.1; // from which ratio to the start a price is written beside a place
const WHOLE = [1440, 640]; // the stage of the map
const there = await learnWorld(); // without it the figures stand in the table all the same

const tint = (name) => `color-mix(in srgb, var(--${name}) 20%, var(--land2))`;
const widest = (world) => Math.max(0, ...(world.flows || []).map((one) => one.tonnes || 0));

// Days of public stock between which it is known to be, or "" where nothing is known.
export function stockText(known) {
  if (!known?.[0]) return "";
  const [low, high] = known.map((days) => num(days));
  return known[1] ? `${low}–${high}` : t("map.days_least", { low });
}

// Beside hubs there is no place for a price where the picture is small.
function factsOf(world, zones, near) {
  const found = {};
  for (const zone of zones) {
    if (near && scene.hubs?.includes(zone)) continue;
    const price = world.prices?.[world.material]?.[zone];
    if (price && (price >= DEAR || zone === world.zone)) found[zone] = [{ text: `×${num(price, 2)}` }];
  }
  return found;
}

// A picture `width` by `height` pixels: the whole stage where it is wide, else East Asia alone.
export function roomMap(view, width, height) {
  if (!there) return null;
  const world = view.public || {}, near = width < 600;
  const box = near ? NEAR.view : [0, 0, ...WHOLE];
  const flows = (world.flows || []).map((one) => ({
    from: one.from, to: one.to, t: (one.tonnes || 0) / WEEKS,
    kind: one.from === world.coercer ? "china" : "other",
    said: t("map.flow", { from: seatName(one.from), to: seatName(one.to), tonnes: num(one.tonnes, 1),
      good: goodName(world.material) }),
  }));
  return drawMap({
    ...(near ? NEAR : {}), id: "room", flows, most: widest(world) / WEEKS, focus: world.target ?? world.zone,
    coercer: world.coercer, target: world.target, hubs: scene.hubs ?? [],
    k: typeScale(width, height, box), fit: "xMidYMid meet",
    facts: factsOf(world, Object.keys(scene.zones), near),
    tint: { [world.coercer]: tint("china"), ...(world.target && { [world.target]: tint("loss") }) },
    label: t("map.label", { good: goodName(world.material || ""), n: flows.length }),
  });
}
