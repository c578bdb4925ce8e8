"""The host of a room in one process: clocks that are moved, disks that are full, slow readers.

The model is played by a stand-in that answers at once, so that these are about the host alone.
"""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from runs.room.child import Child, ChildFailed, ChildRefused
from runs.room.commands import Join, NewRoom, Refused
from runs.room.live import MOVED, REFUSED_CODE, Line
from runs.room.log import NotSaved, Store
from runs.room.saved import saved_rooms
from runs.room.service import Service
from runs.room.state import ENDED, OPEN, RESOLVING
from runs.room.table import Table
from runs.room.tokens import FACILITATOR, SEAT, Pass

OPENING: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of the right shape without a model: the opening again and again."""
    if not OPENING:
        from room_play import SETUP

        OPENING.update(json.loads(json.dumps(Table({**SETUP, "users": 300}).results[0])))

    async def ask(self: Child, do: str, **asked: Any) -> Any:
        await asyncio.sleep(0)
        turns = asked["turns"]
        if do == "play":
            results = [{**OPENING, "turn": n, "digest": f"d{n}"} for n in range(len(turns) + 1)]
            return results[asked.get("since", 0) :]
        seats = {seat: {"change": {}, "loss_usd": 0, "causes": []} for seat in OPENING["seats"]}
        return {"turn": asked["turn"], "seats": seats}

    monkeypatch.setattr(Child, "ask", ask)


class Clock:
    """A wall clock that can be moved."""

    def __init__(self) -> None:
        self.moved = 0

    def __call__(self) -> int:
        import time

        return time.time_ns() // 1_000_000 + self.moved


class Party:
    """A service with one room, a facilitator and one person in Korea's seat."""

    def __init__(self, path: Path, **fields: Any) -> None:
        self.path, self.clock, self.fields, self.n = path, Clock(), fields, 0
        self.sending: list[asyncio.Task[None]] = []  # to sockets of a test

    async def begin(self) -> None:
        self.service = Service(Store(self.path), "host", self.clock)
        made = await self.service.create(NewRoom(users=300, **self.fields))
        self.code, self.control_token = made["code"], made["facilitator_token"]
        body = Join(id="a-long-id-of-a-page", name="Kim", seat="KOR")
        self.token = (await self.service.join(self.code, body, "here"))["token"]
        self.host = await self.service.host(self.code)

    async def again(self) -> None:
        """The server stops without a word and is started again on the same log."""
        for task in self.host._tasks:
            task.cancel()
        self.service.store.close()
        self.service = Service(Store(self.path), "host", self.clock)
        self.host = await self.service.host(self.code)

    async def say(self, token: str, kind: str, turn: int = 0, /, **data: Any) -> dict[str, Any]:
        self.n += 1
        host, holder = await self.service.enter(token, self.code)
        return await self.service.say(host, holder, kind, f"c{self.n}", data, turn)

    async def control(self, action: str, **data: Any) -> dict[str, Any]:
        return await self.say(self.control_token, "control", action=action, **data)

    async def order(self, value: float) -> dict[str, Any]:
        turn = self.host.room.turn
        return await self.say(self.token, "order", turn, lever="stance", value=value, why="")

    async def until(self, wanted: Callable[[], bool], patience: float = 10.0) -> None:
        for _ in range(int(patience / 0.02)):
            if wanted():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("waited in vain")


def play(tmp_path: Path, act: Callable[[Party], Awaitable[None]], **fields: Any) -> None:
    async def run() -> None:
        party = Party(tmp_path / "rooms.db", **fields)
        await party.begin()
        try:
            await act(party)
        finally:
            for task in party.sending:
                task.cancel()
            await party.service.close()

    asyncio.run(run())


# --- clocks ---------------------------------------------------------------------------------------


