// The record turn by turn: orders side by side, results with their causes, news, deals, scores, forecasts.

import {
  CONTROL, GAUGES, amount, arrow, band, causeText, dealLines, dealTerms, h, headlineLine, leverName,
  loudFirst, num, percent, seatName, signed, t, unitOf,
} from "../room/base.js";
import { causeFigures } from "../room/result.js";
import { held } from "./state.js";

const before = (turn) => (turn <= 1 ? held.record.opening : held.record.turns_played[turn - 2]);

export function ordersTable(one) {
  const orders = one.orders; // of people and of AI
  const rank = new Map(held.record.seats.map((row, k) => [row.seat, k]));
  const seats = [...new Set(orders.map((o) => o.actor))].sort((a, b) => (rank.get(a) ?? 99) - (rank.get(b)
      ?? 99));
  const levers = [...new Set(orders.map((o) => o.lever))];
  if (!seats.length) return h("p", { class_: "soft" }, t("review.no_orders"));
  return h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.orders") },
    h("table", { id: "side" },
    h("thead", null, h("tr", null, h("th", null, t("deal.lever")),
        seats.map((seat) => h("th", { key: seat }, seatName(seat), h("br"),
            h("span", { class_: "soft" }, t(`played.${one.played_by[seat] || "ai"}`)))))),
    h("tbody", null,
      levers.map((lever) => h("tr", { key: lever }, h("th", { scope: "row" }, leverName(lever)),
          seats.map((seat) => {
      const found = orders.find((o) => o.actor === seat && o.lever === lever);
      return h("td", { key: seat }, found ? amount(unitOf(lever), found.value) : "",
        found && CONTROL.includes(found.by) && [" ", h("span", { class_: "kind" }, t("who.control"))],
          found?.by === "ai" && [" ", h("span", { class_: "kind" }, t("played.ai"))],
            found?.why && h("div", { class_: "soft" }, found.why));
    }))))));
}

export function strategies() {
  const found = held.record.flags.filter((one) => one.kind === "strategy");
  return found.length > 0 && h("section", { class_: "card w12", key: "s", id: "strategies" },
    h("h2", null, t("strategy.review")),
    h("ul", { class_: "news" },
      found.map((one, k) => h("li", { key: k }, h("b", null, seatName(one.seat)),
          h("span", null, one.text)))));
}

export const inPoints = (gauge) => `${t(`gauge.${gauge}`)} (${t("unit.points")})`;

export function gaugesTable(one) {
  const was = before(one.turn);
  const seats = held.record.seats.filter((x) => x.open && one.gauges?.[x.seat]);
  return h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.gauges") },
    h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("console.seat")),
          GAUGES.map((g) => h("th", { class_: "n" }, inPoints(g))),
            h("th", { class_: "why" }, t("result.why")))),
    h("tbody", null,
      seats.map(({ seat, kind }) => h("tr", { key: seat }, h("th", { scope: "row" }, seatName(seat)),
          GAUGES.map((g) => {
      const now = one.gauges[seat][g], change = now - (was?.gauges?.[seat]?.[g] ?? now);
      return h("td", { class_: "n" }, num(100 * now, 1), " ", arrow(change), " ", signed(100 * change));
    }), h("td", { class_: "why" },
      (one.causes?.[seat]?.causes || []).map((c) => [c, causeFigures(c, one.causes[seat], kind, seat)])
        .filter(([, text]) => text).map(([c, text]) =>
        h("div", null, causeText(c, seat), " ", h("b", null, text)))))))));
}


export const news = (one) => [h("ul", { class_: "news halves" },
  loudFirst(one.headline || []).slice(0, 10).map((line) => headlineLine(line))),
held.record.flags.filter((f) => f.turn === one.turn).map((f) => h("p", { class_: "notice" }, "⚑ ",
  h("b", null, seatName(f.seat)), ": ", f.text))];

export function deals() {
  const all = held.record.deals;
  if (!all.length) return h("p", { class_: "soft" }, t("deals.none"));
  return all.map((deal) => h("div", { class_: "deal", key: deal.n },
    h("p", null, h("b", null, t("deal.number", { n: deal.n })), " · ",
      deal.parties.map(seatName).join(" + "), " · ", dealTerms(deal)),
    dealLines(deal).map((x) => h("p", null, x)),
    deal.kept.promised_t > 0 && h("p", null, h("b", null, t("review.kept",
      { moved: num(deal.kept.moved_t), promised: num(deal.kept.promised_t) })))));
}

export function results() {
  const { record } = held, forecasts = Object.entries(record.forecasts);
  const scores = Object.entries(record.scores).filter(([, x]) => x);
  return [h("h2", { id: "scores" }, t("review.scores")), h("p", { class_: "soft" }, t("review.scores_note")),
    h("ul", { class_: "lights" },
      scores.filter(([seat]) => record.seats.find((x) => x.seat === seat)?.open).map(([seat, x]) =>
        h("li", { class_: "light", key: seat }, seatName(seat), " ", band(x.band)))),
    forecasts.length > 0 && [h("h2", null, t("review.forecasts")),
      h("ul", { class_: "news" },
        forecasts.map(([seat, x]) => h("li", { key: seat }, h("b", null, seatName(seat)),
          h("span", null, t("review.calibration", { n: num(x.answers), p: percent(x.mean_p, 0),
            came: percent(x.came_true, 0), score: num(x.score, 2) })))))]];
}
