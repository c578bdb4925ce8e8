// On the console: the plan of the lesson as a strip, and how far the hour is.

import { h, num, phaseName, s, t, turnName } from "../room/base.js";
import { long } from "../wall/frame.js";
import { live } from "./state.js";
import { lateBy, lesson, minuteOf, stepOf } from "./steps.js";

const WIDE = 1200, GAP = 8; // of the strip, and between two names below it
const letters = () => (innerWidth > 1300 ? 14 : 17); // as large as console.css draws them

// Where names stand: that of the step that is on always, the others where they have room.
function namesAt(steps, now, x) {
  const found = new Map();
  for (const one of [now, ...steps]) {
    const half = long(one.name) * letters() / 2, from = x(one.from), wide = x(one.to) - from;
    const at = Math.max(half, Math.min(WIDE - half, from + wide / 2));
    const free = [...found.values()].every((other) => Math.abs(other.at - at) >= other.half + half + GAP);
    if (one === now || (!found.has(one) && free && 2 * half <= wide)) found.set(one, { at, half });
  }
  return found;
}

function late(view, minute) {
  const by = lateBy(view, minute);
  return by > 0 ? t("hour.late", { n: num(by) }) : by < 0 ? t("hour.early", { n: num(-by) })
    : t("hour.on_plan");
}

function strip(view, minute) {
  const { steps, minutes } = lesson(), now = stepOf(view);
  const x = (value) => Math.min(WIDE, value / minutes * WIDE), names = namesAt(steps, now, x);
  return s("svg", { viewBox: `0 0 ${WIDE} 40`, role: "img",
    "aria-label": t("hour.now", { step: now.name }) },
    steps.map((one) => {
      const wide = x(one.to) - x(one.from), current = one === now;
      const past = minute !== null && one.to <= Math.max(minute, now.from) && !current;
      return s("g", { class_: `step${past ? " past" : ""}${current ? " now" : ""}`, key: one.id },
        s("rect", { x: x(one.from) + 1, y: 4, width: wide - 2, height: 14, rx: 3 }),
        names.has(one) && s("text", { x: names.get(one).at, y: 36, "text-anchor": "middle" }, one.name));
    }),
    minute !== null && s("path", { class_: "head", d: `M${x(minute)} -2V23` }));
}

// Turn and phase, the minute of the plan, the plan itself, and whether the line to the room holds.
export function hourStrip(view) {
  const off = live.state !== "live", minute = lesson() ? minuteOf(view, live) : null;
  return h("section", { class_: "hour", key: "hour", "aria-label": t("hour.title") },
    h("div", null, h("p", null, h("b", { id: "turn" }, turnName(view)), " ",
      h("span", { id: "phase" }, phaseName(view))),
    lesson() && h("p", { class_: "soft" }, minute === null ? t("hour.plan", { all: num(lesson().minutes) })
      : `${t("hour.minute", { n: num(minute), all: num(lesson().minutes) })} · ${late(view, minute)}`)),
    lesson() && strip(view, minute),
    h("span", { class_: `net ${off ? "off" : ""}` }, off ? `⚠ ${t("net.offline")}` : `● ${t("net.live")}`));
}
