// On the console: the turns one under another, each with what happened in it: cards, rulings, deals, undone
// turns, and what the world saw first.

import { headline, h, inEnglish, percent, seatName, t, told } from "../room/base.js";
import { effectText } from "./judge.js";

const MARKS = { card: "◆", ruling: "⚄", deal: "✎", undo: "↶", act: "●" };

function of(view, turn) {
  const lines = [];
  for (const one of view.injects.filter((i) => i.turn === turn && i.status !== "retracted" && !i.move))
    lines.push(["card", one.event.key ? t(one.event.key.replace(/text$/, "title"))
      : one.event.text || told(`kind.${one.event.kind}`, one.event.kind)]);
  for (const one of view.moves.filter((m) => m.turn === turn)) {
    const came = one.probability === null ? t("move.waiting") : t(one.success ? "move.came" : "move.failed",
      { p: percent(one.probability, 0), die: percent(one.die, 0) });
    const inject = view.injects.find((i) => i.move === one.n);
    lines.push(["ruling", `${seatName(one.seat)}: ${one.claim}. ${came}${inject
      ? ` ${effectText(inject)}` : ""}`]);
  }
  for (const one of view.deals.filter((d) => d.signed_turn === turn && d.status !== "undone"))
    lines.push(["deal", [one.by, ...one.to].map(seatName).join(" – ")]);
  for (const one of view.undone.filter((u) => u.turn === turn)) lines.push(["undo", one.why]);
  for (const one of view.acts.find((a) => a.turn === turn)?.lines ?? [])
    lines.push(["act", headline(one), inEnglish(one)]);
  return lines;
}

export function timeCard(view) {
  const turns = [];
  for (let turn = view.turn; turn >= 1; turn--) turns.push(turn);
  if (!turns.length) return h("p", { class_: "soft", key: "time" }, t("chronicle.none"));
  return h("ol", { class_: "chronicle", key: "time", "data-part": "chronicle" }, turns.map((turn) => {
    const lines = of(view, turn);
    return h("li", { key: turn }, h("h3", null, t("after.turn", { n: turn })),
      lines.length ? h("ul", null, lines.map(([kind, text, lang], k) => h("li", { key: k },
        h("span", { class_: "mark", "data-kind": kind, title: t(`chronicle.${kind}`) }, MARKS[kind],
          h("span", { class_: "sr" }, ` ${t(`chronicle.${kind}`)}: `)), h("span", { lang }, text))))
        : h("p", { class_: "soft" }, t("after.none")));
  }));
}
