"""Text for people, written to what cannot hold it: signs are replaced, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from world.scenario import SHIPPED

KOREAN = "갈륨 2023 “lecture”"


def run(argv: list[str], encoding: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "runs.cli", *argv]
    return subprocess.run(command, env=env, check=False, **options)


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    text = (SHIPPED / "gallium-2023.toml").read_text(encoding="utf-8")
    old = 'title = "Gallium 2023: licences without a target"'
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, f'title = "{KOREAN}"'), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_title_that_a_terminal_lacks_is_shown_with_replaced_signs(
    scenario: str, tmp_path: Path, encoding: str
) -> None:
    out = tmp_path / "run"
    argv = ["run", scenario, "--users", "60", "--weeks", "1", "--out", str(out)]
    done = run(argv, encoding, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"?? 2023" in done.stdout
    assert (out / "run.toml").exists()


def test_json_loses_no_sign_in_a_narrow_encoding(scenario: str) -> None:
    done = run(["levers", "no-한국", "--json"], "ascii", capture_output=True)
    assert done.returncode == 2
    assert done.stderr.startswith(b"entrepot levers: there is no scenario 'no-??'")
    done = run(["scenarios", "--json"], "ascii", capture_output=True)
    titles = [row["title"] for row in json.loads(done.stdout.decode("ascii"))]
    done = run(["scenarios", "--json"], "utf-8", capture_output=True)
    assert titles == [row["title"] for row in json.loads(done.stdout.decode())]


@pytest.mark.parametrize(
    ("encoding", "drawn"), [("ascii", False), ("cp949", False), ("utf-8", True)]
)
def test_the_server_tells_its_links_and_draws_the_code_only_where_it_can(
    encoding: str, drawn: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from runs.room.server.site import make_site
    from runs.web import _tell

    service: Any = SimpleNamespace(
        base="http://192.0.2.2:8765", host_token="secret",
        store=SimpleNamespace(dropped=None, path=tmp_path / "rooms.db"),
    )  # fmt: skip
    with (tmp_path / "out.txt").open("w", encoding=encoding) as stream:  # fails at what it lacks
        monkeypatch.setattr(sys, "stdout", stream)
        _tell("http://127.0.0.1:8765/", "0.0.0.0", service, make_site(), False)
    told = (tmp_path / "out.txt").read_text(encoding=encoding)
    assert "http://192.0.2.2:8765/join" in told
    assert "http://127.0.0.1:8765/host#secret" in told
    assert ("▀" in told or "█" in told) is drawn


def test_a_reader_that_goes_away_ends_a_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(["levers"], "utf-8", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = run(["levers"], "utf-8", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


LEAVING = """
import atexit, sys, threading, time
from runs.terminal import leave
atexit.register(print, "taken apart")
if sys.argv[1:]:
    threading.Thread(target=time.sleep, args=(60,), daemon=True, name="entrepot-busy").start()
print("said")
leave(130)
"""


@pytest.mark.parametrize(("busy", "said"), [([], "said\ntaken apart\n"), (["busy"], "said\n")])
def test_a_process_is_not_taken_apart_under_a_thread_that_computes(
    busy: list[str], said: str
) -> None:
    """NumPy's code in C++ ends a process with an abort when its thread is ended within it."""
    ended = subprocess.run(
        [sys.executable, "-c", LEAVING, *busy], capture_output=True, text=True,
        timeout=50,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, said, "")
