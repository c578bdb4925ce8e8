// Where the figures come from: materials at a glance, and every row of every table by words and filters.
// What the tables say is in English, as their sources are. The browser gets the rows in parts.

import { h } from "../base/elements.js";
import { placeName } from "../base/scene.js";
import { has, t } from "../base/words.js";
import { safe } from "../shell/safe.js";
import { ask, redraw, ui } from "./state.js";

const FIELDS = ["text", "table", "basis", "use", "material", "zone"];
const BASES = ["seed", "seen", "recalled", "assumption"], USES = ["read", "set", "listed"];
const WAIT = 250; // ms after the last key
const count = (n) => Number(n).toLocaleString("en");
let typed = null, waiting = 0, arrived = false, wanted = "";

// The address of a row, or of what is looked for; run, language and theme stay as they were asked for.
function address(query) {
  const at = new URLSearchParams(location.search);
  at.delete("source");
  for (const name of FIELDS) at.delete(name);
  at.set("view", "sources");
  for (const name of FIELDS) if (query[name]) at.set(name, query[name]);
  if (query.row) at.set("source", query.row);
  return `?${at}`;
}

function seek(change) {
  clearTimeout(waiting);
  const { asked } = ui.sources;
  const query = { ...asked, text: typed ?? asked.text, row: "", page: 0, ...change };
  history.replaceState(null, "", address(query));
  ask("source", query);
}

// What the address asks for, once: later on the page itself says what is looked for.
function arrive() {
  if (arrived) return;
  arrived = true;
  const at = new URLSearchParams(location.search);
  const query = Object.fromEntries(FIELDS.filter((name) => at.get(name)).map((name) => [name, at.get(name)]));
  if (at.get("source")) query.row = at.get("source");
  if (Object.keys(query).length) ask("source", query);
}

// What a row is about: places by their names, the source's own words as they are.
const about = (part) => (has(`good.${part}`) || has(`seat.${part}`) ? placeName(part)
  : h("span", { lang: "en" }, part.replaceAll("_", " ")));

