"""The firms' weeks in plain Mesa agents, written from the text of world/ODD.md.

One object per firm, plain floats, loops and ``math``; slow on purpose. It takes from the engine who
the firms are (``world.setting``), where they start (the columns of a world), the levers at the
start and luck (``world.draws``). From then on it is told only what no firm decides: events and
orders of seats. Prices, fills, licences, allocation, production, detection, beliefs, distrust,
projects and recycling are its own. Left out are orders of firms with a seat (7.18), which change
nothing at their defaults, and what only states look at: moods, gauges, damage and budgets.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable

import mesa
from mesa.agent import AgentSet

from tests.reference import prices
from tests.reference.court import hear
from tests.reference.firms import Buyer, FeedDesk, IndustrialUser, Reserve, Trader
from tests.reference.levers import Levers, announce, ban_on, lay_down, notice_to
from tests.reference.markets import Market, Material
from tests.reference.maths import ratio
from tests.reference.places import GREY, RECYCLED, Hub, Lane, Zone
from tests.reference.plants import Plant
from tests.reference.sales import sell
from tests.reference.start import take_over
from world.draws import Draws
from world.events import Event, event_value
from world.levers import LADDER, LEVERS
from world.phases.calendar import AMISS, echo_table
from world.state import World


class Reference(mesa.Model):
    """A luck of a world, from where the world stands; ``play`` is a week."""

    def __init__(self, world: World, draws: Draws) -> None:
        super().__init__(rng=draws.seed)
        setting = world.setting
        self.par, self.plan, self.draws = setting.par, setting.scenario, draws
        self.week, self.warming = world.week, world.warming
        self.slots, self.channels, self.target = setting.slots, setting.C, setting.target
        self.levers = Levers(self.plan, world.regime)
        self.clause = self.effort = 0.0
        self.bound = False  # by a ruling
        self.saving_rate: dict[Zone, float] = {}
        self.zones: list[Zone] = []
        self.hubs: list[Hub] = []
        self.materials: list[Material] = []
        self.markets: list[Market] = []
        self.lanes: list[Lane] = []
        self.users: list[Buyer] = []
        self.traders: list[Trader] = []
        self.plants: list[Plant] = []
        self.due: list[tuple[int, str, str, float, str]] = []
        self.shocks: list[tuple[Event, int]] = []  # with the first week after it
        self.todays_events: list[Event] = []
        self.todays_orders: list[tuple[str, str, float, str]] = []
        self._build(world)
        take_over(self, world)
        lay_down(self)
        self.buying = AgentSet(self.users, random=self.random)
        self.trading = AgentSet(self.traders, random=self.random)
        self.making = AgentSet(self.plants, random=self.random)

    def _build(self, world: World) -> None:
        setting, base = world.setting, world.setting.base
        for z, fact in enumerate(base.zones):
            zone = Zone(self, z, fact.code)
            zone.coercer, zone.target = z == setting.coercer, z == setting.target
            zone.value_at_risk = float(base.value_at_risk_usd[:, z].sum())
            self.zones.append(zone)
        for m, fact in enumerate(base.materials):
            material = Material(self, m, fact)
            self.materials.append(material)
            for zone in self.zones:
                market = Market(self, len(self.markets), material, zone)
                market.base_demand = float(base.demand_t[m, zone.index])
                market.base_china = float(base.trade_t[m, setting.coercer, zone.index])
                market.base_share = ratio(market.base_china, market.base_demand, 0.0)
                taxed = self.levers.first_tax[m] > 0.0 and not zone.coercer
                market.base_smuggled = self.par.smuggling_start if taxed else 0.0
                market.base_recycled = float(base.recycled_t[m, zone.index])
                market.lead = [int(weeks) for weeks in setting.lead[:, market.index]]
                self.markets.append(market)
                material.markets.append(market)
                zone.markets.append(market)
            material.home = material.markets[setting.coercer]
            material.base_home = material.home.base_china
            material.base_exports = sum(x.base_china for x in material.markets) - material.base_home
        for h, z in enumerate(setting.hub_zones):
            hub = Hub(self, h, self.zones[z])
            hub.zone.hub = hub
            self.hubs.append(hub)
            for material in self.materials:
                lane = Lane(hub, material.markets[z], material.markets[setting.target])
                lane.target.lanes.append(lane)
                hub.lanes.append(lane)
                self.lanes.append(lane)
        people, traits = setting.users, setting.plants
        for row, market in enumerate(traits.market):
            plant = Plant(self, row, self.markets[market], traits, base.plants[row])
            self.plants.append(plant)
            for name, _ in base.plants[row].inputs if base.plants[row].stage == "magnet" else ():
                for material in self.materials:
                    if material.id == name:
                        material.part = plant.material
        for material in self.materials:
            material.ranked = sorted(material.plants, key=Plant.rank)
        for row, market in enumerate(people.market):
            kind = Reserve if row >= people.reserve.start else FeedDesk
            kind = IndustrialUser if row < people.industrial.stop else kind
            user = kind(self, row, self.markets[market], people)
            channels = setting.C if user.market.zone.target else GREY
            user.liking = [float(x) for x in setting.user_preference[:channels, row]]
            self.users.append(user)
            if isinstance(user, FeedDesk):
                at = row - people.feed.start
                user.plant = self.plants[people.feed_plant[at]]
                user.per_output = float(people.feed_per_output[at])
                user.plant.desks.append(user)
            elif isinstance(user, Reserve):
                user.market.reserve = user
        for row, place in enumerate(setting.traders.hub * setting.M + setting.traders.material):
            self.traders.append(Trader(self, row, self.lanes[place], setting.traders))

    # --- a week ---------------------------------------------------------------------------------

    def play(
        self, orders: Iterable[tuple[str, str, float, str]] = (), events: Iterable[Event] = ()
    ) -> None:
        """A week with the orders (actor, lever, value, who speaks) and events of that week."""
        self.todays_orders, self.todays_events = list(orders), list(events)
        self.step()

    def step(self) -> None:
        for event in self.todays_events:
            self._happen(event)
        for order in self.todays_orders:
            self._hear(*order)
        self._decide()
        self._announce()
        self._receive()
        self._use()
        self._expect()
        self._order()
        self._divert()
        self._license()
        self._allocate()
        for market in self.markets:
            prices.release(market)
        self.making.do("produce")
        self._inspect()
        self._price()
        for market in self.markets:
            prices.follow_origin(market)
        for zone in self.zones:
            zone.judge()
        self.making.do("build")
        for material in self.materials:
            material.sell_rights()
        for market in self.markets:
            prices.recycle(market)
        self.week += 1

    def _happen(self, event: Event) -> None:
        """What nobody decides (6); remarks, news and money move no firm."""
        material = event.data.get("material", "")
        here = [
            market
            for market in self.markets
            if event.target in ("", market.zone.code) and material in ("", market.material.id)
        ]
        if event.kind == "announcement":
            for market in here:
                if not market.zone.coercer:
                    market.announced = float(event_value(event, "strength"))
                    weeks = float(event.data.get("weeks", 0.0))
                    market.deadline_weeks = weeks if market.announced > 0.0 else 0.0
        elif event.kind == "price_shock":
            for market in here:
                market.price *= float(event_value(event, "factor"))
        elif event.kind in ("disaster", "demand_shock"):
            self.shocks.append((event, self.week + int(event_value(event, "weeks"))))
        elif event.kind == "transfer_stock":
            for giver in self.markets:
                if giver.zone.code == event.actor and giver.material.id == material:
                    giver.hand_over(here[0], float(event_value(event, "tonnes")))

    def _hear(self, actor: str, lever: str, value: float, by: str) -> None:
        """An order is announced at once and binds later, a dated act now (3, 7.4, 7.9)."""
        announce(self, lever, value)
        if lever == "threat":
            for hub in self.hubs:
                hub.threaten(value)
        delay = 0 if by == "history" else max(1, LEVERS[lever.partition(".")[0]].delay_weeks)
        self.due.append((self.week + delay, actor, lever, value, by))

    def _customers_turn(self, lever: str, value: float) -> None:
        """A ban on who is no party to the quarrel costs approval among customers (7.17)."""
        known = self.plan.parties
        outside = {z.index: z for z in self.zones if not z.coercer and z.code not in known}
        sales = {row: math.fsum(market.base_china * market.material.base_price
                                for market in zone.markets) for row, zone in outside.items()}
        for name, row, setting in self.levers.parts(lever, value):
            if name in ("ban_breadth", "listing") and row in outside:
                change = setting - self.levers.own(name, row)
                part = ratio(sales[row], math.fsum(sales.values()), 0.0)
                self.zones[self.levers.coercer].lose_customers(part * change)

    def _decide(self) -> None:
        """All firms decide on the world as it stands."""
        for place in (*self.zones, *self.materials, *self.markets):
            place.look()
        self.buying.do("decide")
        self.trading.do("decide")
        self.making.do("decide")

    def _announce(self) -> None:
        now = [order for order in self.due if order[0] <= self.week]
        self.due = [order for order in self.due if order[0] > self.week]
        for _, actor, lever, value, by in now:
            zone, name = self.levers.zones.index(actor), lever.partition(".")[0]
            if zone == self.levers.coercer and name in (LADDER, "ban_breadth", "listing"):
                self._customers_turn(lever, value)
            if name in echo_table():
                for part, place, setting in self.levers.parts(lever, value):
                    was = self.levers.of(part, zone, place)
                    if by != "history" or part not in AMISS:
                        self.zones[zone].shift(part, place, was, setting)
            self.levers.put(actor, lever, value)
        before = [(market.breadth, market.approval) for market in self.markets]
        hear(self)
        for zone in self.zones:
            zone.read_ban(ban_on(self, zone), notice_to(self, zone))
        lay_down(self)
        for market, (breadth, approval) in zip(self.markets, before, strict=True):
            market.void(breadth, approval)
            market.fade()
        for hub in self.hubs:
            hub.count()

    def _receive(self) -> None:
        for market in self.markets:
            market.start_week()
        self.buying.do("receive")
        for market in self.markets:
            prices.share_stocks(market)
        self.trading.do("receive")
        self.making.do("count")

    def _use(self) -> None:
        for plant in self.plants:
            plant.utilisation = plant.next_utilisation
        self.buying.do("use")
        for market in self.markets:
            market.remember_halts()
        self.making.do("take_feed")

    def _expect(self) -> None:
        for market in self.markets:
            market.remember_price()
        for zone in self.zones:
            spent = 4e6 * self.levers.of("research_usd_m", zone.index)
            half = self.par.research_half * zone.value_at_risk
            gain = self.par.research_gain * ratio(spent, spent + half, 0.0)
            self.saving_rate[zone] = self.par.saving_rate * (1.0 + gain)
        self.buying.do("expect")

    def _order(self) -> None:
        self.buying.do("place_order")
        self.trading.do("place_order")

    def _divert(self) -> None:
        for lane in self.lanes:
            channel = GREY + lane.hub.index
            lane.ordered, lane.to_traders = lane.target.ordered[channel], 0.0
            lane.divert()
            sent = lane.sent[0] + lane.sent[1]
            part = ratio(lane.sent[0], sent, 0.0)
            lane.target.fill_now[channel] = min(1.0, ratio(sent, lane.ordered, 1.0))
            lane.target.mix[channel] = (part, 1.0 - part)

    def _license(self) -> None:
        if self._date().year > self._date(-1).year:
            for market in self.markets:
                market.shipped_year = market.held = 0.0
        for material in self.materials:
            material.take_on()
            material.decide_licences()
            material.ship()

    def _allocate(self) -> None:
        for material in self.materials:
            sell(material)
        for market in self.markets:
            wanted = market.ordered[RECYCLED]
            market.fill_now[RECYCLED] = ratio(min(wanted, market.recycling), wanted, 1.0)
            market.deliver()
        self.trading.do("get_supplies")
        for lane in self.lanes:
            lane.run_off()

    def _inspect(self) -> None:
        for zone in self.zones:
            zone.pay_elsewhere()
        for lane in self.lanes:
            lane.look_at_customs()
        chance = self.luck("refiner detection", len(self.plants))
        for plant in self.plants:
            plant.inspect(chance[plant.row])
        firms = [user for user in self.users if isinstance(user, IndustrialUser)]
        chance = self.luck("covered user listed", len(firms))
        for user in firms:
            user.inspect(chance[user.row])
        chance = self.luck("covered plant listed", len(self.plants))
        for plant in self.plants:
            plant.serve_on(chance[plant.row])
        luck = self.luck("detection", len(self.traders))
        for hub in self.hubs:
            hub.inspect(luck)

    def _price(self) -> None:
        for market in self.markets:
            prices.settle(market)
        for market in self.markets:
            market.price = market.new_price
            prices.hoard(market)
        for market in self.markets:
            prices.leak(market)

    # --- what firms ask of it -------------------------------------------------------------------

    @property
    def frozen(self) -> bool:
        return self.warming or self.plan.frozen_projects

    def luck(self, purpose: str, actors: int) -> list[float]:
        return [float(x) for x in self.draws.uniform(self.week, purpose, actors)[0]]

    def policing(self, zone: Zone) -> float:
        """What own policing adds to detection: more than its share above the routine (7.9)."""
        helps = self.levers.of("hub_policing", zone.index)
        above = max(0.0, helps - LEVERS["hub_policing"].default)
        return helps + self.par.policing_gain * above

    def demand_shock(self, market: Market) -> float:
        return self._shock("demand_shock", market, "", "factor")

    def disaster(self, plant: Plant) -> float:
        return self._shock("disaster", plant.market, plant.name, "cut")

    def _shock(self, kind: str, market: Market, plant: str, field: str) -> float:
        factor = 1.0
        for event, end in self.shocks:
            if event.kind != kind or self.week >= end:
                continue
            fits = event.target in ("", market.zone.code)
            fits = fits and event.data.get("material", "") in ("", market.material.id)
            if fits and event.data.get("plant", "") in ("", plant):
                value = float(event_value(event, field))
                factor *= 1.0 - value if field == "cut" else value
        return factor

    def _date(self, ahead: int = 0) -> datetime.date:
        return self.plan.date(self.week + ahead)

    def weeks_left_in_year(self) -> float:
        today = self._date()
        return (datetime.date(today.year, 12, 31) - today).days / 7.0

    def weeks_of_year(self) -> float:
        """Weeks for which a yearly quota counts: in the first year, from the start on."""
        today = self._date()
        first = max(self.plan.start, datetime.date(today.year, 1, 1))
        return (datetime.date(today.year, 12, 31) - first).days / 7.0
