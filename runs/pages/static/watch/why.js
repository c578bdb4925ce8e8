// Why a zone lost what it lost, as steps that add up. The target's causes come by themselves once the run
// has come whole; those of another zone are asked for.

import { h } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { seatName } from "../base/scene.js";
import { t } from "../base/words.js";
import { drawFigure } from "../kit/figure.js";
import { moneyUnit, num1, share } from "../kit/say.js";
import { withTerms } from "../kit/terms.js";
import { drawWaterfall, inTenths } from "../kit/waterfall.js";
import { common, source } from "./charts.js";
import { bars } from "./pays.js";
import { ask, finished, ui } from "./state.js";

const TONES = { coercer: "china", fear: "fear", stock: "stock" }; // others are worse or better
const MOST = 6; // zones that are offered

// The target, whom the page looks at, and who lost most.
function zones() {
  const losers = [...(ui.story?.pays.rows ?? [])].sort((a, b) => b.lost_usd - a.lost_usd);
  const all = [ui.run.target, ui.why?.zone, ui.run.zone, ...losers.map((one) => one.zone)];
  return [...new Set(all.filter((zone) => zone && zone !== ui.run.coercer))].slice(0, MOST);
}

const chips = () => !ui.state?.guest && finished() && h("div", { class_: "qs", key: "whom", role: "group",
  "aria-label": t("watch.why_whom") }, zones().map((zone) => h("button", { type: "button", class_: "chip",
  "data-why": zone, "aria-pressed": String(zone === (ui.why?.zone ?? ui.run.target)),
  onclick: () => ask("why", { zone }) }, seatName(zone))));

const frame = (...inside) => h("section", { key: "why", "data-part": "why", class_: "fig" }, inside);

// What stands beside the loss: jobs, and where institutes have worked out the same, their figures.
function beside(zone) {
  const pays = ui.story?.pays, own = pays?.rows.find((one) => one.zone === zone);
  if (!own) return null;
  const shares = pays.studies?.zone === zone && [[t("watch.study_own"), own.lost_share],
    ...pays.studies.rows.map((one) => [t(`watch.study_${one.id}`), one.share])];
  return [h("p", { class_: "sub", key: "jobs", "data-show": "jobs" }, t("watch.why_jobs",
    { zone: seatName(zone), n: num(own.jobs, 0), most: num(own.jobs_most, 0) })),
  shares && h("div", { class_: "studies", key: "studies", "data-show": "studies" },
    h("h3", null, t("watch.studies", { zone: seatName(zone) })), bars(shares, "url(#pLOSS)", share),
    h("p", { class_: "sub" }, t("watch.studies_note")))];
}

export function why() {
  const found = ui.why, zone = found?.zone ?? ui.run?.target ?? "JPN";
  if (found?.steps) return shown(found);
  const title = h("h2", null, t("watch.why_title", { zone: seatName(zone) }));
  if (found && !found.state) return frame(title, chips(), h("p", { class_: "sub" }, found.say),
    beside(zone));
  return frame(title, chips(), h("p", { class_: "sub", role: "status" }, withTerms(said(found))),
    found?.state === "working" && h("progress", { max: found.of || 1, value: found.done,
      "aria-label": t("watch.why_working") }),
    !["working", "failed"].includes(found?.state) && !ui.state?.guest && h("button", { type: "button",
      class_: "btn", "data-do": "why", disabled: !finished(), onclick: () => ask("why", { zone }) },
    t("watch.why_ask")), beside(zone));
}

function said(found) {
  if (found?.state === "working") return found.of ? t("watch.why_week", { n: num(found.done),
    of: num(found.of) }) : t("watch.why_working");
  if (found?.state === "failed") return t("watch.why_failed");
  if (found?.state === "refused") return found.say;
  return t(ui.state?.guest ? "watch.why_guest" : "watch.why_offer");
}

function shown(found) {
  const size = Math.max(...[found.start_usd, found.end_usd, ...found.steps.map((one) => one.usd)].map((x) =>
    Math.abs(x ?? 0)));
  const [unit, unitName] = moneyUnit(size), scale = (x) => x / unit;
  const rows = inTenths([{ name: found.start_say, value: scale(found.start_usd), kind: "start" },
    ...found.steps.map((one) => ({ name: one.say, value: scale(one.usd), kind: "step",
      fill: TONES[one.tone] })),
    { name: found.end_say, value: scale(found.end_usd), kind: "end" }]);
  const columns = [t("watch.why_step"), t(unitName)];
  const phone = innerWidth < 720;
  return h("div", { key: "why", "data-part": "why" }, drawFigure(common({ id: "why", level: "h2",
    title: found.title, sub: t("watch.why_sub", { zone: seatName(found.zone), unit: columns[1] }),
    more: [found.most?.length > 0 && h("p", { class_: "sub", key: "most" },
      withTerms(found.most.join(" "))), chips()],
    source: found.note ?? source(),
    table: () => ({ columns, rows: rows.map((one) => [one.name, num1(one.value)]) }),
    picture: drawWaterfall(rows, { width: phone ? 358 : 660, rowHeight: phone ? 36 : 40, show: num1,
      label: found.title }) })), beside(found.zone));
}
