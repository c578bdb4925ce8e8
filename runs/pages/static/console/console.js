import {
  CONTROL, Live, Refusal, amount, asStored, ask, band, clock, cutOff, dealLines, dealTerms, goodName, h,
    instead, language, learnScene,
  leftOf, leverName, minutes, newId, num, pass, percent, phaseName, placeName, readLever, readNumber,
    runClock, scene, seatName, show,
  phrase, shownValue, speak, t, titleOf, told, turnName, typedNumber, unitName, unitOf, say,
} from "../room/base.js";
import { body, roomBar, shell } from "../shell/shell.js";
import { chooseOrigin, joinAddress, joinQr, learnAddresses, onlyHere } from "../room/address.js";
import { roomMap } from "../room/map.js";
import { helpersCard, peopleCard } from "./people.js";
import { cardsCard, wallCard } from "./cards.js";
import { look, lookAgain, peekCard } from "./peek.js";
import { at } from "../base/root.js";
import { safe } from "../shell/safe.js";

const own = pass("console");
let live = null;
const ui = { error: "", done: "", busy: 0, inject: null, over: null, to: "all", text: "" };

async function changed() {
  if (live.view) {
    await speak(live.view.language);
    await learnScene(live.view.scenario);
    lookAgain(own).then((seen) => seen && draw(), () => {});
      // where the line is cut, what was seen last stays
  }
  draw();
}

// --- acting --------------------------------------------------------------------------------------

async function act(action, fields = {}) {
  const body = { id: newId(), action, ...fields };
  ui.busy++;
  ui.error = ui.done = "";
  draw();
  try {
    for (let tries = 0; ; tries++) {
      try {
        const reply = await ask("POST", `/${own.code}/control`, own.token, body);
        ui.done = t("console.done", { what: t(`do.${action}`), time: clock(reply.saved_at) });
        say(ui.done);
        return reply;
      } catch (problem) {
        if (!(problem instanceof Refusal) || problem.status !== 0 || tries >= 4) throw problem;
        await new Promise((done) => setTimeout(done, 500 * 2 ** tries)); // the same id again
      }
    }
  } catch (problem) {
    ui.error = problem.message;
    say(problem.message, true);
    return null;
  } finally {
    ui.busy--;
    draw();
  }
}

// A question that states the effect; answers null, or {why} when it is meant.
function sure(title, effect, needs) {
  return new Promise((done) => {
    const why = needs && h("input", { type: "text", id: "why", maxlength: 500, required: true });
    const yes = h("button", { type: "submit", class_: "primary danger-go", id: "sure" }, title);
    const box = h("dialog", { "aria-labelledby": "sure-title" },
      h("form", { method: "dialog", onsubmit: (event) => {
        event.preventDefault();
        if (why && !why.value.trim()) return why.focus();
        end({ why: why ? why.value.trim() : "" });
      } }, h("h2", { id: "sure-title" }, title), h("p", null, effect),
      why && h("label", { class_: "field" }, h("span", null, t("sure.why")), why),
      h("div", { class_: "row" }, h("button", { type: "button", onclick: () => end(null) }, t("page.cancel")),
        yes)));
    const end = (answer) => {
      box.close();
      box.remove();
      done(answer);
    };
    box.oncancel = () => { box.remove(); done(null); };
    document.body.appendChild(box);
    box.showModal();
    (why || box.querySelector("button")).focus();
  });
}
async function surely(action, needs, fields = {}, fill = {}) {
  const answer = await sure(t(`do.${action}`), t(`sure.${fill.effect ?? action}`, fill), needs);
  if (answer) await act(action === "free" ? "override" : action, needs ? { ...fields, why: answer.why }
    : fields);
}

const may = (view, action) => !view.note && view.rights.includes(view.actions[action]);
const button = (view, action, class_, onclick, key, off = false) => h("button",
  { type: "button", class_, id: key || `do-${action}`, key: key || action, disabled: off || !may(view, action)
    || ui.busy > 0, onclick }, t(`do.${action}`));

// --- parts ---------------------------------------------------------------------------------------

