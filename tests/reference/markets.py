"""Where firms meet: materials and their markets, with their laws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tests.reference.levers import NO_QUOTA
from tests.reference.maths import clip, ratio, toward
from tests.reference.places import CHINA, GREY, OTHER, Lane, Zone

if TYPE_CHECKING:
    from tests.reference.firms import Buyer, Reserve, Trader
    from tests.reference.model import Reference
    from tests.reference.plants import Plant

RUNNING, BUILDING = 0, 3  # states of a plant
REVIEW = 27  # weeks of applications that are kept apart


class Material:
    """A material and the pool of the coercer's producers."""

    def __init__(self, model: Reference, index: int, fact: Any) -> None:
        self.model, self.index, self.id = model, index, fact.id
        self.base_price = fact.base_price_usd_per_t
        self.cost_ratio, self.trace = fact.cost_ratio, fact.traceability
        self.trace_processed = fact.traceability_after_processing
        self.elasticity, self.pace = fact.long_run_elasticity, fact.switching_speed
        self.loose = max(0.0, 1.0 - 1.0 / self.pace)  # sales that go to whoever orders
        self.tier, self.listed = float(fact.scope_tier), bool(fact.dual_use_listed)
        self.pool = self.usual_exports = self.paper_price = 0.0
        self.surge = fact.export_surge or model.par.export_surge
        self.reservation = fact.reservation_median
        self.base_exports = self.base_home = 0.0
        self.markets: list[Market] = []  # by zone
        self.plants: list[Plant] = []
        self.ranked: list[Plant] = []  # in the order in which states contract them
        self.split: list[float] = []  # each zone's part of the contracted quantity
        self.part: Material = self  # finished part made of it
        self.home: Market  # the coercer's market
        self.avoidable = 0.0  # marginal avoidable cost outside the coercer
        self.chinese_normal = 0.0  # normal output of the coercer's plants

    def look(self) -> None:
        """What stands outside the coercer costs to run, weighted by output (7.5)."""
        cost = output = 0.0
        share = self.model.par.avoidable_cost_share
        for plant in self.plants:
            if plant.running and not plant.coercer:
                cost += plant.output * min(share * plant.cost, self.model.par.outside_ask_cap)
                output += plant.output
        self.avoidable = ratio(cost, output, 0.0)
        usual = (plant.capacity * plant.normal for plant in self.plants if plant.coercer)
        self.chinese_normal = sum(usual)
        self.contract()

    def earned_abroad(self) -> float:
        """Mean log price of a year where the coercer sold abroad in the base year (7.11)."""
        sold = [(x.base_china, x.price_year) for x in self.markets if x is not self.home]
        return ratio(sum(w * p for w, p in sold), sum(w for w, _ in sold), 0.0)

    def contract(self) -> None:
        """States buy output ahead, of new plants first, then of the cheapest (7.17)."""
        levers = self.model.levers
        yearly = [levers.of("offtake", zone.index, self.index) for zone in self.model.zones]
        total = sum(yearly)
        self.split = [ratio(tonnes, total, 0.0) for tonnes in yearly]
        for plant, part in zip(self.ranked, self.covered(), strict=True):
            plant.contracted = part
        self.buy_in()
        made = sum(min(plant.contracted * plant.capacity, plant.output) for plant in self.plants)
        for market, part in zip(self.markets, self.split, strict=True):
            due = part * made
            for plant in self.plants:
                if plant.ahead > 0.0 and plant.buyer == market.zone.index:
                    first = min(plant.contracted * plant.capacity, plant.output)
                    taken = min(plant.ahead * plant.capacity, plant.output) - part * first
                    due += clip(taken, 0.0, plant.output - first)
            need = sum(buyer.expected_need for buyer in market.buyers)
            market.bound = min(0.95, ratio(due, need, 0.0))

    def covered(self) -> list[float]:
        """Part of each plant's capacity, as they are ranked, that states buy ahead."""
        levers, parts = self.model.levers, []
        left = sum(levers.of("offtake", zone.index, self.index) for zone in self.model.zones) / 52.0
        for plant in self.ranked:
            alive = plant.capacity if plant.could_sell() else 0.0
            parts.append(clip(ratio(left, alive, 0.0), 0.0, 1.0))
            left -= alive
        return parts

    def sell_rights(self) -> None:
        """States pay for what no capital was paid for yet, each its part of what they want."""
        room = 0.0
        for plant, part in zip(self.ranked, self.covered(), strict=True):
            if plant.status in (RUNNING, BUILDING) and not plant.coercer:
                room += 52.0 * plant.capacity * (1.0 - part)
        room = max(0.0, room - sum(market.equity_paid for market in self.markets))
        levers = self.model.levers
        for market in self.markets:
            fund = 1e6 * levers.of("minerals_fund_usd_m", market.zone.index)
            money = fund * self.model.par.fund_capital_share / 52.0 / self.model.par.equity_years
            if fund > 0.0:
                more = market.fund_rights + market.bought_with(money)
                market.fund_rights = min(52.0 * market.base_demand, more)
            else:  # it keeps what it paid for and wants no more
                market.fund_rights = min(market.fund_rights, market.equity_paid)
        wanted = [
            max(levers.of("equity_offtake", x.zone.index, self.index), x.fund_rights)
            for x in self.markets
        ]
        more = [max(0.0, w - x.equity_paid) for w, x in zip(wanted, self.markets, strict=True)]
        had = min(1.0, ratio(room, sum(more), 0.0))
        for market, most, rise in zip(self.markets, wanted, more, strict=True):
            market.equity_paid += had * rise
            market.equity = min(most, market.equity_paid)

    def buy_in(self) -> None:
        """What states hold of plants by capital, partners first, then the cheapest (7.17)."""
        total = sum(market.equity for market in self.markets)
        left = total / 52.0
        for plant in sorted(self.plants, key=lambda plant: (plant.buyer < 0, plant.asking)):
            open_ = plant.status in (RUNNING, BUILDING) and not plant.coercer
            room = plant.capacity * (1.0 - plant.contracted) if open_ else 0.0
            plant.bought = ratio(clip(ratio(left, room, 0.0), 0.0, 1.0) * room, plant.capacity, 0.0)
            left -= room
        for market in self.markets:
            market.brought, z = 0.0, market.zone.index
            for plant in self.plants:
                usual = 0.0 if plant.new else plant.sales[z] * plant.output
                if plant.buyer == z:
                    usual += plant.ahead * plant.output
                due = plant.due_by_equity() * ratio(market.equity, total, 0.0)
                market.brought += max(0.0, due - usual)

    def take_on(self) -> None:
        """Exporters take on what they can handle, the same part of every foreign order (7.8)."""
        foreign = [market for market in self.markets if market is not self.home]
        for market in self.markets:
            mine = sum(trader.asked[0] for trader in market.traders)
            market.wanted_china = market.ordered[CHINA] + mine
            market.smuggle()
            market.accepted = market.wanted_china - market.unrecorded
        total = sum(market.accepted for market in foreign)
        part = min(1.0, ratio(self.surge * self.usual_exports, total, 1.0))
        for market in foreign:
            market.accepted *= part

    def decide_licences(self) -> None:
        """Applications of the week, and the desk's decisions on those that are due (7.6)."""
        par = self.model.par
        for market in self.markets:
            market.apply()
        most = par.licence_desk * self.usual_exports
        desk = min(1.0, ratio(most, sum(market.due() for market in self.markets), 1.0))
        for market in self.markets:
            market.decide(desk)

    def ship(self) -> None:
        """Home first; exports from half of what is left, under licence, ban and quota (7.6)."""
        par = self.model.par
        home = min(self.home.wanted_china, self.pool)
        abroad = [market for market in self.markets if market is not self.home]
        allowed = [market.admissible() for market in abroad]
        hidden = [market.unrecorded for market in abroad]
        left = par.export_share_per_week * (self.pool - home)
        scale = min(1.0, ratio(left, sum(allowed) + sum(hidden), 1.0))
        rooms = self.quota(abroad)
        pace = par.quota_pace / max(self.model.weeks_left_in_year(), 1.0)
        gone = 0.0
        for market, most, beside, room in zip(abroad, allowed, hidden, rooms, strict=True):
            papers = 1.0
            if room is not None:
                waits = market.held + (room / max(self.model.weeks_left_in_year(), 1.0)) * (
                    market.approves() <= 0.0
                )
                waits = min(room, waits)
                papers = min(1.0, ratio(min(room, pace * room + waits), most * scale, 1.0))
                late = max(0.0, most * scale * papers - pace * room)
                market.held = max(0.0, waits - late)
            sent = most * scale * papers
            market.shipped_year += sent
            market.licences = max(
                0.0, market.licences - (1.0 - market.breadth) * market.licensed * scale * papers
            )
            sent += beside * scale
            gone += sent
            market.fill_now[CHINA] = ratio(sent, market.wanted_china, 1.0)
        self.home.fill_now[CHINA] = ratio(home, self.home.wanted_china, 1.0)
        for market in self.markets:
            market.mix[CHINA] = (1.0, 0.0)
        self.pool -= home + gone
        usual = toward(self.usual_exports, gone, 1.0 / par.export_memory_weeks)
        self.usual_exports = max(self.base_exports, usual)

    def quota(self, abroad: list[Market]) -> list[float | None]:
        """Papers that each market has left this year, None without a quota (7.6)."""
        par, quota = self.model.par, self.model.levers.own("export_quota", self.index)
        if quota >= NO_QUOTA or self.model.bound:
            self.paper_price = 0.0
            for market in abroad:
                market.held = 0.0
            return [None] * len(abroad)
        weeks = max(self.model.weeks_left_in_year(), 1.0)
        left = []
        for market in abroad:
            recorded = market.base_china * (1.0 - market.base_smuggled)
            papers = quota * self.model.weeks_of_year() * recorded
            left.append(max(0.0, papers - market.shipped_year))
        bids = max(sum(market.accepted for market in abroad), 1e-9)
        excess = clip(math.log(bids / max(sum(left) / weeks, 1e-9)), -1.0, 1.0)
        if excess > 0.0:
            self.paper_price += par.paper_price_up * excess
        else:
            self.paper_price *= 1.0 + par.paper_price_down * excess
        most = math.log(par.paper_price_most * self.reservation)
        self.paper_price = min(self.paper_price, most)
        return list(left)


