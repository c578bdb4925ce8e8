"""What a week leaves behind in a market: releases, fills, price, hoarding, origin, recycling."""

from __future__ import annotations

import math

from tests.reference.markets import Market
from tests.reference.maths import clip, ratio, toward
from tests.reference.places import CHINA

HALVINGS = 40
SMALL = 1e-6


def log_clip(x: float) -> float:
    """ln x within [-1, 3]; an x that is not above 0 counts as the least."""
    return clip(math.log(x), -1.0, 3.0) if x > 0.0 else -1.0


def release(market: Market) -> None:
    """A part of the public stock goes to the lowest covers (7.17)."""
    par, reserve = market.model.par, market.reserve
    market.released = 0.0
    if reserve is None:
        return
    part = market.model.levers.of("stockpile_release", market.zone.index) / 13.0
    held = reserve.stock[0] + reserve.stock[1]
    offer = part * held
    if offer <= 0.0:
        return
    buyers = [buyer for buyer in market.buyers if buyer is not reserve]

    def gaps(level: float) -> list[float]:
        return [max(0.0, level * b.expected_need - b.stock[0] - b.stock[1]) for b in buyers]

    low, high = 0.0, par.stockpile_trigger_weeks
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if sum(gaps(middle)) <= offer:
            low = middle
        else:
            high = middle
    chinese = ratio(reserve.stock[0], held, 0.0)
    slot = (market.model.week + int(par.lead_local_weeks)) % market.model.slots
    for buyer, tonnes in zip(buyers, gaps(low), strict=True):
        buyer.pipe[slot][0] += tonnes * chinese
        buyer.pipe[slot][1] += tonnes * (1.0 - chinese)
        market.released += tonnes
    reserve.stock[0] -= market.released * chinese
    reserve.stock[1] -= market.released * (1.0 - chinese)
    market.on_way[slot][-2] += market.released
    market.on_way[slot][-1] += market.released * chinese


def share_stocks(market: Market) -> None:
    """Users with stock to spare lend it to whoever is about to stop (7.17)."""
    par, market.lent = market.model.par, 0.0
    share = market.model.levers.of("stock_sharing", market.zone.index)
    if share <= 0.0:
        return
    lines = [buyer for buyer in market.buyers if buyer.has_line]
    keep, part = par.sharing_kept_weeks, par.sharing_willing * share
    spare = [part * max(0.0, b.stock[0] + b.stock[1] - keep * b.expected_need) for b in lines]
    offered = sum(spare)

    def gaps(level: float) -> list[float]:
        return [max(0.0, level * b.expected_need - b.stock[0] - b.stock[1]) for b in lines]

    low, high = 0.0, par.sharing_trigger_weeks
    if sum(gaps(high)) <= offered:
        low = high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if sum(gaps(middle)) <= offered:
            low = middle
        else:
            high = middle
    got = gaps(low)
    market.lent = sum(got)
    taken, pool = ratio(market.lent, offered, 0.0), [0.0, 0.0]
    for buyer, tonnes in zip(lines, spare, strict=True):
        part = ratio(taken * tonnes, buyer.stock[0] + buyer.stock[1], 0.0)
        for origin in (0, 1):
            pool[origin] += part * buyer.stock[origin]
            buyer.stock[origin] -= part * buyer.stock[origin]
    for buyer, tonnes in zip(lines, got, strict=True):
        for origin in (0, 1):
            buyer.stock[origin] += tonnes * ratio(pool[origin], sum(pool), 0.0)


def settle(market: Market) -> None:
    """Fill rates, clearance and the new price, which all markets take at the same time (7.8)."""
    par = market.model.par
    shipped = ordered = 0.0
    for channel, wanted in enumerate(market.ordered):
        fill = market.fill_now[channel]  # of users' and traders' orders; 1 where nobody ordered
        market.channel_fill[channel] = toward(
            market.channel_fill[channel], fill, par.fill_smoothing_channel
        )
        shipped += fill * wanted
        ordered += wanted
    now = min(1.0, ratio(shipped, ordered, 1.0))
    market.fill = toward(market.fill, now, par.fill_smoothing_zone)
    clear(market)
    market.new_price = next_price(market, shipped)


def clear(market: Market) -> None:
    par, wanted = market.model.par, market.ordered[CHINA]
    now = min(
        1.0,
        ratio(wanted * market.fill_now[CHINA], min(wanted, market.base_china), 1.0),
    )
    if not market.china_is_open():
        now = 0.0
    elif wanted <= 1e-9 * market.base_china:
        now = min(now, 1.0 - market.breadth)
    market.cleared = now
    market.clearance = toward(market.clearance, now, 1.0 / par.clearance_memory_weeks)


