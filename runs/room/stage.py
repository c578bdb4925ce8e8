"""The world of one room at the server: has turns played as they close, and causes worked out.

The child process plays; what it says is kept here, where views are cut from it. What seats try out
is played by a second one and their ghosts by a third, so that neither the room nor its facilitator
waits for them.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from runs.room.child import Child, ChildFailed, ChildRefused, Rank
from runs.room.log import Results
from runs.room.sameness import compare, machine, other_model
from runs.room.say import Say
from runs.room.state import RESOLVING, Room
from runs.room.teller import Teller
from runs.room.trouble import DIFFERS, STUCK

log = logging.getLogger(__name__)

RETRY_SECONDS = 3.0  # after which a child that failed is asked again
SIDE_LOWER = 10  # how far what seats try out ranks below the server
BESIDE = {Rank.BRANCH: Rank.BRANCH, Rank.STORY: Rank.BRANCH, Rank.GHOST: Rank.GHOST}  # who shares
SIDE_SECONDS = 120.0  # after which a further child ends that nobody asks


class Stage:
    """Results of the turns of one room; `run` keeps them up with its log.

    ``room`` gives the room as it is now; ``say`` puts a command of the server into the log (kind,
    data, turn); ``tell`` says that every view may have changed.
    """

    def __init__(
        self, code: str, setup: dict[str, Any], room: Callable[[], Room],
        say: Callable[[str, dict[str, Any], int], Awaitable[bool]], tell: Callable[[], None],
        kept: Results,
    ) -> None:  # fmt: skip
        self.code, self.setup, self.room = code, setup, room
        self._say, self._tell, self.kept = say, tell, kept
        self._keeps = True  # until that has failed
        self.child = Child()
        self._sides = {rank: Child(SIDE_LOWER) for rank in dict.fromkeys(BESIDE.values())}
        self._side_ends: dict[Rank, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self.results: list[dict[str, Any]] = []  # by turn, the opening first
        self._inputs: list[dict[str, Any]] = []  # of the turns that the results are of
        self.rehearsal: dict[str, Any] | None = None  # result of the practice turn
        self.causes: dict[int, dict[str, Any]] = {}  # by turn
        self.teller = Teller(self)
        self.fault = ""  # why turns cannot be played, for control
        self.fault_say: Say | None = None  # the same as a key with values
        self.down = False  # the model's process does not stay up, whatever it is asked
        self.differs: Say | None = None  # a turn that came out otherwise than in the log
        self._news = asyncio.Event()  # there may be something to keep
        self._wanted = asyncio.Event()
        self._wanted.set()

    @property
    def busy(self) -> bool:
        """Whether something is being played or about to be."""
        children = (self.child, *self._sides.values())
        return self._wanted.is_set() or any(child.busy for child in children)

    def wake(self) -> None:
        """There may be something to play."""
        self._wanted.set()

    def keep_to(self, played: list[dict[str, Any]]) -> None:
        """Drops what turns have brought that were taken back, also where the same turn was closed
        again at once with other orders."""
        pairs = enumerate(zip(self._inputs, played, strict=False))
        same = next((n for n, (mine, now) in pairs if mine != now), None)
        turns = min(len(self._inputs), len(played)) if same is None else same
        if len(self._inputs) > turns:
            del self._inputs[turns:], self.results[turns + 1 :]
            self.causes = {turn: found for turn, found in self.causes.items() if turn <= turns}

    async def run(self) -> None:
        """Has turns played as they close, and works out causes while nobody waits."""
        if other_model(self.room()) is not None:
            self._wanted.clear()
            return
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._catch_up()
                self.fault, self.fault_say, self.down = "", None, False
                await self._compare()
                self._news.set()
                self.teller.wake()
            except Exception as problem:  # whatever it is, the room is not left without its world
                await self._failed(problem)
                await asyncio.sleep(RETRY_SECONDS)
                self._wanted.set()
            self._tell()

    async def _failed(self, problem: Exception) -> None:
        """Tells control, and the room where a closed turn waits for it."""
        if isinstance(problem, ChildFailed | ChildRefused):
            log.error("room %s: %s", self.code, problem)
        else:
            log.exception("room %s: its turns could not be played", self.code)
        self.fault = str(problem) or type(problem).__name__
        self.fault_say = problem.say if isinstance(problem, ChildFailed) else None
        self.down = self.fault_say is not None
        self.fault_say = self.fault_say or Say("fault.play")
        room = self.room()
        if room.phase == RESOLVING and not room.stuck:
            await self._say("trouble", {"what": STUCK}, room.turn)

    async def _catch_up(self) -> None:
        room = self.room()
        if room.practice or (room.rehearsal and self.rehearsal is None):
            await self._rehearse()
        turns = list(room.played)
        self.keep_to(turns)
        if len(self.results) <= len(turns):
            since = len(self.results)
            more = await self.ask("play", turns, since=since)
            if turns != self.room().played:  # taken back meanwhile
                self._wanted.set()
                return
            self.results[since:], self._inputs = more, turns
            self._tell()
        if self.room().phase == RESOLVING and not self.room().practice:
            await self._say("resolved", self._brought(self.results[len(turns)]), self.room().turn)
        await self._work_out_causes()

    async def _rehearse(self) -> None:
        """The practice turn is played like any other and then forgotten by the world."""
        room = self.room()
        if not self.results:
            self.results = await self.ask("play", [], since=0)
            self._tell()
        if room.rehearsal is None:
            return
        self.rehearsal = (await self.ask("play", [room.rehearsal], since=1))[0]
        if self.room().phase == RESOLVING and self.room().practice:
            await self._say("resolved", self._brought(self.rehearsal), 0)

    def _brought(self, result: dict[str, Any]) -> dict[str, Any]:
        """What the log keeps of a turn, so that it can be compared here and elsewhere."""
        told = {"digest": result["digest"], "figures": result.get("figures", {})}
        here = machine()
        return told if here == self.room().machine else {**told, "machine": here}

    async def _work_out_causes(self) -> None:
        for turn in range(len(self.room().played), 0, -1):  # the latest first
            if self._wanted.is_set() or turn > len(self.room().played):
                return
            if turn not in self.causes and self.room().phase != RESOLVING:
                turns = list(self.room().played)
                found = await self.ask("causes", turns, Rank.CAUSES, turn=turn)
                if turns == self.room().played[: len(turns)]:
                    self.causes[turn] = found
                    self._tell()

    async def _compare(self) -> None:
        """A turn that was played before must come out the same; the first that does not is told."""
        self.differs = None
        for turn in self.room().digests:
            if not 0 < turn < len(self.results):
                continue
            if compare(self.room(), turn, self.results[turn]) == "differs":
                self.differs = Say("fault.differs", {"turn": turn})
                other = self.results[turn]["digest"]
                if self.room().differing.get(turn) != other:
                    log.error("room %s: turn %s came out otherwise", self.code, turn)
                    await self._say("trouble", {"what": DIFFERS, "digest": other}, turn)
                return

    async def keep(self) -> None:
        """Puts what turns have brought beside the log, where a later model finds it; no turn waits
        for that, and the room goes on where it fails."""
        while self._keeps:
            await self._news.wait()
            self._news.clear()
            await self._keep()

    async def _keep(self) -> None:
        known = await asyncio.to_thread(self.kept.whole, self.code)
        for turn, result in enumerate(list(self.results)):
            turns = list(self.room().played)
            if not self._keeps or turn > len(turns):
                return
            if known.get(turn) == result["digest"] or (turn and turn not in self.causes):
                continue
            if turn and self.room().digests.get(turn) != result["digest"]:
                continue  # not what the log says was played
            try:
                tables = await self._tables(turns, turn) if turn else None
                causes = self.causes.get(turn)
                self._keeps = turns[:turn] != self.room().played[:turn] or await asyncio.to_thread(
                    self.kept.keep, self.code, turn, result, causes, tables
                )
            except Exception:
                log.warning("room %s: turn %s is not kept", self.code, turn, exc_info=True)
                self._keeps = False

    async def _tables(self, turns: list[dict[str, Any]], turn: int) -> bytes:
        return base64.b64decode(await self.ask("tables", turns, Rank.CAUSES, turn=turn))

    async def ask(
        self, do: str, turns: list[dict[str, Any]], rank: Rank = Rank.TURN, asker: str = "",
        **fields: Any,
    ) -> Any:  # fmt: skip
        """What the model says after ``turns``; raises ChildRefused or ChildFailed."""
        if (other := other_model(self.room())) is not None:
            raise ChildRefused(other.english)
        try:
            return await self.child_for(rank).ask(
                do, rank=rank, asker=asker, setup=self.setup, turns=turns, **fields
            )
        finally:
            self._rest_later(rank)

    async def ghost(self, asker: str, rank: Rank = Rank.GHOST, **fields: Any) -> Any:
        """What a draft would bring by what its seat knows, which is all that the process is told:
        no turns, and no seed. Raises ChildRefused, ChildFailed or Overtaken."""
        setup = {**self.setup, "seed": 0}
        try:
            return await self.child_for(Rank.GHOST).ask(
                "ghost", rank=rank, asker=asker, setup=setup, **fields
            )
        finally:
            self._rest_later(Rank.GHOST)

    def child_for(self, rank: Rank) -> Child:
        """The process that answers calls of a rank."""
        return self._sides[BESIDE[rank]] if rank in BESIDE else self.child

    def _rest_later(self, rank: Rank) -> None:
        """Lets a child beside the first go when nobody has asked it for a while."""
        if rank not in BESIDE:
            return
        rank = BESIDE[rank]
        if rank in self._side_ends:
            self._side_ends[rank].cancel()
        loop = asyncio.get_running_loop()
        self._side_ends[rank] = loop.call_later(SIDE_SECONDS, self._end_side, rank)

    def _end_side(self, rank: Rank) -> None:
        if self._sides[rank].busy:
            self._rest_later(rank)
            return
        ending = asyncio.create_task(self._sides[rank].close())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Ends all processes."""
        for timer in self._side_ends.values():
            timer.cancel()
        children = (self.child, *self._sides.values())
        await asyncio.gather(*(child.close() for child in children), *self._ending)
