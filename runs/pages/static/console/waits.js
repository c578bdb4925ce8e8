// On the console: what waits for the facilitator, and what is said and agreed, newest first.

import { clock, dealLines, h, phrase, seatName, t } from "../room/base.js";
import { icon } from "../kit/icons.js";
import { askingCard } from "../desk/people.js";
import { draw, show, ui } from "./state.js";

const MOST = 9;

function answer(view, message) {
  ui.to = message.by;
  show("talk");
  draw();
}

const line = (key, at, sign, head, text, act, secret = false) => ({ at, node: h("li",
  { key, class_: secret ? "secret" : "" }, icon(sign),
  h("span", null, h("b", null, head, ": "), text), act || h("time", null, clock(at))) });

function messageLine(view, one) {
  const asks = one.to.includes("control") && one.by !== "control";
  const head = t("waits.to", { by: seatName(one.by), to: one.to.map(seatName).join(", ") });
  return line(`m${one.n}`, one.at, "talk", head, phrase(one.say, one.text), asks && h("button",
    { type: "button", class_: "small", onclick: () => answer(view, one) }, t("waits.answer")));
}

function dealLine(one) {
  const state = one.status.replaceAll(" ", "_");
  const head = t(one.secret ? "waits.secret" : "waits.deal",
    { by: seatName(one.by), to: one.to.map(seatName).join(", ") });
  return line(`d${one.n}`, one.at, "club", head, [dealLines(one).join(" "), " ",
    h("span", { class_: "soft" }, t(`deal.status_${state}`))], null, one.secret);
}

function moveLine(one) {
  const judge = () => { show(`judge-${one.n}`); draw(); };
  return line(`v${one.n}`, one.at, "ladder", t("waits.move", { seat: seatName(one.seat) }), one.claim,
    h("button", { type: "button", class_: `small ${one.probability === null ? "go" : ""}`,
      id: `open-judge-${one.n}`, onclick: judge },
    t(one.probability === null ? "do.adjudicate" : "waits.judged")));
}

export function waiting(view) {
  const all = [...view.messages.map((one) => messageLine(view, one)), ...view.deals.map(dealLine),
    ...view.moves.map(moveLine)].sort((a, b) => b.at - a.at);
  const open = new Set(view.moves.filter((one) => one.probability === null).map((one) => `v${one.n}`));
  const first = all.filter((one) => open.has(one.node._key));
  const shown = [...first, ...all.filter((one) => !first.includes(one))].slice(0, MOST);
  return h("section", { key: "waits", class_: "waits" },
    Object.entries(view.requests).map((entry) => askingCard(view, entry)),
    h("h2", null, t("waits.title")),
    shown.length ? h("ul", { class_: "msgs" }, shown.map((one) => one.node))
      : h("p", { class_: "soft" }, t("waits.none")));
}
