// Compare, on this machine: two things by their names, and what is found between them. Sentences and
// pictures come from the server, the same as in the file that `entrepot compare` writes.
import { h, show } from "../base/elements.js";
import { onPaper } from "../shell/paper.js";
import { safe } from "../shell/safe.js";
import { drawBar, setTheme } from "../kit/bar.js";
import { at } from "../base/root.js";
import { language, speak, t } from "../base/words.js";

const AGAIN_MS = 700; // between two looks at what is being played
const query = new URLSearchParams(location.search);
const ui = { a: query.get("a") ?? "", b: query.get("b") ?? "", known: null, found: null, error: "",
  waits: null };
let asked = 0; // only the answer to the last question is shown

const address = (path) => at(`/compare/${path}?${new URLSearchParams({ a: ui.a, b: ui.b, lang: language })}`);

async function learn() {
  try {
    const answer = await fetch(address("known.json"));
    const told = await answer.json();
    if (answer.ok) ui.known = told; else ui.error = told.error;
  } catch { ui.error = t("compare.gone"); }
}

// Asks, and asks again while the server plays.
async function find() {
  const mine = ++asked;
  Object.assign(ui, { found: null, error: "", waits: null });
  while (ui.a && mine === asked) {
    let answer, told;
    try {
      answer = await fetch(address("found.json"));
      told = await answer.json();
    } catch { told = { error: t("compare.gone") }; }
    if (mine !== asked) return;
    ui.waits = answer?.status === 202 ? told.waits : null;
    if (answer?.status !== 202) {
      if (told.error) ui.error = told.error; else ui.found = told;
      break;
    }
    draw();
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
  }
  draw();
}

function choose(more) {
  Object.assign(ui, more);
  const here = new URL(location.href);
  for (const one of ["a", "b"])
    if (ui[one]) here.searchParams.set(one, ui[one]); else here.searchParams.delete(one);
  history.replaceState(null, "", here);
  find();
  draw();
}

function options(which) {
  const one = (row, text) => h("option", { value: row.name, selected: ui[which] === row.name }, text);
  const things = ui.known.things.map((row) =>
    one(row, `${row.name} · ${t(`compare.${row.kind}`)}, ${row.of}`));
  const none = t(which === "a" ? "compare.choose" : "compare.nothing");
  return [h("option", { value: "", selected: !ui[which] }, none),
    things.length > 0 && h("optgroup", { label: t("compare.things") }, things),
    h("optgroup", { label: t("compare.episodes") }, ui.known.episodes.map((row) => one(row, row.of)))];
}

const pick = (which) => h("label", { class_: `pick ${which}`, key: which },
  h("span", null, t(`compare.pick_${which}`)),
  h("select", { id: `pick-${which}`, value: ui[which],
    onchange: (event) => choose({ [which]: event.target.value }) }, options(which)));

function pickers() {
  if (!ui.known) return null;
  return h("form", { class_: "picks", key: "picks", onsubmit: (event) => event.preventDefault() },
    pick("a"), pick("b"),
    h("span", { class_: "acts" },
      h("button", { type: "button", class_: "btn small", id: "swap", disabled: !ui.a || !ui.b,
        onclick: () => choose({ a: ui.b, b: ui.a }) }, t("compare.swap")),
      ui.found && h("a", { class_: "btn small", id: "save", href: address("file"), download: true },
        t("compare.save"))));
}

// What the server drew: parsed as a page of its own and taken over, so no script of it could run.
function drawn() {
  const page = new DOMParser().parseFromString(ui.found.body, "text/html");
  const main = document.createElement("div");
  main.className = "found";
  main.append(...[...page.querySelector("main").childNodes].map((one) => document.importNode(one, true)));
  return main;
}

function told() {
  if (ui.error) return h("p", { class_: "trouble", role: "alert", id: "wrong", key: "wrong" }, ui.error);
  if (ui.waits) {
    const { done, total } = ui.waits;
    return h("p", { class_: "aside", role: "status", id: "waits", key: "waits" }, t("compare.playing"), " ",
      total > 0 && h("progress", { max: total, value: done }));
  }
  if (ui.a) return null;
  const none = ui.known && !ui.known.things.length;
  return h("div", { key: "how" }, h("h1", null, t("compare.title")), h("p", null, t("compare.how")),
    none && h("p", { id: "none" }, t("compare.none", { folder: ui.known.folder })));
}

function draw() {
  document.title = `${ui.found?.finding ?? t("compare.title")} · Entrepot`;
  const bar = drawBar({ current: "watch", set: h("b", null, t("compare.title")), again });
  const where = h("div", { key: `found-${asked}`, id: "found", "data-own": true, "data-part": "compare",
    "aria-live": "polite" });
  show(bar, onPaper(t("compare.title"), [ui.a, ui.b].filter(Boolean).join(" – ")),
    h("main", { id: "main", key: "main", class_: "wrap", tabindex: -1 }, safe(pickers), safe(told), where));
  const host = document.getElementById("found");
  if (ui.found && !host.firstChild) host.append(safe(drawn));
}

async function again() {
  await learn();
  draw();
  find();
}

setTheme();
document.body.classList.add("st");
await speak();
await learn();
draw();
find();
