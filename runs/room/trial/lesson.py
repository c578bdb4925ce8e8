"""A whole lesson in front of a wall: the rehearsal of the guide, with browsers where people look.

    python -m runs.room.trial.lesson --people 30 --shots /tmp/lesson

As `runs.room.trial.rehearse`, and a wall of 1920x1080, the console and the phone of the first seat
stand open in a real browser all the while. → is pressed on the wall, as a teacher does. Each page
of it must come up with its `data-scene` and `data-step`, look otherwise than the page before, and
hold what its step promises; nothing of the reveal stands there before it; and no page throws.
Needs playwright and a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

from runs.printing.pdf import find_chromium
from runs.printing.plan import Step, class_plan
from runs.room.trial.client import running, tell
from runs.room.trial.hall import Hall
from runs.room.trial.rehearse import Missing, Rehearsal, report

PATIENCE_MS = 60_000
SIZES = {"wall": (1920, 1080), "console": (1440, 900), "phone": (390, 844)}
# What a part of the reveal draws.
DRAWN = {
    "deals": ".slip[data-deal]", "forecasts": "[data-question]", "scores": ".scores [data-seat]",
    "branch": "[data-reveal=branch]", "replay": ".curve svg",
}  # fmt: skip


class Lesson(Rehearsal):
    """A rehearsal that is looked at."""

    def __init__(self, chromium: Any, shots: Path | None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.chromium, self.shots = chromium, shots
        self.opened: dict[str, Any] = {}
        self.thrown: list[str] = []
        self.before = b""

    async def _open(self, name: str, where: str) -> None:
        width, height = SIZES[name]
        page = await self.chromium.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda fault: self.thrown.append(f"{name}: {fault}"))
        await page.goto(f"{self.address}/{where}")
        self.opened[name] = page

    async def _create(self, step: Step, act: dict[str, Any]) -> None:
        await super()._create(step, act)
        code, token = self.control.code, self.control.token
        await self._open("wall", f"projector#{code}.{self.wall.token}.{token}")
        await self._open("console", f"console#{code}.{token}")

    async def _join(self, step: Step) -> None:
        await super()._join(step)
        await self._open("phone", f"seat#{self.control.code}.{self.leads[0].token}")

    async def _press(self, step: Step) -> None:
        """The arrow key on the wall, and the room has gone on."""
        before = (await self._shown())["wall"]
        await self.opened["wall"].keyboard.press("ArrowRight")
        end = time.monotonic() + PATIENCE_MS / 1000
        while (await self._shown())["wall"] == before:
            if time.monotonic() > end:
                raise Missing(f"{step.id}: → on the wall leads nowhere from {before}")
            await asyncio.sleep(0.05)

    async def _came_up(self, step: Step, seen: dict[str, Any]) -> None:
        await super()._came_up(step, seen)
        wall, page = seen["wall"], self.opened["wall"]
        place = f".wall[data-scene={wall['scene']}][data-step='{wall['step']}']"
        await page.locator(place).wait_for()
        if part := wall["part"]:
            await page.locator(DRAWN[part]).first.wait_for()
        elif await page.locator(".wall[data-reveal]:not([data-reveal=''])").count():
            raise Missing(f"{step.id}: the reveal stands on the wall before it")
        name = f"{len(self.pages):02}-{step.id}-{self.pages[-1].replace(' ', '-')}.png"
        drawn = await page.screenshot()
        if drawn == self.before:
            raise Missing(f"{step.id}: the wall looks as before at {self.pages[-1]}")
        self.before = drawn
        if self.shots:
            (self.shots / name).write_bytes(drawn)
        if self.thrown:
            raise Missing(f"{step.id}: a page throws: {self.thrown[0]}")

    async def _branch(self, step: Step, act: dict[str, Any]) -> None:
        await super()._branch(step, act)
        await self.opened["wall"].locator("[data-reveal=branch] [data-usd]").first.wait_for()


async def lesson(
    address: str, people: int, users: int, shots: Path | None = None, language: str = "en"
) -> dict[str, Any]:
    """Plays the class before a wall; raises Missing."""
    from playwright.async_api import async_playwright

    began = time.monotonic()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        class_ = Lesson(chromium, shots, address, class_plan(), people, users, language)
        await class_.run()
        await chromium.close()
    return report(class_, began)


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays a whole lesson in front of a wall.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--language", default="en")
    parser.add_argument("--shots", type=Path, help="folder for a picture of each page of the wall")
    args = parser.parse_args()
    if args.shots:
        args.shots.mkdir(parents=True, exist_ok=True)
    with running(Hall) as hall:
        tell(asyncio.run(lesson(hall.address, args.people, args.users, args.shots, args.language)))


if __name__ == "__main__":
    main()
