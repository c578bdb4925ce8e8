// The projector's page: it shows the scene that the room is in, as large as the screen lets it. Where the
// browser also holds a facilitator's link of this room, the arrow keys turn its pages; it shows none.

import { Live, ask, h, instead, keep, learnScene, leftOf, newId, pass, runClock, show, speak, voices,
} from "../room/base.js";
import { learnAddresses } from "../room/address.js";
import { learnWorld } from "../kit/map.js";
import { TALL, WIDE } from "./frame.js";
import { drawWall } from "./scenes.js";

const own = pass("projector");
const NEXT = ["ArrowRight", "PageDown"], BACK = ["ArrowLeft", "PageUp"];
let live = null;

// A facilitator's token in the link is taken out of sight at once, and kept for this tab alone.
function control() {
  const name = `ent.wall.${own.code}`;
  try {
    if (own.control) sessionStorage.setItem(name, own.control);
    if (own.control) history.replaceState(null, "", `${location.pathname}${location.search}#${own.code}.${
      own.token}`);
    const desk = keep.get("pass.console");
    return sessionStorage.getItem(name) ?? (desk?.code === own.code ? desk.token : null);
  } catch { return null; }
}

async function changed() {
  if (live.view) {
    await speak(live.view.language, true);
    await learnScene(live.view.scenario);
  }
  draw();
}

function draw() {
  document.title = "Entrepot";
  const other = instead(live);
  show(other ? h("main", { key: "other" }, voices(), other) : [voices(), drawWall(live.view, live, draw)]);
  fit();
}

// The whole is scaled, so that every wall is the same picture; what is left over is sea.
function fit() {
  const wall = document.querySelector(".wall");
  if (!wall) return;
  const scale = Math.min(innerWidth / WIDE, innerHeight / TALL);
  wall.style.transform = `translate(${(innerWidth - WIDE * scale) / 2}px, ${
    (innerHeight - TALL * scale) / 2}px) scale(${scale})`;
  for (const bar of document.querySelectorAll("[data-bar]")) {
    const left = live?.view && leftOf(live.view, live), most = 1000 * (live?.view?.show.last ?? 60);
    bar.style.width = `${left === null ? 0 : Math.max(0, Math.min(100, 100 * left / most))}%`;
  }
}

function turn(event) {
  const to = NEXT.includes(event.key) ? "next" : BACK.includes(event.key) ? "back" : "";
  const token = to && !event.repeat && control();
  if (!token) return;
  event.preventDefault();
  ask("POST", `/${own.code}/control`, token, { id: newId(), action: "scene", to }).catch(() => {});
}

// The wall is dark unless its address asks for the light.
const asked = new URLSearchParams(location.search).get("theme");
document.documentElement.dataset.theme = asked === "light" ? "light" : "dark";
await speak();
await learnWorld();
if (own) {
  control();
  await learnAddresses(own.code);
  live = new Live(own, changed);
  draw();
  runClock(live);
  setInterval(fit, 250);
  window.addEventListener("resize", fit);
  window.addEventListener("keydown", turn);
  window.addEventListener("hashchange", () => location.reload());
} else draw();
