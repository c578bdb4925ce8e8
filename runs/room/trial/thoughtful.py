"""A thoughtful player for every seat: a page of rules that a reader of its card could follow.

It looks at its own picture only, moves in steps once a quarter and minds all three gauges: keep
lines running without spending blindly, take some dependence away early and cheaply, and stand well
with both sides. The numbers are a careful amateur's, not a search's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.firm_view import FirmView
from agents.players import Luck, Wish
from agents.players import Turn as Wishes
from agents.policies.moves import is_banned, stopped
from agents.view import StateView
from runs.room.trial.players import Player
from world.levers import LADDER

Array = NDArray[np.float64]

MANY = 99  # orders in a turn: people are not limited as a cabinet is


class Thoughtful(Player):
    name = "thoughtful"

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        if isinstance(view, FirmView):
            return _refiner(view) if view.products else _firm(view)
        if view.actor == view.coercer:
            return _coercer(view)
        return _state(view)


# --- states ---------------------------------------------------------------------------------------

STOCK_DAYS, STOCK_STEP = 120.0, 30.0
CALM, DEAR = 1.3, 2.0
CONTRACTED = 0.3  # of the own need, by industries that can carry a contract's price
STAKE, TRIFLE = 0.3, 1e-4  # of the own need by capital, as long as it costs so much of GDP at most


def _state(view: StateView) -> list[Wish]:
    """Fills stores while it is cheap, opens them when lines stop, contracts elsewhere, balances."""
    turn = Wishes(view, most=MANY)
    share, halted = view.declared_share, stopped(view)
    uses = (view.need_t > 0) & (share > 0.4)
    goal = view.own("stockpile_target_days")
    calm = (view.price < CALM) & ~is_banned(view)[..., None]  # in a crisis it would feed it
    fill = uses & calm & (goal < STOCK_DAYS)
    _by_material(turn, view, "stockpile_target_days", goal + STOCK_STEP, fill, STOCK_DAYS)
    dear = ((view.price > DEAR) | is_banned(view)[..., None]) & (goal > view.stock_days + 1.0)
    _by_material(turn, view, "stockpile_target_days", np.floor(view.stock_days), dear, 360.0)
    held = view.stock_days.max(axis=-1) > 0
    turn.set("stockpile_release", 0.25, (halted > 0.01) & held, "lines stand still")
    turn.set("stockpile_release", 0.0, halted < 0.002, "lines run")
    rich = view.gdp_usd[view.actor] > 1e12
    need = 50.0 * np.round(52.0 * CONTRACTED * view.need_t / 50.0)
    want = uses & rich[..., None] & (need > view.own("offtake")) & (share * view.weight > 0.01)
    _by_material(turn, view, "offtake", need, want, 20000.0)
    _stakes(turn, view, uses)
    turn.set("diversification_credit", 0.2, view.mean(share) > 0.5, "much comes from one source")
    turn.set("recycling_support", 0.5, True, "what is used at home comes back")
    turn.set("forge_member", 1.0, True, "allies stand together")
    _balance(turn, view)
    return turn.wishes


def _stakes(turn: Wishes, view: StateView, uses: Any) -> None:
    """Buys into plants elsewhere, dearest dependence first, where all of it is a trifle."""
    tonnes = 50.0 * np.round(52.0 * STAKE * view.need_t / 50.0)
    usd = view.parameters["equity_years"] * 1000.0 * view.usd_per_kg * view.price * tonnes
    trifle = usd.sum(axis=-1) < TRIFLE * view.gdp_usd[view.actor]
    want = uses & trifle[..., None] & (tonnes > view.own("equity_offtake"))
    _by_material(turn, view, "equity_offtake", tonnes, want, 20000.0)


def _by_material(
    turn: Wishes, view: StateView, lever: str, value: Any, when: Any, most: float
) -> None:
    goal = np.broadcast_to(np.minimum(value, most), np.shape(when))
    for m, material in enumerate(view.materials):
        turn.set(f"{lever}.{material}", goal[..., m], when[..., m], material)


def _balance(turn: Wishes, view: StateView) -> None:
    """Leans to the side that thinks less of it: help for the coercer's customs, then words."""
    gap = view.alliance_approval - view.coercer_approval
    help_ = view.own("hub_policing")
    hub = np.isin(view.actor, view.hubs)
    most = 0.3 if hub else 0.6  # a hub lives on what passes through
    turn.set("hub_policing", np.minimum(most, help_ + 0.2), gap > 0.05, "customs help a little")
    turn.set("hub_policing", np.maximum(0.1, help_ - 0.2), gap < -0.1, "allies look askance")
    stance = np.clip(view.own("stance") - gap / 0.6, -0.5, 0.5)
    turn.set("stance", np.round(stance, 1), np.abs(gap) > 0.15, "in the middle between both")


