"""The scoring rule, by examples worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from runs.validate.play import Found
from runs.validate.score import by_kind, quantile, score, whole
from runs.validate.targets import Target, read_targets
from runs.validate.verdict import judge


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (2.0, 1.0, 3.0, 1.0),
        (1.0, 1.0, 3.0, 1.0),
        (3.0, 1.0, 3.0, 1.0),
        (3.0 * math.exp(0.35), 1.0, 3.0, 0.5),  # half of the distance that is worth nothing
        (1.0 / math.exp(0.35), 1.0, 3.0, 0.5),
        (6.1, 1.0, 3.0, 0.0),  # more than a factor of two
        (0.0, 1.0, 3.0, 0.0),
        (-2.0, 1.0, 3.0, 0.0),
        (1.0, 1.6, 2.8, 1 - math.log(1.6) / 0.7),
        (0.0, -0.9, -0.5, 0.0),  # 1.25 widths of the band
        (-0.36, -0.9, -0.5, 0.5),  # 0.35 widths
        (-1.04, -0.9, -0.5, 0.5),
        (0.1, -0.3, 0.0, 1 - (0.1 / 0.3) / 0.7),
        (-0.01, 0.0, 0.05, 1 - (0.01 / 0.05) / 0.7),  # no logarithm of an edge at 0
        (0.1, 0.0, 0.05, 1 - math.log(2) / 0.7),
        (None, 1.0, 3.0, 0.0),
        (math.nan, 1.0, 3.0, 0.0),
    ],
)
def test_score_falls_with_the_distance_to_the_band(
    value: float | None, low: float, high: float, expected: float
) -> None:
    assert score(value, low, high) == pytest.approx(expected, abs=1e-12)


@pytest.fixture(scope="module")
def some() -> list[Target]:
    """Three targets of the shipped file, two of one kind."""
    known = {target.id: target for target in read_targets()}
    return [known["A01"], known["A05"], known["C12"]]


def test_a_kind_is_a_weighted_mean_and_the_whole_a_plain_one(some: list[Target]) -> None:
    kinds = by_kind(some, {"A01": 0.2, "A05": 0.8, "C12": 1.0})
    assert kinds == {"price": pytest.approx((2 * 0.2 + 1 * 0.8) / 3), "rerouting": 1.0}
    assert whole(kinds) == pytest.approx((0.4 + 1.0) / 2)


def test_quantiles_lie_between_the_sorted_values() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.1) == pytest.approx(1.1)
    assert quantile([5.0], 0.9) == 5.0


def test_the_median_run_is_scored_and_most_seeds_must_have_a_value(some: list[Target]) -> None:
    one = replace(some[0], low=1.0, high=3.0)
    none = Found(None, "never holds")
    (result,) = judge([one], {one.id: [Found(2.0), Found(9.0), Found(2.5)]}).results
    assert (result.median, result.score, result.inside) == (2.5, 1.0, True)
    (result,) = judge([one], {one.id: [Found(2.0), Found(2.0), none]}).results
    assert (result.median, result.without, result.reason) == (2.0, 1, "never holds")
    (result,) = judge([one], {one.id: [Found(2.0), none]}).results
    assert (result.median, result.score, result.inside) == (None, 0.0, False)
