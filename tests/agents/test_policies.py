"""Each policy as an expected list of moves in a named situation, as one tests a strategy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agents.players import MOST_ORDERS, PerLuck, policies, policy_by_name
from agents.policies.china_calibrated import spoken
from agents.policies.choice import choose, persona, scales, shares, utility
from agents.policies.coercer import GRIPS, posture
from agents.policies.exits import DECISION_MONTHS, ends, monthly_hazard
from agents.view import StateView
from world.levers import LEVERS, ladder
from world.policy_terms import terms

Picture = Callable[..., StateView]
BAN = {"CHN.rung.JPN": 6}
CLAUSE = {"CHN.third_country_clause": 1, "CHN.threat": 0.6}
DUTY = {"CHN.licence_duty": 0.8}


class Even:
    """Draws that are always the same number, and a second one for what comes after the first."""

    def __init__(self, number: float = 0.5, second: float = 0.999) -> None:
        self.number, self.second = number, second

    def uniform(self, week: int, purpose: str, n: int) -> Any:
        return np.array([[self.number, *[self.second] * (n - 1)]])


def moves(
    policy: str, view: StateView, luck: float = 0.5, end: float = 0.999
) -> dict[str, float]:
    """Levers and values that a policy orders in its only luck; `end` draws ends of measures."""
    wishes = policy_by_name(policy).decide(view, Even(luck, end))
    return {wish.lever: float(np.ravel(wish.value)[0]) for wish in wishes}


def step(rung: int, grip: int = 0) -> dict[str, float]:
    """Levers of a coercer that stands on a step of the ladder and of the grip."""
    clause, threat, effort = GRIPS[grip]
    return DUTY | {
        "CHN.rung.JPN": rung, "CHN.third_country_clause": clause, "CHN.threat": threat,
        "CHN.enforcement": effort,
    }  # fmt: skip


# --- the coercer ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["china_cautious", "china_calibrated", "china_maximal"])
def test_unprovoked_the_coercer_holds(picture: Picture, name: str) -> None:
    assert moves(name, picture("CHN", levers=DUTY)) == {}


@pytest.mark.parametrize(
    ("name", "rung"), [("china_cautious", 2), ("china_calibrated", 3), ("china_maximal", 4)]
)
def test_provoked_it_climbs_in_strides_of_its_kind(picture: Picture, name: str, rung: int) -> None:
    assert moves(name, picture("CHN", levers=DUTY, provocation=0.8)) == {"rung.JPN": rung}


def test_provoked_and_no_ban_yet_the_calibrated_one_bans_and_binds_third_countries(
    picture: Picture,
) -> None:
    view = picture("CHN", levers=step(3), provocation=0.8)
    assert moves("china_calibrated", view, luck=0.6) == {
        "rung.JPN": 6, "third_country_clause": 1, "threat": 0.3,
    }  # fmt: skip


def test_the_cautious_one_stops_short_of_the_ambiguous_ban(picture: Picture) -> None:
    view = picture("CHN", levers=step(5, 1), provocation=0.8)
    assert "rung.JPN" not in moves("china_cautious", view, luck=0.999)


def test_the_maximal_one_lists_firms(picture: Picture) -> None:
    view = picture("CHN", levers=step(3), provocation=0.8)
    chosen = moves("china_maximal", view)["rung.JPN"]
    assert ladder()[int(chosen)].settings["listing"] > 0


def test_a_leaking_ban_is_tightened_at_the_hubs_not_on_the_ladder(picture: Picture) -> None:
    view = picture("CHN", levers=step(6, 1), provocation=0.8, anomaly={"MYS": 1.2})
    assert moves("china_calibrated", view, luck=0.95) == {"threat": 0.6, "enforcement": 2}


def test_an_end_takes_the_export_measure_whole_and_the_rest_stays(picture: Picture) -> None:
    view = picture("CHN", levers=step(7, 2), provocation=0.8)
    assert moves("china_calibrated", view, end=0.001) == {
        "rung.JPN": 3, "third_country_clause": 0, "threat": 0, "enforcement": 1,
    }  # fmt: skip
    assert moves("china_calibrated", picture("CHN", levers=step(3)), end=0.001) == {"rung.JPN": 0}


def test_time_alone_does_not_bring_the_coercer_down(picture: Picture) -> None:
    """A forgotten provocation makes nobody step down by weighing, whatever the draw of choices."""
    for luck in np.linspace(0.01, 0.99, 25):
        chosen = moves("china_calibrated", picture("CHN", levers=step(7, 1)), luck)
        assert chosen.get("rung.JPN", 7) >= 7


def hazard(picture: Picture, levers: dict[str, float], name: str = "china_calibrated",
           **changes: Any) -> float:  # fmt: skip
    view = picture("CHN", levers=levers, **changes)
    return float(monthly_hazard(view, posture(view), persona(name))[0])


def test_players_move_the_odds_of_an_end(picture: Picture) -> None:
    ban = step(7, 1)
    plain = hazard(picture, ban)
    assert plain > hazard(picture, ban, "china_maximal")
    for change in (
        {"JPN.concession": 1}, {"JPN.stance": -1}, {"USA.tariff_on_coercer": 0.5},
    ):  # fmt: skip
        assert hazard(picture, ban | change) > 1.05 * plain
    assert hazard(picture, ban, protest_weeks={"JPN": 110}) > 1.5 * plain
    assert hazard(picture, ban, protest_weeks={"KOR": 110}) == plain
    assert hazard(picture, ban | {"JPN.stance": 1}) == plain
    assert hazard(picture, step(0)) == 0.0


def test_a_report_counts_for_what_the_frame_makes_of_it(picture: Picture) -> None:
    """A panel's report moves the odds under conservation most, under security not at all; a case
    that the target trades in is a deal, one that somebody else withdraws is none."""
    ban = step(7, 1)
    plain = hazard(picture, ban)
    odds = [
        hazard(picture, ban | {"CHN.legal_frame": frame}, case_stage={"USA": stage}) / plain
        for frame, stage in ((1, 3), (0, 3), (2, 6), (1, 2))
    ]
    assert odds[0] > odds[1] > 1.5
    assert odds[2:] == [1.0, 1.0]
    assert hazard(picture, ban, case_dropped={"JPN": 10}) > 5 * plain
    assert hazard(picture, ban, case_dropped={"USA": 10}) == plain


def test_a_ban_lasts_years_without_a_concession_and_months_with_one(picture: Picture) -> None:
    """Medians of the cases: 38.6 months without, 5 with (world/data/policy_terms.csv)."""
    without = np.log(2) / hazard(picture, step(7, 1))
    conceded = np.log(2) / hazard(picture, step(7, 1) | {"JPN.concession": 2})
    assert 20 < without < 45
    assert 2.5 < conceded < 7


def test_the_chance_of_an_end_adds_up_over_the_decisions_of_a_year() -> None:
    months = 12 / DECISION_MONTHS
    luck = (np.arange(1000) + 0.5) / 1000
    stays = 1.0 - ends(np.full(1000, 0.05), luck).mean()
    assert stays**months == pytest.approx(np.exp(-0.6), abs=0.02)


def test_quiet_hubs_are_left_in_peace_again(picture: Picture) -> None:
    view = picture("CHN", levers=step(6, 3), anomaly=0.0)
    assert moves("china_calibrated", view, luck=0.1) == {"threat": 0.6, "enforcement": 2}


def test_the_cautious_one_speeds_licences_when_distrust_spreads(picture: Picture) -> None:
    view = picture("CHN", levers=DUTY, distrusts=0.2)
    assert moves("china_cautious", view) == {"licence_weeks": 5}


def test_the_calibrated_one_drives_a_wedge(picture: Picture) -> None:
    """Those who join the target's statements wait for licences, and are served when they leave."""
    joined = BAN | DUTY | {"KOR.stance": 0.8}
    assert moves("china_calibrated", picture("CHN", levers=joined))["licence_approval.KOR"] == 0.7
    left = BAN | DUTY | {"CHN.licence_approval.KOR": 0.7}
    assert moves("china_calibrated", picture("CHN", levers=left))["licence_approval.KOR"] == 1


