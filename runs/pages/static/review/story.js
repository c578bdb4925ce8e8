// How the game went: the verdict, where the seat ended, and its curve.

import {
  GAUGES, choiceName, gaugeName, h, leverName, num, percent, phrase, s, scene, seatName, t, titleOf,
} from "../room/base.js";
import { dollars } from "../base/numbers.js";
import { at } from "../base/root.js";
import { drawFigure } from "../kit/figure.js";
import { layPatterns } from "../kit/patterns.js";
import { money, num1 } from "../kit/say.js";
import { earns } from "../room/result.js";
import { drawCurve } from "./curve.js";
import { asks, points } from "./points.js";
import { WORLD, held, kindOf, redraw, rowOf, ui } from "./state.js";
import { isMoney, lastOf, names, phone, pinText, turns, whoseName } from "./terms.js";

const WEEKS = 13; // of a turn
const firm = () => earns(kindOf(ui.whose));

// --- the verdict -----------------------------------------------------------------------------------

export function story() {
  const told = held.record.story, row = rowOf();
  if (!row) return h("section", { key: "story" }, h("h1", null, t("review.title")), state(told));
  layPatterns();
  return h("section", { class_: "told-game", key: "story", "data-part": "story", "data-state": told.state },
    h("div", { class_: "verdict", key: "verdict" },
      h("div", null, h("p", { class_: "kick" }, whoseName(), " · ", t("review.how")),
        h("h1", { id: "verdict" }, phrase(row.verdict)),
        second(row),
        row.basis && h("p", { class_: "src" }, phrase(row.basis), row.capped && [" ", phrase(row.capped)])),
      row.bands && bands(row)),
    state(told), whose(), curve(row), points(row), row.asks && asks(row));
}

// What else there is to the verdict: what its own orders did, or what moved the world most.
function second(row) {
  const most = ui.whose === WORLD && row.points[0];
  const text = most ? `${phrase(most.title)}. ${t("review.instead")}${phrase(most.say)}`
    : row.second && phrase(row.second);
  return text && h("p", { class_: "second" }, text);
}

function state(told) {
  if (told.state === "done") return null;
  const text = t(`review.state_${told.state}`, { done: num(told.done), of: num(told.of) });
  return h("p", { class_: "notice state", key: "state", role: "status", "data-part": "state" }, text);
}

// Whose game is told: every seat that people had, and the world.
function whose() {
  const names = [...Object.keys(held.record.story.seats), WORLD];
  return names.length > 1 && h("div", { class_: "qs", key: "whose", role: "group",
    "aria-label": t("review.whose") }, names.map((one) => h("button", { type: "button", class_: "chip",
    key: one, "data-whose": one, "aria-pressed": String(one === ui.whose), onclick: () => {
      Object.assign(ui, { whose: one, measure: "", pin: 0, ask: "", copied: "" });
      redraw();
    } }, one === WORLD ? t("review.world") : seatName(one))));
}

function bands(row) {
  const runs = row.basis.values.runs, known = row.bands.some((one) => one.low !== null);
  return h("div", { class_: "bands", key: "bands" },
    h("p", { class_: "kick" }, t("review.bands", { seat: seatName(ui.whose) })),
    row.bands.map((one) => {
      const gauge = gaugeName(one.id, kindOf(ui.whose), ui.whose), value = num1(100 * one.value);
      const label = one.low === null ? `${gauge}: ${value}` : t("review.band_row", { gauge, value,
        low: num1(100 * one.low), high: num1(100 * one.high) });
      return h("div", { class_: "band-row", key: one.id }, h("span", null, gauge),
        s("svg", { viewBox: "0 0 200 22", role: "img", "aria-label": label },
          s("path", { d: "M0 11H200", stroke: "var(--rule)" }),
          one.low !== null && s("rect", { x: 200 * one.low, y: 5, height: 12, fill: "var(--ink3)",
            width: Math.max(3, 200 * (one.high - one.low)), opacity: 0.5 }),
          s("circle", { cx: 200 * one.value, cy: 11, r: 6.5, fill: "var(--ink)" })),
        h("b", null, value));
    }),
    h("p", { class_: "src" }, known ? t("review.bands_note", { runs: num(runs) }) : t("review.bands_none")));
}

// --- the curve -------------------------------------------------------------------------------------

const isPoints = (id) => id === "score" || GAUGES.includes(id);

function measureName(id) {
  if (id === "score" || id === "lines") return t(`review.measure_${id}`);
  if (isMoney(id)) return t(firm() ? "review.measure_profit" : "review.measure_money");
  return gaugeName(id, kindOf(ui.whose), ui.whose);
}

const writer = (id) => (isMoney(id) ? money : id === "lines" ? (v) => percent(v, 0) : num1);

