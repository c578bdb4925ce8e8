"""What a briefing is made from: one seat's own report, the public world, and nothing else.

A seat's report is cut where fog of war lives (`agents.view`), and the public world is what a
projector may show. So a briefing cannot tell what its seat may not know: it never sees it. One
thing is told beyond that, to all seats alike: which term of its policy moved an AI in the coercer's
seat to a public step (`voices`), as a capital gives its reasons; never one that a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from world.levers import LADDER, LEVERS
from world.units import QUARTER

if TYPE_CHECKING:
    from world.scenario import Scenario

Facts = dict[str, float]
Row = Mapping[str, Any]

TARGET, HUB, STATE, COERCER, FIRM, REFINER = "target", "hub", "state", "coercer", "firm", "refiner"
ROLES = (COERCER, TARGET, HUB, STATE, FIRM, REFINER)
YEAR = 52.0
HELD = "now"  # in expressions: the value in force of the lever itself

# Numbers that a condition or a value may name, with what they say.
KNOWN = {
    "threat": "strength of the public threat against who supplies the target, 0 without a clause",
    "clause": "1 while the third-country clause stands",
    "ban_worst": "breadth of the broadest ban on anybody", "ban_target": "of that on the target",
    "ban_own": "of that on the own country", "step": "of the ladder towards the target",
    "step_own": "of the ladder towards the own country",
    "provocation": "how fresh the remarks to which the coercer objects are, 0 to 1",
    "conceded": "steps that the target has given way, 0 to 2",
    "statements": "states that have joined the statement of a coalition",
    "members": "members of FORGE", "target_loss": "of the target's GDP in the last week",
    "supply": "own gauge", "autonomy": "own gauge", "standing": "own gauge",
    "approval": "what the coercer thinks of the seat", "allies": "what the allies think of it",
    "loss": "of the own GDP in the last week", "distrust": "own public's, of the coercer",
    "odds": "that the own cabinet gives way within four weeks", "leak": "largest anomaly of a hub",
    "listed": "traders of the own hub on the control list", "punished": "weeks left for the hub",
    "profit": "own, USD in the last week", "fill": "share of orders that came, the worst good's",
    "stopped": "share of lines that stand, the worst good's",
    "dearest": "price, the dearest good's",
    "weeks": "of inputs that a firm holds", "grey": "share that a firm buys on the grey market",
    "good_price": "of the good in question, 1 at the start", "good_days": "of it in public stock",
    "good_weeks": "of it at industry", "good_share": "of it from the coercer, declared",
    "good_cost": "USD/kg, of the own plants or of a new one", "good_need": "t a year",
    "good_capacity": "t a week, of own plants",
    "good_goal": "days of public stock that are meant to be held",
    "zone_lean": "of the zone in question to the target's side, 0 to 1", "zone_leak": "its anomaly",
}  # fmt: skip


def role_of(plan: Scenario, seat: str) -> str:
    """What kind of seat it is, as dilemmas name it."""
    if seat in plan.firms:
        return str(plan.firms[seat].kind)
    if seat == plan.coercer:
        return COERCER
    if seat == plan.target:
        return TARGET
    return HUB if seat in plan.hubs else STATE


@dataclass(frozen=True)
class Sight:
    """One seat's picture at the start of a turn: ``own`` is its part of a result, ``public`` what
    everybody sees."""

    plan: Scenario
    seat: str
    own: Row
    public: Row

    @property
    def role(self) -> str:
        return role_of(self.plan, self.seat)

    @property
    def zone(self) -> str:
        """The country of the seat."""
        return self.plan.firms[self.seat].zone if self.seat in self.plan.firms else self.seat

    @property
    def report(self) -> Row:
        found: Row = self.own["report"]
        return found

    def law(self, actor: str, full: str) -> float:
        """A public lever as it stands."""
        held = self.public["law"].get(actor, {})
        return float(held.get(full, LEVERS[full.partition(".")[0]].default))

    def held(self, full: str) -> float | None:
        """The own lever as it stands, or None where it has nothing to act on."""
        name, _, index = full.partition(".")
        value = self.own["values"].get(name, {}).get(index)
        return None if value is None else float(value)

    def goods(self) -> dict[str, Row]:
        """What the seat uses, by its part of the report."""
        rows: Mapping[str, Row] = self.report["materials"]
        return {good: row for good, row in rows.items() if _of(row, "need_t") > 0}

    def of_place(self, name: str, place: str) -> float:
        """A figure by place, 0 where the seat has none."""
        return _of(self.report.get(name) or {}, place)

    # --- which good and which zone a question is about --------------------------------------------

    def good(self, how: str) -> str | None:
        """``short`` what lacks most, ``hooked`` what hangs most on the coercer, ``starved`` what
        own plants cannot live on, ``dear`` the dearest, ``sought`` the dearest in the target."""
        if how == "sought":
            rows = self.public["prices"]
            prices = {one: _of(row, self.plan.target) for one, row in rows.items()}
            return max(prices, key=lambda one: prices[one], default=None)
        rows = self.goods()
        if how == "starved":
            rows = {
                one: row for one, row in self.report["materials"].items()
                if _of(row, "capacity_t") > 0 and _of(row, "price") < _of(row, "cost")
            }  # fmt: skip
        return max(rows, key=lambda one: self._rank(how, rows[one]), default=None)

    def _rank(self, how: str, row: Row) -> float:
        worth = _of(row, "need_t") * _of(row, "usd_per_kg")
        share = _of(row, "declared_share") or _of(row, "stock_china_share")
        if how == "short":
            lacks = 1.0 - _of(row, "fill") + 0.1 * _of(row, "price")
            return 10.0 * _of(row, "stopped_share") + lacks
        if how == "hooked":
            return worth * share / (1.0 + _of(row, "stock_days") / 180.0)
        if how == "starved":
            return (_of(row, "cost") - _of(row, "price")) * _of(row, "capacity_t") * worth
        return _of(row, "price")

    def aim(self, how: str) -> str | None:
        """``warm`` the third country that leans most to the target, ``leaky`` the hub through which
        most passes; None where there is none."""
        if how == "leaky":
            hubs = [hub for hub in self.plan.hubs if hub != self.seat]
            return max(hubs, key=lambda hub: self.of_place("anomaly", hub), default=None)
        known = (self.plan.coercer, self.plan.target, "ROW")
        third = [zone for zone in self.plan.zones if zone not in known]
        return max(third, key=self.lean, default=None)

    def lean(self, zone: str) -> float:
        """How far a state leans to the side of the target, by its public acts, 0 to 1."""
        signs = 0.5 * self.law(zone, "joint_statement")
        return max(0.0, self.law(zone, "stance"), signs, self.law(zone, "customer_cover"))

    # --- numbers ----------------------------------------------------------------------------------

    def facts(self, good: str | None = None, zone: str | None = None) -> Facts:
        """All numbers that the seat has of those that are known by name."""
        plan, report = self.plan, self.report
        ban = {one: self.law(plan.coercer, f"ban_breadth.{one}") for one in plan.zones}
        clause = self.law(plan.coercer, "third_country_clause")
        others = [one for one in plan.zones if one != plan.coercer]
        hubs = report.get("anomaly") or {}
        found = {
            "clause": clause, "threat": clause * self.law(plan.coercer, "threat"),
            "ban_worst": max(ban.values()), "ban_target": ban[plan.target],
            "ban_own": ban.get(self.zone, 0.0), "step": self.step(plan.target),
            "step_own": self.step(self.zone), "provocation": _of(report, "provocation"),
            "conceded": self.law(plan.target, "concession"),
            "statements": sum(self.law(one, "joint_statement") for one in others),
            "members": sum(self.law(one, "forge_member") for one in others),
            "target_loss": _of(self.public["zones"][plan.target], "gdp_loss_share"),
            "approval": _of(report, "coercer_approval"), "allies": _of(report, "alliance_approval"),
            "loss": _of(report, "gdp_loss"), "distrust": _of(report, "distrust"),
            "odds": _of(report, "concession_probability"),
            "leak": max((_of(hubs, one) for one in hubs if one != plan.coercer), default=0.0),
            "listed": self.of_place("listed_firms", self.zone),
            "punished": self.of_place("collective_weeks", self.zone),
            "profit": _of(report, "profit_usd"), "weeks": _of(report, "stock_weeks"),
            "grey": _of(report, "grey_share"), **self.own["gauges"],
        }  # fmt: skip
        rows = list(self.goods().values())
        fills = [_of(row, "fill") for row in rows if "fill" in row]
        found["fill"] = min(fills, default=_of(report, "fill") if "fill" in report else 1.0)
        found["stopped"] = max((_of(row, "stopped_share") for row in rows), default=0.0)
        found["dearest"] = max((_of(row, "price") for row in rows), default=1.0)
        if good is not None:
            found |= self._of_good(good)
        if zone is not None:
            found |= {"zone_lean": self.lean(zone), "zone_leak": self.of_place("anomaly", zone)}
        return {name: float(value) for name, value in found.items()}

    def step(self, zone: str) -> float:
        """The step of the ladder towards a zone, which is public."""
        return float(self.public["law"].get(self.plan.coercer, {}).get(f"{LADDER}.{zone}", 0.0))

    def _of_good(self, good: str) -> Facts:
        row = self.report["materials"].get(good, {})
        names = {"price": "price", "days": "stock_days", "weeks": "cover_weeks",
                 "share": "declared_share", "capacity": "capacity_t"}  # fmt: skip
        found = {f"good_{name}": _of(row, column) for name, column in names.items()}
        if "stock_china_share" in row:
            found["good_share"] = _of(row, "stock_china_share")
            found["good_weeks"] = _of(row, "stock_t") / max(_of(row, "need_t"), 1e-9)
        found["good_cost"] = _of(row, "cost") * _of(row, "usd_per_kg")
        found["good_need"] = YEAR * _of(row, "need_t")
        found["good_goal"] = self.held(f"stockpile_target_days.{good}") or 0.0
        return found

    @property
    def years(self) -> float:
        """Years that will have been played at the end of the turn to come."""
        return float(self.public["week"] + QUARTER) / YEAR


def _of(row: Row, name: str) -> float:
    """A number of a report, 0 for what is not known."""
    return float(row.get(name) or 0.0)
