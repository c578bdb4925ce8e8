"""Systems S01, S02, S05, S10-S12, S14, S24: each works if its lever or event moves the right thing.

Direction only, medians over runs of 4 populations and one to five lucks each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runs.play import Play
from runs.systems.play import plan_from
from world.events import Event
from world.facts import load_facts
from world.levers import read_rows
from world.scenario import load_scenario, resolve

BAN = [(4, "CHN", "ban_breadth.JPN", 1.0), (4, "CHN", "third_country_clause", 1.0)]
HEAVY = ["dy_oxide", "ndfeb_magnet"]


def left_to_ai(strength: float) -> Any:
    """`japan-2026` without dated acts, with remarks of some strength in the first week."""
    raw = dict(load_scenario("japan-2026").source)
    del raw["warmup_from"]
    keep = ("dy_oxide", "ndpr_oxide", "ndfeb_magnet", "gallium")
    raw |= {"history": [], "materials": list(keep)}
    raw["levers"] = {
        "CHN": {"licence_duty": {m: 1.0 for m in keep if m != "ndpr_oxide"}, "licence_weeks": 9}
    }
    (remarks,) = (e for e in raw["events"] if e["kind"] == "remarks")
    raw["events"] = [{**remarks, "strength": strength}]
    return resolve(raw, {})


# --- S01 ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provoked(lab: Any) -> Any:
    return lab.play(left_to_ai(0.8), 40, users=300)


def test_s01_the_coercer_climbs_on_its_own_after_a_provocation(provoked: Any, lab: Any) -> None:
    """No dated act: within three quarters most runs reach a ban, step by step; without remarks
    they do not."""
    calm = lab.play(left_to_ai(0.0), 40, users=300)
    assert lab.typical(provoked.rungs("JPN").max(axis=0)) >= 5
    assert lab.typical(calm.rungs("JPN").max(axis=0)) < 5
    assert (provoked.rungs("JPN").max(axis=0) >= calm.rungs("JPN").max(axis=0)).mean() > 0.8


def test_s01_it_climbs_by_more_than_one_rung_and_can_come_down(provoked: Any) -> None:
    """Intermediate rungs are seen, and in some runs the measures end."""
    rungs = provoked.rungs("JPN")
    climbs = [len(set(rungs[:, run])) for run in range(provoked.runs)]
    assert np.median(climbs) >= 3
    assert (np.diff(rungs, axis=0) < 0).any()


def test_s01_the_log_names_each_rung_and_why(provoked: Any) -> None:
    """Every order on the ladder says which step it is and what speaks for it, or that it ends."""
    steps = [order for _, order in provoked.orders if order.lever.startswith("rung.JPN")]
    assert steps
    names = {row["name"] for row in read_rows(rungs_file(), ("rung", "name"))}
    for order in steps:
        assert any(name in order.why for name in names), order.why
        assert "speaks for it" in order.why or order.why.startswith("ends: "), order.why


def rungs_file() -> Any:
    from world.levers import DATA

    return DATA / "rungs.csv"


# --- S02 ------------------------------------------------------------------------------------------


def test_s02_narrow_costs_less_than_ambiguous_and_that_less_than_broad(lab: Any) -> None:
    """The same ban read narrowly, ambiguously and broadly: lost flow and prices rise. Lost GDP
    does where stocks run out; before that a ban is dear and stops no line."""
    plan = lab.small(materials=["dy_oxide", "ndfeb_magnet", "gallium"])
    lost, hurt, dear = [], [], []
    for rung in (5.0, 6.0, 8.0):
        run = lab.play(plan, 64, [(4, "CHN", "rung.JPN", rung)], lucks=2)
        sent = sum(run.exports_to(m, "JPN")[6:].sum(axis=0) / run.exports_to(m, "JPN")[0]
                   for m in ("dy_oxide", "ndfeb_magnet", "gallium"))  # fmt: skip
        lost.append(-lab.typical(sent))
        hurt.append(lab.typical(run.zone("gdp_loss_usd", "JPN").sum(axis=0)))
        dear.append(lab.typical(run.market("price", "dy_oxide", "JPN")[6:].mean(axis=0)))
    assert lost[0] < lost[1] < lost[2], lost
    assert dear[0] < dear[1] < dear[2], dear
    assert hurt[0] <= hurt[1] < hurt[2], hurt


# --- S05 ------------------------------------------------------------------------------------------


def test_s05_a_wider_de_minimis_rule_frightens_more_legal_trade(lab: Any) -> None:
    """At 0.1% Chinese content almost everything is suspect; at 25% less of it is."""
    withheld = []
    for share in (0.001, 0.25):
        plan = lab.small(
            materials=["dy_oxide", "tb_oxide", "ndpr_oxide", "ndfeb_magnet"],
            set={"parameters.de_minimis_share": share, "parameters.false_positive_share": 0.3},
        )
        acts = [*BAN, (4, "CHN", "threat", 1.0), (4, "CHN", "enforcement", 4.0)]
        run = lab.play(plan, 30, acts, lucks=2)
        over = run.market("over_compliance_share", "ndfeb_magnet", "JPN")
        withheld.append(lab.typical(np.nan_to_num(over)[6:].mean(axis=0)))
    assert withheld[0] > 0.02
    assert withheld[1] <= withheld[0]


# --- S10 ------------------------------------------------------------------------------------------

MINERALS = (
    "dy_oxide", "tb_oxide", "ndpr_oxide", "ndfeb_magnet", "gallium", "germanium", "graphite",
    "tungsten", "magnesium", "hpmsm", "antimony", "lithium", "cobalt", "urea",
)  # fmt: skip


@pytest.mark.parametrize("mineral", MINERALS)
def test_s10_every_mineral_has_figures_with_sources(mineral: str) -> None:
    """Light and heavy rare earths, by-products, bulk goods, magnets, stocks and urea all stand in
    the fact tables, each figure with a source or marked as an assumption."""
    load_facts()
    rows = [r for r in read_rows(data("minerals.csv"), ("material", "source", "basis"))
            if r["material"] == mineral]  # fmt: skip
    assert len(rows) >= 5
    assert all(row["source"].strip() and row["basis"].strip() for row in rows)
    assert any(row["basis"] != "assumption" for row in rows)


def test_s10_what_sets_minerals_apart_is_in_the_model(lab: Any) -> None:
    """By-products do not answer the price, and traces, prices and elasticities differ."""
    run = lab.play("japan-2026", 1, lucks=1, populations=[1])
    materials = {material.id: material for material in run.setting.base.materials}
    assert materials["gallium"].by_product
    assert materials["germanium"].by_product
    assert not materials["tungsten"].by_product
    assert materials["gallium"].supply_elasticity < materials["graphite"].supply_elasticity
    assert materials["ndfeb_magnet"].traceability_after_processing <= 1
    assert len({m.base_price_usd_per_t for m in materials.values()}) == len(materials)


def data(name: str) -> Any:
    from world.levers import DATA

    return DATA / name


# --- S11 ------------------------------------------------------------------------------------------


def test_s11_closing_chinese_refining_hurts_the_customers_of_mines_abroad(lab: Any) -> None:
    """Mines outside China live by Chinese refineries: when those stop for half a year, ore abroad
    loses its buyer, and buyers of oxide everywhere run short, though no mine has stopped."""
    plan = lab.small(materials=["ndpr_ore", "ndpr_oxide"])
    stop = Event(4, "disaster", target="CHN",
                 data={"material": "ndpr_oxide", "cut": 1.0, "weeks": 26})  # fmt: skip
    calm, struck = (lab.play(plan, 44, events=e, lucks=2) for e in ([], [stop]))
    price = {n: r.market("price", "ndpr_oxide", "JPN")[20:34].mean(axis=0)
             for n, r in (("calm", calm), ("struck", struck))}  # fmt: skip
    assert lab.typical(price["struck"] / price["calm"]) > 1.3
    mines = struck.plant_rows("ndpr_ore", abroad=True, new=False)
    sold = {n: r.market("delivered_t", "ndpr_ore", "CHN")[10:34].sum(axis=0)
            for n, r in (("calm", calm), ("struck", struck))}  # fmt: skip
    assert lab.typical(sold["struck"] / sold["calm"]) < 0.8
    assert mines


# --- S12 ------------------------------------------------------------------------------------------


def test_s12_offtake_and_subsidy_lower_dependence_over_years(lab: Any) -> None:
    """Contracts, support and a credit take points off Japan's Chinese share over the years, and
    off what the ban of the sixteenth year costs. Without them it hardly moves until the plant that
    sold ahead to Japan before the start delivers, from the third year on; then it falls all the
    same (0.90 to 0.60 in fifteen years in the record, further here)."""
    share, early, cost = {}, {}, {}
    for variant in ("with", "without"):
        run = lab.play(
            load_scenario("prepared-2011", {"variant": variant}), 832, users=120,
            populations=(1,), lucks=1,
        )
        true = run.market("china_share_true", "ndpr_oxide", "JPN")
        share[variant] = lab.typical(true[728:780].mean(axis=0))  # the year before the ban
        early[variant] = lab.typical(true[52:104].mean(axis=0))
        cost[variant] = lab.typical(run.zone("gdp_loss_share", "JPN")[780:].sum(axis=0))
        start = lab.typical(true[:8].mean(axis=0))
    assert early["without"] > start - 0.02
    assert share["with"] < share["without"] - 0.05, share
    assert cost["with"] < 0.8 * cost["without"], cost


# --- S14 ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stocked(lab: Any) -> dict[str, Any]:
    """A full ban, well policed, on a target that holds no stock, 180 days, or starts to fill one
    in the crisis."""
    plan = lab.small(materials=HEAVY, set={"JPN.stockpile_target_days": 0.0})
    ready = plan.override({"JPN.stockpile_target_days": 180.0})
    ban = [*BAN, (4, "CHN", "enforcement", 8.0), (4, "CHN", "threat", 1.0)]
    hit = [(40, *act[1:]) for act in ban]
    release = [(40, "JPN", "stockpile_release", 0.5)]
    return {
        "none": lab.play(plan, 100, hit, lucks=2),
        "stock": lab.play(ready, 100, hit + release, lucks=2),
        "late": lab.play(plan, 100, [*hit, (41, "JPN", "stockpile_target_days", 180.0)], lucks=2),
    }


def first_week(record: Any, level: float) -> np.ndarray:
    loss = record.zone("output_loss", "JPN")
    return np.where((loss > level).any(axis=0), (loss > level).argmax(axis=0), len(loss))


def test_s14_stocks_delay_damage_by_months(stocked: dict[str, Any], lab: Any) -> None:
    """With half a year of public stock, released, the same loss comes at least two months later."""
    level = 0.1
    wait = first_week(stocked["stock"], level) - first_week(stocked["none"], level)
    assert lab.typical(first_week(stocked["none"], level)) < 100
    assert lab.typical(wait) >= 8


def test_s14_filling_in_the_crisis_makes_it_worse(stocked: dict[str, Any], lab: Any) -> None:
    """Purchases for the reserve raise the price that users pay."""
    late, none = (stocked[n].market("price", "ndfeb_magnet", "JPN")[44:70].mean(axis=0)
                  for n in ("late", "none"))  # fmt: skip
    assert lab.typical(late / none) > 1.03


def test_s24_the_same_shock_costs_a_prepared_state_less() -> None:
    """A ban in the second year, in place of the sixteenth: two years of preparation cost more than
    none, and less stands still, in three lucks on their own populations."""
    shock = [(60, "CHN", "rung.JPN", 8), (60, "CHN", "third_country_clause", 1),
             (60, "CHN", "threat", 0.6), (60, "JPN", "stockpile_release", 0.25)]  # fmt: skip
    lost, spent = {}, {}
    for variant in ("with", "without"):
        plan = plan_from({"scenario": "prepared-2011", "keys": {"weeks": 100}},
                         {"history": shock, "set": {"variant": variant}}, 100, "S24")  # fmt: skip
        for seed in (1, 2, 3):
            game = Play(plan.override({"population": seed}), seed=seed)
            game.run()
            japan = game.frames["zones"].query("zone == 'JPN'")
            lost[variant, seed] = japan["gdp_loss_usd"].sum()
            spent[variant, seed] = -japan["budget_usd"].iloc[-1]
    for seed in (1, 2, 3):
        assert lost["with", seed] < lost["without", seed], lost
        assert spent["with", seed] > spent["without", seed], spent
    assert sum(lost["with", seed] for seed in (1, 2, 3)) < 0.9 * sum(
        lost["without", seed] for seed in (1, 2, 3)
    ), lost
