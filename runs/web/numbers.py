"""Numbers as the sources show them: three digits that matter."""

from __future__ import annotations

import math

NOTHING = "–"  # a value that does not exist, as in a share of no demand


def plain(value: float | None, digits: int = 3) -> str:
    """`digits` significant digits, thousands grouped, never an exponent: 0.042, 12.3, 1,230."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - magnitude)
    if decimals > 5:
        return "0"
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
