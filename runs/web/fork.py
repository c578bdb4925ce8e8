"""The job `fork` of a watch page: the run from some week on as it was, and with levers held.

Both worlds are played over the same lucks, of which the first is the run's own. The branch of that
one comes first, so that a picture stands while the others are played. The run is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.otherwise import Branch, Changes, Less, Start, acts_told
from runs.story.branch import Both, told
from runs.story.lead import KILO
from runs.web.reading import plain
from runs.web.worker import Kept, Tell
from world.decisions import Order
from world.levers import get_lever, place

Array = NDArray[np.float64]

LUCKS = 8
MOST_WORLDS = 4  # that are remembered of a game, some megabytes each
COLUMNS = {
    "price": "markets", "cover_weeks": "markets", "stopped_line_share": "markets",
    "china_share_true": "markets", "gdp_loss_usd": "zones",
}  # fmt: skip
LOW, HIGH = 0.1, 0.9  # the band holds 8 of 10


@dataclass(frozen=True)
class Weeks:
    """Columns of the weeks after the fork, each (weeks, rows, lucks), and all levers by week."""

    columns: dict[str, Array]
    levers: list[dict[str, Array]]


def play(kept: Kept, asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``asked`` is checked: ``{week, set, material, zone}``. See `shown` for the answer."""
    game, week, held = kept.game, asked["week"], asked["set"]
    worlds = kept.notes.setdefault("worlds", {})
    base, branch = ("base", week), ("branch", week, tuple(sorted(held.items())))
    weeks = game.week - week
    missing = (0 if base in worlds else LUCKS - 1) + (0 if branch in worlds else LUCKS)
    done = 0

    def step(lucks: int) -> None:
        nonlocal done
        done += lucks
        tell(done, weeks * missing)

    own = {  # of the run's luck
        name: game.recorder.array(table, name)[week:, :, None] for name, table in COLUMNS.items()
    }
    changes = changes_of(game, week, held)
    if branch not in worlds:
        first = weeks_of(game, week, changes, game.luck, 1, step)
        tell(done, weeks * missing, early=lines(game, asked, own, first.columns))
    if (was := worlds.get(base)) is None:
        was = weeks_of(game, week, Changes(), game.luck + 1, LUCKS - 1, step)
    if (now := worlds.get(branch)) is None:
        others = weeks_of(game, week, changes, game.luck + 1, LUCKS - 1, step)
        now = Weeks(joined(first.columns, others.columns), others.levers)
    for name, world in ((branch, now), (base, was)):
        worlds.pop(name, None)
        worlds[name] = world  # the last that was asked for
    while len(worlds) > MOST_WORLDS:
        del worlds[next(iter(worlds))]
    return shown(game, asked, joined(own, was.columns), now.columns, idle(game, held, was, now))


def changes_of(game: Any, week: int, held: dict[str, float]) -> Changes:
    """Orders as a program would have given them in the week, which nobody takes back later."""
    orders = [
        Order(week, *_split(name), value, "script", "what if") for name, value in held.items()
    ]
    later = range(week + 1, game.horizon)
    less = [Less(order.actor, order.lever, later) for order in orders]
    return Changes(orders=orders, less=less)


def _split(name: str) -> tuple[str, str]:
    actor, _, full = name.partition(".")
    return actor, full


def weeks_of(
    game: Any, week: int, changes: Changes, luck: int, lucks: int, step: Any
) -> Weeks:
    """Plays a world from a week to the last that the run has."""
    start = Start(*game.state_at(week))
    branch = Branch(start, luck, acts_told(game.acts, week), changes, lucks)
    found: dict[str, list[Array]] = {name: [] for name in COLUMNS}
    levers: list[dict[str, Array]] = []
    for account in branch.play(game.week):
        for name, table in COLUMNS.items():
            found[name].append(getattr(account, table)[name].T)
        before = levers[-1] if levers else {}
        levers.append({
            name: before[name] if name in before and np.array_equal(before[name], value)
            else value.copy()
            for name, value in branch.world.regime.items()
        })  # fmt: skip
        step(lucks)
    return Weeks({name: np.array(rows) for name, rows in found.items()}, levers)


def joined(first: dict[str, Array], others: dict[str, Array]) -> dict[str, Array]:
    return {name: np.concatenate([first[name], others[name]], axis=2) for name in COLUMNS}


def idle(game: Any, held: dict[str, float], was: Weeks, now: Weeks) -> list[str]:
    """Levers that stood at the same value in both worlds in every week."""
    def same(name: str) -> bool:
        actor, full = _split(name)
        lever = full.partition(".")[0]
        if lever not in was.levers[0]:  # a step of the ladder: all of its settings
            return all(
                np.array_equal(a[one], b[one])
                for a, b in zip(was.levers, now.levers, strict=True) for one in a
            )
        row, places = place(game.plan, actor, full)
        return all(
            np.array_equal(a[lever][:, row, places], b[lever][:, row, places])
            for a, b in zip(was.levers, now.levers, strict=True)
        )

    return [name for name in held if same(name)]


def row_of(game: Any, name: str, asked: dict[str, Any]) -> int:
    """The row of a column that a page looks at."""
    setting = game.setting
    zone = int(setting.zone_index[asked["zone"]])
    if COLUMNS[name] == "zones":
        return zone
    return int(setting.material_index[asked["material"]] * setting.Z + zone)


def lines(
    game: Any, asked: dict[str, Any], was: dict[str, Array], now: dict[str, Array]
) -> dict[str, Any]:
    """The run's own luck in both worlds, by measure: ``was`` of the whole run, ``now`` from the
    fork on."""
    found = {}
    for name, table in COLUMNS.items():
        row = row_of(game, name, asked)
        found[name] = {
            "was": plain(game.recorder.array(table, name)[:, row]),
            "now": plain(now[name][:, row, 0]),
        }
    usd = float(game.setting.market_price_usd[row_of(game, "price", asked)])
    return {"week": asked["week"], "material": asked["material"], "zone": asked["zone"],
            "lucks": 1, "usd_per_kg": usd / KILO, "series": found}  # fmt: skip


def shown(
    game: Any, asked: dict[str, Any], was: dict[str, Array], now: dict[str, Array],
    same: list[str],
) -> dict[str, Any]:  # fmt: skip
    """What a page gets: ``{week, material, zone, lucks, usd_per_kg, series, before, title, says,
    same}``; prices are ratios to the one before, which is ``usd_per_kg``.

    A series has the lines of `lines` and, from the fork on, ``was_band`` and ``band``, each with
    ``low``, ``mid`` and ``high`` over the lucks. ``before`` is what the levers stood at, ``same``
    whether nothing at all is different.
    """
    made = lines(game, asked, was, now)
    for name, series in made["series"].items():
        row = row_of(game, name, asked)
        series["was_band"], series["band"] = band(was[name][:, row]), band(now[name][:, row])
    world, _ = game.state_at(asked["week"])
    before = {
        name: float(get_lever(world.regime, game.plan, *_split(name))[0]) for name in asked["set"]
    }
    both = Both(game, asked["week"], asked["set"], asked["material"], asked["zone"], was, now, same)
    return {**made, "lucks": LUCKS, "before": before, **told(both)}


def band(values: Array) -> dict[str, list[float | None]]:
    """Quantiles by week over the lucks that have a value, of (weeks, lucks)."""
    known = np.isfinite(values).any(axis=1)
    found = np.full((3, len(values)), np.nan)
    found[:, known] = np.nanquantile(values[known], (LOW, 0.5, HIGH), axis=1)
    return dict(zip(("low", "mid", "high"), map(plain, found), strict=True))
