"""The laboratory of the pattern tests: a small world, played with many lucks, and its record.

Every pattern is read from 20 runs: 4 populations (who the firms are) with 5 lucks each (what
happens to them). A statement about a run is one number per run; tests look at their median.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.warmup import build_world
from runs.seats import Seats
from runs.turn import play_week
from world.account import Happening
from world.decisions import Order, check_order
from world.draws import Draws
from world.events import Event, check_event
from world.levers import current_rung
from world.scenario import Scenario, load_scenario, resolve
from world.setting import Setting
from world.state import World

Array = NDArray[np.float64]

POPULATIONS = (1, 2, 3, 4)
LUCKS = 5
USERS = 400
TABLES = ("markets", "zones", "hubs", "producers")

Act = tuple[int, str, str, float]  # week, actor, lever, value


@dataclass
class Record:
    """What 20 runs left behind; every reading is (weeks, runs)."""

    setting: Setting
    weeks: int
    tables: dict[str, dict[str, Array]]
    happenings: list[tuple[int, Happening]] = field(default_factory=list)
    orders: list[tuple[int, Order]] = field(default_factory=list)

    @property
    def runs(self) -> int:
        return int(self.tables["zones"]["gdp_loss_share"].shape[1])

    def market(self, column: str, material: str, zone: str) -> Array:
        k = self.setting.material_index[material] * self.setting.Z + self.setting.zone_index[zone]
        return self.tables["markets"][column][:, :, k]

    def rungs(self, zone: str) -> Array:
        """Step of the ladder in force towards a zone."""
        return self.tables["ladder"][zone]

    def fear(self, column: str) -> Array:
        """What firms of the hubs believe (`belief`, `credibility`), mean over hubs."""
        return self.tables["fear"][column]

    @property
    def foreign(self) -> list[str]:
        """Zones other than the coercer's."""
        return [z for z in self.setting.zone_index if z != self.setting.scenario.coercer]

    def exports(self, material: str) -> Array:
        """Tonnes that leave the coercer legally for users abroad and for traders in hubs."""
        m, z = self.setting.material_index[material], self.setting.Z
        k = [m * z + i for i in range(z) if i != self.setting.coercer]
        return self.tables["flows"]["china"][:, :, k].sum(axis=-1)

    def exports_to(self, material: str, zone: str) -> Array:
        k = self.setting.material_index[material] * self.setting.Z + self.setting.zone_index[zone]
        return self.tables["flows"]["china"][:, :, k]

    def zone(self, column: str, zone: str) -> Array:
        return self.tables["zones"][column][:, :, self.setting.zone_index[zone]]

    def hubs(self, column: str, material: str) -> Array:
        """(weeks, runs, hubs without the coercer) of a material."""
        m, count = self.setting.material_index[material], self.setting.M
        rows = [h * count + m for h in range(self.setting.H - 1)]
        return self.tables["hubs"][column][:, :, rows]

    def diverted(self, material: str) -> Array:
        """Tonnes of the coercer's origin that leave the hubs for the target."""
        rows = self.setting.flow_map.blocks["grey"]
        chosen = self.setting.flow_map.material[rows] == self.setting.material_index[material]
        return self.tables["flows"]["grey"][:, :, chosen].sum(axis=-1)

    def legal(self, material: str, seller: str, buyer: str) -> Array:
        """Tonnes that plants of a zone outside the coercer send to another zone."""
        setting, flows = self.setting, self.setting.flow_map
        rows = flows.blocks["other"]
        chosen = flows.material[rows] == setting.material_index[material]
        chosen &= flows.origin[rows] == setting.zone_index[seller]
        chosen &= flows.to[rows] == setting.zone_index[buyer]
        return self.tables["flows"]["other"][:, :, chosen].sum(axis=-1)

    def plants(self, column: str, rows: Sequence[int]) -> Array:
        return self.tables["producers"][column][:, :, list(rows)]

    def plant_rows(
        self, material: str | None = None, abroad: bool | None = None, new: bool | None = None
    ) -> list[int]:
        """Places of plants of a material, outside the coercer or in it, new or of the base year."""
        chosen = []
        for k, plant in enumerate(self.setting.base.plants):
            outside = plant.zone != self.setting.scenario.coercer
            fresh = plant.base_output_t <= 0
            if material not in (None, plant.material) or abroad not in (None, outside):
                continue
            if new in (None, fresh):
                chosen.append(k)
        return chosen


