"""Calibration: a table of points that goes on where it stopped, and what is read from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runs.calibrate import told
from runs.calibrate.command import free_parameters
from runs.calibrate.points import AS_SHIPPED, END, SEARCH, CalibrationError, Folder, Point
from runs.calibrate.search import plan_of
from runs.cli import main
from runs.validate.targets import read_targets
from world.parameters import load_parameters

FREE = "price_cover,floor_leak"


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["calibrate", *argv])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def asked(short: Path, tmp_path: Path) -> list[str]:
    """Three targets of a short episode, so that a point takes a moment."""
    rows = short.read_text().splitlines()
    short.write_text("\n".join(rows[:4]) + "\n")
    return ["--targets", str(short), "--parameters", FREE]


def test_a_calibration_that_was_broken_off_ends_with_the_same_table(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The search proposes from the points before it, whoever measured them and when."""
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    code, out, err = said(capsys, *asked, "--out", str(whole), "--evaluations", "6")
    assert code == 0, err
    assert "nothing here constrains it" in out  # a floor leaks nothing where no floor is
    said(capsys, *asked, "--out", str(parts), "--evaluations", "3")
    file = parts / "points.csv"
    file.write_bytes(file.read_bytes()[:-9])  # a crash in the middle of a row
    code, again, err = said(capsys, *asked, "--out", str(parts), "--evaluations", "6", "--resume")
    assert code == 0, err
    assert file.read_bytes() == (whole / "points.csv").read_bytes()
    assert again.splitlines()[:-1] == out.splitlines()[:-1]  # the last names the folder
    assert {path.name for path in whole.iterdir()} == {
        "points.csv", "calibration.json", "identified.csv", "left-out.csv", "best.toml",
    }  # fmt: skip


def test_points_of_another_calibration_are_not_mixed_in(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = [*asked, "--out", str(tmp_path / "fit"), "--evaluations", "1"]
    assert said(capsys, *here)[0] == 0
    code, _, err = said(capsys, *here)
    assert code == 2
    assert "holds a calibration; --resume goes on with it" in err
    code, _, err = said(capsys, *here, "--resume", "--seeds", "2")
    assert code == 2
    assert "were measured with another model, other targets" in err
    code, out, _ = said(capsys, *here, "--resume", "--json")
    assert code == 0
    assert json.loads(out)["points"] == 1


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("price_covr", "price_covr is no parameter: did you mean price_cover"),
        ("price_cover,price_cover", "a parameter is named twice"),
    ],
)
def test_what_is_free_must_be_a_parameter(
    asked: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, names: str, sentence: str
) -> None:
    code, _, err = said(capsys, *asked[:2], "--parameters", names, "--out", str(tmp_path / "fit"))
    assert code == 2
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def test_the_shipped_free_parameters_are_parameters_with_a_range() -> None:
    table = load_parameters()
    names = free_parameters(None)
    assert len(names) >= 10
    assert all(table[name].low < table[name].high for name in names)


def a_point(number: int, stage: str, values: dict[str, float], **medians: float | None) -> Point:
    return Point(number, stage, values, {"stop": 0.02, "price": 2.0, "gap": -0.5} | medians)


def test_a_shift_is_counted_as_the_score_counts(asked: list[str]) -> None:
    """A target that moves by a factor of two between the ends has shifted by ln 2."""
    targets = read_targets(asked[1])
    low, high = (plan for _, plan in plan_of(["price_cover"])[1:])
    points = [
        a_point(0, AS_SHIPPED, {}),
        a_point(1, END, low, price=1.5),
        a_point(2, END, high, price=3.0, stop=0.0201),
    ]
    rows = told.identified(points, targets)
    assert [(row.parameter, row.target) for row in rows] == [("price_cover", "price")]
    assert rows[0].shift == pytest.approx(0.6931, abs=1e-4)


def test_an_episode_is_scored_at_the_point_that_the_others_chose(asked: list[str]) -> None:
    """A point that is best by its own episode does not help it."""
    file = Path(asked[1])
    rows = file.read_text().splitlines()
    named = ["episode," + rows[0]]
    named += [f"{'one' if row.startswith('stop') else 'two'},{row}" for row in rows[1:]]
    file.write_text("\n".join(named) + "\n")
    targets = read_targets(file)
    points = [
        a_point(0, SEARCH, {}, stop=0.02, price=0.1),  # meets one, misses the price of two
        a_point(1, SEARCH, {}, stop=0.5, price=2.0),  # the other way round
    ]
    by_episode = {one.episode: one for one in told.left_out(points, targets)}
    assert by_episode["one"].point == 1
    assert by_episode["one"].score == 0.0
    assert by_episode["one"].own_best == 1.0
    assert by_episode["two"].point == 0
    assert by_episode["two"].score < by_episode["two"].own_best


def test_points_are_read_as_they_were_written(asked: list[str], tmp_path: Path) -> None:
    targets = read_targets(asked[1])
    folder = Folder(tmp_path / "fit", targets, 1, 1)
    assert folder.open(resume=False) == []
    point = a_point(0, SEARCH, {"price_cover": 1 / 3}, gap=None)
    folder.add(point)
    assert folder.open(resume=True) == [point]


def test_a_damaged_table_of_points_is_told_in_one_sentence(
    asked: list[str], tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "fit", read_targets(asked[1]), 1, 1)
    folder.open(resume=False)
    with folder.file.open("a", encoding="utf-8") as stream:
        stream.write("one,search,much,{\n")
    with pytest.raises(CalibrationError, match="is damaged: a row is no point"):
        folder.open(resume=True)


def test_a_shift_counts_as_the_score_does() -> None:
    """Near nothing a ratio says nothing; from something to nothing is as far as can be."""
    by_id = {target.id: target for target in read_targets(None)}
    stopped, price = by_id["B01"], by_id["A01"]  # 0 to .05, and 14 to 34
    assert told.apart(1e-20, 1e-6, stopped) < told.FELT < told.apart(0.0, 0.05, stopped)
    assert told.apart(10.0, 20.0, price) == pytest.approx(told.apart(20.0, 40.0, price))
    assert told.apart(None, 20.0, price) == told.apart(0.0, 20.0, price) == float("inf")
    assert told.apart(20.0, 20.0, price) == told.apart(None, None, price) == 0.0
