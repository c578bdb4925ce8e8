"""Invariants of the ODD (section 9, restated in 7a): true in any week of any run.

Random orders of all seats, within the ranges of the lever table, stand for whatever people may do.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runs.seats import Seats
from runs.turn import play_week
from world.decisions import Order
from world.draws import Draws
from world.events import Event
from world.levers import LEVERS, lever_rows, levers_of
from world.phases.calendar import happen
from world.phases.scratch import need
from world.scenario import load_scenario, resolve
from world.setting import CHINA
from world.state import snapshot

WEEKS = 32
SOME = settings(max_examples=8)


@st.composite
def orders(draw: st.DrawFn, plan: Any, weeks: int = WEEKS) -> list[Order]:
    """Up to 30 orders of any seat, on any of its levers, at any allowed value, in any week."""
    rows = lever_rows(plan)
    chosen = []
    for row in draw(st.lists(st.sampled_from(rows), min_size=1, max_size=30)):
        part = draw(st.floats(0.0, 1.0))
        value = float(row["low"]) + part * (float(row["high"]) - float(row["low"]))
        lever = str(row["lever"])
        if LEVERS[lever.partition(".")[0]].whole:
            value = float(round(value))
        week = draw(st.integers(0, weeks - 1))
        chosen.append(Order(week, str(row["actor"]), lever, value, by="script"))
    return chosen


@st.composite
def bans(draw: st.DrawFn, plan: Any) -> list[Order]:
    """A ban with a clause and a policing effort: what makes grey trade flow."""
    effort = draw(st.sampled_from([0.0, 0.2, 1.0, 8.0]))
    week = draw(st.integers(0, 4))
    coercer, target = plan.coercer, plan.target
    acts = {f"ban_breadth.{target}": 1.0, "third_country_clause": 1.0, "enforcement": effort}
    return [Order(week, coercer, name, value, by="script") for name, value in acts.items()]


# --- (1) mass ---------------------------------------------------------------------------------


@SOME
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_mass_balances_by_material_and_true_origin(bench: Any, data: Any, seed: int) -> None:
    """Change of all stocks = made - used - lost, every week, to 1e-9 of what there is."""
    plan = bench.plan()
    acts = data.draw(orders(plan)) + data.draw(bans(plan))
    world = bench.world(plan, replicates=2)
    for week in bench.weeks(world, Draws(seed, 2), WEEKS, acts):
        book = week.account
        error = np.abs(book.balance) / np.maximum(book.turnover, 1e-12)[..., None]
        assert error.max() < 1e-9, (week.account.week, error.max())


# --- (2) signs, fills, shares -----------------------------------------------------------------


@SOME
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_no_mass_is_negative_and_no_fill_exceeds_its_order(
    bench: Any, data: Any, seed: int
) -> None:
    """Tonnes are never below nothing, nobody gets more than was ordered, shares sum to 1."""
    plan = bench.plan()
    acts = data.draw(orders(plan)) + data.draw(bans(plan))
    world = bench.world(plan, replicates=2)
    grey_users = world.setting.grey_users
    for week in bench.weeks(world, Draws(seed, 2), WEEKS, acts):
        for table, rows in world.tables().items():
            for column in rows.columns:
                values = getattr(rows, column.name)
                assert np.isfinite(values).all(), f"{table}.{column.name}"
                if column.unit in ("t", "t/week"):
                    assert values.min() >= 0.0, f"{table}.{column.name} {values.min()}"
        asked, shipped = need(week.orders), need(week.shipped)
        assert (shipped <= asked * (1.0 + 1e-9) + 1e-12).all()
        fill = need(week.fill)
        assert fill.min() >= 0.0
        assert fill.max() <= 1.0 + 1e-9
        total = world.users.share.sum(axis=1)
        total[:, grey_users] += world.grey.share.sum(axis=1)
        buyers = world.setting.base_demand[world.setting.users.market] > 0
        assert np.abs(total[:, buyers] - 1.0).max() < 1e-9
        assert min(world.users.share.min(), world.grey.share.min()) >= 0.0


def test_every_share_that_is_recorded_lies_between_0_and_1(bench: Any) -> None:
    """Columns named as shares in a run's folder are shares."""
    plan = bench.plan()
    world = bench.world(plan)
    acts = [
        Order(2, "CHN", "ban_breadth.JPN", 1.0), Order(2, "CHN", "third_country_clause", 1.0),
        Order(2, "CHN", "enforcement", 0.2), Order(20, "CHN", "threat", 1.0),
    ]  # fmt: skip
    shares = {
        "markets": ("china_share_declared", "china_share_true", "stopped_line_share",
                    "over_compliance_share"),
        "hubs": ("largest_trader_share", "cooperation"),
        "producers": ("utilisation",),
        "zones": ("output_loss", "gauge_supply", "gauge_autonomy", "gauge_standing"),
    }  # fmt: skip
    for week in bench.weeks(world, Draws(5), 45, acts):
        for table, names in shares.items():
            for name in names:
                values = getattr(week.account, table)[name]
                known = values[~np.isnan(values)]
                assert known.size == 0 or (known.min() >= -1e-12 and known.max() <= 1 + 1e-9), name


