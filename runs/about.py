"""What ``run.toml`` says about a run: enough to play it again and to judge a difference."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from runs.game import Game

# Which statement of the rules made a run. It rises when the same orders and luck would come out
# otherwise: 2 has dated acts in the week of their date, lines that stop for want of material only,
# refused customers and value at risk by the full list of materials.
MODEL = 2


def about(game: Game) -> dict[str, Any]:
    """Ids, luck, what was overridden, who sat where at the start, and the machine."""
    plan = game.plan
    return {
        "scenario": plan.id, "version": plan.version, "scenario_digest": plan.digest,
        "seed": game.luck, "users": plan.users, "weeks": game.week, "planned_weeks": plan.weeks,
        "start": plan.start, "end": plan.date(game.week), "digest": game.recorder.digest(),
        "model": MODEL, "package_version": package_version(), "numpy_version": np.__version__,
        "instruction_set": instruction_set(), "python_version": platform.python_version(),
        "panel": game.panel, "overrides": plan.overrides, "seats": game.seats_at_start,
    }  # fmt: skip


def package_version() -> str:
    """Version of the installed distribution, or ``source``."""
    try:
        return version("entrepot")
    except PackageNotFoundError:
        return "source"


def instruction_set() -> str:
    """The machine and the widest vector instructions that NumPy found on it."""
    config: Any = np.show_config(mode="dicts")
    found = config.get("SIMD Extensions", {}).get("found", [])
    return f"{platform.machine()} {found[-1] if found else 'baseline'}"
