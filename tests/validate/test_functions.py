"""What measures make of a run: the values of its frames, and a reason where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from runs import Game
from runs.validate.frames import Run
from runs.validate.functions import NoValue, check, measured
from runs.validate.grammar import MeasureError, parse
from runs.validate.play import Blank
from world.scenario import load_scenario


@pytest.fixture(scope="module")
def game() -> Game:
    """Twenty weeks of three minerals from 2 January 2023 with a licence duty, with the panel."""
    game = Game("antimony-2024", seed=2, panel=True, users=60, weeks=20)
    game.submit(actor="CHN", lever="licence_duty.antimony", value=0.5, week=5)
    return game.run()


@pytest.fixture(scope="module")
def run(game: Game) -> Run:
    return Run(game)


def value(run: Run, text: str) -> float:
    tree = parse(text)
    check(tree, run.plan, None)
    return measured(tree, {False: run})


def thursdays(frame: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    days = pd.to_datetime(frame["date"].astype(str)) + pd.Timedelta(days=3)
    return frame[(days >= first) & (days <= last)]


def test_a_selection_holds_the_values_of_the_frames(game: Game, run: Run) -> None:
    """Masses are added over rows, and a month is the weeks whose Thursday lies in it."""
    flows = thursdays(game.frames["flows"], "2023-02-01", "2023-02-28")
    sent = flows[(flows.from_zone == "CHN") & (flows.to_zone != "CHN")]
    some = sent[sent.material.isin(["antimony", "gallium"])].shipped_t.sum()
    assert some > 0
    text = "sum(flows.shipped_t[from_zone=CHN, to_zone!=CHN, material=antimony|gallium, 2023-02])"
    assert value(run, text) == pytest.approx(some, rel=1e-12)
    markets = game.frames["markets"]
    prices = markets[(markets.material == "antimony") & (markets.zone == "USA")].price
    one = "markets.price[material=antimony, zone=USA]"
    assert value(run, f"max({one})") == prices.max()
    assert value(run, f"mean({one})") == pytest.approx(prices.mean(), rel=1e-12)
    day = markets[(markets.material == "antimony") & (markets.zone == "USA") & (markets.week == 6)]
    assert value(run, "at(markets.price[material=antimony, zone=USA, 2023-02-15])") == float(
        day.price.iloc[0]
    )


def test_prices_of_several_zones_are_weighted_by_the_value_of_need(game: Game, run: Run) -> None:
    markets = game.frames["markets"]
    some = markets[(markets.material == "antimony") & markets.zone.isin(["USA", "JPN"])]
    last = some[some.week == 19]
    weight = last.demand_t * last.price_usd_per_t
    assert value(run, "at(markets.price[material=antimony, zone=USA|JPN, 2023-05-15])") == (
        pytest.approx((last.price * weight).sum() / weight.sum(), rel=1e-12)
    )


def test_shares_ranks_and_first_weeks(game: Game, run: Run) -> None:
    flows = game.frames["flows"]
    to_usa = flows[(flows.material == "antimony") & (flows.to_zone == "USA")]
    part = to_usa[to_usa.from_zone == "CHN"].arrived_t.sum() / to_usa.arrived_t.sum()
    whole = "flows.arrived_t[material=antimony, to_zone=USA]"
    assert value(run, f"share(flows.arrived_t[material=antimony, to_zone=USA, from_zone=CHN], "
                      f"{whole})") == pytest.approx(part, rel=1e-12)  # fmt: skip
    sent = flows[(flows.material == "antimony") & (flows.from_zone == "CHN")]
    order = sent[sent.to_zone != "CHN"].groupby("to_zone").shipped_t.sum()
    place = list(order.sort_values(ascending=False).index).index("JPN") + 1
    buyers = "flows.shipped_t[material=antimony, from_zone=CHN, to_zone!=CHN]"
    assert value(run, f"rank({buyers}, to_zone=JPN)") == place
    text = "first_week(markets.price[material=antimony, zone=USA, 2023-02-01:2023-05-01] > 0)"
    assert value(run, text) == pytest.approx(1 / 7)  # the next day is a Thursday
    assert value(run, "at(markets.cover_weeks[zone=USA, material=antimony], "
                      "markets.price[zone=USA, material=antimony] > 0)") > 0  # fmt: skip


def test_firms_reads_the_panel(game: Game, run: Run) -> None:
    panel = game.frames["agents"]
    users = panel[(panel.kind == "user") & (panel.zone != "CHN")]
    rates = users.pivot(index="week", columns="agent", values="activity")
    limit = round(float(rates.min().median()) + 1e-6, 6)
    low = rates < limit
    assert low.any().any()
    chosen = f"agents.activity[kind=user, zone!=CHN] < {limit!r}"
    assert value(run, f"firms(count, {chosen})") == low.any().sum()
    assert value(run, f"firms(share, {chosen})") == pytest.approx(low.mean(axis=1).max())
    first = int(low.any(axis=1).to_numpy().argmax())
    assert value(run, f"firms(first, {chosen})") == pytest.approx(first + 3 / 7)
    lengths = low.iloc[first:, low.iloc[first].to_numpy()].cumprod().sum()
    assert value(run, f"firms(length, {chosen})") == lengths.median()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / (max(markets.price) - max(markets.price))", "divides by nothing"),
        ("share(flows.arrived_t[from_zone=CHN], flows.arrived_t[channel=stockpile])",
         "divides by nothing: flows.arrived_t[channel=stockpile] is 0 throughout"),
        ("first_week(markets.price[zone=USA] > 99)", "never holds"),
        ("at(markets.price[zone=USA], markets.price[zone=USA] > 99)", "never holds"),
        ("mean(markets.floor_usd_per_t[zone=USA])", "has no values in these weeks"),
        ("firms(first, agents.activity[kind=user] < 0)", "no actor ever does"),
        ("log(0 - 1)", "there is no logarithm of -1"),
        ('missing("not in the model")', "not in the model"),
        ("mean(markets.price[zone=USA]) * 1e308 * 1e308", "has no value"),
    ],
)  # fmt: skip
def test_what_has_no_value_says_why(run: Run, text: str, words: str) -> None:
    with pytest.raises(NoValue) as caught:
        value(run, text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("median(markets.price)", "'median' is no function: did you mean"),
        ("mean(market.price)", "'market' is no table: did you mean markets?"),
        ("mean(markets.prize)", "'prize' is no column of markets: did you mean price?"),
        ("mean(flows.declared_from)", "'declared_from' is no column of flows"),
        ("mean(markets.price[hub=THA])", "'hub' is no key of markets: "),
        ("mean(markets.price[material=gallim])",
         "material=gallim: antimony-2024 has no such material: did you mean gallium?"),
        ("mean(markets.price[material=dy_oxide])", "has no such material"),
        ("mean(markets.price[zone=JAP])", "has no such zone"),
        ("mean(markets.price[zone=USA, 2030])", "runs from 2023-01-02 to 2023-05-21."),
        ("mean(base.markets.price)", "needs a base run, and base_set is empty."),
        ("mean(agents.activity)", "rows of agents are read by firms(...) alone."),
        ("firms(first, markets.price > 1)", "firms reads agents, not markets."),
        ("firms(when, agents.activity > 1)", "firms tells"),
        ("firms(first, 1 > agents.activity)", "firms compares one column of agents with a number."),
        ("rank(flows.shipped_t, zone=USA)", "rank looks for one row: "),
        ("mean()", "mean(): mean takes a series, or numbers."),
        ("mean(markets.price > 1)", "mean takes a series, or numbers."),
        ("first_week(markets.price)", "first_week takes a comparison."),
        ("missing(1)", "missing takes the reason in quotes."),
        ("markets.price[zone=USA]", "is a series; a function such as mean makes it a number."),
        ("at(markets.price[zone=USA, 2023-02])", "chooses 4 weeks; name one day"),
        ("mean(markets.price[2023-02] / markets.price[2023-03])", "are of different weeks."),
        ("mean(markets.price, 1)", "one series or several numbers, not both."),
        ("mean(producers.output_t[producer=nobody])", "has no such producer"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_one_sentence(run: Run, text: str, words: str) -> None:
    with pytest.raises(MeasureError) as caught:
        value(run, text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_world_in_which_nothing_happens_repeats_a_week(game: Game) -> None:
    still = Run(game, still=4)
    sent = "flows.shipped_t[material=antimony, from_zone=CHN, to_zone!=CHN, {}]"
    ratio = f"mean({sent.format('2023-05')}) / mean({sent.format('2023-02')})"
    assert value(still, ratio) == pytest.approx(1.0, rel=1e-12)
    assert value(Run(game), ratio) != pytest.approx(1.0, rel=1e-6)


def test_a_rehearsal_needs_no_weeks() -> None:
    """A run of ones has the rows of the scenario, so names of plants are checked before work."""
    plan = load_scenario("gallium-2023", {"users": 60})
    blank = Blank(Game(plan))
    blank.weeks = plan.weeks
    assert value(blank, "mean(markets.price[zone=ROW])") == 1.0
    with pytest.raises(MeasureError, match="has no such producer"):
        value(blank, "mean(producers.output_t[producer=nobody])")


def test_the_network_is_read_where_losses_are_counted_by_it() -> None:
    plan = load_scenario("network-cut", {"users": 60, "network_firms": 600, "weeks": 8})
    game = Game(plan, seed=1)
    game.run()
    runs = {False: Run(game), True: Run(game, still=1)}
    lost = measured(parse("network(lost)"), runs)
    assert 0 < lost < 1
    assert lost == pytest.approx(1 - np.mean([week[0] for week in game.world.network.made[4:]]))
    assert measured(parse("network(lost, base)"), runs) == 0  # nothing happens there
    assert 0 <= measured(parse("network(systemic, 0.2)"), runs) <= 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("network(found)", "network tells"),
        ("network(systemic)", "network takes lost"),
        ("network(lost, 2)", "network takes lost"),
        ("network(lost, base)", "needs a base run"),
    ],
)
def test_what_the_network_cannot_tell(text: str, words: str) -> None:
    with pytest.raises(MeasureError, match=words):
        check(parse(text), load_scenario("network-cut", {"users": 60}), None)
    with pytest.raises(MeasureError, match="without the network of firms"):
        check(parse("network(lost)"), load_scenario("japan-stop", {"users": 60}), None)
