"""Moves that several states make alike; a page says when, how far and in which order.

Thresholds that all share are the rows `moves` of `world/data/policy_terms.csv`, arguments where
pages differ. A utility of the form -loss - a·budget - b·leverage ± alignment (ODD 7.14) is met by
rules of thumb: act where loss or leverage is felt, stop where the budget or prices say so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.players import Luck, Turn
from agents.view import StateView
from world.levers import LEVERS
from world.policy_terms import terms

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOVES = terms("moves")


def stopped(view: StateView) -> Array:
    """Share of the zone's value at risk in lines that stand still, a mean of about four weeks.

    By value and smoothed, so that no single firm and no single material moves a state.
    """
    return view.at_risk(view.halted_share)


def unmet(view: StateView) -> Array:
    """Share of orders that is not met, by the value of purchases."""
    return np.asarray(1.0 - view.mean(view.fill))


def is_banned(view: StateView) -> Flags:
    """The own zone stands under a ban that is worth the name."""
    return np.asarray(view.ban_on(view.actor) > MOVES.ban_felt)


def somebody_is_banned(view: StateView) -> Flags:
    """Any zone does."""
    return np.asarray(view.worst_ban > MOVES.ban_felt)


def is_threatened(view: StateView) -> Flags:
    """Third countries are threatened in public, and the clause that binds them stands."""
    return np.asarray(view.public_threat >= MOVES.threat_felt)


def starved(view: StateView) -> Flags:
    """(R, M) materials whose price has fallen below the cost of the zone's own plants."""
    fallen = np.minimum(view.price, view.price_half_year) < MOVES.fallen_price
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
    near = np.abs(view.mean(view.price) - 1.0) < MOVES.calm_distance
    return np.asarray(~somebody_is_banned(view) & (view.distrust < MOVES.calm_distrust) & near)


def treasury_open(view: StateView) -> Flags:
    """True while less has been spent in all than a treasury lets pass."""
    return np.asarray(-view.budget_usd < MOVES.budget_limit * view.gdp_usd[view.actor])


def release(
    turn: Turn,
    view: StateView,
    share: float,
    from_stopped: float = MOVES.stopped_lines,
    from_unmet: float = MOVES.orders_unmet,
) -> None:
    """Opens the public stock when lines stop or orders are not met; shuts it when both are well.

    `share` of the stock is offered a quarter, from `from_stopped` (share of value) of lines on, or
    from `from_unmet` of the orders, which count what firms order to hoard, too.
    Who has little cover draws on it, material by material; the others leave it alone.
    """
    halted, missing = stopped(view), unmet(view)
    short = (halted > from_stopped) | (missing > from_unmet)
    held = view.stock_days.max(axis=-1) > 0
    turn.set(
        "stockpile_release", share, short & held,
        "{:.1%} of the value at risk stands still, {:.0%} of orders are not met", halted, missing,
    )  # fmt: skip
    met = view.mean(view.fill) > MOVES.orders_met
    well = (halted < MOVES.running_again * from_stopped) & met
    turn.set(
        "stockpile_release", 0, well,
        "lines run ({:.1%} stand still), orders are met to {:.0%}", halted, view.mean(view.fill),
    )  # fmt: skip


def refill(turn: Turn, view: StateView, days: float) -> None:
    """Raises targets to `days` of use while markets are calm; stops buying in a crisis, which it
    would feed."""
    most, step = int(MOVES.stocks_at_once), MOVES.stock_step
    goal = view.own("stockpile_target_days")
    calm = (view.price < MOVES.calm_price) & ~np.asarray(is_banned(view))[..., None]
    ready = view.stock_days > goal - MOVES.step_bought * step  # the last step has been bought
    higher = np.minimum(days, np.maximum(goal, view.stock_days) + step)
    turn.set_most(
        "stockpile_target_days", higher, calm & ready & (goal < days) & (view.need_t > 0),
        view.declared_share * view.weight,
        "{material} at {:.2f} of its price, {:.0%} from one source: time to fill up",
        view.price, view.declared_share, most=most,
    )  # fmt: skip
    kept = MOVES.stock_round * np.floor(view.stock_days / MOVES.stock_round)
    dear = (view.price > MOVES.crisis_price) & (goal > kept + MOVES.stock_round)
    turn.set_most(
        "stockpile_target_days", kept, dear, view.price * view.weight,
        "{material} at {:.2f} times its price: no purchases, {:.0f} days are held",
        view.price, view.stock_days, most=most,
    )  # fmt: skip


