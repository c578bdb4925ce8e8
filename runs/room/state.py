"""What a room is at one point of its log: plain data, made by `runs.room.fold` and nothing else.

Times (`at`, `made`, `deadline`) are ms since 1970 UTC by the server's clock; `who` and `by` are
handles of people or facilitators, or seats where that is said.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

LOBBY, OPEN, RESOLVING, ENDED = "lobby", "open", "resolving", "ended"
AI, PERSON, CARETAKER = "ai", "person", "caretaker"
QUARTER = 13  # weeks of a turn
CONTROL, ALL = "control", "all"  # whom a message may be for, besides seats
UMPIRE = "umpire"  # a note that control has written for itself
VOTE = "vote"  # kind of a note: the turn that a person would play otherwise
DealStatus = Literal["offered", "in force", "over", "withdrawn", "undone"]
InjectStatus = Literal["waiting", "shown", "done", "retracted"]


@dataclass(slots=True)
class Draft:
    """A saved order of the open turn; it counts at the deadline, submitted or not."""

    value: float
    why: str
    by: str  # person | control | facilitator: control in logs in which its orders did not stand
    at: int


@dataclass(slots=True)
class Chair:
    """A seat and who is in it."""

    seat: str
    kind: str
    open: bool  # people may join it
    played_by: str = AI
    handed: bool = False  # to the AI by control, whoever sits there
    orders: dict[str, Draft] = field(default_factory=dict)  # by full lever name
    submitted: bool = False
    submits: int = 0  # how often, since a seat may reopen
    heard: bool = False  # its people have done anything in the open turn
    weights: dict[str, float] = field(default_factory=dict)
    touched: list[str] = field(default_factory=list)  # levers that people have ordered


@dataclass(slots=True)
class Person:
    """Somebody at a seat; `who` is the handle by which commands name them."""

    who: str
    name: str
    seat: str
    job: str
    at: int
    gone: bool = False
    key: int = 1  # which of the tokens given to this person counts


@dataclass(slots=True)
class Deal:
    """An offer or agreement: `by` gives `gives`, each seat of `to` gives `gets`."""

    n: int
    by: str
    to: list[str]
    gives: list[dict[str, Any]]
    gets: list[dict[str, Any]]
    from_turn: int
    turns: int
    secret: bool
    exit: int | None  # turns of notice; None: no way out
    text: str
    at: int
    status: DealStatus = "offered"
    signed: list[str] = field(default_factory=list)
    signed_turn: int = 0
    start: int = 0  # first and last turn in force, once signed
    last: int = 0
    left_by: str = ""

    @property
    def parties(self) -> list[str]:
        return [self.by, *self.to]

    @property
    def signed_by_all(self) -> bool:
        return set(self.signed) == set(self.parties)

    def binds_in(self, turn: int) -> bool:
        return self.status == "in force" and self.start <= turn <= self.last


@dataclass(slots=True)
class Message:
    """A text from a seat or control, for those named in `to`."""

    n: int
    by: str  # a seat, or control
    to: list[str]  # seats, control, or all
    text: str
    turn: int
    at: int
    who: str = ""
    say: dict[str, Any] | None = None  # a text of the room itself, as a key with values


@dataclass(slots=True)
class Forecast:
    """One person's probability `p`, 0 to 1, that a question of a turn will be answered by yes."""

    seat: str
    who: str
    turn: int
    question: str
    p: float
    at: int


@dataclass(slots=True)
class Inject:
    """An event that control puts into the game; `to` is who reads its text."""

    n: int
    by: str
    turn: int
    event: dict[str, Any]  # week counts from the start of its turn
    to: list[str]
    at: int
    status: InjectStatus = "waiting"
    move: int = 0
    card: str = ""  # the card that it was drawn as
    order: dict[str, Any] | None = None  # seat, lever and value that a card brings


@dataclass(slots=True)
class Move:
    """A move outside the levers: a claim with arguments, judged by control, settled by a die."""

    n: int
    seat: str
    turn: int
    claim: str
    pro: list[str]
    con: list[str]
    at: int
    probability: float | None = None
    die: float | None = None
    success: bool | None = None
    why: str = ""
    shown: bool = False  # control has made the claim and its outcome public


@dataclass(slots=True)
class Note:
    """What a seat has written down for the review, or control for itself."""

    seat: str
    who: str
    turn: int
    kind: str
    text: str
    at: int


@dataclass(slots=True)
class Room:
    """The whole of a room. `played` are the inputs of turns that count, in order."""

    code: str = ""
    scenario: str = ""
    seed: int = 0
    salt: str = ""  # goes into dice; nobody in the room knows it before the reveal
    turns: int = 0
    last_turn: int = 0  # earlier than `turns` where the end is drawn by lot
    turn_seconds: int | None = None
    language: str = "en"
    users: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    offered: int = 0  # seats that people could join when the room was made
    made: int = 0
    chairs: dict[str, Chair] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    facilitators: dict[str, dict[str, Any]] = field(default_factory=dict)  # name, rights
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)  # who asks to come back
    phase: str = LOBBY
    turn: int = 0
    practice: bool = False
    paused: bool = False
    deadline: int | None = None  # ms, server's clock
    left: int | None = None  # ms that are left while the clock stands
    opened: int = 0  # when the turn was opened
    began: int = 0  # when the first turn was, practice or not
    deals: dict[int, Deal] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    forecasts: dict[str, Forecast] = field(default_factory=dict)
    injects: dict[int, Inject] = field(default_factory=dict)
    moves: dict[int, Move] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    played: list[dict[str, Any]] = field(default_factory=list)
    rehearsal: dict[str, Any] | None = None  # inputs of the practice turn
    digests: dict[int, str] = field(default_factory=dict)  # of results, by turn
    stuck: bool = False  # the turn that is closed cannot be played at the moment
    differing: dict[int, str] = field(default_factory=dict)  # other results of turns, as told
    closed: dict[int, dict[str, Any]] = field(default_factory=dict)  # how each turn ended
    undone: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[int, dict[str, Any]] = field(default_factory=dict)  # what undo puts back
    revealed: bool = False
    scene: str = ""  # of the wall, as control has chosen it
    scene_over: str = ""  # for how long: see `runs.room.scenes`
    step: int = 0  # of the reveal, from 0
    branch: dict[str, Any] | None = None  # what if: the one that was played last after the reveal
    names_shown: bool = False
    looks: dict[str, dict[str, int]] = field(default_factory=dict)  # last turn, by who and at whom
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)  # replies by who and id
    asked: dict[str, str] = field(default_factory=dict)  # kind and content, likewise
    model: int = 1  # of the world's rules, by which its turns are played
    machine: dict[str, Any] = field(default_factory=dict)  # where it was played last
    machines: dict[int, dict[str, Any]] = field(default_factory=dict)  # where each turn was
    figures: dict[int, dict[str, float]] = field(default_factory=dict)  # of turns, to compare
    version: int = 0
    count: int = 0  # of deals, injects and moves: numbers are never used again

    @property
    def week(self) -> int:
        """First week of the turn that is open, or weeks played at the end."""
        if self.practice or self.phase == LOBBY:
            return 0
        return QUARTER * (len(self.played) - (self.phase == RESOLVING))

    @property
    def alone(self) -> bool:
        """Whether the room is for one person, who is seat and facilitator at once."""
        return self.options.get("team_size") == 1 and self.offered == 1

    def next_number(self) -> int:
        self.count += 1
        return self.count

    def seat_of(self, who: str) -> str:
        person = self.people.get(who)
        return person.seat if person else ""

    def digest(self) -> str:
        """SHA-256 over everything; equal rooms have equal digests."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
