// Numbers, times and values of levers as the reader's language writes them.

import { has, language, t, told } from "./words.js";

const minus = (text) => text.replace("-", "−"); // one sign on all pages; a line does not break after it

export function num(value, most = 2) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  return minus(new Intl.NumberFormat(language, { maximumFractionDigits: most }).format(value));
}

export function signed(value, most = 1) {
  return minus(new Intl.NumberFormat(language, { maximumFractionDigits: most, signDisplay: "exceptZero" })
    .format(value));
}

export function percent(value, most = 1) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  return minus(new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: most })
    .format(value));
}

// 2,000만, 53億: three digits in the large units of the language. Below ten thousand Korean would count in
// thousands, which nobody says.
export const compact = (value) => minus(new Intl.NumberFormat(language, { maximumSignificantDigits: 3,
  useGrouping: "always", ...(language !== "ko" || Math.abs(value) >= 1e4) && { notation: "compact" } })
  .format(value));

export function usd(value) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  if (language !== "en") return t("figure.money", { n: compact(value) });
  return minus(new Intl.NumberFormat(language, {
    style: "currency", currency: "USD", currencyDisplay: "code", notation: "compact",
    maximumSignificantDigits: 3,
  }).format(value));
}

// 4.2 billion dollars: as sentences say it, with two digits.
export function dollars(value) {
  const long = language === "en" ? { notation: "compact", compactDisplay: "long" }
    : { notation: language !== "ko" || Math.abs(value) >= 1e4 ? "compact" : "standard" };
  const amount = minus(new Intl.NumberFormat(language, { maximumSignificantDigits: 2, ...long })
    .format(value));
  return language === "en" ? t("story.money", { amount }) : t("figure.money", { n: amount });
}

export function clock(ms) {
  return new Intl.DateTimeFormat(language, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).format(new Date(ms));
}

export function day(iso) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" })
    .format(new Date(`${iso}T00:00:00Z`));
}

export function minutes(ms) {
  const all = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

// A lever's values as people read them: shares in per cent, everything else in its unit.
export const scaleOf = (unit) => (unit.startsWith("share") ? 100 : 1);

export const unitName = (unit) => told(`unit.${unit}`, unit);

export const shownValue = (unit, value) =>
  value === null || value === undefined ? "" : Number((value * scaleOf(unit)).toPrecision(10));

// The name of a value of a lever that is chosen and not measured, "" for what is measured.
export function choiceName(unit, value) {
  const key = unit === "rung" ? `rung.${value}` : `choice.${unit}.${value}`;
  return has(key) ? t(key) : "";
}

// What a lever can be set to, where its values have names; else it has a range.
export function choices(row) {
  if (row.unit === "flag") return [0, 1];
  const values = row.whole ? Array.from({ length: row.high - row.low + 1 }, (_, k) => row.low + k) : [];
  return values.every((v) => choiceName(row.unit, v)) ? values : [];
}

export function amount(unit, value) {
  if (value === null || value === undefined) return "–";
  if (unit === "flag") return t(value ? "lever.on" : "lever.off");
  const named = choiceName(unit, value);
  if (named) return unit === "rung" ? `${value} (${named})` : named;
  return `${num(shownValue(unit, value), 3)} ${unitName(unit)}`.trim();
}
