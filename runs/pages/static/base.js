// What all pages share: elements, words, numbers, the line to the room. Text goes in as text, never
// as HTML; a page is drawn anew from the latest payload and laid over what stands there.

// --- elements ------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";
const OWN = new Set(["value", "checked", "disabled", "selected", "open", "hidden", "readOnly"]);

function make(node, traits, children) {
  node._on = {};
  node._own = {};
  for (const [name, value] of Object.entries(traits || {})) {
    if (value === undefined || value === null || value === false && !OWN.has(name)) continue;
    if (name.startsWith("on")) node._on[name] = value;
    else if (name === "key") node._key = String(value);
    else if (OWN.has(name)) node._own[name] = value;
    else node.setAttribute(name === "class_" ? "class" : name, value === true ? "" : String(value));
  }
  add(node, children);
  for (const [name, value] of Object.entries(node._on)) node[name] = value;
  for (const [name, value] of Object.entries(node._own)) node[name] = value;
  return node;
}

function add(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(node, child);
    else if (child instanceof Node) node.appendChild(child);
    else if (child !== null && child !== undefined && child !== false && child !== "")
      node.appendChild(document.createTextNode(String(child)));
  }
}

export const h = (tag, traits, ...children) => make(document.createElement(tag), traits, children);
export const s = (tag, traits, ...children) =>
  make(document.createElementNS(SVG, tag), traits, children);

// Lays `fresh` over `old`: nodes stay where they can, so focus, carets and open folds survive.
export function lay(old, fresh) {
  for (const one of [...old.attributes])
    if (!fresh.hasAttribute(one.name) && one.name !== "open" && one.name !== "style") old.removeAttribute(one.name);
  for (const one of fresh.attributes)
    if (one.name !== "style" && old.getAttribute(one.name) !== one.value) old.setAttribute(one.name, one.value);
  for (const name of Object.keys(old._on || {})) if (!(name in (fresh._on || {}))) old[name] = null;
  if (old.style && fresh.style && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  old._on = fresh._on || {};
  old._key = fresh._key;
  for (const [name, value] of Object.entries(old._on)) old[name] = value;
  layChildren(old, fresh);
  const own = fresh._own || {};
  for (const [name, value] of Object.entries(own)) {
    const typing = old === document.activeElement && (name === "value" || name === "checked");
    if (old[name] !== value && !(typing && !fresh._force)) old[name] = value;
  }
  old._own = own;
}

function layChildren(old, fresh) {
  // What is gone goes first: a node that is moved up into its place would lose the focus, and a
  // field that loses the focus saves what was half typed.
  const wantedKeys = new Set([...fresh.childNodes].map((node) => node._key));
  const keyed = new Map();
  for (const node of [...old.childNodes]) {
    if (node._key === undefined) continue;
    if (wantedKeys.has(node._key)) keyed.set(node._key, node);
    else node.remove();
  }
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let found = wanted._key !== undefined ? keyed.get(wanted._key) : place;
    if (wanted._key === undefined)
      while (found && found._key !== undefined) found = found.nextSibling;
    const same = found && found.nodeType === wanted.nodeType && found.nodeName === wanted.nodeName
      && found._key === wanted._key;
    if (!same) {
      old.insertBefore(wanted, place);
      continue;
    }
    if (found !== place) old.insertBefore(found, place);
    else place = place.nextSibling;
    if (found.nodeType === Node.TEXT_NODE) {
      if (found.data !== wanted.data) found.data = wanted.data;
    } else lay(found, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

export function show(...children) {
  const old = document.getElementById("page");
  lay(old, h("div", { id: "page" }, ...children));
}

// --- words ---------------------------------------------------------------------------------------

export const LANGUAGES = { en: "English", ko: "한국어", ja: "日本語", "zh-Hans": "简体中文" };
let words = {}, spare = {};
export let language = "en";

const kept = {
  get(name) { try { return localStorage.getItem(`ent.${name}`); } catch { return null; } },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`ent.${name}`);
      else localStorage.setItem(`ent.${name}`, value);
    } catch { /* a full or forbidden store: the page works without */ }
  },
};
export const keep = {
  get(name, other = null) {
    try { return JSON.parse(kept.get(name)) ?? other; } catch { return other; }
  },
  set(name, value) { kept.set(name, value === null ? null : JSON.stringify(value)); },
};

