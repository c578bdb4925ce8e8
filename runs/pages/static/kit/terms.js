// Words of the subject in running text: a dotted line under the first place of each, and one sentence that
// says what it means, where it is pointed at, reached by key or tapped.

import { h } from "../base/elements.js";
import { language, t } from "../base/words.js";

const TERMS = ["reserve", "clause", "forge", "ndpr", "dual_use", "floor", "hub", "luck"];
const made = new Map(); // patterns by language

// How a word stands in sentences of the language: `a|b`, in Latin script as a whole word.
function patterns() {
  if (!made.has(language)) made.set(language, TERMS.map((name) => {
    const words = t(`term.${name}`).split("|").map((one) => one.replace(/[.*+?^${}()[\]\\]/g, "\\$&"));
    const whole = language === "en" ? (one) => `\\b${one}\\b` : (one) => one;
    return [name, new RegExp(words.map(whole).join("|"), "i")];
  }));
  return made.get(language);
}

// Texts and buttons in their order; a term has one button in a text.
export function withTerms(text, seen = new Set()) {
  const first = patterns().filter(([name]) => !seen.has(name))
    .map(([name, pattern]) => ({ name, found: pattern.exec(text) })).filter((one) => one.found)
    .sort((a, b) => a.found.index - b.found.index)[0];
  if (!first) return text ? [text] : [];
  const { name, found } = first, after = found.index + found[0].length;
  return [text.slice(0, found.index), button(name, found[0]),
    ...withTerms(text.slice(after), new Set([...seen, name]))].filter(Boolean);
}

const button = (name, word) => h("button", { type: "button", class_: "term", "data-term": name,
  "aria-description": t(`term.${name}_text`), onclick: show, onpointerenter: show, onfocus: show,
  onpointerleave: hide, onblur: hide,
  onkeydown: (event) => { if (event.key === "Escape") hide(); } }, word);

let word = null; // whose sentence stands on the page
const hide = () => {
  word = null;
  document.getElementById("term")?.remove();
};

// Who listens has heard the sentence at the word.
function show(event) {
  hide();
  word = event.currentTarget;
  document.body.append(h("div", { id: "term", class_: "tip", "aria-hidden": "true" },
    t(`term.${word.dataset.term}_text`)));
  place();
}

// Below the word, or above it where the window ends; gone with it.
function place() {
  if (!word?.isConnected) return hide();
  const tip = document.getElementById("term"), at = word.getBoundingClientRect();
  const low = at.bottom + 6 + tip.offsetHeight > innerHeight;
  tip.style.left = `${Math.max(12, Math.min(at.left, innerWidth - tip.offsetWidth - 12))}px`;
  tip.style.top = `${low ? at.top - tip.offsetHeight - 6 : at.bottom + 6}px`;
  return undefined;
}
for (const what of ["scroll", "pointermove"])
  addEventListener(what, () => { if (word) place(); }, { passive: true });
