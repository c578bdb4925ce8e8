"""What ``run.toml`` says about a run: enough to play it again and to judge a difference."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from runs.play import Play

# Which statement of the rules made a run. It rises when the same orders and luck would come out
# otherwise: 2 has dated acts in the week of their date, lines that stop for want of material only,
# refused customers and value at risk by the full list of materials.
MODEL = 3


def about(game: Play) -> dict[str, Any]:
    """Ids, luck, what was overridden, who sat where at the start, and the machine."""
    plan = game.plan
    return {
        "scenario": plan.id, "version": plan.version, "scenario_digest": plan.digest,
        "seed": game.luck, "users": plan.users, "weeks": game.week, "planned_weeks": plan.weeks,
        "start": plan.start, "end": plan.date(game.week), "digest": game.recorder.digest(),
        "model": MODEL, "package_version": package_version(), "numpy_version": np.__version__,
        "instruction_set": instruction_set(), "cpu_features": list(machine_features()),
        "system": platform.system(), "python_version": platform.python_version(),
        "panel": game.panel, "overrides": plan.overrides, "seats": game.seats_at_start,
    }  # fmt: skip


def package_version() -> str:
    """Version of the installed distribution, or ``source``."""
    try:
        return version("entrepot")
    except PackageNotFoundError:
        return "source"


def machine_features() -> tuple[str, ...]:
    """All instruction sets that NumPy found and may use here, sorted; the same NumPy gives the
    same figures to the last bit where these are the same."""
    return tuple(sorted(name for name, used in _umath().__cpu_features__.items() if used))


def vector_loops() -> tuple[str, ...]:
    """For which of these NumPy has loops of its own, beside those that run everywhere; the widest
    last. The variable ``NPY_DISABLE_CPU_FEATURES`` hides them from it."""
    return tuple(name for name in _umath().__cpu_dispatch__ if name in machine_features())


def _umath() -> Any:
    """Where NumPy tells it; ``np.show_config`` tells it too, but only in part."""
    return import_module("numpy._core._multiarray_umath")


def instruction_set() -> str:
    """The machine and the widest vector instructions that NumPy uses on it, for people."""
    return f"{platform.machine()} {('baseline', *_umath().__cpu_baseline__, *vector_loops())[-1]}"


def other_machine(about: Mapping[str, Any]) -> str:
    """How the machine of a record differs from this one, in words; empty where figures must be
    equal to the last bit: the same NumPy with the same instructions, on the same system, whose
    library has the exp and the log that NumPy takes where it has no loop of its own."""
    was, here = about.get("cpu_features"), machine_features()
    numpy_was, system_was = about.get("numpy_version"), about.get("system")
    same = (numpy_was, system_was) == (np.__version__, platform.system())
    if same and isinstance(was, list) and set(was) == set(here):
        return ""
    told = (
        f"recorded with NumPy {numpy_was} on {system_was or ''} {about.get('instruction_set')}, "
        f"played with {np.__version__} on {platform.system()} {instruction_set()}"
    ).replace("  ", " ")
    if isinstance(was, list) and set(was) != set(here):
        told += f"; {features_apart(was)}"
    return told


def features_apart(was: Iterable[str]) -> str:
    """Which instructions NumPy could use there and not here, and the other way round."""
    then, now = set(was), set(machine_features())
    parts = [
        f"{', '.join(sorted(names))} {where}"
        for names, where in ((then - now, "only there"), (now - then, "only here"))
        if names
    ]
    return "instructions that NumPy uses: " + ", ".join(parts)
