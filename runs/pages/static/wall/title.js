// Before the start: what it is about in three sentences, how to come in, and seats that fill.

import { goodName, h, has, scene, seatName, t } from "../room/base.js";
import { joinAddress, joinQr, onlyHere } from "../room/address.js";
import { fitted, LEAST, shortName, top } from "./frame.js";
import { ground } from "./ground.js";

const FEW = 10; // seats that have a card of two lines
const BIG = [108, 96, 84, 72];

function three(view) {
  const own = (n) => `scenario.${view.scenario}.wall_${n}`, world = view.public;
  const fill = { coercer: seatName(scene.coercer), target: seatName(scene.target),
    good: goodName(world.material ?? Object.keys(scene.usd_per_kg)[0] ?? "") };
  return [1, 2, 3].map((n) => t(has(own(n)) ? own(n) : `wall.three_${n}`, fill));
}

function seatCard(one, few) {
  const taken = one.people > 0, machine = !taken && !one.open;
  const who = taken ? t("wall.people_n", { n: one.people }) : t(machine ? "played.ai" : "wall.free");
  return h("li", { key: one.seat, class_: `fs ${taken ? "on" : machine ? "ai" : ""}`, "data-seat": one.seat },
    h("b", null, shortName(one.seat)), few || taken ? h("span", null, `${taken ? "✓ " : ""}${who}`) : null);
}

function door(view) {
  const address = joinAddress(view.room).replace(/^https?:\/\//, ""), away = !onlyHere();
  return h("div", { class_: "panel door", key: "door" },
    away && h("div", { class_: "qrbox" }, joinQr(view.room)),
    away && h("p", { class_: "addr" }, h("span", null, t("wall.scan")), h("b", { class_: "joinat", style:
      `font-size:${fitted([address], 430, 100, { sizes: [46, 40, 34, 30, LEAST], line: 1.2 }) ?? LEAST}px` },
    address)),
    h("p", { class_: "codebox" }, h("span", null, t("wall.code")), h("b", { class_: "bigcode" }, view.room)));
}

export function title(view, live) {
  const seats = view.seats.filter((one) => one.open || one.people), few = seats.length <= FEW;
  const lane = [{ from: scene.coercer, to: scene.target, kind: "china", t: 1 }];
  const question = t("wall.question"), size = fitted([question], 640, 240, { sizes: BIG, line: 1.05 }) ?? 72;
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

