"""What the stranger's test asks for stands on pages, in the words that it names."""

from __future__ import annotations

import re
from pathlib import Path

from runs.pages.words import catalogue
from runs.room.table import Table
from runs.room.trial.dilemmas import silent
from runs.story import write

PAGE = Path(__file__).parents[2] / "docs" / "a-strangers-test.md"


def test_the_levers_bars_and_headings_that_it_names_stand_on_pages() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("|")][2:]
    named = re.findall(r"\*([^*]+)\*", "".join(row.split("|")[3] for row in rows))
    shown = {text.replace("{seat}", "China") for text in catalogue("en").values()}
    assert len(named) >= 7
    assert [name for name in named if name not in shown] == []


def test_a_game_tells_that_firms_refuse_and_out_of_what_fear() -> None:
    setup = {"scenario": "japan-2026", "id": "japan-2026", "text": "", "seed": 1, "users": 300,
             "set": {}}  # fmt: skip
    table = Table(setup)
    table.play([silent(table, turn) for turn in (1, 2)])
    told = [one for result in table.results for one in result["happenings"]]
    orders = {write(one["say"]) for one in told
              if one.get("say", {}).get("key", "").startswith("story.")}  # fmt: skip
    assert "Beijing threatens whoever supplies Japan" in orders
    refusals = [one["say"]["key"] for one in told if one["kind"] == "refused_customers"]
    assert "happening.refused_customers" in refusals
    assert "for fear of the clause" in catalogue("en")["happening.refused_customers"]
