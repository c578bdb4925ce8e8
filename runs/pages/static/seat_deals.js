// Deals: the form of an offer, and what others have offered.

import {
  clauseText, dealLines, dealTerms, goodName, h, leverName, num, say, scaleOf, scene, seatName, shownValue,
  t, unitName,
} from "./base.js";
import { draw, isOpen, out, ui } from "./seat_state.js";

const blankDeal = () => ({ to: "", gives: [], gets: [], turns: 1, from: "", secret: false, exit: "", text: "" });
const blankClause = () => ({ kind: "stock", lever: "", place: "", sense: "at_least", value: "", material: "", tonnes: "", money: "" });

function kindsOf(seat, view) {
  if (seat === view.public?.coercer) return "coercer";
  return view.seats.find((one) => one.seat === seat)?.kind || "state";
}
function leversOf(seat, view) {
  return Object.values(scene.levers).filter((one) => one.actors.split(" ").includes(kindsOf(seat, view)));
}

function clauseOf(form) {
  if (form.kind === "money") return { kind: "money", usd_m_per_turn: Number(form.money) || null };
  if (form.kind === "stock") return { kind: "stock", material: form.material || null, tonnes_per_turn: Number(form.tonnes) || null };
  const row = scene.levers[form.lever];
  const lever = row?.index && form.place ? `${form.lever}.${form.place}` : form.lever;
  const value = form.value === "" || !row ? null : Number(form.value) / scaleOf(row.unit);
  return { kind: "lever", lever: lever || null, sense: form.sense, value: isFinite(value) ? value : null };
}
const whole = (one) => one.kind === "money" ? one.usd_m_per_turn : one.kind === "stock" ? one.material && one.tonnes_per_turn : one.lever && one.value !== null;

function clauseForm(view, giver, form, list, id) {
  const set = (name) => (event) => { form[name] = event.target.value; draw(); };
  const pick = (name, label, options) => h("label", { class_: "field" }, h("span", null, label),
    h("select", { id: `${id}-${name}`, value: form[name], onchange: set(name) },
      h("option", { value: "", selected: form[name] === "" }, "–"),
      options.map(([value, text]) => h("option", { value, selected: form[name] === value }, text))));
  const number = (name, label) => h("label", { class_: "field" }, h("span", null, label),
    h("input", { id: `${id}-${name}`, type: "text", inputmode: "decimal", value: form[name], oninput: set(name) }));
  const goods = Object.keys(view.public?.prices || {}).map((one) => [one, goodName(one)]);
  const row = scene.levers[form.lever];
  return h("div", { class_: "clause", key: id },
    h("label", { class_: "field" }, h("span", null, t("deal.what")),
      h("select", { id: `${id}-kind`, value: form.kind, onchange: set("kind") },
        ["stock", "money", "lever"].map((one) => h("option", { value: one, selected: form.kind === one }, t(`deal.kind_${one}`))))),
    form.kind === "stock" && [pick("material", t("deal.material"), goods), number("tonnes", t("deal.tonnes"))],
    form.kind === "money" && number("money", t("deal.money")),
    form.kind === "lever" && [
      pick("lever", t("deal.lever"), leversOf(giver, view).map((one) => [one.lever, leverName(one.lever)])),
      row?.index && pick("place", t("deal.place"), row.index === "zone" ? view.seats.filter((one) => scene.zones[one.seat] && one.seat !== view.public.coercer).map((one) => [one.seat, seatName(one.seat)]) : goods),
      pick("sense", t("deal.sense"), ["at_least", "at_most", "equals"].map((one) => [one, t(`sense.${one}`)])),
      row && number("value", t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) })),
    ],
    h("button", { type: "button", onclick: () => { list.splice(list.indexOf(form), 1); draw(); } }, t("deal.remove")));
}

