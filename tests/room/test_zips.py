"""The exported zip: described column by column, the same in both forms, without names, and played
again to the bit. `python -m runs.room.trial.zips` does it with more people and turns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from runs.room.schema import described
from runs.room.trial.client import Server
from runs.room.trial.zips import good, look, undescribed, unlike


def test_a_played_room_comes_out_whole(server: Server, tmp_path: Path) -> None:
    found = look(server, tmp_path, people=4, turns=1)
    assert good(found), found
    assert found["rows"] > 100


def test_what_is_not_described_is_found() -> None:
    schema = described()
    names = list(schema["room"]["notes"])
    assert undescribed({"notes": pd.DataFrame(columns=names)}, schema) == []
    assert undescribed({"notes": pd.DataFrame(columns=[*names, "mood"])}, schema)
    assert undescribed({"run/zones": pd.DataFrame(columns=["week"])}, schema)
    schema["room"]["notes"]["text"]["unit"] = ""
    assert undescribed({"notes": pd.DataFrame(columns=names)}, schema) == ["notes.text"]


def test_cells_that_differ_are_found() -> None:
    right = {"notes": pd.DataFrame({"turn": [1, 2], "text": ["=a", "b"]})}
    text = {"notes": pd.DataFrame({"turn": ["1", "2"], "text": ["'=a", "b"]})}
    assert unlike(text, right) == []
    text["notes"].loc[1, "turn"] = "3"
    assert unlike(text, right) == ["notes.turn"]
    assert unlike({"notes": text["notes"][:1]}, right) == ["notes"]


def test_every_column_of_the_schema_has_a_unit_and_a_meaning() -> None:
    for part in described().values():
        for table, columns in part.items():
            for name, column in columns.items():
                assert column["unit"].strip(), (table, name)
                assert column["meaning"].strip(), (table, name)
