// All levers of a seat, behind the six: a list by goal, each with what is in force and what is changed.

import { h, keep, leverName, placeName, t, told } from "../room/base.js";
import { drafted } from "./drafted.js";
import { saved } from "./drafts.js";
import { leverCard } from "./lever.js";
import { matrix } from "./matrix.js";
import { draw, fold, out, ui } from "../seat/state.js";

// Goals of Beijing's seat; others have a goal for each group of levers. What is aimed at a material stands
// together in one table.
const GOALS = { ladder: "press", ban: "press", licences: "press", "third countries": "detours" };
const goalOf = (row) => (row.index === "material" ? "material"
  : row.index === "" && GOALS[row.group] === "press" ? "rules" : GOALS[row.group] ?? row.group);
const goalName = (goal) => told(`goal.${goal}`, told(`group.${goal}`, goal));

const fullsOf = (row) => (row.index ? row.places.map((place) => `${row.lever}.${place}`) : [row.lever]);
const changed = (view, rows) => rows.flatMap(fullsOf).filter((full) => out.drafts[full] !== undefined
  || saved(view, full)).length;
const inForce = (rows) => rows.flatMap((row) => (row.index ? Object.values(row.values ?? {}) : [row.value])
  .filter((value) => value !== undefined && value !== null && value !== row.default)).length;

// What a person looks for, among names, meanings and places.
function sought(rows) {
  const text = (ui.sought ?? "").trim().toLowerCase();
  if (!text) return rows;
  const says = (row) => [leverName(row.lever), told(`lever.${row.lever}.meaning`, row.meaning),
    ...row.places.map(placeName)].some((one) => one.toLowerCase().includes(text));
  return rows.filter(says);
}

function goal(view, name, rows, open) {
  const n = changed(view, rows), held = inForce(rows);
  const kinds = ["zone", "material"].map((kind) => [kind, rows.filter((row) => row.index === kind)]);
  const indexed = kinds.filter(([, some]) => some.length);
  return fold(`g-${name}`, open, [h("span", { class_: "goal" }, goalName(name)),
    h("span", { class_: "soft" }, ` ${t("all.in_force", { n: held })}`,
      n > 0 && [" · ", h("b", null, t("all.changed", { n }))])], () => [
    indexed.map(([kind, some]) => matrix(view, `${name}-${kind}`, some)),
    h("div", { class_: "levers", key: "levers" }, rows.filter((row) => !row.index).map((row) =>
      leverCard(view, row, "")))], "group");
}

export function allLevers(view) {
  const rows = sought(view.levers), goals = [...new Set(rows.map(goalOf))], few = goals.length === 1;
  return h("section", { key: "all", class_: "all", "data-part": "all-levers" },
    drafted(view),
    h("label", { class_: "field", key: "find" }, h("span", null, t("all.find")),
      h("input", { id: "find-lever", type: "text", autocomplete: "off", value: ui.sought ?? "",
        oninput: (event) => { ui.sought = event.target.value; draw(); } })),
    goals.map((one, k) => goal(view, one, rows.filter((row) => goalOf(row) === one),
      few || !!ui.sought || k === 0 || one === "compliance")),
    !rows.length && h("p", { class_: "soft", role: "status" }, t("all.none")));
}

// The door between the six and all levers.
export function door() {
  const to = (all) => () => {
    ui.all = all;
    keep.set("all", all);
    draw();
    document.getElementById(all ? "six-levers" : "all-levers")?.focus();
  };
  return ui.all
    ? h("button", { type: "button", id: "six-levers", key: "door", class_: "door", onclick: to(false) }, "← ",
      t("six.back"))
    : h("button", { type: "button", id: "all-levers", key: "door", class_: "door", onclick: to(true) },
      t("six.all"), " →");
}
