// On the console: what the wall shows, small. It is cut from what is public, as the wall itself is.

import { h, headline, leftOf, loudFirst, minutes, phaseName, phrase, seatName, t, titleOf, turnName }
  from "../room/base.js";
import { roomMap } from "../room/map.js";
import { safe } from "../shell/safe.js";
import { pageName } from "./reveal.js";
import { live } from "./state.js";

const WIDE = 1050, HIGH = 720, LETTERS = 30; // of the map, on a picture of 1920 by 1080

function first(view) {
  const world = view.public;
  const card = (world.injects ?? []).filter((one) => one.turn === view.turn).at(-1);
  if (card) return phrase(card.say, card.text);
  const line = loudFirst(world.headline ?? [])[0];
  return line ? headline(line) : titleOf(view);
}

const sceneName = (view) => (view.wall ? pageName(view.wall) : t(`scene.${view.phase === "lobby" ? "title"
  : view.revealed ? "reveal" : "situation"}`));

export function thumb(view) {
  const name = sceneName(view), people = view.seats.filter((one) => one.played_by === "person");
  return h("figure", { class_: "thumb", key: "thumb", "data-part": "wall" },
    h("figcaption", { class_: "kick" }, t("now.wall"), " ", h("b", null, name), ` · ${turnName(view)}`),
    h("div", { class_: "frame", "data-theme": "dark", role: "img",
      "aria-label": `${name}: ${first(view)}` },
    h("div", { class_: "inside", "aria-hidden": "true" },
      h("p", { class_: "tiny" }, `${titleOf(view)} · ${turnName(view)} · ${phaseName(view)}`),
      leftOf(view, live) === null ? h("b", { class_: "when", key: "code" }, view.room)
        : h("b", { class_: "when", key: "when", "data-clock": "" }, minutes(leftOf(view, live))),
      h("p", { class_: "big" }, first(view)),
      h("div", { class_: "map1" }, view.public.prices && safe(roomMap, view, WIDE, HIGH, LETTERS)),
      h("p", { class_: "tiny foot" }, people.map((one) =>
        `${one.state === "submitted" ? "✓" : "…"} ${seatName(one.seat)}`).join("   ")))));
}