async function words_of(name) {
  const answer = await fetch(`/pages/words/${name}.json`);
  return answer.ok ? answer.json() : {};
}

// The language chosen here, or else the room's; answers whether it changed.
export async function speak(rooms) {
  const asked = new URLSearchParams(location.search).get("lang") || keep.get("lang");
  const wanted = [asked, rooms, "en"].find((one) => one in LANGUAGES);
  if (wanted === language && words[""]) return false;
  if (!spare[""]) spare = { "": "1", ...(await words_of("en")) };
  words = wanted === "en" ? spare : { "": "1", ...(await words_of(wanted)) };
  language = wanted;
  document.documentElement.lang = wanted;
  return true;
}

export const has = (key) => key in words || key in spare;
export function t(key, fill) {
  let text = words[key] ?? spare[key] ?? key;
  if (fill) text = text.replace(/\{(\w+)\}/g, (all, name) => (name in fill ? fill[name] : all));
  return text;
}
// A string of ours, or what the server said, in its own language.
export const told = (key, other) => (has(key) ? t(key) : other ?? key);
export const seatName = (seat) =>
  seat === "control" || seat === "all" ? t(`who.${seat}`)
    : has(`seat.${seat}`) ? t(`seat.${seat}`) : names[seat] || scene.firms?.[seat]?.title || seat;
const names = {}; // of firms, as the scenario gives them
export const learnNames = (seats) => seats?.forEach((one) => {
  if (one.name && one.name !== one.seat) names[one.seat] = one.name;
});
export const goodName = (id) => told(`good.${id}`, id);

export function chooseLanguage(again) {
  return h("label", { class_: "lang" }, h("span", { class_: "sr" }, t("page.language")),
    h("select", {
      id: "lang", value: language,
      onchange: async (event) => {
        keep.set("lang", event.target.value);
        const here = new URL(location.href);
        here.searchParams.delete("lang");
        history.replaceState(null, "", here);
        await speak();
        again();
      },
    }, Object.entries(LANGUAGES).map(([code, name]) =>
      h("option", { value: code, lang: code, selected: code === language }, name))));
}

// --- numbers -------------------------------------------------------------------------------------

export function num(value, most = 2) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  return new Intl.NumberFormat(language, { maximumFractionDigits: most }).format(value);
}
export function signed(value, most = 1) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: most, signDisplay: "exceptZero" })
    .format(value);
}
export function percent(value, most = 1) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: most })
    .format(value);
}
export function usd(value) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  return new Intl.NumberFormat(language, {
    style: "currency", currency: "USD", currencyDisplay: "code", notation: "compact",
    maximumSignificantDigits: 3,
  }).format(value).replace("-", "−"); // a line does not break after this minus
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
export function amount(unit, value) {
  if (value === null || value === undefined) return "–";
  if (unit === "flag") return t(value ? "lever.on" : "lever.off");
  const named = choiceName(unit, value);
  if (named) return unit === "rung" ? `${value} (${named})` : named;
  return `${num(shownValue(unit, value), 3)} ${unitName(unit)}`.trim();
}
export function leverName(full) {
  const [name, ...rest] = full.split(".");
  const place = rest.join(".");
  const own = told(`lever.${name}.name`, name.replaceAll("_", " "));
  return place ? `${own} · ${placeName(place)}` : own;
}
export const placeName = (place) => (has(`good.${place}`) ? goodName(place) : seatName(place));

