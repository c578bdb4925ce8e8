"""No figure of the model stands bare in its code: it has a row with unit, range and source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = "agents/policies/"

# Numbers that say nothing about the world by themselves: counts and places, halves and squares,
# days and weeks, kilograms and percent, and what rounding leaves.
PLAIN = {0, 0.5, 1, 2, 3, 7, 52, 100, 365, 1000}
ROUNDING = (1e-6, 1e-8, 1e-9, 1e-12)
# A page of a policy is made of judgements, so even a half is one there.
PLAIN_ON_PAGES = {0, 1}

# What stands bare all the same, and why it is no figure of the model.
KNOWN = {
    ("agents/players.py", 4): "a week of the calendar of decisions (ODD 3)",
    ("agents/players.py", 9): "a week of the calendar of decisions (ODD 3)",
    ("agents/policies/coercer.py", 2): "a square, a place, the highest step of a concession",
    ("agents/policies/coercer.py", 100): "percent",
    ("agents/policies/coercer.py", 1000): "bars an option that changes nothing",
    ("agents/policies/coercer.py", 1e-9): "rounding",
    ("agents/policies/china_calibrated.py", 2): "a square",
    ("agents/policies/moves.py", 52): "weeks of a year",
    ("agents/policies/scales.py", 10): "percentile that the scales are defined by",
    ("agents/policies/scales.py", 90): "percentile that the scales are defined by",
    ("agents/policies/scales.py", 100): "default of a command: lucks",
    ("agents/policies/scales.py", 156): "default of a command: weeks",
    ("agents/policies/scales.py", 2000): "default of a command: users",
    ("agents/refiners.py", 1e-3): "keeps powers and logs of a price finite",
    ("world/scenario_form.py", 260): "weeks of a past that a warm-up plays at most",
    ("agents/warmup.py", 4): "worlds kept in memory",
    ("agents/warmup.py", 13): "length of a warm-up that moves nothing",
    ("agents/warmup.py", 25_000): "users of a world that is worth keeping in memory",
    ("world/base_plants.py", 1990): "a year before every scenario",
    ("world/base_trade.py", 0.1): "decides what is told, not what happens",
    ("world/base_trade.py", 1e-3): "a share too small to divide by",
    ("world/base_trade.py", 1e-13): "where a balance ends",
    ("world/base_trade.py", 1e-15): "a weight that counts only where nothing else does",
    ("world/base_trade.py", 2000): "rounds of a balance at most",
    ("world/base_year.py", 2025.85): "start for a caller without a scenario",
    ("world/columns.py", 999): "no announcement yet",
    ("world/draws.py", 4): "place in the buffer of a generator",
    ("world/draws.py", 20): "an exponent that keeps a counter positive",
    ("world/events.py", 0.1): "range of what may be typed",
    ("world/events.py", 10): "range of what may be typed",
    ("world/events.py", 2600): "range of what may be typed",
    ("world/laws/capacity.py", 0.25): "a quarter in the root of a quadratic equation",
    ("world/laws/capacity.py", 6): "number of states of a plant",
    ("world/laws/flows.py", 60): "where a sigmoid is 0 or 1",
    ("world/laws/flows.py", 4096): "actors that are added up together",
    ("world/laws/licensing.py", 0.999): "1 but for rounding",
    ("world/laws/market.py", 1e-3): "keeps a log finite beyond its bounds",
    ("world/laws/market.py", 4): "rounds of an allocation",
    ("world/laws/recycling.py", 0.01): "keeps a weight finite where all is recycled",
    ("world/laws/stockpiles.py", 40): "steps of Newton's method at most",
    ("world/network/build.py", 200): "days that nobody's stock reaches",
    ("world/network/daily.py", 5): "steps of Newton's method",
    ("world/network/figures.py", 60): "rounds of a fixed point",
    ("world/network/failures.py", 500): "firms of a sample",
    ("world/network/failures.py", 0.001): "edge of a stratum",
    ("world/network/failures.py", 0.01): "edge of a stratum; where a wave has passed",
    ("world/network/failures.py", 0.1): "edge of a stratum",
    ("world/network/failures.py", 0.15): "part of a sample",
    ("world/network/failures.py", 0.2): "part of a sample",
    ("world/network/failures.py", 0.25): "part of a sample",
    ("world/network/failures.py", 0.4): "part of a sample",
    ("world/network/phase.py", 0.1): "keeps single firms from deciding",
    ("world/odd.py", 4): "shifts that a row of a table of the ODD shows at most",
    ("world/phases/firms.py", 520): "stands for ever on record",
    ("world/phases/border.py", 12): "December",
    ("world/phases/border.py", 31): "31 December",
    ("world/population.py", 1.5): "how even few firms are at least: no cap below 1/n can hold",
    ("world/population.py", 50): "rounds of a cap at most",
    ("world/population.py", 4001): "points of a quantile function",
    ("world/reading.py", 20): "names that one sentence lists",
    ("world/reading.py", 64): "size of a table at most, in MB",
    ("world/reading.py", 120): "characters that one sentence repeats",
    ("world/regime.py", 4): "a code of the lever ban_scope",
    ("world/scenario_firms.py", 0.9): "range of what a scenario may say",
    ("world/scenario.py", 20): "a bound on the size of files",
    ("world/scenario.py", 100_000): "default size of the network of firms",
    ("world/scenario_form.py", 500): "range of what a scenario may say",
    ("world/scenario_form.py", 100_000): "default size of the network of firms",
    ("world/scenario_form.py", 1_000_000): "range of what a scenario may say",
    ("world/scenario_form.py", 12): "December",
    ("world/scenario_form.py", 31): "31 December",
    ("world/scenario_form.py", 62): "an exponent: 64 bits less a sign and one to spare",
    ("world/scenario_form.py", 1900): "range of what a scenario may say",
    ("world/scenario_form.py", 2199): "range of what a scenario may say",
    ("world/scenario_form.py", 2600): "range of what a scenario may say",
    ("world/scenario_form.py", 120): "longest question of a scenario",
    ("world/scenario_form.py", 10_000): "default size of the population",
    ("world/scenario_form.py", 10_000_000): "range of what a scenario may say",
    ("world/setting.py", 60): "rounds of a fit",
    ("world/toml_text.py", 20): "how deep values may stand in one another",
    ("world/toml_text.py", 63): "an exponent: TOML's whole numbers have 64 bits",
    ("world/state.py", 32): "an exponent that keeps two generators apart",
}
# Conversions live here and nowhere else.
CONVERSIONS = "world/units.py"


def sources() -> Iterator[str]:
    for room in ("world", "agents"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()
    yield "runs/outcome.py"


def numbers(text: str) -> Iterator[tuple[int, float]]:
    """(line, number) of every number that a source text holds."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield node.lineno, float(str(node.value))


