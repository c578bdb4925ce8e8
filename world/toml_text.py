"""Reading TOML that anybody may have written; what cannot be used is told in one sentence."""

from __future__ import annotations

import tomllib
from typing import Any

from world.reading import shortened

DEEPEST = 20  # tables and lists in one another
LARGEST = 2**63  # TOML's own limit for whole numbers
NESTED = f"values stand in one another more than {DEEPEST} deep"


class TomlError(ValueError):
    """A text that cannot be used as TOML; says why and, where it is known, at which key."""


def tables_of(text: str) -> dict[str, Any]:
    """The tables of a text in TOML; raises TomlError."""
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise TomlError(NESTED) from None
    except ValueError as error:  # also for numbers with too many digits to be read
        raise TomlError(str(error)) from None
    left: list[tuple[str, int, Any]] = [("", 0, tables)]
    while left:
        path, depth, node = left.pop()
        if depth > DEEPEST:
            raise TomlError(f"{shortened(path)}: {NESTED}")
        if isinstance(node, dict):
            left += [(f"{path}.{name}" if path else name, depth + 1, v) for name, v in node.items()]
        elif isinstance(node, list):
            left += [(f"{path}[{i}]", depth + 1, one) for i, one in enumerate(node)]
        elif type(node) is int and not -LARGEST <= node < LARGEST:
            raise TomlError(f"{shortened(path)}: a whole number has at most 64 bits")
    return tables
