// A seat's page.

import {
  Live, asStored, band, clock, cutOff, h, instead, keep, learnScene, leverName, loudFirst,
  notice, num, phaseName, runClock, say, seatName, show, speak, t, titleOf, turnName,
} from "../room/base.js";
import { cardFaces } from "../room/cardface.js";
import { commit, wrongOrder } from "../levers/drafts.js";
import { body, roomBar, shell } from "../shell/shell.js";
import { aloneCard, aloneEnd } from "./alone.js";
import { briefing } from "./briefing/briefing.js";
import { hotwash } from "./hotwash.js";
import { voteCard } from "./vote.js";
import { Outbox } from "./outbox.js";
import { card } from "./card.js";
import { dealsTab } from "./deals.js";
import { ordersTab } from "./orders.js";
import { forecasts, resultCard, waitingCard } from "./results.js";
import {
  begin, draw, fold, isOpen, keepPast, live, out, own, paintWith, past, solo, ui,
} from "./state.js";
import { historyTab, messagesTab, worldTab } from "./tabs.js";
import { at } from "../base/root.js";
import { tabIcon } from "./icons.js";
import { safe } from "../shell/safe.js";

const TABS = ["situation", "orders", "deals", "messages", "world", "history"];
const NARROW = 1000; // px: below it the situation has a tab of its own, and tabs are at the foot
let saidPhase = "";

async function changed() {
  const view = live.view;
  if (view && live.state === "live") {
    await speak(view.language);
    await learnScene(view.scenario);
    out.turn(view.turn, view.phase === "ended");
    remember(view);
    announce(view);
    if (view.submitted && ui.submitted === false) situation();
    ui.submitted = view.submitted;
    if (ui.turn !== undefined && ui.turn !== view.turn) situation(); // the result comes first
    ui.turn = view.turn;
  }
  draw();
}

// What has happened, and what is waited for: beside the orders, or on a phone instead of them.
function situation() {
  ui.tab = "situation";
  window.scrollTo(0, 0);
}
// The tab that is open: where there is room, the situation stands beside the orders.
const openTab = () => (ui.tab === "situation" && innerWidth >= NARROW ? "orders" : ui.tab);

function remember(view) {
  const result = view.report?.result;
  if (!result || !view.public?.headline) return;
  past[result.turn] = { result, headline: loudFirst(view.public.headline).slice(0, 12),
    date: view.public.date };
  keepPast();
}

function announce(view) {
  const now = `${turnName(view)}. ${phaseName(view)}.`;
  if (saidPhase && saidPhase !== now) say(now, true);
  saidPhase = now;
}

function savedLine(view) {
  const when = out.savedAt || lastSaved(view);
  return h("span", { class_: "saved", id: "saved" },
    out.waiting.length ? `… ${t("bar.unsaved", { n: out.waiting.length })}`
      : when ? `✓ ${t("bar.saved", { time: clock(when) })}` : t("bar.nothing"));
}
const lastSaved = (view) => Math.max(0, ...view.orders.map((one) => one.at));

function submit(view) {
  const rows = new Map(view.levers.map((one) => [one.lever, one]));
  for (const full of Object.keys(out.drafts)) {
    const row = rows.get(full.split(".")[0]);
    if (!row) continue;
    if (out.waiting.some((one) => one.lever === full && one.text === out.drafts[full])) continue;
    if (!commit(row, full)) {
      ui.tab = "orders";
      ui.all = false; // what is typed stands among the six
      draw();
      document.getElementById(`l-${full}`)?.focus({ preventScroll: true });
      return document.getElementById(`l-${full}-s`)?.scrollIntoView({ block: "center" });
    }
  }
  out.send("POST", "submit", { turn: view.turn });
  draw();
}

function reopen(view) {
  ui.tab = "orders";
  out.send("POST", "reopen", { turn: view.turn });
  draw();
}

function submitBar(view) {
  if (!isOpen(view)) return null;
  const drafts = Object.keys(out.drafts).length, wrong = view.submitted || view.handed ? null
    : wrongOrder(view);
  const going = out.has("submit") || out.has("reopen");
  const class_ = view.submitted ? "submitbar sent" : "submitbar";
  return h("div", { class_, key: "submit" }, h("div", { class_: "in" },
    wrong ? h("p", { key: "wrong", class_: "error", role: "alert", id: "bar-wrong" },
      t("submit.wrong", wrong)) : h("p", { key: "state", role: "status" }, view.handed ? t("submit.handed")
        : view.submitted ? t("submit.done") : drafts ? t("submit.drafts", { n: drafts })
          : t("submit.orders", { n: view.orders.length })),
    !view.handed && (view.submitted
      ? h("button", { type: "button", id: "reopen", key: "reopen", disabled: going,
          onclick: () => reopen(view) }, t("submit.reopen"))
      : h("button", { type: "button", id: "submit", key: "submitb", class_: "go", disabled: going,
          onclick: () => submit(view) }, t(solo ? "solo.go" : "submit.go")))));
}

// Alone there is nobody to sign a deal or to read a message: AI seats do neither.
const shown = solo ? TABS.filter((one) => one !== "deals" && one !== "messages") : TABS;
if (!shown.includes(ui.tab)) ui.tab = shown[0];

