"""What if: the game as it was played, and the same with levers held, over several lucks.

Both branches start from the state that the game had in a week and differ in nothing but the
levers; luck 0 is the game's own. The game itself is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.asked import MOST_WEEKS, whole
from runs.in_short import what_if_html, what_if_in_short
from runs.otherwise import Branch, Changes, Start, acts_told
from world.levers import name_fault, value_fault
from world.reading import short
from world.scenario import ScenarioError
from world.sums import mean_known

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    from runs.play import Play
    from world.account import Account
    from world.state import World

Array = NDArray[np.float64]
MOST_LUCKS = 1000

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
    """Both branches: ``base[measure]`` and ``branch[measure]`` are (weeks, lucks).

    A change means one thing everywhere: the lucks are paired, branch less base is taken luck by
    luck, and the median over the lucks is told. It is 0 where most lucks do not differ, whatever
    the medians of the two branches do.
    """

    set: dict[str, float]
    from_week: int
    weeks: NDArray[np.int64]
    zone: str
    material: str
    base: dict[str, Array]
    branch: dict[str, Array]
    seed: int = 1  # of the first luck
    start: datetime.date | None = None  # of week 0

    @property
    def lucks(self) -> int:
        return int(next(iter(self.base.values())).shape[1])

    @property
    def table(self) -> pd.DataFrame:
        """Mean over the weeks by measure: medians of both branches over the ``n`` lucks in which
        both have a value, the median of the change and the band that holds 8 of 10."""
        import pandas as pd

        rows = []
        for name, (_, unit) in MEASURES.items():
            base, branch = (mean_known(b[name].T, axis=1) for b in (self.base, self.branch))
            both = np.isfinite(base) & np.isfinite(branch)
            low, mid, high = quantiles_of((branch - base)[both], (0.1, 0.5, 0.9))
            rows.append(
                {
                    "measure": name, "unit": unit, "base": quantiles_of(base[both], (0.5,))[0],
                    "branch": quantiles_of(branch[both], (0.5,))[0], "change": mid,
                    "change_p10": low, "change_p90": high, "n": int(np.count_nonzero(both)),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each measure, luck and week; ``change`` is branch less base of that luck."""
        import pandas as pd

        weeks, lucks = len(self.weeks), self.lucks
        week = np.tile(self.weeks, lucks)
        parts = []
        for name, (_, unit) in MEASURES.items():
            columns: dict[str, Any] = {"week": week}
            if self.start is not None:
                first = np.datetime64(self.start, "D")
                columns["date"] = (first + 7 * week).astype("datetime64[ms]")
            columns |= {"measure": name, "unit": unit}
            columns["seed"] = np.repeat(self.seed + np.arange(lucks), weeks)
            columns |= {"base": self.base[name].T.ravel(), "branch": self.branch[name].T.ravel()}
            columns["change"] = columns["branch"] - columns["base"]
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def weekly(self, measure: str) -> dict[str, Array]:
        """By week, over the lucks in which both branches have a value: medians of ``base`` and
        ``branch``, median ``change`` with ``low`` and ``high`` (8 of 10), and ``n``."""
        base, branch = self.base[measure], self.branch[measure]
        both = np.isfinite(base) & np.isfinite(branch)
        rows = [
            (
                *quantiles_of(base[w][known], (0.5,)), *quantiles_of(branch[w][known], (0.5,)),
                *quantiles_of((branch[w] - base[w])[known], (0.5, 0.1, 0.9)),
                np.count_nonzero(known),
            )
            for w, known in enumerate(both)
        ]  # fmt: skip
        names = ("base", "branch", "change", "low", "high", "n")
        return dict(zip(names, np.array(rows, dtype=float).T, strict=True))

    def __repr__(self) -> str:
        return what_if_in_short(self)

    def _repr_html_(self) -> str:
        return what_if_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists, for JSON; medians by week, ``change`` paired by luck."""
        weekly = {name: self.weekly(name) for name in MEASURES}
        return {
            "set": self.set, "from_week": self.from_week, "weeks": self.weeks.tolist(),
            "zone": self.zone, "material": self.material, "lucks": self.lucks,
            "summary": self.table.to_dict(orient="records"),
            **{
                part: {name: values[part].tolist() for name, values in weekly.items()}
                for part in ("base", "branch", "change")
            },
        }  # fmt: skip


def quantiles_of(values: Array, parts: tuple[float, ...]) -> list[float]:
    """Quantiles of what is known; NaN where nothing is."""
    if not len(values):
        return [float("nan")] * len(parts)
    return [float(one) for one in np.quantile(values, parts)]


def what_if(
    game: Play, set: Mapping[str, float], from_week: int, lucks: int, weeks: int | None
) -> WhatIf:
    """Plays both branches to the game's horizon or for ``weeks``; ValueError for a wrong lever."""
    lucks = whole("lucks", lucks, 1, MOST_LUCKS)
    from_week = whole("from_week", from_week, 0, game.horizon - 1)
    until = game.horizon
    if weeks is not None:
        until = min(until, from_week + whole("weeks", weeks, 1, MOST_WEEKS))
    held = checked_levers(game, set)
    start = Start(*game.state_at(from_week))
    sides = [_play(game, start, changes, lucks, until) for changes in (Changes(), Changes(held))]
    material, zone = game.plan.options["material"], game.plan.options["zone"]
    return WhatIf(
        dict(set), from_week, np.arange(from_week, until), zone, material, sides[0], sides[1],
        game.luck, game.plan.start,
    )  # fmt: skip


def checked_levers(game: Play, set: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Values by actor and lever; ScenarioError for what is none, before anything is played."""
    if not isinstance(set, Mapping):
        raise ScenarioError(
            f"set: {short(set)} must name levers and values, such as {{'KOR.hub_policing': 0.8}}."
        )
    held: dict[tuple[str, str], float] = {}
    for text, value in set.items():
        actor, _, full = str(text).partition(".")
        fault = name_fault(game.plan, actor, full) or value_fault(actor, full, value, game.plan)
        if fault:
            raise ScenarioError(f"set, {short(text)}: {fault}")
        held[actor, full] = float(value)
    game.plan.override(dict(set))
    return held


def _play(
    game: Play, start: Start, changes: Changes, lucks: int, until: int
) -> dict[str, Array]:
    """One branch, with what came from outside in the game itself."""
    told = acts_told([*game.acts, *game.acts_ahead], start.world.week)
    branch = Branch(start, game.luck, told, changes, lucks)
    columns: dict[str, list[Array]] = {name: [] for name in MEASURES}
    for account in branch.play(until):
        _measure(branch.world, account, game, columns)
    return {name: np.array(values) for name, values in columns.items()}


def _measure(
    world: World, account: Account, game: Play, columns: Mapping[str, list[Array]]
) -> None:
    setting = world.setting
    zone = setting.zone_index[game.plan.options["zone"]]
    market = setting.material_index[game.plan.options["material"]] * setting.Z + zone
    for name, (table, _) in MEASURES.items():
        row = market if table == "markets" else zone
        columns[name].append(getattr(account, table)[name][:, row].copy())