# --- (3) prices -------------------------------------------------------------------------------


@SOME
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_prices_stay_in_bounds_and_move_by_a_step_at_most(
    bench: Any, data: Any, seed: int
) -> None:
    """Index prices lie in [P_lo, P_hi] and move by at most delta_P a week. (Markets in which
    nobody buys quote the delivered Chinese price and have no deal to bound.)"""
    plan = bench.plan()
    acts = data.draw(orders(plan)) + data.draw(bans(plan))
    world = bench.world(plan, replicates=2)
    par, buys = world.setting.par, world.setting.base_demand > 0
    before = world.markets.price.copy()
    for _ in bench.weeks(world, Draws(seed, 2), WEEKS, acts):
        now = world.markets.price
        assert now.min() >= par.price_low
        assert now.max() <= par.price_high
        step = np.abs(np.log(now / before))[:, buys]
        assert step.max() <= par.price_step + 1e-12
        before = now.copy()


def test_a_price_shock_is_the_one_exception(bench: Any) -> None:
    """An event may move a price at once; the week's own rule is bounded from there."""
    world = bench.world()
    k = world.setting.material_index["gallium"] * world.setting.Z
    k += world.setting.zone_index["JPN"]
    happen(world, Event(0, "price_shock", target="JPN", data={"material": "gallium", "factor": 4}))
    assert world.markets.price[0, k] == pytest.approx(4.0, rel=0.05)
    list(bench.weeks(world, Draws(1), 1))
    assert abs(np.log(world.markets.price[0, k] / 4.0)) <= world.setting.par.price_step + 0.05


# --- (4) origin -------------------------------------------------------------------------------


def test_what_the_coercer_does_not_export_is_nowhere_else(bench: Any) -> None:
    """A world rid of Chinese goods abroad, in which China clears no licence, stays rid of them:
    true Chinese origin comes from Chinese production only, whatever is refined or made abroad."""
    # but for smugglers, whom no refused licence stops
    world = bench.world(bench.plan(set={"parameters.smuggling_gain": "0"}))
    setting = world.setting
    home = setting.users.zone == setting.coercer
    world.users.stock[:, 0, ~home] = 0.0
    world.users.pipe[:, :, 0, ~home] = 0.0
    world.traders.stock[:, 0] = 0.0
    world.traders.pipe[:, :, 0] = 0.0
    abroad = ~setting.plants.coercer
    world.plants.stock[:, 0, abroad] = 0.0
    world.markets.licences[:] = 0.0
    world.markets.applications[:] = 0.0
    stop = [
        Order(0, "CHN", "licence_duty", 1.0), Order(0, "CHN", "licence_approval", 0.0),
    ]  # fmt: skip
    first = True
    for _ in bench.weeks(world, Draws(3), 40, stop):
        if first:  # the stop binds from the second week: what left in the first is taken out
            world.users.pipe[:, :, 0, ~home] = 0.0
            world.traders.pipe[:, :, 0] = 0.0
            world.markets.licences[:] = 0.0
            world.markets.applications[:] = 0.0
            first = False
            continue
        assert world.users.stock[:, 0, ~home].max() == 0.0
        assert world.users.pipe[:, :, 0, ~home].max() == 0.0
        assert world.traders.stock[:, 0].max() == 0.0
        assert world.plants.stock[:, 0, abroad].max() == 0.0
    assert world.users.stock[:, 1, ~home].sum() > 0.0


