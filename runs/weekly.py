"""Weekly bands over lucks: what is kept of each week, and its quantiles as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from runs.recorder import row_keys
from runs.tables import WEEKLY

if TYPE_CHECKING:
    from world.account import Account
    from world.scenario import Scenario
    from world.setting import Setting

Array = NDArray[np.float64]
Weeks = dict[str, dict[str, Array]]  # table -> measure -> (weeks, rows, lucks)

QUANTILES = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
# What is banded: all that a chart shows. The rest can be had from single runs.
BANDED: dict[str, tuple[str, ...]] = {
    "markets": (
        "price", "price_usd_per_t", "demand_t", "orders_t", "delivered_t", "from_china_t",
        "from_grey_t", "from_other_t", "from_recycled_t", "from_stockpile_t",
        "china_share_declared", "china_share_true", "cover_weeks", "stopped_line_share",
        "refused_customers_share", "stockpile_t",
    ),
    "zones": tuple(WEEKLY["zones"].always),
    "hubs": (
        "imports_from_china_t", "reexports_to_target_t", "grey_premium", "active_traders",
        "detections", "blacklisted", "largest_trader_share", "belief", "credibility",
    ),
}  # fmt: skip


class Weekly:
    """Collects the banded columns of a batch week by week."""

    def __init__(self) -> None:
        self._weeks: dict[str, dict[str, list[Array]]] = {
            table: {name: [] for name in names} for table, names in BANDED.items()
        }

    def add(self, account: Account) -> None:
        for table, columns in self._weeks.items():
            held: Mapping[str, Array] = getattr(account, table)
            for name, weeks in columns.items():
                weeks.append(np.array(held[name].T))

    def columns(self) -> Weeks:
        return {
            table: {name: np.array(weeks) for name, weeks in columns.items()}
            for table, columns in self._weeks.items()
        }


def side_by_side(batches: Sequence[Weeks]) -> Weeks:
    """The lucks of several batches one after the other."""
    return {
        table: {
            name: np.concatenate([batch[table][name] for batch in batches], axis=-1)
            for name in names
        }
        for table, names in BANDED.items()
    }


def quantiles(values: Array) -> tuple[dict[str, Array], NDArray[np.int64]]:
    """Quantiles along the last axis, between values as NumPy's default, and how many there are.

    What has no value (NaN) does not count; where nothing does, a quantile is NaN.
    """
    ordered = np.sort(values, axis=-1)  # NaN comes last
    count = np.count_nonzero(np.isfinite(values), axis=-1)
    last = np.maximum(count - 1, 0)
    found = {}
    for name, part in QUANTILES.items():
        place = part * last
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, last)
        below, above = (
            np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in (low, high)
        )
        found[name] = np.where(count > 0, below + (place - low) * (above - below), np.nan)
    return found, count


def quantile_table(
    setting: Setting, table: str, measured: Callable[[str], Array]
) -> pa.Table:
    """``<table>_quantiles``; ``measured`` gives a measure as (weeks, rows, lucks).

    Rows stand by measure, week and key.
    """
    keys = row_keys(setting, table)
    parts = [
        _measure_rows(setting.scenario, keys, name, measured(name)) for name in BANDED[table]
    ]
    return pa.concat_tables(parts).combine_chunks()


def _measure_rows(
    plan: Scenario, keys: Mapping[str, NDArray[Any]], name: str, values: Array
) -> pa.Table:
    weeks, rows, _ = values.shape
    found, count = quantiles(values)
    days = [plan.date(week) for week in range(weeks)]
    columns: dict[str, Any] = {
        "week": np.repeat(np.arange(weeks), rows),
        "date": pa.array(np.repeat(np.array(days, dtype="datetime64[D]"), rows)).cast(
            pa.timestamp("ms")
        ),
        **{key: pa.array(np.tile(named, weeks), pa.string()) for key, named in keys.items()},
        "measure": pa.array(np.repeat(name, weeks * rows), pa.string()),
        **{label: pa.array(part.ravel(), from_pandas=True) for label, part in found.items()},
        "n": count.ravel(),
    }
    return pa.table(columns)
