// What a seat has written and the server has not yet confirmed. Both survive a refresh: drafts are
// what stands in the fields, the outbox is what is on its way. Nothing is shown as saved before the
// server has said so; every command keeps its id, so a resend changes nothing.
import { ask, keep, newId } from "../room/base.js";

export class Outbox {
  constructor(pass, changed) {
    Object.assign(this, { pass, changed });
    this.place = `${pass.code}.${pass.token.slice(0, 10)}`;
    this.waiting = keep.get(`out.${this.place}`, []);
    this.drafts = keep.get(`drafts.${this.place}`, {});
    this.draftTurn = keep.get(`draftturn.${this.place}`, null);
    this.faults = {};
    this.acked = {}; // by lever: value and version, until a payload holds it
    this.savedAt = null;
    this.trouble = ""; // why the server cannot save now; what waits is sent again
    this.missed = []; // drafts of a turn that ended before they were sent
    this.flying = null;
    this.tries = 0;
    this.pump();
  }

  store() {
    keep.set(`out.${this.place}`, this.waiting);
    keep.set(`drafts.${this.place}`, this.drafts);
    keep.set(`draftturn.${this.place}`, this.draftTurn);
  }

  draft(lever, text, turn) {
    if (text === null) delete this.drafts[lever];
    else this.drafts[lever] = text;
    this.draftTurn = turn;
    delete this.faults[lever];
    this.store();
  }

  // A new turn, or the end: what was not sent before is told, never ordered in the new turn.
  turn(number, over) {
    if (this.draftTurn !== null && (this.draftTurn !== number || over)) {
      this.missed = Object.entries(this.drafts).map(([lever, text]) =>
        ({ lever, text, turn: this.draftTurn }));
      this.drafts = {};
      this.acked = {};
      this.faults = {};
      this.draftTurn = over ? null : number;
      this.store();
    }
  }

  // `why` is the seat's intent in one line; it goes with the order.
  order(lever, value, text, turn, why = "") {
    this.waiting = this.waiting.filter((one) => one.lever !== lever || one === this.flying);
    this.send("PUT", "orders", { turn, lever, value, why }, { lever, text });
  }

  send(method, path, body, more = {}) {
    const one = { id: newId(), method, path, body, ...more };
    this.waiting.push(one);
    this.store();
    this.pump();
    return one.id;
  }

  has(path) { return this.waiting.some((one) => one.path === path); }

  async pump() {
    if (this.flying || !this.waiting.length) return;
    const one = (this.flying = this.waiting[0]);
    try {
      const reply = await ask(one.method, `/${this.pass.code}/${one.path}`, this.pass.token,
        { ...one.body, id: one.id }, true);
      this.tries = 0;
      this.trouble = "";
      this.savedAt = reply.saved_at ?? this.savedAt;
      delete this.faults[one.lever ?? one.path];
      if (one.lever) {
        this.acked[one.lever] = { value: one.body.value, why: one.body.why, version: reply.version,
          at: reply.saved_at };
        if (this.drafts[one.lever] === one.text) delete this.drafts[one.lever];
      }
    } catch (problem) {
      if (problem.status === 0 || problem.status >= 500 || problem.status === 429) {
        this.flying = null;
        this.trouble = problem.status >= 500 ? problem.message : "";
        clearTimeout(this.later);
        this.later = setTimeout(() => this.pump(), Math.min(8000, 500 * 2 ** this.tries++));
        return this.changed();
      }
      this.trouble = "";
      this.faults[one.lever ?? one.path] = problem.message;
    }
    this.waiting = this.waiting.filter((other) => other.id !== one.id);
    this.flying = null;
    this.store();
    this.changed();
    this.pump();
  }
}
