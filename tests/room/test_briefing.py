"""The briefing of a turn: a dilemma for everybody, what capitals say, nothing that is hidden."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runs.abreast import play_abreast
from runs.game import Game
from runs.outcome import outcomes
from runs.pages.words import LANGUAGES, catalogue
from runs.room.briefing import briefings, dilemmas
from runs.room.briefing.dilemmas import DilemmaError, Setting, asked, fitted
from runs.room.briefing.effects import effects
from runs.room.briefing.sight import COERCER, FIRM, REFINER, ROLES, Sight, role_of
from runs.room.briefing.voices import TERM, TERMS, _term
from runs.room.reports import public_report, seat_reports, stock_known
from runs.room.table import Table
from runs.room.trial import dilemmas as trial
from runs.story.orders import Told
from runs.story.speak import write
from runs.turn import Act
from world.decisions import Order
from world.levers import LEVERS, levers_of
from world.scenario import load_scenario, shipped

SETUP = {
    "scenario": "japan-2026", "id": "japan-2026", "text": "", "seed": 7, "users": 300, "set": {},
}  # fmt: skip
TURNS = 5
SECRET = "canary-of-a-person"
SEATS = ("CHN", "JPN", "KOR", "VNM", "USA", "KOR_BATTERY", "VNM_REFINER")
CODES = re.compile(r"\b[A-Z]{3}\b|[a-z]_[a-z]|[{}\[\]]")
NAMES = {"WTO", "GDP"}  # three capitals that are words


@pytest.fixture(scope="module")
def table() -> Table:
    """Five turns of a room; China is a person, who gives its reasons to itself."""
    made = Table(SETUP)
    seats = dict.fromkeys(made.plan.actors, "ai") | {"CHN": "person"}
    steps = [("rung.JPN", 6.0), ("third_country_clause", 1.0), ("threat", 0.6), ("rung.JPN", 7.0),
             ("rung.JPN", 3.0)]  # fmt: skip
    made.play([
        {"turn": n + 1, "week": 13 * n, "seats": seats, "held": [], "bounds": [], "events": [],
         "orders": [{"actor": "CHN", "lever": lever, "value": value, "why": SECRET}]}
        for n, (lever, value) in enumerate(steps)
    ])  # fmt: skip
    return made


def told(table: Table) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for turn, result in enumerate(table.results):
        for seat, own in result["seats"].items():
            yield turn, seat, own["briefing"]


def sentences(value: Any) -> Iterator[dict[str, Any]]:
    """Every sentence of a payload, those within others left to them."""
    if isinstance(value, dict) and set(value) == {"key", "values"}:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from sentences(one)
    elif isinstance(value, list):
        for one in value:
            yield from sentences(one)


# --- dilemmas -----------------------------------------------------------------------------------


def test_every_seat_has_a_dilemma_with_answers_that_differ_in_every_turn(table: Table) -> None:
    seen = list(told(table))
    assert len(seen) == (TURNS + 1) * len(table.plan.actors)
    for _, seat, brief in seen:
        answers = brief["dilemma"]["answers"]
        assert 2 <= len(answers) <= 3, seat
        moves = [repr(answer["sets"]) for answer in answers]
        assert len(set(moves)) == len(moves)
        for answer in answers:
            for one in answer["sets"]:
                lever = LEVERS[one["lever"].partition(".")[0]]
                assert lever.name in levers_of(table.plan, seat)
                assert lever.fault(one["value"], lever.name) is None
                assert one["value"] != one["was"]


def test_dilemmas_change_from_turn_to_turn(table: Table) -> None:
    for seat in table.plan.actors:
        ids = [one["seats"][seat]["briefing"]["dilemma"]["id"] for one in table.results]
        assert all(a != b for a, b in pairwise(ids)), (seat, ids)
        assert len(set(ids)) >= 3


def test_no_seat_of_a_shipped_scenario_can_be_without_one() -> None:
    """What needs no occasion has two answers at every value of its lever: nobody is left out."""
    known = dilemmas.dilemmas()
    fallback = {role: [one for one in known if role in one.who and one.always and not one.good][-1]
                for role in ROLES}  # fmt: skip
    for name in shipped():
        plan = load_scenario(name, {"users": 100})
        for seat in plan.actors:
            one = fallback[role_of(plan, seat)]
            levers = {full for answer in one.answers for full in answer.sets}
            assert levers <= set(levers_of(plan, seat)), (name, seat)
    plan = load_scenario("japan-2026", {"users": 100})
    for seat in SEATS:
        one = fallback[role_of(plan, seat)]
        (name,) = {full for answer in one.answers for full in answer.sets}
        lever = LEVERS[name]
        for k in range(round((lever.high - lever.low) / lever.step) + 1):
            own = {"values": {name: {"": lever.low + k * lever.step}}, "lacks": {}, "gauges": {},
                   "report": {"materials": {}}}  # fmt: skip
            public = {"law": {}, "zones": {zone: {} for zone in plan.zones}, "prices": {}}
            assert fitted(Sight(plan, seat, own, public), one) is not None, (seat, k)


GOOD = 'id = "x"\nwho = ["hub"]\nwhen = ["threat > 0"]\n'
ANSWERS = 'answer = [{ id = "a", set = { stance = "now + 0.1" } }, { id = "b", set = {} }]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + ANSWERS.replace("stance", '"rung.target"'), "a hub does not have the lever rung"),
        (GOOD + ANSWERS.replace("stance", "stanze"), "there is no lever stanze"),
        (GOOD + ANSWERS.replace("stance", "offtake"), "does not say what offtake is aimed at"),
        (GOOD + ANSWERS.replace("stance", '"offtake.good"'), "names a good, and none is chosen"),
        (GOOD.replace("threat", "thread") + ANSWERS, "nothing is called 'thread'"),
        (GOOD.replace("> 0", "!") + ANSWERS, "is no condition"),
        (GOOD + ANSWERS.replace("now + 0.1", "now plus"), "is no value"),
        (GOOD.replace("hub", "port") + ANSWERS, "'port' is no kind of seat"),
        (GOOD + 'answer = [{ id = "a", set = {} }]\n', "it has 1 answers"),
        (GOOD, "missing"),
    ],
)
def test_what_cannot_be_is_refused_at_loading_in_one_sentence(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "dilemmas.toml"
    path.write_text(f"[[dilemma]]\n{text}", encoding="utf-8")
    with pytest.raises(DilemmaError, match=re.escape(says)) as caught:
        dilemmas.dilemmas(path)
    assert str(caught.value).startswith("dilemmas.toml, x: ")
    assert str(caught.value).endswith(".")


def test_a_kind_of_seat_that_could_be_left_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dilemmas.toml"
    path.write_text(f"[[dilemma]]\n{GOOD}{ANSWERS}", encoding="utf-8")
    with pytest.raises(DilemmaError, match=f"a {COERCER} has no dilemma"):
        dilemmas.dilemmas(path)


def test_answers_follow_the_state_of_the_world(table: Table) -> None:
    """The same dilemma for the same kind of seat sets other values, or would do other things."""
    shown: dict[str, set[str]] = {}
    count: dict[str, int] = {}
    for _, _, brief in told(table):
        one = brief["dilemma"]
        shown.setdefault(one["id"], set()).add(json.dumps([a["effects"] for a in one["answers"]]))
        count[one["id"]] = count.get(one["id"], 0) + 1
    often = [name for name, n in count.items() if n >= 4]
    assert len(often) >= 6
    assert [name for name in often if len(shown[name]) < 2] == []


def test_the_best_ready_answer_mostly_beats_an_order_at_random() -> None:
    found = [
        case for game in range(3)
        for case in trial.cases("japan-2026", trial.SEED + game, turns=2, users=100)
    ]  # fmt: skip
    figures = trial.summed(found)
    assert figures["cases"] == 3 * 2 * 16
    assert figures["won"] >= 0.65, figures


@pytest.mark.parametrize(
    ("seat", "lever", "change", "gauge", "way"),
    [
        ("CHN", "enforcement", 3.0, "autonomy", -1),  # who is hunted teaches Japan to do without
        ("KOR_BATTERY", "target_customers", -0.5, "standing", -1),
        ("KOR_BATTERY", "supply_contract", 0.5, "autonomy", 1),
        ("VNM_REFINER", "coercer_feed_cap", -0.3, "autonomy", 1),
    ],
)
def test_what_an_answer_shows_points_where_the_model_goes(
    table: Table, seat: str, lever: str, change: float, gauge: str, way: int
) -> None:
    turn = 3
    own = table.results[turn]["seats"][seat]
    was = float(own["values"][lever][""])
    public = table.results[turn]["public"]
    sight = Sight(table.plan, seat, own, public)
    setting = Setting(lever, was + change, was)
    par = table.game.setting.par
    shown = effects(sight, par, [setting], {lever: None}, {lever: None})
    assert shown[gauge] * way > 0
    start = table.starts[turn]
    week = start.world.week
    order = Order(week, seat, lever, was + change, "script", "trial")
    heard = [(Act(week, seat, order=order), np.array([True, False]))]
    world = start.world.spread(2)
    for _ in play_abreast(start, table.game.luck, heard, 2, week + trial.AHEAD, world):
        pass
    level = outcomes(world)[gauge][:, table.plan.actors.index(seat)]
    assert (level[0] - level[1]) * way > 0


# --- what it says -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_whole_in_every_language_without_codes(
    table: Table, language: str
) -> None:
    texts = {write(say, language) for _, _, brief in told(table) for say in sentences(brief)}
    assert len(texts) > 150
    for text in texts:
        assert text.strip()
        assert set(CODES.findall(text)) <= NAMES, text


def test_every_dilemma_and_every_voice_has_its_words() -> None:
    english = set(catalogue("en"))
    wanted = {f"dilemma.{one.id}.{part}" for one in dilemmas.dilemmas()
              for part in ("ask", *(answer.id for answer in one.answers))}  # fmt: skip
    wanted |= {f"voice.term_{one}" for one in TERMS}
    assert wanted <= english
    asked_for = {key for key in english if key.startswith("dilemma.")}
    assert asked_for <= wanted


def test_a_situation_is_read_in_a_glance(table: Table) -> None:
    for _, seat, brief in told(table):
        text = " ".join(write(one) for one in brief["situation"])
        assert len(text.split()) <= 60, seat
        assert brief["headline"] not in brief["situation"]


def test_up_to_four_capitals_speak_the_two_sides_first(table: Table) -> None:
    for _, seat, brief in told(table):
        speakers = [one["seat"] for one in brief["voices"]]
        sides = [one for one in ("CHN", "JPN") if one != seat]
        assert 1 <= len(speakers) <= 4
        assert speakers[: len(sides)] == sides
        assert seat not in speakers
        assert len({one["say"]["key"] for one in brief["voices"]}) >= len(speakers) - 1


def test_who_was_banned_or_threatened_is_told(table: Table) -> None:
    """China bans Japan in the first turn and threatens third countries in the second and third."""
    japan, korea = (table.results[n]["seats"][s]["briefing"]["done"]
                    for n, s in ((1, "JPN"), (2, "KOR")))  # fmt: skip
    assert "story.rung.up_6" in {row["say"]["key"] for row in japan}
    assert {"story.lever.third_country_clause.up"} <= {row["say"]["key"] for row in korea}
    assert table.results[0]["seats"]["JPN"]["briefing"]["done"] == []


def test_the_track_says_how_far_and_what_it_is_made_of(table: Table) -> None:
    for turn, seat, brief in told(table):
        track = brief["track"]
        assert track["kind"] == ("gives_way" if seat == "CHN" else "ladder")
        if seat == "JPN" and turn in (1, 5):
            assert (track["at"], track["of"]) == (6.0 if turn == 1 else 3.0, 9.0)
    pressed = table.results[1]["seats"]["CHN"]["briefing"]["track"]
    assert 0 < pressed["chance"] < 1
    assert pressed["made"]["values"]["share_b"] == pressed["chance"]


def test_an_ai_coercer_gives_its_largest_reason_and_a_person_never() -> None:
    event = {"week": 15, "actor": "CHN", "data": {"lever": "rung.JPN"}}
    step = Told(event, "rung", "JPN", 5.0, 6.0)
    why = "escalates: step 6; answer speaks for it with +0.31, all terms +0.2"
    order = {"actor": "CHN", "lever": "rung.JPN", "week": 15, "accepted": True,
             "by": "china_calibrated", "why": why}  # fmt: skip
    assert TERM.search(why)
    assert _term("CHN", step, [order]) == "answer"
    assert _term("CHN", step, [{**order, "by": "person"}]) is None
    assert _term("CHN", step, [{**order, "lever": "threat"}]) is None, "of another order"
    assert _term("CHN", step, [{**order, "why": "escalates: spite speaks for it"}]) is None
    assert _term("CHN", Told(event, "flood", "gallium", 0.0, 0.2), [order]) is None


# --- what it may not say ------------------------------------------------------------------------


def test_a_persons_reasons_stay_with_the_person(table: Table) -> None:
    assert SECRET in json.dumps(table.inputs)
    for _, _, brief in told(table):
        assert SECRET not in json.dumps(brief)


def mutated(game: Game, seat: str) -> Game:
    """The same public history, and everything else than the seat may see otherwise."""
    plan, setting = game.plan, game.setting
    world = game.world.copy()
    mine = plan.zones.index(seat) if seat in plan.zones else -1
    for name in ("hub_policing", "enforcement", "flood", "material_approval"):
        table = world.regime[name]
        lever = LEVERS[name]
        for row in range(len(plan.zones)):
            if row != mine:
                table[:, row] = lever.high - table[:, row]
    home = plan.firms[seat].zone if seat in plan.firms else seat
    for place, zone in enumerate(plan.zones):
        # what the target's licences are shows in the step of the ladder, which is public
        if seat != plan.coercer and zone not in (home, plan.target):
            world.regime["licence_approval"][:, plan.zones.index(plan.coercer), place] = 0.123
    others = [row for row in range(len(plan.zones)) if row != mine]
    world.zones.budget_usd[:, others] -= 7e9
    world.zones.coercer_approval[:, others] = 0.111
    own_rows = setting.firms.users[setting.firms.user_firm == setting.firms.index.get(seat, -1)]
    keep = world.users.stock[:, :, own_rows].copy()
    world.users.stock[:] = world.users.stock[:, ::-1].copy()  # whose stock it truly is
    world.users.stock[:, :, own_rows] = keep
    for name, lever in LEVERS.items():
        if lever.of_firms:
            for firm, row in setting.firms.index.items():
                if firm != seat:
                    world.regime[name][:, row] = lever.high
    world.pending = [one for one in world.pending if one[1].actor == seat]
    other = copy.copy(game)
    other.world = world
    return other


def briefed(game: Game, before: list[dict[str, Any]], first: int) -> tuple[Any, Any]:
    seats = seat_reports(game, first)
    public = public_report(game, first) | {"stock": stock_known(game, seats)}
    return briefings(game, public, seats, before, first), seats


@pytest.mark.parametrize("seat", SEATS)
def test_what_a_seat_may_not_know_changes_no_byte_of_its_briefing(table: Table, seat: str) -> None:
    before, first = table.results[:-1], table.results[-1]["from_week"]
    true, own = briefed(table.game, before, first)
    other, others = briefed(mutated(table.game, seat), before, first)
    assert json.dumps(true[seat]) == json.dumps(table.results[-1]["seats"][seat]["briefing"])
    assert json.dumps(other[seat]) == json.dumps(true[seat])
    assert sum(own[one] != others[one] for one in own) >= len(own) // 2  # two worlds, not one


def test_a_dilemma_that_was_asked_waits_behind_the_others(table: Table) -> None:
    result = table.results[2]
    sight = Sight(table.plan, "KOR", result["seats"]["KOR"], result["public"])
    first = asked(sight, []).dilemma.id
    second = asked(sight, [first]).dilemma.id
    assert first != second
    assert asked(sight, [first, second, "x", "y"]).dilemma.id == first


def test_firms_and_refiners_are_asked_as_firms(table: Table) -> None:
    by_role = {role: {one.id for one in dilemmas.dilemmas() if role in one.who} for role in ROLES}
    assert by_role[FIRM] & by_role[REFINER]
    assert not (by_role[FIRM] | by_role[REFINER]) & (by_role[COERCER] | by_role["state"])
    for _, seat, brief in told(table):
        assert brief["dilemma"]["id"] in by_role[role_of(table.plan, seat)]