def test_the_wedge_serves_large_neutrals_first_and_slows_who_leans(picture: Picture) -> None:
    """Neutrality has a favour, leaning a price; without a ban there is nobody to drive away."""
    large = {"exports_usd": {"KOR": 5e9, "USA": 5e9}}
    ban = step(6, 1) | {"CHN.licence_duty": 1.0}
    chosen = moves("china_wedge", picture("CHN", levers=ban | {"USA.stance": 0.8}, **large))
    assert chosen["general_licence.KOR"] == 0.5
    assert chosen["licence_approval.USA"] == 0.7
    assert "general_licence.USA" not in chosen
    assert "general_licence.EUU" not in chosen
    favoured = ban | {"CHN.general_licence.KOR": 0.5}
    leaning = moves("china_wedge", picture("CHN", levers=favoured | {"KOR.stance": 0.8}, **large))
    assert leaning["general_licence.KOR"] == 0.0
    calm = moves("china_wedge", picture("CHN", levers={"CHN.licence_duty": 1.0}, **large))
    assert "general_licence.KOR" not in calm


LEAK = {"anomaly": {"VNM": 0.9, "MYS": 1.4}}


@pytest.mark.parametrize(
    ("payments", "supply", "aims"), [(0.8, 0.2, True), (0.05, 0.25, False), (0.25, 0.24, False)]
)
def test_the_weapon_follows_the_exposure_of_the_leakiest_hub(
    picture: Picture, payments: float, supply: float, aims: bool
) -> None:
    """Banks where payments clearly outweigh supplies, goods elsewhere; other hubs do not count."""
    view = picture("CHN", levers=step(6, 1), **LEAK, payment_exposure={"MYS": payments, "VNM": 0.3},
                   supply_exposure={"MYS": supply, "VNM": 0.3})  # fmt: skip
    chosen = moves("china_payments", view, luck=0.95)
    assert chosen.get("payment_measures") == (1.0 if aims else None)
    assert chosen.get("threat") == (None if aims else 0.6)
    wish = next((w for w in policy_by_name("china_payments").decide(view, Even(0.95))
                 if w.lever == "payment_measures"), None)  # fmt: skip
    assert not aims or (wish and "80%" in wish.why and "20%" in wish.why)


