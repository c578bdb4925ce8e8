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
from dataclasses import replace
from typing import Any, NamedTuple

from runs.room import rules, scenes, view
from runs.room.commands import Command, Refused
from runs.room.control import check_look
from runs.room.deadline import Deadline, left_after_restart
from runs.room.fold import apply
from runs.room.kept import kept_of, kept_picture, told_of
from runs.room.live import REFUSED_CODE, Line, Lines
from runs.room.log import Entry, NotSaved, Store
from runs.room.means import held_in
from runs.room.purse import Purses, purses_of
from runs.room.reading import commands_of, plan_from, room_of
from runs.room.refusals import refuse
from runs.room.render import dump, render
from runs.room.sameness import other_model
from runs.room.say import Say
from runs.room.stage import Stage
from runs.room.state import OPEN, PERSON, RESOLVING, Room
from runs.room.tokens import FACILITATOR, SEAT, Pass
from runs.room.verdict import story
from runs.room.waits import Full, Waits

log = logging.getLogger(__name__)

BATCH = 256  # commands that are put on disk together
MOST_WAITING = 4000  # commands; who comes after them is told to try again
PRIVATE = frozenset({"order", "note", "forecast", "weights"})  # seen by one seat and control
TICK_SECONDS = 0.2
PUBLISH_SECONDS = 0.05  # changes within this time are told together
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
        self, store: Store, code: str, commands: list[Command],
        clock: Callable[[], int] = wall_ms,
    ) -> None:  # fmt: skip
        self.store, self.code, self.clock = store, code, clock
        self.plan = plan_from(code, commands)
        self.room = room_of(code, commands, self.plan)
        setup = commands[0].data["setup"]
        self.stage = Stage(code, setup, lambda: self.room, self._say, self._tell, store.results)
        self.other = other_model(self.room)  # why it is looked at and not played on, or None
        self.lines = Lines()
        self.last_use = time.monotonic()
        self.lock = asyncio.Lock()
        self._ahead = False  # the room holds commands that are not on disk
        self._waits: Waits[Waiting] = Waits(MOST_WAITING)
        self._closed = False
        self._deadline = Deadline(clock)
        self._opened = (0, 0)  # the open turn, and when it was opened
        self._live: set[str] = set()  # seats that had a device in it
        self._story: tuple[tuple[int, ...], dict[str, Any]] | None = None
        self._dirty = asyncio.Event()
        self._stale: set[str] | None = None  # seats whose view has changed; None: all views
        self._tasks = [
            asyncio.create_task(work())
            for work in (
                self._pump, self._watch, self._publish, self.stage.run, self.stage.keep,
                lambda: self.stage.teller.run(self.plan, lambda: bool([*self.lines])),
            )
        ]  # fmt: skip
        self._dirty.set()

    async def close(self) -> None:
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for waiting in self._waits.rest():
            _fail(waiting, refuse("overloaded", None, 429))  # the next try opens the room again
        await self.lines.end_all()
        await self.stage.close()

    def rests(self, seconds: float) -> bool:
        """Whether nobody has been here for ``seconds`` and nothing goes on by itself."""
        at_work = self.lines.all or self.stage.busy or self.room.phase == RESOLVING
        clock_runs = self.room.phase == OPEN and self.left_ms() is not None
        return not (at_work or clock_runs) and time.monotonic() - self.last_use >= seconds

    # --- commands --------------------------------------------------------------------------------

    async def give(
        self, command: Command,
        secret: Callable[[Command], dict[str, Any] | None] | None = None,
    ) -> tuple[Command, dict[str, Any]]:  # fmt: skip
        """The command as logged and its reply, after it is on disk; Refused or NotSaved."""
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._closed:
            raise refuse("overloaded", None, 429)
        try:
            first = command.who == SERVER or command.who in self.room.facilitators
            self._waits.put(Waiting(command, secret, told), first)
        except Full:
            raise refuse("overloaded", None, 429) from None
        found: tuple[Command, dict[str, Any]] = await told
        return found

    async def _pump(self) -> None:
        while True:
            batch = await self._waits.batch(BATCH)
            try:
                async with self.lock:
                    await self._take(batch)
            except asyncio.CancelledError:
                for waiting in batch:
                    _fail(waiting, refuse("overloaded", None, 429))
                raise
            except Exception:  # the room goes on taking commands, from what is on disk
                log.exception("commands of room %s met a fault", self.code)
                self._ahead = True
                for waiting in batch:
                    _fail(waiting, refuse("could_not"))
            self._after()

    async def _take(self, batch: list[Waiting]) -> None:
        """Checks and applies a batch, puts it on disk, then acknowledges it."""
        try:
            await self._whole()
        except NotSaved as problem:
            for waiting in batch:
                _fail(waiting, problem)
            return
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
            self._ahead = True
            with suppress(NotSaved):  # then it is tried again before anything else
                await self._whole()
            for waiting, _, _ in replies:
                _fail(waiting, problem)
            self._tell()  # control sees it
            return
        for waiting, command, reply in replies:
            if not waiting.told.done():
                waiting.told.set_result((command, reply))

    async def _whole(self) -> None:
        """The room is what is on disk: folded again after commands that did not get there. Raises
        NotSaved where the log cannot be read."""
        if self._ahead:
            rows = await asyncio.to_thread(lambda: list(self.store.read(self.code)))
            self.room = room_of(self.code, commands_of(self.code, rows), self.plan)
            self._ahead = False

    def _touch(self, command: Command) -> None:
        """Notes whose view a command will change: a draft concerns its seat and control alone."""
        chair = self.room.chairs.get(self.room.seat_of(command.who))
        if command.kind not in PRIVATE or chair is None or chair.played_by != PERSON:
            self._stale = None
        elif self._stale is not None:
            self._stale.add(chair.seat)

    def _admit(self, waiting: Waiting) -> tuple[Command, dict[str, Any], Entry | None]:
        sent = waiting.command
        known = self.room.seen.get(sent.key)
        if known is not None:  # a resend: the same answer, nothing new on disk
            _same(self.room, sent)
            return sent, known, None
        if self.other is not None:
            raise Refused(self.other.english, None, 409, self.other)
        live = self._live | self._present()
        held = held_in(self._told())
        command = rules.admit(self.room, self.plan, sent, live, self.purses(), held)
        if sent.who != SERVER:
            command = replace(command, asked=sent.content)
        secret = waiting.secret(command) if waiting.secret else None
        self._touch(command)
        reply = apply(self.room, self.plan, command)
        return command, reply, Entry(self.code, command.body(), secret)

    def _after(self) -> None:
        """What follows from commands: the clock, closing, playing, telling."""
        self._deadline.follow(self.room)
        if self._opened != (self.room.turn, self.room.opened):
            self._opened = (self.room.turn, self.room.opened)
            self._live = set(self._present())
        self.stage.keep_to(self.room.played)
        if self.room.phase == RESOLVING:
            self.stage.wake()
        self.stage.teller.wake()
        self._dirty.set()

    async def branched(self, told: dict[str, Any]) -> None:
        """What control has tried out after the reveal is kept, for the wall."""
        await self._say("branched", told, self.room.turn)

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

    def left_ms(self) -> int | None:
        """What is left of the open turn; None while no clock runs."""
        return self._deadline.left_ms()

    async def _watch(self) -> None:
        """Closes turns: at the deadline, or when all people have submitted."""
        phase = ""
        while self.other is None:
            await asyncio.sleep(TICK_SECONDS)
            room = self.room
            if room.phase != OPEN:
                continue
            now = f"{view.phase_of(room, self.clock())} {scenes.here(room, self.clock()).scene}"
            if now != phase:
                phase = now
                self._tell()
            if room.paused:
                continue
            self._deadline.follow(room)  # also of a command that is still on its way to the disk
            left = self.left_ms()
            if left is not None:
                self.store.clocks.keep(self.code, room.turn, left)
            if left == 0:
                await self._say("close", {"why": "deadline"}, room.turn)
            elif left is not None and self._deadline.drifted(room, left):
                await self._say("clock", {"deadline": self.clock() + left}, room.turn)
            elif (room.practice or room.options.get("auto_close", True)) and self._all_in():
                await self._say("close", {"why": "all submitted"}, room.turn)

    async def reread(self) -> None:
        """A room of another model has the results that were kept, as far as these pages can show
        them, and says in one sentence what it is."""
        if self.other is None:
            return
        kept = await asyncio.to_thread(kept_of, self.store.results, self.room)
        picture = kept_picture(self.room, self.plan, kept)
        self.stage.results, self.stage.causes = list(picture.results), dict(picture.causes)
        await self.stage.teller.read()
        self.other = told_of(self.room, max(0, len(self.stage.results) - 1))

    async def restart_clock(self) -> None:
        """After a restart the turn goes on with the time that it had when the server went down."""
        room = self.room
        if room.phase == OPEN and room.deadline is not None:
            left = left_after_restart(room, self.store.clocks.of(self.code))
            await self._say("clock", {"deadline": self.clock() + left}, room.turn)
        self._deadline.follow(self.room)

    def _all_in(self) -> bool:
        chairs = [c for c in self.room.chairs.values() if c.played_by == PERSON]
        return bool(chairs) and all(chair.submitted for chair in chairs)

    # --- telling ---------------------------------------------------------------------------------

    def picture(self) -> view.Picture:
        return view.Picture(
            self.room, self.plan, self.clock(), self.stage.results, self.stage.rehearsal,
            self.stage.causes, self._present(), self.lines.people(), self.health(),
            self.stage.teller.answers,
        )  # fmt: skip

    def story(self) -> dict[str, Any]:
        """The review's story; told anew when a branch or a command has come, whoever asks."""
        stage = self.stage
        stage.teller.look()
        sign = (self.room.version, len(stage.results), len(stage.causes),
                len(stage.teller.answers), stage.teller.failed)  # fmt: skip
        if self._story is None or self._story[0] != sign:
            self._story = sign, story(self.picture())
        return self._story[1]

    def purses(self) -> Purses | None:
        """What the table said of the seats' allowances for the open turn; None until it has, and
        where none binds."""
        if not self.plan.allowance:
            return None
        return purses_of(self._told())

    def _told(self) -> dict[str, Any] | None:
        """The table's result from which the open turn starts; None until there is one."""
        played, results = len(self.room.played), self.stage.results
        return results[played] if len(results) > played else None

    def _present(self) -> frozenset[str]:
        """Seats with a device now."""
        people = self.room.people
        return frozenset(people[who].seat for who in self.lines.people() if who in people)

    def health(self) -> dict[str, Any]:
        """What control is told of the machine: faults as a sentence, and as a key with values."""
        lost, stage = self.store.dropped, self.stage
        said = Say("refuse.not_saved") if self.store.failed else stage.fault_say or stage.differs
        fault = self.store.failed or stage.fault or (stage.differs.english if stage.differs else "")
        dropped = lost and Say("fault.dropped", {"n": lost.rows, "after": lost.after})
        return {
            "connected": len(self.lines.all), "child_deaths": stage.child.deaths,
            "child_pid": stage.child.pid, "branches": stage.teller.failed,
            "fault": fault, "fault_say": said and said.row,
            "dropped": lost and lost.text, "dropped_say": dropped and dropped.row,
        }  # fmt: skip

    def check(self, holder: Pass) -> None:
        """Raises Refused for a token that counts no more: its holder has lost seat or office."""
        if (problem := self._barred(holder)) is not None:
            raise problem

    def _barred(self, holder: Pass) -> Refused | None:
        if holder.kind == FACILITATOR:
            known = self.room.facilitators.get(holder.who)
            return None if known and known["rights"] else refuse("office_gone", None, 403)
        if holder.kind != SEAT:
            return None
        person = self.room.people.get(holder.who)
        if person is None or person.gone:
            return refuse("seat_gone", None, 403)
        return None if person.key == holder.key else refuse("token_replaced", None, 403)

    async def payload(self, holder: Pass) -> str:
        """What `GET view` answers; waits until what is being saved is on disk. Refused for who
        has lost the seat meanwhile."""
        async with self.lock:
            await self._whole()
            self.check(holder)
            return render(holder, self.picture(), {})[0]

    async def seat_payload(self, holder: Pass, seat: str) -> str:
        """A seat's view for a facilitator who has the right to it and has said in this turn that
        it is looked at; raises Refused."""
        if holder.kind != FACILITATOR:
            raise refuse("peek", "seat", 403)
        if seat not in self.room.chairs:
            raise Refused(f"{seat!r} is no seat of this room.", "seat", 404)
        async with self.lock:
            await self._whole()
            check_look(self.room, holder.who, seat)
            return dump(view.seat_view(self.picture(), seat))

    async def record(self) -> tuple[list[Command], view.Picture]:
        """The whole log of the room and a picture of its own, which no later command changes."""
        async with self.lock:
            rows = await asyncio.to_thread(lambda: list(self.store.read(self.code)))
            now = self.picture()
            results, found = list(now.results), dict(now.causes)
        commands = commands_of(self.code, rows)
        room = await asyncio.to_thread(room_of, self.code, commands, self.plan)
        return commands, replace(now, room=room, results=results, causes=found)

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
            await self._whole()
            picture, made = self.picture(), {}  # type: view.Picture, dict[str, str]
            stale, self._stale = self._stale, set()
            for line in self.lines:
                if (problem := self._barred(line.holder)) is not None:
                    self.lines.end(line, dump(problem.body), REFUSED_CODE)
                    continue
                private = stale is not None and line.holder.kind != FACILITATOR
                if private and self.room.seat_of(line.holder.who) not in (stale or ()):
                    continue
                text, still = render(line.holder, picture, made)
                if still != line.body:
                    line.offer(text, still)

    async def connect(self, line: Line, take: bool) -> bool:
        if not self.lines.add(line, take):
            return False
        self._live |= self._present()
        await self.resend(line)
        self._tell()
        return True

    async def resend(self, line: Line) -> None:
        async with self.lock:
            if self._barred(line.holder) is None:  # else the next telling ends the line
                line.offer(*render(line.holder, self.picture(), {}))

    def disconnect(self, line: Line) -> None:
        self.lines.remove(line)
        self.last_use = time.monotonic()
        self._tell()

    def beat(self) -> str:
        return f'{{"beat":{self.room.version},"now":{self.clock()}}}'


def _same(room: Room, sent: Command) -> None:
    """Raises Refused for an id that was used for something else; logs from before its content was
    kept tell the kind alone."""
    kind, _, asked = room.asked.get(sent.key, "").partition(" ")
    if kind != sent.kind or asked not in ("", sent.content):
        raise refuse("id_other", "id", 409)


def _fail(waiting: Waiting, problem: Exception) -> None:
    with suppress(asyncio.InvalidStateError):
        waiting.told.set_exception(problem)
