"""What a ready answer would do, as a ministry or a board could work it out on paper.

Money is that of the seat's estimate (`runs.estimate`), more than what is in force now. What it does
to the three goals is counted from the seat's own figures with the formulas by which seats are
judged (`runs.outcome`), for one quarter and with everybody else as they are: a direction and a
rough size, which pages show as arrows. What others make of it, nobody can know beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.outcome import GAUGES
from runs.room.briefing.dilemmas import Setting
from runs.room.briefing.sight import COERCER, FIRM, REFINER, Sight
from world.laws.diplomacy import answered, grievance
from world.levers import LADDER, LEVERS, ladder
from world.phases.calendar import echo_table
from world.units import QUARTER

if TYPE_CHECKING:
    from world.parameters import Parameters

Money = Mapping[str, float | None]
Goals = dict[str, float]

PART = QUARTER / 52.0  # of a year
RELIEVED = 0.5  # of the loss of a quarter, if all of the reserve were given out: a judgement
KEPT_ON = 0.3  # of it, where all of the firms' risk is covered: a judgement
MOVED = 0.3  # of what a ceiling or a subsidy moves in the end, within the quarter: a judgement
OPINION = 0.1  # of the coercer's standing at home that an answer to a provocation is worth
HOLD = 0.05  # of the coercer's leverage that a full cut costs in a quarter: a judgement
CAUGHT = 0.005  # of its leverage that a full hunt for leaks costs in a quarter: a judgement
TRADE = 0.05  # of a firm's goals that a quarter on other terms moves: a judgement
TERMS: dict[float, Goals] = {  # of a refiner, against its own judgement
    0.0: {"supply": 0.2, "autonomy": -1.0, "standing": 0.2},
    1.0: {"supply": -1.0, "autonomy": 1.0, "standing": 0.2},
}
POINT = 0.01  # of a gauge, one point of its hundred


def effects(
    sight: Sight, par: Parameters, sets: Sequence[Setting], value: Money, held: Money
) -> dict[str, Any]:
    """``cost_usd`` more a year (None where nothing is paid in money), ``capital`` in points, and
    by goal what it is worth, 0 to 1; ``value`` and ``held`` are yearly costs by lever."""
    paid = {
        one.lever: (value[one.lever] or 0.0) - (held[one.lever] or 0.0)
        for one in sets if value[one.lever] is not None
    }  # fmt: skip
    cost = math.fsum(paid.values()) if paid else None
    if sight.role == COERCER:
        goals = _coercer(sight, par, sets, paid)
    elif sight.role in (FIRM, REFINER):
        goals = _firm(sight, par, sets, paid)
    else:
        goals = _state(sight, par, sets, paid)
    return {
        "cost_usd": None if cost is None else float(f"{cost:.3g}"),
        "capital": sum(points(one) for one in sets),
        **{name: round(goals[name], 4) for name in GAUGES},
    }


def points(one: Setting) -> float:
    """Political capital that a setting takes by itself (`world.purse`)."""
    lever = LEVERS[one.lever.partition(".")[0]]
    if not lever.capital:
        return 0.0
    return lever.capital * math.floor(abs(one.value - one.was) / lever.capital_step + 1e-9)


def _changes(sets: Sequence[Setting]) -> dict[str, float]:
    """By lever without its index: how far it moves."""
    return {one.lever.partition(".")[0]: one.value - one.was for one in sets}


# --- states ---------------------------------------------------------------------------------------


def _state(sight: Sight, par: Parameters, sets: Sequence[Setting], paid: Money) -> Goals:
    gdp = sight.of_place("gdp_usd", sight.zone)
    change, row = _changes(sets), sight.report
    spent = math.fsum(_for_good(sight, one, paid.get(one.lever) or 0.0) for one in sets)
    lost = PART * gdp * float(row.get("gdp_loss") or 0.0)
    saved = RELIEVED * change.get("stockpile_release", 0.0)
    if sight.facts()["threat"] > 0:
        saved += KEPT_ON * change.get("customer_cover", 0.0)
    supply = _supply(sight, par, (spent - saved * lost) / (sight.years * gdp))
    standing = _standing(sight, par, change)
    return {"supply": supply, "autonomy": _autonomy(sight, par, sets), "standing": standing}


def _for_good(sight: Sight, one: Setting, usd: float) -> float:
    """USD of a quarter that are gone for good: what a reserve holds keeps its old price."""
    name, _, good = one.lever.partition(".")
    if name == "stockpile_target_days":
        price = float(sight.report["materials"][good].get("price") or 1.0)
        return max(0.0, 1.0 - 1.0 / price) * usd
    return usd * (PART if LEVERS[name].money != "once" else 1.0)


def _supply(sight: Sight, par: Parameters, cost: float) -> float:
    """Change of the gauge by a cost so far, a share of GDP a year."""
    half, now = par.score_half_cost, max(1e-6, float(sight.own["gauges"]["supply"]))
    before = half * (1.0 / now - 1.0)
    return half / (half + max(0.0, before + cost)) - now


def _autonomy(sight: Sight, par: Parameters, sets: Sequence[Setting]) -> float:
    rows = sight.goods()
    worth = {
        good: float(row["need_t"] * (row.get("usd_per_kg") or 0.0)) for good, row in rows.items()
    }
    whole = math.fsum(worth.values()) or 1.0
    gained = 0.0
    for one in sets:
        name, _, good = one.lever.partition(".")
        for each, row in rows.items():
            if good in ("", each):
                gained += worth[each] / whole * _freed(name, one, row, par)
    return gained


def _freed(name: str, one: Setting, row: Mapping[str, Any], par: Parameters) -> float:
    """Share of one good's dependence that is taken away."""
    share = float(row.get("declared_share") or 0.0)
    weeks = float(row.get("stock_days") or 0.0) / 7.0
    left = share * bridge(weeks, par)
    if name == "stockpile_target_days":
        return share * (bridge(weeks, par) - bridge(max(weeks, one.value / 7.0), par))
    if name in ("offtake", "equity_offtake"):
        part = min(1.0, (one.value - one.was) / max(52.0 * float(row["need_t"]), 1e-9))
        return left * par.score_secured * part
    if name == "stockpile_release":
        given = weeks * (1.0 - (one.value - one.was) * MOVED)
        return share * (bridge(weeks, par) - bridge(max(0.0, given), par))
    if name == "dependence_ceiling":
        return MOVED * max(0.0, share - one.value) * bridge(weeks, par)
    if name == "diversification_credit":
        return MOVED * (one.value - one.was) * left
    return 0.0