// What the room says: a key with values, written for the reader; else what it said in English.
const LISTS = (one) => [one].flat().join(", ");
const WRITE = {
  seat: (v) => seatName(v), target: (v) => seatName(v), zone: (v) => seatName(v), good: (v) => goodName(v),
  lever: (v) => leverName(v), share: (v) => percent(v, 0), phase: (v) => told(`phase.${v}`, v),
  right: (v) => told(`right.${v}`, v), name: (v) => told(`field.${v}`, v), deals: LISTS, others: LISTS,
  stands: (v) => told(`deal.status_${String(v).replaceAll(" ", "_")}`, v),
};
const OF_LEVER = ["low", "high", "value"];
export function phrase(say, other = "") {
  if (!say || !has(say.key)) return other;
  const unit = say.values.lever && scene.levers[String(say.values.lever).split(".")[0]]?.unit;
  const write = ([name, value]) => [name, WRITE[name] ? WRITE[name](value)
    : typeof value !== "number" ? String(value) : unit && OF_LEVER.includes(name) ? amount(unit, value) : num(value)];
  return t(say.key, Object.fromEntries(Object.entries(say.values).map(write)));
}
export const inEnglish = (line) => (line.lever || (line.say && has(line.say.key)) ? undefined : "en");
export const titleOf = (view) => told(`scenario.${view.scenario}.title`, view.title ?? view.scenario);

// --- the room ------------------------------------------------------------------------------------

export let scene = { zones: {}, usd_per_kg: {}, levers: {}, scenarios: {}, firms: {}, rungs: [] };
let sceneOf = null;
export async function learnScene(scenario) {
  if (sceneOf === scenario) return;
  sceneOf = scenario;
  try {
    const answer = await fetch(`/pages/scene/${encodeURIComponent(scenario)}.json`);
    if (answer.ok) scene = await answer.json();
  } catch { sceneOf = null; }
}

