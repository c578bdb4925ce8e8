// Fields of the start page's forms, and what is filled in wrongly.

import {
  LANGUAGES, h, has, language, learnNames, learnOwn, learnScene, num, readNumber, scene, t, told,
} from "../room/base.js";
import { chosen, draw, tokenOf, turnsOf, ui } from "./state.js";
import { listSaved } from "./token.js";

// What is filled in wrongly, by field: all of it is told at once, beside each field.
const limits = {}; // of the numbers on the form that stands on the page
export const forget = () => Object.keys(limits).forEach((name) => delete limits[name]);
export const whole = (name) => readNumber(ui[name]).value;

export function mistakes() {
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

export const fault = (name) => h("span", { key: `fault-${name}`, id: `${name}-fault`,
    class_: "error", tabindex: -1, role: "alert", hidden: !ui.faults[name] }, ui.faults[name] ?? "");
export const mended = (name) => { delete ui.faults[name]; };

export function number(name, label, low, high, value) {
  limits[name] = { low, high };
  return h("label", { class_: "field", key: name },
    h("span", null, `${label} · ${t("host.range", { low: num(low), high: num(high) })}`),
    h("input", { id: name, type: "text", inputmode: "numeric", autocomplete: "off",
        "aria-describedby": `${name}-fault`, "aria-invalid": ui.faults[name] ? "true" : undefined,
          value: ui[name] === "" ? String(value) : ui[name],
            oninput: (event) => { ui[name] = event.target.value; mended(name); draw(); } }), fault(name));
}

export const heading = (text) => h("h2", { id: "form-title", tabindex: -1 }, text);
export const tokenField = () => !ui.home && h("label", { class_: "field", key: "token" },
  h("span", null, t("host.token")),
    h("input", { id: "token", type: "password", autocomplete: "off", value: ui.token,
        oninput: (event) => { ui.token = tokenOf(event.target.value); mended("token"); },
          onchange: () => { if (ui.way === "saved") listSaved(); else draw(); } }), fault("token"));

export async function pickScenario(id) {
  ui.scenario = id;
  ui.seats = null;
  if (ui.own?.id === id) learnOwn(ui.own);
  else await learnScene(id);
  learnNames(scene.seats);
  if (!scene.seats.some((one) => one.seat === ui.seat)) ui.seat = "";
  draw();
}

const scenarios = () => ({ ...(ui.own && { [ui.own.id]: ui.own }), ...scene.scenarios });
export const scenarioField = () => [
  h("label", { class_: "field", key: "scenario" }, h("span", null, t("host.scenario")),
    h("select", { id: "scenario", value: ui.scenario, onchange: (event) => pickScenario(event.target.value) },
      Object.entries(scenarios()).map(([id, one]) => h("option", { value: id, selected: id === ui.scenario },
          told(`scenario.${id}.title`, one.title))))),
  h("p", { class_: "soft", lang: has(`scenario.${ui.scenario}.summary`) ? undefined : "en", key: "summary" },
    told(`scenario.${ui.scenario}.summary`, scenarios()[ui.scenario]?.summary ?? ""))];

export const languageField = () => h("label", { class_: "field", key: "language" },
  h("span", null, t("host.language")),
    h("select", { id: "room-language", value: ui.language || language,
        onchange: (event) => { ui.language = event.target.value; } },
          Object.entries(LANGUAGES).map(([code, name]) => h("option",
              { value: code, lang: code, selected: code === (ui.language || language) }, name))));

// On unless it is taken off: what costs nothing is no choice.
export const allowanceField = () => h("label", { class_: "check", key: "allowance" },
  h("input", { id: "allowance", type: "checkbox", checked: ui.allowance,
    onchange: (event) => { ui.allowance = event.target.checked; } }), t("host.allowance"));

export const form = () => {
  const body = { scenario: ui.scenario, turns: whole("turns") ?? turnsOf(),
    language: ui.language || language, allowance: ui.allowance };
  if (ui.seed !== "") body.seed = whole("seed");
  return body;
};

export const error = () => h("p", { class_: "error", role: "alert", hidden: !ui.error }, ui.error);
