// On the console: a move outside the levers is judged. Reasons, a chance, what follows, who is told, and
// one throw of the die.

import { amount, goodName, h, leverName, num, percent, phrase, seatName, t, unitOf, usd }
  from "../room/base.js";
import { tell } from "../base/tell.js";
import { act, may, sure } from "../console/acts.js";
import { blank, effectForm, readEffect } from "./effect.js";
import { draw, ui } from "../console/state.js";

const WORDS = [[10, "hardly"], [35, "unlikely"], [65, "even"], [90, "likely"], [101, "sure"]]; // below

const formOf = (move) => (ui.judge[move.n] ??= { p: 50, why: "", shown: false, to: new Set(["all"]),
  effect: blank(), otherwise: blank(), votes: [], note: "" });
const inWords = (p) => t(`chance.${WORDS.find(([below]) => p < below)[1]}`);

// The reasons of the seat that makes the move; control says its own in the ruling.
const reasons = (title, list, seat) => h("div", { key: title },
  h("h3", null, title, " ", h("span", { class_: "soft" }, num(list.length))),
  list.length ? h("ul", null, list.map((one, k) => h("li", { key: k }, one, h("span", { class_: "soft by" },
      seatName(seat)))))
    : h("p", { class_: "soft" }, t("after.none")));

// Those whom a move touches: what the record says on either side, and what their capitals have said.
const given = (move, way) => move.sides.flatMap((one) => one[way].map((say) => [one.seat, phrase(say)]));

const column = (title, rows) => h("div", { key: title },
  h("h3", null, title, " ", h("span", { class_: "soft" }, num(rows.length))),
  rows.length ? h("ul", null, rows.map(([seat, text]) => h("li", { key: text, "data-of": seat }, text)))
    : h("p", { class_: "soft" }, t("side.nothing")));

function touched(move) {
  if (!move.sides?.length) return null;
  const heard = move.sides.filter((one) => one.known);
  return h("section", { key: "touched", "data-part": "sides" },
    h("h3", { class_: "who" }, `${t("side.title")}: `, move.sides.map((one) => seatName(one.seat))
      .join(t("wall.comma"))),
    h("p", { class_: "soft" }, t("side.note")),
    h("div", { class_: "grid2" }, column(t("after.for"), given(move, "pro")),
      column(t("after.against"), given(move, "con"))),
    heard.length > 0 && [h("h4", { key: "known" }, t("side.known")),
      h("ul", { key: "heard", class_: "heard" }, heard.map((one) => h("li",
        { key: one.seat, "data-of": one.seat }, h("b", null, seatName(one.seat)), " ",
        h("q", null, t("brief.quote", { text: tell(one.known.say) })), " ",
        h("span", { class_: "soft" }, tell(one.known.why)))))]);
}

function chance(form) {
  return h("div", { class_: "chance", key: "chance" },
    h("div", { class_: "row" }, h("b", { class_: "figure" }, percent(form.p / 100, 0)),
      h("span", null, inWords(form.p))),
    h("input", { id: "chance", type: "range", min: 0, max: 100, step: 5, value: form.p,
      "aria-label": t("judge.chance"), "aria-valuetext": `${percent(form.p / 100, 0)}, ${inWords(form.p)}`,
      oninput: (event) => { form.p = Number(event.target.value); draw(); } }),
    h("div", { class_: "ticks", "aria-hidden": "true" }, form.votes.map((p, k) => h("i", { key: k,
      "data-vote": p, style: `left:${p}%` }))),
    h("div", { class_: "scale soft", "aria-hidden": "true" }, ["hardly", "even", "sure"].map((one) =>
      h("span", { key: one }, t(`chance.${one}`)))),
    h("div", { class_: "row" }, h("button", { type: "button", class_: "small", id: "vote",
      onclick: () => { form.votes.push(form.p); draw(); } }, t("judge.vote")),
    form.votes.length > 0 && [h("span", { class_: "soft", id: "votes", key: "votes" }, votesText(form)),
      h("button", { type: "button", class_: "link", key: "unvote",
        onclick: () => { form.votes = []; draw(); } }, t("judge.unvote"))]));
}

const votesText = (form) => t("judge.votes", { votes: form.votes.map((p) => percent(p / 100, 0))
  .join(t("wall.comma")) });

// What is shown to all stands by itself, so that nobody ticks it among the readers.
const publish = (form) => h("fieldset", { class_: "effect publish", key: "publish" },
  h("legend", null, t("judge.public")),
  h("label", { class_: "check" }, h("input", { type: "checkbox", id: "judge-shown", checked: form.shown,
    onchange: (event) => { form.shown = event.target.checked; draw(); } }), t("move.show")));

const noteBox = (form) => h("label", { class_: "field notes", key: "note" },
  h("span", { class_: "soft" }, t("judge.note")),
  h("textarea", { id: "judge-note", rows: 2, maxlength: 1500, value: form.note,
    oninput: (event) => { form.note = event.target.value; } }));

// Votes and note stay with control: they are kept as a note of the umpire.
async function keepNote(view, move, form) {
  const text = [form.note.trim(), form.votes.length > 0 && votesText(form)].filter(Boolean).join(" · ");
  if (text && may(view, "note")) await act("note", { text: `${seatName(move.seat)}: ${text}` });
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
        onchange: choose(seat) }), seatName(seat))));
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
    const known = made.shown ? ` ${t("judge.public_sure")}` : "";
    if (!await sure(t("judge.throw"), t("sure.adjudicate", { p }) + known)) return;
    const thrown = await act("adjudicate", { move: move.n, probability: made.p / 100, why: made.why.trim(),
      shown: made.shown, to: [...made.to], ...works, ...(fails.effect && { otherwise: fails.effect }) });
    if (thrown) await keepNote(view, move, made);
  };
  const send = (event) => { event.preventDefault(); throwDie(); };
  return h("form", { class_: "stack", key: "form", onsubmit: send },
    chance(made), effectForm(view, made.effect, "works", t("move.if_true"), true),
    effectForm(view, made.otherwise, "fails", t("judge.if_false")), readersOf(view, made),
    h("label", { class_: "field" }, h("span", null, t("judge.ruling")),
      h("textarea", { id: "ruling", maxlength: 300, value: made.why,
        oninput: (event) => { made.why = event.target.value; draw(); } })),
    publish(made), noteBox(made),
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
    h("div", { class_: "grid2" }, reasons(t("after.for"), move.pro, move.seat),
      reasons(t("after.against"), move.con, move.seat)), touched(move),
    move.probability === null ? form(view, move) : judged(view, move));
}
