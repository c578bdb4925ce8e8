"""Who pays and who complies: figures by zone and hub, and the questions that they answer.

An answer is a sentence with its numbers; a question that the run cannot answer, since nothing of
the kind happened, gets a sentence that says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.findings import LEAST_GDP
from runs.story.lead import Lead
from runs.story.orders import CLAUSE, moved
from runs.story.run import Array, Run, average, default_of, number, numbers
from runs.story.tidings import STOPPED
from world.phases.methods import REFERENCE, STUDIES, yearly_shares

LEAST_USD, LEAST_T = 1e5, 1e-3
HURT_USD = 1e7  # lost in the run, to be worth a reason
TRANSFER = "transfer_money"


def pays(run: Run, lead: Lead) -> dict[str, Any]:
    """By zone what was paid and lost up to the last week, in dollars, and two answers."""
    rows = [_bill(run, zone) for zone in run.zones]
    rows.sort(key=lambda row: -_paid(row))
    return {
        "rows": rows, "studies": studies(run),
        "answers": [_answer("floor", floor(run, lead)), _answer("others", why_others(run)),
                    _answer("own", own_costs(run))],
    }  # fmt: skip


def _paid(row: dict[str, Any]) -> float:
    """All that a zone lost and spent, and what its buyers paid at the border."""
    money = ("lost_usd", "floor_usd", "tariffs_usd", "subsidies_usd", "stocks_usd", "measures_usd")
    return sum(float(row[name] or 0.0) for name in money)


def studies(run: Run) -> dict[str, Any] | None:
    """What institutes have worked out for a year without the coercer's goods, as shares of GDP,
    where the run has the zone of which they speak."""
    if REFERENCE not in run.zones:
        return None
    rows = [{"id": f"{name}{part}", "share": share}
            for name, scenarios in STUDIES.items()
            for part, share in _study(name, *scenarios)]  # fmt: skip
    return {"zone": REFERENCE, "rows": rows}


def _study(name: str, rare_earths: str, minerals: str) -> list[tuple[str, float]]:
    rare, rest = yearly_shares(name)
    return [("", rare), *([("_all", rare + rest)] if minerals else [])]


def own_costs(run: Run) -> list[Say]:
    """What coercion cost the coercer: budget and output, and in the target power and name."""
    coercer, target = run.scene.coercer, run.scene.target
    budget = run.zone("budget_usd", coercer)
    spent = -float(budget[-1]) if len(budget) and np.isfinite(budget[-1]) else 0.0
    lost = sum_of(run, "gdp_loss_usd", coercer)
    power, name = (np.nan_to_num(run.zone(column, target)) for column in (
        "leverage_of_china", "reputation_of_china"
    ))
    if not len(power):
        return [Say("story.answer.own_none", {"capital": coercer})]
    ends = [round(float(index), 2) for index in (power[0], power[-1], name[0], name[-1])]
    values = {"capital": coercer, "usd": lost, "usd_b": spent, "zone": target,
              **dict(zip(("n", "n_b", "n_c", "n_d"), ends, strict=True))}  # fmt: skip
    if lost < LEAST_USD and spent < LEAST_USD:
        return [Say("story.answer.own_none", values), Say("story.answer.own_power", values)]
    return [Say("story.answer.own", values), Say("story.answer.own_power", values)]


def _answer(name: str, says: list[Say]) -> dict[str, Any]:
    """A question with its answer; the question speaks of what the answer does."""
    nobody = name == "others" and says[0].key.endswith("_none")
    question = Say(f"story.ask.{name}_none" if nobody else f"story.ask.{name}", says[0].values)
    return {"id": name, "question": question.row, "says": [one.row for one in says]}


def _bill(run: Run, zone: str) -> dict[str, Any]:
    """Money of a zone since the start. What went into the reserve is what the budget spent beside
    the other lines; for the coercer it cannot be told from what its measures cost it."""
    def sums(column: str) -> float:
        return sum_of(run, column, zone)

    floor_usd, subsidies = sums("floor_cost_usd"), sums("subsidy_usd")
    tariffs = sums("tariff_revenue_usd")
    budget = run.zone("budget_usd", zone)
    spent = -float(budget[-1]) if len(budget) and np.isfinite(budget[-1]) else np.nan
    rest = number(np.round(spent + tariffs - floor_usd - subsidies + _handed(run, zone)))
    coercer = zone == run.scene.coercer
    jobs = np.nan_to_num(run.zone("jobs_at_risk", zone))
    lost, refused = sums("gdp_loss_usd"), sums("refused_usd")
    return {
        "zone": zone, "floor_usd": floor_usd, "tariffs_usd": tariffs, "subsidies_usd": subsidies,
        "stocks_usd": None if coercer else rest, "measures_usd": rest if coercer else None,
        "refused_usd": refused, "lost_usd": lost,
        "lost_share": average(run.zone("gdp_loss_share", zone)),
        "budget_usd": number(-spent), "orders_lost_usd": sums("orders_lost_usd"),
        "jobs": average(jobs), "jobs_most": float(jobs.max(initial=0.0)),
    }  # fmt: skip


def sum_of(run: Run, column: str, zone: str) -> float:
    """A column of ``zones`` over all weeks."""
    return float(np.nan_to_num(run.zone(column, zone)).sum())


def _handed(run: Run, zone: str) -> float:
    """Dollars that other states gave the zone, less what it gave them."""
    sums = [(one, 1e6 * float(one["data"].get("usd_m", 0.0))) for one in run.events
            if one["kind"] == TRANSFER and one["actor"]]  # fmt: skip
    got = sum(usd for one, usd in sums if one["target"] == zone)
    return got - sum(usd for one, usd in sums if one["actor"] == zone)


def floor(run: Run, lead: Lead) -> list[Say]:
    """What the floor cost, and whom."""
    paid = {zone: sum_of(run, "floor_cost_usd", zone) for zone in run.zones}
    payers = sorted((z for z in paid if paid[z] >= LEAST_USD), key=lambda zone: -paid[zone])
    if not payers:
        bound = _border_floor(run)
        key = "story.answer.floor_border" if bound else "story.answer.floor_none"
        return [Say(key, bound or {})]
    total = sum(paid.values())
    first = {"capital": payers[0], "usd": paid[payers[0]], "usd_b": total}
    if len(payers) == 1:
        return [Say("story.answer.floor_one", first)]
    second = {"capital_b": payers[1], "usd_c": paid[payers[1]]}
    return [Say("story.answer.floor", {**first, **second})]


def _border_floor(run: Run) -> dict[str, Any] | None:
    """A floor that stands at the border is paid by who buys: its zone and good, the dearest."""
    rows = run.record.rows("markets")
    price = np.nan_to_num(run.grid("markets", "floor_usd_per_t"))
    if not price.any():
        return None
    row = int(price.max(axis=0).argmax())
    return {"zone": rows["zone"][row], "good": rows["material"][row],
            "usd": float(price[:, row].max()) / 1000.0}  # fmt: skip


def why_others(run: Run) -> list[Say]:
    """Why the zone loses that is hurt most beside the target."""
    others = [zone for zone in run.others if zone not in (run.scene.target, "ROW")]
    lost = {zone: sum_of(run, "gdp_loss_usd", zone) for zone in others}
    share = {zone: average(run.zone("gdp_loss_share", zone)) for zone in lost}
    most = max(share, key=lambda zone: share[zone], default="")
    if not most or lost[most] < HURT_USD or share[most] < LEAST_GDP:
        return [Say("story.answer.others_none", {"zone": run.scene.target})]
    refused = sum_of(run, "refused_usd", most)
    values = {"zone": most, "whose": most, "usd": lost[most], "usd_b": refused,
              "share": refused / lost[most], "zone_b": run.scene.target,
              "capital": run.scene.coercer, "share_b": share[most]}  # fmt: skip
    if refused >= 0.1 * lost[most]:
        return [Say("story.answer.others_fear", values)]
    return [Say("story.answer.others_goods", values)]


# --- who complies -------------------------------------------------------------------------------


def complies(run: Run, lead: Lead) -> dict[str, Any]:
    """The law towards the target, threats, beliefs, grey trade and who was caught, by week."""
    good, target = lead.material, run.scene.target

    def law(column: str) -> list[float | None]:
        return numbers(run.series("law", column, material=good, zone=target))

    hubs = list(dict.fromkeys(run.record.rows("hubs")["hub"]))
    return {
        "material": good, "zone": target,
        "law": {name: law(name) for name in (
            "ban_breadth", "scope_belief", "licence_duty", "licence_approval"
        )},
        "threat": numbers(_held(run, "threat")), "clause": numbers(_held(run, CLAUSE)),
        "enforcement": numbers(_held(run, "enforcement")),
        "hubs": [_hub(run, hub, good) for hub in hubs],
        "refuses": {
            zone: numbers(run.zone("refused_customers_share", zone))
            for zone in run.others if zone != target
        },
        "answers": [
            _answer("origin", whatever_papers(run, good, target)),
            _answer("first", hit_first(run)),
            _answer("caught", caught(run, hubs)),
        ],
    }  # fmt: skip


def _held(run: Run, lever: str) -> Array:
    """A lever of the coercer as ordered, by week."""
    coercer = run.scene.coercer
    value = np.full(run.weeks, run.at_start.get((coercer, lever), default_of(lever)))
    for told in moved(run):
        if told.event["actor"] == coercer and told.lever == lever:
            value[told.event["week"]:] = told.value
    return value


def _hub(run: Run, hub: str, good: str) -> dict[str, Any]:
    def own(column: str) -> Array:
        return run.series("hubs", column, hub=hub, material=good)

    return {
        "zone": hub, "belief": numbers(own("belief")), "credibility": numbers(own("credibility")),
        "grey_premium": numbers(own("grey_premium")),
        "cooperation": numbers(own("cooperation")),
        "served_share": numbers(own("served_share")),
        "payment_ties": numbers(run.zone("payment_ties", hub)),
        "reexports_t": numbers(own("reexports_to_target_t")),
        "active_traders": numbers(run.total("hubs", "active_traders", hub=hub)),
        "detections": numbers(run.total("hubs", "detections", hub=hub)),
    }  # fmt: skip


def whatever_papers(run: Run, good: str, target: str) -> list[Say]:
    """What was Chinese whatever its papers say: tonnes that came as others' goods."""
    came = np.nan_to_num(run.market("delivered_t", good, target))
    true = np.nan_to_num(run.market("china_share_true", good, target))
    says = np.nan_to_num(run.market("china_share_declared", good, target))
    hidden = float((came * np.maximum(true - says, 0.0)).sum())
    about = {"zone": target, "good": good, "zone_b": run.scene.coercer}
    if hidden < LEAST_T or not came.any():
        return [Say("story.answer.origin_none", about)]
    total = float(came.sum())
    shares = {"share": float((came * true).sum()) / total,
              "share_b": float((came * says).sum()) / total}  # fmt: skip
    return [Say("story.answer.origin", {**about, **shares, "tonnes": hidden})]


