import {
  Live, day, goodName, h, headline, instead, learnScene, leftOf, loudFirst, minutes, num, pass, percent,
    phaseName, phrase, runClock, s,
  scene, seatName, show, speak, t, titleOf, told, turnName, usd, voices,
} from "../room/base.js";
import { joinAddress, joinQr, learnAddresses, onlyHere } from "../room/address.js";
import { setTheme } from "../kit/bar.js";
import { safe } from "../shell/safe.js";
import { roomMap, stockText, widest } from "../room/map.js";

const own = pass("projector");
let live = null;
const SIGNS = { submitted: "✓", drafting: "✎", away: "○" };

async function changed() {
  if (live.view) {
    await speak(live.view.language, true);
    await learnScene(live.view.scenario);
  }
  draw();
}

const shortName = (seat) => seatName(seat).replace(/\s*[(（][^)）]*[)）]$/, ""); // room is scarce on a wall

function light(one) {
  const who = one.played_by === "person" ? "" : ` ${t(`played.${one.played_by}_short`)}`;
  return h("li", { class_: `light ${one.state}`, key: one.seat },
    `${SIGNS[one.state]} ${shortName(one.seat)}${who}`,
    one.names?.length ? `: ${one.names.join(", ")}` : "",
      h("span", { class_: "sr" }, ` ${t(`state.${one.state}`)}`));
}

// The dearest materials at the chart's place: a bar from nothing to the price in USD/kg, a thin line
// at the price of the start and a broken one at the highest floor. Where prices in dollars are not
// known (a scenario of one's own) all are ratios to the start.
function prices(world) {
  const base = (good) => scene.usd_per_kg[good] || 1;
  const goods = Object.keys(world.prices).sort((a, b) => (b === world.material) - (a === world.material)
    || world.prices[b][world.zone] - world.prices[a][world.zone]).slice(0, window.innerHeight < 900 ? 4 : 7);
  return h("table", null, h("tbody", null, goods.map((good) => {
    const price = world.prices[good][world.zone];
    const law = Math.max(0, ...Object.values(world.law || {}).map((rows) => rows[`floor_usd_per_kg.${good}`]
        || 0));
    const floor = scene.usd_per_kg[good] ? law / base(good) : 0;
    const most = Math.max(1.5, price, floor), x = (value) => 140 * value / most;
    const said = (value) => num(value * base(good), value * base(good) < 10 ? 1 : 0);
    return h("tr", { key: good }, h("td", null, goodName(good)),
      h("td", { class_: "n" }, h("b", null, said(price))),
      h("td", null, s("svg", { class_: "pricebar", viewBox: "0 0 140 30", width: 140, height: 30, role: "img",
            "aria-label": `${goodName(good)} ${said(price)}${floor ? `, ${t("wall.floor")} ${said(floor)}`
              : ""}` },
        s("rect", { x: 0, y: 4, width: 140, height: 22, fill: "var(--sunk)" }),
        s("rect", { x: 0, y: 4, width: x(price), height: 22, fill: "var(--other)" }),
        s("line", { x1: x(1), x2: x(1), y1: 0, y2: 30, stroke: "var(--card)", "stroke-width": 7 }),
        s("line", { x1: x(1), x2: x(1), y1: 0, y2: 30, stroke: "var(--ink)", "stroke-width": 2.5 }),
        floor > 0 && s("line", { x1: Math.min(136, x(floor)), x2: Math.min(136, x(floor)), y1: 0, y2: 30,
            stroke: "var(--card)", "stroke-width": 10 }),
        floor > 0 && s("line", { x1: Math.min(137, x(floor)), x2: Math.min(137, x(floor)), y1: 0, y2: 30,
            stroke: "var(--stock)", "stroke-width": 6, "stroke-dasharray": "7 3" }))));
  })));
}

// Stocks of states as the world knows them.
function stocks(world) {
  const known = Object.entries(world.stock ?? {}).filter(([, days]) => days[0]);
  return known.length > 0 && h("p", { id: "stocks" }, h("b", null, t("world.stock")), " ",
    known.map(([zone, days]) => `${shortName(zone)} ${stockText(days)}`).join(" · "));
}

