"""An episode of the record beside its published points: played anew, or one run of it.

    entrepot compare senkaku-2010               # eight lucks, played for it
    entrepot compare out/run7 senkaku-2010      # the run, where it is one of that scenario
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from runs.charts.page import STYLE, document, figure, paragraph, table
from runs.compare.shown import CompareError
from runs.compare.words import Tongue, digits, first_up, tongue
from runs.replay import play_again
from runs.run_folder import OtherModel, read_about
from runs.validate.frames import Run
from runs.validate.functions import needs_panel
from runs.validate.measure import measure
from runs.validate.pictures import strip_picture
from runs.validate.play import Found, found_in
from runs.validate.quiet import first_act
from runs.validate.report import OWN, series_of_point
from runs.validate.targets import Target, read_targets
from runs.validate.verdict import Result, Verdict, judge
from world.levers import guess
from world.reading import short
from world.scenario import ScenarioError, load_scenario

Watch = Callable[[int, int], None]
SEEDS = 8


@dataclass(frozen=True)
class Episode:
    """A scenario's published points as they were judged; ``named`` says which runs were, and
    ``notes`` are sentences on what could not be read."""

    scenario: str
    verdict: Verdict
    named: str
    notes: list[str] = field(default_factory=list)
    language: str = "en"

    @property
    def finding(self) -> str:
        """How many points are met, and which is missed by most."""
        to, results = tongue(self.language), self.verdict.results
        met = sum(one.inside for one in results)
        text = to.t("compare.episode", name=to.scenario(self.scenario), k=met, n=len(results))
        told = [one for one in results if one.median is not None and not one.inside]
        missed = sorted(told, key=lambda one: one.score)
        if not missed:
            return text
        return to.t("compare.episode_off", finding=text, point=name_of(missed[0].target, to))

    @property
    def ranked(self) -> list[Result]:
        """Points that are missed first, the worst on top."""
        return sorted(self.verdict.results, key=lambda one: (one.inside, one.score))

    @property
    def lines(self) -> list[str]:
        """What a terminal shows."""
        to = tongue(self.language)
        told = [f"  {name_of(one.target, to)}: {sentence(one, to)}" for one in self.ranked]
        return [f"{self.finding}.", *told, *self.notes]

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": "episode", "names": [self.scenario], "finding": self.finding,
            "notes": self.notes, **self.verdict.as_json(),
        }  # fmt: skip

    def html(self, command: str = "") -> str:
        """One file that opens offline; ``command`` is how it was made."""
        to = tongue(self.language)
        made = [paragraph(to.t("compare.made", command=command), "note")] if command else []
        return document(self.finding, [*self.body(), *made], STYLE + OWN, self.language)

    def body(self) -> list[str]:
        """What the page shows, without its head."""
        to = tongue(self.language)
        cards = [_card(one, self.verdict.found[one.target.id], self.named, to)
                 for one in self.ranked]  # fmt: skip
        return [
            f'<main data-part="compare"><p class="sub kick">'
            f'{escape(to.t("compare.kick_episode"))}</p><h1>{escape(self.finding)}</h1>'
            f'<p class="sub">{escape(self.named)}</p>',
            *map(paragraph, self.notes), _table(self.ranked, to),
            paragraph(to.t("compare.legend"), "sub"), f'<div class="cards">{"".join(cards)}</div>',
            paragraph(to.t("compare.caveat"), "note"), "</main>",
        ]  # fmt: skip


def episodes() -> list[str]:
    """Scenarios for which something was published."""
    return sorted({target.scenario for target in read_targets()})


def targets_of(scenario: str) -> list[Target]:
    """The published points of a scenario; raises CompareError where there are none."""
    found = [target for target in read_targets() if target.scenario == scenario]
    if not found:
        raise CompareError(
            f"{short(scenario)} is neither a folder nor an episode with published points: "
            f"{guess(scenario, episodes())}"
        )
    return found


def against_record(
    scenario: str, seeds: int, jobs: int, watch: Watch, language: str = "en", apart: bool = False
) -> Episode:
    """Plays an episode and judges it, ``apart`` in processes of lower priority; raises
    CompareError."""
    verdict = measure(targets_of(scenario), seeds, jobs, charts=True, watch=watch, apart=apart)
    named = tongue(language).t("compare.episode_sub", n=seeds)
    return Episode(scenario, verdict, named, language=language)


def run_against_record(
    folder: Path, scenario: str, watch: Callable[[int], None] | None = None, language: str = "en"
) -> Episode:
    """One recorded run beside the published points of its scenario.

    It is played again, since measures read more than its tables hold. Raises CompareError, or
    RecordError for what cannot be played again here.
    """
    to, wanted = tongue(language), targets_of(scenario)
    ran = str(read_about(folder)["scenario"])
    if ran != scenario:
        own, other = to.scenario(ran), to.scenario(scenario)
        raise CompareError(
            to.t("compare.other_episode", name=folder.name, scenario=own, episode=other)
        )
    try:
        game, about, _ = play_again(folder, watch)
    except OtherModel:
        raise CompareError(to.t("report.other_model")) from None
    if game.recorder.digest() != about["digest"]:
        raise CompareError(to.t("report.otherwise"))
    run = Run(game)
    still = Run(game, still=max(0, min(first_act(game.plan), run.weeks) - 1))
    fits = [one for one in wanted if _fits(one)]
    if not fits:
        raise CompareError(to.t("compare.left_out", n=len(wanted)))
    verdict = judge(fits, {one.id: [found_in(one, run, still)] for one in fits})
    from runs.compare.shown import Shown, run_shown

    said = run_shown(game)
    title = Shown("run", folder.name, said.said, said.tables).title(to)
    return Episode(scenario, verdict, to.t("compare.run_against", title=title),
                   _notes(len(wanted) - len(fits), run.weeks, scenario, to), language)  # fmt: skip


def _fits(target: Target) -> bool:
    """Whether a point can be read from a run of the scenario as it is, without a second one."""
    return not target.changes and target.base_plan is None and not needs_panel(target.tree)


def _notes(left_out: int, weeks: int, scenario: str, to: Tongue) -> list[str]:
    notes = [to.t("compare.left_out", n=left_out)] if left_out else []
    try:
        whole = load_scenario(scenario).weeks
    except ScenarioError:
        return notes
    if weeks < whole:
        notes.append(to.t("compare.unfinished", n=weeks, n_b=whole))
    return notes


# --- in words and pictures ----------------------------------------------------------------------


def name_of(target: Target, to: Tongue) -> str:
    """What a point is called; one of a reader's own has its own name."""
    return to.has(f"compare.point.{target.id}") or target.name


