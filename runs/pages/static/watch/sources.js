// Where the figures come from: materials, every figure of one, and the free parameters. What the tables
// of facts say is in English, as their sources are.

import { h } from "../base/elements.js";
import { placeName } from "../base/scene.js";
import { t } from "../base/words.js";
import { ask, ui } from "./state.js";

const table = (name, columns, rows, label) => h("div", { class_: "scroll", tabindex: 0, role: "region",
  "aria-label": label },
  h("table", { class_: name, lang: "en" },
    h("thead", null, h("tr", null, columns.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", null, rows)));

export function sources() {
  const told = ui.sources;
  if (!told) return h("main", { id: "main", key: "main", class_: "sources" },
    h("h1", null, t("sources.title")), h("p", { role: "status" }, t("watch.setting_up")));
  const { overview, figures, parameters, material } = told;
  const good = placeName(material);
  return h("main", { id: "main", key: "main", class_: "sources", "data-part": "sources" },
    h("h1", null, t("sources.title")), h("p", { class_: "sub" }, t("sources.lead")),
    h("p", { class_: "sub" }, t("sources.land")),
    h("section", null, h("h2", null, t("sources.materials")), table("overview", overview.columns,
      overview.rows.map((row) => h("tr", { key: row.id, class_: row.id === material ? "on" : "" },
      h("th", { scope: "row" }, h("button", { type: "button", class_: "pick", "data-good": row.id,
        onclick: () => ask("look", { material: row.id }) }, row.name)),
      row.cells.map((cell) => h("td", null, cell ? [cell.text, cell.source
        && h("small", null, ` ${cell.source}`)] : "–")))), t("sources.materials"))),
    h("section", null, h("h2", null, t("sources.figures", { good })), table("figures", figures.columns,
      figures.rows.map((row) => h("tr", null, h("td", null, row.what),
      h("td", { class_: "num" }, row.value), h("td", null, row.year),
        h("td", null, row.url ? h("a", { href: row.url, target: "_blank", rel: "noopener noreferrer" },
        row.source) : row.source),
      h("td", null, `${row.basis}, ${row.confidence}`), h("td", null, row.note))),
        t("sources.figures", { good }))),
    h("section", null, h("h2", null, t("sources.parameters")), h("p", { class_: "sub" },
      t("sources.parameters_lead")), table("parameters", parameters.columns,
      parameters.rows.map((row) => h("tr", null, h("td", null, row.what), h("td", null, row.of),
        h("td", { class_: "num" }, row.value), h("td", null, row.range), h("td", null, row.meaning),
        h("td", null, row.source), h("td", null, row.basis))), t("sources.parameters"))));
}
