"""What may be said to a room: one record for every command, and the forms that clients fill in.

The forms are the only way in: lengths, ranges and types are checked here, so that rules and fold
meet sound values. They also are the description of the interface.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from runs.room.say import Say
from runs.room.text import plain, shows

FREE_TEXT, REASON, SHORT = 2000, 500, 300  # signs at most
DOOR = frozenset({"join", "request"})  # commands whose answer holds a token
CONTENT_LETTERS = 24


class Refused(ValueError):
    """A command that the rules do not allow: HTTP status, one sentence, and the field.

    ``say`` is the sentence as a key with values, so that pages show it in any language; None for
    what no page can cause.
    """

    def __init__(
        self, text: str, field: str | None = None, status: int = 422, say: Say | None = None
    ) -> None:
        super().__init__(text)
        self.text, self.field, self.status, self.say = text, field, status, say

    @property
    def body(self) -> dict[str, Any]:
        """What a client is told."""
        told = {"error": self.text, "field": self.field}
        return told if self.say is None else told | {"say": self.say.row}


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the log. `who` is a handle, "" for somebody who joins, "server" for itself."""

    id: str
    kind: str
    who: str
    at: int  # ms, server's clock
    turn: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    asked: str = ""  # `content` of what was sent, before the rules settled what it left open

    def body(self) -> dict[str, Any]:
        body = asdict(self)
        return body if self.asked else {k: v for k, v in body.items() if k != "asked"}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Command:
        return cls(
            str(body["id"]), str(body["kind"]), str(body["who"]), int(body["at"]),
            int(body.get("turn", 0)), dict(body.get("data", {})), str(body.get("asked", "")),
        )  # fmt: skip

    @property
    def key(self) -> str:
        """A resend has the same; ids of different people do not meet."""
        return f"{self.who}\n{self.id}"

    @property
    def content(self) -> str:
        """What tells one call from another under the same id: kind, turn and what was filled in.

        The turn of who joins is the server's, not theirs.
        """
        turn = 0 if self.kind in DOOR else self.turn
        filled = {name: value for name, value in self.data.items() if value is not None}
        text = json.dumps([self.kind, turn, filled], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:CONTENT_LETTERS]


def _one_line(text: str) -> str:
    clean = " ".join(plain(text).split())
    if not shows(clean):
        raise ValueError("must not be empty")
    return clean


def _free(text: str) -> str:
    clean = plain(text)
    if not shows(clean):
        raise ValueError("must not be empty")
    return clean


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


def _no_yes(kind: str) -> BeforeValidator:
    """Refuses true and false where a number is asked for, which Python takes for 1 and 0."""

    def check(value: Any) -> Any:
        if isinstance(value, bool):
            raise PydanticCustomError(kind, "must be a number, not true or false")
        return value

    return BeforeValidator(check)


WHOLE, REAL = _no_yes("int_type"), _no_yes("float_type")  # behind the bounds of a field
Whole = Annotated[int, WHOLE]
Real = Annotated[float, REAL]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]
Name = Annotated[str, StringConstraints(max_length=60), AfterValidator(_one_line)]
Why = Annotated[str, StringConstraints(max_length=REASON), AfterValidator(plain)]
Text = Annotated[str, StringConstraints(max_length=FREE_TEXT), AfterValidator(_free)]
Line = Annotated[str, StringConstraints(max_length=SHORT), AfterValidator(_one_line)]
Number = Annotated[float, Field(strict=False), AfterValidator(_finite), REAL]
Turn = Annotated[int, Field(ge=0, le=1000), WHOLE]
Word = Annotated[str, StringConstraints(max_length=80)]
Share = Annotated[float, Field(ge=0, le=1), REAL]
Weight = Annotated[float, Field(ge=0.2, le=0.5), REAL]
Seconds = Annotated[int, Field(ge=5, le=86_400), WHOLE]


class Form(BaseModel):
    """What a client fills in; a field that there is not is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Said(Form):
    """Every command of a client has an id of its making: the same id again changes nothing."""

    id: Id


class NewRoom(Form):
    """A room: what world (`users` firms, `set` as of a run), how many turns, how long each is in
    seconds (null: no clock), which seats people may take and how many to a seat. With `allowance`
    money and political capital of a quarter bind states. Turns close when all have submitted
    (`auto_close`) and the next opens by itself (`auto_next`)."""

    scenario: Annotated[str, StringConstraints(max_length=200)] = "japan-2026"
    seed: Annotated[int, Field(ge=0, lt=2**31), WHOLE] | None = None
    turns: Annotated[int, Field(ge=1, le=200), WHOLE] | None = None
    turn_seconds: Seconds | None = 330
    language: Literal["en", "ko", "ja", "zh-Hans"] = "en"
    seats: Annotated[list[Word], Field(max_length=100)] | None = None
    users: Annotated[int, Field(ge=100, le=20_000), WHOLE] = 2000
    set: Annotated[dict[Word, Real | Word], Field(max_length=200)] = {}
    team_size: Annotated[int, Field(ge=1, le=100), WHOLE] | None = None
    random_end: bool = False
    allowance: bool = False
    auto_close: bool = True
    auto_next: bool = True


class Join(Said):
    """A name and, if one is wished for, a seat; `rejoin` asks to come back under a name."""

    name: Name
    seat: Word | None = None
    job: Annotated[str, StringConstraints(max_length=40), AfterValidator(plain)] = ""
    rejoin: bool = False


class OrderForm(Said):
    """A lever by full name and its value in the lever's unit; null takes a saved order back."""

    turn: Turn
    lever: Word
    value: Number | None
    why: Why = ""


