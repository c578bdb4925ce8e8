"""Is every turn worth taking? One table of claims about the balance of play, pass or fail a line.

    python -m runs.room.trial.balance                        all of it, about ten minutes
    python -m runs.room.trial.balance --only thought purse   some claims
    python -m runs.room.trial.balance --seats CHN,KOR --games 4 --turns 4

thought   a thoughtful player ends ahead of one who does nothing, in every seat
constant  no order that is given once and kept puts a seat above the 75th percentile
idle      each lever that a seat is offered moves a gauge of some seat, from either end of its range
purse     with the allowance on, it binds in half of a thoughtful player's turns
choice    over random games a seat's choices explain a tenth of its own score, and a twentieth of
          another seat's

Everybody else is played by AI, but for `choice`, where all seats play at random. Players of one
seat stand side by side on common lucks, so that a difference is theirs alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.players import Luck, Wish, is_due, policy_by_name
from agents.warmup import build_world
from runs.outcome import GAUGES, outcomes
from runs.room.reach import missing
from runs.room.state import QUARTER
from runs.room.trial.audit import (
    EXTREME_LIMIT,
    FIRST_SEED,
    SameLucks,
    SideBySide,
    core_seats,
    scores,
)
from runs.room.trial.players import DoNothing, Random
from runs.room.trial.thoughtful import Thoughtful
from runs.seats import HOLD, Seats
from runs.turn import Turn, play_week
from world.decisions import Order, check_order
from world.draws import Draws
from world.levers import LADDER, levers_of
from world.scenario import Scenario, load_scenario, shipped
from world.state import World

Array = NDArray[np.float64]

MOVED = 1e-4  # of a gauge: what a card can show
FEW_GAMES = 2  # lucks of a constant player; there are a hundred of them in a seat
WANTED_BOUND = 0.5  # of a thoughtful player's turns
OWN_SHARE, OTHER_SHARE = 0.10, 0.05  # of the variance of a score
LEAST_SPREAD = 1.0  # points squared: where scores hardly differ nobody's choices decide
NOTHING = "nothing"


class Line(NamedTuple):
    """One line of the table."""

    claim: str
    seat: str
    good: bool
    text: str


class Course(NamedTuple):
    """What is common to the games of a command."""

    plan: Scenario
    base: World
    turns: int
    games: int
    seats: tuple[str, ...]
    others: tuple[str, ...] = ()  # scenarios where levers may prove themselves besides

    def play(
        self, wanted: Mapping[str, Any], draws: Luck, weekly: Callable[[Turn, World], None] | None
        = None,
    ) -> Array:  # fmt: skip
        """(A, 3, R) outcomes by seat, gauge and luck after the last turn."""
        lucks: Any = draws
        world, seats = self.base.spread(lucks.replicates), Seats(self.plan, wanted)
        for _ in range(min(QUARTER * self.turns, self.plan.weeks)):
            turn = play_week(world, lucks, seats)
            if weekly:
                weekly(turn, world)
        found = outcomes(world)
        return np.stack([found[name].T for name in GAUGES], axis=1)

    def scored(self, seat: str, gauges: Array) -> Array:
        """(R,) scores of a seat with equal weights."""
        return scores(self.plan, self.turns, seat, gauges[self.plan.actors.index(seat)])


def course(plan: Scenario, turns: int, games: int, seats: Iterable[str] = ()) -> Course:
    """Games of a scenario, over whose world they all begin."""
    chosen = tuple(seats) or tuple(core_seats(plan))
    others = tuple(name for name in shipped() if name != plan.id)
    return Course(plan, build_world(plan), turns, games, chosen, others)


# --- thought --------------------------------------------------------------------------------------


def thought(run: Course) -> list[Line]:
    found = []
    for seat in run.seats:
        draws = Draws(FIRST_SEED, run.games)
        mine, still = (
            run.scored(seat, run.play({seat: kind(run.plan, seat)}, draws))
            for kind in (Thoughtful, DoNothing)
        )
        lead = float(np.mean(mine - still))
        text = (
            f"{lead:+.1f} points over doing nothing ({np.median(mine):.0f} and "
            f"{np.median(still):.0f}), ahead in {np.mean(mine > still):.0%} of games"
        )
        found.append(Line("thought", seat, lead > 0, text))
    return found


# --- constant orders ------------------------------------------------------------------------------


def steady(run: Course, seat: str) -> dict[str, Array]:
    """(A, 3, R) by the name of each constant player of a seat."""
    games = min(FEW_GAMES, run.games)
    side = SideBySide(run.plan, seat, games)
    lucks = SameLucks(Draws(FIRST_SEED, games), len(side.each))
    parts = np.split(run.play({seat: side}, lucks), len(side.each), axis=-1)
    return dict(zip(side.each, parts, strict=True))


def constant(run: Course) -> list[Line]:
    found = []
    for seat in run.seats:
        each = steady(run, seat)
        medians = {n: float(np.median(run.scored(seat, gauges))) for n, gauges in each.items()}
        best = max(medians, key=lambda name: medians[name])
        over = [name for name, value in medians.items() if value > EXTREME_LIMIT]
        text = f"the best of {len(each)} is {best}: {medians[best]:.0f}"
        if len(over) > 1:
            text += f"; {len(over)} above {EXTREME_LIMIT:g}: {', '.join(sorted(over))}"
        found.append(Line("constant", seat, not over, text))
    return found


# --- levers that move nothing ---------------------------------------------------------------------


class Pinned:
    """A seat as AI plays it, with its dated past, and in each part of a batch one lever pinned."""

    def __init__(self, plan: Scenario, seat: str, pins: Mapping[str, Mapping[str, float]]) -> None:
        self.policy = policy_by_name(plan.policies.get(seat, HOLD))
        # under its policy's name a seat keeps its dated past; nobody asks one that holds
        self.name = self.policy.name if self.policy.name != HOLD else "pinned"
        self.source, self.traits = self.policy.source, (*self.policy.traits, "any seat")
        self.parts = list(pins.values())

    def is_due(self, week: int) -> bool:
        return is_due(self.policy, week)

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        pinned: dict[str, Array] = {}
        for row, orders in enumerate(self.parts):
            for lever, value in orders.items():
                pinned.setdefault(lever, np.full(view.replicates, np.nan))[row] = value
        wishes = []
        for wish in self.policy.decide(view, draws):
            held = pinned.get(lever_of(wish.lever), np.full(view.replicates, np.nan))
            wishes.append(replace(wish, value=np.where(np.isnan(held), wish.value, np.nan)))
        return [*wishes, *(Wish(lever, column, "pinned") for lever, column in pinned.items())]


def ends_of(
    plan: Scenario, seat: str, only: Iterable[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Each lever of a seat at either end of its range, and first of all none."""
    found: dict[str, dict[str, Any]] = {NOTHING: {}}
    for lever in levers_of(plan, seat).values():
        full = f"{LADDER}.{plan.target}" if lever.name == LADDER else lever.name
        for name, value in (("lowest", lever.low), ("highest", lever.high)):
            allowed = check_order(Order(0, seat, full, value), plan, 0) is None
            if allowed and (only is None or lever.name in only):
                found[f"{lever.name} {name}"] = {full: value}
    return found


