"""A sweep: its cells are plain runs, and whatever ends it, the same command goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from runs.cli import main
from runs.sweep import SweepError, make_sweep, spread

COMMON = ["--users", "200", "--weeks", "26"]
VARY = [
    "--vary", "CHN.enforcement=0:10:2", "--vary", "policies.CHN=china_maximal,hold",
    "--set", "KOR.hub_policing=0.1",
]  # fmt: skip
CELLS, RUNS, SEED = 4, 2, 5
ASK = ["sweep", "japan-2026", *VARY, *COMMON, "--runs", str(RUNS), "--seed", str(SEED)]
TABLES = ("cells.parquet", "summary.csv")
FILES = 4  # of a cell: its weeks in three tables, then the part that says it is whole

# ends its own process for good at the n-th renaming, before that file has its name
KILLED = """
import os, signal, sys
import runs.sweep_folder as folder
from runs.cli import main

left, rename = int(sys.argv[1]), os.replace
def replace(old, new):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(old, new)
folder.os.replace = replace
main(sys.argv[2:])
"""


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def parts(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "parts").glob("*/cells.parquet"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sweep, played in one go in one process."""
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    assert main([*ASK, "--out", str(folder), "--json"]) == 0
    return folder


def same(folder: Path, whole: Path) -> bool:
    return all((folder / name).read_bytes() == (whole / name).read_bytes() for name in TABLES)


def test_a_sweep_has_a_row_for_each_cell_and_seed(whole: Path) -> None:
    cells = pd.read_parquet(whole / "cells.parquet")
    assert cells["cell"].tolist() == [cell for cell in range(CELLS) for _ in range(RUNS)]
    assert cells["seed"].tolist() == [SEED, SEED + 1] * CELLS
    assert cells["CHN.enforcement"].tolist() == [0.0] * 4 + [10.0] * 4
    assert cells["policies.CHN"].tolist() == (["china_maximal"] * 2 + ["hold"] * 2) * 2
    # effort, luck and policy do matter: in half a year to what arrives rather than to output
    seen = list(zip(cells["gdp_loss_usd_total"], cells["price_mean"], strict=True))
    assert len({seen[0], seen[4], seen[5], seen[6]}) == 4
    summary = pd.read_csv(whole / "summary.csv")
    assert summary["cell"].tolist() == list(range(CELLS))
    first = cells[cells["cell"] == 0]
    for name in ("price_max", "gdp_loss_usd_total", "supply_JPN"):
        for band, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
            wanted = first[name].quantile(share)
            assert summary[f"{name}_{band}"][0] == pytest.approx(wanted, rel=1e-12)
    about = tomllib.loads((whole / "sweep.toml").read_text())
    assert about["vary"]["CHN.enforcement"] == [0.0, 10.0]
    assert (about["scenario"], about["runs"], about["users"]) == ("japan-2026", RUNS, 200)
    assert parts(whole) == [f"cell-{cell:06}" for cell in range(CELLS)]


