// What is drafted, as it will be sent: each with its old value and new, what it takes, and the way back.

import { amount, h, leverName, num, readLever, t, usd } from "../room/base.js";
import { drop, forcedOn, inForce, saved, takeBack } from "./drafts.js";
import { mayEdit, out } from "../seat/state.js";

const placeOf = (full) => full.split(".").slice(1).join(".");

function rowsOf(view) {
  const fulls = [...view.orders.map((one) => one.lever).filter((full) => saved(view, full)),
    ...Object.keys(out.drafts)];
  return [...new Set(fulls)].map((full) => [full, view.levers.find((row) =>
    row.lever === full.split(".")[0])]).filter(([, row]) => row);
}

function line(view, full, row) {
  const text = out.drafts[full], kept = saved(view, full), takes = view.purse?.orders[full];
  const value = text === undefined ? kept?.value : readLever(row, text).value;
  const now = inForce(row, placeOf(full)) ?? row.default;
  const back = () => {
    drop(view, full);
    if (saved(view, full)) takeBack(view, full);
  };
  return h("li", { key: full }, h("span", null, h("b", null, leverName(full)), " ",
    h("s", null, amount(row.unit, now)), " → ", value === undefined ? "…" : amount(row.unit, value)),
  takes && h("span", { class_: "soft" }, [
    Math.abs(takes.money) >= 1000 && t(takes.money > 0 ? "purse.takes" : "purse.frees",
      { usd: usd(Math.abs(takes.money)) }),
    takes.capital !== 0 && `◐ ${t("purse.points", { n: num(takes.capital) })}`].filter(Boolean).join(" · ")),
  mayEdit(view) && !forcedOn(view, row, full) && h("button", { type: "button", class_: "back",
    onclick: back }, t("lever.take_back"), h("span", { class_: "sr" }, ` ${leverName(full)}`)));
}

export function drafted(view) {
  const rows = rowsOf(view);
  return rows.length > 0 && h("section", { key: "drafted", class_: "drafted", "data-part": "drafted" },
    h("h3", null, t("all.drafted")), h("ul", { class_: "news" },
      rows.map(([full, row]) => line(view, full, row))));
}
