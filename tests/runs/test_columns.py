"""Whoever reads a run's folder finds every table and every column described."""

from __future__ import annotations

from pathlib import Path

import pytest

from runs.columns import renew
from runs.tables import TABLES
from world.odd import ODD

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_list_of_recorded_columns_is_up_to_date() -> None:
    text = ODD.read_text(encoding="utf-8")
    assert text.count("<!-- record -->") == 1
    assert renew(text) == text, "run python -m runs.columns"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_is_told(name: str) -> None:
    told = README.read_text(encoding="utf-8").partition("A run's folder holds")[2]
    assert f"`{name}`" in told.partition("\n\n")[0]
    described = ODD.read_text(encoding="utf-8")
    for column, said in TABLES[name].values.items():
        assert said, column
        assert f"| `{name}.{column}` | " in described, column