def test_payments_are_let_go_when_they_reach_less_and_when_no_ban_stands(picture: Picture) -> None:
    held = {"CHN.payment_measures": 1.0}
    strong = {"payment_exposure": 0.5, "supply_exposure": 0.25}
    ban = step(6, 1) | held
    assert "payment_measures" not in moves("china_payments", picture("CHN", levers=ban, **strong))
    worn = picture("CHN", levers=ban, payment_exposure=0.2, supply_exposure=0.25)
    assert moves("china_payments", worn)["payment_measures"] == 0
    over = picture("CHN", levers=step(0) | held, **strong)
    assert moves("china_payments", over)["payment_measures"] == 0
    calm = picture("CHN", levers=step(6, 1), **strong)
    assert "payment_measures" not in moves("china_payments", calm)


def test_without_third_countries_there_is_nobody_to_court(picture: Picture) -> None:
    """Two countries alone: no favour, and odds of an end that are those of the rules it has."""
    view = replace(picture("CHN", levers=step(7, 1)), zones=("CHN", "JPN"))
    assert float(spoken(view)) == 0.0
    assert not [lever for lever in moves("china_wedge", view) if lever.startswith("general_l")]
    wedge: Any = policy_by_name("china_wedge")
    weights = persona("china_wedge")
    assert wedge.weigh(view, weights)["ending"] == weights["ending"]
    assert moves("china_wedge", view, end=0.0)["rung.JPN"] < 7


def test_a_statement_matters_little_alone_and_more_in_coalition(picture: Picture) -> None:
    """S17: the odds of an end by who joins a joint statement, by the shipped rules of China."""
    policy: Any = policy_by_name("china_calibrated")

    def odds(*speakers: str, name: str = "china_calibrated") -> float:
        said = {f"{zone}.joint_statement": 1.0 for zone in speakers}
        view = picture("CHN", levers=step(7, 1) | said, gdp_usd={"USA": 3e13, "EUU": 2e13})
        weights = policy.weigh(view, persona(name))
        return float(monthly_hazard(view, posture(view), weights)[0])

    plain, alone = odds(), odds("KOR")
    together = odds("KOR", "USA", "EUU", "AUS")
    assert plain <= alone < 1.1 * plain
    assert together > 1.5 * plain
    assert odds("USA") < odds("USA", "EUU") < together