function phaseBar(view) {
  const open = ["report", "negotiate", "orders"].includes(view.phase);
  const drafting = view.seats.filter((one) => one.played_by === "person"
    && one.state !== "submitted").map((one) => seatName(one.seat)).join(", ");
  return h("section", { class_: "card w12", key: "phase" },
    h("h2", null, `${turnName(view)} · ${phaseName(view)} `,
      h("span", { class_: "clock", "data-clock": "", role: "timer" }, leftOf(view, live) === null ? ""
        : minutes(leftOf(view, live)))),
    h("p", { class_: "script" },
      t(`script.${view.paused ? "paused" : view.revealed ? "revealed" : view.phase}`)),
    stuck(view) && h("p", { class_: "error", role: "alert", id: "stuck" },
      phrase(view.health.fault_say, view.health.fault)),
    h("div", { class_: "phasebar" },
      view.phase === "lobby" && [button(view, "start", "go", () => act("start")),
        h("button", { type: "button", id: "do-practice", key: "practice", disabled: !may(view, "start")
            || ui.busy > 0, onclick: () => act("start", { practice: true }) }, t("do.practice"))],
      open && [view.paused ? button(view, "resume", "go pause", () => act("resume")) : button(view, "pause",
          "primary pause", () => act("pause")),
        button(view, "extend", "", () => act("extend", { seconds: 60 })),
        button(view, "close_turn", "", () => surely("close_turn", false, { turn: view.turn },
            { turn: view.turn, seats: drafting || "–" }))],
      view.undo_opens !== null && button(view, "undo_turn", "danger",
        () => surely("undo_turn", true, {}, { turn: view.undo_opens, effect: cutShort(view) || stuck(view)
            ? "go_on" : "undo_turn" })),
      (open || stuck(view) || view.phase === "lobby") && button(view, "end", "danger",
        () => surely("end", false, {}, { turn: view.turn, turns: view.turns })),
      view.phase === "ended" && !view.revealed && button(view, "reveal", "go", () => surely("reveal", false)),
      view.revealed && h("a", { class_: "button primary", href: at(`/review#${own.code}.${own.token}`) },
        t("ended.review"))));
}

// What became of the last thing that was done here: in sight wherever on the page it was done.
function toldStrip() {
  if (!ui.error && !ui.done) return null;
  const away = () => { ui.error = ui.done = ""; draw(); };
  return h("div", { id: "told", class_: "told", key: "told" }, h("div", { class_: "in" },
    h("p", { class_: ui.error ? "error" : "ok", role: ui.error ? "alert" : "status" },
      ui.error ? `⚠ ${ui.error}` : `✓ ${ui.done}`),
    h("button", { type: "button", onclick: away }, t("page.ok"))));
}

// The game was ended in an open turn: undo opens that one again, with what was saved in it.
const cutShort = (view) => view.phase === "ended" && (view.practice || view.undo_opens > played(view));
// A turn that the model cannot play can be taken back, or the game ended: while a turn is being
// played, nothing else can be undone.
const stuck = (view) => view.phase === "resolve" && view.undo_opens !== null;
const played = (view) => Math.max(0, ...Object.keys(view.closed).map(Number));

function seatTable(view) {
  const people = (seat) => view.people.filter((one) => one.seat === seat && !one.gone);
  return h("section", { class_: "card w8", key: "seats" }, h("h2", null, t("console.seats")),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("console.seats") },
      h("table", { id: "seats" },
        h("thead", null,
          h("tr", null, ["seat", "people", "state", "played", "orders",
              "act"].map((one) => h("th", null, t(`console.${one}`))))),
      h("tbody", null,
        view.seats.map((one) => h("tr", { key: one.seat }, h("th", { scope: "row" }, seatName(one.seat)),
        h("td", null,
          people(one.seat).map((p) => h("div", { key: p.who }, h("span", { class_: "person", title: p.name },
                p.name), p.job ? ` (${told(`job.${p.job}`, p.job)})` : "",
                  h("span", { class_: "soft" }, p.devices ? ` ● ${t("console.here")}`
                    : ` ○ ${t("console.not_here")}`)))),
        h("td", null, view.phase === "lobby" && one.played_by !== "person" ? "–"
          : h("span", { class_: `light ${one.state}` },
            { submitted: "✓ ", drafting: "✎ ", away: "○ " }[one.state], t(`state.${one.state}`))),
        h("td", null, t(`played.${one.played_by}`)),
          h("td", { class_: "n" }, num(view.orders[one.seat].length)),
        h("td", null, h("div", { class_: "row" },
          one.played_by === "ai" && people(one.seat).length
            ? button(view, "to_person", "", () => act("to_person", { seat: one.seat }),
              `to_person-${one.seat}`)
            : people(one.seat).length > 0 && button(view, "to_ai", "",
              () => surely("to_ai", false, { seat: one.seat },
                { seat: seatName(one.seat), n: view.orders[one.seat].length }), `to_ai-${one.seat}`),
          h("button", { type: "button", id: `look-${one.seat}`, onclick: () => peek(one.seat) },
            t("console.look"), h("span", { class_: "sr" }, ` ${seatName(one.seat)}`))))))))),
    peekCard(draw));
}
async function peek(seat) {
  try {
    await look(own, seat);
  } catch (problem) { ui.error = problem.message; }
  draw();
}

