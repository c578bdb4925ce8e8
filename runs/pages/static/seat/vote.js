// At the Reveal: the turn that this person would play otherwise. One vote each, which can be changed.

import { h, t } from "../room/base.js";

export function voteCard(view, out) {
  const turns = view.history.length; // that were played
  if (!view.revealed || !turns) return null;
  const choose = (turn) => out.send("POST", "notes", { kind: "vote", turn,
    text: t("after.turn", { n: turn }) });
  return h("section", { class_: "card stack", key: "vote", id: "vote" }, h("h2", null, t("vote.title")),
    h("p", { class_: "soft" }, t("vote.note")),
    h("div", { class_: "row", role: "group", "aria-label": t("vote.title") },
      Array.from({ length: turns }, (_, k) => h("button", { type: "button", key: k, id: `vote-${k + 1}`,
        "aria-pressed": String(view.vote === k + 1), onclick: () => choose(k + 1) },
      t("after.turn", { n: k + 1 })))),
    view.vote && h("p", { class_: "ok", role: "status" }, `✓ ${t("vote.mine", { n: view.vote })}`));
}
