// More of this week: recorded figures of the country and material looked at that no picture has. Folded,
// and drawn only where it is open.

import { h } from "../base/elements.js";
import { num } from "../base/numbers.js";
import { goodName, seatName } from "../base/scene.js";
import { t, told } from "../base/words.js";
import { figure, money, num1, share, times } from "../kit/say.js";
import { drawSpark } from "../kit/tile.js";
import { redraw, ui } from "./state.js";

let open = false;

// By the unit that the tables give a column; a code has a word for each of its values.
const WRITE = { USD: money, share, ratio: times, index: (x) => num(x, 2), persons: (x) => num(x, 0),
  t: (x) => t("watch.tonnes", { n: figure(x) }), weeks: (x) => t("watch.n_weeks", { n: num(x, 0) }),
  years: (x) => (x === null ? "–" : t("watch.n_years", { n: num1(x) })) };
const written = (one, x) => (x === null || x === undefined ? "–"
  : one.unit === "code" ? t(`column_code.${one.id}_${x}`) : WRITE[one.unit](x));

const nameOf = (one) => {
  const name = told(`column.${one.id}`);
  return one.zone && one.zone !== ui.run.zone ? t("watch.row_of", { name, zone: seatName(one.zone) }) : name;
};

function meaning(one) {
  const text = told(`column_text.${one.id}`), longest = one.id === "measure_weeks" && Math.max(...one.values);
  return longest ? `${text} ${t("watch.longest", { n: num(longest, 0) })}` : text;
}

// Figures of the week under the head in rows: what it is and means, the whole run as a spark, the figure.
// Rows are {id, label, text, value, values}; `values` are the weeks where they move.
export const drawLines = (rows) => h("dl", { class_: "lines" }, rows.map((one) => h("div",
  { key: one.id, "data-row": one.id },
  h("dt", null, one.label, one.text && h("small", null, one.text)),
  h("dd", null, one.values?.length > 1 && drawSpark(one.values, ui.head, "var(--ink)", 72, 24),
    h("b", null, one.value)))));

export function more() {
  const rows = ui.run?.more;
  if (!rows?.length || !ui.story) return null;
  const flip = (event) => {
    if (open === event.currentTarget.open) return;
    open = event.currentTarget.open;
    redraw();
  };
  const about = { good: goodName(ui.run.material), zone: seatName(ui.run.zone) };
  return h("section", { key: "more", "data-part": "more" },
    h("details", { class_: "more", open, ontoggle: flip },
      h("summary", null, h("h2", null, t("watch.more", about))), open && inside(rows)));
}

function inside(rows) {
  const moves = rows.filter((one) => one.values.length > 1);
  const rests = rows.filter((one) => one.values.length < 2);
  return [drawLines(moves.map((one) => ({ id: `${one.id}-${one.zone}`, label: nameOf(one), text: meaning(one),
    value: written(one, one.values[ui.head]), values: one.values }))),
  rests.length > 0 && h("p", { class_: "kick", key: "kick" }, t("watch.more_still")),
  rests.length > 0 && drawLines(rests.map((one) => ({ id: `${one.id}-${one.zone}`, label: nameOf(one),
    text: meaning(one), value: written(one, one.values[0]) })))];
}
