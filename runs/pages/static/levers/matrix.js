// Levers with places as a table of places and measures: what is in force and what is drafted is seen at
// a look. Arrow keys move, Enter opens a cell below its row, Backspace takes back. On phones it is a list.

import {
  choiceName, h, leverName, num, percent, placeName, readLever, scaleOf, t, unitName,
} from "../room/base.js";
import { drop, inForce, saved, takeBack } from "./drafts.js";
import { leverCard } from "./lever.js";
import { draw, fold, mayEdit, out, ui } from "../seat/state.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const wide = () => innerWidth >= 760;
const cellId = (full) => `c-${full}`;

function short(row, value) {
  if (row.unit === "flag") return t(value ? "lever.on" : "lever.off");
  if (scaleOf(row.unit) === 100) return percent(value, 0);
  return row.unit === "rung" ? num(value) : choiceName(row.unit, value) || num(value, 2);
}

// What a cell shows: value in force, value drafted or saved, and whether it can be aimed there.
function cellOf(view, row, place) {
  const full = `${row.lever}.${place}`, now = inForce(row, place), kept = saved(view, full);
  const text = out.drafts[full];
  const value = text === undefined ? kept?.value : readLever(row, text).value ?? null;
  const there = row.places.includes(place);
  return { full, there, now: now ?? row.default, value,
    changed: there && value !== undefined, live: there && now !== undefined && now !== row.default };
}

function cell(view, id, rows, row, places, place) {
  const one = cellOf(view, row, place);
  if (!one.there) return h("td", { key: row.lever, class_: "none" });
  const open = ui.cell === one.full;
  const to = one.value === null ? "…" : short(row, one.value ?? one.now);
  const name = `${placeName(place)}, ${leverName(row.lever)}: ${short(row, one.now)}${one.changed
    ? ` → ${to}` : ""}`;
  const move = (event) => {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const p = places[Math.min(places.length - 1, Math.max(0, places.indexOf(place) + step[0]))];
      const r = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + step[1]))];
      ui.at[id] = `${r.lever}.${p}`;
      draw();
      document.getElementById(cellId(ui.at[id]))?.focus();
    } else if (event.key === "Backspace" && mayEdit(view)) {
      if (out.drafts[one.full] !== undefined) drop(view, one.full);
      if (saved(view, one.full)) takeBack(view, one.full);
    }
  };
  const first = ui.at[id] ?? `${rows[0].lever}.${rows[0].places[0]}`;
  return h("td", { key: row.lever }, h("button", { type: "button", id: cellId(one.full),
    "data-cell": one.full, class_: `cell ${one.changed ? "drafted" : one.live ? "live" : ""}`,
    "aria-label": name, "aria-expanded": String(open), tabindex: first === one.full ? 0 : -1,
    onkeydown: move, onclick: () => toggle(id, one.full) },
  one.changed ? [h("s", null, short(row, one.now)), " → ", h("b", null, to)]
    : one.live ? h("b", null, short(row, one.now)) : "·"));
}

function toggle(id, full) {
  ui.at[id] = full;
  ui.cell = ui.cell === full ? "" : full;
  draw();
  (document.getElementById(`l-${full}-r`) ?? document.getElementById(`l-${full}`))?.focus();
}

function editor(view, rows, place) {
  const row = rows.find((one) => ui.cell === `${one.lever}.${place}`);
  return row && h("tr", { key: `edit-${place}`, class_: "editor" }, h("td", { colspan: rows.length + 1 },
    leverCard(view, row, place, { title: leverName(ui.cell) })));
}

const changedIn = (view, rows, place) => rows.filter((row) => cellOf(view, row, place).changed).length;

function list(view, rows, places) {
  return places.map((place) => {
    const n = changedIn(view, rows, place);
    const live = rows.map((row) => [row, cellOf(view, row, place)]).filter(([, one]) => one.live)
      .map(([row, one]) => `${leverName(row.lever)} ${short(row, one.now)}`);
    return fold(`p-${rows[0].group}-${place}`, false, h("span", null, h("b", null, placeName(place)),
      n > 0 && ` ${t("orders.changed", { n })}`, live.length > 0 && h("span", { class_: "soft" }, " ",
        live.join(" · "))),
    () => rows.filter((row) => row.places.includes(place)).map((row) =>
      leverCard(view, row, place, { title: leverName(row.lever) })));
  });
}

// `rows` are levers that are aimed at the same kind of place.
export function matrix(view, id, rows) {
  const places = [...new Set(rows.flatMap((row) => row.places))];
  if (!places.length) return null;
  ui.at ??= {};
  if (!wide()) return list(view, rows, places);
  return h("div", { class_: "scroll", key: `m-${id}`, tabindex: -1 },
    h("p", { class_: "soft" }, t("matrix.keys")),
    h("table", { class_: "matrix", "data-matrix": id }, h("thead", null, h("tr", null,
      h("th", null, t("matrix.towards")), rows.map((row) => h("th", { key: row.lever, scope: "col" },
        leverName(row.lever), scaleOf(row.unit) === 100 || row.unit === "flag" || choiceName(row.unit, 0) ? ""
          : h("small", null, unitName(row.unit)))))),
    h("tbody", null, places.map((place) => [
      h("tr", { key: place }, h("th", { scope: "row" }, placeName(place)),
        rows.map((row) => cell(view, id, rows, row, places, place))),
      editor(view, rows, place)]))));
}
