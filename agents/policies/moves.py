"""Moves that several states make alike; a page says when, how far and in which order.

Thresholds are judgement, kept as arguments where pages differ. A utility of the form
-loss - a·budget - b·leverage ± alignment (ODD 7.14) is met by rules of thumb: act where loss or
leverage is felt, stop where the budget or prices say so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.players import Luck, Turn
from agents.view import StateView
from world.levers import LEVERS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

CALM_PRICE, CRISIS_PRICE = 1.3, 1.5
BAN_FELT = 0.1  # breadth from which a ban counts as one
THREAT_FELT = 0.3
FALLEN_PRICE = 0.9
STOCK_STEP = 20.0  # days of use: more at once would drive the price that the state pays
BUDGET_LIMIT = 0.003  # of GDP, spent in all, at which a treasury stops new support


def stopped(view: StateView) -> Array:
    """Share of lines that stand still in the worst supplied material: the tail, not the mean."""
    return np.asarray(np.where(view.need_t > 0, view.stopped_share, 0.0).max(axis=-1))


def thinnest_cover(view: StateView) -> Array:
    """Weeks of cover in the worst supplied material."""
    return np.asarray(np.where(view.need_t > 0, view.cover_weeks, np.inf).min(axis=-1))


def is_banned(view: StateView) -> Flags:
    return np.asarray(view.ban_on(view.actor) > BAN_FELT)


def somebody_is_banned(view: StateView) -> Flags:
    return np.asarray(view.worst_ban > BAN_FELT)


def is_threatened(view: StateView) -> Flags:
    return np.asarray(view.public_threat >= THREAT_FELT)


def starved(view: StateView) -> Flags:
    """(R, M) materials whose price has fallen below the cost of the zone's own plants."""
    fallen = np.minimum(view.price, view.price_half_year) < FALLEN_PRICE
    return np.asarray((view.capacity_t > 0) & (view.price < view.cost) & fallen)


def own_excess(view: StateView) -> Array:
    """Imports from the coercer over normal ones, as a hub's own manifests show them."""
    return np.exp(view.anomaly.get(view.actor, np.zeros(np.shape(view.provocation))))


def punished(view: StateView) -> Array:
    """Firms of the own zone that are listed, and 1 more while the hub is punished as a whole."""
    none = np.zeros(np.shape(view.provocation))
    together = view.collective_weeks.get(view.actor, none) > 0
    return np.asarray(view.listed_firms.get(view.actor, none) + together)


def is_calm(view: StateView) -> Flags:
    """No ban on anybody, hardly any distrust, prices near their normal level."""
    near = np.abs(view.mean(view.price) - 1.0) < 0.15
    return np.asarray(~somebody_is_banned(view) & (view.distrust < 0.05) & near)


def treasury_open(view: StateView) -> Flags:
    return np.asarray(-view.budget_usd < BUDGET_LIMIT * view.gdp_usd[view.actor])


def release(turn: Turn, view: StateView, share: float, from_stopped: float = 0.02) -> None:
    """Opens the public stock when lines stop or cover runs out; shuts it when both are well."""
    halted, cover = stopped(view), thinnest_cover(view)
    short = (halted > from_stopped) | ((cover < 4.0) & (view.mean(view.fill) < 0.9))
    held = view.stock_days.max(axis=-1) > 0
    turn.set(
        "stockpile_release", share, short & held,
        "{:.0%} of lines stand still in the worst material, {:.1f} weeks of cover", halted, cover,
    )  # fmt: skip
    well = (halted < 0.25 * from_stopped) & (view.mean(view.fill) > 0.9)
    turn.set(
        "stockpile_release", 0, well,
        "lines run ({:.1%} stand still), orders are met to {:.0%}", halted, view.mean(view.fill),
    )  # fmt: skip


