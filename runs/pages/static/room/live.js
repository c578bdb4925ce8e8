// The line to the room: its latest payload, and the clock of the turn.

import { learnNames } from "../base/scene.js";
import { minutes } from "../base/numbers.js";
import { phrase } from "../base/sentences.js";
import { ask, deviceId } from "./door.js";
import { onReturn } from "../base/elements.js";
import { at } from "../base/root.js";

const BEAT_LATE_MS = 8000; // between two requests for a payload that a beat says is there
const ASK_AFTER_MS = 3000, LOST_AFTER_MS = 6000; // without a word from the room
const SAY_AFTER_MS = 4000; // without a line: the page says more than a sign, and offers a button
const FIRST_WAIT_MS = 400, LONGEST_WAIT_MS = 8000; // before the line is opened again
const FOR_GOOD = { 4001: "moved", 4003: "refused" };
  // closed: another device has taken over, or no such token
const SOON_MS = 30000; // the rest of a turn that is shown as short

// Keeps a whole payload of the room up to date. `told` is called after each change.
export class Live {
  constructor(pass, told) {
    Object.assign(this, { pass, told, view: null, state: "connecting", offset: 0, error: "" });
    this.seen = 0;
    this.heard = Date.now();
    this.tries = 0;
    this.asked = 0;
    this.offsets = [];
    this.lostAt = Date.now();
    this.toldLong = false;
    this.taking = false; // this device has been told to take over, and has not been heard yet
    this.besides = false; // the line was lost to another page of this same device
    this.open();
    setInterval(() => this.watch(), 1000);
    window.addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.again();
    });
    onReturn(() => { if (!Object.values(FOR_GOOD).includes(this.state)) this.tryNow(); });
  }

  now() { return Date.now() + this.offset; }

  // Whether the line has been gone for so long that people wonder.
  get long() {
    return ["connecting", "offline"].includes(this.state) && Date.now() - this.lostAt > SAY_AFTER_MS;
  }

  open() {
    clearTimeout(this.later);
    this.socket?.close();
    const where = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
    const socket = new WebSocket(where + at(`/api/rooms/${this.pass.code}/live`));
    this.socket = socket;
    this.opened = Date.now();
    socket.onopen = () =>
      socket.send(JSON.stringify({ token: this.pass.token, device: deviceId(), take: this.taking }));
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
    this.taking = false;
    if ("beat" in said) {
      this.tick(said.now);
      if (said.beat > this.seen && Date.now() - this.asked > BEAT_LATE_MS) {
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
    if (this.state === "live" && state !== "live") this.lostAt = Date.now();
    this.state = state;
    this.told();
  }

  lost(code) {
    if (this.state === "moved" || this.state === "refused") return;
    this.besides = FOR_GOOD[code] === "moved"; // of another device the room says so first
    if (code in FOR_GOOD) return this.set(FOR_GOOD[code]);
    this.socket?.close(); // what it still says, its end too, is nobody's business
    this.socket = null;
    this.set("offline");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.tries++) * (0.5 + Math.random() / 2);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.open(), wait);
  }

  // A while without a word: ask, and start a new line if that is silent too.
  async watch() {
    const silent = Date.now() - this.heard;
    if (this.long !== this.toldLong) {
      this.toldLong = this.long;
      this.told();
    }
    // A call into the silence: to nobody, or to a room that takes it and does not answer.
    const dumb = Math.min(silent, Date.now() - this.opened) > LOST_AFTER_MS;
    if (["connecting", "offline"].includes(this.state)) {
      if (dumb && this.socket) this.lost();
      return;
    }
    if (this.state === "live" && silent > LOST_AFTER_MS) { // say so at once, and do not wait for the answer
      this.set("offline");
      return this.open();
    }
    if (this.state !== "live" || silent < ASK_AFTER_MS || this.asking) return;
    this.asking = true;
    try {
      const view = await ask("GET", `/${this.pass.code}/view`, this.pass.token, undefined, true);
      if (this.state === "live") this.take(view); // else a new line is on its way
    } catch (problem) {
      if (problem.status === 0 || problem.status >= 500) {
        this.set("offline");
        this.open();
      }
    } finally {
      this.asking = false;
    }
  }

  again() {
    if (this.state === "offline") this.open();
    else if (this.state === "live" && this.socket?.readyState === 1) this.socket.send("again");
  }

  // Somebody asks for the line: now, and from the shortest wait on.
  tryNow() {
    this.tries = 0;
    this.open();
  }

  takeOver() {
    Object.assign(this, { state: "connecting", lostAt: Date.now(), taking: true });
    this.open();
    this.told();
  }
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
      node.classList.toggle("soon", left !== null && left < SOON_MS && !live.view.paused);
    }
    const phase = phaseNow(live.view, live);
    if (phase !== live.view.phase) {
      live.view = { ...live.view, phase };
      live.told();
    }
  }, 250);
}

// This page's clock may lag behind the room's: it takes nobody back into a part that the room has left.
function phaseNow(view, live) {
  if (!view.segments?.length || view.paused) return view.phase;
  const names = view.segments.map((one) => one.phase);
  const at = view.segments.findIndex((one) => live.now() < one.until);
  return names[Math.max(at < 0 ? names.length - 1 : at, names.indexOf(view.phase))];
}
