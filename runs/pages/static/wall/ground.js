// The map behind the scenes, in several windows of the one map of all pages.

import { goodName, num, scene, seatName, t } from "../room/base.js";
import { drawMap, windowOf } from "../kit/map.js";
import { TALL, WIDE } from "./frame.js";

const tint = (name, part) => `color-mix(in srgb, var(--${name}) ${part}%, var(--land2))`;
const ONLY = ["CHN", "JPN", "KOR", "VNM", "THA", "MYS", "TWN"];
// View, size of type, and where names stand beside their nodes. Those of the deal and of the branch lie with
// the coasts: the after-action report draws them too.
const WINDOWS = {
  title: { view: [262, 4, 1000, 562], k: 1.5, only: ["CHN", "JPN", "KOR"],
    ports: { CHN: [48, 10, "middle"], JPN: [24, -58, "middle"], KOR: [-30, -30, "end"] } },
  right: { view: [245, -52, 1342, 755], k: 1.62,
    ports: { CHN: [-70, 10, "middle"], JPN: [34, -22, "start"], KOR: [-6, -34, "middle"],
      TWN: [16, 20, "start"], VNM: [-26, -40, "middle"], THA: [-18, 22, "end"], MYS: [-22, 20, "end"] } },
  left: { view: [345, -110, 1561, 878], k: 1.88,
    ports: { CHN: [-60, 0, "middle"], JPN: [34, -40, "start"], KOR: [-6, -38, "middle"],
      TWN: [16, 20, "start"], VNM: [-22, -56, "middle"], THA: [-12, 24, "end"], MYS: [34, -30, "start"] } },
  run: { view: [60, -45, 1190, 669], k: 1.5,
    ports: { CHN: [-70, 10, "middle"], JPN: [34, -22, "start"], KOR: [-6, -34, "middle"],
      TWN: [16, 20, "start"], VNM: [-26, -40, "middle"], THA: [-18, 22, "end"], MYS: [-22, 20, "end"] } },
  wide: { view: [60, -25, 1440, 810], k: 1.75,
    ports: { CHN: [-70, 10, "middle"], JPN: [34, -22, "start"], KOR: [-6, -34, "middle"],
      TWN: [16, 20, "start"], VNM: [-26, -40, "middle"], THA: [-18, 22, "end"], MYS: [-22, 20, "end"] } },
};

// The tonnes of a week as lanes of the map; what is thinner than a thousandth of the widest is left out.
export const lanesAt = (lanes, week) => lanes.map((one) => ({ from: one.from, to: one.to, kind: one.kind,
  t: one.t[week] ?? 0, said: t("wall.lane", { from: seatName(one.from), to: seatName(one.to),
    t: num(one.t[week] ?? 0) }) }));
export const widestOf = (lanes) => Math.max(0, ...lanes.flatMap((one) => one.t));

export const nearby = (zone) => ONLY.includes(zone);

// The last weeks of a turn as one picture.
export function meanOf(lanes) {
  return lanes.map((one) => {
    const last = one.t.slice(-4);
    return { from: one.from, to: one.to, kind: one.kind, t: last.reduce((a, b) => a + b, 0) / last.length };
  });
}

export function ground(world, name, given = {}) {
  const { width = WIDE, height = TALL, ...window } = WINDOWS[name] ?? windowOf(name);
  const coercer = world.coercer ?? scene.coercer, target = world.target ?? scene.target;
  const found = drawMap({ only: ONLY, ...window, id: `wall${given.id ?? ""}`, far: false,
    fit: "xMidYMid slice", focus: world.zone ?? target, coercer, target, hubs: scene.hubs ?? [],
    tint: { [coercer]: tint("china", 30), ...(target && { [target]: tint("loss", 38) }) },
    label: t("map.label", { good: goodName(world.material ?? ""), n: given.flows?.length ?? 0 }),
    ...given });
  found.setAttribute("width", width);
  found.setAttribute("height", height);
  return found;
}
