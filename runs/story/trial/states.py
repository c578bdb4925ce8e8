"""How a zone stands in a week, and the five tiles, worked out from the tables again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from runs.story.trial.seen import STANDS, Seen

Values = Mapping[str, Any]
Found = Iterator[tuple[str, Any, Any]]  # what, as told, as worked out

FEW_GDP = 2e-5


def hurt(seen: Seen, week: int) -> set[str]:
    """The zone that lost most of its GDP in the last month; all where nobody lost."""
    lost = {zone: seen.month(seen.zone("gdp_loss_share", zone), week) for zone in seen.others}
    known = {zone: one for zone, one in lost.items() if one >= 1e-6}
    return {max(known, key=lambda zone: known[zone])} if known else set(seen.zones)


def about_hurt(seen: Seen, v: Values, week: int) -> Found:
    yield "the zone that is hurt most", v["zone"] in hurt(seen, week), True


def stopped(seen: Seen, v: Values, week: int) -> Found:
    now = float(seen.market("stopped_line_share", v["good"], v["whose"])[week])
    yield "share", v["share"], now
    yield "at least a hundredth", now >= STANDS, True


def reserve(seen: Seen, v: Values, week: int) -> Found:
    came, gave = (seen.month(seen.market(column, v["good"], v["whose"]), week)
                  for column in ("delivered_t", "from_stockpile_t"))  # fmt: skip
    yield "share", v["share"], min(1.0, gave / came)


def stock(seen: Seen, v: Values, week: int) -> Found:
    cover = seen.market("cover_weeks", v["good"], v["zone"])
    yield "days", v["days"], 7 * cover[week]
    yield "below what it was", bool(cover[week] < 0.6 * cover[0]), True
    yield "something left", bool(7 * cover[week] >= 0.5), True


def stock_out(seen: Seen, v: Values, week: int) -> Found:
    cover = seen.market("cover_weeks", v["good"], v["zone"])
    yield "less than half a day", bool(7 * cover[week] < 0.5), True


def price(seen: Seen, v: Values, week: int) -> Found:
    yield "times", v["times"], seen.market("price", v["good"], v["zone"])[week]
    yield "dear", v["times"] >= 1.5, True


def fear(seen: Seen, v: Values, week: int) -> Found:
    refused = seen.month(seen.zone("refused_usd", v["zone"]), week)
    lost = seen.month(seen.zone("gdp_loss_usd", v["zone"]), week)
    yield "usd", v["usd"], min(refused, lost)
    yield "most of the loss", refused > lost / 2, True
    yield "capital", v["capital"], seen.coercer


def loss(seen: Seen, v: Values, week: int) -> Found:
    yield "usd", v["usd"], seen.month(seen.zone("gdp_loss_usd", v["zone"]), week)


def calm(seen: Seen, v: Values, week: int) -> Found:
    """Nothing of what is grave in a zone's markets or in its output."""
    zone = v["zone"]
    for good in seen.goods:
        of = {c: seen.market(c, good, zone) for c in ("stopped_line_share", "price", "cover_weeks")}
        yield f"lines on {good} run", bool(of["stopped_line_share"].fillna(0)[week] < STANDS), True
        yield f"{good} is not dear", bool(of["price"][week] >= 1.5), False
        known = np.isfinite(of["cover_weeks"][week])
        low = bool(known and of["cover_weeks"][week] < 0.6 * of["cover_weeks"][0])
        yield f"{good} is in store", low, False
    share = seen.month(seen.zone("gdp_loss_share", zone), week)
    yield "lost little", bool(share >= FEW_GDP), False


def flow(seen: Seen, v: Values, week: int) -> Found:
    yield from calm(seen, v, week)
    lost = seen.wide("zones", "gdp_loss_share")[seen.others].loc[:week]
    yield "no zone was in trouble", bool((lost >= FEW_GDP).any(axis=None)), False
    yield "no ban, and licences are granted", bound(seen, week), False


def holds(seen: Seen, v: Values, week: int) -> Found:
    yield from calm(seen, v, week)
    yield "a ban, or licences are refused", bound(seen, week), True


def bound(seen: Seen, week: int) -> bool:
    law = seen.frames["law"]
    now = law[(law["week"] == week) & (law["zone"] != seen.coercer)]
    refused = (now["licence_duty"] > 0) & (now["licence_approval"] < 0.95)
    return bool(((now["ban_breadth"] > 0) | refused).any())


