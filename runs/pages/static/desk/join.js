// On the console: how a class comes in, and the way to the wall.

import { ask, h, language, t } from "../room/base.js";
import { chooseOrigin, joinAddress, joinQr, onlyHere, origin } from "../room/address.js";
import { at } from "../base/root.js";
import { draw, own } from "../console/state.js";

const wall = { token: null, show: false };

// The wall's link carries a token that shows public data and can do nothing.
function wallCard(view) {
  if (wall.token === null) {
    wall.token = "";
    ask("GET", `/${own.code}/wall`, own.token).then(
      (found) => { wall.token = found.token; draw(); }, () => { wall.token = null; });
  }
  const address = wall.token && `${origin()}/projector#${view.room}.${wall.token}`;
  return h("details",
    { key: "wall", open: wall.show,
      ontoggle: (event) => {
        if (wall.show !== event.target.open) { wall.show = event.target.open; draw(); }
      } },
    h("summary", null, t("wall.link")),
    address && wall.show && h("div", { class_: "stack" },
      h("p", { class_: "soft" }, t("wall.link_note")),
      h("p", null, h("a", { id: "to-wall", class_: "button", target: "_blank", rel: "noopener",
        href: at(`/projector#${view.room}.${wall.token}`) }, t("wall.link"))),
      h("p", { class_: "soft" }, address)));
}

export function joinCard(view) {
  const address = joinAddress(view.room);
  return h("section", { class_: "card w4 stack", key: "join" }, h("h2", null, t("wall.join")),
    h("p", { class_: "bigcode" }, view.room), onlyHere() ? h("p", { id: "only-here" }, t("wall.only_here"))
      : joinQr(view.room),
    h("p", null, h("a", { href: address, target: "_blank", rel: "noopener" }, address)), chooseOrigin(draw),
      wallCard(view),
    h("p", null, h("a",
        { id: "to-print",
          href: at(`/print?scenario=${encodeURIComponent(view.scenario)}&language=${language}`),
            target: "_blank", rel: "noopener" }, t("host.print"))));
}
