// The briefing at the head of a turn: what the quarter was about, one dilemma with ready answers, what the
// capitals say, what others did, and how far the other side is.

import {
  GAUGES, amount, gaugeName, h, leverName, seatName, t, told, unitOf, usd,
} from "../../room/base.js";
import { tell } from "../../base/tell.js";
import { dayOf } from "../../kit/say.js";
import { whyLine } from "../../room/result.js";
import { seatPicture } from "./picture.js";
import { draw, isOpen, mayEdit, out, ui } from "../state.js";

const SEEN = 0.0005, POINT = 0.01; // of a goal: what is told at all, and one point of its hundred
const LEAST_USD = 1e4;

export function briefing(view) {
  const brief = view.briefing;
  if (!brief || !isOpen(view)) return null;
  return h("section", { class_: "brief", key: "briefing", id: "briefing", "data-part": "briefing",
    "aria-labelledby": "brief-head" },
  seatPicture(view),
  h("div", { class_: "brief-told" },
    h("p", { class_: "kick" }, kicker(view)),
    h("h2", { id: "brief-head", class_: "head" }, tell(brief.headline)),
    h("p", { class_: "situation" }, brief.situation.map((one) => sentence(tell(one))).join(" ")),
    why(view), dilemma(view, brief.dilemma), track(brief.track)),
  h("div", { class_: "brief-others" }, capitals(brief.voices), done(brief.done)));
}

const sentence = (text) => (/[.?!。？！]$/.test(text) ? text : t("brief.sentence", { text }));

function kicker(view) {
  const date = dayOf(view.date), firm = view.kind === "firm" || view.kind === "refiner";
  return firm ? t("brief.kicker_firm", { text: seatName(view.seat), date })
    : tell({ key: "brief.kicker", values: { capital: view.seat, date: view.date } });
}

function why(view) {
  const result = view.report?.result;
  if (!result?.steps) return null;
  return h("p", { class_: "soft", "data-part": "brief-why" }, h("b", null, `${t("brief.why")}: `),
    sentence(whyLine(result, view.kind, view.seat)));
}

// --- the dilemma -----------------------------------------------------------------------------------

const leversOf = (one) => [...new Set(one.answers.flatMap((answer) =>
  answer.sets.map((set) => set.lever)))];

// What stands as the seat's order on a lever, on its way or saved; null for none.
function ordered(view, lever) {
  const flying = out.waiting.findLast((one) => one.lever === lever);
  if (flying) return flying.body.value;
  const fresh = out.acked[lever];
  if (fresh && fresh.version > view.version) return fresh.value;
  return view.orders.find((one) => one.lever === lever)?.value ?? null;
}

const same = (a, b) => a !== null && Math.abs(a - b) < 1e-9;

function isChosen(view, one, answer) {
  if (answer.sets.length) return answer.sets.every((set) => same(ordered(view, set.lever), set.value));
  return ui.brief?.turn === view.turn && ui.brief.id === answer.id
    && leversOf(one).every((lever) => ordered(view, lever) === null);
}

// What another answer had set goes; what the player has set otherwise stays.
function choose(view, one, answer) {
  const mine = answer.sets.map((set) => set.lever);
  for (const other of one.answers)
    for (const { lever, value } of other.sets)
      if (!mine.includes(lever) && same(ordered(view, lever), value)) give(view, lever, null);
  for (const { lever, value } of answer.sets) give(view, lever, value);
  ui.brief = { turn: view.turn, id: answer.id };
  draw();
}

function give(view, lever, value) {
  out.draft(lever, null, view.turn);
  out.order(lever, value, undefined, view.turn);
}

function dilemma(view, one) {
  const faults = leversOf(one).filter((lever) => out.faults[lever] && out.drafts[lever] === undefined);
  return h("div", { class_: "dilemma", "data-dilemma": one.id, role: "group",
    "aria-labelledby": "dilemma-ask" },
  h("p", { class_: "kick" }, t("brief.decide")),
  h("h3", { id: "dilemma-ask" }, tell(one.say)),
  h("div", { class_: "answers" }, one.answers.map((answer) => option(view, one, answer))),
  faults.map((lever) => h("p", { key: lever, class_: "error", role: "alert" },
    `${leverName(lever)}: ${out.faults[lever]}`)),
  h("p", { class_: "small" }, t("brief.ready"), " ", t("brief.paper")));
}

