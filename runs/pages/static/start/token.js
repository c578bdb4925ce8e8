// The host's token, and the calls that are made with it.

import { ask } from "../room/base.js";
import { at } from "../base/root.js";
import { draw, ui } from "./state.js";

export async function attempt(work) {
  Object.assign(ui, { busy: true, error: "" });
  draw();
  try { await work(); await getPass(); } catch (problem) { ui.error = problem.message; }
  ui.busy = false;
  draw();
}

// Behind a proxy the watch page and the print room know this browser by a cookie, which the token
// gets once; on the machine of the server nobody looks at it.
async function getPass() {
  if (ui.home || ui.passed || !ui.token) return;
  const headers = { authorization: `Bearer ${ui.token}` };
  try {
    ui.passed = (await fetch(at("/api/host-pass"), { method: "POST", headers })).ok;
  } catch { /* later */ }
}

export async function listSaved() {
  if (!ui.token) return;
  await attempt(async () => { ui.saved = (await ask("GET", "", ui.token)).rooms; });
}

// From the address, else from the server, where this browser is on its machine.
export async function learnToken() {
  if (ui.token) { // a link of before: the server draws a new one at each start
    try {
      await ask("GET", "", ui.token);
      await getPass();
    } catch (problem) {
      if (problem.status === 401) Object.assign(ui, { token: "", old: true });
    }
  }
  if (ui.token && !ui.passed) return;
  try {
    const { token, own } = await (await fetch(at("/pages/host-key"), { cache: "no-store" })).json();
    if (token) Object.assign(ui, { token, home: true, own });
  } catch { /* the token is asked for */ }
}
