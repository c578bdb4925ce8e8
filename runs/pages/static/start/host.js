// The start: watch, play alone, run a class, hold a tabletop, continue a saved game.

import {
  h, learnNames, learnScene, notice, onReturn, scene, show, speak, t,
} from "../room/base.js";
import { learnAddresses } from "../room/address.js";
import { shell } from "../shell/shell.js";
import { learnWorld } from "../kit/map.js";
import { layPatterns } from "../kit/patterns.js";
import { at } from "../base/root.js";
import { safe } from "../shell/safe.js";
import { aloneForm } from "./alone.js";
import { madeCard, roomForm } from "./class.js";
import { forget, pickScenario } from "./fields.js";
import { goOn, hero, learnCrises, pick, ways } from "./front.js";
import { doorOf, savedCard } from "./saved.js";
import { draw, paintWith, ui } from "./state.js";
import { learnToken, listSaved } from "./token.js";

function choose(way) {
  Object.assign(ui, { way, error: "", faults: {}, made: null, turns: "", seconds: "", seats: null,
      team: "" });
  const here = new URL(location.href);
  here.searchParams.set("for", way);
  history.replaceState(null, "", here);
  if (way === "saved") listSaved();
  draw();
  document.getElementById("form-title")?.focus();
}

function page() {
  forget();
  document.title = `${t("front.question")} · Entrepot`;
  const part = { alone: aloneForm, class: roomForm, table: roomForm, saved: savedCard }[ui.way];
  show(shell({ current: ui.way, set: t("front.tagline"), again: draw }),
    h("main", { id: "main", key: "main", tabindex: -1 }, safe(hero, ui.scenario, choose),
      h("div", { class_: "wrap", key: "wrap" },
      ui.old && notice("alarm", t("host.old_link_title"), t("host.old_link")),
      safe(goOn, ui.saved, doorOf, choose, ui.way), safe(ways, ui.way, choose),
      (ui.made || part) && h("div", { class_: "formhold", key: "form" }, safe(ui.made ? madeCard : part)),
      safe(pick, ui.scenario), h("div", { class_: "foot", key: "foot" },
        h("span", null, t("page.model_only")),
        h("a", { href: at("/?view=sources") }, t("front.every")), h("span", null, t("front.here"))))));
}

paintWith(page);
layPatterns();
await Promise.all([speak(), learnWorld(), learnCrises()]);
await learnScene("japan-2026");
learnNames(scene.seats);
await learnAddresses();
await learnToken();
if (ui.own) ui.scenario = ui.own.id; // a file that the server was started with
else if (!(ui.scenario in scene.scenarios)) ui.scenario = "japan-2026";
if (ui.scenario !== "japan-2026") await pickScenario(ui.scenario);
if (ui.token) await listSaved();
onReturn(() => { // from a game: the list may say less than there is
  Object.assign(ui, { busy: false, error: "" });
  if (ui.way === "saved") listSaved();
  else draw();
});
draw();
