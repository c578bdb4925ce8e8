// The card of a seat: what it is, how it stands, what only it knows.

import { GAUGES, h, num, scene, seatName, t, titleOf, told } from "../room/base.js";
import { gaugesList, reportCard } from "../room/report.js";
import { draw, fold, out, ui } from "./state.js";

// By the scenario: what is public of the world comes a moment later.
function objectiveOf(view) {
  if (view.seat === scene.coercer) return t("objective.coercer");
  return told(`objective.${view.seat}`,
    t(view.kind === "firm" || view.kind === "refiner" ? `objective.${view.kind}`
    : view.seat === scene.target ? "objective.target" : scene.hubs?.includes(view.seat) ? "objective.hub"
      : "objective.state"));
}

export function card(view) {
  return h("section", { class_: "card you", "aria-label": t("card.you", { seat: seatName(view.seat) }),
      key: "card" },
    h("h1", null, t("card.you", { seat: seatName(view.seat) })),
    h("p", { class_: "soft" }, view.you.name, view.you.job ? ` (${told(`job.${view.you.job}`, view.you.job)})`
      : "", " · ", titleOf(view)),
    h("p", null, objectiveOf(view)),
    view.gauges.length
      ? gaugesList(view)
      : h("p", { class_: "soft" }, t("world.making")),
    reportCard(view, fold),
    view.weights_open && weightsForm(view), view.weights_open && strategyForm(view));
}

function weightsForm(view) {
  const have = view.weights?.supply ? view.weights : null;
  ui.weights ??= Object.fromEntries(GAUGES.map((one) => [one, have ? Math.round(100 * have[one])
        : one === "supply" ? 34 : 33]));
  const sum = GAUGES.reduce((all, one) => all + Number(ui.weights[one]), 0);
  const fine = sum === 100 && GAUGES.every((one) => ui.weights[one] >= 20 && ui.weights[one] <= 50);
  return fold("weights", false, have ? t("weights.sealed") : t("weights.title"),
    () => h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("weights.note")),
    GAUGES.map((one) => h("label", { class_: "field" }, h("span", null, `${t(`gauge.${one}`)} (%)`),
      h("input", { id: `w-${one}`, type: "number", min: 20, max: 50, value: String(ui.weights[one]),
          oninput: (event) => { ui.weights[one] = Number(event.target.value); draw(); } }))),
    h("p", { role: "status" }, t("weights.sum", { sum: num(sum) })),
    h("button", { type: "button", class_: "primary", disabled: !fine, onclick: () => {
      const [a, b] = [ui.weights.supply / 100, ui.weights.autonomy / 100];
      out.send("POST", "weights", { supply: a, autonomy: b, standing: Number((1 - a - b).toFixed(4)) });
      draw();
    } }, t("weights.seal")),
    out.faults.weights && h("p", { class_: "error" }, out.faults.weights)));
}

// The team's strategy before the first turn, stored as turn 0 and shown again in the review.
function strategyForm(view) {
  const kept = view.notes.filter((one) => one.kind === "strategy");
  const save = () => {
    const text = ui.text.strategy?.trim(), box = document.getElementById("strategy");
    if (!text) return box.focus();
    out.send("POST", "notes", { kind: "strategy", text, turn: 0 });
    ui.text.strategy = box.value = "";
    draw();
  };
  return fold("strategy", false, t(kept.length ? "strategy.kept" : "strategy.title"),
    () => h("div", { class_: "stack" },
    h("label", { class_: "field" }, h("span", null, t("strategy.note")),
      h("textarea", { id: "strategy", maxlength: 2000, value: ui.text.strategy ?? "",
          oninput: (event) => { ui.text.strategy = event.target.value; } })),
    kept.map((one, k) => h("p", { class_: "ok", key: k }, `✓ ${one.text}`)),
    h("button", { type: "button", id: "save-strategy", onclick: save }, t("note.save")),
    out.faults.notes && h("p", { class_: "error", role: "alert" }, out.faults.notes)));
}
