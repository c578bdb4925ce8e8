"""How a state answers when the quarrel comes to its own door, or a neighbour leaves the middle.

A habit of all pages, on the rows `reactions` of `world/data/policy_terms.csv`. What moves a state
is what others do to it and how it stands with both sides. Nothing here happens while nobody but
the coercer's target is banned and third countries keep their distance to both sides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.players import Turn
from agents.policies.moves import MOVES
from agents.view import StateView
from world.policy_terms import terms

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TERMS = terms("reactions")


def pressed(view: StateView, zone: str) -> Flags:
    """A zone that is no party to the quarrel stands under a ban or has firms on the list."""
    if zone == view.coercer or zone in parties(view):
        return np.zeros(np.shape(view.provocation), dtype=bool)
    listed = view.of(view.coercer, f"listing.{zone}")
    return np.asarray((view.ban_on(zone) > MOVES.ban_felt) | (listed > TERMS.listing_felt))


def third(view: StateView) -> list[str]:
    """Zones that are neither the coercer nor a party to its quarrel."""
    return [zone for zone in view.zones if zone != view.coercer and zone not in parties(view)]


def parties(view: StateView) -> tuple[str, ...]:
    """With whom the coercer has its quarrel: its target and those that its dated acts aim at."""
    return (view.target, *view.parties)


def react(turn: Turn, view: StateView) -> None:
    """A state of the alliance or between the sides: its own answer, then that to neighbours."""
    retaliate(turn, view)
    prepare(turn, view)
    watch(turn, view)


def retaliate(turn: Turn, view: StateView) -> None:
    """Who is hit protests in words; who has no friend in the coercer to wait for, in money too."""
    hit, breadth = pressed(view, view.actor), view.ban_on(view.actor)
    shock = "a ban of breadth {:.2f} on itself, which is no party to the quarrel"
    turn.settle("protest", 1, hit, shock, breadth)
    turn.settle("joint_statement", 1, hit | _speaks(view), shock, breadth)
    waits = view.coercer_approval > TERMS.waits
    turn.settle("tariff_on_coercer", TERMS.tariff, hit & ~waits, shock, breadth)
    over = (breadth <= 0) & (view.actor not in parties(view))
    turn.set("protest", 0, over, "no ban on itself")
    ours = view.own("tariff_on_coercer") == TERMS.tariff
    turn.set("tariff_on_coercer", 0, ours & over, "no ban on itself")


def prepare(turn: Turn, view: StateView) -> None:
    """Who is hit, and allies of whoever is, join the floor, build and fill their stores faster."""
    alarm = pressed(view, view.actor) | _speaks(view)
    if not alarm.any():
        return
    shock = "states that are no party to the quarrel are banned: who is next"
    turn.settle("forge_member", 1, alarm, shock)
    more = np.maximum(TERMS.support, view.own("project_subsidy"))
    turn.settle("project_subsidy", more, alarm, shock)
    goal = view.own("stockpile_target_days")
    higher = np.minimum(TERMS.stock_days, np.maximum(goal, view.stock_days) + TERMS.stock_step)
    dear = view.price >= MOVES.crisis_price
    turn.set_most(
        "stockpile_target_days", higher,
        alarm[..., None] & ~dear & (goal < TERMS.stock_days) & (view.need_t > 0),
        view.declared_share * view.weight, "{material}: {:.0%} from one source, who is next",
        view.declared_share, most=int(TERMS.materials_at_once),
    )  # fmt: skip


def _speaks(view: StateView) -> Flags:
    """Another state outside the quarrel is hit that the allies think well of, and so are we."""
    others = [zone for zone in third(view) if zone != view.actor]
    hit = np.zeros(np.shape(view.provocation), dtype=bool)
    for zone in others:
        hit = hit | (pressed(view, zone) & (view.allied_trust[zone] >= TERMS.friend))
    return np.asarray(hit & (view.alliance_approval >= TERMS.with_allies))


def watch(turn: Turn, view: StateView) -> None:
    """Allies court a third country that drifts to the coercer; from one that has gone, their orders
    move away."""
    if view.actor in parties(view):
        return
    trust = [view.allied_trust[zone] for zone in third(view) if zone != view.actor]
    least = np.min(trust, axis=0) if trust else np.ones(np.shape(view.provocation))
    ally = view.alliance_approval >= TERMS.with_allies
    drifts = ally & (least < TERMS.courted) & (least >= TERMS.gone)
    why = "a third country stands with the allies at {:.2f}"
    turn.set("vault_restraint", TERMS.restraint, drifts, why + ": room for its purchases", least)
    turn.set("partner_terms", TERMS.partner_terms, ally & (least < TERMS.gone), why, least)
    for lever, dose, needless in (
        ("vault_restraint", TERMS.restraint, ~drifts),
        ("partner_terms", TERMS.partner_terms, least >= TERMS.courted),
    ):
        turn.set(lever, 0, needless & (view.own(lever) == dose), why, least)


# --- the coercer ----------------------------------------------------------------------------------


def mind_customers(turn: Turn, view: StateView) -> None:
    """Gives up bans on large customers outside its quarrel once too few others trust it as a
    supplier: it sells to them."""
    lost = view.alliance_approval < TERMS.customers_lost
    why = "approval of {:.2f} among its customers"
    for zone in largest_customers(view):
        held = np.maximum(view.ban_on(zone), view.of(view.coercer, f"listing.{zone}"))
        for lever in ("ban_breadth", "listing"):
            turn.settle(f"{lever}.{zone}", 0, lost & (held > 0), why, view.alliance_approval)


def largest_customers(view: StateView) -> list[str]:
    """The few that buy most of what it sells, of those outside the quarrel."""
    whole = {zone: float(np.ravel(view.exports_usd[zone])[0]) for zone in third(view)}
    return sorted(whole, key=lambda zone: -whole[zone])[: int(TERMS.customers)]


def court(turn: Turn, view: StateView, red_line: float) -> None:
    """Woos a third country that leans to the allies and has not crossed the red line."""
    banned = np.asarray(view.ban_on(view.target)) > 0
    for zone in third(view):
        lean, signs = view.of(zone, "stance"), view.of(zone, "joint_statement")
        wooed = banned & (lean >= TERMS.court_from) & (lean < red_line) & (signs <= 0)
        wooed = wooed & ~pressed(view, zone)
        lever = f"general_licence.{zone}"
        why = zone + " leans {:.1f} to the allies: licences without review"
        turn.settle(lever, TERMS.favour, wooed, why, lean)
        held = view.own(lever) == TERMS.favour
        turn.set(lever, 0, ~wooed & held, zone + " leans {:.1f}: the favour ends", lean)

