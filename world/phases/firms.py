"""Firms with a seat: capacity that they add, suspicion that falls on them, and their books.

ODD 7.18. Nothing here happens to a firm whose levers stand at their defaults; its books are kept
all the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.contracts import contract_payments, firms_part
from world.firm_rows import blacklisted, of_firms, of_plants
from world.firms import EVADE
from world.laws.capacity import RUNNING
from world.laws.flows import ratio
from world.laws.inspection import detection_probability
from world.phases.scratch import Week, need
from world.regime import (
    believed_risk,
    buyers_gap,
    floor_support,
    offtake_gap,
    own_policing,
    plant_market_price,
)
from world.setting import MAIN, OTHER
from world.state import World
from world.sums import add_up
from world.units import QUARTER, USD_M

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

LONGEST_COVER = 520.0  # weeks on record of a firm that uses nothing any more: for ever


def expand(week: Week) -> None:
    """Running plants grow by the ordered part of what stood at the start, in weekly steps."""
    world = week.world
    firms, rows = world.setting.firms, world.plants
    rate = of_plants(world, "expansion")
    if not (rate > 0).any():
        return
    running = rows.status[:, firms.plants] == RUNNING
    rows.capacity[:, firms.plants] += rate / 52.0 * growth_base(week) * running


def growth_base(week: Week) -> Array:
    """(p,) t/week that a full yearly expansion is a share of.

    A refiner with several circuits grows with the ore that passes all of them: its smaller
    circuits by what the coercer's producers make of these materials beside the main one, times
    what ionic clay holds more of them, where that is more than stands there.
    """
    setting, par = week.world.setting, week.world.setting.par
    firms, traits = setting.firms, setting.plants
    capacity = np.array([plant.capacity_t for plant in setting.base.plants])
    output = np.array([plant.base_output_t for plant in setting.base.plants])
    common = setting.plant_pool.sum(np.where(traits.coercer, output, 0.0))[traits.material]
    base = capacity[firms.plants]
    scale = ratio(base, common[firms.plants], 0.0)  # how much of a full circuit each plant is
    for f in range(len(firms)):
        own = firms.plant_firm == f
        if np.count_nonzero(own) > 1:
            main = par.clay_factor * scale[own][np.argmax(base[own])]
            small = base < base[own].max()
            more = np.maximum(base, main * common[firms.plants])
            base = np.where(own & small, more, base)
    return base


def false_alarm(world: World, trace: Array, zone: Index) -> Array:
    """(R, n) weekly odds that firms which trade legally with the target are taken for violators."""
    par, law = world.setting.par, world.law
    found = detection_probability(
        law.effort[:, None],
        np.zeros((world.replicates, len(zone))),
        np.minimum(1.0, trace * (1.0 + law.tracing[:, zone])),
        own_policing(world)[:, zone],
        np.ones((world.replicates, len(zone))),
        par.detection_base,
        par.detection_anomaly,
        par.detection_trace,
    )
    return par.false_positive_share * found


def suspect(week: Week) -> Flags | None:
    """Firms that trade on in spite of their fear are now and then taken for violators.

    The false alarm has the odds of detection without an anomaly, times the share of legal deals
    that are taken for violations; it costs the coercer's supply as a true one does. Who is caught.
    """
    world = week.world
    setting, par = world.setting, world.setting.par
    rows, defies = world.firms, week.choice.firm_defies
    rows.blacklist_weeks[:] = np.maximum(0.0, rows.blacklist_weeks - 1.0)
    _answer_for_plants(week)
    if defies is None:
        return None
    zone = np.array([setting.zone_index[firm.zone] for firm in setting.firms.firms])
    odds = false_alarm(world, _trace(week), zone)
    luck = week.draws.uniform(world.week, "false alarm", len(setting.firms))
    caught = defies & (luck < odds) & ~blacklisted(world)
    rows.blacklist_weeks[:] = np.where(caught, par.blacklist_weeks, rows.blacklist_weeks)
    for replicate, f in zip(*np.nonzero(caught), strict=True):
        firm = setting.firms.firms[f]
        week.tell(
            int(replicate),
            "detection",
            setting.scenario.coercer,
            firm.zone,
            f"{firm.title} goes on selling to {setting.scenario.target}, is taken for a violator "
            f"of the clause and gets no supply for {int(par.blacklist_weeks)} weeks.",
            firm=firm.id,
            weeks=float(par.blacklist_weeks),
        )
    return np.asarray(caught)


def _answer_for_plants(week: Week) -> None:
    """A firm told to evade loses all its feed when one of its plants is caught at it.

    Goods are traced weeks after they were sold, so it answers for a while after it stops.
    """
    world = week.world
    par, firms, rows = world.setting.par, world.setting.firms, world.firms
    told = (of_plants(world, "licence_terms") == EVADE) & (
        world.plants.terms[:, firms.plants] == EVADE
    )
    evades = firms.by_plant.sum(told.astype(float)) > 0
    left = np.maximum(0.0, rows.liable_weeks - 1.0)
    rows.liable_weeks[:] = np.where(evades, par.tracing_weeks + 1.0, left)
    if not (rows.liable_weeks > 0).any():
        return
    listed = world.plants.blacklist_weeks[:, firms.plants]
    just_now = (listed > 0) & (listed >= par.blacklist_weeks)
    caught = (firms.by_plant.sum(just_now.astype(float)) > 0) & (rows.liable_weeks > 0)
    rows.blacklist_weeks[:] = np.where(caught, par.blacklist_weeks, rows.blacklist_weeks)


def _trace(week: Week) -> Array:
    """(F,) how well the origin of what a firm sells can be shown, at its most traceable."""
    setting = week.world.setting
    firms = setting.firms
    after = np.array([m.traceability_after_processing for m in setting.base.materials])
    trace = np.zeros(len(firms))
    np.maximum.at(trace, firms.plant_firm, after[setting.plants.material[firms.plants]])
    single = firms.users < setting.users.industrial.stop
    material = setting.users.market[firms.users[single]] // setting.Z
    np.maximum.at(trace, firms.user_firm[single], setting.trace[material])
    return trace


# --- books ----------------------------------------------------------------------------------------


def firm_books(week: Week) -> dict[str, Array]:
    """Columns of the week by firm, (R, F) each (ODD 7.18)."""
    world = week.world
    if not len(world.setting.firms):
        return {}
    sent = _deliveries(week)
    profit = _profit(week, sent)
    world.firms.profit_usd += profit
    supply, autonomy, standing = _gauges(week, sent)
    total = sent["all"]
    return {
        "supply": supply,
        "autonomy": autonomy,
        "standing": standing,
        "profit_usd": profit,
        "profit_total_usd": world.firms.profit_usd.copy(),
        "stock_weeks": _cover(week),
        "fill": np.minimum(1.0, ratio(total, sent["asked"], 1.0)),
        "from_china_share_true": ratio(sent["chinese"], total, np.nan),
        "grey_share": ratio(sent["grey"], total, 0.0),
        "blacklisted": blacklisted(world).astype(float),
    }


def _deliveries(week: Week) -> dict[str, Array]:
    """What leaves for the firms this week, (R, F) in USD at base prices, and (R, n) as it is.

    Values at base prices let inputs of one refiner be added.
    """
    setting = week.world.setting
    firms, rows = setting.firms, setting.firms.users
    market = setting.users.market[rows]
    usd = setting.market_price_usd[market]
    # np.take keeps the layout of rows, on which the last bit of a sum depends
    asked, fill = np.take(need(week.asked_by), rows, -1), np.take(need(week.fill), market, -1)
    mix = np.take(need(week.mix), market, -1)
    main = asked * fill[:, :MAIN]
    chinese = add_up(main * mix[:, :MAIN], axis=1)
    grey, grey_chinese = np.zeros_like(chinese), np.zeros_like(chinese)
    here = np.flatnonzero(setting.users.zone[rows] == setting.target)
    places = np.searchsorted(setting.grey_users, rows[here])
    hubs = np.take(need(week.asked_grey), places, -1) * np.take(fill[:, setting.grey], here, -1)
    grey[:, here] = add_up(hubs, axis=1)
    grey_chinese[:, here] = add_up(hubs * np.take(mix[:, setting.grey], here, -1), axis=1)
    tonnes = add_up(main, axis=1) + grey
    worth = firms.by_user.sum
    return {
        "tonnes": tonnes, "other": main[:, OTHER], "all": worth(usd * tonnes),
        "asked": worth(usd * need(week.asked)[:, rows]),
        "chinese": worth(usd * (chinese + grey_chinese)), "grey": worth(usd * grey),
    }  # fmt: skip


def _cover(week: Week) -> Array:
    """(R, F) weeks for which the stocks last at the expected need, by value; ten years at most."""
    world = week.world
    firms, rows = world.setting.firms, world.setting.firms.users
    usd = world.setting.market_price_usd[world.setting.users.market[rows]]
    held = firms.by_user.sum(usd * add_up(world.users.stock[:, :, rows], axis=1))
    weeks = ratio(held, firms.by_user.sum(usd * world.users.expected_need[:, rows]), np.nan)
    return np.minimum(LONGEST_COVER, weeks)


def _profit(week: Week, sent: dict[str, Array]) -> Array:
    """(R, F) USD of the week: margin on output, less dearer inputs, holding and spending.

    Inputs count as bought at the price of the week and used at the base price, so a stock is worth
    what it cost in calm times and a tonne saved is a gain; the margin is net of normal inputs.
    """
    world = week.world
    setting, par = world.setting, world.setting.par
    firms, rows = setting.firms, setting.firms.users
    market = setting.users.market[rows]
    usd, price = setting.market_price_usd[market], world.markets.price[:, market]
    paid = (price - 1.0) * sent["tonnes"] - world.law.credit[:, market] * price * sent["other"]
    if week.lent is not None:  # bought and sold between users at the price of the week
        paid = paid - (price - 1.0) * week.lent[:, rows]
    held = par.stock_holding_cost / 52.0 * price * add_up(world.users.stock[:, :, rows], axis=1)
    cost = firms.by_user.sum(usd * (paid + held + need(week.use)[:, rows] - _normal_use(week)))
    value = setting.users.value_added[rows] / 52.0
    line = firms.by_user.sum(world.users.line_rate[:, rows] * value)
    # who sells elsewhere what it refused gets less for it
    single = rows < setting.users.industrial.stop
    cheaper = np.zeros((world.replicates, len(rows)))
    cheaper[:, single] = need(week.discount)[:, rows[single]] * value[single]
    margin = par.firm_margin * line - firms.by_user.sum(cheaper)
    margin = margin + firms.by_plant.sum(_sales_margin(week))
    spent = USD_M / QUARTER * of_firms(world, "saving_usd_m") + _growth_cost(week)
    spent = spent + contract_cost(world)
    if week.compensated is not None:  # by its state, for being listed
        margin = margin + week.compensated
    return np.asarray(margin - cost - spent)


def contract_cost(world: World) -> Array:
    """(R, F) USD of the week that firms pay under their contracts for supply beyond the market."""
    setting, part = world.setting, firms_part(world)
    firms = setting.firms
    if part is None:
        return np.zeros((world.replicates, len(firms)))
    material = setting.users.market[firms.users] // setting.Z
    return firms.by_user.sum(part * contract_payments(world)[:, material])


def _normal_use(week: Week) -> Array:
    """(R, n) input that the week's output takes at the start's intensity."""
    world = week.world
    setting = world.setting
    users, rows = setting.users, setting.firms.users
    normal = users.need[rows] * world.users.line_rate[:, rows]
    desks = np.flatnonzero(rows >= users.industrial.stop)
    place = rows[desks] - users.feed.start
    made = world.plants.output[:, users.feed_plant[place]]
    normal[:, desks] = users.feed_per_output[place] * made
    return normal


def _sales_margin(week: Week) -> Array:
    """(R, p) USD: what plants sell at their buyers' prices and receive, over avoidable cost."""
    world = week.world
    setting, par = world.setting, world.setting.par
    plants, rows = setting.firms.plants, world.plants
    grid = world.markets.price.reshape(-1, setting.M, setting.Z)
    price = grid[:, setting.plants.material]
    market = plant_market_price(world)
    own, contract = floor_support(setting, world.law, market)
    helped = own + contract
    helped = helped + offtake_gap(world, market + helped, par.offtake_margin)
    helped = (helped + buyers_gap(world, market + helped)) * rows.output
    sold = np.take(need(week.from_plants), plants, 1)
    cost = rows.cost * par.avoidable_cost_share * (1.0 - week.choice.plant_support)
    over = np.take(price, plants, 1) - cost[:, plants, None]
    gain = add_up(sold * over, axis=-1) + helped[:, plants]
    return np.asarray(gain * setting.base_price[setting.plants.material[plants]])


