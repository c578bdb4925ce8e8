// What the scenes of the wall share: the line on top, headlines that fit, panels, seats. One wall is
// 1920 by 1080 units whatever it hangs on, and nothing on it is smaller than 28.

import { has, h, language, seatName, t, titleOf } from "../room/base.js";
import { logo } from "../kit/bar.js";

export const WIDE = 1920, TALL = 1080;
export const LEAST = 28;

// How long a text is in its own size: letters of Chinese, Japanese and Korean are nearly square.
const SIGN = 0.56, SQUARE = 1.02, SPACE = 0.3;
export const long = (text) => [...String(text)].reduce((sum, one) =>
  sum + (one > "\u2e7f" ? SQUARE : one === " " ? SPACE : SIGN), 0);

// Lines that a text takes; a word that no longer fits leaves a hole behind it.
export const lines = (text, size, width) => Math.max(1, Math.ceil((long(text) * size * 1.08) / width));

// The largest of some sizes in which all texts stand one below the other in a box, or null.
export function fitted(texts, width, height, { sizes, line = 1.15, gap = 0 }) {
  const tall = (size) => texts.reduce((sum, one) => sum + lines(one, size, width) * size * line + gap, -gap);
  return sizes.find((size) => tall(size) <= height) ?? null;
}

const HEAD = [70, 64, 58, 52, 47, 42, 38, 34, 30, LEAST];
export const head = (text, width = 1180, height = 170, top = 116) => h("h2", { class_: "say", key: "say",
  style: `top:${top}px;width:${width}px;font-size:${fitted([text], width, height,
    { sizes: HEAD, line: 1.12 }) ?? LEAST}px` }, text);

export const shortTitle = (view) => titleOf(view).split(/[:：]/)[0];

// Before the clock or the code: title, then where we are. A lost line says so here, and nowhere else.
export const top = (view, live, where, ...right) => h("header", { class_: "head", key: "top" },
  h("span", { class_: "logo" }, logo(), h("b", null, shortTitle(view))),
  h("span", { class_: "where" }, where),
  live.state !== "live" ? h("b", { class_: "lost", role: "status", key: "lost" }, `⚠ ${t("wall.lost")}`)
    : null,
  h("span", { class_: "right" }, right));

export const code = (view) => h("span", { class_: "code", key: "code" }, view.room);

// Room is scarce on a wall: a seat without what stands in brackets behind its name.
export const shortName = (seat) => seatName(seat).replace(/\s*[(（][^)）]*[)）]$/, "");

// What the server has written in all languages.
export const spoken = (say) => say?.[language] ?? say?.en ?? "";

export const nameOf = (one) => (has(`seat.${one}`) ? shortName(one) : seatName(one));

const SIGNS = { submitted: "✓", drafting: "…", away: "◌" };
const PILL = 66, ROW = 1800; // what a pill is wider than its words, and how wide the row is

// Who is ready: seats of people by name, AI as a number. Where names do not fit into two rows, those who
// are missing; where these do not either, the number alone.
export function seatStrip(view) {
  const plays = view.seats.filter((one) => one.open || one.played_by === "person");
  const people = plays.filter((one) => one.played_by !== "ai"), machines = plays.length - people.length;
  const ready = plays.filter((one) => one.state === "submitted").length;
  const text = (one) => `${SIGNS[one.state]} ${shortName(one.seat)}${
    one.played_by === "caretaker" ? ` ${t("played.caretaker_short")}` : ""}${
    one.names?.length ? `: ${one.names.join(", ")}` : ""}`;
  const count = t("wall.ready_n", { n: ready, of: plays.length });
  const fits = (some, size) => some.reduce((sum, one) => sum + long(text(one)) * size + PILL, 0)
    + long(count) * size + (machines ? 330 : 0) <= (size === 30 ? ROW : 1.8 * ROW);
  const missing = people.filter((one) => one.state !== "submitted");
  const some = [people, missing].find((list) => fits(list, LEAST)) ?? [];
  return h("footer", { class_: `seats ${fits(some, 30) ? "" : "many"}`, key: "seats" },
    h("b", { id: "ready" }, count),
    h("ul", { class_: "lights", "aria-label": t("wall.ready") }, some.map((one) =>
      h("li", { class_: `light ${one.state}`, key: one.seat, "data-seat": one.seat }, text(one),
        h("span", { class_: "sr" }, ` ${t(`state.${one.state}`)}`))),
    machines > 0 && h("li", { class_: "light submitted machines", key: "ai" },
      `✓ ${t("wall.machines", { n: machines })}`)));
}

// --- the reveal: its five parts, and where the class is --------------------------------------------

const PARTS = ["deals", "forecasts", "scores", "branch", "replay"];
const number = (part) => PARTS.indexOf(part);

export const stepStrip = (view) => h("ol", { class_: "steps", key: "steps" }, PARTS.map((part, i) => {
  const now = i === number(view.wall.part), done = i < number(view.wall.part);
  return h("li", { key: part, class_: now ? "now" : done ? "done" : "", "aria-current": now ? "step"
    : undefined }, `${done ? "✓ " : ""}${t(`wall.part_${part}`)}`);
}));

export const whereIn = (view) => t("wall.reveal", { n: number(view.wall.part) + 1, of: PARTS.length,
  part: t(`wall.part_${view.wall.part}`) });

export const countIn = (view) => view.wall.of > 1 && h("span", { class_: "week", key: "count" },
  t("wall.n_of", { n: view.wall.n, of: view.wall.of }));
