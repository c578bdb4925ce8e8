"""Who and what stands in which row of a world: the fields of its constant part, sums by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from world.base_year import BaseYear
from world.firm_rows import FirmRows
from world.flow_map import FlowMap, map_flows
from world.laws.flows import Groups
from world.parameters import Parameters
from world.plant_traits import PlantTraits
from world.population import Traders, Users
from world.scenario import Scenario

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CHINA, OTHER, RECYCLED = 0, 1, 2  # places of the channels that every market has
MAIN = 3  # grey channels through hubs follow, and only users in the target have shares in them


@dataclass(frozen=True)
class Rows:
    """Fields of a setting, and where its rows belong; see `world.setting`."""

    scenario: Scenario
    par: Parameters
    base: BaseYear
    users: Users
    traders: Traders
    plants: PlantTraits
    hub_zones: tuple[int, ...]
    coercer: int
    target: int
    preference: Array  # (C, K) base weight of each channel
    user_preference: Array  # (C, N) preference x taste, fitted to the base shares
    lead: Index  # (C, K) weeks
    slots: int  # length of the pipelines
    firms: FirmRows  # with a seat

    @property
    def M(self) -> int:
        """Materials."""
        return len(self.base.materials)

    @property
    def Z(self) -> int:
        """Zones."""
        return len(self.base.zones)

    @property
    def K(self) -> int:
        """Markets, k = m Z + z."""
        return self.M * self.Z

    @property
    def H(self) -> int:
        """Hubs, the coercer as the last."""
        return len(self.hub_zones)

    @property
    def C(self) -> int:
        """Channels."""
        return MAIN + self.H

    @property
    def grey(self) -> slice:
        """Places of the grey channels."""
        return slice(MAIN, MAIN + self.H)

    @cached_property
    def zone_index(self) -> dict[str, int]:
        """Places of zones by code."""
        return {zone.code: z for z, zone in enumerate(self.base.zones)}

    @cached_property
    def material_index(self) -> dict[str, int]:
        """Places of materials by id."""
        return {material.id: m for m, material in enumerate(self.base.materials)}

    @cached_property
    def user_markets(self) -> Groups:
        """Sums over users, feed desks and reserves by market."""
        return Groups(self.users.market, self.K)

    @cached_property
    def grey_users(self) -> Index:
        """(G,) users in the target, who may buy grey."""
        return np.flatnonzero(self.users.zone == self.target)

    @cached_property
    def grey_markets(self) -> Groups:
        """Sums over users in the target by market."""
        return Groups(self.users.market[self.grey_users], self.K)

    @cached_property
    def zone_users(self) -> list[Index]:
        """Users of each zone, in their order."""
        return [np.flatnonzero(self.users.zone == z) for z in range(self.Z)]

    @cached_property
    def zone_markets(self) -> list[Groups]:
        """Sums by market over the users of one zone."""
        return [Groups(self.users.market[rows], self.K) for rows in self.zone_users]

    @cached_property
    def plant_pool(self) -> Groups:
        """Sums over plants by material."""
        return Groups(self.plants.material, self.M)

    @cached_property
    def plant_markets(self) -> Groups:
        """Sums over plants by the market they sell in at home."""
        return Groups(self.plants.market, self.K)

    @cached_property
    def plant_zones(self) -> Groups:
        """Sums over plants by zone."""
        return Groups(self.plants.zone, self.Z)

    @cached_property
    def plant_buyers(self) -> Groups:
        """Sums over plants by the zone that has them under contract, their own where none."""
        plants = self.plants
        buyer = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
        return Groups(buyer, self.Z)

    @cached_property
    def plant_offtakes(self) -> Groups:
        """Sums over plants by the market that has bought ahead, at home where none has."""
        plants = self.plants
        zone = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
        return Groups(plants.material * self.Z + zone, self.K)

    @cached_property
    def new_plants(self) -> NDArray[np.bool_]:
        """(P,) plants that were no part of the base year."""
        return np.array([plant.base_output_t <= 0 for plant in self.base.plants])

    @cached_property
    def unproven(self) -> Index:
        """Rows of plants whose technique has to be proven first."""
        return np.flatnonzero([plant.trial is not None for plant in self.base.plants])

    @cached_property
    def offtake_rank(self) -> Index:
        """(P,) plants by material in the order in which states contract them.

        New ones stand first, among them those known to look for a buyer, then the cheapest.
        """
        old = np.array([plant.base_output_t > 0 for plant in self.base.plants])
        cost = np.array([plant.cost for plant in self.base.plants])
        unbound = self.plants.offtake_zone < 0
        return np.lexsort((cost, unbound, old, self.plants.material))

    @cached_property
    def equity_rank(self) -> Index:
        """(P,) plants by material in the order in which states put capital into them."""
        cost = np.array([plant.cost for plant in self.base.plants])
        return np.lexsort((cost, self.plants.offtake_zone < 0, self.plants.material))

    @cached_property
    def lane(self) -> Index:
        """(J,) place h * M + m of each trader."""
        return self.traders.hub * self.M + self.traders.material

    @cached_property
    def lanes(self) -> Groups:
        """Sums over traders by lane h M + m."""
        return Groups(self.lane, self.H * self.M)

    @cached_property
    def lane_market(self) -> Index:
        """(H*M,) the hub's own market of a lane."""
        return np.array(
            [m * self.Z + zone for zone in self.hub_zones for m in range(self.M)], dtype=np.int64
        )

    @cached_property
    def lane_markets(self) -> Groups:
        """Sums over lanes by the hub's own market."""
        return Groups(self.lane_market, self.K)

    @cached_property
    def trader_hub(self) -> Groups:
        """Sums over traders by hub."""
        return Groups(self.traders.hub, self.H)

    @cached_property
    def trader_market(self) -> Index:
        """(J,) market in which a trader buys."""
        zones = np.array(self.hub_zones, dtype=np.int64)
        return np.asarray(self.traders.material * self.Z + zones[self.traders.hub])

    @cached_property
    def trader_source(self) -> Index:
        """(J,) market whose price a trader pays: its hub's, or at home for a plant of a producer
        there."""
        at_home = self.traders.material * self.Z + self.coercer
        return np.where(self.traders.affiliate, at_home, self.trader_market)

    @cached_property
    def trader_markets(self) -> Groups:
        """Sums over traders by the market in which they buy."""
        return Groups(self.trader_market, self.K)

    @cached_property
    def trader_target(self) -> Index:
        """(J,) market in which a trader sells."""
        return np.asarray(self.traders.material * self.Z + self.target)

    @cached_property
    def market_foreign(self) -> Array:
        """(K,) 1 outside the coercer."""
        return np.tile(np.arange(self.Z) != self.coercer, self.M).astype(float)

    @cached_property
    def covered_by_parts(self) -> Index:
        """(K,) market of the finished part made of a material, or the market itself."""
        part = list(range(self.M))
        for plant in self.base.plants:
            for material, _ in plant.inputs:
                if material in self.material_index and plant.stage == "magnet":
                    part[self.material_index[material]] = self.material_index[plant.material]
        return np.array([part[m] * self.Z + z for m in range(self.M) for z in range(self.Z)])

    @cached_property
    def flow_map(self) -> FlowMap:
        """Rows of the table of flows."""
        return map_flows(self.M, self.Z, self.hub_zones, self.coercer, self.target)
