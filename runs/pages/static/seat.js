import {
  GAUGES, Live, arrow, ask, amount, band, causeText, choiceName, chooseLanguage, clauseText, clock, day, dealLines, dealTerms,
  goodName, h, headlineLine, inEnglish, instead, keep, learnScene, leftOf, loudFirst, leverName, minutes, notice, num, pass, percent, phaseName, phrase,
  placeName, runClock, s, say, scaleOf, scene, seatName, show, shownValue, signed, speak, t, titleOf, told, turnName,
  unitName, unitOf, usd, voices,
} from "./base.js";
import { drawLine, drawMap } from "./map.js";
import { Outbox } from "./outbox.js";
import { hotwash } from "./hotwash.js";
import { alone, aloneCard, aloneEnd } from "./alone.js";

const TABS = ["orders", "deals", "messages", "world", "history"];
const own = pass("seat");
const solo = alone(own, () => draw());
const ui = { tab: keep.get("tab", "orders"), open: {}, estimates: {}, deal: null, text: {}, to: "all", good: "", error: "", waiting: false };
let out = null, live = null, told_phase = "";
const past = own ? keep.get(`past.${own.code}.${own.token.slice(0, 10)}`, {}) : {};

async function changed() {
  const view = live.view;
  if (view && live.state === "live") {
    await speak(view.language);
    await learnScene(view.scenario);
    out.turn(view.turn);
    remember(view);
    announce(view);
    if (view.submitted && ui.submitted === false) window.scrollTo(0, 0);
    ui.submitted = view.submitted;
  }
  draw();
}

function remember(view) {
  const result = view.report?.result;
  if (!result || !view.public?.headline) return;
  past[result.turn] = { result, headline: loudFirst(view.public.headline).slice(0, 12), date: view.public.date };
  keep.set(`past.${own.code}.${own.token.slice(0, 10)}`, past);
}

function announce(view) {
  const now = `${turnName(view)}. ${phaseName(view)}.`;
  if (told_phase && told_phase !== now) say(now, true);
  told_phase = now;
}

// --- orders --------------------------------------------------------------------------------------

const isOpen = (view) => ["report", "negotiate", "orders"].includes(view.phase);
const mayEdit = (view) => isOpen(view) && !view.submitted && !view.handed;

// What stands in the log for a lever: {value, at} or null.
function saved(view, full) {
  const fresh = out.acked[full];
  if (fresh && fresh.version > view.version) return fresh.value === null ? null : fresh;
  const found = view.orders.find((one) => one.lever === full);
  return found ? { value: found.value, at: found.at, why: found.why } : null;
}
const inForce = (row, place) => (place ? row.values?.[place] : row.index ? null : row.value);

function read(row, text) {
  const clean = String(text).trim().replace("−", "-").replace(",", ".");
  if (!/^-?\d+(\.\d+)?$/.test(clean)) return { fault: t("lever.not_a_number") };
  const value = Number((Number(clean) / scaleOf(row.unit)).toFixed(8));
  if (value < row.low - 1e-9 || value > row.high + 1e-9)
    return { fault: t("lever.out_of_range", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) }) };
  if (row.whole && value % 1) return { fault: t("lever.whole") };
  return { value };
}

function commit(row, full) {
  const view = live.view, text = out.drafts[full];
  if (text === undefined || !mayEdit(view)) return true;
  const found = read(row, text);
  if (found.fault) {
    out.faults[full] = found.fault;
    draw();
    return false;
  }
  out.order(full, found.value, text, view.turn, intents(view)[full] ?? saved(view, full)?.why ?? "");
  draw();
  return true;
}

// Intents that are typed and not yet sent, kept on this device; each turn has its own.
function intents(view) {
  const place = `why.${out.place}`;
  ui.why ??= keep.get(place, {});
  if (ui.why.turn !== view.turn) ui.why = { turn: view.turn };
  keep.set(place, ui.why);
  return ui.why;
}
function intent(view, full, kept) {
  const typed = intents(view);
  const send = () => {
    if (typed[full] === undefined || !mayEdit(view)) return;
    const why = typed[full].trim();
    if (kept && out.drafts[full] === undefined && why !== (kept.why ?? "")) out.order(full, kept.value, undefined, view.turn, why);
    draw();
  };
  return h("label", { class_: "field intent" }, h("span", null, t("intent.label")), h("input", { id: `why-${full}`, type: "text", maxlength: 300, value: typed[full] ?? kept?.why ?? "",
    oninput: (event) => { typed[full] = event.target.value; keep.set(`why.${out.place}`, typed); }, onchange: send, onkeydown: (event) => { if (event.key === "Enter") send(); } }));
}

// What a lever can be set to, where its values have names; else it has a range.
function choices(row) {
  if (row.unit === "flag") return [0, 1];
  const values = row.whole ? Array.from({ length: row.high - row.low + 1 }, (_, k) => row.low + k) : [];
  return values.every((v) => choiceName(row.unit, v)) ? values : [];
}

