"""Links of before, or mistyped: one sentence says what of them is not known, and the rest holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from runs.game import Game
from runs.pages.words import LANGUAGES, catalogue
from runs.web.desk import Desk
from runs.web.payload import View, act, state_of
from runs.web.scene import scene_of
from runs.web.start import start_from_query, strange_in

FOREIGN = "?material=unobtainium&zone=QQQ&week=99999&view=zzz&old=1"


@pytest.fixture(scope="module")
def scene() -> Any:
    return scene_of(Game("magnets-2025", users=60))


def page(link: str, scene: Any) -> View:
    """A page behind such an address, once its run is set up."""
    start, problem = start_from_query(link)
    view = View(start=start, notice=problem, link=link)
    view.desk = cast("Desk", SimpleNamespace(
        scene=scene, start=start, error="", recorded=None, played=None,
    ))  # fmt: skip
    return view


def test_a_link_of_elsewhere_is_told_in_one_sentence_part_by_part(scene: Any) -> None:
    said = state_of(page(FOREIGN, scene))["notice"]
    assert said["key"] == "watch.strange_link"
    assert said["values"]["asked"] == (
        "material=unobtainium, zone=QQQ, week=99999, view=zzz, old=1"
    )
    for language in LANGUAGES:
        assert "{asked}" in catalogue(language)["watch.strange_link"], language


def test_before_there_is_a_run_only_what_no_run_has_is_told() -> None:
    assert strange_in(FOREIGN) == ["view=zzz", "old=1"]
    assert strange_in("week=soon&lang=tlh&seed=4") == ["week=soon", "lang=tlh"]


@pytest.mark.parametrize(
    "link",
    [
        "", "?watch", "?scenario=magnets-2025&seed=3&week=2&material=dy_oxide&zone=JPN&watch=",
        "?view=sources&text=graphite&use=read&source=S12&theme=dark&lang=ko", "?at=stop&autoplay=1",
        "?material=&zone=&fork=CHN.rung.JPN&utm_source=letter&fbclid=x&speed=2",
    ],
)  # fmt: skip
def test_links_of_the_page_itself_are_all_known(link: str, scene: Any) -> None:
    assert state_of(page(link, scene))["notice"] is None


def test_what_is_long_is_cut_and_one_thing_done_ends_the_notice(scene: Any) -> None:
    view = page("?" + "&".join(f"{'x' * 500}{n}={'y' * 500}" for n in range(50)), scene)
    assert len(state_of(view)["notice"]["values"]["asked"]) < 600
    act(view, {"what": "section", "value": "7"})
    assert state_of(view)["notice"] is None


def test_an_unknown_scenario_is_told_first(scene: Any) -> None:
    said = state_of(page("?scenario=nowhere&view=zzz", scene))["notice"]
    assert said["key"] == "watch.no_scenario"
