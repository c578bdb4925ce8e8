"""The tables of an exported room: their columns in order, each with its unit and meaning.

The folder `run` beside them is the game itself; its tables stand in `runs.tables`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from runs import tables as run_tables


class Column(NamedTuple):
    """`unit` is a unit of measure, or what kind of text stands there."""

    unit: str
    meaning: str


C = Column
AT = C("ISO time", "the same time as text, UTC")
SCHEMA: dict[str, dict[str, Column]] = {
    "commands": {
        "n": C("count", "place in the log of the room, from 1"),
        "id": C("text", "id that the client made; empty for who joins or comes back"),
        "kind": C("word", "what was done"),
        "who": C("handle", "handle of a person or facilitator; server for itself"),
        "seat": C("seat", "seat for which it was done"),
        "turn": C("turn", "turn in which it was done; 0 is practice"),
        "at_ms": C("ms since 1970 UTC", "server's clock, milliseconds since 1970 UTC"),
        "at": AT,
        "data": C("JSON", "content of the command"),
    },
    "states": {
        "turn": C("turn", "turn after which this held; 0 is the start"),
        "week": C("week", "weeks played"),
        "date": C("ISO date", "Monday of the next week"),
        "seat": C("seat", "actor"),
        "played_by": C("word", "person, caretaker or ai"),
        "supply": C("share", "gauge of supply, 0 to 1"),
        "autonomy": C("share", "gauge of autonomy, 0 to 1"),
        "standing": C("share", "gauge of standing, 0 to 1"),
        "gdp_loss_share": C("share of GDP", "share of GDP lost in the last week"),
        "budget_usd": C("USD", "USD since the start"),
        "report": C("JSON", "all that the seat's report held"),
    },
    "orders": {
        "turn": C("turn", "turn of the order"),
        "week": C("week", "week in which it was given"),
        "seat": C("seat", "who ordered"),
        "played_by": C("word", "person, caretaker or ai"),
        "lever": C("lever", "full name"),
        "value": C("unit of the lever", "in the unit"),
        "unit": C("word", "unit of the lever"),
        "why": C("text", "reason that the seat gave"),
    },
    "deals": {
        "n": C("count", "number"),
        "by": C("seat", "who offered"),
        "to": C("JSON", "list of seats"),
        "status": C("word", "at the end"),
        "secret": C("yes or no", "known to its parties only"),
        "from_turn": C("turn", "as offered"),
        "turns": C("turns", "length"),
        "start": C("turn", "first turn in force"),
        "last": C("turn", "last turn in force"),
        "exit": C("turns", "turns of notice"),
        "left_by": C("seat", "who gave notice"),
        "signed": C("JSON", "list of seats"),
        "words": C("text", "clauses in words"),
        "gives": C("JSON", "clauses of who offered"),
        "gets": C("JSON", "clauses of each party that it was offered to"),
        "text": C("text", "note of the offer"),
        "promised_t": C("t", "tonnes of stock due over all turns"),
        "moved_t": C("t", "tonnes that changed hands"),
        "at_ms": C("ms since 1970 UTC", "when it was offered"),
        "at": AT,
    },
    "messages": {
        "n": C("count", "number"),
        "turn": C("turn", "turn"),
        "by": C("seat or control", "seat or control"),
        "who": C("handle", "handle"),
        "to": C("JSON", "readers: seats, control or all"),
        "text": C("text", "text"),
        "at_ms": C("ms since 1970 UTC", "server's clock"),
        "at": AT,
    },
    "forecasts": {
        "turn": C("turn", "turn that it is about"),
        "seat": C("seat", "seat"),
        "who": C("handle", "handle"),
        "question": C("word", "question"),
        "p": C("probability", "probability"),
        "came_true": C("yes or no", "outcome, empty if the turn was not played"),
        "score": C("share", "1 - (p - outcome)^2"),
        "at_ms": C("ms since 1970 UTC", "server's clock"),
        "at": AT,
    },
    "injects": {
        "n": C("count", "number"),
        "turn": C("turn", "turn"),
        "by": C("handle", "facilitator"),
        "kind": C("word", "kind of event"),
        "actor": C("seat", "who acts"),
        "target": C("seat", "whom it hits"),
        "text": C("text", "text"),
        "to": C("JSON", "list of readers"),
        "data": C("JSON", "effect"),
        "status": C("word", "waiting, shown, done or retracted"),
        "move": C("count", "move that it follows from, 0 for none"),
        "at_ms": C("ms since 1970 UTC", "server's clock"),
        "at": AT,
        "card": C("word", "inject card that it was drawn as, empty for none"),
        "order": C("JSON", "order that came with it: seat, lever, value; null for none"),
    },
    "moves": {
        "n": C("count", "number"),
        "turn": C("turn", "turn"),
        "seat": C("seat", "seat"),
        "claim": C("text", "claim"),
        "pro": C("JSON", "reasons for"),
        "con": C("JSON", "reasons against"),
        "probability": C("probability", "set by control"),
        "die": C("share", "from the logged seed and the salt of the room"),
        "success": C("yes or no", "die below probability"),
        "why": C("text", "control's reason"),
        "at_ms": C("ms since 1970 UTC", "server's clock"),
        "at": AT,
    },
    "notes": {
        "turn": C("turn", "turn"),
        "seat": C("seat", "seat"),
        "who": C("handle", "handle"),
        "kind": C("word", "kind"),
        "text": C("text", "text"),
        "at_ms": C("ms since 1970 UTC", "server's clock"),
        "at": AT,
    },
    "events": {
        "turn": C("turn", "turn"),
        "week": C("week", "week"),
        "date": C("ISO date", "Monday"),
        "kind": C("word", "kind"),
        "actor": C("seat", "who acted"),
        "target": C("word", "whom it concerns"),
        "text": C("text", "one sentence; public happenings"),
    },
    "causes": {
        "turn": C("turn", "turn"),
        "seat": C("seat", "seat"),
        "rank": C("count", "place among the steps of the turn, from 1; they add up in this order"),
        "kind": C("word", "kind of cause; quiet is what a quarter without any would have brought"),
        "actor": C("seat", "whose"),
        "lever": C("lever", "own lever that was ordered, without its index"),
        "what": C("text", "text of an inject or event"),
        "supply": C("change of a gauge", "what it gave the gauge of supply"),
        "autonomy": C("change of a gauge", "what it gave the gauge of autonomy"),
        "standing": C("change of a gauge", "what it gave the gauge of standing"),
        "score": C("change of a gauge", "mean of the three"),
        "loss_usd": C("USD", "USD of output lost through it in the turn"),
        "n": C("count", "number of the inject, deal or event, or of actors put together"),
    },
    "people": {
        "who": C("handle", "handle"),
        "name": C("text", "empty unless names were asked for"),
        "seat": C("seat", "seat at the end"),
        "job": C("text", "job in the team"),
        "at_ms": C("ms since 1970 UTC", "when they joined"),
        "at": AT,
        "gone": C("yes or no", "left or taken out"),
    },
    "parameters": {
        "name": C("word", "parameter"),
        "value": C("unit of the parameter", "value in this room"),
        "default": C("unit of the parameter", "value of the table"),
        "unit": C("word", "unit"),
        "meaning": C("text", "meaning"),
        "source": C("text", "where it is from"),
    },
}


def described(allowance: bool = False) -> dict[str, Any]:
    """The schema as the zip holds it: `room` by table and column, `run` for the game's folder,
    with the columns of a purse where an allowance binds."""
    room = {
        table: {name: column._asdict() for name, column in columns.items()}
        for table, columns in SCHEMA.items()
    }
    return {"room": room, "run": run_schema(allowance)}


KEYS = {
    "week": Column("week", "week of the game, from 0"),
    "date": Column("ISO date", "Monday of the week"),
    "material": Column("word", "material"),
    "zone": Column("word", "zone"),
    "from_zone": Column("word", "zone that sends"),
    "to_zone": Column("word", "zone that gets"),
    "channel": Column("word", "china, grey, other, recycled or stockpile"),
    "hub": Column("word", "hub"),
    "group": Column("word", "goods other than minerals"),
    "producer": Column("word", "plant"),
    "stage": Column("word", "what the plant makes: ore, oxide, metal or magnets"),
    "firm": Column("word", "firm with a seat"),
    "kind": Column("word", "kind of actor"),
    "agent": Column("word", "actor"),
}


def run_schema(allowance: bool) -> dict[str, Any]:
    """Columns of the game's own tables by file; a unit stands before the first semicolon."""
    found: dict[str, Any] = {}
    for table, spec in run_tables.TABLES.items():
        columns = {name: KEYS[name]._asdict() for name in ("week", "date", *spec.keys)}
        for name in spec.values if allowance else spec.always:
            text = spec.values[name]
            unit, _, meaning = text.partition("; ")
            columns[name] = {"unit": unit, "meaning": meaning or text}
        found[table] = columns
    return found
