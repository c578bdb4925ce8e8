"""A small scenario and a played game that several tests look at."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from runs.game import Game
from world.events import Event
from world.scenario import Scenario, load_scenario, resolve

USERS, WEEKS, SEED = 200, 30, 5


@pytest.fixture(scope="session")
def plan() -> Scenario:
    """Three materials of japan-2026, all seats played."""
    whole = load_scenario("japan-2026")
    text = whole.text
    start, end = text.index("materials = ["), text.index("]", text.index("materials = ["))
    text = f'{text[:start]}materials = ["dy_oxide", "ndpr_oxide", "gallium"{text[end:]}'
    for absent in ("tb_oxide", "ndfeb_magnet", "germanium", "graphite", "antimony", "tungsten"):
        text = "\n".join(
            line for line in text.splitlines() if not line.startswith(f"licence_duty.{absent}")
        )
        acts = [
            act for act in text.split("\n\n") if not re.search(rf'lever = "\w+\.{absent}"', act)
        ]
        text = "\n\n".join(acts) + "\n"

    return replace(resolve(tomllib.loads(text), {"users": USERS}), text=text)


@pytest.fixture(scope="session")
def played(plan: Scenario) -> Game:
    """Thirty weeks with an order, an inject and a person's seat; not to be changed."""
    game = Game(plan, seed=SEED, panel=True)
    game.submit(actor="KOR", lever="hub_policing", value=0.8, why="told to")
    game.submit(actor="KOR", lever="hub_policing", value=1.8)
    game.inject(Event(4, "disaster", "", "MYS", "A fire.", {"cut": 0.9, "weeks": 6}))
    game.take_seat("JPN")
    game.submit(actor="JPN", lever="stockpile_release", value=0.2, week=9)
    return game.run(weeks=WEEKS)


@pytest.fixture(scope="session")
def folder(played: Game, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played.save(tmp_path_factory.mktemp("record") / "run")