const table = (name, columns, rows, label) => h("div", { class_: "scroll", tabindex: 0, role: "region",
  "aria-label": label },
  h("table", { class_: name, role: "table" },
    h("thead", null, h("tr", null, columns.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", null, rows)));

const choice = (name, label, values, chosen) => h("label", null, label,
  h("select", { name, value: chosen, onchange: (event) => seek({ [name]: event.target.value }) },
    h("option", { value: "" }, t("sources.every")),
    values.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));

function search({ asked, choices, tables }) {
  const named = (codes) => codes.map((code) => [code, placeName(code)])
    .sort((a, b) => a[1].localeCompare(b[1]));
  return h("form", { class_: "seek", role: "search", "aria-label": t("sources.find"),
    onsubmit: (event) => { event.preventDefault(); seek({}); } },
    h("label", { class_: "wide" }, t("sources.text"),
      h("input", { type: "search", name: "text", value: typed ?? asked.text, autocomplete: "off",
        placeholder: t("sources.text_hint"), oninput: (event) => {
          typed = event.target.value;
          clearTimeout(waiting);
          waiting = setTimeout(() => seek({}), WAIT);
        } })),
    choice("material", t("sources.material_label"), named(choices.materials), asked.material),
    choice("zone", t("sources.zone_label"), named(choices.zones), asked.zone),
    choice("table", t("sources.table_label"),
      tables.map(({ id }) => [id, t(`sources.table.${id}`)]), asked.table),
    choice("basis", t("sources.basis_label"),
      BASES.map((one) => [one, t(`sources.basis.${one}`)]), asked.basis),
    choice("use", t("sources.use_label"), USES.map((one) => [one, t(`sources.use.${one}`)]), asked.use));
}

const link = (row) => h("a", { href: address({ row }), onclick: (event) => {
  event.preventDefault();
  typed = "";
  seek({ text: "", table: "", basis: "", use: "", material: "", zone: "", row });
} }, h("code", null, row));

const jump = (number) => h("button", { type: "button", class_: "pick", "data-section": number,
  "aria-label": t("sources.section", { n: number }), onclick: () => { wanted = number;
    ask("section", number); } }, `§ ${number}`);

// A row that another one names: a row of a table, a statement; a table or a scenario is only named.
const other = (name) => (/^(S\d+|\w+\.\d+)$/.test(name) ? link(name)
  : has(`sources.table.${name}`) ? t(`sources.table.${name}`) : h("code", null, name));

function line(row, shown) {
  const basis = [row.basis && t(`sources.basis.${row.basis}`),
    row.confidence && t(`sources.sure.${row.confidence}`)].filter(Boolean).join(", ");
  return h("tr", { key: row.id, role: "row", class_: row.id === shown ? "on" : "", "data-row": row.id,
    "aria-current": row.id === shown ? "true" : null },
    h("th", { scope: "row", role: "rowheader" }, row.parts.map((part, i) => [i ? " · " : "", about(part)]),
      h("small", null, t(`sources.table.${row.table}`), " · ", link(row.id),
        row.basis === "seed" && row.table !== "statements" && h("b", { class_: "tag" }, t("sources.texts")))),
    h("td", { role: "cell", class_: "figure", lang: "en" }, row.value || "–",
      row.year && h("small", null, row.year)),
    h("td", { role: "cell" }, h("span", { lang: "en" }, row.url ? h("a", { href: row.url, target: "_blank",
      rel: "noopener noreferrer" }, row.source) : row.source || t("sources.no_source")),
      basis && h("small", null, basis), row.note && h("small", { lang: "en" }, row.note)),
    h("td", { role: "cell" }, h("b", { class_: `use ${row.use}` }, t(`sources.use.${row.use}`)), " ",
      row.sections.map((one) => [jump(one), " "]), row.why && h("small", null, t(`sources.why.${row.why}`)),
      row.also.length ? h("small", null, t("sources.also"), ": ",
        row.also.map((one, i) => [i ? ", " : "", other(one)])) : null));
}

function rows(told) {
  const { asked, found, of, first, pages } = told, shown = Math.min(found, first + told.rows.length - 1);
  const step = (by, text) => h("button", { type: "button", class_: "btn", disabled: asked.page + by < 0
    || asked.page + by >= pages, onclick: () => seek({ page: asked.page + by }) }, text);
  return [
    h("p", { role: "status", class_: "sub", "data-show": "found" },
      t("sources.found", { n: count(found), of: count(of) }), found > 0 && ` · ${t("sources.shown", {
        first: count(first), last: count(shown) })}`),
    told.rows.length ? table("figures", ["what", "value", "source", "use_label"]
      .map((one) => t(`sources.${one}`)), told.rows.map((row) => line(row, asked.row)), t("sources.rows"))
      : h("p", null, t("sources.nothing")),
    h("p", { class_: "steps" }, step(-1, t("sources.before")), step(1, t("sources.after")),
      h("button", { type: "button", class_: "btn", onclick: () => {
        typed = "";
        seek(Object.fromEntries([...FIELDS, "row"].map((name) => [name, ""])));
        redraw();
      } }, t("sources.all_rows"))),
  ];
}

// A section of the model's description, as it is written: English, with its formulas.
function section(told) {
  if (told && told.id === wanted) {
    wanted = "";
    requestAnimationFrame(() => document.querySelector("[data-part=section]")?.focus());
  }
  return told && h("section", { class_: "section card", "data-part": "section", tabindex: -1 },
    h("h2", null, t("sources.section", { n: told.id })), h("p", { class_: "sub" },
      h("span", { lang: "en" }, told.title), ". ", t("sources.section_english")),
    h("pre", { lang: "en", tabindex: 0 }, told.text),
    h("button", { type: "button", class_: "btn", onclick: () => ask("section", "") },
      t("sources.section_close")));
}

const overview = ({ overview: told, material }) => h("section", null, h("h2", null, t("sources.materials")),
  table("overview", [t("sources.material_label"), ...told.columns.map((one) => t(`sources.column.${one.key}`,
    { zone: placeName(one.zone), of: placeName(one.of) }))], told.rows.map((row) => h("tr", { key: row.id,
    class_: row.id === material ? "on" : "" },
    h("th", { scope: "row" }, h("button", { type: "button", class_: "pick", "data-good": row.id,
      onclick: () => { ask("look", { material: row.id }); seek({ material: row.id }); } },
      placeName(row.id))),
    row.cells.map((cell) => h("td", null, cell ? [cell.text, cell.basis && h("small", null, " ",
      [cell.year, t(`sources.basis.${cell.basis}`)].filter(Boolean).join(", "))] : "–")))),
      t("sources.materials")));

const listed = ({ tables }) => h("section", null, h("h2", null, t("sources.tables")), table("tables",
  [t("sources.table_label"), t("sources.tables_rows"), t("sources.tables_read")],
  tables.map((one) => h("tr", { key: one.id }, h("th", { scope: "row" }, h("button", { type: "button",
    class_: "pick", "data-table": one.id, onclick: () => seek({ table: one.id }) },
    t(`sources.table.${one.id}`))), h("td", { class_: "num" }, count(one.rows)),
    h("td", { class_: "num" }, count(one.read)))), t("sources.tables")));

export function sources() {
  const told = ui.sources;
  if (!told) return h("main", { id: "main", key: "main", class_: "sources" },
    h("h1", null, t("sources.title")), h("p", { role: "status" }, t("watch.setting_up")));
  arrive();
  return h("main", { id: "main", key: "main", class_: "sources", "data-part": "sources" },
    h("h1", null, t("sources.title")), h("p", { class_: "sub" }, t("sources.lead")),
    h("p", { class_: "sub" }, t("sources.land")),
    h("section", null, h("h2", null, t("sources.find")), safe(search, told), safe(rows, told)),
    safe(section, told.section), safe(overview, told), safe(listed, told));
}
