"""Stock lent between users (S20): fewer stops for the same stock, at the lenders' own risk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

BAN = [
    (4, "CHN", "ban_breadth.JPN", 1.0), (4, "CHN", "third_country_clause", 1.0),
    (4, "CHN", "enforcement", 8.0), (4, "CHN", "threat", 1.0),
]  # fmt: skip
HALF_YEAR = slice(5, 31)


@pytest.fixture(scope="module")
def banned(lab: Any) -> dict[str, Any]:
    """A well policed ban, with nothing, half of it or all of it shared in Japan."""
    plan = lab.small(materials=["dy_oxide", "ndfeb_magnet"])
    parts = {"none": 0.0, "half": 0.5, "all": 1.0}
    return {
        name: lab.play(
            plan, 60, [*BAN, (0, "JPN", "stock_sharing", part)], users=200, lucks=1,
            populations=(1, 2, 3),
        )
        for name, part in parts.items()
    }  # fmt: skip


def stopped(run: Any, weeks: slice, zone: str = "JPN") -> Any:
    return run.zone("stopped_value_share", zone)[weeks].mean(axis=0)


def test_s20_fewer_lines_stop_for_the_same_stock(banned: dict[str, Any], lab: Any) -> None:
    """In every population; the first half year is saved nearly whole."""
    year = {name: stopped(run, slice(5, 57)) for name, run in banned.items()}
    early = {name: stopped(run, HALF_YEAR) for name, run in banned.items()}
    loss = {name: run.zone("gdp_loss_usd", "JPN").sum(axis=0) for name, run in banned.items()}
    assert (year["all"] < year["none"]).all()
    assert (loss["all"] < loss["none"]).all()
    assert (early["none"] > 0.02).all()
    assert (early["all"] <= early["half"]).all()
    assert lab.typical(early["all"]) < 0.5 * lab.typical(early["none"])


def test_s20_what_is_lent_is_lost_to_the_lender(banned: dict[str, Any]) -> None:
    """Who lends stops later with the others: more stands still at the worst."""
    worst = {
        name: run.zone("stopped_value_share", "JPN").max(axis=0) for name, run in banned.items()
    }
    assert (worst["all"] >= worst["none"]).all()
    lent = {name: run.market("lent_t", "ndfeb_magnet", "JPN").sum() for name, run in banned.items()}
    assert lent["none"] == 0.0 < lent["all"]
    paid = {name: run.zone("subsidy_usd", "JPN").sum() for name, run in banned.items()}
    assert paid["all"] > paid["half"] > paid["none"]


def test_s20_nobody_abroad_lends(banned: dict[str, Any]) -> None:
    for run in banned.values():
        assert run.market("lent_t", "ndfeb_magnet", "KOR").max() == 0.0


def test_s20_in_calm_nothing_is_lent(lab: Any) -> None:
    plan = lab.small(materials=["gallium", "antimony"])
    runs = [
        lab.play(plan, 12, [(0, "JPN", "stock_sharing", x)], users=100, populations=(1,), lucks=1)
        for x in (0.0, 1.0)
    ]
    prices = [run.tables["markets"]["price"] for run in runs]
    lent = runs[1].market("lent_t", "gallium", "JPN")
    bought = runs[1].market("delivered_t", "gallium", "JPN")
    assert lent.max() < 0.02 * bought.mean()
    assert np.allclose(prices[0], prices[1], rtol=1e-2)