def next_price(market: Market, shipped: float) -> float:
    par, model, material = market.model.par, market.model, market.material
    delivered, tariff = market.delivered()
    landed = delivered + tariff
    if market.base_demand <= 0.0:
        return clip(landed, par.price_low, par.price_high)
    if market.zone.coercer:
        normal = (
            par.coercer_stock_export_weeks * material.base_exports
            + par.coercer_stock_home_weeks * material.base_home
        )
        short = log_clip(ratio(normal, max(material.pool, SMALL * normal), 1.0))
        level = par.price_cover * short
        level += math.log(1.0 - model.levers.own("flood", material.index))
    else:
        level = reference_price(market, landed) + tension(market, shipped)
        unfelt = market.announced * market.true_share - (1.0 - market.fill)
        level += par.price_threat * max(0.0, unfelt)
    gap = level - math.log(market.price)
    speed = par.price_speed
    if gap <= 0.0 and not market.zone.coercer:  # slow while buyers are short
        calm = clip((market.served - par.price_served) / (1.0 - par.price_served), 0.0, 1.0)
        speed = par.price_speed_down + (par.price_speed - par.price_speed_down) * calm
    if market.zone.coercer:
        speed = par.price_speed_home
    step = clip(speed * gap, -par.price_step, par.price_step)
    return clip(market.price * math.exp(step), par.price_low, par.price_high)


def reference_price(market: Market, landed: float) -> float:
    """From the coercer's price, where it sells much, to the outside cost as it lets go less."""
    moved = market.base_share * (1.0 - min(1.0, market.clearance))
    part = min(1.0, market.base_share / market.model.par.price_setting_share)
    outside = math.log(market.material.cost_ratio)
    return (1.0 - moved) * part * math.log(landed) + moved * outside


def tension(market: Market, shipped: float) -> float:
    """Unfilled orders and thin cover."""
    par = market.model.par
    orders = wished = held = 0.0
    for buyer in market.buyers:
        if buyer is market.reserve:
            orders += buyer.order
            continue
        orders += min(buyer.order, par.price_order_cap * buyer.expected_need)
        wished += buyer.expected_need * buyer.cover
        held += buyer.stock[0] + buyer.stock[1]
    filled = shipped + market.released
    for trader in market.traders:
        if trader.affiliate:  # fed by its own firm
            continue
        orders += trader.asked[0] + trader.asked[1]
        filled += trader.asked[0] * market.fill_now[0] + trader.asked[1] * market.fill_now[1]
    market.served = min(1.0, ratio(filled, orders, 1.0))
    unfilled = log_clip(ratio(orders, max(min(filled, orders), 0.001 * orders), 1.0))
    target = min(par.cover_cap, 1.0 + par.hoarding_gain * market.hoarding)
    thin = clip(ratio(target * wished, max(held, SMALL * wished), 1.0), 0.001, 1000.0)
    return par.price_unfilled * unfilled + par.price_cover * log_clip(thin)


def hoard(market: Market) -> None:
    """The hoarding index follows threats and empty shelves (7.4)."""
    par = market.model.par
    signal = max(market.announced * market.true_share, 1.0 - market.fill)
    speed = par.hoarding_up if signal > market.hoarding else par.hoarding_down
    market.hoarding = toward(market.hoarding, signal, speed)


def leak(market: Market) -> None:
    """Purchases move to finished parts that a floor on the material does not cover (7.12)."""
    material, par = market.material, market.model.par
    gap = 0.0
    if market.floor * market.border > 0.0 and material.part.markets[market.zone.index].floor <= 0.0:
        gap = max(0.0, market.floor / material.home.price - 1.0)
    market.leaked = toward(market.leaked, min(0.5, gap), par.floor_leak)


def follow_origin(market: Market) -> None:
    """Smoothed true share of the coercer in what arrived (7.10)."""
    par, total = market.model.par, market.arrived[0] + market.arrived[1]
    if total > 0.0:
        share = market.arrived[0] / total
        market.true_share = toward(market.true_share, share, par.true_share_smoothing)


def recycle(market: Market) -> None:
    """Recycled supply follows the price of half a year; support collects old products (7.17)."""
    par = market.model.par
    pull = max(market.price_half_year, par.recycling_price_low) ** par.recycling_price_exponent
    most = par.recycling_cap * market.base_demand
    own = market.recycling - market.collected
    step = par.recycling_growth / 13.0 * max(market.base_recycled, own)
    own = max(0.0, own + clip(min(market.base_recycled * pull, most) - own, -step, step))
    stage = par.product_life_years * 52.0 / len(market.in_use)
    support = market.model.levers.of("recycling_support", market.zone.index)
    given_up = market.in_use[-1] / stage
    reach = support * par.recycling_reach * given_up
    step = par.recycling_growth / 13.0 * max(reach, market.collected)
    aim = min(reach * pull, max(0.0, most - own))
    aimed = max(0.0, market.collected + clip(aim - market.collected, -step, step))
    market.collected = min(given_up, aimed)
    market.recycling = own + market.collected
    passed_on = market.used
    for age, tonnes in enumerate(market.in_use):
        market.in_use[age] = tonnes + passed_on - tonnes / stage
        passed_on = tonnes / stage
