"""What an order of a firm's seat would cost it in a year, at today's prices and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    if lever == "run_rate":
        return max(0.0, held - value) * max(0.0, see.sales_margin)
    return None
