"""Every claim of a story, each with what is to be worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runs.story import Story
from runs.story.speak import write
from runs.story.trial import bills, loud, news, states, titles
from runs.story.trial.seen import Seen, near
from runs.story.trial.sides import sides
from runs.story.trial.words import faults

Found = Iterator[tuple[str, Any, Any]]
Says = Mapping[str, Any]


class Claim(NamedTuple):
    """A sentence, where it stands, and what it comes to when it is worked out again."""

    where: str
    say: Says
    found: Found | None  # None: nobody knows how

    def wrong(self) -> list[str]:
        """What does not hold."""
        if self.found is None:
            return ["nobody knows how to work it out"]
        try:
            return [f"{what}: told {told}, found {own}" for what, told, own in self.found
                    if not _equal(told, own)]  # fmt: skip
        except (LookupError, ValueError) as lost:  # no such week, place or row in the tables
            return [f"cannot be worked out: {type(lost).__name__} {lost}"]


def _equal(told: Any, own: Any) -> bool:
    plain = isinstance(told, float | int | None) and isinstance(own, float | int | None)
    return near(told, own) if plain else bool(told == own)


class Tally:
    """What was looked at in a run, and what was wrong."""

    def __init__(self) -> None:
        self.sentences = self.figures = 0
        self.wrong: list[str] = []
        self.kinds: dict[str, int] = {}

    def add(self, run: str, claim: Claim) -> None:
        self.sentences += 1
        part = claim.where.partition(",")[0]
        self.kinds[part] = self.kinds.get(part, 0) + 1
        for one in claim.wrong():
            self.wrong.append(f"{run}, {claim.where}: {write(claim.say)!r}: {one}")


def trial(story: Story, seen: Seen, every: int = 1) -> Tally:
    """Looks at all that a story says of a run, a week in so many."""
    tally, words = Tally(), {}
    whole = story.whole()
    weeks = [story.week(week) for week in range(0, seen.weeks, every)]
    for claim in [*of_whole(seen, whole), *(c for told in weeks for c in of_week(seen, told))]:
        tally.add(seen.name, claim)
    for say in sentences([whole, weeks]):
        words[write(say)] = say
    for text, say in words.items():
        tally.wrong += [f"{seen.name}: {text!r}: {one}" for one in faults(say)]
    return tally


def sentences(part: Any) -> Iterator[Says]:
    """Every sentence in a plain structure, the outermost of each."""
    if isinstance(part, Mapping):
        if set(part) == {"key", "values"}:
            yield part
            return
        for one in part.values():
            yield from sentences(one)
    elif isinstance(part, list):
        for one in part:
            yield from sentences(one)


# --- a week -------------------------------------------------------------------------------------


def of_week(seen: Seen, told: Mapping[str, Any]) -> Iterator[Claim]:
    head, week = told["headline"], told["headline"]["week"]
    says = [head["say"], *([head["second"]] if head["second"] else [])]
    for say in says:
        yield Claim(f"headline, week {week}", say, _heading(seen, say, week))
    yield Claim(f"headline, week {week}, the loudest", head["say"],
                loud.headline(seen, week, head["weight"]))  # fmt: skip
    part = told["news"]
    for item in [*part["items"], *part["more"]]:
        span = _span(part, item)
        yield Claim(f"news, week {item['week']}", item["say"], _news(seen, item, span))
        if item["why"]:
            yield Claim(f"news, week {item['week']}, why", item["why"], _why(seen, item))
    for item in part["routine"]["items"]:
        yield Claim(f"routine, week {item['week']}", item["say"],
                    _heading(seen, item["say"], item["week"]))  # fmt: skip
    if part["nothing"]:
        yield Claim(f"news, none to week {week}", part["nothing"],
                    _heading(seen, part["nothing"], week))  # fmt: skip
    routine = part["routine"]
    yield Claim(f"routine, to week {week}", routine["say"], _count(routine))
    for tile in told["tiles"]:
        yield Claim(f"tile, {tile['id']} in week {week}", tile["label"], _tile(seen, tile, week))


def _count(routine: Mapping[str, Any]) -> Found:
    """How many orders are folded."""
    many = len(routine["items"])
    yield "n", routine["n"], many
    yield "n in the sentence", routine["say"]["values"]["n"], many


def _tile(seen: Seen, tile: Mapping[str, Any], week: int) -> Found:
    yield from states.tile(seen, tile, week)
    for part in ("label", "word", "compared"):
        if tile[part]:
            yield from sides(seen, tile[part], tile["material"] or "", tile["zone"])
    if tile["id"] == "stopped":
        yield "word", tile["word"]["values"]["good"], tile["material"]


def _span(part: Mapping[str, Any], item: Mapping[str, Any]) -> tuple[int, int]:
    """The weeks that a piece of news speaks of: those of the whole part where it joins several."""
    if item["count"] > 1:
        return part["from_week"], part["until_week"] - 1
    return item["week"], item["week"]


def _news(seen: Seen, item: Mapping[str, Any], span: tuple[int, int]) -> Found | None:
    found = news.piece(seen, item["say"], span)
    if found is None:
        return None

    def all_() -> Found:
        yield "date", item["date"], seen.date(item["week"])
        yield from found
        yield from sides(seen, item["say"])

    return all_()


def _why(seen: Seen, item: Mapping[str, Any]) -> Found:
    """A reason has the figures of what it is the reason of, which are worked out there."""
    own, why = item["say"]["values"], item["why"]
    for name in why["values"]:
        yield name, why["values"][name], own.get(name)
    if why["key"].endswith(("plant_start", "plant_build", "plant_restart")):
        yield "dearer than it was", why["values"]["times"] >= 1.0, True
    if why["key"].endswith("terms"):
        yield "pay more", why["values"]["share"] > 0, True
        yield "buyers in", why["values"]["zone"], seen.target


def _heading(seen: Seen, say: Says, week: int) -> Found | None:
    """A headline, which may be two sentences, or say that a week is quiet."""
    key, values = say["key"], say["values"]
    if key == "story.join":
        parts = [_heading(seen, values[name], week) for name in ("first", "second")]
    elif key == "story.quiet":
        parts = [loud.quiet(seen, week), _heading(seen, values["text"], week)]
    elif key.startswith("story.state."):
        parts = [states.state(seen, say, week), sides(seen, say)]
    else:
        parts = [news.piece(seen, say, (week, week)), sides(seen, say)]
    known = [one for one in parts if one is not None]
    return (row for one in known for row in one) if len(known) == len(parts) else None


# --- the run as a whole -------------------------------------------------------------------------


def of_whole(seen: Seen, whole: Mapping[str, Any]) -> Iterator[Claim]:
    lead, charts = whole["lead"], whole["findings"]
    name = {"key": "story.good_name", "values": {"good": lead["material"]}}
    yield Claim("lead, of the run", name, titles.about(seen, lead))
    for chart in [one for one in (charts["lead"], *charts["multiples"]) if one]:
        yield Claim(f"title, {chart['id']}", chart["title"], _title(seen, chart))
    for flag in whole["flags"]:
        yield Claim(f"flag, {flag['kind']}", flag["say"], titles.flag(seen, flag))
        if flag["kind"] != "turn":
            yield Claim(f"flag, {flag['kind']}, its news", flag["news"],
                        _heading(seen, flag["news"], flag["week"]))  # fmt: skip
    told = {flag["kind"] for flag in whole["flags"]}
    yield Claim("flags, all of them", name, titles.flags_complete(seen, told))
    for step, say in whole["ladder"]["names"].items():
        yield Claim(f"ladder, step {step}", say, titles.ladder(seen, whole["ladder"]))
    for row in whole["pays"]["rows"]:
        say = {"key": "story.zone_name", "values": {"name": row["zone"]}}
        yield Claim(f"bill, {row['zone']}", say, bills.bill(seen, row))
    about = {"material": whole["complies"]["material"]}
    for one in [*whole["pays"]["answers"], *whole["complies"]["answers"]]:
        for say in one["says"]:
            yield Claim(f"answer, {one['id']}", say, _answer(seen, one["id"], say, about))
    yield Claim("complies, by week", name, bills.complies(seen, whole["complies"]))


def _title(seen: Seen, chart: Mapping[str, Any]) -> Found:
    yield from titles.title(seen, chart)
    yield from sides(seen, chart["title"], chart["material"], chart["zone"])


def _answer(seen: Seen, name: str, say: Says, about: Mapping[str, Any]) -> Found:
    yield from bills.answer(seen, name, say, about)
    yield from sides(seen, say, about["material"])
