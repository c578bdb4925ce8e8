"""The table of allowances, and what levers take of it."""

from __future__ import annotations

import ast
import csv
import operator
from pathlib import Path

import pytest

from world import allowances
from world.allowances import BACK, CAPITAL, MONEY, PATH, check_allowances, load_allowances, row_of
from world.levers import LEVERS, load_levers
from world.outlay import COSTS
from world.reading import TableError
from world.scenario import ScenarioError, list_scenarios, load_scenario

HEADER = "seat,measure,value,low,high,unit,arithmetic,facts,source,basis,meaning\n"
LEVER_HEADER = (
    "lever,actors,index,unit,low,high,default,step,delay_weeks,group,announces,cost,meaning,"
    "money,capital,capital_step\n"
)
STEPS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def worked_out(text: str) -> float:
    """The value of a sum of numbers in a text."""

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return float(STEPS[type(node.op)](value(node.left), value(node.right)))
        assert isinstance(node, ast.Constant), text
        return float(str(node.value))

    return value(ast.parse(text, mode="eval").body)


def test_every_zone_of_every_scenario_has_its_rows() -> None:
    zones = {zone for plan in list_scenarios() for zone in plan.zones}
    assert len(zones) > 8
    check_allowances(zones)


def test_the_arithmetic_of_every_row_of_money_comes_to_its_value() -> None:
    rows = [row for row in load_allowances().values() if row.measure == MONEY]
    assert len(rows) > 8
    for row in rows:
        assert worked_out(row.arithmetic) == pytest.approx(row.value, rel=0.02), row.seat
        assert row.low < row.high, row.seat


def test_the_facts_that_a_row_names_are_there_with_their_source() -> None:
    with PATH.with_name("allowance_facts.csv").open(encoding="utf-8") as file:
        facts = {row["id"]: row for row in csv.DictReader(file)}
    named = {name for row in load_allowances().values() for name in row.facts}
    assert named
    assert named <= set(facts)
    assert all(facts[name]["source"] for name in named)
    assert all(
        row.basis == "assumption" for row in load_allowances().values()
        if not row.facts or {facts[name]["basis"] for name in row.facts} == {"assumption"}
    )  # fmt: skip


def test_a_missing_row_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "allowances.csv"
    path.write_text(HEADER + "JPN,money,1,0,2,USD m,,,s,assumption,m\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        check_allowances(["JPN"], path)
    assert str(caught.value) == f"{path} has no row of part for JPN."
    with pytest.raises(TableError, match="no row of money for KOR"):
        row_of("KOR", MONEY, path)


def test_a_scenario_with_a_zone_that_has_no_row_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "allowances.csv"
    path.write_text(
        "".join(line for line in PATH.read_text("utf-8").splitlines(True) if "KOR," not in line),
        encoding="utf-8",
    )
    table = load_allowances(path)
    monkeypatch.setattr(allowances, "load_allowances", lambda _=None: table)
    with pytest.raises(ScenarioError, match=r"^allowance: .*no row of money for KOR"):
        load_scenario("japan-2026", {"allowance": "true"})
    load_scenario("japan-2026")  # who does not ask for it does not need it


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("JPN,money,3,0,2,u,,,s,seen,m", "row 2, column value"),
        ("JPN,money,-1,-2,2,u,,,s,seen,m", "row 2, column value"),
        ("JPN,gold,1,0,2,u,,,s,seen,m", "row 2, column measure"),
        ("JPN,money,x,0,2,u,,,s,seen,m", "row 2, column value"),
        ("JPN,money,1,0,2,u,,,,seen,m", "row 2, column basis"),
        ("JPN,money,1,0,2,u,,,s,guess,m", "row 2, column basis"),
        ("JPN,money,1,0,2,u,,,s,seen,m\nJPN,money,1,0,2,u,,,s,seen,m", "row 3, column seat"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "allowances.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=r".") as caught:
        load_allowances(path)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("purse", "words"),
    [
        ("gold,,", "row 2, column money"),
        (",1,", "row 2, column capital_step"),
        (",,1", "row 2, column capital"),
        (",0,1", "row 2, column capital"),
        (",1,0", "row 2, column capital_step"),
    ],
)
def test_what_a_lever_takes_is_checked(tmp_path: Path, purse: str, words: str) -> None:
    path = tmp_path / "levers.csv"
    path.write_text(
        f"{LEVER_HEADER}a,state,,share,0,1,0,1,0,g,0,c,m,{purse}\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match=r".") as caught:
        load_levers(path)
    assert words in str(caught.value)


def test_levers_that_cost_money_are_those_that_have_a_cost() -> None:
    assert {one.name for one in LEVERS.values() if one.money in ("running", "once")} == set(COSTS)


def test_firms_have_no_purse() -> None:
    assert not [one.name for one in LEVERS.values() if one.of_firms and (one.money or one.capital)]


def test_political_capital_is_the_same_for_all() -> None:
    table = load_allowances()
    assert (table["*", CAPITAL].value, table["*", BACK].value) == (3.0, 1.0)
    assert row_of("JPN", CAPITAL) is row_of("KOR", CAPITAL)
