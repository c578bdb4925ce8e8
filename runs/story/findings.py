"""What the charts of a run find: a title with its number, and the lines that prove it.

A chart whose finding is "no change" is not made. Each number of a title stands in ``values`` of its
sentence, and is worked out from the series that the chart draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.lead import KILO, Lead
from runs.story.run import HALF_DAY, MONTH, Array, Run, average, numbers, recent

MOST = 7  # beside the lead chart
CHANGED = 1.1  # of a price: below it nothing happened
ELSEWHERE = 1.25  # "a quarter more"
LEAST_SHARE = 0.01  # of need, firms, arrivals
NO_SHARE = 0.001  # of the old level: none to speak of
LEAST_POINTS = 0.01
LEAST_GDP = 2e-6  # mean of the run
LEAST_USD = 1e5
RESERVE_PART, STOCK_FELL = 0.005, 0.8
CHANNELS = ("china", "grey", "other", "recycled", "stockpile")
SHOWN = 4  # lines of a small multiple


def findings(run: Run, lead: Lead) -> dict[str, Any]:
    """``lead`` (None without a change) and at most seven ``multiples``, the wide one first.

    Each: ``id, title, subtitle, unit, kind`` (lines | stack), ``material, zone, lines``; a line has
    ``key, name, role`` (main | compared | other) ``, values`` by week.
    """
    made = [make(run, lead) for make in MULTIPLES]
    return {
        "lead": price_chart(run, lead),
        "multiples": [one for one in made if one is not None][:MOST],
    }


def chart(
    name: str, title: Say, unit: str, lines: Sequence[dict[str, Any]], lead: Lead,
    kind: str = "lines", subtitle: Say | None = None,
) -> dict[str, Any]:  # fmt: skip
    sub = subtitle or Say(f"story.sub.{name}", {"good": lead.material, "zone": lead.zone})
    return {
        "id": name, "title": title.row, "subtitle": sub.row, "unit": unit, "kind": kind,
        "material": lead.material, "zone": lead.zone, "lines": list(lines),
    }  # fmt: skip


def line(key: str, name: Say, values: Array, role: str = "other") -> dict[str, Any]:
    return {"key": key, "name": name.row, "role": role, "values": numbers(values)}


def by_zone(series: dict[str, Array], main: str, second: str = "") -> list[dict[str, Any]]:
    """Lines of zones: the one in question, the compared one, and the next highest."""
    tops = {zone: highest(values) for zone, values in series.items()}
    order = sorted(tops, key=lambda zone: -tops[zone])
    first = [zone for zone in (main, second) if zone in series]
    shown = first + [zone for zone in order if zone not in first and tops[zone] > 0]
    roles = {main: "main", second: "compared"}
    return [
        line(zone, Say("story.zone_name", {"name": zone}), series[zone], roles.get(zone, "other"))
        for zone in shown[:SHOWN]
    ]


def highest(values: Array) -> float:
    return float(np.nan_to_num(values).max(initial=0.0))


def when(run: Run, values: Array, low: bool = False) -> str:
    """The date of the highest or lowest week."""
    known = np.where(np.isfinite(values), values, np.inf if low else -np.inf)
    return run.date(int(known.argmin() if low else known.argmax()))


# --- the charts ---------------------------------------------------------------------------------


def price_chart(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The price of the lead good: the highest in the zone, and the highest elsewhere."""
    price = {zone: run.market("price", lead.material, zone) for zone in run.zones}
    here = highest(price[lead.zone])
    if here < CHANGED:
        return None
    elsewhere = {z: one for z, one in price.items() if z not in (lead.zone, run.scene.coercer)}
    other = max(elsewhere, key=lambda zone: highest(elsewhere[zone]))
    values = {
        "zone": lead.zone, "good": lead.material, "times": here, "times_b": highest(price[other]),
        "zone_b": other, "month": when(run, price[lead.zone]),
    }  # fmt: skip
    share = {**values, "share": here - 1.0, "share_b": highest(price[other]) - 1.0}
    alone = highest(price[other]) < ELSEWHERE
    if here < 2:
        title = Say("story.find.price_rose", share)
    else:
        title = Say("story.find.price_alone" if alone else "story.find.price_all", values)
    dollars = {z: run.market("price_usd_per_t", lead.material, z) / KILO for z in run.zones}
    return chart("price", title, "usd_per_kg", by_zone(dollars, lead.zone, other), lead)


