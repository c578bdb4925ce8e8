"""An ensemble: the same firms, many lucks, and what lies between them week by week."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import runs.lucks as lucks
from runs.cli import main
from runs.game import Game
from runs.sweep import play_cells
from runs.weekly import BANDED, QUANTILES, quantiles
from world.scenario import load_scenario

RUNS, SEED, WEEKS, USERS = 5, 3, 26, 80
SET = {"users": USERS, "weeks": WEEKS}
ASK = [
    "ensemble", "japan-2026", "--runs", str(RUNS), "--seed", str(SEED), "--weeks", str(WEEKS),
    "--users", str(USERS),
]  # fmt: skip
FILES = ("cells.parquet", "summary.csv", *(f"{table}_quantiles.parquet" for table in BANDED))


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ensemble in one batch and one process."""
    folder = tmp_path_factory.mktemp("ensemble") / "whole"
    assert main([*ASK, "--out", str(folder), "--json"]) == 0
    return folder


def test_quantiles_leave_out_what_has_no_value() -> None:
    values = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4, [5.0, 5.0, 5.0, np.nan]])
    found, count = quantiles(values)
    assert count.tolist() == [3, 0, 3]
    for name, part in QUANTILES.items():
        wanted = [np.nanquantile(values[0], part), np.nan, 5.0]
        np.testing.assert_allclose(found[name], wanted, rtol=1e-14)


@pytest.mark.parametrize(("table", "measure"), [("markets", "price"), ("zones", "score")])
def test_a_band_is_made_of_the_runs_alone(whole: Path, table: str, measure: str) -> None:
    """Every luck of an ensemble is the run with that seed, to the last bit of its median."""
    plan = load_scenario("japan-2026", SET)
    alone = []
    for seed in range(SEED, SEED + RUNS):
        game = Game(plan, seed=seed)
        game.run()
        alone.append(game.recorder.array(table, measure))
    bands = pd.read_parquet(whole / f"{table}_quantiles.parquet")
    assert list(bands.columns[:2]) == ["week", "date"]
    assert bands["date"].dtype == "datetime64[ms]"
    mine = bands[bands.measure == measure]
    np.testing.assert_array_equal(mine["p50"], np.median(alone, axis=0).ravel())
    assert set(mine["n"]) == {RUNS}
    assert (mine["p10"] <= mine["p25"]).all()
    assert (mine["p75"] <= mine["p90"]).all()
    assert (mine["p90"] > mine["p10"]).any()  # luck matters


def test_jobs_batches_and_a_broken_off_ensemble_change_no_byte(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lucks, "BATCH", 2)
    out = tmp_path / "parts"
    asked = lucks.make_ensemble("japan-2026", SET, RUNS, SEED)
    assert [list(asked.lucks(cell)) for cell in range(asked.cells)] == [[3, 4], [5, 6], [7]]
    with lucks.EnsembleFolder(out, asked) as kept:
        play_cells(asked, [1], 1, kept.keep, lucks.weeks_of)
    code, text, _ = said(capsys, *ASK, "--jobs", "2", "--out", str(out), "--json")
    assert code == 0
    assert json.loads(text)["done_before"] == 2
    assert same(out, whole)
    assert not list(out.rglob("*_weeks.parquet"))  # they made way for the bands
    again = json.loads(said(capsys, *ASK, "--out", str(out), "--json")[1])
    assert again["done_before"] == RUNS
    assert same(out, whole)


def test_a_cell_of_a_sweep_keeps_the_same_bands(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    ask = ["sweep", *ASK[1:], "--vary", "population=1,2", "--out", str(out)]
    assert said(capsys, *ask)[0] == 0
    for table in BANDED:
        name = f"{table}_quantiles.parquet"
        first, second = (
            pd.read_parquet(out / "parts" / f"cell-00000{cell}" / name) for cell in (0, 1)
        )
        pd.testing.assert_frame_equal(first, pd.read_parquet(whole / name))
        assert not first.equals(second)


def test_an_ensemble_in_a_notebook(whole: Path) -> None:
    from entrepot import ensemble

    found = ensemble("japan-2026", SET, runs=RUNS, seed=SEED)
    pd.testing.assert_frame_equal(found.zones, pd.read_parquet(whole / "zones_quantiles.parquet"))
    assert found.cells["seed"].tolist() == list(range(SEED, SEED + RUNS))
    assert repr(found) == f"<Ensemble of japan-2026: {RUNS} runs from seed {SEED}, {USERS} users>"
    assert "8 of 10" in found._repr_html_()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--runs", "6"], "holds another ensemble: runs is 5 there, and 6 here"),
        (["--seed", "9"], "holds another ensemble: seed is 3 there, and 9 here"),
    ],
)
def test_another_ensemble_in_the_folder_is_refused(
    whole: Path, capsys: pytest.CaptureFixture[str], change: list[str], sentence: str
) -> None:
    code, _, err = said(capsys, *ASK, *change, "--out", str(whole))
    assert (code, len(err.splitlines())) == (2, 1)
    assert sentence in err