def test_the_maximal_one_floods_rivals_that_build(picture: Picture) -> None:
    rivals = DUTY | {"USA.project_subsidy": 0.3}
    view = picture("CHN", levers=rivals, price={"ndpr_oxide": 1.4})
    assert moves("china_maximal", view) == {"flood.ndpr_oxide": 0.4}
    alone = picture("CHN", levers=DUTY | {"CHN.flood.ndpr_oxide": 0.4})
    assert moves("china_maximal", alone) == {"flood.ndpr_oxide": 0}


def test_the_maximal_one_punishes_hubs_together(picture: Picture) -> None:
    view = picture("CHN", levers=step(6, 4), anomaly={"VNM": 1.0}, listed_firms={"VNM": 2})
    assert moves("china_maximal", view)["collective_punishment"] == 0.5


# --- the target -------------------------------------------------------------------------------


def test_lines_stop_and_japan_opens_its_stock(picture: Picture) -> None:
    view = picture("JPN", levers=BAN, halted_share={"dy_oxide": 0.09}, cover_weeks=3.0, price=2.0,
                   price_half_year=1.2)  # fmt: skip
    assert moves("japan_stockpiler", view) == {"stockpile_release": 0.5, "protest": 1}
    # it keeps stocks for the worst
    released = moves("japan_diversifier", view)["stockpile_release"]
    assert 0 < released == terms("japan_diversifier").release < 0.5


def test_a_few_stops_are_enough_for_the_stockpiler_only(picture: Picture) -> None:
    view = picture("JPN", halted_share={"dy_oxide": 0.045})
    assert moves("japan_stockpiler", view)["stockpile_release"] == 0.5
    assert "stockpile_release" not in moves("japan_diversifier", view)


def test_one_firm_of_a_small_material_opens_no_stock(picture: Picture) -> None:
    """A tenth of a market that carries a fiftieth of the value at risk is no reason."""
    weights = {"dy_oxide": 0.49, "ndpr_oxide": 0.49, "gallium": 0.02}
    view = picture("JPN", halted_share={"gallium": 0.1}, risk_weight=weights)
    assert "stockpile_release" not in moves("japan_stockpiler", view)


def test_orders_that_are_not_met_open_the_stock_whoever_still_runs(picture: Picture) -> None:
    assert moves("japan_stockpiler", picture("JPN", fill=0.7))["stockpile_release"] == 0.5
    assert "stockpile_release" not in moves("japan_stockpiler", picture("JPN", fill=0.8))


def test_lines_run_again_and_the_stock_is_shut(picture: Picture) -> None:
    view = picture("JPN", levers={"JPN.stockpile_release": 0.5})
    assert moves("japan_stockpiler", view)["stockpile_release"] == 0


def test_calm_markets_fill_the_stock_in_steps(picture: Picture) -> None:
    view = picture("JPN", declared_share={"dy_oxide": 0.98})
    assert moves("japan_stockpiler", view) == {
        "stockpile_target_days.dy_oxide": 80, "stockpile_target_days.ndpr_oxide": 80,
    }  # fmt: skip


def test_in_a_crisis_nothing_is_bought(picture: Picture) -> None:
    levers = {"JPN.stockpile_target_days": 180}
    view = picture("JPN", levers=levers, price={"dy_oxide": 3.0}, stock_days=64.0)
    assert moves("japan_stockpiler", view) == {"stockpile_target_days.dy_oxide": 60}


def test_the_diversifier_contracts_and_supports_after_a_ban(picture: Picture) -> None:
    view = picture("JPN", levers=BAN, declared_share={"dy_oxide": 0.98})
    assert moves("japan_diversifier", view) == {
        "offtake.dy_oxide": 156, "project_subsidy": 0.3, "protest": 1,
    }  # fmt: skip


def test_the_diversifier_pays_against_relapse(picture: Picture) -> None:
    view = picture("JPN", distrust=0.15)
    assert moves("japan_diversifier", view) == {"diversification_credit": 0.15}


def test_support_ends_with_the_money(picture: Picture) -> None:
    view = picture("JPN", levers=BAN | {"JPN.project_subsidy": 0.3}, budget_usd=-2e10)
    assert moves("japan_diversifier", view)["project_subsidy"] == 0


