"""Files of targets: what is refused and in which words, and what the shipped file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from runs.validate.grammar import parse, show
from runs.validate.targets import TargetError, read_targets
from world.scenario import list_scenarios

HEAD = "id,low,high,kind,scenario,measure,weight,set,base_set\n"
ROW = 'a,1,2,price,gallium-2023,"mean(markets.price[zone=ROW])",1,,\n'


def test_the_shipped_file_holds_every_published_target_with_a_measure() -> None:
    targets = read_targets()
    assert len(targets) == 64
    assert [target.id for target in targets] == sorted(target.id for target in targets)
    assert {target.episode[0] for target in targets} == set("ABCDEFGH")
    assert len({target.kind for target in targets}) == 14
    shipped = {scenario.id for scenario in list_scenarios()}
    assert {target.scenario for target in targets} <= shipped
    for target in targets:
        assert parse(show(target.tree)) == target.tree


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "mine.csv is empty; its first row must name columns such as id."),
        (HEAD, "mine.csv holds no target, only names of columns."),
        (HEAD.replace("measure", "mesure") + ROW,
         "mine.csv, row 1: 'mesure' is no column: did you mean measure?"),
        (HEAD.replace("weight", "id") + ROW, "row 1: the column id stands there twice."),
        (HEAD.replace(",kind", ",unit") + ROW, "row 1: the column kind is missing."),
        (HEAD + "a,1,2,price\n", "row 2: 4 cells, and the first row names 9."),
        (HEAD + ROW + ROW, "row 3, column id: a stands there twice."),
        (HEAD + ROW.replace("a,1,2", "=1+1,1,2"), "row 2, id: '=1+1' holds signs"),
        (HEAD + ROW.replace("a,1,2", "a\x1b[2J,1,2"), "row 2, id: 'a\\x1b[2J' holds signs"),
        (HEAD + ROW.replace("a,1,2", "a,2,1"),
         "row 2, column low: the band is the wrong way round, 2 to 1."),
        (HEAD + ROW.replace("a,1,2", "a,x,1"), "row 2, column low: 'x' is not a number."),
        (HEAD + ROW.replace("a,1,2", "a,,1"), "row 2, column low: is empty."),
        (HEAD + ROW.replace("a,1,2", "a,1,nan"), "row 2, column high: 'nan' is not a number."),
        (HEAD + ROW.replace('",1,,', '",0,,'), "column weight: must be above 0, not 0."),
        (HEAD + ROW.replace("gallium-2023", "gallium-2032"),
         "row 2, column scenario: there is no scenario 'gallium-2032': did you mean gallium-2023?"),
        (HEAD + ROW.replace("gallium-2023", "nowhere.toml"),
         "column scenario: there is no scenario file nowhere.toml."),
        (HEAD + ROW.replace(",1,,", ",1,users,"), "column set: 'users' is not of the form NAME="),
        (HEAD + ROW.replace(",1,,", ",1,users=60;users=70,"), "column set: users is set twice."),
        (HEAD + ROW.replace(",1,,", ",1,usres=60,"), "column set: usres: is no key that can be"),
        (HEAD + ROW.replace(",1,,", ",1,,CHN.threat=9"), "column base_set: CHN.threat"),
        (HEAD + ROW.replace("zone=ROW", "zone=ROM"), "column measure: zone=ROM: gallium-2023 has"),
        (HEAD + ROW.replace("zone=ROW", "material=dy_oxide"),
         "material=dy_oxide: gallium-2023 has no such material: known are gallium, germanium."),
        (HEAD + ROW.replace("mean(", "meen("), "column measure: 'meen' is no function: did you"),
        (HEAD + ROW.replace("markets", "market"), "'market' is no table: did you mean markets?"),
        (HEAD + ROW.replace(".price", ".prize"), "'prize' is no column of markets: did you mean"),
        (HEAD + ROW.replace("])", "]"), "column measure: character 29: ')' is expected, not the"),
        (HEAD + ROW.replace('])"', ']) / (3 - 3)"'),
         "row 2, column measure: mean(markets.price[zone=ROW]) / (3 - 3) divides by nothing"),
        (HEAD + ROW.replace('"mean(', '"2 / 0 + mean('), "measure: 2 / 0 divides by nothing in"),
        (HEAD + ROW.replace("zone=ROW", "zone=ROW, 1990"),
         "1990-01-01:1990-12-31]: gallium-2023 runs from 2023-04-03 to 2024-09-29."),
        (HEAD + ROW.replace("mean(", "mean(base."), "needs a base run, and base_set is empty."),
        (HEAD + 'a,1,2,price,gallium-2023,"x\n', "mine.csv, row 2: "),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_with_file_row_and_column(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(TargetError) as caught:
        read_targets(path)
    assert words in str(caught.value)
    assert "mine.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="cannot be read: No such file"):
        read_targets(tmp_path / "none.csv")
    (tmp_path / "image.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TargetError, match="is not text in UTF-8"):
        read_targets(tmp_path / "image.csv")


def test_a_band_may_stand_without_a_value_and_a_row_lines_up_after_an_empty_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "\n,,,,,,,,\n" + ROW + ROW.replace("a,1,2", "b,9,2"))
    with pytest.raises(TargetError, match="row 5, column low"):
        read_targets(path)
    path.write_text("\ufeff" + HEAD + ROW)  # as spreadsheets save it
    (target,) = read_targets(path)
    assert (target.value, target.plan.users, target.base_plan) == (None, 2000, None)
