// The shell of the room's pages: the bar of all pages, and below it the strip of what passes in the room.

import { h } from "../base/elements.js";
import { minutes } from "../base/numbers.js";
import { phaseName, turnName, voices } from "../room/pieces.js";
import { leftOf } from "../room/live.js";
import { t } from "../base/words.js";
import { drawBar, setTheme } from "../kit/bar.js";
import { dayOf } from "../kit/say.js";

setTheme();

// See drawBar for what is given.
export const shell = (given) => [drawBar({ skip: t("shell.skip_to_page"), ...given }), voices(),
  h("p", { class_: "printed", key: "printed" }, `${document.title} · ${today()}`)];

// On paper: what this was, and when it was printed.
const today = () => dayOf(new Date().toISOString().slice(0, 10));

// The page's own part, where the way past the bar leads.
export const body = (...inside) => h("main", { id: "main", key: "main", tabindex: -1 }, inside);

// Turn, phase, clock, and whether the line to the room holds; `more` is what else a page says there.
export function roomBar(view, live, more) {
  const off = live.state !== "live", left = leftOf(view, live);
  return h("div", { class_: "roombar", key: "roombar" }, h("div", { class_: "in" },
    h("b", { id: "turn" }, turnName(view)), h("span", { id: "phase" }, phaseName(view)),
    h("span", { class_: "clock", "data-clock": "", role: "timer", "aria-label": t("bar.left") },
      left === null ? "" : minutes(left)),
    h("span", { class_: `net ${off ? "off" : ""}` }, off ? `⚠ ${t("net.offline")}` : `● ${t("net.live")}`),
    more));
}
