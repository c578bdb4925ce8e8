"""A lever that is used in one luck leaves the bytes of the others as they are."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np

from agents.warmup import build_world
from runs.seats import Seats
from runs.turn import play_week
from world.decisions import Order
from world.draws import Draws
from world.phases.calendar import enact
from world.scenario import load_scenario
from world.state import snapshot

WEEKS, NO = 34, np.nan
STATES = {  # week and value in each of two lucks; NaN is not ordered
    "customer_cover": (2, 1.0, NO), "partner_terms": (3, NO, 1.0), "stock_sharing": (3, NO, 1.0),
    "vault_restraint": (5, 1.0, NO), "tariff_on_coercer": (5, NO, 1.0),
}  # fmt: skip
ACTS = [
    (4, "KOR", "minerals_fund_usd_m", 12000.0, NO), (20, "KOR", "minerals_fund_usd_m", 0.0, NO),
    (2, "KOR", "stance", NO, -1.0), (2, "KOR", "concession", NO, 2.0),
    (2, "KOR", "hub_policing", NO, 1.0), (8, "CHN", "rung.JPN", 6.0, NO),
    (8, "CHN", "third_country_clause", 1.0, 1.0), (8, "CHN", "enforcement", 20.0, 20.0),
    (12, "CHN", "scope_notice.JPN", 1.0, NO), (10, "CHN", "payment_measures", NO, 1.0),
]  # fmt: skip


def test_what_is_ordered_in_one_luck_moves_no_other() -> None:
    """Two lucks with different levers up are the two runs alone, in every table and every week."""
    plan = load_scenario("japan-2026", {"users": 120, "allowance": "true"})
    start = build_world(plan)
    third = [zone for zone in plan.zones if zone not in (plan.coercer, plan.target)]
    acts = ACTS + [(week, z, name, a, b) for name, (week, a, b) in STATES.items() for z in third]

    def marks(lucks: list[int]) -> tuple[list[dict[str, Any]], Any]:
        world, seats = start.spread(len(lucks)), Seats(plan)
        draws = Draws(7 + lucks[0], len(lucks))
        found: list[dict[str, Any]] = [{} for _ in lucks]
        for week in range(WEEKS):
            for when, actor, lever, *values in acts:
                if when == week:
                    mine = np.array(values)[lucks]
                    enact(world, Order(week, actor, lever, float(np.nan_to_num(mine[0]))), mine)
            book = play_week(world, draws, seats).account
            told = {**snapshot(world), **world.regime, **book.markets, **book.zones, **book.goods}
            for name, rows in told.items():
                for place in range(len(lucks)):
                    mark = found[place].setdefault(name, sha256())
                    mark.update(np.ascontiguousarray(rows[place]).tobytes())
        return [{name: m.hexdigest() for name, m in one.items()} for one in found], world

    both, world = marks([0, 1])
    for luck in (0, 1):
        (alone,), _ = marks([luck])
        assert not [name for name in alone if alone[name] != both[luck][name]]
    used = {
        "listed": (world.users.listed_weeks > 0).any(axis=-1),
        "orders": (world.zones.orders_lost > 0).any(axis=-1),
        "rights": (world.markets.fund_rights > 0).any(axis=-1),
        "gap": (world.zones.scope_gap != 0).any(axis=-1),
    }  # fmt: skip
    assert used["listed"].tolist() == [True, False]
    assert used["orders"][1]
    assert used["rights"].tolist() == used["gap"].tolist() == [True, False]
