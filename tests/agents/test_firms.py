"""What the orders of a firm's seat do: nothing at their defaults, and otherwise what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pytest

from agents.decide import decide
from agents.firm_view import SECRET, FirmView, Hidden, firm_view
from agents.view import state_view
from agents.warmup import build_world
from world.account import Account
from world.decisions import Order, check_order
from world.draws import Draws
from world.levers import LEVERS
from world.phases.calendar import enact
from world.scenario import Scenario, load_scenario, resolve
from world.setting import CHINA
from world.state import World, snapshot
from world.week import advance

BATTERY, MAGNETS, REFINER = FIRMS = ("KOR_BATTERY", "JPN_MAGNETS", "VNM_REFINER")
MATERIALS = ("dy_oxide", "tb_oxide", "ndpr_oxide", "ndfeb_magnet", "graphite", "ndpr_ore", "dy_ore")
BAN = {"ban_breadth.JPN": 0.9, "third_country_clause": 1.0, "enforcement": 1.0}
Acts = Iterable[tuple[int, str, str, float]]


def plan(firms: Iterable[str] = FIRMS, users: int = 250, **changes: Any) -> Scenario:
    """japan-2026 with few materials, no dated acts, and seats for some firms."""
    raw = dict(load_scenario("japan-2026").source)
    del raw["warmup_from"]
    raw |= {"materials": list(MATERIALS), "history": [], "events": [], "frozen_projects": True}
    raw["firms"] = {name: raw["firms"][name] for name in firms}
    raw["levers"] = {}
    return resolve({**raw, **changes}, {"users": users})


@cache
def settled(*firms: str) -> World:
    return build_world(plan(firms))


@dataclass
class Played:
    """A world after some weeks, and what was recorded in them, (weeks, R, rows)."""

    world: World
    accounts: list[Account] = field(default_factory=list)

    def market(self, column: str, material: str, zone: str) -> Any:
        setting = self.world.setting
        k = setting.material_index[material] * setting.Z + setting.zone_index[zone]
        return np.array([account.markets[column][:, k] for account in self.accounts])

    def firm(self, column: str, firm: str) -> Any:
        f = self.world.setting.firms.index[firm]
        return np.array([account.firms[column][:, f] for account in self.accounts])

    def rows(self, firm: str) -> Any:
        firms = self.world.setting.firms
        return firms.users[firms.user_firm == firms.index[firm]]

    def plants(self, firm: str) -> Any:
        firms = self.world.setting.firms
        return firms.plants[firms.plant_firm == firms.index[firm]]

    def told(self, kind: str) -> list[Any]:
        return [h for account in self.accounts for h in account.happenings if h.kind == kind]


def play(
    acts: Acts = (), weeks: int = 40, seed: int = 4, lucks: int = 1, firms: Iterable[str] = FIRMS,
    world: World | None = None,
) -> Played:  # fmt: skip
    run = Played(settled(*firms).spread(lucks) if world is None else world.copy())
    draws = Draws(seed, lucks)
    acts = list(acts)
    for _ in range(weeks):
        for week, actor, lever, value in acts:
            if week == run.world.week:
                order = Order(week, actor, lever, value)
                assert check_order(order, run.world.setting, week) is None
                enact(run.world, order)
        run.accounts.append(advance(run.world, decide(run.world, draws), draws))
    return run


def ban(effort: float = 1.0, week: int = 0) -> list[tuple[int, str, str, float]]:
    return [(week, "CHN", name, value) for name, value in {**BAN, "enforcement": effort}.items()]


def told(firm: str, week: int = 0, **levers: float) -> list[tuple[int, str, str, float]]:
    return [(week, firm, lever, value) for lever, value in levers.items()]


@cache
def calm(weeks: int = 40) -> Played:
    return play(weeks=weeks)


@cache
def banned(weeks: int = 40) -> Played:
    return play(ban(), weeks)


# --- neutral --------------------------------------------------------------------------------------


def same(a: World, b: World) -> list[str]:
    """Columns that differ, tables of firms aside."""
    left, right = snapshot(a), snapshot(b)
    return [
        name
        for name, values in left.items()
        if not name.startswith("firms.") and values.tobytes() != right[name].tobytes()
    ]


def test_a_seat_for_a_refiner_changes_no_bit() -> None:
    """Also when its plants evade and are caught by their own rule."""
    hard: dict[str, Any] = {"users": 120, "population": 2, "parameters": {"refiner_detection": 2.0}}
    runs = [
        play(ban(), 60, lucks=12, world=build_world(plan(firms, **hard)).spread(12))
        for firms in ((MAGNETS, REFINER), ())
    ]
    assert same(runs[0].world, runs[1].world) == []
    assert any("Song Hong" in h.text for h in runs[0].told("detection"))


def test_levers_ordered_at_their_defaults_change_no_bit() -> None:
    acts = [
        (3, firm, name, lever.default)
        for firm in FIRMS
        for name, lever in LEVERS.items()
        if check_order(Order(3, firm, name, lever.default), plan(), 3) is None
    ]
    assert {name for _, _, name, _ in acts} == {n for n, v in LEVERS.items() if v.of_firms}
    assert same(play(ban() + acts).world, banned().world) == []


def test_a_batch_equals_its_lucks_alone() -> None:
    acts = [
        *ban(effort=8), *told(BATTERY, coercer_share_cap=0.2, cover_factor=3, heed_threat=0),
        *told(MAGNETS, grey_appetite=4, saving_usd_m=20, run_rate=1.2, target_sales=2),
        *told(REFINER, licence_terms=2, expansion=0.2, heed_threat=0),
    ]  # fmt: skip
    batch = play(acts, 50, seed=7, lucks=3)
    for r in range(3):
        alone = play(acts, 50, seed=7 + r)
        for name, values in snapshot(alone.world).items():
            assert values[0].tobytes() == snapshot(batch.world)[name][r].tobytes(), name
        for one, all_ in zip(alone.accounts, batch.accounts, strict=True):
            for name, values in one.firms.items():
                assert values[0].tobytes() == all_.firms[name][r].tobytes(), name


# --- a firm that uses a material ------------------------------------------------------------------


def test_no_purchases_from_the_coercer_leave_the_market_and_the_zone_freer() -> None:
    other, base = play(told(BATTERY, coercer_share_cap=0.0)), calm()
    row = other.rows(BATTERY)
    assert other.world.users.share[0, CHINA, row] < 0.03 < base.world.users.share[0, CHINA, row]
    assert other.firm("autonomy", BATTERY)[-1] > base.firm("autonomy", BATTERY)[-1] + 0.3
    grown = other.market("from_other_t", "graphite", "KOR")[-1]
    assert grown > 3 * base.market("from_other_t", "graphite", "KOR")[-1]
    dearer = other.market("price", "graphite", "KOR")[20:].mean()
    assert dearer > base.market("price", "graphite", "KOR")[20:].mean() + 0.03
    korea = other.world.setting.zone_index["KOR"]
    gain = other.world.last["zones"]["gauge_autonomy"] - base.world.last["zones"]["gauge_autonomy"]
    assert gain[0, korea] > 0


def test_a_limit_takes_hold_gradually_and_is_kept() -> None:
    run = play(told(BATTERY, coercer_share_cap=0.5), 1)
    row = run.rows(BATTERY)
    shares = []
    for _ in range(60):
        run = play(weeks=1, world=run.world)
        shares.append(float(run.world.users.share[0, CHINA, row][0]))
    assert shares[0] > 0.85
    assert shares[-1] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(shares) <= 1e-12).all()


def test_more_cover_buys_ahead_and_lifts_the_price_while_it_does() -> None:
    more, base = play(told(BATTERY, cover_factor=5.0)), calm()
    less = play(told(BATTERY, cover_factor=0.2))
    weeks = more.firm("stock_weeks", BATTERY)[-1], base.firm("stock_weeks", BATTERY)[-1]
    assert weeks[0] > 3 * weeks[1] > 6 * less.firm("stock_weeks", BATTERY)[-1]
    price = "price", "graphite", "KOR"
    assert more.market(*price)[2:14].mean() > base.market(*price)[2:14].mean() + 0.01
    assert less.market(*price)[2:14].mean() < base.market(*price)[2:14].mean()


def test_dropped_customers_cost_output_and_need_less_material() -> None:
    part, base = play(told(BATTERY, target_customers=0.0)), calm()
    row = part.rows(BATTERY)
    sold = base.world.setting.users.target_sales[row]
    # most of what is refused finds other buyers, at a discount
    found = part.world.users.redirected[0, row]
    assert 0.7 < found[0] < part.world.setting.par.redirected_share
    assert part.firm("supply", BATTERY)[1] == pytest.approx(1 - sold, rel=0.02)
    assert part.firm("supply", BATTERY)[-1] == pytest.approx(1 - sold * (1 - found), rel=1e-6)
    assert part.firm("standing", BATTERY)[-1] == pytest.approx(0.5)
    assert part.firm("profit_usd", BATTERY)[-1] < base.firm("profit_usd", BATTERY)[-1]
    orders = "orders_t", "graphite", "KOR"
    assert part.market(*orders)[-1] < base.market(*orders)[-1]


def test_a_firm_drops_customers_for_fear_unless_it_is_told_to_trade_on() -> None:
    loud = ban(effort=20)  # a threat would end the trade before anybody is caught
    # hubs fill with traders by and by, so it takes most of a year until enough of them were caught
    afraid = play(loud, 52, lucks=16)
    defiant = play(loud + told(BATTERY, heed_threat=0), 52, lucks=16)
    drops = afraid.world.users.drop_weeks[:, afraid.rows(BATTERY)[0]] > 0
    assert drops.mean() > 0.5
    assert not defiant.world.users.drop_weeks[:, defiant.rows(BATTERY)].any()
    supply = afraid.firm("supply", BATTERY)[-1]
    trusted = defiant.firm("blacklisted", BATTERY)[-1] == 0
    assert (drops & trusted).any()
    assert (defiant.firm("supply", BATTERY)[-1] > supply)[drops & trusted].all()
    # one that changes its mind serves them again at once
    later = play(told(BATTERY, heed_threat=0, week=52), 3, lucks=16, world=afraid.world)
    assert (later.firm("supply", BATTERY)[-1] > supply)[drops].all()


def test_who_trades_on_may_be_taken_for_a_violator() -> None:
    loud = ban(effort=20)
    lucks = play(loud + told(BATTERY, heed_threat=0), 60, lucks=24)
    listed = lucks.firm("blacklisted", BATTERY)[-1]
    assert 0 < listed.sum() < 24
    caught = [h for h in lucks.told("detection") if "Hangang Cells" in h.text]
    assert {h.replicate for h in caught} == set(np.flatnonzero(listed))
    share = lucks.world.users.share[:, CHINA, lucks.rows(BATTERY)[0]]
    assert (share[listed > 0] == 0).all()
    assert (share[listed == 0] > 0.5).all()
    assert (lucks.firm("standing", BATTERY)[-1][listed > 0] == 0).all()
    assert not any("Hangang" in h.text for h in play(loud, 60, lucks=24).told("detection"))


def test_own_redesign_saves_material_whatever_the_price() -> None:
    spends, base = play(told(BATTERY, saving_usd_m=20)), calm()
    row = spends.rows(BATTERY)
    assert spends.world.users.intensity[0, row] < base.world.users.intensity[0, row] - 0.04
    used = "demand_t", "graphite", "KOR"
    assert spends.market(*used)[-1] < 0.99 * base.market(*used)[-1]
    others = np.delete(np.arange(base.world.users.rows), row)
    before, after = base.world.users.intensity[0, others], spends.world.users.intensity[0, others]
    assert after == pytest.approx(before, abs=2e-3)
    # twenty million a quarter are one and a half million a week
    gap = base.firm("profit_usd", BATTERY)[3] - spends.firm("profit_usd", BATTERY)[3]
    assert gap == pytest.approx(20e6 / 13, rel=0.02)


# --- the magnet maker in the target ---------------------------------------------------------------


def test_an_appetite_for_grey_goods_moves_purchases_to_hubs() -> None:
    base = banned()
    hungry = play(ban() + told(MAGNETS, grey_appetite=5))
    clean = play(ban() + told(MAGNETS, grey_appetite=0))
    grey = [run.firm("grey_share", MAGNETS)[15:].mean() for run in (clean, base, hungry)]
    assert grey[0] == 0 < grey[1] < grey[2]
    t = [run.market("from_grey_t", "dy_oxide", "JPN")[15:].mean() for run in (clean, base, hungry)]
    assert t[0] < 0.7 * t[1] < t[1] < t[2]
    standing = [run.firm("standing", MAGNETS)[-1] for run in (clean, base, hungry)]
    assert standing[0] > max(standing[1:])  # the other two buy what the hubs' traders can send


def test_running_slower_makes_magnets_scarce_in_the_target() -> None:
    slow, fast = play(told(MAGNETS, run_rate=0.5)), play(told(MAGNETS, run_rate=1.3))
    supply = [run.firm("supply", MAGNETS)[-1] for run in (slow, calm())]
    assert supply[0] == pytest.approx(0.5, abs=0.1)
    assert supply[1] == pytest.approx(1.0, abs=0.01)
    price = [run.market("price", "ndfeb_magnet", "JPN")[-1] for run in (slow, calm(), fast)]
    assert price[0] > 1.3 * price[1] >= 1.3 * price[2]
    bought = [run.market("orders_t", "ndpr_oxide", "JPN")[-1] for run in (slow, calm(), fast)]
    assert bought[0] < 0.8 * bought[1] < bought[1] < bought[2]
    plant = fast.plants(MAGNETS)
    made = [run.accounts[12].producers["output_t"][0, plant] for run in (calm(), fast)]
    assert made[0] < made[1] <= fast.world.plants.capacity[0, plant]


def test_sales_follow_the_weight_of_the_target() -> None:
    away, keen = (play(ban() + told(MAGNETS, target_sales=weight)) for weight in (0, 3))
    sent = [r.market("from_other_t", "ndfeb_magnet", "JPN")[-1] for r in (away, banned(), keen)]
    assert sent[0] < 0.6 * sent[1]
    assert sent[1] < sent[2]
    price = [r.market("price", "ndfeb_magnet", "JPN")[-1] for r in (away, banned(), keen)]
    assert price[0] > 1.2 * price[1] > 1.2 * price[2]
    assert away.firm("standing", MAGNETS)[-1] < banned().firm("standing", MAGNETS)[-1] - 0.1


def test_a_cap_on_feed_frees_the_markets_of_the_feed() -> None:
    free, base = play(told(MAGNETS, coercer_feed_cap=0)), calm()
    assert free.firm("autonomy", MAGNETS)[-1] > base.firm("autonomy", MAGNETS)[-1] + 0.2
    for material in ("ndpr_oxide", "dy_oxide"):
        true = "china_share_true", material, "JPN"
        assert free.market(*true)[-1] < base.market(*true)[-1] - 0.05
    # there is little dysprosium elsewhere, and it limits what the magnets take of the rest
    assert free.market("price", "dy_oxide", "JPN")[-1] > 1.5
    assert free.firm("supply", MAGNETS)[-1] < base.firm("supply", MAGNETS)[-1] - 0.2


def test_capacity_comes_three_quarters_after_it_is_ordered_and_is_paid_for() -> None:
    grown, base = play(told(MAGNETS, expansion=0.2), 92), calm(92)
    capacity = np.array([a.producers["capacity_t_per_week"][0] for a in grown.accounts])
    mine = capacity[:, grown.plants(MAGNETS)[0]]
    assert (mine[:39] == mine[0]).all()
    assert mine[91] == pytest.approx(1.2 * mine[0], rel=0.02)
    cost = base.firm("profit_usd", MAGNETS)[40] - grown.firm("profit_usd", MAGNETS)[40]
    plant = grown.world.setting.base.plants[grown.plants(MAGNETS)[0]]
    assert cost == pytest.approx(1.5 * 0.2 * plant.capacity_t * plant.cost * 60000, rel=0.05)
    stop = play([*told(MAGNETS, expansion=0.2), *told(MAGNETS, week=13, expansion=0.0)], 92)
    half = stop.world.plants.capacity[0, stop.plants(MAGNETS)[0]]
    assert half == pytest.approx(1.05 * mine[0], rel=0.02)


def test_a_growing_refiner_grows_with_all_that_is_in_its_ore() -> None:
    grown = play(told(REFINER, expansion=0.2), 92)
    before = settled(*FIRMS).plants.capacity[0, grown.plants(REFINER)]
    more = grown.world.plants.capacity[0, grown.plants(REFINER)] - before
    material = [grown.world.setting.base.plants[k].material for k in grown.plants(REFINER)]
    by_name = dict(zip(material, more, strict=True))
    assert by_name["ndpr_oxide"] == pytest.approx(0.2 * before.max(), rel=0.02)
    assert by_name["dy_oxide"] == pytest.approx(0.1 * by_name["ndpr_oxide"], rel=0.05)


# --- the refiner abroad ---------------------------------------------------------------------------


def shipped(run: Played, column: str = "shipped_china_origin_t") -> Any:
    """Tonnes of dysprosium oxide from the refiner's zone to the target by week and luck."""
    setting = run.world.setting
    flows = setting.flow_map
    row = np.flatnonzero(
        (flows.material == setting.material_index["dy_oxide"])
        & (flows.origin == setting.zone_index["VNM"])
        & (flows.to == setting.target)
        & (np.array(flows.channel) == "other")
    )
    return np.array([account.flows[column][:, row[0]] for account in run.accounts])


