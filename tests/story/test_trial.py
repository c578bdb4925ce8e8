"""What stories claim is worked out again from the tables, by code that the story does not know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from runs.pages.words import catalogue
from runs.story.trial.__main__ import looked_at, main, play
from runs.story.trial.claims import Claim, of_week, of_whole, sentences, trial
from runs.story.trial.seen import Seen
from runs.story.trial.words import faults
from tests.story.conftest import Played

PLACES = {"share", "times", "usd", "tonnes", "days", "weeks", "points", "n", "month", "date",
          "zone", "whose", "capital", "good"}  # fmt: skip
FOUND = 0.95  # of all bends; a bent sentence may happen to be true of something else


def test_each_sentence_of_twenty_runs_is_worked_out_again(twenty: list[Played]) -> None:
    kinds: Counter[str] = Counter()
    for played in twenty:
        tally = trial(played.story, Seen.of(played.game, player="KOR"), every=8)
        assert not tally.wrong
        kinds.update(tally.kinds)
    assert len(twenty) == 20
    assert kinds.total() > 3000
    parts = ("headline", "news", "flag", "title", "tile", "bill", "answer", "lead", "complies")
    assert min(kinds[part] for part in parts) >= 20


def test_an_unseen_seed_is_read_back_from_its_folder(tmp_path: Path) -> None:
    tally = looked_at(play("japan-2026", 1001, 150, 40), "", 3, tmp_path / "run")
    assert not tally.wrong
    assert tally.sentences > 300


def test_the_command_counts_what_it_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "1", "--users", "60", "--weeks", "12", "--every", "4"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"1 runs: \d\d+ sentences worked out again, 0 wrong\.", said)


def test_a_sentence_that_is_bent_is_found_to_be_wrong(japan: Played) -> None:
    """One value after another is made another figure, place, good or date."""
    seen = Seen.of(japan.game, player="KOR")
    found: Counter[bool] = Counter()
    for part, claims_of in ((japan.whole, of_whole), (japan.story.week(16), of_week),
                            (japan.story.week(40), of_week)):  # fmt: skip
        claims = list(claims_of(seen, part))
        assert not [one.wrong() for one in claims if one.wrong()]
        for say, place in bends(claims):
            was = say["values"][place]
            say["values"][place] = bent(seen, say["values"], place)
            found[any(one.wrong() for one in claims_of(seen, part))] += 1
            say["values"][place] = was
    assert found[True] > 100
    assert found[True] / found.total() > FOUND


def bends(claims: list[Claim]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each value that a sentence shows, where it stands."""
    done = set()
    for claim in claims:
        for say in [one for one in inner(claim.say) if id(one) not in done]:
            done.add(id(say))
            for place in set(re.findall(r"\{(\w+)\}", catalogue("en")[say["key"]])):
                value = say["values"].get(place)
                if place.partition("_")[0] in PLACES and value and not isinstance(value, Mapping):
                    yield say, place


def inner(say: Any) -> Iterator[dict[str, Any]]:
    """The sentence and those that it holds; names of rows and lines are no claims."""
    if not say["key"].endswith("_name"):
        yield say
    for value in say["values"].values():
        if isinstance(value, Mapping):
            yield from inner(value)


def bent(seen: Seen, values: Mapping[str, Any], place: str) -> Any:
    value, kind = values[place], place.partition("_")[0]
    if isinstance(value, float | int):
        return value + 7 if kind == "n" else 1.3 * value
    if kind in ("month", "date"):
        return "2031-01-06"
    others = seen.goods if kind == "good" else seen.zones
    return next((one for one in others if one not in values.values()), "nobody")


def test_a_kind_that_nobody_can_work_out_is_a_finding(japan: Played) -> None:
    seen, told = Seen.of(japan.game, player="KOR"), japan.story.week(16)
    assert told["news"]["items"]
    for item in told["news"]["items"]:
        item["say"] = {"key": "story.news.eclipse", "values": {}}
    wrong = [one.wrong() for one in of_week(seen, told) if one.say["key"].endswith("eclipse")]
    assert wrong
    assert all(one == ["nobody knows how to work it out"] for one in wrong)


@pytest.mark.parametrize(("values", "fault"), [
    ({"zone": "XKOR KOR", "usd": 5e6}, "a code"),
    ({"zone": "hub_policing", "usd": 5e6}, "an id"),
    ({"zone": "JPN"}, "a place is open"),
    ({"zone": "the target", "usd": 5e6}, "a word of ours"),
    ({"zone": "Japan 123", "usd": 5e6}, "a digit too many"),
    ({"zone": "JPN", "usd": float("nan")}, "no figure"),
])  # fmt: skip
def test_codes_ids_and_digits_are_found_in_a_sentence(values: dict[str, Any], fault: str) -> None:
    assert any(fault in one for one in faults({"key": "story.state.loss", "values": values}))
    assert not list(faults({"key": "story.state.loss", "values": {"zone": "JPN", "usd": 5e6}}))


def test_what_stood_still_before_the_run_is_no_news(japan: Played) -> None:
    """The year before was played: lines for dysprosium stand still in the first week."""
    seen = Seen.of(japan.game)
    before = {one[1:] for one in seen.stops if not one[0]}
    assert before
    first = japan.story.week(0)
    keys = {one["key"] for one in sentences(first)}
    assert not keys & {"story.news.stop", "story.news.stop_more", "story.news.stop_two"}
    says = next(one["says"] for one in japan.whole["complies"]["answers"] if one["id"] == "first")
    assert says[0]["key"].startswith("story.answer.first_before")
    assert says[0]["values"]["good"] in {good for _, good in before}
