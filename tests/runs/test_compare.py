"""Comparing and telling: what differs in words, and one file that needs nothing from outside."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot import compare
from runs.cli import main
from runs.compare.differ import differences, sentence
from runs.compare.shown import CompareError, shown
from runs.compare.words import LANGUAGES, Tongue, digits, tongue
from runs.game import Game
from runs.lucks import ensemble
from runs.story.speak import two
from tests.runs.a_room import room_log
from world.scenario import Scenario

NOTEBOOK = Path(__file__).parents[2] / "docs" / "entrepot.ipynb"
SMALL: dict[str, float | str] = {"users": 80, "weeks": 12}


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def offline(page: Path) -> list[str]:
    """The elements of a page, once it is clear that it needs nothing from outside."""
    text = page.read_text(encoding="utf-8")
    tags = Tags(text).tags
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert "http" not in text
    assert "url(" not in text
    return tags


@pytest.fixture(scope="module")
def other(plan: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which China bans all that it has, from the start."""
    game = Game(plan, seed=5, set={"CHN.ban_breadth.JPN": 1.0}).run(weeks=30)
    return game.save(tmp_path_factory.mktemp("other") / "harder")


@pytest.fixture(scope="module")
def lucks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lucks") / "e1"
    ensemble("gallium-2023", SMALL, runs=4, out=folder)
    return folder


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("swept") / "s1"
    asked = ["sweep", "gallium-2023", "--vary", "CHN.export_quota.gallium=0.1,3", "--runs", "2"]
    asked += ["--vary", "KOR.protest=0,1", "--users", "80", "--weeks", "20"]
    assert main([*asked, "--out", str(folder), "--json"]) == 0
    return folder


# --- two runs -----------------------------------------------------------------------------------


def test_the_largest_difference_is_the_title_with_both_numbers(folder: Path, other: Path) -> None:
    found = compare(folder, other)
    assert not found.same
    assert re.fullmatch(r".+: \S+.* in harder instead of \S+.* in run, on average", found.finding)
    row = found.rows[0]
    assert row["change"] == pytest.approx(row["b"] - row["a"])
    assert any("China's" in one and "harder" in one for one in found.reasons)
    assert len(found.table) == len(found.rows)
    names = " ".join([found.finding, *found.sentences, *found.reasons])
    assert not re.search(r"\b(CHN|JPN|KOR|dy_oxide|ban_breadth)\b", names)


def test_figures_of_a_difference_are_those_of_the_runs(
    played: Game, folder: Path, other: Path
) -> None:
    found = compare(played, other)
    row = next(r for r in found.rows if (r["measure"], r["material"], r["zone"]) == (
        "price", "dy_oxide", "JPN",
    ))  # fmt: skip
    markets = played.frames["markets"].query("material == 'dy_oxide' and zone == 'JPN'")
    assert row["a"] == pytest.approx(markets["price"].mean())
    assert row["a_then"] == markets["price"].iloc[row["week"]]


def test_equal_runs_differ_in_nothing_and_it_says_why(plan: Scenario, folder: Path) -> None:
    assert compare(folder, folder).same
    assert "made alike" in compare(folder, folder).sentences[0]
    one, two = Game(plan, seed=5).run(weeks=3), Game(plan, seed=5)
    assert two.submit(actor="KOR", lever="protest", value=1.0, week=2) is None
    two.run(weeks=3)
    found = compare(one, two)
    assert found.same
    assert found.finding.startswith("No difference")
    assert "moved nothing" in found.sentences[0]
    assert "Korea" in found.sentences[0]


def test_runs_of_two_scenarios_are_compared_in_what_both_have(folder: Path) -> None:
    found = compare(folder, Game("gallium-2023", users=60).run(weeks=4))
    assert "two scenarios, Japan 2026 and Gallium 2023" in found.reasons[0]
    assert any("first 4 weeks" in one for one in found.reasons)
    assert {row["material"] for row in found.rows} == {"", "gallium"}


