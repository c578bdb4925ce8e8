"""Figures of the policies: every term a page reads has a row, and every row is read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from agents.policies.choice import persona
from world.policy_terms import Terms, grips, load_terms, terms
from world.reading import TableError

AGENTS = Path(__file__).parents[2] / "agents"


def called(node: ast.AST) -> str | None:
    """`moves` of `terms("moves")`, None for anything else."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "terms":
        return str(getattr(node.args[0], "value", ""))
    return None


def terms_read() -> set[tuple[str, str]]:
    """(page, term) of every `TERMS.name` and `terms("page").name` under `agents`."""
    trees = {p: ast.parse(p.read_text(encoding="utf-8")) for p in AGENTS.rglob("*.py")}
    names: dict[Path, dict[str, str]] = {path: {} for path in trees}
    shared: dict[str, str] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and (page := called(node.value)):
                name = str(getattr(node.targets[0], "id", ""))
                names[path][name] = page
                if name != "TERMS":  # each page has its own TERMS
                    shared[name] = page
    found = set()
    for path, tree in trees.items():
        known = shared | names[path]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                page = called(node.value) or known.get(getattr(node.value, "id", ""))
                if page:
                    found.add((page, node.attr))
    return found


def test_every_term_that_is_read_has_a_row_and_every_row_is_read() -> None:
    rows = {(page, name) for page, table in load_terms().items() for name in table}
    assert terms_read() == rows


def test_every_row_says_where_it_is_from_and_what_it_means() -> None:
    for table in load_terms().values():
        for term in table.values():
            assert term.basis in {"seed", "seen", "recalled", "assumption"}, term
            assert all((term.source, term.meaning, term.unit)), term


def test_an_unknown_page_or_term_is_named_with_the_nearest() -> None:
    with pytest.raises(TableError, match="korea_ally"):
        terms("korea_allly")
    with pytest.raises(AttributeError, match="ceiling"):
        _ = Terms("korea_ally").celing


def test_a_figure_out_of_its_range_or_told_twice_is_refused(tmp_path: Path) -> None:
    head = "policy,term,value,unit,low,high,source,basis,meaning\n"
    bad = tmp_path / "far.csv"
    bad.write_text(head + "page,step,9,days,0,5,judgement,assumption,a step\n", encoding="utf-8")
    with pytest.raises(TableError, match="row 2, column value: 9 is out of range"):
        load_terms(bad)
    row = "page,step,3,days,0,5,judgement,assumption,a step\n"
    twice = tmp_path / "twice.csv"
    twice.write_text(head + row + row, encoding="utf-8")
    with pytest.raises(TableError, match="row 3, column term: page has step twice"):
        load_terms(twice)


def test_the_grip_starts_open_and_never_loosens_upwards() -> None:
    steps = grips()
    assert steps[0] == (0.0, 0.0, 1.0)
    for column in zip(*steps, strict=True):
        assert list(column) == sorted(column)


def test_steps_of_the_grip_are_numbered_in_order(tmp_path: Path) -> None:
    bad = tmp_path / "grips.csv"
    bad.write_text(
        "grip,third_country_clause,threat,enforcement,source\n1,0,0,1,judgement\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match="row 2, column grip: 0 is due here"):
        grips(bad)


def test_a_persona_out_of_its_range_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "personas.csv"
    bad.write_text(
        "persona,term,weight,unit,low,high,source,basis\n"
        "bold,stride,12,steps,1,9,judgement,assumption\n",
        encoding="utf-8",
    )
    with pytest.raises(TableError, match="row 2, column weight: 12 is out of range"):
        persona("bold", bad)
