"""Fork here: a branch is what would have been, it is told truly, and the page goes on meanwhile."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from runs import Game
from runs.pages.words import LANGUAGES
from runs.story import write
from runs.web import fork
from runs.web.beside import beside
from runs.web.desk import Desk
from runs.web.fork import COLUMNS, LUCKS, play
from runs.web.payload import View, act, compose
from runs.web.start import Start
from runs.web.worker import Desk as Worker
from runs.web.worker import Dropped, Kept
from tests.browser.helpers import HEAD, NARROW, OpenPage, wait_until_played
from tests.browser.screens import fits
from world.scenario import load_scenario

USERS, WEEKS = 400, 48
LOOK = {"material": "dy_oxide", "zone": "JPN"}


def quiet(done: int, of: int, **known: Any) -> None:
    assert done <= of


@pytest.fixture(scope="module")
def kept() -> Kept:
    plan = load_scenario("japan-2026", {"users": USERS, "weeks": WEEKS})
    return Kept(Game(plan, seed=4).run())


def asked(week: int, **levers: float) -> dict[str, Any]:
    return {"week": week, "set": {k.replace("__", "."): v for k, v in levers.items()}, **LOOK}


# --- what is played -------------------------------------------------------------------------------

QUESTIONS = [
    asked(26, JPN__stockpile_release=1.0), asked(13, CHN__rung__JPN=0.0),
    asked(17, CHN__ban_breadth__JPN=0.0),  # in the week of a dated act on the same lever
    asked(20, CHN__third_country_clause=0.0, CHN__threat=0.0), asked(9, VNM__hub_policing=1.0),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q['week']}-{min(q['set'])}")
def test_the_branch_of_the_runs_own_luck_is_bit_for_bit_a_run_ordered_so(
    kept: Kept, question: dict[str, Any]
) -> None:
    game, week = kept.game, question["week"]
    digest = game.recorder.digest()
    changes = fork.changes_of(game, week, question["set"])
    branch = fork.weeks_of(game, week, changes, game.luck, 1, lambda lucks: None)
    other = Game(game.plan, seed=game.luck).run(week)
    for name, value in question["set"].items():
        actor, _, full = name.partition(".")
        assert other.submit(actor=actor, lever=full, value=value) is None
    other.run()
    assert other.recorder.digest() != digest
    for name, table in COLUMNS.items():
        wanted = other.recorder.array(table, name)[week:]
        assert np.array_equal(branch.columns[name][:, :, 0], wanted, equal_nan=True), name
    assert game.recorder.digest() == digest  # the run is left as it is


def test_lucks_are_paired_and_the_first_is_the_runs_own(kept: Kept) -> None:
    question = asked(26, JPN__stockpile_release=1.0)
    early: list[dict[str, Any]] = []

    def tell(done: int, of: int, **known: Any) -> None:
        early.extend(known.values())

    found = play(kept, question, tell)
    price = kept.game.recorder.array("markets", "price")
    row = fork.row_of(kept.game, "price", question)
    series = found["series"]["price"]
    assert found["lucks"] == LUCKS
    assert series["was"] == pytest.approx(price[:, row], rel=1e-3)
    assert series["now"] == early[0]["series"]["price"]["now"]
    assert len(series["now"]) == len(series["band"]["mid"]) == WEEKS - 26
    assert series["was_band"]["low"][0] <= price[26, row] * 1.001
    nothing = play(kept, {**question, "set": {"KOR.stance": -1.0}}, quiet)
    assert nothing["same"]
    assert nothing["series"]["price"]["band"] == series["was_band"]


def test_a_second_look_at_the_same_branch_plays_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(26, JPN__stockpile_release=1.0)
    play(kept, question, quiet)
    monkeypatch.setattr(fork, "weeks_of", lambda *_: pytest.fail("it is played again"))
    found = play(kept, {**question, "zone": "KOR"}, quiet)
    assert found["zone"] == "KOR"


def test_a_question_that_is_dropped_forgets_no_world(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(kept, asked(26, JPN__stockpile_release=1.0), quiet)
    worlds = dict(kept.notes["worlds"])
    weeks_of, calls = fork.weeks_of, []

    def once(*args: Any) -> Any:
        if calls:
            raise Dropped
        calls.append(args)
        return weeks_of(*args)

    monkeypatch.setattr(fork, "weeks_of", once)
    with pytest.raises(Dropped):  # after the branch of the run's own luck
        play(kept, asked(26, JPN__stockpile_release=0.5), quiet)
    assert kept.notes["worlds"] == worlds


def test_a_branch_holds_against_what_people_ordered_later(kept: Kept) -> None:
    game = Game(kept.game.plan, seed=4, seats={"JPN": "person"})
    game.submit(actor="JPN", lever="stockpile_release", value=0.0, week=30)
    game.run()
    changes = fork.changes_of(game, 26, {"JPN.stockpile_release": 1.0})
    weeks = fork.weeks_of(game, 26, changes, game.luck, 1, lambda lucks: None)
    row = game.setting.zone_index["JPN"]
    assert {float(one["stockpile_release"][0, row, 0]) for one in weeks.levers[1:]} == {1.0}


def test_the_process_beside_opens_the_record_of_a_run(kept: Kept, tmp_path: Path) -> None:
    folder = kept.game.save(tmp_path / "run")
    question = asked(26, JPN__stockpile_release=1.0)
    call = {"do": "fork", "call": 1, "game": {"folder": str(folder)}, "asked": question}
    found = Worker(StringIO()).answer(call)
    assert found == play(kept, question, quiet)


# --- what is said ---------------------------------------------------------------------------------

WHY = [
    (asked(9, KOR__hub_policing=1.0), "no traders"),
    (asked(9, KOR__protest=1.0), "how others see Korea"),
    (asked(9, CHN__flood__graphite=0.0), "in force anyway"),
    (asked(26, JPN__floor_usd_per_kg__dy_oxide=800.0), "mine or plant"),
    (asked(WEEKS - 2, VNM__hub_policing=1.0), "when the run is over"),
]


@pytest.mark.parametrize(("question", "said"), WHY, ids=[said for _, said in WHY])
def test_no_difference_is_an_answer_and_says_why(
    kept: Kept, question: dict[str, Any], said: str
) -> None:
    found = play(kept, question, quiet)
    assert found["same"]
    assert write(found["title"]) == "It would have made no difference."
    assert said in write(found["says"][0])


def test_an_answer_is_a_sentence_in_four_languages_with_the_medians_of_the_lucks(
    kept: Kept,
) -> None:
    question = asked(4, CHN__rung__JPN=0.0)
    found = play(kept, question, quiet)
    assert not found["same"]
    texts = [found["title"], *found["says"]]
    for language in LANGUAGES:
        for text in texts:
            said = write(text, language)
            assert said.endswith((".", "。"))
            assert not re.search(r"[{}]|\b[A-Z]{3}\b|_", said.replace("GDP", "")), said
    loss = next(one for one in texts if one["key"].startswith("story.fork.loss"))
    worlds = kept.notes["worlds"]
    names = [name for name in worlds if name[:2] == ("branch", 4)]
    rows = [worlds[name].columns["gdp_loss_usd"] for name in names]
    z = kept.game.setting.zone_index["JPN"]
    assert loss["values"]["usd"] == pytest.approx(np.median(rows[0][:, z].sum(axis=0)))


# --- what a page may ask --------------------------------------------------------------------------


def page(guest: bool = False) -> View:
    view = View(Start(scenario="gallium-2023", guest=guest))
    view.desk = Desk(view.start, lambda: None)
    view.desk._renew(view.start)
    while not view.desk.finished:
        view.desk._advance()
    compose(view)
    return view


FINE = {"n": 1, "week": 20, "set": {"CHN.licence_approval": 1.0}}
WRONG = [
    {"week": 78}, {"week": -1}, {"week": "20"}, {"week": True}, {"set": {}}, {"set": None},
    {"set": {"CHN.licence_approval": 7.0}}, {"set": {"CHN.licence_approval": "1"}},
    {"set": {"XXX.threat": 1.0}}, {"set": {"CHN.no_such_lever": 1.0}}, {"set": {"": 1.0}},
    {"set": {"JPN.threat": 1.0}}, {"set": {"CHN.threat.JPN": 1.0}}, {"set": {"CHN": float("nan")}},
    {"set": {f"CHN.licence_duty.x{i}": 1.0 for i in range(9)}},
]  # fmt: skip


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What pages have the process beside the server play for a press."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(
        beside, "ask",
        lambda page, do, start, asked, hear, patient: None if patient else sent.append(asked),
    )  # fmt: skip
    return sent


def test_what_a_page_asks_is_checked_and_a_wrong_question_gets_a_sentence(
    asking: list[dict[str, Any]],
) -> None:
    view = page()
    for wrong in WRONG:
        act(view, {"what": "fork", "value": {**FINE, **wrong}})
        state = view.forks.state()
        assert state is not None, wrong
        assert state["state"] == "refused", wrong
        assert state["say"], wrong
        assert view.notice is None
    for nonsense in (None, [], 7, "x", {}, {"n": "1"}, {"n": -3}, {"n": True}):
        act(view, {"what": "fork", "value": nonsense})
    assert asking == []
    odd = {"material": "../etc", "zone": ["x"], "more": 1}
    act(view, {"what": "fork", "value": {**FINE, **odd}})
    assert [set(one) for one in asking] == [{"week", "set", "material", "zone"}]
    assert asking[0]["material"] in view.desk.game.plan.materials


def test_a_guest_of_a_shared_page_has_nothing_played(asking: list[dict[str, Any]]) -> None:
    guest, host = page(guest=True), page()
    for view in (guest, host):
        act(view, {"what": "fork", "value": FINE})
    assert len(asking) == 1
    assert guest.forks.state() is None
    shown = compose(guest)
    assert (shown.asks, shown.asked, shown.forks) == ("", "", "")
    assert "questions" in compose(host).asks


# --- the page -------------------------------------------------------------------------------------

SHORT = "?scenario=gallium-2023&autoplay=0"
FORK = "[data-part=fork]"
FIGURE = f"{FORK} [data-figure=fork]"
ANSWERED = f"{FORK} [data-show=doing]"
PATIENCE = 240_000


@pytest.mark.browser
def test_a_ready_question_is_answered_by_a_sentence_and_a_picture_while_the_page_goes_on(
    open_page: OpenPage,
) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    before = page.locator("[data-part=tiles]").inner_text()
    page.locator("[data-question='1']").click()
    expect(page.locator(ANSWERED)).to_have_text("Playing 8 lucks…")
    page.locator(HEAD).focus()
    page.keyboard.press("End")  # it scrubs while that is played
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", "77")
    page.locator(ANSWERED).wait_for(state="detached", timeout=PATIENCE)
    figure = page.locator(FIGURE)
    expect(figure.locator("h3")).to_contain_text(re.compile("would"))
    expect(figure.locator("svg[role=img]")).to_have_attribute("aria-label", re.compile("would"))
    expect(figure.locator("svg")).to_contain_text("8 of 10 of 8 lucks")
    for measure in figure.locator("[data-measure]").all():
        measure.click()
        expect(measure).to_have_attribute("aria-pressed", "true")
    figure.locator("[data-do=table]").click()
    expect(figure.locator("tbody tr")).to_have_count(61)  # the weeks from the fork on
    with page.expect_download() as drawn:
        figure.locator("[data-do=svg]").click()
    assert "var(--" not in drawn.value.path().read_text()
    page.locator(HEAD).focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-part=tiles]")).to_have_text(
        before, use_inner_text=True
    )  # the record is what it was


@pytest.mark.browser
def test_branches_are_switched_and_removed_and_the_link_opens_them_again(
    open_page: OpenPage,
) -> None:
    page = open_page(f"{SHORT}&week=30")
    wait_until_played(page)
    page.locator("[data-question='0']").click()
    page.locator("[data-own-ask=who]").select_option("JPN")
    page.locator("[data-own-ask=what]").select_option("stockpile_release")
    page.locator("[data-own-ask=text]").fill("150")
    page.locator("[data-do=fork]").click()
    expect(page.locator("#own-hint")).to_contain_text("100")
    page.locator("[data-do=near]").click()  # the value that would be allowed
    expect(page.locator("[data-own-ask=text]")).to_have_value("100")
    page.locator("[data-do=fork]").click()
    expect(page.locator("[data-branch]")).to_have_count(2)
    expect(page.locator("[data-branch='2']")).to_have_attribute("aria-pressed", "true")
    page.locator(ANSWERED).wait_for(state="detached", timeout=PATIENCE)
    own = page.locator(f"{FIGURE} h3").inner_text()
    link = page.locator(FIGURE).get_by_role("link").get_attribute("href") or ""
    assert link.count("&fork=") == 2
    page.locator("[data-branch='1']").click()
    expect(page.locator(f"{FIGURE} h3")).not_to_have_text(own)
    page.locator("[data-remove='1']").click()
    expect(page.locator("[data-branch]")).to_have_count(0)  # one alone needs no list
    expect(page.locator(f"{FIGURE} h3")).to_have_text(own)
    again = open_page(link)
    wait_until_played(again)
    expect(again.locator("[data-branch]")).to_have_count(2)
    expect(again.locator(f"{FIGURE} h3")).to_have_text(own, timeout=PATIENCE)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("x", "cannot be read"), ("30*CHN.licence_approval*", "cannot be read"),
        ("900*CHN.licence_approval*1", "no such week"), ("30*CHN.licence_approval*9", "100"),
        ("30*<img src=x>*1", "actor"),
    ],
)  # fmt: skip
def test_an_address_that_asks_for_a_wrong_branch_gets_a_sentence(
    open_page: OpenPage, asked: str, said: str
) -> None:
    page = open_page(f"{SHORT}&fork={asked}")
    wait_until_played(page)
    expect(page.locator("[data-show=fork-fault]")).to_contain_text(said)
    page.locator(HEAD).focus()
    page.keyboard.press("End")
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", "77")


@pytest.mark.browser
def test_a_branch_can_be_stopped_and_fits_a_telephone(open_page: OpenPage) -> None:
    page = open_page(SHORT, NARROW)
    wait_until_played(page)
    page.evaluate(
        """async () => {
            const stop = () => document.querySelector("[data-do=stop]");
            document.querySelector("[data-question='1']").click();
            while (!stop()) await new Promise(requestAnimationFrame);
            stop().click();
        }"""
    )
    expect(page.locator(ANSWERED)).to_have_count(0)
    expect(page.locator(FIGURE)).to_have_count(0)
    page.locator("[data-question='0']").click()
    expect(page.locator(FIGURE)).to_be_visible(timeout=PATIENCE)
    fits(page)
