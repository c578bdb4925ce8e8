// Headline and map of the watch page, and the panel of a country.

import { h } from "../base/elements.js";
import { num, percent } from "../base/numbers.js";
import { placeName, seatName, goodName } from "../base/scene.js";
import { at } from "../base/root.js";
import { t } from "../base/words.js";
import { drawMap, LEAST, NEAR, typeScale } from "../kit/map.js";
import { dayOf, figure, num1, perKg, share, shortDay, times, dateOf } from "../kit/say.js";
import { ask, redraw, told, ui, value, weeks } from "./state.js";

export function headline() {
  const week = told(), kick = (...inside) => h("p", { class_: "kick" }, inside);
  if (!week) return h("div", { class_: "say", key: "say", "data-part": "headline", "aria-busy": "true" },
    kick(t("watch.setting_up")), h("span", { class_: "hold" }), h("span", { class_: "hold" }));
  return h("div", { class_: "say", key: "say", "data-part": "headline", "aria-live": ui.playing ? "off"
    : "polite" },
    kick(h("b", null, t("watch.week_of", { day: dayOf(dateOf(ui.run.start, ui.head)) })),
      h("span", { "data-show": "week" }, t("watch.week_n", { n: num(ui.head), of: num(weeks()) }))),
    h("h1", null, week.headline.say), week.headline.second && h("p", { class_: "sub" },
      week.headline.second));
}

function facts(phone, short) {
  const { target, coercer, zones, columns } = ui.run, found = {};
  if (!columns) return found;
  const low = (zone) => value("cover_weeks", zone) < 0.5 * (value("cover_weeks", zone, 0) ?? 0);
  const put = (zone, text, bad) => { (found[zone] ??= []).push({ text, low: bad }); };
  for (const { code } of zones) {
    const weeksLeft = value("cover_weeks", code);
    if (weeksLeft !== null && (code === ui.run.zone || ["KOR", "USA", "EUU"].includes(code) && !phone
      && !short))
      put(code, t("stage.weeks_left", { n: num1(weeksLeft) }), low(code));
    const caught = ui.story?.complies.hubs.find((one) => one.zone === code)?.detections[ui.head];
    if (caught) put(code, t("stage.caught", { n: num(caught) }));
  }
  const afraid = zones.map((one) => one.code).filter((code) => code !== target && code !== coercer
    && (value("refused_customers_share", code) ?? 0) >= 0.1)
    .sort((a, b) => value("refused_customers_share", b) - value("refused_customers_share", a))[0];
  if (afraid && (found[afraid]?.length ?? 0) < 2 && !(short && found[afraid]))
    put(afraid, t("stage.refuse", { share: share(value("refused_customers_share", afraid)),
      zone: seatName(target) }));
  return found;
}

const said = (flow, tonnes) => t(`stage.said_${flow.kind}`, { from: seatName(flow.from),
  to: seatName(flow.to), t: figure(tonnes) });

