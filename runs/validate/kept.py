"""What was measured before, kept in the user's cache so that only what has changed is played again.

A job's figures are kept under a name made of everything that they depend on: the code and tables of
the model and of this instrument, the scenarios with their changes, the measures and the seed. A
file that cannot be read counts as not there; a cache that cannot be written is done without.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from runs.validate.play import Found, Job, plans_of

ROOT = Path(__file__).resolve().parents[2]
ENGINE = (
    "game", "turn", "seats", "recorder", "tables", "panel",
    "validate/grammar", "validate/frames", "validate/functions", "validate/quiet", "validate/play",
)  # fmt: skip
UNUSED_DAYS, DAY_S = 90, 86_400
MOST_BYTES = 200 * 2**20  # of all files together
KINDS = {".py", ".csv", ".toml"}


def folder() -> Path:
    """The user's cache of measured figures."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "entrepot" / "validate"


@cache
def code_digest() -> str:
    """SHA-256 over the files that a figure depends on, besides its scenario."""
    files = [path for room in ("world", "agents") for path in (ROOT / room).rglob("*")]
    files += [ROOT / "runs" / f"{name}.py" for name in ENGINE]
    total = hashlib.sha256(np.__version__.encode())
    for path in sorted(one for one in files if one.suffix in KINDS and one.is_file()):
        if path.parent.name != "scenarios":  # a scenario counts by its own digest
            total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def name_of(job: Job) -> str:
    """A name that changes with anything that the job's figures depend on."""
    parts = [code_digest(), str(job.seed), str(job.charts)]
    parts += [plan.digest for plan in plans_of(job.targets)]
    for target in job.targets:
        base = target.base_plan.digest if target.base_plan else ""
        band = f"{target.low!r} {target.high!r} {target.value!r}" if job.charts else ""
        parts += [target.id, target.plan.digest, base, target.measure, band]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def prune() -> None:
    """Lets figures go that nobody has asked for lately, and the oldest of more than may be kept."""
    files = []
    try:
        for path in folder().iterdir():
            if path.suffix in (".json", ".part"):
                told = path.stat()
                files.append((told.st_mtime, told.st_size, path))
    except OSError:
        return
    held, oldest = 0, time.time() - UNUSED_DAYS * DAY_S
    for used, size, path in sorted(files, reverse=True):
        held += size
        if held > MOST_BYTES or used < oldest:
            with suppress(OSError):  # another may have been quicker
                path.unlink()


def recall(job: Job) -> dict[str, Found] | None:
    """The figures of a job if they are kept."""
    path = folder() / f"{name_of(job)}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        with suppress(OSError):
            os.utime(path)  # it was used today
        found = {name: Found(**entry) for name, entry in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return found if set(found) == {target.id for target in job.targets} else None


def keep(job: Job, found: dict[str, Found]) -> None:
    """Keeps the figures of a job; written aside first, so that no half file ever stands there."""
    text = json.dumps({name: dataclasses.asdict(one) for name, one in found.items()})
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=folder(), suffix=".part", delete=False, encoding="utf-8"
        ) as stream:
            stream.write(text)
        os.replace(stream.name, folder() / f"{name_of(job)}.json")
    except OSError:
        return