def test_evading_sells_the_coercers_goods_on_and_accepting_does_not() -> None:
    evades = play(ban(effort=0) + told(REFINER, week=2, licence_terms=2), 30)
    accepts = play(ban(effort=0) + told(REFINER, week=2, licence_terms=0), 30)
    assert shipped(accepts)[6:].sum() == 0
    assert shipped(evades)[6:].min() > 0.02
    true = [r.market("china_share_true", "dy_oxide", "JPN")[12:].mean() for r in (accepts, evades)]
    other = [r.market("from_other_t", "dy_oxide", "JPN")[12:].mean() for r in (accepts, evades)]
    assert true[1] > true[0]
    assert other[1] > 1.2 * other[0]
    assert evades.firm("standing", REFINER)[-1] < accepts.firm("standing", REFINER)[-1]


def test_an_evader_may_be_caught_and_then_loses_all_its_feed() -> None:
    lucks = play(ban(effort=10) + told(REFINER, week=2, licence_terms=2), 60, lucks=16)
    listed = lucks.firm("blacklisted", REFINER)[-1]
    assert 0 < listed.sum() <= 16
    desks = lucks.rows(REFINER)
    share = lucks.world.users.share[:, CHINA][:, desks]
    assert (share[listed > 0] == 0).all()
    terms = lucks.world.plants.terms[:, lucks.plants(REFINER)]
    assert (terms[listed > 0].max(axis=-1) < 2).all()  # nothing is left to evade with
    freed = lucks.firm("autonomy", REFINER)[-1]
    assert freed[listed > 0].min() > 0.5 > calm().firm("autonomy", REFINER)[-1]
    assert (lucks.firm("standing", REFINER)[-1][listed > 0] == 0).all()


