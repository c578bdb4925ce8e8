// On the console: who sits in each seat and how far they are. Seats of people are rows; AI is one row.

import { h, num, seatName, t, told } from "../room/base.js";
import { act, button, may, surely } from "./acts.js";
import { look } from "../desk/peek.js";
import { draw, own, show, ui } from "./state.js";

async function peek(seat) {
  if (!await act("look", { seat })) return;
  try {
    await look(own, seat);
    show("look", `look-${seat}`);
  } catch (problem) { ui.error = problem.message; }
  draw();
}

const MARKS = { submitted: "✓", drafting: "…", away: "◌" };

function stateOf(view, one) {
  const n = view.orders[one.seat].length;
  if (view.phase === "lobby") return one.played_by === "person" ? t("seats.here") : "–";
  return h("span", { class_: `light ${one.state}` }, h("span", { "aria-hidden": "true" },
    `${MARKS[one.state]} `), t(`seats.${one.state}`, { n: num(n) }));
}

const lookButton = (view, one) => h("button", { type: "button", class_: "link", id: `look-${one.seat}`,
  disabled: !may(view, "look") || ui.busy > 0, onclick: () => peek(one.seat) }, t("seats.as"),
h("span", { class_: "sr" }, ` ${seatName(one.seat)}`));

function row(view, one, people) {
  const over = view.phase === "ended"; // nobody plays any more
  const swap = over || !people.length ? null : one.played_by === "ai"
    ? button(view, "to_person", "small", () => act("to_person", { seat: one.seat }), `to_person-${one.seat}`)
    : button(view, "to_ai", "small", () => surely("to_ai", false, { seat: one.seat },
      { seat: seatName(one.seat), n: view.orders[one.seat].length }), `to_ai-${one.seat}`);
  return h("tr", { key: one.seat }, h("th", { scope: "row" }, seatName(one.seat)),
    h("td", null, people.map((p) => h("div", { key: p.who },
      h("span", { class_: "person", title: p.name }, p.name),
      p.job ? ` (${told(`job.${p.job}`, p.job)})` : "", h("span", { class_: "soft" },
        p.devices ? ` ● ${t("console.here")}` : ` ○ ${t("console.not_here")}`)))),
    h("td", null, one.played_by === "person" ? stateOf(view, one)
      : h("span", { class_: "kind" }, t(`played.${one.played_by}`))),
    h("td", { class_: "acts" }, lookButton(view, one), swap));
}

export function seatTable(view) {
  const people = (seat) => view.people.filter((one) => one.seat === seat && !one.gone);
  const taken = view.seats.filter((one) => one.played_by !== "ai" || people(one.seat).length);
  const rest = view.seats.filter((one) => !taken.includes(one)), open = rest.filter((one) => one.open);
  const here = view.people.filter((one) => !one.gone).length;
  return h("section", { key: "seats", class_: "seats" },
    h("h2", null, t("seats.title", { people: num(here), seats: num(taken.length), ai: num(open.length) })),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("console.seats") },
      h("table", { id: "seats" },
        h("thead", null, h("tr", null, ["seat", "people", "orders", "act"].map((one) =>
          h("th", { key: one }, one === "act" ? h("span", { class_: "sr" }, t("console.act"))
            : t(`console.${one}`))))),
        h("tbody", null, taken.map((one) => row(view, one, people(one.seat)))))),
    rest.length > 0 && h("details", { key: "ai", id: "ai-seats", open: ui.machines,
      ontoggle: (event) => { ui.machines = event.target.open; } },
    h("summary", null, t("seats.machines"), ": ", open.map((one) => seatName(one.seat)).join(", ")),
    h("ul", { class_: "machines" }, rest.map((one) => h("li", { key: one.seat },
      h("span", null, seatName(one.seat)), lookButton(view, one))))));
}
