"""What the story tells of a run: worked out as the weeks come, written for its readers."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runs.story import Story, run_of, run_of_stored, write
from runs.story.lead import tiles
from runs.web.scene import Look
from runs.web.stored import Stored

if TYPE_CHECKING:
    from runs.web.played import Played
    from runs.web.start import Start

AT_ONCE_S = 0.3  # of work on the story between two drawings of a page
MOST_LOOKS = 4  # whose tiles are kept
MOST_TEXTS = 8_000  # sentences as written, a few looks at a long run

Tiles = list[list[dict[str, Any]]]
Sparks = dict[str, list[float | None]]


class Telling:
    """Weeks of one record as told; ``weeks`` counts those that are worked out."""

    def __init__(self, played: Played) -> None:
        self._played, self.record = played, played.game.recorder
        self.weeks = 0
        self._heads: list[dict[str, Any]] = []
        self._story: Story | None = None
        self._tiles: OrderedDict[Look, tuple[Tiles, Sparks]] = OrderedDict()
        self._texts: dict[tuple[str, str], str] = {}
        self._written: dict[str, tuple[list[Any], list[Any]]] = {}  # by language

    def story(self) -> Story:
        """The story of the weeks played so far."""
        if self._story is None or self._story.run.weeks < self._played.week:
            game = self._played.game
            self._story = Story(run_of_stored(game) if isinstance(game, Stored) else run_of(game))
        return self._story

    def look(self, asked: Look, start: Start) -> Look:
        """Material and zone: what was asked for where the run has it, else what the page began
        with, else the scenario's own."""
        scene, run = self._played.scene, self.story().run
        goods, zones = set(run.goods), set(run.zones)
        material = (one for one in (asked.material, start.material) if one in goods)
        zone = (one for one in (asked.zone, start.zone) if one in zones)
        return Look(next(material, scene.first_material), next(zone, scene.first_zone))

    def go_on(self, weeks: int) -> None:
        """Works out weeks that were not told yet, for a while, and one at the least."""
        story, until = self.story(), time.monotonic() + AT_ONCE_S
        while self.weeks < weeks:
            row = story.week(self.weeks)
            self._heads.append({name: row[name] for name in ("headline", "news", "zone")})
            self.weeks += 1
            if time.monotonic() >= until:
                return

    def told(self, look: Look, language: str) -> dict[str, Any]:
        """The whole run and each week, sentences written out. News of a week are numbers of
        ``items``, since they stand in the thirteen weeks that follow them."""
        story, (rows, sparks) = self.story(), self._tiles_of(look)
        heads, items = self._heads_in(language)
        whole = story.whole(look.material, look.zone)
        made: dict[str, Any] = self.texts({**whole, "sparks": sparks}, language)
        weeks = [
            {**head, "tiles": self.texts(row, language)}
            for head, row in zip(heads, rows, strict=True)
        ]
        return {**made, "weeks": weeks, "items": items,
                "done": self._played.finished and self.weeks >= self._played.week}  # fmt: skip

    def _heads_in(self, language: str) -> tuple[list[Any], list[Any]]:
        """What is the same wherever one looks: the weeks' headlines, and all items of news."""
        kept = self._written.get(language)
        if kept is not None and len(kept[0]) == self.weeks:
            return kept
        items: dict[str, int] = {}
        heads = []
        for head in self._heads:
            news = head["news"]
            numbers = [items.setdefault(json.dumps(one, sort_keys=True), len(items))
                       for one in news["items"]]  # fmt: skip
            routine = news["routine"]
            heads.append({
                "headline": {k: head["headline"][k] for k in ("say", "second")},
                "zone": head["zone"], "items": numbers, "nothing": news["nothing"],
                "routine": {"say": routine["say"], "groups": [g["say"] for g in routine["groups"]]}
                if routine and routine.get("n") else None,
            })  # fmt: skip
        told = [json.loads(one) for one in items]
        self._written[language] = self.texts(heads, language), self.texts(told, language)
        return self._written[language]

    def _tiles_of(self, look: Look) -> tuple[Tiles, Sparks]:
        """Words of the tiles by week, and the sparks of the last; their figures are columns that
        the page has."""
        run = self.story().run
        rows, sparks = self._tiles.setdefault(look, ([], {}))
        for week in range(len(rows), self.weeks):
            made = tiles(run, week, look.material, look.zone)
            if week == self.weeks - 1:
                sparks.clear()
                sparks |= {f"{one['id']}.{one['material']}": one["spark"] for one in made}
            rows.append([{name: one[name] for name in one if name != "spark"} for one in made])
        self._tiles.move_to_end(look)
        while len(self._tiles) > MOST_LOOKS:
            self._tiles.popitem(last=False)
        return rows, sparks

    def texts(self, row: Any, language: str) -> Any:
        """The same with each sentence ``{key, values}`` as its text in a language."""
        if isinstance(row, Mapping):
            if set(row) == {"key", "values"}:
                return self._text(row, language)
            return {name: self.texts(value, language) for name, value in row.items()}
        if isinstance(row, list | tuple):
            if row and isinstance(row[0], float | int):
                return row
            return [self.texts(one, language) for one in row]
        return row

    def _text(self, say: Mapping[str, Any], language: str) -> str:
        name = (language, json.dumps(say, sort_keys=True))
        if name not in self._texts:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[name] = write(say, language)
        return self._texts[name]
