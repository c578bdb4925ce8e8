"""Which news of a turn come first: what moves many seats before what one office has ordered.

Everything that happened stays in the export in the order of weeks; people read the loudest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runs.room.say import Say
from runs.room.tidings import row_of
from world.levers import LADDER, LEVERS

Line = dict[str, Any]

MOST = 60  # lines of one turn
MEASURES = frozenset({LADDER, "third_country_clause", "collective_punishment", "concession"})
BANS, FLOORS = "ban", "floor"  # groups of levers
JOINING = "forge_member"  # often many states in one week
FIRST, POLICY, PLANTS, TRADERS, JOINED, ORDERS = range(6)


def loudness(line: Line) -> int:
    """0 for what stands first: rungs, bans, the clause, shocks, speeches and punished firms; then
    the coercer's other measures and price floors, plants, traders caught, and other orders."""
    if "lever" in line:
        name = line["lever"].partition(".")[0]
        lever = LEVERS.get(name)
        if name in MEASURES or (lever and lever.group == BANS):
            return FIRST
        if name == JOINING:
            return JOINED
        loud = lever and (lever.actors == "coercer" or lever.group == FLOORS)
        return POLICY if loud else ORDERS
    if line["kind"] == "detection":
        return TRADERS if _of_trader(line) else FIRST
    return {"plant": PLANTS, "refused_customers": POLICY}.get(line["kind"], FIRST)


def loudest(lines: Sequence[Line]) -> list[Line]:
    """At most `MOST` lines, each with `loud`, the loudest first and of those the newest; traders
    who were caught are one line."""
    last = {(line["actor"], line.get("lever")): line for line in lines}
    told = [
        # of a ladder that is climbed in a turn, the last step is the news
        {**line, "loud": loudness(line) if _stands(line, last) else ORDERS}
        for line in traders_in_one(lines)
    ]
    return sorted(told, key=lambda line: (line["loud"], -line["week"]))[:MOST]


def _stands(line: Line, last: Mapping[tuple[str, str | None], Line]) -> bool:
    """Whether no later order of the turn has taken this one's place."""
    return "lever" not in line or last[line["actor"], line["lever"]] is line


def traders_in_one(lines: Sequence[Line]) -> list[Line]:
    """The lines with all traders who were caught as one at the end, where there are several."""
    small = [line for line in lines if _of_trader(line)]
    if len(small) < 2:
        return list(lines)
    return [line for line in lines if not _of_trader(line)] + [_summed(small)]


def _of_trader(line: Line) -> bool:
    return str(line.get("say", {}).get("key", "")).startswith("happening.caught_trader")


def _summed(lines: Sequence[Line]) -> Line:
    """Traders caught in a turn, as one line with the date of the last."""
    values = [line["say"]["values"] for line in lines]
    say = Say(
        "happening.caught_traders",
        {
            "n": len(lines), "target": values[0]["target"],
            "share": max(one["share"] for one in values),
            "weeks": max(one["weeks"] for one in values),
        },
    )  # fmt: skip
    text = Say(say.key, {**say.values, "share": f"{say.values['share']:.0%}"}).english
    return {**lines[-1], "target": "", "text": text, **row_of(say)}
