"""A tabletop: intents, cards, moves judged by a die, overrides, rights of several facilitators,
the hot wash, and the report that comes out of it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from room_play import PLAN, SETUP, Play, stock

from runs.pages.words import LANGUAGES, catalogue
from runs.room import turns, view
from runs.room.afteraction import report_html
from runs.room.causes import causes
from runs.room.commands import Refused
from runs.room.export import TABLES
from runs.room.review import review
from runs.room.table import Table
from runs.room.tokens import RIGHTS
from runs.room.view import Picture, control_view, personal, projector_view, seat_view

SECRET = "Kim Unseen"


def picture(play: Play, table: Table | None = None) -> Picture:
    results = table.play(play.room.played) if table else []
    found = {n: causes(table, n) for n in range(1, len(play.room.played) + 1)} if table else {}
    return Picture(play.room, play.plan, play.at, results, None, found)


# --- intents --------------------------------------------------------------------------------------


def test_an_intent_goes_with_the_order_and_is_seen_by_control_and_in_the_review(play: Play) -> None:
    korea, japan = play.join("KOR"), play.join("JPN")
    play.control("start")
    play.say(korea, "order", 1, lever="stance", value=0.3, why="to calm both sides")
    pic = picture(play)
    assert control_view(pic, "f1")["orders"]["KOR"][0]["why"] == "to calm both sides"
    assert "to calm both sides" not in json.dumps([seat_view(pic, "JPN"), projector_view(pic)])
    play.say(korea, "order", 1, lever="stance", value=0.3, why="to calm the market")
    inputs = play.close()
    assert inputs["orders"] == [
        {"actor": "KOR", "lever": "stance", "value": 0.3, "why": "to calm the market"}
    ]
    assert japan


# --- cards ----------------------------------------------------------------------------------------


def test_a_card_goes_into_the_log_with_all_that_it_does(play: Play) -> None:
    play.join("KOR")
    play.control("start")
    number = play.control("card", card="licence_90_days", when="now")["inject"]
    inject = play.room.injects[number]
    assert (inject.card, inject.status, inject.to) == ("licence_90_days", "shown", ["all"])
    shown = projector_view(picture(play))["public"]["injects"][0]
    assert shown["say"]["key"] == "inject_card.licence_90_days.text"
    assert shown["text"] == catalogue("en")["inject_card.licence_90_days.text"]
    inputs = play.close()
    order = {"actor": "CHN", "lever": "licence_weeks", "value": 13}
    assert inputs["orders"] == [{**order, "why": f"Event {number}.", "inject": number}]
    assert play.again().digest() == play.room.digest()


def test_a_card_that_waits_can_be_taken_back_and_its_readers_are_kept(play: Play) -> None:
    play.join("KOR")
    play.control("start")
    number = play.control("card", card="hub_seizure", when="next")["inject"]
    assert play.room.injects[number].status == "waiting"
    play.close()
    pic = picture(play)
    text = catalogue("en")["inject_card.hub_seizure.text"]
    for seat, chair in play.room.chairs.items():
        assert (text in json.dumps(seat_view(pic, seat))) == (seat in ("VNM", "JPN")), chair
    assert text not in json.dumps(projector_view(pic))
    other = play.control("card", card="detention", when="next")["inject"]
    play.control("retract", inject=other)
    assert play.room.injects[other].status == "retracted"


def test_what_a_card_orders_is_played_and_is_a_cause(play: Play) -> None:
    play.join("KOR")
    play.control("start")
    number = play.control("card", card="licence_90_days")["inject"]
    play.control("card", card="car_boom")
    play.close()
    table = Table({**SETUP, "users": 400})
    table.play(play.room.played)
    values = table.results[1]["seats"]["CHN"]["values"]["licence_weeks"]
    assert values[""] == 13
    rows = [row for seat in causes(table, 1)["seats"].values() for row in seat["causes"]]
    named = [row for row in rows if row["kind"] == "inject" and row["n"] == number]
    assert {row["key"] for row in named} <= {"inject_card.licence_90_days.text"}
    assert any(row["kind"] == "inject" for row in rows)


def test_cards_that_there_are_not_are_refused(play: Play) -> None:
    said = play.refused("f1", "control", action="card", card="flying_saucer")
    assert (said.status, said.say.key if said.say else "") == (404, "refuse.no_card")
    play.control("facilitator", name="Clerk", rights=["time"])
    late = play.refused("f2", "control", action="card", card="detention")
    assert late.status == 403


def test_every_card_of_the_console_has_its_texts_and_the_guide_has_five() -> None:
    rows = view.cards(PLAN, tuple(Play().room.chairs))
    assert len(rows) >= 5
    assert sum(row["turn"] == 0 for row in rows) >= 2  # to be drawn by the class
    for language in LANGUAGES:
        words = catalogue(language)
        for row in rows:
            for part in ("title", "text"):
                assert words[f"inject_card.{row['card']}.{part}"].strip()


# --- moves outside the levers ---------------------------------------------------------------------


def test_a_move_is_judged_by_control_and_the_die_follows_from_the_logged_seed(play: Play) -> None:
    korea = play.join("KOR")
    play.control("start")
    three = [f"reason {n}" for n in range(3)]
    claim = "Korea hosts a quiet meeting"
    for _ in range(2):
        play.say(korea, "move", claim=claim, pro=three, con=three[::-1])
    one, two = play.room.moves.values()
    assert (one.pro, one.con) == (three, three[::-1])
    sure, never = turns.lot(7, f"move {one.n}"), turns.lot(7, f"move {two.n}")
    event = {"kind": "price_shock", "actor": "", "target": "JPN", "text": "It worked.", "week": 0,
             "data": {"factor": 0.9, "material": "dy_oxide"}}  # fmt: skip
    play.control("adjudicate", move=one.n, probability=1.0, why="likely", event=event)
    play.control("adjudicate", move=two.n, probability=0.0, why="not likely", event=event)
    assert (one.die, one.success, one.why) == (sure, True, "likely")
    assert (two.die, two.success) == (never, False)
    follows = [i for i in play.room.injects.values() if i.move]
    assert [i.move for i in follows] == [one.n]  # what was said to follow, only where it came true
    assert (
        play.refused("f1", "control", action="adjudicate", move=one.n, probability=0.5).status
        == 409
    )
    assert play.again().moves == play.room.moves  # the same die again from the log


def test_a_die_cannot_be_worked_out_by_who_sets_the_chance() -> None:
    play = Play(salt="kept-by-the-server")
    korea = play.join("KOR")
    play.control("start")
    move = play.say(korea, "move", claim="A quiet call", pro=[], con=[])["move"]
    play.control("adjudicate", move=move, probability=0.5, why="even")
    die = play.room.moves[move].die
    assert die == turns.die(play.room, move)
    assert die != turns.lot(7, f"move {move}")  # which follows from the seed that control sees
    assert die != turns.die(Play(salt="another").room, move)
    seen = json.dumps([control_view(picture(play), "f1"), shown_commands(play)])
    assert "kept-by-the-server" not in seen
    play.control("end")
    play.control("reveal")
    assert "kept-by-the-server" in shown_commands(play)  # now anybody can check the die
    assert play.again().moves == play.room.moves


def shown_commands(play: Play) -> str:
    """The log as the export has it."""
    return json.dumps(list(TABLES["commands"](play.log, picture(play), False)))


def test_a_judged_claim_stays_with_its_seat_and_control_until_control_shows_it(play: Play) -> None:
    korea = play.join("KOR")
    play.control("start")
    for claim in ("A quiet call", "An open letter"):
        play.say(korea, "move", claim=claim, pro=[], con=[])
    quiet, letter = play.room.moves
    play.control("adjudicate", move=quiet, probability=0.5, why="even")
    play.control("adjudicate", move=letter, probability=0.5, why="even", shown=True)
    pic = picture(play)
    for seen in (seat_view(pic, "JPN"), projector_view(pic)):
        assert "A quiet call" not in json.dumps(seen)
        assert [move["claim"] for move in seen["public"]["moves"]] == ["An open letter"]
    for seen in (seat_view(pic, "KOR"), control_view(pic, "f1")):
        assert "A quiet call" in json.dumps(seen)
    play.control("end")
    play.control("reveal")
    assert "A quiet call" in json.dumps(review(picture(play), False))
    assert play.again().digest() == play.room.digest()


def test_an_override_needs_a_reason_and_the_seat_sees_whose_it_is(play: Play) -> None:
    play.join("KOR")
    play.control("start")
    fields = {"action": "override", "seat": "KOR", "lever": "stance", "value": -0.5}
    assert play.refused("f1", "control", **fields, why="").say is not None
    play.control(**fields, why="typed in from the paper sheet")
    order = seat_view(picture(play), "KOR")["orders"][0]
    reason = "typed in from the paper sheet"
    assert (order["by"], order["reason"], order["why"]) == ("control", reason, "")
    play.close()
    told = Table({**SETUP, "users": 300})
    past = seat_view(picture(play, told), "KOR")["history"][0]["orders"]
    assert [(one["by"], one["why"]) for one in past] == [("control", reason)]


@pytest.mark.parametrize("right", RIGHTS)
def test_each_facilitator_has_its_own_rights(play: Play, right: str) -> None:
    """Every action of control is open to who has its right, and to nobody else."""
    from runs.room.control import ACTIONS

    play.control("facilitator", name="Clerk", rights=[right])
    for name, action in ACTIONS.items():
        if action.right != right:
            said = play.refused("f2", "control", action=name)
            assert (said.status, said.say.values["right"] if said.say else "") == (
                403,
                action.right,
            )
    assert control_view(picture(play), "f2")["rights"] == [right]


# --- hot wash and report --------------------------------------------------------------------------


class Links(HTMLParser):
    """Ids and what links lead to; anything from outside is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe", "object"), tag
        found = dict(attrs)
        assert "src" not in found
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if "href" in found:
            self.targets.append(str(found["href"]))


