"""Where firms are and what they pass through: zones, hubs and lanes, with their laws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference.maths import ratio, toward
from world.exposures import exposures
from world.levers import ladder
from world.phases.calendar import echo_table

if TYPE_CHECKING:
    from tests.reference.firms import Trader
    from tests.reference.markets import Market
    from tests.reference.model import Reference

CHINA, OTHER, RECYCLED, GREY = 0, 1, 2, 3  # channels; one grey channel per hub from GREY on


def wording(breadth: float) -> float:
    """Room that a ban's text leaves, by its breadth (7.6)."""
    steps = [s for s in ladder() if s.settings["ban_breadth"] > 0.0]
    below = above = steps[0]
    for step in steps:
        if step.settings["ban_breadth"] <= breadth:
            below = step if step.settings["ban_breadth"] > below.settings["ban_breadth"] else below
        elif above.settings["ban_breadth"] <= breadth:
            above = step
    low, high = below.settings["ban_breadth"], above.settings["ban_breadth"]
    if breadth <= 0.0:
        return 0.0
    if not low <= breadth <= high or high <= low:
        return below.ambiguity
    return below.ambiguity + (above.ambiguity - below.ambiguity) * (breadth - low) / (high - low)


class Zone:
    """A state: distrust of the coercer and what its firms believe."""

    def __init__(self, model: Reference, index: int, code: str) -> None:
        self.model, self.index, self.code = model, index, code
        self.coercer = self.target = False
        self.reputation, self.payment_ties, self.alliance_approval = 0.0, 1.0, 0.5
        self.reach = self._reach()
        self.ban = self.scope_gap = self.notice = 0.0
        self.case_weeks = self.case_stage = self.case_dropped = self.invoked = 0.0
        self.spread_distrust = 0.0  # own and others', this week
        self.value_at_risk = 0.0
        self.credit, self.ceiling, self.tracing, self.member = 0.0, 1.0, 0.0, False
        self.markets: list[Market] = []
        self.hub: Hub | None = None

    def _reach(self) -> float:
        """Part of what its firms have at stake that hangs on the coercer's payments (7.7)."""
        reach, known = self.model.par.payment_reach, exposures()
        coercer = self.model.levers.zones[self.model.levers.coercer]
        usual = known.get((coercer, "WLD", "payments"), 0.0)
        own = known.get((coercer, self.code, "payments"), usual)
        return min(1.0, reach * own / usual) if usual > 0.0 else reach

    def look(self) -> None:
        """Distrust that counts for sources: own, and a part of the others' (7.5)."""
        others = max((z.reputation for z in self.model.zones if z is not self), default=0.0)
        spill = self.model.par.reputation_spill
        self.spread_distrust = 0.0 if self.coercer else min(1.0, self.reputation + spill * others)

    def believed_risk(self) -> float:
        """The belief of the hub in the zone, else the mean over foreign hubs (7.7)."""
        if self.hub is not None:
            return self.hub.belief
        abroad = [hub.belief for hub in self.model.hubs if not hub.zone.coercer]
        return math.fsum(abroad) / len(abroad) if abroad else self.model.hubs[-1].belief

    def payment_risk(self) -> float:
        """Weekly risk of losing the coercer's payments by serving the target (7.7)."""
        par, force = self.model.par, self.model.levers.own("payment_measures")
        return par.detection_announced * self.reach * force * self.payment_ties

    def pay_elsewhere(self) -> None:
        force = self.model.levers.own("payment_measures")
        self.payment_ties *= 1.0 - self.model.par.payment_erosion * force

    def stopped(self) -> float:
        """Share of trade that a ban stops: withheld by belief, or found at the border (7.6)."""
        belief = self.ban + self.scope_gap
        effort = self.model.levers.own("enforcement")
        found = 1.0 - math.exp(-self.model.par.border_check * effort)
        return belief + found * max(0.0, self.ban - belief)

    def read_ban(self, ban: float, notice: float) -> None:
        """What firms take the ban on the zone to cover beside its text, which is now `ban`."""
        if self.scope_gap == 0.0 and notice == 0.0:
            self.notice = notice
            return
        worth = refused = 0.0
        for market in self.markets:
            usd = market.covered * market.base_china * market.material.base_price
            worth += usd
            refused += usd * market.duty * (1.0 - market.approval) * (1.0 - market.text)
        tried = max(0.0, min(1.0, 1.0 - self.ban - self.scope_gap)) / self.model.par.scope_weeks
        gap = self.scope_gap + tried * (ratio(refused, worth, 0.0) - self.scope_gap)
        read = wording(ban) * (notice - ban) if notice > 0.0 else 0.0
        gap -= ban - self.ban
        if ban > self.ban:
            gap = max(gap, read)
        if notice > 0.0 and notice != self.notice:
            gap = read
        self.scope_gap = gap if ban > 0.0 else 0.0
        self.notice = notice

    def amiss(self, lever: str, place: int, value: float) -> float:
        """The part of a setting that others hold against the state (7.17)."""
        par = self.model.par
        if lever == "dependence_ceiling":
            return min(value, par.ceiling_tolerated)
        if lever not in ("stockpile_target_days", "offtake"):
            return value
        worth = [market.base_demand * market.material.base_price for market in self.markets]
        fair = par.hoard_days if lever[0] == "s" else 52.0 * self.markets[place].base_demand
        beyond = 1.0 if fair <= 0.0 < value else min(1.0, max(0.0, ratio(value, fair, 0.0) - 1.0))
        return ratio(worth[place], math.fsum(worth), 0.0) * beyond

    def shift(self, lever: str, place: int, before: float, after: float) -> None:
        """The allies see who moves a lever of diplomacy in another light (7.17)."""
        change = self.amiss(lever, place, after) - self.amiss(lever, place, before)
        moved = self.alliance_approval + echo_table().get(lever, (0.0, 0.0))[1] * change
        self.alliance_approval = min(1.0, max(0.0, moved))

    def lose_customers(self, change: float) -> None:
        """What the coercer's customers think of it falls with a ban on one of them (7.17)."""
        moved = self.alliance_approval - self.model.par.customers_shift * change
        self.alliance_approval = min(1.0, max(0.0, moved))

    def serves(self, buyer: Zone) -> float:
        """Weight of a buyer for the plants here by how it stands with the allies (7.17)."""
        terms = 0.0 if self.coercer else self.model.levers.of("partner_terms", self.index)
        if buyer is self:
            return 1.0
        return max(0.0, 1.0 + terms * (buyer.alliance_approval / self.model.par.neutral_trust - 1))

    def judge(self) -> None:
        """Distrust rises with what the coercer withholds, and fades (7.10)."""
        par = self.model.par
        if self.coercer:
            return
        withheld = usual = chinese = weight = 0.0
        for market in self.markets:
            bought = market.base_china * market.material.base_price
            withheld, usual = withheld + bought * (1.0 - market.cleared), usual + bought
            usd = market.base_demand * market.material.base_price
            chinese, weight = chinese + market.true_share * usd, weight + usd
        rise = ratio(withheld, usual, 0.0) * ratio(chinese, weight, 0.0) * (1.0 - self.reputation)
        self.reputation += par.reputation_up * rise - self.reputation / par.reputation_weeks
        for market in self.markets:
            market.remember_denials()


