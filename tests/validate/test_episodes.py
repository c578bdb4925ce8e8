"""Every episode imposes what its sources list and nothing else; the rest must come of the model.

``IMPOSED`` is the list: for each episode the levers that move with dates and values, those in force
from the start, parameters and starting shares that differ, and events. What is not listed fails.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import pytest

from runs.validate.targets import read_targets
from world.scenario import Scenario, load_scenario

RARE_EARTHS = ("dy_oxide", "tb_oxide", "ndpr_oxide", "lace_oxide")


def each(lever: str, materials: tuple[str, ...]) -> list[str]:
    return [f"{lever}.{material}" for material in materials]


@dataclass(frozen=True)
class Imposed:
    """What an episode may set: ``acts`` by lever with all their dates and values."""

    acts: dict[str, list[tuple[str, float]]]
    levers: dict[str, float] = field(default_factory=dict)  # from the first day
    shares: dict[str, float] = field(default_factory=dict)  # by material.ZONE, or by material
    parameters: tuple[str, ...] = ()
    events: list[tuple[str, str, float]] = field(default_factory=list)  # date, kind, strength
    frozen: bool = False
    affiliates: tuple[tuple[str, str], ...] = ()  # plants in a hub that the coercer's firms own


def quotas() -> dict[str, list[tuple[str, float]]]:
    """Cut by 40% in July 2010, that of 2011 and 2012, all until 2015; the tax ends in May 2015."""
    cuts = [("2010-07-08", 0.604), ("2011-01-01", 0.6025), ("2012-01-01", 0.6187)]
    cuts.append(("2015-01-01", 3))
    tax = [("2015-05-01", 0)]
    return {
        **dict.fromkeys(each("CHN.export_quota", RARE_EARTHS), cuts),
        **dict.fromkeys(each("CHN.export_tax", RARE_EARTHS), tax),
    }


def stopped(scope: int, until: str) -> dict[str, list[tuple[str, float]]]:
    """No goods for Japan from 6 April 2026: licences refused, and the ban on what it reaches."""
    return {
        "CHN.licence_approval.JPN": [("2026-04-06", 0), (until, 1)],
        "CHN.ban_scope.JPN": [("2026-04-06", scope)],
        "CHN.ban_breadth.JPN": [("2026-04-06", 1), (until, 0)],
    }


PAPERS = {"CHN.licence_weeks": 2, **dict.fromkeys(each("CHN.licence_duty", RARE_EARTHS[2:]), 1)}
BUFFERS = ("licence_cover_weeks",)
IMPOSED = {
    # quota, a tax that stands from before 2009, two months without shipments to Japan, riskier
    # smuggling from 2012; the frame and the complaints of 2012, whose dates are public
    "senkaku-2010": Imposed(
        acts={
            **quotas(),
            "CHN.licence_approval.JPN": [("2010-09-21", 0), ("2010-11-24", 1)],
            "CHN.enforcement": [("2012-01-01", 2)],
            "CHN.legal_frame": [("2010-07-08", 1)],
            **{f"{zone}.wto_case": [("2012-03-13", 1)] for zone in ("USA", "EUU", "JPN")},
        },
        levers={
            "CHN.licence_weeks": 2,
            **dict.fromkeys(each("CHN.licence_duty", RARE_EARTHS), 1),
            **dict.fromkeys(each("CHN.export_tax", RARE_EARTHS), 0.2),
        },
        shares={"ndpr_oxide.JPN": 0.9, "lace_oxide.JPN": 0.9, "ndpr_oxide": 0.93,
                "lace_oxide": 0.93, "dy_oxide": 0.99, "tb_oxide": 0.99},
    ),
    # announced on 3 July, in force on 1 August, 9 weeks of review, approvals of .5 to 1
    "gallium-2023": Imposed(
        acts={
            **{n: [("2023-08-01", 1)] for n in each("CHN.licence_duty", ("gallium", "germanium"))},
            "CHN.licence_approval": [("2023-08-01", 0.8)],
            "CHN.licence_approval.USA": [("2023-08-01", 0.5)],
            "CHN.licence_approval.EUU": [("2023-08-01", 0.7)],
        },
        levers={"CHN.licence_weeks": 9},
        events=[("2023-07-03", "announcement", 1)] * 2,
    ),
    # 4 April for all destinations, .75 to .85 of magnets; eased on 11 June and from July; the wider
    # rule of October is announced and suspended
    "magnets-2025": Imposed(
        acts={
            **{n: [("2025-04-04", 1)] for n in each("CHN.licence_duty", ("dy_oxide", "tb_oxide"))},
            "CHN.licence_duty.ndfeb_magnet": [("2025-04-04", 0.8), ("2025-07-01", 0.5)],
            "CHN.licence_approval": [("2025-04-04", 0.25), ("2025-06-11", 0.6),
                                     ("2025-07-01", 0.95)],
            # what eased was magnets: exports of the oxides stayed at about half
            **{n: [("2025-04-04", 0.5)]
               for n in each("CHN.material_approval", ("dy_oxide", "tb_oxide"))},
            "CHN.licence_weeks": [("2025-06-11", 4)],
        },
        levers={"CHN.licence_weeks": 9},
        events=[("2025-10-09", "announcement", 0.6), ("2025-10-30", "announcement", 0)],
    ),
    # licences since 15 September 2024, the ban of 3 December, little policing, a firm's own plant
    "antimony-2024": Imposed(
        acts={
            "CHN.licence_duty.antimony": [("2024-09-15", 1)],
            "CHN.ban_breadth.USA": [("2024-12-03", 1)],
            "CHN.third_country_clause": [("2024-12-03", 1)],
        },
        levers={"CHN.licence_weeks": 9, "CHN.enforcement": 0.2},
        shares={"antimony.USA": 0.72, "gallium.USA": 0.19, "germanium.USA": 0.12},
        events=[("2024-08-15", "announcement", 1)],
        affiliates=(("antimony", "THA"),),  # "one of whose plants is owned by a Chinese firm"
    ),
    # ban in March 2022, nil in two months; warnings in 2023, the threat, the visit
    "hub-2022": Imposed(
        acts={
            "CHN.ban_breadth.JPN": [("2022-03-01", 0.6), ("2022-04-19", 1)],
            "CHN.third_country_clause": [("2022-03-01", 1)],
            "CHN.threat": [("2023-03-01", 0.3), ("2023-12-22", 1), ("2024-08-20", 1)],
            "CHN.enforcement": [("2023-03-01", 1), ("2023-12-22", 8), ("2024-08-20", 10)],
        },
        levers={"CHN.enforcement": 0.2},
        shares={"antimony.JPN": 0.6, "antimony.THA": 0.8},
        parameters=("exposure_median",),
    ),
    # the studies: no supply elsewhere beyond the present, no release of stocks
    **{
        f"japan-stop variant={variant}": Imposed(
            acts=stopped(scope, until), levers=PAPERS, parameters=BUFFERS, frozen=True
        )
        for variant, scope, until in (
            ("year", 2, "2027-04-05"), ("quarter", 2, "2026-07-06"), ("minerals", 3, "2027-04-05")
        )
    },
    # a broad cut of inputs for two months, felt by a network of firms and by nothing else
    **{
        f"network-cut variant={variant}": Imposed(
            acts={}, levers={}, events=[("2026-02-02", "input_cut", cut)], frozen=True
        )
        for variant, cut in (("strong", 0.8), ("half", 0.4))
    },
    # the price of a source under a tenth rises by 10%, no shortage
    "price-wedge": Imposed(
        acts={"EUU.tariff_on_coercer": [("2015-07-06", 0.1)]}, shares={"graphite.EUU": 0.08}
    ),
    # all net exports of gallium stop for a year
    "gallium-stop": Imposed(
        acts={"CHN.licence_approval": [("2023-07-03", 0)]},
        levers={"CHN.licence_weeks": 2, "CHN.licence_duty.gallium": 1},
    ),
    # two holds; from 2024 the state pays and fixes quotas
    "urea-2021": Imposed(
        acts={
            "CHN.licence_duty.urea": [("2021-10-15", 1), ("2021-11-22", 0), ("2023-11-30", 1),
                                      ("2024-01-29", 0)],
            "KOR.diversification_credit": [("2024-01-01", 0.2)],
            "KOR.dependence_ceiling": [("2024-01-01", 0.3)],
        },
        levers={"CHN.licence_weeks": 6}, shares={"urea.KOR": 0.97},
    ),
    # 110 $/kg from the fourth quarter of 2025, as a payment of the gap
    "first-floor-2025": Imposed(
        acts={"USA.floor_usd_per_kg.ndpr_oxide": [("2025-10-01", 110)]},
        levers={"USA.floor_form": 1},
    ),
}  # fmt: skip


def scenario_of(name: str) -> Scenario:
    scenario, _, variant = name.partition(" variant=")
    return load_scenario(scenario, {"variant": variant} if variant else {})


def value_of(node: object) -> float:
    return float(node["value"] if isinstance(node, dict) else node)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", IMPOSED)
def test_an_episode_imposes_what_is_listed_and_nothing_else(name: str) -> None:
    plan, listed = scenario_of(name), IMPOSED[name]
    acts: dict[str, list[tuple[str, float]]] = {}
    for act in plan.source.get("history", []):
        if act.get("variant", plan.variant) == plan.variant:
            entry = (act["date"].isoformat(), value_of(act["value"]))
            acts.setdefault(f"{act['actor']}.{act['lever']}", []).append(entry)
    assert acts == listed.acts
    assert plan.levers == listed.levers
    for cell, share in plan.china_share.items():
        assert share == listed.shares.get(cell, listed.shares.get(cell.partition(".")[0])), cell
    assert set(plan.source.get("parameters", {})) == set(listed.parameters)
    assert (plan.states_hold, plan.policies, plan.firms) == (True, {}, {})
    assert plan.frozen_projects == listed.frozen
    assert plan.affiliates == listed.affiliates
    told = [
        (plan.week_of(datetime.date.fromisoformat(day)), kind, strength)
        for day, kind, strength in listed.events
    ]
    strength = {"input_cut": "cut"}
    found = [(e.week, e.kind, e.data[strength.get(e.kind, "strength")]) for e in plan.events]
    assert found == told
    assert plan.users == 2000 or name in ("gallium-2023", "magnets-2025")


def test_every_episode_that_a_target_is_read_from_is_listed() -> None:
    played = {target.scenario for target in read_targets()}
    assert played == {name.partition(" ")[0] for name in IMPOSED}
    variants = {
        f"{target.scenario} variant={target.plan.variant}"
        for target in read_targets() if target.plan.variant
    }  # fmt: skip
    assert variants <= set(IMPOSED)


def test_buffers_are_off_only_where_the_method_has_none() -> None:
    """One set of parameters for all targets; the studies that know no stocks are read by the
    model's own value at risk without buffers, never by the shares that they themselves found."""
    changed = [t for t in read_targets() if any("parameters." in name for name, _ in t.changes)]
    assert not changed
    said = {t.id: dict(t.changes) for t in read_targets()}
    methods = {name: rows["losses"] for name, rows in said.items() if "losses" in rows}
    assert set(methods) == {"F01", "F02", "F03", "F04", "F05", "F06"}
    assert {methods[name] for name in ("F01", "F02", "F03")} == {"no-buffers"}
    assert {methods[name] for name in ("F04", "F05", "F06")} == {"leontief"}