def test_who_quits_needs_no_feed_from_the_coercer_and_frees_the_target() -> None:
    quits = play(told(REFINER, licence_terms=1))
    assert (quits.world.plants.terms[0, quits.plants(REFINER)] == 1).all()
    assert quits.firm("autonomy", REFINER)[-1] > calm().firm("autonomy", REFINER)[-1] + 0.3
    true = "china_share_true", "ndpr_oxide", "JPN"
    assert quits.market(*true)[-1] < calm().market(*true)[-1] - 0.03
    ore = "from_other_t", "ndpr_ore", "VNM"
    assert quits.market(*ore)[-1] > 1.5 * calm().market(*ore)[-1]
    back = play(told(REFINER, week=40, licence_terms=-1), 14, world=quits.world)
    assert (back.world.plants.terms[0, back.plants(REFINER)] == 0).all()  # nothing is barred


def test_a_refiner_that_stands_still_is_missed_in_the_target() -> None:
    still = play(told(REFINER, run_rate=0))
    other = "from_other_t", "ndpr_oxide", "JPN"
    assert still.market(*other)[-1] < 0.95 * calm().market(*other)[-1]
    price = "price", "ndpr_oxide", "JPN"
    assert still.market(*price)[-1] > calm().market(*price)[-1] + 0.02


