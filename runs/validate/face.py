"""Would somebody who knows the case believe a run of `japan-2026`? A table over many lucks.

    python -m runs.validate.face --seeds 20 --jobs 2

plays the scenario twice: free, as it is shipped, and held, where the coercer does what is dated
and nothing else. Losses are summed over the first 13 or 52 weeks of the ban, in % of a year's GDP.
The bands are judgements from the record (NRI has .11 and .43% for three months and a year of a full
stop without stocks; Dy stood at about 910 $/kg in Europe in November 2025 against 240 before April;
how long such measures last: world/data/policy_terms.csv). Exits 1 where a line is outside its band.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.warmup import build_world
from runs.processes import in_processes
from runs.seats import HOLD, Seats
from runs.terminal import assignment
from runs.turn import play_week
from world.draws import Draws
from world.levers import ladder
from world.scenario import Scenario, load_scenario
from world.setting import Setting
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]

BATCH = 5  # lucks played together
QUARTER, YEAR = 13, 52
PARTS = ("minerals", "refused", "ladder")
Task = tuple[bool, int, int, dict[str, float]]  # held, first seed, seeds, changes


@dataclass
class Course:
    """What a batch of lucks left behind, one number per luck."""

    price: dict[str, Array] = field(default_factory=dict)  # of dysprosium at the start, by zone
    loss: dict[tuple[str, int, str], Array] = field(default_factory=dict)  # zone, weeks, part
    in_force: Array = field(default_factory=lambda: np.zeros(0))  # 1 a year after the ban
    ended: Array = field(default_factory=lambda: np.zeros(0))  # week of the ban, inf if never
    conceded: Array = field(default_factory=lambda: np.zeros(0))  # 1 if the target ever did
    first: list[str] = field(default_factory=list)  # material whose lines stop first in the target
    cover: dict[str, float] = field(default_factory=dict)  # weeks at the start in the target


def ban_week(plan: Scenario) -> int:
    """The week in which the dated ban on the target begins."""
    steps = [act for act in plan.history if act.lever == f"rung.{plan.target}"]
    return next(act.week for act in steps if ladder()[round(act.value)].settings["ban_breadth"])


def play(task: Task) -> Course:
    """A batch of lucks to a year after the ban, and on to the end for the date of its end."""
    held, seed, count, set_to = task
    changes: dict[str, float | str] = dict(set_to)
    if held:
        changes["policies.CHN"] = HOLD
    plan = load_scenario("japan-2026", changes)
    world, draws, seats = build_world(plan, replicates=count), Draws(seed, count), Seats(plan)
    begin, course = ban_week(plan), Course()
    lost = {(z, w, p): np.zeros(count) for z in ("JPN", "KOR") for w in (QUARTER, YEAR)
            for p in ("all", *PARTS)}  # fmt: skip
    first = np.full(count, "", dtype=object)
    ended, conceded = np.full(count, np.inf), np.zeros(count)
    for week in range(begin + YEAR if held else plan.weeks):
        if not week:
            course.price = {z: world.markets.price[:, dy(world, z)].copy() for z in ("EUU", "JPN")}
            course.cover = cover(world)
        book = play_week(world, draws, seats).account
        for zone in ("JPN", "KOR"):
            split = parts_of(world, book.zones, zone)
            for span in (QUARTER, YEAR):
                if begin <= week < begin + span:
                    for name, share in split.items():
                        lost[zone, span, name] += 100.0 * share / YEAR
        stopped(world, first, book.markets["stopped_line_share"])
        off = breadth(world) <= 0
        over = (week > begin) & off & np.isinf(ended)
        ended[over] = week - begin
        conceded = np.maximum(conceded, world.regime["concession"][:, target(world), 0] > 0)
        if week == begin + YEAR - 1:
            course.in_force = (~off).astype(float)
    course.loss, course.first = lost, list(first)
    course.ended, course.conceded = ended, conceded
    return course


def target(world: World) -> int:
    return world.setting.target


def dy(world: World, zone: str) -> int:
    setting = world.setting
    return setting.material_index["dy_oxide"] * setting.Z + setting.zone_index[zone]


def breadth(world: World) -> Array:
    """(R,) breadth of the ban on the target."""
    setting = world.setting
    return np.asarray(world.regime["ban_breadth"][:, setting.coercer, setting.target])


def cover(world: World) -> dict[str, float]:
    """Weeks of cover of the target's industrial users and plants by material."""
    setting = world.setting
    held = world.users.stock[0, 0] + world.users.stock[0, 1]
    held[setting.users.reserve] = 0.0
    stock = setting.user_markets.sum(held)
    weeks = np.divide(stock, setting.base_need, out=np.full_like(stock, np.inf),
                      where=setting.lines_need > 0)  # fmt: skip
    grid = weeks.reshape(setting.M, setting.Z)[:, setting.target]
    return {name: float(grid[m]) for name, m in setting.material_index.items()}


def parts_of(world: World, zones: dict[str, Array], zone: str) -> dict[str, Array]:
    """(R,) loss of the week as a share of GDP: all of it, and by where it comes from."""
    setting = world.setting
    z = setting.zone_index[zone]
    risk = float(at_risk(setting)[z] / setting.gdp[z])
    whole = zones["gdp_loss_share"][:, z]
    minerals = zones["output_loss"][:, z] * risk
    goods = world.zones.goods_loss[:, z]
    rest = whole - minerals - goods
    return {"all": whole, "minerals": minerals, "refused": goods, "ladder": rest}


def at_risk(setting: Setting) -> Array:
    return np.asarray(add_up(setting.at_risk.reshape(setting.M, setting.Z), axis=-2))


