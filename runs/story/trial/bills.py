"""Who pays and who complies: bills, series and answers, worked out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from runs.story.trial.seen import STANDS, Seen, Table
from world.levers import LEVERS

Values = Mapping[str, Any]
Found = Iterator[tuple[str, Any, Any]]
SMALL_USD, SMALL_SHARE = 1e7, 2e-6  # lost in a run: less is not worth a reason


def total(seen: Seen, column: str) -> Table:
    return seen.wide("zones", column).fillna(0.0).sum()


def bill(seen: Seen, row: Mapping[str, Any]) -> Found:
    """A row of *who pays*; what the reserve cost is what is left of the budget."""
    zone = row["zone"]
    for name, column in (("floor_usd", "floor_cost_usd"), ("tariffs_usd", "tariff_revenue_usd"),
                         ("subsidies_usd", "subsidy_usd"), ("refused_usd", "refused_usd"),
                         ("lost_usd", "gdp_loss_usd"),
                         ("orders_lost_usd", "orders_lost_usd")):  # fmt: skip
        yield name, row[name], total(seen, column)[zone]
    yield "lost_share", row["lost_share"], seen.zone("gdp_loss_share", zone).fillna(0.0).mean()
    budget = seen.zone("budget_usd", zone).iloc[-1]
    yield "budget_usd", row["budget_usd"], budget
    jobs = seen.zone("jobs_at_risk", zone).fillna(0.0)
    yield "jobs", row["jobs"], jobs.mean()
    yield "jobs in the worst week", row["jobs_most"], jobs.max()
    rest = row["measures_usd" if zone == seen.coercer else "stocks_usd"]
    yield "whose measures", row["measures_usd"] is None, zone != seen.coercer
    if rest is not None:
        sent = [one for one in seen.events if one["kind"] == "transfer_money" and one["actor"]]
        got = sum(one["data"].get("usd_m", 0.0) * ((one["target"] == zone) - (one["actor"] == zone))
                  for one in sent)  # fmt: skip
        parts = row["floor_usd"] + row["subsidies_usd"] + rest - row["tariffs_usd"]
        yield "adds up", abs(parts - 1e6 * got + budget) < 1.0, True


def floor(seen: Seen, key: str, v: Values, about: Values) -> Found:
    paid = total(seen, "floor_cost_usd").sort_values(ascending=False)
    if key in ("floor_none", "floor_border"):
        yield "no budget paid", paid.sum() < 1.0, True
        stands = seen.wide("markets", "floor_usd_per_t").fillna(0.0)
        yield "a floor stood", bool(stands.to_numpy().any()), key == "floor_border"
        if key == "floor_border":
            yield "price", v["usd"], stands.max().max() / 1000
            yield "market", v["usd"], stands[v["good"], v["zone"]].max() / 1000
        return
    yield "usd", v["usd"], paid[v["capital"]]
    yield "most", v["usd"], paid.iloc[0]
    if key == "floor_one":
        yield "no other budget paid", bool(paid.iloc[1] < 1.0), True
        return
    yield "in all", v["usd_b"], paid.sum()
    yield "second", v["usd_c"], paid.iloc[1]
    yield "who second", paid[v["capital_b"]], paid.iloc[1]
    yield "and nobody else", bool(paid.iloc[2] < 0.05 * paid.sum()), key == "floor"


def others(seen: Seen, key: str, v: Values, about: Values) -> Found:
    zones = [zone for zone in seen.others if zone not in (seen.target, "ROW")]
    lost = total(seen, "gdp_loss_usd")[zones]
    share = seen.wide("zones", "gdp_loss_share").fillna(0.0).mean()[zones]
    worth = lost.index[(lost >= SMALL_USD) & (share >= SMALL_SHARE)]
    if key == "others_none":
        yield "nobody lost a sum", list(worth), []
        return
    yield "most", share[v["zone"]], share[worth].max()
    yield "usd", v["usd"], lost[v["zone"]]
    refused = total(seen, "refused_usd")[v["zone"]]
    yield "refused", v["usd_b"], refused
    yield "share", v["share_b"], share[v["zone"]]
    if key == "others_fear":
        yield "for fear", refused >= 0.1 * lost[v["zone"]], True
        return
    yield "refused a small part", refused < 0.1 * lost[v["zone"]], True
    own = seen.wide("markets", "price").xs(v["zone"], level="zone", axis=1).max().max()
    short = seen.wide("markets", "shortage_t").xs(v["zone"], level="zone", axis=1).max().max()
    yield "short or dear", bool(own >= 1.1 or short > 0), True


def own(seen: Seen, key: str, v: Values, about: Values) -> Found:
    """What it cost the coercer."""
    if key == "own_power":
        for column, was, came in (("leverage_of_china", "n", "n_b"),
                                  ("reputation_of_china", "n_c", "n_d")):  # fmt: skip
            weeks = seen.zone(column, seen.target).fillna(0.0)
            yield column, v[was], round(weeks.iloc[0], 2)  # an index from 0 to 1
            yield f"{column} at the end", v[came], round(weeks.iloc[-1], 2)
        return
    lost = total(seen, "gdp_loss_usd")[seen.coercer]
    spent = -seen.zone("budget_usd", seen.coercer).iloc[-1]
    yield "nothing", key == "own_none", bool(lost < 1e5 and spent < 1e5)
    yield "lost", v["usd"], lost
    yield "spent", v["usd_b"], spent


def origin(seen: Seen, key: str, v: Values, about: Values) -> Found:
    good, zone = about["material"], seen.target
    came, true, says = (seen.market(column, good, zone).fillna(0.0) for column in (
        "delivered_t", "china_share_true", "china_share_declared",
    ))  # fmt: skip
    hidden = (came * (true - says).clip(lower=0.0)).sum()
    if key == "origin_none":
        yield "nothing hidden", bool(hidden < 1e-3), True
        return
    yield "tonnes", v["tonnes"], hidden
    yield "in truth", v["share"], (came * true).sum() / came.sum()
    yield "papers", v["share_b"], (came * says).sum() / came.sum()
    yield "where", v["zone"], zone


def first(seen: Seen, key: str, v: Values, about: Values) -> Found:
    share = seen.wide("markets", "stopped_line_share").fillna(0.0)
    own = share[[one for one in share.columns if one[1] != seen.coercer]]
    stands = own >= STANDS
    before = stands.loc[0]
    if key == "first_none":
        yield "nobody", bool(stands.any(axis=None)), False
        return
    if key.startswith("first_before"):
        goods = [good for good, _ in before[before].index]
        yield "n", v["n"], goods.count(v["good"])
        yield "most", goods.count(v["good"]), max(goods.count(one) for one in goods)
        yield "one", key.endswith("one"), goods.count(v["good"]) == 1
        yield "there", bool(before[v["good"], v["zone"]]), True
        return
    new = stands.loc[:, ~before]
    if key == "first_none_more":
        yield "nobody else", bool(new.any(axis=None)), False
        return
    week = int(new.any(axis=1).idxmax())
    yield "date", v["date"], seen.date(week)
    yield "stopped", bool(new[v["good"], v["zone"]][week]), True
    yield "worst", own[v["good"], v["zone"]][week], own[new.columns].loc[week].max()
    yield "share", v["share"], seen.market("china_share_true", v["good"], v["zone"])[0]
    yield "weeks", v["weeks"], seen.market("cover_weeks", v["good"], v["zone"])[0]


def caught(seen: Seen, key: str, v: Values, about: Values) -> Found:
    hubs = seen.caught.sum()
    if key == "caught_none":
        yield "nobody", float(hubs.sum()), 0.0
        return
    yield "n", v["n"], hubs.sum()
    yield "most", v["n_b"], hubs.max()
    yield "where", hubs[v["zone"]], hubs.max()
    yield "all there", key != "caught", bool(hubs.max() == hubs.sum())


ANSWERS: dict[str, Callable[[Seen, str, Values, Values], Found]] = {
    "floor": floor, "others": others, "own": own,
    "origin": origin, "first": first, "caught": caught,
}  # fmt: skip


def answer(seen: Seen, name: str, say: Mapping[str, Any], about: Values) -> Found:
    key = say["key"].removeprefix("story.answer.")
    yield from ANSWERS[name](seen, key, say["values"], about)


def complies(seen: Seen, told: Mapping[str, Any]) -> Found:
    """The law, threats and hubs by week."""
    good, zone = told["material"], told["zone"]
    yield "towards", zone, seen.target
    for name, series in told["law"].items():
        yield name, _same(series, seen.wide("law", name)[good, zone]), True
    for name, lever in (("threat", "threat"), ("clause", "third_country_clause"),
                        ("enforcement", "enforcement")):  # fmt: skip
        yield name, _same(told[name], _held(seen, lever)), True
    for zone_b, series in told["refuses"].items():
        yield zone_b, _same(series, seen.zone("refused_customers_share", zone_b)), True
    for hub in told["hubs"]:
        for name, column in (("belief", "belief"), ("credibility", "credibility"),
                             ("grey_premium", "grey_premium"), ("cooperation", "cooperation"),
                             ("served_share", "served_share"),
                             ("reexports_t", "reexports_to_target_t")):  # fmt: skip
            if (hub["zone"], good) in seen.wide("hubs", column):
                own = seen.wide("hubs", column)[hub["zone"], good]
                yield f"{hub['zone']} {name}", _same(hub[name], own), True
        ties = seen.zone("payment_ties", hub["zone"])
        yield f"{hub['zone']} payments", _same(hub["payment_ties"], ties), True
        yield f"{hub['zone']} caught", _same(hub["detections"], seen.caught[hub["zone"]]), True


def _same(told: list[float | None], found: Any) -> bool:
    own = np.array([np.nan if one is None else one for one in told], dtype=float)
    return bool(np.allclose(own, np.asarray(found, dtype=float), equal_nan=True))


def _held(seen: Seen, lever: str) -> np.ndarray[Any, Any]:
    """What was last ordered of a lever of the coercer, by week."""
    start = seen.at_start.get(f"{seen.coercer}.{lever}", LEVERS[lever].default)
    value = np.full(seen.weeks, float(start))
    for one in seen.moves:
        if one.actor == seen.coercer and one.lever == lever:
            value[one.week :] = one.value
    return value
