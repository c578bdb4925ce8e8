"""The zip of a record may come from anybody: so much of it is unpacked, and nothing elsewhere."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from runs.recorder import RecordError
from runs.web.record import find_record
from runs.web.unpack import MB, MOST_FILES, MOST_MB

Fill = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go during the test."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def packed(folder: Path, path: Path, below: str = "run/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"{below}{file.name}")
    return path


@pytest.mark.parametrize("below", ["run/", ""])
def test_the_zip_of_a_record_is_found_as_the_folder_is(
    folder: Path, tmp_path: Path, temporary: Path, below: str
) -> None:
    name, found = find_record(packed(folder, tmp_path / "room.zip", below))
    assert name == "run room.zip"
    assert (found / "run.toml").read_bytes() == (folder / "run.toml").read_bytes()
    assert found.is_relative_to(temporary)


def bomb(archive: zipfile.ZipFile) -> None:
    for n in range(3):
        archive.writestr(f"run/{n}.parquet", bytes(100 * MB))


def many(archive: zipfile.ZipFile) -> None:
    for n in range(MOST_FILES + 1):
        archive.writestr(f"{n}.toml", "")


def climbing(archive: zipfile.ZipFile) -> None:
    archive.writestr("../../outside.toml", "x")


def absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr(zipfile.ZipInfo("/tmp/entrepot-outside.toml"), "x")


def with_drive(archive: zipfile.ZipFile) -> None:
    archive.writestr("C:\\outside.toml", "x")


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("run/run.toml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def no_run(archive: zipfile.ZipFile) -> None:
    archive.writestr("notes.toml", "x = 1")


def no_turn(archive: zipfile.ZipFile) -> None:
    archive.writestr("room.json", '{"room": "AAAAA"}')


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (bomb, f"is 300 MB unpacked; a record may have {MOST_MB} MB at most"),
        (many, f"holds {MOST_FILES + 1} files"),
        (climbing, "names a file outside of itself, '../../outside.toml'"),
        (absolute, "names a file outside of itself"),
        (with_drive, "names a file outside of itself"),
        (link, "holds a link, 'run/run.toml'"),
        (no_run, "holds no run"),
        (no_turn, "is the export of a room in which no turn was played"),
    ],
)
def test_a_zip_that_cannot_be_a_record_is_refused_and_leaves_nothing(
    tmp_path: Path, temporary: Path, fill: Fill, words: str
) -> None:
    path = tmp_path / "room.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RecordError) as problem:
        find_record(path)
    assert words in str(problem.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert not any(temporary.iterdir())


def test_a_file_that_is_larger_than_it_says_is_refused(tmp_path: Path, temporary: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run/zones.parquet", bytes(3 * MB))
    raw = body.getvalue().replace(struct.pack("<L", 3 * MB), struct.pack("<L", 10))
    (tmp_path / "room.zip").write_bytes(raw)
    with pytest.raises(RecordError, match=r"is larger than it says|is neither a run's folder"):
        find_record(tmp_path / "room.zip")
    assert not any(temporary.iterdir())


def test_a_damaged_zip_is_refused_and_leaves_nothing(
    folder: Path, tmp_path: Path, temporary: Path
) -> None:
    raw = packed(folder, tmp_path / "room.zip").read_bytes()
    for place in range(30, len(raw), len(raw) // 25):
        turned = bytes(255 - one for one in raw[place : place + 40])
        (tmp_path / "spoiled.zip").write_bytes(raw[:place] + turned + raw[place + 40 :])
        with contextlib.suppress(ValueError):
            _, found = find_record(tmp_path / "spoiled.zip")
            shutil.rmtree(found.parent)  # the damage is in a file that a replay does not read
        assert not any(temporary.iterdir())


def test_what_was_unpacked_is_gone_when_the_program_ends(folder: Path, tmp_path: Path) -> None:
    path, place = packed(folder, tmp_path / "room.zip"), tmp_path / "temporary"
    place.mkdir()
    code = (
        "import sys; from runs.web.record import find_record; "
        "print(find_record(sys.argv[1])[1].exists())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env={**os.environ, "TMPDIR": str(place)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "True"
    assert not any(place.iterdir())
