"""Sums over actors do not depend on how many lucks are played at once, nor on where they lie."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from world.sums import add_up, mean_known, mean_of, one_by_one

ROOT = Path(__file__).resolve().parent.parent
# Ways of NumPy to add or multiply up, in an order that follows layout or size.
ROUNDING = {
    "sum", "mean", "average", "prod", "dot", "vdot", "inner", "matmul", "tensordot", "einsum",
    "std", "var", "nansum", "nanmean", "nanprod", "nanstd", "nanvar", "trapezoid", "reduce",
    "reduceat", "convolve", "correlate",
}  # fmt: skip
MODEL = ("world", "agents", "runs")
# Where there are no lucks: the base year and its population, and records of one run, luck 0.
WITHOUT_LUCKS = (
    "runs/story/trial/*.py",  # a run's tables, checked to a digit that is told
    "world/network/*.py",  # a luck at a time
    "world/sums.py", "world/base_*.py", "world/population.py", "runs/headline.py:spans",
    "runs/estimate.py", "runs/firm_estimate.py", "runs/panel.py", "runs/web/*.py",
    "runs/room/causes.py", "runs/room/reach.py", "runs/room/reports.py", "runs/room/score.py",
    "runs/room/table.py", "runs/room/trial/*.py", "runs/stops.py", "runs/validate/*.py",
    "runs/compare/*.py", "runs/report/*.py", "runs/story/*.py",  # read stored runs of one luck
)  # fmt: skip


def loose_sums(source: str) -> Iterator[tuple[int, str]]:
    """(line, function around it) of what adds up numbers, but not through ``world.sums``.

    ``groups.sum(values)`` and ``view.mean(values)`` are the model's own: one argument, no axis.
    """
    tree = ast.parse(source)
    inside = {
        id(node): function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            yield node.lineno, inside.get(id(node), "")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of, name = node.func.value, node.func.attr
            module = of.id if isinstance(of, ast.Name) else ""
            if name not in ROUNDING or module in ("math", "functools"):
                continue
            plain = len(node.args) == 1 and not node.keywords
            if name in ("sum", "mean") and plain and module != "np" and not axis_like(node.args[0]):
                continue
            yield node.lineno, inside.get(id(node), "")


def axis_like(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.UnaryOp | ast.Tuple)


def test_numbers_of_actors_are_added_in_one_place() -> None:
    found = []
    for path in sorted(path for room in MODEL for path in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT)
        for line, function in loose_sums(path.read_text(encoding="utf-8")):
            places = (str(name), f"{name}:{function}")
            if not any(Path(place).match(known) for known in WITHOUT_LUCKS for place in places):
                found.append(f"{name}:{line}")
    assert not found, "use add_up or mean_of of world.sums in " + ", ".join(found)


def test_the_check_of_sums_sees_what_it_should() -> None:
    source = (
        "a.sum(axis=1)\na.sum()\na.sum(-1)\nnp.sum(a)\na @ b\nnp.mean(a, axis=0)\n"
        "groups.sum(a)\nview.mean(a)\nmath.prod(a)\nadd_up(a, axis=1)\nnp.add.reduce(a)\n"
        "def f():\n    a.mean(axis=(1, 2))\n"
    )
    assert [line for line, _ in loose_sums(source)] == [1, 2, 3, 4, 5, 6, 11, 13]
    assert ("f" in {function for _, function in loose_sums(source)}) is True


@pytest.mark.parametrize("places", [2, 9, 40, 5000])
def test_a_luck_is_added_as_if_it_were_alone(places: int) -> None:
    """Whatever the number of lucks and whatever lies beside what: numbers of nine orders of
    magnitude, whose sum shows another order of adding in its last digit."""
    luck = np.random.default_rng(places)
    numbers = luck.lognormal(sigma=5.0, size=(20, 3, places))
    alone = [add_up(numbers[r : r + 1].copy(), axis=-1)[0] for r in range(20)]
    whole = [add_up(numbers[r : r + 1].copy(), axis=(1, 2))[0] for r in range(20)]
    middle = [add_up(numbers[r : r + 1].copy(), axis=1)[0] for r in range(20)]
    side_by_side = np.ascontiguousarray(numbers.transpose(2, 1, 0)).transpose(2, 1, 0)
    chosen = numbers[:, :, np.ones(places, dtype=bool)]  # NumPy lays lucks side by side here
    for lucks in (1, 2, 3, 8, 20):
        for laid in (numbers[:lucks], side_by_side[:lucks], chosen[:lucks], numbers[:20][:lucks]):
            assert np.array_equal(add_up(laid, axis=-1), alone[:lucks])
            assert np.array_equal(add_up(laid, axis=(1, 2)), whole[:lucks])
            assert np.array_equal(add_up(laid, axis=1), middle[:lucks])
            assert np.array_equal(mean_of(laid, axis=-1), np.array(alone[:lucks]) / places)
            assert np.array_equal(mean_known(laid, axis=-1), mean_of(laid, axis=-1))


def test_numpy_alone_adds_by_layout() -> None:
    """What the rule is for: were this to change, the helper could go."""
    numbers = np.random.default_rng(1).lognormal(sigma=5.0, size=(20, 40))
    beside = np.asfortranarray(numbers)
    assert (numbers.sum(axis=1) != beside.sum(axis=1)).any()


def test_lucks_are_never_added() -> None:
    for axis in (0, (0, 1)):
        with pytest.raises(ValueError, match="axis 0 is that of lucks"):
            add_up(np.ones((2, 3)), axis)


def test_a_mean_of_what_is_known() -> None:
    values = np.array([[1.0, np.nan, 4.0], [np.nan, np.nan, np.nan]])
    assert np.array_equal(mean_known(values, axis=1), [2.5, np.nan], equal_nan=True)


def test_arrays_are_added_one_after_the_other() -> None:
    """As they come, also plain numbers, which Python 3.12 would add with a correction."""
    numbers = [0.1] * 10
    assert float(one_by_one(numbers)) == 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1
    assert np.array_equal(one_by_one([np.ones(2), np.arange(2.0)]), [1.0, 2.0])
    assert float(one_by_one([])) == 0.0
