// Before the start: what it is about in three sentences, how to come in, and seats that fill.

import { goodName, h, has, scene, seatName, t } from "../room/base.js";
import { joinAddress, joinQr, onlyHere } from "../room/address.js";
import { fitted, LEAST, lines, long, shortName, top } from "./frame.js";
import { ground } from "./ground.js";

const FEW = 10; // seats that have a card of two lines
const BIG = [108, 96, 84, 72];

function three(view) {
  const own = (n) => `scenario.${view.scenario}.wall_${n}`, world = view.public;
  const fill = { coercer: seatName(scene.coercer), target: seatName(scene.target),
    good: goodName(world.material ?? Object.keys(scene.usd_per_kg)[0] ?? "") };
  return [1, 2, 3].map((n) => t(has(own(n)) ? own(n) : `wall.three_${n}`, fill));
}

// Where a language says by a space without width where its question may break, each part keeps whole.
function sizeOf(question) {
  const parts = question.split("\u200b");
  return (parts.length > 1 ? BIG.find((one) => parts.every((part) => long(part) * one <= 700))
    : fitted([question], 640, 240, { sizes: BIG, line: 1.05 })) ?? 72;
}

function seatCard(one, few) {
  const taken = one.people > 0, machine = !taken && !one.open;
  const who = taken ? t("wall.people_n", { n: one.people }) : t(machine ? "played.ai" : "wall.free");
  return h("li", { key: one.seat, class_: `fs ${taken ? "on" : machine ? "ai" : ""}`, "data-seat": one.seat },
    h("b", null, shortName(one.seat)), few || taken ? h("span", null, `${taken ? "✓ " : ""}${who}`) : null);
}

const WIDE = 430, SIZES = [46, 40, 34, 30, LEAST]; // of the address

// Who types reads the code in one piece: an address breaks behind a "/" alone, in the size that lets it.
function addressOf(room) {
  const address = joinAddress(room).replace(/^https?:\/\//, ""), at = address.length - `j/${room}`.length;
  const parts = [address.slice(0, at), address.slice(at)];
  const size = SIZES.find((one) => parts.every((part) => lines(part, one, WIDE) === 1)) ?? LEAST;
  return h("b", { class_: "joinat", style: `font-size:${size}px` }, parts[0],
    h("span", { class_: "whole" }, parts[1]));
}

function door(view) {
  const away = !onlyHere();
  return h("div", { class_: "panel door", key: "door" },
    away && h("div", { class_: "qrbox" }, joinQr(view.room)),
    away && h("p", { class_: "addr" }, h("span", null, t("wall.scan")), addressOf(view.room)),
    h("p", { class_: "codebox" }, h("span", null, t("wall.code")), h("b", { class_: "bigcode" }, view.room)));
}

export function title(view, live) {
  const seats = view.seats.filter((one) => one.open || one.people), few = seats.length <= FEW;
  const lane = [{ from: scene.coercer, to: scene.target, kind: "china", t: 1 }];
  const question = t("wall.question"), size = sizeOf(question);
  return [h("div", { class_: "ground fade", key: "ground" }, ground(view.public, "title", { flows:
      scene.target ? lane : [], id: "title", label: t("wall.map_title") })),
    top(view, live, t("wall.crisis", { n: view.turns })),
    h("h2", { class_: "say big", key: "say", style: `font-size:${size}px` }, question),
    h("ol", { class_: "three", key: "three" }, three(view).map((text, i) => h("li", null, h("b", null, i + 1),
      h("span", null, text)))),
    door(view),
    h("div", { class_: "fill", key: "fill" }, h("p", null, h("b", { id: "people" }, t("wall.people_here",
      { n: view.show.people })), " ", h("span", null, t("wall.no_app"))),
    h("ul", { class_: few ? "few" : "lots" }, seats.map((one) => seatCard(one, few))))];
}