const desk = { act, sure, surely, may, ask: (path) => ask("GET", `/${own.code}${path}`, own.token),
  draw: () => draw() };

function joinCard(view) {
  const address = joinAddress(view.room);
  return h("section", { class_: "card w4 stack", key: "join" }, h("h2", null, t("wall.join")),
    h("p", { class_: "bigcode" }, view.room), onlyHere() ? h("p", { id: "only-here" }, t("wall.only_here"))
      : joinQr(view.room),
    h("p", null, h("a", { href: address, target: "_blank", rel: "noopener" }, address)), chooseOrigin(draw),
      wallCard(view, desk),
    h("p", null, h("a",
        { id: "to-print",
          href: at(`/print?scenario=${encodeURIComponent(view.scenario)}&language=${language}`),
            target: "_blank", rel: "noopener" }, t("host.print"))));
}

function injectCard(view) {
  const form = (ui.inject ??= { kind: "", target: "", text: "", data: {}, when: "now", to: "all" });
  const kind = view.event_kinds.find((one) => one.kind === form.kind);
  const set = (name) => (event) => { form[name] = event.target.value; draw(); };
  const pick = (id, label, value, options, onchange) => h("label", { class_: "field", key: id },
    h("span", null, label),
      h("select", { id, value, onchange },
        options.map(([v, text]) => h("option", { value: v, selected: v === value }, text))));
  const zones = view.seats.filter((one) => scene.zones[one.seat]).map((one) => [one.seat,
      seatName(one.seat)]);
  const goods = Object.keys(view.public.prices || {}).map((one) => [one, goodName(one)]);
  // What is typed into a field of the event that is a number; its range is what the model takes.
  const numberIn = (name, text) => {
    const field = kind.fields.find((one) => one.field === name);
    return field.names || !text ? {} : readNumber(text, { low: field.low, high: field.high ?? Infinity });
  };
  const wrong = kind?.fields.some((one) => numberIn(one.field, form.data[one.field]).fault);
  const send = async () => {
    const data = Object.fromEntries(Object.entries(form.data).filter(([, v]) => v !== "").map(([k, v]) =>
        [k, numberIn(k, v).value ?? v]));
    const body = { event: { kind: form.kind, target: form.target, text: form.text, data }, when: form.when,
      to: form.to };
    const answer = await sure(t("do.inject"),
      t("sure.inject", { what: told(`inject.${form.kind}`, kind.meaning), when: t(`inject.${form.when}`),
          to: seatName(form.to) }));
    if (answer && await act("inject", body)) ui.inject = null;
    draw();
  };
  return h("section", { class_: "card w6 stack", key: "injects" }, h("h2", null, t("console.injects")),
    view.injects.map((one) => h("div", { class_: "inject", key: `in-${one.n}` },
        h("p", null, h("b", null, `${one.n}. ${told(`kind.${one.event.kind}`, one.event.kind)}`),
          ` · ${t("bar.turn",
            { turn: one.turn, turns: view.turns })} · ${t(`inject.${one.status}`)} · ${one.to.map(
              seatName).join(", ")}`), h("p", { lang: one.event.key ? undefined : view.language },
                one.event.key ? t(one.event.key) : one.event.text),
      one.status === "waiting" && button(view, "retract", "danger", () => act("retract", { inject: one.n }),
        `retract-${one.n}`))),
    h("h3", null, t("inject.new")),
    pick("inject-kind", t("inject.kind"), form.kind,
      [["", "–"], ...view.event_kinds.filter((one) => !one.kind.startsWith("transfer_")).map((one) =>
          [one.kind, told(`kind.${one.kind}`, one.kind)])],
            (event) => { form.kind = event.target.value; form.data = {}; draw(); }),
    kind && [
      h("p", { class_: "soft" }, told(`inject.${kind.kind}`, kind.meaning)),
      pick("inject-target", t("inject.target"), form.target, [["", "–"], ...zones], set("target")),
      kind.fields.map((f) => f.names === "material" ? pick(`f-${f.field}`, t(`field.${f.field}`),
          form.data[f.field] ?? "", [["", "–"], ...goods],
            (event) => { form.data[f.field] = event.target.value; draw(); })
        : h("label", { class_: "field", key: f.field },
          h("span", null,
            `${told(`field.${f.field}`, f.field)} (${f.names ? f.unit : `${num(f.low)} – ${f.high === null
              ? "∞" : num(f.high)}`})`),
          h("input", { id: `f-${f.field}`, type: "text", inputmode: f.names ? "text" : "decimal",
              value: form.data[f.field] ?? "", placeholder: f.default === null ? "" : typedNumber(f.default),
                oninput: (event) => { form.data[f.field] = event.target.value; draw(); } }),
          h("span", { class_: "error", hidden: !numberIn(f.field, form.data[f.field]).fault },
            numberIn(f.field, form.data[f.field]).fault))),
      h("label", { class_: "field" }, h("span", null, t("inject.text")),
        h("textarea", { id: "inject-text", maxlength: 300, value: form.text,
            oninput: (event) => { form.text = event.target.value; } })),
      h("div", { class_: "grid2" }, pick("inject-when", t("inject.when"), form.when,
          [["now", t("inject.now")], ["next", t("inject.next")]], set("when")),
        pick("inject-to", t("inject.to"), form.to,
          [["all", seatName("all")], ...view.seats.map((one) => [one.seat, seatName(one.seat)])], set("to"))),
      button(view, "inject", "primary", send, "do-inject", wrong)]);
}

