// The story's sentences in the reader's language: as runs/story/speak.py writes them, value by value.

import { day } from "./numbers.js";
import { goodName, seatName } from "./scene.js";
import { has, language, t, told } from "./words.js";

const NEAR = 0.02; // of a share that is told by its name
const NAMED = [[0.5, "half"], [1 / 3, "third"], [2 / 3, "two_thirds"], [0.25, "quarter"],
  [0.75, "three_quarters"]];
const LEAST_SHARE = 1e-4, LEAST_USD = 10, LEAST = 1e-3; // what is less is told as under this
const TIMES = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const SIZES = {
  en: [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]],
  ko: [[1e12, "조"], [1e8, "억"], [1e4, "만"]], ja: [[1e12, "兆"], [1e8, "億"], [1e4, "万"]],
  "zh-Hans": [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"]],
};

// Two digits that count.
function two(value) {
  if (value === 0) return "0";
  const places = 1 - Math.floor(Math.log10(Math.abs(value)));
  const rounded = Math.round(value * 10 ** places) / 10 ** places;
  const text = Math.abs(rounded) >= 10 || Number.isInteger(rounded) ? rounded.toLocaleString("en",
    { maximumFractionDigits: 0 }) : String(Number(rounded.toFixed(Math.max(places, 1))));
  return text.replace("-", "−");
}

// 5.3 billion dollars, as the language counts.
function money(usd) {
  const words = t("story.money");
  const [size, name] = SIZES[language].find(([step]) =>
    Math.abs(Number(usd.toExponential(1))) >= step) || [1, ""];
  const text = two(usd / size);
  if (language === "en") return words.replace("{amount}", `${text} ${name}`.trim());
  if (!name) return words.replace("{amount} ", "{amount}").replace("{amount}", text);
  return words.replace("{amount}", text + name);
}

function share(value) {
  const named = NAMED.find(([part]) => Math.abs(value - part) <= NEAR);
  if (named) return t(`story.share.${named[1]}`);
  if (value !== 0 && Math.abs(value) < LEAST_SHARE)
    return t("story.share.under", { share: `${two(100 * LEAST_SHARE)}%` });
  return `${two(100 * value)}%`;
}

function figure(kind, value) {
  if (!isFinite(value)) return "–";
  if (kind === "share") return share(value);
  if (kind === "times") {
    const near = Math.round(value), plain = language === "en" && near >= 2 && near <= 10;
    return plain && Math.abs(value - near) <= 0.05 ? TIMES[near - 2] : two(value);
  }
  if (kind === "days" && value >= 2) return two(Math.round(value));
  if (kind === "usd")
    return value !== 0 && Math.abs(value) < LEAST_USD
      ? t("story.money_under", { usd: money(LEAST_USD) }) : money(value);
  return two(Math.abs(value) >= LEAST ? value : 0);
}

function place(kind, value) {
  const key = [`story.${kind}.${value}`, `story.zone.${value}`].find(has);
  return key ? t(key) : kind === "good" ? goodName(value) : seatName(value);
}

function written(name, value) {
  const kind = name.split("_")[0];
  if (value !== null && typeof value === "object") return inner(value).replace(/[.。]+$/, "");
  if (kind === "name") return told(`seat.${value}`, value);
  if (["zone", "whose", "capital", "good"].includes(kind)) return place(kind, value);
  if (typeof value === "string") return kind === "date" ? day(value) : value;
  return figure(kind, value);
}

const inner = (say) => t(say.key, Object.fromEntries(Object.entries(say.values).map(([name, value]) =>
  [name, written(name, value)])));

// A sentence; in English each of its parts begins with a capital.
export function tell(say) {
  if (!say || !has(say.key)) return "";
  const text = inner(say);
  return language !== "en" ? text
    : text.replace(/(^|[.?] )([a-z])/g, (all, before, letter) => before + letter.toUpperCase());
}
