"""Scenario files: what is shipped, what is refused and in which words, and `set` targets."""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from world.levers import LEVERS, levers_of
from world.scenario import SHIPPED, ScenarioError, list_scenarios, load_scenario

JAPAN = (SHIPPED / "japan-2026.toml").read_text()
NAMES = [
    "japan-2026", "antimony-2024", "first-floor-2025", "gallium-2023", "gallium-stop", "hub-2022",
    "japan-stop", "korea-next", "magnets-2025", "network-cut", "no-controls", "prepared-2011",
    "price-wedge", "senkaku-2010", "urea-2021",
]  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_the_shipped_scenarios_are_listed_with_the_default_first() -> None:
    known = list_scenarios()
    assert known[0].id == "japan-2026"
    assert [s.id for s in known] == NAMES
    for s in known:
        assert s.start.weekday() == 0
        assert s.summary
        assert "\n" not in s.summary


def test_japan_2026_is_what_the_texts_say() -> None:
    s = load_scenario()
    assert (s.start, s.weeks) == (datetime.date(2025, 11, 3), 156)
    assert (s.target, s.coercer) == ("JPN", "CHN")
    assert s.hubs == ("VNM", "THA", "MYS", "MEX")
    assert len(s.zones) == 13
    remarks = [event for event in s.events if event.kind == "remarks"]
    # a Friday: what is dated holds in the week whose Thursday comes first
    assert [s.date(event.week) for event in remarks] == [datetime.date(2025, 11, 10)]
    ban = next(o for o in s.history if o.lever == "rung.JPN" and o.value == 6)
    assert s.date(ban.week) == datetime.date(2026, 1, 5)
    licensed = next(o for o in s.before if o.lever == "licence_duty.dy_oxide")
    assert (s.date(licensed.week), licensed.value) == (datetime.date(2025, 4, 7), 1)
    members = {o.actor for o in s.history if o.lever == "forge_member"}
    assert {"JPN", "KOR", "USA", "EUU", "AUS"} <= members
    assert not members & {"CHN", "VNM", "TWN"}


@pytest.mark.parametrize("name", NAMES)
def test_every_dated_act_and_figure_of_a_shipped_file_has_a_source(name: str) -> None:
    source = load_scenario(name).source
    for entry in (*source.get("history", ()), *source.get("events", ())):
        assert entry["source"], entry
    assert (SHIPPED / f"{name}.toml").read_text().startswith("# ")


def test_no_controls_has_nothing_in_it() -> None:
    s = load_scenario("no-controls")
    assert (s.history, s.events, s.levers) == ((), (), {})
    assert s.frozen_projects
    assert s.states_hold


def test_a_variant_chooses_the_acts_that_hold() -> None:
    with_it, without = (
        load_scenario("prepared-2011"),
        load_scenario("prepared-2011", {"variant": "without"}),
    )
    assert {o.actor for o in with_it.history} == {"JPN", "CHN"}
    assert {o.actor for o in without.history} == {"CHN"}
    assert [o for o in with_it.history if o.actor == "CHN"] == list(without.history)
    assert with_it.digest != without.digest


def test_an_act_that_was_announced_before_is_an_event_too() -> None:
    s = load_scenario("gallium-2023")
    duty = next(o for o in s.history if o.lever == "licence_duty.gallium")
    told = next(e for e in s.events if e.data.get("material") == "gallium")
    assert told.kind == "announcement"
    assert told.data["weeks"] == duty.week - told.week == 4  # weeks in which goods may still leave
    assert (s.date(told.week), s.date(duty.week)) == (
        datetime.date(2023, 7, 3), datetime.date(2023, 7, 31),
    )  # fmt: skip


def test_a_scenario_survives_a_pickle_and_its_digest_follows_what_counts() -> None:
    s = load_scenario("gallium-2023")
    assert pickle.loads(pickle.dumps(s)).digest == s.digest
    assert s.override({}).digest == s.digest
    assert s.override({"population": 2}).digest != s.digest
    assert s.override({"parameters.tracing_weeks": 12}).digest != s.digest
    assert load_scenario("gallium-2023").digest == s.digest
    assert len(s.digest) == 64


