"""The six levers that matter now for a seat: ranked by what its own report and public law say.

A lever weighs as much as the thing that it acts on hurts: how far the seat depends on Beijing's
goods, how scarce and dear they are, how little is in store, who presses it. Nothing else goes in,
so the six stand still within a turn and tell nothing that the seat does not know. A lever that
lacks what it acts on is left out; one that has been among the six for three turns makes way for
others; every gauge has one. Firms have few levers and see all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.room.say import Say
from world.levers import LADDER, full_name

if TYPE_CHECKING:
    from world.scenario import Scenario

SIX = 6
TURNS_SHOWN = 3  # in a row
OF_ONE_LEVER, OF_ONE_MATERIAL = 2, 2  # among the six
DEAR = 4.0  # times the old price: what is dearer weighs no more
HALF_YEAR = 26.0  # weeks of cover at which a material is no worry
PRESSING = 8.0  # of the ladder: full weight

SUPPLY, AUTONOMY, STANDING = GAUGES = ("supply", "autonomy", "standing")
GAUGE = {
    **dict.fromkeys(
        ("stockpile_release", "floor_usd_per_kg", "research_usd_m", "recycling_support",
         "project_subsidy", "stock_sharing", "customer_cover", "trial_usd_m", "concession",
         "licence_duty", "flood", "export_quota", "export_tax", "material_approval"), SUPPLY,
    ),
    **dict.fromkeys(
        ("stockpile_target_days", "offtake", "equity_offtake", "diversification_credit",
         "dependence_ceiling", "tariff_on_coercer", "minerals_fund_usd_m", "rung",
         "licence_approval", "enforcement", "collective_punishment", "threat"), AUTONOMY,
    ),
}  # fmt: skip
# What a lever weighs when the thing that it acts on is at its worst, by that thing.
BY_MATERIAL = {"stockpile_target_days": 1.0, "offtake": 0.95, "equity_offtake": 0.7,
               "floor_usd_per_kg": 0.5}  # fmt: skip
WHEN_SCARCE = {"stockpile_release": 0.9, "research_usd_m": 0.6, "recycling_support": 0.5,
               "stock_sharing": 0.45, "project_subsidy": 0.55, "trial_usd_m": 0.4}  # fmt: skip
WHEN_DEPENDENT = {"diversification_credit": 0.75, "minerals_fund_usd_m": 0.65,
                  "dependence_ceiling": 0.4, "tariff_on_coercer": 0.3}  # fmt: skip
WHEN_PRESSED = {"concession": 0.8, "stance": 0.5, "protest": 0.5, "wto_case": 0.45,
                "joint_statement": 0.6, "forge_member": 0.4}  # fmt: skip
WHEN_FEARED = {"customer_cover": 0.9, "hub_policing": 0.7, "origin_tracing": 0.4,
               "joint_statement": 0.45, "stance": 0.55}  # fmt: skip
ALWAYS = {"stance": 0.3, "joint_statement": 0.25, "forge_member": 0.2, "partner_terms": 0.15,
          "origin_tracing": 0.15, "protest": 0.1}  # fmt: skip
OF_COERCER = {"third_country_clause": 0.7, "threat": 0.5, "enforcement": 0.55,
              "collective_punishment": 0.4, "legal_frame": 0.35, "payment_measures": 0.3,
              "licence_weeks": 0.25}  # fmt: skip


class Weighed(NamedTuple):
    """A lever by full name, its weight, and why it matters now."""

    lever: str
    weight: float
    why: Say

    @property
    def name(self) -> str:
        return self.lever.partition(".")[0]

    @property
    def place(self) -> str:
        return self.lever.partition(".")[2]

    @property
    def gauge(self) -> str:
        return GAUGE.get(self.name, STANDING)


def six_levers(
    plan: Scenario, seat: str, results: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The levers of a state's open turn, the weightiest first, each with why; results of all turns
    so far, the opening first. Empty for firms."""
    if seat not in plan.zones:
        return []
    shown: dict[str, int] = {}  # turns in a row
    chosen: list[Weighed] = []
    for result in results:
        tired = {lever for lever, turns in shown.items() if turns >= TURNS_SHOWN}
        chosen = _chosen(_weighed(plan, seat, result), tired)
        shown = {one.lever: shown.get(one.lever, 0) + 1 for one in chosen}
    return [{"lever": one.lever, "gauge": one.gauge, "why": one.why.row} for one in chosen]


def _chosen(weighed: list[Weighed], tired: set[str]) -> list[Weighed]:
    """The weightiest, one of each gauge among them, not all of one lever or one material."""
    ranked = sorted(weighed, key=lambda one: (one.lever in tired, -one.weight, one.lever))
    firsts = [next((one for one in ranked if one.gauge == gauge), None) for gauge in GAUGES]
    found = [one for one in firsts if one is not None]
    for one in ranked:
        alike = sum(other.name == one.name for other in found)
        here = sum(bool(one.place) and other.place == one.place for other in found)
        full = alike >= OF_ONE_LEVER or here >= OF_ONE_MATERIAL
        if len(found) < SIX and one not in found and not full:
            found.append(one)
    return sorted(found, key=lambda one: (-one.weight, one.lever))


