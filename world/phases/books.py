"""The week's accounts: what is recorded, money, damage and the mass balance (ODD 7.13, 9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.contracts import contract_payments
from world.firm_rows import contracts, signed
from world.laws.capacity import IDLE, MOTHBALLED, PLANNED, RUNNING, STATUS
from world.laws.flows import ratio
from world.laws.output import supply_gauge
from world.phases.damage import damage
from world.phases.firms import firm_books
from world.phases.income import income, opinion
from world.phases.record import beliefs, goods_table, law_table, moods
from world.phases.scratch import Week, need
from world.phases.sharing import lent_by_market, sharing_cost
from world.phases.trials import trial_spending
from world.purse import columns
from world.regime import floor_support, offtake_split, plant_market_price
from world.setting import CHINA, OTHER, RECYCLED
from world.sums import add_up
from world.units import QUARTER, TINY, USD_M

Array = NDArray[np.float64]


def account(week: Week) -> None:
    """Fills the account of the week and the world's `last`."""
    world = week.world
    book = week.account
    book.markets = _markets(week)
    lost = damage(week)
    money = _money(week)
    book.zones = _zones(week, lost, money) | moods(week) | columns(world)
    book.hubs = _hubs(week) | beliefs(world)
    book.law = law_table(world)
    book.goods = goods_table(world)
    book.producers = _producers(week)
    book.flows = _flows(week)
    book.firms = firm_books(week)
    world.last = {
        "markets": book.markets, "zones": book.zones, "hubs": book.hubs, "firms": book.firms,
    }  # fmt: skip
    _balance(week)


def _markets(week: Week) -> dict[str, Array]:
    world = week.world
    setting, markets, groups = world.setting, world.markets, world.setting.user_markets
    users, rows = setting.users, world.users
    slot = world.week % setting.slots
    arrivals = markets.on_way[:, slot].copy()
    # what a stock held of Chinese origin had been declared so when it was bought
    came, stock_chinese = arrivals[:, : setting.C + 1], arrivals[:, setting.C + 1]
    markets.on_way[:, slot] = 0.0
    arrived = need(week.arrived)
    total = add_up(arrived, axis=1)
    demand = groups.sum(rows.intensity * users.need)
    orders = add_up(need(week.orders), axis=1)
    held = rows.stock[:, 0] + rows.stock[:, 1]
    reserve = np.zeros((world.replicates, setting.K))
    part = users.reserve
    reserve[:, users.market[part]] = held[:, part]
    held[:, part] = 0.0
    wanted = groups.sum(rows.expected_need)
    stopped = groups.sum(users.need * (rows.line_rate < setting.par.stopped_line))
    base = setting.base_need
    shipped = need(week.shipped)
    filled = add_up(shipped, axis=1)
    grey = add_up(came[:, setting.grey], axis=1)
    china = came[:, CHINA]
    refusing = np.zeros_like(held)
    refusing[:, users.industrial] = users.need[users.industrial] * need(week.refuses)
    lines = np.broadcast_to(setting.lines_need, stopped.shape)
    withheld = need(week.withheld)
    legal = withheld + shipped[:, OTHER]
    nothing = np.nan
    return {
        "price": markets.price.copy(),
        "price_usd_per_t": markets.price * setting.market_price_usd,
        "reference_price": need(week.delivered),
        "floor_usd_per_t": np.where(
            world.law.floor > 0, world.law.floor * setting.market_price_usd, nothing
        ),
        "demand_t": demand,
        "orders_t": orders,
        "delivered_t": add_up(came, axis=1),
        "shortage_t": np.maximum(0.0, orders - filled),
        "from_china_t": china,
        "from_grey_t": grey,
        "from_other_t": came[:, OTHER],
        "from_recycled_t": came[:, RECYCLED],
        "from_stockpile_t": came[:, setting.C],
        "china_share_declared": ratio(china + stock_chinese, add_up(came, axis=1), nothing),
        "china_share_true": ratio(arrived[:, 0], total, nothing),
        "cover_weeks": ratio(groups.sum(held), wanted, nothing),
        "stopped_line_share": ratio(stopped, base, nothing),
        "hoarding": markets.hoarding.copy(),
        "over_compliance_share": ratio(withheld, legal, nothing),
        "refused_customers_share": ratio(groups.sum(refusing), lines, nothing),
        "stockpile_t": reserve,
        "recycling_t": markets.recycling.copy(),
        "equity_t": markets.equity / 52.0,
        "lent_t": lent_by_market(week),
    }