def supply(run: Run, lead: Lead) -> dict[str, Any] | None:
    """Arrivals by channel: what the reserve gave, or grey routes, or how China's part changed."""
    came = {
        channel: np.nan_to_num(run.market(f"from_{channel}_t", lead.material, lead.zone))
        for channel in CHANNELS
    }
    total = sum(float(values.sum()) for values in came.values())
    if total <= 0:
        return None
    coercer = run.scene.coercer
    values: dict[str, Any] = {
        "zone": lead.zone, "good": lead.material, "zone_b": coercer, "whose_b": coercer,
    }  # fmt: skip
    reserve, grey = float(came["stockpile"].sum()), float(came["grey"].sum())
    if reserve / total >= RESERVE_PART and reserve >= grey:
        title = Say("story.find.reserve", {**values, "tonnes": reserve, "share": reserve / total})
    elif grey / total >= RESERVE_PART:
        title = Say("story.find.grey", {**values, "tonnes": grey, "share": grey / total})
    else:
        year = np.maximum(sum(came.values(), np.zeros(run.weeks)), 1e-12)
        share = came["china"] / year
        first, last = float(share[:13].mean()), float(share[-13:].mean())
        if abs(last - first) < 10 * LEAST_POINTS:
            return None
        key = "story.find.china_less" if last < first else "story.find.china_more"
        title = Say(key, {**values, "share": first, "share_b": last})
    lines = [line(one, Say(f"story.channel.{one}", values), came[one]) for one in CHANNELS
             if came[one].any()]  # fmt: skip
    wanted = run.market("demand_t", lead.material, lead.zone)
    lines.append(line("wanted", Say("story.channel.wanted"), wanted, "main"))
    return chart("supply", title, "t_per_week", lines, lead, "stack")


