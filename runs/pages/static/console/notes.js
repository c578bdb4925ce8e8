// On the console: the umpire's own notes. Only facilitators read them; the after-action report prints them.

import { clock, h, t } from "../room/base.js";
import { act, may } from "./acts.js";
import { draw, ui } from "./state.js";

const UMPIRE = "umpire"; // kind of these notes, as the room keeps them

export function notesCard(view) {
  const own = view.notes.filter((one) => one.kind === UMPIRE);
  const save = async (event) => {
    event.preventDefault();
    const text = ui.note.trim();
    if (!text || !await act("note", { text })) return;
    ui.note = document.getElementById("note-text").value = "";
    draw();
  };
  return h("section", { class_: "notes", key: "notes", "data-part": "notes" },
    h("h3", null, t("umpire.title")),
    h("form", { class_: "stack", onsubmit: save }, h("label", { class_: "field" },
      h("span", { class_: "soft" }, t("umpire.note")),
      h("textarea", { id: "note-text", rows: 2, maxlength: 2000, value: ui.note,
        oninput: (event) => { ui.note = event.target.value; } })),
    h("button", { type: "submit", class_: "small", id: "do-note",
      disabled: !may(view, "note") || ui.busy > 0 }, t("note.save"))),
    h("ul", null, [...own].reverse().slice(0, 20).map((one) => h("li", { key: one.at },
      h("span", { class_: "soft" }, `${clock(one.at).slice(0, 5)} · ${t("after.turn", { n: one.turn })}`),
      " ", one.text))));
}
