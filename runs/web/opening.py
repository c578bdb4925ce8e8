"""The board before the first week: the base year that the model starts from."""

from __future__ import annotations

from runs.web import numbers
from runs.web.draw.schematic import Band
from runs.web.scene import Look, Scene


def opening_bands(scene: Scene, material: str) -> tuple[list[Band], float]:
    """Trade of the base year as bands, and the widest of them."""
    base = scene.base
    row = [good.id for good in base.materials].index(material)
    codes = [zone.code for zone in base.zones]
    bands = [
        Band(sender, to, "china" if sender == scene.coercer else "other", tonnes)
        for i, sender in enumerate(codes)
        for j, to in enumerate(codes)
        if i != j and (tonnes := float(base.trade_t[row, i, j])) > 0
    ]
    return bands, max((band.tonnes_ for band in bands), default=0.0)


def opening_figures(scene: Scene, look: Look) -> list[dict[str, str]]:
    """What is known of a material and zone before the first week."""
    base = scene.base
    row = [good.id for good in base.materials].index(look.material)
    codes = [zone.code for zone in base.zones]
    column, coercer = codes.index(look.zone), codes.index(scene.coercer)
    bought = float(base.trade_t[row, :, column].sum())
    share = float(base.trade_t[row, coercer, column]) / bought if bought > 0 else None
    days = float(base.stock_days[row, column])
    figures = [
        ("price", "Price", numbers.usd_per_kg(scene.good(look.material).usd_per_t), "base year"),
        ("deliveries", "Wanted", numbers.tonnes(float(base.demand_t[row, column])), "a week"),
        ("cover", "Public stock", f"{days:.0f} days", "of use, at the start"),
        ("stopped", "Stopped lines", numbers.NOTHING, "from the first week on"),
        ("gdp", "GDP loss", numbers.NOTHING, "from the first week on"),
        ("origin", "Chinese share", numbers.percent(share), "of purchases, base year"),
    ]
    return [{"id": key, "label": a, "value": b, "note": c} for key, a, b, c in figures]
