// What a slider spans: the lever's own range where that is useful, else what today's price, use and purse
// make of it. The field beside it takes the whole range.

const WEEKS = 52, QUARTERS = 4;
const STEPS = 40; // of a slider, about

// The nearest of 1, 2, 5 and their tens that is not smaller.
function round(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((one) => one * ten >= value * (1 - 1e-9)) * ten;
}

// A year's use of a material, its price today and the money of a quarter, as the seat knows them.
function spanOf(view, row, place) {
  const good = view.report.materials?.[place], money = view.purse?.money.allowance / 1e6;
  if (row.lever === "floor_usd_per_kg" && good) return 3 * good.usd_per_kg * Math.max(1, good.price);
  if (["offtake", "equity_offtake"].includes(row.lever) && good) return WEEKS * good.need_t;
  if (row.unit === "USD m per quarter" && money) return money;
  if (row.unit === "USD m a year" && money) return QUARTERS * money;
  return 0;
}

// {low, high, step} in the lever's unit; `values` are those that must lie within it.
export function rangeOf(view, row, place, values) {
  const span = spanOf(view, row, place);
  if (!(span > 0)) return { low: row.low, high: row.high, step: row.step };
  const most = Math.max(round(span), ...values.filter((one) => Number.isFinite(one)));
  const high = Math.min(row.high, most);
  return { low: row.low, high, step: Math.min(row.step, round(high / STEPS)) };
}