def test_set_reaches_levers_parameters_shares_policies_and_keys() -> None:
    s = load_scenario(
        "japan-2026",
        {
            "USA.floor_usd_per_kg.ndpr_oxide": 110, "parameters.tracing_weeks": "12",
            "population": 3.0, "china_share.dy_oxide.JPN": 0.9, "policies.CHN": "hold",
            "frozen_projects": "true", "start": "2025-10-27", "weeks": 20, "follow_history": 0,
        },
    )  # fmt: skip
    assert s.levers["USA.floor_usd_per_kg.ndpr_oxide"] == 110
    assert s.held == ("USA.floor_usd_per_kg.ndpr_oxide",)
    assert s.parameters["tracing_weeks"] == 12
    assert s.population == 3
    assert s.china_share == {"dy_oxide.JPN": 0.9}
    assert s.policies["CHN"] == "hold"
    assert s.frozen_projects
    assert not s.follow_history
    assert s.weeks == 20


def test_overrides_pile_up_and_the_last_word_counts() -> None:
    s = load_scenario("japan-2026", {"weeks": 20}).override({"KOR.hub_policing": 0.5})
    assert (s.weeks, s.levers["KOR.hub_policing"]) == (20, 0.5)
    assert s.override({"KOR.hub_policing": 0.7}).levers["KOR.hub_policing"] == 0.7


def test_a_step_of_the_ladder_beats_the_files_single_measures(tmp_path: Path) -> None:
    text = JAPAN.replace("[levers.CHN]", "[levers.CHN]\nban_breadth.JPN = 0.2")
    path = written(tmp_path, text)
    assert load_scenario(path).levers["CHN.ban_breadth.JPN"] == 0.2
    assert "CHN.ban_breadth.JPN" not in load_scenario(path, {"CHN.rung.JPN": 8}).levers


def test_a_users_own_file_is_run_by_its_path(tmp_path: Path) -> None:
    s = load_scenario(written(tmp_path, JAPAN.replace("weeks = 156", "weeks = 12")))
    assert s.weeks == 12
    nameless = load_scenario(written(tmp_path, JAPAN.replace('id = "japan-2026"', "")))
    assert nameless.id == "mine"


def put(old: str, new: str) -> Callable[[str], str]:
    assert old in JAPAN
    return lambda text: text.replace(old, new, 1)


