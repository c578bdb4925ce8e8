"""The claims about the balance of play, small: a few seats, short games, few users.

All of it is `python -m runs.room.trial.balance`.
"""

from __future__ import annotations

import numpy as np
import pytest

from agents.warmup import build_world
from runs.outcome import GAUGES
from runs.room.roster import roster
from runs.room.trial.balance import (
    Course,
    bound_turns,
    course,
    lever_of,
    moving,
    pinned,
    shares,
    thought,
)
from world.levers import kind_of, levers_of
from world.scenario import load_scenario

PLAN = load_scenario("japan-2026", {"users": 100})
TURNS = 4
SEATS = ("CHN", "JPN", "KOR", "AUS", "VNM", "KOR_BATTERY")


@pytest.fixture(scope="module")
def run() -> Course:
    return course(PLAN, TURNS, 1, SEATS)


def test_thought_pays_in_every_seat_that_is_tried(run: Course) -> None:
    lines = thought(run)
    assert [line.seat for line in lines] == list(SEATS)
    assert [line.seat for line in lines if not line.good] == []


TRIED = {  # a few levers of each kind of seat, which between them reach all gauges
    "coercer": ("general_licence", "material_approval", "rung"),
    "state": ("stance", "stockpile_target_days", "research_usd_m"),
    "firm": ("coercer_share_cap", "cover_factor", "target_customers", "grey_appetite"),
    "refiner": ("coercer_feed_cap", "run_rate", "heed_threat", "grey_appetite", "target_sales"),
}  # fmt: skip


@pytest.mark.parametrize("seat", [row.seat for row in roster(PLAN) if row.usual])
def test_every_seat_has_a_lever_on_each_of_its_gauges(run: Course, seat: str) -> None:
    """Each gauge of the seat moves from an end of the range of some lever of its own."""
    pins, gauges = pinned(run._replace(turns=3), seat, TRIED[kind_of(PLAN, seat)])
    assert len(pins) > 3
    own = gauges[PLAN.actors.index(seat)]
    reach = np.abs(own - own[:, :1]).max(axis=-1)
    assert [name for name, far in zip(GAUGES, reach, strict=True) if far < 1e-3] == []


def test_the_coercers_levers_move_somebody(run: Course) -> None:
    moved, left = moving(run._replace(turns=2), "CHN")
    assert moved | left == {lever_of(name) for name in levers_of(PLAN, "CHN")}
    assert len(moved) > len(left)


def test_an_allowance_binds_rich_and_poor(run: Course) -> None:
    plan = PLAN.override({"allowance": "true"})
    tied = run._replace(plan=plan, base=build_world(plan))
    assert min(bound_turns(tied, seat) for seat in ("AUS", "KOR", "CHN")) >= 0.5
    assert bound_turns(run, "KOR") == 0.0  # without one nothing is cut


def test_a_score_hangs_on_what_its_seat_chooses(run: Course) -> None:
    part, seats = shares(run._replace(games=4, seats=("JPN", "KOR", "AUS"), turns=3))
    assert seats == ["JPN", "KOR", "AUS"]
    assert (np.diag(part) > 0.1).all()


def test_what_a_maker_of_cells_contracts_moves_the_score_of_its_country(run: Course) -> None:
    """By points, and more the more it signs; a lever of its own that reaches somebody else."""
    pins, gauges = pinned(run, "KOR_BATTERY", ("supply_contract",))
    assert list(pins) == ["nothing", "supply_contract lowest", "supply_contract highest"]
    none, lowest, highest = run.scored("KOR", gauges)
    assert none == lowest
    assert highest > none + 5.0