function leverRow(view, row, place) {
  const full = place ? `${row.lever}.${place}` : row.lever;
  const draft = out.drafts[full], kept = saved(view, full), now = inForce(row, place);
  const flying = out.waiting.some((one) => one.lever === full);
  const fault = out.faults[full];
  const start = kept?.value ?? now ?? row.default;
  const text = draft ?? String(shownValue(row.unit, start));
  const scale = scaleOf(row.unit), can = mayEdit(view);
  const id = `l-${full}`;
  const typed = (event) => {
    out.draft(full, event.target.value, view.turn);
    draw();
  };
  const done = () => commit(row, full);
  const asNumber = Number(text.replace(",", "."));
  const options = choices(row);
  const control = options.length
    ? h("select", { id, value: text, disabled: !can, onchange: (event) => { typed(event); done(); } },
      options.map((v) => h("option", { value: String(v), selected: String(v) === text }, amount(row.unit, v))))
    : [
      h("input", {
        type: "range", min: row.low * scale, max: row.high * scale, step: row.step * scale, disabled: !can,
        value: String(isFinite(asNumber) ? asNumber : start * scale), "aria-label": `${place ? placeName(place) : leverName(full)}, ${unitName(row.unit)}`,
        "aria-valuetext": `${text} ${unitName(row.unit)}`, oninput: typed, onchange: done,
      }),
      h("input", {
        id, type: "text", inputmode: row.low < 0 ? "text" : "decimal", autocomplete: "off", value: text, disabled: !can,
        "aria-describedby": `${id}-d ${id}-s`, "aria-invalid": fault ? "true" : undefined,
        oninput: typed, onchange: done,
        onkeydown: (event) => { if (event.key === "Enter") done(); },
      }),
    ];
  const bound = view.bounds.find((one) => one.lever === full);
  const guess = ui.estimates[full], lacks = view.report.lacks?.[full];
  return h("div", { class_: `lever ${fault ? "wrong" : draft !== undefined ? "draft" : kept ? "mine" : ""}`, key: full },
    h("label", { for: id, class_: "title" }, place ? placeName(place) : leverName(row.lever)),
    !place && h("p", { id: `${id}-d` }, told(`lever.${row.lever}.meaning`, row.meaning)),
    h("div", { class_: "set" }, control),
    h("p", { class_: "unit" }, options.length ? "" : t("lever.range", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)), unit: unitName(row.unit) }).replace(/ +(?=[.。])/, ""),
      now !== null && now !== undefined ? ` ${t("lever.now", { value: amount(row.unit, now) })}` : "",
      !place && row.delay_weeks ? ` ${t("lever.delay", { n: row.delay_weeks })}` : "",
      !place && row.cost ? ` ${t("lever.cost", { cost: told(`lever.${row.lever}.cost`, row.cost) })}` : ""),
    lacks && h("p", { class_: "unit" }, phrase(lacks)),
    bound && h("p", { class_: "unit" }, "🔗 ", t("lever.bound", { deals: bound.deals.join(", "), words: phrase(bound.say, bound.words) })),
    h("p", { class_: "state", id: `${id}-s`, role: "status" },
      fault ? h("span", { class_: "error" }, fault)
        : flying ? t("lever.sending") : draft !== undefined ? t("lever.unsaved")
          : kept ? h("span", { class_: "ok" }, "✓ ", t("lever.saved", { value: amount(row.unit, kept.value), time: kept.at ? clock(kept.at) : "" })) : ""),
    !solo && can && (kept || draft !== undefined) && intent(view, full, kept),
    guess && h("p", null, guess),
    h("div", { class_: "acts row" },
      kept && can && h("button", { type: "button", onclick: () => { out.draft(full, null, view.turn); out.order(full, null, undefined, view.turn); draw(); } },
        t("lever.take_back"), h("span", { class_: "sr" }, ` ${leverName(full)}`)),
      draft !== undefined && !flying && h("button", { type: "button", onclick: () => { out.draft(full, null, view.turn); draw(); } },
        t("lever.drop"), h("span", { class_: "sr" }, ` ${leverName(full)}`)),
      isOpen(view) && h("button", { type: "button", onclick: () => estimate(row, full) },
        t("lever.estimate"), h("span", { class_: "sr" }, ` ${leverName(full)}`))));
}

async function estimate(row, full) {
  const text = out.drafts[full];
  const found = text === undefined ? { value: saved(live.view, full)?.value ?? inForce(row, full.split(".")[1]) ?? row.default } : read(row, text);
  if (found.fault) {
    out.faults[full] = found.fault;
    return draw();
  }
  try {
    const answer = await ask("GET", `/${own.code}/estimate?lever=${encodeURIComponent(full)}&value=${found.value}`, own.token, undefined, true);
    ui.estimates[full] = answer.cost_usd === null ? t("lever.no_money", { cost: told(`lever.${row.lever}.cost`, row.cost) })
      : t("lever.costs", { usd: usd(answer.cost_usd), value: amount(row.unit, found.value) });
  } catch (problem) {
    ui.estimates[full] = problem.message;
  }
  draw();
}

