"""PDF through a headless Chromium, where the machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runs.printing import PrintError

SHELL = "chromium-headless-shell"  # Debian's Chromium without a window: a quarter less work a page
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
         "microsoft-edge", "msedge")  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
SECONDS = 120


def find_chromium(with_window: bool = False) -> str | None:
    """A browser that draws pages and makes PDF: ``CHROMIUM``, one on the path, or at its usual
    place. ``with_window``: as people have it, which keeps pages that are left and comes back."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else [*([] if with_window else [SHELL]), *NAMES]
    found = [shutil.which(name) for name in names]
    found += [place for place in PLACES if not named and Path(place).is_file()]
    return next((one for one in found if one), None)


def to_pdf(files: Sequence[Path]) -> list[Path]:
    """A PDF beside each HTML file. Raises PrintError without a Chromium, or where it fails."""
    browser = find_chromium()
    if browser is None:
        raise PrintError(
            "There is no Chromium here to make PDF with: install one or name it in CHROMIUM; the "
            "HTML files print as they stand."
        )
    return [_print(browser, file) for file in files]


def _print(browser: str, file: Path) -> Path:
    out = file.with_suffix(".pdf")
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            browser, "--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={out}",
            file.resolve().as_uri(),
        ]  # fmt: skip
        if getattr(os, "geteuid", lambda: 1)() == 0:  # Chromium's sandbox does not start for root
            command.insert(1, "--no-sandbox")
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise PrintError(f"{browser} made no PDF of {file.name}: {problem}.") from problem
    if not out.is_file():
        raise PrintError(f"{browser} made no PDF of {file.name}.")
    return out
