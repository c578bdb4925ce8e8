// The wall: one picture of 1920 by 1080, drawn from the room's view alone. `data-scene` and `data-step`
// say which; the console shows the same, small.

import { h, t } from "../room/base.js";
import { safe } from "../shell/safe.js";
import { branch } from "./branch.js";
import { deals } from "./deals.js";
import { forecasts } from "./forecasts.js";
import { stopRun } from "./motion.js";
import { replay } from "./replay.js";
import { result } from "./result.js";
import { scores } from "./scores.js";
import { decide, situation } from "./situation.js";
import { title } from "./title.js";

const SCENES = { title, situation, decide, result, deals, forecasts, scores, branch, replay };
const RUN = ["result", "replay"];

// `view` is a projector's view, `live` the line that it came by, `again` draws the page anew. On a page of
// its own it is the `main`; as a picture on another one a `div`, which that page scales.
export function drawWall(view, live, again, tag = "main") {
  const { scene, part, step } = view.wall, name = part || scene;
  if (!RUN.includes(name)) stopRun();
  const inside = safe((...given) => h("div", { class_: "inside", key: name }, SCENES[name](...given)), view,
    live, again);
  return h(tag, { class_: "wall", key: "wall", "data-part": "scene", "data-scene": scene,
    "data-step": step, "data-reveal": part, "aria-label": t(`wall.scene_${scene}`) }, inside);
}
