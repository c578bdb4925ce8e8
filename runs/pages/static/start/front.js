// The start page above its forms: title picture, a saved game, the ways to play, and the crises.

import { h, s } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { goodName, placeName, scene, seatName } from "../base/scene.js";
import { at } from "../base/root.js";
import { language, t, told } from "../base/words.js";
import { drawMap } from "../kit/map.js";
import { times } from "../kit/say.js";
import { teamCount } from "./state.js";

const TEXT = { "japan-2026": "japan", "gallium-2023": "gallium", "magnets-2025": "magnets",
  "prepared-2011": "prepared", "no-controls": "none" };
let crises = {};

export async function learnCrises() {
  try {
    const answer = await fetch(at("/pages/kit/crises.json"));
    if (answer.ok) crises = await answer.json();
  } catch { /* the cards stand without their curves */ }
}

// The paused stage, on the day of the ban where the scenario has one.
const watchLink = (scenario, way = "") => at(`/?scenario=${encodeURIComponent(scenario)}${way}`);

const FLOWS = [["CHN", "JPN", "china", 2.3], ["CHN", "KOR", "china", 0.9], ["CHN", "TWN", "china", 0.06],
  ["CHN", "VNM", "china", 3.1], ["CHN", "THA", "china", 0.5], ["CHN", "MYS", "china", 0.5],
  ["VNM", "JPN", "grey", 0.2], ["THA", "JPN", "grey", 0.15], ["MYS", "JPN", "grey", 0.15]]
  .map(([from, to, kind, tonnes]) => ({ from, to, kind, t: tonnes }));

export function hero(scenario, choose) {
  const phone = innerWidth < 720;
  const tint = (name, part) => `color-mix(in srgb, var(--${name}) ${part}%, var(--land2))`;
  return h("section", { class_: "hero", key: "hero", "data-theme": "dark", "data-part": "hero" },
    drawMap({ id: "hero", flows: FLOWS, most: 9, ghost: [{ from: "CHN", to: "JPN", t: 9 }],
      hubs: ["VNM", "THA", "MYS"],
      tint: { CHN: tint("china", 24), JPN: tint("loss", 40) }, far: false, focus: "JPN", k: 1.1,
      only: ["JPN", "KOR", "VNM", "MYS"], view: phone ? [500, 60, 480, 520] : [-240, 88, 1440, 520],
        fit: "xMaxYMid slice",
      ports: { JPN: [26, -12, "start"], KOR: [-4, -20, "middle"], VNM: [-12, -18, "end"],
        MYS: [-22, 10, "end"] },
      label: t("front.hero") }),
    h("div", { class_: "t" }, h("h1", null, t("front.question")), h("p", null, t("front.lead")),
      h("div", { class_: "a" },
        h("a", { class_: "btn go", id: "way-watch", href: watchLink(scenario, "&at=ban&autoplay=0") }, "▶ ",
          t("front.watch")),
        h("button", { class_: "btn", id: "take-seat", type: "button", onclick: () => choose("alone") },
          t("front.seat")))),
    h("p", { class_: "src" }, t("front.hero")));
}

const drawing = (...parts) => s("svg", { viewBox: "0 0 72 72", "aria-hidden": "true", fill: "none",
  stroke: "currentColor",
  "stroke-width": 2.2, "stroke-linejoin": "round" }, parts);
const path = (d, more) => s("path", { d, ...more });
const SIGNS = {
  alone: () => drawing(s("circle", { cx: 36, cy: 22, r: 10 }), path("M16 60c2-16 9-24 20-24s18 8 20 24z"),
    path("M10 66h52", { stroke: "var(--china)", "stroke-width": 4, "stroke-dasharray": "3 3" })),
  class: () => drawing(path("M13 8h46v32H13zM12 48h11v18H12zM31 48h11v18H31zM50 48h11v18H50z"),
    path("M18 32l10-10 8 6 16-14", { stroke: "var(--china)", "stroke-width": 3 })),
  table: () => drawing(path("M8 40l28-14 28 14-28 14zM8 40v8l28 14 28-14v-8M28 8h16v16H28z"),
    s("circle", { cx: 33, cy: 13, r: 1.5, fill: "currentColor" }),
      s("circle", { cx: 39, cy: 19, r: 1.5, fill: "currentColor" })),
};

