"""What a room's world is made from: the same for the server, its child and a replay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from world.scenario import Scenario


def plan_of(setup: Mapping[str, Any]) -> Scenario:
    """The scenario of a room; its own text where it is no shipped one. Raises ScenarioError."""
    from world.scenario import load_scenario  # slow, and the commands need the log's place alone

    changes = {**setup.get("set", {}), "users": setup["users"]}
    if not setup.get("text"):
        return load_scenario(setup["scenario"], changes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(setup["text"], encoding="utf-8")
        return load_scenario(path, changes)


def default_store() -> Path:
    """The log in the user's data folder."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "entrepot" / "rooms.db"
