"""The dial at the foot: how far the coercer is, or to the coercer whether the target gives way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from runs.room.briefing.sight import Sight
from runs.room.say import Say
from world.laws.output import concession_odds
from world.levers import ladder
from world.units import QUARTER

if TYPE_CHECKING:
    from world.parameters import Parameters

WEEKS = 4.0  # of the law's odds
GIVEN = 2.0  # steps of a concession


def track(sight: Sight, par: Parameters) -> dict[str, Any]:
    """``{kind, say, made, at, of, chance}``: the title, what it is made of, where it stands."""
    return _giving_way(sight, par) if sight.seat == sight.plan.coercer else _ladder(sight)


def _giving_way(sight: Sight, par: Parameters) -> dict[str, Any]:
    """Whether the target gives way within the quarter, as its published figures say."""
    target, public = sight.plan.target, sight.public["zones"][sight.plan.target]
    loss, rally = (float(public.get(name) or 0.0) for name in ("gdp_loss_share", "rally"))
    lost = sight.of_place("stock_lost", target)
    felt, gone, mood = (np.asarray(one) for one in (100.0 * loss, lost, rally))
    odds = float(concession_odds(
        felt, gone, mood, par.concession_base, par.concession_loss, par.concession_stock,
        par.concession_rally,
    ))  # fmt: skip
    pressed = sight.step(target) > 0
    chance = round(1.0 - (1.0 - odds) ** (QUARTER / WEEKS), 4) if pressed else 0.0
    given = sight.law(target, "concession")
    values = {"capital": target, "share": loss, "weeks": lost, "share_b": chance, "n": given}
    made = "brief.gives_way_made" if pressed else "brief.gives_way_none"
    return {
        "kind": "gives_way", "say": Say("brief.gives_way", values).row,
        "made": Say(made, values).row, "at": given, "of": GIVEN, "chance": chance,
    }  # fmt: skip


def _ladder(sight: Sight) -> dict[str, Any]:
    """The coercer's public step of the ladder, towards the own country where it is aimed at."""
    coercer, facts = sight.plan.coercer, sight.facts()
    zone = sight.zone if facts["step_own"] > 0 else sight.plan.target
    step, most = sight.step(zone), len(ladder()) - 1
    ban = facts["ban_own"] if zone == sight.zone else facts["ban_target"]
    values = {"capital": coercer, "zone": zone, "n": step, "n_b": most, "share": facts["threat"]}
    values |= {"share_b": ban}
    made = "brief.ladder_made" if step else "brief.ladder_none"
    return {
        "kind": "ladder", "say": Say("brief.ladder", values).row, "made": Say(made, values).row,
        "at": step, "of": float(most), "chance": None,
    }  # fmt: skip
