// On the console: the wall's scene itself, small, so that the two cannot differ.

import { h, t, turnName } from "../room/base.js";
import { safe } from "../shell/safe.js";
import { spoken } from "../wall/frame.js";
import { drawWall } from "../wall/scenes.js";
import { pageName } from "./reveal.js";
import { draw, live } from "./state.js";

// The names by which the wall finds its own parts are none of the console's.
function picture(view) {
  const wall = drawWall(view, live, draw, "div");
  for (const one of wall.querySelectorAll("[id]:not(svg *)")) one.removeAttribute("id");
  return wall;
}

export function thumb(view) {
  const name = pageName(view.wall), said = spoken(view.show.say);
  return h("figure", { class_: "thumb", key: "thumb", "data-part": "wall" },
    h("figcaption", { class_: "kick" }, t("now.wall"), " ", h("b", null, name), ` · ${turnName(view)}`),
    h("div", { class_: "frame", "data-theme": "dark", role: "img",
      "aria-label": said ? `${name}: ${said}` : name },
    h("div", { class_: "whole", "aria-hidden": "true" }, safe(picture, view))));
}