def add(lines: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{lines}\n"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (put("weeks = 156", "weeks = 156\nwekes = 3"), "wekes: is an unknown key: did you mean"),
        (put('why = "', 'wy = "'), "history[0].wy: is an unknown key"),
        (put("[chart]", "[chart]\ncolour = 1"), "chart.colour: is an unknown key"),
        (put("weeks = 156", ""), "weeks: is missing"),
        (put("weeks = 156", "weeks = 12.5"), "weeks: must be a valid integer"),
        (put("weeks = 156", "weeks = 0"), "weeks: must be greater than or equal to 1"),
        (put("users = 10000", "users = -4"), "users: must be"),
        (put("weeks = 156", 'weeks = 156\naffiliates = ["dy_oxide.VNN"]'),
         "affiliates[0]: 'VNN' is unknown: did you mean VNM"),
        (put("weeks = 156", 'weeks = 156\naffiliates = ["gallium.VNM", "gallium.VNM"]'),
         "affiliates[1]: gallium.VNM stands there twice"),
        (add("[china_share.dy_oxide]\nJPN = 1.2"),
         "china_share.dy_oxide.JPN: is a share and must lie between 0 and 1, not 1.2"),
        (add("[china_share.dy_oxide]\nJPN = { value = 90, unit = 'percent' }"),
         "china_share.dy_oxide.JPN.unit: 'percent' is the wrong unit, this is in share"),
        (add("[china_share.dy_oxide]\nJPX = 0.2"), "'JPX' is not in the scenario: did you"),
        (add("[parameters]\ntracing_weeks = nan"), "parameters.tracing_weeks: must be a finite"),
        (add("[parameters]\ntracing_weeks = inf"), "parameters.tracing_weeks: must be a finite"),
        (add("[parameters]\ntracing_weeks = 99"), "must lie between 2 and 26 (weeks), 99"),
        (add("[parameters]\ntracing_week = 9"), "did you mean tracing_weeks?"),
        (add("[parameters]\ntracing_weeks = { value = 9, unit = 'days' }"), "is the wrong unit"),
        (put("date = 2025-11-07", "date = 2024-10-07"),
         "events[0].date: 2024-10-07 lies before the warm-up, 2025-01-06"),
        (put("date = 2025-11-14", "date = 2024-10-07"), "history[0].date: 2024-10-07 lies before"),
        (put("warmup_from = 2025-01-06\n", ""),
         "history[21].date: 2025-02-04 lies before the start, 2025-11-03"),
        (put("warmup_from = 2025-01-06", "warmup_from = 2025-01-07"),
         "warmup_from: 2025-01-07 is no Monday; the one before is 2025-01-06"),
        (put("warmup_from = 2025-01-06", "warmup_from = 2025-11-10"), "1 to 260 can be played"),
        (put("date = 2025-11-14", "week = -1"), "history[0].week: -1 lies before the start"),
        (put("date = 2025-11-14\n", ""), "history[0].date: give either a date or a week"),
        (put("strength = 0.6", "strength = 1.6"), "events[0].strength: must lie between 0 and 1"),
        (put("strength = 0.6", ""), "events[0].strength: is missing"),
        (put('kind = "remarks"', 'kind = "remark"'), "events[0].kind: 'remark' is no kind"),
        (put("value = 5000", "value = -5000"), "must lie between 0 and 20000 (t/yr), -5000"),
        (put('{ value = 110, unit = "USD/kg" }', '{ value = 110, unit = "USD/t" }'),
         "unit: 'USD/t' is the wrong unit, this is in USD/kg"),
        (put('actor = "CHN"\nlever', 'actor = "CHX"\nlever'), "history[0].actor: 'CHX' is no"),
        (put('lever = "rung.JPN"', 'lever = "rung.JPX"'), "history[0].lever: rung.JPX of CHN aims"),
        (put('lever = "rung.JPN"', 'lever = "rng.JPN"'), "history[0].lever: 'rng' is no lever"),
        (put("value = 3\n", 'value = "much"\n'), "history[2].value: must be a valid number"),
        (put("value = 3\n", "value = nan\n"), "history[2].value: must be a finite number"),
        (put("value = 3\n", "value = 12\n"), "history[2].value: rung.JPN of CHN must lie between"),
        (put("[levers.CHN]", "[levers.CHX]"), "levers.CHX.licence_duty.gallium: 'CHX' is"),
        (put('hubs = ["VNM"', 'hubs = ["VNX"'), "hubs[0]: 'VNX' is unknown: did you mean VNM"),
        (put('hubs = ["VNM"', 'hubs = ["CHN"'), "hubs: CHN is the coercer"),
        (put('target = "JPN"', 'target = "CHN"'), "target: CHN cannot be coercer and target"),
        (put('"dy_oxide", "tb', '"dy_oxid", "tb'), "materials[0]: 'dy_oxid' is unknown"),
        (put('"dy_oxide", "tb', '"dy_oxide", "dy_oxide", "tb'), "materials[1]: dy_oxide stands"),
        (put("start = 2025-11-03", "start = 2025-11-04"), "start: 2025-11-04 is no Monday"),
        (put('zone = "JPN"', 'zone = "JPX"'), "chart.zone: 'JPX' is unknown"),
        (put("id = ", "id == "), "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_with_the_path_of_the_key(
    tmp_path: Path, edit: Callable[[str], str], words: str
) -> None:
    path = written(tmp_path, edit(JAPAN))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("USA.floor_usd_per_kg.ndpr_oxide", 1e9, "between 0 and 5000 (USD/kg)"),
        ("USB.hub_policing", 1, "'USB' is neither a key nor an actor: did you mean USA?"),
        ("KOR.hub_policing", "x", "KOR.hub_policing: must be a finite number"),
        ("KOR.hub_policing", float("nan"), "KOR.hub_policing: must be a finite number"),
        ("KOR.flood", 1, "KOR does not have the lever flood"),
        ("populatoin", 3, "did you mean population?"),
        ("population", "a", "population: must be a finite number"),
        ("weeks", 1.5, "weeks: must be a whole number"),
        ("frozen_projects", "maybe", "frozen_projects: must be true or false"),
        ("start", "2025-1", "start: must be a date"),
        ("china_share.dy_oxide.JPN", 3, "is a share and must lie between 0 and 1"),
        ("parameters.taste_sd", -1, "parameters.taste_sd: must lie between 0 and 1"),
        ("policies.XXX", "hold", "policies.XXX: is no actor"),
        ("variant", "with", "variant: 'with' is unknown"),
        ("events", 1, "events: is no key that can be set"),
        ("title", "x", "title: is no key that can be set"),
    ],
)
def test_a_wrong_set_target_is_one_sentence(name: str, value: float | str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("japan-2026", {name: value})
    assert words in str(caught.value)


def test_an_unknown_scenario_lists_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="did you mean japan-2026"):
        load_scenario("japan-2027")
    with pytest.raises(ScenarioError, match="known are japan-2026, antimony-2024"):
        load_scenario("zzz")
    with pytest.raises(ScenarioError, match="no scenario file"):
        load_scenario("nowhere.toml")


