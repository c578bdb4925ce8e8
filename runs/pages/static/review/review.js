import {
  CONTROL, GAUGES, amount, arrow, asStored, ask, band, causeText, dealLines, dealTerms, goodName, h,
    headlineLine, keep, learnNames, learnScene, loudFirst, onReturn,
  leverName, notice, num, pass, percent, placeName, readLever, scene, seatName, show, shownValue, signed,
    speak, t, titleOf,
  unitName, unitOf, usd, } from "../room/base.js";
import { body, shell } from "../shell/shell.js";
import { drawLine } from "../room/lines.js";
import { causeFigures } from "../room/result.js";

const own = pass("review") || keep.get("pass.console") || keep.get("pass.seat");
const ui = { turn: 1, seat: "", error: "", form: { seat: "", lever: "", place: "", value: "" }, branches: [],
  busy: false };
let record = null;

async function load() {
  try {
    record = await ask("GET", `/${own.code}/review`, own.token);
    learnNames(record.seats);
    await speak(record.language);
    await learnScene(record.scenario);
    const open = record.seats.filter((one) => one.open); // of one seat alone, that seat's past
    ui.seat ||= open.length === 1 ? open[0].seat : record.public.target || record.seats[0].seat;
    ui.error = "";
  } catch (problem) {
    ui.error = problem.message;
    if (problem.status === 0 || problem.status === 403) setTimeout(load, 4000);
  }
  draw();
}

const before = (turn) => (turn <= 1 ? record.opening : record.turns_played[turn - 2]);

function ordersTable(one) {
  const orders = one.orders; // of people and of AI
  const rank = new Map(record.seats.map((row, k) => [row.seat, k]));
  const seats = [...new Set(orders.map((o) => o.actor))].sort((a, b) => (rank.get(a) ?? 99) - (rank.get(b)
      ?? 99));
  const levers = [...new Set(orders.map((o) => o.lever))];
  if (!seats.length) return h("p", { class_: "soft" }, t("review.no_orders"));
  return h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.orders") },
    h("table", { id: "side" },
    h("thead", null, h("tr", null, h("th", null, t("deal.lever")),
        seats.map((seat) => h("th", { key: seat }, seatName(seat), h("br"),
            h("span", { class_: "soft" }, t(`played.${one.played_by[seat] || "ai"}`)))))),
    h("tbody", null,
      levers.map((lever) => h("tr", { key: lever }, h("th", { scope: "row" }, leverName(lever)),
          seats.map((seat) => {
      const found = orders.find((o) => o.actor === seat && o.lever === lever);
      return h("td", { key: seat }, found ? amount(unitOf(lever), found.value) : "",
        found && CONTROL.includes(found.by) && [" ", h("span", { class_: "kind" }, t("who.control"))],
          found?.by === "ai" && [" ", h("span", { class_: "kind" }, t("played.ai"))],
            found?.why && h("div", { class_: "soft" }, found.why));
    }))))));
}

function strategies() {
  const found = record.flags.filter((one) => one.kind === "strategy");
  return found.length > 0 && h("section", { class_: "card w12", key: "s", id: "strategies" },
    h("h2", null, t("strategy.review")),
    h("ul", { class_: "news" },
      found.map((one, k) => h("li", { key: k }, h("b", null, seatName(one.seat)),
          h("span", null, one.text)))));
}

const inPoints = (gauge) => `${t(`gauge.${gauge}`)} (${t("unit.points")})`;

function gaugesTable(one) {
  const was = before(one.turn);
  const seats = record.seats.filter((x) => x.open && one.gauges?.[x.seat]);
  return h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.gauges") },
    h("table", null,
      h("thead", null, h("tr", null, h("th", null, t("console.seat")),
          GAUGES.map((g) => h("th", { class_: "n" }, inPoints(g))),
            h("th", { class_: "why" }, t("result.why")))),
    h("tbody", null,
      seats.map(({ seat, kind }) => h("tr", { key: seat }, h("th", { scope: "row" }, seatName(seat)),
          GAUGES.map((g) => {
      const now = one.gauges[seat][g], change = now - (was?.gauges?.[seat]?.[g] ?? now);
      return h("td", { class_: "n" }, num(100 * now, 1), " ", arrow(change), " ", signed(100 * change, 2));
    }), h("td", { class_: "why" },
      (one.causes?.[seat]?.causes || []).map((c) => [c, causeFigures(c, one.causes[seat], kind, seat)])
        .filter(([, text]) => text).map(([c, text]) =>
        h("div", null, causeText(c, seat), " ", h("b", null, text)))))))));
}

