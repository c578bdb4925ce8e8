// Who pays, who complies, and goods beside minerals: bars of one scale, and the week's figures beside them.

import { h } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { goodName, seatName } from "../base/scene.js";
import { t, told } from "../base/words.js";
import { drawFigure } from "../kit/figure.js";
import { money, share, times } from "../kit/say.js";
import { common } from "./charts.js";
import { drawLines } from "./more.js";
import { drawStacks } from "./stacks.js";
import { ui } from "./state.js";

const LEAST_USD = 1e5, MOST = 7;
const wide = () => (innerWidth < 720 ? 358 : 660);

// Bars of one part: [[name, value]].
export const bars = (rows, fill, show) => drawStacks(rows.map(([name, x]) => ({ name, total: x,
  values: { x } })), { parts: [{ id: "x", fill }], show, width: wide(),
  label: rows.map(([name, x]) => `${name} ${show(x)}`).join(", ") });

const saysOf = (part, id) => part.answers.find((one) => one.id === id)?.says.join(" ") ?? "";

// What a zone paid, in parts that add up. Sales that are refused are lost output too, of which a part may be
// made up elsewhere.
const KINDS = [["other", "url(#pLOSS)", (one) => Math.max(0, one.lost_usd - one.refused_usd)],
  ["made_up", "var(--gain)", (one) => Math.min(0, one.lost_usd - one.refused_usd)],
  ["refused", "url(#pFE)", (one) => one.refused_usd], ["floor", "var(--other)", (one) => one.floor_usd],
  ["stocks", "url(#pST)", (one) => one.stocks_usd ?? 0],
  ["subsidies", "var(--recycled)", (one) => one.subsidies_usd],
  ["tariffs", "var(--edge)", (one) => one.tariffs_usd],
  ["measures", "url(#pCN)", (one) => one.measures_usd ?? 0]];
const paid = (one) => KINDS.reduce((sum, [, , of]) => sum + of(one), 0);
const columnsOf = ["zone", ...KINDS.map(([id]) => id), "all", "orders", "budget"];

const counted = (one) => KINDS.filter(([, , of]) => Math.abs(of(one)) > LEAST_USD);

function stacks(rows) {
  const note = (one) => counted(one).map(([id, , of]) => `${t(`watch.bill_${id}`)} ${money(of(one))}`);
  const parts = KINDS.filter((kind) => rows.some((one) => counted(one).includes(kind)));
  return drawStacks(rows.map((one) => ({ name: seatName(one.zone), total: paid(one), note: note(one),
    values: Object.fromEntries(counted(one).map(([id, , of]) => [id, of(one)])) })), {
    parts: parts.map(([id, fill]) => ({ id, fill, name: t(`watch.bill_${id}`) })), show: money,
    width: wide(),
    label: rows.map((one) => `${seatName(one.zone)} ${money(paid(one))}: ${note(one).join(", ")}`)
      .join("; ") });
}

export function pays() {
  const part = ui.story?.pays;
  if (!part) return null;
  const rows = part.rows.filter((one) => counted(one).length);
  const top = rows.filter((one, i) => i < MOST || one.zone === ui.run.coercer);
  return h("section", { key: "pays", "data-part": "pays" },
    drawFigure(common({ id: "pays", level: "h2", title: saysOf(part, "others") || t("watch.pays"),
    sub: t("watch.pays_sub"),
    picture: top.length ? stacks(top) : h("p", null, t("watch.pays_none")),
    more: ["floor", "own"].map((id) => h("p", { class_: "sub", key: id }, saysOf(part, id))),
    table: () => ({ columns: columnsOf.map((one) => t(`watch.bill_${one}`)),
      rows: part.rows.map((one) => [seatName(one.zone), ...[...KINDS.map(([, , of]) => of(one)), paid(one),
        one.orders_lost_usd, one.budget_usd === null ? null : -one.budget_usd].map(money)]) }) })));
}

