"""Situations for policies: a calm world of three materials and nine zones, changed by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.view import StateView
from world.levers import current_rung, default_regime, parse, set_lever
from world.parameters import Parameters

ZONES = ("CHN", "JPN", "KOR", "USA", "EUU", "AUS", "VNM", "MYS", "ROW")
MATERIALS = ("dy_oxide", "ndpr_oxide", "gallium")
HUBS = ("VNM", "MYS")
OWN_MATERIAL = {
    "price": 1.0, "price_half_year": 1.0, "cover_weeks": 10.0, "fill": 1.0, "stopped_share": 0.0,
    "halted_share": 0.0, "risk_weight": 1 / 3,
    "declared_share": 0.8, "stock_days": 60.0, "need_t": 10.0, "weight": 1 / 3, "usd_per_kg": 50.0,
    "cost": 1.8, "capacity_t": 5.0, "idle_share": 0.1,
}  # fmt: skip
OWN = {
    "gdp_loss": 0.0, "loss_total_usd": 0.0, "budget_usd": 0.0, "rally": 0.0, "distrust": 0.0,
    "coercer_approval": 0.5, "alliance_approval": 0.5, "concession_probability": 0.0067,
    "provocation": 0.0,
}  # fmt: skip
BY_ZONE = {
    "protest_weeks": 0.0, "case_stage": 0.0, "case_dropped": 0.0,
    "losses": 0.0, "rallies": 0.0, "distrusts": 0.0, "allied_trust": 0.5,
    "stock_lost": 0.0, "stakes": 0.02,
    "gdp_usd": 4e12, "exports_usd": 1e9,
    "payment_exposure": 0.05, "supply_exposure": 0.25,
}  # fmt: skip
BY_HUB = {"listed_firms": 0.0, "collective_weeks": 0.0, "anomaly": 0.0, "rents_usd": 0.0}

Picture = Callable[..., StateView]


def make_picture(
    actor: str, lucks: int = 1, levers: Mapping[str, Any] | None = None, **changes: Any
) -> StateView:
    """A view of a calm week with `changes`: a number for all, or {place: number}, or (R,) arrays.

    `levers` are "ACTOR.lever[.INDEX]" -> a number or (R,).
    """
    scenario: Any = SimpleNamespace(
        zones=ZONES, materials=MATERIALS, coercer="CHN", levers={}, firms={}
    )
    regime = default_regime(scenario, lucks)
    regime["stockpile_target_days"][:] = 60.0
    for text, value in (levers or {}).items():
        order = parse(text)
        set_lever(regime, scenario, order.actor, order.full, value)

    def by_place(places: tuple[str, ...], default: float, given: Any) -> dict[str, Any]:
        known = given if isinstance(given, Mapping) else {}
        if given is not None and not isinstance(given, Mapping):
            default = given
        return {p: np.broadcast_to(np.asarray(known.get(p, default), float), (lucks,)).copy()
                for p in places}  # fmt: skip

    def by_material(given: Any) -> Any:
        if isinstance(given, Mapping):
            columns = [given.get(m, OWN_MATERIAL[name]) for m in MATERIALS]
            return np.stack([np.broadcast_to(np.asarray(c, float), (lucks,)) for c in columns], -1)
        column = np.asarray(given, float)
        return np.broadcast_to(column[:, None] if column.ndim else column, (lucks, 3)).copy()

    fields: dict[str, Any] = {}
    for name, value in OWN_MATERIAL.items():
        fields[name] = by_material(changes.pop(name, value))
    for name, value in OWN.items():
        given = np.asarray(changes.pop(name, value), dtype=float)
        fields[name] = np.broadcast_to(given, (lucks,)).copy()
    for name, value in BY_ZONE.items():
        fields[name] = by_place(ZONES, value, changes.pop(name, None))
    for name, value in BY_HUB.items():
        fields[name] = by_place((*HUBS, "CHN"), value, changes.pop(name, None))
    fields["leverage"] = by_place(ZONES, 0.1, changes.pop("leverage", {"JPN": 0.3, "CHN": 0.0}))
    fields["rung"] = {z: current_rung(regime, scenario, z) for z in ZONES if z != "CHN"}
    fields["prices"] = dict.fromkeys(ZONES, fields["price"])
    week = changes.pop("week", 0)
    assert not changes, f"no such field: {changes}"
    return StateView(
        actor=actor, coercer="CHN", target="JPN", zones=ZONES, materials=MATERIALS, hubs=HUBS,
        week=week, replicates=lucks, parameters=vars(Parameters()), regime=regime, **fields,
    )  # fmt: skip


@pytest.fixture
def picture() -> Picture:
    return make_picture
