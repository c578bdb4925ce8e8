"""The control run is flat (ODD 5, invariant 6): nothing imposed, nothing moves."""

from __future__ import annotations

import numpy as np
import pytest

from agents.decide import decide
from agents.warmup import build_world
from world.draws import Draws
from world.scenario import load_scenario
from world.week import advance


@pytest.fixture(scope="module", params=[1, 7])
def year(request: pytest.FixtureRequest) -> dict[str, np.ndarray]:
    """52 weeks of `no-controls` after the warm-up, (weeks, markets) by column; two populations."""
    plan = load_scenario("no-controls", {"population": float(request.param)})
    world, draws = build_world(plan, 1000), Draws(1)
    books = [advance(world, decide(world, draws), draws).markets for _ in range(52)]
    return {name: np.stack([book[name][0] for book in books]) for name in books[0]}


def test_every_price_stays_within_3_percent(year: dict[str, np.ndarray]) -> None:
    """All materials and zones."""
    price = year["price"]
    assert np.abs(price - 1.0).max() < 0.03


@pytest.mark.parametrize("column", ["china_share_true", "china_share_declared"])
def test_every_share_stays_within_2_points(year: dict[str, np.ndarray], column: str) -> None:
    """By true and by declared origin, all materials and zones."""
    share = year[column]
    known = ~np.isnan(share).any(axis=0)
    assert known.sum() > 100
    drift = share[:, known].max(axis=0) - share[:, known].min(axis=0)
    assert drift.max() < 0.02


def test_nothing_is_hoarded_short_or_grey(year: dict[str, np.ndarray]) -> None:
    """Orders are met, no threat is felt, nothing comes through hubs, no line stops."""
    assert year["hoarding"].max() < 0.01
    assert (year["shortage_t"] <= 0.01 * year["orders_t"] + 1e-9).all()
    assert year["from_grey_t"].max() == 0.0
    assert np.nanmax(year["stopped_line_share"]) < 0.005
    assert year["over_compliance_share"][~np.isnan(year["over_compliance_share"])].max() == 0.0


def test_volumes_do_not_drift(year: dict[str, np.ndarray]) -> None:
    """Deliveries of the last quarter equal those of the first within 2%."""
    first, last = (year["delivered_t"][part].sum(axis=0) for part in (slice(0, 13), slice(39, 52)))
    buys = first > 0
    assert np.abs(last[buys] / first[buys] - 1.0).max() < 0.02
