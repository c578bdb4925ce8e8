"""What is about an export measure, a case or the reason for one, and whether there is any.

Without a measure a case has nothing to complain about and a reason nothing to rest on: either is
refused where no measure stands and nobody brings one, and waits where one may come (ODD 7.20).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.laws.licensing import FULL
from world.levers import LADDER, LEVERS, default_regime, ladder

if TYPE_CHECKING:
    from world.scenario import Scenario

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

ABOUT_MEASURES = ("wto_case", "legal_frame")
NO_QUOTA = LEVERS["export_quota"].high
HOLD = "hold"  # the policy that orders nothing
RISING = frozenset({"ban_breadth", "listing", "licence_duty"})
FALLING = {"licence_approval": FULL, "material_approval": FULL, "export_quota": NO_QUOTA}


def stand(regime: Mapping[str, Array], coercer: int) -> Flags:
    """(R,) whether any export measure of the coercer stands, by its levers: what a ruling lifts."""
    foreign = np.arange(regime["ban_breadth"].shape[2]) != coercer
    by_zone = (regime["ban_breadth"][:, coercer] > 0) | (regime["listing"][:, coercer] > 0)
    approved = regime["licence_approval"][:, coercer, None]
    granted = regime["material_approval"][:, coercer, :, None] * approved
    licensed = regime["licence_duty"][:, coercer, :, None] > 0
    refused = (licensed & (granted < FULL)).any(axis=1)
    refused &= regime["general_licence"][:, coercer] < 1
    cut = regime["export_quota"][:, coercer] < NO_QUOTA
    held = ((by_zone | refused) & foreign).any(axis=-1)
    return np.asarray(held | cut.any(axis=-1))


def is_about_measures(lever: str, value: float) -> bool:
    """Whether an order is a complaint, or a reason for measures, that needs one to be about."""
    return lever.partition(".")[0] in ABOUT_MEASURES and value > 0


def may_be_measure(lever: str, value: float) -> bool:
    """Whether an order of the coercer is a part of a measure."""
    name = lever.partition(".")[0]
    if name == LADDER:
        return any(may_be_measure(*one) for one in ladder()[round(value)].settings.items())
    return (name in RISING and value > 0) or value < FALLING.get(name, -np.inf)


def without_measure(actor: str, lever: str, coercer: str) -> str:
    """What is wrong with such an order, as one sentence."""
    return (
        f"{lever} of {actor} is about an export measure of {coercer}, and none stands and nobody "
        "is to order one: give one too, such as a ban_breadth above 0."
    )


def unfounded(scenario: Scenario) -> tuple[str, str] | None:
    """The first setting or dated act that is about a measure where none can be, and what is wrong
    with it."""
    settings = [
        (text if text in scenario.held else f"levers.{text}", *_split(text), value)
        for text, value in scenario.levers.items()
    ]
    acts = (*scenario.before, *scenario.history)
    settings += [("history", act.actor, act.lever, act.value) for act in acts]
    about = [one for one in settings if is_about_measures(one[2], one[3])]
    if not about or may_come(scenario):
        return None
    path, actor, lever, _ = about[0]
    return path, without_measure(actor, lever, scenario.coercer)


def may_come(scenario: Scenario) -> bool:
    """Whether a measure stands at the start, is dated, or the coercer's policy may order one."""
    policy = HOLD if scenario.states_hold else scenario.policies.get(scenario.coercer, HOLD)
    coercer = scenario.zones.index(scenario.coercer)
    return (
        policy != HOLD
        or any(
            act.actor == scenario.coercer and may_be_measure(act.lever, act.value)
            for act in (*scenario.before, *scenario.history)
        )
        or bool(stand(default_regime(scenario), coercer)[0])
    )


def _split(text: str) -> tuple[str, str]:
    actor, _, lever = text.partition(".")
    return actor, lever
