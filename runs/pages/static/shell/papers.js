// The list of what can be printed: the server's own part in the shell.

import { show } from "../base/elements.js";
import { speak, t } from "../base/words.js";
import { shell } from "./shell.js";

const list = document.getElementById("main");

function draw() {
  document.title = `${list.querySelector("h1").textContent} · Entrepot`;
  show(shell({ current: "class", set: t("host.print"), again: draw }), list);
}

await speak();
draw();
