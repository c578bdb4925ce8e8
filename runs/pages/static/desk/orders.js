// On the console: the orders of every seat, and setting one over them.

import {
  amount, CONTROL, h, leverName, num, placeName, readLever, scene, seatName, shownValue, t, unitName,
  unitOf,
} from "../room/base.js";
import { may, surely } from "../console/acts.js";
import { draw, ui } from "../console/state.js";

export function ordersCard(view) {
  const form = (ui.over ??= { seat: "", lever: "", place: "", value: "" });
  const rows = view.seats.flatMap((one) => view.orders[one.seat].map((order) => [one.seat, order]));
  const kind = form.seat === view.public.coercer ? "coercer"
    : view.seats.find((one) => one.seat === form.seat)?.kind;
  const levers = Object.values(scene.levers).filter((one) => kind && one.actors.split(" ").includes(kind));
  const row = scene.levers[form.lever];
  const places = !row?.index ? [] : row.index === "zone" ? view.seats.filter((one) => scene.zones[one.seat]
    && one.seat !== form.seat).map((one) => one.seat) : Object.keys(view.public.prices || {});
  const pick = (name, label, options) => h("label", { class_: "field", key: name }, h("span", null, label),
    h("select", { id: `over-${name}`, value: form[name],
        onchange: (event) => { form[name] = event.target.value; draw(); } },
          h("option", { value: "", selected: !form[name] }, "–"),
            options.map(([v, text]) => h("option", { value: v, selected: form[name] === v }, text))));
  const found = row && readLever(row, form.value), full = form.place ? `${form.lever}.${form.place}`
    : form.lever;
  const ready = found && !found.fault && (!row.index || form.place);
  return h("section", { class_: "card w6 stack", key: "orders" }, h("h2", null, t("console.all_orders")),
    rows.length ? h("ul", { class_: "news" },
      rows.map(([seat, one]) => h("li", { key: `${seat}.${one.lever}` }, h("b", null, seatName(seat)),
          h("span", null, leverName(one.lever)), h("b", null, amount(unitOf(one.lever), one.value)),
            (one.why || one.reason) && h("i", null, one.why || one.reason), CONTROL.includes(one.by)
              && [h("span", { class_: "kind" }, t("who.control")),
                h("button", { type: "button", id: `free-${seat}-${one.lever}`,
                    disabled: !may(view, "override") || ui.busy > 0,
                      onclick: () => surely("free", true, { seat, lever: one.lever, value: null },
                        { seat: seatName(seat), lever: leverName(one.lever) }) }, t("lever.take_back"),
                          h("span", { class_: "sr" }, ` ${leverName(one.lever)}`))])))
                            : h("p", { class_: "soft" }, t("console.no_orders")),
    h("h3", null, t("do.override")),
      pick("seat", t("console.seat"), view.seats.map((one) => [one.seat, seatName(one.seat)])),
        form.seat && pick("lever", t("deal.lever"), levers.map((one) => [one.lever, leverName(one.lever)])),
    row?.index && pick("place", t("deal.place"), places.map((one) => [one, placeName(one)])),
    row && h("label", { class_: "field" },
      h("span", null,
        t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
            unit: unitName(row.unit) })),
              h("input", { id: "over-value", type: "text", inputmode: "decimal", value: form.value,
                  oninput: (event) => { form.value = event.target.value; draw(); } }),
      found.fault && !found.empty && h("span", { class_: "error", id: "over-fault" }, found.fault)),
    h("button", { type: "button", id: "do-override", class_: "danger",
        disabled: !ready || !may(view, "override"), onclick: () => surely("override", true,
          { seat: form.seat, lever: full, value: found.value },
            { seat: seatName(form.seat), lever: leverName(full), value: amount(row.unit, found.value) }) },
              t("do.override")));
}
