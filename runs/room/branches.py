"""What if: the game of a room from some week on, with other orders or with levers held.

Both branches are played from the same start with the same luck, one as it was and one changed. The
game itself is not touched.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from runs.headline import gauges
from runs.otherwise import Branch, Changes
from runs.room.forks import lost_usd
from runs.room.reports import number
from runs.room.state import QUARTER
from runs.room.table import Table
from world.decisions import Order, check_order
from world.levers import name_fault, value_fault
from world.sums import add_up

MARKET = ("price", "cover_weeks", "stopped_line_share", "china_share_true", "from_grey_t")
ZONE = ("gdp_loss_share", "output_loss", "gdp_loss_usd", "budget_usd", "score")


class BranchError(ValueError):
    """A branch that cannot be played; the text is one sentence."""


def branch(table: Table, asked: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` and ``branch`` by measure and week, of all seats the gauges at the end and the
    money lost since ``week`` (of firms profit with its sign turned), and by zone what was lost
    (USD) and which share of firms refuses the target's customers at the end; ``why`` where
    nothing at all is different."""
    game, plan = table.game, table.plan
    week = int(asked["week"])
    if not 0 <= week < max(1, game.week):
        raise BranchError(f"week {week} has not been played: the game stands at {game.week}.")
    until = game.week
    if asked.get("weeks"):
        until = min(game.horizon, week + int(asked["weeks"]))
    if until <= week:
        raise BranchError("Nothing has been played yet, so there is nothing to compare.")
    changes = Changes(
        _held(table, asked["set"]), _orders(table, asked["orders"], week, until)
    )
    base = _play(table, week, until, Changes())
    changed = _play(table, week, until, changes)
    return {
        "from_week": week, "weeks": list(range(week, until)), "zone": plan.options["zone"],
        "material": plan.options["material"], "target": plan.target,
        "base": base["series"], "branch": changed["series"],
        "base_gauges": base["gauges"], "branch_gauges": changed["gauges"],
        "change": {
            seat: {name: round(value - base["gauges"][seat][name], 6)
                   for name, value in changed["gauges"][seat].items()}
            for seat in plan.actors
        },
        "world_loss_usd": {"base": base["lost"], "branch": changed["lost"]},
        "zones": {
            zone: {"base": base["zones"][zone], "branch": changed["zones"][zone]}
            for zone in plan.zones
        },
        "lost_usd": {"base": base["lost_by"], "branch": changed["lost_by"]},
        "why": _why(table, week, asked["set"]) if base == changed else None,
    }  # fmt: skip


def _why(table: Table, week: int, held: Mapping[str, float]) -> dict[str, Any] | None:
    """Why levers that are held change nothing at all, where that is known."""
    from runs.story.branch import why_nothing

    found = [why_nothing(table.game, week, *name.split(".", 1)) for name in held]
    return next((say.row for say in found if say is not None), None)


def _held(table: Table, wanted: Mapping[str, float]) -> dict[tuple[str, str], float]:
    found = {}
    for text, value in wanted.items():
        actor, _, full = text.partition(".")
        fault = name_fault(table.plan, actor, full) or value_fault(actor, full, value, table.plan)
        if fault:
            raise BranchError(fault)
        found[actor, full] = float(value)
    return found


def _orders(table: Table, wanted: list[dict[str, Any]], week: int, until: int) -> list[Order]:
    orders = []
    for one in wanted:
        order = Order(int(one["week"]), one["actor"], one["lever"], float(one["value"]), "script")
        refusal = check_order(order, table.plan, week)
        if refusal is not None:
            raise BranchError(refusal.reason)
        if order.week >= until:
            raise BranchError(f"week {order.week} lies after the branch, which ends at {until}.")
        orders.append(order)
    return orders


def _play(table: Table, week: int, until: int, changes: Changes) -> dict[str, Any]:
    """From the start of the quarter of ``week``: as it was up to there, then with the changes."""
    start = table.starts[min(week // QUARTER, len(table.starts) - 1)]
    other = Branch(start, table.game.luck, table.told, changes, since=week)
    series: dict[str, list[float | None]] = {name: [] for name in (*MARKET, *ZONE)}
    lost, refuse = np.zeros(len(table.plan.zones)), np.zeros(len(table.plan.zones))
    by_week = []
    for account in other.play(until):
        if account.week >= week:
            lost += np.nan_to_num(account.zones["gdp_loss_usd"])[0]
            refuse = np.nan_to_num(account.zones["refused_customers_share"])[0]
            by_week.append(lost_usd(table, account))
            _measure(table, account, series)
    return {
        "series": series, "lost": round(float(add_up(lost, axis=-1))),
        "zones": {
            zone: {"usd": round(float(lost[z])), "refuse": number(refuse[z], 3)}
            for z, zone in enumerate(table.plan.zones)
        },
        "lost_by": {seat: round(math.fsum(one[row] for one in by_week))
                    for row, seat in enumerate(table.plan.actors)},
        "gauges": {seat: _rounded(gauges(other.world, seat)) for seat in table.plan.actors},
    }  # fmt: skip


def _measure(table: Table, account: Any, series: dict[str, list[float | None]]) -> None:
    setting = table.game.setting
    zone = setting.zone_index[table.plan.options["zone"]]
    market = setting.material_index[table.plan.options["material"]] * setting.Z + zone
    target = setting.zone_index[table.plan.target]
    for name in MARKET:
        series[name].append(number(account.markets[name][0, market], 5))
    for name in ZONE:
        series[name].append(number(account.zones[name][0, target], 5))


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items() if math.isfinite(value)}
