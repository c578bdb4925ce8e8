"""The console script: what it prints, and how it says no."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from runs.cli import Progress, main
from tests.runs.a_room import room_log

RUN = ["run", "gallium-2023", "--users", "60", "--weeks", "4"]


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def orders(folder: Path, text: str) -> str:
    path = folder / "orders.csv"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        "scenarios",
        "levers",
        "phases",
        "policies",
        "run",
        "replay",
        "play",
        "bench",
        "rooms",
        "export",
        "validate",
        "systems",
    ],
)
def test_every_command_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, out, err = said(capsys, command, "--help")
    assert code == 0
    assert f"example: entrepot {command}" in out
    assert "--json" in out
    assert err == ""


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "scenarios")
    assert code == 0
    assert out.startswith("japan-2026")
    _, out, _ = said(capsys, "scenarios", "--json")
    assert {row["id"] for row in json.loads(out)} >= {"japan-2026", "no-controls"}
    _, out, _ = said(capsys, "levers", "--actor", "KOR", "--json")
    rows = json.loads(out)
    assert {row["actor"] for row in rows} == {"KOR"}
    assert set(rows[0]) == {
        "actor", "lever", "unit", "low", "high", "default", "cost", "meaning",
    }  # fmt: skip
    _, out, _ = said(capsys, "levers")
    assert "hub_policing" in out
    assert "rung.<zone>" in out
    _, out, _ = said(capsys, "phases")
    assert out.splitlines()[0].split()[:2] == ["1", "announce"]
    _, out, _ = said(capsys, "policies", "--json")
    assert "hold" in {row["name"] for row in json.loads(out)}


def test_run_keeps_a_record_that_replays(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out" / "run7"
    file = orders(tmp_path, "week,actor,lever,value\n1,KOR,hub_policing,.8\n")
    code, text, err = said(
        capsys, *RUN, "--seed", "7", "--set", "CHN.licence_approval=0.5", "--orders", file,
        "--out", str(out), "--json",
    )  # fmt: skip
    assert code == 0, err
    told = json.loads(text)
    assert (told["out"], told["weeks"]) == (str(out), 4)
    assert len(told["digest"]) == 64
    assert told["summary"]["weeks"] == 4
    assert len(pd.read_parquet(out / "zones.parquet")) == 4 * 13
    given = pd.read_parquet(out / "orders.parquet")
    assert given[given["by"] == "file"]["lever"].tolist() == ["hub_policing"]
    code, text, _ = said(capsys, "replay", str(out))
    assert (code, text.strip()) == (0, "identical, 4 weeks")


def test_a_replay_that_differs_has_exit_code_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    said(capsys, *RUN, "--out", str(out))
    zones = pd.read_parquet(out / "zones.parquet")
    zones["score"] += 0.1
    zones.to_parquet(out / "zones.parquet", index=False)
    code, text, err = said(capsys, "replay", str(out))
    assert code == 1
    assert text == ""
    assert "differs in week 0" in err
    code, text, _ = said(capsys, "replay", str(out), "--json")
    assert code == 1
    assert json.loads(text)["identical"] is False


HEAD = "week,actor,lever,value\n"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["run", "japan-2027"], "did you mean japan-2026?"),
        (["run", "nowhere.toml"], "there is no scenario file nowhere.toml"),
        (["run", "japan-2026", "--set", "populatoin=1"], "did you mean population?"),
        (["run", "japan-2026", "--set", "china_share.dy_oxide.JPN=1.2"], "between 0 and 1"),
        (["run", "japan-2026", "--set", "KOR.offtake.ndpr_oxide=-5"], "between 0 and 20000 (t/yr)"),
        (["run", "japan-2026", "--set", "parameters.tracing_weeks=nan"], "must be a finite number"),
        (["run", "japan-2026", "--set", "KOR.hub_policing=7"], "between 0 and 1 (share)"),
        (["run", "japan-2026", "--set", "CHN.legal_frame=3"], "between 0 and 2 (frame), 3 was"),
        (["run", "japan-2026", "--set", "CHN.legal_frame=1.5"], "takes whole numbers between 0"),
        (["run", "japan-2026", "--set", "CHN.legal_frame=moral"], "CHN.legal_frame"),
        (["run", "japan-2026", "--set", "hub"], "is not of the form NAME=VALUE"),
        (["run", "japan-2026", "--seed", "-1"], "is not a whole number of 0 or more"),
        (["run", "japan-2026", "--weeks", "x"], "is not a whole number of 1 or more"),
        (["run", "japan-2026", "--users", "49"], "is not a whole number of 50 or more"),
        (["run", "japan-2026", "--users", "1e9"], "is above the limit of 10000000"),
        (["run", "japan-2026", "--users", "1e999"], "is above the limit of 10000000"),
        (["run", "japan-2026", "--users", "60.5"], "is not a whole number of 50 or more"),
        (["run", "japan-2026", "--seed", "9" * 30], "is above the limit of 4611686018427387904"),
        (["run", "japan-2026", "--seed", "nan"], "is not a whole number of 0 or more"),
        (["run", "japan-2026", "--out", ""], "the folder for the record has no name"),
        (["run", "japan-2026", "--out", __file__], "is a file, and a record needs a folder"),
        (["run", "japan-2026", "--seat", "KOR=china_maximal"], "plays the coercer, which is CHN"),
        (["run", "japan-2026", "--set", "policies.KOR=x"], "run: policies.KOR: there is no policy"),
        (["play", "--port", "99999999"], "is above the limit of 65535"),
        (["run", "japan-2026", "--seat", "KOR=nobody"], "there is no policy 'nobody'"),
        (["run", "japan-2026", "--seat", "KRO=hold"], "did you mean KOR?"),
        (
            ["run", "japan-2026", "--orders", "none.csv"],
            "none.csv cannot be read: there is no such file.",
        ),
        (["run"], "the following arguments are required: scenario"),
        (["levers", "--actor", "KRO"], "did you mean KOR?"),
        (["replay", "nowhere"], "nowhere holds no run"),
        (["bench", "--firms", "300,x"], "is not a whole number"),
        (["bench", "japan-2027"], "entrepot bench: there is no scenario 'japan-2027'"),
        (["rooms", "--store", "nowhere.db"], "there is no room log nowhere.db."),
        (["rooms", "--store", __file__], "is no room log or is damaged"),
        (["export", "KX7MA", "--out", "x", "--store", "nowhere.db"], "there is no room log"),
        (["export", "KX7MA"], "the following arguments are required: --out"),
        (["replay", "nowhere.db", "--room", "KX7MA"], "there is no room log nowhere.db."),
        (["play", "--store", "/dev/null/rooms.db"], "/dev/null/rooms.db cannot be opened"),
        (["fly"], "invalid choice: 'fly'"),
        ([], "the following arguments are required"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    code, out, err = said(capsys, *argv)
    assert code == 2
    assert out == ""
    assert words in err
    assert err.startswith("entrepot")
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (HEAD, "is empty"),
        (HEAD + "3,KOR,hub_pol", "row 2 has 3 fields instead of 4; the file may be cut off"),
        (HEAD + "3,KRO,hub_policing,.8\n", "row 2: 'KRO' is no actor of gallium-2023: did you"),
        (HEAD + "3,KOR,hub_policing,1.8\n", "row 2: hub_policing of KOR must lie between 0 and 1"),
        (HEAD + "3,KOR,hub_policing,nan\n", "row 2, column value: 'nan' is not a number"),
        (HEAD + "x,KOR,hub_policing,.8\n", "row 2, column week: 'x' is not a number"),
        (HEAD + "1.5,KOR,hub_policing,.8\n", "row 2, column week: 1.5 is no whole week"),
        (HEAD + "-1,KOR,hub_policing,.8\n", "row 2: hub_policing of KOR is ordered for week -1"),
        (HEAD + "3,KOR,flood.gallium,.8\n", "row 2: KOR does not have the lever flood"),
        ("week,actor,lever\n3,KOR,x\n", "has no column value: its header is 'week,actor,lever'"),
        ("week;actor;lever;value\n", "is empty"),
        ("week|actor|lever|value\n1|KOR|x|1", "its header is 'week|actor|lever|value' and must be"),
    ],
)
def test_a_bad_orders_file_is_told_with_its_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, words: str
) -> None:
    file = orders(tmp_path, text)
    code, out, err = said(capsys, *RUN, "--orders", file)
    assert code == 2
    assert out == ""
    assert words in err
    assert file in err
    assert len(err.strip().splitlines()) == 1


def test_a_title_that_would_move_the_cursor_is_shown_without_its_signs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from world.scenario import SHIPPED

    path = tmp_path / "mine.toml"
    text = (SHIPPED / "gallium-2023.toml").read_text("utf-8").splitlines()
    lines = [r'title = "a\u001b[2Jb\u202ec"' if one.startswith("title =") else one for one in text]
    path.write_text("\n".join(lines), encoding="utf-8")
    code, out, _ = said(capsys, "run", str(path), "--users", "60", "--weeks", "1")
    assert code == 0
    assert out.startswith("a\ufffd[2Jb\ufffdc: 1 weeks from ")


def test_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    from runs.orders_file import read_orders
    from world.scenario import SHIPPED, load_scenario

    file = tmp_path / "marked.csv"
    file.write_text(HEAD + "3,KOR,hub_policing,.8\n", encoding="utf-8-sig")
    (order,) = read_orders(file, load_scenario("gallium-2023"))
    assert (order.week, order.value) == (3, 0.8)
    path = tmp_path / "marked.toml"
    path.write_text((SHIPPED / "gallium-2023.toml").read_text("utf-8"), encoding="utf-8-sig")
    assert load_scenario(path).digest == load_scenario("gallium-2023").digest


def test_a_bad_scenario_file_is_told_with_its_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from world.scenario import SHIPPED

    text = (SHIPPED / "gallium-2023.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("announced = 2023-07-03\ndate = 2023-08-01", "date = 2022-08-01"))
    code, _, err = said(capsys, "run", str(path))
    assert code == 2
    assert "history[0].date: 2022-08-01 lies before the start, 2023-04-03" in err


def test_a_folder_is_claimed_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    code, _, err = said(capsys, *RUN, "--out", str(file / "below"))
    assert code == 2
    assert "cannot be written: Not a directory" in err
    assert said(capsys, *RUN, "--out", str(tmp_path / "a"))[0] == 0
    code, _, err = said(capsys, *RUN, "--out", str(tmp_path / "a"))
    assert code == 2
    assert "already holds a run" in err


def test_rooms_of_a_log_are_listed_exported_and_played_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, out = tmp_path / "rooms.db", tmp_path / "out"
    room_log(path)
    code, text, _ = said(capsys, "rooms", "--store", str(path), "--json")
    (row,) = json.loads(text)
    assert (code, row["room"], row["played"], row["phase"]) == (0, "AAAAA", 1, "ended")
    assert said(capsys, "rooms", "--store", str(path))[1].startswith("AAAAA  ")
    code, text, _ = said(capsys, "replay", str(path), "--room", "aaaaa")
    assert (code, text.strip()) == (0, "identical, 1 turns, 13 weeks")
    code, _, err = said(capsys, "replay", str(path), "--room", "BBBBB")
    assert (code, err.strip()) == (
        2, f"entrepot replay: {path} holds no room 'BBBBB'; it holds AAAAA."
    )  # fmt: skip
    argv = ["export", "AAAAA", "--store", str(path), "--out", str(out)]
    code, text, _ = said(capsys, *argv, "--json")
    assert code == 0
    assert {Path(file).name for file in json.loads(text)["files"]} >= {"orders.csv", "run.toml"}
    assert not any(b"Unseen" in f.read_bytes() for f in out.rglob("*") if f.is_file())
    code, _, err = said(capsys, *argv)
    assert (code, "is not empty; choose another folder" in err) == (2, True)
    code, _, err = said(capsys, *argv[:-1], str(path / "below"))
    assert (code, "cannot be written: Not a directory" in err) == (2, True)


def test_a_room_that_differs_from_its_log_has_exit_code_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rooms.db"
    room_log(path)
    from runs.room import table

    monkeypatch.setattr(table, "weeks_digest", lambda *_: "another")
    code, out, err = said(capsys, "replay", str(path), "--room", "AAAAA")
    assert (code, out) == (1, "")
    assert err == (
        "entrepot replay: room AAAAA differs in turn 1; the log does not say with which NumPy and "
        "processor it was played, so that may be why.\n"
    )


def test_a_damaged_or_locked_log_is_told_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from runs.room.log import Store

    path = tmp_path / "rooms.db"
    room_log(path)
    holder = Store(path)
    code, _, err = said(capsys, "play", "--port", "0", "--no-browser", "--store", str(path))
    assert (code, len(err.splitlines())) == (2, 1)
    assert "is in use by another server" in err
    assert said(capsys, "rooms", "--store", str(path))[0] == 0  # reading is fine meanwhile
    holder.close()
    with sqlite3.connect(path) as base:
        base.execute("UPDATE log SET body = '{}' WHERE n = 1")
    code, out, err = said(capsys, "rooms", "--store", str(path))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "is no room log or is damaged: command 1 is damaged" in err


def test_a_file_that_is_no_log_is_left_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    notes, other = tmp_path / "notes.txt", tmp_path / "other.db"
    notes.write_text("not for us")
    with sqlite3.connect(other) as base:
        base.execute("CREATE TABLE mine (a)")
    for path, words in ((notes, "is no room log"), (other, "is another program's file")):
        before = path.read_bytes()
        code, out, err = said(capsys, "play", "--port", "0", "--no-browser", "--store", str(path))
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert words in err
        assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["notes.txt", "other.db"]


# leaves a file behind after every week that it has played
TELLING = """
import pathlib, sys
from runs.cli import main
from runs.game import Game

