// The purse of a quarter: money that is bound, new and free, and political capital as discs.

import { h, num, t, usd } from "../room/base.js";

const part = (class_, share) => {
  const node = h("i", { class_ });
  node.style.width = `${Math.max(0, Math.min(100, 100 * share))}%`;
  return node;
};

// Discs: filled is free, striped is taken by what is drafted.
function discs(capital) {
  const all = Math.ceil(Math.max(capital.points, capital.bound) - 1e-9);
  const free = Math.floor(capital.free + 1e-9);
  return h("span", { class_: "discs", role: "img", "aria-label": t("purse.left",
    { free: num(capital.free), points: num(capital.points) }) },
  Array.from({ length: all }, (_, k) => h("i", { class_: k < all - free ? "used" : "free" })));
}

export function purseCard(view) {
  const purse = view.purse;
  if (!purse) return null;
  const { allowance, bound, new: fresh, free } = purse.money, capital = purse.capital;
  return h("section", { class_: "purse", key: "purse", "aria-label": t("purse.title") },
    h("div", { key: "money", "data-purse": "money" },
      h("p", null, h("b", null, t("purse.allowance", { usd: usd(allowance) }))),
      h("span", { class_: "money", "aria-hidden": "true" }, part("bound", bound / allowance),
        part("new", fresh / allowance)),
      h("p", { class_: "soft" }, t("purse.bound", { usd: usd(Math.max(0, bound)) }), " · ",
        t(fresh < 0 ? "purse.freed" : "purse.new", { usd: usd(Math.abs(fresh)) }), " · ",
        h("b", null, t("purse.free", { usd: usd(free) })))),
    h("div", { key: "capital", "data-purse": "capital" }, h("p", { class_: "soft" }, t("purse.capital")),
      discs(capital), h("p", { class_: "soft" },
        t("purse.left", { free: num(capital.free), points: num(capital.points) }))));
}
