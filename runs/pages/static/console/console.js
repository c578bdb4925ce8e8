// The console: the facilitator's page. Each of its parts stands in a file of its own.

import {
  asStored, cutOff, h, instead, learnScene, Live, runClock, show, speak, t, titleOf, turnName,
} from "../room/base.js";
import { learnAddresses } from "../room/address.js";
import { roomMap } from "../room/map.js";
import { safe } from "../shell/safe.js";
import { body, roomBar, shell } from "../shell/shell.js";
import { toldStrip } from "./acts.js";
import { cardsCard } from "./cards.js";
import { injectCard } from "./injects.js";
import { joinCard } from "./join.js";
import { movesCard } from "./moves.js";
import { ordersCard } from "./orders.js";
import { lookAgain } from "./peek.js";
import { peopleCard } from "./people.js";
import { phaseBar } from "./phase.js";
import { recordCard } from "./record.js";
import { seatTable } from "./seats.js";
import { begin, draw, live, own, paintWith } from "./state.js";
import { dealsCard, talkCard } from "./talk.js";

async function changed() {
  if (live.view) {
    await speak(live.view.language);
    await learnScene(live.view.scenario);
    lookAgain(own).then((seen) => seen && draw(), () => {}); // where the line is cut, what was seen stays
  }
  draw();
}

function page() {
  const other = instead(live);
  document.title = `${t("console.title")} · Entrepot`;
  const bar = { current: "class", again: draw };
  if (other) return show(shell({ ...bar, set: t("console.title") }), body(other));
  const view = live.view, title = titleOf(view).split(/[:：]/)[0];
  show(shell({ ...bar, shows: [title, view.room, turnName(view), t("console.seed", { seed: view.seed })],
    set: [h("b", null, title), ` · ${t("console.title")} · ${view.room}`] }),
    roomBar(view, live),
    body(h("h1", { class_: "sr" }, t("console.title")), cutOff(live), asStored(view),
      h("div", { class_: "board", key: "board" }, phaseBar(view), safe(seatTable, view),
      safe(joinCard, view), safe(cardsCard, view), safe(injectCard, view), safe(ordersCard, view),
      safe(movesCard, view), safe(talkCard, view), safe(dealsCard, view), safe(peopleCard, view),
      safe(recordCard, view),
    view.public.prices && h("section", { class_: "card w6", key: "world" }, h("h2", null, t("tabs.world")),
      safe(roomMap, view, 720, 320)))), toldStrip());
}

await speak();
if (own) {
  await learnAddresses(own.code);
  begin(new Live(own, changed));
  paintWith(page);
  page();
  runClock(live);
  window.addEventListener("hashchange", () => location.reload());
} else page();
