"""S07 and S08: how long a measure lasts, and what may end it.

S08: the same embargo and the same case end differently under the two frames, late or not at all.

2010: conservation, complaint in March 2012, lost in 2014, over by 2015. 2026: national security.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from world.scenario import load_scenario, resolve

BAN, CASE, END = 4, 8, 190
FRAMES = {"conservation": 1.0, "security": 2.0}


@pytest.fixture(scope="module")
def framed(lab: Any) -> dict[str, Any]:
    """A full ban on Japan under either frame, with a case of the United States; and without one."""
    plan = lab.small(materials=["gallium"])
    ban = [(BAN, "CHN", "ban_breadth.JPN", 1.0)]
    case = [(CASE, "USA", "wto_case", 1.0)]
    runs = {
        name: ban + case + [(BAN, "CHN", "legal_frame", frame)] for name, frame in FRAMES.items()
    }
    runs["no case"] = [*ban, (BAN, "CHN", "legal_frame", 1.0)]
    return {
        name: lab.play(plan, END, acts, users=80, populations=(1,), lucks=1)
        for name, acts in runs.items()
    }


def sent(run: Any, first: int, until: int) -> float:
    """Exports to Japan in those weeks over those before the ban."""
    goods = run.exports_to("gallium", "JPN")
    return float(goods[first:until].mean() / goods[:BAN].mean())


def test_s08_the_remedy_comes_after_three_years_under_conservation(framed: dict[str, Any]) -> None:
    run = framed["conservation"]
    assert sent(run, 150, 168) < 0.02
    assert sent(run, 176, END) > 0.05  # late: most buyers have gone elsewhere for good
    price = run.market("price", "gallium", "JPN")
    assert price[-4:].mean() < price[160:168].mean()


def test_s08_under_security_it_never_comes_and_trust_goes(framed: dict[str, Any]) -> None:
    run = framed["security"]
    assert sent(run, 150, END) < 0.02
    named, plain = (
        framed[name].zone("reputation_of_china", "KOR")[: 120 + BAN]
        for name in ("security", "no case")
    )
    jumps = np.flatnonzero(np.diff((named - plain)[:, 0]) > 0.03)
    assert len(jumps) == 2, jumps  # when it is invoked, and when the report goes into the void


def test_s08_without_a_case_a_ruling_has_nothing_to_end(framed: dict[str, Any]) -> None:
    assert sent(framed["no case"], 150, END) < 0.02


def test_s08_every_step_is_recorded_and_told(framed: dict[str, Any]) -> None:
    for name, end in (("conservation", 5.0), ("security", 6.0)):
        run = framed[name]
        steps = run.zone("case_stage", "USA")[:, 0]
        assert steps[-1] == end
        assert (np.diff(steps) >= 0).all()
        told = [line for _, line in run.happenings if line.kind == "case"]
        assert {line.data["stage"] for line in told} == set(steps[steps > 1])
        assert all("USA" in line.text for line in told)


def test_s07_a_concession_shortens_a_measure_whose_length_has_a_spread(lab: Any) -> None:
    """The calibrated rules of China end a ban by a hazard, so its length differs from luck to luck;
    a target that retracts ends most within months."""
    raw = dict(load_scenario("japan-2026").source)
    del raw["warmup_from"]
    raw |= {
        "history": [], "materials": ["gallium"], "events": [],
        "levers": {"CHN": {"rung": {"JPN": 6}, "licence_duty": {"gallium": 1.0}}},
        "chart": {"material": "gallium", "zone": "JPN"},
    }  # fmt: skip
    plan = resolve(raw, {})
    seats = dict.fromkeys(set(plan.zones) - {"CHN"}, "scripted")
    stood = {
        name: lab.play(
            plan, 104, [(8, "JPN", "concession", step)], seats=seats, users=60,
            populations=(1,), lucks=12,
        ).zone("measure_weeks", "JPN").max(axis=0)
        for name, step in (("holds", 0.0), ("retracts", 2.0))
    }  # fmt: skip
    assert len(set(stood["retracts"])) > 3
    assert lab.typical(stood["retracts"]) < 0.6 * lab.typical(stood["holds"])
    assert (stood["holds"] >= 104).sum() > (stood["retracts"] >= 104).sum()


def test_s06_a_general_licence_is_a_favour_in_tonnes_and_in_the_price(lab: Any) -> None:
    """Half of all applications are refused: who needs none gets what it orders, and pays less."""
    plan = lab.small(materials=["gallium"])
    refused = [(4, "CHN", "licence_duty.gallium", 1.0), (4, "CHN", "licence_approval", 0.3)]
    favour = [*refused, (4, "CHN", "general_licence.KOR", 1.0)]
    none, served = (
        lab.play(plan, 44, acts, users=60, populations=(1,), lucks=2) for acts in (refused, favour)
    )
    sent, price = (
        {name: lab.typical(read(run)[20:].mean(axis=0)) for name, run in
         (("none", none), ("served", served))}
        for read in (
            lambda run: run.exports_to("gallium", "KOR"),
            lambda run: run.market("price", "gallium", "KOR"),
        )
    )  # fmt: skip
    assert sent["served"] > 1.2 * sent["none"], sent
    assert price["served"] < price["none"], price


def test_s08_security_is_invoked_first_but_once(lab: Any) -> None:
    """A week without the measure, or without the reason, and the same words again: no second blow;
    the distrust is that of who never let go."""
    ban, frame = (BAN, "CHN", "ban_breadth.JPN", 1.0), (BAN, "CHN", "legal_frame", 2.0)
    lapse = [(12, "CHN", "legal_frame", 0.0), (13, "CHN", "legal_frame", 2.0)]
    plan = lab.small(materials=["gallium"])
    kept, again = (
        lab.play(plan, 20, acts, users=60, populations=(1,), lucks=1).zone(
            "reputation_of_china", "KOR"
        )
        for acts in ([ban, frame], [ban, frame, *lapse])
    )
    assert again[-1] == pytest.approx(kept[-1])


def test_s08_a_ruling_outlives_the_reason_that_lost(lab: Any) -> None:
    """A case lost under conservation: to state no reason any more brings no measure back, and no
    step is told twice."""
    acts = [
        (BAN, "CHN", "ban_breadth.JPN", 1.0), (BAN, "CHN", "legal_frame", 1.0),
        (CASE, "USA", "wto_case", 1.0), (175, "CHN", "legal_frame", 0.0),
    ]  # fmt: skip
    plan = lab.small(materials=["gallium"], weeks=END)
    run = lab.play(plan, END, acts, users=60, populations=(1,), lucks=1)
    assert run.zone("case_stage", "USA")[-1] == 5.0
    assert sent(run, 177, END) > 0.05
    told = [line.data["stage"] for _, line in run.happenings if line.kind == "case"]
    assert told == [2.0, 3.0, 4.0, 5.0]
