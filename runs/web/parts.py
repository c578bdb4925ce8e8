"""The parts of the page as Vue components: their properties go to the browser as they change.

Inputs live in the browser (the `.vue` files), so that an update never touches what somebody types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

Event = Callable[[Any], None]


@solara.component_vue("vue/bar.vue", vuetify=False)
def Bar(
    state: dict[str, Any],
    event_play: Event,
    event_step: Event,
    event_choose: Event,
    event_reset: Event,
    event_take: Event,
    event_retry: Event,
) -> None:
    """Title, run controls, what to look at, status and error."""


@solara.component_vue("vue/seat.vue", vuetify=False)
def Seat(seat: dict[str, Any], event_draft: Event, event_end: Event) -> None:
    """Gauges and order form of the seat that this browser has taken."""


@solara.component_vue("vue/figures.vue", vuetify=False)
def Figures(heading: str, kpis: list[dict[str, str]]) -> None:
    """Headline figures."""


@solara.component_vue("vue/map.vue", vuetify=False)
def Map(title: str, map: dict[str, Any], event_choose: Event, event_open: Event) -> None:
    """The schematic map; a click on a zone chooses it."""


@solara.component_vue("vue/journal.vue", vuetify=False)
def Journal(
    rows: list[dict[str, Any]], actors: list[dict[str, str]], actor: str, event_choose: Event
) -> None:
    """The log of what was done and why."""


@solara.component_vue("vue/charts.vue", vuetify=False)
def Charts(
    charts: list[dict[str, Any]], plot: dict[str, float], event_choose: Event, event_open: Event
) -> None:
    """The charts; a click on one looks back to that week."""


@solara.component_vue("vue/sources.vue", vuetify=False)
def Sources(
    overview: dict[str, Any],
    figures: dict[str, Any],
    parameters: dict[str, Any],
    material: str,
    name: str,
    event_choose: Event,
) -> None:
    """Where the figures come from."""
