// Deals: the form of an offer, and what others have offered.

import {
  clauseText, dealLines, dealTerms, goodName, h, leverName, num, readLever, readNumber, say, scene, seatName,
  shownValue, t, unitName,
} from "../room/base.js";
import { draw, isOpen, out, ui } from "./state.js";

// What a line may hold: as much as the room takes.
const TONNES = { low: 0, high: 1e7, unit: "t", above: true };
const MONEY = () => ({ low: 0, high: 1e6, unit: t("unit.USD m per quarter"), above: true });
const TERM_FIELDS = ["from", "turns", "exit"]; // turns: when it begins, how long it lasts, notice

// `tried`: somebody meant to send it, so that what is missing is said; `sent`: the id on its way.
const blankDeal = () => ({ to: "", gives: [], gets: [], turns: "1", from: "", secret: false, exit: "",
    text: "", tried: false, sent: "" });
const blankClause = () => ({ kind: "stock", lever: "", place: "", sense: "at_least", value: "", material: "",
    tonnes: "", money: "" });

function kindsOf(seat, view) {
  if (seat === view.public?.coercer) return "coercer";
  return view.seats.find((one) => one.seat === seat)?.kind || "state";
}
function leversOf(seat, view) {
  return Object.values(scene.levers).filter((one) => one.actors.split(" ").includes(kindsOf(seat, view)));
}

// What a line promises, and what is still wrong with it, by field.
function readClause(form) {
  const faults = {};
  const chosen = (name) => { if (!form[name]) faults[name] = t("deal.choose"); return form[name] || null; };
  const typed = (name, found) => { if (found.fault) faults[name] = found.fault; return found.value ?? null; };
  let clause;
  if (form.kind === "money") clause = { kind: "money",
    usd_m_per_turn: typed("money", readNumber(form.money, MONEY())) };
  else if (form.kind === "stock") clause = { kind: "stock", material: chosen("material"),
    tonnes_per_turn: typed("tonnes", readNumber(form.tonnes, TONNES)) };
  else {
    const row = scene.levers[chosen("lever")];
    const lever = row?.index ? chosen("place") && `${form.lever}.${form.place}` : form.lever;
    clause = { kind: "lever", lever, sense: form.sense,
      value: row ? typed("value", readLever(row, form.value)) : null };
  }
  return { clause, faults, whole: !Object.keys(faults).length };
}

// A sentence under a field: at once where something is typed, and for what is missing once it was tried.
const faultOf = (id, text, fault) =>
  fault && (ui.deal.tried || String(text).trim()) && h("span", { class_: "error", id: `${id}-fault` }, fault);

function clauseForm(view, giver, form, list, id) {
  const { faults } = readClause(form);
  const traits = (name) => ({ "aria-invalid": ui.deal.tried && faults[name] ? "true" : undefined,
      "aria-describedby": faults[name] ? `${id}-${name}-fault` : undefined });
  const set = (name) => (event) => { form[name] = event.target.value; draw(); };
  const pick = (name, label, options) => h("label", { class_: "field" }, h("span", null, label),
    h("select", { id: `${id}-${name}`, value: form[name], onchange: set(name), ...traits(name) },
      h("option", { value: "", selected: form[name] === "" }, "–"),
      options.map(([value, text]) => h("option", { value, selected: form[name] === value }, text))),
    faultOf(`${id}-${name}`, form[name], faults[name]));
  const number = (name, label) => h("label", { class_: "field" }, h("span", null, label),
    h("input", { id: `${id}-${name}`, type: "text", inputmode: "decimal", value: form[name],
        oninput: set(name), ...traits(name) }),
    faultOf(`${id}-${name}`, form[name], faults[name]));
  const goods = Object.keys(view.public?.prices || {}).map((one) => [one, goodName(one)]);
  const row = scene.levers[form.lever];
  return h("div", { class_: "clause", key: id },
    h("label", { class_: "field" }, h("span", null, t("deal.what")),
      h("select", { id: `${id}-kind`, value: form.kind, onchange: set("kind") },
        ["stock", "money", "lever"].map((one) => h("option", { value: one, selected: form.kind === one },
            t(`deal.kind_${one}`))))),
    form.kind === "stock" && [pick("material", t("deal.material"), goods),
      number("tonnes", t("deal.tonnes"))],
    form.kind === "money" && number("money", t("deal.money")),
    form.kind === "lever" && [
      pick("lever", t("deal.lever"), leversOf(giver, view).map((one) => [one.lever, leverName(one.lever)])),
      row?.index && pick("place", t("deal.place"), row.index === "zone"
        ? view.seats.filter((one) => scene.zones[one.seat] && one.seat !== view.public.coercer).map((one) =>
          [one.seat, seatName(one.seat)]) : goods),
      pick("sense", t("deal.sense"),
        ["at_least", "at_most", "equals"].map((one) => [one, t(`sense.${one}`)])),
      row && number("value",
        t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
            unit: unitName(row.unit) })),
    ],
    h("button", { type: "button", onclick: () => { list.splice(list.indexOf(form), 1); draw(); } },
      t("deal.remove")));
}