def _money(week: Week) -> dict[str, Array]:
    """Budget lines of the week by zone, USD: floor payments, tariffs, stocks, support."""
    world = week.world
    setting, law, regime = world.setting, world.law, world.regime
    par = setting.par
    grid = (-1, setting.M, setting.Z)
    usd = setting.market_price_usd
    price = world.markets.price
    shipped = need(week.shipped)
    # with tracing, ex-China goods of Chinese origin pay what goods from the coercer pay
    traced = np.tile(law.tracing, setting.M) * need(week.mix)[:, OTHER] * shipped[:, OTHER]
    dutiable = shipped[:, CHINA] + traced
    revenue = add_up((need(week.duty) * dutiable * usd).reshape(grid), axis=1)
    floor_cost = _floor_payments(week)
    users, part = setting.users, setting.users.reserve
    bought = np.zeros((world.replicates, setting.K))
    filled = ratio(add_up(shipped, axis=1), add_up(need(week.orders), axis=1), 1.0)
    bought[:, users.market[part]] = need(week.asked)[:, part] * filled[:, users.market[part]]
    held = np.zeros_like(bought)
    held[:, users.market[part]] = add_up(world.users.stock[:, :, part], axis=1)
    paid = (bought + held * setting.par.stock_holding_cost / 52.0) * price * usd
    stock = add_up(paid.reshape(grid), axis=1)
    other = shipped[:, OTHER] * price * usd
    credit = add_up((law.credit * other).reshape(grid), axis=1)
    research = USD_M * (regime["research_usd_m"][:, :, 0] + trial_spending(world)) / QUARTER
    costs = world.plants.output * world.plants.cost * setting.base_price[setting.plants.material]
    support = add_up(costs[..., None] * week.choice.plant_backers, axis=1)
    recycled = add_up((shipped[:, RECYCLED] * price * usd).reshape(grid), axis=1)
    support += par.recycling_cost * regime["recycling_support"][:, :, 0] * recycled
    imports = (shipped[:, CHINA] + shipped[:, OTHER]) * price * usd
    border = par.tracing_cost * law.tracing + par.policing_cost * law.help_
    support += border * add_up(imports.reshape(grid), axis=1)
    support += week.money["equity"]
    if "cover" in week.money:
        support += week.money["cover"]
    register = sharing_cost(week)
    if register is not None:
        support += register
    world.zones.budget_usd += revenue - floor_cost - stock - credit - research - support
    world.zones.budget_usd[:, setting.coercer] -= _cost_of_coercion(week)
    world.zones.income_usd += income(week)
    seen = world.zones.opinion[:, setting.coercer] + opinion(week)
    world.zones.opinion[:, setting.coercer] = np.clip(seen, 0.0, 1.0)
    return {"floor": floor_cost, "tariff": revenue, "subsidy": credit + research + support}


def _cost_of_coercion(week: Week) -> Array:
    """(R,) USD a week: margin on exports that do not leave, discounts of a flood, and policing."""
    world = week.world
    setting, par, law = world.setting, world.setting.par, world.law
    trade = setting.base.trade_t[:, setting.coercer, :]
    usual = add_up(trade, axis=1) - trade[:, setting.coercer]
    sold = need(week.from_coercer).reshape(-1, setting.M, setting.Z)
    left = add_up(sold, axis=-1) - sold[:, :, setting.coercer]
    margin = par.export_margin * setting.base_price
    lost = add_up(margin * np.maximum(0.0, usual - left), axis=-1)
    given = add_up(law.flood * setting.base_price * left, axis=-1)
    policing = par.enforcement_cost * law.effort**2 * float(add_up(margin * usual, axis=-1))
    return np.asarray(lost + given + policing)


def _floor_payments(week: Week) -> Array:
    """(R, Z) what states pay to own plants and to plants under contract, USD."""
    world = week.world
    setting, traits, law = world.setting, world.setting.plants, world.law
    market = plant_market_price(world)
    running = (world.plants.status == RUNNING) & ~traits.coercer
    output = world.plants.output * running * setting.base_price[traits.material]
    own, contract = floor_support(setting, law, market)
    by_material = contract_payments(world)[..., None] * offtake_split(world)
    if signed(world) is not None:  # what firms have contracted they pay themselves
        by_states = world.regime["offtake"].swapaxes(1, 2)
        by_material *= ratio(by_states, contracts(world).swapaxes(1, 2), 0.0)
    return np.asarray(
        add_up(by_material, axis=1)
        + setting.plant_zones.sum(own * output)
        + setting.plant_buyers.sum(contract * output)
    )


