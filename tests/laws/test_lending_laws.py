"""Loans between users: mass is conserved, the lowest are raised, nobody lends what he needs."""

from __future__ import annotations

import numpy as np

from world.laws.flows import Groups
from world.laws.stockpiles import lend

DICE = np.random.default_rng(7)  # of the test, not of the model
USERS = Groups(np.repeat(np.arange(5), 40), 5)
STOCK = DICE.gamma(1.2, 6.0, (3, 200))
USE = DICE.gamma(2.0, 0.5, (3, 200))
KEPT, TRIGGER = 6.0, 2.0


def loans(part: float) -> tuple[np.ndarray, np.ndarray]:
    return lend(STOCK, USE, np.full((3, 5), part), KEPT, TRIGGER, USERS)


def test_what_is_given_is_got() -> None:
    given, got = loans(0.3)
    assert np.allclose(USERS.sum(given), USERS.sum(got), rtol=1e-12)
    assert got.sum() > 0.0
    assert (given >= 0.0).all()
    assert (got >= 0.0).all()


def test_lenders_keep_their_cover_and_borrowers_get_no_more_than_they_need() -> None:
    given, got = loans(1.0)
    lends, borrows = given > 0.0, got > 0.0
    assert not (lends & borrows).any()
    assert (STOCK - given >= KEPT * USE - 1e-9)[lends].all()
    assert (STOCK + got <= TRIGGER * USE + 1e-9)[borrows].all()


def test_more_sharing_raises_the_lowest_cover() -> None:
    def lowest(part: float) -> float:
        given, got = loans(part)
        return float(((STOCK - given + got) / USE).min())

    assert lowest(0.0) < lowest(0.01) <= lowest(0.3) <= TRIGGER


def test_a_luck_alone_lends_the_same_to_the_last_bit() -> None:
    given, got = loans(0.2)
    alone = lend(STOCK[1:2], USE[1:2], np.full((1, 5), 0.2), KEPT, TRIGGER, USERS)
    assert (alone[0] == given[1:2]).all()
    assert (alone[1] == got[1:2]).all()
