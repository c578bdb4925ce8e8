"""Whether a turn that is played again came out the same.

On the NumPy and the processor features that it was played with, its digest must be equal. On
others the last digits may differ, and figures that the log keeps of every turn are compared to
1e-9 instead, as the weeks of a run's folder are.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from runs.about import MODEL, machine_features
from runs.room.say import Say

if TYPE_CHECKING:
    from runs.recorder import Week
    from runs.room.state import Room

TOLERANCE = 1e-9  # relative, as of a run's folder
PLACES = 7  # weights by place, so that values that change places are noticed

Machine = dict[str, Any]
Sameness = Literal["same", "equal", "differs", "unknown"]


def machine() -> Machine:
    """What the last digits of a result depend on."""
    return {
        "numpy": np.__version__, "processor": platform.machine(), "system": platform.system(),
        "features": list(machine_features()),
    }  # fmt: skip


def in_words(one: Machine) -> str:
    place = f"{one.get('system', '')} {one['processor']}".strip()
    return f"NumPy {one['numpy']} on {place} {' '.join(one['features'])}".strip()


def other_model(room: Room) -> Say | None:
    """Why a room cannot be played on here: it was made with other rules of the world."""
    values = {"code": room.code, "n": room.model, "now": MODEL}
    return None if room.model == MODEL else Say("refuse.other_model", values)


def figures(weeks: Iterable[Week]) -> dict[str, float]:
    """Of every recorded column one number over some weeks: the absolute values, each weighted by
    its place from 1 to 7, added up."""
    parts: dict[str, list[np.ndarray[Any, Any]]] = {}
    for week in weeks:
        tables = {**week.columns, "flows": week.flows}
        for table, columns in tables.items():
            for name, values in columns.items():
                parts.setdefault(f"{table}.{name}", []).append(np.ravel(values).astype(float))
    found = {}
    for name in sorted(parts):
        values = np.abs(np.concatenate(parts[name]))
        values[~np.isfinite(values)] = 0.0
        found[name] = math.fsum((values * (1 + np.arange(len(values)) % PLACES)).tolist())
    return found


def compare(room: Room, turn: int, result: Mapping[str, Any]) -> Sameness:
    """How the result of a turn stands to what the log says of it; ``unknown`` where the log was
    written on another machine and holds no figures."""
    if room.digests.get(turn, result["digest"]) == result["digest"]:
        return "same"
    was = room.machines.get(turn)
    if was is None or was == machine():
        return "differs"
    stored = room.figures.get(turn)
    if not stored:
        return "unknown"
    now = result["figures"]
    near = stored.keys() == now.keys() and all(
        math.isclose(value, now[name], rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for name, value in stored.items()
    )
    return "equal" if near else "differs"
