"""What firms decide in a week: one column table per kind of actor (states give orders instead)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from world.sums import add_up

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass
class Decisions:
    """Choices of all firms, taken on the world as it stood at the start of the week."""

    user_order: Array  # (R, N) t/week
    user_share: Array  # (R, 3, N) shares of the main channels
    grey_share: Array  # (R, H, G) shares of hubs for users in the target; all shares sum to 1
    user_drops: Flags  # (R, N) refuses customers in the target from now on
    trader_active: Array  # (R, J) 1 if it diverts Chinese-origin goods
    trader_order: Array  # (R, 2, J) t/week asked from the coercer and from outside
    trader_outside: Array  # (R, J) part of its book that is ex-China supply
    trader_serves: Array  # (R, J) 1 if its bank serves trade with the target
    plant_utilisation: Array  # (R, P) utilisation aimed at
    plant_stops: Flags  # (R, P) stops its legal sales to the target from now on
    plant_terms: Array  # (R, P) 0 accepts, 1 quits Chinese feed, 2 evades
    plant_builds: Flags  # (R, P) starts its project
    plant_closes: Flags  # (R, P) goes into mothballs
    plant_restarts: Flags  # (R, P) leaves mothballs
    plant_scraps: Flags  # (R, P) is given up
    plant_backers: Array  # (R, P, Z) share of its cost that each state bears
    plant_price: Array  # (R, P) price that the plant sees, with floors and contracts
    firm_defies: Flags | None = None  # (R, F) trades with the target in spite of its own fear
    user_covered: Flags | None = None  # (R, N) serves the target since its state covers its loss
    plant_covered: Flags | None = None  # (R, P) the same of plants

    @cached_property
    def plant_support(self) -> Array:
        """(R, P) share of a plant's cost that states bear together."""
        return np.asarray(add_up(self.plant_backers, axis=-1))
