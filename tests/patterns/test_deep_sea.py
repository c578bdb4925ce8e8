"""System S16, mud from the deep sea: late, sometimes never, and believed in before it comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.view import survey
from agents.warmup import build_world
from runs.room.reach import missing
from runs.tables import PRODUCERS
from world.laws.capacity import PLANNED, SCRAPPED, STATUS

WEEKS = 364
MUD = "Minamitorishima mud trial"
TRIAL = [(0, "JPN", "trial_usd_m", 25.0)]
BUILT = [*TRIAL, (0, "JPN", "offtake.dy_ore", 300.0)]


@pytest.fixture(scope="module")
def runs(lab: Any) -> Any:
    """Seven years from January 2025: nobody pays, a trial, a trial and a contract."""
    plan = lab.small(materials=["dy_oxide", "dy_ore"], states_hold=True)
    return [lab.play(plan, WEEKS, acts, users=100, populations=(1,), lucks=9)
            for acts in ([], TRIAL, BUILT)]  # fmt: skip


def test_s16_nobody_pays_where_nothing_can_be_tried(lab: Any) -> None:
    """Projects are frozen: the lever costs nothing, and whoever holds it is told."""
    plan = lab.small(materials=["dy_oxide", "dy_ore"], frozen_projects=True, states_hold=True)
    calm, paid = (
        lab.play(plan, 6, acts, users=60, populations=(1,), lucks=1).zone("budget_usd", "JPN")
        for acts in ([], TRIAL)
    )
    assert (paid == calm).all()
    world = build_world(plan.override({"users": 60}))
    assert "trial_usd_m" in missing(world, "JPN")


def mud(run: Any, column: str) -> Any:
    """(weeks, lucks) of the project."""
    (row,) = [k for k, plant in enumerate(run.setting.base.plants) if plant.name == MUD]
    return run.plants(column, [row])[..., 0]


def test_s16_a_plan_is_told_as_a_plan(runs: Any) -> None:
    """Nobody pays for the trial: it stays planned, and says how long it would take to build."""
    calm = runs[0]
    assert (mud(calm, "status") == PLANNED).all()
    assert STATUS[PLANNED] == "planned"
    assert "planned" in PRODUCERS.values["status"]
    assert (mud(calm, "years_to_start") >= 1.0).all()
    assert (mud(calm, "belief") == 0).all()


def test_s16_it_arrives_late_and_sometimes_never(runs: Any, lab: Any) -> None:
    """Of nine lucks some prove it, not before 2028, some give it up; a proven one gives ore from
    2029 on if somebody contracts it."""
    _, tried, built = runs
    output = mud(built, "output_t")
    comes = output[-1] > 0
    first = np.array([2025.0 + np.argmax(output[:, luck] > 0) / 52.2 for luck in range(9)])
    print(f"{comes.sum()} of 9 lucks give ore, from {np.median(first[comes]):.1f} on; "
          f"{52 * np.median(output[-1][comes]):.0f} t a year")  # fmt: skip
    assert 0 < comes.sum() < 9
    assert first[comes].min() > 2028.0
    assert 52.0 * output[-1][comes].min() > 30.0
    assert (mud(tried, "status")[-1] == SCRAPPED).any()
    assert (mud(tried, "output_t") == 0).all()  # proven, and no price that carries it


def test_s16_it_is_sold_and_takes_the_place_of_other_ore(runs: Any, lab: Any) -> None:
    tried, built = runs[1:]
    comes = mud(built, "output_t")[-1] > 0
    sold = built.legal("dy_ore", "JPN", "CHN")[-26:].sum(axis=0)
    assert (sold[comes] > 1.0).all()
    assert (built.legal("dy_ore", "JPN", "CHN")[:, ~comes] == 0).all()
    assert (tried.legal("dy_ore", "JPN", "CHN") == 0).all()


def test_s16_it_costs_money_while_there_is_something_to_try(runs: Any) -> None:
    calm, tried, _ = runs
    spent = calm.zone("budget_usd", "JPN")[-1] - tried.zone("budget_usd", "JPN")[-1]
    gone = np.isin(mud(tried, "status")[-1], (SCRAPPED,)) | (mud(tried, "belief")[-1] > 0.99)
    weeks = np.array([np.argmax(mud(tried, "belief")[:, i] > 0.71) for i in range(9)])
    assert (spent > 2e8).all()  # three years of a hundred million until the first campaign ends
    assert gone.any()
    assert weeks.max() > 104


def test_s16_the_coercer_counts_on_less_before_a_tonne_is_made(lab: Any) -> None:
    """Belief alone lowers what it thinks of its grip on Japan, and nobody else's."""
    world = build_world(lab.small(materials=["dy_oxide", "dy_ore"]).override({"users": 100}))
    before = survey(world).leverage[0].copy()
    world.plants.belief[0, world.setting.unproven] = 0.7
    after = survey(world).leverage[0]
    japan = world.setting.zone_index["JPN"]
    print(f"leverage seen over Japan: {after[japan] / before[japan] - 1:.1%}")
    assert after[japan] == pytest.approx(0.93 * before[japan])
    assert np.delete(after, japan) == pytest.approx(np.delete(before, japan))
