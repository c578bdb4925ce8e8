"""The README's pictures, made anew, and what the pressed questions of the watch page answered.

    python -m runs.room.trial.pictures --out docs

plays `japan-2026` with seed 1, and takes the first screen in one week of the crisis, why the target
lost beside the questions, and one picture for each question of the tour: a press, the answer of
the page. The answers are printed too, so that the README says what the page says. Then a seat and
the wall of a class in its second turn, and the review of a game that is over. Needs playwright and
a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runs.printing.pdf import find_chromium
from runs.room.trial.access import Home
from runs.room.trial.client import Server
from runs.room.trial.opening import App

WEEK = 24  # of the first screen: traders are caught while lines stand still
PATIENCE_MS = 300_000
ASKED = ("first", "floor", "origin")  # answered by the run as it is
ZONE = "KOR"
STEPS = "[data-figure=why] svg >> nth=0"
STANDS = {  # what a page of a class is waited for
    "alone": "[data-part=six] .lever", "wall": "[data-scene=situation] .map",
    "review": "[data-state=done] .verdict",
}  # fmt: skip


def take(server: Server, out: Path) -> Iterator[tuple[str, str]]:
    """Names of the pictures, each with the sentence that stands on it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = chromium.new_page(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce", color_scheme="light"
        )
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server.address}/?scenario=japan-2026&seed=1&week={WEEK}")
        page.locator("[data-part=lead]").wait_for()
        page.locator("[data-show=ahead]").wait_for(state="detached")
        page.screenshot(path=out / "watch.png")
        yield "watch", page.locator("[data-part=headline] h1").inner_text()
        page.set_viewport_size({"width": 1440, "height": 2400})  # no bar over what is taken
        yield from _why(page, out)
        fork = page.locator("[data-part=fork]")
        for name in ASKED:
            button = fork.locator(f"[data-ask^={name}]").first
            button.click()
            yield _shot(fork, out, name), _joined(button, fork.locator("[data-show=answer]"))
        button = fork.locator(f"[data-question='{_place(page)}']")
        button.click()
        fork.locator("[data-show=doing]").wait_for(state="detached")
        says = fork.locator("[data-show=fork-says]")
        says.wait_for()
        yield _shot(fork, out, "policed"), _joined(button, says)
        yield from of_class(page, server, out)
        chromium.close()


def of_class(page: Any, server: Server, out: Path) -> Iterator[tuple[str, str]]:
    """A seat and the wall in the second turn of a class, and the review of another game."""
    home = Home(server.address, "en")
    for name, width, height, door in (
        ("alone", 1440, 900, home.door("/seat", "seat_token")),
        ("wall", 1920, 1080, home.door("/projector", "projector_token")),
        ("review", 1440, 900, home.door("/review", "seat_token", over=True)),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{server.address}{door}")
        page.locator(STANDS[name]).first.wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=out / f"{name}.png")
        yield name, page.locator("h1, h2").first.inner_text()


def _why(page: Any, out: Path) -> Iterator[tuple[str, str]]:
    """Why the target lost, beside the questions; then another zone by one press."""
    why = page.locator("[data-part=why]")
    why.locator(STEPS).wait_for()  # steps, not the bars of others beside them
    row = why.locator("xpath=..")
    row.screenshot(path=out / "why.png")
    yield "why", " ".join(why.locator("h2, .sub").all_inner_texts())
    button = why.locator(f"[data-why={ZONE}]")
    button.click()
    page.wait_for_function(
        """(zone) => document.querySelector(`[data-part=why] [data-why=${zone}]`)
            ?.getAttribute("aria-pressed") === "true"
            && document.querySelector("[data-part=why] [data-figure=why]")""",
        arg=ZONE,
    )
    yield _shot(why, out, "korea"), " ".join(why.locator("h2, .sub").all_inner_texts())


def _place(page: Any) -> int:
    """Where the ready question stands that has Korea police its traders."""
    texts = page.locator("[data-question]").all_inner_texts()
    return next(k for k, text in enumerate(texts) if text.startswith("Korea had policed"))


def _shot(part: Any, out: Path, name: str) -> str:
    part.screenshot(path=out / "tour" / f"{name}.png")
    return f"tour/{name}"


def _joined(button: Any, answer: Any) -> str:
    return f"{button.inner_text()} {answer.inner_text()}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the README's pictures.")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    args = parser.parse_args()
    try:
        (args.out / "tour").mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        sys.exit(f"{args.out} cannot be written to: {problem.strerror}.")
    with tempfile.TemporaryDirectory() as folder, App(Path(folder) / "rooms.db") as server:
        for name, said in take(server, args.out):
            print(f"{name}: {said}", flush=True)


if __name__ == "__main__":
    main()
