// The orders of a turn: goals and purse, the six levers that matter now, all others behind a door.

import { h, leverName, phrase, t } from "../room/base.js";
import { allLevers, door } from "../levers/all.js";
import { inForce, saved } from "../levers/drafts.js";
import { warm } from "../levers/ghost.js";
import { earns } from "../room/result.js";
import { goals } from "../levers/goals.js";
import { leverCard } from "../levers/lever.js";
import { moveForm } from "./move.js";
import { purseCard } from "../levers/purse.js";
import { fold, isOpen, out, purseWaits, solo, ui } from "./state.js";

const rowOf = (view, full) => view.levers.find((row) => row.lever === full.split(".")[0]);
const fullsOf = (row) => (row.index ? row.places.map((place) => `${row.lever}.${place}`) : [row.lever]);

// What is ordered or typed stays in sight, also where it is not among the six.
function touched(view) {
  const fulls = [...view.orders.map((one) => one.lever).filter((full) => saved(view, full)),
    ...Object.keys(out.drafts)];
  return [...new Set(fulls)].filter((full) => rowOf(view, full) && fullsOf(rowOf(view, full)).includes(full));
}

function six(view) {
  const cards = view.six.filter((one) => rowOf(view, one.lever));
  const names = cards.map((one) => one.lever), more = touched(view).filter((full) => !names.includes(full));
  const show = (full, why) => leverCard(view, rowOf(view, full), full.split(".").slice(1).join("."),
    { title: leverName(full), why: why && phrase(why) });
  return h("section", { class_: "six", key: "six", "data-part": "six", "aria-labelledby": "six-title" },
    h("h3", { id: "six-title" }, t("six.title")),
    cards.map((one) => show(one.lever, one.why)),
    more.length > 0 && [h("h3", { key: "more" }, t("six.more")), more.map((full) => show(full))]);
}

// Seats of firms have few levers and see them all at once.
function firmLevers(view) {
  return h("section", { class_: "six", key: "six", "data-part": "six", "aria-labelledby": "six-title" },
    h("h3", { id: "six-title" }, t("six.firm")),
    view.levers.flatMap((row) => (row.index ? row.places : [""]).map((place) =>
      leverCard(view, row, place, { title: leverName(place ? `${row.lever}.${place}` : row.lever) }))));
}

// The first lever that is shown, at the value that stands.
function ready(view) {
  const full = view.six?.[0]?.lever ?? view.levers[0]?.lever, row = full && rowOf(view, full);
  const value = row && inForce(row, full.split(".").slice(1).join("."));
  if (value !== null && value !== undefined) warm(view, full, value);
}

export function ordersTab(view) {
  const open = isOpen(view);
  if (open) ready(view);
  return [
    view.gauges.length > 0 && goals(view),
    purseCard(view), purseWaits(view) && h("p", { class_: "soft", role: "status" }, t("refuse.purse_waits")),
    view.phase !== "ended" && h("p", { class_: "soft" }, t(solo ? "solo.orders" : "orders.note")),
    !open && !view.note
      && h("p", null, t(view.phase === "lobby" ? "orders.lobby" : view.phase === "ended" ? "orders.ended"
          : "orders.closed")),
    earns(view.kind) ? firmLevers(view) : [door(), ui.all ? allLevers(view) : six(view)],
    open && !solo && fold("move", false, t("move.title"), () => moveForm(view)),
  ];
}
