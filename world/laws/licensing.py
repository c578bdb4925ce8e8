"""Export licences, bans and quotas: how much may leave the coercer (ODD 7.6 and 7a)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.sums import add_up

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

FULL = 0.999  # a share of 1 but for rounding: what is left of a tonne would keep a channel open


def breadth_in_force(breadth: Array, listing: Array, in_scope: Array) -> Array:
    """Share of trade that a ban stops: what the ban covers, and the listed firms besides it."""
    return in_scope * (1.0 - (1.0 - breadth) * (1.0 - listing))


def accepted_orders(orders: Array, most: Array) -> Array:
    """(R, M, Z) foreign orders that exporters take on: all, or each the same part up to `most`.

    `orders` t/week, 0 for the coercer itself; `most` (R, M) t/week what exporters can handle.
    """
    total = add_up(orders, axis=-1)
    return orders * np.minimum(1.0, ratio(most, total, 1.0))[..., None]


def applications(
    orders: Array, licences: Array, expected: Array, duty: Array, cover_weeks: float, weeks: float
) -> Array:
    """Tonnes to apply for in a week: what is ordered, and what is missing from the balance."""
    missing = np.maximum(0.0, cover_weeks * duty * expected - licences)
    return duty * orders + missing / weeks


def without_retries(asked: Array, refused: Array, correction_weeks: float) -> Array:
    """Applications less the refused tonnes that buyers order again, `correction_weeks` long.

    Who was refused keeps the gap in stock and orders a part of it every week; such an order may not
    be applied for before its time.
    """
    return np.maximum(0.0, asked - refused / correction_weeks)


def still_refused(before: Array, now: Array) -> Array:
    """Part of the refused tonnes that rests on when approvals ease; the others may ask at once."""
    return np.asarray(np.minimum(1.0, ratio(1.0 - now, 1.0 - before, 1.0)))


def desk_share(due: Array, most: Array) -> Array:
    """(R, M) part of the applications due that a desk of limited staff decides this week.

    `due` (R, M, Z) t, `most` (R, M) t/week; what is left stays on the pile.
    """
    return np.minimum(1.0, ratio(most, add_up(due, axis=-1), 1.0))


def clearance(
    orders: Array, licences: Array, duty: Array, breadth: Array, approval: Array
) -> tuple[Array, Array]:
    """(most that may clear, licensed part of it), t/week.

    Where every application is refused customs hold what has its licence, too.
    """
    licensed = np.where(approval > 0.0, np.minimum(licences, duty * orders), 0.0)
    free = (1.0 - duty) * orders
    return (1.0 - breadth) * (free + licensed), (1.0 - breadth) * licensed


def fill_quota(
    wanted: Array, left: Array, held: Array, weeks_left: Array, fastest: float
) -> Array:
    """Scale of recorded exports of a material under a yearly quota, 0 to 1.

    Exporters spread a quota over the rest of the year and may run `fastest` times that pace;
    what customs held before may leave besides.
    """
    pace = fastest * left / np.maximum(weeks_left, 1.0) + held
    return np.minimum(1.0, ratio(np.minimum(pace, left), wanted, 1.0))


def is_closed(breadth: Array, duty: Array, approval: Array, licences: Array) -> Flags:
    """True where nothing can clear any more: full ban, or a full duty without any licence."""
    return (breadth >= FULL) | ((duty >= FULL) & (approval <= 0.0) & (licences <= 0.0))
