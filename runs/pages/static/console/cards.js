// On the console: cards of events to draw without typing, and the way to the wall.
import { amount, goodName, h, has, leverName, num, percent, seatName, t, unitOf } from "../room/base.js";
import { origin } from "../room/address.js";
import { at } from "../base/root.js";

const ui = { wall: null, show: false };

// What a card does, from its event and its order, in the words of the forms.
function effects(view, card) {
  const { event, order } = card, lines = [t(`inject.${event.kind}`)];
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
  return lines.join(". ");
}

function cardOf(view, card, desk) {
  const title = t(`inject_card.${card.card}.title`), effect = effects(view, card);
  const used = view.injects.filter((one) => one.card === card.card && one.status !== "retracted");
  const open = ["lobby", "report", "negotiate", "orders"].includes(view.phase) && desk.may(view, "card");
  const drawIt = async (when) => {
    const answer = await desk.sure(t("do.card"),
      t("cards.sure", { title, effect, when: t(`inject.${when}`) }));
    if (answer) await desk.act("card", { card: card.card, when });
  };
  return h("details", { class_: "inject", key: card.card },
    h("summary", null, h("span", null, h("b", null, title), " ",
        h("span", { class_: "soft" }, card.turn ? t("cards.script", { turn: card.turn }) : t("cards.vote")),
    used.map((one) => h("span", { class_: "ok", key: one.n }, ` ✓ ${t("cards.used", { turn: one.turn })}`)))),
  h("div", { class_: "stack" }, h("p", null, t(`inject_card.${card.card}.text`)),
    h("p", { class_: "soft" }, t("cards.readers", { seats: card.to.map(seatName).join(", ") })),
    h("p", { class_: "soft" }, t("cards.effect", { text: effect })),
    h("div", { class_: "row" },
      ["now", "next"].map((when) => h("button", { type: "button", key: when, id: `card-${card.card}-${when}`,
            class_: when === "now" ? "primary" : "", disabled: !open, onclick: () => drawIt(when) },
              t(`cards.${when}`))))));
}

export function cardsCard(view, desk) {
  return h("section", { class_: "card w6 stack", key: "cards" }, h("h2", null, t("cards.title")),
    h("p", { class_: "soft" }, t("cards.note")),
    view.cards.map((one) => cardOf(view, one, desk)));
}

// The wall's link carries a token that shows public data and can do nothing.
export function wallCard(view, desk) {
  if (ui.wall === null) {
    ui.wall = "";
    desk.ask("/wall").then((found) => { ui.wall = found.token; desk.draw(); }).catch(() =>
      { ui.wall = null; });
  }
  const address = ui.wall && `${origin()}/projector#${view.room}.${ui.wall}`;
  return h("details",
    { key: "wall", open: ui.show,
      ontoggle: (event) => { if (ui.show !== event.target.open) { ui.show = event.target.open; desk.draw();
          } } },
    h("summary", null, t("wall.link")), address && ui.show && h("div", { class_: "stack" },
      h("p", { class_: "soft" }, t("wall.link_note")),
      h("p", null, h("a", { id: "to-wall", class_: "button", href: at(`/projector#${view.room}.${ui.wall}`),
            target: "_blank", rel: "noopener" }, t("wall.link"))),
      h("p", { class_: "soft" }, address)));
}