# --- books and pictures ---------------------------------------------------------------------------


def test_profit_adds_up_and_a_calm_firm_earns_its_margin() -> None:
    base = calm()
    for firm in FIRMS:
        week, total = base.firm("profit_usd", firm), base.firm("profit_total_usd", firm)
        assert total == pytest.approx(np.cumsum(week, axis=0))
        assert (week > 0).all()
    users = base.world.setting.users
    margin = 0.3 * users.value_added[base.rows(BATTERY)] / 52
    assert base.firm("profit_usd", BATTERY)[0] == pytest.approx(margin, rel=0.01)


def test_gauges_lie_between_nought_and_one_and_a_calm_firm_stands_well() -> None:
    for run in (calm(), banned()):
        for firm in FIRMS:
            for name in ("supply", "autonomy", "standing"):
                values = run.firm(name, firm)
                assert values.min() >= 0
                assert values.max() <= 1
    assert calm().firm("supply", BATTERY) == pytest.approx(1.0)
    assert calm().firm("standing", MAGNETS)[-1] > 0.9


def test_a_firm_sees_its_own_books_and_the_prices_it_meets() -> None:
    run = banned()
    view = firm_view(run.world, BATTERY).luck(0)
    row = run.rows(BATTERY)[0]
    assert view.materials == ("graphite",)
    assert view.products == ()
    assert view.stock_t[0] == pytest.approx(run.world.users.stock[0, :, row].sum())
    assert view.price[0] == run.market("price", "graphite", "KOR")[-1, 0]
    assert float(view.profit_usd) == run.firm("profit_usd", BATTERY)[-1, 0]
    assert float(view.ban_on_target) == 0.9
    refiner = firm_view(run.world, REFINER)
    assert refiner.products == ("dy_oxide", "tb_oxide", "ndpr_oxide")
    assert refiner.materials == ("ndpr_ore", "dy_ore")
    assert refiner.price.shape == (1, 2)
    assert refiner.of("JPN", "floor_usd_per_kg.dy_oxide").shape == (1,)


