"""Says in one sentence when `agents` or `world` is not ours.

Both names are short enough that a stranger's `agents.py` beside a notebook, or another
distribution that owns the name, can stand in front of ours.
"""

from __future__ import annotations

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

_HOME = Path(__file__).resolve().parent.parent


def check_neighbours(home: Path = _HOME) -> None:
    """Raise ImportError with one sentence when a neighbour is missing or someone else's."""
    for name in ("world", "agents"):
        sentence = _complaint(name, home)
        if sentence:
            raise ImportError(sentence)


def _complaint(name: str, home: Path) -> str:
    ours = home / name / "__init__.py"
    spec = find_spec(name)
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
    if found is None:
        return f"Entrepot's package `{name}` is missing: install Entrepot again."
    if found != ours:
        return (
            f"`{name}` is {found} here, which stands in front of Entrepot's package of that name: "
            f"rename or move it{_owner_clause(name)}."
        )
    # Two distributions may have been installed into the same folder; the later one wins the file.
    if not found.read_text(encoding="utf-8").startswith('"""Entrepot'):
        return (
            f"Another distribution has overwritten Entrepot's package `{name}` in {found.parent}: "
            f"install Entrepot in an environment of its own{_owner_clause(name)}."
        )
    return ""


def _owner_clause(name: str) -> str:
    owners = [d for d in packages_distributions().get(name, []) if d.lower() != "entrepot"]
    return f" (it belongs to the distribution {', '.join(sorted(set(owners)))})" if owners else ""