step, sign = Game.step, pathlib.Path(sys.argv[1])
def told(game):
    step(game)
    sign.touch()
Game.step = told
sys.exit(main(sys.argv[2:]))
"""


def test_ctrl_c_leaves_a_readable_record(tmp_path: Path) -> None:
    out, played = tmp_path / "run", tmp_path / "played"
    command = [
        sys.executable, "-c", TELLING, str(played), "run", "gallium-2023", "--users", "4000",
        "--weeks", "2000", "--out", str(out),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not played.exists() and process.poll() is None:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "of 2000 weeks, which are kept in" in err
    weeks = pd.read_parquet(out / "zones.parquet")["week"]
    assert weeks.max() + 1 == weeks.nunique() < 2000
    done = subprocess.run(
        [sys.executable, "-m", "runs.cli", "replay", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == f"identical, {weeks.nunique()} weeks"


def test_a_bar_is_drawn_only_for_people_and_long_work() -> None:
    class Screen:
        def __init__(self, tty: bool) -> None:
            self.tty, self.text = tty, ""

        def isatty(self) -> bool:
            return self.tty

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None: ...

    for tty, age, drawn in ((True, 2.0, True), (True, 0.0, False), (False, 2.0, False)):
        screen = Screen(tty)
        bar = Progress(10, "work", screen)  # type: ignore[arg-type]
        bar.start -= age
        bar(5)
        bar.close()
        assert ("5/10" in screen.text) is drawn


def test_bench_prints_rows(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "bench", "gallium-2023", "--firms", "60", "--weeks", "3", "--json")
    assert code == 0
    row = next(row for row in json.loads(out) if row["users"] == 60)
    assert set(row) == {
        "engine", "users", "replicates", "weeks_per_s", "updates_per_s", "runs_per_s", "ratio",
        "peak_mb",
    }  # fmt: skip
    assert row["engine"] == "columns"
    assert row["weeks_per_s"] > 0
