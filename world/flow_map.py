"""The rows of the `flows` table: every possible flow of a material between two zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class FlowMap:
    """Order of the rows of `flows`: blocks by channel, each material x places."""

    material: Index
    origin: Index  # zone
    to: Index  # zone
    channel: tuple[str, ...]
    recorded: Array  # 1, or 0 for what leaves the coercer unrecorded
    blocks: dict[str, slice]

    @property
    def count(self) -> int:
        return len(self.channel)


def map_flows(
    materials: int, zones: int, hubs: tuple[int, ...], coercer: int, target: int
) -> FlowMap:
    """Keys of all possible flows; most are zero in any week."""
    m, z = np.arange(materials), np.arange(zones)
    hub = np.array(hubs, dtype=np.int64)
    grids = {
        "china": np.meshgrid(m, [coercer], z, indexing="ij"),
        "grey": [a.swapaxes(0, 1) for a in np.meshgrid(m, hub, [target], indexing="ij")],
        "other": np.meshgrid(m, z, z, indexing="ij"),
        "recycled": [m[:, None] + 0 * z, 0 * m[:, None] + z, 0 * m[:, None] + z],
        "stockpile": [m[:, None] + 0 * z, 0 * m[:, None] + z, 0 * m[:, None] + z],
    }
    blocks, start = {}, 0
    for name, grid in grids.items():
        blocks[name] = slice(start, start + grid[0].size)
        start += grid[0].size
    columns = [np.concatenate([grid[i].ravel() for grid in grids.values()]) for i in range(3)]
    channel = tuple(name for name, grid in grids.items() for _ in range(grid[0].size))
    recorded = np.ones(start)
    grey = blocks["grey"]
    recorded[grey] = columns[1][grey] != coercer
    return FlowMap(
        columns[0].astype(np.int64), columns[1].astype(np.int64), columns[2].astype(np.int64),
        channel, recorded, blocks,
    )  # fmt: skip