export const ways = (way, choose) => h("section", { key: "ways", "data-part": "ways" },
  h("h2", null, t("front.ways")),
  h("div", { class_: "waycards" }, ["alone", "class", "table"].map((one) =>
    h("button", { type: "button", class_: "way", id: `way-${one}`, key: one,
      "aria-pressed": String(way === one), onclick: () => choose(one) },
      SIGNS[one](), h("b", null, t(`front.${one}`)), h("span", null, t(`front.${one}_text`)),
      h("span", { class_: "m" }, t(`front.${one}_time`, teamCount()))))));

// The last game of one's own, and the way to all of them.
export function goOn(saved, door, choose, way) {
  const one = saved?.find((row) => row.alone && row.seat_token && !row.unreadable && !row.other_model
    && !row.ended && row.played < row.turns);
  const when = (ms) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" })
    .format(new Date(ms));
  const all = h("button", { class_: "btn small", type: "button", id: "way-saved",
    "aria-pressed": String(way === "saved"), onclick: () => choose("saved") },
    t("front.all_saved"));
  return h("div", { class_: one ? "cont" : "cont bare", key: "cont", "data-part": "go-on" }, one
    && h("b", null, t("front.go_on")),
    one && h("span", null, t("front.saved_line", { seat: seatName(one.seat), played: num(one.played),
      turns: num(one.turns),
      title: told(`scenario.${one.scenario}.title`, one.scenario), when: when(one.last) })),
    h("span", { class_: "acts" }, all, one && h("a", { class_: "btn small go", href: door(one) },
      t("front.go"))));
}

function picture(one, most) {
  const w = 256, tall = 104, x = (week) => (week / Math.max(1, one.weeks - 1)) * w;
  const y = (price) => tall - 10 - ((price - 1) / (most - 1)) * (tall - 26);
  const line = one.at.map((week, i) => `${x(week).toFixed(1)} ${y(one.price[i]).toFixed(1)}`).join("L");
  const top = Math.max(...one.price), peak = one.at[one.price.indexOf(top)], quiet = top < 1.1;
  const colour = quiet ? "var(--ink3)" : "var(--loss)";
  return s("svg", { viewBox: `0 0 ${w} ${tall}`, "aria-hidden": "true" },
    path(`M0 ${tall}L${line}L${w} ${tall}z`, { fill: colour, opacity: 0.2 }),
    path(`M${line}`, { fill: "none", stroke: colour, "stroke-width": 2.5 }),
    s("text", { x: quiet ? 12 : Math.min(x(peak) + 8, 205), y: Math.max(16, y(top) + 4 - (quiet ? 8 : 0)),
      "font-size": 15,
      "font-weight": 700, fill: "var(--ink)" }, times(top)));
}

const about = (one) =>
  `${goodName(one.material)}, ${placeName(one.zone)} · ${t("front.weeks", { n: num(one.weeks) })}`;

export function pick(current) {
  const most = Math.ceil(Math.max(2, ...Object.values(crises).flatMap((one) => one.price)));
  const cards = Object.keys(TEXT).filter((name) => name in scene.scenarios);
  return h("section", { key: "pick", "data-part": "crises" }, h("h2", null, t("front.pick")),
    h("p", { class_: "sub" }, t("front.pick_sub", { most: num(most) })),
    h("div", { class_: "crises" },
      cards.map((name) => h("a", { key: name, href: watchLink(name), "data-scenario": name,
      "aria-current": name === current ? "true" : undefined },
      crises[name] && picture(crises[name], most),
      h("div", { class_: "b" }, h("h3", null, told(`scenario.${name}.title`, name).split(/[:：]/)[0]),
        h("p", null, t(`front.sc_${TEXT[name]}`)),
        crises[name] && h("p", { class_: "m" },
          about(crises[name])))))));
}
