"""What a program asks for in numbers: whole ones in a range, or one sentence that names it."""

from __future__ import annotations

import math
from typing import Any

from world.levers import real
from world.reading import short

MOST_SEED = 2**62
MOST_WEEKS = 10_000  # that any game is played; no calendar and no luck ends before


def whole(name: str, value: Any, low: int, high: int) -> int:
    """``value`` as an int; ValueError unless it is a whole number from ``low`` to ``high``."""
    number = real(value)
    if math.isnan(number) or not low <= number <= high or number != int(number):
        raise ValueError(f"{name}: {short(value)} must be a whole number from {low} to {high}.")
    return int(value)