export function stage() {
  const phone = innerWidth < 720, wide = innerWidth, tall = phone ? 440
    : Math.min(760, Math.max(420, innerHeight - 312));
  const crop = phone ? NEAR : {};
  const k = typeScale(wide, tall, crop.view);
  const base = { ...crop, k, label: t("stage.label_empty"), fit: phone ? "xMidYMid slice" : "xMidYMid meet" };
  if (!ui.run?.columns) return h("div", { key: "map", "data-part": "map" }, drawMap(base));
  const { flows, coercer, target, hubs, material } = ui.run,
    ban = ui.story?.flags.find((one) => one.kind === "ban");
  const most = Math.max(0, ...flows.map((flow) => flow.most));
  const before = Math.max(0, Math.min((ban?.week ?? 9) - 1, ui.run.played - 1));
  const now = flows.filter((flow) => flow.kind !== "grey" || flow.from !== coercer)
    .map((flow) => ({ ...flow, t: flow.t[ui.head] ?? 0, share: flow.share?.[ui.head] }))
    .map((flow) => ({ ...flow, said: said(flow, flow.t) }));
  const ghost = flows.filter((flow) => flow.from === coercer && flow.kind === "china" && ui.head > before)
    .map((flow) => ({ ...flow, t: flow.t[before] ?? 0 }));
  const grey = now.filter((flow) => flow.kind === "grey" && flow.to === target && flow.from !== coercer
    && flow.t >= LEAST * most)
    .sort((a, b) => b.t - a.t)[0];
  const direct = now.find((flow) => flow.from === coercer && flow.to === target
    && flow.kind === "china")?.t ?? 0;
  return h("div", { key: "map", "data-part": "map" }, drawMap({
    ...base, most, flows: now, ghost, focus: ui.run.zone, coercer, target, hubs,
      facts: facts(phone, innerHeight < 800),
    tint: { [coercer]: "color-mix(in srgb, var(--china) 20%, var(--land2))",
      [target]: "color-mix(in srgb, var(--loss) 20%, var(--land2))" },
    slip: grey && { ...grey, lines: [t("stage.papers", { zone: seatName(grey.from) }),
      t("stage.truth", { share: percent(grey.share ?? 0, 0) })] },
    key: !phone && { china: t("stage.key_china", { zone: seatName(coercer) }), grey: t("stage.key_grey"),
      before: t("stage.key_before"),
      other: t("stage.key_other"), width: t("stage.key_width", { a: seatName(coercer), b: seatName(target),
        t: figure(direct) }) },
    label: t("stage.label", { good: goodName(material), day: dayOf(dateOf(ui.run.start, ui.head)) }),
    pick: (zone) => { ui.panel = { zone }; redraw(); },
  }));
}

// The panel: a country with its figures and news, or the choice of a material.
export function panel() {
  if (!ui.panel || !ui.run?.columns) return null;
  const shut = () => { ui.panel = null; redraw(); };
  const frame = (title, ...inside) => h("aside", { class_: "panel", key: "panel", "aria-label": title,
    "data-panel": "",
    onkeydown: (event) => { if (event.key === "Escape") shut(); } },
  h("button", { type: "button", class_: "shut", "aria-label": t("watch.close"), onclick: shut }, "✕"),
    inside);
  return ui.panel.zone ? country(frame) : goods(frame);
}

function goods(frame) {
  return frame(t("watch.pick_good"), h("h2", null, t("watch.pick_good")), h("div", { class_: "qs" },
    ui.run.goods.map((one) =>
    h("button", { type: "button", class_: "chip", "data-good": one.id,
      "aria-pressed": String(one.id === ui.run.material),
      onclick: () => { ui.panel = null; ask("look", { material: one.id }); redraw(); } },
        placeName(one.id)))));
}

function country(frame) {
  const { zone } = ui.panel, rows = [];
  const put = (name, text) => rows.push(h("dt", null, name), h("dd", null, text));
  put(t("watch.price"), `${times(value("price", zone))} · ${perKg(value("price_usd_per_t", zone))}`);
  if (value("cover_weeks", zone) !== null) put(t("watch.stock"),
    t("stage.weeks_left", { n: num1(value("cover_weeks", zone)) }));
  put(t("watch.stopped"), share(value("stopped_line_share", zone)));
  if (value("china_share_true", zone) !== null)
    put(t("watch.origin"), t("watch.origin_both", { truth: share(value("china_share_true", zone)),
      papers: share(value("china_share_declared", zone)) }));
  put(t("watch.lost"), `${share(value("gdp_loss_share", zone))}`);
  const news = [...new Set(ui.story.weeks.slice(0, ui.head + 1).flatMap((one) => one.items))].map((i) =>
    ui.story.items[i])
    .filter((one) => one.zones?.includes(zone) && one.week <= ui.head).sort((a, b) => b.week - a.week)
      .slice(0, 3);
  const looked = zone === ui.run.zone;
  return frame(seatName(zone), h("h2", null, seatName(zone)), h("p", { class_: "sub" },
    goodName(ui.run.material)), h("dl", null, rows),
    news.map((one) => h("p", { class_: "sub", key: `n${one.week}${one.kind}` },
      h("b", null, shortDay(one.date)), " ", one.say)),
    h("div", { class_: "qs" },
      !looked && h("button", { type: "button", class_: "btn small go", "data-do": "look",
        onclick: () => { ui.panel = null; ask("look", { zone }); redraw(); } }, t("watch.look_here")),
      !ui.state.guest && h("a", { class_: "btn small", href: at(`/start?for=alone&seat=${zone}`) },
        t("watch.take_seat"))));
}

