"""Scratch of one week: what the phases hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from world.account import Account, Happening
from world.choices import Decisions
from world.draws import Draws
from world.state import World

Array = NDArray[np.float64]


@dataclass
class Week:
    """World, decisions and luck of a week, and the flows as they come about (t/week).

    Arrays by channel and market are (R, C, K); origins stand before actors (R, 2, ...).
    """

    world: World
    choice: Decisions
    draws: Draws
    account: Account
    before: Array | None = None  # masses before the week
    made: Array | None = None  # (R, M, 2) production and recycling
    gone: Array | None = None  # (R, M, 2) use, seizure and loss
    arrived: Array | None = None  # (R, 2, K) arrivals at users and reserves
    lent: Array | None = None  # (R, N) stock lent, less borrowed, between users of a market
    use: Array | None = None  # (R, N)
    need: Array | None = None  # (R, N) what is worth replacing at the price
    refuses: Array | None = None  # (R, industrial) part of its customers in the target refused
    refused: Array | None = None  # (R, industrial) what the target does not get, of full output
    discount: Array | None = None  # (R, industrial) value lost on it elsewhere, of full output
    asked: Array | None = None  # (R, N) orders
    asked_by: Array | None = None  # (R, 3, N) orders by main channel
    asked_grey: Array | None = None  # (R, H, G) orders by hub of users in the target
    orders: Array | None = None  # (R, C, K)
    trader_orders: Array | None = None  # (R, 2, K) from the coercer and from outside
    feed_rate: Array | None = None  # (R, P) output that feed allows, share of the plan
    feed_mix: Array | None = None  # (R, P) Chinese-origin share of the feed used
    shipped: Array | None = None  # (R, C, K) to users and reserves
    flown: Array | None = None  # (R, K) part of what the coercer ships that comes by air
    mix: Array | None = None  # (R, C, K) Chinese-origin share of what is shipped
    fill: Array | None = None  # (R, C, K)
    from_coercer: Array | None = None  # (R, K) to users and traders
    smuggled: Array | None = None  # (R, K) part of it that leaves without papers
    from_plants: Array | None = None  # (R, P, Z)
    from_plants_chinese: Array | None = None  # (R, P, Z)
    regrey: Array | None = None  # (R, H*M) re-exports to the target
    regrey_chinese: Array | None = None
    to_lanes: Array | None = None  # (R, H*M) from the coercer to traders
    run_off: Array | None = None  # (R, 2, K) what idle traders sell in their hub, by origin
    released: Array | None = None  # (R, K)
    released_chinese: Array | None = None
    withheld: Array | None = None  # (R, K) over-compliance
    detections: Array | None = None  # (R, H*M)
    delivered: Array | None = None  # (R, K) delivered Chinese price with the tariff
    cleared: Array | None = None  # (R, K) part of usual purchases that the coercer lets go
    duty: Array | None = None  # (R, K) tariff of the buyer's state per tonne, as an index
    compensated: Array | None = None  # (R, F) USD that states pay to listed firms with a seat
    money: dict[str, Array] = field(default_factory=dict)  # (R, Z) budget lines of the week

    def tell(
        self, replicate: int, kind: str, actor: str, target: str, text: str, **data: float | str
    ) -> None:
        """Adds a line to the log of the week."""
        self.account.happenings.append(Happening(replicate, kind, actor, target, text, data))


def need(value: Array | None) -> Array:
    """The array of an earlier phase; a phase out of order is a fault in the program."""
    if value is None:
        raise RuntimeError("a phase of the week ran before the one it depends on")
    return value
