"""Rooms without a server: listed, exported, played again from the log alone."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from room_play import SETUP, Play

from runs.room.address import base_address, join_address, qr_svg, qr_terminal
from runs.room.desk import export, play_again, rooms
from runs.room.log import Entry, Store, StoreError
from runs.room.table import Table


def logged(path: Path) -> Play:
    """A room of two turns in a log, with the digests that the world has given."""
    play = Play(users=400, setup={**SETUP, "users": 400})
    korea = play.join("KOR", "Kim Unseen")
    play.control("start", practice=False)
    table = Table({**SETUP, "users": 400})
    for value in (0.2, 0.9):
        play.order(korea, "hub_policing", value)
        play.say("server", "close", play.room.turn, why="deadline")
        digest = table.play(play.room.played)[-1]["digest"]
        play.say("server", "resolved", play.room.turn, digest=digest)
    store = Store(path)
    store.append([Entry("AAAAA", command.body(), {"tokens": []}) for command in play.log])
    store.close()
    return play


def test_a_room_is_listed_played_again_and_exported(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    play = logged(path)
    row = rooms(path)[0]
    assert (row["room"], row["played"], row["people"]) == ("AAAAA", 2, 1)
    verdict = play_again(path, "aaaaa")
    assert (verdict.same, verdict.text) == (True, "identical, 2 turns, 26 weeks")
    for form in ("csv", "parquet"):
        out = tmp_path / form
        files = {file.name for file in export(path, "AAAAA", out, form)}
        assert {f"orders.{form}", "schema.json", "room.json", "run.toml"} <= files
        schema = json.loads((out / "schema.json").read_text())
        for table, columns in schema.items():
            file = out / f"{table}.{form}"
            frame = pd.read_csv(file) if form == "csv" else pd.read_parquet(file)
            assert list(frame.columns) == list(columns), table
        texts = [file.read_bytes() for file in out.rglob("*") if file.is_file()]
        assert not any(b"Kim Unseen" in text for text in texts)
    orders = pd.read_parquet(tmp_path / "parquet" / "orders.parquet")
    assert orders["value"].tolist() == [0.2, 0.9]
    commands = pd.read_parquet(tmp_path / "parquet" / "commands.parquet")
    assert len(commands) == len(play.log)
    with pytest.raises(StoreError, match="is not empty"):
        export(path, "AAAAA", tmp_path / "csv")


def test_a_log_that_says_otherwise_is_found_out(tmp_path: Path) -> None:
    play = Play(users=400, setup={**SETUP, "users": 400})
    play.join("KOR")
    play.control("start", practice=False)
    play.close()  # with a digest that the world never gave
    store = Store(tmp_path / "rooms.db")
    store.append([Entry("AAAAA", command.body()) for command in play.log])
    store.close()
    verdict = play_again(tmp_path / "rooms.db", "AAAAA")
    assert (verdict.same, verdict.text) == (False, "differs in turn 1.")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no room log"):
        rooms(tmp_path / "none.db")
    logged(tmp_path / "rooms.db")
    with pytest.raises(StoreError, match="it holds AAAAA"):
        play_again(tmp_path / "rooms.db", "BBBBB")


def test_addresses_and_their_picture() -> None:
    assert base_address("127.0.0.1", 8765) == "http://127.0.0.1:8765"
    assert base_address("0.0.0.0", 80).startswith("http://")
    address = join_address("http://10.0.0.5:8765/", "KX7MA")
    assert address == "http://10.0.0.5:8765/j/KX7MA"
    assert qr_svg(address).startswith("<?xml")
    assert len(qr_terminal(address).splitlines()) > 10
