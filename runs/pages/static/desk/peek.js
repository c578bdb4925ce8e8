// On the console: a seat as the people who sit there see it.

import { amount, ask, clock, h, leverName, newId, seatName, t, unitOf } from "../room/base.js";
import { gaugesList, reportCard } from "../room/report.js";
import { resultBody } from "../room/result.js";
import { draw, live } from "../console/state.js";

const ui = { seat: "", view: null, open: {} };

// That control looks at a seat stands in the log of every turn in which it does: who still looks when the
// next one opens says so again.
let noted = { seat: "", turn: null, done: null };
function note(own, seat) {
  const turn = live.view.turn;
  if (noted.seat !== seat || noted.turn !== turn) {
    const done = ask("POST", `/${own.code}/control`, own.token, { id: newId(), action: "look", seat });
    noted = { seat, turn, done };
    done.catch(() => { noted.turn = null; });
  }
  return noted.done;
}

// What the room sends to that seat now; asked for anew whenever the room says something, but not while a
// turn is played, since the answer may come in the next one.
export async function lookAgain(own) {
  if (!ui.seat || (ui.view && live.view.phase === "resolve")) return false;
  const seat = ui.seat;
  await note(own, seat);
  const view = await ask("GET", `/${own.code}/view?seat=${encodeURIComponent(seat)}`, own.token);
  if (ui.seat === seat) ui.view = view;
  return true;
}
export async function look(own, seat) { // which has just been noted
  Object.assign(ui, { seat, view: null });
  noted = { seat, turn: live.view.turn, done: null };
  await lookAgain(own);
}

export const forgetLook = () => Object.assign(ui, { seat: "", view: null });

export function peekCard() {
  const view = ui.view;
  if (!view) return null;
  const fold = (name, first, title, inside) => {
    const open = ui.open[name] ?? first;
    return h("details",
      { key: `peek-${name}`, open,
        ontoggle: (event) =>
          { if ((ui.open[name] ?? first) !== event.target.open) { ui.open[name] = event.target.open; draw();
              } } },
      h("summary", null, title), open && inside());
  };
  const result = view.report.result;
  return h("section", { class_: "peek stack", key: "peek", id: "peek",
      "aria-label": t("console.as_seat", { seat: seatName(view.seat) }) },
    h("h3", null, t("console.as_seat", { seat: seatName(view.seat) })),
    view.gauges.length ? gaugesList(view) : h("p", { class_: "soft" }, t("world.making")),
    h("div", { class_: "grid2" },
      h("div", { class_: "stack" }, reportCard(view, fold)),
      h("div", { class_: "stack" },
        h("h3", null, t("tabs.orders")),
        view.orders.length ? h("ul", { class_: "news" },
          view.orders.map((one) => h("li", { key: one.lever }, h("span", null, leverName(one.lever)),
              h("b", null, amount(unitOf(one.lever), one.value)), one.why && h("i", null, one.why),
                h("time", null, clock(one.at)))))
          : h("p", { class_: "soft" }, t("wait.no_orders")),
        result && [h("h3", null, t("result.title", { turn: result.turn })), resultBody(result,
          view.kind, view.seat, { id: "peek-result", again: draw })])));
}
