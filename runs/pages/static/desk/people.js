// On the console: who sits where, who asks to come back, and further facilitators.

import { ask, clock, h, seatName, t, told } from "../room/base.js";
import { onlyHere } from "../room/address.js";
import { act, may, sure, surely } from "../console/acts.js";
import { draw, own } from "../console/state.js";

const ui = { helper: "", rights: new Set(), links: null, known: "" };

// --- people --------------------------------------------------------------------------------------

// Somebody on another device: told by name and seat, and by job and time where several are called so.
export function askingCard(view, [id, one]) {
  const admit = (person) => surely("admit", false, { request: id, person: person.who },
    { name: one.name });
  const which = (person) => [person.job && told(`job.${person.job}`, person.job),
    t("console.since", { time: clock(person.at) }),
      t(person.here ? "console.here" : "console.not_here")].filter(Boolean).join(", ");
  const several = one.people.length > 1;
  return h("div", { class_: "notice", key: id },
    h("p", null, t("console.asks", { name: one.name, seat: seatName(one.seat) })),
    several && h("p", { class_: "soft" }, t("console.which")),
    h("div", { class_: "row" },
      one.people.map((person) => h("button", { type: "button", key: person.who, class_: "primary",
            disabled: !may(view, "admit"), onclick: () => admit(person) },
              several ? `${t("do.admit")}: ${which(person)}` : t("do.admit"))),
      h("button", { type: "button", key: "decline", class_: "danger", disabled: !may(view, "decline"),
          onclick: () => act("decline", { request: id }) }, t("do.decline"))));
}

export function peopleCard(view) {
  const move = (one) => async (event) => {
    const seat = event.target.value;
    const answer = await sure(t("do.assign"), t(seat ? "sure.assign" : "sure.remove",
        { name: one.name, seat: seat && seatName(seat) }));
    if (answer) await act("assign", { person: one.who, seat });
    draw();
  };
  return h("section", { class_: "card w6 stack", key: "people" }, h("h2", null, t("console.people")),
    h("label", { class_: "check" },
      h("input", { type: "checkbox", id: "names", checked: view.names_shown,
          disabled: !may(view, "names"), onchange: (event) => act("names",
            { shown: event.target.checked }) }), t("do.names")),
    h("ul", { class_: "news" },
      view.people.map((one) => h("li", { key: one.who }, h("b", null, one.name),
          one.gone && h("span", { class_: "soft" }, t("console.gone")),
      h("label", { class_: "row" }, h("span", { class_: "sr" }, t("console.move_to", { name: one.name })),
        h("select", { id: `seat-${one.who}`, value: one.gone ? "" : one.seat,
            disabled: !may(view, "assign"), onchange: move(one) },
          view.seats.map((s) => h("option", { value: s.seat, selected: !one.gone && one.seat === s.seat },
              seatName(s.seat))), h("option", { value: "", selected: one.gone }, t("console.remove"))))))),
    !view.people.length && h("p", { class_: "soft" }, t("console.nobody")));
}

// --- further facilitators ------------------------------------------------------------------------

const RIGHTS = ["time", "record", "inject", "people", "orders", "message", "rights"];

// Links are the server's to make: it knows by which address others reach it. Asked for anew when
// somebody has been appointed or dismissed.
function learnLinks(view) {
  const now = JSON.stringify(view.facilitators);
  if (ui.known === now) return;
  ui.known = now;
  ask("GET", `/${own.code}/helpers`, own.token).then(
    (found) => { ui.links = found.helpers; draw(); }, () => { ui.known = ""; });
}

export function helpersCard(view) {
  if (!view.rights.includes("rights")) return null;
  learnLinks(view);
  const ready = ui.helper.trim() && ui.rights.size > 0;
  const appoint = async () => {
    if (await act("facilitator",
        { name: ui.helper.trim(), rights: RIGHTS.filter((one) => ui.rights.has(one)) })) {
      ui.helper = "";
      ui.rights.clear();
      draw();
    }
  };
  const dismiss = async (one) => {
    if (await sure(t("do.dismiss"), t("sure.dismiss", { name: one.name }))) await act("dismiss",
      { helper: one.who });
  };
  const choose = (right) => (event) => {
    if (event.target.checked) ui.rights.add(right);
    else ui.rights.delete(right);
    draw();
  };
  return h("details", { key: "helpers" }, h("summary", null, t("console.helpers")),
    h("div", { class_: "stack" },
    (ui.links || []).map((one) => h("div", { class_: "inject", key: one.who },
        h("p", null, h("b", null, one.name), " · ", one.rights.map((r) => t(`right.${r}`)).join(", ")),
      h("p", { class_: "soft" }, t("console.helper_link")),
        h("p", null, h("a", { class_: "helper-link", href: one.link, target: "_blank", rel: "noopener" },
            one.link)),
      onlyHere() && h("p", { class_: "soft" }, t("wall.only_here")),
      h("button", { type: "button", class_: "danger", id: `dismiss-${one.who}`, onclick: () => dismiss(one) },
        t("do.dismiss"), h("span", { class_: "sr" }, ` ${one.name}`)))),
    h("label", { class_: "field" }, h("span", null, t("console.helper_name")),
      h("input", { id: "helper", type: "text", maxlength: 60, value: ui.helper,
          oninput: (event) => { ui.helper = event.target.value; draw(); } })),
    h("fieldset", { class_: "plain" }, h("legend", null, t("console.helper_rights")),
      RIGHTS.map((r) => h("label", { class_: "check", key: r },
          h("input", { type: "checkbox", id: `right-${r}`, checked: ui.rights.has(r), onchange: choose(r) }),
            t(`right.${r}`)))),
    !ready && h("p", { class_: "soft" }, t("console.helper_needs")),
    h("button", { type: "button", id: "appoint", disabled: !ready, onclick: appoint }, t("do.facilitator"))));
}