def _weighed(plan: Scenario, seat: str, result: Mapping[str, Any]) -> list[Weighed]:
    """Every lever that acts on something, the largest weight of each."""
    own = result["seats"][seat]
    source = _of_coercer if seat == plan.coercer else _of_state
    best: dict[str, Weighed] = {}
    for one in source(plan, seat, result):
        places = own["values"].get(one.name)
        there = places is not None and (not one.place or one.place in places)
        lacks = one.lever in own["lacks"] or one.name in own["lacks"]
        if there and not lacks and (one.lever not in best or best[one.lever].weight < one.weight):
            best[one.lever] = one
    return list(best.values())


# --- a state ------------------------------------------------------------------------------------


def _hurt(row: Mapping[str, Any]) -> float:
    """How much a material hurts, 0 to 1: dependence, scarcity and what is in store."""
    price = min(row["price"] or 1.0, DEAR)
    scarce = (max(0.0, price - 1.0) / (DEAR - 1.0) + (row["stopped_share"] or 0.0)) / 2.0
    thin = 1.0 - min(1.0, (row["cover_weeks"] or 0.0) / HALF_YEAR)
    return float((row["declared_share"] or 0.0) * (0.5 * scarce + 0.5 * thin))


def _worth(row: Mapping[str, Any]) -> float:
    """USD a week that a zone needs of a material at the old price."""
    return float((row["need_t"] or 0.0) * (row["usd_per_kg"] or 0.0))


def _of_state(plan: Scenario, seat: str, result: Mapping[str, Any]) -> Iterator[Weighed]:
    materials = {
        good: row for good, row in result["seats"][seat]["report"]["materials"].items()
        if row.get("need_t") and row.get("declared_share") is not None
    }  # fmt: skip
    law = result["public"]["law"].get(plan.coercer, {})
    most = max((_worth(row) for row in materials.values()), default=1.0) or 1.0
    hurt = {
        good: _hurt(row) * (0.5 + 0.5 * (_worth(row) / most) ** 0.25)
        for good, row in materials.items()
    }
    for good, row in materials.items():
        for lever, weight in BY_MATERIAL.items():
            yield Weighed(full_name(lever, good), weight * hurt[good], _why_good(good, row))
    worst = max(hurt, key=lambda good: hurt[good], default="")
    if worst:
        why, share = _why_good(worst, materials[worst]), materials[worst]["declared_share"]
        for lever, weight in WHEN_SCARCE.items():
            yield Weighed(lever, weight * hurt[worst], why)
        dependent = Say("now.depends", {"good": worst, "share": share})
        for lever, weight in WHEN_DEPENDENT.items():
            yield Weighed(lever, weight * share * 0.8, dependent)
    step = law.get(f"{LADDER}.{seat}", 0.0)
    pressed = Say("now.pressed", {"n": step})
    for lever, weight in WHEN_PRESSED.items() if step else ():
        yield Weighed(lever, weight * (0.5 + 0.5 * step / PRESSING), pressed)
    if law.get("third_country_clause") and seat != plan.target:
        for lever, weight in WHEN_FEARED.items():
            yield Weighed(lever, weight, Say("now.clause"))
    for lever, weight in ALWAYS.items():
        yield Weighed(lever, weight, Say("now.name"))


def _why_good(good: str, row: Mapping[str, Any]) -> Say:
    """What is worst about a material, in numbers that the seat reads in its report."""
    if (row["stopped_share"] or 0.0) >= 0.05:
        return Say("now.stopped", {"good": good, "share": row["stopped_share"]})
    if (row["price"] or 1.0) >= 1.2:
        return Say("now.dear", {"good": good, "times": round(row["price"], 1)})
    if (row["declared_share"] or 0.0) >= 0.5:
        return Say("now.depends", {"good": good, "share": row["declared_share"]})
    return Say("now.cover", {"good": good, "n": round(row["cover_weeks"] or 0.0)})


# --- the coercer --------------------------------------------------------------------------------


def _of_coercer(plan: Scenario, seat: str, result: Mapping[str, Any]) -> Iterator[Weighed]:
    report, public = result["seats"][seat]["report"], result["public"]
    target, step = plan.target, report["rung"].get(plan.target, 0.0) or 0.0
    pressed = Say("now.step", {"seat": target, "n": step})
    yield Weighed(full_name(LADDER, target), 1.0, pressed)
    yield Weighed(full_name("licence_approval", target), 0.6 + 0.3 * (step > 0), pressed)
    suspects = report.get("anomaly", {})
    for hub in sorted(suspects, key=lambda zone: -(suspects[zone] or 0.0))[:1]:
        if hub != seat:
            why = Say("now.detour", {"seat": hub})
            yield Weighed(full_name("licence_approval", hub), 0.5, why)
    for lever, weight in OF_COERCER.items():
        yield Weighed(lever, weight * (1.0 if step else 0.8), Say("now.detours"))
    for good in report["materials"]:
        abroad = (public["prices"].get(good, {}).get(target) or 1.0) - 1.0
        why = Say("now.abroad", {"good": good, "seat": target, "times": round(abroad + 1.0, 1)})
        for lever, weight in (("licence_duty", 0.5), ("flood", 0.35), ("export_quota", 0.3)):
            heat = min(1.0, max(0.0, abroad) / (DEAR - 1.0))
            yield Weighed(full_name(lever, good), weight * (0.4 + 0.6 * heat), why)