def _growth_cost(week: Week) -> Array:
    """(R, F) USD of the capacity that is added this week."""
    world = week.world
    setting = world.setting
    firms, rows = setting.firms, world.plants
    rate = of_plants(world, "expansion") * (rows.status[:, firms.plants] == RUNNING)
    if not (rate > 0).any():
        return np.zeros((world.replicates, len(firms)))
    sales = rows.cost[:, firms.plants] * setting.base_price[setting.plants.material[firms.plants]]
    return firms.by_plant.sum(setting.par.expansion_cost * rate * growth_base(week) * sales)


def _gauges(week: Week, sent: dict[str, Array]) -> tuple[Array, Array, Array]:
    """Supply, autonomy and standing of every firm, each 0 to 1."""
    world = week.world
    setting = world.setting
    firms, rows, users = setting.firms, setting.firms.users, world.users
    single = (rows < setting.users.industrial.stop).astype(float)
    made = world.plants.output[:, firms.plants]
    usd = setting.base_price[setting.plants.material[firms.plants]]
    output = ratio(firms.by_plant.sum(usd * made), firms.by_plant.sum(usd * firms.base_output), 1.0)
    line = firms.by_user.sum(single * users.line_rate[:, rows])
    supply = np.where(firms.by_user.sum(single) > 0, line, np.minimum(1.0, output))
    worth = setting.market_price_usd[setting.users.market[rows]]
    held = firms.by_user.sum(worth * users.stock[:, :, rows])
    # plants whose input is no market of the scenario show what they have made of it
    finished = firms.by_plant.sum(usd * world.plants.stock[:, :, firms.plants])
    held = np.where(firms.by_user.sum(np.ones(len(rows))) > 0, held, finished)
    chinese = ratio(held[:, 0], add_up(held, axis=1), 0.0)
    standing = np.where(blacklisted(world), 0.0, (1.0 - _risk(week, sent)) * _loyalty(week))
    return supply, 1.0 - chinese, standing