function fold(name, first, summary, inside, class_ = "") {
  const open = ui.open[name] ?? first;
  return h("details", { class_, key: `d-${name}`, open,
    ontoggle: (event) => { if ((ui.open[name] ?? first) !== event.target.open) { ui.open[name] = event.target.open; draw(); } } },
    h("summary", null, summary), open && inside());
}

function ordersTab(view) {
  const groups = [...new Set(view.levers.map((one) => one.group))];
  const mine = (row) => view.orders.filter((one) => one.lever.split(".")[0] === row.lever).length
    + Object.keys(out.drafts).filter((one) => one.split(".")[0] === row.lever).length;
  return [
    h("p", { class_: "soft" }, t(solo ? "solo.orders" : "orders.note")),
    !isOpen(view) && h("p", null, t(view.phase === "lobby" ? "orders.lobby" : view.phase === "ended" ? "orders.ended" : "orders.closed")),
    groups.map((group, k) => fold(`g-${group}`, k === 0 || group === "compliance", told(`group.${group}`, group), () =>
      view.levers.filter((one) => one.group === group).map((row) =>
        row.index
          ? fold(`x-${row.lever}`, false, [h("span", null, `${leverName(row.lever)} `, mine(row) ? h("b", null, t("orders.changed", { n: mine(row) })) : "")], () => [
            h("p", null, told(`lever.${row.lever}.meaning`, row.meaning)),
            h("p", { class_: "unit" }, row.delay_weeks ? t("lever.delay", { n: row.delay_weeks }) : "", " ", t("lever.cost", { cost: told(`lever.${row.lever}.cost`, row.cost) })),
            row.places.map((place) => leverRow(view, row, place))])
          : leverRow(view, row, "")), "group")),
    isOpen(view) && !solo && fold("move", false, t("move.title"), () => moveForm(view)),
  ];
}

function moveForm(view) {
  const text = ui.text;
  const field = (name, label) => h("label", { class_: "field" }, h("span", null, label),
    h("textarea", { id: `m-${name}`, maxlength: 300, value: text[name] ?? "", oninput: (event) => { text[name] = event.target.value; } }));
  return h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("move.note"), " ", t("move.args")), field("claim", t("move.claim")), field("pro", t("move.pro")), field("con", t("move.con")),
    h("button", { type: "button", class_: "primary", onclick: () => {
      if (!text.claim?.trim()) return;
      const lines = (one) => (one || "").split("\n").map((x) => x.trim()).filter(Boolean).slice(0, 5);
      out.send("POST", "moves", { claim: text.claim.trim().replaceAll("\n", " "), pro: lines(text.pro), con: lines(text.con) });
      text.claim = text.pro = text.con = "";
      draw();
    } }, t("move.send")),
    out.faults.moves && h("p", { class_: "error" }, out.faults.moves),
    h("ul", { class_: "news" }, view.moves.map((one) => h("li", null, h("span", null, one.claim),
      h("b", null, one.probability === null ? t("move.waiting") : t(one.success ? "move.came" : "move.failed", { p: percent(one.probability, 0), die: percent(one.die, 0) }))))));
}

// --- deals ---------------------------------------------------------------------------------------

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

