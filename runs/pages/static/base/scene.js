// What is public of the scenario, and the names of its seats, goods and levers.

import { has, t, told } from "./words.js";
import { at } from "./root.js";

export let scene = { zones: {}, usd_per_kg: {}, levers: {}, scenarios: {}, firms: {}, rungs: [],
  seats: [] };

let sceneOf = null;

export async function learnScene(scenario) {
  if (sceneOf === scenario) return;
  sceneOf = scenario;
  try {
    const answer = await fetch(at(`/pages/scene/${encodeURIComponent(scenario)}.json`));
    if (!answer.ok) throw new Error(`the scene: ${answer.status}`);
    scene = await answer.json();
  } catch {
    sceneOf = null; // to be asked for again
    window.dispatchEvent(new Event("entrepot:trouble"));
  }
}

export function learnOwn(found) { // a scenario that is no shipped one
  sceneOf = found.id;
  scene = found;
}

// What a seat is judged by.
export const GAUGES = ["supply", "autonomy", "standing"];

// A gauge by the name of the seat's own goal.
export function gaugeName(gauge, kind, seat) {
  if (kind === "firm" || kind === "refiner")
    return t(`goal.firm_${gauge}`, { coercer: seatName(scene.coercer) });
  return seat && seat === scene.coercer ? t(`goal.coercer_${gauge}`) : t(`gauge.${gauge}`);
}

const names = {}; // of firms, as the scenario gives them

export const learnNames = (seats) => seats?.forEach((one) => {
  if (one.name && one.name !== one.seat) names[one.seat] = one.name;
});

export const seatName = (seat) =>
  seat === "control" || seat === "all" ? t(`who.${seat}`)
    : has(`seat.${seat}`) ? t(`seat.${seat}`) : names[seat] || scene.firms?.[seat]?.title || seat;

export const goodName = (id) => told(`good.${id}`, id);

export const placeName = (place) => (has(`good.${place}`) ? goodName(place) : seatName(place));

export function leverName(full) {
  const [name, ...rest] = full.split(".");
  const place = rest.join(".");
  const own = told(`lever.${name}.name`, name.replaceAll("_", " "));
  return place ? `${own} · ${placeName(place)}` : own;
}

// The unit of a lever by its full name, "" for one that the scenario has not.
export const unitOf = (full) => scene.levers[String(full || "").split(".")[0]]?.unit || "";

export const titleOf = (view) => told(`scenario.${view.scenario}.title`, view.title ?? view.scenario);
