"""Who holds how many connections, so that nobody takes the place of all others.

A connection is a stranger's until it has shown a valid token; from then on it counts for that
token. A class may share one address, and so may whoever wants to lock it out. So an address that
has too many strangers is not shut: the stranger who has waited longest, for the rest of a request
or for a first message, makes place. A page sends its request at once and is served; who only holds
a connection open loses it. What is being answered, and what has shown a token, is left alone.

Connections of a trusted proxy carry many people by turns, so there is no limit of their number but
that of the whole server; the proxy has limits of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from runs.room.server.site import is_loopback
from runs.room.server.turns import Turns

MOST_STRANGERS = 64  # of one address, of those who have waited longer than the grace
MOST_YOUNG = 400  # of one address, however short they have waited
GRACE_SECONDS = 3.0  # for a request to arrive where two hundred come at once
MOST_OF_TOKEN = 48  # a browser has seven; a facilitator may use several
STRANGERS_PART = 0.75  # of all connections; the rest is for tokens and for this machine
KEY = "entrepot.connection"  # in the state of a request

Scope = MutableMapping[str, Any]


@dataclass(eq=False, slots=True)
class Connection:
    """One open connection. ``drop`` ends it at once; ``waits`` while nothing of it is under way."""

    address: str
    drop: Callable[[], None]
    crowd: Connections
    since: float  # monotonic seconds, when it began to wait
    token: str = ""
    waits: bool = True
    gone: bool = False

    def wait(self, waits: bool) -> None:
        """Says whether the client is waited for; the time counts from the first such word."""
        if waits and not self.waits:
            self.since = self.crowd.clock()
        self.waits = waits

    def leave(self) -> None:
        """The connection has ended."""
        self.crowd.remove(self)


class Connections:
    """All open connections of the server, ``most`` at once."""

    def __init__(
        self, most: int, clock: Callable[[], float] = time.monotonic,
        is_proxy: Callable[[str], bool] = lambda address: False,
    ) -> None:  # fmt: skip
        self.most, self.clock, self.is_proxy = most, clock, is_proxy
        self.count = self.strangers = 0
        self.turns = Turns(clock)  # of websockets that wait to be opened
        self.dropped = self.refused = 0
        self._groups: dict[tuple[str, str], dict[Connection, None]] = {}  # oldest first

    def enter(self, address: str, drop: Callable[[], None]) -> Connection | None:
        """A new connection; None where there is no place for it and none could be made."""
        if not self._place(address):
            self.refused += 1
            return None
        made = Connection(address, drop, self, self.clock())
        self._add(made)
        return made

    def prove(self, one: Connection, token: str) -> None:
        """From now on the connection counts for a token, which is a valid one."""
        if one.gone or one.token == token or self.is_proxy(one.address):
            return
        self._take(one)
        one.token = token
        self._add(one)
        mine = self._groups[_group(one)]
        if len(mine) > MOST_OF_TOKEN:
            others = [other for other in mine if other is not one]
            if not self._drop_longest(others, 0.0):
                self._drop(one)

    def remove(self, one: Connection) -> None:
        if not one.gone:
            one.gone = True
            self._take(one)

    def of(self, address: str) -> int:
        """How many strangers an address has."""
        return len(self._groups.get(("", address), ()))

    def _place(self, address: str) -> bool:
        mine = {} if self.is_proxy(address) else self._groups.get(("", address), {})
        if len(mine) >= MOST_STRANGERS and not self._drop_longest(mine, GRACE_SECONDS):
            fits = len(mine) < MOST_YOUNG or self._drop_longest(mine, 0.0)
            if not fits:
                return False
        if self.strangers >= STRANGERS_PART * self.most and not self._thin_out(True):
            return is_loopback(address) and self.count < self.most
        return self.count < self.most or self._thin_out(False)

    def _thin_out(self, strangers_only: bool) -> bool:
        """Makes place where the server is full: strangers before tokens, and of these whoever
        holds most."""
        order = sorted(self._groups.items(), key=lambda item: (bool(item[0][0]), -len(item[1])))
        return any(
            self._drop_longest(members, 0.0)
            for (token, _), members in order
            if not (token and strangers_only)
        )

    def _drop_longest(self, group: Iterable[Connection], grace: float) -> bool:
        """Drops the connection that has waited longest, if longer than ``grace`` seconds."""
        longest = min((one for one in group if one.waits), key=lambda one: one.since, default=None)
        if longest is None or self.clock() - longest.since < grace:
            return False
        self._drop(longest)
        return True

    def _drop(self, one: Connection) -> None:
        self.dropped += 1
        self.remove(one)
        one.drop()

    def _add(self, one: Connection) -> None:
        self._groups.setdefault(_group(one), {})[one] = None
        self.count += 1
        self.strangers += not one.token

    def _take(self, one: Connection) -> None:
        group = self._groups[_group(one)]
        del group[one]
        if not group:
            del self._groups[_group(one)]
        self.count -= 1
        self.strangers -= not one.token


def _group(one: Connection) -> tuple[str, str]:
    return (one.token, "") if one.token else ("", one.address)


def prove(scope: Scope, token: str) -> None:
    """The connection of a request has shown a valid token."""
    if (one := _of(scope)) is not None:
        one.crowd.prove(one, token)


def settle(scope: Scope) -> None:
    """The connection of a request is at work without a token, as a watch page is."""
    if (one := _of(scope)) is not None:
        one.wait(False)


def _of(scope: Scope) -> Connection | None:
    found = scope.get("state", {}).get(KEY)
    return found if isinstance(found, Connection) else None
