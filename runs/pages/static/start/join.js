import {
  ask, h, keep, linkOf, newId, learnNames, onReturn, seatName, show, speak, t, titleOf,
  } from "../room/base.js";
import { body, shell } from "../shell/shell.js";
import { at } from "../base/root.js";

// `fault` is about the game that was looked for and goes with the next look; `error` answers what
// somebody did here and stays until he does something else.
// Who holds a seat here is `asking` whether to continue there, or wants `another` for somebody else.
const ui = {
  code: "", name: keep.get("name", ""), seat: "", back: "", job: "", lobby: null, fault: "", error: "",
  busy: false, waiting: null, asking: false, another: false,
};
const SHORTEST = 4, LONGEST = 12; // letters and digits of a code, with room for a slip
const JOBS = ["lead", "negotiator", "analyst"];
const asked = decodeURIComponent(location.pathname.split(at("/j/"))[1] || "")
  || new URLSearchParams(location.search).get("code") || location.hash.slice(1);
// Full-width letters, as keyboards of East Asia write them, are letters.
const codeOf = (text) => text.normalize("NFKC").toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LONGEST);
ui.code = codeOf(asked);

async function look() {
  if (ui.code.length < SHORTEST) {
    Object.assign(ui, { lobby: null, fault: t("join.short") });
    return draw();
  }
  try {
    ui.lobby = await ask("GET", `/${ui.code}`);
    ui.fault = "";
    await speak(ui.lobby.language);
    learnNames(ui.lobby.seats);
  } catch (problem) {
    ui.lobby = null;
    ui.fault = problem.status === 404 ? t("join.no_room", { code: ui.code }) : problem.message;
  }
  draw();
}

async function join(event) {
  event?.preventDefault();
  if (ui.busy) return;
  if (!ui.lobby) return look();
  if (!ui.name.trim()) {
    ui.error = t("join.need_name");
    draw();
    return document.getElementById("name").focus();
  }
  if (keep.get("pass.seat")?.code === ui.code && !ui.another) {
    Object.assign(ui, { asking: true, error: "" });
    draw();
    return document.getElementById("another").focus();
  }
  Object.assign(ui, { busy: true, asking: false, error: "" });
  draw();
  // The same id until there is an answer: a resend after a lost answer takes no second seat.
  const mark = `join.${ui.code}.${ui.name}.${ui.seat}.${ui.job}`;
  const id = keep.get(mark) || newId();
  keep.set(mark, id);
  try {
    const body = { id, name: ui.name.trim() };
    if (ui.seat) body.seat = ui.seat;
    if (ui.job) body.job = ui.job;
    enter(await ask("POST", `/${ui.code}/join`, null, body));
    keep.set(mark, null);
  } catch (problem) {
    if (problem.status && problem.status < 500) keep.set(mark, null);
    ui.error = problem.message;
    ui.busy = false;
    if (problem.status === 409) look(); else draw();
  }
}

function enter(answer) {
  keep.set("name", ui.name.trim());
  keep.set("pass.seat", { code: ui.code, token: answer.token });
  location.assign(at(`/seat#${ui.code}.${answer.token}`));
}

async function comeBack() {
  if (!ui.name.trim() || !ui.code) {
    ui.error = t("join.need_name");
    return draw();
  }
  ui.waiting = { id: `${newId()}` };
  draw();
  while (ui.waiting) {
    try {
      const answer = await ask("POST", `/${ui.code}/join`, null,
        { id: ui.waiting.id, name: ui.name.trim(), rejoin: true, ...(ui.back && { seat: ui.back }) });
      if (answer.token) return enter(answer);
      ui.error = "";
    } catch (problem) {
      ui.error = problem.message;
      if (problem.status) ui.waiting = null;
    }
    draw();
    await new Promise((done) => setTimeout(done, 2500));
  }
}

// Before a device with a seat in this game takes one more: whoever sits there would block it.
const asksFirst = (before) => h("section", { class_: "notice", key: "asking", role: "alert" },
  h("p", null, t("join.mine")), h("div", { class_: "row" },
    h("a", { class_: "button primary", href: at(`/seat#${linkOf(before)}`) }, t("join.go_on")),
    h("button", { type: "button", id: "another", onclick: () => { ui.another = true; join(); } },
      t("join.another"))));