class Hub:
    """A zone through which goods may reach the target; the last is the coercer itself."""

    def __init__(self, model: Reference, index: int, zone: Zone) -> None:
        self.model, self.index, self.zone = model, index, zone
        self.belief = self.credibility = 0.0
        self.announced_weeks = self.collective_weeks = 0.0
        self.lanes: list[Lane] = []

    def threaten(self, strength: float) -> None:
        claimed = self.credibility * strength * self.model.par.detection_announced
        self.belief = max(self.belief, claimed)
        if strength > 0.0:
            self.announced_weeks = 0.0

    def standing_threat(self) -> float:
        return self.credibility * self.model.levers.own("threat")

    def count(self) -> None:
        self.collective_weeks = max(0.0, self.collective_weeks - 1.0)
        self.announced_weeks += 1.0

    def inspect(self, luck: list[float]) -> None:
        """Traces what was shipped six weeks ago; firms of the hub learn (7.9)."""
        model, par = self.model, self.model.par
        traders = [trader for lane in self.lanes for trader in lane.traders]
        tried = [trader for trader in traders if trader.traceable() > 0.0]
        caught = [trader for trader in tried if trader.is_caught(luck[trader.row])]
        for trader in caught:
            trader.blacklist_weeks = par.blacklist_weeks
        if caught and model.levers.own("collective_punishment") > 0.0:
            self.collective_weeks = par.collective_weeks
        seen = min(self.belief, par.detection_prior)  # where nobody diverts
        if tried:
            large = any(t.hub_share >= par.salience_threshold for t in caught)
            seen = len(caught) / len(tried) * (par.salience_large if large else 1.0)
            seen = min(1.0, seen)
        fading = par.belief_down * (1.0 - self.standing_threat())
        self.belief = toward(self.belief, seen, par.belief_up if seen > self.belief else fading)
        threat = model.levers.own("threat")
        if threat > 0.0 and self.announced_weeks <= par.announcement_memory_weeks:
            done = min(1.0, model.effort / (par.campaign_effort * max(threat, 1e-9)))
            self.credibility = toward(self.credibility, done, par.credibility_smoothing)


