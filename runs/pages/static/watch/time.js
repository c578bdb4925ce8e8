// Tiles and the time line of the watch page.

import { h, s } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { t } from "../base/words.js";
import { drawTile } from "../kit/tile.js";
import { drawTimeline } from "../kit/timeline.js";
import { dateOf, dayOf, money, monthsOf, num1, share, times } from "../kit/say.js";
import { column, finished, go, last, play, played, redraw, shownLast, SPEEDS, told, ui,
  weeks } from "./state.js";

const SPARK = { price: ["price", "var(--loss)"], stock: ["cover_weeks", "var(--loss)"],
  stopped: ["stopped_line_share", "var(--loss)"],
  lost: ["gdp_loss_usd", "var(--loss)"], origin: ["china_share_true", "var(--china)"] };
const NAMES = ["price", "stock", "stopped", "lost", "origin"];
const WRITE = { ratio: times, weeks: num1, share, usd: money };

export function tiles() {
  const rows = told()?.tiles ?? NAMES.map((id) => ({ id, label: t(`watch.${id}`), value: null,
    unit: "ratio" }));
  return h("section", { class_: "tiles", key: "tiles", "data-part": "tiles",
    "aria-label": t("watch.tiles") }, rows.map((one) => {
    const [name, colour] = SPARK[one.id], values = ui.story?.sparks[`${one.id}.${one.material}`] ?? column(
      name, one.zone);
    const word = one.unit === "weeks" ? t("watch.weeks_unit") : one.id === "stopped" ? one.word : "";
      const note = [one.id === "lost" && one.word, one.compared].filter(Boolean).join("; ");
    return drawTile({ id: one.id, label: one.label, value: WRITE[one.unit](one.value), word,
      note,
      spark: values.length > 1 && { values: padded(values), colour },
      act: ui.run?.columns && (() => { ui.panel = ui.panel?.goods ? null : { goods: true }; redraw(); }) },
        ui.head);
  }));
}

// A run that is not played to its end takes the part of the picture that it has.
const padded = (values) => [...values, ...Array(Math.max(0, weeks() - values.length)).fill(null)];

const sign = (on) => s("svg", { width: 20, height: 22, viewBox: "0 0 20 22", fill: "currentColor",
  "aria-hidden": "true" },
  s("path", { d: on ? "M3 1h5v20H3zM12 1h5v20h-5z" : "M3 1l16 10L3 21z" }));

export function time() {
  const date = ui.run ? dateOf(ui.run.start, ui.head) : null,
    width = Math.max(240, innerWidth - (innerWidth < 720 ? 175 : 260));
  const phone = innerWidth < 720, ready = Boolean(ui.story);
  const ladder = ui.story?.ladder.steps ?? [], flags = ui.story?.flags ?? [];
  const news = flags.filter((one) => one.week === ui.head).map((one) => one.say);
  const speed = (one) => h("option", { value: one, selected: one === ui.speed },
    t("watch.speed", { n: num(one) }));
  return h("section", { class_: "time", key: "time", "data-part": "timeline", "aria-label": t("watch.time") },
    h("div", { class_: "ctl" },
      h("button", { type: "button", class_: "play", "data-do": "play", disabled: !ready,
        "aria-label": t(ui.playing ? "watch.pause" : "watch.play"),
        "aria-pressed": String(ui.playing), title: t("watch.keys"), onclick: () => play(!ui.playing) },
          sign(ui.playing)),
      h("div", { class_: "sp" }, h("b", { "data-show": "date" }, date ? dayOf(date) : "–"),
        h("label", null, h("span", { class_: "sr" }, t("watch.speed_name")),
          h("select", { "data-do": "speed", value: String(ui.speed),
          onchange: (event) => { ui.speed = Number(event.target.value); redraw(); } }, SPEEDS.map(speed))))),
    h("div", null, ui.run && drawTimeline({
      width, at: ui.head, played: last(), weeks: weeks(), rung: ladder.map((one) => one ?? 0), dates: [],
        months: monthsOf(ui.run.start, weeks(), weeks() > 200 ? 12 : 3),
      flags: phone ? [] : flags.map((one) => ({ week: one.week, text: one.say })), label: t("watch.slider"),
      height: phone ? 44 : 104, step: phone ? 1.8 : 3.4, axis: !phone,
      said: [t("watch.week_of", { day: dayOf(date) }), ...news].join(", "),
        go: (week) => go(Math.min(week, shownLast())), now: () => ui.head,
    }), !finished() && ui.run && played() > 0 && h("p", { class_: "src", key: "ahead", role: "status",
      "data-show": "ahead" },
      t("watch.ahead", { n: num(ui.story ? shownLast() + 1 : 0), of: num(weeks()) }))));
}

