"""How plants outside the coercer share out what they make (ODD 7.8, channel 1)."""

from __future__ import annotations

from tests.reference.firms import EVADES
from tests.reference.markets import Market, Material
from tests.reference.maths import ratio
from tests.reference.places import OTHER
from tests.reference.plants import Plant

ROUNDS = 4
SERVED = 1e-9  # shortage that nobody notices
FILLED = 1e-12  # part of an order below which nothing is missing


def allowed_in_target(plant: Plant, target: Market) -> float:
    """Part of its usual sales that a plant may bring to the target (7.8)."""
    if plant.stop_weeks > 0.0:
        return 0.0
    bound = target.breadth > 0.0 and plant.model.clause > 0.0 and not plant.zone.target
    par, content = plant.model.par, ratio(plant.stock[0], plant.stock[0] + plant.stock[1], 0.0)
    foreign_feed = content > par.de_minimis_share and plant.chinese_feed > par.terms_feed_least
    return 1.0 - content if bound and plant.terms != EVADES and foreign_feed else 1.0


def sell(material: Material) -> None:
    """Channel 1: plants outside the coercer serve zones (7.8)."""
    model, par, markets = material.model, material.model.par, material.markets
    zones, target = range(len(markets)), material.model.target
    plants = [plant for plant in material.plants if not plant.coercer]
    wanted = [m.ordered[OTHER] + sum(t.asked[1] for t in m.traders) for m in markets]
    for market, tonnes in zip(markets, wanted, strict=True):
        market.wanted_other = tonnes
    total, mean = sum(wanted), sum(m.price for m in markets) / len(markets)
    weights, allowed = [], []
    for plant in plants:
        if plant.stops:
            plant.stop_weeks = par.over_compliance_weeks
        allowed.append(allowed_in_target(plant, markets[target]))
        pull = []
        for z in zones:
            unserved = 1.0 - markets[z].channel_fill[OTHER]
            unserved = unserved if unserved > SERVED else 0.0
            loose = 1.0 if plant.test is not None else material.loose
            habit = (1.0 - loose) * plant.free_sales[z]
            drawn = loose + par.open_sales * unserved
            habit += drawn * ratio(wanted[z], total, 0.0)
            drawn_here = (markets[z].price / mean) ** par.price_premium_exponent
            pull.append(habit * drawn_here * plant.zone.serves(markets[z].zone))
        weight = [(1.0 - plant.sold) * ratio(p, sum(pull), 0.0) for p in pull]
        if plant.buyer >= 0:
            weight[plant.buyer] += plant.sold
        weight[target] *= allowed[-1]
        weights.append(weight)
    offers = [par.export_share_per_week * (p.stock[0] + p.stock[1]) for p in plants]
    material.contract()
    given = share_out(plants, wanted, offers, weights, allowed)
    got = [[0.0, 0.0] for _ in zones]
    for plant, tonnes, part in zip(plants, given, allowed, strict=True):
        loads = load(plant.stock, tonnes, target, part)
        barred = markets[target].breadth > 0.0 and model.clause > 0.0
        evades = plant.terms == EVADES and barred
        plant.evaded[model.week % len(plant.evaded)] = loads[target][0] if evades else 0.0
        for z, taken in enumerate(loads):
            got[z][0] += taken[0]
            got[z][1] += taken[1]
    for market, (chinese, other) in zip(markets, got, strict=True):
        received = chinese + other
        market.fill_now[OTHER] = min(1.0, ratio(received, market.wanted_other, 1.0))
        part = ratio(chinese, received, 0.0)
        market.mix[OTHER] = (part, 1.0 - part)
        market.outside_origin = part


def share_out(
    plants: list[Plant], wanted: list[float], offers: list[float], weights: list[list[float]],
    allowed: list[float],
) -> list[list[float]]:
    """Tonnes by plant and zone: what states contracted, then four rounds of offers."""
    zones = range(len(wanted))
    given = []
    for plant, offer, free in zip(plants, offers, allowed, strict=True):
        promised = min(offer, plant.contracted * plant.capacity)
        row = [promised * part for part in plant.material.split]
        due, total = plant.due_by_equity(), sum(m.equity for m in plant.material.markets)
        due = min(due, offer - promised)
        for z, market in enumerate(plant.material.markets):
            row[z] += due * ratio(market.equity, total, 0.0)
        row[plant.model.target] *= free
        given.append(row)
    for z in zones:
        taken = min(1.0, ratio(wanted[z], sum(row[z] for row in given), 0.0))
        for row in given:
            row[z] *= taken
    left = [offer - sum(row) for offer, row in zip(offers, given, strict=True)]
    missing = [w - sum(row[z] for row in given) for z, w in enumerate(wanted)]
    for _ in range(ROUNDS):
        open_ = [gap > FILLED * w for gap, w in zip(missing, wanted, strict=True)]
        bids = []
        for rest, weight in zip(left, weights, strict=True):
            total = sum(w for w, wants in zip(weight, open_, strict=True) if wants)
            bids.append([rest * ratio(weight[z], total, 0.0) if open_[z] else 0.0 for z in zones])
        for z in zones:
            offered = sum(bid[z] for bid in bids)
            taken = min(1.0, ratio(missing[z], offered, 0.0))
            for p, bid in enumerate(bids):
                given[p][z] += taken * bid[z]
                left[p] -= taken * bid[z]
            missing[z] -= taken * offered
    return given


def load(
    stock: list[float], tonnes: list[float], target: int, allowed: float
) -> list[tuple[float, float]]:
    """Takes what goes to each zone from a stock; a barred origin stays away from the target."""
    chinese = ratio(stock[0], stock[0] + stock[1], 0.0)
    loads = [(t * chinese, t * (1.0 - chinese)) for t in tonnes]
    if 0.0 < allowed < 1.0:
        others = sum(other for z, (_, other) in enumerate(loads) if z != target)
        loads[target] = (0.0, min(tonnes[target], max(0.0, stock[1] - others)))
    for origin in (0, 1):
        stock[origin] = max(0.0, stock[origin] - sum(one[origin] for one in loads))
    return loads