export function learnOwn(found) { // a scenario that is no shipped one
  sceneOf = found.id;
  scene = found;
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
function deviceId() {
  let own = keep.get("device");
  if (!own) keep.set("device", (own = newId()));
  return own;
}

// The link's #CODE.TOKEN, or what was used here last for this kind of page. Who plays alone has a
// second token behind it, with which the one person at the table also runs the game.
export function pass(kind) {
  const found = /^#([A-Za-z0-9-]{3,12})[.:]([A-Za-z0-9_-]{10,80})(?:\.([A-Za-z0-9_-]{10,80}))?$/.exec(location.hash);
  if (found) {
    const one = { code: found[1].toUpperCase(), token: found[2], control: found[3] || null };
    keep.set(`pass.${kind}`, one);
    return one;
  }
  return location.hash.length > 1 ? null : keep.get(`pass.${kind}`);
}
export const linkOf = (one) => `${one.code}.${one.token}${one.control ? `.${one.control}` : ""}`;

export class Refusal extends Error {
  constructor(status, text, field) { // text: for the reader, in the language of the page
    super(text);
    this.status = status;
    this.field = field;
  }
}

export async function ask(method, path, token, body, device) {
  const headers = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (device) headers["entrepot-device"] = deviceId();
  if (body !== undefined) headers["content-type"] = "application/json";
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 15000);
  let answer, found;
  try {
    answer = await fetch(`/api/rooms${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store", signal: stop.signal,
    });
    found = await answer.json();
  } catch {
    throw new Refusal(0, t("error.network"), null);
  } finally {
    clearTimeout(late);
  }
  if (!answer.ok) throw new Refusal(answer.status, phrase(found.say, found.error || t("error.other")), found.field);
  return found;
}

// Keeps a whole payload of the room up to date. `told` is called after each change.
export class Live {
  constructor(pass, told) {
    Object.assign(this, { pass, told, view: null, state: "connecting", offset: 0, error: "" });
    this.seen = 0;
    this.heard = Date.now();
    this.tries = 0;
    this.asked = 0;
    this.offsets = [];
    this.open(false);
    setInterval(() => this.watch(), 1000);
    window.addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.again();
    });
  }

  now() { return Date.now() + this.offset; }

  open(take) {
    clearTimeout(this.later);
    this.socket?.close();
    const where = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
    const socket = new WebSocket(`${where}/api/rooms/${this.pass.code}/live`);
    this.socket = socket;
    this.opened = Date.now();
    socket.onopen = () =>
      socket.send(JSON.stringify({ token: this.pass.token, device: deviceId(), take }));
    socket.onmessage = (event) => { if (socket === this.socket) this.hear(event.data); };
    socket.onclose = (event) => { if (socket === this.socket) this.lost(event.code); };
  }

  hear(text) {
    let said;
    try { said = JSON.parse(text); } catch { return; }
    this.heard = Date.now();
    if (said.moved) return this.set("moved");
    if (said.error) {
      this.error = phrase(said.say, said.error);
      return this.set("refused");
    }
    this.tries = 0;
    if ("beat" in said) {
      this.tick(said.now);
      if (said.beat > this.seen && Date.now() - this.asked > 8000) {
        this.asked = Date.now();
        this.seen = said.beat;
        this.socket.send("again");
      }
      if (this.state !== "live") this.set("live");
      return;
    }
    this.take(said);
  }

  take(view) {
    if (!view || !("version" in view)) return;
    if (this.view && view.version < this.view.version) return; // an answer that was overtaken
    learnNames(view.seats);
    this.view = view;
    this.seen = Math.max(this.seen, view.version);
    this.tick(view.now);
    this.set("live");
  }

  tick(now) {
    this.offsets = [...this.offsets, now - Date.now()].slice(-8);
    this.offset = Math.max(...this.offsets); // the quickest of the latest answers
  }

  set(state) {
    this.state = state;
    this.told();
  }

  lost(code) {
    if (this.state === "moved" || this.state === "refused" || code === 4001 || code === 4003) return;
    this.set("offline");
    const wait = Math.min(8000, 400 * 2 ** this.tries++) * (0.5 + Math.random() / 2);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.open(false), wait);
  }

  // Three seconds without a word: ask, and start a new line if that is silent too.
  async watch() {
    const silent = Date.now() - this.heard;
    const hangs = this.socket.readyState === 0 && Date.now() - this.opened > 6000;
    if (this.state === "offline" && hangs) return this.open(false); // a call into the silence
    if (this.state === "live" && silent > 6000) { // say so at once, and do not wait for the answer
      this.set("offline");
      return this.open(false);
    }
    if (this.state !== "live" || silent < 3000 || this.asking) return;
    this.asking = true;
    try {
      const view = await ask("GET", `/${this.pass.code}/view`, this.pass.token, undefined, true);
      if (this.state === "live") this.take(view); // else a new line is on its way
    } catch (problem) {
      if (problem.status === 0 || problem.status >= 500) {
        this.set("offline");
        this.open(false);
      }
    } finally {
      this.asking = false;
    }
  }

  again() {
    if (this.state === "offline") this.open(false);
    else if (this.state === "live" && this.socket.readyState === 1) this.socket.send("again");
  }

  takeOver() {
    this.state = "connecting";
    this.open(true);
  }
}

// --- pieces --------------------------------------------------------------------------------------

export const PHASES = ["report", "negotiate", "orders", "resolve"];
export const phaseName = (view) =>
  view.paused ? t("phase.paused") : view.practice && view.phase !== "resolve"
    ? `${t("phase.practice")}, ${t(`phase.${view.phase}`)}` : t(`phase.${view.phase}`);
export function turnName(view) {
  if (view.phase === "lobby") return t("bar.lobby");
  if (view.practice) return t("bar.practice");
  return t(view.last_turn_drawn ? "bar.turn_open" : "bar.turn", { turn: view.turn, turns: view.turns });
}
export function leftOf(view, live) {
  if (view.deadline) return view.deadline - live.now();
  return view.left ?? null;
}

// Seconds that go by are written into marked elements, without drawing the page anew.
export function runClock(live) {
  setInterval(() => {
    if (!live.view) return;
    const left = leftOf(live.view, live);
    for (const node of document.querySelectorAll("[data-clock]")) {
      const text = left === null ? "" : minutes(left);
      if (node.textContent !== text) node.textContent = text;
      node.classList.toggle("soon", left !== null && left < 30000 && !live.view.paused);
    }
    const phase = phaseNow(live.view, live);
    if (phase !== live.view.phase) {
      live.view = { ...live.view, phase };
      live.told();
    }
  }, 250);
}
function phaseNow(view, live) {
  if (!view.segments?.length || view.paused) return view.phase;
  return view.segments.find((one) => live.now() < one.until)?.phase ?? "orders";
}

export function band(word) {
  return h("span", { class_: `band ${word}` },
    { struggling: "▼ ", holding: "■ ", strong: "▲ " }[word] || "", t(`band.${word}`));
}
export const arrow = (change) => (change > 0.0005 ? "▲" : change < -0.0005 ? "▼" : "▬");

export function headline(line) {
  if (line.lever)
    return t("headline.order", {
      seat: seatName(line.actor), lever: leverName(line.lever),
      value: amount(scene.levers[line.lever.split(".")[0]]?.unit || "", line.value),
    });
  return phrase(line.say, line.text);
}
export const headlineLine = (line, start) =>
  h("li", null, h("span", { class_: "kind" }, told(`kind.${line.kind}`, line.kind)),
    h("span", { lang: inEnglish(line) }, headline(line)),
    h("time", null, line.date ? day(line.date) : ""));

// What happened before what was ordered.
export const loudFirst = (lines) =>
  [...lines].sort((a, b) => (a.kind === "order") - (b.kind === "order"));

// A clause of a deal as a sentence.
export function clauseText(giver, one) {
  const seat = seatName(giver);
  if (one.kind === "lever")
    return t(`clause.${one.sense}`, {
      seat, lever: leverName(one.lever || "?"),
      value: amount(scene.levers[(one.lever || "").split(".")[0]]?.unit || "", one.value),
    });
  if (one.kind === "stock")
    return t("clause.stock", { seat, tonnes: num(one.tonnes_per_turn), good: goodName(one.material) });
  return t("clause.money", { seat, usd: usd(1e6 * one.usd_m_per_turn) });
}
export function dealLines(deal) {
  const lines = deal.gives.map((one) => clauseText(deal.by, one));
  for (const seat of deal.to) lines.push(...deal.gets.map((one) => clauseText(seat, one)));
  return lines;
}
export function dealTerms(deal) {
  const first = deal.start || deal.from_turn;
  return t("deal.terms", {
    from: first, to: deal.last || first + deal.turns - 1,
    open: t(deal.secret ? "deal.secret" : "deal.public"),
    exit: deal.exit === null ? t("deal.no_exit") : t("deal.exit", { n: deal.exit }),
  });
}

// Why something happened, with its number.
export function causeText(cause) {
  const name = { measures: "measures", orders: "orders", "own orders": "own", inject: "inject",
    deal: "deal", event: "event", "something hidden": "hidden" }[cause.kind] || "event";
  const what = cause.key && has(cause.key) ? t(cause.key) : cause.what;
  return t(`cause.${name}`, { seat: cause.actor ? seatName(cause.actor) : "", n: cause.n, what });
}

export function say(text, urgent) {
  const node = document.getElementById(urgent ? "say-now" : "say");
  if (node) {
    node.textContent = "";
    setTimeout(() => { node.textContent = text; }, 50);
  }
}
export const voices = () => [
  h("div", { id: "say", key: "say", class_: "sr", "aria-live": "polite", role: "status" }),
  h("div", { id: "say-now", key: "say-now", class_: "sr", "aria-live": "assertive", role: "alert" }),
];

export function notice(kind, title, text, ...more) {
  return h("section", { class_: `notice ${kind}`, role: "alert", key: `notice-${kind}` },
    h("h2", null, title), text && h("p", null, text), more);
}

// What a page says instead of itself, or null.
export function instead(live, kind) {
  if (!live) return notice("alarm", t("error.link_title"), t("error.link"),
    h("a", { class_: "button", href: "/join" }, t("join.title")));
  if (live.state === "moved") return notice("alarm", t("error.moved_title"), t("error.moved"),
    h("button", { class_: "primary", onclick: () => live.takeOver() }, t("error.take_back")));
  if (live.state === "refused") return notice("alarm", t("error.refused_title"), t("error.refused"),
    h("p", { class_: "soft" }, live.error),
    h("a", { class_: "button", href: "/join" }, t("join.title")));
  if (!live.view) return h("p", { class_: "wait", key: "wait", role: "status" },
    t(live.state === "offline" ? "net.offline_long" : "net.connecting"));
  return null;
}
