"""The review of a finished game as a story: for every seat of people how it ended and against what,
its curve, the turns on which that turned, and what would have been; and the same for the world.

All figures come from what the turns have brought and from the answers of `runs.room.forks`, which
come one after another; what is not there yet is left out, and nothing else changes when it comes.
Sentences are keys with values, so that the page and the after-action report say the same.

A turning point is ranked by what it moved of the seat's result: the mean of its three goals by the
weights that it has sealed, in points of 100. The score beside it is the rank among reference runs
(`runs.room.score`), whose caps would hide what moves beyond them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.room import forks, score
from runs.room.ended import TURNING, Ended, added, at, tenth
from runs.room.sameness import other_model
from runs.room.say import Say
from runs.room.state import ENDED
from runs.room.tidings import event_say
from world.levers import LADDER

if TYPE_CHECKING:
    from runs.room.forks import Answer, Question
    from runs.room.view import Picture
    from world.scenario import Scenario

POINTS = 3  # turning points that are told
ASKS = 3  # ready questions
SEEN = 0.05  # points: half of the last digit that is shown
ALIKE = 2.0  # points of a score within which two games went about as well
LEAST_USD = {"state": 1e6, "firm": 1e4}  # of money that is worth a word
CLAUSE = "third_country_clause"
LEAST_PART = 0.005  # of the same money: less is not seen in its digits
Row = dict[str, Any]


def asked_of(picture: Picture) -> list[Question]:
    """The questions of a game, as far as its turns are known."""
    ordered = [result["ordered"] for result in picture.results[1:]]
    return forks.questions(picture.room, picture.plan, ordered)


def story(picture: Picture) -> Row:
    """The story as far as it is known: ``done`` of ``of`` branches, and ``state``: working, done,
    open (the game goes on), stored (another model's, which plays no branches) or failed."""
    room = picture.room
    known = len(picture.results) > 1 and len(picture.results) > len(room.played)
    asked = asked_of(picture) if known else []
    told = _Story(picture, asked)
    done = sum(1 for one in asked if forks.key_of(one) in picture.answers)
    state = (
        "stored" if other_model(room) else "open" if room.phase != ENDED
        else "done" if not room.played or (known and done == len(asked))
        else "failed" if picture.health.get("branches") else "working"
    )  # fmt: skip
    seats = forks.with_people(room) if len(picture.results) > 1 else []
    return {
        "state": state, "done": done, "of": len(asked),
        "seats": {seat: told.of(seat) for seat in seats},
        "world": told.world() if len(picture.results) > 1 else None,
    }  # fmt: skip


class _Story(Ended):
    """What is told of one game."""

    # --- one seat -------------------------------------------------------------------------------

    def of(self, seat: str) -> Row:
        found = self.moved(seat)
        points = _chosen(found, seat)
        asks = self._asks(seat)
        return {
            **self._verdict(seat, found), "bands": self._bands(seat),
            "curve": self._curve(seat, points), "pins": self._pins(seat), "marks": self._marks(),
            "points": [self._point(seat, *one) for one in points],
            "asks": [self._ask(seat, *one) for one in asks],
        }  # fmt: skip

    def _verdict(self, seat: str, found: Sequence[tuple[float, Question, Answer]]) -> Row:
        mine = self.total(seat, self.gauges(seat))
        values: dict[str, Any] = {"seat": seat, "score": mine["score"]}
        others = {
            kind: self.total(seat, answer["gauges"][seat][-1])["score"]
            for one, answer in self.answered
            if (kind := one["kind"]) in (forks.BY_AI, forks.IDLE) and one["seat"] == seat
        }
        key = "alone"
        if len(others) == 2:
            change = mine["score"] - others[forks.BY_AI]
            key = "alike" if abs(change) < ALIKE else "better" if change > 0 else "worse"
            values |= {"ai": others[forks.BY_AI], "idle": others[forks.IDLE]}
        own = [one for one in found if one[1]["kind"] == forks.ORDERS and one[1]["seat"] == seat]
        second = None
        if own and abs(own[0][0]) >= SEEN:
            most, asked, _ = own[0]
            way = "gave" if most > 0 else "took"
            values_of = {"seat": seat, "turn": asked["turn"], "points": tenth(abs(most))}
            second = Say(f"review.verdict.own_{way}", values_of).row
        elif own or (self._full() and not self._pins(seat)):
            second = Say("review.verdict.own_none", {"seat": seat}).row
        runs = (score.reference(self.room.scenario) or {}).get("runs", 0)
        basis = "rank" if mine["percentiles"] else "plain"
        return {
            "verdict": Say(f"review.verdict.{key}", values).row, "second": second,
            "basis": Say(f"review.verdict.basis_{basis}", {"seat": seat, "runs": runs}).row,
            "capped": self._capped(seat, mine),
            "score": mine, "against": others,
        }  # fmt: skip

    def _capped(self, seat: str, mine: Row) -> Row | None:
        """What holds the score down, where a goal ended below nearly all reference runs."""
        ranks = mine["percentiles"]
        if not (ranks and mine["capped"]):
            return None
        lowest = min(GAUGES, key=lambda name: float(ranks[name]))
        values = {"gauge": goal_key(self.plan, seat, lowest), "points": score.CAP}
        return Say("review.verdict.capped", values).row

    def _full(self) -> bool:
        return len(self.answered) == len(asked_of(self.picture))

    def _bands(self, seat: str) -> list[Row]:
        """By gauge where the seat ended, and between what 8 of 10 AI games ended."""
        rows = []
        for name, value in zip(GAUGES, self.gauges(seat), strict=True):
            usual = score.usual(self.room.scenario, self.last, seat, name)
            low, middle, high = usual or (None, None, None)
            rows.append({"id": name, "value": value, "low": low, "ai": middle, "high": high})
        return rows

    def _curve(self, seat: str, points: Sequence[tuple[float, Question, Answer]]) -> Row:
        """Measures by turn, the opening first: as it was, with AI in the seat, and without what
        moved the result most; ``lead`` is the measure to begin with."""
        ai = next((answer for one, answer in self.answered
                   if (one["kind"], one["seat"]) == (forks.BY_AI, seat)), None)  # fmt: skip
        rows = [
            {
                "id": name, "was": self.was(seat, name),
                "ai": self.then(seat, name, 1, ai) if ai else None,
                "without": self.then(seat, name, points[0][1]["turn"], points[0][2])
                if points else None,
            }
            for name in ("score", *GAUGES, "money")
        ]  # fmt: skip
        lines = [result["seats"][seat]["report"].get("line_rate") for result in self.results]
        if self.firm(seat) and any(value is not None for value in lines):
            rows.append({"id": "lines", "was": lines, "ai": None, "without": None})
        return {"lead": self._lead(seat, points), "measures": rows,
                "without": self._title(points[0][1]) if points else None}  # fmt: skip

    def _lead(self, seat: str, points: Sequence[tuple[float, Question, Answer]]) -> str:
        if self.firm(seat):
            return "money"
        if points:
            return self.gauge(seat, points[0][2])
        first, now = self.gauges(seat, 0), self.gauges(seat)
        return max(GAUGES, key=lambda name: abs(now[at(name)] - first[at(name)]))

    def _pins(self, seat: str) -> list[Row]:
        """The seat's own decisions by turn."""
        return [
            {"turn": inputs["turn"], "orders": [
                {"lever": one["lever"], "value": one["value"]} for one in own
            ]}
            for inputs in self.room.played[: self.last]
            if (own := forks.own_orders(inputs, seat))
        ]  # fmt: skip

    def _marks(self) -> list[Row]:
        """The coercer's two steps that everything else goes by: the highest of its ladder, and the
        first about third countries; each with the week of its order."""
        rows = [
            {"week": inputs["week"], **one, "turn": inputs["turn"]}
            for inputs, result in zip(self.room.played, self.results[1:], strict=False)
            for one in (*inputs["orders"], *result["ordered"])
            if one["actor"] == self.plan.coercer and "inject" not in one
        ]  # fmt: skip
        steps = [one for one in rows if one["lever"].partition(".")[0] == LADDER]
        clauses = [one for one in rows if one["lever"] == CLAUSE and one["value"] > 0]
        found = [max(steps, key=lambda one: (one["value"], -one["week"]))] if steps else []
        found += clauses[:1]
        return [{name: one[name] for name in ("week", "lever", "value")}
                for one in sorted(found, key=lambda one: float(one["week"]))]  # fmt: skip

    def _point(self, seat: str, change: float, asked: Question, answer: Answer) -> Row:
        name = self.gauge(seat, answer)
        return {
            **asked, "key": forks.key_of(asked), "own": asked["seat"] == seat,
            "title": self._title(asked), "say": self._found(seat, asked, answer).row,
            "change": tenth(change), "gauge": name, "was": self.was(seat, name),
            "without": self.then(seat, name, asked["turn"], answer),
        }  # fmt: skip

    def _asks(self, seat: str) -> list[tuple[float, Question, Answer]]:
        """The seat's levers that moved most, and the one that moved least."""
        found = sorted(
            ((self.change(seat, answer), one, answer) for one, answer in self.answered
             if (one["kind"], one["seat"]) == (forks.LEVER, seat)),
            key=lambda one: (-abs(one[0]), one[1]["turn"], one[1]["lever"]),
        )  # fmt: skip
        return found if len(found) <= ASKS else [*found[: ASKS - 1], found[-1]]

    def _ask(self, seat: str, change: float, asked: Question, answer: Answer) -> Row:
        values = {"seat": seat, "turn": asked["turn"], "lever": asked["lever"]}
        return {
            **self._point(seat, change, asked, answer),
            "title": Say("review.ask.lever", values).row, "why": answer.get("why"),
        }

    # --- the world ------------------------------------------------------------------------------

    def world(self) -> Row:
        """What the whole world lost, and what changed that most."""
        was = [result["public"]["world_loss_usd"] for result in self.results]
        whole = math.fsum(value or 0.0 for value in was[1:])
        found = sorted(
            ((self._world_less(one["turn"], answer), one, answer)
             for one, answer in self.answered if one["kind"] in TURNING),
            key=lambda one: -abs(one[0]),
        )[:POINTS]  # fmt: skip
        points = [
            {
                **one, "key": forks.key_of(one), "own": False, "title": self._title(one),
                "say": Say("review.found.world", {"usd": whole, "usd_b": whole - less}).row,
                "gauge": "money", "was": added(was),
                "without": added([*was[: one["turn"]], *answer["world_usd"]]),
            }
            for less, one, answer in found if abs(less) >= LEAST_USD["state"]
        ]  # fmt: skip
        return {"verdict": Say("review.verdict.world", {"usd": whole}).row, "points": points,
                "was": added(was)}  # fmt: skip

    def _world_less(self, turn: int, answer: Answer) -> float:
        """By how much more the world lost than without it."""
        was = [result["public"]["world_loss_usd"] or 0.0 for result in self.results[turn:]]
        return math.fsum(was) - math.fsum(answer["world_usd"])

    # --- sentences ------------------------------------------------------------------------------

    def _found(self, seat: str, asked: Question, answer: Answer) -> Say:
        """What would have been without it: the gauge that it moved most, and the money."""
        spent = self.was(seat, "money"), self.then(seat, "money", asked["turn"], answer)
        rows = [self.gauges(seat, turn) for turn in range(asked["turn"], self.last + 1)]
        same = answer["gauges"][seat] == rows
        return found(self.plan, seat, (rows[-1], answer["gauges"][seat][-1]),
                     (spent[0][-1], spent[1][-1]), same)  # fmt: skip

    def _title(self, asked: Question) -> Row:
        kind, seat, turn = asked["kind"], asked["seat"], asked["turn"]
        values: dict[str, Any] = {"seat": seat, "turn": turn}
        if kind in (forks.MEASURES, forks.THREATS):
            return Say(f"review.point.{kind}", values | {"target": self.plan.target}).row
        if kind == forks.DEAL:
            deal = self.room.deals[asked["n"]]
            first, other = deal.parties[:2]
            return Say("review.point.deal", {"n": deal.n, "seat": first, "target": other}).row
        if kind == forks.INJECT:
            event = self.room.injects[asked["n"]].event
            what = {"key": event.get("key"), "text": event["text"]}
            return Say("review.point.inject", {"n": asked["n"], "what": what}).row
        if kind == forks.EVENT:
            say = event_say(self.plan, asked["n"])
            what = {"key": say.key if say else None, "text": self.plan.events[asked["n"]].text}
            return Say("review.point.event", {"what": what}).row
        return self._orders_title(seat, turn)

    def _orders_title(self, seat: str, turn: int) -> Row:
        """The order of a turn that did most in it, and how many there were besides."""
        own = forks.own_orders(self.room.played[turn - 1], seat)
        causes = self.picture.causes.get(turn)
        steps = causes["seats"][seat]["causes"] if causes else []
        most = next((row["lever"] for row in steps if row.get("lever")), None)
        lead = next((one for one in own if one["lever"].partition(".")[0] == most), own[0])
        values = {"seat": seat, "turn": turn, "lever": lead["lever"], "value": lead["value"],
                  "n": len(own) - 1}  # fmt: skip
        key = "orders_more" if len(own) > 1 else "orders"
        return Say(f"review.point.{key}", values).row


def found(
    plan: Scenario, seat: str, gauges: tuple[Sequence[float], Sequence[float]],
    usd: tuple[float | None, float | None], same: bool,
) -> Say:  # fmt: skip
    """What of a seat's end would have been different: the gauge that moved most, and the money (of
    a state what it lost, of a firm what it earned). ``same``: whether nothing at all was."""
    firm = seat in plan.firms
    name = max(GAUGES, key=lambda one: abs(gauges[0][at(one)] - gauges[1][at(one)]))
    was, then = (100 * row[at(name)] for row in gauges)
    values: dict[str, Any] = {
        "seat": seat, "gauge": goal_key(plan, seat, name),
        "points": tenth(was), "points_b": tenth(then),
    }  # fmt: skip
    both = [value for value in usd if value is not None and (firm or value >= 0)]
    least = LEAST_USD["firm" if firm else "state"]
    moved = len(both) == 2 and abs(both[0] - both[1]) >= max(
        least, LEAST_PART * max(map(abs, both))
    )
    if moved:
        values |= {"usd": both[0], "usd_b": both[1]}
    seen = abs(was - then) >= SEEN
    if not seen and not moved:
        return Say("review.found.same" if same else "review.found.little", values)
    key = "both" if seen and moved else "gauge" if seen else "money"
    return Say(f"review.found.{'firm_' * (moved and firm)}{key}", values)


def goal_key(plan: Scenario, seat: str, name: str) -> str:
    """The key of a gauge's name, which is that of the seat's own goal."""
    if seat in plan.firms:
        return f"goal.firm_{name}"
    return f"goal.coercer_{name}" if seat == plan.coercer else f"gauge.{name}"


def branch_says(plan: Scenario, branch: Row) -> dict[str, Row]:
    """What `runs.room.branches.branch` has found, as a sentence for every seat."""
    said = {}
    for seat, base in branch["base_gauges"].items():
        rows = [[one[name] for name in GAUGES] for one in (base, branch["branch_gauges"][seat])]
        sign = -1 if seat in plan.firms else 1
        usd = [sign * branch["lost_usd"][name][seat] for name in ("base", "branch")]
        same = rows[0] == rows[1] and usd[0] == usd[1]
        said[seat] = found(plan, seat, (rows[0], rows[1]), (usd[0], usd[1]), same).row
    return said


def _chosen(
    found: Sequence[tuple[float, Question, Answer]], seat: str
) -> list[tuple[float, Question, Answer]]:
    """The largest that are seen; one of them is not the seat's own, and one is, where there are."""
    seen = [one for one in found if abs(one[0]) >= SEEN]
    chosen = seen[:POINTS]
    for own in (True, False):
        kept = [one for one in seen if (one[1]["seat"] == seat) == own]
        if kept and kept[0] not in chosen:
            chosen[-1] = kept[0]
    return chosen
