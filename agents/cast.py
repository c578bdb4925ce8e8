"""Mesa agents that are windows on rows: `model.agents` and AgentSet do what a Mesa user expects.

The world keeps its state in columns; an agent here holds the number of its row and reads the
column when asked, in luck 0. Nothing is made until somebody looks at ``model.agents``, so a run
that nobody inspects this way does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from world.laws.capacity import STATUS
from world.sums import add_up

if TYPE_CHECKING:
    from world.columns import Table
    from world.setting import Setting
    from world.state import World

OURS = ("table_name", "lever")
TERMS = ("accepts", "quits", "evades")


class Row(mesa.Agent):
    """One row of a table; any column of the table is an attribute (a number, or an array where
    the column has more than one value a row)."""

    table_name = ""

    def __init__(self, model: Any, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def world(self) -> World:
        return self.model.world  # type: ignore[no-any-return]

    @property
    def setting(self) -> Setting:
        return self.world.setting

    @property
    def table(self) -> Table:
        return getattr(self.world, self.table_name)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        # only asked for what is no attribute; columns may be added without touching this file
        if not name.startswith("_") and self.table_name and "model" in self.__dict__:
            for column in self.table.columns:
                if column.name == name:
                    value = getattr(self.table, name)[0, ..., self.row]
                    return float(value) if np.ndim(value) == 0 else value.copy()
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Keeps notes of one's own on an agent, and raises AttributeError for what is the world's.

        What is written past orders and events would be in no record, and no replay could repeat it.
        """
        if self._is_the_worlds(name):
            raise AttributeError(
                f"{name} of a {type(self).__name__} belongs to the world and cannot be set: orders "
                "(submit) and events (inject) change a run, so that its record can be played again."
            )
        super().__setattr__(name, value)

    def _is_the_worlds(self, name: str) -> bool:
        if name in ("row", "model", "unique_id"):
            # set once, when the agent is made; Mesa 3.5 writes None before it knows the number
            return self.__dict__.get(name) is not None
        ours = getattr(type(self), name, None)
        if isinstance(ours, property):
            return ours.fset is None
        if ours is not None:
            return name in OURS
        known = "row" in self.__dict__ and self.table_name
        return bool(known) and any(column.name == name for column in self.table.columns)

    @property
    def stock_t(self) -> float:
        """Stock of both true origins, t."""
        return float(add_up(self.stock, axis=-1))

    def _zone(self, index: int) -> str:
        return self.setting.base.zones[int(index)].code

    def _material(self, index: int) -> str:
        return self.setting.base.materials[int(index)].id


class State(Row):
    """A state or bloc: its accounts, who plays it, and its levers."""

    table_name = "zones"

    @property
    def name(self) -> str:
        return self._zone(self.row)

    zone = name

    @property
    def played_by(self) -> str:
        return str(self.model.seats[self.name])

    @property
    def is_coercer(self) -> bool:
        return self.row == self.setting.coercer

    def lever(self, full: str) -> float:
        """The value in force of one of its levers, by full name; raises KeyError."""
        return float(self.model.lever(self.name, full))


class Firm(Row):
    """A firm of any kind, in one market; ``seat`` is the id of the seat that may play it."""

    @property
    def seat(self) -> str:
        """The firm's seat in the scenario, empty for most firms."""
        firms = self.setting.firms
        rows, owner = {
            "users": (firms.users, firms.user_firm), "plants": (firms.plants, firms.plant_firm),
        }.get(self.table_name, (firms.users[:0], firms.user_firm[:0]))  # fmt: skip
        found = owner[rows == self.row]
        return firms.firms[int(found[0])].id if len(found) else ""

    @property
    def played_by(self) -> str:
        """Who plays its seat, empty for a firm without one."""
        return str(self.model.seats[self.seat]) if self.seat else ""

    @property
    def zone(self) -> str:
        raise NotImplementedError

    @property
    def material(self) -> str:
        raise NotImplementedError


class IndustrialUser(Firm):
    """A firm that uses a material."""

    table_name = "users"

    @property
    def zone(self) -> str:
        return self._zone(self.setting.users.market[self.row] % self.setting.Z)

    @property
    def material(self) -> str:
        return self._material(self.setting.users.market[self.row] // self.setting.Z)

    @property
    def need_t(self) -> float:
        """Normal need, t/week."""
        return float(self.setting.users.need[self.row])


class Trader(Firm):
    """A trading house in a hub, or in the coercer, that sells to the target."""

    table_name = "traders"

    @property
    def zone(self) -> str:
        return self._zone(self.setting.hub_zones[int(self.setting.traders.hub[self.row])])

    hub = zone

    @property
    def material(self) -> str:
        return self._material(self.setting.traders.material[self.row])

    @property
    def capacity_t(self) -> float:
        """What it can sell, t/week."""
        return float(self.world.traders.capacity[0, self.row])


class Refiner(Firm):
    """A mine, refinery or magnet maker, running or to come."""

    table_name = "plants"

    @property
    def name(self) -> str:
        return self.setting.base.plants[self.row].name

    @property
    def zone(self) -> str:
        return self._zone(self.setting.plants.zone[self.row])

    @property
    def material(self) -> str:
        return self._material(self.setting.plants.material[self.row])

    @property
    def stage(self) -> str:
        return self.setting.base.plants[self.row].stage

    @property
    def status_word(self) -> str:
        return STATUS[int(self.status)]

    @property
    def terms_word(self) -> str:
        """What it chose under the coercer's licence terms."""
        return TERMS[int(self.terms)]


def make_cast(model: Any) -> None:
    """Makes one view a row of every kind of actor and registers it with the model."""
    world: World = model.world
    for kind in (State, Refiner, Trader):
        for row in range(getattr(world, kind.table_name).rows):
            kind(model, row)
    industrial = world.setting.users.industrial  # plants' feed desks and reserves follow them
    for row in range(*industrial.indices(world.users.rows)):
        IndustrialUser(model, row)
    # Mesa 3.3 keeps a counter by model for ever, and with it every model that ever had an agent
    counters: Any = getattr(mesa.Agent, "_ids", {})
    if hasattr(counters, "pop"):
        counters.pop(model, None)
