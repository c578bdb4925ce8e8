"""Where firms with a seat stand in the tables, and what their levers are worth in these rows.

A firm is one row of the users' table; a refiner is its plants and their feed desks, which are rows
of the users' table too. Every lever is neutral at its default, and then nothing here changes a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.firms import FIRM, Firm
from world.laws.flows import Groups
from world.laws.use import redesign, research_rate
from world.scenario import Scenario, ScenarioError
from world.units import QUARTERS_USD_M

if TYPE_CHECKING:
    from world.base_year import BaseYear
    from world.population import Users
    from world.state import World

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class FirmRows:
    """Rows of users (n,) and plants (p,) that belong to the firms, in the order of the firms."""

    firms: tuple[Firm, ...]
    users: Index
    user_firm: Index
    plants: Index
    plant_firm: Index
    base_output: Array  # (p,) t/week of the plants at the start

    def __len__(self) -> int:
        return len(self.firms)

    @cached_property
    def by_user(self) -> Groups:
        """Sums over the rows of users by firm."""
        return Groups(self.user_firm, len(self.firms))

    @cached_property
    def by_plant(self) -> Groups:
        """Sums over plants by firm."""
        return Groups(self.plant_firm, len(self.firms))

    @cached_property
    def index(self) -> dict[str, int]:
        return {firm.id: f for f, firm in enumerate(self.firms)}


def find_rows(scenario: Scenario, base: BaseYear, users: Users) -> FirmRows:
    """The rows of a scenario's firms; raises ScenarioError where the base year has none."""
    desk = np.arange(users.feed.start, users.feed.stop)
    own_users: list[Index] = []
    own_plants: list[Index] = []
    for name, firm in scenario.firms.items():
        if firm.kind == FIRM:
            rows = market_users(users, market_of(firm, scenario))
            if not len(rows):
                raise ScenarioError(
                    f"firms.{name}.material: nobody uses {firm.material} in {firm.zone} at the "
                    "start."
                )
            own_users.append(rows[-1:])  # sizes rise with the row
            own_plants.append(np.zeros(0, dtype=np.int64))
            continue
        mine = [k for k, plant in enumerate(base.plants) if is_of(firm, plant.name, plant.company)]
        mine = [k for k in mine if base.plants[k].zone == firm.zone]
        if not mine:
            raise ScenarioError(f"firms.{name}.plant: {firm.plant} makes nothing at the start.")
        own_plants.append(np.array(mine, dtype=np.int64))
        own_users.append(desk[np.isin(users.feed_plant, mine)])
    users_of, plants_of = _joined(own_users), _joined(own_plants)
    made = np.array([base.plants[k].base_output_t for k in plants_of[0]])
    return FirmRows(tuple(scenario.firms.values()), *users_of, *plants_of, made)


def _joined(parts: list[Index]) -> tuple[Index, Index]:
    """(rows, firm of each row)."""
    nothing = np.zeros(0, dtype=np.int64)
    firm = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return np.concatenate([nothing, *parts]), firm.astype(np.int64)


def is_of(firm: Firm, plant: str, company: str) -> bool:
    """True for the plant of a refiner, or for every plant of the company of that name."""
    return company == firm.plant or plant == firm.plant or plant.startswith(f"{firm.plant}, ")


def market_of(firm: Firm, scenario: Scenario) -> int:
    """Market k = m Z + z in which a firm buys what it uses."""
    place = scenario.materials.index(firm.material) * len(scenario.zones)
    return place + scenario.zones.index(firm.zone)


def market_users(users: Users, market: int) -> Index:
    """Industrial users of a market, the largest last."""
    return np.flatnonzero(users.market[users.industrial] == market)


# --- levers by row --------------------------------------------------------------------------------


def of_users(world: World, lever: str) -> Array:
    """(R, n) a lever in the rows of users that belong to firms."""
    return np.asarray(world.regime[lever][:, world.setting.firms.user_firm, 0])


def of_plants(world: World, lever: str) -> Array:
    """(R, p) a lever in the plants that belong to firms."""
    return np.asarray(world.regime[lever][:, world.setting.firms.plant_firm, 0])


def of_firms(world: World, lever: str) -> Array:
    """(R, F) a lever by firm."""
    return np.asarray(world.regime[lever][:, : len(world.setting.firms), 0])


def cover_weeks(world: World) -> Array:
    """(N,) or (R, N) weeks of need that users mean to hold in calm times."""
    usual = world.setting.users.cover
    factor = of_users(world, "cover_factor")
    if (factor == 1.0).all():
        return usual
    cover = np.repeat(usual[None], world.replicates, axis=0)
    cover[:, world.setting.firms.users] *= factor
    return cover