@pytest.fixture(scope="module")
def played() -> tuple[Play, Picture]:
    play = Play(users=400, setup={**SETUP, "users": 400})
    korea, japan = play.join("KOR", SECRET), play.join("JPN", "Lee Unseen")
    play.control("start")
    play.say(korea, "order", 1, lever="hub_policing", value=0.8, why="<b>to be seen</b> policing")
    deal = play.offer(korea, "JPN", gives=[stock("dy_oxide", 2.0)])
    play.say(japan, "sign", deal=deal)
    play.control("card", card="detention")
    play.say(korea, "move", claim="A quiet call", pro=["one"], con=["two"])
    move = next(iter(play.room.moves))
    play.control("adjudicate", move=move, probability=0.5, why="even")
    play.control("override", seat="JPN", lever="stance", value=0.5, why="by paper")
    play.close()
    for kind in ("intended", "happened", "surprised"):
        play.say(japan, "note", kind=kind, text=f"Japan {kind}", turn=1)
    play.say(korea, "note", kind="flag", text="here it turned", turn=1)
    play.close("all submitted")
    play.say(korea, "note", kind="flag", text="in a turn that was never played", turn=3)
    play.control("end")
    play.control("reveal")
    return play, picture(play, Table({**SETUP, "users": 400}))


def test_the_hot_wash_is_stored_with_its_turn_and_read_by_its_team_and_control(
    played: tuple[Play, Picture],
) -> None:
    _, pic = played
    own = [n for n in seat_view(pic, "JPN")["notes"] if n["kind"] != "flag"]
    assert [(n["kind"], n["turn"]) for n in own] == [
        ("intended", 1), ("happened", 1), ("surprised", 1),
    ]  # fmt: skip
    assert "Japan intended" not in json.dumps(seat_view(pic, "KOR"))
    assert "Japan intended" in json.dumps(review(pic, True))
    assert "Japan intended" not in json.dumps(review(pic, False))