def test_a_run_of_a_cell_is_the_run_alone(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = pd.read_parquet(whole / "cells.parquet")
    for row in (cells.iloc[1], cells.iloc[6]):
        code, text, _ = said(
            capsys, "run", "japan-2026", *COMMON, "--json", "--seed", str(row["seed"]),
            "--set", "KOR.hub_policing=0.1",
            "--set", f"CHN.enforcement={row['CHN.enforcement']}",
            "--set", f"policies.CHN={row['policies.CHN']}",
        )  # fmt: skip
        assert code == 0
        alone = json.loads(text)["summary"]
        gauges = alone.pop("gauges")
        alone |= {f"{g}_{seat}": v for seat, three in gauges.items() for g, v in three.items()}
        of_one_luck = [name for name in alone if name not in ("orders", "refusals")]
        assert {name: alone[name] for name in of_one_luck} == {
            name: None if pd.isna(row[name]) else row[name] for name in of_one_luck
        }
        # nothing in a row but the cell's place and what was measured
        assert set(row.index) - {"cell", "seed", "CHN.enforcement", "policies.CHN"} == set(
            of_one_luck
        )


@pytest.mark.parametrize(
    ("renaming", "jobs", "finished"),
    [(2, 1, 0), (2 + 2 * FILES + 1, 2, 2), (2 + CELLS * FILES + 1, 1, CELLS)],
    ids=["before it is written down", "among the cells", "before the table"],
)
def test_a_killed_sweep_goes_on_and_ends_as_if_nothing_had_been(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], renaming: int, jobs: int,
    finished: int,
) -> None:  # fmt: skip
    out = tmp_path / "sweep"
    ask = [*ASK, "--jobs", str(jobs), "--out", str(out), "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(renaming), *ask],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    # the pipes end with the last process that has them: none of them outlives the first
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    assert len(parts(out)) == finished
    assert list(out.rglob("*.tmp"))  # what was not finished
    code, text, err = said(capsys, *ask)
    assert (code, err) == (0, "")
    told = json.loads(text)
    assert told["done_before"] == finished
    assert same(out, whole)
    assert not list(out.rglob("*.tmp"))


def test_jobs_and_a_second_call_change_nothing(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    code, text, _ = said(capsys, *ASK, "--jobs", "2", "--out", str(out), "--json")
    told = json.loads(text)
    assert code == 0
    assert set(told) == {"out", "cells", "runs", "done_before", "digest"}
    assert (told["out"], told["cells"], told["runs"]) == (str(out), CELLS, RUNS)
    assert (told["done_before"], len(told["digest"])) == (0, 64)
    assert same(out, whole)
    again = json.loads(said(capsys, *ASK, "--out", str(out), "--json")[1])
    assert again == told | {"done_before": CELLS}
    assert same(out, whole)


def test_a_part_that_is_not_whole_is_made_again(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    shutil.copytree(whole / "parts", out / "parts")
    shutil.copy(whole / "sweep.toml", out)
    cut, flipped, moved, gone = (
        out / "parts" / name / "cells.parquet" for name in parts(out)[:4]
    )
    cut.write_bytes(cut.read_bytes()[:-200])
    data = bytearray(flipped.read_bytes())
    data[40] ^= 1
    flipped.write_bytes(data)
    moved.write_bytes(gone.read_bytes())
    gone.unlink()
    code, text, _ = said(capsys, *ASK, "--out", str(out), "--json")
    assert (code, json.loads(text)["done_before"]) == (0, CELLS - 4)
    assert same(out, whole)


def test_ctrl_c_leaves_a_folder_that_goes_on(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    # Ctrl-C comes before the second part is brought to its place, so that it always comes midway
    script = KILLED.replace("SIGKILL", "SIGINT")
    ask = [*ASK, "--jobs", "2", "--out", str(out)]
    script = script.replace("main(sys", "sys.exit(main(sys") + ")"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(2 + 2 * FILES), *ask],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    text, err = process.communicate(timeout=300)
    assert (process.returncode, text) == (130, "")
    assert err == (
        f"entrepot sweep: stopped after {len(parts(out))} of {CELLS} cells, which are kept in "
        f"{out}; the same command goes on from there.\n"
    )
    assert 1 <= len(parts(out)) < CELLS
    assert said(capsys, *ask)[0] == 0
    assert same(out, whole)


@pytest.mark.parametrize(
    "shell", [[], ["sh", "-c", 'trap \'\' INT; exec "$0" "$@"']], ids=["", "&"]
)
def test_a_terminal_sends_ctrl_c_to_all_processes_and_only_one_answers(
    tmp_path: Path, shell: list[str]
) -> None:
    out = tmp_path / "sweep"
    command = [
        *shell, sys.executable, "-m", "runs.cli", *ASK[:-4], "--runs", "50", "--jobs", "2",
        "--out", str(out),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (out / "sweep.toml").exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # while the others are still loading
    text, err = process.communicate(timeout=300)
    assert (process.returncode, text) == (130, "")
    assert len(err.splitlines()) == 1, err
    assert "stopped after 0 of 4 cells" in err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--set", "VNM.hub_policing=1"], "VNM.hub_policing is set there as nothing, and here as"),
        (["--vary", "VNM.hub_policing=0,1"], "VNM.hub_policing is varied there as nothing"),
        (["--runs", "3"], "runs is 2 there, and 3 here"),
        (["--seed", "6"], "seed is 5 there, and 6 here"),
        (["--weeks", "17"], "weeks is 26 there, and 17 here"),
        (["--users", "301"], "users is 200 there, and 301 here"),
    ],
)
def test_another_sweep_in_the_same_folder_is_refused(
    whole: Path, capsys: pytest.CaptureFixture[str], change: list[str], words: str
) -> None:
    before = {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()}
    code, out, err = said(capsys, *ASK, *change, "--out", str(whole))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert f"{whole} holds another sweep: {words}" in err
    assert before == {path: path.read_bytes() for path in whole.rglob("*") if path.is_file()}


def test_a_model_that_has_changed_is_noticed(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    out.mkdir()
    about = (whole / "sweep.toml").read_text()
    digest = tomllib.loads(about)["model_digest"]
    (out / "sweep.toml").write_text(about.replace(digest, "0" * 64))
    code, _, err = said(capsys, *ASK, "--out", str(out))
    assert code == 2
    assert "holds another sweep: code or tables of the model have changed since" in err
    (out / "sweep.toml").write_text(about[:100])
    code, _, err = said(capsys, *ASK, "--out", str(out))
    assert (code, len(err.splitlines())) == (2, 1)
    assert f"{out / 'sweep.toml'} is damaged" in err


def test_a_processor_with_other_instructions_is_noticed(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of a sweep here and half of it there would differ in last digits."""
    out = tmp_path / "sweep"
    out.mkdir()
    about = (whole / "sweep.toml").read_text()
    line = next(line for line in about.splitlines() if line.startswith("cpu_features"))
    (out / "sweep.toml").write_text(about.replace(line, line.replace("]", ', "SSE99"]')))
    code, _, err = said(capsys, *ASK, "--out", str(out))
    assert (code, len(err.splitlines())) == (2, 1)
    assert "holds another sweep: instructions that NumPy uses: SSE99 only there; choose" in err


def test_two_sweeps_do_not_share_a_folder(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from runs.sweep_folder import Folder

    grid = [("CHN.enforcement", "0:10:2"), ("policies.CHN", "china_maximal,hold")]
    fixed = {"KOR.hub_policing": 0.1, "users": 200, "weeks": 26}
    with Folder(whole, make_sweep("japan-2026", grid, fixed, RUNS, SEED)):
        code, _, err = said(capsys, *ASK, "--out", str(whole))
    assert code == 2
    assert f"another sweep is at work in {whole}; wait for it." in err


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        (["CHN.enforcment=0,1"], "did you mean enforcement?"),
        (["CHN.enforcement=0,50"], "must lie between 0 and 20 (effort), 50 was given."),
        (["CHN.enforcement=0:50:3"], "must lie between 0 and 20 (effort)"),
        (["CHN.enforcement=0,x"], "CHN.enforcement"),
        (["CHN.enforcement=0,,1"], "CHN.enforcement=0,,1: there is an empty value."),
        (["CHN.enforcement=1,1.0"], "CHN.enforcement=1,1.0: 1.0 stands there twice."),
        (["CHN.enforcement=0:10"], "a range is LOW:HIGH:COUNT, such as 0:10:11."),
        (["CHN.enforcement=0:x:3"], "a range is LOW:HIGH:COUNT, such as 0:10:11."),
        (["CHN.enforcement=10:0:3"], "the range is empty"),
        (["CHN.enforcement=0:nan:3"], "the range is empty"),
        (["CHN.enforcement=0:10:0"], "must be a whole number from 2 to 100000"),
        (["CHN.enforcement=0:10:2.5"], "must be a whole number from 2 to 100000"),
        (["CHN.enforcement=0:10:1e12"], "must be a whole number from 2 to 100000"),
        (["CHN.enforcement=0:10:6000"], "are 120000 runs, above the limit of 100000."),
        (["CHN.enforcement=0,1", "CHN.enforcement=2"], "CHN.enforcement is varied twice"),
        (["CHN.enforcement=0,1", "policies.KOR=hold,x"], "there is no policy 'x'"),
        (["users=60,0"], "users: must be greater than or equal to 1, not 0."),
        (["nothing"], "is not of the form NAME=VALUE"),
        ([], "the following arguments are required: --vary"),
    ],
)
def test_bad_grids_are_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, vary: list[str], words: str
) -> None:
    argv = [word for text in vary for word in ("--vary", text)]
    out = tmp_path / "sweep"
    code, text, err = said(capsys, "sweep", "japan-2026", *argv, "--out", str(out))
    assert (code, text, len(err.splitlines())) == (2, "", 1), err
    assert words in err
    assert not out.exists()


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--out", __file__], "is a file, and a sweep needs a folder"),
        (["--out", f"{__file__}/below"], "cannot be written: Not a directory."),
        (["--out", str(Path(__file__).parent)], "holds something else"),
        (["--out", ""], "the folder for the sweep has no name"),
        (["--out", "x", "--jobs", "0"], "is not a whole number of 1 or more"),
        (["--out", "x", "--runs", "0"], "is not a whole number of 1 or more"),
        (["--out", "x", "--set", "CHN.enforcement=1"], "CHN.enforcement is both set and varied"),
        ([], "the following arguments are required: --out"),
    ],
)
def test_bad_options_are_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    code, out, err = said(capsys, "sweep", "japan-2026", "--vary", "CHN.enforcement=0,1", *argv)
    assert (code, out, len(err.splitlines())) == (2, "", 1), err
    assert words in err


def test_a_combination_that_cannot_be_is_told_with_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents import warmup
    from world.facts import DataError

    build = warmup.build_world

    def fail(plan: object, **options: int) -> object:
        if plan.levers["CHN.enforcement"] == 2.0:  # type: ignore[attr-defined]
            raise DataError("these two do not go together.")
        return build(plan, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(warmup, "build_world", fail)
    ask = ["sweep", "japan-2026", "--vary", "CHN.enforcement=1,2", "--users", "60"]
    code, _, err = said(capsys, *ask, "--weeks", "1", "--runs", "1", "--out", str(tmp_path / "s"))
    assert code == 2
    assert err == ("entrepot sweep: cell 1 (CHN.enforcement=2.0): these two do not go together.\n")
    assert len(parts(tmp_path / "s")) == 1


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "sweep", "--help")
    assert (code, err) == (0, "")
    assert "example: entrepot sweep japan-2026" in out


def test_ranges_are_written_as_people_write_them() -> None:
    assert spread("x", "0:1:11") == tuple(i / 10 for i in range(11))
    assert spread("x", "0, 60,110") == (0.0, 60.0, 110.0)
    assert spread("x", "a,b") == ("a", "b")
    with pytest.raises(SweepError, match="nothing is varied"):
        make_sweep("japan-2026", [])
    with pytest.raises(SweepError, match="empty"):
        spread("x", "1:1:2")


def test_every_value_is_checked_before_anything_is_played() -> None:
    sweep = make_sweep(
        "japan-2026", [("CHN.enforcement", "1,2,3"), ("weeks", "4,5")], {"users": 60}, 1
    )
    assert [sweep.values(cell) for cell in (0, 1, 5)] == [
        {"CHN.enforcement": 1.0, "weeks": 4.0},
        {"CHN.enforcement": 1.0, "weeks": 5.0},
        {"CHN.enforcement": 3.0, "weeks": 5.0},
    ]
    assert sweep.plan(1).weeks == 5
