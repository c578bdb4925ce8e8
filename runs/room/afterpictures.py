"""Pictures of the after-action report, drawn by the same functions as the report of a run.

When control stepped in stands on a line of weeks above the steps of Beijing; price and loss of the
game follow, each under the sentence that it proves, with the turns as ticks.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from runs.charts.pictures import Line, lines_picture, times_picture
from runs.room.state import QUARTER
from runs.room.tongue import Tongue
from runs.room.view import Picture
from world.levers import LADDER

MOST_LETTERS = 34  # of a flag: longer words would push the others off the line
PRICE, LOSS = "price", "gdp_loss_share"


def pictures(picture: Picture, tongue: Tongue) -> Iterator[str]:
    """Figures as HTML; none before a turn was played."""
    results = picture.results[: len(picture.room.played) + 1]
    if len(results) > 1:
        yield _times(picture, tongue, results)
        for name in (PRICE, LOSS):
            yield _series(picture, tongue, results[-1]["public"], name)


def _times(picture: Picture, tongue: Tongue, results: list[dict[str, Any]]) -> str:
    """Injects, rulings and turns taken back as flags over the ladder of the coercer."""
    public = results[-1]["public"]
    rung = f"{LADDER}.{public['target']}"
    steps = [
        float(result["public"]["law"].get(public["coercer"], {}).get(rung, 0.0))
        for result in results[1:]
        for _ in range(QUARTER)
    ]
    flags = list(flags_of(picture, tongue, len(steps)))
    says = "; ".join(text for _, text in flags) or tongue.t("after.none")
    drawn = times_picture(flags, steps, picture.plan.start, says)
    title = tongue.t("after.line_title", n=len(flags))
    sub = tongue.t("after.line_sub", coercer=tongue.seat(public["coercer"]))
    return _figure(title, sub, drawn, "times")


def flags_of(picture: Picture, tongue: Tongue, weeks: int) -> Iterator[tuple[int, str]]:
    """Week and words of what control brought into the game."""
    for inject in picture.room.injects.values():
        week = QUARTER * (inject.turn - 1) + int(inject.event.get("week", 0))
        if inject.status == "done" and 0 <= week < weeks:
            yield week, _short(_name(inject, tongue))


def _name(inject: Any, tongue: Tongue) -> str:
    if inject.card:
        return tongue.t(f"inject_card.{inject.card}.title")
    if inject.move:
        return tongue.t("chronicle.ruling")
    return tongue.t(f"kind.{inject.event['kind']}")


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…"


def _series(picture: Picture, tongue: Tongue, public: dict[str, Any], name: str) -> str:
    values = public["series"][name]
    known = [(value, week) for week, value in enumerate(values) if value is not None]
    most, week = max(known, default=(0.0, 0))
    say, plan = tongue.say, picture.plan
    figure = say.percent(most, 2) if name == LOSS else say.num(most, 1)
    date = say.day(plan.date(week))
    place = tongue.seat(public["target"] if name == LOSS else public["zone"])
    good = say.place(public["material"])
    title = tongue.t(f"after.{name}_title", place=place, good=good, n=figure, date=date)
    ticks = range(QUARTER, len(values), QUARTER)
    drawn = lines_picture(
        [Line("", values)], plan.start, title, percent=name == LOSS, ticks=list(ticks)
    )
    return _figure(title, tongue.t(f"after.{name}_sub"), drawn)


def _figure(title: str, sub: str, drawn: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return (
        f"<figure{mark}><h3>{escape(title)}</h3><p class=sub>{escape(sub)}</p>{drawn}</figure>"
    )
