"""The network within the week of the world: what reaches its firms and what they lose."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from world.network.build import Network, network_of, stream
from world.network.daily import Days, first_day, play_day, shares
from world.network.figures import sectors, uses
from world.parameters import Parameters
from world.phases.calendar import disruption
from world.phases.scratch import Week
from world.sums import mean_of
from world.units import TINY

Array = NDArray[np.float64]
Index = NDArray[np.int64]

INPUT_CUT = "input_cut"  # an event that only the network feels
WEEK = 7  # days
# A carrier is at most this part of what hangs on a material, so that no single firm decides.
LARGEST_CARRIER = 0.1


@dataclass
class Played:
    """The network of a world: its days by luck, and what was made in the weeks so far."""

    network: Network
    carriers: list[Index]  # by material, firms whose lines need it
    days: list[Days]
    made: list[Array] = field(default_factory=list)  # (R,) by week, share of usual output
    coming: list[Array] = field(default_factory=list)  # (R,) by week, part of the coercer's inputs

    def spread(self, replicates: int) -> Played:
        """The same for so many lucks; from one luck, or a copy if as many."""
        same = replicates == len(self.days)

        def fan(values: Array) -> Array:
            return values.copy() if same else np.repeat(values[:1], replicates)

        days = [day.copy() for day in (self.days if same else self.days[:1] * replicates)]
        return Played(
            self.network, self.carriers, days,
            [fan(values) for values in self.made], [fan(values) for values in self.coming],
        )  # fmt: skip


def start(week: Week) -> Played:
    """The network of the scenario at rest."""
    world = week.world
    plan, setting = world.setting.scenario, world.setting
    network = network_of(plan.network_firms, plan.network_seed, tuple(plan.parameters.items()))
    risk = setting.base.value_at_risk_usd[:, setting.target] / setting.gdp[setting.target]
    carriers = [
        _carriers(network, material.id, float(part), plan.network_seed)
        for material, part in zip(setting.base.materials, risk, strict=True)
    ]
    return Played(network, carriers, [first_day(network) for _ in range(world.replicates)])


def _carriers(network: Network, material: str, risk: float, seed: int) -> Index:
    """Firms, drawn from the sectors that use a material, that carry its value at risk."""
    chosen: list[Index] = []
    for sector, part in uses().get(material, {}).items():
        quota = part * risk
        own = np.flatnonzero(network.sector == sectors().names.index(sector))
        own = own[network.value_added[own] <= LARGEST_CARRIER * quota]
        own = own[stream(seed, f"network carriers {material} {sector}").permutation(len(own))]
        chosen.append(own[np.cumsum(network.value_added[own]) <= quota])
    return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)


def network_loss(week: Week, kept: Array, risk: Array) -> Array:
    """(R,) share of the target's value added that is lost in this week.

    `kept` (R, K) of `risk` (K,) is the value added of users whose lines run: a line that stands
    for want of a material stops its carriers in the network. Of all other inputs comes what the
    ban on listed goods and cuts from outside leave.
    """
    world = week.world
    setting, par = world.setting, world.setting.par
    if world.warming or world.week < 0:
        return np.zeros(world.replicates)
    if world.network is None:
        world.network = start(week)
    played = world.network
    listed = par.network_listed_share * world.law.goods_breadth[:, setting.target]
    cut = np.broadcast_to(disruption(world, INPUT_CUT), (world.replicates, setting.Z))
    coming = (1.0 - listed) * cut[:, setting.target]
    places = np.arange(setting.M) * setting.Z + setting.target
    running = np.clip(kept[:, places] / np.maximum(risk[places], TINY), 0.0, 1.0)
    running = np.where(risk[places] > 0, running, 1.0)
    week_of = np.array([
        _week(played, luck, par, float(coming[luck]), running[luck])
        for luck in range(world.replicates)
    ])  # fmt: skip
    played.made.append(week_of[:, 0])
    played.coming.append(np.array(coming))
    return np.asarray(1.0 - week_of[:, 1])


def _week(played: Played, luck: int, par: Parameters, coming: float, running: Array) -> Array:
    """Output and value added of a luck's week, shares of the usual."""
    network, days = played.network, played.days[luck]
    capacity = None
    if running.min() < 1:
        capacity = np.ones(network.n)
        for firms, part in zip(played.carriers, running, strict=True):
            capacity[firms] = np.minimum(capacity[firms], part)
    if days.resting and coming >= 1 and capacity is None:
        return np.ones(2)
    days.resting = False
    made = [shares(network, play_day(network, days, par, coming, capacity)) for _ in range(WEEK)]
    return mean_of(np.array(made), axis=-2)
