"""A room that a later version has written to concerns that room alone; a room notes what it was
played with; an id that was used is good for the same call again and for nothing else."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from host_play import Party, play
from room_play import SETUP, Play, started

from runs.about import MODEL
from runs.pages.words import LANGUAGES, catalogue
from runs.replay import TOLERANCE as OF_A_FOLDER
from runs.room import desk, sameness
from runs.room.cli import rooms as rooms_command
from runs.room.commands import Join, Refused
from runs.room.kept import kept_of, kept_picture, write_run
from runs.room.log import Entry, Results, Row, Store, StoreError
from runs.room.reading import Unreadable, opened
from runs.room.saved import saved_rooms
from runs.room.service import Service
from runs.room.table import Table
from runs.room.tokens import Pass

LATER: dict[str, dict[str, Any] | str] = {
    "kind": {"kind": "teleport", "who": "p1", "data": {}},
    "action": {"kind": "control", "who": "f1", "data": {"action": "explode"}},
    "lever": {"kind": "order", "who": "p1",
              "data": {"seat": "KOR", "lever": "new_lever", "value": 1, "why": ""}},
    "event": {"kind": "control", "who": "f1",
              "data": {"action": "inject", "event": {"kind": "comet"}, "to": ["all"]}},
    "a value": {"kind": "order", "who": "p1",
                "data": {"seat": "KOR", "lever": "stance", "value": "high", "why": ""}},
    "no data": {"kind": "order", "who": "p1"},
    "no object": "[1, 2]",
}  # fmt: skip


def with_a_stranger(path: Path, later: dict[str, Any] | str) -> None:
    """A log of two rooms; in BBBBB something stands that this version does not know."""
    store = Store(path)
    for code in ("AAAAA", "BBBBB"):
        made = Play(users=300, setup={**SETUP, "users": 300}, code=code)
        made.join("KOR")
        secret = {"tokens": [{"token": f"t-{code}", "kind": "facilitator", "who": "f1", "key": 1}]}
        store.append([Entry(code, one.body(), secret) for one in made.log])
    body: Any = later if isinstance(later, str) else {"id": "x", "at": 5, "turn": 1} | later
    strange = json.loads(body) if isinstance(body, str) else body
    store.append([Entry("BBBBB", strange, {"tokens": [{"odd": 1}, 7]})])
    store.close()


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_what_a_later_version_wrote_concerns_its_room_alone(
    tmp_path: Path, later: dict[str, Any] | str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rooms.db"
    with_a_stranger(path, later)
    good, bad = desk.rooms(path)
    assert (good["room"], good["people"], good["unreadable"]) == ("AAAAA", 1, None)
    assert bad["room"] == "BBBBB"
    assert "cannot read command 3 (" in bad["unreadable"]
    assert rooms_command(argparse.Namespace(store=str(path), json=False)) == 0
    assert "BBBBB  Room BBBBB cannot be opened" in capsys.readouterr().out
    for act in (
        lambda: desk.export(path, "BBBBB", tmp_path / "out"),
        lambda: desk.play_again(path, "BBBBB"),
    ):
        with pytest.raises(StoreError, match=r"^Room BBBBB cannot be opened by this version"):
            act()
    assert desk.play_again(path, "AAAAA").same
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
@pytest.mark.usefixtures("stand_in")
def test_the_server_serves_the_other_rooms(tmp_path: Path, later: dict[str, Any] | str) -> None:
    with_a_stranger(tmp_path / "other.db", later)

    async def act(party: Party) -> None:
        service = Service(Store(tmp_path / "other.db"), "host")
        assert (await service.host("AAAAA")).room.people
        for _ in range(2):
            with pytest.raises(Refused) as caught:
                await service.enter("t-BBBBB", "BBBBB")
            assert (caught.value.status, caught.value.field) == (409, "code")
            assert caught.value.say is not None
            assert caught.value.say.values["n"] == 3
        rows = {row["room"]: row for row in saved_rooms(service)}
        assert rows["AAAAA"]["unreadable"] is None
        assert rows["BBBBB"]["unreadable"]["key"] == "refuse.unreadable"
        assert rows["BBBBB"]["unreadable"]["values"]["n"] == 3
        assert not await service.healthy()
        await service.close()

    play(tmp_path, act)


def test_the_list_tells_a_strange_kind_before_anybody_opens_the_room(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    for name in ("kind", "no object", "action"):
        path = tmp_path / f"{name}.db"
        with_a_stranger(path, LATER[name])
        service = Service(Store(path), "host")
        rows = {row["room"]: row["unreadable"] for row in saved_rooms(service)}
        assert rows["AAAAA"] is None
        assert rows["BBBBB"]["key"] == "refuse.unreadable"
        service.store.close()


def test_the_sentences_stand_in_every_language() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        for key, places in (
            ("unreadable", ("{code}", "{n}", "{what}")), ("id_other", ()),
            ("other_model", ("{code}", "{n}", "{now}")),
        ):  # fmt: skip
            assert all(place in words[f"refuse.{key}"] for place in places), (language, key)


# --- the same id --------------------------------------------------------------------------------


@pytest.mark.usefixtures("stand_in")
def test_an_id_stands_for_one_kind_and_content_also_after_a_restart(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start", practice=False)

        async def say(kind: str, turn: int = 1, **data: Any) -> dict[str, Any]:
            host, holder = await party.service.enter(party.token, party.code)
            return await party.service.say(host, holder, kind, "same", data, turn)

        order = {"lever": "hub_policing", "value": 0.2, "why": ""}
        first = await say("order", **order)
        for _ in range(2):
            assert await say("order", **order) == first
            for kind, turn, data in (
                ("order", 1, {**order, "value": 0.7}), ("order", 1, {**order, "why": "because"}),
                ("order", 2, order), ("submit", 1, {}),
                ("say", 0, {"to": "all", "text": "hello"}),
            ):  # fmt: skip
                with pytest.raises(Refused) as caught:
                    await say(kind, turn, **data)
                assert (caught.value.status, caught.value.field) == (409, "id")
                assert caught.value.say is not None
                assert caught.value.say.key == "refuse.id_other"
            chair = party.host.room.chairs["KOR"]
            assert chair.orders["hub_policing"].value == 0.2
            assert not chair.submitted
            await party.again()

    play(tmp_path, act)


@pytest.mark.usefixtures("stand_in")
def test_a_join_is_sent_again_in_a_later_turn_and_its_id_opens_nothing_else(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        body = Join(id="another-id-of-a-page", name="Sato", seat="JPN")
        first = await party.service.join(party.code, body, "here")
        await party.control("start", practice=False)
        assert await party.service.join(party.code, body, "here") == first
        for changed in ({"seat": "VNM"}, {"job": "lead"}, {"name": "Ito"}):
            with pytest.raises(Refused) as caught:
                await party.service.join(party.code, body.model_copy(update=changed), "here")
            assert caught.value.status == 409
        back = body.model_copy(update={"rejoin": True})
        with pytest.raises(Refused) as caught:
            await party.service.join(party.code, back, "here")
        assert caught.value.status == 409
        assert len(party.host.room.people) == 2

    play(tmp_path, act)


# --- the machine and the model ------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """A room of two turns as the server writes it."""
    made = Play(users=300, setup={**SETUP, "users": 300}, machine=sameness.machine(), model=MODEL)
    korea = made.join("KOR")
    made.control("start", practice=False)
    table = Table({**SETUP, "users": 300})
    for value in (0.2, 0.9):
        made.order(korea, "hub_policing", value)
        made.say("server", "close", made.room.turn, why="deadline")
        result = table.play(made.room.played)[-1]
        told = {name: result[name] for name in ("digest", "figures")}
        made.say("server", "resolved", made.room.turn, **told)
    return made


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with fewer features, on which the last digits of the world are others."""
    monkeypatch.setattr(sameness, "machine_features", lambda: ("X86_V2",))
    monkeypatch.setattr("runs.room.table.weeks_digest", lambda before, weeks: f"other{len(weeks)}")