function dealsTab(view) {
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

// --- messages, world, history --------------------------------------------------------------------

function messagesTab(view) {
  const place = `text.${out.place}`;
  ui.text.message ??= keep.get(place, "");
  const send = () => {
    const text = ui.text.message.trim();
    if (!text) return;
    out.send("POST", "messages", { to: ui.to, text });
    ui.text.message = "";
    keep.set(place, null);
    const box = document.getElementById("message");
    if (box) box.value = "";
    draw();
  };
  return [
    h("form", { class_: "stack", key: "talkform", onsubmit: (event) => { event.preventDefault(); send(); } },
      h("label", { class_: "field" }, h("span", null, t("messages.to")),
        h("select", { id: "message-to", value: ui.to, onchange: (event) => { ui.to = event.target.value; } },
          ["all", "control", ...view.seats.map((one) => one.seat).filter((one) => one !== view.seat)].map((one) => h("option", { value: one, selected: ui.to === one }, seatName(one))))),
      h("label", { class_: "field" }, h("span", null, t("messages.text")),
        h("textarea", { id: "message", maxlength: 2000, value: ui.text.message, oninput: (event) => { ui.text.message = event.target.value; keep.set(place, event.target.value); } })),
      h("button", { type: "submit", class_: "primary" }, t("messages.send"))),
    out.has("messages") && h("p", { role: "status" }, t("lever.sending")),
    out.faults.messages && h("p", { class_: "error" }, out.faults.messages),
    h("ul", { class_: "talk" }, [...view.messages].reverse().map((one) => h("li", { key: `m-${one.n}` },
      h("span", { class_: "by" }, seatName(one.by)), " → ", one.to.map(seatName).join(", "), " ", h("span", { class_: "soft" }, clock(one.at)),
      h("p", null, phrase(one.say, one.text))))),
    !view.messages.length && h("p", { class_: "soft" }, t("messages.none")),
  ];
}

function worldTab(view) {
  const world = view.public;
  if (!world.prices) return h("p", { class_: "wait" }, t("world.making"));
  const good = ui.good || world.material;
  const zones = Object.keys(world.zones);
  return [
    h("h3", null, t("world.map", { good: goodName(world.material) })),
    drawMap(view, ...(narrow() ? [370, 380, 11] : [720, 460, 14])),
    legend(),
    world.series?.price.length > 1 && [h("h3", null, t("world.price_chart", { good: goodName(world.material), zone: seatName(world.zone) })),
      drawLine([{ name: "", values: world.series.price }], narrow() ? 370 : 720, 200, t("world.price_chart", { good: goodName(world.material), zone: seatName(world.zone) }), 14)],
    h("label", { class_: "field" }, h("span", null, t("world.choose")),
      h("select", { id: "good", value: good, onchange: (event) => { ui.good = event.target.value; draw(); } },
        Object.keys(world.prices).map((one) => h("option", { value: one, selected: one === good }, goodName(one))))),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("world.table") }, h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("world.place")), h("th", { class_: "n" }, t("world.price")), h("th", { class_: "n" }, "USD/kg"), h("th", { class_: "n" }, t("world.floor")), h("th", { class_: "n" }, t("world.loss")))),
      h("tbody", null, zones.map((zone) => h("tr", { key: zone }, h("td", null, seatName(zone)),
        h("td", { class_: "n" }, `×${num(world.prices[good][zone], 2)}`),
        h("td", { class_: "n" }, scene.usd_per_kg[good] ? num(world.prices[good][zone] * scene.usd_per_kg[good], 2) : "–"),
        h("td", { class_: "n" }, floorOf(world, zone, good)),
        h("td", { class_: "n" }, percent(world.zones[zone].gdp_loss_share, 3))))))),
    h("h3", null, t("world.law")),
    Object.entries(world.law).map(([actor, rows]) => fold(`law-${actor}`, false, `${seatName(actor)} (${Object.keys(rows).length})`, () => h("ul", { class_: "news" },
      Object.entries(rows).map(([full, value]) => h("li", { key: full }, h("span", null, leverName(full)), h("b", null, amount(unitOf(full), value))))))),
    world.deals.length > 0 && [h("h3", null, t("world.deals")), h("ul", { class_: "news" }, world.deals.map((deal) => h("li", null, dealLines(deal).join(" "))))],
  ];
}
const narrow = () => window.innerWidth < 600;
const floorOf = (world, zone, good) => {
  const found = world.law?.[zone]?.[`floor_usd_per_kg.${good}`];
  return found ? num(found, 1) : "–";
};
const legend = () => h("p", { class_: "legend" }, h("span", null, "▧ ", t("map.at_risk")), h("span", null, "▬ ", t("map.other")), h("span", null, "■ ", t("map.coercer")), h("span", null, "◎ ", t("map.target")), h("span", null, "⬡ ", t("map.hub")));

function historyTab(view) {
  for (const one of view.history || []) // what the server still knows stands above what was seen here
    if (one.result) past[one.turn] = { headline: [], ...past[one.turn], result: one.result, orders: one.orders };
  const turns = Object.keys(past).map(Number).filter((one) => one < view.turn || view.phase === "ended").sort((a, b) => b - a);
  return [
    view.report.under_way?.length > 0 && [h("h3", null, t("history.under_way")), h("ul", { class_: "news" }, view.report.under_way.map((one) =>
      h("li", null, t("history.order_on_way", { lever: leverName(one.lever), value: amount(unitOf(one.lever), one.value), n: Math.max(0, one.week - view.week) }))))],
    view.undone.length > 0 && [h("h3", null, t("history.undone")), h("ul", { class_: "news" }, view.undone.map((one) => h("li", null, t("history.undone_turn", { turn: one.turn, why: one.why }))))],
    turns.map((turn) => h("section", { key: `p-${turn}` }, h("h3", null, t("result.title", { turn })), resultBody(past[turn].result),
      past[turn].orders?.length > 0 && h("ul", { class_: "news" }, past[turn].orders.map((one) => h("li", { key: one.lever }, h("span", null, leverName(one.lever)), h("b", null, amount(unitOf(one.lever), one.value))))),
      h("ul", { class_: "news" }, past[turn].headline.map((line) => headlineLine(line))))),
    !turns.length && h("p", { class_: "soft" }, t("history.none")),
    !solo && view.turn > 1 && view.phase !== "ended" && fold("hotwash", false, t("hotwash.title"), () => hotwash(view, out, draw)),
    h("h3", null, t("history.notes")),
    h("ul", { class_: "news" }, view.notes.map((one) => h("li", null, h("span", { class_: "kind" }, t(`note.${one.kind}`)), h("span", null, one.text), h("span", { class_: "soft" }, t("bar.turn", { turn: one.turn, turns: view.turns }))))),
  ];
}

// --- the card ------------------------------------------------------------------------------------

