"""Numbers and dates as a reader wants them: three digits that matter, and the unit."""

from __future__ import annotations

import datetime
import math

NOTHING = "–"  # a value that does not exist, as in a share of no demand


def _absent(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def plain(value: float | None, digits: int = 3) -> str:
    """`digits` significant digits, thousands grouped, never an exponent: 0.042, 12.3, 1,230."""
    if value is None or _absent(value):
        return NOTHING
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - magnitude)
    if decimals > 5:
        return "0"
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tick(value: float) -> str:
    """A round number on an axis, without needless zeros."""
    return f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else f"{value:,.0f}"


def percent_tick(value: float) -> str:
    return tick(round(100 * value, 9)) + "%"


def tonnes(value: float | None) -> str:
    return NOTHING if _absent(value) else f"{plain(value)} t"


def percent(value: float | None, decimals: int | None = None) -> str:
    """A share of 0 to 1 in per cent; small ones keep two digits."""
    if value is None or _absent(value):
        return NOTHING
    hundredfold = 100 * value
    if abs(hundredfold) < 0.005:
        return "0%" if abs(hundredfold) < 1e-9 else "under 0.01%"
    if decimals is None:
        decimals = 0 if abs(hundredfold) >= 10 else 1 if abs(hundredfold) >= 1 else 2
    return f"{hundredfold:.{decimals}f}%"


def weeks(value: float | None) -> str:
    if value is None or _absent(value):
        return NOTHING
    return f"{value:.1f} weeks" if value < 20 else f"{value:.0f} weeks"


def usd(value: float | None) -> str:
    """Dollars with the word for the size: 1.2 million, 3.4 billion."""
    if value is None or _absent(value):
        return NOTHING
    size = abs(value)
    for limit, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= limit:
            return f"USD {value / limit:,.3g} {word}"
    return f"USD {plain(value)}"


def usd_per_kg(usd_per_t: float | None) -> str:
    """A price per tonne said per kilogram, as these goods are quoted."""
    if usd_per_t is None or _absent(usd_per_t):
        return NOTHING
    return f"{plain(usd_per_t / 1000)} USD/kg"


def signed(value: float, text: str) -> str:
    """A change with its sign; `text` is the formatted size."""
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def day(date: datetime.date) -> str:
    """20 Jul 2026."""
    return f"{date.day} {date:%b %Y}"
