import { LANGUAGES, ask, chooseLanguage, h, keep, language, learnScene, scene, show, speak, t, voices } from "./base.js";
import { chooseOrigin, learnAddresses, origin } from "./address.js";

const ui = { token: location.hash.slice(1), scenario: "japan-2026", seed: "", turns: "6", seconds: "330", language: "", team: "", random: false, error: "", made: null, busy: false, home: false };

async function make(event) {
  event.preventDefault();
  ui.busy = true;
  ui.error = "";
  draw();
  const body = { scenario: ui.scenario, turns: Number(ui.turns), turn_seconds: ui.seconds === "" ? null : Number(ui.seconds), language: ui.language || language, random_end: ui.random };
  if (ui.seed !== "") body.seed = Number(ui.seed);
  if (ui.team !== "") body.team_size = Number(ui.team);
  try {
    ui.made = await ask("POST", "", ui.token, body);
    keep.set("rooms", [{ ...ui.made, at: Date.now(), title: scene.scenarios[ui.scenario]?.title }, ...keep.get("rooms", [])].slice(0, 8));
  } catch (problem) { ui.error = problem.message; }
  ui.busy = false;
  draw();
}

const links = (one) => h("ul", { class_: "stack" },
  h("li", null, h("a", { class_: "button go", id: "to-console", href: `/console#${one.code}.${one.facilitator_token}` }, t("host.console"))),
  h("li", null, h("a", { class_: "button", id: "to-projector", href: `/projector#${one.code}.${one.projector_token}`, target: "_blank", rel: "noopener" }, t("host.projector"))),
  h("li", null, t("host.join"), " ", h("b", null, `${origin()}/j/${one.code}`)));

function draw() {
  document.title = `${t("host.title")} · Entrepot`;
  const number = (name, label, low, high) => h("label", { class_: "field" }, h("span", null, label), h("input", { id: name, type: "number", min: low, max: high, value: ui[name], oninput: (event) => { ui[name] = event.target.value; } }));
  const before = keep.get("rooms", []);
  show(h("header", { class_: "plainbar" }, h("h1", null, t("host.title")), chooseLanguage(draw)), h("main", null, voices(),
    ui.made && h("section", { class_: "card", key: "made" }, h("h2", null, t("host.made")), h("p", { class_: "bigcode" }, ui.made.code), links(ui.made), chooseOrigin(draw), h("p", { class_: "soft" }, t("host.keep"))),
    h("form", { class_: "card stack", key: "form", onsubmit: make }, h("h2", null, t("host.new")),
      !ui.home && h("label", { class_: "field" }, h("span", null, t("host.token")), h("input", { id: "token", type: "password", autocomplete: "off", value: ui.token, oninput: (event) => { ui.token = event.target.value.trim(); } })),
      h("label", { class_: "field" }, h("span", null, t("host.scenario")), h("select", { id: "scenario", value: ui.scenario, onchange: (event) => { ui.scenario = event.target.value; draw(); } }, Object.entries(scene.scenarios).map(([id, one]) => h("option", { value: id, selected: id === ui.scenario }, one.title)))),
      h("p", { class_: "soft", lang: "en" }, scene.scenarios[ui.scenario]?.summary),
      h("div", { class_: "grid2" }, number("turns", t("host.turns"), 1, 40), number("seconds", t("host.seconds"), 5, 86400), number("seed", t("host.seed"), 0, 2147483647), number("team", t("host.team"), 1, 100)),
      h("label", { class_: "field" }, h("span", null, t("host.language")), h("select", { id: "room-language", value: ui.language || language, onchange: (event) => { ui.language = event.target.value; } }, Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, lang: code, selected: code === (ui.language || language) }, name)))),
      h("label", { class_: "check" }, h("input", { type: "checkbox", checked: ui.random, onchange: (event) => { ui.random = event.target.checked; } }), t("host.random")),
      h("button", { type: "submit", class_: "go", id: "make", disabled: ui.busy }, t(ui.busy ? "host.making" : "host.make")),
      h("p", { class_: "error", role: "alert", hidden: !ui.error }, ui.error)),
    before.length > 0 && !ui.made && h("section", { class_: "card", key: "before" }, h("h2", null, t("host.before")), before.map((one) => h("div", { class_: "deal", key: one.code }, h("h3", null, one.code, " · ", one.title || ""), links(one))))));
}

await speak();
await learnScene("japan-2026");
await learnAddresses();
if (!ui.token) {
  try {
    const found = (await (await fetch("/pages/host-key", { cache: "no-store" })).json()).token;
    if (found) Object.assign(ui, { token: found, home: true });
  } catch { /* the token is asked for */ }
}
draw();
