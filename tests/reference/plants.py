"""Plants: mines, refineries and magnet makers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.reference.firms import (
    ACCEPTS,
    EVADES,
    QUITS,
    FeedDesk,
    false_alarm,
    fears,
    fears_to_pay,
)
from tests.reference.markets import Market
from tests.reference.maths import below_normal, clip, ratio, toward
from world.levers import LEVERS

if TYPE_CHECKING:
    from tests.reference.model import Reference
    from tests.reference.places import Zone

RUNNING, IDLE, MOTHBALLED, BUILDING, PLANNED, SCRAPPED = range(6)


class Plant(mesa.Agent):
    """A plant and what it decides: utilisation, sales to the target, terms, opening, closing."""

    model: Reference

    def __init__(
        self, model: Reference, row: int, market: Market, traits: Any, fact: Any
    ) -> None:
        super().__init__(model)
        self.row, self.market = row, market
        self.material, self.zone = market.material, market.zone
        self.coercer = bool(traits.coercer[row])
        self.base_use = float(traits.base_use[row])
        self.full_use = float(traits.full_use[row])
        self.ramp_step = float(traits.ramp_step[row])
        self.normal = 0.0  # normal utilisation, taken over from the columns
        self.elasticity = float(traits.elasticity[row])
        self.sales = [float(w) for w in traits.sales_weight[row]]
        self.free_sales = [float(w) for w in traits.free_sales[row]]
        self.exposure = float(traits.margin_exposure[row])
        self.tolerance = float(traits.tolerance[row])
        self.target_sales = float(traits.target_sales[row])
        self.buyer = int(traits.offtake_zone[row])
        self.sold = float(traits.offtake_share[row])
        self.own_floor = float(traits.own_floor[row])
        self.by_product = bool(traits.by_product[row])
        self.chinese_feed = float(traits.chinese_feed[row])
        self.lead_weeks = float(traits.lead_weeks[row])
        self.fictional, self.nameless = bool(traits.fictional[row]), bool(traits.aggregate[row])
        self.name, self.new = fact.name, fact.base_output_t <= 0.0
        self.test, self.planned_t = fact.trial, fact.capacity_t
        self.trial = self.proof = self.belief = 0.0
        self.asking = float(fact.cost)
        self.ahead = self.sold if self.new else 0.0  # sold before it was built
        self.agreed = (1.0 + model.par.offtake_margin) * self.asking if self.ahead > 0.0 else 0.0
        self.desks: list[FeedDesk] = []
        self.status = RUNNING
        self.utilisation = self.capacity = self.output = self.cumulative = 0.0
        self.cost = self.expected_price = 1.0
        self.stock = [0.0, 0.0]
        self.low_weeks = self.mothball_weeks = self.wait_weeks = self.stop_weeks = 0.0
        self.blacklist_weeks = 0.0
        self.evaded = [0.0] * (int(model.par.tracing_weeks) + 1)
        self.contracted = 0.0  # part of its capacity that states have bought ahead
        self.bought = 0.0  # part of its capacity that states hold by capital
        self.support = 0.0  # part of its cost that states bear
        self.terms = ACCEPTS
        self.next_utilisation = self.price_seen = 0.0
        self.covered = False
        self.stops = self.builds = self.closes = self.restarts = self.scraps = False
        self.next_terms = ACCEPTS
        self.rate, self.feed = 1.0, [0.0, 0.0]
        self.material.plants.append(self)

    @property
    def running(self) -> bool:
        return self.status == RUNNING

    def due_by_equity(self) -> float:
        return min(self.bought * self.capacity, self.output)

    def rank(self) -> tuple[bool, bool, float]:
        """States contract new plants first, those that look for a buyer, then the cheapest."""
        return not self.new, self.buyer < 0, self.asking

    def could_sell(self) -> bool:
        return self.status != SCRAPPED and not self.coercer

    # --- decisions ------------------------------------------------------------------------------

    def decide(self) -> None:
        model, par = self.model, self.model.par
        self.support = self.backing()
        self.price_seen = self.see_price()
        self.next_utilisation = self.aim()
        traits = (self.market, self.stock, self.exposure, self.tolerance)
        self.stops = not self.coercer and fears(model, *traits)
        self.stops |= fears_to_pay(self.market, self.exposure, self.tolerance)
        self.covered = not self.coercer and not self.stops and fears(model, *traits, cover=False)
        self.builds = self.closes = self.restarts = False
        if model.week % 4 == 0 and not model.frozen:
            self.invest()
        forgotten = self.fictional or self.nameless
        waited = self.status == MOTHBALLED and self.mothball_weeks >= par.scrap_weeks
        self.scraps = waited and forgotten and not model.frozen
        self.next_terms = self.choose_terms()

    def market_price(self) -> float:
        """The price where its goods go: its habit, drawn to who pays most (7.8)."""
        prices = [market.price for market in self.material.markets]
        mean, pull = sum(prices) / len(prices), self.model.par.price_premium_exponent
        weights = [w * (price / mean) ** pull for w, price in zip(self.sales, prices, strict=True)]
        return ratio(sum(w * p for w, p in zip(weights, prices, strict=True)), sum(weights), 0.0)

    def backing(self) -> float:
        """Part of the cost of a new plant that its own state, its buyer or contractors bear."""
        levers, own = self.model.levers, self.zone.index
        if not self.new:
            return 0.0
        subsidy = [levers.of("project_subsidy", zone.index) for zone in self.model.zones]
        share = max(subsidy[own], subsidy[self.buyer if self.buyer >= 0 else own])
        if self.contracted > 0.0:
            split = self.material.split
            share = max(share, sum(s * part for s, part in zip(subsidy, split, strict=True)))
        return max([share, *(self.offer_of_fund(zone) for zone in self.model.zones)])

    def offer_of_fund(self, giver: Zone) -> float:
        """Part of the cost that a state's fund bears, as far as its money reaches (7.17)."""
        par, fund = self.model.par, self.model.levers.of("minerals_fund_usd_m", giver.index)
        if fund <= 0.0 or not self.may_be_backed(giver):
            return 0.0
        asked = [p.yearly_cost() for p in self.model.plants if p.may_be_backed(giver)]
        money = 1e6 * fund * (1.0 - par.fund_vault_share - par.fund_capital_share)
        return min(LEVERS["project_subsidy"].high, ratio(money, sum(asked), 0.0))

    def may_be_backed(self, giver: Zone) -> bool:
        near = self.zone is giver or (giver.member and self.zone.member)
        return self.new and not self.coercer and self.status != SCRAPPED and near

    def yearly_cost(self) -> float:
        return 52.0 * self.capacity * self.cost * self.material.base_price

    def see_price(self) -> float:
        """Market price and what states pay on top of it, no gap twice (7.8, 7.12, 7.17)."""
        if self.coercer:
            return self.material.home.price
        price, market = self.market_price(), self.market
        own = (1.0 - market.border) * max(0.0, market.floor - price) if market.floor > 0.0 else 0.0
        buyer = self.material.markets[self.buyer] if self.buyer >= 0 else market
        agreed, share = self.contract(buyer)
        price += own + share * max(0.0, agreed - price - own)
        due = self.contracted * self.capacity
        part = ratio(due, max(due, self.output), 0.0)
        price += part * max(0.0, self.full_price() - price)
        bound = 0.0 if self.model.warming else self.ahead
        return price + bound * max(0.0, self.agreed - price)

    def contract(self, buyer: Market) -> tuple[float, float]:
        """Floor in the plant's contract and the part of its output that it covers (7.12)."""
        own = 0.0 if self.model.warming or self.model.week < 0 else self.own_floor
        share = 1.0 if self.buyer < 0 and own > 0.0 else self.sold
        return max(own, buyer.floor * (1.0 - buyer.border)), share

    def full_price(self) -> float:
        """Cost and margin, which an offtake contract pays."""
        return self.cost * (1.0 + self.model.par.offtake_margin)

    def aim(self) -> float:
        """Utilisation moves to what price and stock suggest (7.8)."""
        par = self.model.par
        if not self.running:
            return 0.0
        discount = self.model.levers.own("flood", self.material.index) if self.coercer else 0.0
        signal = max(self.price_seen / (1.0 - discount), 0.001)
        bare = par.avoidable_cost_share * self.cost * (1.0 - self.support)
        if not self.coercer and self.price_seen < bare:
            signal = 0.001
        lowest = par.utilisation_low
        normal = self.base_use if self.model.frozen else self.normal
        most = 1.0 if self.coercer or self.normal >= self.full_use else normal
        aim = clip(normal * signal**self.elasticity, lowest * normal, most)
        held, usual = self.stock[0] + self.stock[1], self.capacity * self.full_use
        if self.coercer:
            held, usual = self.material.pool, self.material.chinese_normal
        weeks = held / max(usual, 1e-9)
        glut = clip((weeks - par.glut_weeks) / par.glut_weeks, 0.0, 1.0)
        aim *= 1.0 - (1.0 - lowest) * glut
        thin = max(0.0, 1.0 - weeks / par.plant_stock_weeks)
        aim = min(most, aim * (1.0 + self.material.loose * thin))
        if self.coercer and self.by_product and weeks > par.byproduct_stock_weeks:
            aim = 0.0
        return toward(self.utilisation, aim, par.utilisation_speed)

    def floor_expected(self) -> float:
        """The floor on which an investor counts (7.12)."""
        bloc = 0.0
        if self.zone.member:
            markets = self.material.markets
            bloc = max(m.floor * m.border for m in markets if m.zone.member)
        paid = self.market.floor * (1.0 - self.market.border)
        buyer = self.material.markets[self.buyer] if self.buyer >= 0 else self.market
        agreed, share = self.contract(buyer)
        ahead = 0.0 if self.model.warming else self.ahead * self.agreed
        return max(bloc, paid, agreed * share, self.contracted * self.full_price(), ahead)

    def invest(self) -> None:
        """Build, close or restart (7.11)."""
        par = self.model.par
        floor, price = self.floor_expected(), max(self.expected_price, 0.001)
        value, volatility = price, par.price_volatility
        if floor > 0.0:
            width = par.price_volatility * math.sqrt(par.project_horizon_years)
            d1 = (math.log(price / floor) + 0.5 * width**2) / width
            value = price * below_normal(d1) + floor * below_normal(width - d1)
            volatility = par.price_volatility * below_normal(d1)
        hurdle = 1.0
        if volatility >= 1e-6:
            beta = 0.5 + math.sqrt(0.25 + 2.0 * par.discount_rate / volatility**2)
            hurdle = beta / (beta - 1.0)
        trust = sum(
            w * z.spread_distrust for w, z in zip(self.sales, self.model.zones, strict=True)
        )
        needed = hurdle**par.waiting_weight * self.cost
        needed *= 1.0 - par.distrust_in_hurdle * trust
        value *= 1.0 - self.overhang()
        planned = self.status == PLANNED and not self.coercer
        planned = planned and (self.test is None or self.proof > 0.0)
        self.builds = planned and value > needed - self.support * self.cost
        self.closes = self.running and self.low_weeks >= par.mothball_weeks
        pays_again = value > self.cost * (1.0 - self.support) and self.wait_weeks <= 0.0
        self.restarts = self.status == MOTHBALLED and pays_again

    def overhang(self) -> float:
        """Part of its price that is counted off for unproven projects that others believe in."""
        if self.test is not None:
            return 0.0
        coming = sum(
            plant.belief * plant.test.scale * plant.planned_t
            for plant in self.material.plants
            if plant.test is not None and plant.status != RUNNING
        )
        made = sum(plant.output for plant in self.material.plants if not plant.coercer)
        return ratio(coming, coming + made, 0.0)

    def choose_terms(self) -> int:
        """Accept the licence terms, quit Chinese feed, or evade (7.15)."""
        model, par = self.model, self.model.par
        target = self.material.markets[model.target]
        if model.week % int(par.terms_period_weeks):
            return self.terms
        if target.breadth <= 0.0:
            return ACCEPTS
        abroad = not self.coercer and not self.zone.target
        concerned = abroad and self.chinese_feed > par.terms_feed_least and model.clause > 0.0
        if not concerned or not self.running:
            return self.terms
        price, share = self.market.price, self.chinese_feed
        margin = par.refiner_margin * price
        premium = max(0.0, target.price - price)
        trace = ratio(self.material.trace_processed, self.material.trace, 0.0)
        hazard = self.zone.believed_risk() * trace
        value = [
            margin,
            (1.0 - share) * (margin + self.target_sales * premium)
            - par.terms_switching_cost * margin,
            margin + par.refiner_evade_share * share * premium - hazard * self.exposure * margin,
        ]
        value[self.terms] += par.terms_status_quo * margin
        scale = par.terms_choice_scale * margin
        weight = [math.exp((v - max(value)) / scale) for v in value]
        if not self.fictional:
            weight[EVADES] = 0.0
        if self.blacklist_weeks > 0.0:
            return QUITS  # who was caught has no feed to accept terms for
        luck = model.luck("refiner terms", len(model.plants))[self.row] * sum(weight)
        if luck < weight[ACCEPTS]:
            return ACCEPTS
        return QUITS if luck < weight[ACCEPTS] + weight[QUITS] else EVADES

    # --- the week -------------------------------------------------------------------------------

    def plan(self) -> float:
        """Output if every input is there."""
        on = 1.0 if self.running else 0.0
        return self.capacity * self.utilisation * on * self.model.disaster(self)

    def count(self) -> None:
        self.stop_weeks = max(0.0, self.stop_weeks - 1.0)

    def take_feed(self) -> None:
        """The scarcest input sets the pace (7.2)."""
        self.rate = min((desk.possible() for desk in self.desks), default=1.0)
        self.feed = [0.0, 0.0]
        for desk in self.desks:
            taken = desk.draw(self.rate * desk.need)
            self.feed[0] += taken[0]
            self.feed[1] += taken[1]

    def produce(self) -> None:
        self.output = self.plan() * self.rate
        if self.coercer:
            self.material.pool += self.output
        else:
            chinese = ratio(self.feed[0], self.feed[0] + self.feed[1], 0.0)
            self.stock[0] += self.output * chinese
            self.stock[1] += self.output * (1.0 - chinese)
            if self.cumulative > 0.0:
                growth = (self.cumulative + self.output) / self.cumulative
                self.cost *= growth**-self.model.par.learning_exponent
        self.cumulative += self.output

    def inspect(self, luck: float) -> None:
        """Who sells processed feed as its own may be found, more rarely, and loses it (7.15)."""
        model, par = self.model, self.model.par
        self.blacklist_weeks = max(0.0, self.blacklist_weeks - 1.0)
        if self.evaded[(model.week - int(par.tracing_weeks)) % len(self.evaded)] <= 0.0:
            return
        trace = min(1.0, self.material.trace_processed * (1.0 + self.zone.tracing))
        chance = par.detection_base + par.detection_trace * trace
        chance = 1.0 - math.exp(-model.effort * chance * (1.0 + model.policing(self.zone)))
        if luck < par.refiner_detection * chance and self.blacklist_weeks <= 0.0:
            self.blacklist_weeks = par.blacklist_weeks

    def serve_on(self, luck: float) -> None:
        """Who serves the target since its state covers its loss is now and then listed (7.9)."""
        at_risk = self.covered and self.stop_weeks <= 0.0 and self.blacklist_weeks <= 0.0
        if at_risk and luck < false_alarm(self.model, self.zone, self.material.trace_processed):
            self.blacklist_weeks = self.model.par.blacklist_weeks

    def grow(self) -> None:
        """Commissioning, and capacity that the coercer adds after good years abroad (7.11)."""
        par = self.model.par
        if self.coercer:
            boom = min(max(self.material.earned_abroad(), 0.0), par.overbuild_price_cap)
            growth = 1.0 + par.overbuild_rate / 52.0 * boom
            self.capacity *= growth
            self.normal /= growth
            self.utilisation /= growth
        elif self.running and self.normal < self.full_use:
            reached = min(self.full_use, self.normal + self.ramp_step)
            self.utilisation += reached - self.normal
            self.normal = reached

    def try_out(self) -> None:
        """A year's campaign shows that it works, that it never will, or nothing yet (7.11)."""
        model, trial = self.model, self.test
        if trial is None:
            return
        spent = model.levers.of("trial_usd_m", self.zone.index)
        trying = self.status == PLANNED and self.proof <= 0.0 and spent > 0.0
        first = model.plan.start
        now = first.year + (first.timetuple().tm_yday - 1) / 365.25 + 7.0 * model.week / 365.25
        if trying and now >= trial.start_year:
            self.trial += min(1.0, spent / trial.usd_m) / 52.0
        if self.trial >= 1.0 - 1e-9:
            self.trial = 0.0
            all_ = [plant for plant in model.plants if plant.test is not None]
            place = all_.index(self)
            luck = model.luck("trial", len(all_))[place]
            if luck < trial.odds:
                self.proof, self.capacity = 1.0, self.capacity * trial.scale
                dearer = model.luck("trial cost", len(all_))[place]
                self.cost = trial.cost * (self.asking / trial.cost) ** dearer
            elif luck >= 1.0 - trial.fails:
                self.status = SCRAPPED
        hope = trial.odds / (trial.odds + trial.fails) if trying else 0.0
        goal = 1.0 if self.proof > 0.0 else hope
        goal = 0.0 if self.status == SCRAPPED else goal
        self.belief = toward(self.belief, goal, model.par.trial_belief_speed)

    def build(self) -> None:
        """Counters, then what was decided (7.11)."""
        par, frozen = self.model.par, self.model.frozen
        self.expected_price = toward(
            self.expected_price, self.price_seen, par.expected_price_smoothing
        )
        low = self.price_seen < par.avoidable_cost_share * self.cost * (1.0 - self.support)
        self.low_weeks = self.low_weeks + 1.0 if self.running and not self.coercer and low else 0.0
        self.mothball_weeks = self.mothball_weeks + 1.0 if self.status == MOTHBALLED else 0.0
        if self.status in (BUILDING, PLANNED) and not frozen:
            self.wait_weeks = max(0.0, self.wait_weeks - 1.0)
        if not frozen:
            done = self.status == BUILDING and self.wait_weeks <= 0.0
            if done:
                self.status = RUNNING
            self.grow()
            self.try_out()
            if done:
                self.utilisation = min(par.first_utilisation, self.normal)
        if self.builds:
            self.status = BUILDING
            self.wait_weeks = max(self.wait_weeks, par.least_lead_share * self.lead_weeks)
        if self.closes:
            self.status = MOTHBALLED
        if self.restarts:
            self.status, self.wait_weeks = BUILDING, par.restart_weeks
        if self.scraps:
            self.status = SCRAPPED
        self.terms = self.next_terms
