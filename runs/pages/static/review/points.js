// The turning points of a game, and ready questions that end in a sentence.

import { gaugeName, h, leverName, phrase, seatName, t } from "../room/base.js";
import { drawMultiple } from "../kit/multiple.js";
import { money, num1 } from "../kit/say.js";
import { held, kindOf, redraw, ui } from "./state.js";
import { isMoney, names, phone, turns, whoseName } from "./terms.js";

function kicker(one) {
  const fill = { turn: one.turn, seat: one.seat && seatName(one.seat) };
  const kind = { measures: "from", threat: "from", orders: "of", deal: "deal", inject: "inject",
    event: "event" }[one.kind];
  return t(`review.point_${kind}`, fill);
}

function mini(one, label) {
  const show = isMoney(one.gauge) ? money : num1;
  const all = [...one.was, ...one.without].filter((v) => v !== null);
  const low = Math.min(...all), high = Math.max(...all), pad = isMoney(one.gauge) ? 0
    : Math.max(2, 0.15 * (high - low));
  return drawMultiple({ width: phone() ? 340 : 420, height: 150, weeks: turns() + 1, show,
    least: isMoney(one.gauge) ? Math.min(0, low) : Math.max(0, Math.floor(low - pad)),
    most: isMoney(one.gauge) ? undefined : Math.min(100, Math.ceil(high + pad)),
    between: true, fill: "var(--fear)", label,
    months: Array.from({ length: turns() + 1 }, (_, turn) => ({ week: turn, text: names(turn) })),
    lines: [{ values: one.without, colour: "var(--stock)", width: 2.4, dash: "6 4",
      label: t("review.without") },
      { values: one.was, colour: "var(--fear)", width: 3, label: whoseName() }] });
}

export function points(row) {
  const waits = ["working", "open"].includes(held.record.story.state);
  const none = waits ? "points_wait" : held.record.story.state === "done" ? "points_none" : "";
  if (!row.points.length && !none) return null; // the state says why
  return h("section", { class_: "points", key: "points", "data-part": "points" }, h("h2", null,
    t("review.points")), h("p", { class_: "sub" }, t("review.points_sub")),
    row.points.length ? h("div", { class_: "three" }, row.points.map((one, n) => {
      const say = t("review.instead") + phrase(one.say);
      return h("article", { class_: "fig", key: one.key, "data-point": one.kind }, h("p", { class_: "kick" },
        h("span", { class_: "n" }, String(n + 1)), kicker(one)),
      h("h3", null, phrase(one.title)), h("p", null, say), mini(one, say));
    })) : h("p", { class_: "soft" }, t(`review.${none}`)));
}

export function asks(row) {
  const open = row.asks.find((one) => one.key === ui.ask) ?? row.asks[0];
  const { state } = held.record.story, waits = state === "working";
  if (!open && !waits && state !== "done") return null;
  const seat = seatName(ui.whose);
  return h("section", { class_: "card asks", key: "asks", "data-part": "asks" },
    h("div", null, h("p", { class_: "kick" }, t("review.asks")),
      open ? [h("h2", null, phrase(open.title)),
        h("p", { class_: "answer", role: "status" }, phrase(open.say), open.why && [" ", phrase(open.why)]),
        h("div", { class_: "qs", role: "group", "aria-label": t("review.asks") },
          row.asks.map((one) => h("button", { type: "button", class_: "chip", key: one.key,
            "data-ask": one.lever, "aria-pressed": String(one === open), onclick: () => {
              ui.ask = one.key;
              redraw();
            } }, leverName(one.lever))))]
        : h("p", { class_: "soft" }, t(waits && row.pins.length ? "review.asks_wait" : "review.asks_none",
          { seat })),
      !held.record.note && h("p", null, h("a", { href: "#another" }, t("review.another")))),
    open && h("div", null, h("p", { class_: "sub" }, gaugeName(open.gauge, kindOf(ui.whose), ui.whose)),
      mini(open, phrase(open.say))));
}