def _zones(week: Week, lost: dict[str, Array], money: dict[str, Array]) -> dict[str, Array]:
    world = week.world
    setting, zones = world.setting, world.zones
    share = lost["share"]
    grid = (-1, setting.M, setting.Z)
    employment = np.array([zone.employment for zone in setting.base.zones])
    cover = np.nan_to_num(week.account.markets["cover_weeks"])
    lost_weeks = np.maximum(0.0, setting.base_cover - cover) * setting.value_at_risk
    zones.stock_lost_weeks[:] = add_up(lost_weeks.reshape(grid), axis=1) / np.maximum(
        add_up(setting.value_at_risk.reshape(setting.M, setting.Z), axis=-2), TINY
    )
    power = add_up(setting.leverage_over(world.markets.true_share, cover).reshape(grid), axis=1)
    power[:, setting.coercer] = 0.0
    use = setting.base_demand * setting.market_price_usd
    stock = week.account.markets["stockpile_t"] * setting.market_price_usd
    days = 7.0 * ratio(
        add_up(stock.reshape(grid), axis=1),
        np.broadcast_to(add_up(use.reshape(setting.M, setting.Z), axis=-2), share.shape),
        np.nan,
    )
    supply, autonomy, standing = gauges(week)
    return {
        "output_loss": lost["mineral"],
        "gdp_loss_usd": share * setting.gdp / 52.0,
        "gdp_loss_share": share,
        "jobs_at_risk": share * employment,
        "stopped_value_share": lost["stopped"],
        "refused_customers_share": lost["refused_share"],
        "refused_usd": lost["refused_usd"],
        "orders_lost_usd": lost["orders_lost"],
        "budget_usd": zones.budget_usd.copy(),
        "floor_cost_usd": money["floor"],
        "tariff_revenue_usd": money["tariff"],
        "subsidy_usd": money["subsidy"],
        "reputation_of_china": zones.reputation.copy(),
        "leverage_of_china": power,
        "stockpile_days": days,
        "score": (supply + autonomy + standing) / 3.0,
        "gauge_supply": supply,
        "gauge_autonomy": autonomy,
        "gauge_standing": standing,
    }


def gauges(week: Week) -> tuple[Array, Array, Array]:
    """Supply, autonomy and standing of every zone, each 0 to 1 (ODD 7a)."""
    world = week.world
    setting, zones = world.setting, world.zones
    c = setting.coercer
    grid = (-1, setting.M, setting.Z)
    worth = (setting.base_demand * setting.market_price_usd).reshape(setting.M, setting.Z)
    hidden = world.markets.leaked  # finished parts bring the coercer's material in unseen
    known = world.markets.true_share
    true_share = known + hidden * (1.0 - known)
    share = add_up(true_share.reshape(grid) * worth, axis=1)
    share /= np.maximum(add_up(worth, axis=-2), TINY)
    autonomy = 1.0 - share
    bare = np.zeros(setting.K)
    power = add_up(setting.leverage_over(world.markets.true_share, bare).reshape(grid), axis=1)
    outside = np.arange(setting.Z) != c
    at_start = max(float(add_up(setting.base_leverage[outside], axis=-1)), TINY)
    autonomy[:, c] = np.clip(add_up(power * outside, axis=1) / at_start, 0.0, 1.0)
    standing = 0.5 * (zones.coercer_approval + zones.alliance_approval)
    weight = setting.gdp * outside / add_up(setting.gdp[outside], axis=-1)
    standing[:, c] = 1.0 - add_up(zones.reputation * weight, axis=1)
    return supply_gauge(zones.gdp_loss, setting.par.gauge_loss), autonomy, standing


def _hubs(week: Week) -> dict[str, Array]:
    world = week.world
    setting = world.setting
    price = world.markets.price
    target = np.tile(np.arange(setting.M) * setting.Z + setting.target, setting.H)
    sent = need(week.regrey)
    diverted = world.traders.diverted[:, world.week % world.traders.diverted.shape[1]]
    largest = np.zeros_like(sent)
    for replicate in range(world.replicates):
        np.maximum.at(largest[replicate], setting.lane, diverted[replicate])
    zones = np.array(setting.hub_zones)
    help_ = np.repeat(world.law.help_[:, zones], setting.M, axis=1)
    users = need(week.shipped)[:, CHINA][:, setting.lane_market]
    own = np.repeat(zones == setting.coercer, setting.M)
    return {
        "imports_from_china_t": np.where(own, 0.0, users + need(week.to_lanes)),
        "reexports_to_target_t": sent,
        "grey_premium": price[:, target] / price[:, setting.lane_market] - 1.0,
        "active_traders": setting.lanes.sum((diverted > 0).astype(float)),
        "detections": need(week.detections),
        "blacklisted": setting.lanes.sum((world.traders.blacklist_weeks > 0).astype(float)),
        "cooperation": help_,
        "largest_trader_share": ratio(largest, need(week.regrey_chinese), np.nan),
    }


