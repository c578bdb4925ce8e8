// One's own what-if in a line: who, what, how much. It is checked here and once more where it is played.

import { h } from "../base/elements.js";
import { amount, choices, num, shownValue, unitName } from "../base/numbers.js";
import { readLever, readNumber, typedNumber } from "../base/reading.js";
import { leverName, placeName, seatName } from "../base/scene.js";
import { t } from "../base/words.js";
import { redraw, ui } from "./state.js";

const own = { who: "", what: "", place: "", text: null, fault: "", near: null };

// It begins with what the last ready question is about.
const first = () => Object.keys(ui.asks.questions.at(-1)?.set ?? {})[0]?.split(".") ?? [];
const who = () => ui.asks.who.find((one) => one.actor === (own.who || first()[0])) ?? ui.asks.who[0];
const what = () => ui.asks.levers[[own.what, own.who ? "" : first()[1], who().levers[0]]
  .find((one) => who().levers.includes(one))];
const places = (row) => (row.index === "zone" ? ui.asks.zones : row.index === "material"
  ? ui.asks.materials : []);
const full = (row) => (places(row).includes(own.place) ? `${row.lever}.${own.place}` : row.lever);
const usual = (row) => (row.lever === "rung" ? row.low : row.high);
const typed = (row) => own.text ?? typedNumber(shownValue(row.unit, usual(row)));

const set = (name, more) => (event) => {
  Object.assign(own, { [name]: event.target.value, fault: "", near: null }, more);
  redraw();
};

function pick(name, label, value, options, more) {
  return h("span", { class_: "sel", key: name }, h("select", { "data-own-ask": name, "aria-label": label,
    value, onchange: set(name, more) },
  options.map(([one, text]) => h("option", { value: one, selected: one === value }, text))));
}

// The question, or null with a fault: its sentence, and the nearest value that is allowed.
function read(row) {
  const options = choices(row);
  if (options.length) {
    const value = Number(own.text ?? usual(row));
    return options.includes(value) ? value : usual(row);
  }
  const found = readLever(row, typed(row));
  if (!found.fault) return found.value;
  const near = readNumber(typed(row)).value;
  own.fault = found.fault;
  own.near = near === undefined ? null : near > shownValue(row.unit, row.high) ? row.high
    : near < shownValue(row.unit, row.low) ? row.low : null;
  return null;
}

export function ownForm(asked) {
  const row = what(), options = choices(row), id = "own-much";
  const send = (event) => {
    event.preventDefault();
    const value = read(row);
    if (value === null) { redraw(); return; }
    asked({ [`${who().actor}.${full(row)}`]: value });
  };
  const much = options.length
    ? pick("text", t("watch.fork_much"), String(own.text ?? usual(row)), options.map((one) => [String(one),
      amount(row.unit, one)]))
    : [h("input", { id, key: "much", "data-own-ask": "text", type: "text",
      inputmode: row.low < 0 ? "text" : "decimal", autocomplete: "off", value: typed(row),
      "aria-label": t("watch.fork_much"),
      "aria-invalid": own.fault ? "true" : undefined, "aria-describedby": "own-hint",
      oninput: set("text") }), h("span", { key: "unit" }, unitName(row.unit))];
  return h("form", { class_: "pick", key: "own", novalidate: true, onsubmit: send },
    h("span", null, t("watch.fork_own")),
    pick("who", t("watch.fork_who"), who().actor, ui.asks.who.map((one) => [one.actor,
      seatName(one.actor)]), { what: "", place: "", text: null }),
    pick("what", t("watch.fork_what"), row.lever, who().levers.map((one) => [one, leverName(one)]),
      { place: "", text: null }),
    row.index && pick("place", t("watch.fork_where"), places(row).includes(own.place) ? own.place : "",
      [["", t("watch.fork_all")], ...places(row).map((one) => [one, placeName(one)])]),
    much, h("button", { type: "submit", class_: "btn go small", "data-do": "fork" }, t("watch.fork_go")),
    h("p", { class_: "src", id: "own-hint", role: own.fault ? "alert" : undefined }, own.fault || hint(row),
      own.near !== null && h("button", { type: "button", class_: "btn small", "data-do": "near",
        onclick: () => { own.text = typedNumber(shownValue(row.unit, own.near)); own.fault = "";
          own.near = null; redraw(); } }, amount(row.unit, own.near))));
}

const hint = (row) => [choices(row).length ? "" : t("lever.range", { low: num(shownValue(row.unit, row.low)),
  high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) }).replace(/ *[.。]$/, ""),
t(`lever.${row.lever}.meaning`), row.delay_weeks ? t("lever.delay", { n: row.delay_weeks }) : ""]
  .filter(Boolean).join(" · ");