def log_of(made: Play, path: Path, **changed: Any) -> Path:
    """The room in a log; ``changed`` are data of its creation and of what its turns brought."""
    store = Store(path)
    for command in made.log:
        mine = {k: v for k, v in changed.items() if k in command.data}
        one = replace(command, data={**command.data, **mine})
        store.append([Entry("AAAAA", one.body())])
    store.close()
    return path


def test_every_column_of_a_turn_leaves_a_figure(played: Play) -> None:
    assert sameness.TOLERANCE == OF_A_FOLDER
    figures = played.room.figures[1]
    assert len(figures) > 40
    assert sum(value > 0 for value in figures.values()) > 30
    assert figures != played.room.figures[2]
    assert len(json.dumps(figures)) < 6000  # of the log, each turn


def test_a_turn_played_on_another_machine_is_equal_to_a_billionth(
    played: Play, tmp_path: Path, elsewhere: None
) -> None:
    verdict = desk.play_again(log_of(played, tmp_path / "rooms.db"), "AAAAA")
    assert verdict.same
    assert verdict.text.startswith("equal to 1e-09, 2 turns, 26 weeks (recorded with NumPy ")
    assert verdict.text.endswith(" X86_V2)")


def test_a_real_difference_is_told_on_any_machine(
    played: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {name: value * (1 + 1e-7) for name, value in played.room.figures[1].items()}
    path = log_of(played, tmp_path / "a.db", figures=wrong)
    assert desk.play_again(path, "AAAAA").text == "identical, 2 turns, 26 weeks"
    monkeypatch.setattr("runs.room.table.weeks_digest", lambda *_: "another")
    assert desk.play_again(path, "AAAAA").text == "differs in turn 1."  # on the same machine
    monkeypatch.setattr(sameness, "machine_features", lambda: ("X86_V2",))
    verdict = desk.play_again(path, "AAAAA")
    assert (verdict.same, verdict.text) == (False, "differs in turn 1.")


def test_a_log_without_figures_says_that_nothing_can_be_compared(
    played: Play, tmp_path: Path, elsewhere: None
) -> None:
    path = log_of(played, tmp_path / "rooms.db", figures={})
    with pytest.raises(StoreError, match="nothing can be compared in turn 1"):
        desk.play_again(path, "AAAAA")


def test_a_room_of_another_model_is_read_and_exported_and_not_played(
    played: Play, tmp_path: Path
) -> None:
    path = log_of(played, tmp_path / "model.db", model=MODEL + 1)
    assert desk.rooms(path)[0]["played"] == 2
    made_by = f"Room AAAAA was played with version {MODEL + 1} of the model"
    with pytest.raises(StoreError, match=made_by):
        desk.play_again(path, "AAAAA")
    files = {file.name for file in desk.export(path, "AAAAA", tmp_path / "out")}
    assert {"commands.csv", "orders.csv", "report.html", "room.json"} <= files
    assert "run.toml" not in files
    assert "hub_policing" in (tmp_path / "out" / "orders.csv").read_text(encoding="utf-8")

    async def act(party: Party) -> None:
        service = Service(Store(path), "host")
        host = await service.host("AAAAA")
        for _ in range(3):
            command = replace(played.log[2], id="new", at=0)
            with pytest.raises(Refused) as caught:
                await host.give(command)
            assert caught.value.status == 409
        assert host.health()["fault"] == ""
        shown = await host.seat_payload(Pass("facilitator", "AAAAA", "f1"), "KOR")
        note = json.loads(shown)["note"]
        assert note["key"] == "stored.room_part"
        assert (note["values"]["n"], note["values"]["turns"]) == (MODEL + 1, 0)
        with zipfile.ZipFile(io.BytesIO(await service.export(host, "csv", False))) as archive:
            assert b"hub_policing" in archive.read("orders.csv")
        await service.close()

    play(tmp_path, act)


def test_what_turns_brought_is_kept_and_exported_by_a_later_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of the export and the run itself, from what the earlier model has stored."""
    before = tmp_path / "before"

    async def now(party: Party) -> None:
        await party.control("start", practice=False)
        for turn in (1, 2):
            await party.order(0.1 * turn)
            await party.say(party.token, "submit", turn)
            await party.until(lambda turn=turn: turn in party.host.stage.causes)
        kept = party.service.store.results
        await party.until(lambda: len(kept.whole(party.code)) == 3)
        await asyncio.to_thread(desk.export, party.path, party.code, before)
        made.append(party.code)

    made: list[str] = []
    play(tmp_path, now, scenario="gallium-2023", turn_seconds=None, seats=["KOR"])
    code, path = made[0], tmp_path / "rooms.db"
    results = Path(f"{path}.results")
    assert results.stat().st_mode & 0o077 == 0  # it holds what every seat knows
    assert results.stat().st_size < 2 * 450_000 + 100_000  # of the disk, each turn

    for module in ("about", "room.sameness", "room.desk", "room.saved"):
        monkeypatch.setattr(f"runs.{module}.MODEL", MODEL + 1)
    desk.export(path, code, tmp_path / "after")
    for table in ("states", "orders", "events", "causes", "forecasts", "deals"):
        was, is_now = (f / f"{table}.csv" for f in (before, tmp_path / "after"))
        assert was.read_text("utf-8") == is_now.read_text("utf-8"), table
    about = json.loads((tmp_path / "after" / "room.json").read_text("utf-8"))
    assert about["model"] == MODEL
    assert about["note"].startswith(f"Room {code} was played with model {MODEL}; it is shown as")
    tables = sorted(file.name for file in (before / "run").glob("*.parquet"))
    assert {"markets.parquet", "events.parquet", "orders.parquet"} <= set(tables)
    for name in tables:
        was, is_now = (pd.read_parquet(f / "run" / name) for f in (before, tmp_path / "after"))
        pd.testing.assert_frame_equal(was, is_now, rtol=1e-6)

    async def later(service: Service) -> None:
        host = await service.host(code)
        assert host.health()["fault"] == ""
        found = await service.review(host, Pass("facilitator", code, "f1"))
        assert found["note"]["key"] == "stored.room"
        assert found["turns_played"][1]["causes"]
        assert found["turns_played"][1]["gauges"]["KOR"]
        with zipfile.ZipFile(io.BytesIO(await service.export(host, "csv", False))) as archive:
            assert {"run/run.toml", "run/markets.parquet"} <= set(archive.namelist())
        with pytest.raises(Refused, match="cannot be played on or branched here"):
            await service.branch(host, Pass("facilitator", code, "f1"), {"week": 0, "set": {}})
        row = saved_rooms(service)[0]
        assert (row["unreadable"], row["other_model"]["values"]["n"]) == (None, MODEL)
        await service.close()

    async def act() -> None:
        await later(Service(Store(path), "host"))

    asyncio.run(act())


def test_results_of_another_game_or_of_no_use_are_left_out(played: Play, tmp_path: Path) -> None:
    path = log_of(played, tmp_path / "rooms.db", model=MODEL + 1)
    _, room, plan = desk.read_room(path, "AAAAA")
    table = Table({**SETUP, "users": 300})
    results = table.play(room.played)
    kept = Results(tmp_path / "other.results")
    for turn, result in enumerate(results):
        assert kept.keep("AAAAA", turn, result, {"seats": {}}, None)
    assert len(kept_of(kept, room)) == 3
    assert kept.keep("AAAAA", 1, {**results[1], "digest": "another"}, {"seats": {}}, None)
    assert len(kept_of(kept, room)) == 1
    assert kept.keep("AAAAA", 1, {"digest": results[1]["digest"]}, {"seats": {}}, b"no zip")
    found = kept_of(kept, room)
    assert len(found) == 3
    assert kept_picture(room, plan, found).results == []  # of a form that the pages cannot show
    assert write_run(found, tmp_path / "run") is None
    kept.close()
    (tmp_path / "other.results").write_bytes(b"no database at all" * 1000)
    assert Results(tmp_path / "other.results").read("AAAAA") == []
    assert not Results(tmp_path / "other.results").keep("AAAAA", 0, results[0], None, None)
    assert Results(tmp_path / "none.results").read("AAAAA") == []


def test_a_log_from_before_models_is_of_the_first(played: Play) -> None:
    old = [replace(c, data={k: v for k, v in c.data.items() if k != "model"}) for c in played.log]
    rows = [Row(n, "AAAAA", command.body(), None) for n, command in enumerate(old, start=1)]
    assert opened("AAAAA", rows).room.model == 1


def test_a_room_without_its_first_command_is_told() -> None:
    made, _, _ = started()
    rows = [Row(n, "AAAAA", c.body(), None) for n, c in enumerate(made.log[1:], 1)]
    with pytest.raises(Unreadable):
        opened("AAAAA", rows)
