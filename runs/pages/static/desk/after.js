// On the console, after the game: what the class wants to play otherwise, the rounds of the talk with their
// minutes, and one button that saves all. Cards stand here no more: none can be played.

import { h, num, t } from "../room/base.js";
import { ui } from "../console/state.js";
import { lesson } from "../console/steps.js";
import { fetchZip } from "./record.js";

const VOTE = "vote"; // kind of these notes, as the room keeps them

const here = (view) => view.people.filter((one) => one.seat && !one.gone);

// Turns by votes of who is still here, most first; a person has one.
function votes(view) {
  const found = new Map(), who = here(view).map((one) => one.who);
  for (const one of view.notes)
    if (one.kind === VOTE && who.includes(one.who)) found.set(one.turn, (found.get(one.turn) ?? 0) + 1);
  return [...found].sort(([a, n], [b, m]) => m - n || a - b);
}

function voteList(view) {
  const listed = votes(view), most = Math.max(1, ...listed.map(([, n]) => n));
  const given = listed.reduce((sum, [, n]) => sum + n, 0);
  return h("div", { key: "votes", "data-part": "votes" }, h("p", { class_: "soft" }, t("reveal.vote")),
    listed.length ? [h("ol", { class_: "votes", key: "list" }, listed.map(([turn, n]) => h("li",
      { key: turn, "data-turn": turn, "data-votes": n }, h("span", null, t("after.turn", { n: turn })),
      h("i", { style: `width:${Math.round(100 * n / most)}%` }), h("b", null, num(n))))),
    h("p", { class_: "soft", key: "of" }, t("reveal.voted", { n: num(given),
      of: num(here(view).length) }))]
      : h("p", { class_: "soft", key: "none" }, t("reveal.vote_none")));
}

const rounds = () => h("div", { key: "rounds", "data-part": "rounds" }, h("h2", null, t("reveal.rounds")),
  h("ol", { class_: "rounds" }, lesson().rounds.map((one) => h("li", { key: one.name },
    h("span", { class_: "soft" }, t("reveal.minutes", { n: num(one.minutes) })),
    one.ask.length ? h("details", null, h("summary", null, one.name),
      h("ul", null, one.ask.map((text) => h("li", { key: text }, text)))) : h("b", null, one.name)))));

const save = (view) => h("div", { class_: "save", key: "save" },
  h("button", { type: "button", id: "save-all", disabled: ui.busy > 0 || !view.rights.includes("record"),
    onclick: () => fetchZip("csv", "no") }, t("reveal.save_all")),
  h("p", { class_: "soft" }, t("reveal.save_note")));

export const talkColumn = (view) => h("section", { key: "after", "data-part": "after" },
  h("h2", null, t("reveal.talk")), view.revealed && voteList(view), lesson() && rounds(), save(view));
