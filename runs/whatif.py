"""What if: the game as it was played, and the same with levers held, over several lucks.

Both branches start from the state that the game had in a week and differ in nothing but the
levers; luck 0 is the game's own. The game itself is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.asked import MOST_WEEKS, whole
from runs.in_short import what_if_html, what_if_in_short
from runs.seats import parts
from runs.turn import Act, play_week
from world.decisions import Order
from world.draws import Draws
from world.levers import name_fault, value_fault
from world.phases.calendar import enact
from world.reading import short
from world.scenario import ScenarioError
from world.sums import mean_known

if TYPE_CHECKING:
    import pandas as pd

    from runs.game import Game
    from runs.seats import Seats
    from world.account import Account
    from world.state import World

Array = NDArray[np.float64]
MOST_LUCKS = 1000
Parts = frozenset[tuple[str, str]]  # actors and the single levers that are theirs

MEASURES = {
    "price": ("markets", "ratio"),
    "cover_weeks": ("markets", "weeks"),
    "stopped_line_share": ("markets", "share"),
    "china_share_true": ("markets", "share"),
    "from_grey_t": ("markets", "t"),
    "gdp_loss_share": ("zones", "share of GDP"),
    "gdp_loss_usd": ("zones", "USD"),
    "budget_usd": ("zones", "USD"),
    "reputation_of_china": ("zones", "index"),
    "score": ("zones", "share"),
}


@dataclass(frozen=True, repr=False)
class WhatIf:
    """Both branches: ``base[measure]`` and ``branch[measure]`` are (weeks, lucks)."""

    set: dict[str, float]
    from_week: int
    weeks: NDArray[np.int64]
    zone: str
    material: str
    base: dict[str, Array]
    branch: dict[str, Array]

    @property
    def table(self) -> pd.DataFrame:
        """Mean over the weeks by measure: medians of both branches, and the band of the change."""
        import pandas as pd

        rows = []
        for name, (_, unit) in MEASURES.items():
            base, branch = (mean_known(b[name].T, axis=1) for b in (self.base, self.branch))
            low, mid, high = np.nanquantile(branch - base, (0.1, 0.5, 0.9))
            rows.append(
                {
                    "measure": name, "unit": unit, "base": float(np.nanmedian(base)),
                    "branch": float(np.nanmedian(branch)), "change": float(mid),
                    "change_p10": float(low), "change_p90": float(high),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        return what_if_in_short(self)

    def _repr_html_(self) -> str:
        return what_if_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists, for JSON; medians by week."""
        return {
            "set": self.set, "from_week": self.from_week, "weeks": self.weeks.tolist(),
            "zone": self.zone, "material": self.material,
            "summary": self.table.to_dict(orient="records"),
            "base": {n: np.nanmedian(v, axis=1).tolist() for n, v in self.base.items()},
            "branch": {n: np.nanmedian(v, axis=1).tolist() for n, v in self.branch.items()},
        }  # fmt: skip


def what_if(
    game: Game, set: Mapping[str, float], from_week: int, lucks: int, weeks: int | None
) -> WhatIf:
    """Plays both branches to the game's horizon or for ``weeks``; ValueError for a wrong lever."""
    lucks = whole("lucks", lucks, 1, MOST_LUCKS)
    from_week = whole("from_week", from_week, 0, game.horizon - 1)
    until = game.horizon
    if weeks is not None:
        until = min(until, from_week + whole("weeks", weeks, 1, MOST_WEEKS))
    check_levers(game, set)
    world, seats = game.state_at(from_week)
    sides = [_play(game, world, seats, {}, lucks, until)]
    sides.append(_play(game, world, seats, dict(set), lucks, until))
    material, zone = game.plan.options["material"], game.plan.options["zone"]
    return WhatIf(
        dict(set), from_week, np.arange(from_week, until), zone, material, sides[0], sides[1]
    )


def check_levers(game: Game, set: Mapping[str, float]) -> None:
    """Raises ScenarioError for what is no lever with a value, before anything is played."""
    if not isinstance(set, Mapping):
        raise ScenarioError(
            f"set: {short(set)} must name levers and values, such as {{'KOR.hub_policing': 0.8}}."
        )
    for text, value in set.items():
        actor, _, full = str(text).partition(".")
        fault = name_fault(game.plan, actor, full) or value_fault(actor, full, value, game.plan)
        if fault:
            raise ScenarioError(f"set, {short(text)}: {fault}")
    game.plan.override(dict(set))


def _play(
    game: Game, past: World, seated: Seats, set: Mapping[str, float], lucks: int, until: int
) -> dict[str, Array]:
    """One branch from the state ``past``, with what came from outside in the game itself.

    What is set stands against the game's own orders too: those that wait for their delay, and
    those that came later.
    """
    world, seats = past.spread(lucks), seated.copy()
    draws = Draws(game.luck, lucks)
    seats.inbox.clear()
    fixed: Parts = frozenset(
        (actor, part)
        for actor, _, full in (text.partition(".") for text in set)
        for part in parts(game.plan, full)
    )
    world.pending = [
        (due, free, value)
        for due, order, value in world.pending
        for free in seats.free(order, fixed)
    ]
    acts = [free for act in game.acts for free in _free(act, seats, fixed)]
    for text, value in set.items():
        actor, _, full = text.partition(".")
        seats.hold(actor, full)
        enact(world, Order(world.week, actor, full, float(value), "script", "what if"))
    columns: dict[str, list[Array]] = {name: [] for name in MEASURES}
    while world.week < until:
        today = [act for act in acts if act.week == world.week]
        for act in today:
            act.apply(seats)
        turn = play_week(world, draws, seats, [act.event for act in today if act.event])
        _measure(world, turn.account, game, columns)
    return {name: np.array(values) for name, values in columns.items()}


def _free(act: Act, seats: Seats, fixed: Parts) -> list[Act]:
    """The act, or what is left of its order without the levers that are fixed."""
    if act.order is None:
        return [act]
    return [replace(act, order=order) for order in seats.free(act.order, fixed)]


def _measure(
    world: World, account: Account, game: Game, columns: Mapping[str, list[Array]]
) -> None:
    setting = world.setting
    zone = setting.zone_index[game.plan.options["zone"]]
    market = setting.material_index[game.plan.options["material"]] * setting.Z + zone
    for name, (table, _) in MEASURES.items():
        row = market if table == "markets" else zone
        columns[name].append(getattr(account, table)[name][:, row].copy())
