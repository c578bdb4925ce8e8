"""A figure stands in one row; what repeats it elsewhere takes it from there (taken.csv)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from world.facts import DATA_FOLDER, load_facts
from world.parameters import load_parameters
from world.policy_terms import load_terms
from world.reading import TableError, read_rows
from world.taken import FILE, Taken, fits, taken, with_taken

ALL = taken(DATA_FOLDER)


@pytest.mark.parametrize("one", ALL, ids=[f"{one.table}-{i}" for i, one in enumerate(ALL)])
def test_what_is_written_there_is_the_figure_that_is_taken(one: Taken) -> None:
    """Who reads a table without the project sees the figures that the model goes by."""
    rows = [row for row in read_rows(DATA_FOLDER / f"{one.table}.csv", (one.column,))
            if fits(row, one.where)]  # fmt: skip
    assert rows, one.where
    for row in rows:
        assert float(row[one.column]) == float(with_taken(DATA_FOLDER, one.table, row)[one.column])


def altered(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA_FOLDER, tmp_path / "data"))


def test_a_figure_that_changes_changes_wherever_it_is_taken(folder: Path) -> None:
    altered(folder, "stockpiles", "KOR,rare_metals_35,target,100,", "KOR,rare_metals_35,target,90,")
    altered(folder, "stockpiles", "JPN,ree_total,actual_low,180,", "JPN,ree_total,actual_low,160,")
    altered(folder, "statements", ",0.42,share,", ",0.40,share,")
    terms = load_terms(folder / "policy_terms.csv")
    assert [terms[page]["stock_days"].value for page in ("korea_ally", "korea_neutral")] == [90, 90]
    assert load_parameters(folder / "parameters.csv")["network_listed_share"].default == 0.40
    rows = load_facts(folder).rows(
        "model_markets", material="dy_oxide", zone="JPN", attribute="stock_days", year="2025"
    )
    assert [row.number("value") for row in rows] == [190]


def test_taking_from_a_row_that_is_not_there_is_told(folder: Path) -> None:
    altered(folder, FILE[:-4], "country=JPN, metric=target_max", "country=JPN, metric=target_most")
    with pytest.raises(TableError, match=r"taken\.csv row 2, column rows: no row of stockpiles"):
        load_terms(folder / "policy_terms.csv")
