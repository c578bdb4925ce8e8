// What a facilitator does: the button, the question that states the effect, the call, and what became of it.

import { ask, clock, h, newId, Refusal, say, t } from "../room/base.js";
import { draw, live, own, ui } from "./state.js";

const TOLD_MS = 12000; // what went well need not be put away by hand
const LOOK_MS = 40; // between two looks whether the room's word has come
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const forgetLater = (text) => setTimeout(() => {
  if (ui.done === text) { ui.done = ""; draw(); }
}, TOLD_MS);

// Until the page has heard of what it did, it would still offer the step that is behind it. A line that is
// cut is told beside it, and waited for no longer.
async function heard(version) {
  while (live.state === "live" && live.view.version < version) await sleep(LOOK_MS);
}

export async function act(action, fields = {}) {
  const body = { id: newId(), action, ...fields };
  ui.busy++;
  ui.error = ui.done = "";
  draw();
  try {
    for (let tries = 0; ; tries++) {
      try {
        const reply = await ask("POST", `/${own.code}/control`, own.token, body);
        ui.done = t("console.done", { what: t(`do.${action}`), time: clock(reply.saved_at) });
        forgetLater(ui.done);
        say(ui.done);
        draw();
        await heard(reply.version);
        return reply;
      } catch (problem) {
        if (!(problem instanceof Refusal) || problem.status !== 0 || tries >= 4) throw problem;
        await sleep(500 * 2 ** tries); // the same id again
      }
    }
  } catch (problem) {
    ui.error = problem.message;
    say(problem.message, true);
    return null;
  } finally {
    ui.busy--;
    draw();
  }
}

// A question that states the effect; answers null, or {why} when it is meant.
export function sure(title, effect, needs) {
  return new Promise((done) => {
    const why = needs && h("input", { type: "text", id: "why", maxlength: 500, required: true });
    const yes = h("button", { type: "submit", class_: "primary danger-go", id: "sure" }, title);
    const box = h("dialog", { "aria-labelledby": "sure-title" },
      h("form", { method: "dialog", onsubmit: (event) => {
        event.preventDefault();
        if (why && !why.value.trim()) return why.focus();
        end({ why: why ? why.value.trim() : "" });
      } }, h("h2", { id: "sure-title" }, title), h("p", null, effect),
      why && h("label", { class_: "field" }, h("span", null, t("sure.why")), why),
      h("div", { class_: "row" }, h("button", { type: "button", onclick: () => end(null) }, t("page.cancel")),
        yes)));
    const end = (answer) => {
      box.close();
      box.remove();
      done(answer);
    };
    box.oncancel = () => { box.remove(); done(null); };
    document.body.appendChild(box);
    box.showModal();
    (why || box.querySelector("button")).focus();
  });
}

export async function surely(action, needs, fields = {}, fill = {}) {
  const answer = await sure(t(`do.${action}`), t(`sure.${fill.effect ?? action}`, fill), needs);
  if (answer) await act(action === "free" ? "override" : action, needs ? { ...fields, why: answer.why }
    : fields);
}

export const may = (view, action) => !view.note && view.rights.includes(view.actions[action]);
export const button = (view, action, class_, onclick, key, off = false) => h("button",
  { type: "button", class_, id: key || `do-${action}`, key: key || action, disabled: off || !may(view, action)
    || ui.busy > 0, onclick }, t(`do.${action}`));

// What became of the last thing: in sight wherever on the page it was done.
export function toldStrip() {
  if (!ui.error && !ui.done) return null;
  const away = () => { ui.error = ui.done = ""; draw(); };
  return h("div", { id: "told", class_: "told", key: "told" }, h("div", { class_: "in" },
    h("p", { class_: ui.error ? "error" : "ok", role: ui.error ? "alert" : "status" },
      ui.error ? `⚠ ${ui.error}` : `✓ ${ui.done}`),
    h("button", { type: "button", onclick: away }, t("page.ok"))));
}
