"""The exported zip of a room that bots have played through the real door, looked through.

    python -m runs.room.trial.zips --people 12 --turns 3

Every table has the columns of its schema, each with a unit and a meaning; CSV and Parquet hold the
same; no name of a person is in either unless asked for; the game's own tables are described too;
the room played again from its log is the same to the bit, and so is the run in the zip.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.room.desk import play_again
from runs.room.trial.bots import play_class
from runs.room.trial.client import Server, running, tell
from runs.room.trial.wire import Wire

if TYPE_CHECKING:
    import pandas as pd

Frames = dict[str, "pd.DataFrame"]


def unpacked(body: bytes) -> tuple[Frames, dict[str, bytes]]:
    """Tables of a zip by path without ending, and its other files."""
    import pandas as pd

    tables: Frames = {}
    others: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        for path in files.namelist():
            raw, (stem, _, ending) = files.read(path), path.rpartition(".")
            if ending == "csv":
                tables[stem] = pd.read_csv(io.BytesIO(raw), keep_default_na=False, dtype=str)
            elif ending == "parquet":
                tables[stem] = pd.read_parquet(io.BytesIO(raw))
            else:
                others[path] = raw
    return tables, others


def undescribed(tables: Frames, schema: dict[str, Any]) -> list[str]:
    """Columns that the schema does not know, knows in another order, or says too little of."""
    wrong = []
    for path, frame in tables.items():
        table = path.rpartition("/")[2]
        told = schema["run" if path.startswith("run/") else "room"].get(table, {})
        if list(frame.columns) != list(told):
            wrong.append(f"{path}: {sorted(set(frame.columns) ^ set(told)) or 'order'}")
        wrong += [
            f"{path}.{name}" for name, column in told.items()
            if not column["unit"].strip() or not column["meaning"].strip()
        ]  # fmt: skip
    return wrong


def unlike(csv: Frames, parquet: Frames) -> list[str]:
    """Tables of the room that are not the same in both forms, cell by cell."""
    wrong = []
    for path in sorted(path for path in {*csv, *parquet} if not path.startswith("run/")):
        if path not in csv or path not in parquet or len(csv[path]) != len(parquet[path]):
            wrong.append(path)
            continue
        for name in parquet[path].columns:
            pairs = zip(csv[path][name], parquet[path][name], strict=True)
            if not all(_same(text, value) for text, value in pairs):
                wrong.append(f"{path}.{name}")
    return wrong


def _same(text: str, value: Any) -> bool:
    """A cell of a CSV file against a value; a guarded text has an apostrophe in front."""
    if value is None or value != value:  # NaN
        return text == ""
    if isinstance(value, str):
        return text in (value, f"'{value}") or text.replace("\r\n", "\n") == value
    if isinstance(value, bool) or str(value) in ("True", "False"):
        return text == str(value)
    return text != "" and float(text) == float(value)


async def _play(server: Server, people: int, turns: int) -> tuple[str, dict[str, bytes]]:
    played = await play_class(server.address, people, turns, users=500)
    wire = Wire(server.address, patience=120.0)
    zips = {}
    for form, names in (("csv", "no"), ("parquet", "no"), ("csv", "yes")):
        where = f"/api/rooms/{played['code']}/export?format={form}&names={names}"
        answer = await wire.ask("GET", where, played["made"]["facilitator_token"])
        zips[f"{form} {names}"] = answer.body
    wire.close()
    return str(played["code"]), zips


def look(server: Server, folder: Path, people: int, turns: int) -> dict[str, Any]:
    """Figures, and what is wrong by kind: empty lists and true answers if all is well."""
    code, zips = asyncio.run(_play(server, people, turns))
    csv, others = unpacked(zips["csv no"])
    parquet, _ = unpacked(zips["parquet no"])
    schema = json.loads(others["schema.json"])
    named = {key: _holds(body, "Bot ") for key, body in zips.items()}
    run = folder / "run"
    with zipfile.ZipFile(io.BytesIO(zips["csv no"])) as files:
        for path in (path for path in files.namelist() if path.startswith("run/")):
            files.extract(path, folder)
    verdict = play_again(server.store, code)
    return {
        "people": people, "turns": turns, "tables": len(csv),
        "columns": sum(len(frame.columns) for frame in csv.values()),
        "rows": sum(len(frame) for path, frame in csv.items() if not path.startswith("run/")),
        "undescribed": undescribed(csv, schema) + undescribed(parquet, schema),
        "unlike": unlike(csv, parquet), "names_found_in": [k for k, has in named.items() if has],
        "report": "report.html" in others, "room_again": verdict.text,
        "room_same": verdict.same, "run_again": _replayed(run),
    }  # fmt: skip


def _holds(body: bytes, word: str) -> bool:
    """Whether a person's name stands in a table of people, or anywhere as a JSON name."""
    tables, others = unpacked(body)
    texts = [frame.to_csv() for path, frame in tables.items() if path in ("people", "commands")]
    texts += [raw.decode("utf-8", "replace") for raw in others.values()]
    people = tables["people"]["name"].astype(str)
    return bool((people != "").any()) or any(f'""name"": ""{word}' in text for text in texts)


def _replayed(run: Path) -> str:
    """What `entrepot replay` says of the run in the zip."""
    from runs.replay import replay

    return str(replay(run).text)


def good(found: dict[str, Any]) -> bool:
    return bool(
        not found["undescribed"] and not found["unlike"] and found["report"]
        and found["names_found_in"] == ["csv yes"] and found["room_same"]
        and found["run_again"].startswith("identical")
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Looks through the zip of a played room.")
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--turns", type=int, default=3)
    args = parser.parse_args()
    with running() as server:
        found = look(server, server.store.parent, args.people, args.turns)
    tell(found, good(found))


if __name__ == "__main__":
    main()