def small(name: str = "no-controls", **changes: Any) -> Scenario:
    """A shipped scenario with other top-level keys, such as fewer materials, and open projects."""
    sets = changes.pop("set", {})
    raw = {**load_scenario(name).source, "frozen_projects": False, **changes}
    raw["chart"] = {"material": raw["materials"][0], "zone": raw["target"]}
    return resolve(raw, sets)


def typical(values: Array) -> Any:
    """Median over runs, the last axis."""
    return np.median(values, axis=-1)


@dataclass(frozen=True)
class Lab:
    """What tests get: `play`, `small` and `typical`, so that no test imports another file."""

    play = staticmethod(lambda *a, **k: play(*a, **k))
    small = staticmethod(lambda *a, **k: small(*a, **k))
    typical = staticmethod(typical)


@pytest.fixture(scope="session")
def lab() -> Lab:
    return Lab()


@lru_cache(maxsize=24)
def _settled(key: str, population: int, users: int) -> World:
    scenario = _SCENARIOS[key].override({"population": population, "users": users})
    return build_world(scenario)


_SCENARIOS: dict[str, Scenario] = {}


def play(
    scenario: Scenario | str,
    weeks: int,
    acts: Iterable[Act] = (),
    events: Iterable[Event] = (),
    seats: Mapping[str, str] | None = None,
    users: int = USERS,
    populations: Sequence[int] = POPULATIONS,
    lucks: int = LUCKS,
    seed: int = 100,
) -> Record:
    """Plays a scenario in every population with so many lucks each.

    `acts` are orders (week, actor, lever, value) beside those of the scenario; `seats` puts other
    players into seats (`scripted` for nobody).
    """
    plan = load_scenario(scenario) if isinstance(scenario, str) else scenario
    _SCENARIOS[plan.digest] = plan
    orders = [Order(*act, by="script") for act in acts]
    events = list(events)
    faults = [str(check_order(order, plan, 0)) for order in orders if check_order(order, plan, 0)]
    faults += [str(check_event(event, plan)) for event in events if check_event(event, plan)]
    assert not faults, faults
    parts, record = [], None
    for group, population in enumerate(populations):
        world = _settled(plan.digest, population, users).spread(lucks)
        draws = Draws(seed + group * lucks, lucks)
        record = _run(world, draws, weeks, orders, events, seats)
        parts.append(record)
    assert record is not None
    tables = {
        name: {
            column: np.concatenate([part.tables[name][column] for part in parts], axis=1)
            for column in record.tables[name]
        }
        for name in record.tables
    }
    told = [line for part in parts for line in part.happenings]
    given = [line for part in parts for line in part.orders]
    return Record(record.setting, weeks, tables, told, given)


def _run(
    world: World, draws: Draws, weeks: int, orders: Sequence[Order], events: Sequence[Event],
    seats: Mapping[str, str] | None,
) -> Record:  # fmt: skip
    seating = Seats(world.setting.scenario, seats)
    for order in orders:
        seating.submit(order, 0)
    kept: dict[str, dict[str, list[Array]]] = {}
    told: list[tuple[int, Happening]] = []
    done: list[tuple[int, Order]] = []
    blocks = world.setting.flow_map.blocks
    china, grey, other = blocks["china"], blocks["grey"], blocks["other"]
    for week in range(weeks):
        turn = play_week(world, draws, seating, [e for e in events if e.week == week])
        done += [(week, given.order) for given in turn.given if not given.reason]
        account = turn.account
        step = current_rung(world.regime, world.setting.scenario, world.setting.scenario.target)
        kept.setdefault("ladder", {}).setdefault(world.setting.scenario.target, []).append(step)
        hubs = kept.setdefault("fear", {})
        for name in ("belief", "credibility"):
            hubs.setdefault(name, []).append(getattr(world.hubs, name)[:, :-1].mean(axis=-1))
        told += [(week, line) for line in account.happenings]
        for name in TABLES:
            for column, values in getattr(account, name).items():
                kept.setdefault(name, {}).setdefault(column, []).append(values)
        sent = account.flows["recorded_t"][:, china]
        kept.setdefault("flows", {}).setdefault("china", []).append(sent)
        smuggled = account.flows["shipped_china_origin_t"][:, grey]
        kept["flows"].setdefault("grey", []).append(smuggled)
        kept["flows"].setdefault("other", []).append(account.flows["shipped_t"][:, other])
    tables = {
        name: {column: np.stack(values) for column, values in columns.items()}
        for name, columns in kept.items()
    }
    return Record(world.setting, weeks, tables, told, done)
