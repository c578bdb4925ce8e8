"""System S09: two kinds of secondary sanction, by payments and by materials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runs import Game
from world.exposures import payment_reach, supply_share
from world.scenario import load_scenario, resolve

OXIDES = ["dy_oxide", "ndpr_oxide", "ndfeb_magnet"]
BAN = [(4, "CHN", "ban_breadth.JPN", 1.0)]
PAY = [*BAN, (30, "CHN", "payment_measures", 1.0)]
HINDS = slice(60, 80)
DOLLAR, RENMINBI = 0.8, 0.1
ZONES = ["CHN", "JPN", "KOR", "VNM", "THA", "ROW"]


@pytest.fixture(scope="module")
def runs(lab: Any) -> Any:
    """The same ban with no payment measures, with the renminbi's and with the dollar's."""
    found = {}
    for name, acts, reach in (
        ("none", BAN, DOLLAR), ("renminbi", PAY, RENMINBI), ("dollar", PAY, DOLLAR)
    ):  # fmt: skip
        plan = lab.small(
            materials=OXIDES, states_hold=True, set={"parameters.payment_reach": reach}
        )
        found[name] = lab.play(plan, 80, acts, users=100, populations=(1,), lucks=3)
    return found


def test_s09_one_lever_is_two_weapons(runs: Any, lab: Any) -> None:
    """Payments in dollars end the trade of the hubs, those in renminbi hardly touch it."""
    sent = {name: lab.typical(run.hubs("reexports_to_target_t", "dy_oxide")[HINDS].sum(axis=(0, 2)))
            for name, run in runs.items()}  # fmt: skip
    serves = {name: lab.typical(run.hubs("served_share", "dy_oxide")[HINDS].mean(axis=(0, 2)))
              for name, run in runs.items()}  # fmt: skip
    print(f"Dy through hubs in 20 weeks: {sent}; banks that serve: {serves}")
    assert sent["none"] > 5
    assert sent["dollar"] < 0.3 * sent["none"]
    assert sent["renminbi"] > 0.6 * sent["none"]
    assert serves["dollar"] < 0.4 < 0.8 < serves["renminbi"] <= serves["none"] == 1


def test_s09_it_stops_legal_trade_of_every_origin(runs: Any, lab: Any) -> None:
    """Without any clause firms elsewhere refuse customers in Japan and plants refuse legal sales,
    whatever their feed, so the oxide is dearer there; in renminbi fewer do."""
    mean = {column: {name: lab.typical(np.nan_to_num(run.market(column, material, zone))[HINDS]
                                       .mean(axis=0)) for name, run in runs.items()}
            for column, material, zone in (
                ("over_compliance_share", "dy_oxide", "JPN"), ("price", "dy_oxide", "JPN"),
                ("refused_customers_share", "ndfeb_magnet", "EUU"))}  # fmt: skip
    print(mean)
    for column in ("over_compliance_share", "refused_customers_share"):
        assert mean[column]["none"] == 0
        assert mean[column]["dollar"] > 0.03
        assert mean[column]["renminbi"] < 0.5 * mean[column]["dollar"]
    assert mean["price"]["dollar"] > 1.2 * mean["price"]["none"]
    assert mean["price"]["renminbi"] == pytest.approx(mean["price"]["none"], rel=0.1)


def test_s09_a_weapon_that_is_used_gets_weaker(runs: Any) -> None:
    """Firms find other banks: ties fall while the measures stand, and nowhere without them."""
    assert (runs["none"].zone("payment_ties", "THA") == 1).all()
    ties = runs["dollar"].zone("payment_ties", "THA")
    assert (ties[-1] < 0.9).all()
    assert (ties[:30] == 1).all()


def test_s09_published_exposures_set_hubs_apart() -> None:
    """Who settles more in the coercer's currency has more to lose; those without a row are as the
    world, a coercer without rows reaches all alike, nobody has more at stake than all."""
    reach = dict(zip(ZONES, payment_reach("CHN", ZONES, 0.1), strict=True))
    assert reach["ROW"] == reach["VNM"] == pytest.approx(0.1)
    assert reach["JPN"] < reach["KOR"] < reach["ROW"]
    assert (payment_reach("KOR", ZONES, 0.3) == 0.3).all()
    assert (payment_reach("USA", ZONES, 0.8) <= 1.0).all()
    hub = ["THA"]
    weapons = {coercer: payment_reach(coercer, hub, reach)[0] / supply_share(coercer, hub)[0]
               for coercer, reach in (("CHN", RENMINBI), ("USA", DOLLAR))}  # fmt: skip
    assert weapons["CHN"] < 1 < weapons["USA"]


def test_s09_the_choice_follows_the_exposure_in_play() -> None:
    """The same rules of a coercer: with the dollar's reach it aims at banks, and hubs pass little
    on; with the renminbi's, less than what hubs buy from it, at goods alone."""
    ties, sent, effort = {}, {}, {}
    for name, reach in (("dollar", DOLLAR), ("renminbi", RENMINBI)):
        raw = dict(load_scenario("japan-2026").source)
        del raw["warmup_from"]
        levers = {"rung": {"JPN": 8}, "third_country_clause": 1, "licence_duty": {OXIDES[0]: 1.0}}
        raw |= {"materials": OXIDES, "weeks": 60, "history": [], "levers": {"CHN": levers},
                "policies": {"CHN": "china_payments", "JPN": "hold"},
                "events": [one for one in raw["events"] if one["kind"] == "remarks"],
                "chart": {"material": OXIDES[0], "zone": "JPN"}}  # fmt: skip
        game = Game(resolve(raw, {"users": 150, "parameters.payment_reach": reach}), seed=1).run()
        zones, hubs = game.frames["zones"], game.frames["hubs"]
        ties[name] = zones.loc[zones["zone"] == "THA", "payment_ties"].iloc[-1]
        abroad = (hubs["hub"] != "CHN") & (hubs["material"] == OXIDES[0])
        sent[name] = hubs.loc[abroad, "reexports_to_target_t"].sum()
        effort[name] = game.lever("CHN", "enforcement")
    print(ties, sent, effort)
    assert ties["renminbi"] == 1 > ties["dollar"]
    assert effort["renminbi"] >= effort["dollar"] == 1
    assert sent["dollar"] < 0.4 * sent["renminbi"]