def _risk(week: Week, sent: dict[str, Array]) -> Array:
    """(R, F) chance of being caught within a year at what it does, as firms of its zone believe."""
    world = week.world
    setting, par = world.setting, world.setting.par
    firms = setting.firms
    mine = believed_risk(world)[:, [setting.zone_index[firm.zone] for firm in firms.firms]]
    evading = firms.by_plant.sum((world.plants.terms[:, firms.plants] == EVADE).astype(float)) > 0
    evading &= (world.law.clause > 0)[:, None]
    share = np.where(evading, 1.0, ratio(sent["grey"], sent["all"], 0.0))
    defies = week.choice.firm_defies
    if defies is not None:
        share = np.maximum(share, par.false_positive_share * defies)
    return np.asarray(1.0 - (1.0 - mine * share) ** 52)


def _loyalty(week: Week) -> Array:
    """(R, F) 1 for a firm that serves its customers in the target, less if it dropped some."""
    world = week.world
    setting = world.setting
    firms, t = setting.firms, setting.target
    rows = firms.users
    single = rows < setting.users.industrial.stop
    lost = np.zeros((world.replicates, len(rows)))
    lost[:, single] = world.users.drop_weeks[:, rows[single]] > 0
    ordered = 1.0 - of_firms(world, "target_customers")
    lost_sales = np.maximum(firms.by_user.sum(lost), ordered)
    worth = setting.base_price[setting.plants.material[firms.plants]]
    usual = worth * setting.plants.sales_weight[firms.plants, t] * firms.base_output
    sold = firms.by_plant.sum(worth * need(week.from_plants)[:, firms.plants, t])
    served = np.minimum(1.0, ratio(sold, firms.by_plant.sum(usual) + 0.0 * sold, 1.0))
    plants = firms.by_plant.sum(np.ones(len(firms.plants))) > 0
    return 1.0 - setting.par.customers_standing * np.where(plants, 1.0 - served, lost_sales)
