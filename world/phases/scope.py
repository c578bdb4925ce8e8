"""What firms take a ban to cover: told at once, unlearned at the border (ODD 7.6)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.laws.scope import carried_over, learned, reading
from world.levers import ladder
from world.regime import ban_by_text
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


class Said(NamedTuple):
    """(R, Z) what stands towards each zone: by the text, and what is said of it (0: nothing)."""

    text: Array
    notice: Array


def said(world: World) -> Said:
    notice = world.regime["scope_notice"][:, world.setting.coercer, :]
    return Said(ban_by_text(world), notice.copy())


def ambiguity(breadth: Array) -> Array:
    """Room that a ban's text leaves, 0 to 1, by its breadth: between the steps of the ladder."""
    return np.where(breadth > 0.0, np.interp(breadth, *_wording()), 0.0)


@cache
def _wording() -> tuple[list[float], list[float]]:
    """(breadths, ambiguities) of the ladder's bans, each breadth once."""
    found: dict[float, float] = {}
    for step in ladder():
        breadth = step.settings["ban_breadth"]
        if breadth > 0:
            found.setdefault(breadth, step.ambiguity)
    return list(found), list(found.values())


def believe_scope(world: World, before: Said) -> bool:
    """Moves what firms believe beside the text, after levers have moved; False if nothing is."""
    gap, (text, notice) = world.zones.scope_gap, said(world)
    speaks = notice > 0.0
    apart = speaks | (gap != 0.0)
    if not apart.any():
        return False
    tried = 1.0 - before.text - gap
    kept = learned(gap, shown(world), tried, world.setting.par.scope_weeks)
    read = np.where(speaks, reading(text, notice, ambiguity(text)), 0.0)
    kept = carried_over(kept, before.text, text, read)
    news = speaks & (notice != before.notice)
    gap[:] = np.where(apart, np.where(news, read, kept), 0.0)
    return True


def shown(world: World) -> Array:
    """(R, Z) what customs show beside the text: refused licences of the trade that it leaves free.

    By base purchases from the coercer, in dollars, of the materials in its scope.
    """
    setting, law = world.setting, world.law
    worth = law.in_scope * setting.base_china * setting.market_price_usd
    refused = worth * law.duty * (1.0 - law.approval) * (1.0 - law.text)
    grid = (-1, setting.M, setting.Z)
    held = add_up(refused.reshape(grid), axis=1)
    return ratio(held, add_up(worth.reshape(grid), axis=1), 0.0)
