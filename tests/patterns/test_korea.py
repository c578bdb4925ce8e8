"""Korea between its market and its materials (S06): what each stance costs, from 12 runs each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from world.scenario import load_scenario

STANCES = {"ally": (0.8, 1.0, 0.1), "neutral": (0.0, 0.0, 0.1), "leans": (-0.8, 0.0, 0.8)}
SEATS = {
    "CHN": "china_wedge", "KOR": "hold", "JPN": "japan_bloc", "USA": "usa_bloc", "EUU": "eu_bloc",
    "AUS": "australia_bloc",
}  # fmt: skip
STANDING = slice(18, 36)  # weeks in which the measure stands in most lucks
WEEKS = 90


@pytest.fixture(scope="module")
def korea(lab: Any) -> dict[str, Any]:
    """The three stances under the same lucks."""
    plan = lab.small("korea-next", policies=SEATS)
    played = {}
    for name, values in STANCES.items():
        levers = ("stance", "joint_statement", "hub_policing")
        acts = [(1, "KOR", lever, value) for lever, value in zip(levers, values, strict=True)]
        played[name] = lab.play(
            plan, WEEKS, acts, users=100, populations=(1,), lucks=12, seed=1
        )
    return played


def test_s06_no_stance_is_free(korea: dict[str, Any], lab: Any) -> None:
    """With the allies materials are dearest, between the sides the measure stands longest, and who
    leans to China loses orders of its allies and their approval."""
    price = {name: lab.typical(run.market("price", "gallium", "KOR")[STANDING].mean(axis=0))
             for name, run in korea.items()}  # fmt: skip
    weeks = {name: (run.rungs("KOR") >= 6).sum(axis=0) for name, run in korea.items()}
    lost = {name: lab.typical(run.zone("orders_lost_usd", "KOR").sum(axis=0))
            for name, run in korea.items()}  # fmt: skip
    assert max(price, key=lambda name: price[name]) == "ally"
    assert price["ally"] > 1.1 * price["neutral"]
    assert (weeks["neutral"] >= weeks["ally"]).all()
    assert weeks["neutral"].mean() > max(weeks["ally"].mean(), weeks["leans"].mean())
    assert lost["leans"] > 1e8 > max(lost["ally"], lost["neutral"])


def test_s06_both_sides_see_who_stands_where(korea: dict[str, Any]) -> None:
    """What the sides think of Korea is worst for who sided with the other."""
    seen = {
        name: [run.zone(f"{side}_approval", "KOR")[52].mean() for side in ("coercer", "alliance")]
        for name, run in korea.items()
    }
    assert np.argmin([seen[name][0] for name in STANCES]) == 0
    assert np.argmin([seen[name][1] for name in STANCES]) == 2


def test_s06_orders_lost_cost_output_and_fade_when_trade_is_as_usual(lab: Any) -> None:
    """Leaning costs nothing while no ally trades by standing; orders come back when they stop."""
    plan = lab.small(materials=["gallium"])
    leans = [(0, "KOR", "stance", -1.0)]
    terms = [(2, "JPN", "partner_terms", 1.0)]
    cases = {"calm": leans, "terms": leans + terms,
             "over": [*leans, *terms, (60, "JPN", "partner_terms", 0.0)]}  # fmt: skip
    run = {name: lab.play(plan, 120, acts, users=60, populations=(1,), lucks=1)
           for name, acts in cases.items()}  # fmt: skip
    lost = {name: one.zone("orders_lost_usd", "KOR")[:, 0] for name, one in run.items()}
    damage = {name: one.zone("gdp_loss_share", "KOR")[:, 0] for name, one in run.items()}
    payer = {name: one.zone("gdp_loss_share", "JPN")[:, 0] for name, one in run.items()}
    assert lost["calm"].max() == 0.0
    assert lost["terms"][118] > lost["terms"][20] > 0.0
    assert damage["terms"][118] > damage["calm"][118]
    assert payer["terms"][118] > payer["calm"][118]  # who moves orders pays more
    assert lost["over"][118] < 0.3 * lost["over"][60]
    assert payer["over"][118] == payer["calm"][118]


def test_s06_plants_of_allies_serve_friends_first(lab: Any) -> None:
    """In a shortage a friend gets more of what Japan makes, and who leans to China less."""
    plan = lab.small(materials=["gallium", "antimony"])
    ban = [(4, "CHN", f"ban_breadth.{zone}", 1.0) for zone in ("KOR", "USA")]
    terms = [(4, "JPN", "partner_terms", 1.0)]
    got = {}
    for name, stance in (("friend", 1.0), ("leans", -1.0)):
        run = lab.play(plan, 40, [*ban, *terms, (2, "KOR", "stance", stance)], users=60,
                       populations=(1,), lucks=1)  # fmt: skip
        got[name] = run.legal("gallium", "JPN", "KOR")[8:].sum()
    assert got["friend"] > 1.05 * got["leans"] > 0.0


def test_s06_the_wedge_of_january_2026_is_dated_and_serves_korea(lab: Any) -> None:
    """What Beijing offers on the eve of the visit to Tokyo lets more dysprosium go to Korea, where
    it gets cheaper; Japan gets none of it."""
    shipped = load_scenario("japan-2026").source
    acts = [act for act in shipped["history"] if act["lever"] == "general_licence.KOR"]
    assert [act["date"].isoformat() for act in acts] == ["2026-01-05"]
    rest = [act for act in shipped["history"] if act not in acts]
    wedge, none = (
        lab.play(lab.small("japan-2026", history=history), 40, users=100, populations=(1,), lucks=3)
        for history in (shipped["history"], rest)
    )

    def usual(run: Any, read: Any) -> float:
        return float(lab.typical(read(run)[10:40].mean(axis=0)))

    sent, price, missed = (
        [usual(run, read) for run in (wedge, none)] for read in (
            lambda run: run.exports_to("dy_oxide", "KOR"),
            lambda run: run.market("price", "dy_oxide", "KOR"),
            lambda run: run.exports_to("dy_oxide", "JPN"),
        )
    )  # fmt: skip
    assert sent[0] > sent[1], sent
    assert price[0] < price[1], price
    assert missed[0] <= 1.02 * missed[1], missed