def hit_first(run: Run) -> list[Say]:
    """Whose lines stood still first, for want of what, with what in store when it began; before
    that, what stood still when the run began."""
    rows = run.record.rows("markets")
    own = np.array([zone in run.others for zone in rows["zone"]], dtype=bool)
    share = np.nan_to_num(run.grid("markets", "stopped_line_share")) * own
    stands = share >= STOPPED
    if not stands.any():
        return [Say("story.answer.first_none")]
    before = _stood_before(run, share[0])
    stands &= ~stands[0]
    if not stands.any():
        return [*before, Say("story.answer.first_none_more")]
    week = int(stands.any(axis=1).argmax())
    row = int((share[week] * stands[week]).argmax())
    good, zone = rows["material"][row], rows["zone"][row]
    china = run.market("china_share_true", good, zone)[0]
    weeks = run.market("cover_weeks", good, zone)[0]
    values = {"zone": zone, "whose": zone, "good": good, "date": run.date(week),
              "share": float(np.nan_to_num(china)), "weeks": float(np.nan_to_num(weeks)),
              "zone_b": run.scene.coercer}  # fmt: skip
    return [*before, Say("story.answer.first", values)]


def _stood_before(run: Run, share: Array) -> list[Say]:
    """The good that most lines waited for before the first week, and in how many zones."""
    rows = run.record.rows("markets")
    stood = np.flatnonzero(share >= STOPPED).tolist()
    if not stood:
        return []
    zones: dict[str, list[str]] = {}
    for row in stood:
        zones.setdefault(rows["material"][row], []).append(rows["zone"][row])
    good = max(zones, key=lambda one: len(zones[one]))
    values = {"good": good, "zone": zones[good][0], "n": len(zones[good])}
    one = len(zones[good]) == 1
    return [Say("story.answer.first_before_one" if one else "story.answer.first_before", values)]


def caught(run: Run, hubs: list[str]) -> list[Say]:
    """How many traders were caught, and where most."""
    by_hub = {hub: float(run.total("hubs", "detections", hub=hub).sum()) for hub in hubs}
    total = sum(by_hub.values())
    if not total:
        return [Say("story.answer.caught_none", {"capital": run.scene.coercer})]
    most = max(by_hub, key=lambda hub: by_hub[hub])
    values = {"capital": run.scene.coercer, "n": int(total), "zone": most, "n_b": int(by_hub[most])}
    if total == 1:
        return [Say("story.answer.caught_single", values)]
    one = by_hub[most] == total
    return [Say("story.answer.caught_one" if one else "story.answer.caught", values)]
