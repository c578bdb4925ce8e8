// On the console: who sits in each seat, how far they are, and a look over their shoulder.

import { h, num, seatName, t, told } from "../room/base.js";
import { act, button, surely } from "./acts.js";
import { draw, own, ui } from "./state.js";
import { look, peekCard } from "./peek.js";

async function peek(seat) {
  try {
    await look(own, seat);
  } catch (problem) { ui.error = problem.message; }
  draw();
}

export function seatTable(view) {
  const people = (seat) => view.people.filter((one) => one.seat === seat && !one.gone);
  return h("section", { class_: "card w8", key: "seats" }, h("h2", null, t("console.seats")),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("console.seats") },
      h("table", { id: "seats" },
        h("thead", null,
          h("tr", null, ["seat", "people", "state", "played", "orders",
              "act"].map((one) => h("th", null, t(`console.${one}`))))),
      h("tbody", null,
        view.seats.map((one) => h("tr", { key: one.seat }, h("th", { scope: "row" }, seatName(one.seat)),
        h("td", null,
          people(one.seat).map((p) => h("div", { key: p.who }, h("span", { class_: "person", title: p.name },
                p.name), p.job ? ` (${told(`job.${p.job}`, p.job)})` : "",
                  h("span", { class_: "soft" }, p.devices ? ` ● ${t("console.here")}`
                    : ` ○ ${t("console.not_here")}`)))),
        h("td", null, view.phase === "lobby" && one.played_by !== "person" ? "–"
          : h("span", { class_: `light ${one.state}` },
            { submitted: "✓ ", drafting: "✎ ", away: "○ " }[one.state], t(`state.${one.state}`))),
        h("td", null, t(`played.${one.played_by}`)),
          h("td", { class_: "n" }, num(view.orders[one.seat].length)),
        h("td", null, h("div", { class_: "row" },
          one.played_by === "ai" && people(one.seat).length
            ? button(view, "to_person", "", () => act("to_person", { seat: one.seat }),
              `to_person-${one.seat}`)
            : people(one.seat).length > 0 && button(view, "to_ai", "",
              () => surely("to_ai", false, { seat: one.seat },
                { seat: seatName(one.seat), n: view.orders[one.seat].length }), `to_ai-${one.seat}`),
          h("button", { type: "button", id: `look-${one.seat}`, onclick: () => peek(one.seat) },
            t("console.look"), h("span", { class_: "sr" }, ` ${seatName(one.seat)}`))))))))),
    peekCard());
}
