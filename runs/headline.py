"""The few figures that a run is summed up with, per week and over all weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.outcome import outcome
from runs.stops import first_stop
from world.sums import add_up

if TYPE_CHECKING:
    from runs.play import Play
    from world.account import Account
    from world.setting import Setting
    from world.state import World

Array = NDArray[np.float64]
Measure = Callable[["Setting", "Account"], Array]  # (R,) of one week, a value for each luck


def _market(column: str) -> Measure:
    """A column of the market that the scenario's charts show first."""

    def measure(setting: Setting, account: Account) -> Array:
        options = setting.scenario.options
        material = setting.material_index[options["material"]]
        zone = setting.zone_index[options["zone"]]
        return account.markets[column][:, material * setting.Z + zone]

    return measure


def _target(column: str) -> Measure:
    return lambda setting, account: account.zones[column][:, setting.target]


def _grey(setting: Setting, account: Account) -> Array:
    """Share of hubs in what arrives in the target, all materials weighted by their base value."""
    zone = slice(setting.target, None, setting.Z)
    worth = setting.market_price_usd[zone]
    grey = add_up(account.markets["from_grey_t"][:, zone] * worth, axis=1)
    total = add_up(account.markets["delivered_t"][:, zone] * worth, axis=1)
    share: Array = np.divide(grey, total, out=np.full(len(total), np.nan), where=total > 0)
    return share


# All speak of the target, or of the chart's market.
MEASURES: dict[str, Measure] = {
    "price": _market("price"),
    "cover_weeks": _market("cover_weeks"),
    "stopped_line_share": _market("stopped_line_share"),
    "china_share_true": _market("china_share_true"),
    "grey_value_share": _grey,
    "gdp_loss_share": _target("gdp_loss_share"),
    "output_loss": _target("output_loss"),
    "stopped_value_share": _target("stopped_value_share"),
    "stockpile_days": _target("stockpile_days"),
    "reputation_of_china": _target("reputation_of_china"),
    "score": _target("score"),
    "measure_weeks": _target("measure_weeks"),
}
ENDS = ("mean", "max", "last")


def _latest(measure: Measure) -> Callable[[Play], float]:
    def report(game: Play) -> float:
        assert game.account is not None
        return float(measure(game.setting, game.account)[0])

    return report


# Mesa's data collector shows these by week.
HEADLINES: dict[str, Callable[[Play], float]] = {
    "week": lambda game: game.week - 1,
    **{name: _latest(measure) for name, measure in MEASURES.items()},
}


STOPS = ("first_stop_week", "stopped_weeks")


def spans(
    columns: Mapping[str, Sequence[float] | Array], stop_felt: float
) -> dict[str, float | None]:
    """Mean, highest and last known value of each measure of one luck by week; None where none.

    And the week in which more than `stop_felt` (share) of the target's value at risk first stands
    still, None where it never does, with the weeks in which it does (`runs.stops`).
    """
    figures: dict[str, float | None] = {}
    for name in MEASURES:
        values = np.array(columns[name], dtype=float)
        known = values[np.isfinite(values)]
        ends = (known.mean(), known.max(), known[-1]) if len(known) else (None, None, None)
        for label, value in zip(ENDS, ends, strict=True):
            figures[f"{name}_{label}"] = None if value is None else float(value)
    begins, lasts = first_stop(columns["stopped_value_share"], stop_felt)
    return figures | {"first_stop_week": begins if lasts else None, "stopped_weeks": lasts}


def gauges(world: World, actor: str) -> dict[str, float]:
    """Supply, autonomy and standing of a zone or a firm over the game so far, each 0 to 1."""
    return outcome(world, actor)


def headline(game: Play) -> dict[str, Any]:
    """Peaks, means and last values of a run; null where nothing was measured."""
    if not game.week:
        return {"weeks": 0}
    columns = game.measured
    figures: dict[str, Any] = {
        "weeks": game.week,
        "target": game.plan.target,
        "material": game.plan.options["material"],
        "zone": game.plan.options["zone"],
    }
    figures |= spans(columns, game.setting.par.stop_felt)
    losses = add_up(game.recorder.array("zones", "gdp_loss_usd"), axis=-2)
    figures["gdp_loss_usd_total"] = float(losses[game.setting.target])
    figures["gauges"] = {actor: gauges(game.world, actor) for actor in game.plan.actors}
    figures["orders"] = sum(order["accepted"] for order in game.recorder.orders)
    figures["refusals"] = sum(not order["accepted"] for order in game.recorder.orders)
    return figures