def pinned(
    run: Course, seat: str, only: Iterable[str] | None = None
) -> tuple[dict[str, dict[str, Any]], Array]:
    """Levers at their ends, and the outcomes (A, 3, R) with one of them pinned in each luck."""
    pins = ends_of(run.plan, seat, only)
    lucks = SameLucks(Draws(FIRST_SEED, 1), len(pins))
    return pins, run.play({seat: Pinned(run.plan, seat, pins)}, lucks)


def moving(run: Course, seat: str, only: Iterable[str] | None = None) -> tuple[set[str], set[str]]:
    """(levers that move a gauge of some seat from an end, levers that move none), one luck."""
    pins, gauges = pinned(run, seat, only)
    far = np.abs(gauges - gauges[..., :1]) > MOVED
    moved = {lever_of(name) for k, name in enumerate(pins) if far[..., k].any()}
    return moved, {lever_of(name) for name in pins} - moved - {NOTHING}


def lever_of(name: str) -> str:
    """The lever of a constant player's name, ``stance highest``, or of a full name."""
    return name.partition(" ")[0].partition(".")[0]


def idle(run: Course) -> list[Line]:
    """What moves nothing here is tried in the other scenarios where the seat exists; a lever of
    which the seat's page says what it lacks today is no fault."""
    found = []
    for seat in run.seats:
        moved, left = moving(run, seat)
        said = {lever_of(full) for full in missing(run.base, seat)} & left
        left -= said
        for other in run.others:
            plan = load_scenario(other, {"users": run.plan.users})
            if left and seat in plan.actors:
                left -= moving(course(plan, run.turns, 1, (seat,)), seat, left)[0]
        text = f"{len(moved)} levers move a gauge here"
        text += f"; its page says what these lack: {', '.join(sorted(said))}" if said else ""
        text += f"; {', '.join(sorted(left))} move none anywhere" if left else ""
        found.append(Line("idle", seat, not left, text))
    return found


# --- the allowance --------------------------------------------------------------------------------


class Watched(Thoughtful):
    """A thoughtful player of whom it is known what it wished."""

    def __init__(self, plan: Scenario, seat: str) -> None:
        super().__init__(plan, seat)
        self.wished: list[Wish] = []

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        self.wished = super().decide(view, draws)
        return self.wished


def cut(player: Watched, turn: Turn, replicates: int) -> NDArray[np.bool_]:
    """(R,) lucks in which a wish of the week was not given as it was wished."""
    given = {
        one.order.lever: one.value for one in turn.given
        if one.order.actor == player.seat and not one.reason
    }  # fmt: skip
    short = np.zeros(replicates, dtype=bool)
    for wish in player.wished:
        wanted = np.broadcast_to(np.asarray(wish.value, dtype=float), (replicates,))
        got = given.get(wish.lever, np.full(replicates, np.nan))
        short |= ~np.isnan(wanted) & ~(np.abs(got - wanted) < 1e-9)
    return short