function ordersCard(view) {
  const form = (ui.over ??= { seat: "", lever: "", place: "", value: "" });
  const rows = view.seats.flatMap((one) => view.orders[one.seat].map((order) => [one.seat, order]));
  const kind = form.seat === view.public.coercer ? "coercer"
    : view.seats.find((one) => one.seat === form.seat)?.kind;
  const levers = Object.values(scene.levers).filter((one) => kind && one.actors.split(" ").includes(kind));
  const row = scene.levers[form.lever];
  const places = !row?.index ? [] : row.index === "zone" ? view.seats.filter((one) => scene.zones[one.seat]
    && one.seat !== form.seat).map((one) => one.seat) : Object.keys(view.public.prices || {});
  const pick = (name, label, options) => h("label", { class_: "field", key: name }, h("span", null, label),
    h("select", { id: `over-${name}`, value: form[name],
        onchange: (event) => { form[name] = event.target.value; draw(); } },
          h("option", { value: "", selected: !form[name] }, "–"),
            options.map(([v, text]) => h("option", { value: v, selected: form[name] === v }, text))));
  const found = row && readLever(row, form.value), full = form.place ? `${form.lever}.${form.place}`
    : form.lever;
  const ready = found && !found.fault && (!row.index || form.place);
  return h("section", { class_: "card w6 stack", key: "orders" }, h("h2", null, t("console.all_orders")),
    rows.length ? h("ul", { class_: "news" },
      rows.map(([seat, one]) => h("li", { key: `${seat}.${one.lever}` }, h("b", null, seatName(seat)),
          h("span", null, leverName(one.lever)), h("b", null, amount(unitOf(one.lever), one.value)),
            (one.why || one.reason) && h("i", null, one.why || one.reason), CONTROL.includes(one.by)
              && [h("span", { class_: "kind" }, t("who.control")),
                h("button", { type: "button", id: `free-${seat}-${one.lever}`,
                    disabled: !may(view, "override") || ui.busy > 0,
                      onclick: () => surely("free", true, { seat, lever: one.lever, value: null },
                        { seat: seatName(seat), lever: leverName(one.lever) }) }, t("lever.take_back"),
                          h("span", { class_: "sr" }, ` ${leverName(one.lever)}`))])))
                            : h("p", { class_: "soft" }, t("console.no_orders")),
    h("h3", null, t("do.override")),
      pick("seat", t("console.seat"), view.seats.map((one) => [one.seat, seatName(one.seat)])),
        form.seat && pick("lever", t("deal.lever"), levers.map((one) => [one.lever, leverName(one.lever)])),
    row?.index && pick("place", t("deal.place"), places.map((one) => [one, placeName(one)])),
    row && h("label", { class_: "field" },
      h("span", null,
        t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
            unit: unitName(row.unit) })),
              h("input", { id: "over-value", type: "text", inputmode: "decimal", value: form.value,
                  oninput: (event) => { form.value = event.target.value; draw(); } }),
      found.fault && !found.empty && h("span", { class_: "error", id: "over-fault" }, found.fault)),
    h("button", { type: "button", id: "do-override", class_: "danger",
        disabled: !ready || !may(view, "override"), onclick: () => surely("override", true,
          { seat: form.seat, lever: full, value: found.value },
            { seat: seatName(form.seat), lever: leverName(full), value: amount(row.unit, found.value) }) },
              t("do.override")));
}