def unit_of(target: Target, to: Tongue) -> str:
    return to.has(f"compare.unit.{target.unit.replace(' ', '_').lower()}") or target.unit


def figure_of(value: float) -> str:
    """Three digits that count, as beside a chart."""
    return digits(value, 3)


def band_of(target: Target, to: Tongue) -> str:
    low, high = figure_of(target.low), figure_of(target.high)
    return f"{to.t('compare.band', low=low, high=high)} {unit_of(target, to)}".strip()


def sentence(one: Result, to: Tongue) -> str:
    """What the picture of a point shows, in words."""
    band = band_of(one.target, to)
    if one.median is None:
        return to.t("compare.point_none", reason=to.t("compare.point_void"), band=band)
    where = "inside" if one.inside else "above" if one.median > one.target.high else "below"
    return to.t(f"compare.point_{where}", value=figure_of(one.median), band=band)


def _card(one: Result, found: Sequence[Found], named: str, to: Tongue) -> str:
    target, says = one.target, sentence(one, to)
    strip = strip_picture(
        target.low, target.high, target.value, one.median, one.p10, one.p90, says
    )
    source = to.t("compare.source", text=target.source) if target.source else named
    drawn = series_of_point(one, found, says) + strip
    title = first_up(name_of(target, to))
    return figure(title, says, drawn, source, to=to, english=target.source)


def _table(results: Sequence[Result], to: Tongue) -> str:
    several = any(one.seeds > 1 for one in results)
    parts = ("point", "model", *(["spread"] if several else []), "published", "met")
    rows = []
    for one in results:
        spread = "–"
        if one.p10 is not None and one.p90 is not None:
            spread = to.t("compare.band", low=figure_of(one.p10), high=figure_of(one.p90))
        model = "–" if one.median is None else figure_of(one.median)
        rows.append([name_of(one.target, to), model, *([spread] if several else []),
                     band_of(one.target, to),
                     to.t("compare.yes" if one.inside else "compare.no")])  # fmt: skip
    return table([to.t(f"compare.col_{part}") for part in parts], rows)