# --- the coercer ----------------------------------------------------------------------------------

FORGOTTEN = 1 / 6  # provocation below which an answer costs more opinion than it wins
SIDES = 0.5  # stance from which a third country has taken the other side


def _coercer(view: StateView) -> list[Wish]:
    """Answers a provocation at once and in proportion, eases as it is forgotten, and serves those
    who keep out of it without delay: their trust is worth more than a hold on them."""
    turn = Wishes(view, most=MANY)
    heat = view.provocation
    step = np.select([heat > 0.25, heat > FORGOTTEN], [6.0, 3.0], 0.0)
    conceded = view.of(view.target, "concession")
    step = np.maximum(0.0, step - 3.0 * conceded)
    turn.set(f"{LADDER}.{view.target}", step, step != view.rung[view.target], "as is due")
    dependent = view.worst_ban > 0
    turn.set("third_country_clause", 1.0, dependent, "no way round")
    turn.set("third_country_clause", 0.0, ~dependent, "nothing to go round")
    for zone in view.zones:
        if zone not in (view.coercer, view.target):
            apart = view.of(zone, "stance") < SIDES
            turn.set(f"general_licence.{zone}", np.where(apart, 1.0, 0.0), True, "who keeps out")
    return turn.wishes


# --- firms ----------------------------------------------------------------------------------------


def _firm(view: FirmView) -> list[Wish]:
    """Other suppliers step by step while orders are met, twice the usual stock, clean hands."""
    turn = _firm_wishes(view)
    return [
        *turn,
        Wish("coercer_share_cap", _step_down(view, "coercer_share_cap", 0.3), "a second source"),
        Wish("cover_factor", np.where(view.price.mean(axis=-1) < DEAR, 2.0, np.nan), "a reserve"),
    ]


def _refiner(view: FirmView) -> list[Wish]:
    """Other feed as far as there is any, plants kept busy; feed in store earns nothing."""
    lowest = 0.2 if view.zone == view.target else 0.7
    return [
        *_firm_wishes(view),
        Wish("coercer_feed_cap", _step_down(view, "coercer_feed_cap", lowest), "other ore"),
        Wish("run_rate", np.full_like(view.fill, 1.05), "customers first"),
    ]


def _firm_wishes(view: FirmView) -> list[Wish]:
    """What concerns its name: nothing grey, no evasion."""
    wishes = []
    if "grey_appetite" in view.regime:
        wishes.append(Wish("grey_appetite", 0.0, "clean hands"))
    if "licence_terms" in view.regime:
        wishes.append(Wish("licence_terms", 0.0, "within the terms"))
    return wishes


def _step_down(view: FirmView, lever: str, lowest: float) -> Array:
    """A fifth less each quarter while the firm gets what it orders and its line runs."""
    held = view.own(lever)
    fine = (view.fill > 0.7) & (view.line_rate > 0.6 * np.ones_like(held))
    step = np.where(fine, np.maximum(lowest, held - 0.2), np.minimum(1.0, held + 0.1))
    return np.asarray(np.round(step, 2))
