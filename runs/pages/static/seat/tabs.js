// The other tabs: messages, the world, the seat's past.

import {
  amount, clock, dealLines, goodName, h, headlineLine, keep, leverName, num, percent, phrase, scene,
  seatName, t, unitOf,
} from "../room/base.js";
import { hotwash } from "./hotwash.js";
import { drawLine } from "../room/lines.js";
import { roomMap, stockText } from "../room/map.js";
import { resultBody } from "../room/result.js";
import { draw, fold, out, past, solo, ui } from "./state.js";

export function messagesTab(view) {
  const place = `text.${out.place}`;
  ui.text.message ??= keep.get(place, "");
  const send = () => {
    const text = ui.text.message.trim();
    if (!text) return;
    out.send("POST", "messages", { to: ui.to, text });
    ui.text.message = "";
    keep.set(place, null);
    const box = document.getElementById("message");
    if (box) box.value = "";
    draw();
  };
  return [
    h("form", { class_: "stack", key: "talkform", onsubmit: (event) => { event.preventDefault(); send(); } },
      h("label", { class_: "field" }, h("span", null, t("messages.to")),
        h("select", { id: "message-to", value: ui.to, onchange: (event) => { ui.to = event.target.value; } },
          ["all", "control",
            ...view.seats.map((one) => one.seat).filter((one) => one !== view.seat)].map((one) => h("option",
              { value: one, selected: ui.to === one }, seatName(one))))),
      h("label", { class_: "field" }, h("span", null, t("messages.text")),
        h("textarea", { id: "message", maxlength: 2000, value: ui.text.message,
            oninput: (event) => { ui.text.message = event.target.value; keep.set(place, event.target.value);
              } })),
      h("button", { type: "submit", class_: "primary" }, t("messages.send"))),
    out.has("messages") && h("p", { role: "status" }, t("lever.sending")),
    out.faults.messages && h("p", { class_: "error" }, out.faults.messages),
    h("ul", { class_: "talk" }, [...view.messages].reverse().map((one) => h("li", { key: `m-${one.n}` },
      h("span", { class_: "by" }, seatName(one.by)), " → ", one.to.map(seatName).join(", "), " ",
        h("span", { class_: "soft" }, clock(one.at)),
      h("p", null, phrase(one.say, one.text))))),
    !view.messages.length && h("p", { class_: "soft" }, t("messages.none")),
  ];
}

