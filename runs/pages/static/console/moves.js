// On the console: moves outside the levers, their chance, and the one throw of the die.

import { h, percent, seatName, t } from "../room/base.js";
import { may, surely } from "./acts.js";
import { draw, ui } from "./state.js";

// The chance, what follows if it comes true, and the question before the die is thrown.
function judgeForm(view, move) {
  const form = ((ui.judge ??= {})[move.n] ??= { p: "50", then: "", shown: false });
  const throwDie = (p) => {
    const card = view.cards.find((one) => one.card === form.then);
    const event = card && { ...card.event, text: t(`inject_card.${card.card}.text`) };
    surely("adjudicate", true, { move: move.n, probability: p / 100, shown: form.shown,
        ...(event ? { event } : {}) }, { p: percent(p / 100, 0) });
  };
  const own = Number(form.p), fine = form.p !== "" && own >= 0 && own <= 100;
  return h("div", { class_: "stack" },
    h("label", { class_: "field" }, h("span", null, t("move.if_true")),
      h("select", { id: `then-${move.n}`, value: form.then,
          onchange: (event) => { form.then = event.target.value; draw(); } },
      h("option", { value: "", selected: !form.then }, t("move.no_effect")),
        view.cards.filter((one) => one.event.kind !== "news").map((one) => h("option",
            { value: one.card, selected: form.then === one.card }, t(`inject_card.${one.card}.title`))))),
    h("label", { class_: "check" },
      h("input", { type: "checkbox", id: `shown-${move.n}`, checked: form.shown,
          onchange: (event) => { form.shown = event.target.checked; draw(); } }), t("move.show")),
    h("div", { class_: "row" },
      [10, 30, 50, 70,
        90].map((p) => h("button", { type: "button", key: p, disabled: !may(view, "adjudicate"),
            onclick: () => throwDie(p) }, percent(p / 100, 0)))),
    h("div", { class_: "row" }, h("label", { class_: "field grow" }, h("span", null, t("move.own")),
        h("input", { id: `p-${move.n}`, type: "number", min: 0, max: 100, value: form.p,
            oninput: (event) => { form.p = event.target.value; draw(); } })),
      h("button", { type: "button", class_: "primary", id: `judge-${move.n}`,
          disabled: !fine || !may(view, "adjudicate"), onclick: () => throwDie(own) }, t("move.judge"))));
}

export function movesCard(view) {
  const open = view.moves.filter((one) => one.probability === null);
  return view.moves.length > 0 && h("section", { class_: "card w6 stack", key: "moves" },
    h("h2", null, t("console.moves")),
    view.moves.map((one) => h("div", { class_: "inject", key: `mv-${one.n}` },
        h("p", null, h("b", null, seatName(one.seat)), ": ", one.claim),
          one.pro.map((x) => h("p", null, "+ ", x)), one.con.map((x) => h("p", null, "− ", x)),
      one.probability === null ? judgeForm(view, one)
        : h("p", null, t(one.success ? "move.came" : "move.failed",
            { p: percent(one.probability, 0), die: percent(one.die, 0) })))),
    !open.length && h("p", { class_: "soft" }, t("console.all_judged")));
}
