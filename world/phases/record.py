"""What is recorded beside flows and money: the law in force, moods, and what hubs believe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.levers import current_rungs
from world.phases.scratch import Week
from world.state import World

Array = NDArray[np.float64]


def law_table(world: World) -> dict[str, Array]:
    """(R, K) measures in force towards each market: shares, and the floor in USD per tonne."""
    setting, law = world.setting, world.law
    tariff = world.regime["tariff_on_coercer"][:, :, 0] * (
        np.arange(setting.Z) != setting.coercer
    )
    return {
        "ban_breadth": law.breadth,
        "licence_duty": law.duty,
        "licence_approval": law.approval,
        "floor_usd_per_t": np.where(law.floor > 0, law.floor * setting.market_price_usd, np.nan),
        "tariff_share": np.tile(tariff, setting.M),
        "legal_frame": np.repeat(
            world.regime["legal_frame"][:, setting.coercer, :], setting.K, axis=1
        ),
    }


def moods(week: Week) -> dict[str, Array]:
    """(R, Z) the step of the ladder that stands towards a zone, and how both sides see it."""
    world = week.world
    zones = world.zones
    return {
        "rung": current_rungs(world.regime, world.setting.scenario),
        "coercer_approval": zones.coercer_approval.copy(),
        "alliance_approval": zones.alliance_approval.copy(),
        "case_stage": zones.case_stage.copy(),
        "measure_weeks": _measure_weeks(world),
        "payment_ties": zones.payment_ties.copy(),
    }


def _measure_weeks(world: World) -> Array:
    """(R, Z) weeks without a break in which a ban, or licences that are refused, held exports back.

    Counted here and read by no law: how long a measure lasts is an outcome (ODD 7.14).
    """
    law, setting = world.law, world.setting
    held = np.maximum(law.breadth, law.duty * (1.0 - law.approval))
    stands = held.reshape(-1, setting.M, setting.Z).max(axis=1) > 0
    weeks = world.zones.measure_weeks
    weeks[:] = np.where(stands, weeks + 1.0, 0.0)
    return weeks.copy()


def beliefs(world: World) -> dict[str, Array]:
    """(R, H x M) what firms of a hub believe; the same for each of its materials."""
    setting, materials = world.setting, world.setting.M
    serve = setting.lanes.sum(world.traders.serves)
    return {
        "belief": np.repeat(world.hubs.belief, materials, axis=1),
        "credibility": np.repeat(world.hubs.credibility, materials, axis=1),
        "served_share": ratio(serve, setting.lanes.sum(np.ones_like(world.traders.serves)), np.nan),
    }
