"""A room with an allowance: what is refused at the door, what the seat sees, what replays."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from room_play import PLAN, SETUP, Play, keeps

from runs.pages.words import LANGUAGES, catalogue
from runs.room import rules, view
from runs.room.commands import Command, NewRoom, Refused
from runs.room.purse import Desk, Purses, purses_of
from runs.room.service import _setup
from runs.room.table import Table
from runs.room.trial.client import Bot, Door, Server, has_report, new_id, new_room
from world.levers import LEVERS
from world.scenario import Scenario, find_shipped

FEW = {**SETUP, "users": 300}
BOUND = {**FEW, "set": {"allowance": "true"}}


@pytest.fixture(scope="module")
def table() -> Table:
    """The world of a room with an allowance before its first turn; not to be played."""
    return Table(BOUND)


class Tied(Play):
    """A room with an allowance, and the world's word on every seat's purse."""

    def __init__(self, told: dict[str, Any], **fields: Any) -> None:
        super().__init__(setup=BOUND, **fields)
        self.plan: Scenario = PLAN.override({"allowance": "true"})
        self.result: dict[str, Any] | None = json.loads(json.dumps(told))

    @property
    def purses(self) -> Purses | None:
        return purses_of(self.result)

    def say(self, who: str, kind: str, turn: int = 0, /, ident: str = "", live: Any = (),
            **data: Any) -> Any:  # fmt: skip
        self.count += 1
        self.at += 1000
        command = Command(ident or f"c{self.count}", kind, who, self.at, turn, data)
        return self._take(rules.admit(self.room, self.plan, command, live, self.purses))

    def desk(self, seat: str) -> Desk:
        assert self.purses is not None
        return Desk(self.room, self.plan, seat, self.purses)

    def free(self, seat: str) -> float:
        return float(self.desk(seat).row()["money"]["free"])


@pytest.fixture
def tied(table: Table) -> tuple[Tied, str, str]:
    play = Tied(table.results[0])
    japan, korea = play.join("JPN", "Sato"), play.join("KOR", "Kim")
    play.control("start", practice=False)
    return play, japan, korea


def research(play: Play, who: str, value: float) -> Refused:
    return play.refused(who, "order", 1, lever="research_usd_m", value=value, why="")


# --- at the door ----------------------------------------------------------------------------------


def test_an_order_beyond_the_allowance_is_refused_and_what_is_named_is_taken(tied: Any) -> None:
    play, _, korea = tied
    refusal = research(play, korea, 500.0)
    assert (refusal.status, refusal.field) == (422, "value")
    assert "would bind 500.0 million USD more" in refusal.text
    say = refusal.say
    assert say is not None
    assert say.key == "refuse.purse_money"
    fits = float(say.values["fits"])
    assert fits % LEVERS["research_usd_m"].step == 0
    assert research(play, korea, fits + 10.0)
    play.order(korea, "research_usd_m", fits)
    assert play.free("KOR") < 10e6
    play.order(korea, "research_usd_m", 10.0)  # the later word counts, not both
    assert play.free("KOR") > (fits - 10.0) * 1e6


def test_what_makes_room_for_another_order_cannot_be_taken_back_alone(tied: Any) -> None:
    play, japan, _ = tied
    play.result["seats"]["JPN"]["purse"]["opening"]["research_usd_m"] = [60.0]  # from last turn
    assert play.free("JPN") < 12e6
    play.order(japan, "research_usd_m", 0.0)
    fits = play.desk("JPN").preview("stockpile_target_days", 360.0)["fits"]
    play.order(japan, "stockpile_target_days", fits)
    refusal = play.refused(japan, "order", 1, lever="research_usd_m", value=None, why="")
    assert refusal.say is not None
    assert refusal.say.key == "refuse.purse_taken_back"
    play.order(japan, "stockpile_target_days", None)
    play.order(japan, "research_usd_m", None)


def test_large_words_cost_political_capital(tied: Any) -> None:
    play, _, korea = tied
    play.order(korea, "stance", -1.0)
    spent = play.desk("KOR").row()["capital"]["bound"]
    assert spent >= 2.0
    refusal = play.refused(korea, "order", 1, lever="concession", value=2.0, why="")
    assert refusal.say is not None
    assert refusal.say.key.startswith("refuse.purse_capital")
    assert refusal.say.values["takes"] == 2.0
    play.order(korea, "stance", 0.0)
    play.order(korea, "concession", 2.0)


def test_before_the_world_has_spoken_nothing_is_taken(tied: Any) -> None:
    play, japan, _ = tied
    play.result = None
    refusal = research(play, japan, 10.0)
    assert refusal.status == 409
    assert refusal.say is not None
    assert refusal.say.key == "refuse.purse_waits"


def test_what_control_sets_is_not_refused_and_is_counted(tied: Any) -> None:
    play, japan, _ = tied
    play.control("override", seat="JPN", lever="research_usd_m", value=500.0, why="a decree")
    assert play.free("JPN") == 0.0
    assert play.refused(japan, "order", 1, lever="trial_usd_m", value=50.0, why="")
    play.order(japan, "stance", 0.2)


def test_a_room_without_the_setting_refuses_nothing() -> None:
    play = Play()
    korea = play.join("KOR", "Kim")
    play.control("start", practice=False)
    play.order(korea, "research_usd_m", 500.0)


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # its orders are cleared
)
@given(data=st.data())
def test_whatever_is_saved_and_taken_back_the_turn_fits(tied: Any, data: Any) -> None:
    play, japan, _ = tied
    orders = play.room.chairs["JPN"].orders
    orders.clear()
    levers = [LEVERS[name] for name in (
        "research_usd_m", "recycling_support", "diversification_credit", "stockpile_target_days",
        "stance", "concession", "offtake", "hub_policing",
    )]  # fmt: skip
    for _ in range(data.draw(st.integers(2, 10))):
        lever = data.draw(st.sampled_from(levers))
        value = data.draw(st.one_of(st.none(), st.floats(lever.low, lever.high)))
        if value is not None and lever.whole:
            value = float(round(value))
        with suppress(Refused):
            play.order(japan, lever.name, value)
        desk = play.desk("JPN")
        assert desk.purse().fits(desk.settings(own=False), desk.settings()).all()


# --- deals ----------------------------------------------------------------------------------------


def pays(usd_m: float) -> dict[str, Any]:
    return {"kind": "money", "usd_m_per_turn": usd_m}


def test_a_deal_over_the_allowance_is_refused_to_who_offers_it(tied: Any) -> None:
    play, _, korea = tied
    refusal = play.refused(
        korea, "offer", to="JPN", gives=[pays(5000.0)], gets=[], from_turn=None, turns=1,
        secret=False, exit=None, text="",
    )  # fmt: skip
    assert "This deal would bind 5,000.0 million USD more in the quarter" in refusal.text
    refusal = play.refused(
        korea, "offer", to="JPN", gives=[keeps("research_usd_m", "at_least", 400.0)], gets=[],
        from_turn=None, turns=1, secret=False, exit=None, text="",
    )  # fmt: skip
    assert refusal.say is not None
    assert refusal.say.key == "refuse.deal_purse_own"


def test_a_deal_that_another_cannot_carry_is_refused_without_its_figures(tied: Any) -> None:
    play, japan, korea = tied
    deal = play.offer(korea, "JPN", gives=[pays(0.9 * play.free("KOR") / 1e6)])
    play.order(korea, "research_usd_m", 20.0)  # and now it is spent
    refusal = play.refused(japan, "sign", deal=deal)
    assert refusal.say is not None
    assert (refusal.say.key, dict(refusal.say.values)) == (
        "refuse.deal_purse", {"n": deal, "seat": "KOR"}
    )  # fmt: skip
    play.order(korea, "research_usd_m", None)
    play.say(japan, "sign", deal=deal)


def test_what_a_deal_pays_is_bound_here_and_free_there(tied: Any) -> None:
    play, japan, korea = tied
    before = {seat: play.free(seat) for seat in ("JPN", "KOR")}
    deal = play.offer(korea, "JPN", gives=[pays(20.0)], turns=2)
    play.say(japan, "sign", deal=deal)
    assert play.free("KOR") == pytest.approx(before["KOR"] - 20e6)
    assert play.free("JPN") == pytest.approx(before["JPN"] + 20e6)
    assert play.desk("KOR").row()["money"]["new"] == pytest.approx(20e6)
    bound = play.desk("KOR").row()["money"]["bound"]
    play.close()
    assert play.desk("KOR").row()["money"]["bound"] == pytest.approx(bound + 20e6)
    assert play.desk("KOR").row()["money"]["new"] == pytest.approx(0.0)


def test_a_deal_that_begins_later_is_measured_against_the_purse_of_its_turn(tied: Any) -> None:
    play, _, korea = tied
    fits = play.desk("KOR").preview("research_usd_m", 500.0)["fits"]
    form = {"to": "JPN", "gets": [], "turns": 1, "secret": False, "exit": None, "text": ""}
    most = play.free("KOR") / 1e6
    play.order(korea, "stance", 1.0)  # capital is spent, and comes back by a point a turn
    bold = [keeps("concession", "at_least", 2.0)]
    refusal = play.refused(korea, "offer", gives=bold, from_turn=1, **form)
    assert refusal.say is not None
    assert refusal.say.key == "refuse.deal_capital_own"
    play.say(korea, "offer", gives=bold, from_turn=2, **form)
    play.order(korea, "research_usd_m", fits)  # money that runs on is bound in later turns too
    for turn in (1, 3):
        refusal = play.refused(korea, "offer", gives=[pays(0.9 * most)], from_turn=turn, **form)
        assert refusal.say is not None
        assert refusal.say.key == "refuse.deal_purse_own", turn
    play.order(korea, "research_usd_m", None)
    play.say(korea, "offer", gives=[pays(0.9 * most)], from_turn=3, **form)


def test_a_step_of_every_lever_of_money_fits_the_smallest_purse(table: Table) -> None:
    """A slider of which one step is above the allowance has one place to stand."""
    purse = table.results[0]["seats"]["VNM"]["purse"]
    desk = Tied(table.results[0]).desk("VNM")
    for name in ("minerals_fund_usd_m",):
        told = desk.preview(name, LEVERS[name].step)
        assert told["allowed"], (name, told, purse["allowance"])
    assert desk.preview("minerals_fund_usd_m", 500.0)["allowed"] is False


# --- what is seen ---------------------------------------------------------------------------------


def picture(play: Tied) -> view.Picture:
    assert play.result is not None
    return view.Picture(play.room, play.plan, play.at, [play.result])


def test_a_seat_sees_its_own_purse_and_nobody_elses(tied: Any) -> None:
    play, _, korea = tied
    play.order(korea, "research_usd_m", 20.0)
    mine = view.seat_view(picture(play), "KOR")["purse"]
    assert mine["money"]["new"] == pytest.approx(20e6)
    money = mine["money"]
    assert money["free"] == pytest.approx(money["allowance"] - money["bound"] - money["new"])
    assert mine["capital"] == {"points": 3.0, "bound": 0.0, "free": 3.0}
    assert mine["orders"] == {
        "research_usd_m": {"money": pytest.approx(20e6), "capital": 0.0}
    }  # fmt: skip
    theirs = view.seat_view(picture(play), "JPN")["purse"]
    assert theirs["money"]["new"] == 0.0
    wall = json.dumps(view.projector_view(picture(play)))
    assert '"purse"' not in wall
    assert '"purses"' not in wall
    assert set(view.control_view(picture(play), "f1")["purses"]) == set(play.plan.zones)
    levers = {row["lever"]: row for row in view.seat_view(picture(play), "KOR")["levers"]}
    assert (levers["stance"]["capital"], levers["stance"]["capital_step"]) == (1.0, 0.5)
    assert (levers["offtake"]["money"], levers["protest"]["capital_step"]) == ("running", None)
    firm = next(iter(play.plan.firms))
    assert "purse" not in view.seat_view(picture(play), firm)


def test_a_preview_says_what_is_taken_and_what_fits(tied: Any) -> None:
    play, _, _ = tied
    told = play.desk("KOR").preview("research_usd_m", 500.0)
    assert told["money"] == pytest.approx(500e6)
    assert told["allowed"] is False
    again = play.desk("KOR").preview("research_usd_m", told["fits"])
    assert again["allowed"] is True
    assert again["fits"] == told["fits"]


def test_without_an_allowance_pages_and_results_are_what_they_were() -> None:
    plain = Table(FEW)
    assert "purse" not in plain.results[0]["seats"]["KOR"]
    play = Play()
    korea = play.join("KOR", "Kim")
    play.control("start", practice=False)
    play.order(korea, "stance", 0.2)
    seen = view.Picture(play.room, play.plan, play.at, [plain.results[0]])
    assert "purse" not in view.seat_view(seen, "KOR")
    assert "purses" not in view.control_view(seen, "f1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_of_a_purse_have_their_places_in_every_language(language: str) -> None:
    words = catalogue(language)
    for kind, takes, free in (("money", "takes_usd", "free_usd"), ("capital", "takes", "free")):
        for end, places in (("", ("fits",)), ("_stays", ())):
            text = words[f"refuse.purse_{kind}{end}"]
            for place in ("lever", "value", takes, free, *places):
                assert f"{{{place}}}" in text, (language, kind, place)


# --- the setting ----------------------------------------------------------------------------------


def test_the_setting_of_a_room_is_kept_with_it() -> None:
    setup, _, _ = _setup(NewRoom(users=300, allowance=True), find_shipped("japan-2026"))
    assert setup["set"] == {"allowance": "true"}
    free, _, _ = _setup(NewRoom(users=300), find_shipped("japan-2026"))
    assert free["set"] == {}


def test_a_bound_room_replays_and_takes_turns_back_to_the_byte(tied: Any) -> None:
    """Orders that the door has let in are played as they are, by the table and by its replay."""
    play, japan, korea = tied
    fits = play.desk("KOR").preview("research_usd_m", 500.0)["fits"]
    play.order(korea, "research_usd_m", fits)
    play.order(japan, "stance", 0.5)
    play.say(japan, "submit", 1)
    table = Table(BOUND)
    inputs = play.close()
    first = table.play([inputs])[1]
    assert first["seats"]["KOR"]["purse"]["opening"]["research_usd_m"] == [fits]
    taken = [o for o in table.game.recorder.orders if o["by"] == "person"]
    assert taken
    assert all(o["accepted"] for o in taken)
    assert table.play([])[0]["digest"] == table.results[0]["digest"]  # back to the start
    assert table.play([inputs])[1]["digest"] == first["digest"]
    other = Table(BOUND)
    assert other.play([inputs])[1]["digest"] == first["digest"]
    assert play.again().digest() == play.room.digest()
    play.result = first
    bound = play.desk("KOR").row()["money"]["bound"]
    assert bound >= fits * 1e6  # what runs on is bound in the next turn


def test_the_server_refuses_what_does_not_fit_and_plays_what_does(server: Server) -> None:
    async def play() -> None:
        made = await new_room(
            server.address, users=300, turn_seconds=None, auto_close=False, allowance=True
        )
        control = Door(server.address, made["code"], made["facilitator_token"])
        bot = Bot(server.address, made["code"], "Kim")
        await bot.join("KOR")
        bot.go_live()
        await bot.until(has_report)
        await control.act("start")
        await bot.until(lambda seen: seen["phase"] == "orders" or seen["phase"] == "report")
        body = {"turn": 1, "lever": "research_usd_m", "value": 500.0, "why": ""}
        status, told = await bot.call("PUT", "/orders", {"id": new_id(), **body})
        assert status == 422
        assert told["say"]["key"] == "refuse.purse_money"
        fits = told["say"]["values"]["fits"]
        ask = f"/estimate?lever=research_usd_m&value={fits}"
        status, preview = await bot.call("GET", ask)
        assert (status, preview["purse"]["allowed"]) == (200, True)
        assert preview["cost_usd"] == pytest.approx(4.0 * preview["purse"]["money"])
        assert await bot.order(1, "research_usd_m", fits) == 200
        seen = await bot.until(lambda s: s["purse"]["money"]["new"] > 0)
        assert seen["purse"]["money"]["new"] == pytest.approx(fits * 1e6)
        await control.act("close_turn")
        seen = await bot.until(lambda s: s["turn"] == 2 and s["phase"] != "resolve")
        assert seen["purse"]["money"]["bound"] >= fits * 1e6
        await control.act("undo_turn", why="once more")
        seen = await bot.until(lambda s: s["turn"] == 1 and s["phase"] != "resolve")
        assert seen["purse"]["money"]["new"] == pytest.approx(fits * 1e6)
        await bot.leave()

    asyncio.run(play())
