"""Orders files as spreadsheets write them, and what is refused with the line an editor shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from runs.orders_file import OrdersError, read_orders
from world.facts import DATA_FOLDER, SCHEMAS, DataError, load_facts
from world.levers import TableError
from world.reading import read_rows
from world.scenario import Scenario, load_scenario

HEAD = "week,actor,lever,value,why\n"
ROW = "1,KOR,hub_policing,0.8,because\n"


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario("gallium-2023")


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "orders.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


SEMICOLONS = "week;actor;lever;value;why\r\n1;KOR;hub_policing;0,8;because\r\n"
TABS = SEMICOLONS.replace(";", "\t")


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW,
        (HEAD + ROW).encode("utf-8-sig"),
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).replace("\n", "\r"),
        SEMICOLONS,
        "sep=;\r\n" + SEMICOLONS,
        TABS.encode("utf-16"),
        TABS.encode("utf-16-be").join([b"\xfe\xff", b""]),
        SEMICOLONS.replace("0,8", "0.8"),
        TABS.replace("0,8", "0,800"),
        HEAD + ROW + ",,,,\n,,,,\n\n\n",
        HEAD.replace("\n", ",,\n") + ROW.replace("\n", ",,\n") + ",,,,,,\n",
        "\n,,,,\n" + HEAD + "\n" + ROW,
        '"week","actor","lever","value","why"\n"1","KOR","hub_policing","0.8","because"\n',
    ],
    ids=range(14),
)
def test_a_file_is_read_as_spreadsheets_write_it(
    plan: Scenario, tmp_path: Path, content: str | bytes
) -> None:
    (order,) = read_orders(written(tmp_path, content), plan)
    assert (order.week, order.actor, order.value, order.why) == (1, "KOR", 0.8, "because")


OPEN = "the quotation mark that opens a cell here has no partner"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + '1,KOR,hub_policing,0.8,"first\n2,JPN,origin_tracing,0.5,x\n', f"row 2: {OPEN}"),
        (HEAD + ROW + '\n2,KOR,hub_policing,0.8,"a\nb"\n3,KOR,"hub\n_policing\n', f"row 6: {OPEN}"),
        (HEAD + '1,KOR,"hub_policing"x,0.8,a\n', f"row 2: {OPEN}"),
        (HEAD + "1,KOR,hub_policing,0,8\n", "row 2, column why: '8' is a number and no reason"),
        (HEAD + "1,KOR,hub_policing,0,8,because\n", "row 2 has 6 fields and the header only 5"),
        ("week,actor,lever,value\n1,KOR,hub_policing,0,8\n", "row 2 has 5 fields and the header"),
        (HEAD + ROW + "\n\n5,KOR,hub_policing,9,x\n", "row 5: hub_policing of KOR must"),
        (HEAD + '1,KOR,hub_policing,1,"a\nb\nc"\n5,KOR,hub_policing,9,x\n', "row 5: hub_policing"),
        (HEAD + "1,KOR,hub_policing,0.8\n", "row 2 has 4 fields instead of 5"),
        (SEMICOLONS.replace("0,8", "1,000"), "'1,000' may be a decimal number or thousands"),
        (SEMICOLONS.replace("0,8", "1.000,5"), "'1.000,5' is not a number"),
        ((HEAD + ROW + "1,KOR,hub_policing,0.8,한국\n").encode("cp949"), "row 3: it is not text"),
        ((HEAD + ROW).encode("utf-16-le"), "row 1: it is not text in UTF-8"),
        ("week,week,actor,lever,value\n", "has two columns week"),
        (HEAD + "1e400,KOR,hub_policing,0.8,x\n", "row 2, column week: '1e400' is not a number"),
        (HEAD + ROW + "78,KOR,hub_policing,0.8,x\n",
         "row 3: week 78 lies after the last week of the run, 77."),
        (HEAD + "-1e30,KOR,hub_policing,0.8,x\n", "row 2: hub_policing of KOR is ordered for week"),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_line(
    plan: Scenario, tmp_path: Path, content: str | bytes, words: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises((OrdersError, TableError)) as problem:
        read_orders(path, plan)
    said = str(problem.value)
    assert words in said
    assert said.startswith(str(path))
    assert "\n" not in said


def test_the_projects_own_tables_are_read_alike(tmp_path: Path) -> None:
    for name in SCHEMAS:
        shutil.copy(DATA_FOLDER / f"{name}.csv", tmp_path)
    path = tmp_path / "recipes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(3, '"open, and never closed')
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=rf"recipes\.csv, row 4, .*{OPEN}"):
        load_facts(tmp_path)
    table = tmp_path / "table.csv"
    table.write_text('a,b\n1,"x\ny"\n\n3\n')
    with pytest.raises(TableError, match="row 5 has 1 fields instead of 2"):
        read_rows(table, ("a",))
