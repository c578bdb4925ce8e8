"""Firms that buy: industrial users, plants' feed desks, states' reserves, and traders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.reference.markets import Market
from tests.reference.maths import clip, ratio, sigma, toward
from tests.reference.places import CHINA, OTHER, RECYCLED, Lane, Zone
from world.levers import LEVERS

if TYPE_CHECKING:
    from tests.reference.model import Reference
    from tests.reference.plants import Plant

TRACED_WEEKS = 6
ACCEPTS, QUITS, EVADES = range(3)  # licence terms of plants


def shed(price: float, half: float) -> float:
    """Part of the sheddable use that is shed at a price (7.2)."""
    floor = sigma(-2.0 * half)
    return clip((sigma(2.0 * (math.log(price) - half)) - floor) / (1.0 - floor), 0.0, 1.0)


class Buyer(mesa.Agent):
    """Whoever holds a stock in a market and orders from its channels."""

    model: Reference
    has_line = False

    def __init__(self, model: Reference, row: int, market: Market, traits: Any) -> None:
        super().__init__(model)
        self.row, self.market = row, market
        self.base_need, self.cover = float(traits.need[row]), float(traits.cover[row])
        self.shed = float(traits.sheddable[row])
        self.contract = float(traits.contract[row])
        self.liking: list[float] = []  # preference x taste by channel
        self.taste = float(traits.taste[RECYCLED, row])
        self.intensity = self.line_rate = 1.0
        self.stock = [0.0, 0.0]
        self.pipe = [[0.0, 0.0] for _ in range(model.slots)]
        self.expected_need = self.drop_weeks = self.contract_weeks = self.redirected = 0.0
        self.listed_weeks = 0.0
        self.share: list[float] = []
        self.order = 0.0
        self.next_share: list[float] = []
        self.next_order = 0.0
        self.need = 0.0
        market.buyers.append(self)

    # --- decisions ------------------------------------------------------------------------------

    def decide(self) -> None:
        self.next_share = self.choose_sources()
        self.next_order = self.size_order()

    def choose_sources(self) -> list[float]:
        """Shares of the channels move towards what price, fill and trust make of taste (7.5)."""
        market, par, share = self.market, self.model.par, self.share
        liking = list(self.liking)
        liking[RECYCLED] += market.more_recycled() * self.taste
        want = [pull * like for pull, like in zip(market.pull, liking, strict=True)]
        total = sum(want)
        if total > 0.0:
            best = [w / total for w in want]
            over = max(0.0, best[CHINA] - self.most())
            best[CHINA] -= over
            best[OTHER] += over
            bound = self.contract if self.contract_weeks > 0.0 else 0.0
            rate = market.rate * (1.0 - bound)
            share = [toward(old, new, rate) for old, new in zip(share, best, strict=True)]
            if not all(market.open):
                kept = [
                    old if is_open else old * par.closed_channel_keep
                    for old, is_open in zip(share, market.open, strict=True)
                ]
                freed = sum(share) - sum(kept)
                share = [old + freed * new for old, new in zip(kept, best, strict=True)]
        else:
            share = list(share)
        for ceiling, speed in self.ceilings():
            excess = max(0.0, share[CHINA] - ceiling) * speed
            share[CHINA] -= excess
            share[OTHER] += excess
        return share

    def ceilings(self) -> list[tuple[float, float]]:
        """Highest shares of the coercer, and the weekly speeds of coming down to them."""
        speed = min(1.0, self.model.par.ceiling_compliance * self.market.material.pace)
        return [(self.most(), speed)]

    def most(self) -> float:
        """Share of the coercer that a ceiling and contracts elsewhere leave (7.5)."""
        return min(self.market.zone.ceiling, self.market.most_from_china())

    def size_order(self) -> float:
        """Need, and a part of the gap in stock and pipeline (7.4)."""
        par, market, need = self.model.par, self.market, self.expected_need
        cover = self.cover * min(par.cover_cap, 1.0 + par.hoarding_gain * market.hoarding)
        lead = sum(s * weeks for s, weeks in zip(self.next_share, market.lead, strict=False))
        hurry = par.stock_correction_weeks
        if market.deadline_weeks > 0.0:  # what a licence would take is ordered while it may leave
            review = self.model.levers.own("licence_weeks")
            cover += review * market.announced * market.true_share
            hurry = min(hurry, market.deadline_weeks)
        gap = need * cover - self.held() + par.supply_line_weight * (need * lead - self.coming())
        return clip(need + gap / hurry, 0.0, par.order_cap * need)

    def held(self) -> float:
        return self.stock[0] + self.stock[1]

    def coming(self) -> float:
        return sum(chinese + other for chinese, other in self.pipe)

    # --- the week -------------------------------------------------------------------------------

    def receive(self) -> None:
        slot = self.pipe[self.model.week % self.model.slots]
        for origin in (0, 1):
            self.stock[origin] += slot[origin]
            self.market.arrived[origin] += slot[origin]
            slot[origin] = 0.0
        self.drop_weeks = max(0.0, self.drop_weeks - 1.0)
        if self.contract_weeks <= 1.0 - self.model.par.contract_free_weeks:
            self.contract_weeks = self.model.par.contract_weeks
        else:
            self.contract_weeks -= 1.0

    def use(self) -> None:
        """Industrial users draw on their stock; desks do so through their plant."""

    def draw(self, tonnes: float) -> list[float]:
        """Takes tonnes of both origins in proportion to the stock."""
        part = min(1.0, ratio(tonnes, self.held(), 0.0))
        taken = [part * self.stock[0], part * self.stock[1]]
        self.stock[0] -= taken[0]
        self.stock[1] -= taken[1]
        self.market.used += taken[0] + taken[1]
        return taken

    def expect(self) -> None:
        par = self.model.par
        self.expected_need = toward(self.expected_need, self.need, par.demand_smoothing)
        rate = self.model.saving_rate[self.market.zone] / 52.0
        saved = self.intensity * math.exp(-rate * clip(self.market.price_year, 0.0, 2.0))
        self.intensity = max(par.intensity_low, saved)

    def place_order(self) -> None:
        self.share, self.order = self.next_share, self.next_order
        for channel, share in enumerate(self.share):
            self.market.ordered[channel] += self.order * share


class IndustrialUser(Buyer):
    """A firm whose line needs the material."""

    has_line = True

    def __init__(self, model: Reference, row: int, market: Market, traits: Any) -> None:
        super().__init__(model, row, market, traits)
        self.limit = float(traits.log_reservation[row])
        self.exposure, self.tolerance = float(traits.exposure[row]), float(traits.tolerance[row])
        self.target_sales = float(traits.target_sales[row])
        self.drops = self.covered = False

    def decide(self) -> None:
        super().decide()
        traits = (self.market, self.stock, self.exposure, self.tolerance)
        self.drops = fears(self.model, *traits)
        self.drops |= fears_to_pay(self.market, self.exposure, self.tolerance)
        self.covered = not self.drops and fears(self.model, *traits, cover=False)

    def ceilings(self) -> list[tuple[float, float]]:
        """Who is on the list buys nothing more from the coercer, at once (7.5)."""
        return super().ceilings() + ([(0.0, 1.0)] if self.listed_weeks > 0.0 else [])

    def inspect(self, luck: float) -> None:
        """Who serves on since its state covers its loss is now and then listed (7.9)."""
        model = self.model
        self.listed_weeks = max(0.0, self.listed_weeks - 1.0)
        at_risk = self.covered and self.listed_weeks <= 0.0 and self.drop_weeks <= 0.0
        odds = false_alarm(model, self.market.zone, self.market.material.trace)
        if at_risk and luck < odds:
            self.listed_weeks = model.par.blacklist_weeks

    def use(self) -> None:
        """What is not used for want of stock or customers is lost output; a price that is not worth
        paying ends purchases only (7.2, 7.7)."""
        par, market = self.model.par, self.market
        if self.drops:
            self.drop_weeks = par.over_compliance_weeks
        price = market.price
        full = self.intensity * self.base_need * (1.0 - self.shed * shed(price, par.thrift_price))
        full *= (1.0 - market.leaked) * self.model.demand_shock(market)
        width = par.staying_width
        stays = sigma((self.limit - math.log(price)) / width) / sigma(self.limit / width)
        refused = 0.0
        if self.drop_weeks > 0.0:
            refused = self.target_sales
            self.redirected = toward(self.redirected, par.redirected_share, par.redirect_speed)
        else:
            self.redirected = 0.0
        wanted = full * (1.0 - refused * (1.0 - self.redirected))
        used = min(wanted, self.held())
        self.draw(used)
        self.line_rate = min(1.0, ratio(used, full, 1.0))
        self.need = wanted * min(1.0, stays)


class FeedDesk(Buyer):
    """Buys one input for a plant."""

    plant: Plant
    per_output: float

    def use(self) -> None:
        """The need of the plan; the plant draws what its scarcest input allows."""
        saved = self.shed * shed(self.market.price, self.model.par.thrift_price)
        self.need = self.plant.plan() * self.per_output * self.intensity * (1.0 - saved)

    def ceilings(self) -> list[tuple[float, float]]:
        """A refiner that quits moves its feed away from the coercer, one on the list at once."""
        plant, own = self.plant, []
        if plant.blacklist_weeks > 0.0:
            own.append((0.0, 1.0))
        elif plant.terms == QUITS:
            own.append((0.0, self.model.par.quit_speed))
        return super().ceilings() + own

    def possible(self) -> float:
        """Part of the need that the stock covers."""
        return ratio(min(self.need, self.held()), self.need, 1.0)


class Reserve(Buyer):
    """The public stock of a state in a market."""

    def size_order(self) -> float:
        market, par = self.market, self.model.par
        zone, material = market.zone.index, market.material.index
        days = self.model.levers.of("stockpile_target_days", zone, material)
        if self.model.levers.of("stockpile_release", zone) > 0.0:
            days = 0.0  # who sells from a stock does not fill it
        goal = days / 7.0 * market.base_demand
        held, weeks = self.held() + self.coming(), par.stockpile_build_weeks
        tonnes = (goal - held) / weeks if goal - held > 1e-9 * goal else 0.0
        fund = 1e6 * self.model.levers.of("minerals_fund_usd_m", zone)
        if fund > 0.0 and self.model.levers.of("stockpile_release", zone) <= 0.0:
            bought = market.bought_with(par.fund_vault_share * fund / 52.0)
            most = LEVERS["stockpile_target_days"].high / 7.0 * market.base_demand
            tonnes = max(tonnes, min(bought, max(0.0, most - held) / weeks))
        dear = (market.price - par.restraint_from) / (par.restraint_full - par.restraint_from)
        patience = self.model.levers.of("vault_restraint", zone)
        return tonnes * (1.0 - patience * min(1.0, max(0.0, dear)))

    def expect(self) -> None:
        """A reserve uses nothing."""


class Trader(mesa.Agent):
    """A trading house in a hub, which may pass on to the target what it must not."""

    model: Reference

    def __init__(self, model: Reference, row: int, lane: Lane, traits: Any) -> None:
        super().__init__(model)
        self.row, self.lane = row, lane
        self.most, self.start = float(traits.capacity[row]), float(traits.start[row])
        self.entry, self.hub_share = float(traits.entry[row]), float(traits.hub_share[row])
        self.visibility = float(traits.visibility[row])
        self.exposure_weeks = float(traits.exposure_weeks[row])
        self.tolerance = float(traits.tolerance[row])
        self.bank_exposure = float(traits.bank_exposure[row])
        self.bank_tolerance = float(traits.bank_tolerance[row])
        self.affiliate = bool(traits.affiliate[row])
        self.capacity = 0.0
        self.serves = True
        self.stock = [0.0, 0.0]
        self.pipe = [[0.0, 0.0] for _ in range(model.slots)]
        self.diverted = [0.0] * (TRACED_WEEKS + 1)
        self.blacklist_weeks = self.diverted_usd = self.outside_share = 0.0
        self.acts = False
        self.asked = [0.0, 0.0]  # from the coercer, from elsewhere
        self.decided = (False, 0.0, [0.0, 0.0], True)
        lane.traders.append(self)
        lane.home.traders.append(self)

    def decide(self) -> None:
        """Divert or comply; how much to buy, and what part of it outside the coercer (7.7)."""
        par, lane, q = self.model.par, self.lane, self.capacity
        target, threat = lane.target, lane.hub.standing_threat()
        margin = self.margin()
        gain = q * margin
        risk = lane.hub.belief if self.model.clause > 0.0 else 0.0
        hazard = 1.0 - (1.0 - risk) ** max(self.visibility, threat)
        loss = par.fine_multiple * self.diverted_usd + self.exposure_weeks * q
        honesty = self.tolerance * par.tolerance_spread * q * target.price
        pays = gain > 0.0 and gain - hazard * loss > honesty
        at_stake = threat * par.detection_announced * self.bank_exposure
        at_stake += lane.hub.zone.payment_risk() * self.bank_exposure
        patience = 1.0 + par.tolerance_spread * self.bank_tolerance
        serves = at_stake <= max(par.least_tolerance, patience)
        opened = target.grey_open > 0.0
        wanted = target.breadth > 0.0 or (self.affiliate and opened)
        acts = pays and self.blacklist_weeks <= 0.0 and wanted and opened and serves
        wish = par.trader_diversification + lane.hub.zone.reputation
        wish += par.trader_margin_response * clip(margin, 0.0, 1.0)
        wish = 0.0 if self.affiliate else clip(wish, 0.0, 1.0)
        outside = toward(self.outside_share, wish, par.share_adjustment)
        order = 0.0
        if margin > 0.0 and wanted:
            coming = sum(chinese + other for chinese, other in self.pipe)
            gap = par.trader_cover_weeks * q - self.stock[0] - self.stock[1]
            gap += par.supply_line_weight * (par.lead_hub_weeks * q - coming)
            order = clip(q + gap / par.stock_correction_weeks, 0.0, par.trader_order_cap * q)
        asked = [order * (1.0 - outside) if acts else 0.0, order * outside if serves else 0.0]
        self.decided = (acts, outside, asked, serves)

    def held(self) -> float:
        return self.stock[0] + self.stock[1]

    def margin(self) -> float:
        """A producer's own plant pays the price at home, others that of the hub."""
        bought = self.lane.home.material.home if self.affiliate else self.lane.home
        handling = self.model.par.hub_handling_cost
        return self.lane.target.price - bought.price * (1.0 + handling)

    def grow(self, joined: float, of_lane: float) -> None:
        """New traders come to those that divert; elsewhere what came leaves again (7.7)."""
        par, target = self.model.par, self.lane.target
        if not self.acts:
            self.capacity -= par.trader_exit * (self.capacity - self.start)
            return
        part = self.entry * ratio(of_lane, joined, 0.0)
        lost = target.base_china * target.breadth
        come = par.trader_entry * part * lost * max(0.0, self.margin()) ** par.trader_entry_power
        self.capacity = max(self.capacity, min(self.most, self.capacity + come))

    def receive(self) -> None:
        slot = self.pipe[self.model.week % self.model.slots]
        for origin in (0, 1):
            self.stock[origin] += slot[origin]
            slot[origin] = 0.0
        self.blacklist_weeks = max(0.0, self.blacklist_weeks - 1.0)

    def place_order(self) -> None:
        self.acts, self.outside_share, self.asked, self.serves = self.decided

    def offer(self) -> float:
        if self.lane.target.grey_open <= 0.0:
            return 0.0
        at_hand = self.stock[0] + self.stock[1] if self.acts else self.stock[1]
        if not (self.acts or self.serves):
            return 0.0
        return min(self.capacity, self.model.par.trader_ship_share * at_hand)

    def send(self, tonnes: float) -> tuple[float, float]:
        """Ships to the target; who does not divert ships only what is not the coercer's."""
        chinese, other = self.stock
        part = ratio(other, chinese + other, 0.0)
        of_chinese = min(tonnes * (1.0 - part), chinese) if self.acts else 0.0
        of_other = min(tonnes - of_chinese, other)
        self.stock = [chinese - of_chinese, other - of_other]
        self.diverted[self.model.week % len(self.diverted)] = of_chinese
        self.diverted_usd *= 1.0 - 1.0 / self.model.par.case_weeks
        self.diverted_usd += of_chinese * self.lane.target.price
        return of_chinese, of_other

    def get_supplies(self) -> None:
        """What it ordered and the market filled, three weeks on the way (7.8)."""
        market = self.lane.home
        slot = (self.model.week + int(self.model.par.lead_hub_weeks)) % self.model.slots
        for channel, asked in zip((CHINA, OTHER), self.asked, strict=True):
            tonnes = asked * market.fill_now[channel]
            self.pipe[slot][0] += tonnes * market.mix[channel][0]
            self.pipe[slot][1] += tonnes * market.mix[channel][1]
        self.lane.to_traders += self.asked[0] * market.fill_now[CHINA]

    def traceable(self) -> float:
        return self.diverted[(self.model.week - TRACED_WEEKS) % len(self.diverted)]

    def is_caught(self, luck: float) -> bool:
        par, lane = self.model.par, self.lane
        chance = par.detection_base + par.detection_anomaly * lane.anomaly()
        trace = lane.home.material.trace * (1.0 + lane.hub.zone.tracing)
        chance += par.detection_trace * min(1.0, trace)
        help_ = 1.0 + self.model.policing(lane.hub.zone)
        chance = 1.0 - math.exp(-self.model.effort * chance * self.visibility * help_)
        return luck < chance and self.blacklist_weeks <= 0.0


