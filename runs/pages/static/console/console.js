// The console: the facilitator's page. Each of its parts stands in a file of its own.

import { asStored, cutOff, h, instead, learnScene, Live, runClock, show, speak, t, titleOf, turnName }
  from "../room/base.js";
import { learnAddresses } from "../room/address.js";
import { safe } from "../shell/safe.js";
import { body, shell } from "../shell/shell.js";
import { toldStrip } from "./acts.js";
import { cardsColumn } from "./cards.js";
import { hourStrip } from "./hour.js";
import { talkColumn } from "../desk/after.js";
import { joinCard } from "../desk/join.js";
import { listenForKeys } from "./next.js";
import { notesCard } from "./notes.js";
import { nowColumn, tick } from "./now.js";
import { lookAgain } from "../desk/peek.js";
import { seatTable } from "./seats.js";
import { revealSteps } from "./reveal.js";
import { LINKS, sheet, sheetButton } from "../desk/sheet.js";
import { begin, draw, live, own, paintWith } from "./state.js";
import { learnLesson, lesson } from "./steps.js";
import { waiting } from "./waits.js";

async function changed() {
  if (live.view) {
    await speak(live.view.language);
    await learnScene(live.view.scenario);
    await learnLesson();
    lookAgain(own).then((seen) => seen && draw(), () => {}); // where the line is cut, what was seen stays
  }
  draw();
}

const middle = (view) => h("section", { class_: "col", key: "middle", "aria-label": t("console.seats") },
  safe(revealSteps, view), safe(seatTable, view), view.phase === "lobby" && safe(joinCard, view),
  safe(waiting, view),
  h("div", { class_: "links", key: "links" }, LINKS.map((name) => sheetButton(name))));

const right = (view) => h("section", { class_: "col", key: "right", "aria-label":
  t(view.phase === "ended" ? "reveal.talk" : "cards.title") },
  view.phase === "ended" && safe(talkColumn, view), safe(cardsColumn, view), safe(notesCard, view));

function page() {
  const other = instead(live);
  document.title = `${t("console.title")} · Entrepot`;
  const bar = { current: lesson()?.kind === "table" ? "table" : "class", again: draw };
  if (other) return show(shell({ ...bar, set: t("console.title") }), body(other));
  const view = live.view, title = titleOf(view).split(/[:：]/)[0];
  show(shell({ ...bar, shows: [title, view.room, turnName(view), t("console.seed", { seed: view.seed })],
    set: [h("b", null, title), ` · ${t("console.title")} · ${view.room}`] }),
  body(h("h1", { class_: "sr" }, t("console.title")), cutOff(live), asStored(view), safe(hourStrip, view),
    h("div", { class_: "desk", key: "desk" }, safe(nowColumn, view), middle(view), right(view)),
    safe(sheet, view)), toldStrip());
}

await speak();
if (own) {
  await learnAddresses(own.code);
  begin(new Live(own, changed));
  paintWith(page);
  page();
  runClock(live);
  tick();
  listenForKeys();
  window.addEventListener("hashchange", () => location.reload());
} else page();