function dealForm(view) {
  const form = ui.deal;
  const side = (name, giver, title) => h("div", { class_: "side" }, h("h3", null, title),
    form[name].map((one, k) => clauseForm(view, giver, one, form[name], `c-${name}-${k}`)),
    h("button", { type: "button", onclick: () => { form[name].push(blankClause()); draw(); } }, "+ ", t("deal.add"), h("span", { class_: "sr" }, ` ${title}`)));
  const gives = form.gives.map((one) => clauseOf(one)), gets = form.gets.map((one) => clauseOf(one));
  const ready = form.to && gives.length + gets.length && [...gives, ...gets].every(whole);
  const number = (name, label, low, high) => h("label", { class_: "field grow" }, h("span", null, label),
    h("input", { id: `deal-${name}`, type: "number", min: low, max: high, value: form[name], oninput: (event) => { form[name] = event.target.value; draw(); } }));
  return h("form", { class_: "card stack", key: "dealform", novalidate: true, onsubmit: (event) => { event.preventDefault(); offer(view, ready, gives, gets); } },
    h("h3", null, t("deal.new")),
    h("label", { class_: "field" }, h("span", null, t("deal.with")),
      h("select", { id: "deal-to", value: form.to, onchange: (event) => { form.to = event.target.value; draw(); } },
        h("option", { value: "", selected: !form.to }, "–"),
        view.seats.filter((one) => one.seat !== view.seat).map((one) => h("option", { value: one.seat, selected: form.to === one.seat }, seatName(one.seat))))),
    h("div", { class_: "sides" }, side("gives", view.seat, t("deal.you_give")), side("gets", form.to || "KOR", t("deal.they_give"))),
    h("div", { class_: "sentence", "aria-live": "polite" },
      gives.filter(whole).map((one) => h("p", null, clauseText(view.seat, one))),
      form.to && gets.filter(whole).map((one) => h("p", null, clauseText(form.to, one))),
      !ready && h("p", { class_: "soft" }, t("deal.unfinished"))),
    h("div", { class_: "row" }, number("from", t("deal.from_turn"), view.turn, view.turns), number("turns", t("deal.turns"), 1, view.turns), number("exit", t("deal.exit_turns"), 0, view.turns)),
    h("label", { class_: "check" }, h("input", { id: "deal-secret", type: "checkbox", checked: form.secret, onchange: (event) => { form.secret = event.target.checked; draw(); } }), t("deal.keep_secret")),
    h("label", { class_: "field" }, h("span", null, t("deal.text")), h("input", { id: "deal-text", type: "text", maxlength: 500, value: form.text, oninput: (event) => { form.text = event.target.value; } })),
    h("div", { class_: "row" }, h("button", { type: "submit", class_: "primary", disabled: !ready }, t("deal.offer")),
      h("button", { type: "button", onclick: () => { ui.deal = null; draw(); } }, t("page.cancel"))));
}

function offer(view, ready, gives, gets) {
  if (!ready) return;
  const form = ui.deal;
  const body = { to: form.to, gives, gets, turns: Math.max(1, Math.round(Number(form.turns) || 1)), secret: form.secret, text: form.text };
  for (const one of [...gives, ...gets]) for (const key of Object.keys(one)) if (one[key] === null) delete one[key];
  if (form.from !== "") body.from_turn = Math.round(Number(form.from));
  if (form.exit !== "") body.exit = Math.round(Number(form.exit));
  out.send("POST", "deals", body);
  ui.deal = null;
  say(t("lever.sending"));
  draw();
}

function dealCard(view, deal) {
  const signed = deal.signed || [];
  const act = (name, class_) => h("button", { type: "button", class_, onclick: () => { out.send("POST", `deals/${deal.n}/${name}`, {}); draw(); } },
    t(name === "withdraw" && deal.status === "in force" ? "deal.notice" : `deal.${name}`), h("span", { class_: "sr" }, ` ${deal.n}`));
  const fault = out.faults[`deals/${deal.n}/sign`] || out.faults[`deals/${deal.n}/withdraw`];
  const over = view.phase === "ended" || view.handed;
  return h("li", { class_: "deal", key: `deal-${deal.n}` },
    h("h3", null, t("deal.number", { n: deal.n }), " · ", deal.parties.map(seatName).join(" + ")),
    h("p", null, h("b", null, t(`deal.status_${deal.status.replaceAll(" ", "_")}`)), " · ", dealTerms(deal)),
    h("div", { class_: "sentence" }, dealLines(deal).map((one) => h("p", null, one))),
    deal.text && h("p", null, deal.text),
    deal.status === "offered" && h("p", { class_: "soft" }, t("deal.signed_by", { seats: signed.map(seatName).join(", ") || "–" })),
    deal.left_by && h("p", { class_: "soft" }, t("deal.left_by", { seat: seatName(deal.left_by) })),
    fault && h("p", { class_: "error" }, fault),
    !over && h("div", { class_: "row" },
      deal.status === "offered" && !signed.includes(view.seat) && act("sign", "primary"),
      deal.status === "offered" && act("withdraw", "danger"),
      deal.status === "in force" && deal.exit !== null && !deal.left_by && act("withdraw", "danger")));
}

export function dealsTab(view) {
  const rows = [
    ["deals.to_me", view.deals.filter((one) => one.status === "offered" && one.by !== view.seat)],
    ["deals.by_me", view.deals.filter((one) => one.status === "offered" && one.by === view.seat)],
    ["deals.in_force", view.deals.filter((one) => one.status === "in force")],
    ["deals.past", view.deals.filter((one) => !["offered", "in force"].includes(one.status))],
  ];
  return [
    !view.handed && (ui.deal ? dealForm(view) : h("button", { type: "button", key: "newdeal", class_: "primary", disabled: !isOpen(view) && view.phase !== "lobby", onclick: () => { ui.deal = blankDeal(); draw(); document.getElementById("deal-to").focus(); } }, t("deal.new"))),
    out.faults.deals && h("p", { class_: "error", role: "alert" }, out.faults.deals),
    rows.map(([title, list]) => (list.length || title === "deals.to_me") && h("section", { key: title }, h("h3", null, t(title)),
      list.length ? h("ul", null, list.map((one) => dealCard(view, one))) : h("p", { class_: "soft" }, t("deals.none")))),
  ];
}