def test_declared_is_true_origin_where_nobody_diverts_and_nothing_is_made(bench: Any) -> None:
    """Raw materials without a ban: what customs see is what is in the goods."""
    world = bench.world(bench.plan(bench.raw))
    acts = [Order(3, "CHN", "licence_duty", 1.0), Order(3, "CHN", "licence_approval", 0.6)]
    for week in bench.weeks(world, Draws(4), 40, acts):
        declared = week.account.markets["china_share_declared"]
        true = week.account.markets["china_share_true"]
        both = ~np.isnan(declared) & ~np.isnan(true)
        both[:, world.setting.coercer :: world.setting.Z] = False  # own goods, not imports
        assert both.any()
        assert np.abs(declared - true)[both].max() < 1e-9


def test_processing_changes_the_declared_origin_and_not_the_true_one(bench: Any) -> None:
    """Magnets made in Japan of Chinese oxide are declared Japanese and are Chinese in truth."""
    world = bench.world()
    k = world.setting.material_index["ndfeb_magnet"] * world.setting.Z
    k += world.setting.zone_index["JPN"]
    *_, week = bench.weeks(world, Draws(4), 4)
    declared = week.account.markets["china_share_declared"][0, k]
    true = week.account.markets["china_share_true"][0, k]
    assert true > declared + 0.2


# --- (5) the same seed, the same run ----------------------------------------------------------


def fingerprint(plan: Any, world: Any, draws: Draws, weeks: int) -> list[dict[str, str]]:
    """For each luck a digest of every column of the record over all weeks, and at the end of
    every table and lever: a last bit that differs in any week shows."""
    seats, lucks = Seats(plan), range(world.replicates)
    marks: list[dict[str, Any]] = [defaultdict(sha256) for _ in lucks]
    for _ in range(weeks):
        account = play_week(world, draws, seats).account
        for table in ("markets", "zones", "hubs", "producers", "flows"):
            for name, values in getattr(account, table).items():
                for r in lucks:
                    marks[r][f"{table}.{name}"].update(values[r].tobytes())
    for name, values in {**snapshot(world), **world.regime}.items():
        for r in lucks:
            marks[r][f"at the end {name}"].update(values[r].tobytes())
    return [{name: mark.hexdigest() for name, mark in luck.items()} for luck in marks]


@pytest.fixture(scope="module")
def lively() -> Any:
    """`japan-2026` with few materials: dated acts, AI seats and diversion."""
    raw = dict(load_scenario("japan-2026").source)
    keep = ("dy_oxide", "ndpr_oxide", "ndfeb_magnet", "gallium")
    raw["materials"] = list(keep)
    known = ("", *keep, *raw["zones"])
    raw["history"] = [act for act in raw["history"] if act["lever"].partition(".")[2] in known]
    raw["levers"] = {
        actor: {
            lever: (
                {m: v for m, v in value.items() if m in keep}
                if isinstance(value, dict) and lever in ("licence_duty", "floor_usd_per_kg")
                else value
            )
            for lever, value in levers.items()
        }
        for actor, levers in raw["levers"].items()
    }
    return resolve(raw, {})


def test_replicate_r_is_the_run_with_seed_plus_r_to_the_bit(bench: Any, lively: Any) -> None:
    """A batch of three lucks equals three runs alone, in all tables, levers and records, with
    states that decide for themselves and their quantal choices."""
    batch = fingerprint(lively, bench.world(lively, 3), Draws(11, 3), 60)
    for r in range(3):
        (alone,) = fingerprint(lively, bench.world(lively), Draws(11 + r), 60)
        differ = [name for name in alone if alone[name] != batch[r][name]]
        assert not differ, f"luck {r}: {differ}"
    assert batch[0]["at the end users.stock"] != batch[1]["at the end users.stock"]
    levers = [f"at the end {name}" for name in LEVERS if name != "rung"]
    assert any(len({luck[name] for luck in batch}) > 1 for name in levers), "states chose alike"