function movesCard(view) {
  const open = view.moves.filter((one) => one.probability === null);
  return view.moves.length > 0 && h("section", { class_: "card w6 stack", key: "moves" },
    h("h2", null, t("console.moves")),
    view.moves.map((one) => h("div", { class_: "inject", key: `mv-${one.n}` },
        h("p", null, h("b", null, seatName(one.seat)), ": ", one.claim),
          one.pro.map((x) => h("p", null, "+ ", x)), one.con.map((x) => h("p", null, "− ", x)),
      one.probability === null ? judgeForm(view, one)
        : h("p", null, t(one.success ? "move.came" : "move.failed",
            { p: percent(one.probability, 0), die: percent(one.die, 0) })))),
    !open.length && h("p", { class_: "soft" }, t("console.all_judged")));
}

// The chance, what follows if it comes true, and the question before the die is thrown.
function judgeForm(view, move) {
  const form = ((ui.judge ??= {})[move.n] ??= { p: "50", then: "", shown: false });
  const throwDie = (p) => {
    const card = view.cards.find((one) => one.card === form.then);
    const event = card && { ...card.event, text: t(`inject_card.${card.card}.text`) };
    surely("adjudicate", true, { move: move.n, probability: p / 100, shown: form.shown,
        ...(event ? { event } : {}) }, { p: percent(p / 100, 0) });
  };
  const own = Number(form.p), fine = form.p !== "" && own >= 0 && own <= 100;
  return h("div", { class_: "stack" },
    h("label", { class_: "field" }, h("span", null, t("move.if_true")),
      h("select", { id: `then-${move.n}`, value: form.then,
          onchange: (event) => { form.then = event.target.value; draw(); } },
      h("option", { value: "", selected: !form.then }, t("move.no_effect")),
        view.cards.filter((one) => one.event.kind !== "news").map((one) => h("option",
            { value: one.card, selected: form.then === one.card }, t(`inject_card.${one.card}.title`))))),
    h("label", { class_: "check" },
      h("input", { type: "checkbox", id: `shown-${move.n}`, checked: form.shown,
          onchange: (event) => { form.shown = event.target.checked; draw(); } }), t("move.show")),
    h("div", { class_: "row" },
      [10, 30, 50, 70,
        90].map((p) => h("button", { type: "button", key: p, disabled: !may(view, "adjudicate"),
            onclick: () => throwDie(p) }, percent(p / 100, 0)))),
    h("div", { class_: "row" }, h("label", { class_: "field grow" }, h("span", null, t("move.own")),
        h("input", { id: `p-${move.n}`, type: "number", min: 0, max: 100, value: form.p,
            oninput: (event) => { form.p = event.target.value; draw(); } })),
      h("button", { type: "button", class_: "primary", id: `judge-${move.n}`,
          disabled: !fine || !may(view, "adjudicate"), onclick: () => throwDie(own) }, t("move.judge"))));
}

function talkCard(view) {
  return h("section", { class_: "card w6 stack", key: "talk" }, h("h2", null, t("console.talk")),
    h("form", { class_: "stack", onsubmit: async (event) => {
      event.preventDefault();
      if (ui.text.trim() && await act("message", { to: ui.to, text: ui.text.trim() })) {
        ui.text = "";
        document.getElementById("say-text").value = "";
        draw();
      }
    } }, h("label", { class_: "field" }, h("span", null, t("messages.to")),
      h("select", { id: "say-to", value: ui.to, onchange: (event) => { ui.to = event.target.value; } },
        ["all", ...view.seats.map((one) => one.seat)].map((one) => h("option",
            { value: one, selected: one === ui.to }, seatName(one))))),
    h("label", { class_: "field" }, h("span", null, t("messages.text")),
      h("textarea", { id: "say-text", maxlength: 2000, value: ui.text,
          oninput: (event) => { ui.text = event.target.value; } })),
    h("button", { type: "submit", class_: "primary", disabled: !may(view, "message") }, t("messages.send"))),
    h("ul", { class_: "talk" }, [...view.messages].reverse().slice(0, 60).map((one) => h("li", { key: one.n },
          h("span", { class_: "by" }, seatName(one.by)), " → ", one.to.map(seatName).join(", "), " ",
            h("span", { class_: "soft" }, clock(one.at)), h("p", null, phrase(one.say, one.text))))));
}

