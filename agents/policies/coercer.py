"""How a coercer thinks: escalate, hold or ease, whoever it is. The personas differ in weights.

U = w1 leverage + w2 Pr(concession) - w3 lost margin - w4 distrust - w5 effort² - w6 loss of future
leverage - w7 answer (ODD 7.14), each term in units of its spread in base runs. The last one says
what domestic and foreign audiences hold against a coercer: a provocation left without an answer,
and a measure that nothing provoked.

Climbing, holding and loosening the grip on hubs is weighed so; the end of a measure is not, it is
a hazard that players move (`exits`).

What escalation means depends on where the pressure leaks. Firms ignore what their compliance does
to the dependence of their country, so threatening firms is cheap (Clayton, Maggiori & Schreger
2026): while a ban leaks through hubs the next step is against the hubs, otherwise up the ladder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.players import Luck, Turn, Wish
from agents.policies.choice import choose, persona, scales, utility
from agents.policies.exits import after_the_end, ends, monthly_hazard
from agents.policies.reactions import mind_customers
from agents.view import QUARTER, StateView
from world.laws.diplomacy import answered, grievance
from world.laws.output import concession_odds
from world.levers import ladder
from world.policy_terms import GRIP_LEVERS, grips, terms
from world.sums import one_by_one

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TERMS = terms("coercer")
GRIPS = grips()  # steps of the grip on third countries: clause, public threat, policing effort
BARRED = 1e3  # utility that no term comes near: an option that changes nothing is none
LOOSEN, HOLD, ESCALATE = 0, 1, 2
END = -1  # of the measure in force, not one of the options


@dataclass(frozen=True)
class Posture:
    """A step of the ladder towards the target and a step of the grip on third countries, (R,)."""

    rung: Array
    grip: Array

    def part(self, name: str) -> Array:
        """The setting of the ladder's step."""
        return np.array([step.settings[name] for step in ladder()])[self._step]

    @property
    def _step(self) -> NDArray[np.int64]:
        return np.asarray(self.rung, dtype=np.int64)

    @property
    def signal(self) -> Array:
        """Threat that firms read into the step, 0 to 1."""
        return np.array([step.signal for step in ladder()])[self._step]

    @property
    def cost(self) -> Array:
        """What the step costs the coercer, of its GDP a year."""
        return np.array([step.cost_coercer_share for step in ladder()])[self._step]

    def of_grip(self, column: int) -> Array:
        """The grip's setting of the lever in that place of `GRIP_LEVERS`."""
        return np.array([level[column] for level in GRIPS])[np.asarray(self.grip, dtype=np.int64)]

    @property
    def bans(self) -> Flags:
        """True where the step is a ban."""
        return self.part("ban_breadth") > 0

    def cut(self, duty: Array) -> Array:
        """Share of the trade with the target that is withheld, if licences cover `duty` of it."""
        refused = duty * (1.0 - self.part("licence_approval"))
        return np.asarray(1.0 - (1.0 - self.part("ban_breadth")) * (1.0 - refused))


class Coercer:
    """The common part of the coercer's personas; a page adds its name and its own habits."""

    name = "coercer"
    source = "ODD 7.14"
    traits: tuple[str, ...] = ("coercer",)

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        weights = self.weigh(view, persona(self.name))
        now = posture(view)
        options = (loosen(view, now, weights), now, escalate(view, now, weights))
        terms = [assess(view, option, now) for option in options]
        utilities = [
            utility(weights, term) - barred(option, now, place, weights)
            for place, (option, term) in enumerate(zip(options, terms, strict=True))
        ]
        luck = draws.uniform(view.week, f"policy.{view.actor}", 2)
        move = choose(utilities, view.parameters["choice_scale"], luck[..., 0])
        turn = Turn(view)
        hazard = monthly_hazard(view, now, weights)
        over = ends(hazard, luck[..., 1])
        move = np.where(over, END, move)
        rest = Posture(after_the_end(now.rung), np.zeros(np.shape(now.grip)))
        order(turn, view.target, rest, now, over, given_up(view, now, hazard, over))
        for place in (LOOSEN, ESCALATE):
            chosen = move == place
            why = reason(place, options[place], terms[place], terms[HOLD], weights, chosen)
            order(turn, view.target, options[place], now, chosen, why)
        mind_customers(turn, view)
        self.habits(turn, view, weights)
        return turn.wishes

    def weigh(self, view: StateView, weights: Mapping[str, float]) -> Mapping[str, Any]:
        """The weights of this week; a page may let what others say move them."""
        return weights

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """What a persona does besides; orders of the main choice stand first."""


def posture(view: StateView) -> Posture:
    """Where the coercer stands now; off the tables it is the highest step that is fully met."""
    clause, threat = view.own("third_country_clause"), view.own("threat")
    effort = view.own("enforcement")
    grip = np.zeros(np.shape(effort))
    for place, level in enumerate(GRIPS):
        met = (clause >= level[0]) & (threat >= level[1] - 1e-9) & (effort >= level[2] - 1e-9)
        grip = np.where(met, float(place), grip)
    return Posture(np.asarray(view.rung[view.target]), grip)


def standing_grievance(view: StateView) -> Array:
    """How much of a provocation stands: it fades with time and with the target's concession."""
    conceded = view.of(view.target, "concession") / 2.0
    return grievance(view.provocation, view.parameters["full_grievance"]) * (1.0 - conceded)


def leak(view: StateView) -> Array:
    """The largest anomaly of exports to a hub, log of flow over normal flow, at least 0."""
    hubs = [array for hub, array in view.anomaly.items() if hub != view.coercer]
    return np.maximum(0.0, np.max(hubs, axis=0)) if hubs else np.zeros(np.shape(view.provocation))


