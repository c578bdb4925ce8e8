"""Whatever is wrong with a record, a scenario or an argument: one sentence and an exit code.

A traceback fails these tests, and so does the net of `runs.cli` for faults of our own (code 70).
`python -m tests.runs.test_damage` tries every damage instead of a sample.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from runs.cli import main
from runs.game import Game
from runs.recorder import RecordError
from runs.web.record import find_record
from tests.runs.damage import TOML_WORDS, Damage, damages, spoiled
from world.events import Event
from world.scenario import SHIPPED

SAMPLE = 30


def said(*argv: str) -> tuple[int, str]:
    """Exit code and all that was written."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(argv))
    return code, out.getvalue() + err.getvalue()


def make_record(home: Path) -> Path:
    """Three weeks with all that may come from outside: orders, an inject, seats, a hold."""
    game = Game("gallium-2023", seed=3, users=60)
    game.submit(actor="KOR", lever="hub_policing", value=0.8, why="told to")
    game.submit(actor="KOR", lever="hub_policing", value=1.8)
    game.submit(actor="KOR", lever="hub_policing", value=0.8, week=999)
    game.inject(Event(1, "disaster", "", "MYS", "A fire.", {"cut": 0.9, "weeks": 6}))
    game.take_seat("JPN")
    game.hold([("USA", "forge_member")])
    game.submit(actor="JPN", lever="stockpile_release", value=0.2, week=2)
    return game.run(weeks=3).save(home / "run")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("damage"))


def shown(folder: Path) -> bool:
    """True if `entrepot play --open` would show the record."""
    try:
        find_record(folder)
    except ValueError:
        return False
    return True


def verdict(record: Path, damage: Damage, home: Path) -> str:
    """What is wrong with how a damage is told; empty if all is well."""
    copy = spoiled(record, damage, home)
    code, text = said("replay", str(copy))
    if code not in (0, 1, 2):
        return f"{damage.name}: exit code {code}: {text}"
    if len(text.strip().splitlines()) != 1:
        return f"{damage.name}: {text}"
    if code and shown(copy):
        return f"{damage.name}: shown, though a replay says: {text}"
    return ""


def test_a_record_that_is_whole_is_identical_and_shown(record: Path) -> None:
    assert said("replay", str(record)) == (0, "identical, 3 weeks\n")
    assert shown(record)


def test_a_damaged_record_is_told_in_one_sentence_and_not_shown(
    record: Path, tmp_path: Path
) -> None:
    every = list(damages(record))
    assert len(every) > 1000
    for n, damage in enumerate(random.Random(7).sample(every, SAMPLE)):
        home = tmp_path / str(n)
        home.mkdir()
        assert verdict(record, damage, home) == ""
        shutil.rmtree(home)


@pytest.mark.parametrize(
    ("table", "name", "row", "value", "words"),
    [
        ("events", "data", 0, "{not json", "week 0: the data of an event are no JSON"),
        ("events", "kind", 4, "teleport", "'teleport' is no kind of event"),
        ("orders", "lever", 3, "flood", "week 2: it says that an order was accepted"),
        ("orders", "value", 2, 0.25, "differs in week 0, table"),
        ("orders", "value", 0, 0.5, "differs in week 0, table orders, column reason, KOR"),
        ("orders", "why", 3, "another", "differs in week 2, table"),
        ("events", "text", 2, "another", "differs in week 0, table events, column text"),
    ],
)
def test_a_changed_order_or_event_is_told_with_its_week(
    record: Path, tmp_path: Path, table: str, name: str, row: int, value: object, words: str
) -> None:
    copy = Path(shutil.copytree(record, tmp_path / "copy"))
    frame = pd.read_parquet(copy / f"{table}.parquet")
    frame.loc[row, name] = value
    frame.to_parquet(copy / f"{table}.parquet", index=False)
    code, text = said("replay", str(copy))
    assert code in (1, 2)
    assert words in text, text
    assert not shown(copy)


def test_weeks_that_were_not_played_are_told_before_anything_is(
    record: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(record, tmp_path / "copy"))
    text = (copy / "run.toml").read_text().replace("weeks = 3", "weeks = 1000", 1)
    (copy / "run.toml").write_text(text)
    code, told = said("replay", str(copy))
    assert code == 2
    assert "holds 3 weeks, and run.toml says that 1000 were played" in told
    with pytest.raises(RecordError, match="says that 1000 were played"):
        find_record(copy)


def test_a_missing_column_is_named(record: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(record, tmp_path / "copy"))
    orders = pd.read_parquet(copy / "orders.parquet").drop(columns="actor")
    orders.to_parquet(copy / "orders.parquet", index=False)
    code, told = said("replay", str(copy))
    assert (code, told.endswith("orders.parquet has no column actor.\n")) == (2, True)


# --- scenarios ----------------------------------------------------------------------------------


