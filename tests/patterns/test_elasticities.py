"""What users and traders answer to prices: tariffs, grey goods, margins. Monotone, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.traders import diversify
from agents.users import channel_appeal, undercut
from agents.warmup import build_world
from runs import Game
from world.scenario import Scenario, load_scenario, resolve
from world.state import World

GOODS = ("gallium", "graphite")
TARIFFS = (0.0, 0.25, 0.5, 1.0)
BAN = [{"week": 4, "actor": "CHN", "lever": "ban_breadth.JPN", "value": 1.0},
       {"week": 4, "actor": "CHN", "lever": "third_country_clause", "value": 1.0}]  # fmt: skip


def plan(**changes: Any) -> Scenario:
    raw = dict(load_scenario("no-controls").source)
    raw |= {"materials": list(GOODS), "frozen_projects": False,
            "chart": {"material": GOODS[0], "zone": "JPN"}, **changes}  # fmt: skip
    return resolve(raw, {"users": 150})


def after(tariff: float) -> World:
    act = {"week": 4, "actor": "JPN", "lever": "tariff_on_coercer", "value": tariff}
    return Game(plan(weeks=104, history=[act]), seed=1).run().world


def ordered(world: World, good: str, zone: str = "JPN") -> float:
    """The coercer's share in the orders of industrial users, by need."""
    users, setting = world.setting.users, world.setting
    market = setting.material_index[good] * setting.Z + setting.zone_index[zone]
    rows = np.flatnonzero(users.market[users.industrial] == market) + users.industrial.start
    return float((world.users.share[0, 0, rows] * users.need[rows]).sum() / users.need[rows].sum())


@pytest.fixture(scope="module")
def taxed() -> dict[float, World]:
    return {tariff: after(tariff) for tariff in TARIFFS}


@pytest.mark.parametrize("good", GOODS)
def test_users_leave_the_coercer_the_more_the_higher_the_tariff(
    taxed: dict[float, World], good: str
) -> None:
    """Two years on, the odds of the coercer's goods fall by .4 to 4 times the tariff in logs, as
    import elasticities of the short run do (Boehm et al. 2023: .76 after one year)."""
    share = np.array([ordered(taxed[tariff], good) for tariff in TARIFFS])
    assert (np.diff(share) < 0).all()
    odds = np.log(share / (1 - share))
    elasticity = -(odds[2] - odds[0]) / np.log(1.5)
    print(good, share, elasticity)
    assert 0.4 < elasticity < 4
    assert ordered(taxed[1.0], good, "KOR") == pytest.approx(ordered(taxed[0.0], good, "KOR"),
                                                             abs=0.01)  # fmt: skip


def test_who_does_not_lead_a_market_is_not_undercut_and_without_a_tariff_nobody_is(
    taxed: dict[float, World],
) -> None:
    free, world = taxed[0.0], taxed[0.5]
    assert (undercut(free, free.law) == 1).all()
    setting, factor = world.setting, undercut(world, world.law)[0]
    japan = setting.zone_index["JPN"]
    assert (factor[[k for k in range(setting.K) if k % setting.Z != japan]] == 1).all()
    led = setting.price_setting[japan :: setting.Z]
    assert factor[japan :: setting.Z] == pytest.approx(1.5 ** (-0.7 * led))


def test_grey_goods_that_cost_more_than_the_price_at_home_draw_less() -> None:
    """Below it the trader keeps the difference and users do not see it (ODD 7.5)."""
    world = build_world(plan(weeks=10)).spread(1)
    setting = world.setting
    hub, target = setting.hub_zones[0], setting.target
    draws = []
    for price in (0.5, 0.8, 1.0, 1.5, 2.5):
        world.markets.price[:, hub] = price
        world.markets.price[:, target] = 1.0
        draws.append(float(channel_appeal(world, world.law)[0][0, setting.grey, target][0]))
    assert draws[0] == draws[1]
    assert draws[1] > draws[2] > draws[3] > draws[4] > 0
    assert draws[3] / draws[4] == pytest.approx((2.5 / 1.5) ** 2)


def test_traders_look_elsewhere_the_more_the_margin_and_distrust_are() -> None:
    """In a week by law; over two years of ban the book is several times that of a calm world."""
    world = build_world(plan(weeks=10)).spread(1)
    margins = [np.full(world.traders.outside_share.shape, x) for x in (0.0, 0.3, 1.0)]
    books = [float(diversify(world, margin).mean()) for margin in margins]
    assert books[0] < books[1] < books[2]
    world.zones.reputation[:] = 0.4
    assert float(diversify(world, margins[1]).mean()) > books[1]
    calm, banned = (Game(plan(weeks=104, history=acts), seed=1).run().world for acts in ([], BAN))
    abroad = np.array(calm.setting.hub_zones)[calm.setting.traders.hub] != calm.setting.coercer
    share = [float(w.traders.outside_share[0, abroad].mean()) for w in (calm, banned)]
    print("outside book", share)
    assert share[1] > 3 * share[0] > 0