def was_in_trouble(seen: Seen, v: Values, week: int) -> Found:
    yield from calm(seen, v, week)
    lost = seen.wide("zones", "gdp_loss_share")[seen.others].loc[:week]
    yield "there was trouble", bool((lost >= FEW_GDP).any(axis=None)), True


def before(seen: Seen, v: Values, week: int) -> Found:
    """No step of the ladder, standstill, reserve or trader up to the week."""
    climbed = [one for one in seen.moves if one.lever == "rung" and one.week <= week]
    yield "no step yet", len(climbed), 0
    yield "no standstill yet", any(one[0] <= week for one in seen.stops), False
    yield "no reserve yet", any(one <= week for one in seen.opened.values()), False
    yield "no trader yet", bool(seen.caught.loc[:week].to_numpy().sum() > 0), False


STATES: dict[str, Callable[[Seen, Values, int], Found]] = {
    "stopped": stopped, "reserve": reserve, "stock": stock, "stock_out": stock_out, "price": price,
    "fear": fear, "loss": loss, "calm": was_in_trouble, "flow": flow, "holds": holds,
    "before": before,
}  # fmt: skip


def state(seen: Seen, say: Mapping[str, Any], week: int) -> Found | None:
    """A sentence ``story.state.*`` of a week; None for one that nobody knows."""
    check = STATES.get(say["key"].removeprefix("story.state."))
    if check is None:
        return None

    def found() -> Found:
        yield from check(seen, say["values"], week)
        place = say["values"].get("zone")
        if place:
            yield from about_hurt(seen, {"zone": place}, week)

    return found()


# --- tiles --------------------------------------------------------------------------------------


def tile(seen: Seen, one: Mapping[str, Any], week: int) -> Found:
    """The figure, its course, and what stands beside it."""
    good, zone = one["material"], one["zone"]
    compared, word = (one[part] or {"key": "", "values": {}} for part in ("compared", "word"))
    v, key = compared["values"], compared["key"].removeprefix("story.tile.")
    columns = {"price": "price", "stock": "cover_weeks", "stopped": "stopped_line_share",
               "origin": "china_share_true"}  # fmt: skip
    if one["id"] == "lost":
        series = seen.zone("gdp_loss_usd", zone)
    else:
        series = seen.market(columns[one["id"]], good, zone)
    yield "value", one["value"], series[week]
    yield "course", all(
        (told is None and not np.isfinite(at)) or told == at
        for told, at in zip(one["spark"], series, strict=True)
    ), True
    if one["id"] == "price":
        now = seen.market("price_usd_per_t", good, zone)[week] / 1000
        yield "usd", v["usd"], now
        yield "usd before", v["usd_b"], now / series[week]
        limits = {"usual": (0, 1.1), "dear": (1.1, 2), "far": (2, np.inf)}
        yield "word", _within(word, limits, series[week]), True
    if one["id"] == "stock":
        yield "weeks", v["weeks"], series[0]
        part = series[week] / series[0] if series[0] > 0 else np.inf
        limits = {"bare": (-1, 0.3), "low": (0.3, 0.6), "usual": (0.6, 1.2), "full": (1.2, np.inf)}
        yield "word", _within(word, limits, part), True
    if one["id"] == "stopped":
        yield from _stopped(seen, key, v, good, zone, week)
    if one["id"] == "lost":
        yield "share", word["values"]["share"], seen.zone("gdp_loss_share", zone).fillna(0)[week]
        if key:
            shares = seen.wide("zones", "gdp_loss_share").loc[week, seen.others].drop(zone)
            yield "most of the others", shares[v["zone"]], shares.max()
            yield "share of other", v["share"], shares.max()
            yield "usd of other", v["usd"], seen.zone("gdp_loss_usd", v["zone"])[week]
    if one["id"] == "origin" and key:
        yield "papers", v["share"], seen.market("china_share_declared", good, zone)[week]


def _within(word: Values, limits: Mapping[str, tuple[float, float]], value: float) -> bool:
    low, high = limits[word["key"].removeprefix("story.word.")]
    return bool(low <= value < high or not np.isfinite(value))


def _stopped(seen: Seen, key: str, v: Values, good: str, zone: str, week: int) -> Found:
    own = seen.market("stopped_line_share", good, zone).fillna(0.0)
    if key == "stopped_other":
        now = seen.market("stopped_line_share", v["good"], zone).fillna(0.0)[week]
        yield "share", v["share"], now
        yield "the largest", bool(own[week] >= now), True
    if key == "stopped_peak":
        yield "share", v["share"], own.max()
        yield "month", v["month"], seen.date(int(own.idxmax()))
    if key == "stopped_never":
        yield "never", own.max(), 0.0
