// A figure: 2 px rule, the finding as title, what is measured below, the picture, and a source line with
// Table, Picture, Data and Link.

import { h, s } from "../base/elements.js";
import { t } from "../base/words.js";
import { patterns } from "./patterns.js";

const open = new Set(); // figures whose table is unfolded

// {id, title, sub, picture, source, table: () => {columns, rows}, link, again, level, more}
export function drawFigure(o) {
  const flip = () => {
    if (open.has(o.id)) open.delete(o.id);
    else open.add(o.id);
    o.again();
  };
  const host = (event) => event.currentTarget.closest("figure");
  const tools = h("div", { class_: "tools", key: "tools" }, h("span", { class_: "src" }, o.source),
    o.table && h("button", { type: "button", "data-do": "table", "aria-expanded": String(open.has(o.id)),
      onclick: flip },
      t("figure.table")),
    h("button", { type: "button", "data-do": "svg", onclick: (event) => savePicture(host(event), o, "svg") },
      t("figure.svg")),
    h("button", { type: "button", "data-do": "png", onclick: (event) => savePicture(host(event), o, "png") },
      t("figure.png")),
    o.table && h("button", { type: "button", "data-do": "data", onclick: () => saveTable(o) },
      t("figure.data")),
    o.link && h("a", { href: o.link() }, t("figure.link")));
  return h("figure", { class_: "fig", key: o.id, "data-figure": o.id },
    h(o.level ?? "h2", null, o.title), o.sub && h("p", { class_: "sub" }, o.sub), o.more, o.picture, tools,
    o.table && open.has(o.id) && drawTable(o));
}

export function drawTable(o) {
  const { columns, rows } = o.table();
  return h("div", { class_: "scroll", key: "table", tabindex: 0, role: "region",
    "aria-label": t("figure.table_of", { title: o.title }) },
    h("table", null, h("thead", null, h("tr", null, columns.map((one) => h("th", { scope: "col" }, one)))),
      h("tbody", null, rows.map((row) => h("tr", null,
        row.map((cell, i) => h(i ? "td" : "th", { scope: i ? undefined : "row" }, String(cell))))))));
}

function hand(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"`
  : String(value));

export function saveTable(o) {
  const { columns, rows } = (o.data ?? o.table)();
  const text = [columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
  hand(new Blob(["\ufeff", text], { type: "text/csv" }), `${o.id}.csv`);
}

// Colours of the page written into the picture, since a file knows no tokens.
function fixed(text) {
  const style = getComputedStyle(document.documentElement);
  return text.replace(/var\((--[\w-]+)\)/g, (all, name) => style.getPropertyValue(name).trim() || all);
}

function pictureOf(figure, o) {
  const found = figure.querySelector("svg:not([aria-hidden])") ?? figure.querySelector("svg");
  const copy = found.cloneNode(true), view = copy.viewBox.baseVal;
  const box = found.getBoundingClientRect();
  const [w, high] = view && view.width ? [view.width, view.height] : [box.width, box.height];
  copy.setAttribute("y", 74);
  copy.setAttribute("width", w);
  copy.setAttribute("height", high);
  const text = (y, size, weight, words, fill = "var(--ink)") =>
    s("text", { x: 0, y, "font-size": size, "font-weight": weight, fill }, words);
  const whole = s("svg", { xmlns: "http://www.w3.org/2000/svg", width: w + 32, height: high + 132,
    viewBox: `-16 0 ${w + 32} ${high + 132}`, "font-family": "Liberation Sans, Arial, sans-serif" },
      patterns(),
  s("rect", { x: -16, y: 0, width: w + 32, height: high + 132, fill: "var(--page)" }),
  text(30, 18, 700, o.title), text(54, 13, 400, o.sub || "", "var(--ink2)"), copy,
  text(high + 98, 12, 400, o.source || "", "var(--ink3)"),
  text(high + 116, 12, 400, `Entrepot · ${t("page.model_only")}`, "var(--ink3)"));
  return { text: fixed(new XMLSerializer().serializeToString(whole)), w: w + 32, h: high + 132 };
}

export function savePicture(figure, o, form) {
  const made = pictureOf(figure, o), svg = new Blob([made.text], { type: "image/svg+xml" });
  if (form === "svg") return hand(svg, `${o.id}.svg`);
  const image = new Image();
  image.onload = () => {
    const canvas = h("canvas", { width: 2 * made.w, height: 2 * made.h });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => hand(blob, `${o.id}.png`));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(made.text)}`;
  return undefined;
}
