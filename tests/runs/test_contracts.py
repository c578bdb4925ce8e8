"""What a maker of cells contracts from plants elsewhere reaches its country and other buyers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from agents.firms import under_contract
from agents.users import contracted
from runs.game import Game
from runs.outcome import outcome
from world.contracts import contract_payments
from world.firm_rows import contracts, signed
from world.phases.firms import contract_cost
from world.regime import offtake_shares
from world.scenario import Scenario, load_scenario, resolve
from world.state import World

BATTERY = "KOR_BATTERY"
WEEKS = 40
LEVELS = (0.0, 0.5, 1.0, 2.0, 3.0)  # of its own need


@cache
def plan() -> Scenario:
    """japan-2026 with graphite and magnets alone, and nobody who acts on a date."""
    raw: dict[str, Any] = dict(load_scenario("japan-2026").source)
    del raw["warmup_from"]
    few = ["ndpr_oxide", "dy_oxide", "ndfeb_magnet", "graphite", "ndpr_ore", "dy_ore"]
    raw |= {"materials": few, "history": [], "events": [], "levers": {}, "policies": {}}
    raw["firms"] = {BATTERY: raw["firms"][BATTERY]}
    return resolve(raw, {"users": 200})


@cache
def played(level: float | None, state: float = 0.0) -> Game:
    """After forty weeks with a firm's contract of so many times its need, and one of its state."""
    game = Game(plan(), seed=1)
    game.take_seat(BATTERY)
    if level is not None:
        assert game.submit(actor=BATTERY, lever="supply_contract", value=level) is None
    if state:
        assert game.submit(actor="KOR", lever="offtake.graphite", value=state) is None
    game.run(weeks=WEEKS)
    return game


def world(level: float | None, state: float = 0.0) -> World:
    return played(level, state).world


def of(name: str, world: World, zone: str = "KOR") -> float:
    """A column of the last week for graphite in a zone."""
    setting = world.setting
    k = setting.material_index["graphite"] * setting.Z + setting.zone_index[zone]
    return float(world.last["markets"][name][0, k])


def test_without_a_contract_nothing_is_signed() -> None:
    for level in (None, 0.0):
        assert signed(world(level)) is None
        assert contracts(world(level)) is world(level).regime["offtake"]
        assert under_contract(world(level)) is None
    assert world(None).users.stock.tobytes() == world(0.0).users.stock.tobytes()


def test_the_more_a_firm_contracts_the_freer_it_and_its_country_are_and_the_more_it_pays() -> None:
    goals = [outcome(world(level), BATTERY) for level in LEVELS]
    korea = [outcome(world(level), "KOR")["autonomy"] for level in LEVELS]
    assert (np.diff(korea) > 0).all()
    assert (np.diff([one["autonomy"] for one in goals]) >= -1e-3).all()
    assert goals[2]["autonomy"] > goals[0]["autonomy"] + 0.3
    assert (np.diff([one["supply"] for one in goals]) < 0).all()
    paid = [float(contract_cost(world(level))[0, 0]) for level in LEVELS]
    assert paid[0] == 0.0
    assert (np.diff(paid) > 0).all()


def test_what_it_contracts_others_do_not_get() -> None:
    calm, bound = world(0.0), world(3.0)
    assert of("from_other_t", bound) > 2.0 * of("from_other_t", calm)
    for zone in ("USA", "EUU", "JPN"):
        assert of("from_other_t", bound, zone) < of("from_other_t", calm, zone), zone
        assert outcome(bound, zone)["autonomy"] < outcome(calm, zone)["autonomy"], zone


def test_it_serves_itself_first_and_its_country_with_the_rest() -> None:
    setting = world(0.0).setting
    k = setting.material_index["graphite"] * setting.Z + setting.zone_index["KOR"]
    share = {level: contracted(world(level))[0, k] for level in LEVELS}
    assert share[0.5] == pytest.approx(0.0, abs=1e-9)
    assert share[3.0] > share[2.0] > 0.1


@pytest.mark.parametrize("level", [1.0, 2.0, 3.0])
def test_what_it_pays_for_is_asked_for(level: float) -> None:
    """Tonnes made under its contracts arrive, but for the part of need that no contract reaches and
    the weeks that others take to change their sellers."""
    made = float(under_contract(world(level))[0, 0])  # type: ignore[index]
    assert of("from_other_t", world(level)) > 0.85 * made


def test_it_pays_for_its_own_contracts_and_its_state_for_the_states() -> None:
    alone, both = world(1.0), world(1.0, state=20_000.0)
    m = alone.setting.material_index["graphite"]
    korea = alone.setting.zone_index["KOR"]
    for one, by_state in ((alone, 0.0), (both, 20_000.0)):
        whole = float(contract_payments(one)[0, m])
        tonnes = float(contracts(one)[0, korea, m])
        part = 1.0 - by_state / tonnes
        assert float(contract_cost(one)[0, 0]) == pytest.approx(part * whole)
        bill = float(one.last["zones"]["floor_cost_usd"][0, korea])
        assert (bill > 0) is (by_state > 0)
    assert float(contracts(both)[0, korea, m]) == pytest.approx(
        float(contracts(alone)[0, korea, m]) + 20_000.0
    )
    assert (offtake_shares(both) <= 1.0).all()


def test_both_sides_put_a_contract_down_to_its_country() -> None:
    """Allies like it and the coercer does not; what is undone is forgiven."""

    def felt(level: float) -> tuple[float, float]:
        zones, z = world(level).zones, world(level).setting.zone_index["KOR"]
        return float(zones.coercer_approval[0, z]), float(zones.alliance_approval[0, z])

    calm, bound = felt(0.0), felt(2.0)
    assert bound[0] == pytest.approx(calm[0] - 0.05)
    assert bound[1] == pytest.approx(calm[1] + 0.10)
    game = Game(plan(), seed=1)
    game.take_seat(BATTERY)
    game.submit(actor=BATTERY, lever="supply_contract", value=2.0)
    game.run(weeks=8)
    game.submit(actor=BATTERY, lever="supply_contract", value=0.0)
    game.run(weeks=8)
    z = game.world.setting.zone_index["KOR"]
    assert float(game.world.zones.alliance_approval[0, z]) == pytest.approx(calm[1])
