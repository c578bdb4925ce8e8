// The review of a game: how it went, then the record turn by turn.

import {
  GAUGES, asStored, ask, goodName, h, learnNames, learnScene, notice, onReturn, seatName, show, speak,
  t, titleOf, weekOf,
} from "../room/base.js";
import { body, shell } from "../shell/shell.js";
import { safe } from "../shell/safe.js";
import { drawLine } from "../room/lines.js";
import { branchCard, leverForm, plotWidth } from "./own.js";
import { drawnBy, foreign, held, own, room, ui, WORLD } from "./state.js";
import { linkHere, story } from "./story.js";
import { deals, gaugesTable, news, ordersTable, results, strategies } from "./tables.js";

const AGAIN_MS = 3000; // between two looks at branches that are being played
let timer = 0; // one: a page that comes back out of the browser's store begins anew
function later(look, ms) {
  clearTimeout(timer);
  timer = setTimeout(look, ms);
}

async function load() {
  try {
    const record = held.record = await ask("GET", `/${own.code}/review`, own.token);
    learnNames(record.seats);
    await speak(record.language);
    await learnScene(record.scenario);
    const open = record.seats.filter((one) => one.open); // of one seat alone, that seat's past
    ui.seat ||= open.length === 1 ? open[0].seat : record.public.target || record.seats[0].seat;
    ui.whose = whoseFirst(record);
    ui.error = "";
    if (record.story.state === "working") later(fill, AGAIN_MS);
  } catch (problem) {
    ui.error = problem.message;
    if (problem.status === 0 || problem.status === 403) later(load, 4000);
  }
  draw();
}

// The seat that the address names, else one's own, else the only one, else the world.
function whoseFirst({ story: told, mine }) {
  const seats = Object.keys(told.seats);
  const usual = [ui.whose, mine, seats.length === 1 ? seats[0] : ""].find((one) => seats.includes(one));
  return ui.whose === WORLD ? WORLD : usual ?? WORLD;
}

// What is still being played is asked for until it is there; not while nobody looks.
async function fill() {
  if (!document.hidden) {
    try {
      held.record.story = await ask("GET", `/${own.code}/story`, own.token);
      draw();
    } catch (problem) { if (problem.status === 403 || problem.status === 404) return; }
  }
  if (held.record.story.state === "working") later(fill, AGAIN_MS);
}

async function copyLink() {
  ui.copied = linkHere();
  try { await navigator.clipboard.writeText(ui.copied); } catch { /* the field below can be copied from */ }
  draw();
}

const readOn = (record) => h("nav", { class_: "read-on", key: "read", "aria-label": t("review.read_on") },
  h("span", { class_: "kick" }, t("review.read_on")), h("a", { href: "#orders" }, t("review.tables")),
  h("a", { href: "#deals" }, t("review.deals")), h("a", { href: "#scores" }, t("review.scores")),
  !record.note && h("a", { href: "#another" }, t("review.another")),
  h("span", { class_: "copy" }, ui.copied && [h("input", { type: "text", readonly: true, id: "link",
    value: ui.copied, "aria-label": t("figure.link"), onfocus: (event) => event.currentTarget.select() }),
  h("span", { role: "status" }, t("review.copied"))],
  h("button", { type: "button", id: "copy", onclick: copyLink }, t("review.copy"))));

function draw() {
  const record = held.record;
  document.title = `${t("review.title")} · Entrepot`;
  const set = record && [h("b", null, titleOf(record).split(/[:：]/)[0]), ` · ${t("review.title")}`];
  const head = shell({ current: own?.control ? "alone" : "class", set: set ?? t("review.title"),
      shows: record ? [t("review.curve_source", { scenario: titleOf(record),
        n: record.turns_played.length }), record.room, weekOf(record.date)] : [], again: draw });
  if (!own) return show(head, body(foreign ? notice("alarm", t("error.link_title"),
    t("review.foreign", { code: room })) : notice("alarm", t("error.link_title"), t("error.link"))));
  if (!record) return show(head, body(ui.error ? notice("alarm", t("review.not_yet"), ui.error)
      : h("p", { class_: "wait" }, t("net.connecting"))));
  const turns = record.turns_played;
  return show(head, body(asStored(record), turns.length ? safe(story) : h("h1", null, t("review.title")),
    readOn(record), h("h2", null, t("review.tables")),
    h("p", { class_: "soft" }, titleOf(record), " · ", `${t("join.code")}: ${record.room}`),
    h("nav", { class_: "turns", "aria-label": t("review.timeline") },
      turns.map((x) => h("button", { type: "button", key: x.turn, id: `turn-${x.turn}`,
            "aria-pressed": String(ui.turn === x.turn), onclick: () => { ui.turn = x.turn; draw(); } },
              t("bar.turn", { turn: x.turn, turns: turns.length }),
                record.flags.some((f) => f.turn === x.turn) ? " ⚑" : ""))),
    h("p", { class_: "error", role: "alert", hidden: !ui.error }, ui.error),
    turns.length ? board(record, turns[ui.turn - 1]) : h("p", null, t("review.nothing"))));
}

function board(record, one) {
  return h("div", { class_: "board" }, strategies(),
    h("section", { class_: "card w12", key: "o", id: "orders" }, h("h2", null, t("review.orders")),
      ordersTable(one)),
    h("section", { class_: "card w12", key: "g" }, h("h2", null, t("review.gauges")), gaugesTable(one)),
    h("section", { class_: "card w12", key: "h" }, h("h2", null, t("result.headline")), news(one)),
    !record.note && h("section", { class_: "card w12 stack", key: "b", id: "another" },
      h("h2", null, t("review.branch", { turn: ui.turn })),
        h("p", { class_: "soft" }, t("review.branch_note")), h("div", { class_: "grid2" }, leverForm()),
          ui.branches.map(branchCard)),
    h("section", { class_: "card w6", key: "c" }, h("h2", null, t("review.over_time")), overTime(record)),
    h("section", { class_: "card w6", key: "d", id: "deals" }, h("h2", null, t("review.deals")), deals(),
      results()));
}

function overTime(record) {
  const turns = record.turns_played, series = turns.at(-1).series;
  const gauge = (g) => [record.opening,
    ...turns].map((x) => (x?.gauges?.[ui.seat] ? 100 * x.gauges[ui.seat][g] : null));
  return [h("label", { class_: "field" }, h("span", null, t("console.seat")),
    h("select", { id: "who", value: ui.seat, onchange: (event) => { ui.seat = event.target.value; draw(); } },
      record.seats.map((x) => h("option", { value: x.seat, selected: x.seat === ui.seat },
        seatName(x.seat))))),
  GAUGES.map((g) => h("figure", { key: g }, h("figcaption", null, t(`gauge.${g}`)),
    drawLine([{ name: "", values: gauge(g) }], plotWidth(), 130,
      `${t(`gauge.${g}`)}, ${seatName(ui.seat)}`, 14, null, 5))),
  series && h("figure", null,
    h("figcaption", null, t("world.price_chart", { good: goodName(record.public.material),
      zone: seatName(record.public.zone) })),
    drawLine([{ name: "", values: series.price }], plotWidth(), 130, t("world.price"), 14))];
}

drawnBy(draw);
await speak();
draw();
if (own) {
  onReturn(load);
  await load();
}
