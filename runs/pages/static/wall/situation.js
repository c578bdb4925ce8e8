// A turn that is open: headline, map, who is hurt, what was just decided, who is ready. In the last
// minute the clock and who is missing.

import { day, h, leftOf, minutes, percent, phaseName, phrase, s, scene, seatName, t, turnName,
} from "../room/base.js";
import { icon } from "../kit/icons.js";
import { share } from "../kit/say.js";
import { code, fitted, head, LEAST, nameOf, seatStrip, shortName, spoken, top } from "./frame.js";
import { ground, lanesAt, meanOf } from "./ground.js";

const KINDS = { ladder: "ladder", law: "ladder", clause: "ladder", caught: "caught", detection: "caught",
  caught_firm: "caught", caught_plant: "caught", floor: "floor", fear: "fear", forge_member: "club" };
const iconOf = (kind) => icon(KINDS[kind] ?? (/^(plant|terms)/.test(kind) ? "plant" : "talk"));

// What people did comes before what the world says: cards, words of control, moves that were judged.
export function decided(view, turn) {
  const world = view.public, mine = (one) => one.turn === turn;
  return [
    ...(world.injects ?? []).filter(mine).map((one) => ["talk", phrase(one.say, one.text)]),
    ...(world.messages ?? []).filter((one) => one.by === "control" && mine(one)).slice(-1)
      .map((one) => ["talk", phrase(one.say, one.text)]),
    ...(world.moves ?? []).filter(mine).map((one) => ["talk", `${seatName(one.seat)}: ${one.claim} · ${
      t(one.success ? "move.came" : "move.failed", { p: percent(one.probability, 0),
        die: percent(one.die, 0) })}`]),
    ...(view.show.news ?? []).map((one) => [one.kind, spoken(one.say)]),
  ];
}

// As many sentences as stand whole in the box; one that is longer than the box is told elsewhere.
export function news(items, width, height, most = 3) {
  const sizes = [33, 30, LEAST], inner = width - 60;
  for (let n = Math.min(most, items.length); n > 0; n--) {
    const some = items.slice(0, n);
    const size = fitted(some.map(([, text]) => text), inner, height, { sizes, line: 1.26, gap: 14 });
    if (size) return h("ul", { class_: "heads did", style: `font-size:${size}px` }, some.map(([kind, text]) =>
      h("li", null, iconOf(kind), h("span", null, text))));
  }
  return h("ul", { class_: "heads did" }, h("li", null, iconOf("talk"), h("span", null, t(items.length
    ? "wall.read_it" : "wall.quiet"))));
}

function hurt(rows) {
  if (!rows?.length) return h("div", { class_: "panel", key: "hurt" },
    h("h2", null, t("wall.hurts")),
    h("p", { class_: "lab" }, t("wall.hurts_none")));
  const most = Math.max(...rows.map((one) => one.share)), fear = rows.some((one) => one.fear);
  return h("div", { class_: "panel", key: "hurt" }, h("h2", null, t("wall.hurts")),
    h("dl", { class_: "bars" }, rows.map((one) => [
      h("dt", { key: `n${one.zone}` }, nameOf(one.zone)),
      h("dd", { key: `v${one.zone}`, "data-zone": one.zone, class_: one.fear ? "byfear" : "byban" },
        h("i", { style: `width:${Math.max(1, 100 * one.share / most)}%` }),
        h("b", null, share(one.share)))])),
    h("p", { class_: "lab" }, t("wall.hurts_unit")),
    h("p", { class_: "lab keys" }, h("span", { class_: "byban" }, h("i", null), t("wall.by_ban")),
      fear && h("span", { class_: "byfear" }, h("i", null), t("wall.by_fear", {
        seat: seatName(scene.coercer) }))));
}

const whereText = (view) => [turnName(view), phaseName(view), day(view.date)].join(" · ");
const headline = (view) => spoken(view.show.say) || (view.public.prices ? t("wall.nothing_yet")
  : t("world.making"));
const clock = (view, live, traits) => h("span", { class_: "clock", "data-clock": "", role: "timer",
  key: "clock", ...traits }, leftOf(view, live) === null ? "" : minutes(leftOf(view, live)));
