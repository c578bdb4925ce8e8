"""One room at work: takes commands in order, keeps the clock, has turns played, tells everybody.

Commands wait in a queue; all that wait are checked one after another, put on disk together, and
only then acknowledged. If they cannot be put on disk, the room is folded again from what is there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from runs.room import rules, view
from runs.room.child import Child, ChildFailed
from runs.room.commands import Command, Refused
from runs.room.fold import apply, fold
from runs.room.live import Line, Lines
from runs.room.log import Entry, NotSaved, Store
from runs.room.refusals import refuse
from runs.room.render import dump, render
from runs.room.say import Say
from runs.room.setup import plan_of
from runs.room.state import OPEN, PERSON, RESOLVING
from runs.room.tokens import FACILITATOR, Pass

log = logging.getLogger(__name__)

BATCH = 256
PRIVATE = frozenset({"order", "note", "forecast", "weights"})  # seen by one seat and control
DRIFT_MS = 1500  # a wall clock that has moved by more is corrected for
TICK_SECONDS = 0.2
PUBLISH_SECONDS = 0.05  # changes within this time are told together
RETRY_SECONDS = 3.0
GRACE_MS = 10_000  # what a turn has left at least after a restart, so that pages come back
SERVER = "server"


class Waiting(NamedTuple):
    """A command on its way, and how its sender hears of it."""

    command: Command
    secret: Callable[[Command], dict[str, Any] | None] | None
    told: asyncio.Future[tuple[Command, dict[str, Any]]]


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Host:
    """One room. Made in a running event loop; `close` ends its tasks and its child."""

    def __init__(
        self, store: Store, code: str, setup: dict[str, Any], commands: list[Command],
        clock: Callable[[], int] = wall_ms,
    ) -> None:  # fmt: skip
        self.store, self.code, self.setup, self.clock = store, code, setup, clock
        self.plan = plan_of(setup)
        self.room = fold(commands, self.plan)
        self.child = Child()
        self.lines = Lines()
        self.results: list[dict[str, Any]] = []
        self.rehearsal: dict[str, Any] | None = None
        self.causes: dict[int, dict[str, Any]] = {}
        self.last_use = time.monotonic()
        self.fault = ""  # what is wrong with the model's process, for control
        self.fault_say: Say | None = None  # the same as a key with values
        self.lock = asyncio.Lock()
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(maxsize=4000)
        self._due: float | None = None  # monotonic time of the deadline
        self._due_for: tuple[int, int | None] = (0, None)
        self._dirty = asyncio.Event()
        self._stale: set[str] | None = None  # seats whose view has changed; None: all views
        self._played = asyncio.Event()
        self._tasks = [
            asyncio.create_task(work())
            for work in (self._pump, self._watch, self._publish, self._play)
        ]
        self._dirty.set()
        self._played.set()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lines.end_all()
        await self.child.close()

    # --- commands --------------------------------------------------------------------------------

    async def give(
        self, command: Command,
        secret: Callable[[Command], dict[str, Any] | None] | None = None,
    ) -> tuple[Command, dict[str, Any]]:  # fmt: skip
        """The command as logged and its reply, after it is on disk; Refused or NotSaved."""
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(Waiting(command, secret, told))
        except asyncio.QueueFull:
            raise refuse("overloaded", None, 429) from None
        found: tuple[Command, dict[str, Any]] = await told
        return found

    async def _pump(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
            async with self.lock:
                await self._take(batch)
            self._after()

    async def _take(self, batch: list[Waiting]) -> None:
        """Checks and applies a batch, puts it on disk, then acknowledges it."""
        replies: list[tuple[Waiting, Command, dict[str, Any]]] = []
        entries: list[Entry] = []
        for waiting in batch:
            try:
                command, reply, entry = self._admit(waiting)
            except Refused as refused:
                _fail(waiting, refused)
            except Exception:
                log.exception("a command of kind %s met a fault", waiting.command.kind)
                _fail(waiting, refuse("could_not"))
            else:
                replies.append((waiting, command, reply))
                if entry is not None:
                    entries.append(entry)
        try:
            if entries:
                await asyncio.to_thread(self.store.append, entries)
        except NotSaved as problem:
            commands = [Command.of(row.body) for row in self.store.read(self.code)]
            self.room = fold(commands, self.plan)
            for waiting, _, _ in replies:
                _fail(waiting, problem)
            self._tell()  # control sees it
            return
        for waiting, command, reply in replies:
            if not waiting.told.done():
                waiting.told.set_result((command, reply))

    def _touch(self, command: Command) -> None:
        """Notes whose view a command will change: a draft concerns its seat and control alone."""
        chair = self.room.chairs.get(self.room.seat_of(command.who))
        if command.kind not in PRIVATE or chair is None or chair.played_by != PERSON:
            self._stale = None
        elif self._stale is not None:
            self._stale.add(chair.seat)

    def _admit(self, waiting: Waiting) -> tuple[Command, dict[str, Any], Entry | None]:
        known = self.room.seen.get(waiting.command.key)
        if known is not None:  # a resend: the same answer, nothing new on disk
            return waiting.command, known, None
        command = rules.admit(self.room, self.plan, waiting.command)
        secret = waiting.secret(command) if waiting.secret else None
        self._touch(command)
        reply = apply(self.room, self.plan, command)
        return command, reply, Entry(self.code, command.body(), secret)

    def _after(self) -> None:
        """What follows from commands: the clock, closing, playing, telling."""
        self._set_clock()
        if self.room.phase == RESOLVING:
            self._played.set()
        elif len(self.results) > len(self.room.played) + 1:  # a turn was taken back
            del self.results[len(self.room.played) + 1 :]
            self.causes = {t: c for t, c in self.causes.items() if t <= len(self.room.played)}
        self._dirty.set()

    async def _say(self, kind: str, data: dict[str, Any], turn: int) -> bool:
        """A command of the server itself; False if it came too late."""
        command = Command(
            f"{kind}-{turn}-{self.room.version}-{self.clock()}", kind, SERVER, self.clock(), turn,
            data,
        )  # fmt: skip
        try:
            await self.give(command)
        except (Refused, NotSaved) as problem:
            log.info("%s of turn %s: %s", kind, turn, problem)
            return False
        return True

    # --- the clock -------------------------------------------------------------------------------

    def _set_clock(self) -> None:
        """The deadline on the monotonic clock, which nobody can move."""
        room = self.room
        key = (room.turn, room.deadline)
        if room.phase != OPEN or room.deadline is None:
            self._due, self._due_for = None, key
        elif key != self._due_for:
            left = room.deadline - self.clock()
            self._due, self._due_for = time.monotonic() + left / 1000, key

    def left_ms(self) -> int | None:
        """What is left of the open turn; None while no clock runs."""
        return None if self._due is None else max(0, round(1000 * (self._due - time.monotonic())))

    async def _watch(self) -> None:
        """Closes turns: at the deadline, or when all people have submitted."""
        await self._restart_clock()
        phase = ""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            room = self.room
            if room.phase != OPEN or room.paused:
                continue
            now = view.phase_of(room, self.clock())
            if now != phase:
                phase = now
                self._tell()
            left = self.left_ms()
            if left is not None:
                self.store.keep_clock(self.code, room.turn, left)
            if left == 0:
                await self._say("close", {"why": "deadline"}, room.turn)
            elif left is not None and abs(self.clock() + left - (room.deadline or 0)) > DRIFT_MS:
                await self._say("clock", {"deadline": self.clock() + left}, room.turn)
            elif (room.practice or room.options.get("auto_close", True)) and self._all_in():
                await self._say("close", {"why": "all submitted"}, room.turn)

    async def _restart_clock(self) -> None:
        """After a restart the turn goes on with the time that it had when the server went down:
        the log's last line says how far it was at least."""
        room = self.room
        if room.phase != OPEN or room.deadline is None:
            self._set_clock()
            return
        last = max((reply["saved_at"] for reply in room.seen.values()), default=room.opened)
        saved = self.store.clock_of(self.code)
        if saved is not None and saved[0] == room.turn:
            left = saved[1]
        else:
            left = room.deadline - max(last, room.opened)
        length = 1000 * (room.turn_seconds or 0)
        left = min(max(left, GRACE_MS), max(length, room.deadline - room.opened, GRACE_MS))
        await self._say("clock", {"deadline": self.clock() + left}, room.turn)
        self._set_clock()

    def _all_in(self) -> bool:
        chairs = [c for c in self.room.chairs.values() if c.played_by == PERSON]
        return bool(chairs) and all(chair.submitted for chair in chairs)

    # --- the world -------------------------------------------------------------------------------

    async def _play(self) -> None:
        """Has turns played as they close, and works out causes while nobody waits."""
        while True:
            await self._played.wait()
            self._played.clear()
            try:
                await self._catch_up()
                self.fault_say = self._differs()
                self.fault = self.fault_say.english if self.fault_say else ""
            except ChildFailed as problem:
                self.fault, self.fault_say = str(problem), problem.say
                log.error("room %s: %s", self.code, problem)
                await asyncio.sleep(RETRY_SECONDS)
                self._played.set()
            self._tell()

    async def _catch_up(self) -> None:
        room = self.room
        if room.practice or (room.rehearsal and self.rehearsal is None):
            await self._rehearse()
        turns = list(room.played)
        if len(self.results) <= len(turns):
            since = len(self.results)
            more = await self.ask("play", turns, since=since)
            if turns != self.room.played:  # taken back meanwhile
                self._played.set()
                return
            self.results[since:] = more
            self._tell()
        if self.room.phase == RESOLVING and not self.room.practice:
            digest = self.results[len(turns)]["digest"]
            await self._say("resolved", {"digest": digest}, self.room.turn)
        await self._work_out_causes()

    async def _rehearse(self) -> None:
        """The practice turn is played like any other and then forgotten by the world."""
        room = self.room
        if not self.results:
            self.results = await self.ask("play", [], since=0)
            self._tell()
        if room.rehearsal is None:
            return
        self.rehearsal = (await self.ask("play", [room.rehearsal], since=1))[0]
        if self.room.phase == RESOLVING and self.room.practice:
            await self._say("resolved", {"digest": self.rehearsal["digest"]}, 0)

    async def _work_out_causes(self) -> None:
        for turn in range(len(self.room.played), 0, -1):  # the latest first
            if self._played.is_set() or turn > len(self.room.played):
                return
            if turn not in self.causes and self.room.phase != RESOLVING:
                turns = list(self.room.played)
                found = await self.ask("causes", turns, turn=turn)
                if turns == self.room.played[: len(turns)]:
                    self.causes[turn] = found
                    self._tell()

    def _differs(self) -> Say | None:
        """A turn that was played before must come out the same; what does not, or None."""
        for turn, digest in self.room.digests.items():
            if 0 < turn < len(self.results) and self.results[turn]["digest"] != digest:
                log.error("room %s: turn %s came out otherwise than in the log", self.code, turn)
                return Say("fault.differs", {"turn": turn})
        return None

    async def ask(self, do: str, turns: list[dict[str, Any]], **fields: Any) -> Any:
        return await self.child.ask(do, setup=self.setup, turns=turns, **fields)

    # --- telling ---------------------------------------------------------------------------------

    def picture(self) -> view.Picture:
        devices = self.lines.people()
        people = self.room.people
        present = frozenset(people[who].seat for who in devices if who in people)
        return view.Picture(
            self.room, self.plan, self.clock(), self.results, self.rehearsal, self.causes, present,
            devices, self.health(),
        )  # fmt: skip

    def health(self) -> dict[str, Any]:
        lost = self.store.dropped
        return {
            "connected": len(self.lines.all), "child_deaths": self.child.deaths,
            "child_pid": self.child.pid,
            "fault": self.store.failed or self.fault,
            "fault_say": Say("refuse.not_saved").row if self.store.failed
            else self.fault_say and self.fault_say.row,
            "dropped": lost and lost.text,
            "dropped_say": lost
            and Say("fault.dropped", {"n": lost.rows, "after": lost.after}).row,
        }  # fmt: skip

    async def payload(self, holder: Pass) -> str:
        """What `GET view` answers; waits until what is being saved is on disk."""
        async with self.lock:
            return render(holder, self.picture(), {})[0]

    async def seat_payload(self, holder: Pass, seat: str) -> str:
        """A seat's view for a facilitator; raises Refused."""
        if holder.kind != FACILITATOR:
            raise refuse("peek", "seat", 403)
        if seat not in self.room.chairs:
            raise Refused(f"{seat!r} is no seat of this room.", "seat", 404)
        async with self.lock:
            return dump(view.seat_view(self.picture(), seat))

    def record(self) -> tuple[list[Command], view.Picture]:
        """The whole log of the room and its picture, for an export."""
        return [Command.of(row.body) for row in self.store.read(self.code)], self.picture()

    def _tell(self) -> None:
        """Everybody's view may have changed."""
        self._stale = None
        self._dirty.set()

    async def _publish(self) -> None:
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            began = time.monotonic()
            try:
                await self._tell_all()
            except Exception:
                log.exception("a payload of room %s could not be made", self.code)
            spent = time.monotonic() - began
            await asyncio.sleep(max(PUBLISH_SECONDS, 2 * spent))

    async def _tell_all(self) -> None:
        async with self.lock:
            picture, made = self.picture(), {}  # type: view.Picture, dict[str, str]
            stale, self._stale = self._stale, set()
            for line in self.lines:
                private = stale is not None and line.holder.kind != FACILITATOR
                if private and self.room.seat_of(line.holder.who) not in (stale or ()):
                    continue
                text, still = render(line.holder, picture, made)
                if still != line.body:
                    line.offer(text, still)

    async def connect(self, line: Line, take: bool) -> bool:
        if not await self.lines.add(line, take):
            return False
        async with self.lock:
            line.offer(*render(line.holder, self.picture(), {}))
        self._tell()
        return True

    async def resend(self, line: Line) -> None:
        async with self.lock:
            line.offer(*render(line.holder, self.picture(), {}))

    def disconnect(self, line: Line) -> None:
        self.lines.remove(line)
        self._tell()

    def beat(self) -> str:
        return f'{{"beat":{self.room.version},"now":{self.clock()}}}'


def _fail(waiting: Waiting, problem: Exception) -> None:
    with suppress(asyncio.InvalidStateError):
        waiting.told.set_exception(problem)
