"""Entrepot, the runs: what one does with a world. `from runs import Game, load_scenario`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from runs.neighbours import check_neighbours

if TYPE_CHECKING:
    from runs.game import Game
    from world.scenario import load_scenario

__all__ = ["Game", "load_scenario"]

# Short names get shadowed: say so here, before an import deep inside fails with a riddle.
check_neighbours()

# Looked up when asked for: Game brings Mesa, which takes a second to import.
_WHERE = {"Game": "runs.game", "load_scenario": "world.scenario"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'runs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
