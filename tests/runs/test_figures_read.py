"""The figures of the two texts: each is read and moves an outcome, or is listed with a reason."""

from __future__ import annotations

import pytest

from runs.sources.statements import USES, Place, statements
from runs.sources.trials import Course, courses, moves_of, places_of
from world.facts import DATA_FOLDER
from world.levers import LEVERS
from world.parameters import load_parameters
from world.reading import lines_of, text_of
from world.scenario import load_scenario, shipped
from world.taken import fits, taken

ALL = statements()
TRIED = {trial.name for course in courses() for trial in course.trials}


def columns(table: str) -> list[str]:
    return lines_of(text_of(DATA_FOLDER / f"{table}.csv"))[0].cells


@pytest.mark.parametrize("course", courses(), ids=lambda course: course.name)
def test_a_tenth_less_of_a_figure_that_is_read_moves_an_outcome(course: Course) -> None:
    """All figures of a course at once, each looked at in a market of its own; one by one and over
    twenty seeds: `python -m runs.sources.trials`."""
    for name, moves in moves_of(course, (1,), 300, together=True).items():
        assert min(moves) > 1e-4, name


def test_every_statement_is_read_set_or_listed_with_a_reason() -> None:
    assert len(ALL) >= 98
    for one in ALL.values():
        assert one.use in USES, one.id
        assert bool(one.why) == (one.use == "listed"), one.id
        numbers = [place for place in one.places if place.column != "date"]
        tried = one.id in TRIED
        assert tried == (one.use == "read" or (one.use == "set" and any(
            place.table in shipped() for place in numbers))), one.id  # fmt: skip


def test_every_cell_that_a_statement_names_is_there_and_says_the_same() -> None:
    """Where the cell says otherwise, the statement's note says why."""
    compared = 0
    for one in ALL.values():
        for place in one.places:
            rows = place.rows
            assert rows, (one.id, place)
            for _, row in rows:
                if place.table in shipped():
                    assert_set(one.id, one.value, row[place.column])
                elif row.get("unit") == one.unit and place.column in ("value", "share"):
                    compared += 1
                    assert float(row[place.column]) == one.value or one.note, (one.id, row)
    assert compared > 20


def assert_set(name: str, value: float, given: object) -> None:
    """An act of a scenario has the statement's figure, or its date as far as the text has one."""
    said = f"{value:.0f}"
    digits = str(given).replace("-", "")
    number = given["value"] if isinstance(given, dict) else given
    assert digits.startswith(said) or number == value, (name, given)


@pytest.mark.parametrize(
    ("scenario", "material", "statement"),
    [(name, material, said) for name in ("senkaku-2010", "prepared-2011")
     for material, said in (("ndpr_oxide", "S05"), ("dy_oxide", "S08"), ("tb_oxide", "S08"))],
)  # fmt: skip
def test_shares_that_scenarios_start_from_are_those_of_the_text(
    scenario: str, material: str, statement: str
) -> None:
    assert load_scenario(scenario).china_share[f"{material}.JPN"] == ALL[statement].value


def test_a_fund_may_spend_a_year_what_the_plan_spends_in_ten() -> None:
    assert LEVERS["minerals_fund_usd_m"].high == 1000.0 * ALL["S67"].value / 10.0


def named(table: str, fields: dict[str, str]) -> bool:
    places = [place for one in ALL.values() for place in one.places]
    own = [place for trial in TRIED - set(ALL) for place in trial_places(trial)]
    return any(place.table == table and fits(fields, place.where) for place in [*places, *own])


def trial_places(name: str) -> tuple[Place, ...]:
    return next(places_of(trial) for course in courses() for trial in course.trials
                if trial.name == name)  # fmt: skip


@pytest.mark.parametrize("path", sorted(DATA_FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_of_the_two_texts_belongs_to_a_statement(path: object) -> None:
    table = str(path).rpartition("/")[2][:-4]
    header = columns(table)
    if "basis" not in header:
        return
    for _, cells in lines_of(text_of(DATA_FOLDER / f"{table}.csv"))[1:]:
        row = dict(zip(header, cells, strict=True))
        given = any(one.table == table and fits(row, one.where) for one in taken(DATA_FOLDER))
        assert row["basis"] != "seed" or given or table == "statements" or named(table, row), row


def test_a_parameter_that_is_judged_from_the_texts_names_them() -> None:
    for one in load_parameters().values():
        if one.basis == "seed":
            assert "seed" in one.source or "NRI" in one.source, one.name
