"""Questions on what a turn will bring, and the quadratic score of the answers.

A seat answers with a probability; the world answers at the end of the turn. The score of one
answer is 1 - (p - o)^2 with o = 1 if it came true: 1 is certain and right, 0.75 says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from runs.room.state import Forecast

# id -> the question; braces are filled with the scenario's own material and zones
QUESTIONS: dict[str, str] = {
    "price_up": "Will {material} cost more in {zone} at the end of this turn than now?",
    "loss_up": "Will {target} lose more output at the end of this turn than now?",
    "caught": "Will a trader be caught passing goods on in this turn?",
}


def quadratic(p: float, came_true: bool) -> float:
    return 1.0 - (p - float(came_true)) ** 2


def scores(
    forecasts: Iterable[Forecast], outcomes: Mapping[int, Mapping[str, bool]]
) -> dict[str, dict[str, float]]:
    """By seat: how many answers were judged, their mean score, and the mean of p and outcome."""
    found: dict[str, list[tuple[float, bool]]] = {}
    for forecast in forecasts:
        came = outcomes.get(forecast.turn, {}).get(forecast.question)
        if came is not None:
            found.setdefault(forecast.seat, []).append((forecast.p, came))
    return {
        seat: {
            "answers": len(rows),
            "score": math.fsum(quadratic(p, came) for p, came in rows) / len(rows),
            "mean_p": math.fsum(p for p, _ in rows) / len(rows),
            "came_true": sum(came for _, came in rows) / len(rows),
        }
        for seat, rows in found.items()
    }
