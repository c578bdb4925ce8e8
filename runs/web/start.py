"""How a page begins: what its address asks for, and what this server shows by default."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from runs.pages.words import LANGUAGES
from runs.sources.lookup import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from runs.web.scene import Scene

VIEWS = ("watch", "sources")
PARTS = frozenset(  # of an address, of this page and of its scripts
    {"scenario", "seed", "material", "zone", "view", "week", "at", "speed", "autoplay", "lang",
     "theme", "fork", "watch", "source", "row", "page", "section", *FIELDS}
)  # fmt: skip
TRACKERS = ("utm_", "fbclid", "gclid")  # what others hang on to an address that is passed on
SAID, MOST_SAID = 40, 6  # of an address: characters of a part, and parts
Said = dict[str, Any] | None  # key and values of a sentence of the catalogues


@dataclass(frozen=True)
class Start:
    """What to play and what to look at first; empty texts leave it to the scenario."""

    scenario: str = "japan-2026"
    seed: int = 1
    material: str = ""
    zone: str = ""
    view: str = "watch"  # or the sources of its figures
    # A page on another machine: it looks and chooses what is looked at, among what this server
    # offers by name. Nothing is played for it beside the run itself.
    guest: bool = False


class Defaults:
    """Set once by the server, before the first page."""

    start = Start()
    record: tuple[str, Path] | None = None  # a recorded run: what it is called, and its folder
    lean = False  # nothing is worked out beside a page but what somebody asks for
    runs: Path | None = None  # the folder whose runs, ensembles and sweeps can be compared
    file: tuple[str, Path] | None = None  # a scenario of one's own: what it is called, and its file


def name_of(scenario: str) -> str:
    """What a page calls the scenario that the server is started with. A file is noted in
    ``Defaults.file`` and goes by its bare name from then on: no page ever holds a path."""
    if scenario in _shipped() or record_of(scenario) is not None:
        return scenario
    path = Path(scenario)
    Defaults.file = (path.name, path)
    return path.name


def source_of(name: str) -> str | Path:
    """What is to be loaded under a name: a shipped id, or the one file that the server was started
    with. Raises ScenarioError for any other text, which thus never becomes a path."""
    from world.scenario import find_shipped

    own = Defaults.file
    return own[1] if own is not None and own[0] == name else find_shipped(name)


def known_scenarios() -> list[str]:
    """Names of the shipped scenarios, after what the server was started with if it is none of them:
    a scenario's file, or a recorded run."""
    own, ids = Defaults.start.scenario, _shipped()
    return list(ids) if own in ids else [own, *ids]


def record_of(scenario: str) -> Path | None:
    """The folder of the recorded run that goes by this name, None for a scenario."""
    named = Defaults.record
    return named[1] if named is not None and named[0] == scenario else None


@cache
def _shipped() -> tuple[str, ...]:
    from world.scenario import ScenarioError, list_scenarios

    try:
        return tuple(one.id for one in list_scenarios())
    except ScenarioError:  # one broken file must not take the page away
        return ()


def start_from_query(query: str) -> tuple[Start, Said]:
    """The start that an address asks for, and a sentence on what of it cannot be had.

    A scenario is taken by its name only: an address must not make the server read any file.
    """
    asked = {name: values[-1] for name, values in parse_qs(query.lstrip("?")).items()}
    start, problem = Defaults.start, None
    if "scenario" in asked:
        if asked["scenario"] in known_scenarios():
            start = replace(start, scenario=asked["scenario"])
        else:
            problem = no_scenario(asked["scenario"], start.scenario)
    if "seed" in asked:
        seed, fault = read_seed(asked["seed"])
        start, problem = replace(start, seed=seed), fault or problem
    view = asked.get("view", "")
    start = replace(
        start,
        material=asked.get("material", ""),
        zone=asked.get("zone", ""),
        view=view if view in VIEWS else "watch",
    )
    return start, problem


def strange_in(query: str, scene: Scene | None = None) -> list[str]:
    """What of an address nobody knows here, each as it stands there: names, and values that the run
    does not have. Materials, zones and weeks are known once there is a ``scene``."""
    asked = parse_qs(query.lstrip("?"), keep_blank_values=True)
    known: dict[str, Callable[[str], bool]] = {
        "view": lambda text: text in VIEWS, "lang": lambda text: text in LANGUAGES,
        "week": lambda text: _is_week(text, scene),
    }  # fmt: skip
    if scene is not None:
        goods, places = {one.id for one in scene.goods}, {one.code for one in scene.places}
        known |= {"material": goods.__contains__, "zone": places.__contains__}
    return [
        f"{name[:SAID]}={values[-1][:SAID]}"
        for name, values in asked.items()
        if not name.startswith(TRACKERS)
        and (name not in PARTS or (values[-1] and not known.get(name, _any)(values[-1])))
    ]


def _is_week(text: str, scene: Scene | None) -> bool:
    """Whether a run has a week of this number, as far as it is known how long it is."""
    number = text.isascii() and text.isdigit() and len(text) <= SAID
    return number and (scene is None or int(text) <= scene.horizon)


def _any(_: str) -> bool:
    return True


def strange_link(found: list[str]) -> Said:
    """The sentence on what of an address nobody knows; None where all is known."""
    if not found:
        return None
    return {"key": "watch.strange_link", "values": {"asked": ", ".join(found[:MOST_SAID])}}


def no_scenario(name: str, shown: str) -> Said:
    """The sentence on a name that is none of ours."""
    return {"key": "watch.no_scenario", "values": {"asked": name[:80], "shown": shown}}


def read_seed(text: str) -> tuple[int, Said]:
    """A seed, and a sentence when the text is none (the default seed then stands)."""
    digits = text.strip()
    short = len(digits) <= 40  # Python reads no number of thousands of digits
    if short and digits.isascii() and digits.isdigit() and int(digits) < 2**31:
        return int(digits), None
    said = {"key": "watch.no_seed", "values": {"asked": text[:40], "most": 2**31 - 1}}
    return Defaults.start.seed, said
