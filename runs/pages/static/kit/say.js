// The one writer of figures and dates in sentences and on pictures, over numbers.js and words.js.

import { language, t } from "../base/words.js";
import { compact, num, percent } from "../base/numbers.js";

const known = (value) => value !== null && value !== undefined && isFinite(value);
// A writer of the language takes the browser longer to make than to use.
const writers = new Map();
function writer(kind, options) {
  const name = `${language} ${kind.name} ${JSON.stringify(options)}`;
  if (!writers.has(name)) writers.set(name, new kind(language, options));
  return writers.get(name);
}
const digits = (value, most) => writer(Intl.NumberFormat, { maximumSignificantDigits: most,
  useGrouping: "always" }).format(value).replace("-", "−");

// 4.0 of a price: ×4.0
export const times = (ratio) => (known(ratio) ? `×${ratio < 10 ? num1(ratio) : num(ratio, 0)}` : "–");
export const num1 = (value) => (known(value) ? writer(Intl.NumberFormat, { minimumFractionDigits: 1,
  maximumFractionDigits: 1 }).format(value).replace("-", "−") : "–");

// What is almost nothing is told as less than what can still be told.
const LEAST = 1e-3, LEAST_SHARE = 1e-4, LEAST_USD = 10;
const under = (value, least, write) => (value !== 0 && Math.abs(value) < least
  ? t("figure.under", { n: write(least) }) : write(value));

// Three digits in pictures and tiles.
export const figure = (value) => (known(value) ? under(value, LEAST, (x) => digits(x, 3)) : "–");

// Shares: whole per cent from 10, one digit from 1, two under 1%.
export const share = (value) => (known(value) ? under(value, LEAST_SHARE, shareOf) : "–");

function shareOf(value) {
  const size = Math.abs(value) * 100;
  return percent(value, size === 0 || size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2);
}

// $73M in a tile and on a picture; sentences of the story bring their own.
export const money = (usd) => (known(usd) ? under(usd, LEAST_USD, moneyOf) : "–");
const moneyOf = (usd) => (usd < 0 ? "−" : "") + t("figure.money", { n: compact(Math.abs(usd)) });

// The unit for sums of up to `most` dollars where many stand below each other, in the large units that
// `money` counts in: its size, and the key of its name.
const UNITS = { en: [[1e9, "billions"], [1e6, "millions"], [1e3, "thousands"]],
  other: [[1e8, "hundred_millions"], [1e4, "ten_thousands"]] };
export const moneyUnit = (most) => {
  const units = UNITS[language] ?? UNITS.other;
  const [size, name] = units.find(([one]) => most >= one) ?? units.at(-1);
  return [size, `result.${name}`];
};
export const perKg = (usdPerT) =>
  (known(usdPerT) ? t("figure.per_kg", { n: figure(usdPerT / 1000) }) : "–");

// 1 June 2026 as the language writes it.
export const dayOf = (iso) => writer(Intl.DateTimeFormat, { day: "numeric", month: "long",
  year: "numeric",
  timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
export const shortDay = (iso) => writer(Intl.DateTimeFormat, { day: "numeric", month: "short",
  timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

// The first weeks of quarters, written at an axis: a year where it begins.
export function monthsOf(start, weeks, every = 3) {
  const found = [], first = new Date(`${start}T00:00:00Z`);
  let last = -1;
  for (let week = 0; week < weeks; week++) {
    const day = new Date(first.getTime() + week * 6048e5), month = day.getUTCMonth();
    if (month !== last && month % every === 0) {
      const year = month === 0 || !found.length;
      found.push({ week, text: writer(Intl.DateTimeFormat, { month: "short", timeZone: "UTC",
        ...(year && { year: "numeric" }) }).format(day) });
    }
    last = month;
  }
  return found;
}

export const dateOf = (start, week) =>
  new Date(Date.parse(`${start}T00:00:00Z`) + week * 6048e5).toISOString().slice(0, 10);
