"""What a room says in words of its own: a key of the catalogues and the values to fill in.

A page shows `{"key", "values"}` in its reader's language; the English sentence goes with it for
those who read the interface itself. Values are plain: names of seats, levers and materials as the
scenario has them, numbers in the unit of the lever, which the page writes as its reader does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from runs.pages.words import catalogue


class Say(NamedTuple):
    """A sentence: its key in the catalogues and what stands in its places."""

    key: str
    values: Mapping[str, Any] = {}

    @property
    def row(self) -> dict[str, Any]:
        """As it goes to a page."""
        return {"key": self.key, "values": dict(self.values)}

    @property
    def english(self) -> str:
        """The sentence with its values as they are; raises KeyError for a key that is none."""
        return fill(catalogue("en")[self.key], self.values)


def fill(text: str, values: Mapping[str, Any]) -> str:
    """A string of the catalogues with its places filled; a place without a value stays."""
    return re.sub(r"\{(\w+)\}", lambda m: _plain(values.get(m[1], m[0])), text)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