def bound_turns(run: Course, seat: str) -> float:
    """Share of a thoughtful player's turns in which its purse cuts a wish."""
    player = Watched(run.plan, seat)
    seen: list[NDArray[np.bool_]] = []

    def weekly(turn: Turn, world: World) -> None:
        if player.wished:
            seen.append(cut(player, turn, world.replicates))
            player.wished = []
        elif (world.week - 1) % QUARTER == 0:
            seen.append(np.zeros(world.replicates, dtype=bool))

    run.play({seat: player}, Draws(FIRST_SEED, run.games), weekly)
    return float(np.mean(seen))


def purse(run: Course) -> list[Line]:
    plan = run.plan.override({"allowance": "true"})
    tied = run._replace(plan=plan, base=build_world(plan))
    found = []
    for seat in run.seats:
        if seat in plan.zones:  # firms have their own money
            share = bound_turns(tied, seat)
            text = f"binds in {share:.0%} of a thoughtful player's turns"
            found.append(Line("purse", seat, share >= WANTED_BOUND, text))
    return found


# --- whose choices decide -------------------------------------------------------------------------


class Again(Random):
    """A random player whose choices are drawn anew in its own part of a batch, and else are those
    that it would take anywhere."""

    def __init__(self, plan: Scenario, seat: str, games: int, part: int) -> None:
        super().__init__(plan, seat)
        self.own = slice(games * part, games * (part + 1))

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        return super().decide(view, _Redrawn(draws, self.own))


class _Redrawn:
    """Luck that has another purpose in some of its rows."""

    def __init__(self, draws: Luck, rows: slice) -> None:
        self._draws, self._rows = draws, rows

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        luck = np.array(self._draws.uniform(week, purpose, n))
        luck[self._rows] = self._draws.uniform(week, f"{purpose}.again", n)[self._rows]
        return luck


def shares(run: Course) -> tuple[Array, list[str]]:
    """(S, S) part of the variance of a seat's score (columns) that hangs on what a seat (rows)
    chooses, alone or together with others: half the mean square by which a score moves when that
    seat alone chooses anew, over the variance of all games (Jansen 1999)."""
    seats = list(run.seats)
    players = {
        seat: Again(run.plan, seat, run.games, part) for part, seat in enumerate(seats, start=1)
    }
    lucks = SameLucks(Draws(FIRST_SEED, run.games), len(seats) + 1)
    gauges = run.play(players, lucks)
    parts = np.stack(
        [np.split(run.scored(seat, gauges), len(seats) + 1) for seat in seats], axis=-1
    )  # (1 + S, games, S)
    spread = np.maximum(parts[0].var(axis=0, ddof=1), LEAST_SPREAD)
    moved = ((parts[1:] - parts[0]) ** 2).mean(axis=1) / 2.0
    return moved / spread, seats


def choice(run: Course) -> list[Line]:
    part, seats = shares(run)
    found = []
    for row, seat in enumerate(seats):
        others = [(float(part[row, k]), seats[k]) for k in range(len(seats)) if k != row]
        most, who = max(others) if others else (1.0, "nobody")
        own = float(part[row, row])
        good = own >= OWN_SHARE and most >= OTHER_SHARE
        text = f"{own:.0%} of its own score, {most:.0%} of that of {who}"
        found.append(Line("choice", seat, good, text))
    return found


# --- all of it ------------------------------------------------------------------------------------

CLAIMS = ("thought", "constant", "idle", "purse", "choice")


def table(run: Course, random_games: int, only: Sequence[str] = CLAIMS) -> list[Line]:
    found: list[Line] = []
    if "thought" in only:
        found += thought(run)
    if "constant" in only:
        found += constant(run)
    if "idle" in only:
        found += idle(run)
    if "purse" in only:
        found += purse(run)
    if "choice" in only:
        found += choice(run._replace(games=random_games))
    return found


def show(lines: Iterable[Line]) -> None:
    for line in lines:
        print(f"{'pass' if line.good else 'FAIL':<6}{line.claim:<10}{line.seat:<13}{line.text}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Whether every turn is worth taking.")
    parser.add_argument("scenario", nargs="?", default="japan-2026")
    parser.add_argument("--games", type=int, default=8)
    parser.add_argument("--random-games", type=int, default=60)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--seats", default="", help="only these, by comma")
    parser.add_argument("--only", nargs="*", choices=CLAIMS, default=CLAIMS)
    asked = parser.parse_args()
    plan = load_scenario(asked.scenario, {"users": asked.users})
    run = course(plan, asked.turns, asked.games, filter(None, asked.seats.split(",")))
    lines = table(run, asked.random_games, asked.only)
    show(lines)
    return 0 if all(line.good for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
