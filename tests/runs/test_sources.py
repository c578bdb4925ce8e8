"""Any figure can be looked up: every row of every table, its source, and what reads it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from runs.cli import main
from runs.pages.words import LANGUAGES, catalogue
from runs.sources.base import taken_by_base_year
from runs.sources.entries import LISTED, READ, SET, entries, tables
from runs.sources.lookup import PAGE, Query, answer, query_of, search, section, summary
from runs.sources.statements import TABLE, statements
from world.facts import DATA_FOLDER
from world.odd import ODD
from world.reading import read_rows

ALL = {entry.id: entry for entry in entries()}


@pytest.mark.parametrize("path", sorted(DATA_FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_of_every_table_is_reached_page_by_page(path: Path) -> None:
    rows = read_rows(path, ())
    query = Query(table=path.stem)
    told = answer(query)
    assert told["found"] == len(rows) > 0
    shown = [
        row for page in range(told["pages"])
        for row in answer(Query(table=path.stem, page=page))["rows"]
    ]  # fmt: skip
    assert len({row["id"] for row in shown}) == len(rows)
    assert [row["source"] for row in shown] == [row.get("source", "").strip() for row in rows]
    assert max(len(shown[at : at + PAGE]) for at in range(0, len(shown), PAGE)) <= PAGE
    for row in shown:
        assert row["what"], row["id"]
        if "source" in rows[0] and path.stem not in ("minerals", "forge_countries"):
            assert row["source"], row["id"]


def test_every_row_says_whether_it_is_read_and_where_or_why_not() -> None:
    words = [catalogue(language) for language in LANGUAGES]
    for entry in ALL.values():
        if entry.use == READ:
            assert entry.sections, entry.id
            assert not entry.why
        else:
            assert entry.use in (SET, LISTED)
            assert (entry.use == LISTED) == bool(entry.why), entry.id
            assert all(entry.use == SET or f"sources.why.{entry.why}" in said for said in words)
    assert sum(row["read"] for row in summary()) == sum(e.use != LISTED for e in ALL.values())
    for number in {number for entry in ALL.values() for number in entry.sections}:
        told = section(number)
        assert told is not None, number
        assert len(told["text"]) > 100, number


def test_every_table_has_its_words_and_every_section_its_head() -> None:
    assert set(tables()) == {path.stem for path in DATA_FOLDER.glob("*.csv")}
    for language in LANGUAGES:
        assert {f"sources.table.{name}" for name in tables()} <= set(catalogue(language))
    assert section("99.9") is None
    assert "### 7.4 " in ODD.read_text(encoding="utf-8")


def test_what_the_base_year_does_not_take_is_not_said_to_be_read() -> None:
    """Rows of facts, but those that a law takes by itself or through another table."""
    seen = taken_by_base_year()
    assert len(seen) > 900
    for name, table in tables().items():
        if table.use != "base":
            continue
        for entry in (one for one in ALL.values() if one.table == name):
            stated = [one for one in entry.also if one in statements()]
            if entry.use == READ and not entry.also:
                assert (name, entry.line) in seen, entry.id
            if entry.use == LISTED and not stated:
                assert (name, entry.line) not in seen, entry.id


def test_a_figure_is_found_in_any_language_by_words_and_filters() -> None:
    for word in ("gallium", "갈륨", "ガリウム", "镓"):
        assert len(search(Query(word))) > 30, word
    both = search(Query("graphite", zone="KOR", use=READ))
    assert any(entry.value == "0.97 share" for entry in both)
    assert all("KOR" in entry.zones and entry.use == READ for entry in both)
    assert {entry.basis for entry in search(Query(basis="seed"))} == {"seed"}
    assert search(Query("no such words anywhere")) == []


def test_a_statement_leads_to_its_row_and_a_row_to_its_statement() -> None:
    for entry in search(Query(table=TABLE)):
        for name in entry.also:
            if name in ALL:
                assert entry.id in ALL[name].also, (entry.id, name)
    told = answer(Query(row="S42"))
    assert told["rows"][0]["id"] == told["asked"]["row"] == "S42"
    assert answer(Query(row="../../etc/passwd"))["asked"]["row"] == ""


def test_what_a_strangers_page_asks_is_taken_as_far_as_it_makes_sense() -> None:
    assert query_of({"text": 7, "page": -3, "table": None, "other": 1}) == Query()
    assert query_of({"text": "x" * 10_000}).text == "x" * 200
    assert answer(query_of({"page": 99_999}))["rows"]


def test_the_command_prints_text_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "saemangeum", "store"]) == 0
    told = capsys.readouterr().out
    assert "179,000 m2" in told
    assert "listed" in told
    assert main(["sources", "--json", "--table", "statements"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(statements())
    assert main(["sources", "--csv", "--basis", "seed"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == sum(entry.basis == "seed" for entry in ALL.values())
