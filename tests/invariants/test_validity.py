"""What a reader of the numbers must be able to rely on: lines stop for want of material only, what
is refused goes somewhere, a date is the week in which a measure holds, and the number of firms is a
matter of noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runs.room.trial.users import TABLE, differences, medians, of_magnets
from runs.seats import Seats
from runs.stops import first_stop
from runs.turn import play_week
from world.decisions import Order
from world.draws import Draws
from world.events import Event
from world.levers import get_lever
from world.phases.calendar import happen
from world.phases.scratch import need
from world.scenario import load_scenario
from world.state import World

STOPS = {"first_stop", "stop_weeks", "stopped"}
LOUD = [
    Order(0, "CHN", "ban_breadth.JPN", 1.0), Order(0, "CHN", "third_country_clause", 1.0),
    Order(0, "CHN", "threat", 1.0), Order(0, "CHN", "enforcement", 8.0),
]  # fmt: skip


# --- lines stop for want of material ----------------------------------------------------------


def test_a_dear_replacement_stops_no_line_that_has_stock(bench: Any) -> None:
    """At forty times the price nobody buys and everybody goes on with what is there."""
    world = bench.world()
    happen(world, Event(0, "price_shock", data={"factor": 40.0}))
    part = world.setting.users.industrial
    ordered = []
    for week in bench.weeks(world, Draws(1), 4):
        held = world.users.stock.sum(axis=1)[:, part] > 0
        assert (world.users.line_rate[:, part][held] == 1.0).all()
        ordered.append(need(week.asked)[:, part].sum())
    assert ordered[-1] < 0.7 * ordered[0]


def test_who_does_not_buy_at_the_price_stops_when_its_stock_is_gone(bench: Any) -> None:
    """Of two firms alike but for the price that they would pay, the one that buys runs on."""
    world = bench.world()
    users, rate = world.setting.users, world.users.line_rate
    abroad = np.flatnonzero(users.zone[users.industrial] != world.setting.coercer)
    limit = users.log_reservation[abroad]
    cheap, dear = abroad[limit < np.log(8.0)], abroad[limit > np.log(60.0)]
    for _ in bench.weeks(world, Draws(1), 40):
        world.markets.price[:] = np.maximum(world.markets.price, 20.0)
    assert rate[0, cheap].mean() < 0.5
    assert rate[0, dear].mean() > 0.9


def test_a_first_stop_is_a_crossing_between_two_weeks() -> None:
    assert first_stop([0.0, 0.0, 0.02, 0.02, 0.0], 0.01) == pytest.approx((2.5, 2.0))
    assert first_stop([0.02], 0.01)[0] == pytest.approx(0.5)
    never, weeks = first_stop([0.0, 0.01], 0.01)
    assert np.isnan(never)
    assert weeks == 0.0


# --- what is refused --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def refused(bench: Any) -> tuple[World, list[Any]]:
    """A year under a loud clause: firms abroad refuse their customers in the target."""
    world = bench.world(bench.plan(states_hold=True))
    return world, list(bench.weeks(world, Draws(1), 52, LOUD))


def test_full_output_is_sold_redirected_or_lost(bench: Any) -> None:
    """What a firm can make goes to its customers, to others, or is not made; nothing twice."""
    world = bench.world()
    setting = world.setting
    part, sales = setting.users.industrial, setting.users.target_sales[setting.users.industrial]
    seen = 0.0
    for week in bench.weeks(world, Draws(1), 30, LOUD):
        share = sales * need(week.refuses)
        moved, rate = world.users.redirected[:, part], world.users.line_rate[:, part]
        idle = share * (1.0 - moved)
        full = world.users.stock.sum(axis=1)[:, part] > 0  # whoever still has material
        np.testing.assert_allclose(rate[full], (1.0 - idle)[full], atol=1e-12)
        kept, away = need(week.refused), need(week.discount)
        np.testing.assert_allclose(kept[full], share[full], atol=1e-12)
        lost = setting.par.redirect_discount * share * moved
        np.testing.assert_allclose(away[full], lost[full], atol=1e-12)
        assert ((rate + kept - share * moved) <= 1.0 + 1e-12).all()
        seen = max(seen, float(moved.max()))
    assert 0.5 < seen < setting.par.redirected_share


def test_refusals_are_a_column_by_zone_and_material_and_an_event(
    refused: tuple[World, list[Any]],
) -> None:
    world, weeks = refused
    setting, book = world.setting, weeks[20].account
    korea, target = setting.zone_index["KOR"], setting.target
    assert book.zones["refused_customers_share"][0, korea] > 0.05
    assert book.zones["refused_usd"][0, korea] > 0
    assert book.zones["refused_usd"][0, [target, setting.coercer]].tolist() == [0.0, 0.0]
    by_market = book.markets["refused_customers_share"].reshape(setting.M, setting.Z)
    assert np.nanmax(by_market[:, korea]) > 0.05
    told = [line for week in weeks for line in week.account.happenings]
    told = [line for line in told if line.kind == "refused_customers"]
    assert "KOR" in {line.actor for line in told}
    assert all(line.target == "JPN" and line.data["share"] >= 0.05 for line in told)


def test_what_the_target_does_not_get_costs_the_target(bench: Any) -> None:
    """The same ban with and without fear: the target loses more, and more than who refuses."""
    lost = {}
    for name, fear in (("none", 0.0), ("some", 0.1)):
        plan = bench.plan(set={"parameters.false_positive_share": fear})
        world = bench.world(plan)
        weeks = list(bench.weeks(world, Draws(1), 52, LOUD))
        lost[name] = sum(week.account.zones["gdp_loss_share"][0] for week in weeks)
    japan, korea = world.setting.target, world.setting.zone_index["KOR"]
    rise = lost["some"] - lost["none"]
    assert rise[japan] > 0
    assert rise[korea] > 0
    assert lost["some"][japan] > lost["some"][korea]


def test_who_serves_its_customers_again_loses_nothing_any_more(bench: Any) -> None:
    world = bench.world()
    over = [*LOUD, Order(20, "CHN", "third_country_clause", 0.0)]
    *_, last = bench.weeks(world, Draws(1), 40, over)
    assert world.users.redirected.max() == 0.0
    assert need(last.discount).max() == 0.0


# --- dates ------------------------------------------------------------------------------------


def test_a_dated_act_holds_in_the_week_of_its_date() -> None:
    """Also one whose lever binds late when a person orders it."""
    plan = load_scenario("japan-2026", {"users": 300})
    world, draws, seats = _start(plan)
    ban = next(act for act in plan.history if act.lever == "rung.JPN" and act.value == 6)
    forge = next(act for act in plan.history if act.lever == "forge_member" and act.actor == "KOR")
    assert plan.date(ban.week).isoformat() == "2026-01-05"  # of 6 January
    for week in range(forge.week + 1):
        play_week(world, draws, seats)
        breadth = get_lever(world.regime, plan, "CHN", "ban_breadth.JPN")[0]
        assert (breadth > 0) == (week >= ban.week)
        member = get_lever(world.regime, plan, "KOR", "forge_member")[0]
        assert member == float(week >= forge.week)


def test_an_order_of_a_person_keeps_its_delay() -> None:
    plan = load_scenario("no-controls", {"users": 300})
    world, draws, seats = _start(plan, {"CHN": "person", "KOR": "person"})
    for actor, lever in (("CHN", "ban_breadth.JPN"), ("KOR", "forge_member")):
        assert seats.submit(Order(0, actor, lever, 1.0), 0) is None
    for week in range(6):
        play_week(world, draws, seats)
        assert get_lever(world.regime, plan, "CHN", "ban_breadth.JPN")[0] == float(week >= 1)
        assert get_lever(world.regime, plan, "KOR", "forge_member")[0] == float(week >= 4)


def _start(plan: Any, seated: Any = None) -> tuple[World, Draws, Seats]:
    from agents.warmup import build_world

    return build_world(plan), Draws(1), Seats(plan, seated)


# --- the number of users ----------------------------------------------------------------------


def test_medians_do_not_depend_on_the_number_of_users() -> None:
    """`python -m runs.room.trial.users --users 500,2000,10000,50000 --seeds 10` is the long one; of
    three populations a median is still noisy. Whether a hundredth of all lines stands still is a
    matter of luck in this world, so of stops the most that stand still in a week is compared, over
    more populations: 500 users have few with little in stock, and a little less stands still."""
    off = differences(medians((500, 2000), seeds=3))
    assert set(off[500]) == set(TABLE)
    for name in set(TABLE) - STOPS:
        assert abs(off[500][name]) < 0.2, (name, off[500][name])
    few, many = (
        np.mean([of_magnets(users, seed)["stopped"] for seed in range(1, 13)])
        for users in (500, 2000)
    )
    assert many > 0.5
    assert few == pytest.approx(many, rel=0.3)
