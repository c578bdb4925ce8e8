// The start: watch, play alone, run a class, hold a tabletop, continue a saved game.
import {
  LANGUAGES, ask, h, has, keep, language, learnNames, learnOwn, learnScene, linkOf, newId,
  notice, num, onReturn, phrase, readNumber, scene, seatName, show, speak, t, told,
} from "../room/base.js";
import { chooseOrigin, learnAddresses, origin } from "../room/address.js";
import { goOn, hero, learnCrises, pick, ways } from "./front.js";
import { shell } from "../shell/shell.js";
import { learnWorld } from "../kit/map.js";
import { layPatterns } from "../kit/patterns.js";
import { at } from "../base/root.js";
import { safe } from "../shell/safe.js";

const WAYS = ["watch", "alone", "class", "table", "saved"];
const query = new URLSearchParams(location.search), asked = query.get("for");
// What was handed over may be the whole link or its last part.
function tokenOf(text) { return text.trim().replace(/^.*#/, ""); }
const ui = { token: tokenOf(location.hash), old: false, faults: {}, way: WAYS.includes(asked) ? asked
  : location.pathname === at("/host") ? "class" : "", scenario: query.get("scenario") ?? keep.get("scenario",
    "japan-2026"), seed: "", turns: "", seconds: "", language: "", team: "", random: false, error: "",
      made: null, busy: false, home: false, name: keep.get("name", ""), seat: query.get("seat") ?? "",
        seats: null, saved: null };

// What a class and a tabletop start from; every field can be changed before the game is made.
const USUAL = {
  class: { turns: 6, seconds: 330 },
  table: { turns: 5, seconds: 2100, auto_close: false, auto_next: false, without: ["EUU", "AUS"] },
};
const turnsOf = () => Math.min(USUAL[ui.way]?.turns ?? 8, scene.turns || 8);

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

async function pickScenario(id) {
  ui.scenario = id;
  ui.seats = null;
  if (ui.own?.id === id) learnOwn(ui.own);
  else await learnScene(id);
  learnNames(scene.seats);
  if (!scene.seats.some((one) => one.seat === ui.seat)) ui.seat = "";
  draw();
}

// What is filled in wrongly, by field: all of it is told at once, beside each field.
const limits = {}; // of the numbers on the form that stands on the page
const whole = (name) => readNumber(ui[name]).value;
function mistakes() {
  const found = {};
  if (!ui.home && !ui.token) found.token = t("host.need_token");
  if (ui.way === "alone" && !ui.seat) found.seat = t("solo.need_seat");
  if (ui.way !== "alone" && !chosen().length) found.people = t("host.need_seats");
  for (const [name, bounds] of Object.entries(limits)) {
    if (ui[name] === "" || (name === "seconds" && ui.clock === false)) continue;
    const { fault } = readNumber(ui[name], { ...bounds, whole: true });
    if (fault) found[name] = fault;
  }
  ui.faults = found;
  ui.error = "";
  draw();
  const first = document.querySelector("form .error:not([hidden])");
  if (first) {
    (first.closest("label")?.querySelector("input") ?? first).focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  }
  return Object.keys(found).length > 0;
}
const fault = (name) => h("span", { key: `fault-${name}`, id: `${name}-fault`, class_: "error", tabindex: -1,
    role: "alert", hidden: !ui.faults[name] }, ui.faults[name] ?? "");
const mended = (name) => { delete ui.faults[name]; };

const form = () => {
  const body = { scenario: ui.scenario, turns: whole("turns") ?? turnsOf(), language: ui.language
    || language };
  if (ui.seed !== "") body.seed = whole("seed");
  return body;
};

async function attempt(work) {
  Object.assign(ui, { busy: true, error: "" });
  draw();
  try { await work(); await getPass(); } catch (problem) { ui.error = problem.message; }
  ui.busy = false;
  draw();
}

// Behind a proxy the watch page and the print room know this browser by a cookie, which the token
// gets once; on the machine of the server nobody looks at it.
async function getPass() {
  if (ui.home || ui.passed || !ui.token) return;
  const headers = { authorization: `Bearer ${ui.token}` };
  try { ui.passed = (await fetch(at("/api/host-pass"), { method: "POST", headers })).ok;
    } catch { /* later */ }
}

// A room with one seat for one person, who also runs it: no clock, a turn ends when he submits.
function sitDown(event) {
  event.preventDefault();
  if (mistakes()) return null;
  return attempt(async () => {
    const made = await ask("POST", "", ui.token, { ...form(), seats: [ui.seat], team_size: 1,
        turn_seconds: null });
    const name = ui.name.trim() || seatName(ui.seat);
    const own = await ask("POST", `/${made.code}/join`, null, { id: newId(), name, seat: ui.seat });
    await ask("POST", `/${made.code}/control`, made.facilitator_token, { id: newId(), action: "start" });
    keep.set("name", ui.name.trim());
    keep.set("scenario", ui.scenario);
    location.assign(
      at(`/seat#${linkOf({ code: made.code, token: own.token, control: made.facilitator_token })}`));
  });
}

function make(event) {
  event.preventDefault();
  if (mistakes()) return null;
  return attempt(async () => {
    const usual = USUAL[ui.way];
    const seconds = ui.clock === false ? null : whole("seconds") ?? usual.seconds;
    const body = { ...form(), turn_seconds: seconds, random_end: ui.random };
    for (const name of ["auto_close", "auto_next"]) if (name in usual) body[name] = usual[name];
    if (ui.team !== "") body.team_size = whole("team");
    body.seats = chosen();
    const made = await ask("POST", "", ui.token, body);
    await learnAddresses(made.code);
    ui.made = made;
    keep.set("scenario", ui.scenario);
  });
}

const chosen = () => ui.seats ?? scene.seats.map((one) => one.seat).filter((one) =>
  !USUAL[ui.way].without?.includes(one));

async function listSaved() {
  if (!ui.token) return;
  await attempt(async () => { ui.saved = (await ask("GET", "", ui.token)).rooms; });
}

const links = (one) => h("ul", { class_: "stack" },
  h("li", null,
    h("a", { class_: "button go", id: "to-console",
        href: at(`/console#${one.code}.${one.facilitator_token}`) }, t("host.console"))),
  h("li", null,
    h("a", { class_: "button", id: "to-projector", href: at(`/projector#${one.code}.${one.projector_token}`),
        target: "_blank", rel: "noopener" }, t("host.projector"))),
  h("li", null, t("host.join"), " ", h("b", null, `${origin()}/j/${one.code}`)));

// --- parts ---------------------------------------------------------------------------------------

function number(name, label, low, high, value) {
  limits[name] = { low, high };
  return h("label", { class_: "field", key: name },
    h("span", null, `${label} · ${t("host.range", { low: num(low), high: num(high) })}`),
    h("input", { id: name, type: "text", inputmode: "numeric", autocomplete: "off",
        "aria-describedby": `${name}-fault`, "aria-invalid": ui.faults[name] ? "true" : undefined,
          value: ui[name] === "" ? String(value) : ui[name],
            oninput: (event) => { ui[name] = event.target.value; mended(name); draw(); } }), fault(name));
}
const heading = (text) => h("h2", { id: "form-title", tabindex: -1 }, text);
const tokenField = () => !ui.home && h("label", { class_: "field", key: "token" },
  h("span", null, t("host.token")),
    h("input", { id: "token", type: "password", autocomplete: "off", value: ui.token,
        oninput: (event) => { ui.token = tokenOf(event.target.value); mended("token"); },
          onchange: () => { if (ui.way === "saved") listSaved(); else draw(); } }), fault("token"));
const scenarios = () => ({ ...(ui.own && { [ui.own.id]: ui.own }), ...scene.scenarios });
const scenarioField = () => [
  h("label", { class_: "field", key: "scenario" }, h("span", null, t("host.scenario")),
    h("select", { id: "scenario", value: ui.scenario, onchange: (event) => pickScenario(event.target.value) },
      Object.entries(scenarios()).map(([id, one]) => h("option", { value: id, selected: id === ui.scenario },
          told(`scenario.${id}.title`, one.title))))),
  h("p", { class_: "soft", lang: has(`scenario.${ui.scenario}.summary`) ? undefined : "en", key: "summary" },
    told(`scenario.${ui.scenario}.summary`, scenarios()[ui.scenario]?.summary ?? ""))];
const languageField = () => h("label", { class_: "field", key: "language" },
  h("span", null, t("host.language")),
    h("select", { id: "room-language", value: ui.language || language,
        onchange: (event) => { ui.language = event.target.value; } },
          Object.entries(LANGUAGES).map(([code, name]) => h("option",
              { value: code, lang: code, selected: code === (ui.language || language) }, name))));
const error = () => h("p", { class_: "error", role: "alert", hidden: !ui.error }, ui.error);

function objectiveOf(one) {
  if (one.seat === scene.coercer) return t("objective.coercer");
  return told(`objective.${one.seat}`,
    t(one.kind === "firm" || one.kind === "refiner" ? `objective.${one.kind}`
    : one.seat === scene.target ? "objective.target" : scene.hubs?.includes(one.seat) ? "objective.hub"
      : "objective.state"));
}

function aloneForm() {
  return h("form", { class_: "card stack", key: "alone", onsubmit: sitDown, novalidate: true },
    heading(t("start.alone")), h("p", { class_: "soft" }, t("solo.how")), tokenField(), scenarioField(),
    h("fieldset", { class_: "plain", key: "seats" }, h("legend", null, t("solo.seat")), fault("seat"),
      h("ul", { class_: "seatlist" }, scene.seats.map((one) => h("li", { key: one.seat }, h("label", null,
      h("input", { type: "radio", name: "seat", value: one.seat, checked: ui.seat === one.seat,
          onchange: () => { ui.seat = one.seat; ui.error = ""; mended("seat"); draw(); } }),
      h("span", null, h("b", null, seatName(one.seat)), told(`role.${one.seat}`, "")
        && ` · ${t(`role.${one.seat}`)}`, h("br"), h("span", { class_: "soft" }, objectiveOf(one)))))))),
    h("label", { class_: "field", key: "name" }, h("span", null, t("solo.name")),
      h("input", { id: "name", type: "text", maxlength: 60, autocomplete: "nickname", value: ui.name,
          oninput: (event) => { ui.name = event.target.value; } })),
    h("div", { class_: "grid2", key: "numbers" }, number("turns", t("solo.turns"), 1, scene.turns, turnsOf()),
      number("seed", t("host.seed"), 0, 2147483647, "")), languageField(),
    h("button", { type: "submit", class_: "go", id: "sit-down", disabled: ui.busy },
      t(ui.busy ? "host.making" : "solo.sit")), error());
}

function roomForm() {
  const usual = USUAL[ui.way], open = chosen();
  const toggle = (seat) => (event) => {
    mended("people");
    ui.seats = scene.seats.map((one) => one.seat).filter((one) => (one === seat ? event.target.checked
        : open.includes(one)));
    draw();
  };
  return h("form", { class_: "card stack", key: `form-${ui.way}`, onsubmit: make, novalidate: true },
    heading(t(`start.${ui.way}`)), h("p", { class_: "soft" }, t(`host.${ui.way}_how`)),
      ui.home && h("p", { key: "print" },
        h("a", { id: "to-print",
            href: at(`/print?scenario=${encodeURIComponent(ui.scenario)}&language=${language}`),
              target: "_blank", rel: "noopener" }, t("host.print"))), tokenField(), scenarioField(),
    h("div", { class_: "grid2", key: "numbers" }, number("turns", t("host.turns"), 1, scene.turns, turnsOf()),
      number("seconds", t("host.turn_seconds"), 5, 86400, usual.seconds),
        number("seed", t("host.seed"), 0, 2147483647, ""), number("team", t("host.team"), 1, 100, "")),
    languageField(),
    h("label", { class_: "check", key: "clock" },
      h("input", { id: "no-clock", type: "checkbox", checked: ui.clock === false,
          onchange: (event) => { ui.clock = !event.target.checked; } }), t("host.no_clock")),
    h("label", { class_: "check", key: "random" },
      h("input", { type: "checkbox", checked: ui.random,
          onchange: (event) => { ui.random = event.target.checked; } }), t("host.random")),
    h("details", { key: "people" }, h("summary", null, t("host.seats", { n: open.length })),
      h("p", { class_: "soft" }, t("host.seats_note")),
        scene.seats.map((one) => h("label", { class_: "check", key: one.seat },
            h("input", { type: "checkbox", id: `open-${one.seat}`, checked: open.includes(one.seat),
                onchange: toggle(one.seat) }), seatName(one.seat)))),
    fault("people"), h("button", { type: "submit", class_: "go", id: "make", disabled: ui.busy },
      t(ui.busy ? "host.making" : "host.make")), error());
}

function madeCard() {
  return h("section", { class_: "card", key: "made" }, h("h2", null, t("host.made")),
    h("p", { class_: "bigcode" }, ui.made.code), links(ui.made), chooseOrigin(draw),
      h("p", { class_: "soft" }, t("host.keep")));
}

// A game of a later version: its code, and why it cannot be opened here.
const strange = (one) => h("div", { class_: "deal stack", key: one.room },
  h("h3", null, `${t("join.code")}: ${one.room}`), h("p", { class_: "error" }, phrase(one.unreadable)));

// The seat of a game that one person plays alone.
const doorOf = (one) =>
  at(`/seat#${linkOf({ code: one.room, token: one.seat_token, control: one.facilitator_token })}`);

function savedCard() {
  const rows = ui.saved || [];
  const when = (ms) => new Intl.DateTimeFormat(language,
    { dateStyle: "medium", timeStyle: "short" }).format(new Date(ms));
  const doors = (one) => {
    if (one.alone && one.seat_token) return h("a", { class_: "button go", href: doorOf(one) },
      t(one.ended || one.other_model || one.played >= one.turns ? "saved.look" : "saved.go_on"));
    return [h("a", { class_: "button go", href: at(`/console#${one.room}.${one.facilitator_token}`) },
        t("host.console")),
      h("a", { class_: "button", href: at(`/projector#${one.room}.${one.projector_token}`) },
        t("host.projector")),
      (one.revealed || one.other_model)
        && h("a", { class_: "button", href: at(`/review#${one.room}.${one.facilitator_token}`) },
          t("ended.review"))];
  };
  return h("section", { class_: "card", key: "saved" }, heading(t("start.saved")), tokenField(), error(),
    rows.map((one) => one.unreadable ? strange(one) : h("div", { class_: "deal stack", key: one.room },
        h("h3", null, one.alone ? `${seatName(one.seat)} · ` : "", told(`scenario.${one.scenario}.title`,
            one.scenario)),
      h("p", null, t("saved.turns", { played: num(one.played), turns: num(one.turns) }),
        !one.alone && ` · ${t("saved.people", { n: num(one.people) })} · ${t("join.code")}: ${one.room}`),
      one.other_model && h("p", { class_: "soft" }, phrase(one.other_model)),
      h("p", { class_: "soft" }, t("saved.last", { when: when(one.last) })),
        h("div", { class_: "row" }, doors(one)))),
    ui.saved && !rows.length && h("p", { class_: "soft" }, t("saved.none")));
}

function draw() {
  for (const name of Object.keys(limits)) delete limits[name];
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

layPatterns();
await Promise.all([speak(), learnWorld(), learnCrises()]);
await learnScene("japan-2026");
learnNames(scene.seats);
await learnAddresses();
if (ui.token) { // a link of before: the server draws a new one at each start
  try {
    await ask("GET", "", ui.token);
    await getPass();
  } catch (problem) {
    if (problem.status === 401) Object.assign(ui, { token: "", old: true });
  }
}
if (!ui.token || ui.passed) {
  try {
    const { token, own } = await (await fetch(at("/pages/host-key"), { cache: "no-store" })).json();
    if (token) Object.assign(ui, { token, home: true, own });
  } catch { /* the token is asked for */ }
}
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