def stopped(world: World, first: NDArray[np.object_], share: Array) -> None:
    """Notes the material of which most lines stand still in the target, once any do."""
    setting = world.setting
    grid = share.reshape(-1, setting.M, setting.Z)[:, :, setting.target].copy()
    grid[:, setting.lines_need.reshape(setting.M, setting.Z)[:, setting.target] <= 0] = 0.0
    names = list(setting.material_index)
    for luck in np.flatnonzero((grid.max(axis=1) > 0) & (first == "")):
        first[luck] = names[int(grid[luck].argmax())]


@dataclass(frozen=True)
class Line:
    """A row of the table: what, the median or share, the spread, and the band it should be in."""

    name: str
    value: float
    low: float
    high: float
    band: tuple[float, float] | None = None

    @property
    def inside(self) -> bool:
        return self.band is None or self.band[0] <= self.value <= self.band[1]


def line(name: str, values: Array, band: tuple[float, float] | None = None) -> Line:
    low, middle, high = np.percentile(values, (10, 50, 90))
    return Line(name, float(middle), float(low), float(high), band)


def share(name: str, values: NDArray[Any], band: tuple[float, float] | None = None) -> Line:
    mean = float(np.mean(values))
    return Line(name, mean, mean, mean, band)


def table(free: Course, held: Course) -> list[Line]:
    """The rows, the same for both ways to play where both have them."""
    rows = [
        line("Dy price at the start, Europe, x base", free.price["EUU"], (3.0, 4.0)),
        line("Dy price at the start, Japan, x base", free.price["JPN"]),
    ]
    for name, course in (("held", held), ("free", free)):
        quarter, year = (course.loss["JPN", span, "all"] for span in (QUARTER, YEAR))
        rows += [
            line(f"{name}: Japan's loss, 13 weeks of the ban, % of GDP", quarter, (0.03, 0.15)),
            line(f"{name}: Japan's loss, 52 weeks of the ban, % of GDP", year,
                 (0.15, 0.6) if course is held else None),
        ]  # fmt: skip
        for part in PARTS:
            within = course.loss["JPN", YEAR, part] / year
            want = (0.5, 1.0) if part == "minerals" else None
            rows.append(line(f"{name}: part of it, {part}", within, want))
        korea = course.loss["KOR", YEAR, "all"]
        rows.append(line(f"{name}: Korea's loss, 52 weeks, % of GDP", korea))
        rows.append(share(f"{name}: lucks in which Japan loses more", year > korea, (0.8, 1.0)))
    over = np.where(np.isinf(free.ended), 1e9, free.ended)
    return [
        *rows,
        share("free: ban in force after a year", free.in_force, (0.3, 0.8)),
        share("free: ban in force at the end", np.isinf(free.ended)),
        share("free: Japan concedes", free.conceded),
        line("free: weeks of the ban until it ends (1e9: never)", over),
    ]  # fmt: skip


def joined(courses: Sequence[Course]) -> Course:
    """Batches as one."""
    one = courses[0]
    return Course(
        price={z: np.concatenate([c.price[z] for c in courses]) for z in one.price},
        loss={key: np.concatenate([c.loss[key] for c in courses]) for key in one.loss},
        in_force=np.concatenate([c.in_force for c in courses]),
        ended=np.concatenate([c.ended for c in courses]),
        conceded=np.concatenate([c.conceded for c in courses]),
        first=[name for c in courses for name in c.first], cover=one.cover,
    )  # fmt: skip


def measure(
    seeds: int, users: int, jobs: int = 1, seed: int = 1, set_to: Mapping[str, float] | None = None
) -> tuple[Course, Course]:
    """(free, held) over so many lucks from `seed` on, with parameters of the model set."""
    changes = {"users": float(users), **(set_to or {})}
    starts = range(seed, seed + seeds, BATCH)
    tasks = [
        (held, s, min(BATCH, seed + seeds - s), changes) for held in (False, True) for s in starts
    ]
    done: dict[tuple[bool, int], Course] = {}
    in_processes(play, tasks, jobs, lambda task, made: done.__setitem__(task[:2], made))
    free, held = ([done[way, s] for s in starts] for way in (False, True))
    return joined(free), joined(held)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--set", type=assignment, action="append", default=[], metavar="NAME=VALUE",
        help="parameters.NAME=VALUE; may be repeated",
    )  # fmt: skip
    wanted = parser.parse_args(argv)
    set_to = {f"parameters.{name}": float(value) for name, value in wanted.set}
    free, held = measure(wanted.seeds, wanted.users, wanted.jobs, set_to=set_to)
    rows = table(free, held)
    for row in rows:
        band = f"{row.band[0]:g} to {row.band[1]:g}" if row.band else ""
        sign = "" if row.band is None else "ok" if row.inside else "OUT"
        spread = f"[{row.low:.3g}, {row.high:.3g}]"
        print(f"{row.name:56s} {row.value:9.3g}  {spread:20s} {band:12s} {sign}")
    for name, course in (("free", free), ("held", held)):
        kinds = sorted(set(course.first), key=course.first.count, reverse=True)
        said = ", ".join(f"{kind or 'none'} {course.first.count(kind)}" for kind in kinds)
        print(f"{name}: first lines to stop in Japan: {said}")
    thin = sorted((weeks, name) for name, weeks in held.cover.items() if np.isfinite(weeks))
    print("weeks of cover at the start: " + ", ".join(f"{n} {w:.1f}" for w, n in thin))
    return 0 if all(row.inside for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
