"""Whose act, whose customers and whose goods a sentence names, where a table of figures is mute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runs.story.trial.seen import Seen

Found = Iterator[tuple[str, Any, Any]]

# by the beginning of a key: the places in which the coercer, the target, the market stand
COERCER = {
    "story.answer.caught": ("capital",), "story.answer.first": ("zone_b",),
    "story.answer.origin": ("zone_b",), "story.answer.others": ("capital",),
    "story.answer.own": ("capital",),
    "story.find.caught": ("capital",), "story.find.papers": ("whose_b",),
    "story.find.fear": ("capital",), "story.find.china": ("whose_b",),
    "story.lever.": ("capital_b", "zone_b"), "story.news.terms": ("capital", "zone_b"),
    "story.news.caught": ("capital",), "story.state.fear": ("capital",),
    "story.tile.origin": ("whose_b",),
}  # fmt: skip
TARGET = {
    "story.answer.origin": ("zone",), "story.answer.others": ("zone_b",),
    "story.answer.own": ("zone",),
    "story.lever.third_country_clause": ("zone",), "story.lever.threat": ("zone",),
    "story.lever.target_customers": ("zone_c",), "story.lever.target_sales": ("zone_c",),
    "story.news.fear": ("zone",), "story.news.caught": ("zone_b",),
}  # fmt: skip
GOOD = ("story.answer.origin", "story.find.price", "story.find.grey", "story.find.reserve",
        "story.find.china", "story.find.papers", "story.find.stock",
        "story.tile.price")  # fmt: skip
ZONE = ("story.find.price", "story.find.grey", "story.find.reserve", "story.find.china",
        "story.find.papers", "story.find.stock", "story.tile.")  # fmt: skip
OF_ZONE = ("zone", "whose")
EXCEPT = {  # sentences of the same beginning that name somebody else there
    "story.answer.others_none": {"capital", "zone_b"}, "story.tile.lost_other": {"zone", "whose"},
    "story.tile.stopped_other": {"zone", "whose"}, "story.find.stops": {"good"},
}  # fmt: skip


def sides(seen: Seen, say: Mapping[str, Any], good: str = "", zone: str = "") -> Found:
    """The sides that a sentence names; ``good`` and ``zone`` are the market that it is about."""
    key, values = say["key"], say["values"]
    for table, own in ((COERCER, seen.coercer), (TARGET, seen.target)):
        for start, places in table.items():
            for place in places:
                if key.startswith(start) and place in values and place not in _except(key):
                    yield f"{place}", values[place], own
    if good and key.startswith(GOOD) and "good" in values and "good" not in _except(key):
        yield "good", values["good"], good
    for place in OF_ZONE:
        if zone and key.startswith(ZONE) and place in values and place not in _except(key):
            yield place, values[place], zone


def _except(key: str) -> set[str]:
    return EXCEPT.get(key, set())