function dealForm(view) {
  const form = ui.deal;
  const side = (name, giver, title) => h("div", { class_: "side" }, h("h3", null, title),
    form[name].map((one, k) => clauseForm(view, giver, one, form[name], `c-${name}-${k}`)),
    h("button", { type: "button", onclick: () => { form[name].push(blankClause()); draw(); } }, "+ ",
      t("deal.add"), h("span", { class_: "sr" }, ` ${title}`)));
  const gives = form.gives.map(readClause), gets = form.gets.map(readClause);
  const terms = readTerms(view, form);
  const lines = gives.length + gets.length > 0;
  const ready = form.to && lines && [...gives, ...gets, terms].every((one) => one.whole);
  const number = (name, label) => h("label", { class_: "field grow" }, h("span", null, label),
    h("input", { id: `deal-${name}`, type: "text", inputmode: "numeric", value: form[name],
        "aria-invalid": form.tried && terms.faults[name] ? "true" : undefined,
          oninput: (event) => { form[name] = event.target.value; draw(); } }),
    faultOf(`deal-${name}`, form[name], terms.faults[name]));
  const said = (giver, list) => list.filter((one) => one.whole).map((one) => h("p", null,
      clauseText(giver, one.clause)));
  return h("form", { class_: "card stack", key: "dealform", novalidate: true,
      onsubmit: (event) => { event.preventDefault(); offer(ready, gives, gets, terms); } },
    h("h3", null, t("deal.new")),
    h("label", { class_: "field" }, h("span", null, t("deal.with")),
      h("select", { id: "deal-to", value: form.to, "aria-invalid": form.tried && !form.to ? "true"
          : undefined, onchange: (event) => { form.to = event.target.value; draw(); } },
        h("option", { value: "", selected: !form.to }, "–"),
        view.seats.filter((one) => one.seat !== view.seat).map((one) => h("option",
            { value: one.seat, selected: form.to === one.seat }, seatName(one.seat)))),
      form.tried && !form.to && h("span", { class_: "error" }, t("deal.choose"))),
    h("div", { class_: "sides" }, side("gives", view.seat, t("deal.you_give")),
      side("gets", form.to || "KOR", t("deal.they_give"))),
    h("div", { class_: "sentence", "aria-live": "polite" },
      said(view.seat, gives), form.to && said(form.to, gets),
      !ready && h("p", { class_: "soft" }, t("deal.unfinished"))),
    h("div", { class_: "row" }, number("from", t("deal.from_turn")), number("turns", t("deal.turns")),
      number("exit", t("deal.exit_turns"))),
    h("label", { class_: "check" },
      h("input", { id: "deal-secret", type: "checkbox", checked: form.secret,
          onchange: (event) => { form.secret = event.target.checked; draw(); } }), t("deal.keep_secret")),
    h("label", { class_: "field" }, h("span", null, t("deal.text")),
      h("input", { id: "deal-text", type: "text", maxlength: 500, value: form.text,
          oninput: (event) => { form.text = event.target.value; } })),
    form.tried && !ready && h("p", { class_: "error", role: "alert" },
      t(lines ? "deal.incomplete" : "deal.no_lines")),
    out.faults.deals && h("p", { class_: "error", role: "alert", id: "deal-refused" }, out.faults.deals),
    form.sent && h("p", { role: "status" }, t("lever.sending")),
    h("div", { class_: "row" }, h("button", { type: "submit", class_: "primary", disabled: !!form.sent },
        t("deal.offer")),
      h("button", { type: "button", onclick: () => { ui.deal = null; delete out.faults.deals; draw(); } },
        t("page.cancel"))));
}

