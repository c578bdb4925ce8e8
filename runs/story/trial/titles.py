"""Titles of charts with their lines, flags, the ladder, what a run is about: worked out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from runs.story.trial.loud import SLIGHT, firsts
from runs.story.trial.seen import STANDS, Seen, Table

Values = Mapping[str, Any]
Found = Iterator[tuple[str, Any, Any]]


def about(seen: Seen, lead: Mapping[str, Any]) -> Found:
    """The market that the run is about."""
    zones = [zone for zone in seen.others if zone != "ROW"]
    share = seen.wide("markets", "stopped_line_share").fillna(0.0)
    price = seen.wide("markets", "price").max()
    need = seen.wide("markets", "demand_t").loc[0].fillna(0.0)
    own = [one for one in share.columns if one[1] in zones]
    stood = [one for one in own if share[one].max() >= STANDS]
    market = (lead["material"], lead["zone"])
    if not stood:
        dear = max((one for one in own if need[one] > 0), key=lambda one: price[one], default=None)
        yield "reason", lead["reason"], "price"
        known = dear if dear is not None and price[dear] >= 1.25 else seen.first_market
        yield "market", market, tuple(map(str, known))
        return
    base = (seen.wide("markets", "price_usd_per_t") / seen.wide("markets", "price")).loc[0]
    worth = share[own] * (need * base)[own]
    by_zone = worth.T.groupby("zone").sum().T.max()
    zone = str(by_zone.idxmax())
    best = max((one for one in stood if one[1] == zone and need[one] > 0),
               key=lambda one: price[one])  # fmt: skip
    yield "reason", lead["reason"], "stop"
    yield "market", market, best


# --- charts -------------------------------------------------------------------------------------


def price(seen: Seen, chart: Values, v: Values) -> Found:
    of_good = seen.wide("markets", "price")[v["good"]]
    here, key = of_good[v["zone"]], chart["title"]["key"].rpartition(".")[2]
    elsewhere = of_good.drop(columns=[seen.coercer, v["zone"]], errors="ignore").max()
    yield "times", v["times"], here.max()
    yield "share", v.get("share", here.max() - 1), here.max() - 1
    yield "times elsewhere", v["times_b"], elsewhere.max()
    yield "where else", elsewhere.get(v["zone_b"]), elsewhere.max()
    yield "month", v["month"], seen.date(int(here.idxmax()))
    if key == "price_alone":
        yield "nobody else paid a quarter more", bool(elsewhere.max() < 1.25), True


def supply(seen: Seen, chart: Values, v: Values) -> Found:
    names = [f"from_{one}_t" for one in ("china", "grey", "other", "recycled", "stockpile")]
    came: Table = pd.DataFrame({n: seen.market(n, chart["material"], chart["zone"]) for n in names})
    came, key = came.fillna(0.0), chart["title"]["key"].rpartition(".")[2]
    if key in ("reserve", "grey"):
        own = came["from_stockpile_t" if key == "reserve" else "from_grey_t"].sum()
        yield "tonnes", v["tonnes"], own
        yield "share", v["share"], own / came.to_numpy().sum()
        return
    part = came["from_china_t"] / came.sum(axis=1).clip(lower=1e-12)
    yield "share at the start", v["share"], part.head(13).mean()
    yield "share at the end", v["share_b"], part.tail(13).mean()
    yield "direction", key == "china_less", bool(v["share_b"] < v["share"])


def stops(seen: Seen, chart: Values, v: Values) -> Found:
    share = seen.wide("markets", "stopped_line_share").xs(v["whose"], level="zone", axis=1)
    yield "share", v["share"], share.max().max()
    yield "good", share[v["good"]].max(), share.max().max()
    yield "month", v["month"], seen.date(int(share[v["good"]].idxmax()))


def fear(seen: Seen, chart: Values, v: Values) -> Found:
    zones = [zone for zone in seen.others if zone != seen.target]
    share = seen.wide("zones", "refused_customers_share")[zones].max()
    yield "share", v["share"], share.max()
    yield "whose", share[v["whose"]], share.max()
    yield "customers in", v["zone"], seen.target
    yield "capital", v["capital"], seen.coercer


def loss(seen: Seen, chart: Values, v: Values) -> Found:
    share = seen.wide("zones", "gdp_loss_share").fillna(0.0).mean()[seen.others]
    usd = seen.wide("zones", "gdp_loss_usd").fillna(0.0).sum()
    key = chart["title"]["key"].rpartition(".")[2]
    yield "who", share[v["zone"]], share.max()
    yield "usd", v["usd"], usd[v["zone"]]
    yield "share", v["share"], share.max()
    if key == "loss":
        yield "it is the target", v["zone"], seen.target
        return
    yield "against the target", v["zone_b"], seen.target
    yield "share of the target", v["share_b"], share[seen.target]
    hit = seen.zone("rung", v["zone"]).max() > 0 or _bound(seen, v["zone"])
    if key == "loss_unbanned":
        yield "never banned", bool(hit), False


def _bound(seen: Seen, zone: str) -> bool:
    """Whether a ban of exports ever covered the zone."""
    ban = seen.wide("law", "ban_breadth").xs(zone, level="zone", axis=1)
    return bool((ban.fillna(0.0) > 0).any(axis=None))


def papers(seen: Seen, chart: Values, v: Values) -> Found:
    gap = seen.market("china_share_true", chart["material"], chart["zone"]) - seen.market(
        "china_share_declared", chart["material"], chart["zone"]
    )
    yield "points", v["points"], 100 * gap.max()
    yield "month", v["month"], seen.date(int(gap.idxmax()))


def stock(seen: Seen, chart: Values, v: Values) -> Found:
    cover = seen.market("cover_weeks", chart["material"], chart["zone"])
    yield "days", v["days"], 7 * cover.min()
    yield "month", v["month"], seen.date(int(cover.idxmin()))
    gone = chart["title"]["key"].endswith("stock_out")
    yield "nothing left", gone, bool(7 * cover.min() < 0.5)


def floors(seen: Seen, chart: Values, v: Values) -> Found:
    paid = seen.wide("zones", "floor_cost_usd").fillna(0.0).sum().sort_values(ascending=False)
    yield "usd", v["usd"], paid[v["capital"]]
    yield "most", v["usd"], paid.iloc[0]
    if "capital_b" in v:
        yield "usd of the second", v["usd_b"], paid[v["capital_b"]]
        yield "second", v["usd_b"], paid.iloc[1]
    else:
        yield "nobody else paid a sum", bool(paid.iloc[1] < 1e5), True


def traders(seen: Seen, chart: Values, v: Values) -> Found:
    hubs = seen.caught.sum()
    yield "n", v["n"], hubs.sum()
    yield "n of the hub", v["n_b"], hubs[v["zone"]]
    yield "most", hubs[v["zone"]], hubs.max()
    yield "all", chart["title"]["key"].endswith("caught_one"), bool(hubs.max() == hubs.sum())


def exports(seen: Seen, chart: Values, v: Values) -> Found:
    came = seen.wide("markets", "from_china_t").fillna(0.0)[chart["material"]][seen.others]
    month = came.sum(axis=1).rolling(4).mean()
    part = month / month[3]
    yield "share of the first month", v["share"], part.min()
    yield "month", v["month"], seen.date(int(part.idxmin()))
    yield "good", v["good"], chart["material"]
    yield "whose", v["whose_b"], seen.coercer
    yield "nothing left", chart["title"]["key"].endswith("exports_none"), bool(part.min() < 0.001)


def wedge(seen: Seen, chart: Values, v: Values) -> Found:
    here, home = (seen.market("price_usd_per_t", v["good"], zone)
                  for zone in (chart["zone"], seen.coercer))  # fmt: skip
    yield "times", v["times"], (here / home).max()
    yield "here", v["zone"], chart["zone"]
    yield "there", v["zone_b"], seen.coercer


def second(seen: Seen, chart: Values, v: Values) -> Found:
    price = seen.wide("markets", "price").max().drop(index=seen.coercer, level="zone")
    of_good = price.groupby("material").max()
    yield "times", v["times"], price[v["good"], v["zone"]]
    yield "where", v["times"], of_good[v["good"]]
    dearer = int((of_good.drop(index=v["good"]) > v["times"]).sum())
    yield "only the good of the lead may have risen more", dearer <= 1, True


CHARTS: dict[str, Callable[[Seen, Values, Values], Found]] = {
    "price": price, "supply": supply, "stops": stops, "fear": fear, "loss": loss, "papers": papers,
    "stock": stock, "floors": floors, "traders": traders, "exports": exports, "wedge": wedge,
    "second": second,
}  # fmt: skip


def title(seen: Seen, chart: Values) -> Found:
    yield from CHARTS[chart["id"]](seen, chart, chart["title"]["values"])
    for line in chart["lines"]:
        values = _series(seen, chart, line["key"])
        told = np.array([np.nan if one is None else one for one in line["values"]], dtype=float)
        yield f"line {line['key']}", bool(np.allclose(told, values, equal_nan=True)), True


def _series(seen: Seen, chart: Values, key: str) -> np.ndarray[Any, Any]:
    """What a line of a chart draws."""
    good, zone, name = chart["material"], chart["zone"], chart["id"]
    of_zone = {"fear": "refused_customers_share", "loss": "gdp_loss_share"}
    if name in ("price", "wedge", "second"):
        series = seen.market("price_usd_per_t", good, key) / 1000
    elif name == "exports":
        series = seen.wide("markets", f"from_{key}_t").fillna(0.0)[good][seen.others].sum(axis=1)
    elif name == "supply":
        column = "demand_t" if key == "wanted" else f"from_{key}_t"
        series = seen.market(column, good, zone)
        series = series if key == "wanted" else series.fillna(0.0)
    elif name == "stops":
        series = seen.market("stopped_line_share", key, zone)
    elif name in of_zone:
        series = seen.zone(of_zone[name], key)
    elif name == "papers":
        column = "china_share_true" if key == "true" else "china_share_declared"
        series = seen.market(column, good, zone)
    elif name == "stock":
        series = seen.market("cover_weeks", good, key)
    elif name == "floors":
        series = seen.zone("floor_cost_usd", key).fillna(0.0).cumsum()
    else:
        series = seen.caught[key].cumsum()
    return np.asarray(series, dtype=float)


# --- time line ----------------------------------------------------------------------------------


def flag(seen: Seen, one: Mapping[str, Any]) -> Found:
    """The first week of what a flag stands for."""
    week, kind = one["week"], one["kind"]
    yield "date", one["date"], seen.date(week)
    if kind != "turn":
        yield "who", one["say"]["values"], one["news"]["values"]
    if kind == "turn":
        own = [m.week for m in seen.moves if m.week // 13 == week // 13]
        given = seen.frames["orders"].query("accepted and by in ['person', 'file', 'script']")
        mine = [w for w in given["week"] if w // 13 == week // 13]
        yield "first order of the turn", week, min(mine, default=min(own, default=-1))
        yield "n", one["say"]["values"]["n"], week // 13 + 1
        return
    if kind == "stop":
        zone = one["news"]["values"]["zone"]
        earlier = any(start[0] < week for start in seen.stops if start[1] == zone)
        yield "the first", one["say"]["key"].endswith("flag.stop"), not earlier
    found = _first(seen, kind)
    if found is not None:
        yield "week", week, found


def _first(seen: Seen, kind: str) -> Any:
    """The week of the first of a kind; None for a kind without tables."""
    climbs = [m for m in seen.moves if m.lever == "rung" and m.up]
    if kind == "step":
        return min(m.week for m in climbs if m.value < 4)
    if kind == "ban":
        found = [m.week for m in climbs if m.value >= 4]
        return min(found + [m.week for m in seen.moves if m.part >= SLIGHT and m.up
                            and m.lever in ("ban_breadth", "listing")])  # fmt: skip
    if kind == "caught":
        events = [one["week"] for one in seen.events if one["kind"] == "detection"]
        return min(events)
    if kind == "concession":
        gave = [m.week for m in seen.moves if m.lever == "concession" and m.up]
        return min(gave + [one["week"] for one in seen.events if one["kind"] == "concession"])
    if kind in ("announcement", "disaster"):
        kinds = {"announcement": {"announcement"}, "disaster": {"disaster", "input_cut"}}[kind]
        return min(one["week"] for one in seen.events if one["kind"] in kinds)
    return firsts(seen).get(kind)


def flags_complete(seen: Seen, told: set[str]) -> Found:
    """What the tables have of these kinds has its flag."""
    for kind in ("stop", "reserve", "clause", "clause_dropped", "floor", "easing", "quota"):
        yield f"flag of {kind}", kind in told, kind in firsts(seen)
    yield "flag of caught", "caught" in told, any(one["kind"] == "detection" for one in seen.events)


def ladder(seen: Seen, told: Mapping[str, Any]) -> Found:
    rung = seen.wide("zones", "rung")[seen.others]
    yield "highest", told["highest"], rung.max().max()
    yield "zone", rung[told["zone"]].max(), rung.max().max()
    yield "steps", told["steps"] == rung[told["zone"]].tolist(), True