def test_runs_of_two_models_are_compared_and_it_is_said(
    folder: Path, other: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(other, tmp_path / "old"))
    text = (old / "run.toml").read_text()
    (old / "run.toml").write_text(re.sub(r"(?m)^model = \d+$", "model = 1", text))
    assert any("made by model" in one for one in compare(folder, old).reasons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_models_that_agree_in_every_value_are_blamed_for_nothing(
    folder: Path, tmp_path: Path, language: str
) -> None:
    old = Path(shutil.copytree(folder, tmp_path / "old"))
    text = (old / "run.toml").read_text()
    (old / "run.toml").write_text(re.sub(r"(?m)^model = \d+$", "model = 1", text))
    found = compare(folder, old, language=language)
    assert found.same
    blame = {
        "en": "part of the difference", "ko": "차이의 일부", "ja": "違いの一部",
        "zh-Hans": "部分差别",
    }  # fmt: skip
    told = " ".join([found.finding, *found.sentences, *found.reasons])
    assert blame[language] not in told
    assert "old" in found.sentences[0]


def test_comparisons_write_numbers_as_the_story_does() -> None:
    for value in (9.96, 99.6, 10.0, 4.0, 0.5, 0.09, 0.0996, 1726.0, -0.123, -9.96, 0.0):
        assert digits(value) == two(value), value
    assert tongue().say("weeks", 9.96) == "10 weeks"
    assert digits(9.996, 3) == "10"


def test_a_run_among_lucks_is_told_by_their_band(lucks: Path) -> None:
    own = Game("gallium-2023", seed=2, set=SMALL).run()
    found = compare(own, lucks)
    assert not found.same
    far = Game("gallium-2023", seed=2, set={**SMALL, "CHN.export_quota.gallium": 0.0}).run()
    beyond = compare(far, lucks)
    assert sum(r["weeks_outside_band"] for r in beyond.rows) > sum(
        r["weeks_outside_band"] for r in found.rows
    )
    assert any("outside what 8 of 10 of 4 lucks" in one for one in beyond.sentences)


def test_the_length_of_a_measure_is_compared_week_by_week(folder: Path, other: Path) -> None:
    """How long it has stood is an outcome like others, with a band where there are lucks."""
    found = [one for one in differences(shown(folder), shown(other))
             if one.measure == "measure_weeks" and one.zone == "JPN"]  # fmt: skip
    assert len(found) == 1
    assert "weeks" in sentence(found[0], shown(folder), shown(other), Tongue("en"))


def test_a_sweep_is_told_by_what_moves_most_and_what_moves_nothing(swept: Path) -> None:
    found = compare(swept)
    assert "China's" in found.finding
    assert any("Korea's" in one and "makes no difference" in one for one in found.reasons)
    cells = shown(swept).cells  # type: ignore[union-attr]
    row = found.rows[0]
    medians = cells.groupby("cell")[row["figure"]].median()
    assert (row["low"], row["high"]) == (medians.min(), medians.max())
    assert compare(swept, swept).same


# --- the commands -------------------------------------------------------------------------------


def test_compare_writes_a_page_and_json(
    capsys: pytest.CaptureFixture[str], folder: Path, other: Path, lucks: Path, swept: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    for pair in ([folder, other], [lucks, lucks], [swept]):
        page = tmp_path / "new" / f"{pair[-1].name}.html"
        code, out, err = said(capsys, "compare", *map(str, pair), "--html", str(page), "--json")
        assert (code, err) == (0, "")
        told = json.loads(out)
        assert {"finding", "sentences", "reasons", "differences", "same"} <= set(told)
        drawn = offline(page)
        assert drawn.count("svg") == drawn.count("figure") == drawn.count("details")
        assert drawn.count("h1") == 1
    assert drawn.count("svg") > 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("{run}",), "name a second one"),
        (("{run}", "{swept}"), "is a sweep"),
        (("{run}", "{run}/zones.parquet"), "is a file"),
        (("{tmp}", "{run}"), "holds no run, ensemble or sweep"),
        (("no-such-thing",), "neither a folder nor an episode"),
        (("{run}", "{tmp}/absent"), "is not there"),
        (("{run}", "{run}", "--html", "{run}/run.toml"), "which is only read"),
        (("{run}", "{broken}"), "is damaged"),
        (("{unfinished}", "{run}"), "has not been finished"),
        (("senkaku-2010", "{run}"), "leave it out"),
        (("prepared-2011", "--variants", "with,witout"), "did you mean without"),
        (("prepared-2011", "--variants", "with"), "two of with, without"),
        (("senkaku-2010", "--variants", "with,without"), "has no variants"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, swept: Path, lucks: Path, tmp_path: Path,
    asked: tuple[str, ...], words: str,
) -> None:  # fmt: skip
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "zones.parquet").write_bytes(b"nothing")
    unfinished = Path(shutil.copytree(lucks, tmp_path / "unfinished"))
    (unfinished / "markets_quantiles.parquet").unlink()
    place = {"run": folder, "swept": swept, "tmp": tmp_path / "empty", "broken": broken,
             "unfinished": unfinished}  # fmt: skip
    (tmp_path / "empty").mkdir()
    before = (folder / "run.toml").read_bytes()
    code, out, err = said(capsys, "compare", *(one.format(**place) for one in asked))
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert (folder / "run.toml").read_bytes() == before


