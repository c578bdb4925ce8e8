"""The wall: its scenes follow the log, its reveal goes step by step, and before that it knows
nothing that not everybody may know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import host_play
import pytest
from host_play import Party
from room_play import SETUP, Play, keeps, stock

from runs.room import scenes, show
from runs.room.branches import branch
from runs.room.causes import causes
from runs.room.forecasts import QUESTIONS
from runs.room.state import ENDED, Room
from runs.room.table import Table
from runs.room.view import Picture, control_view, projector_view

MARK = "canary51c2"
P = {"price_up": (0.9, 0.2), "caught": (0.4,)}  # forecasts of turn 1, in the order of people


class Lesson(NamedTuple):
    play: Play
    table: Table
    results: list[dict[str, Any]]
    causes: dict[int, dict[str, Any]]

    def picture(self, room: Room | None = None, at: int | None = None) -> Picture:
        """The room as it is, or another, at a time."""
        room = self.play.room if room is None else room
        results = self.results[: len(room.played) + 1]
        now = self.play.at if at is None else at
        return Picture(room, self.play.plan, now, results, None, self.causes)

    def wall(self, room: Room | None = None, at: int | None = None) -> dict[str, Any]:
        return projector_view(self.picture(room, at))


def lesson(**fields: Any) -> Play:
    """Three turns with everything that a reveal unseals in them, up to their end."""
    play = Play(users=300, turns=3, **fields)
    japan, korea = play.join("JPN", f"{MARK} name"), play.join("KOR", "Kim")
    hanoi = play.join("VNM", "Tran")
    play.say(korea, "weights", supply=0.5, autonomy=0.3, standing=0.2)
    play.control("start", practice=False)
    text = f"{MARK} words"
    short = play.offer(japan, "KOR", gives=[stock("tungsten", 1e6)], secret=True, text=text,
                       gets=[{"kind": "money", "usd_m_per_turn": 11.0}])  # fmt: skip
    play.say(korea, "sign", deal=short)
    left = play.offer(hanoi, "JPN", gives=[keeps("hub_policing", "at_most", 0.2)], turns=3, exit=1,
                      secret=True)  # fmt: skip
    play.say(japan, "sign", deal=left)
    open_ = play.offer(japan, "VNM", gives=[{"kind": "money", "usd_m_per_turn": 3.0}])
    play.say(hanoi, "sign", deal=open_)
    gives = [keeps("stance", "equals", 0.0)]
    play.offer(korea, "CHN", secret=True, gives=gives, text=f"{MARK} never signed")
    play.say(japan, "order", 1, lever="stance", value=0.4, why=f"{MARK} why")
    for question, chances in P.items():
        for who, p in zip((japan, korea), chances, strict=False):
            play.say(who, "forecast", 1, question=question, p=p)
    event = {"kind": "news", "actor": "JPN", "target": "JPN", "text": f"{MARK} inject", "week": 0,
             "data": {}}  # fmt: skip
    play.control("inject", event=event, to=["JPN"])
    play.say(hanoi, "withdraw", deal=left)
    play.close()
    play.close(live=["JPN", "KOR", "VNM"])
    play.close(live=["JPN", "KOR", "VNM"])
    return play


@pytest.fixture(scope="module")
def played() -> Lesson:
    play = lesson()
    table = Table({**SETUP, "users": 300})
    results = table.play(play.room.played)
    return Lesson(play, table, results, {n: causes(table, n) for n in (1, 2, 3)})


@pytest.fixture
def ended(played: Lesson) -> Lesson:
    """The same lesson with a log of its own, at its end."""
    return played._replace(play=lesson())


# --- scenes ---------------------------------------------------------------------------------------


def test_the_scene_follows_the_game_by_itself() -> None:
    play = Play(turns=2, turn_seconds=300)
    korea = play.join("KOR")
    see = lambda after=0: scenes.here(play.room, play.at + 1000 * after).scene  # noqa: E731
    assert see() == "title"
    play.control("start", practice=False)
    assert (see(), see(230), see(245)) == ("situation", "situation", "decide")
    play.control("pause")
    assert see(290) == "situation"  # its clock stands
    play.control("resume")
    play.order(korea, "stance", 0.1)
    play.say("server", "close", 1, why="deadline")
    assert see() == "situation"
    play.say("server", "resolved", 1, digest="d")
    assert (see(), see(58), see(62)) == ("result", "result", "situation")
    play.close()
    assert see() == "result"
    assert see(9999) == "result"
    play.control("reveal")
    assert see() == "reveal"


@pytest.mark.parametrize(("turn_seconds", "result", "decide"), [(30, 6, 6), (None, 60, None)])
def test_a_short_turn_gives_less_of_it_away_and_one_without_a_clock_no_last_minute(
    turn_seconds: int | None, result: int, decide: int | None
) -> None:
    play = Play(turns=3, turn_seconds=turn_seconds)
    play.control("start", practice=False)
    play.close()
    opened = play.room.opened
    assert scenes.here(play.room, opened + 1000 * result - 1).scene == "result"
    assert scenes.here(play.room, opened + 1000 * result).scene == "situation"
    late = opened + 1000 * ((turn_seconds or 9000) - (decide or 0))
    assert scenes.here(play.room, late).scene == ("decide" if decide else "situation")


def test_a_choice_of_control_holds_until_the_game_goes_on() -> None:
    play = Play(turns=2, turn_seconds=300)
    play.control("start", practice=False)
    play.close()
    now = lambda after=0: scenes.here(play.room, play.at + 1000 * after).scene  # noqa: E731
    play.control("scene", to="next")
    assert (now(), now(200)) == ("situation", "situation")
    assert now(295) == "decide"  # the last minute comes all the same
    play.control("scene", to="back")
    assert now() == "result"
    play.control("scene", to="decide")
    assert now() == "decide"
    assert play.refused("f1", "control", action="scene", to="next").status == 409
    assert play.refused("f1", "control", action="scene", to="reveal").status == 409
    assert play.refused("f1", "control", action="scene", to="title").status == 409
    assert play.refused("f1", "control", action="scene", to=["back"]).status == 409
    play.close()
    assert now() == "result"  # of the new turn
    assert play.again().digest() == play.room.digest()


def test_control_sees_what_its_arrows_lead_to(ended: Lesson) -> None:
    play = ended.play
    wall = control_view(ended.picture(), "f1")["wall"]
    assert (wall["scene"], wall["back"]) == ("result", None)
    assert (wall["next"]["scene"], wall["next"]["part"]) == ("reveal", "deals")
    assert [one["part"] for one in wall["parts"]] == list(scenes.PARTS)
    play.control("scene", to="next")
    assert play.room.revealed  # the end leads into the reveal, which opens by that
    wall = control_view(ended.picture(), "f1")["wall"]
    assert (wall["scene"], wall["step"], wall["back"]["scene"]) == ("reveal", 1, "result")


def test_going_on_into_the_reveal_needs_the_right_to_open_the_record(ended: Lesson) -> None:
    play = ended.play
    play.control("facilitator", name="Helper", rights=["time"])
    assert play.refused("f2", "control", action="scene", to="next").status == 403
    assert play.refused("f9", "control", action="scene", to="next").status == 403
    play.control("reveal")
    play.control("scene", who="f2", to="next")


# --- the reveal -----------------------------------------------------------------------------------


def steps_of(ended: Lesson) -> Iterator[dict[str, Any]]:
    """The wall at every step of the reveal, from the first to the last, under the arrow key."""
    ended.play.control("scene", to="next")
    yield ended.wall()
    while control_view(ended.picture(), "f1")["wall"]["next"]:
        ended.play.control("scene", to="next")
        yield ended.wall()


def test_each_arrow_changes_the_wall_and_says_which_step_it_is(ended: Lesson) -> None:
    seen = list(steps_of(ended))
    assert [one["wall"]["part"] for one in seen] == [
        "deals", "deals", "forecasts", "forecasts", "scores", "branch", "replay"
    ]  # fmt: skip
    assert [one["wall"]["step"] for one in seen] == list(range(1, 8))
    assert all(one["wall"]["steps"] == 7 for one in seen)
    assert all(a["show"] != b["show"] for a, b in pairwise(seen))


def test_control_reads_what_the_steps_will_say_once_the_reveal_is_open(ended: Lesson) -> None:
    assert control_view(ended.picture(), "f1")["ahead"] == []
    seen = list(steps_of(ended))
    told = control_view(ended.picture(), "f1")["ahead"]
    assert [(one["part"], one["n"]) for one in told] == [
        (one["wall"]["part"], one["wall"]["n"]) for one in seen
    ]  # fmt: skip
    assert [one["show"] for one in told[:-1]] == [one["show"] for one in seen[:-1]]
    assert told[-1]["show"] == {"weeks": seen[-1]["show"]["weeks"]}


def test_the_steps_are_in_the_log_alone(ended: Lesson) -> None:
    for seen in steps_of(ended):
        again = ended.wall(ended.play.again())
        assert again == seen
    ended.play.control("scene", to="back")
    assert ended.wall(ended.play.again())["wall"]["part"] == "branch"
    ended.play.control("scene", to="scores")
    assert ended.wall()["wall"]["part"] == "scores"
    ended.play.control("scene", to="result")
    assert ended.wall()["wall"]["scene"] == "result"
    ended.play.control("scene", to="next")
    assert ended.wall()["wall"]["step"] == 1  # nothing is closed again, and → begins anew


@pytest.mark.usefixtures("stand_in")
def test_a_server_that_is_killed_comes_back_at_the_same_step(tmp_path: Path) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.control("close_turn")
        await party.until(lambda: party.host.room.phase == ENDED)
        for _ in range(3):
            await party.control("scene", to="next")
        before = projector_view(party.host.picture())["wall"]
        await party.again()
        await party.until(lambda: len(party.host.stage.results) == 2)
        assert projector_view(party.host.picture())["wall"] == before
        assert (before["scene"], before["step"], before["part"]) == ("reveal", 3, "scores")

    host_play.play(tmp_path, act, turns=1, turn_seconds=None)


def test_deals_are_unsealed_one_by_one_as_they_were_signed_and_kept(ended: Lesson) -> None:
    first, second = (one["show"] for one in list(steps_of(ended))[:2])
    signed = [d for d in ended.play.room.deals.values() if d.secret and d.signed_by_all]
    assert [first["deal"]["n"], second["deal"]["n"]] == [deal.n for deal in signed]
    for seen, deal in zip((first["deal"], second["deal"]), signed, strict=True):
        assert (seen["by"], seen["to"], seen["text"]) == (deal.by, deal.to, deal.text)
        assert (seen["gives"], seen["gets"]) == (deal.gives, deal.gets)
    moved = ended.results[1]["transfers"][0]
    assert first["turns"][0] == {"turn": 1, "state": "short", "by": "JPN", "material": "tungsten",
                                 "promised_t": 1e6, "moved_t": moved["moved_t"]}  # fmt: skip
    assert [one["state"] for one in second["turns"]] == ["kept", "kept", "left"]
    assert second["deal"]["left_by"] == "VNM"
    assert (second["deal"]["start"], second["deal"]["last"]) == (1, 3)


def test_forecasts_stand_beside_what_came_and_name_only_the_closest(ended: Lesson) -> None:
    shown = [one["show"] for one in steps_of(ended) if one["wall"]["part"] == "forecasts"]
    assert [one["question"] for one in shown] == [q for q in QUESTIONS if q in P]
    for one in shown:
        came = ended.results[1]["public"]["outcomes"][one["question"]]
        chances = P[one["question"]]
        assert one["rows"] == [{"turn": 1, "p": sorted(chances), "came": came}]
        assert one["right"] == sum((p > 0.5) is came for p in chances)
        assert one["answers"] == len(chances)
    came = ended.results[1]["public"]["outcomes"]["price_up"]
    assert shown[0]["closest"] == ("JPN" if came else "KOR")
    assert shown[1]["closest"] is None  # alone, nobody is closest


def test_scores_are_those_of_the_room_in_the_order_of_seats(ended: Lesson) -> None:
    shown = next(one["show"] for one in steps_of(ended) if one["wall"]["part"] == "scores")
    totals = control_view(ended.picture(), "f1")["scores"]
    assert [row["seat"] for row in shown["rows"]] == [
        seat for seat in ended.play.room.chairs if seat in ("JPN", "KOR", "VNM")
    ]  # fmt: skip
    for row in shown["rows"]:
        assert (row["score"], row["band"]) == (totals[row["seat"]]["score"],
                                               totals[row["seat"]]["band"])  # fmt: skip
        assert row["goal"] == ("supply" if row["seat"] == "KOR" else "")
    assert sum(shown["counts"].values()) == 3


def test_the_branch_is_the_last_one_that_control_played_after_the_reveal(ended: Lesson) -> None:
    play = ended.play
    korea = {"base": {"usd": 2, "refuse": 0.5}, "branch": {"usd": 1, "refuse": 0}}
    tried = {"zones": {"KOR": korea},
              "world_loss_usd": {"base": 5, "branch": 4}, "from_week": 0, "orders": [],
              "set": {"CHN.third_country_clause": 0.0}}  # fmt: skip
    assert play.refused("server", "branched", **tried).status == 409  # the record is closed
    play.control("reveal")
    play.control("scene", to="branch")
    assert ended.wall()["show"] == {"branch": None}
    play.say("server", "branched", **tried)
    assert ended.wall()["show"]["branch"] == tried
    assert ended.wall(play.again())["show"]["branch"] == tried
    play.control("undo_turn", why="once more")
    assert play.room.branch is None  # of a game that is no more


def test_a_branch_tells_of_every_zone_what_it_lost_and_who_refuses(played: Lesson) -> None:
    asked = {"week": 13, "set": {"CHN.third_country_clause": 0.0}, "orders": []}
    found = branch(played.table, asked)
    zones = found["zones"]
    assert list(zones) == list(played.play.plan.zones)
    for side in ("base", "branch"):
        total = sum(one[side]["usd"] for one in zones.values())
        assert total == pytest.approx(found["world_loss_usd"][side], abs=len(zones))
    as_it_was = {zone: one["base"]["refuse"] for zone, one in zones.items()}
    assert as_it_was == played.results[3]["truth"]["refuse"]
    assert zones["KOR"]["branch"]["refuse"] < as_it_was["KOR"]


def test_the_replay_holds_every_week_with_what_travelled_in_truth(ended: Lesson) -> None:
    shown = list(steps_of(ended))[-1]["show"]
    assert shown["weeks"] == 39 == len(shown["price"])
    assert {lane["kind"] for lane in shown["lanes"]} >= {"china", "other"}
    assert all(len(lane["t"]) == 39 for lane in shown["lanes"])
    for turn in (1, 2, 3):
        for lane in ended.results[turn]["truth"]["lanes"]:
            whole = next(one for one in shown["lanes"] if all(
                one[key] == lane[key] for key in ("from", "to", "kind")))  # fmt: skip
            assert whole["t"][13 * turn - 13 : 13 * turn] == lane["t"]


# --- what it may know -----------------------------------------------------------------------------


def test_no_scene_before_the_reveal_holds_anything_private(ended: Lesson) -> None:
    """Canaries in words, and in figures: sums of secret deals, scores, chances, true lanes."""
    play, looked = ended.play, set()
    room = Room()
    from runs.room.fold import apply

    secret = ("usd_m_per_turn\": 11", "percentiles", '"p"', "truth", "refuse\"", "transfers", MARK)
    for command in play.log:
        apply(room, play.plan, command)
        for after in (0, 30, 61, 250):
            seen = ended.wall(room, command.at + 1000 * after)
            looked.add(seen["wall"]["scene"])
            text = json.dumps(seen)
            assert [word for word in secret if word in text] == []
            assert "next" not in seen["wall"]  # whether there are secret deals
    assert looked == {"title", "situation", "decide", "result"}
    never = [f"{MARK} {word}" for word in ("name", "why", "inject", "never signed")] + ["truth"]
    opens = {"deals": f"{MARK} words", "forecasts": '"p"', "scores": "percentiles"}
    for seen in steps_of(ended):  # each step opens its own, and no more than that
        text, part = json.dumps(seen), seen["wall"]["part"]
        assert [word for word in never if word in text] == [], part
        assert [part for one, word in opens.items() if (word in text) and one != part] == []


def test_secret_words_orders_and_deals_leave_the_wall_as_it_was() -> None:
    """Two rooms that differ in what the wall may not know, before anything follows from it."""

    def walls(other: bool) -> list[dict[str, Any]]:
        play = Play()
        japan, korea = play.join("JPN", "Sato" if other else "Abe"), play.join("KOR", "Kim")
        play.say(korea, "weights", supply=0.5 if other else 0.2, autonomy=0.3,
                 standing=0.2 if other else 0.5)  # fmt: skip
        play.control("start", practice=False)
        play.order(japan, "stance", 0.4 if other else -0.4)
        deal = play.offer(japan, "KOR", secret=True, text="a" if other else "b",
                          gives=[stock("tungsten", 2.0 if other else 3.0)])  # fmt: skip
        play.say(korea, "sign", deal=deal)
        play.say(korea, "forecast", 1, question="caught", p=0.1 if other else 0.9)
        at = play.at
        return [projector_view(Picture(play.room, play.plan, at + 1000 * s)) for s in (0, 270)]

    assert walls(True) == walls(False)


def test_why_a_zone_lost_names_nobodys_orders_and_adds_up(played: Lesson) -> None:
    found = [show.why(played.picture(), turn) for turn in (1, 2, 3)]
    told = [one for one in found if one is not None]
    assert told
    for one in told:
        assert {row["kind"] for row in one["rows"]} <= {
            "measures", "refusals", "fear", "event", "rest"}  # fmt: skip
        total = one["start"] + sum(row["usd"] for row in one["rows"])
        assert total == pytest.approx(one["end"], abs=len(one["rows"]) + 1)


def test_the_result_compares_with_a_quarter_ago(played: Lesson) -> None:
    shown = played.wall()["show"]
    assert (shown["turn"], shown["from_week"]) == (3, 26)
    zone = played.results[3]["public"]["zone"]
    for row in shown["prices"]:
        now, before = (played.results[n]["public"]["prices"] for n in (3, 2))
        assert (row["now"], row["before"]) == (now[row["good"]][zone], before[row["good"]][zone])
    assert [row["now"] for row in shown["prices"]] == sorted(
        (row["now"] for row in shown["prices"]), reverse=True
    )
    assert all(len(lane["t"]) == 13 for lane in shown["lanes"])
    assert set(shown["say"]) == {"en", "ko", "ja", "zh-Hans"}


def test_news_of_the_wall_hold_no_code_and_no_lever(played: Lesson) -> None:
    from world.levers import LEVERS

    said = [
        text for result in played.results[1:] for one in (
            result["wall"]["say"], *(line["say"] for line in result["wall"]["news"]))
        for text in one.values()
    ]  # fmt: skip
    assert len(said) >= 8
    zones = set(played.play.plan.zones) - {"USA"}
    assert not [text for text in said if any(zone in text.split() for zone in zones)]
    assert not [text for text in said if any(name in text for name in LEVERS if "_" in name)]
    assert not [text for text in said if "{" in text]


def test_rooms_of_an_earlier_model_have_a_wall_too(played: Lesson) -> None:
    """Results that were kept before the wall had weeks of its own."""
    old = [{k: v for k, v in one.items() if k not in ("wall", "truth")} for one in played.results]
    pic = replace(played.picture(), results=old, causes={})
    assert projector_view(pic)["show"]["why"] is None
