"""The tables of a base year: what is traded, where, and which plants make it.

Masses are tonnes a week unless a name says otherwise, money is US dollars, shares are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Material:
    """A traded material and the numbers by which its users and sellers react."""

    id: str
    name: str
    unit: str  # what a tonne counts, e.g. "t oxide"
    base_price_usd_per_t: float  # last average before the controls that bind at the start
    by_product: bool
    traceability: float  # how well true origin can be shown, 0 to 1
    traceability_after_processing: float
    scope_tier: int  # 1 heavy rare earths and magnets, 2 all rare earths, 3 other minerals
    recycled_share: float  # of supply, published or assumed
    supply_elasticity: float  # short run
    long_run_elasticity: float  # of substitution, magnitude
    switching_speed: float  # how fast buyers change its sellers, over the average good
    reservation_median: float  # price times base at which the median user gives up
    shed_a: float  # Beta(shed_a, shed_b): the share of use that can be shed
    shed_b: float
    cost_ratio: float  # full cost of a new plant elsewhere over the base price, median
    lead_weeks_new_plant: float
    export_surge: float  # most exports of a week over the usual ones; 0: the parameter's
    dual_use_listed: bool  # on the Chinese control list as of January 2026
    symbol: str


@dataclass(frozen=True)
class Zone:
    """A state, bloc or the rest of the world; ``x`` and ``y`` are places on a schematic map."""

    code: str
    name: str
    gdp_usd: float
    manufacturing_share: float  # of GDP
    manufacturing_usd: float  # value added
    employment: float  # persons
    x: float  # 0 to 1000
    y: float  # 0 to 560
    forge_member: bool  # attended the founding ministerial of 4 February 2026
    exposure: float = 1.0  # loss of the coercer over the weekly gain, against the median firm


@dataclass(frozen=True)
class Trial:
    """What has to be found out before a project can be built, in campaigns of a year (ODD 7.11)."""

    start_year: float  # of the first campaign
    odds: float  # that a campaign shows that it works
    fails: float  # that it shows that it never will
    usd_m: float  # a quarter at full pace
    scale: float  # capacity that is built over that of the trial
    cost: float  # least cost if it works, over the base price; the most is the project's own


@dataclass(frozen=True)
class Plant:
    """A mine, refinery or magnet maker, running or to come."""

    name: str
    company: str
    zone: str
    material: str
    stage: str  # "mine", "refine" or "magnet"
    capacity_t: float  # t/week
    base_output_t: float  # t/week, 0 unless running at the start
    status: str  # "running", "building", "planned" or "mothballed"
    start_year: float
    cost: float  # full cost over the base price; avoidable cost is .6 of it
    owner: str
    inputs: tuple[tuple[str, float], ...]  # (material id, tonnes per tonne of output)
    chinese_feed_share: float  # of its feed, by mass, bought from the coercer; 0 without feed;
    # known even if the market of its feed is not in the scenario and ``inputs`` is empty
    offtake_zone: str | None
    offtake_share: float  # of output, promised to that zone
    floor_usd_per_t: float | None
    by_product: bool
    fictional: bool
    source: str
    full_use: float | None = None  # utilisation after commissioning, or what its feed allows
    ramp_weeks: float = 0.0  # of commissioning, from the start to its full use
    reached: float = 1.0  # share of its full use that commissioning has reached at the start
    feed_limited: bool = False  # runs as its feed allows, whatever the price
    trial: Trial | None = None  # of a technique that nobody has proven
    lead_weeks: float | None = None  # to build it, where that is not as for other plants


@dataclass(frozen=True)
class BaseYear:
    """A steady week of the world at the start; M materials, Z zones, in the order asked for.

    For every material and zone: purchases plus recycled mass equal demand, sales equal the output
    of the plants there, and feed equals what those plants use.
    """

    materials: tuple[Material, ...]
    zones: tuple[Zone, ...]
    coercer: str
    demand_t: Array  # (M, Z) t/week, all use, feed of plants included
    feed_t: Array  # (M, Z) t/week, the part bought by plants
    trade_t: Array  # (M, Z, Z) t/week [material, from, to], diagonal is domestic supply
    recycled_t: Array  # (M, Z) t/week
    value_at_risk_usd: Array  # (M, Z) yearly value added carried by users that are not plants
    stock_days: Array  # (M, Z) public stock in days of use
    stock_target_days: Array  # (M, Z)
    plants: tuple[Plant, ...]
    corrections: tuple[str, ...]  # every default and correction, one sentence each
