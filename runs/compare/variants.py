"""The variants of one scenario side by side: both played with the same lucks, told in a sentence.

    entrepot compare prepared-2011 --html page.html
"""

from __future__ import annotations

from dataclasses import replace

from runs.compare.comparison import Comparison, compare
from runs.compare.shown import CompareError, Shown, lucks_shown
from runs.compare.words import first_up, tongue
from runs.lucks import ensemble
from world.levers import guess
from world.scenario import SetValue, list_scenarios, load_scenario, shipped


def with_variants() -> list[str]:
    """Shipped scenarios that have a variant to be played beside another."""
    return [plan.id for plan in list_scenarios() if len(plan.variants) > 1]


def variants_of(scenario: str, asked: str = "") -> tuple[str, str]:
    """Two variants of a scenario: those that are named, ``one,other``, else its first two; raises
    CompareError."""
    known = list(load_scenario(scenario).variants) if scenario in shipped() else []
    if len(known) < 2:
        raise CompareError(f"{scenario} has no variants: {guess(scenario, with_variants())}")
    names = [one.strip() for one in asked.split(",")] if asked else known[:2]
    for name in names:
        if name not in known:
            raise CompareError(f"{scenario} has no variant {name!r}: {guess(name, known)}")
    if len(set(names)) != 2:
        raise CompareError(f"--variants names two of {', '.join(known)}, such as {known[0]},"
                           f"{known[1]}.")  # fmt: skip
    return names[0], names[1]


def side_by_side(
    scenario: str, names: tuple[str, str], changes: dict[str, SetValue], seeds: int, jobs: int = 1,
    language: str = "en",
) -> Comparison:
    """Plays two variants with common lucks and says what the target loses and pays in each."""
    a, b = (
        replace(
            lucks_shown(ensemble(scenario, {**changes, "variant": name}, seeds, jobs=jobs)),
            name=name,
        )
        for name in names
    )
    found = compare(a, b, language)
    to = tongue(language)
    target = load_scenario(scenario).target
    says = first_up(to.t(
        "compare.variants", place=to.name(target), a=a.name, b=b.name,
        lost=to.say("total", _lost(a, target)), lost_b=to.say("total", _lost(b, target)),
        spent=to.say("total", _spent(a, target)), spent_b=to.say("total", _spent(b, target)),
    ))  # fmt: skip
    return replace(found, finding=says, sentences=[f"{found.finding}.", *found.sentences])


def _lost(one: Shown, zone: str) -> float:
    """What a zone loses over the whole run, in the median luck by week."""
    return float(one.values("zones", "gdp_loss_usd")[(zone,)].sum())


def _spent(one: Shown, zone: str) -> float:
    """What its state has paid out by the end."""
    return max(0.0, -float(one.values("zones", "budget_usd")[(zone,)][-1]))
