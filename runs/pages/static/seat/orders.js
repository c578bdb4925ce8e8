// Orders: a lever's row, what is typed, sent and saved, and moves outside the levers.

import {
  CONTROL, amount, ask, choices, clock, h, keep, leverName, num, percent, phrase, placeName, readLever,
    readNumber, scaleOf,
  shownValue, t, told, typedNumber, unitName, usd,
} from "../room/base.js";
import { draw, fold, isOpen, live, mayEdit, out, own, solo, ui } from "./state.js";

// What stands in the log for a lever: {value, at} or null.
function saved(view, full) {
  const fresh = out.acked[full];
  if (fresh && fresh.version > view.version) return fresh.value === null ? null : fresh;
  const found = view.orders.find((one) => one.lever === full);
  return found ? { value: found.value, at: found.at, why: found.why } : null;
}
// What the facilitator has set for this turn, for the lever or for all its places; people cannot change it.
const forcedOn = (view, row, full) =>
  view.orders.find((one) => CONTROL.includes(one.by) && (one.lever === full || one.lever === row.lever));
const inForce = (row, place) => (place ? row.values?.[place] : row.index ? null : row.value);

export function commit(row, full) {
  const view = live.view, text = out.drafts[full];
  if (text === undefined || !mayEdit(view) || live.state === "moved") return true;
  if (forcedOn(view, row, full)) {
    out.draft(full, null, view.turn);
    return true;
  }
  const found = readLever(row, text);
  if (found.fault) {
    out.faults[full] = found.fault;
    draw();
    inSight(full);
    return false;
  }
  out.order(full, found.value, text, view.turn, intents(view)[full] ?? saved(view, full)?.why ?? "");
  draw();
  return true;
}

// What is wrong with an order is seen above the bar, which covers the foot of the page.
function inSight(full) {
  const line = document.getElementById(`l-${full}-s`), bar = document.querySelector(".submitbar");
  if (line && bar
    && line.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) line.scrollIntoView({
      block: "center" });
}
// The first order that cannot be saved: {lever, fault}, or null.
export function wrongOrder(view) {
  const full = Object.keys(out.faults).find((one) => out.drafts[one] !== undefined
    && view.levers.some((row) => row.lever === one.split(".")[0]));
  return full ? { lever: leverName(full), fault: out.faults[full] } : null;
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
    if (kept && out.drafts[full] === undefined && why !== (kept.why ?? "")) out.order(full, kept.value,
      undefined, view.turn, why);
    draw();
  };
  return h("label", { class_: "field intent" }, h("span", null, t("intent.label")),
    h("input", { id: `why-${full}`, type: "text", maxlength: 300, value: typed[full] ?? kept?.why ?? "",
    oninput: (event) => { typed[full] = event.target.value; keep.set(`why.${out.place}`, typed); },
      onchange: send, onkeydown: (event) => { if (event.key === "Enter") send(); } }));
}