def test_a_hurt_target_may_give_in_and_a_rally_keeps_it(picture: Picture) -> None:
    hurt = picture("JPN", levers=BAN, concession_probability=0.3)
    assert moves("japan_stockpiler", hurt, luck=0.2)["concession"] == 1
    assert "concession" not in moves("japan_stockpiler", hurt, luck=0.25)
    assert "concession" not in moves("japan_diversifier", hurt, luck=0.2)
    free = picture("JPN", concession_probability=0.3)
    assert "concession" not in moves("japan_stockpiler", free, luck=0.0)


def test_long_high_prices_pay_for_research(picture: Picture) -> None:
    view = picture("JPN", price=1.4, price_half_year=1.8)
    assert moves("japan_stockpiler", view) == {"research_usd_m": 100}


# --- third countries --------------------------------------------------------------------------


def test_korea_helps_or_refuses_the_clause(picture: Picture) -> None:
    view = picture("KOR", levers=BAN | CLAUSE, price=1.4)
    assert moves("korea_neutral", view) == {"hub_policing": 0.6, "stance": -0.2}
    assert moves("korea_ally", view) == {
        "hub_policing": 0, "forge_member": 1, "joint_statement": 1, "stance": 0.6,
    }  # fmt: skip


def test_who_sides_with_the_target_covers_firms_that_serve_it(picture: Picture) -> None:
    """Once the first steps are taken, and only under a threat; not for a ban on itself."""
    done = {"KOR.hub_policing": 0, "KOR.forge_member": 1, "KOR.joint_statement": 1,
            "KOR.stance": 0.6}  # fmt: skip
    for name, seat, more in (("korea_ally", "KOR", done), ("eu_autonomy", "EUU", {})):
        threatened = picture(seat, levers=BAN | CLAUSE | more, price=1.4)
        covered = moves(name, threatened)["customer_cover"]
        assert 0 < covered <= 1
        assert "customer_cover" not in moves(name, picture(seat, levers=BAN | more, price=1.4))
        over = picture(seat, levers=more | {f"{seat}.customer_cover": covered}, price=1.4)
        assert moves(name, over)["customer_cover"] == 0


def test_neutrality_ends_where_it_does_not_pay(picture: Picture) -> None:
    view = picture("KOR", levers=BAN | CLAUSE | {"KOR.hub_policing": 0.6}, fill=0.5, price=1.4)
    assert moves("korea_neutral", view)["stance"] == 0.2
    answered = {"KOR.protest": 1, "KOR.joint_statement": 1, "KOR.tariff_on_coercer": 0.35,
                "KOR.forge_member": 1, "KOR.project_subsidy": 0.4}  # fmt: skip
    hit = CLAUSE | {"CHN.rung.KOR": 6, "KOR.hub_policing": 0.6} | answered
    own = moves("korea_neutral", picture("KOR", levers=hit, price=1.6))
    assert own == {"hub_policing": 0.1, "stance": 0.2}


def test_the_ally_goes_on_to_origin_and_a_ceiling(picture: Picture) -> None:
    done = {"KOR.hub_policing": 0, "KOR.forge_member": 1, "KOR.joint_statement": 1,
            "KOR.stance": 0.6}  # fmt: skip
    view = picture("KOR", levers=BAN | done, price=1.4)
    assert moves("korea_ally", view) == {
        "origin_tracing": 0.6, "dependence_ceiling": 0.7, "project_subsidy": 0.2,
    }  # fmt: skip


def test_a_flood_below_cost_raises_the_american_floor(picture: Picture) -> None:
    view = picture("USA", price={"ndpr_oxide": 0.6}, cost={"ndpr_oxide": 1.2})
    ordered = moves("usa_sponsor", view)
    assert ordered["floor_usd_per_kg.ndpr_oxide"] == pytest.approx(1.2 * 50)
    assert ordered["floor_form"] == 1
    assert moves("usa_sponsor", picture("USA", stock_days=60.0)) == {}


def test_the_floor_is_not_lowered_when_prices_return(picture: Picture) -> None:
    view = picture("USA", levers={"USA.floor_usd_per_kg.ndpr_oxide": 60}, price=1.4)
    assert moves("usa_sponsor", view) == {}


