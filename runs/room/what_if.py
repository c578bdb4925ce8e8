"""`POST /api/what-if`: a scenario played to a week, and from there with levers held at values.

What `Game.what_if` does, without a room. It costs the machine some seconds, so it needs the host's
token, is played in a process of its own, and one waits for the other.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Request
from pydantic import Field, StringConstraints

from runs.plain_json import plain
from runs.room.child import Child, ChildFailed, ChildRefused
from runs.room.commands import WHOLE, Form, Number, Refused, Word
from runs.room.guard import bearer
from runs.room.log import NotSaved
from runs.room.refusals import refuse
from runs.room.server.waiting import while_here

if TYPE_CHECKING:
    from runs.room.service import Service


MOST_WAITING = 3  # of the host, the one that is played among them, as with branches of a room


class WhatIfForm(Form):
    """The game (scenario, seed, users) and what is held from which week on, over how many lucks."""

    scenario: Annotated[str, StringConstraints(max_length=200)] = "japan-2026"
    seed: Annotated[int, Field(ge=0, lt=2**31), WHOLE] = 1
    users: Annotated[int, Field(ge=100, le=20_000), WHOLE] = 2000
    set: Annotated[dict[Word, Number], Field(max_length=50)]
    from_week: Annotated[int, Field(ge=0, le=5000), WHOLE] = 0
    lucks: Annotated[int, Field(ge=1, le=32), WHOLE] = 8
    weeks: Annotated[int, Field(ge=1, le=260), WHOLE] | None = None


def add_what_if(api: FastAPI, service: Service) -> None:
    """The call, beside those of the rooms."""
    one_at_a_time = asyncio.Lock()
    waiting: set[object] = set()

    @api.post("/what-if")
    async def what_if(form: WhatIfForm, request: Request) -> dict[str, Any]:
        """What if: medians by week of the game, of its branch, and of the change luck by luck."""
        service.need_host(bearer(request.scope))
        asked = {**form.model_dump(), "scenario": str(service.source(form.scenario))}
        if len(waiting) >= MOST_WAITING:
            raise refuse("what_ifs_wait", None, 429)
        mine = object()
        waiting.add(mine)
        try:
            return await while_here(request, alone(asked))
        finally:
            waiting.discard(mine)

    async def alone(asked: dict[str, Any]) -> dict[str, Any]:
        async with one_at_a_time:
            child = Child()
            try:
                found: dict[str, Any] = await child.ask("what_if", **asked)
            except ChildRefused as problem:
                raise Refused(str(problem), None) from None
            except ChildFailed as problem:
                raise NotSaved(str(problem)) from None
            finally:
                await child.close()
        return found


def play_what_if(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer, in the child process; ScenarioError with one sentence for what cannot be."""
    from runs.play import Play
    from world.scenario import ScenarioError

    game = Play(asked["scenario"], seed=asked["seed"], users=asked["users"])
    game.run(min(asked["from_week"], game.horizon))
    try:
        found = game.what_if(asked["set"], asked["from_week"], asked["lucks"], asked["weeks"])
    except ValueError as problem:
        raise ScenarioError(str(problem)) from None
    answer: dict[str, Any] = plain(found.to_dict())
    return answer