def lean_weeks(world: World) -> Array | float:
    """(R, N) weeks of cover that firms have decided to do without, 0 where none has.

    A firm that means to hold less is content with it: its lean stock makes nothing scarce or cheap.
    """
    factor = of_users(world, "cover_factor")
    if (factor >= 1.0).all():
        return 0.0
    lean = np.zeros((world.replicates, world.users.rows))
    rows = world.setting.firms.users
    lean[:, rows] = np.maximum(0.0, 1.0 - factor) * world.setting.users.cover[rows]
    return lean


def dropped(world: World, afraid: Flags) -> Array | Flags:
    """(R, industrial) part of its customers in the target that a user does not serve.

    All of them while it is afraid, else what its seat drops deliberately.
    """
    served = of_users(world, "target_customers")
    if (served == 1.0).all():
        return afraid
    part = afraid.astype(float)
    rows, single = world.setting.firms.users, _single(world)
    part[:, rows[single]] = np.maximum(part[:, rows[single]], 1.0 - served[:, single])
    return part


# --- contracts of firms ---------------------------------------------------------------------------


def signed(world: World) -> Array | None:
    """(R, n) t a year that firms contract outside the coercer, by their rows; None where none does.

    A firm contracts by its need at the start, whatever it uses today (ODD 7.18).
    """
    wanted = of_users(world, "supply_contract")
    if not (wanted > 0).any():
        return None
    need = world.setting.users.need[world.setting.firms.users]
    return np.asarray(52.0 * wanted * need * _single(world))


def contracts(world: World) -> Array:
    """(R, Z, M) t a year contracted outside the coercer ahead of other buyers: by states, and by
    firms with a seat for their zone."""
    by_states, by_firms = world.regime["offtake"], signed(world)
    if by_firms is None:
        return by_states
    setting, rows = world.setting, world.setting.firms.users
    market = Groups(setting.users.market[rows], setting.K).sum(by_firms)
    return by_states + market.reshape(-1, setting.M, setting.Z).swapaxes(1, 2)


def _single(world: World) -> Flags:
    """(n,) rows that are a firm of their own, not desks of plants."""
    firms = world.setting.firms
    return np.asarray(firms.users < world.setting.users.industrial.stop)


def forget_fear(world: World) -> None:
    """A firm told to trade on whatever it fears goes back to its customers at once."""
    firms = world.setting.firms
    if (of_firms(world, "heed_threat") == 1.0).all():
        return
    for table, counter, rows, heeds in (
        (world.users, "drop_weeks", firms.users, of_users(world, "heed_threat")),
        (world.plants, "stop_weeks", firms.plants, of_plants(world, "heed_threat")),
    ):
        getattr(table, counter)[:, rows] *= heeds > 0


def prefer_target(world: World, weight: Array) -> None:
    """Refiners with a seat weigh buyers in the target as they are told; `weight` (R, P, Z)."""
    plants = world.setting.firms.plants
    weight[:, plants, world.setting.target] *= of_plants(world, "target_sales")


def learn_to_save(world: World) -> None:
    """Firms that pay for it redesign their products, whatever the price (ODD 7.18)."""
    spending = QUARTERS_USD_M * of_firms(world, "saving_usd_m")  # USD a year
    if not (spending > 0).any():
        return
    par, firms = world.setting.par, world.setting.firms
    effect = research_rate(
        spending, yearly_worth(world) * np.ones_like(spending), par.redesign_half
    )
    rows = world.users.intensity
    rows[:, firms.users] = redesign(
        rows[:, firms.users], par.redesign_rate * effect[:, firms.user_firm], par.intensity_low
    )


def yearly_worth(world: World) -> Array:
    """(F,) USD a year: value added of a firm, sales of a refiner's plants, at the start."""
    setting = world.setting
    firms = setting.firms
    sales = 52.0 * firms.base_output * setting.base_price[setting.plants.material[firms.plants]]
    return firms.by_user.sum(setting.users.value_added[firms.users]) + firms.by_plant.sum(sales)


def blacklisted(world: World) -> Flags:
    """(R, F) firms on the coercer's list, with one of their plants or whole."""
    firms = world.setting.firms
    caught = (world.plants.blacklist_weeks[:, firms.plants] > 0).astype(float)
    return np.asarray((world.firms.blacklist_weeks > 0) | (firms.by_plant.sum(caught) > 0))
