"""What is recorded beside flows and money: the law in force, moods, and what hubs believe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.levers import current_rungs
from world.phases.scope import ambiguity
from world.phases.scratch import Week
from world.regime import ban_by_text
from world.scenario import NETWORK
from world.state import World

Array = NDArray[np.float64]


def law_table(world: World) -> dict[str, Array]:
    """(R, K) measures in force towards each market: shares, and the floor in USD per tonne."""
    setting, law = world.setting, world.law
    tariff = world.regime["tariff_on_coercer"][:, :, 0] * (
        np.arange(setting.Z) != setting.coercer
    )
    return {
        "ban_breadth": law.text,
        "scope_belief": law.belief,
        "scope_ambiguity": law.in_scope * np.tile(ambiguity(ban_by_text(world)), setting.M),
        "licence_duty": law.duty,
        "licence_approval": law.approval,
        "floor_usd_per_t": np.where(law.floor > 0, law.floor * setting.market_price_usd, np.nan),
        "tariff_share": np.tile(tariff, setting.M),
        "legal_frame": np.repeat(
            world.regime["legal_frame"][:, setting.coercer, :], setting.K, axis=1
        ),
    }


def goods_table(world: World) -> dict[str, Array]:
    """(R, groups) the week's trade in other listed goods, USD: what comes, what a ban holds, what
    it costs their buyers. Where a network of firms counts the loss, that is not told apart."""
    setting = world.setting
    groups = setting.goods_groups
    zone = np.array([setting.zone_index[code] for _, code, _ in groups], dtype=int)
    usual = np.array([usd for _, _, usd in groups]) / 52.0
    part = np.array([usd / setting.goods_usd[code] for _, code, usd in groups])
    held = world.law.goods_breadth[:, zone] * usual
    loss = (world.zones.goods_banned_loss * setting.gdp)[:, zone] * part / 52.0
    if setting.scenario.losses == NETWORK:
        loss = np.where(zone == setting.target, np.nan, loss)
    return {"imports_usd": usual - held, "held_usd": held, "loss_usd": loss}


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