class Market:
    """A material in a zone: channels, licences, price."""

    def __init__(self, model: Reference, index: int, material: Material, zone: Zone) -> None:
        self.model, self.index, self.material, self.zone = model, index, material, zone
        channels = model.channels
        self.buyers: list[Buyer] = []  # industrial users, then feed desks, then the reserve
        self.traders: list[Trader] = []  # those who buy here
        self.lanes: list[Lane] = []  # by hub; the target's markets only
        self.reserve: Reserve | None = None
        self.lead = [0] * channels
        self.base_demand = self.base_china = self.base_share = self.base_recycled = 0.0
        self.price = self.price_half_year = self.fill = self.clearance = 1.0
        self.fear = self.cleared = 0.0
        self.price_year = self.hoarding = self.announced = self.true_share = 0.0
        self.in_use: list[float] = []  # in products, by stage of their life
        self.used = self.collected = self.equity = self.equity_paid = self.brought = 0.0
        self.fund_rights = 0.0
        self.licences = self.recycling = self.grey_open = self.china_need = 0.0
        self.refused = self.deadline_weeks = self.asked_now = self.accepted = 0.0
        self.shipped_year = self.held = self.smuggled = self.base_smuggled = 0.0
        self.channel_fill = [1.0] * channels
        self.applications = [0.0] * REVIEW
        self.on_way = [[0.0] * (channels + 2) for _ in range(model.slots)]
        self.leaked = self.outside_origin = self.bound = 0.0
        self.text = self.covered = 0.0
        self.breadth = self.duty = self.ad_valorem = self.floor = self.export_tax = 0.0
        self.approval = self.border = 1.0
        # of the week
        self.pull = [0.0] * channels
        self.open = [False] * channels
        self.rate = 0.0
        self.ordered = [0.0] * channels
        self.fill_now = [1.0] * channels
        self.mix = [(0.0, 1.0)] * channels
        self.unrecorded = 0.0
        self.wanted_china = self.licensed = self.wanted_other = self.released = self.lent = 0.0
        self.arrived = [0.0, 0.0]
        self.new_price = self.served = 1.0

    # --- what firms see at the start of the week ------------------------------------------------

    def delivered(self) -> tuple[float, float]:
        """Delivered price from the coercer, and the tariff that lifts it to the floor (7.0)."""
        price = self.price_of_papers() * (1.0 + self.ad_valorem)
        return price, max(0.0, self.floor - price) * self.border

    def price_of_papers(self) -> float:
        """Price inside the coercer; abroad with what a paper of the quota costs (7.6)."""
        rent = 0.0 if self.zone.coercer else self.material.paper_price
        return self.material.home.price * math.exp(rent)

    def china_is_open(self) -> bool:
        if self.breadth >= 0.999:
            return False
        unlicensed = self.licences + sum(self.applications) <= 0.0
        return not (self.duty >= 0.999 and self.approval <= 0.0 and unlicensed)

    def undercut(self) -> float:
        """Price of sellers elsewhere under a tariff on the coercer, over that of the market."""
        par = self.model.par
        tariff = 0.0 if self.zone.coercer else self.model.levers.of(
            "tariff_on_coercer", self.zone.index
        )
        led = min(1.0, self.base_share / par.price_setting_share)
        return (1.0 + tariff) ** (-(1.0 - par.tariff_umbrella) * led)

    def look(self) -> None:
        """Pull and state of the channels for everybody in the market (7.5)."""
        par, price = self.model.par, self.price
        bare, tariff = self.delivered()
        # with tracing, ex-China goods of Chinese origin pay at the border what the coercer's do
        duty = bare + tariff - self.price_of_papers() * (1.0 + self.export_tax)
        traced = self.zone.tracing * self.outside_origin * duty / price
        relative = [
            (bare + tariff) / price,
            (max(self.undercut(), self.material.avoidable / price) + traced)
            * (1.0 - self.zone.credit),
            1.0,
        ]
        self.open = [self.china_is_open(), True, self.recycling > 0.0]
        for lane in self.lanes:
            through = lane.home.price * (1.0 + par.hub_handling_cost)
            relative.append(max(1.0, through / price))
            self.open.append(bool(lane.traders) and self.grey_open > 0.0)
        self.pull = []
        for channel, cost in enumerate(relative):
            fill = max(self.channel_fill[channel], par.fill_floor)
            pull = cost**-par.source_elasticity * fill**par.fill_weight
            if channel == CHINA:
                pull *= math.exp(-par.reputation_weight * self.zone.spread_distrust)
                pull *= math.exp(-par.fear_premium * self.material.elasticity * self.fear)
            if channel >= GREY:
                pull *= self.lanes[channel - GREY].reach()
            self.pull.append(pull if self.open[channel] else 0.0)
        speed = par.share_adjustment + par.share_adjustment_shortage * (1.0 - self.fill)
        self.rate = min(par.share_adjustment_cap, self.material.pace * speed)

    def most_from_china(self) -> float:
        """Share of the coercer that contracts and capital elsewhere leave (7.5)."""
        need = sum(buyer.expected_need for buyer in self.buyers)
        brought = ratio(self.brought, need, 0.0)
        if brought <= 0.0:
            return 1.0 - self.bound
        least = 1.0 - self.model.par.contracted_cap
        return min(1.0 - self.bound, max(least, self.base_share - self.bound - brought))

    def more_recycled(self) -> float:
        """What recyclers weigh more than in the base year: by what they collect (7.5)."""
        base = ratio(self.base_recycled, self.base_demand, 0.0)
        room = max(0.0, self.model.par.recycling_cap - base)
        part = min(room, ratio(self.collected, self.base_demand, 0.0))
        return part / max(0.01, 1.0 - base - part)

    def bought_with(self, usd: float) -> float:
        """Tonnes for this market's part of money that a zone splits as its use is in value."""
        worth = self.base_demand * self.material.base_price
        whole = sum(m.base_demand * m.material.base_price for m in self.zone.markets)
        return ratio(usd * ratio(worth, whole, 0.0), self.price * self.material.base_price, 0.0)

    def start_week(self) -> None:
        self.ordered = [0.0] * self.model.channels
        self.arrived, self.used = [0.0, 0.0], 0.0
        self.on_way[self.model.week % self.model.slots] = [0.0] * (self.model.channels + 2)

    def remember_denials(self) -> None:
        """Buyers fear what they were denied, and forget (7.10)."""
        if self.base_china <= 0.0:
            return
        par = self.model.par
        self.fear += (
            par.fear_up * (1.0 - self.cleared) * (1.0 - self.fear) - self.fear / par.fear_weeks
        )

    def remember_halts(self) -> None:
        """Smoothed share of the lines' need that stands still (7.14)."""
        par = self.model.par
        lines = [buyer for buyer in self.buyers if buyer.has_line]
        still = sum(b.base_need for b in lines if b.line_rate < par.stopped_line)
        now = ratio(still, sum(b.base_need for b in lines), 0.0)
        self.halted = toward(self.halted, now, par.halted_smoothing)

    def remember_price(self) -> None:
        self.price_year = toward(self.price_year, math.log(self.price), 1.0 / 52.0)
        self.price_half_year = toward(self.price_half_year, self.price, 1.0 / 26.0)

    # --- licences (7.6) -------------------------------------------------------------------------

    def void(self, old_breadth: float, old_approval: float) -> None:
        """A ban takes its share of balances and pending applications; easing frees the refused."""
        self.refused *= min(1.0, ratio(1.0 - self.approval, 1.0 - old_approval, 1.0))
        kept = 1.0 - max(0.0, self.breadth - old_breadth)
        self.licences *= kept
        self.applications = [entry * kept for entry in self.applications]

    def fade(self) -> None:
        self.announced *= 1.0 - self.model.par.announcement_decay
        self.deadline_weeks = max(0.0, self.deadline_weeks - 1.0)
        if self.breadth > 0.0 or self.announced > 0.05:
            self.grey_open = 1.0

    def apply(self) -> None:
        """What is applied for this week; it goes on the pile once the desk is done."""
        par, wanted = self.model.par, self.accepted
        self.china_need = toward(self.china_need, wanted, par.demand_smoothing)
        short = par.licence_cover_weeks * self.duty * self.china_need - self.licences
        asked = self.duty * wanted + max(0.0, short) / par.licence_catch_up_weeks
        asked = max(0.0, asked - self.refused / par.stock_correction_weeks)
        self.asked_now = asked * (1.0 - self.breadth)

    def old_enough(self) -> list[int]:
        """Slots of the pile that the desk may decide."""
        review = max(self.model.levers.own("licence_weeks"), 1.0)
        return [s for s in range(REVIEW) if (self.model.week - s) % REVIEW >= review]

    def due(self) -> float:
        return sum(self.applications[slot] for slot in self.old_enough())

    def decide(self, desk: float) -> None:
        """Approvals, refusals and expiry; what the desk does not reach stays on the pile."""
        par, week = self.model.par, self.model.week
        decided = desk * self.due()
        for slot in self.old_enough():
            self.applications[slot] *= 1.0 - desk
        self.applications[(week + 1) % REVIEW] += self.applications[week % REVIEW]
        self.applications[week % REVIEW] = self.asked_now
        granted = self.approves()
        self.licences = (1.0 - par.licence_expiry) * self.licences + granted * decided
        self.refused = (1.0 - 1.0 / par.refused_weeks) * self.refused + (1.0 - granted) * decided

    def approves(self) -> float:
        """Share of applications approved, less where a hub is punished."""
        hub = self.zone.hub
        if hub is not None and hub.collective_weeks > 0.0:
            return self.approval * (1.0 - self.model.levers.own("collective_punishment"))
        return self.approval

    def smuggle(self) -> None:
        """What leaves the coercer beside its papers grows with the gap of prices (7.6)."""
        if self.zone.coercer:
            return
        par = self.model.par
        gap = max(0.0, math.log(self.price / self.material.home.price))
        aim = min(1.0, self.base_smuggled + par.smuggling_gain * gap)
        beyond = max(0.0, self.model.levers.own("enforcement") - 1.0)
        aim /= 1.0 + par.smuggling_deterrence * beyond
        self.smuggled = toward(self.smuggled, aim, par.smuggling_entry)
        most = par.smuggling_most * self.wanted_china
        self.unrecorded = min(most, self.smuggled * self.base_china)

    def admissible(self) -> float:
        free = (1.0 - self.duty) * self.accepted
        self.licensed = min(self.licences, self.duty * self.accepted) if self.approves() else 0.0
        return (1.0 - self.breadth) * (free + self.licensed)

    # --- goods on their way ---------------------------------------------------------------------

    def deliver(self) -> None:
        """Every buyer of a channel gets its fill, in the channel's mix, after its lead (7.8)."""
        slots, week = self.model.slots, self.model.week
        for channel, ordered in enumerate(self.ordered):
            slot = (week + self.lead[channel]) % slots
            self.on_way[slot][channel] += ordered * self.fill_now[channel]
        for buyer in self.buyers:
            for channel, share in enumerate(buyer.share):
                tonnes = buyer.order * share * self.fill_now[channel]
                if tonnes > 0.0:
                    chinese, other = self.mix[channel]
                    lead = self.lead[channel]
                    if channel == CHINA and self.flies(buyer):
                        far, lead = (week + lead) % slots, int(self.model.par.lead_local_weeks)
                        self.on_way[far][channel] = max(0.0, self.on_way[far][channel] - tonnes)
                        self.on_way[(week + lead) % slots][channel] += tonnes
                    slot = (week + lead) % slots
                    buyer.pipe[slot][0] += tonnes * chinese
                    buyer.pipe[slot][1] += tonnes * other

    def flies(self, buyer: Buyer) -> bool:
        """Who is about to run out has its goods from the coercer by air, if they are dear (7.8)."""
        par = self.model.par
        dear = self.material.base_price >= 1000.0 * par.air_value_usd_per_kg
        short = buyer.held() < par.air_cover_weeks * buyer.expected_need
        return dear and short and not self.zone.coercer and buyer is not self.reserve

    def hand_over(self, taker: Market, tonnes: float) -> None:
        """A state gives public stock to another, in its mix and at most what it holds (6)."""
        if self.reserve is None or taker.reserve is None:
            return
        part = min(1.0, ratio(tonnes, self.reserve.held(), 0.0))
        for origin in (0, 1):
            given = part * self.reserve.stock[origin]
            self.reserve.stock[origin] -= given
            taker.reserve.stock[origin] += given

    def hand_out(self, tonnes: list[float], need: float) -> None:
        """Goods of traders that give up go to the users of the hub by their need."""
        slot = (self.model.week + int(self.model.par.lead_other_weeks)) % self.model.slots
        for buyer in self.buyers:
            part = buyer.expected_need / need
            buyer.pipe[slot][0] += tonnes[0] * part
            buyer.pipe[slot][1] += tonnes[1] * part
        self.on_way[slot][OTHER] += tonnes[0] + tonnes[1]
