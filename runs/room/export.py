"""One zip with everything that happened in a room: tables, what their columns mean, the run, and
a report to read.

Names of people are left out unless they are asked for; handles such as p3 stay, so that what one
person did can be followed. Tokens are no part of any command and cannot be here; nor are the ids
of those who joined or came back, with which the door knows who sends the same call again.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.about import package_version
from runs.room.afteraction import report_html
from runs.room.commands import DOOR, Command
from runs.room.deals import given_by, in_words
from runs.room.forecasts import quadratic
from runs.room.kept import note_of
from runs.room.roster import lever_unit
from runs.room.schema import SCHEMA, described
from runs.room.view import Picture
from world import levers

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
A_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z")
# at the beginning of a line, full-width as programs in East Asia take them too
STARTS_A_FORMULA = re.compile(
    r"(\A|\r\n|[\r\n\v\f\x85\u2028\u2029])(?=[\s\x00]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
)
DATA = Path(levers.__file__).parent / "data"


def export_zip(
    commands: list[Command], picture: Picture, form: str, names: bool, run: Path | None = None
) -> bytes:
    """The zip's bytes; ``run`` is a folder of the game itself, which the watch page opens."""
    import pandas as pd

    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, columns in SCHEMA.items():
            rows = map(_with_time, TABLES[table](commands, picture, names))
            frame = _typed(pd.DataFrame(list(rows), columns=list(columns)))
            archive.writestr(f"{table}.{form}", _bytes(frame, form))
        schema = described(picture.plan.allowance)
        archive.writestr("schema.json", json.dumps(schema, indent=1, ensure_ascii=False))
        archive.writestr("report.html", report_html(commands, picture))
        about = json.dumps(_about(picture, names), indent=1, ensure_ascii=False)
        archive.writestr("room.json", about)
        if run is not None:
            for path in sorted(run.iterdir()):
                archive.write(path, f"run/{path.name}")
    return body.getvalue()


def _bytes(frame: pd.DataFrame, form: str) -> bytes:
    out = io.BytesIO()
    if form == "parquet":
        frame.to_parquet(out, engine="pyarrow", compression="zstd", index=False)
    else:  # table programs know UTF-8 by the three bytes in front alone
        safe = frame.map(lambda v: harmless(v) if isinstance(v, str) else v)
        safe.to_csv(out, index=False, quoting=csv.QUOTE_MINIMAL, encoding="utf-8-sig")
    return out.getvalue()


def harmless(text: str) -> str:
    """A text of which a table program runs no line: what begins like a formula gets a mark in
    front. Numbers stay as they are."""
    return text if A_NUMBER.match(text) else STARTS_A_FORMULA.sub(r"\1'", text)


