"""Why a turn came out as it did: for every seat, steps that add up from its start to its end.

The steps are those of `runs.room.chains`: differences between two plays of the model with the same
luck, not a judgement, and each holds what the one before it held. So a gauge at the start of the
turn plus its steps is the gauge at the end. The first step is what a quiet quarter alone would have
brought; the seat's own orders come last, so that each is what it gave beside all that the others
did. Steps of others that are hardly seen are put together.

Money has no level at the start of a turn: its first level is what a quiet quarter would have cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from runs.outcome import GAUGES
from runs.room.chains import Levels, Link, Part, Turn, turn_of
from runs.room.state import PERSON
from runs.room.table import Table
from runs.room.tidings import event_say

LARGEST = 3  # causes that are told where there is no room for all
SMALLEST = 5e-5  # of a gauge: below it nothing is a cause
SEEN = 5e-4  # of a gauge: half of the last digit that a waterfall shows
NAMED = 4  # other actors that have a step of their own
OF_A_DOLLAR = 1e-15  # of a gauge: money orders causes that move gauges alike, and no others
FIGURES = (*GAUGES, "loss_usd")
DIGITS = {**dict.fromkeys(GAUGES, 6), "loss_usd": 0}

QUIET, EARLIER, OWN, OTHER, HUBS, REST = (
    "quiet", "earlier", "own orders", "orders", "hubs", "rest"
)  # fmt: skip
# The order in which steps are told; within one place the largest comes first.
ORDER = (
    QUIET, EARLIER, "own measures", "measures", "refusals", "own threat", "fear", HUBS, OTHER, REST,
    "event", "inject", "deal", OWN,
)  # fmt: skip
TONES = {QUIET: "carried", EARLIER: "carried", "measures": "china", "own measures": "china",
         "refusals": "fear", "fear": "fear", "own threat": "fear"}  # fmt: skip
Row = dict[str, Any]


def causes(table: Table, turn: int) -> dict[str, Any]:
    """By seat: its change in the turn, the steps that lead to it, and the largest of them.

    ``start`` and ``end`` hold the seat's gauges before and after the turn, and as ``loss_usd`` the
    money lost in a quiet quarter and in this one (of firms: profit with its sign turned). Each of
    the ``steps`` has a figure for every one of them; ``worlds`` is how many were played for all.
    """
    cut = turn_of(table, turn)
    levels = cut.played()
    before, after = (table.results[n]["seats"] for n in (turn - 1, turn))
    found = {}
    for row, seat in enumerate(table.plan.actors):
        ends = _rounded(before[seat]["gauges"]), _rounded(after[seat]["gauges"])
        found[seat] = _told(cut, levels, seat, row, ends)
    return {"turn": turn, "seats": found}


def _told(
    cut: Turn, levels: Levels, seat: str, row: int, ends: tuple[dict[str, float], dict[str, float]]
) -> dict[str, Any]:
    """What one seat is told of its result."""
    links = cut.chains[seat]
    quiet = _rounded(levels.of(links[0].before, row))
    lost = _rounded(levels.of(links[-1].after, row))["loss_usd"]
    start = ends[0] | {"loss_usd": quiet["loss_usd"]}
    end = ends[1] | {"loss_usd": lost}
    steps = _pooled(_merged([_row(QUIET, start, quiet), *_links(cut, levels, seat, row, end)]))
    change = {name: round(ends[1][name] - ends[0][name], 6) for name in GAUGES}
    return {
        "change": change | {"score": round(math.fsum(change.values()) / len(GAUGES), 6)},
        "loss_usd": lost, "start": start, "end": end, "steps": steps, "causes": largest(steps),
        "worlds": len(levels.place),
    }  # fmt: skip


def _links(cut: Turn, levels: Levels, seat: str, row: int, end: Mapping[str, float]) -> list[Row]:
    """A seat's chain as rows; it ends at the figures that were recorded."""
    rows, links = [], cut.chains[seat]
    at = _rounded(levels.of(links[0].before, row))
    for link in links:
        to = dict(end) if link is links[-1] else _rounded(levels.of(link.after, row))
        rows.append(_named(cut, seat, link, at, to))
        at = to
    return rows