def test_the_sponsor_stands_by_an_ally(picture: Picture) -> None:
    assert moves("usa_sponsor", picture("USA", levers=BAN)) == {
        "joint_statement": 1, "project_subsidy": 0.3, "stance": 0.7,
    }  # fmt: skip


def test_the_dealmaker_taxes_when_cut_off_and_not_for_allies(picture: Picture) -> None:
    assert moves("usa_dealmaker", picture("USA", levers=BAN)) == {}
    cut_off = picture("USA", fill=0.6, price=1.6)
    assert moves("usa_dealmaker", cut_off) == {
        "tariff_on_coercer": 0.25, "stance": 0.5, "stockpile_release": 0.3,
    }  # fmt: skip
    served = picture("USA", levers={"USA.tariff_on_coercer": 0.25, "USA.stance": 0.5})
    assert moves("usa_dealmaker", served) == {"tariff_on_coercer": 0, "stance": 0}


def test_the_rules_of_the_union(picture: Picture) -> None:
    view = picture("EUU", levers=BAN, distrust=0.15, listed_firms={"VNM": 3})
    assert moves("eu_rules", view) == {
        "joint_statement": 1, "dependence_ceiling": 0.65, "recycling_support": 1,
        "origin_tracing": 0.4,
    }  # fmt: skip
    dear = picture("EUU", levers={"EUU.dependence_ceiling": 0.65}, price=2.0)
    assert moves("eu_rules", dear) == {"dependence_ceiling": 1, "recycling_support": 1}


def test_the_union_answers_a_ban_on_itself_in_kind(picture: Picture) -> None:
    view = picture("EUU", levers={"CHN.rung.EUU": 6}, declared_share={"gallium": 0.95})
    assert moves("eu_autonomy", view) == {
        "protest": 1, "joint_statement": 1, "tariff_on_coercer": 0.35, "forge_member": 1,
    }  # fmt: skip
    party = replace(view, parties=("JPN", "EUU"))
    assert moves("eu_autonomy", party) == {
        "tariff_on_coercer": 0.2, "forge_member": 1, "offtake.gallium": 104,
        "project_subsidy": 0.3,
    }  # fmt: skip


def test_australia_builds_in_booms_or_in_slumps(picture: Picture) -> None:
    boom, slump = picture("AUS", price=1.5), picture("AUS", price=0.8, cost=0.7)
    assert moves("australia_miner", boom) == {"project_subsidy": 0.2}
    assert moves("australia_partner", boom) == {}
    assert moves("australia_miner", slump) == {}
    assert moves("australia_partner", slump)["project_subsidy"] == 0.4
    assert moves("australia_partner", slump)["forge_member"] == 1


def test_starved_mines_get_a_floor(picture: Picture) -> None:
    view = picture("AUS", price={"dy_oxide": 0.6}, cost=0.9, stock_days=60.0)
    assert moves("australia_miner", view) == {"floor_form": 1, "floor_usd_per_kg.dy_oxide": 45}


# --- hubs -------------------------------------------------------------------------------------


def test_a_hub_polices_under_a_credible_threat_and_looks_away_without(picture: Picture) -> None:
    threatened = picture("MYS", levers=CLAUSE)
    assert moves("hub_guardian", threatened) == {"hub_policing": 0.8, "origin_tracing": 0.5}
    over = picture("MYS", levers={"MYS.hub_policing": 0.8, "MYS.origin_tracing": 0.5})
    assert moves("hub_guardian", over) == {"hub_policing": 0.1, "origin_tracing": 0}


def test_the_open_hub_yields_only_when_it_stands_out(picture: Picture) -> None:
    levers = BAN | CLAUSE | {"VNM.project_subsidy": 0.1}
    quiet = picture("VNM", levers=levers, rents_usd=2e6, anomaly=0.3)
    assert moves("hub_open", quiet) == {"hub_policing": 0}
    for sign in ({"anomaly": {"VNM": 1.0}}, {"listed_firms": {"VNM": 1}}):
        assert moves("hub_open", picture("VNM", levers=levers, **sign)) == {"hub_policing": 0.4}


def test_the_open_hub_hosts_a_refinery_while_a_ban_lasts(picture: Picture) -> None:
    assert moves("hub_open", picture("VNM", levers=BAN)) == {
        "hub_policing": 0, "project_subsidy": 0.1,
    }  # fmt: skip


