// On the console: the record to take home, and how the server is.

import { band, h, num, phrase, seatName, t } from "../room/base.js";
import { at } from "../base/root.js";
import { sure } from "../console/acts.js";
import { draw, own, ui } from "../console/state.js";
import { helpersCard } from "./people.js";

export async function fetchZip(format, names) {
  ui.busy++;
  draw();
  try {
    const answer = await fetch(at(`/api/rooms/${own.code}/export?format=${format}&names=${names}`),
      { headers: { authorization: `Bearer ${own.token}` } });
    if (!answer.ok) {
      const found = await answer.json();
      throw new Error(phrase(found.say, found.error));
    }
    const link = h("a", { href: URL.createObjectURL(await answer.blob()),
        download: `room-${own.code}-${format}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (problem) { ui.error = problem.message; }
  ui.busy--;
  draw();
}

export function recordCard(view) {
  const health = view.health;
  return h("section", { class_: "card w6 stack", key: "record" }, h("h2", null, t("console.record")),
    h("div", { class_: "row" },
      ["csv", "parquet"].map((one) => h("button", { type: "button", key: one, disabled: ui.busy > 0,
            onclick: () => fetchZip(one, "no") }, t("console.export", { format: one.toUpperCase() }))),
      h("button", { type: "button", disabled: ui.busy > 0,
          onclick: async () => { if (await sure(t("console.export_names"), t("sure.names"))) fetchZip("csv",
              "yes"); } }, t("console.export_names"))),
    Object.values(view.scores).some(Boolean) && h("ul", { class_: "lights" },
      view.seats.filter((one) => view.scores[one.seat] && one.open).map((one) => h("li", { class_: "light" },
          seatName(one.seat), " ", band(view.scores[one.seat].band)))),
    h("h3", null, t("console.health")), h("p", { class_: health.fault || health.dropped ? "error" : "ok" },
      phrase(health.fault_say, health.fault) || phrase(health.dropped_say, health.dropped)
        || t("console.healthy")),
    h("p", { class_: "soft" }, t("console.connected", { n: num(health.connected) }), " · ",
      t("console.version", { n: num(view.version) }), " · ", t("console.seed", { seed: view.seed })),
    helpersCard(view));
}
