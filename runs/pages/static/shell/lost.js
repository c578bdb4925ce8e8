// An address where nothing is: the server's sentence and the ways from here, in the shell.

import { h, show } from "../base/elements.js";
import { language, speak, t } from "../base/words.js";
import { at } from "../base/root.js";
import { body, shell } from "./shell.js";

const { say, links } = document.body.dataset;
const WAYS = { watch: at("/"), start: at("/start"), join: at("/join") };
// A sentence that no catalogue of the pages has stays as the server wrote it.
const written = document.querySelector("main p").textContent, writtenIn = document.documentElement.lang;

function draw() {
  show(shell({ again: draw }), body(h("h1", null, "Entrepot"),
    h("p", { lang: say || writtenIn === language ? undefined : writtenIn }, say ? t(say) : written),
    h("ul", null, (links ?? "").split(" ").filter(Boolean).map((one) =>
      h("li", { key: one }, h("a", { href: WAYS[one] }, t(`lost.${one}`)))))));
}

await speak();
draw();