function leverRow(view, row, place) {
  const full = place ? `${row.lever}.${place}` : row.lever;
  const forced = forcedOn(view, row, full), now = inForce(row, place);
  const draft = forced ? undefined : out.drafts[full], kept = forced ?? saved(view, full);
  const flying = out.waiting.some((one) => one.lever === full);
  const fault = forced ? "" : out.faults[full];
  const start = kept?.value ?? now ?? row.default;
  const text = draft ?? typedNumber(shownValue(row.unit, start));
  const scale = scaleOf(row.unit), can = mayEdit(view) && !forced;
  const id = `l-${full}`;
  const typed = (event) => {
    out.draft(full, event.target.value, view.turn);
    draw();
  };
  const done = () => commit(row, full);
  const slid = (event) => typed({ target: { value: typedNumber(Number(event.target.value)) } });
  const options = choices(row);
  const control = options.length
    ? h("select", { id, value: text, disabled: !can, onchange: (event) => { typed(event); done(); } },
      options.map((v) => h("option", { value: String(v), selected: String(v) === text },
          amount(row.unit, v))))
    : [
      h("input", {
        type: "range", min: row.low * scale, max: row.high * scale, step: row.step * scale, disabled: !can,
        value: String(readNumber(text, { unit: unitName(row.unit) }).value ?? start * scale),
          "aria-label": `${place ? placeName(place) : leverName(full)}, ${unitName(row.unit)}`,
        "aria-valuetext": `${text} ${unitName(row.unit)}`, oninput: slid, onchange: done,
      }),
      h("input", {
        id, type: "text", inputmode: row.low < 0 ? "text" : "decimal", autocomplete: "off", value: text,
          disabled: !can,
        "aria-describedby": `${id}-d ${id}-s`, "aria-invalid": fault ? "true" : undefined,
        oninput: typed, onchange: done,
        onkeydown: (event) => { if (event.key === "Enter") done(); },
      }),
    ];
  const bound = view.bounds.find((one) => one.lever === full);
  const guess = ui.estimates[full], lacks = view.report.lacks?.[full];
  return h("div", { class_: `lever ${fault ? "wrong" : draft !== undefined ? "draft" : kept ? "mine" : ""}`,
      key: full },
    h("label", { for: id, class_: "title" }, place ? placeName(place) : leverName(row.lever)),
    !place && h("p", { id: `${id}-d` }, told(`lever.${row.lever}.meaning`, row.meaning)),
    h("div", { class_: "set" }, control),
    h("p", { class_: "unit" }, options.length ? ""
      : t("lever.range", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
          unit: unitName(row.unit) }).replace(/ +(?=[.。])/, ""),
      now !== null && now !== undefined ? ` ${t("lever.now", { value: amount(row.unit, now) })}` : "",
      !place && row.delay_weeks ? ` ${t("lever.delay", { n: row.delay_weeks })}` : "",
      !place && row.cost ? ` ${t("lever.cost", { cost: told(`lever.${row.lever}.cost`, row.cost) })}` : ""),
    lacks && h("p", { class_: "unit" }, phrase(lacks)),
    bound && h("p", { class_: "unit" }, "🔗 ",
      t("lever.bound", { deals: bound.deals.join(", "), words: phrase(bound.say, bound.words) })),
    h("p", { class_: "state", id: `${id}-s`, role: "status" },
      fault ? h("span", { class_: "error" }, fault)
        : flying ? t("lever.sending") : draft !== undefined ? t("lever.unsaved")
          : forced ? h("b", null, "⚑ ",
            t("lever.by_control", { value: amount(row.unit, forced.value), why: forced.reason || forced.why
                || "–" }))
          : kept ? h("span", { class_: "ok" }, "✓ ",
            t("lever.saved", { value: amount(row.unit, kept.value), time: kept.at ? clock(kept.at) : "" }))
              : ""),
    !solo && can && (kept || draft !== undefined) && intent(view, full, kept),
    guess && h("p", null, guess),
    h("div", { class_: "acts row" },
      kept && can && h("button",
        { type: "button", onclick: () => { out.draft(full, null, view.turn); out.order(full, null, undefined,
              view.turn); draw(); } },
        t("lever.take_back"), h("span", { class_: "sr" }, ` ${leverName(full)}`)),
      draft !== undefined && !flying
        && h("button", { type: "button", onclick: () => { out.draft(full, null, view.turn); draw(); } },
        t("lever.drop"), h("span", { class_: "sr" }, ` ${leverName(full)}`)),
      isOpen(view) && h("button", { type: "button", onclick: () => estimate(row, full) },
        t("lever.estimate"), h("span", { class_: "sr" }, ` ${leverName(full)}`))));
}

