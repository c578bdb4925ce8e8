// Fork here: the run played otherwise from some week on, beside the run as it was. Ready questions, one's
// own, what is being played, and the answer as a sentence and a picture of both worlds.

import { h } from "../base/elements.js";
import { amount, num } from "../base/numbers.js";
import { goodName, leverName, seatName } from "../base/scene.js";
import { phrase } from "../base/sentences.js";
import { at } from "../base/root.js";
import { t } from "../base/words.js";
import { drawFigure } from "../kit/figure.js";
import { drawMultiple } from "../kit/multiple.js";
import { dateOf, dayOf, figure, money, monthsOf, num1, share } from "../kit/say.js";
import { finished, redraw, shownLast, ui, weeks } from "./state.js";
import { branch, branches, fork as state, forkLink, isAsked, opened, remove,
  textOf } from "./branches.js";
import { ownForm } from "./own.js";

const MEASURES = { price: ["price", figure, "per_kg"], gdp_loss_usd: ["lost", money, "usd"],
  cover_weeks: ["stock", num1, "weeks"], stopped_line_share: ["stopped", share, "share"],
  china_share_true: ["origin", share, "share"] };
let chosen = ""; // the measure that was pressed; else the one that the answer speaks of
const measureOf = (one) => chosen || one.found?.lead || "price";

const here = () => Math.min(ui.head, shownLast());
const bare = (text) => text.replace(/[.。]$/, "");

// What a branch changes, in words.
const changeOf = (one) => Object.entries(one.set).map(([name, value]) => {
  const [actor, ...rest] = name.split("."), row = ui.asks?.levers[rest[0]];
  return `${seatName(actor)}: ${leverName(rest.join("."))} ${row ? amount(row.unit, value) : num(value)}`;
}).join("; ");
const nameOf = (one) => textOf(one) || changeOf(one);
const since = (one) => t("watch.fork_since", { day: dayOf(dateOf(ui.run.start, one.week)) });

function questions() {
  return h("div", { class_: "qs", key: "qs" }, ui.asks.questions.map((one, i) => {
    const week = one.week ?? here(), there = isAsked(week, one.set);
    return h("button", { type: "button", class_: "chip", "data-question": i, disabled: !finished(),
      "aria-pressed": String(Boolean(there) && there.n === state.open),
      onclick: () => branch(week, one.set) }, one.text);
  }));
}

// The branches that stand here: each can be opened and removed.
function list() {
  if (branches.length < 2) return null;
  return h("ul", { class_: "branches", key: "list", "aria-label": t("watch.fork_list") },
    branches.map((one) => h("li", { key: one.n }, h("button", { type: "button", class_: "chip",
      "data-branch": one.n, "aria-pressed": String(one.n === state.open),
      onclick: () => { state.open = one.n; redraw(); } }, h("span", null, nameOf(one)),
      h("span", { class_: "when" }, since(one))),
    h("button", { type: "button", class_: "shut", "data-remove": one.n,
      "aria-label": t("watch.fork_remove", { name: nameOf(one) }), onclick: () => remove(one.n) }, "×"))));
}

function progress(one) {
  const waits = one.state === "waiting";
  return h("div", { class_: "doing", key: `doing-${one.n}` },
    h("span", { role: "status", "data-show": "doing" }, t(waits ? "watch.fork_waits" : "watch.fork_doing")),
    h("progress", { "data-show": "progress", "aria-label": t("watch.fork_doing"), max: one.of || 1,
      value: one.of ? String(one.done) : undefined }),
    h("button", { type: "button", class_: "btn small", "data-do": "stop", onclick: () => remove(one.n) },
      t("watch.fork_stop")));
}

const MESSAGES = { failed: "watch.fork_failed", unread: "watch.fork_unread" };

function fault() {
  const said = state.fault;
  if (!said) return null;
  const text = MESSAGES[said.state] ? t(MESSAGES[said.state]) : typeof said.say === "string" ? said.say
    : phrase(said.say);
  return h("p", { class_: "error", key: "fault", role: "alert", "data-show": "fork-fault",
    lang: typeof said.say === "string" ? "en" : undefined }, text);
}

function tabs(one, series) {
  return h("div", { class_: "qs tabs", key: "tabs", role: "group", "aria-label": t("watch.fork_measure") },
    Object.keys(MEASURES).map((name) => h("button", { type: "button", class_: "chip small",
      "data-measure": name, "aria-pressed": String(name === measureOf(one)), disabled: !series[name],
      onclick: () => { chosen = name; redraw(); } }, t(`watch.${MEASURES[name][0]}`))));
}

// A row of the whole run: nothing is known of a branch before its week.
const padded = (values, week, scale) => [...Array(week).fill(null), ...values.map((x) => (x === null ? null
  : x * scale))];

function rowsOf(found, measure) {
  const series = found.series[measure], scale = measure === "price" ? found.usd_per_kg : 1;
  const all = (values) => padded(values, found.week, scale);
  const band = (one) => one && { low: all(one.low), mid: all(one.mid), high: all(one.high) };
  return { was: series.was.map((x) => (x === null ? null : x * scale)), now: all(series.now),
    wasBand: band(series.was_band), band: band(series.band) };
}

