"""A fund of 12 bn dollars a year and the allies that buy the same tonnes (S22)."""

from __future__ import annotations

from typing import Any

import pytest

from world.levers import LEVERS

ONE = {"users": 100, "populations": (1, 2), "lucks": 1}
SHORT = [
    (4, "CHN", "licence_duty.ndpr_oxide", 1.0), (4, "CHN", "licence_approval.JPN", 0.2),
    (4, "CHN", "licence_approval.USA", 0.2),
]  # fmt: skip
FUND = [(8, "USA", "minerals_fund_usd_m", 12000.0)]
OXIDE = ("ndpr_oxide", "JPN")
CRISIS, LAST = slice(22, 74), slice(130, 156)


@pytest.fixture(scope="module")
def plan(lab: Any) -> Any:
    return lab.small(materials=["ndpr_oxide", "ndfeb_magnet"])


@pytest.fixture(scope="module")
def calm(lab: Any, plan: Any) -> dict[str, Any]:
    members = [(0, zone, "forge_member", 1.0) for zone in ("USA", "AUS", "MYS", "EUU", "JPN")]
    cases = {"none": [], "fund": FUND, "members": FUND + members}
    return {name: lab.play(plan, 156, acts, **ONE) for name, acts in cases.items()}


@pytest.fixture(scope="module")
def short(lab: Any, plan: Any) -> dict[str, Any]:
    cases = {
        "none": SHORT, "fund": SHORT + FUND,
        "half": [*SHORT, *FUND, (8, "USA", "vault_restraint", 0.5)],
        "patient": [*SHORT, *FUND, (8, "USA", "vault_restraint", 1.0)],
    }  # fmt: skip
    return {name: lab.play(plan, 74, acts, **ONE) for name, acts in cases.items()}


def test_s22_a_fund_helps_allies_in_calm_and_hurts_them_in_a_shortage(
    calm: dict[str, Any], short: dict[str, Any]
) -> None:
    """In calm Japan pays less for what the fund has built, in a shortage more, and gets less."""
    late = {name: run.market("price", *OXIDE)[LAST].mean(axis=0) for name, run in calm.items()}
    dear = {name: run.market("price", *OXIDE)[CRISIS].mean(axis=0) for name, run in short.items()}
    got = {name: run.market("from_other_t", *OXIDE)[CRISIS].sum(axis=0)
           for name, run in short.items()}  # fmt: skip
    assert (late["fund"] < late["none"]).all()
    assert (dear["fund"] > 1.03 * dear["none"]).all()
    assert (got["fund"] < got["none"]).all()


def test_s22_a_fund_takes_its_own_state_off_the_coercer(calm: dict[str, Any]) -> None:
    share = {name: run.market("china_share_true", "ndpr_oxide", "USA")[LAST].mean()
             for name, run in calm.items()}  # fmt: skip
    assert share["fund"] < 0.6 * share["none"]


def test_s22_plants_of_all_members_are_backed(calm: dict[str, Any]) -> None:
    """More is made elsewhere, most where the fund backs its partners' plants, and it pays."""
    rows = calm["none"].plant_rows("ndpr_oxide", abroad=True)
    made = {name: run.plants("output_t", rows)[LAST].sum() for name, run in calm.items()}
    assert made["members"] > made["fund"] > made["none"]
    spent = {name: -run.zone("budget_usd", "USA")[-1].mean() for name, run in calm.items()}
    assert spent["members"] > spent["fund"] > 1e9 > spent["none"]
    assert spent["fund"] < 12e9 * 148 / 52


def test_s22_patience_takes_out_half_of_the_quarrel_or_more(short: dict[str, Any]) -> None:
    """What waits while prices are high costs allies less; the stock is filled later."""
    dear = {name: run.market("price", *OXIDE)[CRISIS].mean() for name, run in short.items()}
    held = {name: run.market("stockpile_t", "ndpr_oxide", "USA")[-1].mean()
            for name, run in short.items()}  # fmt: skip
    assert dear["fund"] > dear["half"] > dear["patient"] > dear["none"]
    assert dear["patient"] - dear["none"] < 0.5 * (dear["fund"] - dear["none"])
    assert held["fund"] > held["half"] > held["patient"]


def test_s22_a_fund_that_is_over_pays_for_nothing_more(lab: Any, plan: Any) -> None:
    """It asked for more than there was; what is opened after its end is not bought on its account,
    and what it paid for stays with it."""
    acts = [(0, "KOR", "minerals_fund_usd_m", 12000.0), (20, "KOR", "minerals_fund_usd_m", 0.0)]
    run = lab.play(plan, 156, acts, users=100, populations=(1,), lucks=1)
    held = run.market("equity_t", "ndpr_oxide", "KOR")
    over = 20 + LEVERS["minerals_fund_usd_m"].delay_weeks
    assert (held[over + 1] > 1.2 * held[over // 2]).all()
    assert held[over + 2 :].max() == pytest.approx(held[over + 1].max())