const lock = () => s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" },
  s("rect", { x: 3, y: 9, width: 14, height: 9, rx: 2, fill: "#6b4e00" }), s("path", { d: "M6 9V6a4 4 0 0 1 8 0v3", fill: "none", stroke: "#6b4e00", "stroke-width": 2 }));

function objectiveOf(view) {
  if (view.seat === view.public?.coercer) return t("objective.coercer");
  return told(`objective.${view.seat}`, t(view.kind === "firm" || view.kind === "refiner" ? `objective.${view.kind}`
    : view.seat === view.public?.target ? "objective.target" : scene.hubs?.includes(view.seat) ? "objective.hub" : "objective.state"));
}

function card(view) {
  return h("section", { class_: "card you", "aria-label": t("card.you", { seat: seatName(view.seat) }), key: "card" },
    h("h1", null, t("card.you", { seat: seatName(view.seat) })),
    h("p", { class_: "soft" }, view.you.name, " · ", titleOf(view)),
    h("p", null, objectiveOf(view)),
    view.gauges.length
      ? h("ul", { class_: "gauges" }, view.gauges.map((one) => h("li", { key: one.id }, h("span", { class_: "name" }, t(`gauge.${one.id}`)),
        h("span", { class_: "num" }, num(100 * one.value, 1), h("span", { class_: "soft" }, " / 100")),
        h("span", { class_: "meter", "aria-hidden": "true" }, bar(one.value), mark(one.before)),
        h("span", null, arrow(one.value - one.before), " ", signed(100 * (one.value - one.before), 2), " ", h("span", { class_: "sr" }, t("gauge.since"))), h("br"), band(one.band))))
      : h("p", { class_: "soft" }, t("world.making")),
    privateReport(view),
    (view.turn <= 1 && !["ended", "resolve"].includes(view.phase)) && weightsForm(view));
}
function bar(value) {
  const node = h("i");
  node.style.width = `${Math.max(0, Math.min(100, 100 * value))}%`;
  node.setAttribute("data-w", value);
  return node;
}
function mark(value) {
  const node = h("b");
  node.style.left = `${Math.max(0, Math.min(99, 100 * value))}%`;
  return node;
}

function privateReport(view) {
  const report = view.report, rows = Object.entries(report.materials || {});
  const main = rows.filter(([, row]) => row.need_t > 0).slice(0, 15);
  const focus = report.materials?.[view.public?.material];
  const fact = (name, text) => text !== "–" && h("div", null, h("dt", null, t(`report.${name}`)), h("dd", null, text));
  return h("section", { class_: "private", key: "private" }, h("h3", null, lock(), t("report.title")),
    h("p", { class_: "soft" }, t("report.note")),
    h("dl", { class_: "facts" },
      focus && fact("stock_days", `${num(focus.stock_days, 0)} ${t("unit.days")} · ${goodName(view.public.material)}`),
      focus && fact("cover_weeks", `${num(focus.cover_weeks, 1)} ${t("unit.weeks")}`),
      focus && fact("fill", percent(focus.fill)),
      focus && fact("declared_share", percent(focus.declared_share)),
      fact("budget_usd", usd(report.budget_usd)), fact("loss_total_usd", usd(report.loss_total_usd)),
      view.kind === "state" && fact("coercer_approval", percent(report.coercer_approval, 0)),
      view.kind === "state" && fact("alliance_approval", percent(report.alliance_approval, 0)),
      view.seat === view.public?.target && fact("concession_probability", percent(report.concession_probability)),
      Object.entries(report.rung || {}).map(([zone, step]) => fact("rung", `${seatName(zone)} ${num(step, 0)}`))),
    (report.injects || []).map((one) => h("p", { key: `i-${one.n}` }, h("b", null, `${t("report.inject")}: `), phrase(one.say, one.text))),
    main.length > 0 && fold("materials", false, t("report.by_material"), () => h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("report.by_material") }, h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("world.good")), ["price", "stock_days", "cover_weeks", "fill", "stopped_share"].map((one) => h("th", { class_: "n" }, t(`report.${one}`))))),
      h("tbody", null, main.map(([good, row]) => h("tr", { key: good }, h("td", null, goodName(good)), h("td", { class_: "n" }, `×${num(row.price, 2)}`), h("td", { class_: "n" }, num(row.stock_days, 0)), h("td", { class_: "n" }, num(row.cover_weeks, 1)), h("td", { class_: "n" }, percent(row.fill)), h("td", { class_: "n" }, percent(row.stopped_share)))))))),
    (report.happenings || []).length > 0 && fold("happenings", false, t("report.happenings"), () => h("ul", { class_: "news" }, report.happenings.slice(-30).map((one) => h("li", { lang: inEnglish(one) }, h("span", null, phrase(one.say, one.text)), h("time", null, day(one.date)))))));
}