function option(view, one, answer) {
  const chosen = isChosen(view, one, answer);
  return h("button", { type: "button", key: answer.id, class_: "answer", "data-answer": answer.id,
    "aria-pressed": String(chosen), disabled: !mayEdit(view), onclick: () => choose(view, one, answer) },
  h("b", null, tell(answer.say), chosen && h("span", { class_: "drafted" }, ` ✓ ${t("brief.chosen")}`)),
  answer.sets.length
    ? answer.sets.map((set) => h("span", { key: set.lever, class_: "sets" },
      `${leverName(set.lever)}: ${amount(unitOf(set.lever), set.was)} → ${
        amount(unitOf(set.lever), set.value)}`))
    : h("span", { class_: "sets" }, t("brief.nothing")),
  answer.sets.length > 0 && effects(view, answer.effects));
}

function effects(view, found) {
  const goals = GAUGES.filter((one) => Math.abs(found[one]) >= SEEN)
    .map((one) => goal(view, one, found[one]));
  const money = found.cost_usd ?? 0;
  return h("span", { class_: "effects" }, goals.length ? goals : h("span", null, t("brief.no_goal")),
    Math.abs(money) >= LEAST_USD && h("span", null,
      t(money > 0 ? "brief.more_usd" : "brief.less_usd", { usd: usd(Math.abs(money)) })),
    view.purse && found.capital > 0 && h("span", null, t("brief.capital", { n: found.capital })));
}

function goal(view, name, value) {
  const sign = value > 0 ? "▲" : "▼", text = gaugeName(name, view.kind, view.seat);
  return h("span", { key: name, class_: value > 0 ? "gain" : "loss", "data-goal": name },
    h("span", { "aria-hidden": "true" }, `${Math.abs(value) >= POINT ? sign + sign : sign} ${text}`),
    h("span", { class_: "sr" }, t(value > 0 ? "brief.gain" : "brief.loss", { text })));
}

// --- the others ------------------------------------------------------------------------------------

function capitals(voices) {
  return voices.length > 0 && h("div", { "data-part": "voices" }, h("h3", null, t("brief.voices")),
    h("ul", { class_: "voices" }, voices.map((one) => {
      const name = capital(one.seat);
      return h("li", { key: one.seat, "data-seat": one.seat },
        h("span", { class_: "seal", "aria-hidden": "true" }, [...name].slice(0, wide(name) ? 1 : 2).join("")),
        h("div", null, h("b", null, name), h("q", null, t("brief.quote", { text: tell(one.say) })),
          h("span", { class_: "small" }, tell(one.why))));
    })),
    h("p", { class_: "small" }, t("brief.voices_note")));
}

const wide = (text) => text.charCodeAt(0) > 0x2e00;
const capital = (seat) => told(`story.capital.${seat}`, seatName(seat));

const done = (rows) => rows.length > 0 && h("div", { "data-part": "done" }, h("h3", null, t("brief.done")),
  h("ul", { class_: "news" }, rows.map((one, k) => h("li", { key: k }, h("span", null, tell(one.say)),
    h("time", null, dayOf(one.date))))));

function track(one) {
  const title = tell(one.say), made = tell(one.made);
  const at = t("brief.at", { n: one.at, n_b: one.of });
  return h("div", { class_: "track", "data-track": one.kind },
    h("h3", null, title, " ", h("span", { class_: "soft" }, at)),
    h("span", { class_: "ladder", role: "img", "aria-label": `${title} ${at}` },
      Array.from({ length: one.of }, (_, k) => h("i", { key: k, class_: k < one.at ? "on" : "" }))),
    h("p", { class_: "small" }, made));
}
