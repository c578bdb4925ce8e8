"""Cases at the WTO, zone by zone, written from ODD 7.20."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.reference.model import Reference
    from tests.reference.places import Zone

CONSERVATION, SECURITY = 1.0, 2.0  # frames
PANEL, BINDING, VOID = 2.0, 5.0, 6.0  # steps


def hear(model: Reference) -> None:
    """A week of all cases, after orders have moved levers."""
    frame, stand = model.levers.own("legal_frame"), measures_stand(model)
    lost = False
    for zone in model.zones:
        asked = model.levers.of("wto_case", zone.index) > 0.0
        was = zone.case_stage
        given_up = PANEL <= was < BINDING and not asked and stand and frame != SECURITY
        left = max(0.0, zone.case_dropped - 1.0)
        zone.case_dropped = model.par.case_deal_weeks if given_up else left
        zone.case_weeks = zone.case_weeks + 1.0 if asked and stand else 0.0
        zone.case_stage = step_of(model, zone, frame)
        lost = lost or (zone.case_stage == VOID and was != VOID)
    home = model.zones[model.levers.coercer]
    rests = frame == SECURITY and stand
    blows = (rests and home.invoked == 0.0) + lost
    home.invoked = max(home.invoked, float(rests))  # once invoked is never invoked first again
    for _ in range(blows):
        for zone in model.zones:
            if not zone.coercer:
                zone.reputation += model.par.security_distrust * (1.0 - zone.reputation)


def step_of(model: Reference, zone: Zone, frame: float) -> float:
    par, weeks = model.par, zone.case_weeks
    if weeks == 0.0:
        return 0.0
    if weeks >= par.case_report_weeks and frame == SECURITY:
        return VOID
    if weeks >= par.case_compliance_weeks and frame == CONSERVATION:
        return BINDING
    if zone.case_stage == BINDING:  # it binds while the case lives
        return BINDING
    steps = (par.case_panel_weeks, par.case_report_weeks, par.case_appeal_weeks)
    return 1.0 + max((n for n, least in enumerate(steps, 1) if weeks >= least), default=0)


def measures_stand(model: Reference) -> bool:
    levers = model.levers
    kinds = range(len(levers.materials))
    licensed = [m for m in kinds if levers.own("licence_duty", m) > 0.0]
    hardest = min((levers.own("material_approval", m) for m in licensed), default=1.0)
    for z in range(len(levers.zones)):
        if z != levers.coercer:
            if levers.own("ban_breadth", z) > 0.0 or levers.own("listing", z) > 0.0:
                return True
            granted = levers.own("licence_approval", z) * hardest
            if licensed and granted < 0.999 and levers.own("general_licence", z) < 1.0:
                return True
    return any(levers.own("export_quota", m) < 3.0 for m in kinds)