function picture(one, found) {
  const measure = measureOf(one), rows = rowsOf(found, measure), show = MEASURES[measure][1];
  const bands = found.lucks > 1 ? [{ ...rows.wasBand, fill: "var(--ink)", opacity: 0.08 },
    { ...rows.band, fill: "var(--stock)", opacity: 0.18 }] : [];
  return drawMultiple({ width: innerWidth < 720 ? 326 : 620, height: 230, weeks: weeks(), at: ui.head,
    show, bands, months: monthsOf(ui.run.start, weeks(), weeks() > 200 ? 12 : 3), between: true,
    fill: "var(--stock)", note: found.lucks > 1 ? t("watch.fork_band", { n: num(found.lucks) }) : "",
    label: bare(found.title ?? nameOf(one)),
    lines: [{ values: rows.was, label: t("watch.fork_was"), colour: "var(--ink2)", width: 2 },
      { values: rows.now, label: t("watch.fork_now"), colour: "var(--stock)", width: 3, dash: "8 3" }] });
}

function tableOf(found, measure) {
  const rows = rowsOf(found, measure), show = MEASURES[measure][1], lucks = found.lucks > 1;
  const columns = [t("watch.week"), t("watch.from"), t("watch.fork_was"), t("watch.fork_now"),
    ...(lucks ? [t("watch.fork_was_mid"), t("watch.fork_mid"), t("watch.fork_low"), t("watch.fork_high")]
      : [])];
  const cells = (i) => [rows.was[i], rows.now[i], ...(lucks ? [rows.wasBand.mid[i], rows.band.mid[i],
    rows.band.low[i], rows.band.high[i]] : [])];
  const each = (write) => rows.was.map((_, i) => [i, dateOf(ui.run.start, i), ...cells(i).map(write)])
    .slice(found.week);
  return { table: () => ({ columns, rows: each(show) }),
    data: () => ({ columns, rows: each((x) => x ?? "") }) };
}

function answer(one) {
  const found = one.found ?? one.early;
  if (!found) return null;
  const measure = measureOf(one), [name, , unit] = MEASURES[measure];
  const sub = t(measure === "gdp_loss_usd" ? "watch.fork_sub_zone" : "watch.fork_sub", {
    what: t(`watch.${name}`), unit: t(`watch.fork_${unit}`), good: goodName(found.material),
    zone: seatName(found.zone) });
  const { table, data } = tableOf(found, measure);
  return drawFigure({ id: "fork", level: "h3", sub, title: bare(found.title ?? nameOf(one)),
    source: t(found.lucks > 1 ? "watch.fork_source" : "watch.fork_first", {
      title: ui.state.scenario, seed: ui.state.seed, n: num(found.lucks), change: changeOf(one),
      day: dayOf(dateOf(ui.run.start, one.week)) }),
    more: [found.says?.length > 0 && h("p", { class_: "ans", "data-show": "fork-says" },
      found.says.join(" ")), tabs(one, found.series)],
    picture: picture(one, found), table, data, link: forkLink, again: redraw });
}

// Questions that the run answers by itself.
function analyst() {
  const all = [...(ui.story?.complies.answers ?? []), ...(ui.story?.pays.answers ?? [])];
  const open = all.find((one) => one.id === ui.answer) ?? all[0];
  return [h("p", { class_: "kick", key: "asked" }, t("watch.fork_kick")),
    h("div", { class_: "qs", key: "analyst" }, all.map((one) => h("button", { type: "button", class_: "chip",
      "data-ask": one.id, "aria-pressed": String(one === open),
      onclick: () => { ui.answer = one.id; redraw(); } }, one.question))),
    h("p", { class_: "ans", key: "ans", "aria-live": "polite", "data-show": "answer" },
      open?.says.join(" ") ?? "")];
}

// For those who listen: the answer, once it is there.
const spoken = (one) => h("p", { class_: "sr", key: "spoken", "aria-live": "polite" }, one?.found
  ? [one.found.title, ...one.found.says].join(" ") : "");

// For who cannot have the run played otherwise: why, in a sentence.
const closed = () => h("p", { class_: "sub", key: "closed", "data-show": "fork-closed" },
  t(ui.state?.guest ? "watch.fork_guest" : "watch.fork_stored"));

export function fork() {
  const open = opened(), can = ui.state && !ui.state.guest && !ui.state.stored;
  return h("section", { class_: "card fork", key: "fork", "data-part": "fork" },
    can && h("p", { class_: "kick", key: "kick" }, t("watch.fork_here", { day: dayOf(dateOf(ui.run.start,
      here())) })),
    h("h2", null, t("watch.fork")),
    can && ui.asks ? [questions(), list(),
      open && open.state !== "done" && progress(open), fault(), spoken(open), open && answer(open),
      !finished() && h("p", { class_: "src", key: "soon" }, t("watch.fork_soon")),
      finished() && ownForm((set) => branch(here(), set))] : closed(),
    analyst(),
    can && h("p", { key: "play" }, h("a", { class_: "btn small",
      href: at(`/start?for=alone&scenario=${encodeURIComponent(ui.state.scenario)}`) }, t("watch.play_it"))));
}
