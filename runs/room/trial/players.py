"""Scripted players for trials: they sit in a seat like a person, with the same levers.

They are asked once a quarter, see what their seat sees (`StateView`, `FirmView`) and order what
its table of levers allows. None of them is tuned on the lucks by which the game is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.players import Luck, Wish
from runs.room.state import QUARTER
from world.decisions import Order, check_order
from world.levers import LADDER, Lever, full_name, indices, levers_of
from world.scenario import Scenario

Array = NDArray[np.float64]

TRIES = 4  # levers that the random player moves in a quarter, in the mean


class Player:
    """A seat's player for the room: asked at the start of every quarter."""

    name = "player"
    source = "trials of the room"

    def __init__(self, plan: Scenario, seat: str) -> None:
        self.plan, self.seat = plan, seat
        self.traits = ("any seat", *(("coercer",) if seat == plan.coercer else ()))

    def is_due(self, week: int) -> bool:
        return week % QUARTER == 0

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        return []


class DoNothing(Player):
    """Submits every turn without an order."""

    name = "do nothing"


class Random(Player):
    """Some levers each quarter, each at a random value of its range."""

    name = "random"

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        rows = options(self.plan, self.seat)
        luck = draws.uniform(view.week, f"trial.random.{self.seat}", 2 * len(rows))
        wishes = []
        for n, (full, lever) in enumerate(rows):
            moved = luck[:, 2 * n] < TRIES / len(rows)
            value = _on_grid(lever, lever.low + luck[:, 2 * n + 1] * (lever.high - lever.low))
            allowed = np.array([_allowed(self.plan, self.seat, full, v) for v in value])
            wishes.append(Wish(full, np.where(moved & allowed, value, np.nan), "a random order"))
        return wishes


class Constant(Player):
    """The same orders every quarter, from the first on."""

    def __init__(self, plan: Scenario, seat: str, name: str, orders: dict[str, float]) -> None:
        super().__init__(plan, seat)
        self.name, self.orders = name, orders

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        return [Wish(full, value, "as ever") for full, value in self.orders.items()]


class CopyLast(Player):
    """Does what was done last: a state copies another's public levers, the coercer answers the
    target in kind, and a firm, which sees nobody's orders, swings to and fro."""

    name = "copy last"

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        plan, seat = self.plan, self.seat
        if seat in plan.firms:
            step = 0.5 if (view.week // QUARTER) % 2 == 0 else 0.0
            return [
                Wish(name, _on_grid(row, row.low + step * (row.high - row.low)), "once more")
                for name, row in options(plan, seat)
                if not row.whole
            ]
        if seat == plan.coercer:
            taken = view.of(plan.target, "tariff_on_coercer") + view.of(plan.target, "protest")
            hurt = view.losses[seat] > 0
            step = np.clip(np.rint(3.0 * taken + 3.0 * hurt), 0, 9)
            return [Wish(f"{LADDER}.{plan.target}", step, "an eye for an eye")]
        model = "USA" if seat != "USA" else "EUU"
        public = [n for n, row in options(plan, seat) if "." not in n and _public(row)]
        return [Wish(name, view.of(model, name), f"as {model} does") for name in public]


def _public(lever: Lever) -> bool:
    return not lever.index and lever.name != "hub_policing" and lever.actors == "state"


class Defect(Player):
    """Takes what others pay for and keeps no side: fills its own stores first, polices nothing."""

    name = "always defect"

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        plan, seat = self.plan, self.seat
        if seat == plan.coercer:
            orders = {f"{LADDER}.{plan.target}": 9.0, "third_country_clause": 1.0, "threat": 1.0,
                      "enforcement": 8.0, "collective_punishment": 1.0}  # fmt: skip
        elif seat in plan.firms:
            orders = {"cover_factor": 3.0, "grey_appetite": 5.0, "heed_threat": 0.0,
                      "licence_terms": 2.0}  # fmt: skip
        else:
            orders = {"stockpile_target_days": 360.0, "hub_policing": 0.0, "origin_tracing": 0.0,
                      "stance": 0.0, "forge_member": 0.0, "joint_statement": 0.0}  # fmt: skip
        return [
            Wish(full, value, "every man for himself")
            for full, value in orders.items()
            if _allowed(plan, seat, full, value)
        ]


def options(plan: Scenario, seat: str) -> list[tuple[str, Lever]]:
    """Single settings that a seat may order, by full name; of the ladder the target's only."""
    rows = []
    for lever in levers_of(plan, seat).values():
        places: tuple[str, ...] = indices(plan, lever) if lever.index else ("",)
        if lever.name == LADDER:
            places = (plan.target,)
        rows += [(full_name(lever.name, place), lever) for place in places]
    return rows


def extremes(plan: Scenario, seat: str) -> dict[str, dict[str, float]]:
    """Constant players by name: each lever alone at either end of its range, and all at once."""
    found: dict[str, dict[str, float]] = {}
    for name, end in (("lowest", "low"), ("highest", "high")):
        together = {}
        for lever in levers_of(plan, seat).values():
            full = f"{LADDER}.{plan.target}" if lever.name == LADDER else lever.name
            value = float(getattr(lever, end))
            if not _allowed(plan, seat, full, value):
                continue
            if value != lever.default:
                found[f"{full} {name}"] = {full: value}
            if lever.name != LADDER:  # its settings are levers of their own
                together[full] = value
        found[f"all {name}"] = together
    return found


def _allowed(plan: Scenario, seat: str, full: str, value: float) -> bool:
    return check_order(Order(0, seat, full, float(value)), plan, 0) is None


def _on_grid(lever: Lever, value: Any) -> Any:
    """The value on the step that a slider of the form has."""
    steps = np.rint((np.asarray(value, dtype=float) - lever.low) / lever.step)
    return np.minimum(lever.high, np.round(lever.low + steps * lever.step, 6))


def players(plan: Scenario, seat: str) -> dict[str, Player]:
    """Everybody who may be tried in a seat, by name, without constant players."""
    from runs.room.trial.thoughtful import Thoughtful

    kinds: tuple[Callable[[Scenario, str], Player], ...] = (
        Thoughtful, DoNothing, Random, CopyLast, Defect,
    )  # fmt: skip
    made = [kind(plan, seat) for kind in kinds]
    return {player.name: player for player in made}
