"""How many people one address brings into a room, so that nobody fills it alone.

A class may share one address on its way to the server, so the limits are wide; they bound what one
client can take from a room, and what a facilitator removes or declines is free again. Kept in
memory: after a restart everybody counts from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from runs.room.refusals import refuse
from runs.room.returns import waiting
from runs.room.state import Room

MOST_PEOPLE = 250  # in one room from one address: half of a full room
MOST_ASKING = 30  # requests to come back that wait
CALLS = count()


class Doorstep:
    """Counts by room and address; a call under way counts too."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], set[str]] = {}
        self._asking: dict[tuple[str, str], set[str]] = {}

    @contextmanager
    def joining(self, room: Room, whence: str) -> Iterator[Callable[[str], None]]:
        """Around a join; tell it the handle that it gave. Raises Refused."""
        found = self._people.setdefault((room.code, whence), set())
        known = room.people
        found -= {who for who in found if who in known and known[who].gone}
        with _place(found, MOST_PEOPLE, "address_full") as take:
            yield take

    @contextmanager
    def asking(self, room: Room, whence: str, now: int) -> Iterator[Callable[[str], None]]:
        """Around a request to come back; tell it the number that it gave. Raises Refused."""
        found = self._asking.setdefault((room.code, whence), set())
        open_ = waiting(room, now)
        found -= {number for number in found if number in room.requests and number not in open_}
        with _place(found, MOST_ASKING, "address_asks") as take:
            yield take


@contextmanager
def _place(found: set[str], most: int, key: str) -> Iterator[Callable[[str], None]]:
    if len(found) >= most:
        raise refuse(key, None, 429, n=most)
    mine = f"call {next(CALLS)}"
    found.add(mine)
    try:
        yield found.add
    finally:
        found.discard(mine)
