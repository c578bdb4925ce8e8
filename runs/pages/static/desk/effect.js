// On the console: what follows from a ruling, as a form: nothing, a lever that is set, money or stock that
// goes from state to state, or an event of a card.

import { goodName, h, leverName, num, placeName, readLever, readNumber, scene, seatName, shownValue, t,
  unitName } from "../room/base.js";
import { draw } from "../console/state.js";

export const blank = () => ({ kind: "", seat: "", to: "", lever: "", place: "", value: "", material: "",
  amount: "" });

const pick = (id, label, form, name, options) => h("label", { class_: "field", key: id },
  h("span", null, label), h("select", { id, value: form[name],
    onchange: (event) => { form[name] = event.target.value; draw(); } },
  h("option", { value: "", selected: !form[name] }, "–"),
  options.map(([value, text]) => h("option", { value, selected: form[name] === value }, text))));

const field = (id, label, form, name, found) => h("label", { class_: "field", key: id },
  h("span", null, label), h("input", { id, type: "text", inputmode: "decimal", value: form[name],
    oninput: (event) => { form[name] = event.target.value; draw(); } }),
  found.fault && !found.empty && h("span", { class_: "error" }, found.fault));

function leversOf(view, seat) {
  const kind = seat === view.public.coercer ? "coercer" : view.seats.find((one) => one.seat === seat)?.kind;
  return Object.values(scene.levers).filter((one) => kind && one.actors.split(" ").includes(kind));
}

const states = (view, but = "") => view.seats.filter((one) => scene.zones[one.seat] && one.seat !== but)
  .map((one) => [one.seat, seatName(one.seat)]);
const goods = (view) => Object.keys(view.public.prices || {}).map((one) => [one, goodName(one)]);
const amountOf = (form) => readNumber(form.amount, { low: 0, above: true });

// The effect as the room takes it: {effect}, or {wrong: true} while something is missing.
export function readEffect(view, form) {
  if (!form.kind) return {};
  if (form.kind.startsWith("card:")) {
    const card = view.cards.find((one) => one.card === form.kind.slice("card:".length));
    return { event: { ...card.event, text: t(`inject_card.${card.card}.text`) } };
  }
  if (form.kind === "lever") {
    const row = scene.levers[form.lever], found = row && readLever(row, form.value);
    if (!found || found.fault || (row.index && !form.place)) return { wrong: true };
    const lever = row.index ? `${form.lever}.${form.place}` : form.lever;
    return { effect: { kind: "lever", seat: form.seat, lever, value: found.value } };
  }
  const found = amountOf(form), stock = form.kind === "stock";
  if (found.fault || !form.seat || !form.to || (stock && !form.material)) return { wrong: true };
  return { effect: { kind: form.kind, seat: form.seat, to: form.to, ...(stock
    ? { material: form.material, tonnes: found.value } : { usd_m: found.value }) } };
}

function leverFields(view, form, id) {
  const row = scene.levers[form.lever];
  return [pick(`${id}-seat`, t("console.seat"), form, "seat", view.seats.map((one) =>
    [one.seat, seatName(one.seat)])),
  form.seat && pick(`${id}-lever`, t("deal.lever"), form, "lever", leversOf(view, form.seat).map((one) =>
    [one.lever, leverName(one.lever)])),
  row?.index && pick(`${id}-place`, t("deal.place"), form, "place", row.index === "zone"
    ? states(view, form.seat) : Object.keys(view.public.prices || {}).map((one) => [one, placeName(one)])),
  row && field(`${id}-value`, t("deal.value", { low: num(shownValue(row.unit, row.low)),
    high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) }), form, "value",
  readLever(row, form.value))];
}

const transferFields = (view, form, id) => [
  pick(`${id}-seat`, t("effect.from"), form, "seat", states(view)),
  pick(`${id}-to`, t("effect.to"), form, "to", states(view, form.seat)),
  form.kind === "stock" && pick(`${id}-good`, t("world.good"), form, "material", goods(view)),
  field(`${id}-amount`, t(`effect.${form.kind}_amount`), form, "amount", amountOf(form))];

// `cards` offers the events of cards too.
export function effectForm(view, form, id, label, cards = false) {
  const kinds = ["lever", "money", "stock"].map((one) => [one, t(`effect.${one}`)]);
  const drawn = cards ? view.cards.filter((one) => one.event.kind !== "news").map((one) =>
    [`card:${one.card}`, t("effect.card", { title: t(`inject_card.${one.card}.title`) })]) : [];
  const inside = form.kind === "lever" ? leverFields(view, form, id)
    : ["money", "stock"].includes(form.kind) && transferFields(view, form, id);
  return h("fieldset", { class_: "effect", key: id }, h("legend", null, label),
    h("label", { class_: "field" }, h("span", { class_: "sr" }, label),
      h("select", { id: `${id}-kind`, value: form.kind,
        onchange: (event) => { Object.assign(form, blank(), { kind: event.target.value }); draw(); } },
      [["", t("move.no_effect")], ...kinds, ...drawn].map(([value, text]) =>
        h("option", { value, selected: form.kind === value }, text)))), inside);
}
