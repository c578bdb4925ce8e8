"""The lever table, names of levers, the regime at the start and the ladder."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from world.levers import (
    LEVERS,
    TableError,
    current_rung,
    default_regime,
    expand_rung,
    get_lever,
    guess,
    ladder,
    lever_rows,
    levers_of,
    load_levers,
    name_fault,
    parse,
    set_lever,
)
from world.scenario import Scenario, load_scenario

HEADER = "lever,actors,index,unit,low,high,default,step,delay_weeks,group,announces,cost,meaning\n"


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario("japan-2026")


def test_a_full_name_has_actor_lever_and_index() -> None:
    name = parse("USA.floor_usd_per_kg.ndpr_oxide")
    assert (name.actor, name.lever, name.index) == ("USA", "floor_usd_per_kg", "ndpr_oxide")
    assert name.full == "floor_usd_per_kg.ndpr_oxide"
    assert parse("KOR.hub_policing").index == ""
    with pytest.raises(ValueError, match=r"ACTOR\.lever"):
        parse("hub_policing")


def test_the_coercer_has_its_levers_and_states_have_theirs(plan: Scenario) -> None:
    china, hub = levers_of(plan, "CHN"), levers_of(plan, "VNM")
    firms = {name for name, lever in LEVERS.items() if lever.of_firms}
    assert "ban_breadth" in china
    assert "hub_policing" not in china
    assert "hub_policing" in hub
    assert set(china) & set(hub) == set()
    assert set(china) | set(hub) | firms == set(LEVERS)
    assert firms & (set(china) | set(hub)) == set()
    assert levers_of(plan, "XXX") == {}


def test_who_coerces_is_a_matter_of_the_scenario() -> None:
    other = load_scenario("no-controls", {"coercer": "USA"})
    assert "ban_breadth" in levers_of(other, "USA")
    assert "hub_policing" in levers_of(other, "CHN")


def test_rows_name_every_lever_of_an_actor_with_its_index(plan: Scenario) -> None:
    rows = lever_rows(plan, "KOR")
    names = {row["lever"] for row in rows}
    assert {"hub_policing", "stockpile_target_days.dy_oxide"} <= names
    assert all(
        list(row) == ["actor", "lever", "unit", "low", "high", "default", "cost", "meaning"]
        for row in rows
    )
    assert all(row["low"] <= row["default"] <= row["high"] for row in rows)  # type: ignore[operator]
    assert all(name_fault(plan, "KOR", str(row["lever"])) is None for row in rows)
    assert {row["actor"] for row in lever_rows(plan)} == set(plan.actors)


def test_every_lever_says_what_it_is() -> None:
    for lever in LEVERS.values():
        assert lever.unit, lever.name
        assert lever.cost, lever.name
        assert lever.meaning, lever.name
        assert lever.step > 0, lever.name
        assert lever.fault(lever.default, lever.name) is None


@pytest.mark.parametrize(
    ("lever", "value", "words"),
    [
        ("hub_policing", 1.7, "between 0 and 1 (share), 1.7"),
        ("hub_policing", -0.1, "between 0 and 1"),
        ("hub_policing", math.nan, "needs a number"),
        ("hub_policing", math.inf, "between 0 and 1"),
        ("hub_policing", "x", "needs a number"),
        ("protest", 0.5, "whole numbers"),
        ("concession", 3, "between 0 and 2 (step)"),
        ("legal_frame", 3, "between 0 and 2 (frame), 3"),
        ("legal_frame", 1.5, "whole numbers between 0 and 2 (frame), not 1.5"),
        ("legal_frame", "moral", "needs a number between 0 and 2 (frame), 'moral' is none"),
    ],
)
def test_a_wrong_value_is_told_with_the_range(lever: str, value: float, words: str) -> None:
    fault = LEVERS[lever].fault(value, lever)
    assert fault is not None
    assert words in fault
    assert lever in fault


def test_numbers_of_numpy_are_numbers() -> None:
    assert LEVERS["protest"].fault(np.int64(1), "protest") is None
    assert LEVERS["hub_policing"].fault(np.float64(0.5), "hub_policing") is None


def test_the_regime_has_a_row_an_actor_and_a_place_an_index(plan: Scenario) -> None:
    regime = default_regime(plan, 3)
    zones, materials = len(plan.zones), len(plan.materials)
    assert "rung" not in regime
    assert regime["hub_policing"].shape == (3, zones, 1)
    assert regime["ban_breadth"].shape == (3, zones, zones)
    assert regime["licence_duty"].shape == (3, zones, materials)
    assert regime["hub_policing"][0, plan.zones.index("KOR"), 0] == LEVERS["hub_policing"].default


def test_settings_of_the_scenario_are_in_the_regime(plan: Scenario) -> None:
    regime = default_regime(plan.override({"CHN.licence_duty": 0.1, "CHN.licence_duty.gallium": 1}))
    row = regime["licence_duty"][0, plan.zones.index("CHN")]
    assert row[plan.materials.index("gallium")] == 1
    assert row[plan.materials.index("dy_oxide")] == 0.1  # the bare name beats the file's rows


def test_a_bare_name_moves_every_index_but_the_coercer_itself(plan: Scenario) -> None:
    regime = default_regime(plan)
    set_lever(regime, plan, "CHN", "ban_breadth", 0.5)
    row = regime["ban_breadth"][0, plan.zones.index("CHN")]
    assert row[plan.zones.index("CHN")] == 0
    assert (np.delete(row, plan.zones.index("CHN")) == 0.5).all()


def test_a_step_of_the_ladder_stands_for_its_settings(plan: Scenario) -> None:
    regime = default_regime(plan, 2)
    assert (current_rung(regime, plan, "JPN") == 0).all()
    set_lever(regime, plan, "CHN", "rung.JPN", np.array([3.0, 8.0]))
    assert current_rung(regime, plan, "JPN").tolist() == [3, 8]
    assert current_rung(regime, plan, "KOR").tolist() == [0, 0]
    assert get_lever(regime, plan, "CHN", "rung.JPN").tolist() == [3, 8]
    assert expand_rung("rung.JPN", 8)["ban_breadth.JPN"] == ladder()[8].settings["ban_breadth"]


def test_one_eased_measure_takes_the_step_down(plan: Scenario) -> None:
    regime = default_regime(plan)
    set_lever(regime, plan, "CHN", "rung.JPN", 8)
    set_lever(regime, plan, "CHN", "licence_approval.JPN", 1.0)
    assert current_rung(regime, plan, "JPN")[0] == 3  # the last without slow licences


def test_every_step_of_the_ladder_is_told_from_the_one_below(plan: Scenario) -> None:
    for step in ladder():
        regime = default_regime(plan)
        set_lever(regime, plan, "CHN", "rung.JPN", step.rung)
        assert current_rung(regime, plan, "JPN")[0] == step.rung, step.name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (HEADER, "is empty"),
        (HEADER + "a,state,,share,0,1", "row 2 has 6 fields"),
        (HEADER + "a,state,,share,0,one,0,1,0,g,0,c,m\n", "row 2, column high"),
        (HEADER + "a,state,,share,0,nan,0,1,0,g,0,c,m\n", "row 2, column high"),
        (HEADER + "a,state,,share,0,1,2,1,0,g,0,c,m\n", "row 2, column default"),
        (HEADER + "a,king,,share,0,1,0,1,0,g,0,c,m\n", "row 2, column actors"),
        (HEADER + "a,state,sea,share,0,1,0,1,0,g,0,c,m\n", "row 2, column index"),
        (HEADER.replace("low,", "") + "a\n", "no column low"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "levers.csv"
    path.write_text(text)
    with pytest.raises(TableError, match=r".") as caught:
        load_levers(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_table_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        load_levers(tmp_path / "none.csv")


def test_guesses_swapped_letters_first_and_lists_few_names() -> None:
    assert guess("KRO", ("ROW", "KOR")) == "did you mean KOR?"
    assert guess("zzz", ("ROW", "KOR")) == "known are ROW, KOR."
    assert guess("zzz", [f"n{i}" for i in range(30)]).endswith("and 10 more.")


def test_a_question_that_no_longer_fits_is_not_asked() -> None:
    """Another coercer has no ladder towards Japan to ask about."""
    asked = load_scenario("no-controls").questions
    other = load_scenario("no-controls", {"coercer": "USA"}).questions
    assert asked
    assert len(other) < len(asked)