function leverForm() {
  const form = ui.form;
  const kind = form.seat === record.public.coercer ? "coercer"
    : record.seats.find((one) => one.seat === form.seat)?.kind;
  const levers = Object.values(scene.levers).filter((one) => kind && one.actors.split(" ").includes(kind));
  const row = scene.levers[form.lever];
  const places = !row?.index ? [] : row.index === "zone"
    ? Object.keys(record.public.zones || {}).filter((one) => one !== form.seat)
      : Object.keys(record.public.prices || {});
  const pick = (name, label, options) => h("label", { class_: "field", key: name }, h("span", null, label),
    h("select", { id: `b-${name}`, value: form[name], onchange: (event) => { form[name] = event.target.value;
          draw(); } }, h("option", { value: "", selected: !form[name] }, "–"),
            options.map(([v, text]) => h("option", { value: v, selected: form[name] === v }, text))));
  const found = row && readLever(row, form.value);
  const ready = found && !found.fault && (!row.index || form.place) && !ui.busy;
  return h("form",
    { class_: "stack", onsubmit: (event) => { event.preventDefault(); if (ready) branch(row, found.value);
        } },
    pick("seat", t("console.seat"), record.seats.map((one) => [one.seat, seatName(one.seat)])),
    form.seat && pick("lever", t("deal.lever"), levers.map((one) => [one.lever, leverName(one.lever)])),
    row?.index && pick("place", t("deal.place"), places.map((one) => [one, placeName(one)])),
    row && h("label", { class_: "field" },
      h("span", null,
        t("deal.value", { low: num(shownValue(row.unit, row.low)), high: num(shownValue(row.unit, row.high)),
            unit: unitName(row.unit) })),
              h("input", { id: "b-value", type: "text", inputmode: "decimal", value: form.value,
                  oninput: (event) => { form.value = event.target.value; draw(); } }),
      found.fault && !found.empty && h("span", { class_: "error", id: "b-fault" }, found.fault)),
    h("button", { type: "submit", class_: "go", id: "branch", disabled: !ready },
      t("review.branch", { turn: ui.turn })), ui.busy && h("p", { role: "status" }, t("review.playing")));
}

async function branch(row, value) {
  const form = ui.form, full = form.place ? `${form.lever}.${form.place}` : form.lever;
  ui.busy = true;
  ui.error = "";
  draw();
  try {
    const found = await ask("POST", `/${own.code}/branch`, own.token,
      { week: record.turns_played[ui.turn - 1].week, set: { [`${form.seat}.${full}`]: value } });
    ui.branches.unshift({ ...found,
        title: t("review.what_if", { turn: ui.turn, seat: seatName(form.seat), lever: leverName(full),
            value: amount(row.unit, value) }) });
    ui.branches = ui.branches.slice(0, 4);
  } catch (problem) { ui.error = problem.message; }
  ui.busy = false;
  draw();
}

function branchCard(one, k) {
  const seats = record.seats.filter((x) => x.open && one.change[x.seat]).map((x) => x.seat);
  const chart = (name, words, scale = 1) => h("figure", null, h("figcaption", null, words),
    twin(drawLine([{ name: t("review.as_it_was"),
          values: one.base[name].map((v) => v === null ? null : scale * v) },
            { name: t("review.branched"), values: one.branch[name].map((v) => v === null ? null
                : scale * v) }], plotWidth(), 190, words, 14)));
  return h("section", { class_: "deal", key: `b-${ui.branches.length - k}` }, h("h3", null, one.title),
    h("div", { class_: "grid2" },
      chart("price", t("world.price_chart", { good: goodName(one.material), zone: seatName(one.zone) })),
        chart("gdp_loss_share", `${t("world.loss")} (%) · ${seatName(one.target)}`, 100)),
    h("p", null, t("review.world_loss",
        { base: usd(one.world_loss_usd.base), branch: usd(one.world_loss_usd.branch) })),
    h("div", { class_: "scroll", tabindex: 0, role: "region", "aria-label": t("review.change") },
      h("table", null,
        h("thead", null, h("tr", null, h("th", null, t("review.change")),
            GAUGES.map((g) => h("th", { class_: "n" }, inPoints(g))))),
              h("tbody", null,
                seats.map((seat) => h("tr", { key: seat }, h("th", { scope: "row" }, seatName(seat)),
                    GAUGES.map((g) => h("td", { class_: "n" }, arrow(one.change[seat][g]), " ",
                        signed(100 * one.change[seat][g], 2)))))))));
}
const plotWidth = () => (window.innerWidth < 600 ? 330 : 520); // its letters are as large as drawn
const twin = (svg) => { svg.classList?.add("two"); return svg; };