def scenario_texts() -> list[bytes]:
    """A shipped scenario with one thing changed, by key and word, and files that are none."""
    lines = (SHIPPED / "gallium-2023.toml").read_text(encoding="utf-8").splitlines()
    keys: dict[str, int] = {}
    for place, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            keys.setdefault(line.partition(" = ")[0], place)
    more = ('"JPN"', '["JPN"]', "9999-12-27", "0001-01-01", '{value = 1, unit = "x"}', '"\\u0000"')
    texts = [
        "\n".join([*lines[:place], f"{key} = {word}", *lines[place + 1 :]]).encode()
        for key, place in keys.items()
        for word in (*TOML_WORDS, *more)
    ]
    whole = "\n".join(lines).encode()
    texts += [whole[:cut] for cut in range(0, len(whole), 97)]
    texts += [b"[" * 50_000, b"a={b=" * 50_000, bytes(999), whole + b"\0"]
    return [*texts, "가".encode("cp949")]


def test_a_scenario_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    every = scenario_texts()
    file = tmp_path / "mine.toml"
    codes = set()
    for text in [*random.Random(7).sample(every, SAMPLE), *every[-5:]]:
        file.write_bytes(text)
        code, told = said("run", str(file), "--users", "60", "--weeks", "1", "--json")
        assert code in (0, 2), told
        assert len(told.strip().splitlines()) == 1, told
        codes.add(code)
    assert codes == {0, 2}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("population = " + "1" * 40, "population: a whole number has at most 64 bits"),
        ("population = " + "[" * 50_000, "more than 20 deep"),
        ("population = " + "[" * 300 + "]" * 300, "more than 20 deep"),
        ("start = 9999-12-27", "start: "),
        ("weeks = 0x" + "f" * 6000, "weeks: a whole number has at most 64 bits"),
    ],
)
def test_a_number_that_nobody_can_hold_is_told_by_its_key(
    tmp_path: Path, line: str, words: str
) -> None:
    key = line.partition(" ")[0]
    lines = (SHIPPED / "gallium-2023.toml").read_text(encoding="utf-8").splitlines()
    kept = [one for one in lines if not one.startswith(f"{key} = ")]
    (tmp_path / "mine.toml").write_text("\n".join([line, *kept]))
    code, told = said("run", str(tmp_path / "mine.toml"))
    assert code == 2
    assert words in told
    assert len(told) < 600


def test_a_hub_may_not_be_the_target(tmp_path: Path) -> None:
    text = (SHIPPED / "gallium-2023.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('hubs = ["VNM"', 'hubs = ["JPN", "VNM"'))
    code, told = said("run", str(tmp_path / "mine.toml"))
    assert code == 2
    assert "hubs: JPN is the target" in told


# --- arguments ----------------------------------------------------------------------------------

LONG = "a" * 5000
SHORT_RUN = ("run", "gallium-2023", "--users", "60", "--weeks", "1")


@pytest.mark.parametrize(
    "argv",
    [
        ("run", LONG), ("run", LONG + ".toml"), ("run", "a\0b.toml"), ("run", "/dev/zero"),
        ("levers", LONG), ("levers", "--actor", LONG), ("replay", LONG), ("replay", "a\0b"),
        ("replay", LONG, "--room", "X"), (*SHORT_RUN, "--orders", LONG),
        (*SHORT_RUN, "--orders", "/"), (*SHORT_RUN, "--out", LONG), (*SHORT_RUN, "--out", "a\0b"),
        ("run", "gallium-2023", "--set", "users=" + "9" * 40),
        ("run", "gallium-2023", "--set", "weeks=1e400"),
        (*SHORT_RUN, "--set", "population=-1e30"), (*SHORT_RUN, "--set", "\udc80=1"),
        (*SHORT_RUN, "--seed", "1e400"), (*SHORT_RUN, "--seed", "9" * 5000),
        ("sweep", "gallium-2023", "--vary", "frozen_projects=true,True,1", "--out", "x"),
        ("sweep", "gallium-2023", "--vary", "frozen_projects=0,false", "--out", "x"),
        ("sweep", "gallium-2023", "--vary", "KOR.hub_policing=0,1", "--users", "60", "--weeks", "1",
         "--runs", "1", "--out", LONG),
        ("play", "--port", "0", "--no-browser", "--open", LONG),
        ("play", "--port", "0", "--no-browser", "--open", "/dev/null"),
        ("rooms", "--store", LONG), ("print", "--what", LONG, "--out", "x"),
        ("print", "--what", "cards", "--out", LONG),
    ],
    ids=range(27),
)  # fmt: skip
def test_an_argument_that_cannot_be_used_is_one_sentence(argv: tuple[str, ...]) -> None:
    code, told = said(*argv)
    assert code == 2, told
    assert len(told.strip().splitlines()) == 1
    assert len(told) < 1500


def test_a_fault_of_ours_is_one_sentence_and_its_own_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("no such thing")

    monkeypatch.setattr("world.scenario.list_scenarios", broken)
    code, told = said("scenarios")
    assert code == 70
    assert told.startswith("entrepot scenarios: this is a fault of Entrepot (TypeError: no such")
    assert len(told.splitlines()) == 1
    monkeypatch.setenv("ENTREPOT_DEBUG", "1")
    assert "Traceback" in said("scenarios")[1]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        whole = make_record(Path(place))
        faults = []
        for damage in damages(whole):
            with tempfile.TemporaryDirectory() as inner:
                faults.append(verdict(whole, damage, Path(inner)))
        print("\n".join(filter(None, faults)) or f"{len(faults)} damages, each told")
        sys.exit(any(faults))