def _named(
    cut: Turn, seat: str, link: Link, before: Mapping[str, float], after: Mapping[str, float]
) -> Row:
    """A link as a row of the seat's result."""
    part, plan = link.part, cut.table.plan
    kind = _kind(cut, seat, part)
    name: Row = {"actor": part.actor, "n": part.n}
    if kind == HUBS:
        name["actor"] = ""
    if kind == OWN and cut.inputs["seats"].get(seat) == PERSON:
        name["lever"] = part.lever
    if kind == "event":
        say = event_say(plan, part.n)
        name |= {"what": plan.events[part.n].text, "key": say.key if say else ""}
    if kind == "inject":
        card: Mapping[str, Any] = next(
            (e for e in cut.inputs["events"] if e.get("inject") == part.n), {}
        )
        name |= {"what": card.get("text", ""), "key": card.get("key", "")}
    return _row(kind, before, after, **name)


def _kind(cut: Turn, seat: str, part: Part) -> str:
    plan, setting = cut.table.plan, cut.table.game.setting
    if part.kind in ("measures", "threat") and seat == plan.coercer:
        return f"own {part.kind}"
    if part.kind == "threat":
        return "fear"
    if part.kind != "orders":
        return part.kind
    if part.actor == seat:
        return OWN
    if part.actor == plan.coercer:
        return "fear" if part.threat else "measures"
    return HUBS if part.actor in {plan.zones[z] for z in setting.hub_zones} else OTHER


def _row(
    kind: str, before: Mapping[str, float], after: Mapping[str, float], actor: str = "", n: int = 0,
    lever: str = "", what: str = "", key: str = "",
) -> Row:  # fmt: skip
    row: Row = {"kind": kind, "actor": actor, "n": n, "lever": lever, "what": what, "key": key,
                "tone": TONES.get(kind, "")}  # fmt: skip
    return _summed(row, [{name: after[name] - before[name] for name in FIGURES}])


def _summed(row: Row, parts: list[Row]) -> Row:
    """A row whose figures are the sums of others."""
    gave = {
        name: round(math.fsum(part[name] for part in parts), DIGITS[name]) for name in FIGURES
    }
    score = round(math.fsum(gave[name] for name in GAUGES) / len(GAUGES), 6)
    return {**row, **gave, "score": score}


def _merged(rows: list[Row]) -> list[Row]:
    """One row for each thing, in the order in which they are told."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault((row["kind"], row["actor"], row["n"], row["lever"]), []).append(row)
    merged = [_summed(group[0], group) for group in found.values()]
    return sorted(merged, key=lambda row: (ORDER.index(row["kind"]), -size(row)))


def _pooled(rows: list[Row]) -> list[Row]:
    """The same with others that are hardly seen, and those beyond the first few, in one row."""
    others = [row for row in rows if row["kind"] == OTHER]
    small = [row for n, row in enumerate(others) if n >= NAMED or size(row) < SEEN]
    if not small:
        return rows
    rest = _summed({**small[0], "kind": REST, "actor": "", "n": len(small)}, small)
    return sorted(
        [*(row for row in rows if row not in small), rest],
        key=lambda row: ORDER.index(row["kind"]),
    )


def largest(steps: list[Row]) -> list[Row]:
    """The largest causes among the steps; a quiet quarter has none, many small ones no name."""
    found = [row for row in steps if row["kind"] not in (QUIET, REST) and size(row) >= SMALLEST]
    return sorted(found, key=lambda row: -size(row))[:LARGEST]


def size(row: Mapping[str, Any]) -> float:
    """How much a step moved what it moved most."""
    return float(max(abs(row[name]) for name in GAUGES) + abs(row["loss_usd"]) * OF_A_DOLLAR)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, DIGITS[name]) for name, value in values.items()}
