"""A run's folder has the files and columns that are promised, and they read back."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runs.about import machine_features
from runs.game import Game
from runs.recorder import RecordError, claim, digest_of, to_toml
from runs.tables import TABLES, WEEKLY

SEED, USERS, WEEKS = 5, 200, 30  # as conftest plays it

# as users know them; a change here is a change of a public form
COLUMNS = {
    "markets": "week, date, material, zone, price, price_usd_per_t, reference_price, "
    "floor_usd_per_t, demand_t, orders_t, delivered_t, shortage_t, from_china_t, from_grey_t, "
    "from_other_t, from_recycled_t, from_stockpile_t, china_share_declared, china_share_true, "
    "cover_weeks, stopped_line_share, hoarding, over_compliance_share, "
    "refused_customers_share, stockpile_t, equity_t, lent_t, recycling_t",
    "zones": "week, date, zone, output_loss, gdp_loss_usd, gdp_loss_share, jobs_at_risk, "
    "stopped_value_share, refused_customers_share, refused_usd, orders_lost_usd, "
    "budget_usd, floor_cost_usd, tariff_revenue_usd, subsidy_usd, reputation_of_china, "
    "leverage_of_china, stockpile_days, score, rung, coercer_approval, alliance_approval, "
    "measure_weeks, case_stage, payment_ties",
    "flows": "week, date, material, from_zone, to_zone, channel, shipped_t, arrived_t, "
    "shipped_china_origin_t, declared_from, recorded_t",
    "hubs": "week, date, hub, material, imports_from_china_t, reexports_to_target_t, "
    "grey_premium, active_traders, detections, blacklisted, cooperation, largest_trader_share, "
    "belief, credibility, served_share",
    "law": "week, date, material, zone, ban_breadth, scope_belief, scope_ambiguity, "
    "licence_duty, licence_approval, floor_usd_per_t, tariff_share, legal_frame",
    "producers": "week, date, producer, zone, material, stage, capacity_t_per_week, output_t, "
    "utilisation, status, years_to_start, belief",
    "events": "week, date, kind, actor, target, text, data",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_stand_as_promised_in_memory_and_on_disk(
    played: Game, folder: Path, table: str
) -> None:
    wanted = COLUMNS[table].split(", ")
    assert list(played.frames[table].columns) == wanted
    assert list(pd.read_parquet(folder / f"{table}.parquet").columns) == wanted


HELD = [table for table in WEEKLY if table != "goods"]  # of a run whose ban stays with minerals


@pytest.mark.parametrize("table", [*HELD, "events", "orders", "agents"])
def test_a_table_reads_back_as_it_was(played: Game, folder: Path, table: str) -> None:
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / f"{table}.parquet"), played.frames[table]
    )


def test_columns_mean_what_their_texts_say(played: Game) -> None:
    flows = played.frames["flows"].groupby("week")[["shipped_t", "arrived_t"]].sum()
    delivered = played.frames["markets"].groupby("week")["delivered_t"].sum()
    assert (flows["arrived_t"] >= delivered - 1e-6).all()  # arrivals at traders besides
    assert set(played.frames["orders"]["by"]) >= {"script", "person"}
    for word in ("person", "history", "file", "script"):
        assert word in TABLES["orders"].values["by"]


def test_rows_are_weeks_times_things(played: Game) -> None:
    plan = played.plan
    zones, materials = len(plan.zones), len(plan.materials)
    assert len(played.frames["markets"]) == WEEKS * zones * materials
    assert len(played.frames["zones"]) == WEEKS * zones
    assert len(played.frames["hubs"]) == WEEKS * (len(plan.hubs) + 1) * materials
    assert len(played.frames["producers"]) == WEEKS * len(played.setting.base.plants)


def test_flows_keep_only_rows_in_which_something_moved(played: Game) -> None:
    flows = played.frames["flows"]
    moved = flows[["shipped_t", "arrived_t", "recorded_t"]].abs().sum(axis=1)
    assert (moved > 0).all()
    assert set(flows["channel"]) <= {"china", "grey", "other", "recycled", "stockpile"}
    assert (flows["shipped_china_origin_t"] <= flows["shipped_t"] + 1e-9).all()
    assert set(flows["declared_from"]) <= set(played.plan.zones)


def test_shares_and_masses_are_in_their_bounds(played: Game) -> None:
    markets = played.frames["markets"]
    for name in markets.columns:
        values = markets[name]
        if name.endswith("_share") or name.startswith("china_share"):
            assert values.dropna().between(-1e-9, 1 + 1e-9).all(), name
        if name.endswith("_t"):
            assert (values.dropna() >= -1e-9).all(), name
    statuses = set(played.frames["producers"]["status"])
    assert statuses <= {"running", "idle", "mothballed", "building", "planned", "scrapped"}


def test_dates_are_the_mondays_of_the_weeks(played: Game) -> None:
    zones = played.frames["zones"].drop_duplicates("week")
    start = played.plan.start
    for week, date in zip(zones["week"], zones["date"], strict=True):
        assert date.date() == start + datetime.timedelta(weeks=int(week))


def test_arrays_and_rows_agree_with_the_frames(played: Game) -> None:
    record = played.recorder
    prices = record.array("markets", "price")
    rows = record.rows("markets")
    assert prices.shape == (WEEKS, len(rows["zone"]))
    frame = played.frames["markets"]
    place = list(zip(rows["material"], rows["zone"], strict=True)).index(("gallium", "JPN"))
    mine = frame[(frame.zone == "JPN") & (frame.material == "gallium")]
    assert np.array_equal(prices[:, place], mine["price"].to_numpy())
    shipped = record.array("flows", "shipped_t").sum()
    assert shipped == pytest.approx(played.frames["flows"]["shipped_t"].sum())
    with pytest.raises(KeyError, match="no column"):
        record.array("markets", "colour")
    with pytest.raises(KeyError, match="known are markets"):
        played.frames["colours"]


def test_the_run_file_says_what_was_played(played: Game, folder: Path) -> None:
    about = tomllib.loads((folder / "run.toml").read_text())
    assert about["scenario"] == "japan-2026"
    assert (about["seed"], about["users"], about["weeks"]) == (SEED, USERS, WEEKS)
    assert about["digest"] == played.recorder.digest()
    assert about["seats"]["CHN"] == "ai:china_calibrated"
    assert about["start"] == played.plan.start
    assert about["end"] == played.plan.date(WEEKS)
    for key in ("package_version", "numpy_version", "instruction_set", "scenario_digest"):
        assert about[key], key
    assert about["cpu_features"] == list(machine_features())


def test_orders_and_refusals_are_kept(played: Game) -> None:
    orders = played.frames["orders"]
    refused = orders[~orders["accepted"]]
    assert refused["reason"].str.contains("between 0 and 1").any()
    mine = orders[(orders["actor"] == "KOR") & (orders["by"] == "script") & orders["accepted"]]
    assert mine["why"].tolist() == ["told to"]
    assert set(orders[orders["actor"] == "JPN"]["by"]) == {"person", "japan_diversifier"}


def test_the_digest_is_of_values_and_notices_any(played: Game) -> None:
    frames = {table: played.frames[table].copy() for table in HELD}
    assert not len(played.frames["goods"])
    assert digest_of(frames) == played.recorder.digest()
    frames["zones"].loc[3, "budget_usd"] += 1e-9
    assert digest_of(frames) != played.recorder.digest()


def test_the_panel_has_every_actor_every_week(played: Game) -> None:
    agents = played.frames["agents"]
    assert list(agents.columns) == TABLES["agents"].columns
    per_week = agents.groupby("week").size()
    assert per_week.nunique() == 1
    assert len(per_week) == WEEKS
    assert set(agents["kind"]) == {"user", "trader", "plant"}


def test_a_folder_with_a_run_is_refused(played: Game, folder: Path) -> None:
    with pytest.raises(RecordError, match="already holds a run"):
        played.save(folder)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(RecordError, match="cannot be written: Not a directory"):
        claim(file / "below")


def test_toml_of_a_run_reads_back() -> None:
    about = {
        "name": 'a "quoted" name', "week": 3, "share": 0.1, "yes": True,
        "day": datetime.date(2026, 1, 5), "list": ["a", 1], "seats": {"CHN": "ai:x"}, "none": {},
    }  # fmt: skip
    assert tomllib.loads(to_toml(about)) == about


def test_a_record_says_what_its_columns_mean(played: Game, folder: Path) -> None:
    """Every column of every table has a type and a meaning, numbers a unit."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    told = {one["name"]: one for one in package["resources"]}
    files = {path.stem for path in folder.glob("*.parquet")}
    assert set(told) == files
    for name in files:
        fields = told[name]["schema"]["fields"]
        assert [field["name"] for field in fields] == list(played.frames[name].columns)
        for field in fields:
            assert len(field["description"]) > 2
            if field["type"] == "number":
                assert field["unit"]


def test_the_law_is_recorded_as_it_stood(played: Game) -> None:
    """What an order made law is in the table of the next week, towards that zone alone."""
    law = played.frames["law"]
    heavy = law[law.material == "dy_oxide"]
    ban = heavy.pivot(index="week", columns="zone", values="ban_breadth")
    rung = played.frames["zones"].pivot(index="week", columns="zone", values="rung")
    assert (ban["CHN"] == 0).all()
    assert (ban["KOR"] == 0).all()
    assert ban["JPN"].iloc[-1] > 0.5
    first = ban.index[ban["JPN"] > 0][0]
    assert rung["JPN"][first] >= 5 > rung["JPN"][first - 1]