function readTerms(view, form) {
  const most = Math.max(1, view.turns), faults = {}, found = {};
  const range = { from: { low: Math.max(1, view.turn), high: most }, turns: { low: 1, high: most },
    exit: { low: 0, high: most } };
  for (const name of TERM_FIELDS) {
    const one = readNumber(form[name], { ...range[name], whole: true });
    if (one.empty && name !== "turns") continue;
    if (one.fault) faults[name] = one.fault;
    found[name] = one.value;
  }
  return { ...found, faults, whole: !Object.keys(faults).length };
}

function offer(ready, gives, gets, terms) {
  const form = ui.deal;
  if (form.sent) return;
  if (!ready) {
    form.tried = true;
    draw();
    return document.querySelector("#panel [aria-invalid]")?.focus();
  }
  const body = { to: form.to, gives: gives.map((one) => one.clause), gets: gets.map((one) => one.clause),
    turns: terms.turns, secret: form.secret, text: form.text };
  if (terms.from !== undefined) body.from_turn = terms.from;
  if (terms.exit !== undefined) body.exit = terms.exit;
  delete out.faults.deals;
  form.sent = out.send("POST", "deals", body);
  say(t("lever.sending"));
  draw();
}

// The form goes once the room has the offer; what is refused stays, with the reason.
function settle() {
  const form = ui.deal;
  if (!form?.sent || out.waiting.some((one) => one.id === form.sent)) return;
  if (out.faults.deals) form.sent = "";
  else {
    ui.deal = null;
    say(t("deal.sent"));
  }
}

function dealCard(view, deal) {
  const signed = deal.signed || [];
  const act = (name, class_) => h("button",
    { type: "button", class_, onclick: () => { out.send("POST", `deals/${deal.n}/${name}`, {}); draw(); } },
    t(name === "withdraw" && deal.status === "in force" ? "deal.notice" : `deal.${name}`),
      h("span", { class_: "sr" }, ` ${deal.n}`));
  const fault = out.faults[`deals/${deal.n}/sign`] || out.faults[`deals/${deal.n}/withdraw`];
  const over = view.phase === "ended" || view.handed;
  return h("li", { class_: "deal", key: `deal-${deal.n}` },
    h("h3", null, t("deal.number", { n: deal.n }), " · ", deal.parties.map(seatName).join(" + ")),
    h("p", null, h("b", null, t(`deal.status_${deal.status.replaceAll(" ", "_")}`)), " · ", dealTerms(deal)),
    h("div", { class_: "sentence" }, dealLines(deal).map((one) => h("p", null, one))),
    deal.text && h("p", null, deal.text),
    deal.status === "offered" && h("p", { class_: "soft" },
      t("deal.signed_by", { seats: signed.map(seatName).join(", ") || "–" })),
    deal.left_by && h("p", { class_: "soft" }, t("deal.left_by", { seat: seatName(deal.left_by) })),
    fault && h("p", { class_: "error" }, fault),
    !over && h("div", { class_: "row" },
      deal.status === "offered" && !signed.includes(view.seat) && act("sign", "primary"),
      deal.status === "offered" && act("withdraw", "danger"),
      deal.status === "in force" && deal.exit !== null && !deal.left_by && act("withdraw", "danger")));
}

export function dealsTab(view) {
  settle();
  const rows = [
    ["deals.to_me", view.deals.filter((one) => one.status === "offered" && one.by !== view.seat)],
    ["deals.by_me", view.deals.filter((one) => one.status === "offered" && one.by === view.seat)],
    ["deals.in_force", view.deals.filter((one) => one.status === "in force")],
    ["deals.past", view.deals.filter((one) => !["offered", "in force"].includes(one.status))],
  ];
  return [
    !view.handed && (ui.deal ? dealForm(view)
      : h("button", { type: "button", key: "newdeal", class_: "primary", disabled: !isOpen(view)
          && view.phase !== "lobby", onclick: () => { ui.deal = blankDeal(); draw();
            document.getElementById("deal-to").focus(); } }, t("deal.new"))),
    !ui.deal && out.faults.deals && h("p", { class_: "error", role: "alert" }, out.faults.deals),
    rows.map(([title, list]) => (list.length || title === "deals.to_me") && h("section", { key: title },
        h("h3", null, t(title)),
      list.length ? h("ul", null, list.map((one) => dealCard(view, one))) : h("p", { class_: "soft" },
        t("deals.none")))),
  ];
}
