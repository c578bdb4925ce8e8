"""Turns as they are kept for a later model, and a room of an earlier one out of them.

The weeks of a turn are kept as the tables of a run's folder in single precision, seven digits,
which takes two fifths of the place: they are looked at and never played on.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.room.sameness import other_model
from runs.room.say import Say

if TYPE_CHECKING:
    import pandas as pd

    from runs.play import Play
    from runs.room.log.results import Kept, Results
    from runs.room.state import Room
    from runs.room.view import Picture
    from world.scenario import Scenario

log = logging.getLogger(__name__)

LEVEL = 9  # of zstd: what is written once a turn may be packed well
PLAIN = re.compile(r"[a-z_]+\.(parquet|toml)\Z")
MOST_MB = 64  # of one turn's tables, unpacked


# --- when a turn has been played ------------------------------------------------------------------


def turn_tables(game: Play, first: int, until: int) -> bytes:
    """The weeks from ``first`` to before ``until`` as a zip: a Parquet file a table, what
    ``run.toml`` says of the game so far, and the scenario's text."""
    from runs.about import about
    from runs.recorder import RUN_FILE, SCENARIO_FILE, to_toml

    part = game.recorder.part(first, until)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:  # Parquet is packed itself
        for table in part.held:
            archive.writestr(f"{table}.parquet", _small(part.frame(table)))
        told = {**about(game), "weeks": until, "digits": 7}
        for name, text in ((RUN_FILE, to_toml(told)), (SCENARIO_FILE, game.plan.text)):
            archive.writestr(name, text, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def _small(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    figures = [name for name in frame.columns if frame[name].dtype == "float64"]
    table = pa.Table.from_pandas(
        frame.astype(dict.fromkeys(figures, "float32")), preserve_index=False
    )
    out = io.BytesIO()
    pq.write_table(
        table, out, compression="zstd", compression_level=LEVEL,
        use_dictionary=[name for name in frame.columns if name not in figures],
        use_byte_stream_split=figures,
    )  # fmt: skip
    return out.getvalue()


# --- when another model has the log ---------------------------------------------------------------


def kept_of(results: Results, room: Room) -> list[Kept]:
    """The opening and the turns after it, up to the first of which nothing is kept, or something
    else than what the log says was played."""
    found: list[Kept] = []
    for one in results.read(room.code):
        known = one.turn == 0 or room.digests.get(one.turn) == one.digest
        if one.turn != len(found) or one.turn > len(room.played) or not known:
            break
        found.append(one)
    return found


def kept_picture(room: Room, plan: Scenario, kept: list[Kept]) -> Picture:
    """The room with the results that were kept, as far as these pages can show them; without any
    where they cannot."""
    from runs.room.log.results import SHOWN
    from runs.room.review import review
    from runs.room.verdict import story
    from runs.room.view import Picture, seat_view

    shown = [one for one in kept if one.form in SHOWN]
    found = {one.turn: one.causes for one in shown if one.causes is not None}
    picture = Picture(room, plan, 0, [one.result for one in shown], None, found)
    try:
        views = (seat_view(picture, seat) for seat in room.chairs)
        json.dumps([review(picture, True), story(picture), *views])
    except Exception:  # results are of whatever form that model gave them
        log.warning("room %s: its results cannot be shown here", room.code, exc_info=True)
        return Picture(room, plan, 0, [], None, {})
    return picture


def write_run(kept: list[Kept], folder: Path) -> Path | None:
    """A run's folder with the weeks of all turns whose tables are kept; None where there are none
    or they are damaged."""
    import pandas as pd

    from runs.recorder import RUN_FILE, SCENARIO_FILE

    parts: dict[str, list[pd.DataFrame]] = {}
    texts: dict[str, bytes] = {}
    for one in kept[1:]:
        if one.tables is None:
            break
        try:
            opened = _opened(one.tables)
            frames = {
                name: pd.read_parquet(io.BytesIO(body))
                for name, body in opened.items() if name.endswith(".parquet")
            }  # fmt: skip
        except Exception:  # pyarrow and zipfile have many ways to dislike a file
            break
        for name, frame in frames.items():
            parts.setdefault(name, []).append(frame)
        texts = {name: opened[name] for name in (SCENARIO_FILE, RUN_FILE) if name in opened}
    if RUN_FILE not in texts:
        return None
    folder.mkdir(parents=True)
    for name, frames_of in parts.items():
        whole = pd.concat(frames_of, ignore_index=True)
        figures = [column for column in whole.columns if whole[column].dtype == "float32"]
        whole = whole.astype(dict.fromkeys(figures, "float64"))
        whole.to_parquet(folder / name, engine="pyarrow", compression="zstd", index=False)
    for name, body in texts.items():  # run.toml last: with it the folder is complete
        (folder / name).write_bytes(body)
    return folder


def _opened(tables: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(tables)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > MOST_MB * 2**20:
            raise ValueError("larger than a turn is")
        return {info.filename: archive.read(info) for info in infos if PLAIN.match(info.filename)}


def note_of(picture: Picture) -> Say | None:
    """The sentence on a room of another model; None for one of this."""
    if other_model(picture.room) is None:
        return None
    return told_of(picture.room, max(0, len(picture.results) - 1))


def told_of(room: Room, turns: int) -> Say:
    """One sentence on a room of another model of which the results of ``turns`` turns are kept."""
    values: dict[str, Any] = {"code": room.code, "n": room.model, "turns": turns,
                              "played": len(room.played)}  # fmt: skip
    return Say("stored.room" if turns >= len(room.played) else "stored.room_part", values)
