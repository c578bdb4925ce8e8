"""What capitals say to a seat: the game's own words for what a government did in public.

A capital speaks of its loudest public order of the quarter; below it stands the order itself, and
of the coercer as AI the term of its policy that spoke loudest for its step. A person's reasons stay
with that person. Nobody's real words are used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runs.room.briefing.sight import Sight
from runs.room.say import Say
from runs.room.state import PERSON
from runs.story.orders import FLOORS, HARSHER_DOWN, MEASURES, Told, sentence, weight

if TYPE_CHECKING:
    from runs.story.run import Run

MOST = 4
TERM = re.compile(r"; (\w+) speaks for it")
TERMS = ("leverage", "concession", "margin", "distrust", "effort", "future", "answer")
STEPS = frozenset({"rung", "third_country_clause", "threat"})  # the coercer's main choice
PAYING = frozenset(
    {"offtake", "equity_offtake", "project_subsidy", "minerals_fund_usd_m", "research_usd_m",
     "trial_usd_m", "recycling_support", "diversification_credit", "dependence_ceiling"}
)  # fmt: skip
PLAIN = {  # by lever the name of what is said of it, up and down
    "joint_statement": "statement", "stance": "stance", "customer_cover": "cover",
    "forge_member": "club", "stockpile_release": "reserve", "stockpile_target_days": "store",
    "concession": "concession", "protest": "protest", "wto_case": "protest",
    "origin_tracing": "papers", "tariff_on_coercer": "tariff",
    "third_country_clause": "clause", "threat": "clause", "payment_measures": "clause",
    "general_licence": "favour",
}  # fmt: skip


def voices(
    run: Run, sight: Sight, acts: Mapping[str, Told], orders: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Up to four ``{seat, say, why}``: the two sides of the quarrel first, then who is loudest."""
    plan = sight.plan
    known = [one for one in plan.zones if one not in (sight.seat, "ROW")]
    sides = [one for one in (plan.coercer, plan.target) if one in known]
    rest = sorted(
        (one for one in known if one not in sides and one in acts and kind_of(acts[one])),
        key=lambda one: (-weight(acts[one]), known.index(one)),
    )
    rows = [_side(run, sight, one, acts.get(one), orders) for one in sides]
    said = {row["say"]["key"] for row in rows}
    for one in rest:
        row = _spoken(run, sight, one, acts[one], orders)
        if row["say"]["key"] not in said:  # who says what another has said is not heard
            rows.append(row)
        said.add(row["say"]["key"])
    return rows[:MOST]


def kind_of(told: Told) -> str | None:
    """What is said of an order, or None where nobody would say anything."""
    name, up = told.lever, told.up
    way = "up" if up else "down"
    if name == "rung" or name in MEASURES:
        harsher = up if name == "rung" else up is not (name in HARSHER_DOWN)
        return "harsher" if harsher else "easier"
    if name in FLOORS:
        return f"floor_{way}"
    if name in PAYING:
        dearer = not up if name == "dependence_ceiling" else up
        return "sources_up" if dearer else "sources_down"
    return f"{PLAIN[name]}_{way}" if name in PLAIN else None


def _side(
    run: Run, sight: Sight, seat: str, told: Told | None, orders: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """One of the two sides, which also speaks when it did nothing: of how things stand."""
    if told is not None and kind_of(told):
        return _spoken(run, sight, seat, told, orders)
    plan, facts = sight.plan, sight.facts()
    values = {"capital_b": plan.coercer, "zone_c": plan.target, "capital_c": plan.target}
    if seat == plan.coercer:
        bound = facts["ban_worst"] > 0 or facts["step"] > 0
        key, why = ("holds", "measures") if bound else ("calm", "none")
    else:
        hurt = facts["target_loss"] >= 2e-5
        key, why = ("hurt", "loss") if hurt else ("steady", "steady")
    more = {"share": facts["target_loss"], "n": facts["step"]}
    return {
        "seat": seat, "say": Say(f"voice.{key}", values).row,
        "why": Say(f"voice.why_{why}", values | more).row,
    }  # fmt: skip


def _spoken(
    run: Run, sight: Sight, seat: str, told: Told, orders: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    plan = sight.plan
    values = {"capital_b": plan.coercer, "zone_c": plan.target, "capital_c": plan.target}
    why = sentence(run, told)
    term = _term(seat, told, orders) if seat == plan.coercer else None
    if term is not None:
        reason = Say(f"voice.term_{term}", values).row
        why = Say("voice.because", {"text": why.row, "text_b": reason})
    return {"seat": seat, "say": Say(f"voice.{kind_of(told)}", values).row, "why": why.row}


def _term(seat: str, told: Told, orders: Sequence[Mapping[str, Any]]) -> str | None:
    """The term of an AI's policy that spoke loudest for its step; nothing of a person's reasons."""
    if told.lever not in STEPS:
        return None
    for one in orders:
        theirs = one["actor"] == seat and one["by"] != PERSON and one["accepted"]
        theirs = theirs and one["lever"] == told.event["data"]["lever"]
        found = TERM.search(one["why"]) if theirs else None
        if found and one["week"] <= told.event["week"] <= one["week"] + 1:
            return found[1] if found[1] in TERMS else None
    return None
