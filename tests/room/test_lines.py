"""A world that fails, and what a host tells to whom: slow readers, dead devices, who is taken out.

The model is played by a stand-in that answers at once, so that these are about the host alone.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from host_play import Party, never, play

from runs.room.child import Child, ChildFailed, ChildRefused
from runs.room.commands import Join, NewRoom, Refused
from runs.room.live import MOVED, REFUSED_CODE, Line
from runs.room.log import NotSaved, Store
from runs.room.saved import saved_rooms
from runs.room.state import ENDED, OPEN
from runs.room.tokens import FACILITATOR, SEAT, Pass

pytestmark = pytest.mark.usefixtures("stand_in")


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
        party.host.stage.child.ask = never  # type: ignore[method-assign]
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