def _producers(week: Week) -> dict[str, Array]:
    rows = week.world.plants
    running = rows.status == RUNNING
    idle = running & (rows.utilisation < week.world.setting.par.idle_utilisation)
    # what is only planned takes the time to build it from the day on which it is decided
    setting = week.world.setting
    least = setting.par.least_lead_share * setting.plants.lead_weeks
    wait = np.where(rows.status == PLANNED, np.maximum(rows.wait_weeks, least), rows.wait_weeks)
    unproven = np.zeros(len(setting.base.plants), dtype=bool)
    unproven[setting.unproven] = True
    return {
        "capacity_t_per_week": rows.capacity.copy(),
        "output_t": rows.output.copy(),
        "utilisation": ratio(rows.output, rows.capacity, 0.0),
        "status": np.where(idle, float(IDLE), rows.status),
        "years_to_start": np.where(rows.status >= MOTHBALLED, wait / 52.0, 0.0),
        "belief": np.where(unproven, rows.belief, np.nan),
    }


def _flows(week: Week) -> dict[str, Array]:
    world = week.world
    setting, par, flows = world.setting, world.setting.par, world.setting.flow_map
    r = world.replicates
    shipped = np.zeros((r, flows.count))
    chinese = np.zeros_like(shipped)
    users = need(week.shipped)
    blocks = flows.blocks
    china = users[:, CHINA] + setting.lane_markets.sum(need(week.to_lanes))
    shipped[:, blocks["china"]] = chinese[:, blocks["china"]] = china
    shipped[:, blocks["grey"]] = need(week.regrey)
    chinese[:, blocks["grey"]] = need(week.regrey_chinese)
    for block, plants in ((shipped, week.from_plants), (chinese, week.from_plants_chinese)):
        by_market = setting.plant_markets.sum(np.ascontiguousarray(need(plants).swapaxes(1, 2)))
        block[:, blocks["other"]] = by_market.swapaxes(1, 2).reshape(r, -1)
    if week.run_off is not None:
        total, part = add_up(week.run_off, axis=1), week.run_off[:, 0]
        diagonal = np.arange(setting.Z) * (setting.Z + 1)
        for block, sold in ((shipped, total), (chinese, part)):
            square = block[:, blocks["other"]].reshape(r, setting.M, -1)
            square[:, :, diagonal] += sold.reshape(r, setting.M, setting.Z)
            block[:, blocks["other"]] = square.reshape(r, -1)
    shipped[:, blocks["recycled"]] = users[:, RECYCLED]
    shipped[:, blocks["stockpile"]] = need(week.released)
    chinese[:, blocks["stockpile"]] = need(week.released_chinese)
    recorded = shipped * flows.recorded
    recorded[:, blocks["china"]] = np.maximum(0.0, china - need(week.smuggled))
    past = world.flows_past
    past[:, world.week % setting.slots] = shipped
    # what flies is read a lead of its own later: with what left when a ship would have had to
    sea = past[:, world.week % setting.slots, blocks["china"]]
    ahead = (world.week + int(par.lead_local_weeks - par.lead_china_weeks)) % setting.slots
    past[:, world.week % setting.slots, blocks["china"]] = np.maximum(0.0, sea - need(week.flown))
    past[:, ahead, blocks["china"]] += need(week.flown)
    return {
        "shipped_t": shipped,
        "arrived_t": _arrivals(week, shipped),
        "shipped_china_origin_t": chinese,
        "recorded_t": recorded,
    }


def _arrivals(week: Week, shipped: Array) -> Array:
    """What left one lead time ago arrives; goods for traders take the way to the hub."""
    world = week.world
    setting, flows = world.setting, world.setting.flow_map
    past, lanes = world.flows_past, world.lanes_past
    par = setting.par
    arrived = np.zeros_like(shipped)
    lead = {
        "china": int(par.lead_china_weeks), "grey": int(par.lead_grey_weeks),
        "other": int(par.lead_other_weeks), "recycled": int(par.lead_local_weeks),
        "stockpile": int(par.lead_local_weeks),
    }  # fmt: skip
    for channel, block in flows.blocks.items():
        arrived[:, block] = past[:, (world.week - lead[channel]) % setting.slots, block]
    china = arrived[:, flows.blocks["china"]]
    home = slice(setting.coercer, None, setting.Z)
    near = past[:, (world.week - int(par.lead_local_weeks)) % setting.slots, flows.blocks["china"]]
    china[:, home] = near[:, home]
    late = lanes[:, (world.week - lead["china"]) % setting.slots]
    soon = lanes[:, (world.week - int(par.lead_hub_weeks)) % setting.slots]
    foreign = setting.lane_market % setting.Z != setting.coercer
    china += setting.lane_markets.sum((soon - late) * foreign)
    return arrived


def _balance(week: Week) -> None:
    """Masses after = masses before + made - gone, by material and true origin (ODD 9)."""
    after = week.world.mass()
    week.world.held = after
    made, gone, before = need(week.made), need(week.gone), need(week.before)
    week.account.balance = after - before - made + gone
    week.account.turnover = add_up(before, axis=-1) + add_up(made, axis=-1)


__all__ = ["STATUS", "account", "gauges"]
