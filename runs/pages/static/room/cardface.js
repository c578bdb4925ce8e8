// A card that control has drawn, or a ruling, as it turns over on the phones of those who read it.

import { has, h, keep, phrase, t } from "./base.js";

const key = (view) => `faces.${view.room}.${view.seat}`;
const OPEN = ["report", "negotiate", "orders"];

function face(one, own, away) {
  const title = one.card && has(`inject_card.${one.card}.title`) ? t(`inject_card.${one.card}.title`) : "";
  const kind = t(one.ruling ? "cards.face_ruling" : one.card ? "cards.face" : "cards.face_event");
  return h("article", { class_: `cardface${own ? " own" : ""}`, key: `face-${one.n}`, "data-part": "card",
    "data-inject": one.n, "aria-label": title || kind },
  h("div", { class_: "back", "aria-hidden": "true" }),
  h("div", { class_: "front" },
    h("p", { class_: "kick" }, own ? `${kind} · ${t("cards.face_private")}` : kind),
    title && h("h2", null, title), h("p", null, phrase(one.say, one.text)),
    h("button", { type: "button", id: `read-${one.n}`, onclick: away }, t("cards.face_away"))));
}

// The cards of the open turn that this device has not put away, the newest first.
export function cardFaces(view, draw) {
  if (!OPEN.includes(view.phase)) return null;
  const put = keep.get(key(view), []), own = view.report?.injects ?? [], all = view.public.injects ?? [];
  const shown = [...own.map((one) => [one, true]), ...all.map((one) => [one, false])]
    .filter(([one]) => one.turn === view.turn && !put.includes(one.n)).sort(([a], [b]) => b.n - a.n);
  return shown.length > 0 && h("section", { key: "faces", class_: "faces", role: "status" },
    shown.map(([one, mine]) => face(one, mine, () => { keep.set(key(view), [...put, one.n]); draw(); })));
}
