// Reveal 1: a secret deal is unsealed. Both seals, the clauses as they were signed, and turn by turn what
// became of them.

import { clauseText, goodName, h, num, t } from "../room/base.js";
import { countIn, fitted, head, LEAST, lines, nameOf, stepStrip, top, whereIn } from "./frame.js";
import { ground, nearby } from "./ground.js";

const MOST_CELLS = 6, MOST_LINES = 20, COLUMN = 780; // of the smallest letters, and how wide a column is

// Seals, not flags: what a name begins with.
const seal = (name) => (name > "\u2e7f" ? [...name][0] : name.split(/[\s-]+/).slice(0, 2)
  .map((one) => one[0]).join("").toUpperCase());

const sentences = (deal) => [...deal.gives.map((one) => [deal.by, one]),
  ...deal.to.flatMap((seat) => deal.gets.map((one) => [seat, one]))].map(([seat, one]) =>
  clauseText(seat, one));

// Turns that went alike stand in one cell.
function cells(turns) {
  const found = [];
  for (const one of turns) {
    const last = found.at(-1);
    if (last?.state === one.state && one.state !== "short") last.to = one.turn;
    else found.push({ ...one, to: one.turn });
  }
  return found;
}

const STATES = { kept: "✓", short: "✕", left: "✕", open: "–" };
const span = (one) => (one.to > one.turn ? t("wall.turns", { from: one.turn, to: one.to })
  : t("wall.turn", { n: one.turn }));
const what = (one, deal) => (one.state === "short" ? t("wall.deal_short", { seat: nameOf(one.by),
  had: num(one.moved_t), due: num(one.promised_t), good: goodName(one.material) })
  : t(`wall.deal_${one.state}`, { seat: deal.left_by ? nameOf(deal.left_by) : "" }));

// Of a long deal what stands whole on the paper, and how many clauses more there are.
function firstOf(clauses, terms, words) {
  let room = MOST_LINES - lines(terms, LEAST, COLUMN) - 1;
  const fits = (text) => (room -= lines(text, LEAST, COLUMN)) >= 0;
  const over = clauses.findIndex((text) => !fits(text)), n = over < 0 ? 0 : clauses.length - over;
  const last = n ? [t("wall.more_clauses", { n }), terms] : [terms];
  return [...clauses.slice(0, clauses.length - n), ...last, ...(words && !n && fits(words) ? [words] : [])];
}

function course(deal, turns, whole) {
  const all = cells(turns), few = all.slice(0, MOST_CELLS);
  const kept = turns.filter((one) => one.state === "kept");
  if (whole || all.length > MOST_CELLS) return h("p", { class_: "kept whole", key: "course" },
    t("wall.deal_sum", { n: kept.length, of: turns.length }));
  return h("ol", { class_: "kept", key: "course", style: `grid-template-columns:repeat(${few.length},1fr)` },
    few.map((one) => h("li", { key: one.turn, class_: one.state, "data-turn": one.turn,
      "data-state": one.state }, h("b", null, `${STATES[one.state]} ${span(one)}`),
    h("span", null, what(one, deal)))));
}

// How it went, in a sentence.
export function finding(deal, turns) {
  const kept = turns.filter((one) => one.state === "kept").length, names = [deal.by, ...deal.to].map(nameOf);
  const fill = { seats: names.join(t("wall.and")), n: kept, of: turns.length, seat: deal.left_by
    ? nameOf(deal.left_by) : "" };
  const left = turns.some((one) => one.state === "left"), short = turns.some((one) => one.state === "short");
  const way = short ? "short" : left ? "left" : "held";
  return t(`wall.deal_was_${way}`, fill);
}

export function deals(view, live) {
  const { deal, turns } = view.show;
  if (!deal) return [top(view, live, whereIn(view)), head(t("wall.deals_none"), 1808, 300, 300),
    stepStrip(view)];
  const clauses = sentences(deal), words = deal.text ? `“${deal.text}”` : "";
  const terms = t("wall.deal_terms", { from: deal.start, to: deal.last, exit: deal.exit === null
    ? t("deal.no_exit") : t("deal.exit", { n: deal.exit }) });
  const texts = [...clauses, terms, words].filter(Boolean);
  const small = fitted(texts, 950, 330, { sizes: [40, 36, 33, 30, LEAST], line: 1.25, gap: 14 });
  const parties = [deal.by, ...deal.to], pair = small && parties.length === 2 && parties.every(nearby);
  const wide = small ?? LEAST, goods = (some) => some.some((one) => one.kind === "stock");
  const lane = pair ? [[goods(deal.gives), deal.by, deal.to[0]], [goods(deal.gets), deal.to[0], deal.by]]
    .filter(([moves]) => moves).map(([, from, to]) => ({ from, to, kind: "other", t: 1 })) : [];
  const names = parties.map(nameOf), heads = fitted([names.join("  and  ")], pair ? 760 : 1400, 84,
    { sizes: [40, 34, 30, LEAST], line: 1.1 }) ?? LEAST;
  return [top(view, live, whereIn(view), countIn(view)), head(finding(deal, turns), 1808, 160, 104),
    h("div", { class_: `slip ${small ? pair ? "" : "alone" : "full"}`, key: "slip", "data-deal": deal.n },
      h("i", { class_: "fold" }),
      h("p", { class_: "pair", style: `font-size:${heads}px` }, names.map((name, i) => [i > 0 && h("span",
        { class_: "and" }, t("wall.and")), parties.length <= 4 && h("span", { class_: "sl",
        "aria-hidden": "true" }, seal(name)), h("b", null, name)])),
      h("ul", { class_: "gv", style: `font-size:${wide}px` }, (small ? texts : firstOf(clauses, terms, words))
        .map((text, i) => h("li", { key: i, class_: clauses.includes(text) ? "" : "aside" }, text)))),
    pair && h("div", { class_: "beside", key: "beside" }, ground(view.public, "deal", { id: "deal",
      flows: lane, only: parties, tint: Object.fromEntries(parties.map((one) => [one,
        "color-mix(in srgb, var(--private-edge) 45%, var(--land2))"])),
      label: names.join(t("wall.and")) })),
    course(deal, turns, !small), stepStrip(view)];
}