def bare(name: str, text: str) -> Iterator[tuple[int, float]]:
    """The numbers of a file that are neither plain nor known."""
    on_page = name.startswith(PAGES)
    for line, number in numbers(text):
        plain = number in PLAIN_ON_PAGES if on_page else number in PLAIN or number in ROUNDING
        if not plain and (name, number) not in KNOWN:
            yield line, number


@pytest.mark.parametrize("name", [name for name in sources() if name != CONVERSIONS])
def test_no_figure_stands_bare(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    found = [f"{name}:{line}: {number:g}" for line, number in bare(name, text)]
    assert not found, (
        "give these a row in world/data/parameters.csv, model_constants.csv or policy_terms.csv, "
        "or say in KNOWN why they are no figures of the model:\n" + "\n".join(found)
    )


def test_what_is_known_still_stands_there() -> None:
    gone = {
        (name, number)
        for name, number in KNOWN
        if number not in {n for _, n in numbers((ROOT / name).read_text("utf-8"))}
    }
    assert not gone


def test_a_new_figure_is_found() -> None:
    assert list(bare("world/laws/market.py", "def f(x):\n    return 0.37 * x\n")) == [(2, 0.37)]
    assert list(bare("agents/policies/eu_rules.py", "share = 0.5\n")) == [(1, 0.5)]
    assert list(bare("world/laws/market.py", "half = 0.5\n")) == []
