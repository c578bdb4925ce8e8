// What the parts of the story share: whose game it is, and how turns, orders and measures are written.

import { amount, leverName, seatName, t, unitOf } from "../room/base.js";
import { WORLD, held, ui } from "./state.js";

export const phone = () => innerWidth < 720;
export const turns = () => held.record.turns_played.length;
export const lastOf = (values) => values.findLast((v) => v !== null);

const orderText = (one) => t("review.order", { lever: leverName(one.lever),
  value: amount(unitOf(one.lever), one.value) });
export const pinText = (one) => t("review.pin", { turn: one.turn,
  orders: one.orders.map(orderText).join(", ") });
export const whoseName = () => (ui.whose === WORLD ? t("review.world") : seatName(ui.whose));
export const names = (turn) => (turn ? t("review.turn_name", { turn }) : t("review.start"));
export const isMoney = (id) => id === "money";
