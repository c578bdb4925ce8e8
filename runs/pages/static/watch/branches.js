// The branches of a watch page: which were asked, in which order they are played, and what came back.
// One is played at a time, beside the server; the others wait here.

import { ask, link, played, redraw, ui } from "./state.js";

export const MOST = 4;
const MOST_NUMBER = 999999;
let last = 0;

export const branches = []; // {n, week, set, state: waiting | working | done, found, done, of, early}
export const fork = { open: 0, fault: null, wished: wished() };

const keyOf = (week, set) => JSON.stringify([week, Object.entries(set).sort()]);
export const opened = () => branches.find((one) => one.n === fork.open) ?? null;
export const isAsked = (week, set) => branches.find((one) => keyOf(one.week, one.set) === keyOf(week, set));
const flying = () => branches.find((one) => one.state === "working");

// Asks a question, or opens the branch that answers it already. The oldest makes place for a fifth.
export function branch(week, set) {
  fork.fault = null;
  const there = isAsked(week, set);
  if (there) fork.open = there.n;
  else {
    while (branches.length >= MOST) remove(branches[0].n);
    last = last < MOST_NUMBER ? last + 1 : 1;
    branches.push({ n: last, week, set, state: "waiting" });
    fork.open = last;
    pump();
  }
  redraw();
}

export function remove(n) {
  const at = branches.findIndex((one) => one.n === n);
  if (at < 0) return;
  const [gone] = branches.splice(at, 1);
  if (gone.state !== "waiting") ask("unfork", n);
  if (fork.open === n) fork.open = branches.at(-1)?.n ?? 0;
  pump();
  redraw();
}

function pump() {
  const next = branches.find((one) => one.state === "waiting");
  if (!next || flying()) return;
  next.state = "working";
  ask("fork", { n: next.n, week: next.week, set: next.set, material: ui.run.material, zone: ui.run.zone });
}

// What the run's application has said of the questions. An answer comes with its number.
export function hearBranches() {
  for (const found of ui.forks ?? []) {
    const one = branches.find((other) => other.n === found.n);
    if (one) Object.assign(one, { found, state: "done", early: null });
  }
  const now = flying(), said = ui.asked;
  if (now && said?.n === now.n) {
    if (said.state === "working") Object.assign(now, { done: said.done, of: said.of, early: said.early });
    else if (said.state === "refused" || said.state === "failed") {
      fork.fault = said;
      now.state = "waiting"; // nothing of it stands at the server
      remove(now.n);
    }
  }
  wishes();
  pump();
}

// --- the address -----------------------------------------------------------------------------------

const written = (one) => [one.week, ...Object.entries(one.set).flat()].join("*");

// The page's address with all branches, the open one last.
export function forkLink() {
  const rest = branches.filter((one) => one.n !== fork.open);
  return link() + [...rest, opened()].filter(Boolean)
    .map((one) => `&fork=${encodeURIComponent(written(one))}`).join("");
}

// What the address asks for: week*lever*value and so on, or null where it cannot be read.
function wished() {
  return new URLSearchParams(location.search).getAll("fork").slice(0, MOST).map((text) => {
    const [week, ...rest] = text.slice(0, 1000).split("*"), set = {};
    for (let i = 0; i < rest.length; i += 2) set[rest[i]] = rest[i + 1]?.trim() ? Number(rest[i + 1]) : NaN;
    const sound = /^\d{1,4}$/.test(week) && rest.length && Object.values(set).every(Number.isFinite);
    return sound ? { week: Number(week), set } : null;
  });
}

// They are asked once the whole run has come.
function wishes() {
  if (!fork.wished.length || !ui.asks || !ui.run || played() < ui.run.weeks) return;
  const all = fork.wished.splice(0);
  for (const one of all.filter(Boolean)) branch(one.week, one.set);
  if (all.includes(null)) fork.fault = { state: "unread" };
}

// The words of a ready question, where it is one.
export const textOf = (one) => ui.asks?.questions.find((other) => (other.week ?? one.week) === one.week
  && keyOf(0, other.set) === keyOf(0, one.set))?.text ?? "";
