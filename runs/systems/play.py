"""Plays what a row of the table says and reads its figures.

``play`` names a scenario, keys of it that are replaced, and one measure or several by name, in the
language of ``entrepot validate``; every entry of ``runs`` is a course that is played: ``set`` as
``--set`` takes it, ``history`` as [week, actor, lever, value], ``events`` as a scenario has them,
``without`` the levers whose dated acts are left out. A figure is a run's name, with several
measures ``measure_run``.
``order`` says how the figures lie to one another, such as ``"struck > calm"``; ``luck`` is the one
in which what the row tells comes to pass, populations then differ alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from runs.systems.table import System
from world.scenario import Scenario, load_scenario, resolve

KEYS = {"scenario", "keys", "drop", "set", "measure", "order", "luck"}
RUN_KEYS = {"set", "history", "events", "without"}


class PlayError(ValueError):
    """A row whose effect cannot be measured as it says; the text is one sentence."""


def plan_of(system: System, name: str, users: int) -> Scenario:
    """The scenario of one of its runs."""
    return plan_from(system.play, system.runs[name], users, system.id)


def plan_from(play: Mapping[str, Any], run: Mapping[str, Any], users: int, who: str) -> Scenario:
    """The scenario that a course says; ``who`` asks is named in the error."""
    unknown = (set(play) - KEYS) | (set(run) - RUN_KEYS)
    if unknown:
        raise PlayError(f"{who}: unknown keys {sorted(unknown)}.")
    raw = {**load_scenario(play["scenario"]).source, **play.get("keys", {})}
    for key in play.get("drop", ()):
        raw.pop(key, None)
    if "materials" in play.get("keys", {}):
        raw["chart"] = {"material": raw["materials"][0], "zone": raw["target"]}
    acts = [dict(zip(("week", "actor", "lever", "value"), act, strict=True))
            for act in run.get("history", ())]  # fmt: skip
    old = [act for act in raw.get("history", ())
           if act["lever"].partition(".")[0] not in run.get("without", ())]  # fmt: skip
    raw["history"] = [*old, *acts]
    raw["events"] = [*raw.get("events", ()), *run.get("events", ())]
    return resolve(raw, {"users": users, **play.get("set", {}), **run.get("set", {})})


def measures_of(system: System) -> dict[str, str]:
    """Its measures by the first part of their figures' names."""
    wanted = system.play["measure"]
    return {"": wanted} if isinstance(wanted, str) else dict(wanted)


def play(system: System, seed: int, users: int) -> dict[str, float]:
    """The figures of one seed, which is luck and population."""
    from runs.play import Play
    from runs.validate.frames import Run
    from runs.validate.functions import check, measured
    from runs.validate.grammar import parse

    found: dict[str, float] = {}
    for name in system.runs:
        plan = plan_of(system, name, users).override({"population": seed})
        trees = {first: parse(text) for first, text in measures_of(system).items()}
        for tree in trees.values():
            check(tree, plan, None)
        game = Play(plan, seed=system.play.get("luck", seed))
        game.run()
        runs = {False: Run(game)}
        for first, tree in trees.items():
            found[f"{first}_{name}" if first else name] = measured(tree, runs)
    return found


def played(system: System, seeds: Sequence[int], users: int) -> dict[str, list[float]]:
    """Every figure in every seed."""
    parts = [play(system, seed, users) for seed in seeds]
    return {name: [part[name] for part in parts] for name in parts[0]}


def medians(values: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: float(np.median(column)) for name, column in values.items()}


def orders_of(system: System) -> list[str]:
    """What it claims about its figures, one chain of comparisons each."""
    claims: Any = system.play.get("order", [])
    return [claims] if isinstance(claims, str) else list(claims)


def broken(system: System, values: Mapping[str, float]) -> list[str]:
    """The claims that figures do not bear out, each with what stands there."""
    out = []
    for claim in orders_of(system):
        parts = re.split(r"\s*(<=|>=|<|>)\s*", claim.strip())
        for left, sign, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            a, b = (values[one] if one in values else float(one) for one in (left, right))
            holds = {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign]
            if not holds:
                out.append(f"{left} {sign} {right}: {a:.4g} and {b:.4g}")
    return out
