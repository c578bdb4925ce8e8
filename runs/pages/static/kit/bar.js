// The shell: the bar of 48 px with logo, what is shown, the ways, and language with theme. One for
// all pages but the wall.

import { h, s } from "../base/elements.js";
import { keep } from "../base/keep.js";
import { LANGUAGES, language, setLanguage, t } from "../base/words.js";
import { at } from "../base/root.js";

export const logo = () => s("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" }, s("path", {
  d: "M4 33H36M7.5 33V16L20 7.5 32.5 16V33M14.5 33V21.5H25.5V33", fill: "none", stroke: "currentColor",
  "stroke-width": 3 }));

const WAYS = { watch: "", alone: "start?for=alone", class: "start?for=class", table: "start?for=table",
  sources: "?view=sources" };
// The server says which of the ways are open to who asked for this page, and whether that was another
// machine, which looks on and makes nothing.
const { ways: told, away } = document.body.dataset;
const OPEN = told === undefined ? Object.keys(WAYS) : told.split(" ").filter(Boolean);
// An address that asks for a language hands it on.
const handOn = (path) => {
  const asked = new URLSearchParams(location.search).get("lang");
  return Object.hasOwn(LANGUAGES, asked) ? `${path}${path.includes("?") ? "&" : "?"}lang=${asked}` : path;
};
const toWatch = (path) => (away === undefined ? path : `${path || "?view=watch"}&watch`);

// The system's theme, what was chosen here, or what the address asks for.
export function setTheme(chosen) {
  if (chosen !== undefined) keep.set("theme", chosen);
  const asked = new URLSearchParams(location.search).get("theme") ?? keep.get("theme");
  if (asked === "dark" || asked === "light") document.documentElement.dataset.theme = asked;
  else delete document.documentElement.dataset.theme;
}

// A menu that closes when the focus leaves it, by Escape and by a choice.
export function menu(name, label, traits, ...items) {
  const shut = (event) => {
    const fold = event.currentTarget.closest("details");
    if (event.type === "keydown" && event.key !== "Escape") return;
    if (event.type === "focusout" && (!event.relatedTarget || fold.contains(event.relatedTarget))) return;
    fold.open = false;
    if (event.type === "keydown") fold.querySelector("summary").focus();
  };
  return h("details", { key: name, id: `menu-${name}`, onkeydown: shut, onfocusout: shut, ...traits },
    h("summary", null, label), h("div", { class_: "sheet" }, items));
}

function languages(again) {
  const one = (code, name) => h("button", { type: "button", lang: code, "data-lang": code,
    "aria-current": code === language ? "true" : undefined,
    onclick: async (event) => {
      event.currentTarget.closest("details").open = false;
      await setLanguage(code);
      again();
    } }, name);
  const theme = (name) => h("button", { type: "button", "data-theme-choice": name || "system",
    "aria-current": (keep.get("theme") ?? "") === name ? "true" : undefined,
    onclick: (event) => {
      event.currentTarget.closest("details").open = false;
      setTheme(name || null);
      again();
    } }, t(`theme.${name || "system"}`));
  return menu("lang", LANGUAGES[language], { class_: "lang", "aria-label": t("page.language") },
    Object.entries(LANGUAGES).map(([code, name]) => one(code, name)),
    h("p", { class_: "kick" }, t("theme.title")), ["", "light", "dark"].map(theme));
}

// Links of rooms hold a token behind #: the way past the bar moves the focus and leaves the address.
const past = (to) => (event) => {
  event.preventDefault();
  document.getElementById(to)?.focus();
};

// {current, set, again, skip, to}: `set` is what stands beside the logo, `again` draws the page anew, `skip`
// is what the link past the bar says and `to` where it leads
export function drawBar(o) {
  const to = o.to ?? "main", home = handOn(OPEN.includes("alone") ? at("/start") : at("/join"));
  const flip = (event) => {
    const open = event.currentTarget.parentElement.classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  };
  return [
    h("a", { class_: "skip", key: "skip", href: `#${to}`, onclick: past(to) }, o.skip ?? t("shell.skip")),
    h("header", { class_: "bar", key: "bar" },
      h("a", { class_: "logo", "aria-label": "Entrepot", href: home },
        logo(), h("b", null, "Entrepot")),
      h("div", { class_: "set", key: "set" }, o.set),
      h("div", { class_: "routes", key: "ways" }, OPEN.length > 0 && [
        h("button", { type: "button", class_: "burger", "aria-expanded": "false",
          "aria-label": t("shell.ways"), onclick: flip }, "☰"),
        h("nav", { "aria-label": t("shell.ways") }, OPEN.map((way) => h("a", {
          href: handOn(at(`/${way === "watch" || way === "sources" ? toWatch(WAYS[way]) : WAYS[way]}`)),
          "data-way": way, "aria-current": way === o.current ? "page" : undefined }, t(`shell.${way}`))))]),
      languages(o.again)),
  ];
}