def refill(turn: Turn, view: StateView, days: float, most: int = 2) -> None:
    """Raises targets while markets are calm and stops buying in a crisis, which it would feed."""
    goal = view.own("stockpile_target_days")
    calm = (view.price < CALM_PRICE) & ~np.asarray(is_banned(view))[..., None]
    ready = view.stock_days > goal - 0.5 * STOCK_STEP  # the last step has been bought
    step = np.minimum(days, np.maximum(goal, view.stock_days) + STOCK_STEP)
    turn.set_most(
        "stockpile_target_days", step, calm & ready & (goal < days) & (view.need_t > 0),
        view.declared_share * view.weight,
        "{material} at {:.2f} of its price, {:.0%} from one source: time to fill up",
        view.price, view.declared_share, most=most,
    )  # fmt: skip
    kept = 10.0 * np.floor(view.stock_days / 10.0)
    dear = (view.price > CRISIS_PRICE) & (goal > kept + 10.0)
    turn.set_most(
        "stockpile_target_days", kept, dear, view.price * view.weight,
        "{material} at {:.2f} times its price: no purchases, {:.0f} days are held",
        view.price, view.stock_days, most=most,
    )  # fmt: skip


def protest(turn: Turn, view: StateView) -> None:
    """Protests while it is banned itself."""
    breadth = view.ban_on(view.actor)
    turn.set("protest", 1, is_banned(view), "a ban of breadth {:.2f} stands", breadth)
    turn.set("protest", 0, breadth <= 0, "no ban stands")


def concede(turn: Turn, view: StateView, draws: Luck, readiness: float) -> None:
    """The target gives in step by step, as a hazard that damage raises and a rally lowers."""
    if view.actor != view.target:
        return
    odds = readiness * view.concession_probability
    luck = draws.uniform(view.week, f"policy.{view.actor}", 1)[..., 0]
    step = np.minimum(2.0, view.own("concession") + 1.0)
    under_pressure = view.rung[view.actor] > 0
    turn.set(
        "concession", step, under_pressure & (luck < odds),
        "loss of {:.2%} of GDP, rally {:.2f}: odds of giving in {:.1%}",
        view.gdp_loss, view.rally, odds,
    )  # fmt: skip


def floor(turn: Turn, view: StateView, above_cost: float = 1.0, most: int = 1) -> None:
    """A floor where own plants cannot live on the price; it is not lowered, contracts run on."""
    level = above_cost * view.cost * view.usd_per_kg
    turn.set_most(
        "floor_usd_per_kg", level, starved(view) & (view.own("floor_usd_per_kg") < 0.98 * level),
        (view.cost - view.price) * view.capacity_t * view.usd_per_kg,
        "{material} at {:.2f}, own plants need {:.2f} of the base price and stand idle to {:.0%}",
        view.price, view.cost, view.idle_share, most=most,
    )  # fmt: skip


def support(
    turn: Turn, view: StateView, share: float, when: ArrayLike, why: str, *numbers: Array
) -> None:
    """Project support while there is a reason and the treasury is open; calm makes it forgotten."""
    spent = -view.budget_usd / view.gdp_usd[view.actor]
    wanted = np.asarray(when)
    turn.set("project_subsidy", share, wanted & treasury_open(view), why, *numbers)
    turn.set("project_subsidy", 0, ~treasury_open(view), "{:.2%} of GDP has been spent", spent)
    turn.set("project_subsidy", 0, is_calm(view) & ~wanted, "distrust of {:.2f}: it is forgotten",
             view.distrust)  # fmt: skip


def contract(turn: Turn, view: StateView, part: float, when: ArrayLike) -> None:
    """Offtake for the material that depends most on the coercer, a part of the own need."""
    need = np.minimum(LEVERS["offtake"].high, 52.0 * part * view.need_t)
    wanted = np.asarray(when)[..., None] & (view.declared_share > 0.6)
    turn.set_most(
        "offtake", need, wanted & (view.own("offtake") < 0.9 * need),
        view.declared_share * view.weight,
        "{:.0%} of {material} comes from one source: {:.0f} t a year are contracted outside",
        view.declared_share, need,
    )  # fmt: skip