# --- all policies -----------------------------------------------------------------------------


def seat_of(name: str) -> str:
    first = policies()[name].traits[0]
    return {"coercer": "CHN", "hub": "VNM", "any seat": "ROW"}.get(first, first)


def stormy(picture: Picture, actor: str, lucks: int = 6) -> StateView:
    """Lucks that run from calm to a full crisis."""
    x = np.linspace(0.0, 1.0, lucks)
    return picture(
        actor, lucks, levers={
            "CHN.licence_duty": 0.8, "CHN.rung.JPN": np.rint(8 * x), "CHN.threat": x,
            "CHN.third_country_clause": (x > 0.4).astype(float), "USA.project_subsidy": 0.3,
        },
        price=np.where(x < 0.5, 0.6 + x, 1 + 3 * x), stopped_share=0.1 * x, fill=1 - x / 2,
        provocation=1 - x, distrust=x, cover_weeks=10 * (1 - x), concession_probability=x,
        anomaly=1.5 * x, listed_firms=np.rint(3 * x), losses=0.01 * x,
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(policies()))
def test_many_lucks_are_answered_in_kind(picture: Picture, name: str) -> None:
    """A policy says for many lucks what it says for each of them alone, with the same draws."""
    view = stormy(picture, seat_of(name))

    class Spread:
        def uniform(self, week: int, purpose: str, n: int) -> Any:
            return np.tile(np.array([0.1, 0.9, 0.3, 0.7, 0.2, 0.5])[:, None], (1, n))

    policy = policy_by_name(name)
    together = {wish.lever: wish.value for wish in policy.decide(view, Spread())}
    apart = {wish.lever: wish.value for wish in PerLuck(policy).decide(view, Spread())}
    assert together.keys() == apart.keys()
    for lever, value in together.items():
        np.testing.assert_array_equal(value, apart[lever], err_msg=lever)


@pytest.mark.parametrize("name", sorted(policies()))
def test_wishes_are_few_in_range_and_say_why(picture: Picture, name: str) -> None:
    view = stormy(picture, seat_of(name))
    wishes = policy_by_name(name).decide(view, Even(0.9))
    given = np.zeros(6)
    for wish in wishes:
        value = np.asarray(wish.value)
        acts = ~np.isnan(value)
        given += acts
        for number in value[acts]:
            assert LEVERS[wish.lever.partition(".")[0]].fault(float(number), wish.lever) is None
        assert wish.why
        assert "{" not in wish.why
    assert given.max(initial=0) <= MOST_ORDERS


@pytest.mark.parametrize("name", sorted(policies()))
def test_every_page_names_itself_its_source_and_its_seat(name: str) -> None:
    policy = policies()[name]
    assert policy.name == name
    assert len(policy.source) > 20
    assert policy.traits[0] in (
        "coercer", "hub", "any seat", "JPN", "KOR", "USA", "EUU", "AUS",
    )  # fmt: skip


# --- quantal choice ---------------------------------------------------------------------------


def test_better_options_are_taken_more_often() -> None:
    options = [np.array([0.0]), np.array([0.25]), np.array([0.5])]
    odds = np.exp(np.array([0.0, 1.0, 2.0]))
    np.testing.assert_allclose(shares(options, 0.25)[:, 0], odds / odds.sum())


def test_choices_fall_by_their_shares() -> None:
    luck = (np.arange(10_000) + 0.5) / 10_000
    options = [np.full(10_000, u) for u in (0.0, 0.2, -0.1)]
    picked = np.bincount(choose(options, 0.25, luck), minlength=3) / 10_000
    np.testing.assert_allclose(picked, shares(options, 0.25)[:, 0], atol=2e-4)


def test_tables_of_weights_and_scales_agree() -> None:
    for name in ("china_cautious", "china_calibrated", "china_maximal"):
        assert set(scales()) <= set(persona(name)), name
    assert utility({"effort": 2.0}, {"effort": np.array([3.0])}) == 6.0 / scales()["effort"]


def test_the_posture_is_read_from_the_levers(picture: Picture) -> None:
    stand = posture(picture("CHN", levers=step(7, 2)))
    assert (stand.rung[0], stand.grip[0]) == (7, 2)
