// On the console: cards of events to draw without typing. The one that is meant for now lies open.

import { amount, goodName, h, has, leverName, num, percent, seatName, t, unitOf } from "../room/base.js";
import { act, button, may, sure } from "./acts.js";
import { ui } from "./state.js";
import { effectText } from "../desk/judge.js";
import { sheetButton } from "../desk/sheet.js";

// What a card does, from its event and its order, in the words of the forms.
function effects(view, card) {
  const { event, order } = card, told = event.kind !== "news" || !order;
  const lines = told ? [t(`inject.${event.kind}`)] : []; // an order is more than a text
  const kind = view.event_kinds.find((one) => one.kind === event.kind);
  const said = (field) => {
    const value = event.data[field.field];
    const text = field.names ? goodName(value) : field.unit === "share" ? percent(value, 0) : num(value);
    return `${has(`field.${field.field}`) ? t(`field.${field.field}`) : field.field} ${text}`;
  };
  const parts = [event.target && seatName(event.target),
    ...kind.fields.filter((one) => one.field in event.data).map(said)].filter(Boolean);
  if (parts.length) lines.push(parts.join(", "));
  if (order) lines.push(t("headline.order", { seat: seatName(order.seat), lever: leverName(order.lever),
    value: amount(unitOf(order.lever), order.value) }));
  return lines.join(" · ");
}

const usedOf = (view, card) => view.injects.filter((one) => one.card === card.card
  && one.status !== "retracted");
const when = (card) => (card.turn ? t("after.turn", { n: card.turn }) : t("cards.vote"));

function face(view, card) {
  const title = t(`inject_card.${card.card}.title`), effect = effects(view, card);
  const shut = view.phase === "resolve" ? "played_now" : may(view, "card") ? "" : "no_right";
  const drawIt = async (then) => {
    const text = t("cards.sure", { title, effect, when: t(`inject.${then}`) });
    const early = card.turn > view.turn && then === "now" ? ` ${t("cards.early", { turn: card.turn })}` : "";
    if (await sure(t("do.card"), text + early)) await act("card", { card: card.card, when: then });
  };
  return [h("p", null, t(`inject_card.${card.card}.text`)),
    h("dl", null, h("dt", null, t("cards.read_by")), h("dd", null, card.to.map(seatName).join(", ")),
      h("dt", null, t("cards.does")), h("dd", null, effect)),
    h("div", { class_: "row" }, ["now", "next"].map((then) => h("button", { type: "button", key: then,
      id: `card-${card.card}-${then}`, class_: then === "now" ? "go small" : "small",
      disabled: Boolean(shut) || ui.busy > 0, onclick: () => drawIt(then) }, t(`cards.${then}`)))),
    shut && h("p", { class_: "soft", key: "shut" }, t(`cards.${shut}`))];
}

const used = (view, card) => usedOf(view, card).map((one) =>
  h("span", { class_: "ok", key: one.n }, ` ✓ ${t("cards.used", { turn: one.turn })}`));

const later = (view, card) => h("details", { class_: "inject later", key: card.card },
  h("summary", null, h("span", null, h("span", { class_: "soft" }, when(card)), used(view, card),
    h("b", null, t(`inject_card.${card.card}.title`)))),
  h("div", { class_: "stack" }, face(view, card)));

const titleOf = (one) => (one.event.key ? t(one.event.key.replace(/text$/, "title"))
  : one.event.text || t(`kind.${one.event.kind}`));
const drawn = (view, one) => h("li", { key: one.n }, h("span", { class_: "soft" },
  t("after.turn", { n: one.turn })), h("span", null, titleOf(one),
one.move > 0 && ` (${effectText(one)})`, " ", h("span", { class_: "soft" },
  `${t(`inject.${one.status}`)} · ${one.to.map(seatName).join(", ")}`), " ",
one.status === "waiting" && button(view, "retract", "small", () => act("retract", { inject: one.n }),
  `retract-${one.n}`)));

const history = (view) => view.injects.length > 0 && h("details", { key: "drawn", id: "drawn" },
  h("summary", null, t("cards.drawn", { n: view.injects.length })),
  h("ul", { class_: "later" }, [...view.injects].reverse().map((one) => drawn(view, one))));

// The card of this turn's script, else the next one that the script has; then those for any turn. After the
// game none can be played.
export function cardsColumn(view) {
  if (view.phase === "ended") return h("section", { key: "cards", "data-part": "cards" },
    h("p", { class_: "soft" }, t("cards.over")), history(view));
  const turn = Math.max(1, view.turn), fresh = view.cards.filter((one) => !usedOf(view, one).length);
  const next = fresh.find((one) => one.turn >= turn) ?? fresh[0];
  const rest = view.cards.filter((one) => one !== next);
  return h("section", { key: "cards", "data-part": "cards" }, h("h2", null, t("cards.title")),
    next && h("article", { class_: `cardx ${next.turn === turn ? "ready" : ""}`, key: `x-${next.card}` },
      h("p", { class_: "kick" }, next.turn === turn ? t("cards.ready", { turn })
        : next.turn ? t("cards.script", { turn: next.turn }) : when(next)),
      h("h3", null, t(`inject_card.${next.card}.title`)), face(view, next)),
    rest.map((one) => later(view, one)),
    history(view), sheetButton("injects"));
}
