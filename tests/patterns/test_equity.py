"""System S12: capital in plants that run already moves a state's sources by itself."""

from __future__ import annotations

from typing import Any

import pytest

OXIDES = ["dy_oxide", "tb_oxide", "ndpr_oxide", "ndfeb_magnet"]
LYNAS = [(0, "JPN", "equity_offtake.ndpr_oxide", 3000.0)]
HEAVY = [(0, "JPN", f"equity_offtake.{m}", 0.65 * t) for m, t in
         (("dy_oxide", 85.0), ("tb_oxide", 19.0))]  # fmt: skip
YEAR = slice(104, 156)


@pytest.fixture(scope="module")
def runs(lab: Any) -> Any:
    plan = lab.small(materials=OXIDES, states_hold=True)
    return [lab.play(plan, 156, acts, users=100, populations=(1,), lucks=3)
            for acts in ([], LYNAS, HEAVY)]  # fmt: skip


def share(run: Any, lab: Any, material: str, zone: str = "JPN") -> Any:
    return lab.typical(run.market("china_share_true", material, zone)[YEAR].mean(axis=0))


def test_s12_a_contract_that_fits_lynas_moves_japans_share(runs: Any, lab: Any) -> None:
    """3,000 t of Nd-Pr a year from the plant in Malaysia, no other lever: in the third year a
    smaller part of what Japan buys is Chinese, and oxide that went to China stays outside."""
    calm, bought, _ = runs
    before, after = (share(run, lab, "ndpr_oxide") for run in (calm, bought))
    sold = [lab.typical(run.legal("ndpr_oxide", "MYS", "CHN")[YEAR].sum(axis=0))
            for run in (calm, bought)]  # fmt: skip
    print(f"share of China in Nd-Pr of Japan {before:.2f} -> {after:.2f}; "
          f"from Malaysia to China {sold[0]:.0f} -> {sold[1]:.0f} t")  # fmt: skip
    assert after < before - 0.1
    assert sold[1] < sold[0]


def test_s12_it_fits_what_the_plant_makes(runs: Any, lab: Any) -> None:
    """Nobody gets more than is made, and the price in Japan does not rise."""
    calm, bought, _ = runs
    made = bought.plants("output_t", bought.plant_rows("ndpr_oxide", abroad=True)).sum(axis=-1)
    got = bought.market("from_other_t", "ndpr_oxide", "JPN")
    assert (got[26:].mean(axis=0) < made[26:].mean(axis=0)).all()
    price = [lab.typical(run.market("price", "ndpr_oxide", "JPN")[YEAR].mean(axis=0))
             for run in (calm, bought)]  # fmt: skip
    assert price[1] <= price[0] + 0.01


def test_s12_heavy_oxides_diversify_late(runs: Any, lab: Any) -> None:
    """65% of the heavy circuit: nothing before the circuit runs, a smaller Chinese share after."""
    calm, _, heavy = runs
    first = [lab.typical(run.market("china_share_true", "dy_oxide", "JPN")[:8].mean(axis=0))
             for run in (calm, heavy)]  # fmt: skip
    before, after = (share(run, lab, "dy_oxide") for run in (calm, heavy))
    print(f"share of China in Dy of Japan {before:.3f} -> {after:.3f}")
    assert first[1] == pytest.approx(first[0], abs=0.01)
    assert after < before - 0.02


def test_s12_capital_is_paid_at_once(runs: Any, lab: Any) -> None:
    calm, bought, _ = runs
    spent = calm.zone("budget_usd", "JPN") - bought.zone("budget_usd", "JPN")
    usd = 2.5 * 3000.0 * float(calm.setting.base_price[calm.setting.material_index["ndpr_oxide"]])
    assert lab.typical(spent[6]) == pytest.approx(usd, rel=0.1)
    assert lab.typical(spent[-1] - spent[6]) == pytest.approx(0.0, abs=0.1 * usd)
    assert lab.typical(bought.market("equity_t", "ndpr_oxide", "JPN")[6]) == pytest.approx(3e3 / 52)


def test_s12_what_no_plant_makes_is_not_paid_for_and_nothing_is_paid_twice(lab: Any) -> None:
    """Twenty thousand tonnes of gallium are wanted where plants abroad make hundreds; the order is
    lowered and raised again."""
    plan = lab.small(materials=["gallium"], states_hold=True)
    lever = "equity_offtake.gallium"
    acts = [(0, "JPN", lever, 20_000.0), (10, "JPN", lever, 0.0), (20, "JPN", lever, 20_000.0)]
    calm, bought = (
        lab.play(plan, 30, given, users=60, populations=(1,), lucks=1) for given in ([], acts)
    )
    held = 52.0 * bought.market("equity_t", "gallium", "JPN")[:, 0]
    setting = bought.setting
    alive = [p for p in setting.base.plants if p.material == "gallium" and p.zone != "CHN"]
    assert 0 < held[8] <= 52.0 * sum(plant.capacity_t for plant in alive)
    assert held[18] == 0
    assert held[-1] == pytest.approx(held[8])
    spent = (calm.zone("budget_usd", "JPN") - bought.zone("budget_usd", "JPN"))[:, 0]
    usd = 2.5 * held[8] * float(setting.base_price[setting.material_index["gallium"]])
    assert spent[8] == pytest.approx(usd, rel=0.2)
    assert spent[-1] == pytest.approx(spent[8], abs=0.1 * usd)
