"""The network of firms: it adds up, a shortage spreads, and more of it hurts more than its size."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from agents.warmup import build_world
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.network.build import Network, draw_network
from world.network.daily import first_day, play_day, shares
from world.network.failures import SAMPLE, loss_without, sample, systemic_share
from world.network.figures import sectors
from world.parameters import Parameters
from world.scenario import load_scenario

PAR = Parameters()
FIRMS = 3000


@cache
def network() -> Network:
    return draw_network(FIRMS, 1, PAR)


@cache
def lost(cut: float, days: int = 63) -> float:
    """Mean share of production that is lost while a part of the coercer's inputs stays away."""
    net = network()
    state = first_day(net)
    made = [shares(net, play_day(net, state, PAR, 1.0 - cut))[0] for _ in range(days)]
    return 1.0 - sum(made) / days


# --- the network ------------------------------------------------------------------------------


def test_what_firms_sell_is_what_firms_and_final_buyers_take() -> None:
    net = network()
    sold = np.bincount(net.supplier, net.amount, net.n) + net.final
    np.testing.assert_allclose(sold, net.output, rtol=1e-9)
    bought = np.bincount(net.input_of, net.amount, net.imported)
    np.testing.assert_allclose(bought, net.needed[: net.imported], rtol=1e-12)
    assert net.output.sum() == pytest.approx(1.0)
    assert (net.bought < net.output).all()


def test_links_have_a_long_tail_and_nobody_serves_itself() -> None:
    net = network()
    customers = np.bincount(net.supplier, minlength=net.n)
    assert (net.supplier != net.customer).all()
    assert customers.max() > 25 * np.median(customers[customers > 0])
    few = np.sort(net.output)[-net.n // 100 :].sum()
    assert 0.2 < few < 0.8


def test_sectors_keep_their_weight() -> None:
    net, table = network(), sectors()
    made = np.bincount(net.sector, net.output, len(table.names))
    np.testing.assert_allclose(made, table.output, atol=0.06)


def test_a_seed_makes_one_network() -> None:
    again, other = draw_network(FIRMS, 1, PAR), draw_network(FIRMS, 2, PAR)
    np.testing.assert_array_equal(again.amount, network().amount)
    np.testing.assert_array_equal(again.stock_days, network().stock_days)
    assert len(other.amount) != len(again.amount)


def test_stocks_are_poisson_about_their_mean() -> None:
    days = network().stock_days
    assert days.mean() == pytest.approx(PAR.network_stock_days, rel=0.03)
    assert days.var() == pytest.approx(PAR.network_stock_days, rel=0.15)


# --- days -------------------------------------------------------------------------------------


def test_nothing_happens_where_nothing_is_cut() -> None:
    assert lost(0.0) == pytest.approx(0.0, abs=1e-9)


def test_a_larger_cut_loses_more_than_in_proportion() -> None:
    losses = [lost(cut) for cut in (0.2, 0.4, 0.6, 0.8)]
    assert losses == sorted(losses)
    assert losses[3] > 2.05 * losses[1] > 0


def test_stocks_bridge_the_first_days() -> None:
    assert lost(0.8, days=5) < 0.01 < lost(0.8, days=63)


def test_nobody_makes_more_than_usual_and_goods_are_not_made_of_nothing() -> None:
    net = network()
    state = first_day(net)
    for _ in range(40):
        before = state.stock.copy()
        made = play_day(net, state, PAR, 0.2)
        assert (made <= net.output * (1 + 1e-9)).all()
        assert (state.stock >= 0).all()
        used = (made / net.output)[net.owner] * net.needed
        home = slice(0, net.imported)
        got = state.stock[home] - before[home] + np.minimum(used, before)[home]
        assert got.sum() <= made.sum() * (1 + 1e-9)


def test_a_firm_that_cannot_work_takes_its_customers_with_it() -> None:
    net = network()
    capacity = np.ones(net.n)
    customers = np.bincount(net.supplier, net.vital[net.input_of], net.n)
    hub = int(customers.argmax())
    capacity[hub] = 0.0
    state = first_day(net)
    made = [play_day(net, state, PAR, 1.0, capacity) for _ in range(60)]
    assert made[0][hub] == 0.0
    assert shares(net, made[-1])[0] < shares(net, made[0])[0] < 1.0 - 0.99 * net.output[hub]


# --- failures ---------------------------------------------------------------------------------


def test_a_hub_hurts_more_than_a_leaf() -> None:
    net = network()
    order = np.argsort(net.output)
    hub, leaf = loss_without(net, int(order[-1])), loss_without(net, int(order[0]))
    assert hub >= net.output[order[-1]] * (1 - 1e-9)
    assert leaf < 0.01 * hub


def test_nothing_spreads_between_firms_that_do_not_trade() -> None:
    net = network()
    alone = replace(net, amount=net.amount * 0.0, final=net.output)
    assert loss_without(alone, 7) == pytest.approx(net.output[7])


def test_the_sample_has_the_largest_firms_and_stands_for_all() -> None:
    net = network()
    strata = sample(net)
    assert sum(whole for _, whole in strata) == net.n
    firms = np.concatenate([firms for firms, _ in strata])
    assert len(np.unique(firms)) == len(firms) <= SAMPLE
    assert int(net.output.argmax()) in strata[0][0]


def test_few_firms_carry_the_risk() -> None:
    assert 0.0 <= systemic_share(network(), 0.2) <= systemic_share(network(), 0.05) < 0.2


# --- within a run -----------------------------------------------------------------------------


def gdp_lost(lucks: int = 1, **changes: str | float) -> np.ndarray:
    """(weeks, lucks) loss of the target's GDP in `network-cut` with a small network."""
    plan = load_scenario("network-cut", {"users": 300, "network_firms": 1000, **changes})
    world, draws, seats = build_world(plan, replicates=lucks), Draws(1, lucks), Seats(plan)
    weeks = [play_week(world, draws, seats).account.zones for _ in range(14)]
    return np.array([zones["gdp_loss_share"][:, world.setting.target] for zones in weeks])


def test_a_run_loses_output_while_inputs_stay_away_and_no_luck_touches_another() -> None:
    alone, both = gdp_lost(), gdp_lost(2)
    np.testing.assert_array_equal(alone[:, 0], both[:, 0])
    assert (alone[:4] < 1e-3).all()
    assert alone[8:13, 0].mean() > 0.03
    assert gdp_lost(variant="half")[8:13].mean() < 0.5 * alone[8:13].mean()


def test_minerals_stop_lines_in_the_network_too() -> None:
    plan = load_scenario("japan-stop", {
        "users": 300, "losses": "network", "network_firms": 1000, "variant": "minerals",
    })  # fmt: skip
    world, draws, seats = build_world(plan), Draws(1), Seats(plan)
    weeks = [play_week(world, draws, seats).account.zones for _ in range(50)]
    loss = np.array([zones["gdp_loss_share"][0, world.setting.target] for zones in weeks])
    assert loss[:13].max() < 1e-3 < loss[40:].max()


def test_each_ready_question_of_the_cut_loses_more_than_the_one_before() -> None:
    """Nothing more, half of the dual-use goods, all of them."""
    asked = [{}, *(one.levers for one in load_scenario("network-cut").questions)]
    lost = [gdp_lost(**levers).sum() for levers in asked]
    assert len(lost) == 3
    assert lost[0] < 0.95 * lost[1] < 0.9 * lost[2], lost
