// The watch page: a run with its headline, map, tiles, time line and charts. Bar, sea and coasts stand at
// once; the run comes over the line of the application beside this page and is played here.

import { h, onReturn, show, still } from "../base/elements.js";
import { phrase } from "../base/sentences.js";
import { learnOwn } from "../base/scene.js";
import { speak, t } from "../base/words.js";
import { at } from "../base/root.js";
import { onPaper } from "../shell/paper.js";
import { safe } from "../shell/safe.js";
import { drawBar, menu, setTheme } from "../kit/bar.js";
import { learnWorld } from "../kit/map.js";
import { layPatterns } from "../kit/patterns.js";
import { target } from "../kit/timeline.js";
import { dateOf, dayOf } from "../kit/say.js";
import { ask, askLanguage, atFlag, drawWith, finished, go, play, redraw, shortTitle, shownLast,
  titleOf, ui, weeks } from "./state.js";
import { headline, panel, stage } from "./map.js";
import { tiles, time } from "./time.js";
import { drawCharts, lead, multiples, news } from "./charts.js";
import { complies, goods, pays } from "./pays.js";
import { more } from "./more.js";
import { hearBranches } from "./branches.js";
import { fork } from "./fork.js";
import { why } from "./why.js";
import { sources } from "./sources.js";

// Scenario and seed, with other runs as plain links.
function shown() {
  const state = ui.state;
  if (!state) return "";
  const address = (scenario, seed) =>
    at(`/?scenario=${encodeURIComponent(scenario)}&seed=${seed}${state.guest ? "&watch" : ""}`);
  const other = (event) => {
    event.preventDefault();
    const seed = event.currentTarget.querySelector("input").value.trim();
    location.assign(address(state.scenario, encodeURIComponent(seed)));
  };
  const name = state.recorded ? h("b", null, state.scenario) : [h("b", null, shortTitle(state.scenario)),
    h("span", { class_: "seed" }, t("watch.seed_n", { n: state.seed }))];
  return menu("run", name, { "data-menu": "run" }, h("p", { class_: "kick" }, t("watch.other_run")),
    state.scenarios.map((one) => h("a", { href: address(one, state.seed), "data-scenario": one,
      "aria-current": one === state.scenario ? "true" : undefined }, titleOf(one))),
    !state.guest && h("a", { href: at("/compare"), "data-do": "compare" }, t("compare.page")),
    !state.recorded && h("form", { class_: "seedform", onsubmit: other }, h("label", null, t("watch.seed"),
      " ", h("input", { type: "text", inputmode: "numeric", "data-do": "seed", autocomplete: "off",
      value: String(state.seed) })),
      h("button", { type: "submit", "data-do": "reseed" }, t("watch.play_seed"))));
}

function trouble() {
  const state = ui.state;
  const line = (kind, ...inside) => h("div", { class_: kind, key: "trouble", role: kind === "trouble"
    ? "alert" : "status", "data-show": "trouble" }, inside);
  const again = h("button", { type: "button", class_: "btn small", "data-do": "retry",
    onclick: () => { ask("retry"); } }, t("watch.again"));
  if (ui.gone) return line("trouble", h("p", null, t("watch.gone")),
    h("button", { type: "button", class_: "btn small", onclick: () => location.reload() },
    t("watch.reload")));
  if (state?.error) return line("trouble", h("p", null, t("watch.error"), " ", h("span", { lang: "en" },
    state.error)), again);
  if (state?.fault) return line("trouble", h("p", null, t("watch.fault_view")), again);
  if (state?.notice) return line("aside", h("p", { "data-show": "notice" }, phrase(state.notice)));
  return null;
}