const short = (view, live) => (leftOf(view, live) ?? 0) < 600e3; // a clock of one sign before its colon
// A teacher may turn to the clock before the last minute has come.
const lastMinute = (view, live) => (leftOf(view, live) ?? Infinity) <= 1000 * view.show.last;
const mapOf = (view, id) => {
  const flows = meanOf(view.show.lanes ?? []).map((one, i) => ({ ...one,
    said: lanesAt([view.show.lanes[i]], view.show.lanes[i].t.length - 1)[0].said }));
  return ground(view.public, "right", { flows, id });
};

const FLAG = "M2 0h3v30h-3zM6 1h19l-6 7 6 7h-19z", MOST_NAMED = 8, MOST_FLAGS = 4;

// At a table the situation stays up: the turns of the game, and a flag for each card that all have read.
function board(view) {
  const cards = (turn) => (view.public.injects ?? []).filter((one) => one.turn === turn);
  return h("ol", { class_: "board", key: "board", "aria-label": t("wall.board") },
    Array.from({ length: view.turns }, (_, k) => k + 1).map((turn) => h("li", { key: turn, "data-turn": turn,
      class_: turn === view.turn ? "now" : turn < view.turn ? "past" : "", "data-flags": cards(turn).length,
      "aria-current": turn === view.turn ? "step" : undefined },
    h("span", null, view.turns > MOST_NAMED ? String(turn) : t("wall.turn", { n: turn })),
    cards(turn).slice(0, MOST_FLAGS).map((one, k) => [s("svg", { viewBox: "0 0 26 30", key: `f${k}`,
      "aria-hidden": "true" }, s("path", { d: FLAG })), h("span", { class_: "sr", key: `s${k}` },
      phrase(one.say, one.text))]))));
}

export function situation(view, live) {
  const rows = view.show.hurt?.length ?? 0, low = view.show.board ? 40 : 0;
  const space = 770 - (rows ? 190 + 47 * rows : 130) - 24 - 110 - low;
  return [h("div", { class_: "ground", key: "ground" }, mapOf(view, "now")),
    top(view, live, whereText(view), clock(view, live), code(view)),
    head(headline(view), 1180, 150), // above the names on the map, however its lines break
    h("div", { class_: "column", key: "column" }, hurt(view.show.hurt),
      h("div", { class_: "panel", key: "did" }, h("h2", null, t("wall.decided")),
        news(decided(view, view.turn), 536, space))),
    view.show.board && board(view), seatStrip(view)];
}

function missingList(missing) {
  const rows = missing.map((one) => [one.seat, shortName(one.seat), t(`wall.is_${one.state}`)]);
  if (rows.length > 4) { // names alone, as large as they fit
    const text = rows.map(([, name]) => name).join(" · ");
    const size = fitted([text], 550, 300, { sizes: [44, 38, 33, LEAST], line: 1.3 });
    return h("p", { class_: "miss", style: `font-size:${size ?? LEAST}px` }, size ? text
      : t("wall.missing_n", { n: rows.length }));
  }
  return h("ul", { class_: "miss" }, rows.map(([seat, name, state]) => h("li", { key: seat,
    "data-seat": seat }, h("b", null, name), h("span", null, state))));
}

export function decide(view, live) {
  const missing = view.seats.filter((one) => one.played_by === "person" && one.state !== "submitted");
  return [h("div", { class_: "ground pale", key: "ground" }, mapOf(view, "last")),
    top(view, live, whereText(view), code(view)),
    head(t(lastMinute(view, live) ? "wall.last_minute" : "wall.send_orders"), 1120),
    h("div", { class_: "panel timer", key: "timer" },
      clock(view, live, { class_: `clock huge${short(view, live) ? "" : " longer"}` }),
      h("div", { class_: "emptying" }, h("i", { "data-bar": "" }))),
    h("div", { class_: "panel missing", key: "missing" }, h("h2", null, missing.length
      ? t(missing.length === 1 ? "wall.missing_one" : "wall.missing_n", { n: missing.length })
      : t("wall.missing_none")), missingList(missing),
    h("p", { class_: "counts" }, t("wall.saved_counts"))),
    seatStrip(view)];
}

