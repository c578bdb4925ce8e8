"""What a measure on a bystander, or a neighbour that leaves the middle, makes others do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from agents.players import policy_by_name
from agents.view import StateView
from agents.warmup import build_world
from runs.outcome import outcomes
from runs.room.trial.players import Constant
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.policy_terms import terms
from world.scenario import load_scenario
from world.state import World

Picture = Callable[..., StateView]
TERMS = terms("reactions")
WEEKS = 52


class Even:
    def uniform(self, week: int, purpose: str, n: int) -> Any:
        return np.full((1, n), 0.5)


def moves(policy: str, view: StateView) -> dict[str, float]:
    wishes = policy_by_name(policy).decide(view, Even())
    return {wish.lever: float(np.ravel(wish.value)[0]) for wish in wishes}


@pytest.mark.parametrize(
    ("page", "seat"),
    [("korea_neutral", "KOR"), ("korea_ally", "KOR"), ("usa_sponsor", "USA"), ("eu_rules", "EUU"),
     ("usa_dealmaker", "USA"), ("australia_miner", "AUS"), ("eu_bloc", "EUU")],
)  # fmt: skip
def test_a_bystander_that_is_banned_protests_and_taxes(
    picture: Picture, page: str, seat: str
) -> None:
    ban = {f"CHN.ban_breadth.{seat}": 0.6}
    wished = moves(page, picture(seat, levers=ban))
    assert wished["protest"] == 1
    assert wished["tariff_on_coercer"] == TERMS.tariff
    held = picture(seat, levers=ban | {f"{seat}.tariff_on_coercer": TERMS.tariff})
    assert "tariff_on_coercer" not in moves(page, held)  # it stays, whatever the page has to say


def test_a_list_of_its_firms_is_felt_as_a_ban_is(picture: Picture) -> None:
    assert moves("korea_neutral", picture("KOR", levers={"CHN.listing.KOR": 0.3}))["protest"] == 1


def test_who_has_the_coercers_favour_protests_and_waits(picture: Picture) -> None:
    view = picture("KOR", levers={"CHN.ban_breadth.KOR": 0.6}, coercer_approval=TERMS.waits + 0.1)
    wished = moves("korea_neutral", view)
    assert wished["protest"] == 1
    assert "tariff_on_coercer" not in wished


def test_allies_of_a_bystander_that_is_hit_build_and_fill_and_others_do_not(
    picture: Picture,
) -> None:
    ban = {"CHN.ban_breadth.KOR": 0.6}
    ally = moves("japan_diversifier", picture("JPN", levers=ban))
    assert ally["joint_statement"] == ally["forge_member"] == 1
    assert ally["project_subsidy"] == TERMS.support
    assert any(lever.startswith("stockpile_target_days") for lever in ally)
    apart = moves("japan_diversifier", picture("JPN", levers=ban, alliance_approval=0.3))
    assert "forge_member" not in apart
    assert "joint_statement" not in apart


def test_taxes_and_protests_end_with_the_ban(picture: Picture) -> None:
    held = {"USA.tariff_on_coercer": TERMS.tariff, "USA.protest": 1}
    wished = moves("usa_sponsor", picture("USA", levers=held))
    assert wished["tariff_on_coercer"] == wished["protest"] == 0


def test_allies_make_room_for_who_drifts_and_leave_who_has_gone(picture: Picture) -> None:
    drifting = moves("usa_sponsor", picture("USA", allied_trust={"KOR": TERMS.courted - 0.01}))
    assert drifting["vault_restraint"] == TERMS.restraint
    assert "partner_terms" not in drifting
    gone = moves("usa_sponsor", picture("USA", allied_trust={"KOR": TERMS.gone - 0.01}))
    assert gone["partner_terms"] == TERMS.partner_terms
    assert "vault_restraint" not in gone
    held = {"USA.partner_terms": TERMS.partner_terms}
    assert moves("usa_sponsor", picture("USA", levers=held))["partner_terms"] == 0


def test_the_coercer_woos_who_leans_short_of_its_red_line(picture: Picture) -> None:
    ban = {"CHN.ban_breadth.JPN": 0.6}
    near = moves("china_calibrated", picture("CHN", levers=ban | {"KOR.stance": 0.5}))
    assert near["general_licence.KOR"] == TERMS.favour
    past = moves("china_calibrated", picture("CHN", levers=ban | {"KOR.stance": 0.7}))
    assert "general_licence.KOR" not in past
    assert past["licence_approval.KOR"] < 1


@pytest.mark.parametrize("page", ["china_calibrated", "china_maximal", "china_cautious"])
def test_without_trust_the_coercer_gives_up_bans_on_its_largest_customers(
    picture: Picture, page: str
) -> None:
    sales = {"KOR": 3e9, "USA": 2e9, "EUU": 2e9, "AUS": 1e8}
    bans = {f"CHN.ban_breadth.{zone}": 0.6 for zone in sales}
    low = picture("CHN", levers=bans, exports_usd=sales, alliance_approval=0.1)
    given_up = {lever for lever, value in moves(page, low).items() if lever in
                {f"ban_breadth.{zone}" for zone in sales} and value == 0}  # fmt: skip
    assert given_up == {"ban_breadth.KOR", "ban_breadth.USA", "ban_breadth.EUU"}
    trusted = picture("CHN", levers=bans, exports_usd=sales, alliance_approval=0.4)
    assert not {lever for lever in moves(page, trusted) if lever.startswith("ban_breadth")}


def test_nobody_stirs_while_only_the_target_is_banned(picture: Picture) -> None:
    """What the reactions add is nothing there: the levers that only they move stay as they are."""
    ban = {"CHN.rung.JPN": 6}
    for page, seat in (("usa_sponsor", "USA"), ("korea_neutral", "KOR"), ("eu_rules", "EUU")):
        wished = moves(page, picture(seat, levers=ban))
        assert not wished.keys() & {"tariff_on_coercer", "partner_terms", "vault_restraint"}
        assert wished.get("protest", 0) == 0


# --- in the world ---------------------------------------------------------------------------------


@cache
def played(*banned: str) -> World:
    """A year in which a person in the coercer's seat bans the target and these besides."""
    plan = load_scenario("japan-2026", {"users": 100})
    orders = {f"rung.{zone}": 6.0 for zone in ("JPN", *banned)}
    seats = Seats(plan, {"CHN": Constant(plan, "CHN", "bans", orders)})
    world, draws = build_world(plan).spread(2), Draws(5, 2)
    while world.week < WEEKS:
        play_week(world, draws, seats)
    return world


def test_banning_the_largest_customers_costs_orders_trust_and_supply() -> None:
    one, all_ = played(), played("KOR", "USA", "EUU")
    c = one.setting.coercer
    assert (one.zones.orders_lost[:, c] == 0).all()
    assert (one.zones.alliance_approval[:, c] == 0.5).all()
    assert (all_.zones.orders_lost[:, c] > 1e10).all()
    assert (all_.zones.alliance_approval[:, c] < 0.4).all()
    assert (outcomes(all_)["supply"][:, c] < outcomes(one)["supply"][:, c] - 0.1).all()
    zones = all_.setting.zone_index
    for zone in ("KOR", "USA", "EUU"):
        assert (all_.regime["tariff_on_coercer"][:, zones[zone], 0] == TERMS.tariff).all()


def test_more_customers_banned_more_orders_lost() -> None:
    worlds = [played(), played("KOR"), played("KOR", "USA"), played("KOR", "USA", "EUU")]
    lost = [float(w.zones.orders_lost[:, w.setting.coercer].mean()) for w in worlds]
    assert lost == sorted(lost)
    assert len(set(lost)) == 4
