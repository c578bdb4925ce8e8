// What a turn has brought, forecasts, and the wait for the others.

import {
  CONTROL, GAUGES, amount, arrow, gaugeName, goodName, h, headlineLine, leverName, loudFirst, num, percent,
  seatName, signed, t,
} from "../room/base.js";
import { resultBody } from "../room/result.js";
import { draw, fold, out, ui } from "./state.js";

export function resultCard(view) {
  const result = view.report?.result, practice = view.report?.practice;
  if (practice && !result && view.turn === 1) return h("section", { class_: "card", key: "result" },
    h("h2", null, t("result.practice")),
    h("p", { class_: "soft" }, t("result.practice_note")),
    h("dl", { class_: "facts" },
      GAUGES.map((one) => h("div", null, h("dt", null, gaugeName(one, view.kind, view.seat)),
          h("dd", null, num(100 * practice.gauges[one], 1), " ",
            arrow(practice.gauges[one] - practice.before[one]), " ",
              signed(100 * (practice.gauges[one] - practice.before[one])))))));
  if (!result) return view.turn > 1 && view.phase !== "resolve"
    ? h("section", { class_: "card", key: "result" }, h("p", { role: "status" }, t("result.coming"))) : null;
  return h("section", { class_: "card", key: "result" },
    h("h2", null, t("result.title", { turn: result.turn })), 
    resultBody(result, view.kind, view.seat, { id: "result", again: draw }),
    h("h3", null, t("result.headline")), headlines(view), noteForm(view, result.turn));
}

// The loudest three stand open: on a phone the orders come below.
function headlines(view) {
  const lines = loudFirst(view.public.headline).map((line) => headlineLine(line));
  const more = lines.slice(3, 12);
  return [h("ul", { class_: "news" }, lines.slice(0, 3)),
    more.length > 0 && fold("more-news", false, t("result.more", { n: num(more.length) }),
      () => h("ul", { class_: "news" }, more))];
}

function noteForm(view, turn) {
  return fold("note", false, t("note.title"), () => h("div", { class_: "stack" },
    h("label", { class_: "field" }, h("span", null, t("note.expected_label")),
      h("textarea", { id: "note", maxlength: 2000, value: ui.text.note ?? "",
          oninput: (event) => { ui.text.note = event.target.value; } })),
    h("div", { class_: "row" },
      ["expected", "flag"].map((kind) => h("button", { type: "button", onclick: () => {
      if (!ui.text.note?.trim()) return;
      out.send("POST", "notes", { kind, text: ui.text.note.trim(), turn });
      ui.text.note = "";
      document.getElementById("note").value = "";
      draw();
    } }, t(`note.save_${kind}`))))));
}

export function waitingCard(view) {
  const drafting = view.seats.filter((one) => one.played_by === "person" && one.state !== "submitted");
  return h("section", { class_: "card", key: "waiting" }, h("h2", null, t("wait.title")),
    h("p", null, drafting.length
      ? t("wait.for",
        { seats: drafting.map((one) =>
            `${seatName(one.seat)}${one.state === "away" ? ` (${t("state.away")})` : ""}`).join(", ") })
              : t("wait.all_in")),
    h("h3", null, t("wait.locked")),
    view.orders.length ? h("ul", { class_: "news" },
      view.orders.map((one) => h("li", { key: one.lever }, "🔒 ", leverName(one.lever), " ",
          h("b", null, amount(view.levers.find((row) => row.lever === one.lever.split(".")[0])?.unit || "",
              one.value)), CONTROL.includes(one.by) && h("span", { class_: "kind" }, t("who.control")))))
                : h("p", { class_: "soft" }, t("wait.no_orders")),
    forecasts(view));
}

export function forecasts(view) {
  return h("div", null, h("h3", null, t("forecast.title")), h("p", { class_: "soft" }, t("forecast.note")),
    view.questions.map((one) => {
      const have = view.forecasts.find((f) => f.turn === view.turn && f.question === one.id);
      const key = `${one.id}.${view.turn}`;
      const value = ui.text[key] ?? (have ? String(Math.round(100 * have.p)) : "50");
      const good = goodName(view.public?.material || ""), zone = seatName(view.public?.zone || ""),
        target = seatName(view.public?.target || "");
      return h("div", { key: `q-${one.id}`, class_: "lever" },
        h("label", { for: `q-${one.id}`, class_: "title" }, questionText(one, { good, zone, target })),
        h("input", { id: `q-${one.id}`, type: "range", min: 0, max: 100, step: 5, value,
            "aria-valuetext": `${value} %`,
          oninput: (event) => { ui.text[key] = event.target.value; draw(); },
          onchange: (event) => out.send("POST", "forecasts",
            { turn: view.turn, question: one.id, p: Number(event.target.value) / 100 }) }),
        h("p", { class_: "state" }, h("b", null, `${value} %`), " ", have ? h("span", { class_: "ok" }, "✓ ",
            t("forecast.saved", { p: percent(have.p, 0) })) : t("forecast.none")));
    }));
}
const questionText = (one, fill) => { const text = t(`question.${one.id}`, fill);
  return text.startsWith("question.") ? one.text : text; };
