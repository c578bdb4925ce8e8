"""A short episode with every kind of table, and a place for figures that are measured again."""

from __future__ import annotations

from pathlib import Path

import pytest

SHORT = """
id = "short"
title = "A stop of eight weeks"
summary = "Gallium needs a licence that nobody gets."
start = 2023-01-02
weeks = 20
users = 60
coercer = "CHN"
target = "JPN"
zones = ["CHN", "JPN", "KOR"]
hubs = ["KOR"]
materials = ["gallium"]
states_hold = true
frozen_projects = true

[[history]]
date = 2023-03-06
actor = "CHN"
lever = "licence_duty.gallium"
value = 1
"""
HEAD = "id,low,high,kind,weight,scenario,set,base_set,measure\n"
ROWS = """stop,0,0.05,quantity,2,short.toml,users=60,,"mean(flows.recorded_t[from_zone=CHN, to_zone!=CHN, 2023-04]) / mean(flows.recorded_t[from_zone=CHN, to_zone!=CHN, 2023-02])"
price,1.2,9,price,1,short.toml,users=60,,"max(markets.price[material=gallium, zone=JPN, 2023-03-06:2023-05-21]) / mean(markets.price[material=gallium, zone=JPN, 2023-02])"
gap,-1,-0.1,price,1,short.toml,users=60,follow_history=0,"mean(base.markets.price[zone=JPN, 2023-05]) - mean(markets.price[zone=JPN, 2023-05])"
lines,1,9,timing,1,short.toml,users=60,,"firms(first, agents.activity[kind=user, zone!=CHN, 2023-03-06:2023-05-21] < 0.9)"
lost,0.5,1,network,1,short.toml,users=60,,"missing(""nobody counts it"")"
"""  # noqa: E501


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of targets beside the scenario that they are read from, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "short.toml").write_text(SHORT)
    file = tmp_path / "mine.csv"
    file.write_text(HEAD + ROWS)
    return file
