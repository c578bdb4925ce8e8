// The start's ways for many: a class and a tabletop, and what was made for them.

import { ask, h, keep, language, scene, seatName, t } from "../room/base.js";
import { chooseOrigin, learnAddresses, origin } from "../room/address.js";
import { at } from "../base/root.js";
import {
  allowanceField, error, fault, form, heading, languageField, mended, mistakes, number, scenarioField,
  tokenField, whole,
} from "./fields.js";
import { chosen, draw, teamCount, turnsOf, ui, USUAL } from "./state.js";
import { attempt } from "./token.js";

function make(event) {
  event.preventDefault();
  if (mistakes()) return null;
  return attempt(async () => {
    const usual = USUAL[ui.way];
    const seconds = ui.clock === false ? null : whole("seconds") ?? usual.seconds;
    const body = { ...form(), turn_seconds: seconds, random_end: ui.random };
    for (const name of ["auto_close", "auto_next"]) if (name in usual) body[name] = usual[name];
    if (ui.team !== "") body.team_size = whole("team");
    body.seats = chosen();
    const made = await ask("POST", "", ui.token, body);
    await learnAddresses(made.code);
    ui.made = made;
    keep.set("scenario", ui.scenario);
  });
}

export function roomForm() {
  const usual = USUAL[ui.way], open = chosen();
  const toggle = (seat) => (event) => {
    mended("people");
    ui.seats = scene.seats.map((one) => one.seat).filter((one) => (one === seat ? event.target.checked
        : open.includes(one)));
    draw();
  };
  return h("form", { class_: "card stack", key: `form-${ui.way}`, onsubmit: make, novalidate: true },
    heading(t(`start.${ui.way}`)),
      USUAL[ui.way].teams && h("p", { id: "teams" }, t("start.table_note", teamCount())),
      h("p", { class_: "soft" }, t(`host.${ui.way}_how`)),
      ui.home && h("p", { key: "print" },
        h("a", { id: "to-print",
            href: at(`/print?scenario=${encodeURIComponent(ui.scenario)}&language=${language}`),
              target: "_blank", rel: "noopener" }, t("host.print"))), tokenField(), scenarioField(),
    h("div", { class_: "grid2", key: "numbers" }, number("turns", t("host.turns"), 1, scene.turns, turnsOf()),
      number("seconds", t("host.turn_seconds"), 5, 86400, usual.seconds),
        number("seed", t("host.seed"), 0, 2147483647, ""), number("team", t("host.team"), 1, 100, "")),
    languageField(), allowanceField(),
    h("label", { class_: "check", key: "clock" },
      h("input", { id: "no-clock", type: "checkbox", checked: ui.clock === false,
          onchange: (event) => { ui.clock = !event.target.checked; } }), t("host.no_clock")),
    h("label", { class_: "check", key: "random" },
      h("input", { type: "checkbox", checked: ui.random,
          onchange: (event) => { ui.random = event.target.checked; } }), t("host.random")),
    h("details", { key: "people" }, h("summary", null, t("host.seats", { n: open.length })),
      h("p", { class_: "soft" }, t("host.seats_note")),
        scene.seats.map((one) => h("label", { class_: "check", key: one.seat },
            h("input", { type: "checkbox", id: `open-${one.seat}`, checked: open.includes(one.seat),
                onchange: toggle(one.seat) }), seatName(one.seat)))),
    fault("people"), h("button", { type: "submit", class_: "go", id: "make", disabled: ui.busy },
      t(ui.busy ? "host.making" : "host.make")), error());
}

const links = (one) => h("ul", { class_: "stack" },
  h("li", null,
    h("a", { class_: "button go", id: "to-console",
        href: at(`/console#${one.code}.${one.facilitator_token}`) }, t("host.console"))),
  h("li", null,
    h("a", { class_: "button", id: "to-projector", href: at(`/projector#${one.code}.${one.projector_token}`),
        target: "_blank", rel: "noopener" }, t("host.projector"))),
  h("li", null, t("host.join"), " ", h("b", null, `${origin()}/j/${one.code}`)));

export function madeCard() {
  return h("section", { class_: "card", key: "made" }, h("h2", null, t("host.made")),
    h("p", { class_: "bigcode" }, ui.made.code), links(ui.made), chooseOrigin(draw),
      h("p", { class_: "soft" }, t("host.keep")));
}