def test_every_lever_of_the_table_can_be_set() -> None:
    plan = load_scenario("japan-2026")
    for name, lever in LEVERS.items():
        seats = {"coercer": "CHN", "state": "KOR"}
        actor = seats.get(lever.actors) or next(a for a in plan.firms if name in levers_of(plan, a))
        changed = plan.override({f"{actor}.{name}": lever.high})
        assert changed.levers[f"{actor}.{name}"] == lever.high


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (datetime.date(2026, 1, 5), 9),  # Monday to Thursday: that week
        (datetime.date(2026, 1, 8), 9),
        (datetime.date(2026, 1, 9), 10),  # Friday to Sunday: the next, whose Thursday comes first
        (datetime.date(2026, 1, 11), 10),
        (datetime.date(2026, 1, 12), 10),
        (datetime.date(2025, 11, 2), 0),
        (datetime.date(2025, 10, 30), -1),
    ],
)
def test_a_date_holds_in_the_week_whose_thursday_is_the_first_on_or_after_it(
    day: datetime.date, week: int
) -> None:
    assert load_scenario().week_of(day) == week


# --- ready questions ------------------------------------------------------------------------------

QUESTION = """
[[what_if]]
date = 2026-02-02
levers.JPN.stockpile_release = 0.5
levers.CHN.ban_breadth.JPN = 0
words.en = "Japan had opened its reserve?"
"""


@pytest.mark.parametrize("name", NAMES)
def test_each_ready_question_stands_in_four_languages_and_within_the_run(name: str) -> None:
    s = load_scenario(name)
    assert s.questions
    for one in s.questions:
        assert set(one.words) == {"en", "ko", "ja", "zh-Hans"}
        assert one.week is None or 0 <= one.week < s.weeks
        assert one.levers


def test_a_ready_question_is_read_and_is_no_part_of_what_a_run_depends_on(tmp_path: Path) -> None:
    s = load_scenario(written(tmp_path, JAPAN + QUESTION))
    asked = s.questions[-1]
    assert asked.levers == {"JPN.stockpile_release": 0.5, "CHN.ban_breadth.JPN": 0}
    assert asked.week == s.week_of(datetime.date(2026, 2, 2))
    assert s.digest == load_scenario().digest
    undated = load_scenario(written(tmp_path, JAPAN + QUESTION.replace("date", "# date")))
    assert undated.questions[-1].week is None


@pytest.mark.parametrize(
    ("was", "is_", "said"),
    [
        ("JPN.stockpile_release", "JPN.stockpile_relaese", "stockpile_release"),
        ("JPN.stockpile_release", "XXX.stockpile_release", "'XXX' is no actor"),
        ("stockpile_release = 0.5", "stockpile_release = 5", "between 0 and 1"),
        ("2026-02-02", "2024-02-02", "lies before"),
        ("words.en", "words.fr", "'fr' is none"),
        ("words.en", "words.ko", "words.en: is missing"),
        ("date", "dat", "is an unknown key"),
        ("[[what_if]]", "[[what_if]]\nvariant = 'x'", "variant: 'x' is unknown"),
    ],
)
def test_a_wrong_question_is_refused_in_one_sentence(
    tmp_path: Path, was: str, is_: str, said: str
) -> None:
    wrong = QUESTION.replace(was, is_, 1)
    assert wrong != QUESTION
    with pytest.raises(ScenarioError, match="what_if") as fault:
        load_scenario(written(tmp_path, JAPAN + wrong))
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)