def test_a_turn_ends_at_its_deadline_whatever_clients_do(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("extend", seconds=-4)
        deadline = party.host.room.deadline
        await party.until(lambda: party.host.room.turn == 2)
        closed = party.host.room.closed[1]
        assert closed["why"] == "deadline"
        assert 0 <= closed["at"] - (deadline or 0) < 1500

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


def test_after_a_restart_a_turn_has_the_time_that_it_had(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await asyncio.sleep(1.6)
        left = party.host.left_ms()
        await party.again()
        party.clock.moved = 3_600_000  # it stood still for an hour
        await party.again()
        await party.until(lambda: party.host.left_ms() is not None)
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
        state = party.host.room.digest()
        await party.again()
        assert party.host.room.digest() == state
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
        party.host.stage.child.ask = _never  # type: ignore[method-assign]
        await party.control("close_turn")
        assert party.host.room.phase == RESOLVING
        with pytest.raises(Refused, match="closed and is being played"):
            await party.order(0.5)
        await party.again()
        await party.until(lambda: party.host.room.turn == 2)
        assert party.host.room.played[0]["orders"][0]["value"] == 0.25

    play(tmp_path, act, turn_seconds=None)


async def _never(do: str, **asked: Any) -> Any:
    await asyncio.Event().wait()


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


# --- a world that fails ---------------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    """From now on no turn can be played; the opening can."""
    played = Child.ask

    async def ask(self: Child, do: str, **asked: Any) -> Any:
        if do == "play" and asked["turns"]:
            raise problem
        return await played(self, do, **asked)

    monkeypatch.setattr(Child, "ask", ask)
    monkeypatch.setattr("runs.room.stage.RETRY_SECONDS", 0.05)


PROBLEMS = [ChildRefused("no such lever"), ChildFailed("a fault of ours"), OSError("no process")]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: type(one).__name__)
def test_a_turn_that_cannot_be_played_can_be_taken_back_or_the_game_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        with monkeypatch.context() as for_now:
            failing(for_now, problem)
            for action in ("undo_turn", "end"):
                await party.control("close_turn")
                await party.until(lambda: party.host.room.stuck)
                assert party.host.room.messages[-1].to == ["all"]
                assert "cannot be played" in party.host.room.messages[-1].text
                assert str(problem) in party.host.health()["fault"]
                assert await party.service.healthy() == ""  # the other rooms are served
                await party.control(action, why="The model fails.")
                room = party.host.room
                assert (room.stuck, room.played, room.turn) == (False, [], 1)
                assert room.chairs["KOR"].orders["stance"].value == 0.25
                state = room.digest()
                await party.again()
                assert party.host.room.digest() == state
            assert party.host.room.phase == ENDED
        await party.control("undo_turn", why="It works again.")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2)
        await party.until(lambda: not party.host.health()["fault"])

    play(tmp_path, act, turn_seconds=None)


def test_a_practice_turn_that_cannot_be_played_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.control("start", practice=True)
        with monkeypatch.context() as for_now:
            failing(for_now, ChildRefused("no such lever"))
            await party.control("close_turn")
            await party.until(lambda: party.host.room.stuck)
            await party.control("undo_turn", why="The model fails.")
            room = party.host.room
            assert (room.practice, room.phase, room.chairs["KOR"].played_by) == (
                True, OPEN, "person",
            )  # fmt: skip
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 1)

    play(tmp_path, act, turn_seconds=None)


def test_a_turn_that_is_played_slowly_is_nobodys_to_take_back(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        party.host.stage.child.ask = _never  # type: ignore[method-assign]
        await party.control("close_turn")
        for action in ("undo_turn", "end"):
            with pytest.raises(Refused):
                await party.control(action, why="Impatience.")

    play(tmp_path, act, turn_seconds=None)


def test_a_room_that_comes_out_otherwise_says_so_to_its_people_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2)
        played = Child.ask

        async def ask(self: Child, do: str, **asked: Any) -> Any:
            found = await played(self, do, **asked)
            return [{**one, "digest": "other"} for one in found] if do == "play" else found

        monkeypatch.setattr(Child, "ask", ask)
        for _ in range(2):  # told once, however often the server is started
            await party.again()
            await party.until(lambda: "otherwise" in party.host.health()["fault"])
            await party.until(lambda: party.host.room.differing == {1: "other"})
            assert len(party.host.room.messages) == 1
        _, holder = await party.service.enter(party.token, party.code)
        assert "came out otherwise" in await party.host.payload(holder)
        assert await party.service.healthy() == ""

    play(tmp_path, act, turn_seconds=None)


def test_a_log_that_can_neither_be_written_nor_read_for_a_moment_ends_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        state = party.host.room.digest()
        _, holder = await party.service.enter(party.token, party.code)
        with monkeypatch.context() as for_now:

            def broken(self: Store, *values: Any) -> Any:
                raise NotSaved("The disk is away.")

            for_now.setattr(Store, "append", broken)
            for_now.setattr(Store, "_ask", broken)
            for _ in range(2):
                with pytest.raises(NotSaved):
                    await asyncio.wait_for(party.order(0.5), 2)
            with pytest.raises(NotSaved):  # nothing is shown that is not on disk
                await party.host.payload(holder)
        assert '"value":0.25' in await party.host.payload(holder)
        assert party.host.room.digest() == state
        await asyncio.wait_for(party.order(0.75), 2)
        assert party.host.room.chairs["KOR"].orders["stance"].value == 0.75

    play(tmp_path, act, turn_seconds=None)


