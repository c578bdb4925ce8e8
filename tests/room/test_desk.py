"""Rooms without a server: listed, exported, played again from the log alone."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from room_play import SETUP, Play

from runs.room.address import (
    base_address,
    join_address,
    page_address,
    qr_svg,
    qr_terminal,
    reached_at,
)
from runs.room.cli import add_commands, replay_room
from runs.room.desk import export, play_again, rooms
from runs.room.log import Entry, Store, StoreError
from runs.room.table import Table

DOOR_ID = "an-id-that-opens-a-seat"  # whoever knows it and the name gets the token again


def logged(path: Path) -> Play:
    """A room of two turns in a log, with the digests that the world has given."""
    play = Play(users=400, setup={**SETUP, "users": 400})
    joined = play.say("", "join", ident=f"{DOOR_ID}-1", name="Kim Unseen", seat="KOR", job="")
    korea = joined["person"]
    play.say("", "request", ident=f"{DOOR_ID}-2", name="Kim Unseen", seat=None)
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
        assert {f"orders.{form}", "schema.json", "room.json", "run.toml", "report.html"} <= files
        schema = json.loads((out / "schema.json").read_text())
        for table, columns in schema["room"].items():
            file = out / f"{table}.{form}"
            frame = pd.read_csv(file) if form == "csv" else pd.read_parquet(file)
            assert list(frame.columns) == list(columns), table
        texts = [file.read_bytes() for file in out.rglob("*") if file.is_file()]
        assert not any(b"Kim Unseen" in text for text in texts)
        assert not any(DOOR_ID.encode() in text for text in texts)
    orders = pd.read_parquet(tmp_path / "parquet" / "orders.parquet")
    assert orders["value"].tolist() == [0.2, 0.9]
    commands = pd.read_parquet(tmp_path / "parquet" / "commands.parquet")
    assert len(commands) == len(play.log)
    with pytest.raises(StoreError, match="is not empty"):
        export(path, "AAAAA", tmp_path / "csv")


def test_a_csv_opens_right_in_a_table_program_and_runs_nothing(tmp_path: Path) -> None:
    play = Play(users=300, setup={**SETUP, "users": 300})
    korea = play.join("KOR", "김민준")
    texts = ["=1+1", "fine\n=1+1", "a\r\n  @SUM(A1)", "+cmd", "-2", "－1", "a - b = c", "\t=1"]
    for text in texts:
        play.say(korea, "say", to=["control"], text=text)
    store = Store(tmp_path / "rooms.db")
    store.append([Entry("AAAAA", command.body()) for command in play.log])
    store.close()
    out = tmp_path / "out"
    for file in export(tmp_path / "rooms.db", "AAAAA", out, names=True):
        if file.suffix == ".csv":
            assert file.read_bytes().startswith(b"\xef\xbb\xbf"), file.name
    people = pd.read_csv(out / "people.csv")
    assert people["name"].tolist() == ["김민준"]
    assert people["at"].tolist() == ["1970-01-01T00:16:41Z"]
    assert people["at_ms"].tolist() == [1_001_000]
    with (out / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [row["text"] for row in csv.DictReader(file)]
    assert told == ["'=1+1", "fine\n'=1+1", "a\r\n'  @SUM(A1)", "'+cmd", "-2", "'－1", "a - b = c",
                    "'\t=1"]  # fmt: skip


def test_a_log_that_says_otherwise_is_found_out(tmp_path: Path) -> None:
    play = Play(users=400, setup={**SETUP, "users": 400})
    play.join("KOR")
    play.control("start", practice=False)
    play.close()  # with a digest that the world never gave
    store = Store(tmp_path / "rooms.db")
    store.append([Entry("AAAAA", command.body()) for command in play.log])
    store.close()
    verdict = play_again(tmp_path / "rooms.db", "AAAAA")
    assert not verdict.same
    assert verdict.text.startswith("differs in turn 1; the log does not say with which NumPy")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no room log"):
        rooms(tmp_path / "none.db")
    logged(tmp_path / "rooms.db")
    with pytest.raises(StoreError, match="it holds AAAAA"):
        play_again(tmp_path / "rooms.db", "BBBBB")


def test_the_commands_say_it_in_lines_and_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logged(tmp_path / "rooms.db")
    parser = argparse.ArgumentParser()
    parsers = parser.add_subparsers()

    def command(name: str, does: Any, text: str, example: str) -> argparse.ArgumentParser:
        sub = parsers.add_parser(name)
        sub.set_defaults(does=does)
        sub.add_argument("--json", action="store_true")
        return sub

    def run(*words: str) -> str:
        args = parser.parse_args([*words, "--store", str(tmp_path / "rooms.db")])
        assert args.does(args) == 0
        return capsys.readouterr().out

    add_commands(command)
    assert "2 of 8 turns" in run("rooms")
    assert json.loads(run("rooms", "--json"))[0]["room"] == "AAAAA"
    assert "files in" in run("export", "AAAAA", "--out", str(tmp_path / "out"))
    asked = argparse.Namespace(folder=str(tmp_path / "rooms.db"), room="AAAAA", json=False)
    assert replay_room(asked) == 0
    assert capsys.readouterr().out == "identical, 2 turns, 26 weeks\n"


def test_a_link_for_somebody_else_names_an_address_that_reaches_here() -> None:
    home, out = "http://127.0.0.1:8765", "http://10.0.0.5:8765"
    assert reached_at(home, out) == out  # the console stands on the machine of the server
    assert reached_at("http://game.example/", out) == "http://game.example/"
    assert reached_at(home, home) == home  # it is open to nobody else
    assert reached_at(home, "") == home
    assert page_address(out, "console", "KX7MA", "abc") == f"{out}/console#KX7MA.abc"


def test_addresses_and_their_picture() -> None:
    assert base_address("127.0.0.1", 8765) == "http://127.0.0.1:8765"
    assert base_address("0.0.0.0", 80).startswith("http://")
    address = join_address("http://10.0.0.5:8765/", "KX7MA")
    assert address == "http://10.0.0.5:8765/j/KX7MA"
    assert qr_svg(address).startswith("<?xml")
    assert len(qr_terminal(address).splitlines()) > 10