def bridge(weeks: float, par: Parameters) -> float:
    """Part of a dependence that is left behind so many weeks of stock, as in `runs.outcome`."""
    return 1.0 - par.score_bridged * (1.0 - math.exp(-weeks / par.score_stock_weeks))


def _standing(sight: Sight, par: Parameters, change: Mapping[str, float]) -> float:
    facts = sight.facts()
    shifts = echo_table()
    now = [facts["approval"], facts["allies"]]
    then = [
        min(1.0, max(0.0, now[side] + math.fsum(
            shifts[name][side] * moved for name, moved in change.items() if name in shifts
        )))
        for side in (0, 1)
    ]  # fmt: skip
    given = 0.5 * (sight.held("concession") or 0.0)
    less = 0.5 * change.get("concession", 0.0)
    before = math.sqrt(now[0] * now[1]) * (1.0 - par.score_conceded * given)
    return math.sqrt(then[0] * then[1]) * (1.0 - par.score_conceded * (given + less)) - before


# --- the coercer ----------------------------------------------------------------------------------


def _coercer(sight: Sight, par: Parameters, sets: Sequence[Setting], paid: Money) -> Goals:
    """Its answer to what was said, what it teaches others to do without it, and what it costs."""
    gdp, target = sight.of_place("gdp_usd", sight.seat), sight.plan.target
    # what a ban costs is a share of GDP in the table of the ladder
    spent = PART * math.fsum(usd or 0.0 for name, usd in paid.items() if LADDER not in name)
    hurt = _grievance(sight, par)
    found = {"autonomy": 0.0, "standing": 0.0}
    share = 0.0
    for one in sets:
        name, _, zone = one.lever.partition(".")
        if name == LADDER:
            was, now = ladder()[round(one.was)], ladder()[round(one.value)]
            better = _answer(now.signal, par) - _answer(was.signal, par)
            cut = now.settings["ban_breadth"] - was.settings["ban_breadth"]
            found["standing"] += OPINION * (2.0 * hurt - 1.0) * better - HOLD * cut
            found["autonomy"] -= HOLD * cut
            share += PART * (now.cost_coercer_share - was.cost_coercer_share)
        elif name in ("licence_approval", "general_licence"):
            size = sight.of_place("gdp_usd", zone) / max(1.0, sight.of_place("gdp_usd", target))
            found["standing"] += HOLD * min(1.0, size) * (one.value - one.was)
        elif name == "enforcement":  # whoever is caught teaches the target to do without
            found["autonomy"] -= CAUGHT * (one.value - one.was)
        elif name in ("third_country_clause", "threat"):
            found["standing"] -= HOLD * (one.value - one.was)
    supply = _supply(sight, par, (spent / gdp + share) / sight.years)
    return {"supply": supply, **found}


