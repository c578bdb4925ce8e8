"""Laws of the border: smugglers answer the gap of prices, papers of a quota answer bids (7.6)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from world.laws.leakage import paper_price, smugglers_aim

share = st.floats(0.0, 1.0)
gaps = st.floats(-2.0, 4.0)
tonnes = st.floats(0.1, 1e4)


def one(x: float) -> np.ndarray:
    return np.array([x])


def aim(start: float, gap: float, effort: float) -> float:
    return float(smugglers_aim(one(start), one(gap), 0.15, one(effort), 0.15)[0])


@given(start=share, gap=gaps, more=st.floats(0.0, 3.0), effort=st.floats(0.0, 20.0))
def test_a_wider_gap_never_deters_smugglers_and_policing_never_draws_them(
    start, gap, more, effort
) -> None:
    assert 0.0 <= aim(start, gap, effort) <= aim(start, gap + more, effort) <= 1.0
    assert aim(start, gap, effort + more) <= aim(start, gap, effort)


def test_without_a_gap_smugglers_carry_what_they_did() -> None:
    assert aim(0.3, 0.0, 1.0) == aim(0.3, -1.0, 0.2) == 0.3
    assert aim(0.0, 0.0, 1.0) == 0.0
    assert aim(0.3, 1.0, 1.0) == pytest.approx(0.45)
    assert aim(0.3, 1.0, 2.0) < 0.45


def paper(rent: float, bids: float, papers: float) -> float:
    return float(paper_price(one(rent), one(bids), one(papers), 0.16, 0.01, one(3.0))[0])


@given(rent=st.floats(0.0, 3.0), bids=tonnes, papers=tonnes, factor=st.floats(1.0, 10.0))
def test_papers_are_dearer_the_more_bid_and_the_fewer_there_are(
    rent, bids, papers, factor
) -> None:
    now = paper(rent, bids, papers)
    assert 0.0 <= now <= 3.0
    assert paper(rent, bids * factor, papers) >= now >= paper(rent, bids, papers * factor)


def test_papers_climb_while_bids_exceed_them_and_fall_more_slowly() -> None:
    assert paper(0.0, 2.0, 4.0) == 0.0  # enough for everybody: nobody pays
    assert paper(1.0, 3.0, 3.0) == 1.0
    rise, fall = paper(1.0, 4.0, 2.0) - 1.0, 1.0 - paper(1.0, 2.0, 4.0)
    assert rise > 5.0 * fall > 0.0
    assert paper(2.95, 4.0, 2.0) == 3.0