function draw() {
  document.title = ui.state ? `${titleOf(ui.state.scenario)} · Entrepot` : "Entrepot";
  const bar = drawBar({ current: ui.view, set: shown(), again: languageChosen });
  if (ui.view === "sources") { show(bar, trouble(), onPaper(t("shell.sources")), safe(sources)); return; }
  const ready = Boolean(ui.story);
  show(bar, trouble(), h("main", { id: "main", key: "main", tabindex: -1 },
    ui.state?.stored && h("p", { class_: "aside", key: "stored", lang: "en", "data-show": "stored" },
      ui.state.stored),
    h("section", { class_: "stage", key: "stage", "aria-label": t("watch.stage") }, safe(headline),
      safe(stage), safe(panel)),
    safe(tiles), safe(time),
    ready && onPaper(t("watch.printed", { title: shortTitle(ui.state.scenario), seed: ui.state.seed,
      n: ui.head, day: dayOf(dateOf(ui.run.start, ui.head)) })),
    ready && h("div", { class_: "wrap", key: "wrap" },
      h("div", { class_: "grid below" }, still("lead", ui.sign, () => safe(lead)), safe(news)),
      h("div", { class_: "grid two" }, still("why", ui.sign, () => safe(why)), safe(fork)),
      h("div", { class_: "grid two" }, still("pays", ui.sign, () => safe(pays)), safe(complies)),
      safe(goods),
      still("multiples", ui.sign, () => safe(multiples)),
      safe(more),
      h("p", { class_: "src", key: "foot" }, t("page.model_only"), " ", t("watch.foot"), " ",
        h("a", { href: at(`/?view=sources${ui.state.guest ? "&watch" : ""}`) }, t("shell.sources"))))));
  drawCharts();
}

const languageChosen = () => { askLanguage(); redraw(); };

// What the run has told. The head goes to the week that the address asked for once it is there.
window.addEventListener("entrepot:told", ({ detail: { part, told } }) => {
  if (part === "state" && !ui.state) {
    askLanguage();
    if (document.hidden) askFront();
  }
  if (told !== null || ["why", "band", "asked"].includes(part)) ui[part] = told;
  if (part === "asks" && told) learnOwn(sceneOf(told));
  if (["asks", "asked", "forks", "run"].includes(part)) hearBranches();
  if (part === "state") ui.gone = false;
  if (ui.wished && ui.story) arrive();
  ui.head = Math.min(ui.head, Math.max(0, ui.wished ? ui.head : shownLast()));
  redraw();
});

// Names of firms and units of levers, for the sentences of the room's rules.
const sceneOf = (asks) => ({ id: "watch", zones: {}, usd_per_kg: {}, scenarios: {}, rungs: [],
  levers: asks.levers, firms: Object.fromEntries(asks.who.filter((one) => one.title)
    .map((one) => [one.actor, { title: one.title }])) });

function arrive() {
  const week = atFlag ? ui.story.flags.find((one) => one.kind === atFlag)?.week : ui.head;
  if (!(week <= shownLast()) && !finished()) return; // it may still come
  ui.wished = false;
  ui.head = Math.min(week ?? ui.head, shownLast());
}

window.addEventListener("keydown", (event) => {
  if (ui.view !== "watch" || !ui.story || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, select, textarea, button, summary, a, .scroll, [role=button]")) return;
  const to = event.key.startsWith("Arrow") && !["ArrowLeft", "ArrowRight"].includes(event.key) ? null
    : target(event, ui.head, weeks());
  if (event.key === " ") { event.preventDefault(); play(!ui.playing); }
  else if (to !== null && !event.key.startsWith("Page")) { event.preventDefault(); ui.playing = false; go(
    to); }
});

// The application beside this page knows whether its line is open.
setInterval(() => {
  const app = window.app, gone = Boolean(app?.wasConnected && app.connectionStatus !== "connected");
  if (gone !== ui.gone) { ui.gone = gone; redraw(); }
}, 1000);
addEventListener("resize", redraw);
// Nothing is worked out ahead for who does not look. A page that is left is hidden too, and cannot say so.
const askFront = () => { if (window.app?.connectionStatus === "connected") ask("front", !document.hidden); };
document.addEventListener("visibilitychange", () => setTimeout(askFront, 500));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
onReturn(() => location.reload()); // its line was cut when the browser put the page away

setTheme();
layPatterns();
await Promise.all([speak(), learnWorld()]);
drawWith(draw);
delete document.documentElement.dataset.unread; // the words are the reader's now
draw();
if (ui.playing) play(true);
window.dispatchEvent(new CustomEvent("entrepot:ask", { detail: { what: "here" } }));
