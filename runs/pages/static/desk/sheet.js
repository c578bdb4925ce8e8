// On the console: a sheet from the right for what is not needed all the time. The clock stays in its head.

import { h, leftOf, minutes, t } from "../room/base.js";
import { roomMap } from "../room/map.js";
import { safe } from "../shell/safe.js";
import { injectCard } from "./injects.js";
import { joinCard } from "./join.js";
import { judgeSheet } from "./judge.js";
import { ordersCard } from "./orders.js";
import { forgetLook, peekCard } from "./peek.js";
import { peopleCard } from "./people.js";
import { recordCard } from "./record.js";
import { live, show, ui } from "../console/state.js";
import { dealsCard, talkCard } from "./talk.js";
import { timeCard } from "./chronicle.js";

const worldCard = (view) => view.public.prices && h("section", { key: "world" },
  safe(roomMap, view, 640, 300));

const SHEETS = {
  talk: (view) => [safe(talkCard, view), safe(dealsCard, view)], orders: (view) => safe(ordersCard, view),
  injects: (view) => safe(injectCard, view), people: (view) => safe(peopleCard, view),
  record: (view) => [safe(recordCard, view), worldCard(view)], join: (view) => safe(joinCard, view),
  look: () => peekCard(), time: (view) => safe(timeCard, view),
};
export const LINKS = ["talk", "orders", "people", "time", "record", "join"];

export const sheetButton = (name, class_ = "link") => h("button", { type: "button", class_, key: name,
  id: `open-${name}`, "aria-expanded": String(ui.sheet === name), onclick: () => show(name) },
t(`sheet_of.${name}`));

const close = () => {
  if (ui.sheet === "look") forgetLook();
  show("");
};

export function sheet(view) {
  const number = ui.sheet.startsWith("judge-") && Number(ui.sheet.slice("judge-".length));
  const move = number && view.moves.find((one) => one.n === number);
  const inside = move ? safe(judgeSheet, view, move) : SHEETS[ui.sheet]?.(view);
  if (!inside) return null;
  const left = leftOf(view, live), title = move ? t("judge.title") : t(`sheet_of.${ui.sheet}`);
  return h("aside", { class_: "desk-sheet", key: `sheet-${ui.sheet}`, role: "dialog",
    "aria-labelledby": "sheet-title", "data-sheet": ui.sheet,
    onkeydown: (event) => { if (event.key === "Escape") close(); } },
  h("div", { class_: "head" }, h("h2", { id: "sheet-title", tabindex: -1 }, title),
    h("b", { class_: "clock", "data-clock": "", role: "timer", "aria-label": t("bar.left") },
      left === null ? "" : minutes(left)),
    h("button", { type: "button", id: "close-sheet", "aria-label": t("console.look_away"),
      onclick: close }, "✕")),
  inside);
}
