// A question of the reader's own: a lever held at a value from the chosen turn on, and what that changes.

import {
  GAUGES, PLAYED_MS, amount, arrow, ask, goodName, h, leverName, num, phrase, placeName, readLever, scene,
  seatName, shownValue, signed, t, unitName, usd,
} from "../room/base.js";
import { drawLine } from "../room/lines.js";
import { held, own, redraw, ui } from "./state.js";
import { inPoints } from "./tables.js";

export function leverForm() {
  const form = ui.form;
  const kind = form.seat === held.record.public.coercer ? "coercer"
    : held.record.seats.find((one) => one.seat === form.seat)?.kind;
  const levers = Object.values(scene.levers).filter((one) => kind && one.actors.split(" ").includes(kind));
  const row = scene.levers[form.lever];
  const places = !row?.index ? [] : row.index === "zone"
    ? Object.keys(held.record.public.zones || {}).filter((one) => one !== form.seat)
      : Object.keys(held.record.public.prices || {});
  const pick = (name, label, options) => h("label", { class_: "field", key: name }, h("span", null, label),
    h("select", { id: `b-${name}`, value: form[name], onchange: (event) => { form[name] = event.target.value;
          redraw(); } }, h("option", { value: "", selected: !form[name] }, "–"),
            options.map(([v, text]) => h("option", { value: v, selected: form[name] === v }, text))));
  const found = row && readLever(row, form.value);
  const ready = found && !found.fault && (!row.index || form.place) && !ui.busy;
  return h("form",
    { class_: "stack", onsubmit: (event) => { event.preventDefault(); if (ready) branch(row, found.value);
        } },
    pick("seat", t("console.seat"), held.record.seats.map((one) => [one.seat, seatName(one.seat)])),
    form.seat && pick("lever", t("deal.lever"), levers.map((one) => [one.lever, leverName(one.lever)])),
    row?.index && pick("place", t("deal.place"), places.map((one) => [one, placeName(one)])),
    row && h("label", { class_: "field" },
      h("span", null,
        t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
            unit: unitName(row.unit) })),
              h("input", { id: "b-value", type: "text", inputmode: "decimal", value: form.value,
                  oninput: (event) => { form.value = event.target.value; redraw(); } }),
      found.fault && !found.empty && h("span", { class_: "error", id: "b-fault" }, found.fault)),
    h("button", { type: "submit", class_: "go", id: "branch", disabled: !ready },
      t("review.branch", { turn: ui.turn })), ui.busy && h("p", { role: "status" }, t("review.playing")));
}

async function branch(row, value) {
  const form = ui.form, full = form.place ? `${form.lever}.${form.place}` : form.lever;
  ui.busy = true;
  ui.error = "";
  redraw();
  try {
    const found = await ask("POST", `/${own.code}/branch`, own.token,
      { week: held.record.turns_played[ui.turn - 1].week, set: { [`${form.seat}.${full}`]: value } },
      false, null, PLAYED_MS);
    ui.branches.unshift({ ...found,
        title: t("review.what_if", { turn: ui.turn, seat: seatName(form.seat), lever: leverName(full),
            value: amount(row.unit, value) }) });
    ui.branches = ui.branches.slice(0, 4);
  } catch (problem) { ui.error = problem.message; }
  ui.busy = false;
  redraw();
}

export function branchCard(one, k) {
  const seats = held.record.seats.filter((x) => x.open && one.change[x.seat]).map((x) => x.seat);
  const chart = (name, words, scale = 1) => h("figure", null, h("figcaption", null, words),
    twin(drawLine([{ name: t("review.as_it_was"),
          values: one.base[name].map((v) => v === null ? null : scale * v) },
            { name: t("review.branched"), values: one.branch[name].map((v) => v === null ? null
                : scale * v) }], plotWidth(), 190, words, 14)));
  return h("section", { class_: "deal", key: `b-${ui.branches.length - k}` }, h("h3", null, one.title),
    h("p", { class_: "answer", role: "status" }, phrase(one.says[saidOf(one)]), one.why && [" ",
      phrase(one.why)]),
    h("div", { class_: "grid2" },
      chart("price", t("world.price_chart", { good: goodName(one.material), zone: seatName(one.zone) })),
        chart("gdp_loss_share", `${t("world.loss")} (%) · ${seatName(one.target)}`, 100)),
    h("p", null, t("review.world_loss",
        { base: usd(one.world_loss_usd.base), branch: usd(one.world_loss_usd.branch) })),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.change") },
      h("table", null,
        h("thead", null, h("tr", null, h("th", null, t("review.change")),
            GAUGES.map((g) => h("th", { class_: "n" }, inPoints(g))))),
              h("tbody", null,
                seats.map((seat) => h("tr", { key: seat }, h("th", { scope: "row" }, seatName(seat)),
                    GAUGES.map((g) => h("td", { class_: "n" }, arrow(one.change[seat][g]), " ",
                        signed(100 * one.change[seat][g])))))))));
}
export const plotWidth = () => (window.innerWidth < 600 ? 330 : 520); // its letters are as large as drawn
const twin = (svg) => { svg.classList?.add("two"); return svg; };


// The seat that the answer speaks of: the one that is looked at, else the one that was changed.
const saidOf = (one) => (one.says[ui.whose] ? ui.whose : one.target);