function weightsForm(view) {
  const have = view.weights?.supply ? view.weights : null;
  ui.weights ??= Object.fromEntries(GAUGES.map((one) => [one, have ? Math.round(100 * have[one]) : one === "supply" ? 34 : 33]));
  const sum = GAUGES.reduce((all, one) => all + Number(ui.weights[one]), 0);
  const fine = sum === 100 && GAUGES.every((one) => ui.weights[one] >= 20 && ui.weights[one] <= 50);
  return fold("weights", false, have ? t("weights.sealed") : t("weights.title"), () => h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("weights.note")),
    GAUGES.map((one) => h("label", { class_: "field" }, h("span", null, `${t(`gauge.${one}`)} (%)`),
      h("input", { id: `w-${one}`, type: "number", min: 20, max: 50, value: String(ui.weights[one]), oninput: (event) => { ui.weights[one] = Number(event.target.value); draw(); } }))),
    h("p", { role: "status" }, t("weights.sum", { sum: num(sum) })),
    h("button", { type: "button", class_: "primary", disabled: !fine, onclick: () => {
      const [a, b] = [ui.weights.supply / 100, ui.weights.autonomy / 100];
      out.send("POST", "weights", { supply: a, autonomy: b, standing: Number((1 - a - b).toFixed(4)) });
      draw();
    } }, t("weights.seal")),
    out.faults.weights && h("p", { class_: "error" }, out.faults.weights)));
}

function resultBody(result) {
  const rows = result.causes || [];
  const size = Math.max(1e-9, ...rows.map((one) => Math.abs(one.score)));
  return [
    h("dl", { class_: "facts" }, GAUGES.map((one) => h("div", null, h("dt", null, t(`gauge.${one}`)), h("dd", null, arrow(result.change[one]), " ", signed(100 * result.change[one], 2), " ", t("unit.points")))),
      h("div", null, h("dt", null, t("result.loss")), h("dd", null, usd(result.loss_usd)))),
    h("h4", null, t("result.why")),
    rows.length ? h("ol", { class_: "causes" }, rows.map((one) => h("li", null, h("span", null, causeText(one)),
      h("b", null, GAUGES.filter((g) => Math.abs(one[g]) >= 5e-5).map((g) => `${t(`gauge.${g}`)} ${signed(100 * one[g], 2)}`).join(" · ") || signed(100 * one.score, 2),
        one.loss_usd ? ` · ${t("result.loss_part", { usd: usd(one.loss_usd) })}` : ""),
      h("span", { class_: "bar1", "aria-hidden": "true" }, causeBar(one.score, size))))) : h("p", { class_: "soft" }, t("result.no_cause")),
  ];
}
function causeBar(value, size) {
  const node = h("i", { class_: value < 0 ? "minus" : "plus" });
  node.style.width = `${Math.max(2, 100 * Math.abs(value) / size)}%`;
  return node;
}

function resultCard(view) {
  const result = view.report?.result, practice = view.report?.practice;
  if (practice && !result && view.turn === 1) return h("section", { class_: "card", key: "result" }, h("h2", null, t("result.practice")),
    h("p", { class_: "soft" }, t("result.practice_note")),
    h("dl", { class_: "facts" }, GAUGES.map((one) => h("div", null, h("dt", null, t(`gauge.${one}`)), h("dd", null, num(100 * practice.gauges[one], 1), " ", arrow(practice.gauges[one] - practice.before[one]), " ", signed(100 * (practice.gauges[one] - practice.before[one]), 2))))));
  if (!result) return view.turn > 1 && view.phase !== "resolve" ? h("section", { class_: "card", key: "result" }, h("p", { role: "status" }, t("result.coming"))) : null;
  return h("section", { class_: "card", key: "result" }, h("h2", null, t("result.title", { turn: result.turn })), resultBody(result),
    h("h3", null, t("result.headline")), headlines(view), noteForm(view, result.turn));
}

// The loudest three stand open: on a phone the orders come below.
function headlines(view) {
  const lines = loudFirst(view.public.headline).map((line) => headlineLine(line));
  const more = lines.slice(3, 12);
  return [h("ul", { class_: "news" }, lines.slice(0, 3)),
    more.length > 0 && fold("more-news", false, t("result.more", { n: num(more.length) }), () => h("ul", { class_: "news" }, more))];
}

function noteForm(view, turn) {
  return fold("note", false, t("note.title"), () => h("div", { class_: "stack" },
    h("label", { class_: "field" }, h("span", null, t("note.expected_label")), h("textarea", { id: "note", maxlength: 2000, value: ui.text.note ?? "", oninput: (event) => { ui.text.note = event.target.value; } })),
    h("div", { class_: "row" }, ["expected", "flag"].map((kind) => h("button", { type: "button", onclick: () => {
      if (!ui.text.note?.trim()) return;
      out.send("POST", "notes", { kind, text: ui.text.note.trim(), turn });
      ui.text.note = "";
      document.getElementById("note").value = "";
      draw();
    } }, t(`note.save_${kind}`))))));
}

