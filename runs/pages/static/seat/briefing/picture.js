// The picture of a briefing: the map round the seat, with what customs have recorded to and from it and on
// the way to the target.

import { goodName, h, num, scene, seatName, t } from "../../room/base.js";
import { drawMap, NEAR, typeScale } from "../../kit/map.js";

const WEEKS = 13; // of a turn
const NORTH = { ...NEAR, view: [500, 90, 560, 230], only: ["CHN", "JPN", "KOR", "TWN"], ports: {
  CHN: [-18, 6, "middle"], JPN: [12, -70, "middle"], KOR: [-34, -52, "middle"] } };
const SOUTH = { ...NEAR, view: [420, 200, 640, 290] };
const WIDE = { view: [0, 0, 1440, 640] };
const CLOSE = ["VNM", "THA"];
const CROPS = { CHN: NORTH, JPN: NORTH, KOR: NORTH, TWN: NORTH, VNM: SOUTH, THA: SOUTH, MYS: SOUTH };

const tint = (name) => `color-mix(in srgb, var(--${name}) 20%, var(--land2))`;

export function seatPicture(view) {
  const world = view.public || {}, home = scene.firms?.[view.seat]?.zone ?? view.seat;
  const phone = innerWidth < 720, [width, height] = phone ? [358, 150] : [580, 240];
  const crop = { ...(CROPS[home] ?? WIDE) }, good = world.material;
  // On a phone the whole world has room for three names. Viet Nam and Thailand lie so close that one name
  // stands for the two, or none where the other has its figures.
  if (crop.view === WIDE.view) crop.only = phone ? [scene.coercer, scene.target, home]
    : Object.keys(scene.zones).filter((zone) => zone !== "THA");
  else if (crop.view === SOUTH.view)
    crop.only = crop.only.filter((zone) => zone === home || !CLOSE.includes(zone));
  const about = (one) => [one.from, one.to].includes(home)
    || (one.from === world.coercer && one.to === world.target);
  const flows = (world.flows || []).filter(about).map((one) => ({
    from: one.from, to: one.to, t: (one.tonnes || 0) / WEEKS,
    kind: one.from === world.coercer ? "china" : "other",
    said: t("map.flow", { from: seatName(one.from), to: seatName(one.to), tonnes: num(one.tonnes, 1),
      good: goodName(good) }) }));
  const price = world.prices?.[good]?.[home];
  return h("div", { class_: "brief-map", key: "brief-map" }, drawMap({ ...crop, id: "brief", flows,
    focus: home, coercer: scene.coercer, target: scene.target, hubs: scene.hubs ?? [],
    k: typeScale(width, height, crop.view), fit: "xMidYMid slice",
    facts: price ? { [home]: [{ text: `${goodName(good)} ×${num(price, 1)}` }] } : {},
    tint: { [scene.coercer]: tint("china"), [scene.target]: tint("loss") },
    label: t("map.label", { good: goodName(good || ""), n: flows.length }) }));
}
