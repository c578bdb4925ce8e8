"""Unpacking the zip of a record, which may come from anybody: so much, and nothing outside."""

from __future__ import annotations

import atexit
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from runs.recorder import RecordError

MOST_FILES = 200
MOST_MB = 256  # of all files together, unpacked
MB = 2**20
NEEDED = frozenset({".toml", ".parquet", ".json"})  # tables in CSV and pages to read stay packed
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError
)  # fmt: skip


def unpacked(path: Path) -> Path:
    """The zip's files in a folder of their own, which is gone when the program ends.

    Raises RecordError for what is no zip, is damaged, is too large or names files elsewhere; then
    nothing stays behind.
    """
    home = Path(tempfile.mkdtemp(prefix="entrepot-"))
    try:
        with zipfile.ZipFile(path) as archive:
            for info in wanted(path, archive.infolist()):
                extract(path, archive, info, home)
    except RecordError:
        shutil.rmtree(home, ignore_errors=True)
        raise
    except DAMAGED as problem:
        shutil.rmtree(home, ignore_errors=True)
        raise RecordError(f"{path} is neither a run's folder nor the zip of a room.") from problem
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def wanted(path: Path, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries that a record needs, by what they say of themselves; raises RecordError."""
    if len(entries) > MOST_FILES:
        raise RecordError(f"{path} holds {len(entries)} files; a record has {MOST_FILES} at most.")
    told = sum(entry.file_size for entry in entries)
    if told > MOST_MB * MB:
        raise RecordError(
            f"{path} is {told // MB} MB unpacked; a record may have {MOST_MB} MB at most."
        )
    names = set()
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in entry.filename:
            raise RecordError(f"{path} names a file outside of itself, {entry.filename!r}.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RecordError(f"{path} holds a link, {entry.filename!r}; a record holds files.")
        if name in names:
            raise RecordError(f"{path} holds {entry.filename!r} twice.")
        names.add(name)
    files = [entry for entry in entries if not entry.is_dir()]
    return [one for one in files if PurePosixPath(one.filename).suffix in NEEDED]


def extract(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, home: Path) -> None:
    """Writes one file below ``home``; raises RecordError where it is larger than it says."""
    target = home.joinpath(*PurePosixPath(entry.filename).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as source, target.open("xb") as sink:
        while block := source.read(MB):
            left -= len(block)
            if left < 0:
                raise RecordError(f"{path}: {entry.filename!r} is larger than it says.")
            sink.write(block)