function dealsCard(view) {
  return h("section", { class_: "card w6", key: "deals" }, h("h2", null, t("tabs.deals")), view.deals.length
    ? view.deals.map((deal) => h("div", { class_: "deal", key: deal.n },
        h("p", null, h("b", null, t("deal.number", { n: deal.n })), " · ",
          t(`deal.status_${deal.status.replaceAll(" ", "_")}`), " · ", dealTerms(deal)),
            dealLines(deal).map((one) => h("p", null, one)), deal.text && h("p", { class_: "soft" },
              deal.text))) : h("p", { class_: "soft" }, t("deals.none")));
}

async function fetchZip(format, names) {
  ui.busy++;
  draw();
  try {
    const answer = await fetch(at(`/api/rooms/${own.code}/export?format=${format}&names=${names}`),
      { headers: { authorization: `Bearer ${own.token}` } });
    if (!answer.ok) {
      const found = await answer.json();
      throw new Error(phrase(found.say, found.error));
    }
    const link = h("a", { href: URL.createObjectURL(await answer.blob()),
        download: `room-${own.code}-${format}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (problem) { ui.error = problem.message; }
  ui.busy--;
  draw();
}

function recordCard(view) {
  const health = view.health;
  return h("section", { class_: "card w6 stack", key: "record" }, h("h2", null, t("console.record")),
    h("div", { class_: "row" },
      ["csv", "parquet"].map((one) => h("button", { type: "button", key: one, disabled: ui.busy > 0,
            onclick: () => fetchZip(one, "no") }, t("console.export", { format: one.toUpperCase() }))),
      h("button", { type: "button", disabled: ui.busy > 0,
          onclick: async () => { if (await sure(t("console.export_names"), t("sure.names"))) fetchZip("csv",
              "yes"); } }, t("console.export_names"))),
    Object.values(view.scores).some(Boolean) && h("ul", { class_: "lights" },
      view.seats.filter((one) => view.scores[one.seat] && one.open).map((one) => h("li", { class_: "light" },
          seatName(one.seat), " ", band(view.scores[one.seat].band)))),
    h("h3", null, t("console.health")), h("p", { class_: health.fault || health.dropped ? "error" : "ok" },
      phrase(health.fault_say, health.fault) || phrase(health.dropped_say, health.dropped)
        || t("console.healthy")),
    h("p", { class_: "soft" }, t("console.connected", { n: num(health.connected) }), " · ",
      t("console.version", { n: num(view.version) }), " · ", t("console.seed", { seed: view.seed })),
    helpersCard(view, desk));
}

function draw() {
  const other = instead(live);
  document.title = `${t("console.title")} · Entrepot`;
  const bar = { current: "class", again: draw };
  if (other) return show(shell({ ...bar, set: t("console.title") }), body(other));
  const view = live.view, title = titleOf(view).split(/[:：]/)[0];
  show(shell({ ...bar, set: [h("b", null, title), ` · ${t("console.title")} · ${view.room}`] }),
    roomBar(view, live),
    body(h("h1", { class_: "sr" }, t("console.title")), cutOff(live), asStored(view),
      h("div", { class_: "board", key: "board" }, phaseBar(view), safe(seatTable, view),
      safe(joinCard, view), safe(cardsCard, view, desk), safe(injectCard, view), safe(ordersCard, view),
      safe(movesCard, view), safe(talkCard, view), safe(dealsCard, view), safe(peopleCard, view, desk),
      safe(recordCard, view),
    view.public.prices && h("section", { class_: "card w6", key: "world" }, h("h2", null, t("tabs.world")),
      safe(roomMap, view, 720, 320)))), toldStrip());
}

await speak();
if (own) {
  await learnAddresses(own.code);
  live = new Live(own, changed);
  draw();
  runClock(live);
  window.addEventListener("hashchange", () => location.reload());
} else draw();
