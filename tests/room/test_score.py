"""Scores: percentiles of one's own chair, sealed weights, caps, and forecasts."""

from __future__ import annotations

import hashlib
import json

import pytest

from runs.room import score
from runs.room.forecasts import QUESTIONS, quadratic, scores
from runs.room.reference import probe
from runs.room.state import Forecast

GRID = [n / 40 for n in range(41)]


@pytest.fixture
def uniform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference runs whose gauges are spread evenly over 0 to 1."""
    turn = {"KOR": dict.fromkeys(score.GAUGES, GRID)}
    found = {"turns": {"8": turn}, "world_loss_usd": {"8": [100 * g for g in GRID]}}
    monkeypatch.setattr(score, "reference", lambda scenario: found)


def test_a_percentile_is_where_a_value_stands() -> None:
    assert score.percentile(0.5, GRID) == pytest.approx(50)
    assert score.percentile(-1, GRID) == 0
    assert score.percentile(2, GRID) == 100
    assert score.percentile(0.7, [0.7] * 41) == 50  # equal values count half
    assert score.percentile(0.3, [0.3] * 21 + [0.9] * 20) == pytest.approx(25)


def test_a_difference_that_nobody_notices_decides_little() -> None:
    alike = [0.7] * 41
    assert score.among(0.7, alike) == 50
    assert 50 < score.among(0.7 + score.NOTICED / 5, alike) < 60
    assert score.among(0.7 + 3 * score.NOTICED, alike) > 99
    assert score.among(0.7 - 3 * score.NOTICED, alike) < 1
    assert score.among(0.25, GRID) == pytest.approx(25, abs=1)


@pytest.mark.usefixtures("uniform")
def test_a_total_weighs_capped_percentiles_by_sealed_weights() -> None:
    now = {"supply": 1.0, "autonomy": 0.5, "standing": 0.2}
    weights = {"supply": 0.5, "autonomy": 0.3, "standing": 0.2}
    found = score.total("x", 8, "KOR", now, weights)
    assert found["score"] == pytest.approx(0.5 * 95 + 0.3 * 50 + 0.2 * 20, abs=0.5)
    assert found["low"] < found["score"] < found["high"]
    assert found["band"] == "strong"


@pytest.mark.usefixtures("uniform")
def test_one_catastrophe_caps_the_whole() -> None:
    now = {"supply": 1.0, "autonomy": 1.0, "standing": 0.01}
    found = score.total("x", 8, "KOR", now, {})
    assert found["score"] == 50
    assert found["capped"]


@pytest.mark.usefixtures("uniform")
def test_less_loss_of_the_world_is_better_for_all() -> None:
    assert score.common("x", 8, 10.0)["percentile"] == pytest.approx(90)
    assert score.common("x", 8, 10.0)["median_usd"] == 50


def test_without_reference_runs_bands_go_by_the_gauge() -> None:
    now = {"supply": 0.9, "autonomy": 0.5, "standing": 0.1}
    rows = score.gauge_rows("no such scenario", 1, "KOR", now, now)
    assert [row["band"] for row in rows] == ["strong", "holding", "struggling"]
    assert all(row["percentile"] is None for row in rows)


def test_forecasts_score_by_the_square() -> None:
    assert quadratic(1.0, True) == 1.0
    assert quadratic(0.5, True) == 0.75
    rows = [Forecast("KOR", "p1", 1, "caught", 0.8, 0), Forecast("KOR", "p1", 2, "caught", 0.2, 0)]
    found = scores(rows, {1: {"caught": True}})["KOR"]
    assert found == {"answers": 1, "score": pytest.approx(0.96), "mean_p": 0.8, "came_true": 1.0}
    assert len(QUESTIONS) == 3


def test_the_reference_of_the_default_scenario_is_there_and_whole() -> None:
    found = score.reference("japan-2026")
    assert found is not None
    assert found["runs"] >= 200
    assert len(found["turns"]["1"]["KOR"]["supply"]) == 41
    assert score.reference_fits("japan-2026")
    body = {name: value for name, value in found.items() if name != "digest"}
    text = json.dumps(body, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == found["digest"]


def test_the_reference_is_of_the_model_as_it_stands() -> None:
    """If this fails the model has moved on: python -m runs.room.reference japan-2026 --runs 200."""
    found = score.reference("japan-2026")
    assert found is not None
    now = probe("japan-2026", found["users"], found["first_seed"])
    for seat, gauges in now.items():
        assert gauges == pytest.approx(found["probe"][seat], abs=1e-4), seat
