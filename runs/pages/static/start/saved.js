// The start's way back: games that are saved here.

import { h, language, linkOf, num, phrase, seatName, t, told } from "../room/base.js";
import { at } from "../base/root.js";
import { error, heading, tokenField } from "./fields.js";
import { ui } from "./state.js";

// A game of a later version: its code, and why it cannot be opened here.
const strange = (one) => h("div", { class_: "deal stack", key: one.room },
  h("h3", null, `${t("join.code")}: ${one.room}`), h("p", { class_: "error" }, phrase(one.unreadable)));

// The seat of a game that one person plays alone.
export const doorOf = (one) =>
  at(`/seat#${linkOf({ code: one.room, token: one.seat_token, control: one.facilitator_token })}`);

export function savedCard() {
  const rows = ui.saved || [];
  const when = (ms) => new Intl.DateTimeFormat(language,
    { dateStyle: "medium", timeStyle: "short" }).format(new Date(ms));
  const doors = (one) => {
    if (one.alone && one.seat_token) return h("a", { class_: "button go", href: doorOf(one) },
      t(one.ended || one.other_model || one.played >= one.turns ? "saved.look" : "saved.go_on"));
    return [h("a", { class_: "button go", href: at(`/console#${one.room}.${one.facilitator_token}`) },
        t("host.console")),
      h("a", { class_: "button", href: at(`/projector#${one.room}.${one.projector_token}`) },
        t("host.projector")),
      (one.revealed || one.other_model)
        && h("a", { class_: "button", href: at(`/review#${one.room}.${one.facilitator_token}`) },
          t("ended.review"))];
  };
  return h("section", { class_: "card", key: "saved" }, heading(t("start.saved")), tokenField(), error(),
    rows.map((one) => one.unreadable ? strange(one) : h("div", { class_: "deal stack", key: one.room },
        h("h3", null, one.alone ? `${seatName(one.seat)} · ` : "", told(`scenario.${one.scenario}.title`,
            one.scenario)),
      h("p", null, t("saved.turns", { played: num(one.played), turns: num(one.turns) }),
        !one.alone && ` · ${t("saved.people", { n: num(one.people) })} · ${t("join.code")}: ${one.room}`),
      one.other_model && h("p", { class_: "soft" }, phrase(one.other_model)),
      h("p", { class_: "soft" }, t("saved.last", { when: when(one.last) })),
        h("div", { class_: "row" }, doors(one)))),
    ui.saved && !rows.length && h("p", { class_: "soft" }, t("saved.none")));
}