def test_everybody_has_one_vote_on_the_turn_to_play_otherwise_and_control_alone_counts(
    played: tuple[Play, Picture],
) -> None:
    """It can be changed, and no other person or seat learns of it."""
    before, pic = played
    play = Play(users=400, setup={**SETUP, "users": 400})
    play.log, play.room = list(before.log), before.again()
    play.at, play.count = before.at, before.count
    korea, japan = (one.who for one in play.room.people.values())
    if not play.room.revealed:
        play.control("reveal")
    for turn in (0, len(play.room.played) + 1):
        with pytest.raises(Refused, match="names a turn that was played"):
            play.say(korea, "note", kind="vote", text="-", turn=turn)
    play.say(korea, "note", kind="vote", text="Turn 2", turn=2)
    play.say(japan, "note", kind="vote", text="Turn 2", turn=2)
    play.say(korea, "note", kind="vote", text="Turn 1", turn=1)
    pic = Picture(play.room, play.plan, play.at, pic.results)
    votes = [n for n in control_view(pic, "f1")["notes"] if n["kind"] == "vote"]
    assert sorted((n["seat"], n["turn"]) for n in votes) == [("JPN", 2), ("KOR", 1)]
    assert [personal(pic, who)["vote"] for who in (korea, japan)] == [1, 2]
    others = [seat_view(pic, "USA"), projector_view(pic), review(pic, False)]
    assert not [n for n in seat_view(pic, "KOR")["notes"] if n["kind"] == "vote"]  # a mate's
    assert "vote" not in json.dumps(others)
    assert play.again().digest() == play.room.digest()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_one_file_whose_links_lead_to_weeks(
    played: tuple[Play, Picture], language: str
) -> None:
    play, pic = played
    text = report_html(play.log, pic, language)
    links = Links()
    links.feed(text)
    assert len(links.ids) == len(set(links.ids))
    assert all(target[0] == "#" and target[1:] in links.ids for target in links.targets)
    assert {"turn-1", "turn-2", "week-0", "week-13", "findings", "hotwash"} <= set(links.ids)
    cause = max(pic.causes[1]["seats"]["JPN"]["causes"], key=lambda row: abs(row["supply"]))
    points = f"{100 * cause['supply']:+.2f} {catalogue(language)['unit.points']}"
    assert f"{catalogue(language)['gauge.supply']} {points}" in text
    for words in ("Japan surprised", "here it turned", "A quiet call", "by paper", "even"):
        assert words in text
    assert "<b>to be seen</b>" not in text
    assert SECRET not in text
    assert "Unseen" not in text
    bare = [key for key in catalogue(language) if "." in key and f">{key}<" in text]
    assert not bare
    assert not re.findall(r"\{\w+\}", re.sub(r"<style>.*?</style>", "", text, flags=re.S))
