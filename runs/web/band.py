"""The job `band` of a watch page: the run's orders under other lucks, as a band of prices.

The run itself is the first of the lucks. Policies answer to each luck in their own way; what came
from outside, a person's or a file's orders and what was injected, is the same in all of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.otherwise import Branch, Start, acts_told
from runs.web.reading import plain
from runs.web.worker import Kept, Tell
from runs.weekly import quantiles

Array = NDArray[np.float64]

FEWEST, MOST = 8, 24  # lucks: with fewer there is no band
AT_ONCE = 8  # lucks of one batch: each world of ten thousand firms takes ten megabytes
MOST_USERS = 20_000  # beyond this the band takes minutes, and so does a network of firms
KILO = 1000.0


def play(kept: Kept, asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``asked`` is checked: ``{lucks}``. The answer is ``{lucks, bands: {"material zone": {low,
    high}}}`` in dollars a kilogram by week, between which 8 of 10 lucks lie; without ``bands``
    where the run is too large."""
    game, lucks = kept.game, asked["lucks"]
    if game.world.users.rows > MOST_USERS or game.world.network is not None:
        return {"lucks": 1, "bands": {}}
    prices: Array = kept.notes.get("prices", own(game))
    while (known := prices.shape[-1]) < lucks:
        more = others(game, known, min(AT_ONCE, lucks - known), tell)
        prices = kept.notes["prices"] = np.concatenate([prices, more], axis=-1)
    found, _ = quantiles(prices[..., :lucks] / KILO)
    rows = game.recorder.rows("markets")
    names = [f"{good} {zone}" for good, zone in zip(rows["material"], rows["zone"], strict=True)]
    return {"lucks": lucks, "bands": {
        name: {"low": plain(found["p10"][:, row]), "high": plain(found["p90"][:, row])}
        for row, name in enumerate(names)
    }}  # fmt: skip


def own(game: Any) -> Array:
    """Prices of the run, (weeks, rows, 1)."""
    return np.array(game.recorder.array("markets", "price_usd_per_t")[:, :, None])


def others(game: Any, first: int, lucks: int, tell: Tell) -> Array:
    """Prices under so many lucks from the run's own plus ``first`` on, (weeks, rows, lucks)."""
    branch = Branch(
        Start(*game.state_at(0)), game.luck + first, acts_told(game.acts, 0), lucks=lucks
    )
    weeks = []
    for account in branch.play(game.week):
        weeks.append(account.markets["price_usd_per_t"].T.copy())
        tell(account.week + 1, game.week)
    return np.array(weeks)
