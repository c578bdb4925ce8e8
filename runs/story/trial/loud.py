"""Whether the loudest was told: what happened in a week with the least it weighs (stage, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from runs.story.trial.seen import Move, Seen

Found = Iterator[tuple[str, Any, Any]]
FIRST, OWN, QUIET = 3.0, 2.0, 2.0
HARSHER = {"ban_breadth": 1, "listing": 1, "licence_duty": 1, "licence_approval": -1,
           "material_approval": -1, "export_quota": -1, "export_tax": 1}  # fmt: skip
SLIGHT = 0.05  # of a lever's range


class Loud(NamedTuple):
    """Something that happened: what it is the first of, and what it weighs by itself."""

    week: int
    kind: str
    weight: float
    zones: tuple[str, ...]


def louds(seen: Seen) -> list[Loud]:
    """What the tables have of the kinds whose weights are written down, in order."""
    if "louds" in seen.kept:
        found: list[Loud] = seen.kept["louds"]
        return found
    out = [one for move in seen.moves if (one := _of_move(move)) is not None]
    had = {zone for week, zone, _ in seen.stops if not week}
    for week, zone, _ in seen.new_stops:
        out.append(Loud(week, "stop", 4.0 if zone in had else 6.0, (zone,)))
        had.add(zone)
    out += [Loud(week, "reserve", 4.0, (zone,)) for zone, week in seen.opened.items() if week]
    for event in seen.events:
        zones = tuple(z for z in (event["actor"], event["target"]) if z in seen.zones)
        if event["kind"] == "detection" and "trader" in event["data"]:
            out.append(Loud(event["week"], "caught", 2.0 + event["data"]["hub_share"], zones))
        if event["kind"] == "refused_customers":
            out.append(Loud(event["week"], "fear", 4.0, zones))
    seen.kept["louds"] = sorted(out, key=lambda one: one.week)
    return louds(seen)


def _of_move(one: Move) -> Loud | None:
    zones = tuple(dict.fromkeys(z for z in (one.actor, one.aim) if z))
    if one.lever == "rung":
        kind, weight = ("ladder", 5 * (one.value - one.was)) if one.up else ("easing", 6.0)
        return Loud(one.week, kind, weight, zones)
    if one.lever == "third_country_clause":
        return Loud(one.week, "clause" if one.up else "clause_dropped", 7.0, zones)
    if one.lever in HARSHER and one.part >= SLIGHT:
        harsher = one.up == (HARSHER[one.lever] > 0)
        return Loud(one.week, harsher_kind(one.lever) if harsher else "easing",
                    4.0 if harsher else 6.0, zones)  # fmt: skip
    if one.lever == "floor_usd_per_kg":
        return Loud(one.week, "floor" if one.up else "floor_down", 3.0, zones)
    return None


def harsher_kind(lever: str) -> str:
    if lever in ("ban_breadth", "listing"):
        return "bans"
    return "quota" if lever in ("export_quota", "export_tax") else "licences"


def firsts(seen: Seen) -> dict[str, int]:
    """The week of the first of each kind."""
    found: dict[str, int] = {}
    for one in louds(seen):
        found.setdefault(one.kind, one.week)
    return found


def headline(seen: Seen, week: int, weight: float) -> Found:
    """No event of the week weighs more than the one that is told."""
    for one in [one for one in louds(seen) if one.week == week]:
        least = one.weight + OWN * (seen.player != "" and seen.player in one.zones)
        if firsts(seen)[one.kind] == week:
            least += FIRST if _alone(seen, one) else 0.0
        told = weight if least > QUIET else least
        yield f"{one.kind} is not passed over", told + 1e-9 >= least, True


def _alone(seen: Seen, one: Loud) -> bool:
    """Whether it is the only one of its kind in the week: of several the loudest is the first."""
    return sum((other.week, other.kind) == (one.week, one.kind) for other in louds(seen)) == 1


def quiet(seen: Seen, week: int) -> Found:
    """Nothing that weighs more than routine."""
    loud = [one for one in louds(seen) if one.week == week and one.weight > QUIET]
    yield "nothing loud in the week", [one.kind for one in loud], []
