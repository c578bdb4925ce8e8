"""All rooms of one server: makes them, finds them again after a restart, and knows every token."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from runs.about import MODEL
from runs.room import returns, tokens
from runs.room.address import page_address
from runs.room.child import ChildFailed, ChildRefused, Overtaken, Rank
from runs.room.commands import Command, Join, NewRoom, Refused
from runs.room.controls.people import FIRST
from runs.room.controls.wall import branch_told
from runs.room.doorstep import Doorstep
from runs.room.host import Host, wall_ms
from runs.room.kept import kept_of, write_run
from runs.room.log import Entry, NotSaved, Store
from runs.room.purse import Desk
from runs.room.reading import Unreadable, commands_of
from runs.room.refusals import check_setting, refuse
from runs.room.review import review
from runs.room.roster import open_seats
from runs.room.sameness import machine
from runs.room.state import QUARTER
from runs.room.tokens import FACILITATOR, PROJECTOR, SEAT, Pass
from runs.room.verdict import branch_says
from world.scenario import ScenarioError, find_shipped, load_scenario, shipped

log = logging.getLogger(__name__)

USUAL_TURNS = 8
MOST_BRANCHES = 3  # of one facilitator, under way at once; a seat has one
MOST_HOSTS = 12  # rooms whose model is kept in memory; others are read again from the log
REST_SECONDS = 300.0  # after which a room lets go of its model when nobody is there
SWEEP_SECONDS = 10.0  # between two looks at that
SAME_PLACE_SECONDS = 900  # within which a join that is sent again gets its token again
LONG_ID = 16  # an id that nobody guesses


class Service:
    """The rooms of a log. Use within one event loop; `close` ends all that runs."""

    def __init__(
        self, store: Store, host_token: str | None = None, clock: Callable[[], int] = wall_ms
    ) -> None:
        self.store, self.clock = store, clock
        self.host_token = host_token or os.environ.get("ENTREPOT_HOST_TOKEN") or tokens.new_token()
        self.own: tuple[str, Path] | None = None  # a scenario's file by a name; set by who serves
        self.base = ""  # how others write the server's address; set by whoever serves
        self.hosts: dict[str, Host] = {}
        self.unreadable: dict[str, Unreadable] = {}  # rooms that could not be opened
        self._passes: dict[str, Pass] = {}  # by token
        self._tokens: dict[tuple[str, str, int], str] = {}  # by room, holder and number
        self._joined: dict[tuple[str, str], tuple[str, float]] = {}  # whence and when, by join
        self._doorstep = Doorstep()
        self._opening = asyncio.Lock()
        self._sweeping: asyncio.Task[None] | None = None
        self._codes = set(store.rooms())  # a guess at a code never reaches the log
        for row in store.secrets():
            self._learn(row)

    def _learn(self, row: Entry) -> None:
        told = (row.secret or {}).get("tokens")
        for fields in told if isinstance(told, list) else ():
            with suppress(KeyError, TypeError, ValueError):  # of a room of a later version
                holder, token = Pass.of(fields, row.room), str(fields["token"])
                self._passes[token] = holder
                self._tokens[row.room, holder.who, holder.key] = token

    async def close(self) -> None:
        if self._sweeping is not None:
            self._sweeping.cancel()
        hosts, self.hosts = list(self.hosts.values()), {}
        await asyncio.gather(*(host.close() for host in hosts))
        self.store.close()

    # --- rooms -----------------------------------------------------------------------------------

    async def create(self, form: NewRoom) -> dict[str, Any]:
        """A new room and its tokens; raises Refused or NotSaved."""
        setup, plan_turns, seats = await asyncio.to_thread(_setup, form, self.source(form.scenario))
        turns = min(form.turns or USUAL_TURNS, plan_turns)
        if form.turns and form.turns > plan_turns:
            raise refuse("turns_most", "turns", n=plan_turns)
        code = tokens.new_code()
        while code in self._codes:
            code = tokens.new_code()
        data = {
            "code": code, "scenario": setup["id"], "seed": setup["seed"], "turns": turns,
            "turn_seconds": form.turn_seconds, "language": form.language, "users": form.users,
            "seats": seats, "setup": setup, "salt": tokens.new_token(),
            "model": MODEL, "machine": machine(),
            "options": {
                "team_size": form.team_size, "random_end": form.random_end,
                "auto_close": form.auto_close, "auto_next": form.auto_next,
            },
        }  # fmt: skip
        command = Command(f"create-{code}", "create", "server", self.clock(), 0, data)
        passes = [
            {"token": tokens.new_token(), "kind": FACILITATOR, "who": "f1", "key": 1},
            {"token": tokens.new_token(), "kind": PROJECTOR, "who": "projector", "key": 1},
        ]
        entry = Entry(code, command.body(), {"tokens": passes})
        await asyncio.to_thread(self.store.append, [entry])
        self._learn(entry)
        self._codes.add(code)
        await self.host(code)
        return {"room": code, "code": code, "facilitator_token": passes[0]["token"],
                "projector_token": passes[1]["token"]}  # fmt: skip

    def source(self, name: str) -> Path:
        """The file of a scenario that a request names: a shipped one, or the one that the server
        was started with. No other file is looked at; raises Refused."""
        if self.own is not None and self.own[0] == name:
            return self.own[1]
        try:
            return find_shipped(name)
        except ScenarioError as problem:
            raise Refused(str(problem), "scenario") from None

    async def host(self, code: str) -> Host:
        """A room at work, read from the log where it is not in memory; Refused if there is none."""
        code = tokens.clean_code(code)
        found = self.hosts.get(code)
        if found is not None:
            found.last_use = time.monotonic()
            return found
        if code not in self._codes:
            raise refuse("no_room", "code", 404, code=code[:12])
        async with self._opening:
            if code in self.hosts:
                return self.hosts[code]
            rows = await asyncio.to_thread(lambda: list(self.store.read(code)))
            await self._make_place()
            try:
                host = Host(self.store, code, commands_of(code, rows), self.clock)
            except ScenarioError as problem:
                raise Refused(f"The room cannot be opened: {problem}", "code", 409) from None
            except Unreadable as problem:
                self.unreadable[code] = problem
                raise
            await host.restart_clock()  # before anybody sees the deadline
            await host.reread()
            self.hosts[code] = host
            if self._sweeping is None:
                self._sweeping = asyncio.create_task(self._sweep())
            return host

    async def _make_place(self) -> None:
        """Closes a room that nobody looks at where many are in memory."""
        idle = [host for host in self.hosts.values() if not host.lines.all]
        if len(self.hosts) >= MOST_HOSTS and idle:
            quiet = min(idle, key=lambda host: host.last_use)
            del self.hosts[quiet.code]
            await quiet.close()

    async def _sweep(self) -> None:
        """Lets rooms go where nobody has been for a while; whoever comes opens them again."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            for code, host in list(self.hosts.items()):
                async with self._opening:  # who comes meanwhile waits until it has ended
                    if self.hosts.get(code) is host and host.rests(REST_SECONDS):
                        del self.hosts[code]
                        await host.close()

    # --- tokens ----------------------------------------------------------------------------------

    def is_host(self, token: str) -> bool:
        return bool(token) and tokens.same(token, self.host_token)

    def need_host(self, token: str) -> None:
        """Raises Refused for any token but that of whoever runs the server."""
        if not self.is_host(token):
            raise refuse("host_token", None, 401)

    def token(self, room: str, who: str) -> str | None:
        """The token that counts of somebody in a room, for who runs the server."""
        keys = [key for code, name, key in list(self._tokens) if (code, name) == (room, who)]
        return self._tokens[room, who, max(keys)] if keys else None

    def holder(self, token: str) -> Pass | None:
        """What a token stands for, whether it still counts or not."""
        return self._passes.get(token)

    def wall_token(self, code: str) -> str:
        """The token of a room's projector."""
        return self._tokens[code, "projector", 1]

    async def enter(self, token: str, code: str, *kinds: str) -> tuple[Host, Pass]:
        """The room and the holder of a token; raises Refused for any that is not of the kinds."""
        holder = self._passes.get(token)
        if holder is None:
            raise refuse("token_unknown", None, 401)
        if holder.room != tokens.clean_code(code):
            raise refuse("token_other_room", None, 403)
        if kinds and holder.kind not in kinds:
            raise refuse("token_kind", None, 403)
        host = await self.host(code)
        host.check(holder)
        host.last_use = time.monotonic()
        return host, holder

    def has_people(self) -> bool:
        """Whether anybody is connected to a room; may be asked from any thread."""
        return any(host.lines.all for host in list(self.hosts.values()))

    # --- people ----------------------------------------------------------------------------------

    async def join(self, code: str, form: Join, whence: str) -> dict[str, Any]:
        """A seat and its token. The same id, name and device get the same answer again."""
        host = await self.host(code)
        if form.rejoin:
            return await self._come_back(host, form, whence)
        before = self._joined.get((host.code, form.id))
        known = host.room.seen.get(f"\n{form.id}")
        if known is not None and "person" not in known:
            raise refuse("id_other", "id", 409)
        if known is not None:
            person = host.room.people[known["person"]]
            fresh = before is not None and before[0] == whence
            fresh = fresh and time.monotonic() - (before or ("", 0.0))[1] < SAME_PLACE_SECONDS
            recent = self.clock() - person.at < 1000 * SAME_PLACE_SECONDS
            sure = fresh or (before is None and recent and len(form.id) >= LONG_ID)
            if person.name != form.name or not sure or person.key != 1:
                raise refuse("id_used", "id", 409)
        data = {"name": form.name, "seat": form.seat, "job": form.job}
        command = Command(form.id, "join", "", self.clock(), host.room.turn, data)
        token = tokens.new_token()

        def secret(made: Command) -> dict[str, Any]:
            return {"tokens": [{"token": token, "kind": SEAT, "who": made.data["person"]}]}

        if known is None:
            with self._doorstep.joining(host.room, whence) as took:
                logged, reply = await host.give(command, secret)
                took(reply["person"])
        else:
            logged, reply = await host.give(command, secret)
        if "person" in logged.data:  # not a resend
            self._learn(Entry(host.code, {}, secret(logged)))
            self._joined[host.code, form.id] = (whence, time.monotonic())
        own = self._tokens[host.code, reply["person"], 1]
        return {**reply, "token": own}

    async def _come_back(self, host: Host, form: Join, whence: str) -> dict[str, Any]:
        """Asks to come back by name and seat; once a facilitator has agreed, the same call has the
        token for a while."""
        now, data = self.clock(), {"name": form.name, "seat": form.seat}
        command = Command(form.id, "request", "", now, host.room.turn, data)
        reply = host.room.seen.get(command.key)
        if reply is None:
            if len(form.id) < LONG_ID:
                raise Refused(f"The id of this request needs {LONG_ID} signs or more.", "id")
            with self._doorstep.asking(host.room, whence, now) as took:
                _, reply = await host.give(command)
                took(reply["request"])
        if "request" not in reply:
            raise refuse("id_other", "id", 409)
        asked = host.room.requests[reply["request"]]
        if not returns.answer(host.room, asked, form.name, form.seat, now):
            return {"request": reply["request"], "token": None, "seat": asked["seat"]}
        person = host.room.people[asked["person"]]
        token = self._tokens.get((host.code, person.who, asked["key"]))
        return {"request": reply["request"], "token": token, "seat": person.seat,
                "person": person.who}  # fmt: skip

    # --- commands of token holders ---------------------------------------------------------------

    async def say(
        self, host: Host, holder: Pass, kind: str, ident: str, data: dict[str, Any], turn: int = 0
    ) -> dict[str, Any]:
        """A command of a seat or a facilitator; its reply after it is on disk."""
        command = Command(ident, kind, holder.who, self.clock(), turn, data)
        if kind != "control":
            _, reply = await host.give(command)
            return reply
        return await self._control(host, command)

    async def _control(self, host: Host, command: Command) -> dict[str, Any]:
        token = tokens.new_token()

        def secret(made: Command) -> dict[str, Any] | None:
            """A token where the action makes a holder of one."""
            data = made.data
            if data["action"] == "facilitator":
                one = {"token": token, "kind": FACILITATOR, "who": data["who"], "key": 1}
            elif data["action"] == "admit":
                one = {"token": token, "kind": SEAT, "who": data["person"], "key": data["key"]}
            else:
                return None
            return {"tokens": [one]}

        logged, reply = await host.give(command, secret)
        if logged is not command and (made := secret(logged)) is not None:
            self._learn(Entry(host.code, {}, made))
        who = reply.get("facilitator")
        return {**reply, "token": self._tokens[host.code, who, 1]} if who else reply

    def helpers(self, host: Host, holder: Pass, base: str) -> list[dict[str, Any]]:
        """Further facilitators with their links below ``base``, for who may appoint them."""
        office = host.room.facilitators
        if "rights" not in office.get(holder.who, {}).get("rights", ()):
            raise refuse("no_right", None, 403, right="rights")
        return [
            {"who": who, **one, "link": page_address(base, "console", host.code, token)}
            for who, one in office.items()
            if who != FIRST and one["rights"] and (token := self.token(host.code, who))
        ]

    async def review(self, host: Host, holder: Pass) -> dict[str, Any]:
        if holder.kind != FACILITATOR and not host.room.revealed:
            raise refuse("review_closed", None, 403)
        async with host.lock:
            found = review(host.picture(), holder.kind == FACILITATOR)
            return found | {"story": host.story(), "mine": host.room.seat_of(holder.who)}

    async def story(self, host: Host, holder: Pass) -> dict[str, Any]:
        """The review's story alone, which grows while its branches are played."""
        if holder.kind != FACILITATOR and not host.room.revealed:
            raise refuse("review_closed", None, 403)
        async with host.lock:
            return host.story()

    async def branch(self, host: Host, holder: Pass, asked: dict[str, Any]) -> dict[str, Any]:
        if holder.kind != FACILITATOR and not host.room.revealed:
            raise refuse("branches_closed", None, 403)
        for name, value in asked["set"].items():
            actor, _, full = name.partition(".")
            check_setting(host.plan, actor, full, value, "set")
        control = holder.kind == FACILITATOR
        rank, most = (Rank.CONTROL, MOST_BRANCHES) if control else (Rank.BRANCH, 1)
        asker = self._asker(host, holder)
        if host.stage.child_for(rank).asked_by(asker) >= most:
            raise refuse("branch_waits", None, 429)
        found: dict[str, Any] = await self._model(host, "branch", None, rank, asker, **asked)
        if control and host.room.revealed:
            await host.branched(branch_told(asked, found))
        return found | {"says": branch_says(host.plan, found)}

    async def estimate(self, host: Host, holder: Pass, lever: str, value: float) -> dict[str, Any]:
        """What an order would cost in a year, from today's prices; and, where an allowance binds,
        what it takes of the seat's purse and which value fits."""
        seat = host.room.seat_of(holder.who)
        check_setting(host.plan, seat, lever, value, "lever")
        asker = self._asker(host, holder)
        host.stage.child_for(Rank.ESTIMATE).overtake(asker)
        found: dict[str, Any] = await self._model(
            host, "estimate", None, Rank.ESTIMATE, asker, actor=seat, lever=lever, value=value
        )
        if (purses := host.purses()) and seat in purses:
            found["purse"] = Desk(host.room, host.plan, seat, purses).preview(lever, value)
        return found

    def _asker(self, host: Host, holder: Pass) -> str:
        """Who counts as one: the people of a seat together, anybody else alone."""
        return host.room.seat_of(holder.who) or holder.who

    async def export(self, host: Host, form: str, names: bool) -> bytes:
        """One zip with everything that happened, and the run's folder where weeks were played."""
        from runs.room.export import export_zip

        if host.room.played and host.other is None:
            # the causes of the last turn, still worked out, belong into it
            await self._model(host, "ping", None, Rank.CAUSES)
        commands, picture = await host.record()
        turns = picture.room.played[: max(0, len(picture.results) - 1)]
        with tempfile.TemporaryDirectory() as folder:
            run: Path | None = None
            if host.other is not None:
                kept = await asyncio.to_thread(kept_of, self.store.results, picture.room)
                run = await asyncio.to_thread(write_run, kept, Path(folder) / "run")
            elif turns:
                run = Path(folder) / "run"
                await self._model(host, "save", turns, Rank.CONTROL, folder=str(run))
            return await asyncio.to_thread(export_zip, commands, picture, form, names, run)

    async def _model(
        self, host: Host, do: str, turns: list[dict[str, Any]] | None, rank: Rank,
        asker: str = "", **asked: Any,
    ) -> Any:  # fmt: skip
        """What the model says, after ``turns`` or after all that have been played."""
        if host.other is not None:
            raise Refused(host.other.english, None, 409, host.other)
        if turns is None:
            turns = host.room.played[: max(0, len(host.stage.results) - 1)]
        try:
            return await host.stage.ask(do, turns, rank, asker, **asked)
        except Overtaken:
            raise refuse("estimate_newer", None, 429) from None
        except ChildRefused as problem:
            raise Refused(str(problem), None) from None
        except ChildFailed as problem:
            raise NotSaved(str(problem), "refuse.model") from None

    async def healthy(self) -> str:
        """What is wrong with the server, or "". A room with a fault of its own tells it to its
        facilitator; the others are served."""
        if not await asyncio.to_thread(self.store.writable):
            return "The log cannot be written."
        for host in list(self.hosts.values()):
            if host.stage.down or not await host.stage.child.answers():
                return "The model's process of a room does not answer."
        return ""


def _setup(form: NewRoom, source: Path) -> tuple[dict[str, Any], int, list[str]]:
    """What a room's world is made from, how many turns it may have, and the seats for people."""
    try:
        known = shipped()
        changes = {**form.set, **({"allowance": "true"} if form.allowance else {})}
        plan = load_scenario(source, {**changes, "users": form.users})
        text = "" if form.scenario in known else plan.text
    except (ScenarioError, OSError, ValueError) as problem:
        raise Refused(str(problem), "scenario") from None
    seed = tokens.new_seed() if form.seed is None else form.seed
    setup = {
        "scenario": form.scenario, "id": plan.id, "text": text, "seed": seed,
        "users": form.users, "set": changes, "digest": plan.digest,
    }  # fmt: skip
    return setup, -(-plan.weeks // QUARTER), open_seats(plan, form.seats)
