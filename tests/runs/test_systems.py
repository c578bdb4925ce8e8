"""The table of systems names only what there is: levers, columns, parts of pages, facts, tests."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

import runs
from runs.cli import main
from runs.systems.play import PlayError, broken, measures_of, plan_of
from runs.systems.table import EFFECTS, System, fact_of, figures, systems
from runs.tables import TABLES
from runs.validate.functions import check
from runs.validate.grammar import parse
from world.events import KINDS
from world.levers import LEVERS
from world.reading import TableError

ROOT = Path(__file__).resolve().parents[2]
RUNS = Path(runs.__path__[0])
ALL = systems()
EVERY = pytest.mark.parametrize("system", ALL, ids=lambda one: one.id)


def test_every_system_has_a_row() -> None:
    assert [one.id for one in ALL] == [f"S{number:02}" for number in range(1, 25)]


@EVERY
def test_levers_events_and_columns_are_those_of_the_code(system: System) -> None:
    assert set(system.levers) <= set(LEVERS)
    assert set(system.events) <= set(KINDS)
    assert system.columns
    for name in system.columns:
        table, _, column = name.partition(".")
        assert column in TABLES[table].values, name


DRAWN = re.compile(r"""(?<!\[)data-(?:part|figure|show|tile)["']?\s*[:=]\s*["']([a-z][\w-]*)["']""")
REPORTED = re.compile(r"""\bfact\("(\w+)\"""")  # a figure of a seat's report


@cache
def parts() -> set[str]:
    """Every part and figure that a page draws, by the attribute that names it."""
    found: set[str] = set()
    for folder in (RUNS / "pages" / "static", RUNS / "web"):
        for path in folder.rglob("*"):
            if path.suffix in (".js", ".py", ".html", ".vue"):
                text = path.read_text(encoding="utf-8")
                found |= set(DRAWN.findall(text))
                if '"data-figure": `report.${name}`' in text:
                    found |= {f"report.{name}" for name in REPORTED.findall(text)}
    return found


@EVERY
def test_what_it_moves_stands_on_a_page(system: System) -> None:
    assert system.page in parts()


def test_words_and_what_scripts_look_for_are_no_parts_of_a_page() -> None:
    assert {"news", "map", "tiles", "report.alliance_approval"} <= parts()
    assert not {"watch.group_computers", "lever.wto_case.name", "report.moods"} & parts()


@EVERY
def test_its_facts_are_read_and_its_background_is_only_listed(system: System) -> None:
    """Each of its facts has rows that the model reads or a scenario sets; what nothing reads is
    background, and no row is counted twice."""
    assert system.facts
    for fact in system.facts:
        assert fact.used, fact
    for fact in system.background:
        assert fact.lines, fact
        assert not fact.used, fact
    read, listed = system.fact_rows
    assert read >= 1
    own = [row for fact in (*system.facts, *system.background) for row in fact.lines]
    assert read + listed == len(set(own))


def test_the_command_tells_rows_that_are_read_from_those_only_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["systems", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["S04"]["facts_listed"] == len(fact_of("evasion").lines) > 0
    assert rows["S13"]["facts_listed"] == 0
    assert main(["systems"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for row in rows.values():
        listed = f", {row['facts_listed']} only listed" if row["facts_listed"] else ""
        assert f"of facts read{listed}; {row['test']}" in told, row["id"]
    assert "32 rows of facts read; tests" in told


@EVERY
def test_its_test_is_one(system: System) -> None:
    if not system.test:
        assert system.status == "missing"
        return
    file, _, node = system.test.partition("::")
    name = node.partition("[")[0]
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


@EVERY
def test_its_effect_can_be_measured_and_has_been(system: System) -> None:
    """Who works has figures; whose sentence has figures has them from a measurement."""
    assert system.status != "works" or system.runs
    assert system.status == "works" or system.missing
    for name in system.runs:
        plan = plan_of(system, name, 100)
        for text in measures_of(system).values():
            check(parse(text), plan, None)
    told = system.told(figures().get(system.id, {}))
    assert not system.runs or re.search(r"\d", told)


def test_the_command_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["systems", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == [one.id for one in ALL]
    wanted = {"id", "name", "levers", "events", "columns", "page", "facts", "test", "effect"}
    assert all(wanted <= set(row) for row in rows)
    assert all(isinstance(row["facts"], int) for row in rows)
    assert main(["systems"]) == 0
    assert "S01 escalation ladder" in capsys.readouterr().out


def test_what_a_row_asks_for_wrongly_is_told() -> None:
    one = next(row for row in ALL if row.id == "S11")
    with pytest.raises(TableError, match="no figure"):
        one.told({})
    odd = System(**{**vars(one), "runs": {"calm": {"histry": []}}})
    with pytest.raises(PlayError, match="histry"):
        plan_of(odd, "calm", 100)
    with pytest.raises(TableError, match="no column nothing"):
        print(fact_of("echo: nothing=1").lines)
    assert broken(one, {"struck": 1.0, "calm": 2.0}) == ["struck > calm: 1 and 2"]
    assert EFFECTS.exists()
