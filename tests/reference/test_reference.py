"""The columns against the same rules in plain Mesa agents, to 1e-9 over a year and more.

Who changes a law has to change it in world/ODD.md, in the columns and here; what then still agrees
has been said the same way three times.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from pathlib import Path

import mesa
import numpy as np
import pytest

from tests.reference.beside import SideBySide
from tests.reference.firms import EVADES, QUITS, FeedDesk, IndustrialUser, Reserve, Trader
from tests.reference.model import Reference
from tests.reference.plants import BUILDING, MOTHBALLED
from tests.reference.start import rows_of
from world.decisions import Order, check_order
from world.events import Event
from world.levers import indices, levers_of
from world.scenario import Scenario, load_scenario, read_toml, resolve

SMALL = Path(__file__).with_name("small.toml")
WEEKS = 52
CLOSE = 1e-9
QUIET = {"follow_history": "false"}  # without the dated acts


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario(SMALL)


@pytest.fixture(scope="module")
def year(plan: Scenario) -> tuple[list[dict[str, float]], Counter[str], SideBySide]:
    """Deviations at the start and after each week, what took place, and both engines."""
    pair = SideBySide(plan)
    found, seen = [pair.deviations()], Counter[str]()
    for _ in range(WEEKS):
        pair.play()
        found.append(pair.deviations())
        seen.update(happenings(pair.slow))  # keeps what did not happen
    return found, seen, pair


def happenings(model: Reference) -> Counter[str]:
    """What took place in the week just played."""
    seen = Counter[str]()
    for user in model.users:
        seen["hub orders"] += sum(user.share[3:]) > 0.01 and user.order > 0.0
        seen["orders by desks"] += isinstance(user, FeedDesk) and user.order > 0.0
        seen["orders by reserves"] += isinstance(user, Reserve) and user.order > 0.0
        seen["closed channels"] += not all(user.market.open)
        seen["over-compliance of users"] += user.drop_weeks > 0.0
        seen["stopped lines"] += isinstance(user, IndustrialUser) and user.line_rate < 0.5
        seen["saving"] += user.intensity < 0.99
        seen["buyers between contracts"] += user.contract_weeks <= 0.0 < user.contract
    for trader in model.traders:
        seen["diversions"] += trader.acts
        seen["detections"] += trader.blacklist_weeks == model.par.blacklist_weeks
        seen["run-off"] += not trader.acts and sum(trader.asked) == 0.0 < sum(trader.stock)
        seen["smuggling"] += trader.acts and trader.lane.hub.zone.coercer
    for plant in model.plants:
        seen["over-compliance of plants"] += plant.stop_weeks > 0.0
        seen["lack of feed"] += plant.rate < 1.0
        seen["mothballs"] += plant.status == MOTHBALLED
        seen["projects"] += plant.builds and plant.status == BUILDING
        seen["refiners that quit"] += plant.terms == QUITS
        seen["refiners that evade"] += plant.terms == EVADES
        seen["refiners on the list"] += plant.blacklist_weeks > 0.0
        seen["plants backed by a fund"] += any(plant.offer_of_fund(z) > 0.01 for z in model.zones)
        seen["offtake"] += plant.contracted > 0.0
        seen["sold ahead"] += plant.ahead > 0.0
    for market in model.markets:
        seen["releases"] += market.released > 0.0
        seen["loans"] += market.lent > 0.0
        seen["hoarding"] += market.hoarding > 0.2
        seen["licences"] += market.licences > 0.0
        seen["fear"] += market.fear > 0.1
        seen["refusals"] += market.refused > 0.0
        seen["goods by air"] += any(market.flies(buyer) for buyer in market.buyers)
        seen["rush"] += market.deadline_weeks > 0.0
    for hub in model.hubs:
        seen["collective punishment"] += hub.collective_weeks > 0.0
    for seller in model.zones:
        seen["friends first"] += any(abs(seller.serves(z) - 1.0) > 0.01 for z in model.zones)
    seen["distrust"] += any(zone.reputation > 0.01 for zone in model.zones)
    return seen


def far(found: dict[str, float]) -> dict[str, float]:
    """Columns that do not agree; a deviation that is no number does not either."""
    return {name: off for name, off in found.items() if not off <= CLOSE}


def test_they_stand_at_the_same_point_after_their_warm_ups(year) -> None:
    found, _, _ = year
    assert not far(found[0])


def test_they_stand_at_the_same_point_after_a_past_that_was_played() -> None:
    """Ten weeks before the start a licence shuts dysprosium off and a strike halts plants."""
    raw, _ = read_toml(SMALL)
    begin = raw["start"] - datetime.timedelta(weeks=10)
    act = {"date": begin, "actor": "CHN", "why": "", "source": ""}
    strike = {"date": begin, "kind": "disaster", "cut": 0.5, "weeks": 6, "text": "", "source": ""}
    past = [act | {"lever": "licence_duty.dy_oxide", "value": 1.0},
            act | {"lever": "licence_approval", "value": 0.2}]  # fmt: skip
    raw = {**raw, "warmup_from": begin, "history": [*raw.get("history", []), *past],
           "events": [*raw.get("events", []), strike]}  # fmt: skip
    pair = SideBySide(resolve(raw, {}))
    assert max(market.price for market in pair.slow.markets) > 1.2
    assert not far(pair.deviations())
    for week in range(3):
        pair.play()
        assert not far(pair.deviations()), f"first in week {week}"


def test_columns_agree_in_every_week(year) -> None:
    found, _, _ = year
    for week, columns in enumerate(found[1:]):
        assert not far(columns), f"first in week {week}"


def test_they_agree_on_a_bulk_good_in_a_crisis() -> None:
    pair = SideBySide(load_scenario("urea-2021").override({"users": 60}))
    assert any(material.loose > 0.0 for material in pair.slow.materials)
    for week in range(70):
        pair.play()
        assert not far(pair.deviations()), f"first in week {week}"
    assert any(market.fear > 0.1 for market in pair.slow.markets)


@pytest.mark.parametrize("frame", [0.0, 1.0, 2.0])
def test_they_agree_on_a_case_that_binds_and_on_one_that_ends_in_the_void(
    plan: Scenario, frame: float
) -> None:
    """A case three years old: under conservation the ban loses its force, under security nobody is
    bound and everybody trusts less; then the case is withdrawn."""
    pair = SideBySide(plan)
    for week, actor, lever, value in (
        (6, "USA", "wto_case", 1.0), (6, "CHN", "legal_frame", 1.0),
        (18, "CHN", "legal_frame", frame), (26, "USA", "wto_case", 0.0),
    ):  # fmt: skip
        order = Order(week, actor, lever, value, "script")
        assert check_order(order, plan, 0) is None
        pair.seats.submit(order, 0)
    usa = plan.zones.index("USA")
    steps = set()
    for week in range(32):
        pair.play()
        if week == 8:  # measures stand, the case has begun
            pair.fast.zones.case_weeks[:, usa] = pair.slow.zones[usa].case_weeks = 155.0
        assert not far(pair.deviations()), f"first in week {week}"
        steps.add(pair.slow.zones[usa].case_stage)
    assert {1.0, 4.0, 5.0, 0.0} <= steps
    assert (6.0 in steps) == (frame == 2.0)


def test_they_agree_on_what_bans_on_bystanders_cost_among_customers(plan: Scenario) -> None:
    pair = SideBySide(plan)
    for week, lever, value in (
        (1, "ban_breadth.VNM", 0.8), (3, "listing.USA", 0.4),
        (5, "rung.AUS", 6), (9, "rung.AUS", 0),
    ):  # fmt: skip
        order = Order(week, "CHN", lever, value, "script")
        assert check_order(order, plan, 0) is None
        pair.seats.submit(order, 0)
    for week, lever, value in (
        (1, "stockpile_target_days", 300), (2, "offtake.ndpr_oxide", 20_000),
        (0, "dependence_ceiling", 0.4),
    ):  # fmt: skip
        order = Order(week, "JPN", lever, value, "script")
        assert check_order(order, plan, 0) is None
        pair.seats.submit(order, 0)
    seen = set()
    for week in range(12):
        pair.play()
        assert not far(pair.deviations()), f"first in week {week}"
        seen.add(pair.slow.zones[pair.slow.levers.coercer].alliance_approval)
    assert len(seen) >= 4
    assert max(seen) == 0.5
    assert pair.slow.zones[pair.slow.target].alliance_approval < 0.5  # it hoards


def test_they_agree_on_capital_that_is_more_than_there_is(plan: Scenario) -> None:
    """Two states want more than is left, one gives up what it holds and takes it again."""
    pair = SideBySide(plan)
    lever = "equity_offtake.gallium"
    for week, actor, value in (
        (2, "USA", 20_000.0), (2, "JPN", 10_000.0), (6, "USA", 1.0), (12, "USA", 20_000.0),
    ):  # fmt: skip
        order = Order(week, actor, lever, value, "script")
        assert check_order(order, plan, 0) is None
        pair.seats.submit(order, 0)
    held = []
    for week in range(20):
        pair.play()
        assert not far(pair.deviations()), f"first in week {week}"
        (gallium,) = [one for one in pair.slow.materials if one.id == "gallium"]
        held.append(gallium.markets[plan.zones.index("USA")].equity)
    assert 1.0 < held[8] < 20_000.0
    assert held[12] == 1.0
    assert held[-1] == pytest.approx(held[8], rel=0.1)


def test_they_agree_on_cover_for_firms_that_serve_the_target(plan: Scenario) -> None:
    """States cover what their firms fear; some users and plants serve on and are listed for it."""
    pair = SideBySide(plan.override({"parameters.false_positive_share": 0.4}))
    for week, actor, value in ((0, "KOR", 1.0), (0, "USA", 1.0), (0, "VNM", 0.6), (30, "KOR", 0.0)):
        order = Order(week, actor, "customer_cover", value, "script")
        assert check_order(order, plan, 0) is None
        pair.seats.submit(order, 0)
    users = plants = covered = 0
    for week in range(40):
        pair.play()
        assert not far(pair.deviations()), f"first in week {week}"
        users += sum(user.listed_weeks > 0.0 for user in pair.slow.users)
        plants += sum(plant.covered for plant in pair.slow.plants)
        covered += sum(getattr(user, "covered", False) for user in pair.slow.users)
    assert min(users, plants, covered) > 0


def test_every_column_of_firms_is_compared(year) -> None:
    found, _, pair = year
    world = pair.fast
    for table in ("users", "grey", "traders", "plants", "hubs", "lanes", "pools"):
        names = {f"{table}.{column}" for column, _ in getattr(world, table).items()}
        assert names <= set(found[-1]), table
    here = {f"markets.{column}" for column, _ in world.markets.items()}
    assert here <= set(found[-1])


def test_the_year_has_every_part_of_the_rules(year) -> None:
    _, seen, pair = year
    assert not [name for name, times in seen.items() if not times]
    assert 180 <= sum(isinstance(user, IndustrialUser) for user in pair.slow.users) <= 260
    assert len(pair.slow.traders) >= 50


def test_it_is_plain_mesa(year) -> None:
    model = year[2].slow
    assert isinstance(model, mesa.Model)
    assert len(model.agents_by_type[Trader]) == len(model.traders)
    assert all(type(user.stock[0]) is float for user in rows_of(model, "users"))


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("supply_line_weight", 1.001),
        ("share_adjustment_shortage", 1.001),
        ("trader_ship_share", 1.001),
        ("belief_up", 1.01),
        ("detection_anomaly", 1.5),
        ("tolerance_spread", 1.2),
        ("licence_expiry", 1.001),
        ("price_cover", 1.0001),
    ],
)
def test_a_changed_parameter_shows(plan: Scenario, name: str, factor: float) -> None:
    pair = SideBySide(plan, changed={name: plan.parameters[name] * factor})
    for _ in range(WEEKS):
        pair.play()
        if far(pair.deviations()):
            return
    pytest.fail(f"nobody saw that {name} is {factor} times what it was")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_columns_agree_under_random_orders(seed: int) -> None:
    plan = load_scenario(SMALL, {**QUIET, "population": seed})
    pair, dice = SideBySide(plan, seed), random.Random(seed)
    for week in range(WEEKS):
        for _ in range(dice.choice((0, 1, 2))):
            pair.seats.submit(random_order(plan, dice, week), week)
        pair.play([random_event(plan, dice, week)] if dice.random() < 0.1 else [])
        assert not far(pair.deviations()), f"first in week {week}"


def random_order(plan: Scenario, dice: random.Random, week: int) -> Order:
    actor = plan.coercer if dice.random() < 0.4 else dice.choice(plan.zones)
    lever = dice.choice(list(levers_of(plan, actor).values()))
    places = indices(plan, lever)
    value = lever.low + (lever.high - lever.low) * dice.choice((0.0, 1.0, dice.random()))
    full = f"{lever.name}.{dice.choice(places)}" if places else lever.name
    order = Order(week, actor, full, float(round(value)) if lever.whole else value, "script")
    assert check_order(order, plan, week) is None
    return order


def random_event(plan: Scenario, dice: random.Random, week: int) -> Event:
    zone, material = dice.choice(plan.zones), dice.choice(plan.materials)
    data: dict[str, dict[str, float | str]] = {
        "announcement": {"strength": dice.random(), "weeks": dice.randint(0, 6)},
        "price_shock": {"factor": dice.uniform(0.5, 3.0), "material": material},
        "disaster": {"cut": dice.random(), "weeks": dice.randint(1, 9)},
        "demand_shock": {"factor": dice.uniform(0.3, 2.0), "weeks": dice.randint(1, 9)},
    }
    kind = dice.choice(list(data))
    return Event(week, kind, "", zone, "", data[kind])


def test_numbers_that_are_no_numbers_do_not_agree() -> None:
    assert far({"users.stock": float("nan")})
    assert far({"users.stock": np.inf})