def stops(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The good whose lines stood still most in the lead zone."""
    shares = {good: run.market("stopped_line_share", good, lead.zone) for good in run.goods}
    worst = max(shares, key=lambda good: highest(shares[good]))
    peak = highest(shares[worst])
    if peak < LEAST_SHARE:
        return None
    values = {"whose": lead.zone, "good": worst, "share": peak, "month": when(run, shares[worst])}
    order = sorted(shares, key=lambda good: -highest(shares[good]))
    lines = [
        line(good, Say("story.good_name", {"good": good}), shares[good],
             "main" if good == worst else "other")
        for good in order[:SHOWN] if highest(shares[good]) > 0
    ]  # fmt: skip
    return chart("stops", Say("story.find.stops", values), "share", lines, lead)


def fear(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The zone whose firms most refuse customers in the target."""
    shares = {
        zone: run.zone("refused_customers_share", zone)
        for zone in run.others if zone != run.scene.target
    }  # fmt: skip
    most = max(shares, key=lambda zone: highest(shares[zone]), default="")
    if not most or highest(shares[most]) < LEAST_SHARE:
        return None
    values = {"whose": most, "share": highest(shares[most]), "zone": run.scene.target,
              "capital": run.scene.coercer}  # fmt: skip
    sub = Say("story.sub.fear", {"zone": run.scene.target})
    lines = by_zone(shares, most)
    return chart("fear", Say("story.find.fear", values), "share", lines, lead, subtitle=sub)


def loss(run: Run, lead: Lead) -> dict[str, Any] | None:
    """Who lost the largest part of its GDP, against the target."""
    share = {zone: run.zone("gdp_loss_share", zone) for zone in run.others}
    mean = {zone: average(one) for zone, one in share.items()}
    most, target = max(mean, key=lambda zone: mean[zone]), run.scene.target
    if mean[most] < LEAST_GDP:
        return None
    usd = float(np.nan_to_num(run.zone("gdp_loss_usd", most)).sum())
    values = {"zone": most, "usd": usd, "share": mean[most]}
    title = Say("story.find.loss", values)
    if most != target:
        banned = highest(run.zone("rung", most)) > 0
        values |= {"zone_b": target, "share_b": mean[target]}
        title = Say("story.find.loss_more" if banned else "story.find.loss_unbanned", values)
    second = target if most != target else ""
    return chart("loss", title, "share_of_gdp", by_zone(share, most, second), lead)


def papers(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The widest gap between true and declared Chinese origin."""
    true = run.market("china_share_true", lead.material, lead.zone)
    says = run.market("china_share_declared", lead.material, lead.zone)
    gap = true - says
    points = highest(gap)
    if points < LEAST_POINTS:
        return None
    values = {"points": 100 * points, "month": when(run, gap), "good": lead.material,
              "zone": lead.zone, "whose_b": run.scene.coercer}  # fmt: skip
    lines = [line("true", Say("story.word.in_truth"), true, "main"),
             line("declared", Say("story.word.as_declared"), says, "compared")]  # fmt: skip
    return chart("papers", Say("story.find.papers", values), "share", lines, lead)


def stock(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The lowest stock at the zone's factories."""
    weeks = {zone: run.market("cover_weeks", lead.material, zone) for zone in run.others}
    here = weeks.get(lead.zone)  # the coercer's factories are not in question
    if here is None or not np.isfinite(here).any():
        return None
    low = float(np.nanmin(here))
    if low >= STOCK_FELL * float(here[np.isfinite(here)][0]):
        return None
    values: dict[str, Any] = {
        "whose": lead.zone, "days": 7 * low, "good": lead.material,
        "month": when(run, here, low=True),
    }  # fmt: skip
    key = "story.find.stock_out" if values["days"] < HALF_DAY else "story.find.stock"
    return chart("stock", Say(key, values), "weeks", by_zone(weeks, lead.zone), lead)


def floors(run: Run, lead: Lead) -> dict[str, Any] | None:
    """What price floors cost their governments, so far."""
    paid = {zone: np.cumsum(np.nan_to_num(run.zone("floor_cost_usd", zone))) for zone in run.zones}
    order = sorted(paid, key=lambda zone: -highest(paid[zone]))
    first, second = order[0], order[1]
    if highest(paid[first]) < LEAST_USD:
        return None
    values = {"capital": first, "usd": float(paid[first][-1])}
    title = Say("story.find.floor", values)
    if highest(paid[second]) >= LEAST_USD:
        more = {"capital_b": second, "usd_b": float(paid[second][-1])}
        title = Say("story.find.floor_two", values | more)
    return chart("floors", title, "usd", by_zone(paid, first, second), lead)


def traders(run: Run, lead: Lead) -> dict[str, Any] | None:
    """How many traders were caught, so far."""
    by_hub = {}
    for hub in dict.fromkeys(run.record.rows("hubs")["hub"]):
        by_hub[hub] = np.cumsum(run.total("hubs", "detections", hub=hub))
    caught = sum(float(one[-1]) for one in by_hub.values()) if run.weeks else 0.0
    if caught < 2:
        return None
    most = max(by_hub, key=lambda hub: float(by_hub[hub][-1]))
    values = {"capital": run.scene.coercer, "n": int(caught), "zone": most,
              "n_b": int(by_hub[most][-1])}  # fmt: skip
    one_hub = caught == by_hub[most][-1]
    title = Say("story.find.caught_one" if one_hub else "story.find.caught", values)
    return chart("traders", title, "n", by_zone(by_hub, most), lead)


def exports(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The month in which least came straight from the coercer, against the first month."""
    came = {
        channel: sum(
            (np.nan_to_num(run.market(f"from_{channel}_t", lead.material, zone))
             for zone in run.others), np.zeros(run.weeks),
        )
        for channel in ("china", "other")
    }  # fmt: skip
    month = np.array([recent(came["china"], week) for week in range(run.weeks)])
    month[: MONTH - 1] = np.nan
    if run.weeks < MONTH or not month[MONTH - 1] > 0:
        return None
    part = month / month[MONTH - 1]
    share = float(np.nanmin(part))
    if share > 1.0 / ELSEWHERE:
        return None
    values = {"good": lead.material, "whose_b": run.scene.coercer, "zone_b": run.scene.coercer,
              "share": share, "month": when(run, part, low=True)}  # fmt: skip
    key = "story.find.exports_none" if share < NO_SHARE else "story.find.exports"
    lines = [line(one, Say(f"story.channel.{one}", values), came[one],
                  "main" if one == "china" else "other") for one in came]  # fmt: skip
    sub = Say("story.sub.exports", values)
    return chart("exports", Say(key, values), "t_per_week", lines, lead, subtitle=sub)


def wedge(run: Run, lead: Lead) -> dict[str, Any] | None:
    """How many times the coercer's own price the zone paid at the most."""
    coercer = run.scene.coercer
    dollars = {z: run.market("price_usd_per_t", lead.material, z) / KILO
               for z in (lead.zone, coercer)}  # fmt: skip
    ratio = dollars[lead.zone] / dollars[coercer]
    if lead.zone == coercer or not len(ratio) or not highest(ratio) >= ELSEWHERE * ratio[0]:
        return None
    values = {"good": lead.material, "zone": lead.zone, "zone_b": coercer, "times": highest(ratio)}
    lines = by_zone(dollars, lead.zone, coercer)
    sub = Say("story.sub.price", {"good": lead.material})
    return chart("wedge", Say("story.find.wedge", values), "usd_per_kg", lines, lead, subtitle=sub)


def second(run: Run, lead: Lead) -> dict[str, Any] | None:
    """The other good whose price rose most, where it rose most."""
    top = {
        (good, zone): highest(run.market("price", good, zone))
        for good in run.goods if good != lead.material for zone in run.others
    }  # fmt: skip
    good, zone = max(top, key=lambda one: top[one], default=("", ""))
    if not good or top[good, zone] < ELSEWHERE:
        return None
    values = {"good": good, "zone": zone, "times": top[good, zone]}
    dollars = {z: run.market("price_usd_per_t", good, z) / KILO for z in run.zones}
    about, sub = Lead(good, zone, lead.reason), Say("story.sub.price", {"good": good})
    lines = by_zone(dollars, zone)
    return chart("second", Say("story.find.second", values), "usd_per_kg", lines, about,
                 subtitle=sub)  # fmt: skip


MULTIPLES: tuple[Callable[[Run, Lead], dict[str, Any] | None], ...] = (
    supply, stops, fear, loss, papers, stock, floors, traders, exports, wedge, second,
)  # fmt: skip
