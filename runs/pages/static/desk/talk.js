// On the console: what is said to the seats and among them, and what they agree.

import { clock, dealLines, dealTerms, h, phrase, seatName, t } from "../room/base.js";
import { act, may } from "../console/acts.js";
import { draw, ui } from "../console/state.js";

export function talkCard(view) {
  return h("section", { class_: "card w6 stack", key: "talk" }, h("h2", null, t("console.talk")),
    h("form", { class_: "stack", onsubmit: async (event) => {
      event.preventDefault();
      if (ui.text.trim() && await act("message", { to: ui.to, text: ui.text.trim() })) {
        ui.text = "";
        document.getElementById("say-text").value = "";
        draw();
      }
    } }, h("label", { class_: "field" }, h("span", null, t("messages.to")),
      h("select", { id: "say-to", value: ui.to, onchange: (event) => { ui.to = event.target.value; } },
        ["all", ...view.seats.map((one) => one.seat)].map((one) => h("option",
            { value: one, selected: one === ui.to }, seatName(one))))),
    h("label", { class_: "field" }, h("span", null, t("messages.text")),
      h("textarea", { id: "say-text", maxlength: 2000, value: ui.text,
          oninput: (event) => { ui.text = event.target.value; } })),
    h("button", { type: "submit", class_: "primary", disabled: !may(view, "message") }, t("messages.send"))),
    h("ul", { class_: "talk" }, [...view.messages].reverse().slice(0, 60).map((one) => h("li", { key: one.n },
          h("span", { class_: "by" }, seatName(one.by)), " → ", one.to.map(seatName).join(", "), " ",
            h("span", { class_: "soft" }, clock(one.at)), h("p", null, phrase(one.say, one.text))))));
}

export function dealsCard(view) {
  return h("section", { class_: "card w6", key: "deals" }, h("h2", null, t("tabs.deals")), view.deals.length
    ? view.deals.map((deal) => h("div", { class_: "deal", key: deal.n },
        h("p", null, h("b", null, t("deal.number", { n: deal.n })), " · ",
          t(`deal.status_${deal.status.replaceAll(" ", "_")}`), " · ", dealTerms(deal)),
            dealLines(deal).map((one) => h("p", null, one)), deal.text && h("p", { class_: "soft" },
              deal.text))) : h("p", { class_: "soft" }, t("deals.none")));
}