// What the curve shows, as a sentence with its figures.
function finding(one) {
  const seat = seatName(ui.whose), to = lastOf(one.was) ?? 0, from = one.was.find((v) => v !== null) ?? 0;
  if (ui.whose === WORLD) return t("review.world_end", { usd: dollars(to) });
  if (isMoney(one.id)) {
    const key = firm() ? (to < 0 ? "minus" : "earned") : to > 0 ? "lost" : "saved";
    return t(`review.${key}_end`, { seat, usd: dollars(Math.abs(to)) });
  }
  if (one.id === "lines") return t("review.lines_end", { to: percent(to, 0) });
  if (one.id === "score") return t("review.score_end", { to: num1(to) });
  const way = Math.abs(to - from) < 0.05 ? "stayed" : to > from ? "rose" : "fell";
  return t(`review.${way}`, { gauge: measureName(one.id), from: num1(from), to: num1(to) });
}

function curve(row) {
  const measures = ui.whose === WORLD ? [{ id: "money", was: row.was, ai: null,
    without: row.points[0]?.without ?? null }] : row.curve.measures;
  const lead = ui.whose === WORLD ? "money" : row.curve.lead;
  const [one] = [ui.measure, lead].flatMap((id) => measures.filter((other) => other.id === id));
  const show = writer(one.id), without = ui.whose === WORLD ? row.points[0]?.title
    : row.curve.without;
  const ended = one.without && lastOf(one.without);
  const title = ended === null || ended === undefined ? finding(one)
    : t("review.but", { what: finding(one), n: isMoney(one.id) ? dollars(ended) : show(ended) });
  const named = (name, values) => ({ name, values, label: `${name} ${show(lastOf(values) ?? null)}` });
  const lines = [{ id: "was", colour: "var(--fear)", width: 3.4, ...named(whoseName(), one.was) },
    one.without && { id: "without", colour: "var(--stock)", width: 2.6, dash: "7 4",
      ...named(t("review.without"), one.without) },
    one.ai && { id: "ai", colour: "var(--ink3)", ink: "var(--ink2)", width: 1.8, dash: "2 3",
      ...named(t("review.curve_ai"), one.ai) }].filter(Boolean);
  const pins = row.pins ?? [], unit = t(isMoney(one.id) ? "review.unit_money" : one.id === "lines"
    ? "review.unit_share" : "unit.points");

  return drawFigure({ id: "curve", title, again: redraw,
    sub: t(ui.whose === WORLD ? "review.curve_sub_world" : "review.curve_sub", { unit,
      seat: whoseName() }) + (one.without && without ? `. ${t("review.curve_without_is",
      { what: phrase(without) })}` : ""),
    more: measures.length > 1 && chips(measures, one),
    picture: h("div", { key: "picture" }, drawCurve({ width: phone() ? 358 : 1100,
      height: phone() ? 260 : 330, turns: turns(), lines, points: isPoints(one.id), show,
      label: [title, ...pins.map(pinText)].join(". "),
      names, marks: marks(row), chosen: ui.pin,
      pins: pins.map((pin) => ({ turn: pin.turn, say: pinText(pin) })),
      choose: (turn) => { if (ui.pin !== turn) { ui.pin = turn; redraw(); } } }), pinList(row)),
    source: t("review.curve_source", { scenario: titleOf(held.record), n: turns() }),
    table: () => ({ columns: [t("review.timeline"), ...lines.map((line) => line.name)],
      rows: Array.from({ length: turns() + 1 }, (_, turn) => [names(turn),
        ...lines.map((line) => (line.values[turn] === null ? "–" : show(line.values[turn])))]) }),
    link: linkHere });
}

const chips = (measures, open) => h("div", { class_: "qs", key: "measures", role: "group",
  "aria-label": t("review.over_time") }, measures.map((one) => h("button", { type: "button", class_: "chip",
  key: one.id, "data-measure": one.id, "aria-pressed": String(one === open), onclick: () => {
    ui.measure = one.id;
    redraw();
  } }, measureName(one.id))));

// Acts of the coercer as lines, those of one week together.
function marks(row) {
  const found = new Map();
  for (const one of row.marks ?? []) {
    const step = one.lever.startsWith("rung");
    const text = step ? choiceName("rung", one.value) : leverName(one.lever);
    found.set(one.week, [...found.get(one.week) ?? [], text]);
  }
  return [...found].map(([week, texts]) => ({ turn: week / WEEKS, text: `${seatName(scene.coercer)}: ${
    texts.join(", ")}` }));
}

// The decisions in words, for who cannot point at a number.
function pinList(row) {
  if (!row.pins) return null;
  const seat = seatName(ui.whose);
  return h("div", { class_: "pins", key: "pins" }, h("h3", null, t("review.pins", { seat })),
    row.pins.length ? h("ol", null, row.pins.map((one) => h("li", { key: one.turn, "data-pinned": one.turn,
      class_: ui.pin === one.turn ? "on" : "" }, pinText(one))))
      : h("p", { class_: "soft" }, t("review.pin_none", { seat })));
}

// A link to what is looked at. It holds no pass: it opens for who has one of this room.
export function linkHere() {
  const asked = new URLSearchParams({ room: held.record.room, seat: ui.whose });
  if (ui.measure) asked.set("show", ui.measure);
  return `${location.origin}${at("/review")}?${asked}`;
}
