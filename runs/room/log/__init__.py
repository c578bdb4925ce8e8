"""The command log of all rooms: the store, what is saved of a damaged one, the clocks,
and what turns have brought."""

from runs.room.log.known import StoreError
from runs.room.log.results import Results
from runs.room.log.rows import Dropped, Entry, NotSaved, Row
from runs.room.log.store import Store

__all__ = ["Dropped", "Entry", "NotSaved", "Results", "Row", "Store", "StoreError"]
