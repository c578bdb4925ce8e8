"""A run in a batch is the run alone, bit for bit, whatever the processor can do.

`python -m runs.room.trial.bytes --features` has the whole claim: all scenarios and lucks, 60 weeks.
Here are two quarters, and a few lucks of each batch.
"""

from __future__ import annotations

import pytest

from runs.about import vector_loops
from runs.room.trial.bytes import SIZES, compare, differing, with_hidden

SCENARIO = "japan-2026"  # with all kinds of seats, levers and materials
LUCKS = (0, 1, 2, 7, 19)  # the first, and the last of each batch


def test_all_that_a_run_tells_is_the_same_in_a_batch_and_alone() -> None:
    wrong, mark = compare(SCENARIO, users=100, weeks=18, sizes=SIZES, lucks=LUCKS)
    assert not wrong, wrong[:5]
    for name in (
        "users.stock", "lever enforcement", "law breadth", "zones score", "producers output_t",
        "gauge autonomy", "headline grey_value_share", "view KOR price", "firms profit_usd",
        "order CHN.rung.JPN", "log", "mass",
    ):  # fmt: skip
        assert name in mark, f"{name} is not compared"


def test_with_other_vector_loops_a_batch_is_the_run_alone_too() -> None:
    loops = " ".join(vector_loops())
    if not loops:
        pytest.skip("NumPy has no loops for this processor that could be hidden")
    words = ["--scenarios", SCENARIO, "--weeks", "14", "--users", "80", "--alone", "0", "7"]
    found = with_hidden(loops, words)
    assert (found["wrong"], found["weeks"], found["sizes"]) == ([], 14, list(SIZES))
    assert not set(loops.split()) & set(found["features"])


def test_a_last_bit_that_differs_is_named() -> None:
    assert differing("x", {"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == ["x: b", "x: c"]