const legend = (world) => h("p", { class_: "walllegend" }, [
  t("wall.legend_width", { n: num(widest(world), 0) }),
    t("wall.legend_coercer", { seat: seatName(world.coercer) }),
  t("wall.legend_other"),
  `✓\u00a0${t("state.submitted")} ✎\u00a0${t("state.drafting")} ○\u00a0${t("state.away")}`].join(" · "));

function draw() {
  const other = instead(live);
  document.title = "Entrepot";
  if (other) return show(h("main", null, voices(), other));
  const view = live.view, world = view.public;
  const address = joinAddress(view.room);
  const box = document.getElementById("mapbox");
  const width = Math.max(320, box?.clientWidth || window.innerWidth * 0.6),
    height = Math.max(200, box?.clientHeight || window.innerHeight * 0.5);
  const lobby = view.phase === "lobby";
  const heads = [
    ...(world.injects || []).filter((one) => one.turn === view.turn).map((one) =>
      ({ text: phrase(one.say, one.text), kind: "news" })),
    ...(world.messages || []).filter((one) => one.by === "control").slice(-1).map((one) =>
      ({ text: phrase(one.say, one.text), kind: "news" })),
    ...(world.moves || []).filter((one) => one.turn === view.turn).map((one) =>
      ({ text: `${seatName(one.seat)}: ${one.claim} · ${t(one.success ? "move.came" : "move.failed",
            { p: percent(one.probability, 0), die: percent(one.die, 0) })}`, kind: "news" })),
    ...loudFirst(world.headline || []),
  ].slice(0, 3);
  const plays = view.seats.filter((one) => one.open || one.played_by === "person");
  const machines = plays.filter((one) => one.played_by === "ai");
  show(h("div", { class_: "wall" }, voices(),
    h("header", { class_: "head" }, h("h1", null, titleOf(view)),
      h("span", null, h("b", null, turnName(view)), " · ", phaseName(view), world.date && !lobby
        ? ` · ${day(view.date)}` : ""),
      h("span", { class_: "clock", "data-clock": "", role: "timer" }, leftOf(view, live) === null ? ""
        : minutes(leftOf(view, live))),
      !lobby && h("span", { class_: "joinat" }, `${view.room}`),
      live.state !== "live" && h("b", { class_: "error" }, t("net.offline"))),
    h("div", { class_: "mapbox", id: "mapbox" }, world.prices ? safe(roomMap, view, width, height,
        window.innerWidth >= 1600 && window.innerHeight >= 950 ? 30 : 24) : h("p", { class_: "wait" },
          t("world.making"))),
    h("div", { class_: "side" }, lobby
      ? [h("h2", null, t("wall.join")), h("p", { class_: "bigcode" }, view.room),
        onlyHere() ? h("p", { id: "only-here" }, t("wall.only_here")) : joinQr(view.room),
          h("p", { class_: "joinat" }, address)]
      : world.prices
        && [h("h2", null, t(scene.usd_per_kg[world.material] ? "wall.prices_usd" : "wall.prices",
              { zone: seatName(world.zone) })), prices(world), h("p", null, "┇ ", t("wall.floor_key")),
        world.common && h("p", null, h("b", null, t("wall.common")), " ", usd(world.common.world_loss_usd),
          world.common.median_usd ? ` (${t("wall.median", { usd: usd(world.common.median_usd) })})` : ""),
          stocks(world)]),
    !lobby && world.prices && legend(world),
    h("ul", { class_: "lights", "aria-label": t("wall.ready") },
      plays.filter((one) => one.played_by !== "ai").map(light), machines.length > 0
        && h("li", { class_: "light submitted machines", key: "ai" },
          `✓ ${t("wall.machines", { n: num(machines.length) })}`)),
    h("ul", { class_: "heads", "aria-label": t("result.headline") },
      heads.map((line) => h("li", null, h("b", null, told(`kind.${line.kind}`, line.kind)), "  ",
          headline(line))))));
  const after = document.getElementById("mapbox");
  if (world.prices && after && (Math.abs(after.clientWidth - width) > 4
      || Math.abs(after.clientHeight - height) > 4) && !draw.again) {
    draw.again = true;
    draw();
    draw.again = false;
  }
}

setTheme();
await speak();
if (own) {
  await learnAddresses(own.code);
  live = new Live(own, changed);
  draw();
  runClock(live);
  window.addEventListener("resize", draw);
  window.addEventListener("hashchange", () => location.reload());
} else draw();