function waitingCard(view) {
  const drafting = view.seats.filter((one) => one.played_by === "person" && one.state !== "submitted");
  return h("section", { class_: "card", key: "waiting" }, h("h2", null, t("wait.title")),
    h("p", null, drafting.length ? t("wait.for", { seats: drafting.map((one) => `${seatName(one.seat)}${one.state === "away" ? ` (${t("state.away")})` : ""}`).join(", ") }) : t("wait.all_in")),
    h("h3", null, t("wait.locked")),
    view.orders.length ? h("ul", { class_: "news" }, view.orders.map((one) => h("li", { key: one.lever }, "🔒 ", leverName(one.lever), " ", h("b", null, amount(view.levers.find((row) => row.lever === one.lever.split(".")[0])?.unit || "", one.value))))) : h("p", { class_: "soft" }, t("wait.no_orders")),
    forecasts(view));
}

function forecasts(view) {
  return h("div", null, h("h3", null, t("forecast.title")), h("p", { class_: "soft" }, t("forecast.note")),
    view.questions.map((one) => {
      const have = view.forecasts.find((f) => f.turn === view.turn && f.question === one.id);
      const key = `${one.id}.${view.turn}`;
      const value = ui.text[key] ?? (have ? String(Math.round(100 * have.p)) : "50");
      const good = goodName(view.public?.material || ""), zone = seatName(view.public?.zone || ""), target = seatName(view.public?.target || "");
      return h("div", { key: `q-${one.id}`, class_: "lever" }, h("label", { for: `q-${one.id}`, class_: "title" }, has_question(one, { good, zone, target })),
        h("input", { id: `q-${one.id}`, type: "range", min: 0, max: 100, step: 5, value, "aria-valuetext": `${value} %`,
          oninput: (event) => { ui.text[key] = event.target.value; draw(); },
          onchange: (event) => out.send("POST", "forecasts", { turn: view.turn, question: one.id, p: Number(event.target.value) / 100 }) }),
        h("p", { class_: "state" }, h("b", null, `${value} %`), " ", have ? h("span", { class_: "ok" }, "✓ ", t("forecast.saved", { p: percent(have.p, 0) })) : t("forecast.none")));
    }));
}
const has_question = (one, fill) => { const text = t(`question.${one.id}`, fill); return text.startsWith("question.") ? one.text : text; };

// --- the page ------------------------------------------------------------------------------------

function topBar(view) {
  const off = live.state !== "live";
  return h("header", { class_: "bar", key: "bar" }, h("div", { class_: "in" },
    h("b", null, turnName(view)), h("span", { id: "phase" }, phaseName(view)),
    h("span", { class_: "clock", "data-clock": "", role: "timer", "aria-label": t("bar.left") }, leftOf(view, live) === null ? "" : minutes(leftOf(view, live))),
    h("span", { class_: `net ${off ? "off" : ""}` }, off ? `⚠ ${t("net.offline")}` : `● ${t("net.live")}`),
    h("span", { class_: "saved", id: "saved" }, out.waiting.length ? `… ${t("bar.unsaved", { n: out.waiting.length })}` : out.savedAt || lastSaved(view) ? `✓ ${t("bar.saved", { time: clock(out.savedAt || lastSaved(view)) })}` : t("bar.nothing")),
    chooseLanguage(draw)));
}
const lastSaved = (view) => Math.max(0, ...view.orders.map((one) => one.at));

function submit(view) {
  const rows = new Map(view.levers.map((one) => [one.lever, one]));
  for (const full of Object.keys(out.drafts)) {
    const row = rows.get(full.split(".")[0]);
    if (!row) continue;
    if (out.waiting.some((one) => one.lever === full && one.text === out.drafts[full])) continue;
    if (!commit(row, full)) {
      ui.tab = "orders";
      ui.open[`g-${row.group}`] = true;
      if (row.index) ui.open[`x-${row.lever}`] = true;
      draw();
      return document.getElementById(`l-${full}`)?.focus();
    }
  }
  out.send("POST", "submit", { turn: view.turn });
  draw();
}

function submitBar(view) {
  if (!isOpen(view)) return null;
  const drafts = Object.keys(out.drafts).length;
  const going = out.has("submit") || out.has("reopen");
  return h("div", { class_: "submitbar", key: "submit" }, h("div", { class_: "in" },
    h("p", { role: "status" }, view.handed ? t("submit.handed") : view.submitted ? t("submit.done") : drafts ? t("submit.drafts", { n: drafts }) : t("submit.orders", { n: view.orders.length })),
    !view.handed && (view.submitted
      ? h("button", { type: "button", id: "reopen", key: "reopen", disabled: going, onclick: () => { out.send("POST", "reopen", { turn: view.turn }); draw(); } }, t("submit.reopen"))
      : h("button", { type: "button", id: "submit", key: "submitb", class_: "go", disabled: going, onclick: () => submit(view) }, t(solo ? "solo.go" : "submit.go")))));
}

// Alone there is nobody to sign a deal or to read a message: AI seats do neither.
const shown = solo ? TABS.filter((one) => one !== "deals" && one !== "messages") : TABS;
if (!shown.includes(ui.tab)) ui.tab = shown[0];

