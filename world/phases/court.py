"""Cases against the coercer's export measures move on, and bind or do not (phase `announce`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.cases import stand
from world.laws.court import (
    APPEAL,
    BINDING,
    PANEL,
    REPORT,
    SECURITY,
    TALKS,
    VOID,
    clock,
    step_of,
    taught,
)
from world.phases.scratch import Week
from world.state import World

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLD = {
    PANEL: "The panel is set up in the case of {zone} against the export measures of {coercer}.",
    REPORT: "The panel finds for {zone}: the export measures of {coercer} break the rules.",
    APPEAL: "The appeal of {coercer} against {zone} is decided: the report stands.",
    BINDING: "The time that {coercer} had is over: its export measures are void after the case "
             "of {zone}.",
    VOID: "{coercer} calls its measures national security and appeals the report won by {zone} "
          "to a body without members: nothing follows.",
}  # fmt: skip


def measures_stand(world: World) -> Flags:
    """(R,) whether any export measure of the coercer stands, by its levers: what a ruling lifts."""
    return stand(world.regime, world.setting.coercer)


def hear(week: Week) -> bool:
    """Every case is a week older; who first invokes security, or loses into the void, is trusted
    less.

    True where measures have lost their force, or have it again.
    """
    world = week.world
    setting, par, zones = world.setting, world.setting.par, world.zones
    asked = world.regime["wto_case"][:, :, 0] > 0
    frame = world.regime["legal_frame"][:, setting.coercer, 0]
    if not (asked.any() or zones.case_stage.any() or zones.case_dropped.any()
            or (frame == SECURITY).any()):  # fmt: skip
        return False
    stand = measures_stand(world)
    before = zones.case_stage.copy()
    given_up = (before >= PANEL) & (before < BINDING) & ~asked & stand[:, None]
    given_up &= frame[:, None] != SECURITY
    zones.case_dropped[:] = np.where(
        given_up, par.case_deal_weeks, np.maximum(0.0, zones.case_dropped - 1.0)
    )
    zones.case_weeks[:] = clock(zones.case_weeks, asked, stand[:, None])
    zones.case_stage[:] = step_of(
        zones.case_weeks, before, frame[:, None], par.case_panel_weeks, par.case_report_weeks,
        par.case_appeal_weeks, par.case_compliance_weeks,
    )  # fmt: skip
    rests = (frame == SECURITY) & stand
    invoked = rests & (zones.invoked[:, setting.coercer] <= 0)
    zones.invoked[:, setting.coercer] = np.maximum(zones.invoked[:, setting.coercer], rests)
    lost = ((zones.case_stage == VOID) & (before != VOID)).any(axis=-1)
    for blow in (invoked, lost):
        trust = taught(zones.reputation, blow[:, None].astype(float), par.security_distrust)
        trust[:, setting.coercer] = zones.reputation[:, setting.coercer]
        zones.reputation[:] = trust
    _tell(week, before)
    return bool(((zones.case_stage == BINDING) != (before == BINDING)).any())


def _tell(week: Week, before: Array) -> None:
    scenario, now = week.world.setting.scenario, week.world.zones.case_stage
    for replicate, z in zip(*np.nonzero((now > before) & (now > TALKS)), strict=True):
        step, zone = int(now[replicate, z]), scenario.zones[z]
        text = TOLD[step].format(zone=zone, coercer=scenario.coercer)
        week.tell(int(replicate), "case", zone, scenario.coercer, text, stage=float(step))

