// One lever: its name, what it stands at and would come to, the slider, and what that brings.

import {
  amount, choices, clock, h, leverName, num, phrase, placeName, readLever, scaleOf, shownValue, t, told,
  typedNumber, unitName,
} from "../room/base.js";
import { commit, drop, forcedOn, inForce, intent, saved, takeBack } from "./drafts.js";
import { effectLine } from "./effect.js";
import { rangeOf } from "./range.js";
import { draw, mayEdit, out, solo, ui } from "../seat/state.js";

const dotted = (text) => text.replace(/ +(?=[.。])/, "");

// A lever that a hand is on: its text, which is no order yet.
function move(view, full, text) {
  ui.moved = full;
  out.draft(full, text, view.turn);
}

// All that a lever's card is drawn from.
function read(view, row, place) {
  const full = place ? `${row.lever}.${place}` : row.lever;
  const forced = forcedOn(view, row, full), now = inForce(row, place);
  const draft = forced ? undefined : out.drafts[full], kept = forced ?? saved(view, full);
  const start = kept?.value ?? now ?? row.default;
  const typed = draft === undefined ? { value: start } : readLever(row, draft);
  return { full, forced, now, draft, kept, start, value: typed.value ?? null,
    text: draft ?? typedNumber(shownValue(row.unit, start)), can: mayEdit(view) && !forced,
    fault: forced ? "" : out.faults[full], id: `l-${full}`,
    flying: out.waiting.some((one) => one.lever === full) };
}

function slider(view, row, place, one) {
  const scale = scaleOf(row.unit), span = rangeOf(view, row, place, [one.start, one.value, one.now]);
  const at = (value) => `${100 * (value - span.low) / (span.high - span.low)}%`;
  const mark = h("em", { "aria-hidden": "true" });
  if (one.now !== null && one.now !== undefined) mark.style.left = at(one.now);
  const slid = (event) => {
    move(view, one.full, typedNumber(Number(event.target.value)));
    draw();
  };
  return h("div", { class_: "track", key: "track" }, mark, h("input", {
    type: "range", min: span.low * scale, max: span.high * scale, step: span.step * scale,
    disabled: !one.can, value: String((one.value ?? one.start) * scale), id: `${one.id}-r`,
    "aria-label": `${place ? placeName(place) : leverName(one.full)}, ${unitName(row.unit)}`,
    "aria-valuetext": `${one.text} ${unitName(row.unit)}`, oninput: slid,
    onchange: () => commit(row, one.full) }));
}

function control(view, row, place, one) {
  const typed = (event) => {
    move(view, one.full, event.target.value);
    draw();
  };
  const done = () => commit(row, one.full), options = choices(row);
  if (options.length)
    return h("select", { id: one.id, value: one.text, disabled: !one.can, "aria-describedby": `${one.id}-s`,
      onchange: (event) => { typed(event); done(); } },
      options.map((v) => h("option", { value: String(v), selected: String(v) === one.text },
        amount(row.unit, v))));
  return [slider(view, row, place, one), h("input", {
    id: one.id, type: "text", inputmode: row.low < 0 ? "text" : "decimal", autocomplete: "off",
    value: one.text, disabled: !one.can, "aria-describedby": `${one.id}-d ${one.id}-s`,
    "aria-invalid": one.fault ? "true" : undefined, oninput: typed, onchange: done,
    onkeydown: (event) => { if (event.key === "Enter") done(); } })];
}

function stateLine(row, one) {
  if (one.fault) return h("span", { class_: "error" }, one.fault);
  if (one.flying) return t("lever.sending");
  if (one.draft !== undefined) return t("lever.unsaved");
  if (one.forced) return h("b", null, "⚑ ", t("lever.by_control",
    { value: amount(row.unit, one.forced.value), why: one.forced.reason || one.forced.why || "–" }));
  return one.kept ? h("span", { class_: "ok" }, "✓ ", t("lever.saved",
    { value: amount(row.unit, one.kept.value), time: one.kept.at ? clock(one.kept.at) : "" })) : "";
}

const same = (a, b) => a === b || Math.abs(a - b) < 1e-9;

// What stands, and what it would come to.
function values(row, one) {
  const now = one.now ?? row.default, moved = one.value !== null && !same(one.value, now);
  return h("span", { class_: "v" }, moved && [h("s", null, amount(row.unit, now)), " → "],
    h("b", null, amount(row.unit, one.value ?? now)));
}

// What the lever is, how far it goes, and what it waits for.
function small(row, place, one) {
  const measured = !choices(row).length;
  return h("p", { class_: "unit" },
    measured && dotted(t("lever.range", { low: num(shownValue(row.unit, row.low)),
      high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) })),
    one.now !== null && one.now !== undefined && ` ${t("lever.now", { value: amount(row.unit, one.now) })}`,
    row.delay_weeks > 0 && ` ${t("lever.delay", { n: row.delay_weeks })}`,
    row.cost && ` ${t("lever.cost", { cost: told(`lever.${row.lever}.cost`, row.cost) })}`);
}

function acts(view, row, one) {
  const name = h("span", { class_: "sr" }, ` ${leverName(one.full)}`);
  return h("div", { class_: "acts row" },
    one.kept && one.can && h("button", { type: "button", onclick: () => takeBack(view, one.full) },
      t("lever.take_back"), name),
    one.draft !== undefined && !one.flying && h("button", { type: "button",
      onclick: () => drop(view, one.full) }, t("lever.drop"), name.cloneNode(true)));
}

// `more.why` says why the lever matters now; `more.title` names it where the place alone does not.
export function leverCard(view, row, place, more = {}) {
  const one = read(view, row, place), full = one.full;
  const bound = view.bounds.find((other) => other.lever === full);
  const lacks = view.report.lacks?.[full] ?? (place ? view.report.lacks?.[row.lever] : null);
  const touched = one.kept || one.draft !== undefined;
  const set = (value) => {
    const text = typedNumber(shownValue(row.unit, value)), box = document.getElementById(one.id);
    move(view, full, text);
    if (box) box.value = text; // a field that is being typed in is not drawn over
    commit(row, full);
  };
  return h("div", { class_: `lever ${one.fault ? "wrong" : one.draft !== undefined ? "draft"
    : one.kept ? "mine" : ""}`, key: full, "data-lever": full },
  h("div", { class_: "head" }, h("label", { for: one.id, class_: "title" },
    more.title ?? (place ? placeName(place) : leverName(row.lever))), values(row, one)),
  more.why && h("p", { class_: "why-now" }, more.why),
  h("div", { class_: "set" }, control(view, row, place, one)),
  touched && one.value !== null && !one.forced && effectLine(view, row, one, set),
  lacks && h("p", { class_: "unit lacks" }, phrase(lacks)),
  bound && h("p", { class_: "unit" }, "🔗 ",
    t("lever.bound", { deals: bound.deals.join(", "), words: phrase(bound.say, bound.words) })),
  h("p", { class_: "state", id: `${one.id}-s`, role: "status" }, stateLine(row, one)),
  !solo && one.can && touched && intent(view, full, one.kept),
  h("details", { class_: "about", key: "about" }, h("summary", null, t("lever.about")),
    h("p", { id: `${one.id}-d` }, told(`lever.${row.lever}.meaning`, row.meaning)), small(row, place, one)),
  touched && one.can && acts(view, row, one));
}
