"""What a run is about, and the five tiles of a week.

The zone is that of the largest standstill, by value of the need in lines that stand still; the
material is, of those whose lines stood still there, the one whose price rose most. Without a
standstill both are those of the highest price, and without that what the scenario shows first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from runs.room.say import Say
from runs.story.run import Array, Run, number, numbers, or_zero
from runs.story.tidings import STOPPED

NOTABLE = 1.25  # of a price; below it the scenario's own choice is as good
KILO = 1000.0  # kg a tonne
DEARNESS = ((1.1, "usual"), (2.0, "dear"), (np.inf, "far"))  # of a price
FULLNESS = ((0.3, "bare"), (0.6, "low"), (1.2, "usual"), (np.inf, "full"))  # of a stock


class Lead(NamedTuple):
    material: str
    zone: str
    reason: str  # stop | price


def lead(run: Run) -> Lead:
    """The market that the run is about; never the coercer's, nor that of the rest of the world."""
    if "lead" not in run.kept:
        run.kept["lead"] = _lead(run)
    found: Lead = run.kept["lead"]
    return found


def _lead(run: Run) -> Lead:
    rows = run.record.rows("markets")
    places, goods = np.array(rows["zone"]), np.array(rows["material"])
    own = np.array([zone in run.others and zone != "ROW" for zone in places], dtype=bool)
    if not own.any() or not run.weeks:
        return Lead(run.scene.first_material, run.scene.first_zone, "price")
    need = np.nan_to_num(run.grid("markets", "demand_t")[0])
    stopped = np.nan_to_num(run.grid("markets", "stopped_line_share")) * own
    price = np.nan_to_num(run.grid("markets", "price")).max(axis=0) * (own & (need > 0))
    halted = stopped.max(axis=0) >= STOPPED
    if not halted.any():
        row = int(price.argmax())
        if price[row] < NOTABLE:
            return Lead(run.scene.first_material, run.scene.first_zone, "price")
        return Lead(str(goods[row]), str(places[row]), "price")
    usd = {good.id: good.usd_per_t for good in run.scene.goods}
    worth = need * np.array([usd[str(good)] for good in goods])
    still = {zone: (stopped * worth)[:, places == zone].sum(axis=1).max() for zone in run.others}
    zone = max(still, key=lambda one: float(still[one]))
    row = int((price * (halted & (places == zone))).argmax())
    return Lead(str(goods[row]), zone, "stop")


def tiles(run: Run, week: int, material: str, zone: str) -> list[dict[str, Any]]:
    """Price, stock, stopped lines, output lost and true origin.

    Each: ``id, label, value, unit, word, compared, spark`` (the whole run), ``material, zone``.
    """
    return [
        _price(run, week, material, zone), _stock(run, week, material, zone),
        _stopped(run, week, material, zone), _lost(run, week, zone),
        _origin(run, week, material, zone),
    ]  # fmt: skip


def _tile(
    name: str, series: Array, week: int, unit: str, values: dict[str, Any],
    word: Say | None, compared: Say | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": name, "value": number(series[week]), "unit": unit, "spark": numbers(series),
        "label": Say(f"story.tile.{name}", values).row, "word": word.row if word else None,
        "compared": compared.row if compared else None,
        "material": values.get("good"), "zone": values["zone"],
    }  # fmt: skip


def _price(run: Run, week: int, material: str, zone: str) -> dict[str, Any]:
    series = run.market("price", material, zone)
    now = run.market("price_usd_per_t", material, zone)[week] / KILO
    old = now / series[week] if series[week] else np.nan
    values = {"good": material, "zone": zone}
    word = Say(f"story.word.{level(series[week], DEARNESS)}")
    compared = Say("story.tile.price_then", {"usd": float(now), "usd_b": float(old)})
    tile = _tile("price", series, week, "ratio", values, word, compared)
    return {**tile, "usd_per_kg": number(now), "usd_per_kg_before": number(old)}


def _stock(run: Run, week: int, material: str, zone: str) -> dict[str, Any]:
    series = run.market("cover_weeks", material, zone)
    part = series[week] / series[0] if series[0] > 0 else np.nan
    word = Say(f"story.word.{level(part, FULLNESS)}")
    compared = Say("story.tile.stock_then", {"weeks": float(series[0])})
    values = {"good": material, "zone": zone, "whose": zone}
    return _tile("stock", series, week, "weeks", values, word, compared)


def _stopped(run: Run, week: int, material: str, zone: str) -> dict[str, Any]:
    """The good whose lines stand still most this week; beside it the lead good."""
    shares = {good: run.market("stopped_line_share", good, zone) for good in run.goods}
    worst = max(shares, key=lambda good: or_zero(shares[good][week]))
    if or_zero(shares[worst][week]) < STOPPED:
        worst = material
    series = shares[worst]
    values = {"good": worst, "zone": zone}
    peak = float(np.nan_to_num(series).max(initial=0.0))
    if worst != material:
        own = or_zero(shares[material][week])
        compared = Say("story.tile.stopped_other", {"good": material, "share": own})
    elif peak > 0:
        at = run.date(int(np.nan_to_num(series).argmax()))
        compared = Say("story.tile.stopped_peak", {"share": peak, "month": at})
    else:
        compared = Say("story.tile.stopped_never")
    return _tile("stopped", series, week, "share", values, Say("story.word.good", values), compared)


def _lost(run: Run, week: int, zone: str) -> dict[str, Any]:
    series = run.zone("gdp_loss_usd", zone)
    share = {one: or_zero(run.zone("gdp_loss_share", one)[week]) for one in run.others}
    other = max((one for one in share if one != zone), key=lambda one: share[one], default=zone)
    usd = or_zero(run.zone("gdp_loss_usd", other)[week])
    word = Say("story.word.of_gdp", {"share": share.get(zone, 0.0)})
    values = {"zone": other, "usd": usd, "share": share.get(other, 0.0)}
    compared = Say("story.tile.lost_other", values) if usd > 0 else None
    return _tile("lost", series, week, "usd", {"zone": zone}, word, compared)


def _origin(run: Run, week: int, material: str, zone: str) -> dict[str, Any]:
    series = run.market("china_share_true", material, zone)
    says = run.market("china_share_declared", material, zone)[week]
    values = {"good": material, "zone": zone, "whose_b": run.scene.coercer}
    papers = Say("story.tile.origin_papers", {"share": float(says)})
    compared = papers if np.isfinite(says) else None
    tile = _tile("origin", series, week, "share", values, Say("story.word.true"), compared)
    return {**tile, "declared": number(says)}


def level(value: float, names: tuple[tuple[float, str], ...]) -> str:
    """The name of the first limit that a value lies under; the last for what is not known."""
    return next((name for limit, name in names if value < limit), names[-1][1])