function draw() {
  document.title = `${t("review.title")} · Entrepot`;
  const set = record && [h("b", null, titleOf(record).split(/[:：]/)[0]), ` · ${t("review.title")}`];
  const head = shell({ current: own?.control ? "alone" : "class", set: set ?? t("review.title"),
      shows: record ? [titleOf(record), record.room, t("bar.turn", { turn: ui.turn,
        turns: record.turns_played.length })] : [], again: draw });
  if (!own) return show(head, body(notice("alarm", t("error.link_title"), t("error.link"))));
  if (!record) return show(head, body(ui.error ? notice("alarm", t("review.not_yet"), ui.error)
      : h("p", { class_: "wait" }, t("net.connecting"))));
  const turns = record.turns_played, one = turns[ui.turn - 1];
  const fresh = Object.entries(record.forecasts), scores = Object.entries(record.scores).filter(([, x]) => x);
  const series = turns.length ? turns.at(-1).series : null;
  const gauge = (g) => [record.opening,
    ...turns].map((x) => (x?.gauges?.[ui.seat] ? 100 * x.gauges[ui.seat][g] : null));
  show(head, body(h("h1", null, t("review.title")),
    h("p", { class_: "soft" }, titleOf(record), " · ", `${t("join.code")}: ${record.room}`),
    h("nav", { class_: "turns", "aria-label": t("review.timeline") },
      turns.map((x) => h("button", { type: "button", key: x.turn, id: `turn-${x.turn}`,
            "aria-pressed": String(ui.turn === x.turn), onclick: () => { ui.turn = x.turn; draw(); } },
              t("bar.turn", { turn: x.turn, turns: turns.length }),
                record.flags.some((f) => f.turn === x.turn) ? " ⚑" : ""))),
    asStored(record),
    h("p", { class_: "error", role: "alert", hidden: !ui.error }, ui.error),
    one ? h("div", { class_: "board" }, strategies(),
      h("section", { class_: "card w12", key: "o" }, h("h2", null, t("review.orders")), ordersTable(one)),
      h("section", { class_: "card w12", key: "g" }, h("h2", null, t("review.gauges")), gaugesTable(one)),
      h("section", { class_: "card w12", key: "h" }, h("h2", null, t("result.headline")),
        h("ul", { class_: "news halves" }, loudFirst(one.headline || []).slice(0,
            10).map((line) => headlineLine(line))),
        record.flags.filter((f) => f.turn === one.turn).map((f) => h("p", { class_: "notice" }, "⚑ ",
            h("b", null, seatName(f.seat)), ": ", f.text))),
      !record.note && h("section", { class_: "card w12 stack", key: "b" },
        h("h2", null, t("review.branch", { turn: ui.turn })),
          h("p", { class_: "soft" }, t("review.branch_note")), h("div", { class_: "grid2" }, leverForm()),
            ui.branches.map(branchCard)),
      h("section", { class_: "card w6", key: "c" }, h("h2", null, t("review.over_time")),
        h("label", { class_: "field" }, h("span", null, t("console.seat")),
          h("select", { id: "who", value: ui.seat, onchange: (event) => { ui.seat = event.target.value;
                draw(); } }, record.seats.map((x) => h("option",
                  { value: x.seat, selected: x.seat === ui.seat }, seatName(x.seat))))),
        GAUGES.map((g) => h("figure", { key: g }, h("figcaption", null, t(`gauge.${g}`)),
            drawLine([{ name: "", values: gauge(g) }], plotWidth(), 130,
              `${t(`gauge.${g}`)}, ${seatName(ui.seat)}`, 14, null, 5))),
        series && h("figure", null,
          h("figcaption", null,
            t("world.price_chart", { good: goodName(record.public.material),
                zone: seatName(record.public.zone) })), drawLine([{ name: "", values: series.price }],
                  plotWidth(), 130, t("world.price"), 14))),
      h("section", { class_: "card w6", key: "d" }, h("h2", null, t("review.deals")), record.deals.length
        ? record.deals.map((deal) => h("div", { class_: "deal", key: deal.n },
            h("p", null, h("b", null, t("deal.number", { n: deal.n })), " · ",
              deal.parties.map(seatName).join(" + "), " · ", dealTerms(deal)),
                dealLines(deal).map((x) => h("p", null, x)), deal.kept.promised_t > 0
                  && h("p", null,
                    h("b", null, t("review.kept",
                        { moved: num(deal.kept.moved_t), promised: num(deal.kept.promised_t) })))))
                          : h("p", { class_: "soft" }, t("deals.none")),
        h("h2", null, t("review.scores")), h("p", { class_: "soft" }, t("review.scores_note")),
          h("ul", { class_: "lights" },
            scores.filter(([seat]) => record.seats.find((x) => x.seat === seat)?.open).map(([seat, x]) =>
              h("li", { class_: "light", key: seat }, seatName(seat), " ", band(x.band)))),
        fresh.length > 0 && [h("h2", null, t("review.forecasts")),
          h("ul", { class_: "news" },
            fresh.map(([seat, x]) => h("li", { key: seat }, h("b", null, seatName(seat)),
                h("span", null,
                  t("review.calibration", { n: num(x.answers), p: percent(x.mean_p, 0),
                      came: percent(x.came_true, 0), score: num(x.score, 2) })))))]))
      : h("p", null, t("review.nothing"))));
}

await speak();
draw();
if (own) {
  onReturn(load);
  await load();
}