def test_the_same_run_twice_gives_the_same_bytes(bench: Any, lively: Any) -> None:
    """World, luck and scenario decide everything; nothing else does."""
    once, again = (fingerprint(lively, bench.world(lively), Draws(11), 40) for _ in range(2))
    assert once == again


# --- (7) effort and (8) the idle ban ----------------------------------------------------------


EFFORTS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


@pytest.fixture(scope="module")
def grey_by_effort(bench: Any) -> np.ndarray:
    """(efforts, materials, 2) mean grey tonnes of a year over the target's base purchases from
    the coercer: all, and of these the coercer's goods."""
    plan = bench.plan(("dy_oxide", "gallium", "antimony"))
    found = []
    for effort in EFFORTS:
        world = bench.world(plan, replicates=20, users=200)
        acts = [
            Order(0, "CHN", "ban_breadth.JPN", 1.0), Order(0, "CHN", "third_country_clause", 1.0),
            Order(0, "CHN", "enforcement", effort),
        ]  # fmt: skip
        setting = world.setting
        here = [m * setting.Z + setting.target for m in range(setting.M)]
        total = np.zeros((20, setting.M, 2))
        for week in bench.weeks(world, Draws(500, 20), 52, acts):
            sent = np.stack([need(week.regrey), need(week.regrey_chinese)], axis=-1)
            total += sent.reshape(20, setting.H, setting.M, 2).sum(axis=1)
        found.append(total.mean(axis=0) / (52.0 * setting.base_china[here])[:, None])
    return np.array(found)


def test_more_effort_never_brings_more_grey_goods(grey_by_effort: np.ndarray) -> None:
    """Mean grey tonnes a year over 20 common seeds rise nowhere by more than 2% of their value
    without policing, as effort goes from 0 to 8."""
    total = grey_by_effort[..., 0].sum(axis=1)
    assert total[0] > 0.3, "there should be something to police"
    assert (np.diff(total) <= 0.02 * total[0]).all(), total


def test_effort_works(grey_by_effort: np.ndarray) -> None:
    """A campaign leaves less than a quarter of what no policing lets through, and of no material
    more than a third: where margins draw few traders into the hubs those few are hard to see.
    (What traders sell of ex-China goods is legal, and none of its business.)"""
    diverted = grey_by_effort[..., 1]
    assert diverted[-1].sum() < 0.25 * diverted[0].sum(), diverted
    assert (diverted[-1] < diverted[0] / 3.0).all(), diverted


def test_a_ban_on_who_buys_nothing_changes_nothing(bench: Any) -> None:
    """With no Chinese share in any material, a full ban on a zone leaves every market as it was,
    to the bit."""
    share = {f"china_share.{m}.AUS": 0.0 for m in bench.raw}
    plan = bench.plan(bench.raw, set=share)
    books = []
    for ban in (0.0, 1.0):
        world = bench.world(plan, replicates=2)
        acts = [
            Order(1, "CHN", "ban_scope.AUS", 4.0), Order(1, "CHN", "ban_breadth.AUS", ban),
            Order(1, "CHN", "listing.AUS", ban),
        ]  # fmt: skip
        setting = world.setting
        here = setting.base_china[setting.zone_index["AUS"] :: setting.Z]
        assert (here == 0).all()
        assert (world.markets.true_share[:, setting.zone_index["AUS"] :: setting.Z] == 0).all()
        books.append([w.account.markets for w in bench.weeks(world, Draws(8, 2), 52, acts)])
    for calm, banned in zip(*books, strict=True):
        for name in calm:
            assert calm[name].tobytes() == banned[name].tobytes(), name


def test_every_lever_belongs_to_somebody_and_can_be_drawn(bench: Any) -> None:
    """The random orders above reach every lever of the table."""
    plan = bench.plan()
    reached = {str(row["lever"]).partition(".")[0] for row in lever_rows(plan)}
    states = {name for name, lever in LEVERS.items() if lever.actors in ("coercer", "state")}
    assert reached == (set(LEVERS) if plan.firms else states)
    assert all(levers_of(plan, actor) for actor in plan.zones)
    assert CHINA == 0
