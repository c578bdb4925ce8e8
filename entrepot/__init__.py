"""Entrepot: an open game of critical minerals. What a notebook or a script needs stands here.

    from entrepot import Game, load_scenario, sweep
    Game("japan-2026", seed=7).run(weeks=52).frames["markets"]

The model itself lives in the packages ``world``, ``agents`` and ``runs``, whose names are short
enough to be taken by others: whoever stands in front of ours is named in one sentence. What is
asked for is imported when it is asked for; what needs an extra that is not there says which.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runs.compare.comparison import compare
    from runs.game import Game
    from runs.lucks import ensemble
    from runs.replay import replay
    from runs.sweep import play_sweep as sweep
    from runs.validate.measure import validate
    from runs.waterfall import waterfall
    from runs.web import serve
    from world.decisions import Order, Refusal
    from world.events import Event
    from world.scenario import Scenario, list_scenarios, load_scenario

__all__ = [
    "Event", "Game", "Order", "Refusal", "Scenario", "compare", "ensemble", "list_scenarios",
    "load_scenario", "replay", "serve", "sweep", "validate", "waterfall",
]  # fmt: skip

HOME = Path(__file__).resolve().parent.parent
ROOMS = ("world", "agents", "runs")

# where each name is, by module and by name there
_WHERE = {
    "Event": ("world.events", "Event"),
    "Game": ("runs.game", "Game"),
    "compare": ("runs.compare.comparison", "compare"),
    "ensemble": ("runs.lucks", "ensemble"),
    "Order": ("world.decisions", "Order"),
    "Refusal": ("world.decisions", "Refusal"),
    "Scenario": ("world.scenario", "Scenario"),
    "list_scenarios": ("world.scenario", "list_scenarios"),
    "load_scenario": ("world.scenario", "load_scenario"),
    "replay": ("runs.replay", "replay"),
    "serve": ("runs.web", "serve"),
    "sweep": ("runs.sweep", "play_sweep"),
    "validate": ("runs.validate.measure", "validate"),
    "waterfall": ("runs.waterfall", "waterfall"),
}
_EXTRA = {"fastapi", "solara", "uvicorn", "segno", "babel", "jinja2", "starlette", "websockets"}


def check_rooms(home: Path = HOME) -> None:
    """Raises ImportError with one sentence where a package of ours is missing or not ours."""
    for name in ROOMS:
        found = _found(name)
        if found == home / name:
            continue
        if found is None:
            raise ImportError(f"Entrepot's package `{name}` is missing: install Entrepot again.")
        raise ImportError(
            f"`{name}` is {found} here, which stands in front of Entrepot's package of that name: "
            "rename or move it, or start from another folder."
        )


def _found(name: str) -> Path | None:
    """The folder or file that an import of ``name`` finds; none of it is run."""
    loaded = sys.modules.get(name)
    spec = loaded.__spec__ if loaded is not None else None
    spec = spec or PathFinder.find_spec(name) or find_spec(name)
    if spec is None:
        return None
    if spec.submodule_search_locations:  # a package, or a mere folder
        return Path(next(iter(spec.submodule_search_locations))).resolve()
    return Path(spec.origin).resolve() if spec.origin else None


def main() -> int:
    """The console script ``entrepot``."""
    try:
        check_rooms()
    except ImportError as error:
        print(f"entrepot: {error}", file=sys.stderr)
        return 2
    from runs.cli import main as command
    from runs.terminal import leave

    leave(command())


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    check_rooms()
    module, there = _WHERE[name]
    try:
        return getattr(import_module(module), there)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ImportError(
            f"{name} needs {error.name}, which the extra `web` brings: pip install 'entrepot[web]'."
        ) from None


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