def escalate(view: StateView, now: Posture, weights: Mapping[str, float]) -> Posture:
    """Against leaky hubs while a ban leaks, else up the ladder, in longer strides when provoked."""
    tighten = now.bans & (leak(view) > weights["patience"]) & (now.grip < weights["highest_grip"])
    stride = 1.0 + np.rint((weights["stride"] - 1.0) * standing_grievance(view))
    rung = np.minimum(np.maximum(weights["ceiling"], now.rung), now.rung + stride)
    up = Posture(np.where(tighten, now.rung, rung), now.grip)
    announced = np.where(up.bans, np.maximum(now.grip, 1.0), now.grip)
    return Posture(up.rung, np.where(tighten, now.grip + 1.0, announced))


def loosen(view: StateView, now: Posture, weights: Mapping[str, float]) -> Posture:
    """The grip on hubs that no longer leak; without a ban nobody is left to pass goods on to."""
    calm = (now.grip > 1.0) & (leak(view) < TERMS.loosen_leak * weights["patience"])
    return Posture(now.rung, np.where(now.bans, now.grip - calm, 0.0))


def barred(option: Posture, now: Posture, place: int, weights: Mapping[str, float]) -> Array:
    """(R,) utility that a change costs in itself."""
    if place == HOLD:
        return np.zeros(np.shape(now.rung))
    same = (option.rung == now.rung) & (option.grip == now.grip)
    return np.where(same, BARRED, weights["inertia"])


def assess(view: StateView, option: Posture, now: Posture) -> dict[str, Array]:
    """The terms of U for a posture, costs with a minus, as this coercer can know them."""
    target, par = view.target, view.parameters
    # what is refused by material is refused under every posture
    duty = view.mean(view.own("licence_duty") * view.own("material_approval"))
    cut, cut_now = option.cut(duty), now.cut(duty)
    leaks = 1.0 - np.exp(-leak(view))
    # twice the effort, half the leak
    reach = cut * (1.0 - leaks * np.minimum(1.0, now.of_grip(2) / option.of_grip(2)))
    felt = reach - cut_now * (1.0 - leaks)
    stakes = view.leverage[target]
    abroad = (zone for zone in view.zones if zone not in (target, view.coercer))
    others = one_by_one(view.leverage[zone] for zone in abroad)
    distrust, spill = one_by_one(view.distrusts.values()), par["reputation_spill"]
    felt_soon = par["quarter_effect"] * view.stakes[target] * felt
    odds = concession_odds(
        100.0 * np.maximum(0.0, view.losses[target] + felt_soon),
        view.stock_lost[target] + QUARTER * felt, view.rallies[target], par["concession_base"],
        par["concession_loss"], par["concession_stock"], par["concession_rally"],
    )  # fmt: skip
    aggrieved = standing_grievance(view)
    answer = answered(option.signal, par["answer_signal"])
    sales = view.exports_usd[target] / view.gdp_usd[view.coercer]
    taught = np.minimum(1.0, TERMS.taught_weeks * par["reputation_up"] * cut)
    taught = taught * (1.0 - view.distrusts[target])
    return {
        # stocks that run down within a quarter make the stop bite sooner
        "leverage": stakes * np.exp(QUARTER / par["bridge_weeks"] * reach) + others,
        "concession": aggrieved * odds,
        "margin": -(option.cost + par["export_margin"] * cut * sales),
        # whom the clause binds learns too
        "distrust": -(distrust + taught * (1.0 + spill * option.of_grip(0))),
        "effort": -(option.of_grip(2) ** 2),
        # distrust and shortage both grow with the cut, and together they move buyers away
        "future": -(cut**2) * (stakes + spill * others),
        "answer": -(aggrieved * (1.0 - answer) + (1.0 - aggrieved) * answer),
    }


def order(turn: Turn, target: str, option: Posture, now: Posture, chosen: Flags, why: str) -> None:
    """The orders that bring a posture about; what the change does not touch stays as it is."""
    turn.set(f"rung.{target}", option.rung, chosen & (option.rung != now.rung), why)
    for column, lever in enumerate(GRIP_LEVERS):
        turn.set(lever, option.of_grip(column), chosen & (option.grip != now.grip), why)


def given_up(view: StateView, now: Posture, hazard: Array, over: Flags) -> str:
    """Why the first luck in which it ends gives the measure up."""
    if not np.any(over):
        return ""
    first = int(np.argmax(over))

    def at(value: Array) -> float:
        return float(np.broadcast_to(value, np.shape(over)).ravel()[first])

    conceded = ", the target has given in" if at(view.of(view.target, "concession")) > 0 else ""
    return (
        f"ends: step {int(at(now.rung))} ({ladder()[int(at(now.rung))].name}) is given up; "
        f"the chance was {at(hazard):.1%} a month{conceded}"
    )


def reason(
    place: int,
    option: Posture,
    terms: Mapping[str, Array],
    held: Mapping[str, Array],
    weights: Mapping[str, float],
    chosen: Flags,
) -> str:
    """What the first luck that moves does, and the term that speaks loudest for it."""
    if not np.any(chosen):
        return ""
    first = int(np.argmax(chosen))

    def at(value: Array) -> float:
        return float(np.broadcast_to(value, np.shape(chosen)).ravel()[first])

    gain = {
        term: at(weights.get(term, 0.0) * (terms[term] - held[term]) / scales()[term])
        for term in terms
    }
    best = max(gain, key=lambda term: gain[term])
    step = int(at(option.rung))
    verb = "escalates" if place == ESCALATE else "loosens"
    return (
        f"{verb}: step {step} ({ladder()[step].name}), grip {int(at(option.grip))}; "
        f"{best} speaks for it with {gain[best]:+.2f}, all terms {math.fsum(gain.values()):+.2f}"
    )
