// Reveal 4: what if? The branch that was played last in the review, as two maps and one sentence.

import { amount, h, leverName, t, unitOf } from "../room/base.js";
import { money, share } from "../kit/say.js";
import { head, nameOf, stepStrip, top, whereIn } from "./frame.js";
import { ground } from "./ground.js";

const SHOWN = ["KOR", "VNM", "TWN", "MYS", "JPN"], SEEN = 0.02; // a share of firms that is worth a map
const NONE = 0.005; // of what the world lost: a smaller change is no difference

// What was changed, as sentences without a full stop.
function changes(branch) {
  const value = (full, one) => amount(unitOf(full), one);
  const of = (seat, full, one) => t("wall.if_lever", { seat: nameOf(seat), lever: leverName(full),
    value: value(full, one) });
  const held = Object.entries(branch.set ?? {}).map(([name, one]) => {
    const [seat, ...rest] = name.split(".");
    return of(seat, rest.join("."), one);
  });
  return [...held, ...(branch.orders ?? []).map((one) => of(one.actor, one.lever, one.value))];
}

// What the change made of the world's loss, in a sentence.
export function finding(branch) {
  const { base, branch: other } = branch.world_loss_usd, all = changes(branch);
  const fill = { what: all.length > 1 ? t("wall.if_more", { what: all[0], n: all.length - 1 }) : all[0] ?? "",
    turn: Math.floor(branch.from_week / 13) + 1, was: money(base), would: money(other) };
  const part = base ? (other - base) / base : 0;
  return t(Math.abs(part) < NONE ? "wall.if_none" : part < 0 ? "wall.if_less" : "wall.if_more_lost", fill);
}

function tints(zones, side, byFirms, world) {
  const value = (one) => (byFirms ? one.refuse ?? 0 : Math.max(0, one.usd));
  const most = byFirms ? 0.6 : Math.max(1, ...Object.values(zones).flatMap((one) => [value(one.base),
    value(one.branch)]));
  const found = Object.fromEntries(Object.entries(zones).map(([zone, one]) => [zone,
    `color-mix(in srgb, var(--${byFirms ? "fear" : "loss"}) ${Math.round(Math.min(1, value(one[side]) / most)
      * 85)}%, var(--land2))`]));
  return { ...found, [world.coercer]: "color-mix(in srgb, var(--china) 30%, var(--land2))" };
}

function side(branch, name, byFirms, world) {
  const told = SHOWN.filter((zone) => branch.zones[zone] && !(byFirms && zone === world.target));
  const facts = Object.fromEntries(told.map((zone) => [zone, [{ text: byFirms
    ? share(branch.zones[zone][name].refuse ?? 0) : money(branch.zones[zone][name].usd) }]]));
  return h("div", { class_: `what ${name}`, key: name, "data-side": name },
    ground(world, "small", { id: name, tint: tints(branch.zones, name, byFirms, world), facts,
      label: t(`wall.as_${name}`) }),
    h("div", { class_: "panel lost" }, h("span", { class_: "lab" }, t(`wall.as_${name}`)),
      h("b", { "data-usd": branch.world_loss_usd[name] }, money(branch.world_loss_usd[name]))));
}

export function branch(view, live) {
  const found = view.show.branch, world = view.public;
  if (!found) return [top(view, live, whereIn(view)), head(t("wall.branch_none"), 1808, 400, 300),
    stepStrip(view)];
  const byFirms = Object.values(found.zones).some((one) => Math.abs((one.base.refuse ?? 0)
    - (one.branch.refuse ?? 0)) >= SEEN);
  return [top(view, live, whereIn(view), h("span", { class_: "week", key: "measure" },
    t(byFirms ? "wall.measure_firms" : "wall.measure_loss"))), head(finding(found), 1808, 160, 104),
  side(found, "base", byFirms, world), side(found, "branch", byFirms, world), stepStrip(view)];
}
