"""Own policing (S03, S04): the more of it, the less passes, in Korea too where it is a hub."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

GOODS = ["dy_oxide", "gallium"]
BAN = [(4, "CHN", "ban_breadth.JPN", 1.0), (4, "CHN", "third_country_clause", 1.0)]
HUBS = ("VNM", "THA", "MYS", "MEX")
LEVELS = (0.0, 0.5, 1.0)


def passed(lab: Any, hubs: tuple[str, ...], who: tuple[str, ...], level: float) -> Any:
    """(kg of the coercer's origin that reach Japan, by those who police, mean of price there)."""
    plan = lab.small(materials=GOODS, hubs=list(hubs), affiliates=[], states_hold=True)
    acts = [*BAN, *((0, zone, "hub_policing", level) for zone in who)]
    run = lab.play(plan, 60, acts, users=100, populations=(1, 2), lucks=4)
    rows = [list(hubs).index(zone) for zone in who]
    sent = sum(run.hubs("reexports_to_target_t", m)[6:, :, rows].sum() for m in GOODS)
    found = sum(run.hubs("detections", m)[6:, :, rows].sum() for m in GOODS)
    return float(sent), float(np.mean(run.market("price", "dy_oxide", "JPN")[20:])), float(found)


@pytest.mark.parametrize(
    ("hubs", "who"), [(HUBS, HUBS), ((*HUBS, "KOR"), ("KOR",))], ids=["hubs", "Korea"]
)
def test_s04_the_more_a_hub_polices_the_less_passes(
    lab: Any, hubs: tuple[str, ...], who: tuple[str, ...]
) -> None:
    """Full policing takes at least a third off what lax customs let pass, and makes grey goods
    dearer; so it is in Korea once a scenario lists it as a hub."""
    none, half, full = (passed(lab, hubs, who, level) for level in LEVELS)
    assert none[0] > half[0] > full[0], (none, half, full)
    assert full[0] < 0.67 * none[0], (none, half, full)
    assert full[1] > none[1], (none, half, full)


def test_s04_where_nobody_trades_policing_stops_nothing(lab: Any) -> None:
    """Korea is no hub of the shipped scenario: its policing costs money and changes no flow."""
    plan = lab.small(materials=GOODS, states_hold=True)
    runs = [
        lab.play(plan, 30, [*BAN, (0, "KOR", "hub_policing", level)], users=60,
                 populations=(1,), lucks=1)
        for level in (0.0, 1.0)
    ]  # fmt: skip
    flows = [run.tables["flows"]["grey"] for run in runs]
    assert flows[0].sum() > 0
    np.testing.assert_array_equal(*flows)
    paid = [float(run.zone("subsidy_usd", "KOR").sum()) for run in runs]
    assert paid[1] > paid[0]