function tabs(view) {
  const count = { deals: view.deals.filter((one) => one.status === "offered" && one.by !== view.seat
      && !(one.signed || []).includes(view.seat)).length,
        messages: view.messages.filter((one) => one.by !== view.seat
          && one.n > (ui.read ??= keep.get(`read.${out.place}`, 0))).length };
  const choose = (name) => {
    ui.tab = name;
    keep.set("tab", name);
    draw();
  };
  if (ui.tab === "messages" && count.messages) {
    ui.read = Math.max(ui.read, ...view.messages.map((one) => one.n));
    keep.set(`read.${out.place}`, ui.read);
    count.messages = 0;
  }
  return h("div", { class_: "tabs", role: "tablist", "aria-label": t("tabs.label"), key: "tabs" },
    shown.map((name) =>
    h("button", { type: "button", role: "tab", id: `tab-${name}`, key: name,
        "aria-selected": String(openTab() === name), tabindex: openTab() === name ? 0 : -1,
        "aria-controls": name === "situation" ? "situation" : "panel",
      onclick: () => choose(name),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const some = innerWidth < NARROW ? shown : shown.filter((one) => one !== "situation");
        const next = some[(some.indexOf(name) + step + some.length) % some.length];
        choose(next);
        document.getElementById(`tab-${next}`).focus();
      } }, tabIcon(name), h("span", null, t(`tabs.${name}`), count[name] ? ` (${count[name]})` : ""))));
}

paintWith(() => {
  const other = instead(live);
  document.title = live?.view ? `${seatName(live.view.seat)} · Entrepot` : "Entrepot";
  const bar = { current: solo ? "alone" : "class", again: draw };
  if (other) return show(shell(bar), body(other));
  const view = live.view;
  if (!view.seat) { // the link of a facilitator or of the wall
    return location.replace((view.rights ? at("/console") : at("/projector")) + location.hash);
  }
  const panel = { orders: ordersTab, deals: dealsTab, messages: messagesTab, world: worldTab,
    history: historyTab }[openTab()] ?? (() => null);
  document.body.dataset.tab = openTab();
  show(
    shell({ ...bar, shows: [titleOf(view), view.room, turnName(view)],
      set: [h("b", null, titleOf(view).split(/[:：]/)[0]), ` · ${seatName(view.seat)}`],
      skip: t("page.skip"), to: openTab() === "situation" ? "situation" : "panel" }),
    roomBar(view, live, savedLine(view)),
    body(
      cutOff(live), asStored(view), safe(cardFaces, view, draw),
      view.paused && h("section", { class_: "notice", key: "paused" }, h("h2", null, t("phase.paused")),
        h("p", null, t("paused.note"))),
      view.handed && notice("", t("handed.title"), t("handed.note")),
      out.missed.length > 0 && h("section", { class_: "notice alarm", key: "missed", role: "alert" },
        h("h2", null, t("missed.title", { turn: out.missed[0].turn })),
        h("ul", null, out.missed.map((one) => h("li", null, `${leverName(one.lever)}: ${one.text}`))),
        h("button", { type: "button", onclick: () => { out.missed = []; draw(); } }, t("page.ok"))),
      (out.faults.submit || out.faults.reopen) && notice("alarm", t("error.refused_title"),
        out.faults.submit || out.faults.reopen),
      view.phase === "lobby" && h("section", { class_: "notice", key: "lobby" },
        h("h2", null, t("lobby.title")), h("p", null, t("lobby.note"))),
      view.phase === "resolve" && h("section", { class_: "notice", key: "resolve", role: "status" },
        h("h2", null, t("resolve.title")), h("p", null, t("resolve.note"))),
      out.trouble && notice("alarm", t("error.not_saved_title"), out.trouble),
      view.phase === "ended" && ended(view),
      view.phase === "ended" && !solo && voteCard(view, out),
      view.phase === "ended" && !solo && hotwash(view, out, draw),
      safe(briefing, view),
      h("div", { class_: "cols", key: "cols" },
        h("div", { id: "situation", class_: "column", key: "situation", tabindex: -1 },
          view.submitted && isOpen(view) && waitingCard(view), safe(resultCard, view), safe(card, view)),
        h("div", { class_: "work" }, tabs(view),
          h("div", { role: "tabpanel", id: "panel", tabindex: -1, "aria-labelledby": `tab-${openTab()}`,
              key: `panel-${openTab()}`, class_: "card" }, safe(panel, view))),
        solo && h("div", { class_: "column", key: "alone" }, aloneCard(solo, view),
          isOpen(view) && !view.submitted && h("section", { class_: "card", key: "guess" },
            fold("guess", false, t("forecast.title"), () => forecasts(view)))))),
    submitBar(view));
});

function ended(view) {
  const score = view.score;
  return h("section", { class_: "card", key: "ended" }, h("h2", null, t("ended.title")),
    solo ? aloneEnd(solo, view) : view.revealed
      ? h("p", null, h("a", { class_: "button primary", href: at(`/review#${own.code}.${own.token}`) },
          t("ended.review"))) : h("p", null, t("ended.wait")),
    score && h("p", null,
      t("ended.score", { score: num(score.score, 0), low: num(score.low, 0), high: num(score.high, 0) }), " ",
        band(score.band)),
    ["takeaway"].map((kind) => h("div", { class_: "stack", key: kind },
        h("label", { class_: "field" }, h("span", null, t(`note.${kind}`)),
          h("textarea", { id: `n-${kind}`, maxlength: 2000, value: ui.text[kind] ?? "",
              oninput: (event) => { ui.text[kind] = event.target.value; } })),
      h("button", { type: "button",
          onclick: () =>
            { if (ui.text[kind]?.trim()) { out.send("POST", "notes", { kind, text: ui.text[kind].trim() });
                ui.text[kind] = ""; document.getElementById(`n-${kind}`).value = ""; draw(); } } },
                  t("note.save")))));
}

await speak();
if (own) {
  begin(new Outbox(own, draw), new Live(own, changed));
  draw();
  runClock(live);
  window.addEventListener("resize", draw, { passive: true });
  window.addEventListener("hashchange", () => location.reload());
} else draw();
