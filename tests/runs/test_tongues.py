"""Comparisons and reports in four languages; a run beside the published points of its episode."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from runs.cli import main
from runs.compare.comparison import compare
from runs.compare.words import FIGURES, LANGUAGES, MEASURES, PART, tongue
from runs.game import Game
from runs.lucks import ensemble
from runs.pages.words import catalogue
from runs.validate.targets import read_targets
from tests.runs.test_compare import offline, said
from world.reading import read_rows
from world.setting import DATA

OTHERS = [language for language in LANGUAGES if language != "en"]
ROOT = Path(__file__).parents[2]
CODE = re.compile(r"(?<![A-Za-z])(CHN|JPN|KOR|USA|EUU|AUS|VNM|MYS|THA|MEX|IND|TWN|ROW)(?![A-Za-z])")
ENGLISH = re.compile(r"\b(the|with|average|weeks|price|stock|in)\b")
SCRIPTS = {"ko": "[가-힣]", "ja": "[ぁ-んァ-ン]", "zh-Hans": "[\u4e00-\u9fff]"}
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def harder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    game = Game("japan-2026", seed=5, users=80, set={"CHN.ban_breadth.JPN": 1.0}).run(weeks=20)
    assert game.submit(actor="KOR", lever="hub_policing", value=0.9) is None
    game.run(weeks=4)
    return game.save(tmp_path_factory.mktemp("tongues") / "run2")


@pytest.fixture(scope="module")
def gallium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Game("gallium-2023", users=80).run().save(tmp_path_factory.mktemp("episode") / "run3")


@pytest.fixture(scope="module")
def lucks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tongues-lucks") / "e2"
    ensemble("gallium-2023", {"users": 80, "weeks": 30}, runs=4, out=folder)
    return folder


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_stands_in_every_language_with_the_same_places(language: str) -> None:
    english, other = catalogue("en", PART), catalogue(language, PART)
    assert set(english) == set(other)
    assert len(english) > 150
    for key, text in english.items():
        places = [sorted(re.findall(r"\{(\w+)\}", one)) for one in (text, other[key])]
        assert places[0] == places[1], key
        assert other[key].strip()


def test_no_sentence_is_asked_for_that_is_not_there_and_none_lies_idle() -> None:
    known, asked = set(catalogue("en", PART)), set()
    for places in ("compare/*", "report/*", "charts/*", "web/compare"):
        for path in (ROOT / "runs").glob(f"{places}.py"):
            text = path.read_text(encoding="utf-8")
            asked |= set(re.findall(r'"((?:compare|report)\.[\w.]+)"', text))
    asked -= {"compare.shown", "compare.words"}
    assert len(asked) > 70
    assert asked <= known
    built = ("compare.measure.", "compare.figure.", "compare.point", "compare.unit.",
             "compare.col_", "report.col_", "report.step.", "compare.run", "compare.ensemble",
             "compare.weeks", "compare.days", "compare.seeds", "compare.users", "compare.lucks",
             "compare.below", "compare.median", "compare.above", "report.peaks", "report.falls",
             "report.stays", "compare.title", "report.time", "report.who", "report.why",
             "report.sources", "report.again", "report.goods", "report.group_")  # fmt: skip
    assert not {one for one in known - asked if not one.startswith(built)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_figure_and_published_point_has_its_name(language: str) -> None:
    to = tongue(language)
    for one in (*MEASURES.values(), *FIGURES.values()):
        names = dict.fromkeys(("good", "place", "material", "zone", "target"), "JPN")
        assert to.name("JPN") in to.noun(one, **names)
    for target in read_targets():
        assert to.has(f"compare.point.{target.id}"), target.id
        if target.unit:
            assert to.has(f"compare.unit.{target.unit.replace(' ', '_').lower()}"), target.unit


def test_figures_are_said_as_each_language_counts() -> None:
    told = {one: tongue(one).say("usd", 38.1e6) for one in LANGUAGES}
    assert told == {"en": "38 million dollars a week", "ko": "한 주에 3,800만 달러",
                    "ja": "週3,800万ドル", "zh-Hans": "每周3,800万美元"}  # fmt: skip
    assert [tongue(one).say("share", 0.0912) for one in ("en", "ko")] == ["9.1%", "9.1%"]
    assert tongue("ko").lever("KOR.hub_policing") == "한국 단속 협조"
    assert tongue("en").lever("USA.hub_policing") == "America's help in policing"


# --- what is compared ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_runs_are_compared_without_a_code_and_in_one_language(
    folder: Path, harder: Path, language: str
) -> None:
    found = compare(folder, harder, language)
    assert not found.same
    assert len(found.reasons) >= 3  # weeks, settings, orders
    told = [found.finding, *found.sentences, *found.reasons, *found.names]
    for one in told:
        assert not CODE.search(one)
        assert not re.search(r"[{}\[\]]|hub_policing|ban_breadth|_", one)
        if language != "en":
            assert re.search(SCRIPTS[language], one)
            assert not ENGLISH.search(one)
    page = found.html()
    assert f'<html lang="{language}">' in page
    assert page.count("<figure>") == page.count('role="img"') == len(found.figures) > 3


def test_the_same_figures_stand_in_every_language(folder: Path, harder: Path) -> None:
    rows = [compare(folder, harder, language).rows for language in LANGUAGES]
    assert all(one == rows[0] for one in rows)
    pictures = {re.sub(r'aria-label="[^"]*"', "", "".join(re.findall(r"<path[^>]*>", found)))
                for language in LANGUAGES for found in [compare(folder, harder, language).html()]}
    assert len(pictures) == 1


def test_a_measure_without_difference_stays_and_says_so(folder: Path) -> None:
    one = Game("gallium-2023", seed=3, users=80).run(weeks=20)
    two = Game("gallium-2023", seed=3, users=80, set={"USA.floor_usd_per_kg.gallium": 500.0})
    two.run(weeks=20)
    found = compare(one, two)
    assert not found.same
    titles = re.findall(r"<h3>(.*?)</h3>", found.html())
    without = [n for n, title in enumerate(titles) if "no difference" in title]
    assert without
    assert without[-1] == len(titles) - 1


# --- a run beside the record --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_is_held_against_the_points_of_its_episode(
    capsys: Capture, gallium: Path, tmp_path: Path, language: str
) -> None:
    page = tmp_path / "page.html"
    code, out, err = said(capsys, "compare", str(gallium), "gallium-2023", "--lang", language,
                          "--html", str(page), "--json")  # fmt: skip
    assert (code, err) == (0, "")
    told = json.loads(out)
    points = [one for one in read_targets() if one.scenario == "gallium-2023"]
    assert {one["id"] for one in told["targets"]} <= {one.id for one in points}
    assert len(told["targets"]) > 3
    text = unescape(page.read_text(encoding="utf-8"))
    assert offline(page).count("figure") == len(told["targets"])
    assert told["finding"] in text
    assert all(tongue(language).has(f"compare.point.{one['id']}") in text
               for one in told["targets"])  # type: ignore[operator]


def test_a_point_of_a_run_is_measured_on_that_run(capsys: Capture, gallium: Path) -> None:
    import pandas as pd

    told = json.loads(said(capsys, "compare", str(gallium), "gallium-2023", "--json")[1])
    by_id = {one["id"]: one for one in told["targets"]}
    target = next(one for one in read_targets() if one.id == "B05")
    assert "Rest-of-world" in target.name
    markets = pd.read_parquet(gallium / "markets.parquet")
    own = markets.query("material == 'gallium' and zone == 'ROW'").set_index("date")["price"]
    assert by_id["B05"]["median"] == by_id["B05"]["p10"]
    assert own.min() / own.max() <= by_id["B05"]["median"] <= own.max() / own.min()


def test_a_run_that_ended_early_has_no_value_for_later_weeks(tmp_path: Path) -> None:
    from runs.compare.episode import run_against_record

    short = Game("gallium-2023", users=80).run(weeks=16).save(tmp_path / "short")
    found = run_against_record(short, "gallium-2023")
    values = {one.target.id: one.median for one in found.verdict.results}
    assert values["B05"] is None  # speaks of 15 December 2023
    assert any("16 weeks of" in note for note in found.notes)
    assert found.html().count("<figure>") == len(values)


def test_what_has_no_published_points_in_it_is_told_in_one_sentence(
    capsys: Capture, folder: Path, gallium: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(gallium, tmp_path / "old"))
    text = (old / "run.toml").read_text()
    (old / "run.toml").write_text(re.sub(r"(?m)^model = \d+$", "model = 1", text))
    (tmp_path / "empty").mkdir()
    told = ((folder, "run of another scenario, Japan 2026"), (old, "another model"),
            (tmp_path / "empty", "holds no run"), (gallium / "zones.parquet", "no run"))
    for a, words in told:
        code, out, err = said(capsys, "compare", str(a), "gallium-2023")
        assert (code, out, len(err.splitlines())) == (2, "", 1), err
        assert words in err


# --- reports ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_has_its_parts_in_the_language_that_is_asked_for(
    capsys: Capture, harder: Path, tmp_path: Path, language: str
) -> None:
    page, to = tmp_path / "report.html", tongue(language)
    code, _, err = said(capsys, "report", str(harder), "--html", str(page), "--lang", language,
                        *(() if language == "ja" else ("--quick",)))  # fmt: skip
    assert (code, err) == (0, "")
    tags, text = offline(page), unescape(page.read_text(encoding="utf-8"))
    assert f'lang="{language}"' in text
    for part in ("what", "time", "who", "why", "sources", "again"):
        assert f"<h2>{to.t(f'report.{part}')}</h2>" in text
    assert tags.count("svg") == tags.count("figure") >= 6  # pictures and the time line
    assert to.lever("KOR.hub_policing") in text
    assert not CODE.search(re.sub(r"<code>.*?</code>", "", text))
    if language == "ja":
        assert to.t("report.step.start") in text


def test_a_printed_report_says_what_it_is_of(capsys: Capture, harder: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert said(capsys, "report", str(harder), "--html", str(page), "--quick")[0] == 0
    stamp = re.search(r'class="stamp">(.*?)</p>', page.read_text(encoding="utf-8"))
    assert stamp
    for words in ("seed 5", "24 weeks", "3 November 2025", "13 April 2026", "entrepot "):
        assert words in stamp[1]
    assert "@media print" in page.read_text(encoding="utf-8")


def test_an_ensemble_has_two_bands_and_a_tick_for_each_luck_that_stops(lucks: Path) -> None:
    from runs.compare.shown import shown
    from runs.report.run import Alone

    found = Alone.of(lucks, "ko")
    text = found.html()
    assert text.count('class="band-a"') == 2 * text.count("<figure>") > 6
    stops = shown(lucks).first_stops  # type: ignore[union-attr]
    assert text.count('class="tick"') == len(stops)
    assert tongue("ko").t("report.bands", lucks=4) in text


@pytest.mark.parametrize(("spoil", "words"), [
    ("zones.parquet", "damaged"), ("run.toml", "damaged"), ("orders.parquet", "orders"),
])  # fmt: skip
def test_a_report_of_a_broken_folder_is_one_sentence(
    capsys: Capture, harder: Path, tmp_path: Path, spoil: str, words: str
) -> None:
    broken = Path(shutil.copytree(harder, tmp_path / "broken"))
    (broken / spoil).write_bytes(b"\x00nothing")
    code, out, err = said(capsys, "report", str(broken), "--html", str(tmp_path / "page.html"))
    assert (code, out, len(err.splitlines())) == (2, "", 1), err
    assert words in err


def test_parameters_that_this_version_does_not_know_are_told_and_the_rest_is_alive(
    capsys: Capture, folder: Path, harder: Path, tmp_path: Path
) -> None:
    foreign = Path(shutil.copytree(harder, tmp_path / "foreign"))
    text = (foreign / "run.toml").read_text()
    assert "[overrides]" in text
    (foreign / "run.toml").write_text(
        text.replace("[overrides]", '[overrides]\n"parameters.warp_speed" = 9.0', 1)
    )
    found = compare(folder, foreign)
    assert any("warp_speed" in one and "9" in one for one in found.reasons)
    assert found.figures
    code, out, err = said(capsys, "report", str(foreign), "--html", str(tmp_path / "page.html"))
    assert (code, out, len(err.splitlines())) == (2, "", 1), err
    assert "warp_speed" in err


def test_a_language_that_is_none_is_refused_with_those_there_are(capsys: Capture) -> None:
    assert main(["report", "x", "--html", "y.html", "--lang", "de"]) == 2
    assert "zh-Hans" in capsys.readouterr().err


def test_a_group_of_goods_that_this_version_does_not_know_keeps_its_name() -> None:
    from runs.report.run import _group

    assert _group("bicycles", tongue("ko")) == "bicycles"
    groups = {row["group"] for row in read_rows(DATA / "goods.csv", ["group"])}
    known = [_group(group, tongue("ko")) for group in groups]
    assert len(known) > 3
    assert not any(re.search("[a-z]{3}", name) for name in known)
