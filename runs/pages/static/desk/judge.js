// On the console: a move outside the levers is judged. Reasons, a chance, what follows, who is told, and
// one throw of the die.

import { amount, goodName, h, leverName, num, percent, seatName, t, unitOf, usd } from "../room/base.js";
import { act, may, sure } from "../console/acts.js";
import { blank, effectForm, readEffect } from "./effect.js";
import { draw, ui } from "../console/state.js";

const WORDS = [[10, "hardly"], [35, "unlikely"], [65, "even"], [90, "likely"], [101, "sure"]]; // below

const formOf = (move) => (ui.judge[move.n] ??= { p: 50, why: "", shown: false, to: new Set(["all"]),
  effect: blank(), otherwise: blank() });
const inWords = (p) => t(`chance.${WORDS.find(([below]) => p < below)[1]}`);

const reasons = (title, list) => h("div", { key: title },
  h("h3", null, title, " ", h("span", { class_: "soft" }, num(list.length))),
  list.length ? h("ul", null, list.map((one, k) => h("li", { key: k }, one)))
    : h("p", { class_: "soft" }, t("after.none")));

function chance(form) {
  return h("div", { class_: "chance", key: "chance" },
    h("div", { class_: "row" }, h("b", { class_: "figure" }, percent(form.p / 100, 0)),
      h("span", null, inWords(form.p))),
    h("input", { id: "chance", type: "range", min: 0, max: 100, step: 5, value: form.p,
      "aria-label": t("judge.chance"), "aria-valuetext": `${percent(form.p / 100, 0)}, ${inWords(form.p)}`,
      oninput: (event) => { form.p = Number(event.target.value); draw(); } }),
    h("div", { class_: "scale soft", "aria-hidden": "true" }, ["hardly", "even", "sure"].map((one) =>
      h("span", { key: one }, t(`chance.${one}`)))));
}

const readable = (view) => view.seats.filter((one) => one.open || one.people).map((one) => one.seat);

function readersOf(view, form) {
  const choose = (seat) => (event) => {
    if (seat === "all") form.to = new Set(event.target.checked ? ["all"] : []);
    else if (event.target.checked) form.to.add(seat); else form.to.delete(seat);
    if (seat !== "all") form.to.delete("all");
    draw();
  };
  return h("fieldset", { class_: "effect readers", key: "to" }, h("legend", null, t("judge.to")),
    ["all", ...readable(view)].map((seat) => h("label", { class_: "check", key: seat },
      h("input", { type: "checkbox", id: `tell-${seat}`, checked: form.to.has(seat),
        onchange: choose(seat) }), seatName(seat))),
    h("label", { class_: "check", key: "shown" }, h("input", { type: "checkbox", id: "judge-shown",
      checked: form.shown, onchange: (event) => { form.shown = event.target.checked; draw(); } }),
    t("move.show")));
}

// What became of a ruling, in words.
export function effectText(inject) {
  const { event, order } = inject;
  if (order) return t("headline.order", { seat: seatName(order.seat), lever: leverName(order.lever),
    value: amount(unitOf(order.lever), order.value) });
  const fill = { by: seatName(event.actor), to: seatName(event.target) };
  if (event.kind === "transfer_money") return t("effect.paid", { ...fill, usd: usd(1e6 * event.data.usd_m) });
  if (event.kind === "transfer_stock") return t("effect.handed",
    { ...fill, tonnes: num(event.data.tonnes), good: goodName(event.data.material) });
  return event.kind === "news" ? t("move.no_effect") : t(`inject.${event.kind}`);
}

function judged(view, move) {
  const inject = view.injects.find((one) => one.move === move.n);
  return h("div", { class_: "stack", id: "judged", key: "judged" },
    h("p", { class_: "figure" }, t(move.success ? "move.came" : "move.failed",
      { p: percent(move.probability, 0), die: percent(move.die, 0) })),
    move.why && h("p", null, move.why),
    inject && [h("p", { class_: "soft" }, t("cards.effect", { text: effectText(inject) })),
      h("p", { class_: "soft" }, inject.to.length ? t("cards.readers",
        { seats: inject.to.map(seatName).join(", ") }) : t("judge.nobody"))]);
}

function form(view, move) {
  const made = formOf(move), works = readEffect(view, made.effect), fails = readEffect(view, made.otherwise);
  const ready = made.why.trim() && !works.wrong && !fails.wrong && may(view, "adjudicate") && !ui.busy;
  const throwDie = async () => {
    const p = percent(made.p / 100, 0);
    if (!await sure(t("judge.throw"), t("sure.adjudicate", { p }))) return;
    await act("adjudicate", { move: move.n, probability: made.p / 100, why: made.why.trim(),
      shown: made.shown, to: [...made.to], ...works, ...(fails.effect && { otherwise: fails.effect }) });
  };
  const send = (event) => { event.preventDefault(); throwDie(); };
  return h("form", { class_: "stack", key: "form", onsubmit: send },
    chance(made), effectForm(view, made.effect, "works", t("move.if_true"), true),
    effectForm(view, made.otherwise, "fails", t("judge.if_false")), readersOf(view, made),
    h("label", { class_: "field" }, h("span", null, t("judge.ruling")),
      h("textarea", { id: "ruling", maxlength: 300, value: made.why,
        oninput: (event) => { made.why = event.target.value; draw(); } })),
    !made.why.trim() && h("p", { class_: "soft" }, t("judge.needs")),
    h("div", { class_: "row" },
      h("button", { type: "submit", class_: "go", id: `judge-${move.n}`, disabled: !ready },
        t("judge.throw")),
      h("p", { class_: "soft" }, t("judge.once"))));
}

export function judgeSheet(view, move) {
  return h("div", { class_: "stack judge", "data-part": "judge" },
    h("p", { class_: "kick" }, t("judge.by", { seat: seatName(move.seat), turn: move.turn })),
    h("p", { class_: "claim" }, move.claim),
    h("div", { class_: "grid2" }, reasons(t("after.for"), move.pro), reasons(t("after.against"), move.con)),
    move.probability === null ? form(view, move) : judged(view, move));
}
