"""Price curves of the cards on the start page, made ahead: `python -m runs.pages.crises`.

A curve is the price of the scenario's lead material in its lead zone, as a ratio to the last quiet
year, seed 1, at most ninety points. To be made again when the model's figures change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CARDS = ("japan-2026", "gallium-2023", "magnets-2025", "prepared-2011", "no-controls")
FILE = Path(__file__).parent / "static" / "kit" / "crises.json"
MOST_POINTS, SEED = 90, 1


def curve(scenario: str) -> dict[str, Any]:
    """Material, zone, weeks and the thinned curve of a scenario."""
    from runs.play import Play
    from runs.web.reading import plain
    from runs.web.scene import scene_of

    game = Play(scenario, seed=SEED)
    scene = scene_of(game)
    game.run(scene.horizon)
    rows = game.recorder.rows("markets")
    pairs = list(zip(rows["material"], rows["zone"], strict=True))
    row = pairs.index((scene.first_material, scene.first_zone))
    price = game.recorder.array("markets", "price")[:, row]
    step = -(-len(price) // MOST_POINTS)
    top = int(price.argmax())
    kept = sorted({*range(0, len(price), step), len(price) - 1, top})
    return {
        "material": scene.first_material, "zone": scene.first_zone, "weeks": scene.horizon,
        "at": kept, "price": plain(price[kept], 3),
    }  # fmt: skip


def main() -> None:
    made = {scenario: curve(scenario) for scenario in CARDS}
    FILE.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
