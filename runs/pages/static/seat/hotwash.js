// The hot wash: three questions for a team, each answered for the whole game or for one turn.
import { h, keep, num, t } from "../room/base.js";

const QUESTIONS = ["intended", "happened", "surprised"];
const ui = { turn: "", text: null };

// What was typed survives a reload; it is forgotten once the server has it.
function texts(place) {
  ui.text ??= keep.get(`hotwash.${place}`, {});
  return ui.text;
}

export function hotwash(view, out, draw) {
  const typed = texts(out.place), last = view.history.length; // turns that were played
  const turn = ui.turn === "" ? null : Number(ui.turn);
  const about = turn ?? last;
  const answers = (kind) => view.notes.filter((one) => one.kind === kind);
  const save = (kind) => {
    const text = typed[kind]?.trim();
    if (!text) return document.getElementById(`hw-${kind}`).focus();
    out.send("POST", "notes", { kind, text, turn: about });
    delete typed[kind];
    keep.set(`hotwash.${out.place}`, typed);
    document.getElementById(`hw-${kind}`).value = "";
    draw();
  };
  return h("section", { class_: "card stack", key: "hotwash", id: "hotwash" },
    h("h2", null, t("hotwash.title")),
    h("p", { class_: "soft" }, t("hotwash.note"), " ",
      t("hotwash.saved", { n: num(QUESTIONS.filter((one) => answers(one).length).length) })),
    h("label", { class_: "field" }, h("span", null, t("hotwash.turn")),
      h("select", { id: "hw-turn", value: ui.turn, onchange: (event) => { ui.turn = event.target.value;
            draw(); } },
      h("option", { value: "", selected: ui.turn === "" }, t("hotwash.whole")),
      Array.from({ length: Math.max(0, last) },
        (_, k) => h("option", { value: String(k + 1), selected: ui.turn === String(k + 1) },
          t("after.turn", { n: k + 1 }))))),
    QUESTIONS.map((kind) => h("div", { class_: "stack", key: kind },
      h("label", { class_: "field" }, h("span", null, t(`hotwash.${kind}`)),
        h("textarea", { id: `hw-${kind}`, maxlength: 2000, value: typed[kind] ?? "",
            oninput: (event) => { typed[kind] = event.target.value; keep.set(`hotwash.${out.place}`, typed);
              } })),
      answers(kind).map((one, k) => h("p", { class_: "ok", key: k }, `✓ ${one.text} `,
          h("span", { class_: "soft" }, t("after.turn", { n: one.turn })))),
      h("button", { type: "button", id: `hw-save-${kind}`, onclick: () => save(kind) }, t("note.save")))),
    out.faults.notes && h("p", { class_: "error", role: "alert" }, out.faults.notes));
}
