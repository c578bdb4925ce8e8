"""The server is killed, and its child too, while a class plays: nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from runs.room.trial import mishaps
from runs.room.trial.bots import play_class
from runs.room.trial.client import Door, Server, new_id, patient_room
from runs.room.trial.faults import kill_again_and_again


@pytest.mark.slow
def test_kill_nine_loses_and_doubles_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Five kills here; `python -m runs.room.trial.faults --kills 200` is the long trial."""
    with Server(tmp_path / "rooms.db") as server:
        found = asyncio.run(kill_again_and_again(server, people=30, kills=5, users=500))
    print(found)
    assert found["orders"] > 30
    assert {"messages", "deals", "submit"} <= set(found)
    assert found["lost"] == []
    assert found["doubled"] == []
    assert found["state_is_fold"]
    assert found["turns_that_differ"] == []
    assert found["dropped"] is None


@pytest.mark.slow
def test_a_child_killed_in_the_middle_of_a_resolution_changes_nothing(server: Server) -> None:
    found = asyncio.run(mishaps.child(server, turns=2))
    assert found["fine"], found


@pytest.mark.slow
def test_a_class_of_thirty_bots_plays_eight_turns_through_the_door(server: Server) -> None:
    """The same door as people; the figures are printed, not judged, since machines differ."""
    found = asyncio.run(play_class(server.address, people=30, turns=8, users=2000))
    review, bots = found.pop("review"), found.pop("bots")
    print({name: value for name, value in found.items() if name != "made"})
    assert found["played"] == 8
    assert found["seats"] == 10
    assert len({bot.token for bot in bots}) == 30
    for turn in review["turns_played"]:
        assert turn["closed"]["why"] == "all submitted"
        people = {seat for seat, by in turn["played_by"].items() if by == "person"}
        assert len(people) == 10
    assert set(review["forecasts"]) == {bot.seat for bot in bots}


@pytest.mark.slow
def test_network_cuts_lose_nothing(server: Server) -> None:
    """A page that is cut off keeps its order, sends it again and has the latest payload."""

    async def cut(seconds: float) -> None:
        made, control, bot = await patient_room(server.address)
        bot.go_live()
        await control.act("start")
        await bot.until(lambda s: s["turn"] == 1)
        await bot.leave()  # the line is dead in both directions
        body = {"id": new_id(), "turn": 1, "lever": "stance", "value": 0.7, "why": ""}
        where = f"/api/rooms/{made['code']}/orders"
        await bot.wire.ask("PUT", where, bot.token, body)  # the answer never arrives
        await control.act("message", text="Hi")
        await asyncio.sleep(seconds)
        bot.go_live()
        status, _ = await bot.call("PUT", "/orders", body)
        seen = await bot.until(lambda s: s["messages"])
        assert status == 200
        assert [order["value"] for order in seen["orders"]] == [0.7]
        await bot.leave()

    asyncio.run(cut(3))


@pytest.mark.slow
def test_killed_in_the_middle_of_the_reveal_the_wall_stands_at_its_step(tmp_path: Path) -> None:
    async def half_way(server: Server) -> tuple[Door, dict[str, Any]]:
        made, control, bot = await patient_room(server.address)
        await control.act("start")
        await control.act("close_turn")
        while (await control.call("GET", "/view"))[1]["turn"] < 2:
            await asyncio.sleep(0.1)
        await control.act("end")
        for _ in range(3):
            await control.act("scene", to="next")
        wall = Door(server.address, made["code"], made["projector_token"])
        seen = (await wall.call("GET", "/view"))[1]
        for door in (control, wall, bot):
            door.wire.close()
        return wall, seen

    async def after(wall: Door) -> dict[str, Any]:
        seen: dict[str, Any] = (await wall.call("GET", "/view"))[1]
        wall.wire.close()
        return seen

    with Server(tmp_path / "rooms.db") as server:
        wall, before = asyncio.run(half_way(server))
        server.kill()
        server.start()
        wall = Door(server.address, wall.code, wall.token)
        seen = asyncio.run(after(wall))
    assert (before["wall"]["scene"], before["wall"]["step"]) == ("reveal", 3)
    assert seen["wall"] == before["wall"]
