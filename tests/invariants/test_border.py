"""Quotas, their papers and what leaves without any, in a world that runs (ODD 7.6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from world.draws import Draws
from world.scenario import Order
from world.sums import add_up

ORES = ("ndpr_oxide", "lace_oxide")


def exports(bench: Any, orders: list[Order], weeks: int = 60, **sets: float) -> dict[str, Any]:
    """Weekly exports of the coercer over those of the base year, and the world at the end."""
    world = bench.world(bench.plan(ORES, set={k: str(v) for k, v in sets.items()}))
    setting, flows = world.setting, world.setting.flow_map
    abroad = (np.array(flows.channel) == "china") & (flows.to != setting.coercer)
    usual = float((setting.base_china * setting.market_foreign).sum())
    found: dict[str, Any] = {"true": [], "recorded": [], "zones": [], "world": world}
    for week in bench.weeks(world, Draws(2), weeks, orders):
        book = week.account.flows
        found["true"].append(book["shipped_t"][0, abroad].sum() / usual)
        found["recorded"].append(book["recorded_t"][0, abroad].sum() / usual)
        paper = book["recorded_t"][0, abroad]
        found["zones"].append(np.bincount(flows.to[abroad], paper, setting.Z))
        assert (book["recorded_t"] >= 0.0).all()
        assert np.array_equal(
            book["shipped_china_origin_t"][:, abroad], book["shipped_t"][:, abroad]
        )
    return found


def cut(value: float = 0.5, week: int = 2) -> list[Order]:
    return [Order(week, "CHN", f"export_quota.{m}", value) for m in ORES]


def test_nothing_leaves_unrecorded_without_a_reason(bench: Any) -> None:
    calm = exports(bench, [], 20)
    assert calm["recorded"] == pytest.approx(calm["true"], rel=1e-3)
    assert not calm["world"].pools.paper_price.any()


def test_a_quota_opens_an_unrecorded_channel_and_makes_its_papers_dear(bench: Any) -> None:
    free, bound = exports(bench, []), exports(bench, cut())
    hidden = np.subtract(bound["true"], bound["recorded"])
    assert hidden[-8:].mean() > 0.05
    assert hidden[-8:].mean() > hidden[6:14].mean() > 0.0
    assert np.mean(bound["recorded"]) < 0.7 * np.mean(free["recorded"])
    world = bound["world"]
    assert (world.pools.paper_price > 0.3).all()
    price = world.markets.price.reshape(-1, world.setting.M, world.setting.Z)
    inside = price[:, :, world.setting.coercer]
    outside = add_up(price, axis=-1) - inside
    assert (outside / (world.setting.Z - 1) > 1.5 * inside).all()


def test_more_policing_lets_less_pass(bench: Any) -> None:
    def hidden(effort: float) -> float:
        run = exports(bench, [*cut(), Order(2, "CHN", "enforcement", effort)])
        return float(np.subtract(run["true"], run["recorded"])[20:].sum())

    assert 0.0 < hidden(8.0) < 0.8 * hidden(1.0)


def test_exporters_spread_a_quota_and_never_exceed_it(bench: Any) -> None:
    """Papers are used evenly while buyers compete for them. After that a part lies idle, as in 2012
    (china_controls.csv, C01): who was denied goods buys elsewhere, and holders let the price of
    papers go slowly."""
    run = exports(bench, cut(week=0), 104)
    world = run["world"]
    start = world.setting.scenario.start
    rest = 52 - (start.timetuple().tm_yday - 1) // 7  # weeks of the first calendar year
    assert 0.48 < np.mean(run["recorded"][1:14]) < 0.5 * world.setting.par.quota_pace
    year = np.array(run["recorded"][rest + 1 : rest + 52])
    for one in (run["recorded"][1:rest], year):
        assert 0.2 < np.sum(one) / 52.0 < 0.5 + 1e-6
    assert run["recorded"][rest + 51] > run["recorded"][rest + 1]
    assert 0.6 < year[26:].sum() / year[:26].sum() < 1.2


def test_while_all_applications_are_refused_only_smugglers_serve_a_zone(bench: Any) -> None:
    acts = [
        Order(1, "CHN", "licence_weeks", 2.0),
        *(Order(1, "CHN", f"licence_duty.{m}", 1.0) for m in ORES),
        Order(12, "CHN", "licence_approval.JPN", 0.0),
        Order(24, "CHN", "licence_approval.JPN", 1.0),
    ]
    run = exports(bench, acts, 40)
    world, zones = run["world"], np.array(run["zones"])
    japan, usa = (world.setting.zone_index[z] for z in ("JPN", "USA"))
    assert zones[10, japan] > 0.0
    assert zones[14:24, japan].max() < 1e-9 * zones[10, japan]
    assert zones[14:24, usa].min() > 0.0
    assert zones[26:30, japan].min() > 0.5 * zones[10, japan]


def test_what_customs_held_leaves_as_soon_as_it_may(bench: Any) -> None:
    acts = [
        Order(1, "CHN", "licence_weeks", 2.0),
        *(Order(1, "CHN", f"licence_duty.{m}", 1.0) for m in ORES),
        *cut(0.3, 3),
    ]
    hold = [Order(t, "CHN", "licence_approval.JPN", v) for t, v in ((8, 0.0), (13, 1.0))]
    calm, held = exports(bench, acts, 24), exports(bench, [*acts, *hold], 24)
    japan = calm["world"].setting.zone_index["JPN"]
    usual, late = (np.array(run["zones"])[:, japan] for run in (calm, held))
    assert late[10:13].max() < 1e-9 * usual[10]
    assert late[15] > 1.5 * usual[15] > 0.0
