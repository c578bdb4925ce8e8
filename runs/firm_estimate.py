"""What an order of a firm's seat would cost it in a year, at today's prices and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from world.laws.flows import ratio
from world.regime import plant_market_price

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from world.state import World

YEAR = 52.0


class Books:
    """Yearly USD of one firm: what it buys, holds, sells and earns; luck 0."""

    def __init__(self, world: World, firm: str) -> None:
        setting, self.par = world.setting, world.setting.par
        firms = setting.firms
        f = firms.index[firm]
        rows, plants = firms.users[firms.user_firm == f], firms.plants[firms.plant_firm == f]
        market = setting.users.market[rows]
        price = world.markets.price[0, market] * setting.market_price_usd[market]
        need = world.users.expected_need[0, rows]
        self.stock = float((price * need * setting.users.cover[rows]).sum())
        added = setting.users.value_added[rows] * world.users.line_rate[0, rows]
        self.margin = float(self.par.firm_margin * added.sum())
        self.target_share = float(setting.users.target_sales[rows].max(initial=0.0))
        made, cost = world.plants.output[0, plants], world.plants.cost[0, plants]
        usd = setting.base_price[setting.plants.material[plants]]
        home = world.markets.price[0, setting.plants.market[plants]]
        gain = home - cost * self.par.avoidable_cost_share
        self.sales_margin = YEAR * float((made * usd * gain).sum())
        self.capacity = YEAR * float((world.plants.capacity[0, plants] * usd * cost).sum())
        self.contract = YEAR * float((setting.users.need[rows] * _top_up(world, market)).sum())


def _top_up(world: World, market: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,) USD that a contracted tonne costs beyond the market: on the mean of the plants outside
    the coercer at their cost of the first day, in which firms ask for no news of them."""
    setting = world.setting
    cost, capacity = (
        np.array([getattr(plant, name) for plant in setting.base.plants])
        for name in ("cost", "capacity_t")
    )
    due = (1.0 + setting.par.offtake_margin) * cost - plant_market_price(world)[0]
    weight = capacity * ~setting.plants.coercer
    gap = setting.plant_pool.sum(np.maximum(0.0, due) * weight)
    mean = ratio(gap, setting.plant_pool.sum(weight), 0.0) * setting.base_price
    return np.asarray(mean[market // setting.Z])


def firm_cost(world: World, firm: str, lever: str, value: float, held: float) -> float | None:
    """USD a year against how things stand; None where the price is not money."""
    see = Books(world, firm)
    if lever == "cover_factor":
        return (max(0.0, value - held) + see.par.stock_holding_cost * value) * see.stock
    if lever == "saving_usd_m":
        return 4e6 * value
    if lever == "expansion":
        return see.par.expansion_cost * value * see.capacity
    if lever == "target_customers":
        return max(0.0, 1.0 - value) * see.target_share * see.margin
    if lever == "supply_contract":
        return value * see.contract
    if lever == "run_rate":
        return max(0.0, held - value) * max(0.0, see.sales_margin)
    return None