function tabs(view) {
  const count = { deals: view.deals.filter((one) => one.status === "offered" && one.by !== view.seat && !(one.signed || []).includes(view.seat)).length, messages: view.messages.filter((one) => one.by !== view.seat && one.n > (ui.read ??= keep.get(`read.${out.place}`, 0))).length };
  const choose = (name) => {
    ui.tab = name;
    keep.set("tab", name);
    draw();
  };
  if (ui.tab === "messages" && count.messages) {
    ui.read = Math.max(ui.read, ...view.messages.map((one) => one.n));
    keep.set(`read.${out.place}`, ui.read);
    count.messages = 0;
  }
  return h("div", { class_: "tabs", role: "tablist", "aria-label": t("tabs.label"), key: "tabs" }, shown.map((name, k) =>
    h("button", { type: "button", role: "tab", id: `tab-${name}`, key: name, "aria-selected": String(ui.tab === name), "aria-controls": "panel", tabindex: ui.tab === name ? 0 : -1,
      onclick: () => choose(name),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = shown[(k + step + shown.length) % shown.length];
        choose(next);
        document.getElementById(`tab-${next}`).focus();
      } }, t(`tabs.${name}`), count[name] ? ` (${count[name]})` : "")));
}

function draw() {
  const other = instead(live);
  document.title = live?.view ? `${seatName(live.view.seat)} · Entrepot` : "Entrepot";
  if (other) return show(h("header", { class_: "plainbar" }, h("h1", null, "Entrepot"), chooseLanguage(draw)), h("main", null, voices(), other));
  const view = live.view;
  const panel = { orders: ordersTab, deals: dealsTab, messages: messagesTab, world: worldTab, history: historyTab }[ui.tab];
  show(
    h("a", { class_: "skip", href: "#panel", onclick: (event) => { event.preventDefault(); document.getElementById("panel").focus(); } }, t("page.skip")),
    topBar(view), voices(),
    h("main", { key: "main" },
      view.paused && h("section", { class_: "notice", key: "paused" }, h("h2", null, t("phase.paused")), h("p", null, t("paused.note"))),
      view.handed && notice("", t("handed.title"), t("handed.note")),
      out.missed.length > 0 && h("section", { class_: "notice alarm", key: "missed", role: "alert" }, h("h2", null, t("missed.title", { turn: out.missed[0].turn })),
        h("ul", null, out.missed.map((one) => h("li", null, `${leverName(one.lever)}: ${one.text}`))),
        h("button", { type: "button", onclick: () => { out.missed = []; draw(); } }, t("page.ok"))),
      (out.faults.submit || out.faults.reopen) && notice("alarm", t("error.refused_title"), out.faults.submit || out.faults.reopen),
      view.phase === "lobby" && h("section", { class_: "notice", key: "lobby" }, h("h2", null, t("lobby.title")), h("p", null, t("lobby.note"))),
      view.phase === "resolve" && h("section", { class_: "notice", key: "resolve", role: "status" }, h("h2", null, t("resolve.title")), h("p", null, t("resolve.note"))),
      out.trouble && notice("alarm", t("error.not_saved_title"), out.trouble),
      view.phase === "ended" && ended(view),
      view.phase === "ended" && !solo && hotwash(view, out, draw),
      h("div", { class_: "cols", key: "cols" },
        h("div", null, view.submitted && isOpen(view) && waitingCard(view), resultCard(view), card(view)),
        h("div", { class_: "work" }, tabs(view), h("div", { role: "tabpanel", id: "panel", tabindex: -1, "aria-labelledby": `tab-${ui.tab}`, key: `panel-${ui.tab}`, class_: "card" }, panel(view))),
        solo && h("div", null, aloneCard(solo, view), isOpen(view) && !view.submitted && h("section", { class_: "card", key: "guess" }, fold("guess", false, t("forecast.title"), () => forecasts(view)))))),
    submitBar(view));
}

function ended(view) {
  const score = view.score;
  return h("section", { class_: "card", key: "ended" }, h("h2", null, t("ended.title")),
    solo ? aloneEnd(solo, view) : view.revealed ? h("p", null, h("a", { class_: "button primary", href: `/review#${own.code}.${own.token}` }, t("ended.review"))) : h("p", null, t("ended.wait")),
    score && h("p", null, t("ended.score", { score: num(score.score, 0), low: num(score.low, 0), high: num(score.high, 0) }), " ", band(score.band)),
    ["takeaway"].map((kind) => h("div", { class_: "stack", key: kind }, h("label", { class_: "field" }, h("span", null, t(`note.${kind}`)), h("textarea", { id: `n-${kind}`, maxlength: 2000, value: ui.text[kind] ?? "", oninput: (event) => { ui.text[kind] = event.target.value; } })),
      h("button", { type: "button", onclick: () => { if (ui.text[kind]?.trim()) { out.send("POST", "notes", { kind, text: ui.text[kind].trim() }); ui.text[kind] = ""; document.getElementById(`n-${kind}`).value = ""; draw(); } } }, t("note.save")))));
}

await speak();
if (own) {
  out = new Outbox(own, () => draw());
  live = new Live(own, changed);
  runClock(live);
  window.addEventListener("hashchange", () => location.reload());
} else draw();