# --- telling --------------------------------------------------------------------------------------


class Stuck:
    """A socket whose other end does not read."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.free = asyncio.Event()

    async def send_text(self, data: str) -> None:
        self.sent.append(data)
        await self.free.wait()

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        pass


def test_who_does_not_read_keeps_nobody_waiting_and_gets_the_latest(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        socket, host = Stuck(), party.host
        line = Line(socket, Pass(SEAT, party.code, "p1"), "")
        assert await host.connect(line, False)
        sending = asyncio.create_task(line.run(host.beat))
        for n in range(1, 20):
            await asyncio.wait_for(party.order(n / 20), 2)
        await asyncio.sleep(0.3)
        assert len(socket.sent) == 1
        socket.free.set()
        await party.until(lambda: len(socket.sent) == 2)
        assert '"value":0.95' in socket.sent[-1]
        sending.cancel()

    play(tmp_path, act, turn_seconds=None)


def test_a_draft_of_one_seat_is_told_to_that_seat_only(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        other = await party.service.join(
            party.code, Join(id="another-long-id-of-one", name="Lee", seat="JPN"), "there"
        )
        sockets, sending = {}, []
        for who in ("p1", other["person"]):
            sockets[who] = Stuck()
            sockets[who].free.set()
            line = Line(sockets[who], Pass(SEAT, party.code, who), "")
            await party.host.connect(line, False)
            sending.append(asyncio.create_task(line.run(party.host.beat)))
        await asyncio.sleep(0.5)
        before = {who: len(socket.sent) for who, socket in sockets.items()}
        await party.order(0.5)
        await party.until(lambda: len(sockets["p1"].sent) > before["p1"])
        await asyncio.sleep(0.2)
        whole = [text for text in sockets["p2"].sent[before["p2"] :] if '"version"' in text]
        assert not whole
        for task in sending:
            task.cancel()

    play(tmp_path, act, turn_seconds=None)


def test_a_room_has_a_salt_for_its_dice_that_nobody_is_sent(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        salt = party.host.room.salt
        assert len(salt) > 20
        for token in (party.control_token, party.token):
            host, holder = await party.service.enter(token, party.code)
            assert salt not in await host.payload(holder)

    play(tmp_path, act)


def test_a_turn_taken_back_and_closed_at_once_is_played_anew(tmp_path: Path) -> None:
    """All three commands in one batch: between them nobody sees the turn open."""

    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.1)
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2 and 1 in party.host.stage.causes)
        host = party.host
        old = host.stage.results[1]
        await asyncio.gather(
            party.control("undo_turn", why="again"),
            party.say(party.token, "order", 1, lever="stance", value=0.9, why=""),
            party.control("close_turn"),
        )
        await party.until(lambda: host.room.phase == OPEN and host.room.turn == 2)
        assert host.room.played[0]["orders"][0]["value"] == 0.9
        assert host.stage.results[1] is not old
        await party.until(lambda: 1 in host.stage.causes)

    play(tmp_path, act, turn_seconds=None)


def test_who_looked_on_in_a_turn_is_no_absent_seat(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.service.join(
            party.code, Join(id="another-long-id-of-one", name="Lee", seat="JPN"), "there"
        )
        await party.control("start")
        host = party.host
        line = Line(Stuck(), Pass(SEAT, party.code, "p1"), "")
        assert await host.connect(line, False)
        for turn in (1, 2, 3):
            await party.control("close_turn")
            await party.until(lambda turn=turn: host.room.turn == turn + 1)  # type: ignore[misc]
            if turn == 1:
                host.disconnect(line)  # leaves in turn 2, of which it has seen the beginning
        seats = [(one["seats"]["KOR"], one["seats"]["JPN"]) for one in host.room.played]
        kept, away = ("person", "caretaker"), ("caretaker", "caretaker")
        assert seats == [kept, kept, away]

    play(tmp_path, act, turn_seconds=None)


class Open(Stuck):
    """A socket that is read at once."""

    def __init__(self) -> None:
        super().__init__()
        self.free.set()
        self.code = 0

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        self.code = code


async def listening(party: Party, holder: Pass, device: str = "") -> Open:
    socket = Open()
    line = Line(socket, holder, device)
    assert await party.host.connect(line, False)
    party.sending.append(asyncio.create_task(line.run(party.host.beat)))
    await party.until(lambda: bool(socket.sent))
    return socket


def test_who_is_taken_out_or_moved_hears_nothing_more_of_the_seat(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        tokens = {}
        for name in ("Lee", "Choi"):
            form = Join(id=f"a-long-id-of-{name}-only", name=name, seat="KOR")
            tokens[name] = (await party.service.join(party.code, form, "there"))["token"]
        out, moved = [
            await listening(party, (await party.service.enter(tokens[name], party.code))[1])
            for name in ("Lee", "Choi")
        ]
        await party.control("assign", person="p2", seat="")
        await party.control("assign", person="p3", seat="JPN")
        await party.until(lambda: out.code == REFUSED_CODE and '"seat":"JPN"' in moved.sent[-1])
        heard = len(out.sent), len(moved.sent)
        await party.say(party.token, "order", 1, lever="stance", value=0.5, why="canary one")
        other = await party.service.join(
            party.code, Join(id="a-long-id-of-a-fourth", name="Ann", seat="AUS"), "there"
        )
        await party.say(other["token"], "say", to="KOR", text="canary two")
        holder = Pass(SEAT, party.code, "p1")
        await party.until(lambda: party.host.room.messages[-1].text == "canary two")
        assert "canary two" in await party.host.payload(holder)
        await asyncio.sleep(0.3)
        assert len(out.sent) == heard[0]
        assert "no seat in this room" in out.sent[-1]
        assert not any("canary" in text for text in moved.sent[heard[1] :])
        with pytest.raises(Refused, match="no seat"):
            await party.host.payload(Pass(SEAT, party.code, "p2"))

    play(tmp_path, act, turn_seconds=None)


def test_a_helper_who_is_dismissed_is_out_and_another_takes_the_place(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        told = await party.control("facilitator", name="Scribe", rights=["message"])
        helper = await listening(party, Pass(FACILITATOR, party.code, told["facilitator"]))
        await party.control("dismiss", helper=told["facilitator"])
        await party.until(lambda: helper.code == REFUSED_CODE)
        assert "no longer a facilitator" in helper.sent[-1]
        with pytest.raises(Refused, match="no longer"):
            await party.service.enter(told["token"], party.code)
        with pytest.raises(Refused, match="cannot be dismissed"):
            await party.control("dismiss", helper="f1")
        with pytest.raises(Refused, match="at least one right"):
            await party.control("facilitator", name="Idle", rights=[])

    play(tmp_path, act, turn_seconds=None)


def test_a_dead_device_does_not_hold_up_the_one_that_takes_its_seat(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        holder = Pass(SEAT, party.code, "p1")
        dead, host = Stuck(), party.host
        line = Line(dead, holder, "old")
        assert await host.connect(line, False)
        party.sending.append(asyncio.create_task(line.run(host.beat)))
        await party.until(lambda: len(dead.sent) == 1)  # and never taken
        fresh = await asyncio.wait_for(listening(party, holder, "new"), 1)
        assert '"seat":"KOR"' in fresh.sent[0]
        await party.until(lambda: MOVED in dead.sent)
        assert host.lines.was_moved(holder, "old")

    play(tmp_path, act, turn_seconds=None)


def test_a_host_is_found_by_a_code_however_it_is_typed(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        typed = f" {party.code[:2].lower()}-{party.code[2:]} "
        assert await party.service.host(typed) is party.host
        with pytest.raises(Refused):
            await party.service.host("ZZZZ")

    play(tmp_path, act)


def test_a_guess_at_a_code_does_not_reach_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(party: Party) -> None:
        await party.again()  # also of a room of before
        asked: list[str] = []
        ask = Store._ask

        def note(self: Store, query: str, *values: Any) -> Any:
            asked.append(query)
            return ask(self, query, *values)

        monkeypatch.setattr(Store, "_ask", note)
        with pytest.raises(Refused, match="There is no room"):
            await party.service.host("ZZZZZ")
        assert not asked
        assert (await party.service.host(party.code)).code == party.code

    play(tmp_path, act)


def test_the_list_of_saved_rooms_says_how_far_each_has_come(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2)
        await party.order(0.25)
        other = await party.service.create(NewRoom(users=300, seats=["KOR"], team_size=1))
        form = Join(id="a-long-id-of-one-alone", name="Ann", seat="KOR")
        alone = await party.service.join(other["code"], form, "there")
        one, two = saved_rooms(party.service)
        assert (one["room"], one["alone"], one["people"]) == (other["code"], True, 1)
        assert (one["seat_token"], one["played"]) == (alone["token"], 0)
        assert (two["room"], two["alone"], two["played"]) == (party.code, False, 1)
        last = [row.body["at"] for row in party.service.store.read(party.code)][-1]
        assert two["last"] == last  # an order is no milestone, and still counts as a touch

    play(tmp_path, act, turn_seconds=None)
