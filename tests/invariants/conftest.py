"""Small settled worlds, and a way to play them that keeps what the phases hand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pytest

from agents.decide import decide
from agents.warmup import build_world
from world.account import Account
from world.decisions import Order, check_order
from world.draws import Draws
from world.phases.calendar import enact
from world.phases.scratch import Week
from world.scenario import Scenario, load_scenario, resolve
from world.state import World
from world.week import PHASES

STAGES = ("dy_oxide", "tb_oxide", "ndpr_oxide", "ndfeb_magnet", "gallium")  # ores to magnets
RAW = ("gallium", "germanium", "antimony")  # nothing is made of anything


@lru_cache(maxsize=16)
def _settled(key: str, users: int, weeks: int) -> World:
    return build_world(_PLANS[key], users, 1, weeks)


_PLANS: dict[str, Scenario] = {}


class Bench:
    """Builds worlds and plays them by hand."""

    stages, raw = STAGES, RAW

    def plan(self, materials: Iterable[str] = STAGES, **changes: Any) -> Scenario:
        """`no-controls` with few materials, open projects and other top-level keys."""
        sets = changes.pop("set", {})
        raw = {**load_scenario("no-controls").source, "frozen_projects": False}
        raw |= {"materials": list(materials), **changes}
        raw["chart"] = {"material": raw["materials"][0], "zone": raw["target"]}
        return resolve(raw, sets)

    def world(
        self, plan: Scenario | None = None, replicates: int = 1, users: int = 250, weeks: int = 26
    ) -> World:
        """A fresh copy of a settled world."""
        plan = plan or self.plan()
        _PLANS[plan.digest] = plan
        return _settled(plan.digest, users, weeks).spread(replicates)

    def weeks(
        self, world: World, draws: Draws, count: int, orders: Iterable[Order] = ()
    ) -> Iterator[Week]:
        """Plays weeks and hands out the scratch of each, with its account; orders by week."""
        orders = list(orders)
        for _ in range(count):
            for order in orders:
                if order.week == world.week:
                    assert check_order(order, world.setting, world.week) is None
                    enact(world, order)
            week = Week(world, decide(world, draws), draws, Account(world.week))
            for phase in PHASES:
                phase.run(week)
            world.week += 1
            yield week


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()
