"""Between the columns of a world and the objects of the reference: start and comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.reference.places import GREY

if TYPE_CHECKING:
    from tests.reference.model import Reference
    from world.state import World

SCALARS = {
    "users": (
        "intensity", "expected_need", "line_rate", "drop_weeks", "contract_weeks", "redirected",
        "listed_weeks",
    ),
    "traders": ("blacklist_weeks", "diverted_usd", "outside_share", "capacity"),
    "plants": (
        "utilisation", "normal", "capacity", "cost", "cumulative", "low_weeks", "mothball_weeks",
        "wait_weeks", "stop_weeks", "blacklist_weeks", "expected_price", "output",
        "trial", "proof", "belief",
    ),
    "markets": (
        "price", "price_year", "price_half_year", "hoarding", "announced", "deadline_weeks", "fear",
        "fill", "halted", "licences", "refused",
        "clearance", "true_share", "recycling", "collected", "equity", "equity_paid", "fund_rights",
        "leaked", "outside_origin", "grey_open",
        "china_need", "shipped_year", "held", "smuggled",
    ),
    "hubs": ("belief", "credibility", "announced_weeks", "collective_weeks"),
    "lanes": ("seen_exports", "normal_exports"),
    "zones": (
        "reputation", "case_weeks", "case_stage", "case_dropped", "invoked", "payment_ties",
        "scope_gap",
        "alliance_approval",
    ),
}  # fmt: skip
LISTS = {  # columns with something between luck and row
    "users": ("stock",),
    "traders": ("stock", "diverted"),
    "plants": ("stock", "evaded"),
    "markets": ("channel_fill", "applications", "in_use"),
}
GRIDS = {"users": ("pipe",), "traders": ("pipe",), "markets": ("on_way",)}


def rows_of(model: Reference, table: str) -> list[Any]:
    return list(getattr(model, table))


def take_over(model: Reference, world: World) -> None:
    """Copies luck 0 of the columns into the objects."""
    for table, names in SCALARS.items():
        for name in names:
            values = getattr(getattr(world, table), name)[0]
            for row, thing in enumerate(rows_of(model, table)):
                setattr(thing, name, float(values[row]))
    for source in (LISTS, GRIDS):
        for table, names in source.items():
            for name in names:
                values = getattr(getattr(world, table), name)[0]
                for row, thing in enumerate(rows_of(model, table)):
                    setattr(thing, name, values[..., row].tolist())
    for row, plant in enumerate(model.plants):
        plant.status = int(world.plants.status[0, row])
        plant.terms = int(world.plants.terms[0, row])
    for trader in model.traders:
        trader.acts = bool(world.traders.active[0, trader.row] > 0.0)
        trader.serves = bool(world.traders.serves[0, trader.row] > 0.0)
    for m, material in enumerate(model.materials):
        material.pool = float(world.pools.stock[0, m])
        material.usual_exports = float(world.pools.usual_exports[0, m])
        material.paper_price = float(world.pools.paper_price[0, m])
    for user in model.users:
        user.share = world.users.share[0, :, user.row].tolist()
    for place, row in enumerate(world.setting.grey_users):
        model.users[row].share += world.grey.share[0, :, place].tolist()


def columns(model: Reference) -> Iterator[tuple[str, Any]]:
    """(table.column, values laid out as in the world, without the axis of lucks)."""
    for source in (SCALARS, LISTS, GRIDS):
        for table, names in source.items():
            for name in names:
                values = np.array([getattr(thing, name) for thing in rows_of(model, table)])
                yield f"{table}.{name}", np.moveaxis(values, 0, -1)
    yield "users.share", np.array([user.share[:GREY] for user in model.users]).T
    grey = [user.share[GREY:] for user in model.users if user.market.zone.target]
    yield "grey.share", np.array(grey).T
    yield "traders.active", np.array([float(trader.acts) for trader in model.traders])
    yield "traders.serves", np.array([float(trader.serves) for trader in model.traders])
    yield "plants.status", np.array([float(plant.status) for plant in model.plants])
    yield "plants.terms", np.array([float(plant.terms) for plant in model.plants])
    yield "pools.stock", np.array([material.pool for material in model.materials])
    yield "pools.usual_exports", np.array([material.usual_exports for material in model.materials])
    yield "pools.paper_price", np.array([material.paper_price for material in model.materials])


def deviations(model: Reference, world: World) -> dict[str, float]:
    """The largest deviation of every column, relative to the value or a millionth of the largest.

    Columns that are equal have 0; a deviation of 1 means that a value is off by its own size.
    """
    found = {}
    for name, mine in columns(model):
        table, _, column = name.partition(".")
        theirs = getattr(getattr(world, table), column)[0]
        if mine.size == 0:
            continue
        size = np.abs(theirs)
        floor = max(1e-6 * float(size.max()), 1e-6)
        found[name] = float((np.abs(mine - theirs) / np.maximum(size, floor)).max())
    return found