async function estimate(row, full) {
  const text = out.drafts[full];
  const found = text === undefined
    ? { value: saved(live.view, full)?.value ?? inForce(row, full.split(".")[1]) ?? row.default }
      : readLever(row, text);
  if (found.fault) {
    out.faults[full] = found.fault;
    return draw();
  }
  try {
    const answer = await ask("GET",
      `/${own.code}/estimate?lever=${encodeURIComponent(full)}&value=${found.value}`, own.token, undefined,
        true);
    ui.estimates[full] = answer.cost_usd === null
      ? t("lever.no_money", { cost: told(`lever.${row.lever}.cost`, row.cost) })
      : t("lever.costs", { usd: usd(answer.cost_usd), value: amount(row.unit, found.value) });
  } catch (problem) {
    ui.estimates[full] = problem.message;
  }
  draw();
}

export function ordersTab(view) {
  const groups = [...new Set(view.levers.map((one) => one.group))];
  const mine = (row) => view.orders.filter((one) => one.lever.split(".")[0] === row.lever).length
    + Object.keys(out.drafts).filter((one) => one.split(".")[0] === row.lever).length;
  return [
    view.phase !== "ended" && h("p", { class_: "soft" }, t(solo ? "solo.orders" : "orders.note")),
    !isOpen(view) && !view.note
      && h("p", null, t(view.phase === "lobby" ? "orders.lobby" : view.phase === "ended" ? "orders.ended"
          : "orders.closed")),
    groups.map((group, k) => fold(`g-${group}`, k === 0 || group === "compliance",
        told(`group.${group}`, group), () =>
      view.levers.filter((one) => one.group === group).map((row) =>
        row.index
          ? fold(`x-${row.lever}`, false,
            [h("span", null, `${leverName(row.lever)} `,
                mine(row) ? h("b", null, t("orders.changed", { n: mine(row) })) : "")], () => [
            h("p", null, told(`lever.${row.lever}.meaning`, row.meaning)),
            h("p", { class_: "unit" }, row.delay_weeks ? t("lever.delay", { n: row.delay_weeks }) : "", " ",
              t("lever.cost", { cost: told(`lever.${row.lever}.cost`, row.cost) })),
            row.places.map((place) => leverRow(view, row, place))])
          : leverRow(view, row, "")), "group")),
    isOpen(view) && !solo && fold("move", false, t("move.title"), () => moveForm(view)),
  ];
}

function moveForm(view) {
  const text = ui.text;
  const field = (name, label) => h("label", { class_: "field" }, h("span", null, label),
    h("textarea", { id: `m-${name}`, maxlength: 300, value: text[name] ?? "",
        oninput: (event) => { text[name] = event.target.value; } }));
  return h("div", { class_: "stack" },
    h("p", { class_: "soft" }, t("move.note"), " ", t("move.args")),
      h("p", { class_: "soft" }, t("move.readers")), field("claim", t("move.claim")),
    ui.moveEmpty && h("p", { class_: "error", role: "alert", id: "m-empty" }, t("move.need_claim")),
      field("pro", t("move.pro")), field("con", t("move.con")),
    h("button", { type: "button", class_: "primary", onclick: () => {
      ui.moveEmpty = !text.claim?.trim();
      if (ui.moveEmpty) {
        draw();
        return document.getElementById("m-claim").focus();
      }
      const lines = (one) => (one || "").split("\n").map((x) => x.trim()).filter(Boolean).slice(0, 5);
      out.send("POST", "moves", { claim: text.claim.trim().replaceAll("\n", " "), pro: lines(text.pro),
          con: lines(text.con) });
      text.claim = text.pro = text.con = "";
      draw();
    } }, t("move.send")),
    out.faults.moves && h("p", { class_: "error" }, out.faults.moves),
    h("ul", { class_: "news" }, view.moves.map((one) => h("li", null, h("span", null, one.claim),
      h("b", null, one.probability === null ? t("move.waiting") : t(one.success ? "move.came" : "move.failed",
          { p: percent(one.probability, 0), die: percent(one.die, 0) }))))));
}
