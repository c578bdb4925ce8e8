// On the console: events that the facilitator puts into the world, in his own words and numbers.

import { goodName, h, num, readNumber, scene, seatName, t, told, typedNumber } from "../room/base.js";
import { act, button, sure } from "../console/acts.js";
import { draw, ui } from "../console/state.js";

export function injectCard(view) {
  const form = (ui.inject ??= { kind: "", target: "", text: "", data: {}, when: "now", to: "all" });
  const kind = view.event_kinds.find((one) => one.kind === form.kind);
  const set = (name) => (event) => { form[name] = event.target.value; draw(); };
  const pick = (id, label, value, options, onchange) => h("label", { class_: "field", key: id },
    h("span", null, label),
      h("select", { id, value, onchange },
        options.map(([v, text]) => h("option", { value: v, selected: v === value }, text))));
  const zones = view.seats.filter((one) => scene.zones[one.seat]).map((one) => [one.seat,
      seatName(one.seat)]);
  const goods = Object.keys(view.public.prices || {}).map((one) => [one, goodName(one)]);
  // What is typed into a field of the event that is a number; its range is what the model takes.
  const numberIn = (name, text) => {
    const field = kind.fields.find((one) => one.field === name);
    return field.names || !text ? {} : readNumber(text, { low: field.low, high: field.high ?? Infinity });
  };
  const wrong = kind?.fields.some((one) => numberIn(one.field, form.data[one.field]).fault);
  const send = async () => {
    const data = Object.fromEntries(Object.entries(form.data).filter(([, v]) => v !== "").map(([k, v]) =>
        [k, numberIn(k, v).value ?? v]));
    const body = { event: { kind: form.kind, target: form.target, text: form.text, data }, when: form.when,
      to: form.to };
    const answer = await sure(t("do.inject"),
      t("sure.inject", { what: told(`inject.${form.kind}`, kind.meaning), when: t(`inject.${form.when}`),
          to: seatName(form.to) }));
    if (answer && await act("inject", body)) ui.inject = null;
    draw();
  };
  return h("section", { class_: "card w6 stack", key: "injects" }, h("h2", null, t("console.injects")),
    view.injects.map((one) => h("div", { class_: "inject", key: `in-${one.n}` },
        h("p", null, h("b", null, `${one.n}. ${told(`kind.${one.event.kind}`, one.event.kind)}`),
          ` · ${t("bar.turn",
            { turn: one.turn, turns: view.turns })} · ${t(`inject.${one.status}`)} · ${one.to.map(
              seatName).join(", ")}`), h("p", { lang: one.event.key ? undefined : view.language },
                one.event.key ? t(one.event.key) : one.event.text),
      one.status === "waiting" && button(view, "retract", "danger", () => act("retract", { inject: one.n }),
        `retract-${one.n}`))),
    h("h3", null, t("inject.new")),
    pick("inject-kind", t("inject.kind"), form.kind,
      [["", "–"], ...view.event_kinds.filter((one) => !one.kind.startsWith("transfer_")).map((one) =>
          [one.kind, told(`kind.${one.kind}`, one.kind)])],
            (event) => { form.kind = event.target.value; form.data = {}; draw(); }),
    kind && [
      h("p", { class_: "soft" }, told(`inject.${kind.kind}`, kind.meaning)),
      pick("inject-target", t("inject.target"), form.target, [["", "–"], ...zones], set("target")),
      kind.fields.map((f) => f.names === "material" ? pick(`f-${f.field}`, t(`field.${f.field}`),
          form.data[f.field] ?? "", [["", "–"], ...goods],
            (event) => { form.data[f.field] = event.target.value; draw(); })
        : h("label", { class_: "field", key: f.field },
          h("span", null,
            `${told(`field.${f.field}`, f.field)} (${f.names ? f.unit : `${num(f.low)} – ${f.high === null
              ? "∞" : num(f.high)}`})`),
          h("input", { id: `f-${f.field}`, type: "text", inputmode: f.names ? "text" : "decimal",
              value: form.data[f.field] ?? "", placeholder: f.default === null ? "" : typedNumber(f.default),
                oninput: (event) => { form.data[f.field] = event.target.value; draw(); } }),
          h("span", { class_: "error", hidden: !numberIn(f.field, form.data[f.field]).fault },
            numberIn(f.field, form.data[f.field]).fault))),
      h("label", { class_: "field" }, h("span", null, t("inject.text")),
        h("textarea", { id: "inject-text", maxlength: 300, value: form.text,
            oninput: (event) => { form.text = event.target.value; } })),
      h("div", { class_: "grid2" }, pick("inject-when", t("inject.when"), form.when,
          [["now", t("inject.now")], ["next", t("inject.next")]], set("when")),
        pick("inject-to", t("inject.to"), form.to,
          [["all", seatName("all")], ...view.seats.map((one) => [one.seat, seatName(one.seat)])], set("to"))),
      button(view, "inject", "primary", send, "do-inject", wrong)]);
}