export function worldTab(view) {
  const world = view.public;
  if (!world.prices) return h("p", { class_: "wait" }, t("world.making"));
  const good = ui.good || world.material;
  const zones = Object.keys(world.zones);
  return [
    world.flows?.length > 0 && [h("h3", null, t("world.map", { good: goodName(world.material) })),
      // none before the first turn
      roomMap(view, ...(narrow() ? [340, 408] : [720, 320])), legend(world)],
    world.series?.price.length > 1
      && [h("h3", null,
          t("world.price_chart", { good: goodName(world.material), zone: seatName(world.zone) })),
      drawLine([{ name: "", values: world.series.price }], narrow() ? 370 : 720, 200,
        t("world.price_chart", { good: goodName(world.material), zone: seatName(world.zone) }), 14)],
    h("label", { class_: "field" }, h("span", null, t("world.choose")),
      h("select", { id: "good", value: good, onchange: (event) => { ui.good = event.target.value; draw(); } },
        Object.keys(world.prices).map((one) => h("option", { value: one, selected: one === good },
            goodName(one))))),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("world.table") },
      h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("world.place")),
          h("th", { class_: "n" }, t("world.price")), h("th", { class_: "n" }, "USD/kg"),
            h("th", { class_: "n" }, t("world.floor")), h("th", { class_: "n" }, t("world.loss")),
            h("th", { class_: "n" }, t("world.stock")))),
      h("tbody", null, zones.map((zone) => h("tr", { key: zone }, h("td", null, seatName(zone)),
        h("td", { class_: "n" }, `×${num(world.prices[good][zone], 2)}`),
        h("td", { class_: "n" }, scene.usd_per_kg[good]
          ? num(world.prices[good][zone] * scene.usd_per_kg[good], 2) : "–"),
        h("td", { class_: "n" }, floorOf(world, zone, good)),
        h("td", { class_: "n" }, percent(world.zones[zone].gdp_loss_share, 3)),
        h("td", { class_: "n" }, good === world.material && stockText(world.stock?.[zone]) || "–")))))),
    h("h3", null, t("world.law")),
    Object.entries(world.law).map(([actor, rows]) => fold(`law-${actor}`, false,
        `${seatName(actor)} (${Object.keys(rows).length})`, () => h("ul", { class_: "news" },
      Object.entries(rows).map(([full, value]) => h("li", { key: full }, h("span", null, leverName(full)),
          h("b", null, amount(unitOf(full), value))))))),
    publicMoves(world),
    world.deals.length > 0 && [h("h3", null, t("world.deals")),
      h("ul", { class_: "news" }, world.deals.map((deal) => h("li", null, dealLines(deal).join(" "))))],
  ];
}
// Moves outside the levers that everybody may read.
function publicMoves(world) {
  const moves = (world.moves || []).filter((one) => one.claim);
  return moves.length > 0 && [h("h3", null, t("console.moves")),
    h("ul", { class_: "news" }, moves.map((one) => h("li", { key: one.n }, h("b", null, seatName(one.seat)),
          h("span", null, one.claim),
    h("b", null, t(one.success ? "move.came" : "move.failed",
        { p: percent(one.probability, 0), die: percent(one.die, 0) })))))];
}
const narrow = () => window.innerWidth < 600;
const floorOf = (world, zone, good) => {
  const found = world.law?.[zone]?.[`floor_usd_per_kg.${good}`];
  return found ? num(found, 1) : "–";
};
const legend = (world) => h("p", { class_: "legend" },
  h("span", null, "▧ ", t("map.from_coercer", { seat: seatName(world.coercer) })),
  h("span", null, "▬ ", t("map.other")), h("span", null, "⬡ ", t("map.hub")));

export function historyTab(view) {
  for (const one of view.history || []) // what the server still knows stands above what was seen here
    if (one.result) past[one.turn] = { headline: [], ...past[one.turn], result: one.result,
      orders: one.orders };
  const turns = Object.keys(past).map(Number).filter((one) => one < view.turn
    || view.phase === "ended").sort((a, b) => b - a);
  return [
    view.report.under_way?.length > 0 && [h("h3", null, t("history.under_way")),
      h("ul", { class_: "news" }, view.report.under_way.map((one) =>
      h("li", null,
        t("history.order_on_way", { lever: leverName(one.lever), value: amount(unitOf(one.lever), one.value),
            n: Math.max(0, one.week - view.week) }))))],
    view.undone.length > 0
      && [h("h3", null, t(view.undone.every((one) => one.by === "self") ? "history.undone_self"
            : "history.undone")),
              h("ul", { class_: "news" },
                view.undone.map((one) => h("li", null,
                    t("history.undone_turn", { turn: one.turn, why: one.why }))))],
    turns.map((turn) => h("section", { key: `p-${turn}` }, h("h3", null, t("result.title", { turn })),
        resultBody(past[turn].result, view.kind, view.seat),
      past[turn].orders?.length > 0 && h("ul", { class_: "news" },
        past[turn].orders.map((one) => h("li", { key: one.lever }, h("span", null, leverName(one.lever)),
            h("b", null, amount(unitOf(one.lever), one.value))))),
      h("ul", { class_: "news" }, past[turn].headline.map((line) => headlineLine(line))))),
    !turns.length && h("p", { class_: "soft" }, t("history.none")),
    !solo && view.turn > 1 && view.phase !== "ended" && fold("hotwash", false, t("hotwash.title"),
      () => hotwash(view, out, draw)),
    view.notes.length > 0 && h("h3", null, t("history.notes")),
    h("ul", { class_: "news" },
      view.notes.map((one) => h("li", null, h("span", { class_: "kind" }, t(`note.${one.kind}`)),
          h("span", null, one.text),
            h("span", { class_: "soft" }, t("bar.turn", { turn: one.turn, turns: view.turns }))))),
  ];
}
