"""What the documents hold: pages, seats, levers, figures of the model, cards that can be drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sheets import sheets

from agents.view import state_view, survey
from runs.game import Game
from runs.pages.words import LANGUAGES
from runs.printing import PrintError
from runs.printing.facts import MOST_GOODS, open_book, seat_facts
from runs.printing.paper import DOCUMENTS, contents, document, kinds_of
from runs.printing.plan import (
    all_cards,
    card_fault,
    cards_for,
    class_plan,
    half_day,
    reveal_minutes,
)
from runs.printing.speech import Speech
from runs.room.commands import EventForm
from runs.room.scenes import PARTS
from world.levers import levers_of
from world.scenario import load_scenario, shipped

SEATS = ["CHN", "JPN", "KOR", "USA", "EUU", "AUS", "VNM", "KOR_BATTERY", "JPN_MAGNETS",
         "VNM_REFINER"]  # fmt: skip
PAGES = {"cards": 34, "guide": 11, "orders": 17, "rulings": 5, "tents": 11, "form": 1}
PLAN = load_scenario("japan-2026")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_number_of_pages(kind: str, language: str) -> None:
    assert len(sheets(kind, language)) == PAGES[kind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_seat_has_a_leaf_a_sheet_and_a_tent_with_its_name(language: str) -> None:
    say, book = Speech(language), open_book("japan-2026")
    assert book.seats == SEATS
    for seat in SEATS:
        name = seat_facts(book, seat, say).name
        sides = [s for s in sheets("cards", language) if s.traits["data-seat"] == seat]
        assert len(sides) % 2 == 0  # printed on both sides, each seat has its own leaves
        assert [s.traits["data-side"] for s in sides] == ["front", *["back"] * (len(sides) - 1)]
        for kind, most in (("orders", 2), ("tents", 1)):
            found = [s for s in sheets(kind, language) if s.traits["data-seat"] == seat]
            assert 1 <= len(found) <= most
            for sheet in found:  # a tent breaks the line
                assert "".join(name.split()) in "".join(sheet.text.split())
        assert name in sides[0].text
        assert all(goal in sides[0].text for goal in seat_facts(book, seat, say).aims)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lever_of_a_seat_is_on_its_card_and_its_order_sheet(language: str) -> None:
    say = Speech(language)
    for seat in SEATS:
        levers = set(levers_of(PLAN, seat))
        cards = [s for s in sheets("cards", language) if s.traits["data-seat"] == seat]
        backs = [s for s in cards if s.traits["data-side"] == "back"]
        orders = [s for s in sheets("orders", language) if s.traits["data-seat"] == seat]
        for part in (backs, orders):
            text = "\n".join(sheet.text for sheet in part)
            marks = [name for sheet in part for name in sheet.marks["data-lever"]]
            assert sorted(marks) == sorted(levers)
            for name in levers:
                assert say.lever(name) in text
                assert say.span(name) in text
        text = "\n".join(sheet.text for sheet in backs)
        assert all(say.t(f"lever.{name}.meaning") in text for name in levers)


def test_figures_on_a_card_are_those_of_the_model_at_its_start() -> None:
    say, book = Speech("en"), open_book("japan-2026", 300)
    world = Game(load_scenario("japan-2026", {"users": 300})).world
    for seat in ("JPN", "VNM"):
        view = state_view(world, seat, survey(world)).luck(0)
        (table,) = seat_facts(book, seat, say).tables
        assert len(table.rows) == MOST_GOODS
        names = [say.place(material) for material in view.materials]
        for good, days, cover, share, *_ in table.rows:
            row = names.index(good)
            assert days == f"{round(float(view.stock_days[row])):,}"
            assert float(cover) == pytest.approx(float(view.cover_weeks[row]), rel=0.01)
            assert share == f"{round(100 * float(view.declared_share[row]))}%"
        told = dict(seat_facts(book, seat, say).private)
        assert told["China's approval of you"] == f"{100 * float(view.coercer_approval):.0f}%"


def test_what_is_private_stands_on_the_own_card_alone() -> None:
    """The hub's gain is on the hub's card, the target's cabinet on the target's."""
    for key, seats in (("fact.rents_usd", {"VNM"}), ("report.concession_probability", {"JPN"})):
        words = Speech("en").t(key)
        assert {s.traits["data-seat"] for s in sheets("cards") if words in s.text} == seats


def test_dated_acts_are_on_the_card_of_their_seat_on_their_day() -> None:
    front = next(s for s in sheets("cards") if s.traits["data-seat"] == "CHN")
    assert "Jan 6, 2026 Announcement 1 of 2026" in front.text
    korea = next(s for s in sheets("cards", "ko") if s.traits["data-seat"] == "KOR")
    assert "2026. 2. 4. 한국이 의장을 맡은 FORGE 창립 장관회의." in korea.text


def test_the_guide_holds_every_step_part_and_card() -> None:
    found = sheets("guide")
    steps = [step for sheet in found for step in sheet.marks.get("data-step", [])]
    cards = [card for sheet in found for card in sheet.marks.get("data-card", [])]
    assert steps == [step.id for step in class_plan().steps]
    assert sorted(cards) == sorted(card.id for card in all_cards())
    tabletop = " ".join(s.text for s in found if s.traits.get("data-part") == "tabletop")
    assert all(part.at in tabletop for part in half_day())


def test_the_lesson_is_fifty_minutes_without_a_gap() -> None:
    steps = class_plan().steps
    assert (steps[0].end, steps[-1].end) == (0, 50)
    assert all(one.end == other.start for one, other in pairwise(steps))
    turns = [step for step in steps if step.id.startswith("turn")]
    assert [step.end - step.start for step in turns] == [6, 5, 5, 5, 5]


def test_the_minutes_of_the_reveal_and_of_its_talk_are_those_of_the_plan() -> None:
    """In a class three parts are the Reveal and two are the last round of the talk after it; at a
    table all five fit into the plenary, and the three questions are the hot wash."""
    steps = {step.id: step.end - step.start for step in class_plan().steps}
    parts, rounds = reveal_minutes(table=False)
    assert list(parts) == list(PARTS)
    assert parts["deals"] + parts["forecasts"] + parts["scores"] == steps["reveal"]
    assert sum(rounds) == steps["debrief"]
    assert parts["branch"] + parts["replay"] == rounds[-1]
    day = {part.id: part.minutes for part in half_day()}
    parts, rounds = reveal_minutes(table=True)
    assert list(parts) == list(PARTS)
    assert sum(list(parts.values())) <= day["plenary"]
    assert sum(rounds) == day["wash"]


def test_every_card_fits_the_scenario_it_was_made_for_and_the_console_form() -> None:
    assert {card.id for card in cards_for(PLAN, SEATS)} == {card.id for card in all_cards()}
    for card in all_cards():
        assert card_fault(card, PLAN, SEATS) is None
        text = Speech("ja").t(f"inject_card.{card.id}.text")
        EventForm.model_validate({**card.event, "text": text})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_a_ruling_asks_on_either_side_who_says_so(language: str) -> None:
    """An umpire hears more than the seat that moves."""
    say = Speech(language)
    for sheet in sheets("rulings", language):
        assert sheet.text.count(say.t("ruling.from")) == 2


def test_a_card_that_does_not_fit_is_left_out() -> None:
    without = [seat for seat in SEATS if seat != "VNM"]
    assert "hub_seizure" not in {card.id for card in cards_for(PLAN, without)}


@pytest.mark.parametrize("scenario", [name for name in shipped() if name != "japan-2026"])
def test_every_scenario_can_be_printed(scenario: str) -> None:
    seats = open_book(scenario).seats
    assert {s.traits["data-seat"] for s in sheets("orders", "ja", scenario)} == set(seats)
    assert {s.traits["data-seat"] for s in sheets("cards", "ja", scenario)} == set(seats)
    assert len(sheets("guide", "ja", scenario)) >= 6


def test_names_and_links_are_escaped() -> None:
    page = contents("japan-2026", "en", lambda kind: f'/print/{kind}?a="><script>')
    assert "<script" not in page


def test_what_cannot_be_printed_is_refused_in_one_sentence() -> None:
    for wrong in (lambda: document("posters"), lambda: document("cards", "japan-2026", "fr"),
                  lambda: kinds_of("cards,posters"), lambda: kinds_of(" , ")):  # fmt: skip
        with pytest.raises(PrintError) as caught:
            wrong()
        assert str(caught.value).count("\n") == 0


def test_all_is_every_document_and_none_twice() -> None:
    assert kinds_of("all") == list(DOCUMENTS)
    assert kinds_of("form,cards,form") == ["form", "cards"]
