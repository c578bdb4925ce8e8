"""The command: a short episode measured in one and in two processes, kept, and shown."""

from __future__ import annotations

import csv
import json
import os
import time
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from runs.cli import main
from runs.game import Game
from runs.validate import kept
from runs.validate.command import writable
from runs.validate.frames import Run
from runs.validate.play import jobs_of, play
from runs.validate.quiet import first_act, moved, unrest
from runs.validate.targets import read_targets
from world.scenario import load_scenario


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["validate", *argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_same_figures_from_one_process_and_from_two(
    short: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--targets", str(short), "--seeds", "2", "--json", "--fresh")
    code, alone, err = said(capsys, *asked)
    assert code == 0, err
    assert said(capsys, *asked, "--jobs", "2")[1] == alone
    told = json.loads(alone)
    assert set(told) == {"score", "nothing", "kinds", "targets"}
    by_id = {row["id"]: row for row in told["targets"]}
    assert set(by_id["stop"]) == {
        "id", "kind", "median", "p10", "p90", "low", "high", "inside", "score",
    }  # fmt: skip
    assert by_id["stop"]["inside"]
    assert by_id["price"]["median"] > 1.2
    assert by_id["gap"]["median"] < -0.1  # the base run knows no licences
    assert by_id["lost"] == {
        "id": "lost", "kind": "network", "median": None, "p10": None, "p90": None,
        "low": 0.5, "high": 1, "inside": False, "score": 0,
    }  # fmt: skip
    assert 0 < told["nothing"] < told["score"] < 1
    assert told["score"] == pytest.approx(sum(told["kinds"].values()) / 4)


def test_what_was_measured_is_kept_and_shown(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call plays nothing; the page is one file that asks nobody for anything."""
    out, page = tmp_path / "new" / "v.csv", tmp_path / "v.html"
    asked = ("--targets", str(short), "--seeds", "1", "--out", str(out), "--html", str(page))
    code, first, err = said(capsys, *asked)
    assert code == 0, err
    assert "no value: nobody counts it" in first
    assert "in all" in first
    before = page.read_text("utf-8")

    def never(*_: object) -> None:
        raise AssertionError("a game was played again")

    monkeypatch.setattr(Game, "run", never)
    assert said(capsys, *asked)[1] == first
    assert page.read_text("utf-8") == before
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    assert [row["id"] for row in rows] == ["stop", "price", "gap", "lines", "lost"]
    assert rows[4]["reason"] == "nobody counts it"
    seen = Tags()
    seen.feed(before)
    assert seen.count("svg") >= 8  # a strip for each target, a series for those that have one
    assert 'data-part="episodes"' in before
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert "http" not in before.replace("http-equiv", "")
    assert 'class="band"' in before


class Tags(HTMLParser):
    """Names of the elements of a page in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def count(self, tag: str) -> int:
        return self.tags.count(tag)


def test_a_kept_figure_goes_with_what_it_depends_on(short: Path) -> None:
    (job,) = jobs_of(read_targets(short), 1, charts=False)
    found = play(job)
    kept.keep(job, found)
    assert kept.recall(job) == found
    (other,) = jobs_of(read_targets(short), 1, charts=True)
    assert kept.recall(other) is None
    (kept.folder() / f"{kept.name_of(job)}.json").write_text("{")
    assert kept.recall(job) is None
    short.with_name("short.toml").write_text(
        short.with_name("short.toml").read_text().replace("value = 1", "value = 0.9")
    )
    (changed,) = jobs_of(read_targets(short), 1, charts=False)
    assert kept.name_of(changed) != kept.name_of(job)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2023-04])", "2023-04] / flows.shipped_t[2023-05])", "are of different weeks."),
        ("kind=user", 'kind=user, agent="user-9999"', "short has no such agent"),
        ('"missing(""nobody counts it"")"', "markets.price[zone=JPN]",
         "is a series; a function such as mean"),
    ],
)
def test_what_only_the_rows_of_a_run_tell_is_told_before_anything_is_played(
    short: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    text = short.read_text()
    assert old in text
    short.write_text(text.replace(old, new.replace('"', '""') if '"' in new else new, 1))
    monkeypatch.setattr("runs.validate.measure.play", None)
    code, out, err = said(capsys, "--targets", str(short))
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--seeds", "0"], "is not a whole number of 1 or more"),
        (["--targets", "none.csv"], "none.csv cannot be read"),
        (["--out", "/"], "is a folder; name a file."),
        (["--out", "/proc/none/v.csv"], "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    code, out, err = said(capsys, *argv)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_no_file_is_made_before_the_work(short: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "v.csv"
    assert writable(str(out)) == out.resolve()
    assert not out.exists()
    out.write_text("of before")
    writable(str(out))
    assert out.read_text() == "of before"


def test_figures_that_nobody_asks_for_are_let_go(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those unused for 90 days, and the oldest of more than may be kept; no other file."""
    home = kept.folder()
    home.mkdir(parents=True)
    now = time.time()
    for days in (0, 1, 2, 89, 91):
        file = home / f"{days}.json"
        file.write_text("x" * 100)
        os.utime(file, (now - days * 86_400, now - days * 86_400))
    (home / "notes.txt").write_text("mine")
    kept.prune()
    assert {one.name for one in home.iterdir()} == {"0.json", "1.json", "2.json", "89.json",
                                                    "notes.txt"}  # fmt: skip
    monkeypatch.setattr(kept, "MOST_BYTES", 250)
    kept.prune()
    assert {one.name for one in home.iterdir()} == {"0.json", "1.json", "notes.txt"}


def test_one_file_for_table_and_page_is_refused(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = str(tmp_path / "v")
    code, _, err = said(capsys, "--targets", str(short), "--out", both, "--html", both)
    assert code == 2
    assert "is named by --out and by --html" in err


# --- the quiet year -----------------------------------------------------------------------------


def test_the_world_of_an_episode_stands_still_before_it_begins() -> None:
    plan = load_scenario("gallium-2023", {"users": 200})
    assert unrest(plan, Run(Game(plan).run(1))) == ""
    assert first_act(plan) == plan.week_of(plan.date(13)) == 13
    assert first_act(plan.override({"follow_history": 0})) == plan.weeks


def test_a_world_that_never_settles_is_told_with_its_market() -> None:
    """With a week of stock at plants prices swing for ever: such a run is void."""
    plan = load_scenario("japan-stop", {"users": 200, "parameters.plant_stock_weeks": 1})
    words = unrest(plan, Run(Game(plan).run(1)))
    assert "in the quiet year before the start" in words


def test_what_moves_is_the_market_that_leaves_the_band() -> None:
    flat = np.ones((52, 3))
    assert moved(flat, 0.03, relative=True) is None
    flat[10, 1] = 1.05
    place, by = moved(flat, 0.03, relative=True) or (None, 0.0)
    assert place == 1
    assert by == pytest.approx(0.05, abs=0.002)
    assert moved(np.full((52, 2), np.nan), 0.02, relative=False) is None
