"""The model description says what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from world.odd import ODD, TABLES, renew
from world.parameters import load_parameters
from world.week import PHASES

ROOT = Path(__file__).parents[2]
PACKAGES = ("world", "agents", "runs")

# rows of the table that no law reads yet; the description names them in section 8
IDLE: set[str] = set()


def last_name(node: ast.expr) -> str:
    """`par` of `par` and of `world.setting.par`."""
    return node.id if isinstance(node, ast.Name) else str(getattr(node, "attr", ""))


def parameters_in_code() -> dict[str, str]:
    """Every `par.name`, `par["name"]` and `parameters["name"]`, with the file that reads it."""
    found: dict[str, str] = {}
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and last_name(node.value) == "par":
                found[node.attr] = str(path)
            if isinstance(node, ast.Subscript) and last_name(node.value) in ("par", "parameters"):
                key = getattr(node.slice, "value", None)
                if isinstance(key, str):
                    found[key] = str(path)
    return found


def test_the_tables_of_the_description_are_up_to_date() -> None:
    text = ODD.read_text(encoding="utf-8")
    assert renew(text) == text, "run python -m world.odd"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_in_the_description(name: str) -> None:
    assert ODD.read_text(encoding="utf-8").count(f"<!-- table: {name} -->") == 1


def test_a_table_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="a table 'moods'"):
        renew("<!-- table: moods -->\n<!-- end -->")


def test_every_parameter_that_the_code_reads_has_a_row() -> None:
    table = load_parameters()
    unknown = {name: path for name, path in parameters_in_code().items() if name not in table}
    assert not unknown


def test_every_row_is_read_or_known_to_be_idle() -> None:
    read = parameters_in_code()
    assert {name for name in load_parameters() if name not in read} == IDLE


def test_idle_rows_are_named_in_the_description() -> None:
    section = ODD.read_text(encoding="utf-8").split("## 8 ")[1].split("<!-- table")[0]
    assert set(re.findall(r"`(\w+)`", section)) >= IDLE


def test_every_submodel_that_a_phase_names_is_described() -> None:
    text = ODD.read_text(encoding="utf-8")
    for phase in PHASES:
        for number in phase.submodels.split(", "):
            assert f"### {number} " in text or f"## {number} " in text, (phase.name, number)


def test_every_submodel_that_a_parameter_names_is_described() -> None:
    text = ODD.read_text(encoding="utf-8")
    for name, row in load_parameters().items():
        assert re.search(rf"^##+ {re.escape(row.submodel)} ", text, re.MULTILINE), name


def test_parts_that_the_laws_refer_to_exist() -> None:
    """`(ODD 7.9)` in a docstring points to a heading of the description."""
    text = ODD.read_text(encoding="utf-8")
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        for part in re.findall(r"ODD (\d+(?:\.\d+)?a?)", path.read_text(encoding="utf-8")):
            assert re.search(rf"^##+ {re.escape(part)} ", text, re.MULTILINE), (path.name, part)
