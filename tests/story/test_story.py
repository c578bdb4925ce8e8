"""What a run tells week by week: headlines, flags, lead, tiles and who pays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runs import Game
from runs.story import Story, run_of, run_of_stored, say_all, write
from runs.story.headlines import LOUD, MOST, any_yet
from runs.story.orders import moved
from runs.story.tidings import grouped, raw
from runs.web.stored import Stored
from tests.story.conftest import Played


def test_a_story_is_plain_json(twenty: list[Played]) -> None:
    for played in twenty:
        json.dumps([played.whole, played.weeks], allow_nan=False)


def test_the_headline_is_the_loudest_event_with_the_state_of_who_is_hurt(japan: Played) -> None:
    ban = next(one["week"] for one in japan.game.recorder.events
               if one["kind"] == "rung" and one["data"]["value"] == 6)  # fmt: skip
    told = japan.story.week(ban)["headline"]
    assert told["weight"] >= 15  # three steps of the ladder
    assert write(told["say"]).startswith("Beijing bans dual-use exports to Japan")
    assert told["say"]["key"] == "story.join"
    _, _, state = write(told["say"]).partition("; ")
    assert "Japan" in state


def test_without_a_loud_event_the_state_speaks(twenty: list[Played]) -> None:
    quiet = [one["headline"] for played in twenty for one in played.weeks
             if one["headline"]["weight"] <= LOUD]  # fmt: skip
    assert len(quiet) > 20
    for one in quiet:
        assert one["weight"] == 0
        assert one["say"]["key"].startswith(("story.state.", "story.quiet"))


def test_news_are_five_at_most_the_loudest_first_and_routine_is_folded(japan: Played) -> None:
    news = japan.story.week(30)["news"]
    weights = [one["weight"] for one in news["items"]]
    assert 1 <= len(weights) <= MOST
    assert weights[0] == max(weights + [one["weight"] for one in news["more"]])
    routine = news["routine"]
    assert routine["n"] == len(routine["items"]) == sum(one["n"] for one in routine["groups"]) > 3
    kinds = [one["kind"] for one in news["items"]]
    assert max(map(kinds.count, kinds)) <= 2


def test_first_of_its_kind_and_the_players_country_weigh_more(japan: Played) -> None:
    game = japan.game
    theirs, nobodys = (grouped(run_of(game, player), 0, 26) for player in ("KOR", ""))
    weight = {(one.week, str(one.say)): one.weight for one in nobodys if one.weight > 0}
    plus = {"KOR" in one.zones: one.weight - weight[one.week, str(one.say)]
            for one in theirs if one.weight > 0}  # fmt: skip
    assert plus == {True: pytest.approx(2.0), False: pytest.approx(0.0)}
    first = next(one for one in raw(japan.story.run) if one.kind == "stop")
    news = japan.story.week(first.week)["news"]
    told = [one for one in news["items"] + news["more"] if one["kind"] == "stop"]
    assert max(one["weight"] for one in told) >= first.weight + 3


def test_what_was_told_first_is_looked_up_once_for_all_weeks(
    japan: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, read = run_of(japan.game), []
    monkeypatch.setattr("runs.story.headlines.raw", lambda run: read.append(1) or raw(run))
    told = [any_yet(run, week) for week in range(run.weeks)]
    assert len(read) == 1
    first = min(one.week for one in raw(run) if one.weight > 0)
    assert told == [week >= first for week in range(run.weeks)]


def test_orders_that_move_nothing_are_no_news() -> None:
    game = Game("japan-2026", users=50)
    game.submit(actor="KOR", lever="hub_policing", value=0.8)
    game.submit(actor="KOR", lever="hub_policing", value=0.8, week=1)
    game.submit(actor="KOR", lever="hub_policing", value=0.4, week=2)
    game.run(weeks=3)
    ways = [(one.was, one.value) for one in moved(run_of(game))
            if (one.event["actor"], one.lever) == ("KOR", "hub_policing")]  # fmt: skip
    assert ways == [(0.1, 0.8), (0.8, 0.4)]


def test_flags_are_first_of_their_kind_in_order(twenty: list[Played]) -> None:
    for played in twenty:
        flags = played.whole["flags"]
        once = [one["kind"] for one in flags if one["kind"] != "turn"]
        assert len(once) == len(set(once))
        assert [one["week"] for one in flags] == sorted(one["week"] for one in flags)
        assert {one["row"] for one in flags} <= {0, 1, 2}


def test_flags_stand_where_the_frames_have_them(japan: Played) -> None:
    flags = {one["kind"]: one["week"] for one in japan.whole["flags"]}
    frames = japan.game.frames
    stands = frames["markets"].query("stopped_line_share >= 0.01")
    starts = stands.groupby(["material", "zone"])["week"].min()
    stopped = starts[starts > 0].min()  # what stood before the run began is no news
    caught = frames["hubs"].query("detections > 0")["week"].min()
    paid = frames["markets"].query("from_stockpile_t > 1e-6 and zone != 'CHN'")["week"].min()
    expected = {"stop": stopped, "caught": caught, "reserve": paid}
    assert {kind: week for kind, week in flags.items() if kind in expected} == {
        kind: week for kind, week in expected.items() if np.isfinite(week)
    }
    assert flags["turn"] == 20


def test_the_ladder_is_the_recorded_step(japan: Played) -> None:
    ladder = japan.whole["ladder"]
    rung = japan.game.frames["zones"].query("zone == 'JPN'")["rung"].tolist()
    assert (ladder["zone"], ladder["steps"]) == ("JPN", rung)
    assert ladder["highest"] == max(rung)
    assert set(ladder["names"]) == {str(int(one)) for one in rung}


def test_the_lead_is_where_lines_stood_still(twenty: list[Played]) -> None:
    reasons = set()
    for played in twenty:
        lead = played.whole["lead"]
        own = played.game.frames["markets"].query(
            "material == @lead['material'] and zone == @lead['zone']"
        )
        assert lead["zone"] not in ("CHN", "ROW")
        assert (own["stopped_line_share"].max() >= 0.01) == (lead["reason"] == "stop")
        reasons.add(lead["reason"])
    assert reasons == {"stop", "price"}


def test_five_tiles_follow_the_head(japan: Played) -> None:
    early, late = (japan.story.week(week)["tiles"] for week in (5, 40))
    assert [one["id"] for one in late] == ["price", "stock", "stopped", "lost", "origin"]
    own = japan.game.frames["markets"].set_index(["material", "zone", "week"])
    own = own.sort_index()
    own = own.loc[japan.story.lead[:2]]
    assert late[0]["value"] == own["price"][40]
    assert early[0]["value"] == own["price"][5]
    assert late[0]["spark"] == own["price"].tolist()
    for tile in late:
        assert write(tile["label"])
        assert tile["word"]


def test_bills_add_up_to_the_budget(japan: Played) -> None:
    for row in japan.whole["pays"]["rows"]:
        beijing = row["zone"] == "CHN"
        rest = row["measures_usd" if beijing else "stocks_usd"]
        assert row["stocks_usd" if beijing else "measures_usd"] is None
        spent = row["floor_usd"] + row["subsidies_usd"] + rest - row["tariffs_usd"]
        assert spent == pytest.approx(-row["budget_usd"], abs=1.0)
        assert rest >= 0  # what buying and holding a reserve costs, and what coercion costs


def test_beside_the_models_own_loss_stand_the_institutes_and_the_jobs(japan: Played) -> None:
    pays = japan.whole["pays"]
    assert pays["studies"]["zone"] == "JPN"
    found = {row["id"]: row["share"] for row in pays["studies"]["rows"]}
    assert found == pytest.approx({"nri": 0.0043, "dir": 0.013, "dir_all": 0.032})
    zones = japan.game.frames["zones"]
    for row in pays["rows"]:
        own = zones[zones.zone == row["zone"]]
        assert row["jobs"] == pytest.approx(own.jobs_at_risk.mean())
        assert row["jobs_most"] == own.jobs_at_risk.max()
        assert row["lost_share"] == pytest.approx(own.gdp_loss_share.mean())


def test_every_question_has_an_answer(twenty: list[Played]) -> None:
    for played in twenty:
        answers = played.whole["pays"]["answers"] + played.whole["complies"]["answers"]
        asked = ["floor", "others", "own", "origin", "first", "caught"]
        assert [one["id"] for one in answers] == asked
        assert all(one["says"] and write(one["question"]).endswith("?") for one in answers)


def test_all_can_be_written_out_in_one_language(japan: Played) -> None:
    told = say_all(japan.whole, "ko")
    assert "text" in told["flags"][0]["say"]
    assert told["lead"] == japan.whole["lead"]


def test_before_the_first_week_nothing_has_happened() -> None:
    story = Story(run_of(Game("japan-2026", users=50)))
    assert write(story.week(0)["headline"]["say"]) == "Nothing has happened yet"
    whole = story.whole()
    assert whole["flags"] == []
    assert whole["findings"]["lead"] is None


def test_a_run_of_another_model_tells_the_same(japan: Played, tmp_path: Path) -> None:
    folder = japan.game.save(tmp_path / "run")
    about = {"weeks": japan.game.week, "start": japan.game.plan.start, "model": "0"}
    tables = ("markets", "zones", "flows", "hubs", "law", "events")
    stored = Stored(folder, about, {name: japan.game.frames[name] for name in tables})
    while stored.week < stored.weeks:
        stored.step()
    run = run_of_stored(stored, "KOR")
    whole = Story(run).whole()
    for part in ("lead", "flags", "ladder", "findings"):
        assert whole[part] == japan.whole[part], part
    assert replace(run, kept={}).events == run.events
