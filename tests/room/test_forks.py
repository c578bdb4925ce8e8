"""The review's story: what branches answer, what is told of it, and that it stays the same."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from host_play import Party
from host_play import play as party_of
from room_play import SETUP, Play, keeps, started

from runs.about import MODEL
from runs.outcome import GAUGES
from runs.room import forks, score
from runs.room.afteraction import report_html
from runs.room.causes import causes
from runs.room.child import Child
from runs.room.commands import Refused
from runs.room.log.results import Results
from runs.room.state import AI, ENDED, PERSON
from runs.room.table import Table
from runs.room.verdict import asked_of, story
from runs.room.view import Picture
from runs.room.worker import Desk

SMALL = {**SETUP, "users": 100}
TURNS = 3
LIVE = ("JPN", "KOR", "KOR_BATTERY")


def played() -> Play:
    """Three turns: Korea fills its reserve and then does what reaches nothing, Japan and Korea have
    a deal, a card falls."""
    play, japan, korea = started(users=100, turns=TURNS, setup=SMALL)
    maker = play.join("KOR_BATTERY", "Park")
    play.order(korea, "stockpile_target_days", 300.0)
    play.order(korea, "stance", 0.8)
    play.order(maker, "cover_factor", 4.0)
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.9)], gets=[], turns=2)
    play.say(korea, "sign", deal=deal)
    play.close(live=LIVE)
    play.order(korea, "hub_policing", 0.9)
    event = {"kind": "demand_shock", "actor": "", "target": "KOR", "text": "Boom", "week": 0,
             "data": {"factor": 3.0, "weeks": 13}}  # fmt: skip
    play.control("inject", event=event)
    play.close(live=LIVE)
    play.order(japan, "stockpile_release", 0.2)
    play.close(live=LIVE)
    return play


def fork(
    table: Table, asked: forks.Question, deals: Mapping[str, Iterable[str]]
) -> forks.Answer:
    """The answer to a question, at once."""
    parts = forks.by_turn(table, asked, deals)
    while (found := forks.part_of(parts)) is None:
        pass
    return found


class Told:
    """A game that has ended, with all its branches."""

    def __init__(self) -> None:
        self.play = played()
        self.room, self.plan = self.play.room, self.play.plan
        self.table = Table(SMALL)
        self.table.play(self.room.played)
        self.deals = {str(n): list(deal.parties) for n, deal in self.room.deals.items()}
        found = {turn: causes(self.table, turn) for turn in range(1, TURNS + 1)}
        self.bare = Picture(self.room, self.plan, 0, self.table.results, None, found)
        self.asked = asked_of(self.bare)
        self.answers = {
            forks.key_of(one): fork(self.table, one, self.deals) for one in self.asked
        }
        self.picture = replace(self.bare, answers=self.answers)

    def again(self, turns: list[dict[str, Any]]) -> Table:
        """Another game of the same seed, from its first week."""
        table = Table(SMALL)
        table.play(turns)
        return table

    def answer(self, kind: str, seat: str = "", turn: int = 1, **more: Any) -> forks.Answer:
        return self.answers[forks.key_of(forks.question(kind, seat, turn, **more))]


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


def ends(table: Table, seat: str) -> list[float]:
    return [table.results[-1]["seats"][seat]["gauges"][name] for name in GAUGES]


def test_a_branch_that_leaves_nothing_out_is_the_game(told: Told) -> None:
    nothing = forks.question(forks.ORDERS, "AUS", 1)  # which nobody has played
    found = fork(told.table, nothing, told.deals)
    for seat in told.plan.actors:
        ended = [result["seats"][seat]["gauges"] for result in told.table.results[1:]]
        was = [[gauges[name] for name in GAUGES] for gauges in ended]
        assert found["gauges"][seat] == was
        lost = [told.bare.causes[turn]["seats"][seat]["loss_usd"] for turn in range(1, TURNS + 1)]
        assert found["lost_usd"][seat] == pytest.approx(lost, abs=2)
    world = [r["public"]["world_loss_usd"] for r in told.table.results[1:]]
    assert found["world_usd"] == pytest.approx(world, rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "seat", "turn", "more"),
    [
        (forks.BY_AI, "KOR", 1, {}), (forks.IDLE, "KOR", 1, {}), (forks.ORDERS, "KOR", 1, {}),
        (forks.LEVER, "KOR", 1, {"lever": "stockpile_target_days"}),
        (forks.ORDERS, "JPN", 3, {}),
    ],
)  # fmt: skip
def test_what_a_branch_says_is_what_another_game_of_that_seed_brings(
    told: Told, kind: str, seat: str, turn: int, more: dict[str, Any]
) -> None:
    """The second computation is a game from its first week, told by hand."""
    turns = json.loads(json.dumps(told.room.played))
    for inputs in turns:
        gone = kind in (forks.BY_AI, forks.IDLE)
        if gone:
            inputs["seats"][seat] = AI if kind == forks.BY_AI else PERSON
            inputs["bounds"], inputs["held"] = [], []  # the one deal is its own
        inputs["orders"] = [
            one for one in inputs["orders"]
            if one["actor"] != seat or not (
                gone or (kind == forks.ORDERS and inputs["turn"] == turn)
                or one["lever"] == more.get("lever")
            )
        ]  # fmt: skip
    other = told.again(turns)
    found = told.answer(kind, seat, turn, **more)
    for one in told.plan.actors:
        assert found["gauges"][one][-1] == ends(other, one)
    assert ends(other, "KOR") != ends(told.table, "KOR") or seat == "JPN"  # something was left out


def test_deals_cards_and_beijings_sides_are_asked_after(told: Told) -> None:
    kinds = {one["kind"] for one in told.asked}
    assert {forks.DEAL, forks.INJECT, forks.MEASURES, forks.THREATS, forks.EVENT} <= kinds
    assert forks.key_of(told.asked[0]) == forks.key_of(forks.question(forks.BY_AI, "JPN"))
    bare = told.answer(forks.DEAL, "", 1, n=next(iter(told.room.deals)))
    assert bare["gauges"]["JPN"][-1] != ends(told.table, "JPN")  # its stance was bound
    threat = next(one for one in told.asked if one["kind"] == forks.THREATS)
    calm = told.answers[forks.key_of(threat)]
    assert calm["gauges"]["CHN"][-1] != ends(told.table, "CHN")


def test_where_there_are_too_many_questions_orders_of_late_turns_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    play = played()
    whole = forks.questions(play.room, play.plan, [])
    orders = [one["turn"] for one in whole if one["kind"] == forks.ORDERS]
    assert orders == [1, 1, 2, 3]
    monkeypatch.setattr(forks, "MOST", len(whole) - 2)
    fewer = forks.questions(play.room, play.plan, [])
    assert [one["turn"] for one in fewer if one["kind"] == forks.ORDERS] == [1, 1]
    assert [one for one in whole if one not in fewer] == [
        one for one in whole if one["kind"] == forks.ORDERS and one["turn"] > 1
    ]


def test_what_control_has_ordered_is_no_decision_of_the_seat() -> None:
    play, _, korea = started(users=100, turns=1, setup=SMALL)
    play.order(korea, "hub_policing", 0.5)
    play.control("override", seat="KOR", lever="stance", value=0.4, why="as agreed aloud")
    play.control("override", seat="JPN", lever="stance", value=0.3, why="as agreed aloud")
    play.close(live=("JPN", "KOR"))
    inputs = play.room.played[0]
    assert [one["lever"] for one in forks.own_orders(inputs, "KOR")] == ["hub_policing"]
    asked = forks.questions(play.room, play.plan, [])
    own = [one for one in asked if one["kind"] in (forks.ORDERS, forks.LEVER)]
    assert {(one["seat"], one.get("lever")) for one in own} == {
        ("KOR", None), ("KOR", "hub_policing")
    }
    for kind in (forks.IDLE, forks.ORDERS):  # what control has set stands in the branch
        (turn,) = forks.otherwise([inputs], forks.question(kind, "KOR"), {})
        assert [(one["actor"], one["lever"]) for one in turn["orders"]] == [
            ("JPN", "stance"), ("KOR", "stance")
        ]


def test_the_verdict_compares_with_ai_and_with_doing_nothing(told: Told) -> None:
    row = story(told.picture)["seats"]["KOR"]
    weights = told.room.chairs["KOR"].weights
    total = lambda gauges: score.total(  # noqa: E731
        "japan-2026", TURNS, "KOR", dict(zip(GAUGES, gauges, strict=True)), weights
    )["score"]
    values = row["verdict"]["values"]
    assert values["score"] == total(ends(told.table, "KOR"))
    assert values["ai"] == total(told.answer(forks.BY_AI, "KOR")["gauges"]["KOR"][-1])
    assert values["idle"] == total(told.answer(forks.IDLE, "KOR")["gauges"]["KOR"][-1])
    way = values["score"] - values["ai"]
    key = "alike" if abs(way) < 2 else "better" if way > 0 else "worse"
    assert row["verdict"]["key"] == f"review.verdict.{key}"


def test_turning_points_are_the_largest_and_one_is_not_the_seats_own(told: Told) -> None:
    points = story(told.picture)["seats"]["KOR"]["points"]
    assert 1 < len(points) <= 3
    assert {one["own"] for one in points} == {True, False}
    was = sum(ends(told.table, "KOR")) / 3
    changes = {}
    for one in told.asked:
        if one["kind"] in (forks.BY_AI, forks.IDLE, forks.LEVER):
            continue
        then = sum(told.answers[forks.key_of(one)]["gauges"]["KOR"][-1]) / 3
        changes[forks.key_of(one)] = 100 * (was - then)
    assert abs(changes[points[0]["key"]]) == max(map(abs, changes.values()))
    for one in points:
        assert one["change"] == pytest.approx(changes[one["key"]], abs=0.051)
        end = told.answers[one["key"]]["gauges"]["KOR"][-1][GAUGES.index(one["gauge"])]
        assert one["without"][-1] == round(100 * end, 1)
        assert len(one["was"]) == len(one["without"]) == TURNS + 1


def test_a_firm_is_told_in_its_own_measures(told: Told) -> None:
    row = story(told.picture)["seats"]["KOR_BATTERY"]
    assert row["curve"]["lead"] == "money"  # which is profit
    profit = {one["id"]: one["was"] for one in row["curve"]["measures"]}["money"]
    earned = [r["seats"]["KOR_BATTERY"]["report"]["profit_total_usd"] for r in told.table.results]
    assert profit[-1] == pytest.approx(earned[-1], rel=1e-3)
    assert {"lines", "standing"} <= {one["id"] for one in row["curve"]["measures"]}
    said = [one["say"] for one in (*row["points"], *row["asks"])]
    assert said
    assert {say["values"]["gauge"].partition("_")[0] for say in said} == {"goal.firm"}
    assert any("firm" in say["key"] for say in said)


def test_beijings_steps_are_marked_in_their_weeks(told: Told) -> None:
    marks = story(told.picture)["seats"]["KOR"]["marks"]
    given = [o for o in told.table.game.recorder.orders if o["actor"] == "CHN" and o["accepted"]]
    for one in marks:
        assert any((o["week"], o["lever"], o["value"]) == (
            one["week"], one["lever"], one["value"]) for o in given)  # fmt: skip
    top = max(o["value"] for o in given if o["lever"] == "rung.JPN")
    assert {one["lever"]: one["value"] for one in marks} == {
        "rung.JPN": top, "third_country_clause": 1.0
    }


def test_a_question_that_changes_nothing_says_so_and_why(told: Told) -> None:
    asks = {one["lever"]: one for one in story(told.picture)["seats"]["KOR"]["asks"]}
    assert set(asks) == {"stockpile_target_days", "stance", "hub_policing"}
    assert asks["stockpile_target_days"]["say"]["key"] == "review.found.both"
    for one in asks.values():
        same = one["say"]["key"] == "review.found.same"
        assert same == (one["why"] is not None)


def test_a_lever_that_reaches_nothing_has_a_reason() -> None:
    """A Korea that polices traders whom it has not, in a game of one turn."""
    play, _, korea = started(users=100, turns=1, setup=SMALL)
    play.order(korea, "stockpile_release", 0.0)
    play.close(live=("JPN", "KOR"))
    table = Table(SMALL)
    table.play(play.room.played)
    asked = forks.question(forks.LEVER, "KOR", 1, lever="stockpile_release")
    found = fork(table, asked, {})
    assert found["gauges"]["KOR"][-1] == ends(table, "KOR")
    assert found["why"]["key"].startswith("story.fork.why_")


def test_a_branch_of_the_story_stops_after_each_turn_and_says_the_same(told: Told) -> None:
    desk = Desk()
    rows = {"setup": SMALL, "turns": told.room.played, "deals": told.deals}
    one, other = told.asked[:2]

    def part(asked: forks.Question) -> forks.Answer | None:
        found: forks.Answer | None = desk.fork({**rows, "do": "fork", "asked": asked})
        return found

    own = {"week": 0, "set": {"KOR.stance": 0.5}, "orders": [], "weeks": None}
    for _ in range(TURNS):
        assert part(one) is None
        assert desk.branch({**rows, **own})["weeks"]  # which somebody asks between
    assert part(one) == told.answers[forks.key_of(one)]
    assert part(one) is None  # from its beginning
    assert part(other) is None  # another question takes its place
    assert [part(other) for _ in range(TURNS)][-1] == told.answers[forks.key_of(other)]
    with pytest.raises(KeyError):
        part({**one, "kind": forks.EVENT})
    assert desk.forking is None  # nothing is gone on with after a fault


def test_before_branches_come_the_story_says_how_many_and_tells_what_it_knows(told: Told) -> None:
    row = story(told.bare)
    assert (row["state"], row["done"], row["of"]) == ("working", 0, len(told.asked))
    korea = row["seats"]["KOR"]
    assert korea["verdict"]["key"] == "review.verdict.alone"
    assert (korea["points"], korea["asks"]) == ([], [])
    whole = story(told.picture)
    assert (whole["state"], whole["done"]) == ("done", len(told.asked))
    assert whole["seats"]["KOR"]["curve"]["measures"][1]["was"] == (
        korea["curve"]["measures"][1]["was"]
    )
    some = dict(list(told.answers.items())[:4])
    assert story(replace(told.bare, answers=some))["done"] == 4


def test_answers_are_kept_beside_the_log_for_this_game_alone(told: Told, tmp_path: Path) -> None:
    results = Results(tmp_path / "rooms.db.results")
    digest = told.table.results[-1]["digest"]
    for key, answer in told.answers.items():
        assert results.keep_branch("AAAAA", key, digest, answer)
    results.close()
    kept = Results(tmp_path / "rooms.db.results")
    assert kept.branches("AAAAA", digest) == told.answers
    assert kept.branches("AAAAA", "another game") == kept.branches("BBBBB", digest) == {}
    assert story(replace(told.bare, answers=kept.branches("AAAAA", digest))) == story(told.picture)


def test_a_room_of_an_older_model_tells_what_was_kept_and_says_so(told: Told) -> None:
    room = replace(told.room, model=told.room.model - 1)
    for answers, points in ((told.answers, True), ({}, False)):
        row = story(replace(told.bare, room=room, answers=answers))
        assert row["state"] == "stored"
        assert bool(row["seats"]["KOR"]["points"]) == points
        assert row["seats"]["KOR"]["curve"]["measures"]


def test_the_story_is_the_same_after_a_stop_and_only_what_is_missing_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Child.ask

    async def counted(self: Child, do: str, **fields: Any) -> Any:
        if do == "fork" and (key := forks.key_of(fields["asked"])) not in asked[-1:]:
            asked.append(key)  # which is asked turn by turn
        return await ask(self, do, **fields)

    monkeypatch.setattr(Child, "ask", counted)

    async def act(party: Party) -> None:
        await party.control("start", practice=False)
        await party.order(0.5)
        await party.say(party.token, "submit", 1)
        await party.until(lambda: party.host.room.phase == ENDED)
        with pytest.raises(Refused):  # a seat, before the reveal
            await party.service.story(*await party.service.enter(party.token, party.code))
        holder = await party.service.enter(party.control_token, party.code)
        early = await party.service.story(*holder)
        assert early["state"] == "working"
        await party.until(lambda: len(party.host.stage.teller.answers) == len(asked) > 2, 60.0)
        await party.until(lambda: story(party.host.picture())["state"] == "done", 60.0)
        whole, first = await party.service.story(*holder), list(asked)
        assert len(first) == whole["of"]
        with sqlite3.connect(f"{party.path}.results") as base:
            base.execute("DELETE FROM branch WHERE asked = ?", (first[1],))
        asked.clear()
        await party.host.stage.close()
        await party.again()
        await party.until(lambda: story(party.host.picture())["state"] == "done", 60.0)
        assert asked == [first[1]]
        holder = await party.service.enter(party.control_token, party.code)
        assert json.dumps(await party.service.story(*holder)) == json.dumps(whole)
        kept = party.service.store.results
        await party.until(lambda: len(kept.whole(party.code)) == 2, 60.0)
        await party.host.stage.close()
        for module in ("about", "room.sameness"):
            monkeypatch.setattr(f"runs.{module}.MODEL", MODEL + 1)
        await party.again()
        later = await party.service.story(
            *await party.service.enter(party.control_token, party.code)
        )
        assert later["state"] == "stored"
        assert later["seats"] == whole["seats"]
        assert asked == [first[1]]  # nothing was played by the later model

    party_of(tmp_path, act, scenario="gallium-2023", turns=1, turn_seconds=None, seats=["KOR"])


@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh-Hans"])
def test_the_after_action_report_tells_the_same_story(told: Told, language: str) -> None:
    text = report_html(told.play.log, told.picture, language)
    assert 'id="how"' in text
    row = story(told.picture)["seats"]["KOR"]
    for value in (row["verdict"]["values"]["ai"], row["points"][0]["say"]["values"]["points_b"]):
        assert f"{value:g}" in text
    assert "{" not in text.split('id="how"')[1].split("<h2")[0]  # every place is filled
