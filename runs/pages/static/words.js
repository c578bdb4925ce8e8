// The strings of the page in the reader's language.

import { h } from "./elements.js";
import { keep } from "./keep.js";
import { at } from "./root.js";

export const LANGUAGES = { en: "English", ko: "한국어", ja: "日本語", "zh-Hans": "简体中文" };

let words = {}, spare = {};

export let language = "en";

async function wordsOf(name) {
  const answer = await fetch(at(`/pages/words/${name}.json`));
  return answer.ok ? answer.json() : {};
}

// The language chosen here, or else the room's; answers whether it changed.
export async function speak(rooms) {
  const asked = new URLSearchParams(location.search).get("lang") || keep.get("lang");
  const wanted = [asked, rooms, "en"].find((one) => one in LANGUAGES);
  if (wanted === language && words[""]) return false;
  if (!spare[""]) spare = { "": "1", ...(await wordsOf("en")) };
  words = wanted === "en" ? spare : { "": "1", ...(await wordsOf(wanted)) };
  language = wanted;
  document.documentElement.lang = wanted;
  return true;
}

export const has = (key) => key in words || key in spare;

export function t(key, fill) {
  let text = words[key] ?? spare[key] ?? key;
  if (fill) text = text.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? fill[name] : all));
  return text;
}

// A string of ours, or what the server said, in its own language.
export const told = (key, other) => (has(key) ? t(key) : other ?? key);

export function chooseLanguage(again) {
  return h("label", { class_: "lang" }, h("span", { class_: "sr" }, t("page.language")),
    h("select", {
      id: "lang", value: language,
      onchange: async (event) => {
        keep.set("lang", event.target.value);
        const here = new URL(location.href);
        here.searchParams.delete("lang");
        history.replaceState(null, "", here);
        await speak();
        again();
      },
    }, Object.entries(LANGUAGES).map(([code, name]) =>
      h("option", { value: code, lang: code, selected: code === language }, name))));
}