function draw() {
  document.title = `Entrepot · ${t("join.title")}`;
  const before = keep.get("pass.seat");
  const lobby = ui.lobby;
  const choice = (seat, name, note) => h("li", { key: `s-${seat}` }, h("label", null,
    h("input", { type: "radio", name: "seat", value: seat, checked: ui.seat === seat,
        disabled: note === t("join.full"),
      onchange: () => { Object.assign(ui, { seat, error: "" }); draw(); } }),
    h("span", null, name), h("span", { class_: "left" }, note)));
  show(
    shell({ set: t("join.title"), again: draw }),
    body(
      before && h("section", { class_: "notice", key: "before" },
        h("h2", null, t("join.before", { code: before.code })),
        h("a", { class_: "button primary", href: at(`/seat#${linkOf(before)}`) }, t("join.continue"))),
      h("form", { class_: "card stack", onsubmit: join, key: "form", novalidate: true },
        h("h1", null, lobby ? t("join.welcome") : t("join.title")),
        lobby && h("p", { class_: "soft" }, titleOf(lobby)),
        h("label", { class_: "field" }, h("span", null, t("join.code")),
          h("input", { id: "code", type: "text", autocomplete: "off", autocapitalize: "characters",
              spellcheck: "false",
            maxlength: LONGEST, value: ui.code,
            oninput: (event) => { Object.assign(ui, { code: codeOf(event.target.value), asking: false }); },
            onchange: look })),
        !lobby && h("button", { type: "button", class_: "primary", onclick: look }, t("join.find")),
        lobby && [
          h("label", { class_: "field" }, h("span", null, t("join.name")),
            h("input", { id: "name", type: "text", maxlength: 60, autocomplete: "nickname", value: ui.name,
              "aria-describedby": "name-note",
                oninput: (event) => { Object.assign(ui, { name: event.target.value, error: "" }); draw();
                  } })),
          h("p", { class_: "soft", id: "name-note" }, t("join.name_note")),
          h("fieldset", { class_: "plain" }, h("legend", null, t("join.seat")),
            h("ul", { class_: "seatlist" },
              choice("", t("join.any"), ""),
              lobby.seats.map((one) => choice(one.seat, seatName(one.seat),
                one.left === 0 ? t("join.full") : one.left === null
                  ? t("join.people", { n: one.people })
                    : t("join.left", { n: one.left, people: one.people }))))),
          inTeams(lobby) && h("label", { class_: "field" }, h("span", null, t("join.job")),
            h("select", { id: "job", value: ui.job, onchange: (event) => { ui.job = event.target.value;
                  draw(); } },
              h("option", { value: "", selected: !ui.job }, t("job.none")),
              JOBS.map((one) => h("option", { value: one, selected: ui.job === one }, t(`job.${one}`))))),
          h("p", { class_: "error", role: "alert", id: "join-error", hidden: !ui.error }, ui.error),
          ui.asking && asksFirst(before),
          lobby.phase === "ended" ? h("p", { class_: "error" }, t("join.over"))
            : h("button", { type: "submit", class_: "go", disabled: ui.busy }, t("join.go")),
          h("details", { key: "back" }, h("summary", null, t("join.was_here")), h("div", { class_: "stack" },
            h("p", { class_: "soft" }, t("join.rejoin_note")),
            h("label", { class_: "field" }, h("span", null, t("join.back_seat")),
              h("select", { id: "back-seat", value: ui.back, disabled: !!ui.waiting,
                  onchange: (event) => { Object.assign(ui, { back: event.target.value, error: "" }); draw();
                    } },
              h("option", { value: "", selected: !ui.back }, "–"),
                lobby.seats.map((one) => h("option", { value: one.seat, selected: ui.back === one.seat },
                    seatName(one.seat))))),
            h("button", { type: "button", onclick: comeBack, disabled: !!ui.waiting }, t("join.rejoin")),
            ui.waiting && h("p", { role: "status" }, t("join.rejoin_wait")))),
        ],
        h("p", { class_: "error", role: "alert", hidden: !ui.fault }, ui.fault))));
}

// Whether more than one person may come to sit at a seat.
const inTeams = (lobby) => lobby.seats.some((one) => one.left === null || one.left + one.people > 1);

await speak();
draw();
if (ui.code) await look();
onReturn(() => { // from a seat: what was under way then is over, and this device has a seat now
  Object.assign(ui, { busy: false, waiting: null, asking: false, another: false, error: "" });
  draw();
  if (ui.code) look();
});
setInterval(() => { if (ui.lobby && !ui.busy && document.visibilityState === "visible") look(); }, 5000);
