"""How a finished game went for a seat, and how it would have gone without one thing: the figures.

They come from what the turns have brought and from the answers of `runs.room.forks`, as far as
these are there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.room import forks, score

if TYPE_CHECKING:
    from runs.room.forks import Answer, Question
    from runs.room.view import Picture

TURNING = (
    forks.ORDERS, forks.MEASURES, forks.THREATS, forks.DEAL, forks.INJECT, forks.EVENT
)  # fmt: skip


class Ended:
    """A game with its results and the branches that have been played of it."""

    def __init__(self, picture: Picture, asked: Sequence[Question]) -> None:
        self.picture, self.room, self.plan = picture, picture.room, picture.plan
        self.results, self.last = picture.results, len(picture.results) - 1
        self.answered: list[tuple[Question, Answer]] = [
            (one, picture.answers[key]) for one in asked
            if (key := forks.key_of(one)) in picture.answers
        ]  # fmt: skip

    def firm(self, seat: str) -> bool:
        return seat in self.plan.firms

    def gauges(self, seat: str, turn: int = -1) -> list[float]:
        found = self.results[turn]["seats"][seat]["gauges"]
        return [found[name] for name in GAUGES]

    def total(self, seat: str, gauges: Sequence[float], turn: int = 0) -> dict[str, Any]:
        now = dict(zip(GAUGES, gauges, strict=True))
        weights = self.room.chairs[seat].weights
        return score.total(self.room.scenario, turn or self.last, seat, now, weights)

    def worth(self, seat: str, gauges: Sequence[float]) -> float:
        """Points of 100: the three goals by the seat's own weights."""
        weights = self.room.chairs[seat].weights
        sealed = [weights.get(name, 1 / len(GAUGES)) for name in GAUGES]
        return 100 * math.fsum(w * g for w, g in zip(sealed, gauges, strict=True)) / math.fsum(
            sealed
        )

    def change(self, seat: str, answer: Answer) -> float:
        """Points by which the seat ended better than without it."""
        return self.worth(seat, self.gauges(seat)) - self.worth(seat, answer["gauges"][seat][-1])

    def moved(self, seat: str) -> list[tuple[float, Question, Answer]]:
        """What could be a turning point of a seat, the largest first."""
        found = [(self.change(seat, answer), one, answer)
                 for one, answer in self.answered if one["kind"] in TURNING]  # fmt: skip
        return sorted(found, key=lambda one: (-abs(one[0]), forks.key_of(one[1])))

    def gauge(self, seat: str, answer: Answer) -> str:
        """The gauge that is moved most."""
        now, then = self.gauges(seat), answer["gauges"][seat][-1]
        return max(GAUGES, key=lambda name: abs(now[at(name)] - then[at(name)]))

    def lost(self, seat: str) -> list[float | None]:
        """USD by turn, of which the opening has none."""
        causes = [self.picture.causes.get(turn) for turn in range(1, self.last + 1)]
        return [0.0, *(one["seats"][seat]["loss_usd"] if one else None for one in causes)]

    def was(self, seat: str, name: str) -> list[float | None]:
        """A measure by turn, the opening first: points of 100, or USD added up."""
        if name == "money":
            return added(self.lost(seat), -1 if self.firm(seat) else 1)
        if name == "score":
            return [None, *(self.total(seat, self.gauges(seat, turn), turn)["score"]
                            for turn in range(1, self.last + 1))]  # fmt: skip
        return [tenth(100 * self.gauges(seat, turn)[at(name)]) for turn in range(self.last + 1)]

    def then(self, seat: str, name: str, turn: int, answer: Answer) -> list[float | None]:
        """The same without something, which differs from a turn on."""
        if name == "money":
            usd = [*self.lost(seat)[:turn], *answer["lost_usd"][seat]]
            return added(usd, -1 if self.firm(seat) else 1)
        rows = answer["gauges"][seat]
        if name == "score":
            then: list[float | None] = [
                self.total(seat, row, n)["score"] for n, row in enumerate(rows, turn)
            ]
        else:
            then = [tenth(100 * row[at(name)]) for row in rows]
        return self.was(seat, name)[:turn] + then


def at(name: str) -> int:
    return GAUGES.index(name)


def tenth(value: float) -> float:
    return round(value, 1) + 0.0  # no minus nothing


def added(values: Iterable[float | None], sign: int = 1) -> list[float | None]:
    """Sums so far; None from the first on that is not known."""
    found: list[float | None] = []
    whole: float | None = 0.0
    for n, value in enumerate(values):
        value = 0.0 if n == 0 and value is None else value
        whole = None if whole is None or value is None else whole + value
        found.append(None if whole is None else round(sign * whole) + 0.0)
    return found
