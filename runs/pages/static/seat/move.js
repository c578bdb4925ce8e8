// A move outside the levers: what is done, reasons for and against, and what became of it.

import { h, percent, t } from "../room/base.js";
import { draw, out, ui } from "./state.js";

export function moveForm(view) {
  const text = ui.text;
  const field = (name, label) => h("label", { class_: "field" }, h("span", null, label),
    h("textarea", { id: `m-${name}`, maxlength: 300, value: text[name] ?? "",
        oninput: (event) => { text[name] = event.target.value; } }));
  return h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("move.note"), " ", t("move.args")),
      h("p", { class_: "soft" }, t("move.readers")), field("claim", t("move.claim")),
    ui.moveEmpty && h("p", { class_: "error", role: "alert", id: "m-empty" }, t("move.need_claim")),
      field("pro", t("move.pro")), field("con", t("move.con")),
    h("button", { type: "button", class_: "primary", onclick: () => {
      ui.moveEmpty = !text.claim?.trim();
      if (ui.moveEmpty) {
        draw();
        return document.getElementById("m-claim").focus();
      }
      const lines = (one) => (one || "").split("\n").map((x) => x.trim()).filter(Boolean).slice(0, 5);
      out.send("POST", "moves", { claim: text.claim.trim().replaceAll("\n", " "), pro: lines(text.pro),
          con: lines(text.con) });
      text.claim = text.pro = text.con = "";
      draw();
    } }, t("move.send")),
    out.faults.moves && h("p", { class_: "error" }, out.faults.moves),
    h("ul", { class_: "news" }, view.moves.map((one) => h("li", null, h("span", null, one.claim),
      h("b", null, one.probability === null ? t("move.waiting") : t(one.success ? "move.came" : "move.failed",
          { p: percent(one.probability, 0), die: percent(one.die, 0) }))))));
}
