"""The job `why` of a watch page: what a zone lost, as steps that add up (`runs.story.why`).

The worlds of a run are remembered, so that the causes of a second zone cost only those that differ.
"""

from __future__ import annotations

from typing import Any

from runs.story import run_of
from runs.story.why import why
from runs.web.worker import Kept, Tell


def play(kept: Kept, asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """``asked`` is checked: ``{zone}``. The answer is that of `runs.story.why.why`."""
    weeks = kept.game.week
    return why(run_of(kept.game), asked["zone"], watch=lambda week: tell(week, weeks))