def test_a_firm_sees_no_secret_of_anybody() -> None:
    world = play(ban() + told(BATTERY, coercer_share_cap=0.4), 3).world
    for firm in FIRMS:
        view = firm_view(world, firm)
        for actor, lever in (("CHN", "enforcement"), ("VNM", "hub_policing"), ("CHN", "flood")):
            with pytest.raises(Hidden):
                view.of(actor, lever)
        with pytest.raises(Hidden):
            view.of(BATTERY, "coercer_share_cap")
        secrets = SECRET & set(view.regime)
        assert all(view.regime[name].shape == (1,) for name in secrets)  # its own, of nobody else
        assert not {name for name in secrets if not LEVERS[name].of_firms}
        state = state_view(world, "KOR")
        with pytest.raises(Hidden):
            state.of(firm, "cover_factor")
    assert firm_view(world, BATTERY).own("coercer_share_cap")[0] == 0.4


def test_what_others_hold_does_not_reach_a_firms_picture() -> None:
    """Two worlds that differ in others' stocks and in policing alone look the same."""
    world = play(ban(), 12).world
    other = world.copy()
    mine = play(weeks=0, world=world).rows(BATTERY)[0]
    other.users.stock[..., np.arange(other.users.rows) != mine] *= 2.0
    other.traders.stock *= 3.0
    other.plants.stock *= 2.0
    other.regime["enforcement"] = other.regime["enforcement"] + 5.0
    other.regime["hub_policing"] = np.minimum(1.0, other.regime["hub_policing"] + 0.5)
    other.hubs.belief = other.hubs.belief * 2.0
    other.refresh_law()
    assert told_in(firm_view(world, BATTERY)) == told_in(firm_view(other, BATTERY))


def told_in(view: FirmView) -> dict[str, str]:
    return {name: repr(value) for name, value in vars(view).items()}


def test_orders_under_way_show_in_the_own_picture_only() -> None:
    world = play(told(MAGNETS, expansion=0.1), 3).world
    assert world.regime["expansion"][0, 1, 0] == 0
    assert firm_view(world, MAGNETS).own("expansion")[0] == 0.1
    assert firm_view(world, REFINER).own("expansion")[0] == 0
