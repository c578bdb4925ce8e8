"""The fact tables hold, and a bad row is refused in one sentence that names its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from runs.pages.words import LANGUAGES, catalogue
from world.facts import DATA_FOLDER, SCHEMAS, DataError, load_facts
from world.schemas import GROUPS

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped tables that a test may spoil."""
    for name in SCHEMAS:
        shutil.copy(DATA_FOLDER / f"{name}.csv", tmp_path)
    return tmp_path


def spoil(folder: Path, table: str, edit: Edit) -> str:
    """Change a table and return the sentence with which it is refused."""
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    changed = edit(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(DataError) as problem:
        load_facts(folder)
    sentence = str(problem.value)
    assert f"{table}.csv" in sentence
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")
    return sentence


def once(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


def test_the_shipped_tables_load() -> None:
    facts = load_facts()
    assert len(facts["trade"]) > 200
    assert facts.zone_of["FRA"] == "EUU"
    assert facts.zone_of["MMR"] == "ROW"


def test_every_figure_has_a_source_and_a_basis() -> None:
    facts = load_facts()
    for name, schema in SCHEMAS.items():
        if "basis" not in schema:
            continue
        for row in facts[name]:
            assert row.has("basis"), row
            assert row.has("source") or row.text("basis") == "assumption", row


def test_model_rows_are_marked_as_assumptions_and_say_why() -> None:
    facts = load_facts()
    for name in (*(t for t in SCHEMAS if t.startswith("model_")), "recipes", "plant_terms"):
        for row in facts[name]:
            assert row.text("basis") == "assumption", row
            assert row.has("note"), row


def test_units_carry_figures_to_one_base() -> None:
    facts = load_facts()
    month = next(row for row in facts["trade"] if row.text("unit") == "t/month")
    assert facts.per_base_unit(month) == month.number("value") * 12
    percent = next(facts.rows("macro", country="KOR", indicator="manufacturing_share_of_gdp"))
    assert 0.2 < facts.per_base_unit(percent) < 0.3


def test_an_unknown_country_is_named_with_file_row_and_column(folder: Path) -> None:
    said = spoil(folder, "trade", once("JPN,CHN,ree_total", "JPX,CHN,ree_total"))
    assert said == (
        "trade.csv, row 2, column importer: found 'JPX', allowed is a code of countries.csv."
    )


def test_an_unknown_material_is_refused(folder: Path) -> None:
    said = spoil(folder, "production", once("CHN,mine,ree_total", "CHN,mine,unobtainium"))
    assert "row 2, column material: found 'unobtainium'" in said


def test_an_unknown_unit_is_refused(folder: Path) -> None:
    said = spoil(folder, "macro", once("USD bn", "doubloons"))
    assert "column unit: found 'doubloons'" in said


def test_a_share_above_one_is_refused(folder: Path) -> None:
    said = spoil(folder, "trade", once("import_share,0.6,share", "import_share,1.6,share"))
    assert "row 2, column value: found 1.6, allowed is 0 to 1" in said


def test_import_shares_of_one_buyer_may_not_exceed_all_it_buys(folder: Path) -> None:
    said = spoil(folder, "trade", once("import_share,0.6,share", "import_share,0.7,share"))
    assert "JPN, ree_total, 2024" in said
    assert "sum to at most 1" in said


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "1e999"])
def test_no_figure_is_infinite_or_undefined(folder: Path, bad: str) -> None:
    said = spoil(folder, "macro", once("1723.83", bad))
    assert "column value" in said
    assert "a finite number" in said


def test_no_mass_is_negative(folder: Path) -> None:
    said = spoil(folder, "production", once("270000", "-270000"))
    assert "row 2, column value: found -270000, allowed is zero or more" in said


def test_words_are_no_numbers(folder: Path) -> None:
    said = spoil(folder, "macro", once("1723.83", "much"))
    assert "found 'much', allowed is a number" in said


def test_a_table_without_rows_is_refused(folder: Path) -> None:
    said = spoil(folder, "recipes", lambda text: text.splitlines()[0] + "\n")
    assert "a header without rows" in said


def test_an_empty_file_is_refused(folder: Path) -> None:
    assert "no such column" in spoil(folder, "recipes", lambda text: "")


def test_a_file_cut_off_in_the_middle_of_a_row_is_refused(folder: Path) -> None:
    assert "cells" in spoil(folder, "stockpiles", lambda text: text[: len(text) // 2].rstrip(","))


def test_a_row_with_a_cell_too_few_is_refused(folder: Path) -> None:
    said = spoil(folder, "countries", once("JPN,JPN,Japan,", "JPN,JPN,Japan;"))
    assert "3 cells, allowed is 4 cells" in said


def test_a_missing_column_is_named(folder: Path) -> None:
    said = spoil(folder, "trade", once("importer,", "buyer,"))
    assert "row 1, column importer" in said


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "recipes.csv").unlink()
    with pytest.raises(DataError, match=r"recipes\.csv.*no such file"):
        load_facts(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    path = folder / "recipes.csv"
    path.write_bytes(path.read_bytes() + "\xe9".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        load_facts(folder)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("toys,JPN,1,USD/yr,2024,me,assumption,", "row 9, column group: found 'toys', "),
        ("chemicals,JPX,1,USD/yr,2024,me,assumption,", "row 9, column zone: found 'JPX', "),
        ("chemicals,KOR,much,USD/yr,2024,me,assumption,", "column imports_from_coercer_usd: "),
        ("chemicals,KOR,-1,USD/yr,2024,me,assumption,", "imports_from_coercer_usd: found -1, "),
        ("chemicals,KOR,1,USD a year,2024,me,assumption,", "column unit: found 'USD a year', "),
        ("chemicals,JPN,1,USD/yr,2024,me,assumption,", "zone: found JPN twice in chemicals"),
    ],
)
def test_other_dual_use_goods_are_checked_like_every_figure(
    folder: Path, row: str, words: str
) -> None:
    said = spoil(folder, "goods", lambda text: f"{text}{row}\n")
    assert "goods.csv" in said
    assert words in said


def test_every_group_of_other_goods_has_its_name_on_the_page() -> None:
    words = {language: catalogue(language) for language in LANGUAGES}
    for group in GROUPS:
        key = f"watch.group_{group.replace(' ', '_')}"
        assert all(key in known for known in words.values()), key