def fears(
    model: Reference, market: Market, stock: list[float], exposure: float, tolerance: float,
    cover: bool = True,
) -> bool:
    """Whether a firm gives up legal sales to the target for fear of being mistaken (7.7)."""
    par, zone = model.par, market.zone
    if zone.coercer or zone.target or model.clause <= 0.0:
        return False
    if market.material.markets[model.target].breadth <= 0.0:
        return False
    if ratio(stock[0], stock[0] + stock[1], 0.0) <= par.de_minimis_share:
        return False
    feared = par.false_positive_share * zone.believed_risk() * exposure
    if cover:
        feared *= 1.0 - par.cover_believed * model.levers.of("customer_cover", zone.index)
    return feared > max(par.least_tolerance, 1.0 + par.tolerance_spread * tolerance)


def false_alarm(model: Reference, zone: Zone, trace: float) -> float:
    """Odds that a firm which trades legally with the target is taken for a violator (7.9)."""
    par = model.par
    chance = par.detection_base + par.detection_trace * min(1.0, trace * (1.0 + zone.tracing))
    chance = 1.0 - math.exp(-model.effort * chance * (1.0 + model.policing(zone)))
    return par.false_positive_share * chance


def fears_to_pay(market: Market, exposure: float, tolerance: float) -> bool:
    """Whether a firm gives up sales to the target lest it lose the coercer's payments (7.7)."""
    par, zone = market.model.par, market.zone
    if zone.coercer or zone.target:
        return False
    if market.material.markets[market.model.target].breadth <= 0.0:
        return False
    patience = max(par.least_tolerance, 1.0 + par.tolerance_spread * tolerance)
    return zone.payment_risk() * exposure > patience