def _grievance(sight: Sight, par: Parameters) -> float:
    return float(grievance(np.asarray(sight.facts()["provocation"]), par.full_grievance))


def _answer(signal: float, par: Parameters) -> float:
    return float(answered(np.asarray(signal), par.answer_signal))


# --- firms ----------------------------------------------------------------------------------------


def _firm(sight: Sight, par: Parameters, sets: Sequence[Setting], paid: Money) -> Goals:
    report, now = sight.report, sight.own["gauges"]
    goals = dict.fromkeys(GAUGES, 0.0)
    usual = abs(float(report.get("profit_usd") or 0.0)) or 1.0
    spent = PART * math.fsum(one or 0.0 for one in paid.values())
    goals["supply"] -= 0.25 * spent / (QUARTER * usual + abs(spent))
    weeks = float(report.get("stock_weeks") or 0.0)
    for one in sets:
        change = one.value - one.was
        if one.lever == "cover_factor":
            then = weeks * one.value / max(one.was, 0.1)
            part = 1.0 - bridge(then, par) / bridge(weeks, par)
            goals["autonomy"] += (1.0 - now["autonomy"]) * part
        elif one.lever in ("coercer_share_cap", "coercer_feed_cap"):
            goals["autonomy"] -= MOVED * (1.0 - now["autonomy"]) * change
        elif one.lever == "supply_contract":
            own = min(1.0, one.value) - min(1.0, one.was)  # what is more goes to its country
            goals["autonomy"] += MOVED * (1.0 - now["autonomy"]) * own
        elif one.lever == "grey_appetite":
            goals["standing"] -= TRADE * min(2.0, change)
            goals["supply"] += TRADE * 0.2 * min(1.0, change)
        elif one.lever in ("run_rate", "expansion"):
            goals["supply"] += TRADE * change
        elif one.lever == "target_customers":
            goals["standing"] += par.customers_standing * change
        elif one.lever == "heed_threat":
            goals["supply"] -= TRADE * change
            goals["standing"] += TRADE * change
        elif one.lever == "licence_terms":
            for name in GAUGES:
                then, was = (TERMS.get(terms, {}).get(name, 0.0) for terms in (one.value, one.was))
                goals[name] += TRADE * (then - was)
    return goals