class Lane:
    """A hub and a material: the traders that may bring it to the target."""

    def __init__(self, hub: Hub, home: Market, target: Market) -> None:
        self.hub, self.home, self.target = hub, home, target
        self.traders: list[Trader] = []
        self.seen_exports = self.normal_exports = 0.0
        self.ordered = 0.0
        self.sent = [0.0, 0.0]
        self.to_traders = 0.0

    def divert(self) -> None:
        """Traders offer, users of the target take (7.7)."""
        offers = [trader.offer() for trader in self.traders]
        taken = min(1.0, ratio(self.ordered, sum(offers), 0.0))
        self.sent = [0.0, 0.0]
        for trader, offer in zip(self.traders, offers, strict=True):
            chinese, other = trader.send(offer * taken)
            self.sent[0] += chinese
            self.sent[1] += other
        joined = sum(trader.entry for trader in self.traders if trader.acts)
        of_lane = sum(trader.entry for trader in self.traders)
        for trader in self.traders:
            trader.grow(joined, of_lane)

    def reach(self) -> float:
        """Part of the target's need that those who divert can send, over the least (7.5)."""
        if self.hub.zone.coercer or self.target.base_demand <= 0.0:
            return 1.0
        sent = sum(trader.capacity for trader in self.traders if trader.acts)
        least = self.hub.model.par.least_channel_preference * self.target.base_demand
        return max(1.0, sent / least)

    def look_at_customs(self) -> None:
        """Exports of the coercer to the hub as they can be seen (7.9)."""
        par = self.hub.model.par
        coming = self.to_traders
        if not self.hub.zone.coercer:
            coming += self.home.fill_now[CHINA] * self.home.ordered[CHINA]
        self.seen_exports = toward(self.seen_exports, coming, par.anomaly_smoothing)
        if self.hub.model.warming:
            self.normal_exports = self.seen_exports

    def anomaly(self) -> float:
        if self.hub.zone.coercer:  # smuggled goods leave no trace in statistics
            return 0.0
        return max(0.0, math.log(max(ratio(self.seen_exports, self.normal_exports, 1.0), 1e-6)))

    def run_off(self) -> None:
        """Traders that neither divert nor order sell a part of what they hold (7.7)."""
        par, sold = self.hub.model.par, [0.0, 0.0]
        abroad = not self.hub.zone.coercer
        need = sum(buyer.expected_need for buyer in self.home.buyers) if abroad else 0.0
        if abroad and need <= 0.0:
            return
        idle = [t for t in self.traders if not t.acts and t.asked[0] + t.asked[1] <= 0.0]
        brought = sum(par.trader_run_off * trader.held() for trader in idle)
        room = min(1.0, ratio(par.run_off_cap * need, brought, 1.0)) if abroad else 1.0
        for trader in idle:
            for origin in (0, 1) if abroad else (0,):
                part = par.trader_run_off * trader.stock[origin] * room
                trader.stock[origin] -= part
                sold[origin] += part
        if not abroad:
            self.home.material.pool += sold[0]
        elif sold[0] + sold[1] > 0.0:
            self.home.hand_out(sold, need)
