// Numbers as people type them: 1,000 and 1000, 1.5 and 1,5, in the signs of any keyboard.

import { num, scaleOf, shownValue, unitName } from "./numbers.js";
import { language, t } from "./words.js";

// The mark that the reader's language puts between thousands.
const thousandsMark = () =>
  new Intl.NumberFormat(language, { useGrouping: true }).formatToParts(1e7).find((one) =>
    one.type === "group")?.value;

// What a text may mean, the usual reading first; nothing for what is no number.
function readings(text) {
  const clean = text.normalize("NFKC").trim().replace(/[−–]/g, "-").replace(/(\d)[\s'’](?=\d{3}(?!\d))/g,
    "$1");
  if (!/^[+-]?[\d.,]*\d$/.test(clean)) return [];
  const used = new Set(clean.replace(/[^.,]/g, ""));
  const plain = (mark, other) => Number(clean.replaceAll(other, "").replace(mark, "."));
  const grouped = (head, mark) => new RegExp(`^[+-]?\\d{1,3}(\\${mark}\\d{3})+$`).test(head);
  if (!used.size) return [Number(clean)];
  if (used.size === 2) { // the later one is the decimal mark
    const mark = clean.lastIndexOf(".") > clean.lastIndexOf(",") ? "." : ",", other = mark === "." ? ","
      : ".";
    const [head, ...rest] = clean.split(mark);
    return rest.length === 1 && grouped(head, other) ? [plain(mark, other)] : [];
  }
  const mark = [...used][0], once = clean.split(mark).length === 2;
  const whole = Number(clean.replaceAll(mark, "")), other = mark === "." ? "," : ".";
  if (!once) return grouped(clean, mark) ? [whole] : [];
  if (!/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(clean)) return [plain(mark, other)];
  return mark === thousandsMark() ? [whole] : [plain(mark, other), whole];
}

// A number as a field holds it; `readNumber` reads it back without a question.
export function typedNumber(value) {
  if (value === null || value === undefined || value === "") return "";
  const text = new Intl.NumberFormat("en", { useGrouping: false, maximumFractionDigits: 10 }).format(value);
  return readings(text).length > 1 ? `${text}0` : text;
}

// {value}, or {fault}: a sentence for the reader; `empty` where nothing was typed. Both bounds
// are allowed, unless the number must be `above` the lower one.
export function readNumber(text, { low = -Infinity, high = Infinity, unit = "", whole = false,
    above = false } = {}) {
  if (!String(text ?? "").trim()) return { empty: true, fault: t("number.empty") };
  // 50 and 50% are the same where per cent are meant
  const all = readings(unit.startsWith("%") ? String(text).normalize("NFKC").replace(/\s*%\s*$/, "")
    : String(text));
  const range = { low: num(low), high: num(high), unit };
  const only = () => t(above ? "number.above" : high === Infinity ? "number.least" : "lever.out_of_range",
    range).replace(/ +(?=[.。]|のみ|만)/, "");
  if (!all.length) return { fault: low === -Infinity ? t("lever.not_a_number")
    : `${t("lever.not_a_number")} ${only()}` };
  const within = (one) => (above ? one > low : one >= low - 1e-9) && one <= high + 1e-9;
  const fit = all.filter((one) => within(one) && !(whole && one % 1));
  if (fit.length > 1) {
    const [one, other] = fit;
    return { fault: t("number.two_ways", { one: num(one, 10), other: num(other, 10), first: typedNumber(one),
          second: typedNumber(other) }) };
  }
  if (fit.length) return { value: fit[0] };
  if (within(all[0])) return { fault: low === -Infinity ? t("lever.whole")
    : `${t("lever.whole")} ${only()}` };
  return { fault: only() };
}

// A value of a lever, typed in the unit that its row shows.
export function readLever(row, text) {
  const found = readNumber(text, {
    low: shownValue(row.unit, row.low), high: shownValue(row.unit, row.high), unit: unitName(row.unit),
      whole: row.whole,
  });
  return found.fault ? found : { value: Number((found.value / scaleOf(row.unit)).toFixed(8)) };
}
