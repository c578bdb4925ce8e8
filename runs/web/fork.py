"""The job `fork` of a watch page: the run from some week on as it was, and played otherwise."""

from __future__ import annotations

from typing import Any

from runs.web.worker import Kept, Tell


def play(kept: Kept, asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Both worlds by week."""
    return {"weeks": kept.game.week}
