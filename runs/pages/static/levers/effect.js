// What a lever would bring, in a line: effect on each goal, money and political capital, before it is sent.

import { GAUGES, amount, gaugeName, h, leverName, num, t, usd } from "../room/base.js";
import { num1 } from "../kit/say.js";
import { ghost } from "./ghost.js";

const SEEN = 0.05; // points: less is written as 0
const WIDE = 1; // points between low and high from which a band is told

const points = (one) => ({ low: 100 * one.low, middle: 100 * one.middle, high: 100 * one.high });
const sign = (value) => (value > 0 ? "▲" : "▼");

function part(view, gauge, found) {
  const { low, middle, high } = points(found), name = gaugeName(gauge, view.kind, view.seat);
  if (Math.abs(middle) < SEEN && high - low < WIDE)
    return h("span", { key: gauge, "data-effect": gauge }, `${name} 0`);
  const band = high - low >= WIDE && ` (${t("ghost.band", { low: num1(low), high: num1(high) })})`;
  return h("span", { key: gauge, "data-effect": gauge }, `${name} `,
    h("b", { class_: middle > 0 ? "good" : "bad" }, `${sign(middle)} ${num1(Math.abs(middle))}`), band);
}

// What an order takes of the purse, or in a year where no purse binds.
function price(purse, year) {
  if (!purse) return year ? h("span", { key: "cost" }, t("ghost.a_year", { usd: usd(year) })) : null;
  return [
    Math.abs(purse.money) >= 1000 && h("span", { key: "money", "data-takes": "money" },
      t(purse.money > 0 ? "purse.takes" : "purse.frees", { usd: usd(Math.abs(purse.money)) })),
    purse.capital !== 0 && h("span", { key: "capital", "data-takes": "capital" }, "◐ ",
      t("purse.points", { n: num(purse.capital) }))];
}

const nothing = (answer) => GAUGES.every((one) => {
  const { low, high } = points(answer.effects[one]);
  return Math.max(Math.abs(low), Math.abs(high)) < SEEN;
});

// Why an order does not fit, unless the room has said so already, and a value that does.
function beyond(row, { full, fault }, purse, set) {
  const fits = purse.fits === null ? "" : amount(row.unit, purse.fits);
  return h("p", { class_: fault ? "" : "error", key: "fits", id: `fits-${full}`, role: "alert" },
    !fault && t(fits ? "purse.over" : "purse.over_stays", { lever: leverName(full), fits }), " ",
    fits && h("button", { type: "button", class_: "fit", onclick: () => set(purse.fits),
      onmousedown: (event) => event.preventDefault() }, fits)); // the field keeps the focus and saves nothing
}

// `one` is what the lever's card is drawn from; `set(value)` sets the lever to a value that fits.
export function effectLine(view, row, one, set) {
  const { full } = one, found = ghost(view, full, one.value);
  if (!found) return h("p", { class_: "e wait", key: "e", id: `e-${full}`, role: "status",
    "aria-label": t("ghost.wait") }, "…");
  if (found.fault) return h("p", { class_: "e", key: "e", id: `e-${full}` }, found.fault);
  if (found.none) return h("p", { class_: "e", key: "e", id: `e-${full}` },
    view.purse?.orders[full] && one.draft === undefined && price(view.purse.orders[full]));
  const answer = found.answer, purse = answer.purse;
  return [
    h("p", { class_: "e", key: "e", id: `e-${full}`, role: "status", "data-value": String(answer.value) },
      GAUGES.map((one) => part(view, one, answer.effects[one])), price(purse, answer.cost_usd)),
    nothing(answer) && h("p", { class_: "unit", key: "idle" },
      row.delay_weeks >= 13 ? t("ghost.later", { n: row.delay_weeks }) : t("ghost.nothing")),
    purse && !purse.allowed && beyond(row, one, purse, set)];
}