def _with_time(row: Row) -> Row:
    """The row with its time as text beside that in milliseconds."""
    if "at_ms" not in row:
        return row
    try:
        when = datetime.datetime.fromtimestamp(row["at_ms"] / 1000, datetime.UTC)
    except (ValueError, OverflowError, OSError):  # of a clock that was set to no year of ours
        return {**row, "at": ""}
    return {**row, "at": when.isoformat(timespec="seconds").replace("+00:00", "Z")}


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns that hold words alone as words, also where there is no row."""
    for name in frame.columns:
        if frame[name].map(lambda value: isinstance(value, str)).all():
            frame[name] = frame[name].astype("str")
    return frame


def _about(picture: Picture, names: bool) -> Row:
    room = picture.room
    other = note_of(picture)
    return {
        "room": room.code, "model": room.model, "note": other.english if other else "",
        "scenario": room.scenario, "scenario_digest": picture.plan.digest,
        "seed": room.seed, "users": room.users, "turns_played": len(room.played),
        "turns": room.turns, "last_turn": room.last_turn, "language": room.language,
        "options": room.options, "names": names, "package_version": package_version(),
        "digests": room.digests, "state_digest": room.digest(), "undone": room.undone,
    }  # fmt: skip


# --- the tables ---------------------------------------------------------------------------------


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _commands(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for n, command in enumerate(commands, start=1):
        data = dict(command.data)
        if not names and "name" in data:
            data["name"] = ""
        if not picture.room.revealed:  # with it the dice of coming moves could be worked out
            data.pop("salt", None)
        seat = data.get("seat") or picture.room.seat_of(command.who)
        ident = "" if command.kind in DOOR else command.id
        yield {"n": n, "id": ident, "kind": data.get("action", command.kind),
               "who": command.who, "seat": seat if isinstance(seat, str) else "",
               "turn": command.turn, "at_ms": command.at, "data": _json(data)}  # fmt: skip


def _states(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    played = picture.room.played
    for turn, result in enumerate(picture.results[: len(played) + 1]):
        by = played[turn - 1]["seats"] if turn else {}
        for seat, own in result["seats"].items():
            report = own["report"]
            yield {"turn": turn, "week": result["week"], "date": result["public"]["date"],
                   "seat": seat, "played_by": by.get(seat, "ai"), **own["gauges"],
                   "gdp_loss_share": report.get("gdp_loss"), "budget_usd": report.get("budget_usd"),
                   "report": _json(report)}  # fmt: skip


def _orders(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for inputs in picture.room.played:
        for order in inputs["orders"]:
            yield {"turn": inputs["turn"], "week": inputs["week"], "seat": order["actor"],
                   "played_by": inputs["seats"][order["actor"]], "lever": order["lever"],
                   "value": order["value"], "unit": lever_unit(order["lever"]),
                   "why": order["why"]}  # fmt: skip


def _deals(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    moved = [t for result in picture.results for t in result["transfers"]]
    for deal in picture.room.deals.values():
        own = [t for t in moved if t["deal"] == deal.n]
        row = asdict(deal)
        words = " ".join(in_words(s, c) for s in deal.parties for c in given_by(deal, s))
        yield {**row, "to": _json(deal.to), "signed": _json(deal.signed), "words": words,
               "gives": _json(deal.gives), "gets": _json(deal.gets), "at_ms": deal.at,
               "promised_t": sum(t["promised_t"] for t in own),
               "moved_t": sum(t["moved_t"] for t in own)}  # fmt: skip


def _messages(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for message in picture.room.messages:
        yield {**asdict(message), "to": _json(message.to), "at_ms": message.at}


def _forecasts(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for one in picture.room.forecasts.values():
        known = 0 < one.turn < len(picture.results)
        came = picture.results[one.turn]["public"]["outcomes"].get(one.question) if known else None
        score = None if came is None else quadratic(one.p, came)
        yield {**asdict(one), "came_true": came, "score": score, "at_ms": one.at}


def _injects(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for inject in picture.room.injects.values():
        event = inject.event
        yield {**asdict(inject), "to": _json(inject.to), "at_ms": inject.at, "kind": event["kind"],
               "actor": event["actor"], "target": event["target"], "text": event["text"],
               "data": _json(event["data"]), "order": _json(inject.order)}  # fmt: skip


def _moves(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for move in picture.room.moves.values():
        yield {**asdict(move), "pro": _json(move.pro), "con": _json(move.con), "at_ms": move.at}


def _notes(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    return ({**asdict(note), "at_ms": note.at} for note in picture.room.notes)


def _events(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for turn, result in enumerate(picture.results[: len(picture.room.played) + 1]):
        for line in result["happenings"]:
            yield {"turn": turn, **line}


def _causes(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for turn, found in sorted(picture.causes.items()):
        for seat, result in found["seats"].items():
            for rank, row in enumerate(result.get("steps", result["causes"]), start=1):
                yield {"turn": turn, "seat": seat, "rank": rank, **row}


def _people(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    for person in picture.room.people.values():
        yield {**asdict(person), "name": person.name if names else "", "at_ms": person.at}


def _parameters(commands: list[Command], picture: Picture, names: bool) -> Iterable[Row]:
    with (DATA / "parameters.csv").open(newline="", encoding="utf-8") as handle:
        known = {row["parameter"]: row for row in csv.DictReader(handle)}
    for name, value in picture.plan.parameters.items():
        row = known.get(name, {})
        yield {"name": name, "value": value, "default": row.get("default"),
               "unit": row.get("unit", ""), "meaning": row.get("meaning", ""),
               "source": row.get("source", "")}  # fmt: skip


TABLES: dict[str, Callable[[list[Command], Picture, bool], Iterable[Row]]] = {
    "commands": _commands, "states": _states, "orders": _orders, "deals": _deals,
    "messages": _messages, "forecasts": _forecasts, "injects": _injects, "moves": _moves,
    "notes": _notes, "events": _events, "causes": _causes, "people": _people,
    "parameters": _parameters,
}  # fmt: skip
