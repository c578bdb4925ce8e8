import {
  Live, day, goodName, h, headline, instead, learnScene, leftOf, minutes, num, pass, phaseName, runClock, s,
  scene, seatName, show, speak, t, told, turnName, usd, voices,
} from "./base.js";
import { joinAddress, learnAddresses } from "./address.js";
import { drawMap } from "./map.js";
import { drawQr } from "./qr.js";

const own = pass("projector");
let live = null;
const SIGNS = { submitted: "✓", drafting: "✎", away: "○" };

async function changed() {
  if (live.view) {
    await speak(live.view.language);
    await learnScene(live.view.scenario);
  }
  draw();
}

function light(one) {
  const who = one.played_by === "person" ? "" : ` ${t(`played.${one.played_by}_short`)}`;
  return h("li", { class_: `light ${one.state}`, key: one.seat }, `${SIGNS[one.state]} ${seatName(one.seat)}${who}`,
    one.names?.length ? `: ${one.names.join(", ")}` : "", h("span", { class_: "sr" }, ` ${t(`state.${one.state}`)}`));
}

// The dearest materials at the target: a bar from nothing to the price, a line at the highest floor.
function prices(world) {
  const goods = Object.keys(world.prices).sort((a, b) => (b === world.material) - (a === world.material)
    || world.prices[b][world.zone] - world.prices[a][world.zone]).slice(0, window.innerHeight < 900 ? 4 : 7);
  const floors = Object.fromEntries(goods.map((good) => [good, Math.max(0, ...Object.values(world.law || {})
    .map((rows) => rows[`floor_usd_per_kg.${good}`] || 0)) / (scene.usd_per_kg[good] || Infinity)]));
  const most = Math.max(1.5, ...goods.map((good) => Math.max(world.prices[good][world.zone], floors[good])));
  return h("table", null, h("tbody", null, goods.map((good) => {
    const price = world.prices[good][world.zone];
    return h("tr", { key: good }, h("td", null, goodName(good)), h("td", { class_: "n" }, `×${num(price, 2)}`),
      h("td", null, s("svg", { class_: "pricebar", viewBox: "0 0 140 26", width: 140, height: 26, role: "img", "aria-label": `${goodName(good)} ×${num(price, 2)}${floors[good] ? `, ${t("wall.floor")} ×${num(floors[good], 2)}` : ""}` },
        s("rect", { x: 0, y: 3, width: 140, height: 20, fill: "#e3e6e8" }),
        s("rect", { x: 0, y: 3, width: 140 * price / most, height: 20, fill: "#0a5c92" }),
        s("line", { x1: 140 / most, x2: 140 / most, y1: 0, y2: 26, stroke: "#17212b", "stroke-width": 2 }),
        floors[good] > 0 && s("line", { x1: 140 * floors[good] / most, x2: 140 * floors[good] / most, y1: 0, y2: 26, stroke: "#b34700", "stroke-width": 5, "stroke-dasharray": "6 3" }))));
  })));
}

function stocks(view) {
  const world = view.public;
  const rows = Object.entries(world.law || {}).map(([zone, law]) => [zone, law[`stockpile_target_days.${world.material}`]])
    .filter(([, days]) => days).sort((a, b) => b[1] - a[1]).slice(0, 3);
  return rows.length > 0 && h("p", { class_: "stocks" }, h("b", null, t("wall.stock")), " ", rows.map(([zone, days]) => `${seatName(zone)} ${num(days, 0)}`).join(" · "));
}

function draw() {
  const other = instead(live, "projector");
  document.title = "Entrepot";
  if (other) return show(h("main", null, voices(), other));
  const view = live.view, world = view.public;
  const address = joinAddress(view.room);
  const box = document.getElementById("mapbox");
  const width = Math.max(320, box?.clientWidth || window.innerWidth * 0.6), height = Math.max(200, box?.clientHeight || window.innerHeight * 0.5);
  const lobby = view.phase === "lobby";
  const heads = [
    ...(world.injects || []).filter((one) => one.turn === view.turn).map((one) => ({ text: one.text, kind: "news" })),
    ...(world.messages || []).filter((one) => one.by === "control").slice(-1).map((one) => ({ text: one.text, kind: "news" })),
    ...[...(world.headline || [])].sort((a, b) => (a.kind === "order") - (b.kind === "order")),
  ].slice(0, 3);
  const plays = view.seats.filter((one) => one.open || one.played_by === "person");
  const machines = plays.filter((one) => one.played_by === "ai");
  show(h("div", { class_: "wall" }, voices(),
    h("header", { class_: "head" }, h("h1", null, view.title), h("span", null, h("b", null, turnName(view)), " · ", phaseName(view), world.date && !lobby ? ` · ${day(view.date)}` : ""),
      h("span", { class_: "clock", "data-clock": "", role: "timer" }, leftOf(view, live) === null ? "" : minutes(leftOf(view, live))),
      !lobby && h("span", { class_: "joinat" }, `${view.room}`),
      live.state !== "live" && h("b", { class_: "error" }, t("net.offline"))),
    h("div", { class_: "mapbox", id: "mapbox" }, world.prices ? drawMap(view, width, height, 24) : h("p", { class_: "wait" }, t("world.making"))),
    h("div", { class_: "side" }, lobby
      ? [h("h2", null, t("wall.join")), h("p", { class_: "bigcode" }, view.room), drawQr(address, address), h("p", { class_: "joinat" }, address)]
      : world.prices && [h("h2", null, t("wall.prices", { zone: seatName(world.zone) })), prices(world), h("p", null, "┇ ", t("wall.floor_key")), stocks(view),
        world.common && h("p", null, h("b", null, t("wall.common")), " ", usd(world.common.world_loss_usd), world.common.median_usd ? ` (${t("wall.median", { usd: usd(world.common.median_usd) })})` : "")]),
    h("ul", { class_: "lights", "aria-label": t("wall.ready") }, plays.filter((one) => one.played_by !== "ai").map(light), machines.length > 0 && h("li", { class_: "light submitted", key: "ai" }, `✓ ${t("wall.machines", { seats: machines.map((one) => seatName(one.seat)).join(", ") })}`), h("li", { class_: "key" }, `✓ ${t("state.submitted")}  ✎ ${t("state.drafting")}  ○ ${t("state.away")}`)),
    h("ul", { class_: "heads", "aria-label": t("result.headline") }, heads.map((line) => h("li", null, h("b", null, told(`kind.${line.kind}`, line.kind)), "  ", headline(line))))));
  const after = document.getElementById("mapbox");
  if (world.prices && after && (Math.abs(after.clientWidth - width) > 4 || Math.abs(after.clientHeight - height) > 4) && !draw.again) {
    draw.again = true;
    draw();
    draw.again = false;
  }
}

await speak();
if (own) {
  await learnAddresses(own.code);
  live = new Live(own, changed);
  runClock(live);
  window.addEventListener("resize", draw);
  window.addEventListener("hashchange", () => location.reload());
} else draw();