class TurnForm(Said):
    """Which turn is meant, so that what comes late counts for no other."""

    turn: Turn


class Clause(Form):
    """What one side gives: a lever kept in bounds, tonnes of public stock, or money, each turn."""

    kind: Literal["lever", "stock", "money"]
    lever: Word | None = None
    sense: Literal["at_least", "at_most", "equals"] = "equals"
    value: Number | None = None
    material: Word | None = None
    tonnes_per_turn: Annotated[float, Field(gt=0, le=1e7), REAL] | None = None
    usd_m_per_turn: Annotated[float, Field(gt=0, le=1e6), REAL] | None = None


Clauses = Annotated[list[Clause], Field(max_length=12)]


class DealForm(Said):
    """An offer: what each side gives in each of `turns` turns, from `from_turn` or the open one on;
    `exit` is the notice in turns, null for none. A notice in words binds nobody."""

    to: Word | Annotated[list[Word], Field(min_length=1, max_length=12)]
    gives: Clauses = []
    gets: Clauses = []
    from_turn: Turn | None = None
    turns: Annotated[int, Field(ge=1, le=200), WHOLE] = 1
    secret: bool = False
    exit: Annotated[int, Field(ge=0, le=200), WHOLE] | Word | None = None
    text: Why = ""


class MessageForm(Said):
    """To seats, `control` or `all`."""

    to: Word | Annotated[list[Word], Field(min_length=1, max_length=20)]
    text: Text


class ForecastForm(Said):
    """The probability `p`, 0 to 1, that the answer to a question of the turn will be yes."""

    turn: Turn
    question: Word
    p: Share


class WeightsForm(Said):
    """What the three gauges weigh in the seat's score; they sum to 1."""

    supply: Weight
    autonomy: Weight
    standing: Weight


class NoteForm(Said):
    """A note for the review: a flag, what was expected, an answer of the hot wash, or at the Reveal
    the turn that a person votes to play otherwise."""

    kind: Literal[
        "flag",
        "expected",
        "intended",
        "happened",
        "surprised",
        "strategy",
        "takeaway",
        "evaluation",
        "vote",
    ]
    text: Text
    turn: Turn | None = None


class MoveForm(Said):
    """A move outside the levers: what is claimed, with reasons for it and against it."""

    claim: Line
    pro: Annotated[list[Line], Field(max_length=5)] = []
    con: Annotated[list[Line], Field(max_length=5)] = []


class EventForm(Form):
    """What an inject does; kinds and fields are those of `world.events`."""

    kind: Word
    actor: Word = ""
    target: Word = ""
    text: Annotated[str, StringConstraints(max_length=SHORT), AfterValidator(plain)] = ""
    data: Annotated[dict[Word, Real | Word], Field(max_length=12)] = {}
    week: Annotated[int, Field(ge=0, le=12), WHOLE] = 0


class EffectForm(Form):
    """What follows from a ruling: a lever of a seat that is set for the turn, or money or public
    stock that the seat hands to another state."""

    kind: Literal["lever", "money", "stock"]
    seat: Word
    to: Word | None = None
    lever: Word | None = None
    value: Number | None = None
    material: Word | None = None
    tonnes: Annotated[float, Field(gt=0, le=1e7), REAL] | None = None
    usd_m: Annotated[float, Field(gt=0, le=1e6), REAL] | None = None


class ControlForm(Said):
    """A facilitator's action; which fields it takes stands with the action in `control.py`."""

    action: Word
    practice: bool = False
    seconds: Annotated[int, Field(ge=-86_400, le=86_400), WHOLE] | None = None
    why: Why = ""
    when: Literal["now", "next"] = "now"
    event: EventForm | None = None
    effect: EffectForm | None = None
    otherwise: EffectForm | None = None
    to: Word | Annotated[list[Word], Field(max_length=100)] | None = None
    inject: Whole | None = None
    card: Word | None = None
    seat: Word | None = None
    person: Word | None = None
    lever: Word | None = None
    value: Number | None = None
    text: Text | None = None
    move: Whole | None = None
    probability: Share | None = None
    request: Word | None = None
    name: Name | None = None
    rights: Annotated[list[Word], Field(max_length=20)] | None = None
    helper: Word | None = None
    shown: bool | None = None
    turn: Turn | None = None


class BranchOrder(Form):
    """An order that is given in a branch; the value is in the lever's unit."""

    week: Annotated[int, Field(ge=0, le=5000), WHOLE]
    actor: Word
    lever: Word
    value: Number


class BranchForm(Form):
    """What if: other orders from a week on, levers held at values; the record stays as it is."""

    id: Id | None = None
    week: Annotated[int, Field(ge=0, le=5000), WHOLE]
    orders: Annotated[list[BranchOrder], Field(max_length=100)] = []
    set: Annotated[dict[Word, Number], Field(max_length=50)] = {}
    weeks: Annotated[int, Field(ge=1, le=260), WHOLE] | None = None
