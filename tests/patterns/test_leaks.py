"""Leaks, from one record: P4-P6 of the ODD, and what threats and policing do to them (S03, S04).

As in the other files a run is one of 20 (4 populations x 5 lucks) and medians are judged; sizes are
bands from `validation/targets.csv` (identifiers in brackets).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

LEAKY = ["dy_oxide", "ndfeb_magnet", "gallium", "germanium", "antimony"]
BAN, THREAT = 4, 44  # weeks of the two acts in `leaky`
ORDERS = [(4, "CHN", "ban_breadth.JPN", 1.0), (4, "CHN", "third_country_clause", 1.0)]


@pytest.fixture(scope="module")
def leaky(lab: Any) -> Any:
    """A full ban on Japan that binds transfers, policed laxly, then a campaign with a threat."""
    plan = lab.small(materials=LEAKY)
    acts = [
        (4, "CHN", "ban_breadth.JPN", 1.0),
        (4, "CHN", "third_country_clause", 1.0),
        (4, "CHN", "enforcement", 0.2),
        (44, "CHN", "threat", 1.0),
        (44, "CHN", "enforcement", 8.0),
    ]
    return lab.play(plan, 60, acts)


# --- P4 and P5 --------------------------------------------------------------------------------


@pytest.mark.parametrize("material", ["dy_oxide", "gallium", "germanium"])
def test_p04_hub_imports_multiply_within_months_when_policing_is_weak(
    leaky: Any, lab: Any, material: str
) -> None:
    """Three to five months after a laxly policed ban, hubs import a multiple of normal from
    China (D01: re-exports at least 7 times those of before)."""
    bought = leaky.hubs("imports_from_china_t", material).sum(axis=-1)
    normal = bought[:BAN].mean(axis=0)
    assert lab.typical(bought[BAN + 9 : BAN + 22].mean(axis=0) / normal) > 2.0


def test_p04_one_or_two_traders_dominate(leaky: Any, lab: Any) -> None:
    """In the hub where most is concentrated one trader carries 40-100% of the diverted flow
    (D02: .88, band .4-.95), and some hub always has one such."""
    shares = []
    for material in LEAKY:
        by_hub = leaky.hubs("largest_trader_share", material)[BAN + 9 : BAN + 22]
        shares.append(np.nanmax(by_hub, axis=-1).mean(axis=0))
    assert lab.typical(np.mean(shares, axis=0)) > 0.4


@pytest.mark.parametrize("material", LEAKY)
def test_p04_diversion_collapses_within_two_months_of_a_credible_threat(
    leaky: Any, lab: Any, material: str
) -> None:
    """A public threat that a campaign backs cuts diversion by more than half in eight weeks
    (E03: -75% in two months, band -90 to -50)."""
    sent = leaky.diverted(material)
    before = sent[THREAT - 4 : THREAT].mean(axis=0)
    after = sent[THREAT + 7 : THREAT + 10].mean(axis=0)
    assert lab.typical(before) > 0
    assert lab.typical(after / np.maximum(before, 1e-9)) < 0.5


@pytest.mark.parametrize("material", ["ndfeb_magnet", "gallium", "germanium", "antimony"])
def test_p05_the_target_pays_a_grey_premium(leaky: Any, lab: Any, material: str) -> None:
    """Goods that come through hubs cost the target 25-90% more than they cost in the hub
    (E04: 72%, band 35-110%)."""
    premium = leaky.hubs("grey_premium", material)[BAN + 9 : BAN + 26].mean(axis=(0, 2))
    assert 0.25 < lab.typical(premium) < 1.1


def test_p05_the_premium_on_dysprosium_stays_within_bounds(leaky: Any, lab: Any) -> None:
    """Under weak policing two thirds of the dysprosium still come, so the premium should stay
    near those of other goods (ODD section 9: Japanese price 1.4-2 times under no policing)."""
    premium = leaky.hubs("grey_premium", "dy_oxide")[BAN + 9 : BAN + 26].mean(axis=(0, 2))
    assert 0.25 < lab.typical(premium) < 1.5


# --- P6 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("material", ["dy_oxide", "ndfeb_magnet", "gallium"])
def test_p06_declared_origin_shifts_faster_than_true_origin(
    leaky: Any, lab: Any, material: str
) -> None:
    """In customs data China is gone at once; in the goods themselves it is not."""
    weeks = slice(BAN + 10, BAN + 26)
    declared = np.nan_to_num(leaky.market("china_share_declared", material, "JPN"))
    true = np.nan_to_num(leaky.market("china_share_true", material, "JPN"))
    fell_declared = 1.0 - declared[weeks].mean(axis=0) / declared[:BAN].mean(axis=0)
    fell_true = 1.0 - true[weeks].mean(axis=0) / true[:BAN].mean(axis=0)
    assert lab.typical(fell_declared) > 0.95
    assert lab.typical(fell_declared - fell_true) > 0.2


# --- S03 ------------------------------------------------------------------------------------------


def test_s03_empty_threats_fade(lab: Any) -> None:
    """A first loud threat without deeds cuts diversion for some weeks; nothing comes of it, so
    the next one is hardly believed."""
    plan = lab.small(materials=["dy_oxide", "gallium"])
    acts = [
        *ORDERS, (4, "CHN", "enforcement", 0.2),
        (24, "CHN", "threat", 1.0), (56, "CHN", "threat", 0.0), (64, "CHN", "threat", 1.0),
    ]  # fmt: skip
    loud = lab.play(plan, 70, acts, lucks=3)
    quiet = lab.play(plan, 40, acts[:3], lucks=3)
    part = slice(26, 36)
    sent, normal = (sum(r.diverted(m)[part].sum(axis=0) for m in plan.materials)
                    for r in (loud, quiet))  # fmt: skip
    assert lab.typical(sent / np.maximum(normal, 1e-9)) < 0.9
    belief, believed = loud.fear("belief"), loud.fear("credibility")
    first, second = (lab.typical(belief[w + 1] - belief[w - 1]) for w in (24, 64))
    assert first > 0.005
    assert second < 0.5 * first
    assert lab.typical(believed[60]) < 0.5 * lab.typical(believed[23])


def test_s03_a_threat_with_deeds_keeps_working(lab: Any, leaky: Any) -> None:
    """With a campaign behind it the threat still holds a quarter later."""
    for material in ("dy_oxide", "gallium"):
        sent = leaky.diverted(material)
        assert lab.typical(sent[56:60].mean(axis=0)) < 0.25 * lab.typical(sent[40:44].mean(axis=0))


# --- S04 ------------------------------------------------------------------------------------------


def test_s04_a_hub_that_polices_itself_lets_less_through(lab: Any) -> None:
    """The hubs' own help cuts diversion at the same Chinese effort."""
    plan = lab.small(materials=["dy_oxide", "gallium"])
    passed = {}
    for help_ in (0.0, 1.0):
        acts = [*ORDERS, (4, "CHN", "enforcement", 1.0)]
        acts += [(0, hub, "hub_policing", help_) for hub in plan.hubs]
        run = lab.play(plan, 64, acts, lucks=3)
        passed[help_] = lab.typical(sum(run.diverted(m).sum(axis=0) for m in plan.materials))
    assert passed[1.0] < 0.95 * passed[0.0], passed


def test_s04_relabelling_shows_in_true_origin_only(leaky: Any, lab: Any) -> None:
    """What comes through hubs is declared as theirs and is Chinese in truth."""
    part = slice(16, 30)
    declared = np.nan_to_num(leaky.market("china_share_declared", "gallium", "JPN"))[part]
    true = np.nan_to_num(leaky.market("china_share_true", "gallium", "JPN"))[part]
    grey = leaky.market("from_grey_t", "gallium", "JPN")[part]
    assert lab.typical(grey.mean(axis=0)) > 0
    assert lab.typical(declared.mean(axis=0)) < 0.02
    assert lab.typical(true.mean(axis=0)) > 0.1
