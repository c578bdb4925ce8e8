"""The branches of one watch page: what can be asked, what is asked, and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

from runs.room.commands import Refused
from runs.room.refusals import check_setting
from runs.room.say import Say
from world.levers import LEVERS, kind_of, levers_of, real

if TYPE_CHECKING:
    from runs.web.payload import View
    from world.scenario import Scenario

MOST_FORKS = 4  # that a page keeps
MOST_LEVERS = 8  # of one question
MOST_NUMBER = 10**6  # by which a page calls its questions
NONE = Say("watch.fork_none")


class Forks:
    """Answers by the number that the page gave the question, the newest last."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._answers: dict[int, dict[str, Any]] = {}
        self._n = 0  # of the question that is asked
        self.changes = 0  # of the answers

    def ask(self, value: object) -> None:
        """A question of the page: it is played, or refused with a sentence."""
        view = self._view
        number = value.get("n") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not is_number(number) or view.telling is None:
            return
        self._n = number
        plan = getattr(view.desk.game, "plan", None)
        if plan is None:  # shown from the tables of another model
            view.heard["fork"] = {"state": "refused", "say": NONE.row}
            return
        look = view.telling.look(view.look, view.start)
        try:
            asked = read_question(value, plan, view.desk.week)
        except Refused as no:
            view.heard["fork"] = {"state": "refused", "say": no.say.row if no.say else str(no)}
            return
        asked = {
            **asked,
            "material": known(value.get("material"), plan.materials, look.material),
            "zone": known(value.get("zone"), plan.zones, look.zone),
        }
        view.ask_beside("fork", asked)

    def forget(self, number: object) -> None:
        """The page does not show this branch any more."""
        if not is_number(number):
            return
        if number == self._n:
            self._view.drop_beside("fork")
        if self._answers.pop(number, None) is not None:
            self.changes += 1

    def state(self) -> dict[str, Any] | None:
        """How far the question is that was asked last; its answer moves to the others."""
        heard = self._view.heard.get("fork")
        if heard is None:
            return None
        if heard["state"] == "done":
            self.changes += 1
            self._answers[self._n] = heard["found"]
            while len(self._answers) > MOST_FORKS:
                del self._answers[next(iter(self._answers))]
            heard = self._view.heard["fork"] = {"state": "kept"}
        return {"n": self._n, **heard}

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [{"n": n, **found} for n, found in self._answers.items()]


def is_number(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= MOST_NUMBER


def known(value: object, names: Collection[str], otherwise: str) -> str:
    return value if isinstance(value, str) and value in names else otherwise


def read_question(value: Mapping[str, Any], plan: Scenario, played: int) -> dict[str, Any]:
    """``{week, set}`` of a question from outside; raises Refused with a sentence."""
    week, wanted = value.get("week"), value.get("set")
    if type(week) is not int or not 0 <= week < played:
        raise Refused(NONE.english, "week", 422, NONE)
    if not isinstance(wanted, Mapping) or not 1 <= len(wanted) <= MOST_LEVERS:
        raise Refused(NONE.english, "set", 422, NONE)
    for name, number in wanted.items():
        actor, _, full = str(name)[:80].partition(".")
        check_setting(plan, actor, full, real(number), "set")
    return {"week": week, "set": {str(name): real(number) for name, number in wanted.items()}}


def asks_of(plan: Scenario, weeks: int, language: str) -> dict[str, Any]:
    """What can be asked of a run of so many weeks: ready questions, and for one's own who has
    which levers.

    ``{questions: [{text, week, set}], who: [{actor, kind, title, levers}], levers: {name: row},
    zones, materials}``; a row has what a form needs.
    """
    return {
        "questions": [
            {"text": one.words.get(language, one.words["en"]), "week": one.week, "set": one.levers}
            for one in plan.questions if one.week is None or one.week < weeks
        ],
        "who": [
            {
                "actor": actor, "kind": kind_of(plan, actor),
                "title": plan.firms[actor].title if actor in plan.firms else "",
                "levers": list(levers_of(plan, actor)),
            }
            for actor in plan.actors
        ],
        "levers": {
            lever.name: {
                "lever": lever.name, "unit": lever.unit, "low": lever.low, "high": lever.high,
                "step": lever.step, "whole": lever.whole, "index": lever.index,
                "group": lever.group, "delay_weeks": lever.delay_weeks,
            }
            for lever in LEVERS.values()
        },
        "zones": [zone for zone in plan.zones if zone != plan.coercer],
        "materials": list(plan.materials),
    }  # fmt: skip
