"""The few figures that a run is summed up with, per week and over all weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.outcome import outcome

if TYPE_CHECKING:
    from runs.game import Game
    from world.state import World


def _market(game: Game, column: str) -> float:
    """A column of the market that the scenario's charts show first, in the latest week."""
    setting = game.setting
    material = setting.material_index[game.plan.options["material"]]
    zone = setting.zone_index[game.plan.options["zone"]]
    assert game.account is not None
    return float(game.account.markets[column][0, material * setting.Z + zone])


def _target(game: Game, column: str) -> float:
    assert game.account is not None
    return float(game.account.zones[column][0, game.setting.target])


def _grey(game: Game) -> float:
    """Tonnes that arrive in the target through hubs, all materials of the base value weighted."""
    setting = game.setting
    assert game.account is not None
    zone = slice(setting.target, None, setting.Z)
    worth = setting.market_price_usd[zone]
    grey = game.account.markets["from_grey_t"][0, zone] * worth
    total = game.account.markets["delivered_t"][0, zone] * worth
    return float(grey.sum() / total.sum()) if total.sum() > 0 else float("nan")


# Mesa's data collector shows these by week; all speak of the target, or of the chart's market.
HEADLINES: dict[str, Callable[[Game], float]] = {
    "week": lambda game: game.week - 1,
    "price": lambda game: _market(game, "price"),
    "cover_weeks": lambda game: _market(game, "cover_weeks"),
    "stopped_line_share": lambda game: _market(game, "stopped_line_share"),
    "china_share_true": lambda game: _market(game, "china_share_true"),
    "grey_value_share": _grey,
    "gdp_loss_share": lambda game: _target(game, "gdp_loss_share"),
    "output_loss": lambda game: _target(game, "output_loss"),
    "stockpile_days": lambda game: _target(game, "stockpile_days"),
    "reputation_of_china": lambda game: _target(game, "reputation_of_china"),
    "score": lambda game: _target(game, "score"),
}


def gauges(world: World, actor: str) -> dict[str, float]:
    """Supply, autonomy and standing of a zone or a firm over the game so far, each 0 to 1."""
    return outcome(world, actor)


def headline(game: Game) -> dict[str, Any]:
    """Peaks, means and last values of a run; null where nothing was measured."""
    if not game.week:
        return {"weeks": 0}
    columns = game.datacollector.model_vars
    figures: dict[str, Any] = {
        "weeks": game.week,
        "target": game.plan.target,
        "material": game.plan.options["material"],
        "zone": game.plan.options["zone"],
    }
    for name in HEADLINES:
        if name == "week":
            continue
        values = np.array(columns[name], dtype=float)
        known = values[np.isfinite(values)]
        ends = (known.mean(), known.max(), known[-1]) if len(known) else (None, None, None)
        for label, value in zip(("mean", "max", "last"), ends, strict=True):
            figures[f"{name}_{label}"] = None if value is None else float(value)
    losses = game.recorder.array("zones", "gdp_loss_usd").sum(axis=0)
    figures["gdp_loss_usd_total"] = float(losses[game.setting.target])
    figures["gauges"] = {actor: gauges(game.world, actor) for actor in game.plan.actors}
    figures["orders"] = sum(order["accepted"] for order in game.recorder.orders)
    figures["refusals"] = sum(not order["accepted"] for order in game.recorder.orders)
    return figures