def test_a_link_to_something_else_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(NOTEBOOK)
    assert "is a file" in said(capsys, "compare", str(tmp_path / "link"), str(folder))[2]
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.toml").symlink_to(NOTEBOOK)
    code, _, err = said(capsys, "compare", str(tmp_path / "run"), str(folder))
    assert (code, "is damaged" in err) == (2, True)


def test_an_episode_is_compared_with_what_was_published(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    page = tmp_path / "episode.html"
    asked = ("compare", "gallium-stop", "--seeds", "1", "--html", str(page))
    code, out, err = said(capsys, *asked)
    assert (code, err) == (0, "")
    title, *points, last = out.splitlines()
    assert "published points are met" in title
    assert last == f"page in {page}"
    assert offline(page).count("svg") >= len(points) > 0
    assert title.removesuffix(".") in page.read_text(encoding="utf-8")


def test_two_variants_are_played_with_the_same_lucks_and_told_on_one_page(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In its first half year preparation costs money and fills stores, and nothing is lost yet."""
    page = tmp_path / "prepared.html"
    small = ("--seeds", "2", "--users", "60", "--weeks", "30")
    code, out, err = said(capsys, "compare", "prepared-2011", *small, "--html", str(page))
    assert (code, err) == (0, "")
    title, *_, last = out.splitlines()
    paid = re.findall(r"pays (\d+) million|and ([\d,]+) dollars\.", title)
    assert title.startswith("Variant with: Japan loses")
    assert float(paid[0][0]) * 1e6 > 20 * float(paid[1][1].replace(",", "")), title
    assert "Public stock of Japan" in out
    assert last == f"page in {page}"
    assert offline(page).count("svg") > 1
    text = unescape(page.read_text(encoding="utf-8"))
    assert title.removesuffix(".") in text
    assert "2 lucks" in text


def test_a_report_tells_pictures_decisions_causes_and_how_to_make_it_again(
    capsys: pytest.CaptureFixture[str], folder: Path, played: Game, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    code, _, err = said(capsys, "report", str(folder), "--html", str(page))
    assert (code, err) == (0, "")
    tags, text = offline(page), unescape(page.read_text(encoding="utf-8"))
    assert tags.count("svg") == tags.count("figure") >= 5
    for words in (
        "Who decided what", "Korea's", "Japan's reserve", "if nobody ordered",
        f"entrepot replay {folder}", played.recorder.digest(), "--seed 5",
    ):  # fmt: skip
        assert words in text, words
    code, _, _ = said(capsys, "report", str(folder), "--html", str(page), "--quick")
    assert code == 0
    assert "if nobody ordered" not in page.read_text(encoding="utf-8")


def test_ensembles_sweeps_and_rooms_have_reports(
    capsys: pytest.CaptureFixture[str], lucks: Path, swept: Path, tmp_path: Path
) -> None:
    room_log(tmp_path / "log.db")
    for what, words in (
        ([str(lucks)], "8 of 10 of 4 lucks"), ([str(swept)], "--vary KOR.protest=0,1"),
        ([str(tmp_path / "log.db"), "--room", "AAAAA"], "Room AAAAA"),
    ):  # fmt: skip
        page = tmp_path / "page.html"
        code, _, err = said(capsys, "report", *what, "--html", str(page))
        assert (code, err) == (0, "")
        assert offline(page).count("svg") > 0
        assert words in page.read_text(encoding="utf-8")
        assert "Unseen" not in page.read_text(encoding="utf-8")  # names of people
    code, _, err = said(
        capsys, "report", str(tmp_path / "log.db"), "--room", "ZZZZZ", "--html", "x.html"
    )
    assert (code, "ZZZZZ" in err) == (2, True)


# --- notebooks ----------------------------------------------------------------------------------


def test_a_picture_is_a_whole_file_of_svg(played: Game, lucks: Path, tmp_path: Path) -> None:
    picture = played.plot("cover_weeks")
    assert picture.svg.count("<svg") == picture.svg.count("</svg>") == 2
    assert picture.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert picture.save(tmp_path / "one.svg").read_text() == picture._repr_svg_()
    assert "Stock of dysprosium oxide in Japan" in repr(picture)
    assert "Viet Nam" in played.plot("gdp_loss_usd", zone="VNM").title
    for asked, words in (({"measure": "prise"}, "price"), ({"zone": "JAP"}, "JPN")):
        with pytest.raises(ValueError, match=words):
            played.plot(**asked)
    with pytest.raises(CompareError, match="no weeks"):
        Game("gallium-2023", users=60).plot()


def test_every_cell_of_the_notebook_runs() -> None:
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    cells = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 8
    for cell in cells:
        exec(compile(cell, "docs/entrepot.ipynb", "exec"), names)
    steps = names["causes"]
    assert np.isclose(steps.start + sum(one.change for one in steps.steps), steps.end)
    assert names["found"].lines