def cover_firms(turn: Turn, view: StateView, share: float) -> None:
    """Makes good `share` of what own firms risk by serving a partner that is banned, while the
    clause is threatened with; ends it when no ban stands."""
    threat, ban = view.public_threat, view.worst_ban
    others = somebody_is_banned(view) & ~is_banned(view) & is_threatened(view)
    why = "firms are told with {:.1f} not to serve a partner under a ban of breadth {:.2f}"
    turn.set("customer_cover", share, others, why, threat, ban)
    turn.set("customer_cover", 0, ban <= 0, "no ban stands")


def protest(turn: Turn, view: StateView) -> None:
    """Protests while it is banned itself."""
    breadth = view.ban_on(view.actor)
    turn.set("protest", 1, is_banned(view), "a ban of breadth {:.2f} stands", breadth)
    turn.set("protest", 0, breadth <= 0, "no ban stands")


def relax(turn: Turn, view: StateView, stance: float) -> None:
    """Comes back to a calm stance once no ban stands on anybody."""
    leans = view.own("stance") > stance
    turn.set("stance", stance, (view.worst_ban <= 0) & leans, "no ban stands")


def concede(turn: Turn, view: StateView, draws: Luck, readiness: float) -> None:
    """The target gives in step by step, as a hazard that damage raises and a rally lowers.

    `readiness` scales the odds that the view gives.
    """
    if view.actor != view.target:
        return
    odds = readiness * view.concession_probability
    luck = draws.uniform(view.week, f"policy.{view.actor}", 1)[..., 0]
    under_pressure = view.rung[view.actor] > 0
    turn.set(
        "concession", view.own("concession") + 1.0, under_pressure & (luck < odds),
        "loss of {:.2%} of GDP, rally {:.2f}: odds of giving in {:.1%}",
        view.gdp_loss, view.rally, odds,
    )  # fmt: skip


def floor(turn: Turn, view: StateView, above_cost: float = 1.0) -> None:
    """A floor where own plants cannot live on the price; it is not lowered, contracts run on.

    `above_cost` is the floor over their full cost; the most pressing material comes first.
    """
    level = above_cost * view.cost * view.usd_per_kg
    lower = view.own("floor_usd_per_kg") < MOVES.floor_near * level
    turn.set_most(
        "floor_usd_per_kg", level, starved(view) & lower,
        (view.cost - view.price) * view.capacity_t * view.usd_per_kg,
        "{material} at {:.2f}, own plants need {:.2f} of the base price and stand idle to {:.0%}",
        view.price, view.cost, view.idle_share,
    )  # fmt: skip


def support(
    turn: Turn, view: StateView, share: float, when: ArrayLike, why: str, *numbers: Array
) -> None:
    """Project support while there is a reason and the treasury is open; calm makes it forgotten.

    `share` of cost, `when` (R,) flags, `numbers` (R,) fill the braces of `why`.
    """
    spent = -view.budget_usd / view.gdp_usd[view.actor]
    wanted = np.asarray(when)
    turn.set("project_subsidy", share, wanted & treasury_open(view), why, *numbers)
    turn.set("project_subsidy", 0, ~treasury_open(view), "{:.2%} of GDP has been spent", spent)
    turn.set("project_subsidy", 0, is_calm(view) & ~wanted, "distrust of {:.2f}: it is forgotten",
             view.distrust)  # fmt: skip


def contract(turn: Turn, view: StateView, part: float, when: ArrayLike) -> None:
    """Offtake for the material that depends most on the coercer, a part of the own need."""
    need = np.minimum(LEVERS["offtake"].high, 52.0 * part * view.need_t)
    wanted = np.asarray(when)[..., None] & (view.declared_share > MOVES.contract_dependence)
    turn.set_most(
        "offtake", need, wanted & (view.own("offtake") < MOVES.contract_near * need),
        view.declared_share * view.weight,
        "{:.0%} of {material} comes from one source: {:.0f} t a year are contracted outside",
        view.declared_share, need,
    )  # fmt: skip
