"""The bridge between the run and the page: what the page draws, as text, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("vue/stage.vue", vuetify=False)
def Stage(
    state: str, run: str, story: str, why: str, band: str, asks: str, asked: str, forks: str,
    sources: str, event_ask: Callable[[Any], None],
) -> None:  # fmt: skip
    """JSON texts, each sent when it changes: as text, since Vue would look into every number."""
