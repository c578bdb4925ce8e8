// The start's way for one person: a room with one seat.

import {
  ask, h, keep, linkOf, newId, scene, seatName, t, told,
} from "../room/base.js";
import { at } from "../base/root.js";
import {
  allowanceField, error, fault, form, heading, languageField, mended, mistakes, number, scenarioField,
  tokenField,
} from "./fields.js";
import { draw, turnsOf, ui } from "./state.js";
import { attempt } from "./token.js";

// A room with one seat for one person, who also runs it: no clock, a turn ends when he submits.
function sitDown(event) {
  event.preventDefault();
  if (mistakes()) return null;
  return attempt(async () => {
    const made = await ask("POST", "", ui.token, { ...form(), seats: [ui.seat], team_size: 1,
        turn_seconds: null });
    const name = ui.name.trim() || seatName(ui.seat);
    const own = await ask("POST", `/${made.code}/join`, null, { id: newId(), name, seat: ui.seat });
    await ask("POST", `/${made.code}/control`, made.facilitator_token, { id: newId(), action: "start" });
    keep.set("name", ui.name.trim());
    keep.set("scenario", ui.scenario);
    location.assign(
      at(`/seat#${linkOf({ code: made.code, token: own.token, control: made.facilitator_token })}`));
  });
}

function objectiveOf(one) {
  if (one.seat === scene.coercer) return t("objective.coercer");
  return told(`objective.${one.seat}`,
    t(one.kind === "firm" || one.kind === "refiner" ? `objective.${one.kind}`
    : one.seat === scene.target ? "objective.target" : scene.hubs?.includes(one.seat) ? "objective.hub"
      : "objective.state"));
}

export function aloneForm() {
  return h("form", { class_: "card stack", key: "alone", onsubmit: sitDown, novalidate: true },
    heading(t("start.alone")), h("p", { class_: "soft" }, t("solo.how")), tokenField(), scenarioField(),
    h("fieldset", { class_: "plain", key: "seats" }, h("legend", null, t("solo.seat")), fault("seat"),
      h("ul", { class_: "seatlist" }, scene.seats.map((one) => h("li", { key: one.seat }, h("label", null,
      h("input", { type: "radio", name: "seat", value: one.seat, checked: ui.seat === one.seat,
          onchange: () => { ui.seat = one.seat; ui.error = ""; mended("seat"); draw(); } }),
      h("span", null, h("b", null, seatName(one.seat)), told(`role.${one.seat}`, "")
        && ` · ${t(`role.${one.seat}`)}`, h("br"), h("span", { class_: "soft" }, objectiveOf(one)))))))),
    h("label", { class_: "field", key: "name" }, h("span", null, t("solo.name")),
      h("input", { id: "name", type: "text", maxlength: 60, autocomplete: "nickname", value: ui.name,
          oninput: (event) => { ui.name = event.target.value; } })),
    h("div", { class_: "grid2", key: "numbers" }, number("turns", t("solo.turns"), 1, scene.turns, turnsOf()),
      number("seed", t("host.seed"), 0, 2147483647, "")), languageField(), allowanceField(),
    h("button", { type: "submit", class_: "go", id: "sit-down", disabled: ui.busy },
      t(ui.busy ? "host.making" : "solo.sit")), error());
}
