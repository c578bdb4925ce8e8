"""The line of the process that plays: who comes first, who leaves it, what a seat may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from host_play import OPENING, Party, play

from runs.room import teller
from runs.room.child import Child, ChildFailed, ChildRefused, Overtaken, Rank
from runs.room.commands import Join, Refused
from runs.room.ghosts import MOST, ghost_of
from runs.room.http import build_api
from runs.room.verdict import asked_of

Gate = asyncio.Event


class Slow(Child):
    """A child that answers with what it was asked, once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[str] = []
        self.gate = Gate()

    async def _ask(self, do: str, fields: dict[str, Any]) -> Any:
        self.played.append(do)
        await self.gate.wait()
        if do == "refused":
            raise ChildRefused("no")
        return do


def run(act: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        await act()

    asyncio.run(inside())


async def begin(child: Child, *calls: tuple[str, Rank, str]) -> list[asyncio.Task[Any]]:
    """Calls one after another; the first is being played."""
    tasks = []
    for do, rank, asker in calls:
        tasks.append(asyncio.create_task(child.ask(do, rank=rank, asker=asker)))
        await asyncio.sleep(0.01)
    return tasks


def test_what_is_given_up_while_the_process_starts_is_not_played() -> None:
    class Starting(Child):
        async def _start(self) -> asyncio.subprocess.Process:
            await gate.wait()
            return await super()._start()

    gate = Gate()

    async def act() -> None:
        child = Starting()
        (task,) = await begin(child, ("play", Rank.TURN, ""))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        gate.set()
        assert await child.ask("ping") == "pong"
        assert (child._calls, child.deaths) == (1, 0)
        await child.close()

    run(act)


def test_turns_come_first_then_control_causes_estimates_and_branches() -> None:
    async def act() -> None:
        child = Slow()
        tasks = await begin(
            child, ("running", Rank.BRANCH, "a"), ("branch 1", Rank.BRANCH, "b"),
            ("branch 2", Rank.BRANCH, "c"), ("estimate", Rank.ESTIMATE, "b"),
            ("causes", Rank.CAUSES, ""), ("control", Rank.CONTROL, "f1"), ("turn", Rank.TURN, ""),
        )  # fmt: skip
        child.gate.set()
        assert await asyncio.gather(*tasks) == [
            "running", "branch 1", "branch 2", "estimate", "causes", "control", "turn",
        ]  # fmt: skip
        assert child.played == [
            "running", "turn", "control", "causes", "estimate", "branch 1", "branch 2",
        ]  # fmt: skip
        assert not child.busy

    run(act)


def test_who_no_longer_waits_leaves_the_line_and_what_is_played_still_counts() -> None:
    async def act() -> None:
        child = Slow()
        running, waiting, last = await begin(
            child, ("running", Rank.BRANCH, "a"), ("waiting", Rank.BRANCH, "b"),
            ("last", Rank.BRANCH, "c"),
        )  # fmt: skip
        for task in (running, waiting):
            task.cancel()
        await asyncio.sleep(0.01)
        assert (child.asked_by("a"), child.asked_by("b"), child.asked_by("c")) == (1, 0, 1)
        child.gate.set()
        assert await last == "last"
        assert child.played == ["running", "last"]
        assert child.asked_by("a") == 0

    run(act)


def test_the_latest_call_of_an_asker_overtakes_the_one_that_waits() -> None:
    async def act() -> None:
        child = Slow()
        first, second, other = await begin(
            child, ("first", Rank.ESTIMATE, "a"), ("second", Rank.ESTIMATE, "a"),
            ("other", Rank.ESTIMATE, "b"),
        )  # fmt: skip
        child.overtake("a")
        (third,) = await begin(child, ("third", Rank.ESTIMATE, "a"))
        child.gate.set()
        assert await asyncio.gather(first, other, third) == ["first", "other", "third"]
        with pytest.raises(Overtaken):
            await second

    run(act)


def test_what_nobody_has_asked_for_overtakes_nothing_that_somebody_has() -> None:
    async def act() -> None:
        child = Slow()
        first, moved, ahead = await begin(
            child, ("first", Rank.GHOST, "b"), ("moved", Rank.GHOST, "a"),
            ("ahead", Rank.STORY, "a"),
        )  # fmt: skip
        child.overtake("a", Rank.STORY)
        child.gate.set()
        assert await asyncio.gather(first, moved) == ["first", "moved"]
        with pytest.raises(Overtaken):
            await ahead

    run(act)


def test_a_refusal_is_for_who_asked_and_a_closed_child_keeps_nobody_waiting() -> None:
    async def act() -> None:
        child = Slow()
        tasks = await begin(child, ("refused", Rank.TURN, ""), ("fine", Rank.TURN, ""))
        child.gate.set()
        with pytest.raises(ChildRefused):
            await tasks[0]
        assert await tasks[1] == "fine"
        child.gate.clear()
        tasks = await begin(child, ("a", Rank.TURN, ""), ("b", Rank.TURN, ""))
        await child.close()
        done, _ = await asyncio.wait(tasks, timeout=5)
        assert len(done) == 2
        assert all(task.cancelled() for task in tasks)

    run(act)


def test_a_child_that_dies_whatever_it_is_asked_says_so() -> None:
    class Dead(Child):
        async def _ask(self, do: str, fields: dict[str, Any]) -> Any:
            raise EOFError

    async def act() -> None:
        child = Dead()
        with pytest.raises(ChildFailed):
            await child.ask("play")
        assert child.deaths == 3

    run(act)


# --- what seats may ask ---------------------------------------------------------------------------


class Held:
    """Stands in for the model: branches and estimates are answered once they are let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gate, self.played = Gate(), list[str]()
        self.endless = False  # whether a branch of the story always has one more turn
        self.faults: set[int] = set()  # which calls of branches of the story are refused, from 1

        async def answer(child: Child, do: str, fields: dict[str, Any]) -> Any:
            self.played.append(do)
            if do in ("branch", "estimate", "ghost"):
                await self.gate.wait()
                told = {"from_week": 0, "zones": {}, "world_loss_usd": {}}  # what the log keeps
                told |= {"base_gauges": {}, "branch_gauges": {}, "lost_usd": {}}  # and what is said
                return {"do": do, "value": fields.get("value"), **told}
            if do == "play":
                rows = [{**OPENING, "turn": n, "digest": f"d{n}"}
                        for n in range(len(fields["turns"]) + 1)]  # fmt: skip
                return rows[fields.get("since", 0) :]
            if do == "tables":
                return ""
            if do == "fork" and self.played.count("fork") in self.faults:
                raise ChildRefused("This cannot be played.")
            if do == "fork" and self.endless:
                return None
            return {"turn": fields.get("turn"), "seats": {}}

        monkeypatch.setattr(Child, "_ask", answer)


@pytest.fixture
def held(stand_in: None, monkeypatch: pytest.MonkeyPatch) -> Held:
    """After ``stand_in`` has read the opening; the line itself is the real one."""
    monkeypatch.setattr(Child, "ask", LINE)
    return Held(monkeypatch)


LINE = Child.ask
BRANCH: dict[str, Any] = {"week": 0, "set": {"KOR.hub_policing": 0.5}, "orders": [], "weeks": 13}


async def revealed(party: Party) -> None:
    await party.control("start")
    await party.control("close_turn")
    await party.until(lambda: party.host.room.turn == 2 and 1 in party.host.stage.causes)
    await party.control("end")
    await party.control("reveal")


def asking(party: Party, token: str, **asked: Any) -> asyncio.Task[Any]:
    async def ask() -> Any:
        host, holder = await party.service.enter(token, party.code)
        if "lever" in asked:
            return await party.service.estimate(host, holder, asked["lever"], asked["value"])
        return await party.service.branch(host, holder, BRANCH)

    return asyncio.create_task(ask())


def test_a_seat_has_one_branch_under_way_and_the_facilitator_does_not_wait_for_it(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        await revealed(party)
        first = asking(party, party.token)
        await party.until(lambda: "branch" in held.played)
        for _ in range(60):
            with pytest.raises(Refused, match="still being played") as caught:
                await asking(party, party.token)
            assert caught.value.status == 429
        own = asking(party, party.control_token)
        await party.until(lambda: held.played.count("branch") == 2)  # beside the seat's
        held.gate.set()
        assert (await own)["do"] == (await first)["do"] == "branch"
        assert (await asking(party, party.token))["do"] == "branch"

    play(tmp_path, act, turn_seconds=None)


def test_who_asks_comes_between_two_turns_of_the_story(tmp_path: Path, held: Held) -> None:
    async def act(party: Party) -> None:
        held.endless = True
        held.gate.set()
        await revealed(party)
        await party.until(lambda: held.played.count("fork") > 3)
        assert (await asking(party, party.token))["do"] == "branch"
        told = held.played.count("fork")
        await party.until(lambda: held.played.count("fork") > told)  # which goes on then
        assert not party.host.stage.teller.answers
        held.endless = False
        await party.until(lambda: bool(party.host.stage.teller.answers))

    play(tmp_path, act, turn_seconds=None)


async def ended(party: Party, again: bool = False) -> None:
    if again:
        await party.control("undo_turn", why="one more")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 3)
    else:
        await party.control("start")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2)
    await party.control("end")


def test_a_branch_that_cannot_be_played_leaves_the_others_to_be_told(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        held.faults = {1, 2}
        await ended(party)
        told = party.host.stage.teller
        await party.until(lambda: told.failed)
        of = len(asked_of(party.host.picture()))
        assert len(told.answers) == of - 2 > 0
        party.host.stage.wake()
        await party.until(lambda: not party.host.stage.busy)
        assert held.played.count("fork") == of  # none is asked for again

    play(tmp_path, act, turn_seconds=None)


def test_a_room_that_everybody_has_left_plays_no_branches(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teller, "LOOKS_S", 0.5)
    monkeypatch.setattr(teller, "REST_S", 0.01)

    async def act(party: Party) -> None:
        held.endless = True
        held.gate.set()
        await ended(party)
        await party.until(lambda: held.played.count("fork") > 3)
        await asyncio.sleep(1.0)  # nobody is there: what is under way comes to its end
        told = held.played.count("fork")
        for _ in range(30):
            await asyncio.sleep(0.01)
        assert held.played.count("fork") == told
        held.endless = False
        of = len(asked_of(party.host.picture()))
        await party.until(lambda: len(party.host.stage.teller.answers) == of > 0)

    play(tmp_path, act, turn_seconds=None)


def test_a_model_that_fails_three_times_is_not_asked_again_until_the_game_is_another(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        held.faults = {1, 2, 3}
        await ended(party)
        told = party.host.stage.teller
        await party.until(lambda: told.failed)
        assert held.played.count("fork") == 3
        await ended(party, again=True)
        of = len(asked_of(party.host.picture()))
        await party.until(lambda: len(told.answers) == of > 0)
        assert not party.host.health()["branches"]

    play(tmp_path, act, turn_seconds=None)


def test_an_export_does_not_wait_for_branches(tmp_path: Path, held: Held) -> None:
    async def act(party: Party) -> None:
        await revealed(party)
        waiting = asking(party, party.token)
        await party.until(lambda: "branch" in held.played)
        await asyncio.wait_for(party.host.stage.ask("ping", [], Rank.CAUSES), 10)
        await asyncio.wait_for(party.host.stage.ask("save", [], Rank.CONTROL), 10)
        assert not waiting.done()
        waiting.cancel()

    play(tmp_path, act, turn_seconds=None)


def test_of_many_estimates_of_a_seat_the_first_and_the_last_are_played(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.until(lambda: bool(party.host.stage.results))
        asked = []
        for n in range(50):
            asked.append(asking(party, party.token, lever="hub_policing", value=n / 100))
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        held.gate.set()
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [one["value"] for one in found if isinstance(one, dict)] == [0.0, 0.49]
        refused = [one for one in found if isinstance(one, Refused)]
        assert len(refused) == 48
        assert {one.status for one in refused} == {429}

    play(tmp_path, act, turn_seconds=None)


def test_of_many_ghosts_of_a_seat_two_are_played_and_the_room_goes_on_meanwhile(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.until(lambda: bool(party.host.stage.results))
        asked = []
        for n in range(50):
            asked.append(asyncio.create_task(ghost_of(party.host, "KOR", "stance", n / 100)))
            await asyncio.sleep(0)
        await party.until(lambda: "ghost" in held.played)
        await party.control("close_turn")  # another process plays the turn
        await party.until(lambda: party.host.room.turn == 2)
        assert not asked[-1].done()
        held.gate.set()
        found = await asyncio.gather(*asked)
        assert [one["value"] for one in found if "value" in one] == [0.0, 0.49]
        assert {one["turn"] for one in found if "turn" in one} == {1}
        assert found.count({"later": True}) == 48

    play(tmp_path, act, turn_seconds=None)


def test_a_ghost_that_a_page_asks_ahead_waits_for_those_of_people(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.until(lambda: bool(party.host.stage.results))
        side, asked = party.host.stage.child_for(Rank.GHOST), []
        for n, (seat, ahead) in enumerate(
            [("JPN", True), ("USA", True), ("VNM", True), ("KOR", False)], 1
        ):
            one = ghost_of(party.host, seat, "stance", n / 10, ahead)
            asked.append(asyncio.create_task(one))
            await party.until(lambda seat=seat: side.asked_by(seat) == 1)
        done: list[float] = []
        for task in asked:
            task.add_done_callback(lambda one: done.append(one.result()["value"]))
        held.gate.set()
        await asyncio.gather(*asked)
        assert done == [0.1, 0.4, 0.2, 0.3]  # the first was being played

    play(tmp_path, act, turn_seconds=None)


def test_people_of_a_seat_do_not_overtake_one_another_and_a_seat_has_a_few_ghosts(
    tmp_path: Path, held: Held
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.until(lambda: bool(party.host.stage.results))
        asked = []
        people = [one.who for one in party.host.room.people.values()]
        for n in range(MOST):
            body = Join(id=f"a-long-id-of-page-{n}", name=f"Kim {n}", seat="KOR")
            people.append((await party.service.join(party.code, body, "here"))["person"])
        for n, who in enumerate(people):
            one = ghost_of(party.host, "KOR", "stance", n / 10, who=who)
            asked.append(asyncio.create_task(one))
            await asyncio.sleep(0)
        assert await asked[-1] == {"later": True}
        held.gate.set()
        found = await asyncio.gather(*asked[:-1])
        assert [one["value"] for one in found] == [n / 10 for n in range(MOST)]

    play(tmp_path, act, turn_seconds=None)


def test_a_client_that_has_gone_leaves_the_line(tmp_path: Path, held: Held) -> None:
    async def act(party: Party) -> None:
        await revealed(party)
        api = build_api(party.service)
        body, gone = b'{"week": 0, "set": {}, "weeks": 13}', asyncio.Event()
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        path = f"/rooms/{party.code}/branch"
        headers = [(b"authorization", f"Bearer {party.token}".encode()),
                   (b"content-type", b"application/json")]  # fmt: skip
        scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
                 "headers": headers, "query_string": b"", "root_path": "", "scheme": "http",
                 "server": ("x", 80), "client": ("10.0.0.9", 1), "http_version": "1.1"}  # fmt: skip
        running = asking(party, party.control_token)  # another process: it is not waited for
        call = asyncio.create_task(api(scope, receive, send))
        side = party.host.stage.child_for(Rank.BRANCH)
        await party.until(lambda: side.asked_by("KOR") == 1)
        gone.set()
        await asyncio.wait_for(call, 10)
        held.gate.set()
        await running
        await party.until(lambda: not side.busy)

    play(tmp_path, act, turn_seconds=None)


def test_a_call_that_a_dying_server_did_not_finish_ends_the_child_quietly() -> None:
    from io import StringIO

    from runs.room.worker import Desk, serve

    told = StringIO()
    serve(StringIO('{"call": 1, "do": "ping"}\n{"call": 2, "do": "pi'), told, Desk())
    assert told.getvalue() == '{"call": 1, "ok": "pong"}\n'