export function complies() {
  const part = ui.story?.complies;
  if (!part) return null;
  const here = (series) => series?.[ui.head] ?? 0;
  const afraid = Object.entries(part.refuses).map(([zone, series]) => [seatName(zone), here(series)])
    .filter((one) => one[1] >= 0.005)
    .sort((a, b) => b[1] - a[1]).slice(0, 6);
  return h("section", { key: "complies", "data-part": "complies" },
    drawFigure(common({ id: "complies", level: "h2", title: saysOf(part, "caught") || t("watch.complies"),
    sub: t("watch.complies_sub", { zone: seatName(part.zone) }),
    picture: [afraid.length ? bars(afraid, "url(#pFE)", share)
      : h("p", { key: "none" }, t("watch.complies_none", { zone: seatName(part.zone) })),
    drawLines(lawAndBelief(part))],
    more: scopeSays(part, here),
    table: () => ({ columns: HUB.map(([name]) => t(`watch.hub_${name}`)),
      rows: part.hubs.map((one) => HUB.map(([, of]) => of(one))) }) })));
}

const now = (series) => series?.[ui.head] ?? null;
const upTo = (series) => series.slice(0, ui.head + 1).reduce((all, x) => all + (x ?? 0), 0);
const HUB = [["zone", (one) => seatName(one.zone)], ["caught", (one) => num(upTo(one.detections))],
  ["help", (one) => share(now(one.cooperation))], ["traders", (one) => num(now(one.active_traders))],
  ["premium", (one) => share(now(one.grey_premium))], ["belief", (one) => share(now(one.belief))],
  ["credibility", (one) => share(now(one.credibility))], ["served", (one) => share(now(one.served_share))],
  ["ties", (one) => times(now(one.payment_ties))]];

// Law in force, threats, what is believed of them, the premium of who gets by, and who was caught.
function lawAndBelief({ law, material, zone, threat, clause, enforcement, hubs }) {
  const abroad = hubs.filter((one) => one.zone !== ui.run.coercer), about = { zone: seatName(zone),
    good: goodName(material) };
  const mean = (name) => threat.map((_, week) => {
    const known = abroad.map((one) => one[name][week]).filter((x) => x !== null && x !== undefined);
    return known.length ? known.reduce((all, x) => all + x, 0) / known.length : null;
  });
  let sum = 0;
  const caught = threat.map((_, week) => (sum += hubs.reduce((all, one) =>
    all + (one.detections[week] ?? 0), 0)));
  const row = (id, values, show = share) => ({ id, label: t(`watch.law_${id}`, about),
    value: show(now(values)), values });
  const order = (id, values, show) => ({ id, label: told(`lever.${id}.name`), value: show(now(values)),
    values });
  return [row("ban_breadth", law.ban_breadth), row("licence_duty", law.licence_duty),
    row("licence_approval", law.licence_approval),
    order("third_country_clause", clause, (x) => t(x ? "lever.on" : "lever.off")),
    order("threat", threat, share), order("enforcement", enforcement, times),
    ...(abroad.length ? [row("belief", mean("belief")), row("credibility", mean("credibility")),
      row("grey_premium", mean("grey_premium"))] : []),
    row("detections", caught, num)];
}

// What firms take the ban to cover, where that is not what its text says.
function scopeSays({ law, zone }, here) {
  const [text, belief] = [here(law.ban_breadth), here(law.scope_belief ?? law.ban_breadth)];
  return Math.abs(belief - text) < 0.02 ? null : h("p", { class_: "sub" }, t("watch.scope_belief",
    { zone: seatName(zone), share: share(text), share_b: share(belief) }));
}

// Goods beside minerals, where a ban reaches them: so far, and in the week under the head.
export function goods() {
  const part = ui.story?.goods;
  if (!part) return null;
  const here = (series) => series?.[ui.head] ?? 0;
  const name = (one) => t(`watch.group_${one.group.replaceAll(" ", "_")}`);
  return h("section", { key: "goods", "data-part": "goods" },
    drawFigure(common({ id: "goods", level: "h2", title: part.say, sub: t("watch.goods_sub",
      { zone: seatName(part.zone) }),
    picture: bars(part.groups.map((one) => [name(one), upTo(one.held_usd)]), "url(#pCN)", money),
    table: () => ({ columns: ["what", "comes", "held", "so_far", "lost"].map((one) =>
      t(`watch.goods_${one}`)),
      rows: part.groups.map((one) => [name(one), money(here(one.imports_usd)), money(here(one.held_usd)),
        money(upTo(one.held_usd)), money(upTo(one.loss_usd))]) }) })));
}
