"""The host of a room in one process: clocks that are moved, disks that are full, restarts.

The model is played by a stand-in that answers at once, so that these are about the host alone.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from host_play import Party, never, play

from runs.room.commands import Join, Refused
from runs.room.host import TICK_SECONDS
from runs.room.log import NotSaved, Store
from runs.room.reading import commands_of, room_of
from runs.room.state import OPEN, RESOLVING

pytestmark = pytest.mark.usefixtures("stand_in")


# --- clocks ---------------------------------------------------------------------------------------


def test_a_turn_ends_at_its_deadline_whatever_clients_do(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("extend", seconds=-4)
        deadline = party.host.room.deadline
        await party.until(lambda: party.host.room.turn == 2)
        closed = party.host.room.closed[1]
        assert closed["why"] == "deadline"
        # by the wall clock, which may be slowed by some ms against the clock that counts
        assert -20 <= closed["at"] - (deadline or 0) < 1500

    play(tmp_path, act, turn_seconds=5)


@pytest.mark.parametrize("moved", [-7_200_000, 7_200_000])
def test_a_wall_clock_that_is_moved_ends_no_turn_and_stretches_none(
    tmp_path: Path, moved: int
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        before = party.host.left_ms()
        party.clock.moved = moved
        await asyncio.sleep(0.6)
        left, room = party.host.left_ms(), party.host.room
        assert room.turn == 1
        assert before is not None
        assert left is not None
        assert 0 < before - left < 3000
        assert abs((room.deadline or 0) - party.clock() - left) < 1500  # and clients are told

    play(tmp_path, act, turn_seconds=60)


@pytest.mark.parametrize(
    ("action", "fields"), [("phase", {"to": "orders", "turn": 1}), ("extend", {"seconds": 600})]
)
def test_a_clock_that_control_has_moved_is_not_moved_back_while_the_disk_is_slow(
    tmp_path: Path, action: str, fields: dict[str, Any]
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        kept = party.service.store.append

        def slow(entries: Any) -> None:
            time.sleep(4 * TICK_SECONDS)
            kept(entries)

        party.service.store.append = slow  # type: ignore[method-assign]
        await party.control(action, **fields)
        deadline = party.host.room.deadline
        await party.control("message", text="Hello")  # whatever was said meanwhile is in by now
        assert party.host.room.deadline == deadline
        kinds = [row.body["kind"] for row in party.service.store.read(party.code)]
        assert "clock" not in kinds

    play(tmp_path, act, turn_seconds=900)


def test_after_a_restart_a_turn_has_the_time_that_it_had(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await asyncio.sleep(1.6)
        left = party.host.left_ms()
        await party.again()
        party.clock.moved = 3_600_000  # it stood still for an hour
        await party.again()
        host, holder = await party.service.enter(party.token, party.code)
        first = json.loads(await host.payload(holder))
        assert first["deadline"] - party.clock() > 60_000  # the first payload tells the new one
        now = party.host.left_ms()
        assert left is not None
        assert now is not None
        assert abs(now - left) < 3000

    play(tmp_path, act, turn_seconds=120)


def test_a_paused_turn_stays_paused_over_a_restart(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("pause")
        left = party.host.room.left
        await party.again()
        assert (party.host.room.paused, party.host.room.left) == (True, left)
        assert party.host.left_ms() is None

    play(tmp_path, act, turn_seconds=60)


def test_all_submitted_closes_the_turn_unless_the_room_says_otherwise(tmp_path: Path) -> None:
    async def closes(party: Party) -> None:
        await party.control("start")
        await party.say(party.token, "submit", 1)
        await party.until(lambda: party.host.room.turn == 2)

    play(tmp_path / "one", closes, turn_seconds=None)

    async def waits(party: Party) -> None:
        await party.control("start")
        await party.say(party.token, "submit", 1)
        await asyncio.sleep(0.6)
        assert party.host.room.turn == 1

    play(tmp_path / "two", waits, turn_seconds=None, auto_close=False)


def test_a_practice_turn_closes_when_all_are_in_whatever_the_room_says(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start", practice=True)
        await party.say(party.token, "submit", 0)
        await party.until(lambda: not party.host.room.practice)
        assert (party.host.room.turn, party.host.room.played) == (1, [])

    play(tmp_path, act, turn_seconds=None, auto_close=False)


# --- disks ----------------------------------------------------------------------------------------


def test_a_full_disk_is_a_refusal_and_the_room_goes_on_when_there_is_place(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        base = party.service.store._base
        pages = base.execute("PRAGMA page_count").fetchone()[0]
        base.execute(f"PRAGMA max_page_count = {pages}")
        before, version = party.host.room.digest(), party.host.room.version
        for n in range(200):
            try:
                await party.say(party.token, "note", kind="flag", text=f"{n} " * 400, turn=None)
            except NotSaved:
                break
            before, version = party.host.room.digest(), party.host.room.version
        assert n < 199
        assert (party.host.room.digest(), party.host.room.version) == (before, version)
        base.execute("PRAGMA max_page_count = 100000")
        await party.order(0.5)
        state = party.host.room.digest()
        await party.again()
        assert party.host.room.chairs["KOR"].orders["stance"].value == 0.5
        assert party.host.room.digest() == state

    play(tmp_path, act, turn_seconds=None)


def test_nothing_is_shown_before_it_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        append, gate = Store.append, asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(self: Store, entries: Any) -> list[int]:
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
            return append(self, entries)

        monkeypatch.setattr(Store, "append", slow)
        saving = asyncio.create_task(party.order(0.75))
        await asyncio.sleep(0.1)
        _, holder = await party.service.enter(party.token, party.code)
        looking = asyncio.create_task(party.host.payload(holder))
        await asyncio.sleep(0.1)
        assert not saving.done()
        assert not looking.done()  # a look waits for what is being saved
        gate.set()
        await saving
        assert '"value":0.75' in await looking

    play(tmp_path, act, turn_seconds=None)


def test_an_export_during_play_is_of_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        loop, given = asyncio.get_running_loop(), []

        def report(commands: Any, picture: Any) -> str:
            """Commands go on arriving while another thread reads the record."""
            for _ in picture.room.seen:
                more = party.say(party.token, "say", to="all", text="Hello")
                given.append(asyncio.run_coroutine_threadsafe(more, loop).result())
            return ""

        monkeypatch.setattr("runs.room.export.report_html", report)
        before, state = len(party.host.room.seen), party.host.room.digest()
        body = await party.service.export(party.host, "csv", names=False)
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            about = json.loads(archive.read("room.json"))
            rows = archive.read("commands.csv").decode().splitlines()
        assert about["state_digest"] == state
        assert len(given) == before == len(rows) - 1
        assert party.host.room.messages[-1].n == before

    play(tmp_path, act, turn_seconds=None)


# --- restarts -------------------------------------------------------------------------------------


def test_a_restart_is_a_replay(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        await party.say(party.token, "say", to="all", text="Hello")
        await party.say(party.token, "submit", 1)
        await party.until(lambda: party.host.room.turn == 2 and party.host.room.phase == OPEN)
        before, acknowledged = party.host, len(party.host.room.seen)
        await party.again()
        rows = list(party.service.store.read(party.code))
        commands = commands_of(party.code, rows)
        lengths = range(acknowledged, len(commands) + 1)  # the old or the new may write meanwhile
        folded = {room_of(party.code, commands[:n], before.plan).digest() for n in lengths}
        assert before.room.digest() in folded
        assert party.host.room.digest() in folded
        host, holder = await party.service.enter(party.token, party.code)
        await party.until(lambda: len(party.host.stage.results) == 2)
        assert '"seat":"KOR"' in await host.payload(holder)
        body = Join(id="a-long-id-of-a-page", name="Kim", seat="KOR")
        told = await party.service.join(party.code, body, "elsewhere")
        assert told["token"] == party.token  # a resend over a restart

    play(tmp_path, act, turn_seconds=None)


def test_a_server_that_died_while_a_turn_was_played_plays_it(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        party.host.stage.child.ask = never  # type: ignore[method-assign]
        await party.control("close_turn")
        assert party.host.room.phase == RESOLVING
        with pytest.raises(Refused, match="closed and is being played"):
            await party.order(0.5)
        await party.again()
        await party.until(lambda: party.host.room.turn == 2)
        assert party.host.room.played[0]["orders"][0]["value"] == 0.25

    play(tmp_path, act, turn_seconds=None)


def test_an_id_that_was_kept_opens_a_seat_for_a_while_only(tmp_path: Path) -> None:
    """Such as one from an old export, which held them."""

    async def act(party: Party) -> None:
        back = Join(id="a-long-id-of-coming-back", name="Kim", seat="KOR", rejoin=True)
        asked = await party.service.join(party.code, back, "there")
        await party.control("admit", request=asked["request"])
        token = (await party.service.join(party.code, back, "there"))["token"]
        assert (await party.service.join(party.code, back, "there"))["token"] == token
        late = Join(id="a-long-id-of-somebody", name="Ann", seat="JPN")
        await party.service.join(party.code, late, "there")
        await party.again()
        party.clock.moved = 3_600_000
        for form in (back, late):
            with pytest.raises(Refused):
                await party.service.join(party.code, form, "elsewhere")

    play(tmp_path, act, turn_seconds=None)


def test_one_address_leaves_places_to_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        monkeypatch.setattr("runs.room.doorstep.MOST_PEOPLE", 3)

        def form(n: int) -> Join:
            return Join(id=f"a-long-id-of-number-{n}", name=f"Eve {n}")

        many = [party.service.join(party.code, form(n), "there") for n in range(9)]
        told = await asyncio.gather(*many, return_exceptions=True)
        assert sum(isinstance(one, dict) for one in told) == 3
        assert (await party.service.join(party.code, form(10), "elsewhere"))["token"]
        first = await party.service.join(party.code, form(0), "there")  # a resend takes no place
        assert first["token"] == told[0]["token"]  # type: ignore[index]

    play(tmp_path, act, turn_seconds=None)
