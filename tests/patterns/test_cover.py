"""System S05, the lever against fear: a state covers firms that keep serving the target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from world.levers import LEVERS
from world.scenario import load_scenario

OXIDES = ["dy_oxide", "ndpr_oxide", "ndfeb_magnet"]
FEARED = [
    (4, "CHN", "ban_breadth.JPN", 1.0), (4, "CHN", "third_country_clause", 1.0),
    (4, "CHN", "enforcement", 8.0), (4, "CHN", "threat", 1.0),
]  # fmt: skip
COVERS = ("KOR", "EUU", "USA")
LEVELS = (0.0, 0.5, 1.0)
YEAR = slice(6, 52)


@pytest.fixture(scope="module")
def runs(lab: Any) -> dict[float, Any]:
    """A feared ban under which three third countries cover nothing, half and all of the loss."""
    plan = lab.small(materials=OXIDES, states_hold=True)
    return {
        level: lab.play(
            plan, 52, [*FEARED, *((4, z, "customer_cover", level) for z in COVERS)],
            users=300, populations=(1, 2), lucks=2,
        )
        for level in LEVELS
    }  # fmt: skip


def falls(values: dict[float, float]) -> bool:
    none, half, full = (values[level] for level in LEVELS)
    return none > half > full


def test_s05_the_more_a_state_covers_the_fewer_of_its_firms_refuse(runs: Any, lab: Any) -> None:
    """Its firms refuse fewer customers, Japan misses less and loses less; others refuse as ever."""
    for zone in COVERS:
        share = {n: float(np.mean(r.zone("refused_customers_share", zone)[YEAR]))
                 for n, r in runs.items()}  # fmt: skip
        assert falls(share), (zone, share)
        assert share[1.0] < 0.8 * share[0.0], (zone, share)
    refused = {n: float(r.tables["zones"]["refused_usd"][YEAR].sum(axis=(0, 2)).mean())
               for n, r in runs.items()}  # fmt: skip
    lost = {n: float(r.zone("gdp_loss_usd", "JPN")[YEAR].sum(axis=0).mean())
            for n, r in runs.items()}  # fmt: skip
    assert falls(refused), refused
    assert refused[1.0] < 0.8 * refused[0.0], refused
    assert falls(lost), lost
    row = [r.zone("refused_customers_share", "ROW")[YEAR].mean() for r in runs.values()]
    assert 0 < max(row) < 1.1 * min(row), row


def test_s05_cover_is_paid_for(runs: Any, lab: Any) -> None:
    """The scheme costs money at once, and more as firms are listed; the coercer thinks worse of
    who covers, and better of nobody."""
    for zone in COVERS:
        paid = {n: float(r.zone("subsidy_usd", zone).sum(axis=0).mean()) for n, r in runs.items()}
        assert paid[0.0] < paid[0.5] < paid[1.0], (zone, paid)
        seen = {n: float(lab.typical(r.zone("coercer_approval", zone)[-1]))
                for n, r in runs.items()}  # fmt: skip
        assert falls(seen), (zone, seen)
    idle = [r.zone("coercer_approval", "AUS")[-1].mean() for r in runs.values()]
    assert min(idle) == max(idle)


def test_s05_who_serves_on_may_be_listed_and_loses_supply(lab: Any) -> None:
    """A campaign lists some of the covered firms; their state pays, and they buy elsewhere."""
    from agents.warmup import build_world
    from runs.seats import Seats
    from runs.turn import play_week
    from world.decisions import Order
    from world.draws import Draws

    plan = lab.small(
        materials=OXIDES, states_hold=True, users=300, set={"parameters.false_positive_share": 0.4}
    )
    world, draws, seats = build_world(plan), Draws(2, 1), Seats(plan)
    for week, actor, lever, value in (*FEARED, (4, "EUU", "customer_cover", 1.0)):
        seats.submit(Order(week, actor, lever, value, "script"), 0)
    zone = world.setting.users.zone
    for week in range(40):
        listed = world.users.listed_weeks[0] > 0
        paid = play_week(world, draws, seats).account.zones["subsidy_usd"][0]
        new = (world.users.listed_weeks[0] > 0) & ~listed
        assert not new.any() or paid[world.setting.zone_index["EUU"]] > 0
        if week > 12:  # what was on its way has come
            assert (world.users.share[0, 0, listed] < 1e-12).all()
    listed = world.users.listed_weeks[0] > 0
    assert listed.any()
    assert set(zone[listed]) == {world.setting.zone_index["EUU"]}


def test_s05_china_slows_the_licences_of_who_covers() -> None:
    """By its shipped rules, while Japan is banned, as for a stance of the same size."""
    from agents.players import policy_by_name
    from agents.view import state_view
    from agents.warmup import build_world
    from world.draws import Draws
    from world.levers import set_lever

    plan = load_scenario("japan-2026", {"users": 100})
    slowed = {}
    for cover in (0.0, 0.3, 0.8):
        world = build_world(plan)
        set_lever(world.regime, plan, "CHN", "rung.JPN", 6)
        set_lever(world.regime, plan, "KOR", "customer_cover", cover)
        wishes = policy_by_name("china_calibrated").decide(state_view(world, "CHN"), Draws(1, 1))
        found = [w for w in wishes if w.lever == "licence_approval.KOR" and float(w.value[0]) < 1]
        slowed[cover] = len(found)
    assert slowed == {0.0: 0, 0.3: 0, 0.8: 1}


def test_s05_nobody_covers_by_itself() -> None:
    """The lever stands at 0 and no scenario uses it: nothing changes in what is shipped."""
    for name in ("japan-2026", "gallium-2023", "hub-2022", "no-controls"):
        assert "customer_cover" not in str(load_scenario(name).source)
    assert LEVERS["customer_cover"].default == 0.0
    assert LEVERS["customer_cover"].actors == "state"
