"""What a branch answers, in sentences: what would have been different, also that nothing would.

Levels are medians over the lucks, and a change is told only where lucks agree: branch less run is
taken luck by luck, and at least four of five must have its sign. Where nothing at all is different
the sentence says why, as far as the model knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.room.say import Say
from world.levers import LEVERS

Array = NDArray[np.float64]

LOSS = "gdp_loss_usd"
AGREE = 0.8  # of the lucks
CALM = 1.15  # of a price: below it nothing happened
CHANGED_PRICE, CHANGED_LOSS, STILL = 0.05, 0.01, 0.1  # shares of what was
LEAST_USD = 1e6  # of a loss that is worth a word
LEAST_POINTS, NO_LINE = 0.01, 0.005  # of lines that stand still
TO_PLANTS = ("floor_usd_per_kg", "project_subsidy")  # levers that pay a zone's own plants


class Both(NamedTuple):
    """A game and its branch: columns of the weeks from the fork on, each (weeks, rows, lucks)."""

    game: Any
    week: int
    set: Mapping[str, float]  # "ACTOR.lever[.INDEX]" -> value
    material: str
    zone: str
    was: Mapping[str, Array]
    now: Mapping[str, Array]
    idle: list[str]  # of the set, what stood at the same value in both worlds

    @property
    def z(self) -> int:
        return int(self.game.setting.zone_index[self.zone])

    @property
    def market(self) -> int:
        setting = self.game.setting
        return int(setting.material_index[self.material] * setting.Z + self.z)

    @property
    def weeks(self) -> int:
        return len(self.was["price"])

    def sums(self, name: str, row: int) -> tuple[Array, Array]:
        """Sums over the weeks by luck, as it was and in the branch."""
        was, now = (np.nan_to_num(one[name][:, row]).sum(axis=0) for one in (self.was, self.now))
        return was, now

    def peaks(self, name: str) -> tuple[Array, Array]:
        """Highest values by luck in the market that is looked at."""
        was, now = (
            np.nan_to_num(one[name][:, self.market]).max(axis=0) for one in (self.was, self.now)
        )
        return was, now


def told(both: Both) -> dict[str, Any]:
    """``title`` is the answer, ``says`` what else there is to it, ``lead`` the measure that the
    title speaks of; ``same`` where all is equal."""
    if all(np.array_equal(both.was[n], both.now[n], equal_nan=True) for n in both.was):
        return answer("price", Say("story.fork.same"), [reason(both)], same=True)
    found = {
        name: one
        for name, find in (("price", price), (LOSS, loss), ("stopped_line_share", stops))
        if (one := find(both)) is not None
    }
    changed = sorted((name for name in found if found[name][0] > 0), key=lambda n: -found[n][0])
    rest = [found[name][1] for name in changed[1:]]
    rest += [say for part, say in found.values() if not part]
    rest += elsewhere(both)
    if changed:
        return answer(changed[0], found[changed[0]][1], rest)
    if chance(both):
        return answer(LOSS, found[LOSS][1], rest[1:])
    about = {"good": both.material, "zone": both.zone}
    return answer("price", Say("story.fork.hardly", about), rest)


def answer(lead: str, title: Say, says: list[Say], same: bool = False) -> dict[str, Any]:
    return {"lead": lead, "title": title.row, "says": [one.row for one in says], "same": same}


Finding = tuple[float, Say]  # how large a part is different, and what to say of it


def median(values: Array) -> float:
    return float(np.median(values))


def agreed(change: Array) -> bool:
    """Whether the lucks agree on the direction."""
    sign = np.sign(median(change))
    return bool(sign) and float(np.mean(np.sign(change) == sign)) >= AGREE


def price(both: Both) -> Finding | None:
    """The highest price, where it is another, else the mean."""
    was, now = both.peaks("price")
    before, after = median(was), median(now)
    part = abs(after - before) / max(before, after, 1e-9)
    if part < CHANGED_PRICE or not agreed(now - was):
        return mean_price(both)
    values = {"good": both.material, "zone": both.zone, "times": after, "times_b": before}
    key = "calm" if after < CALM else "stir" if before < CALM else "peak"
    return part, Say(f"story.fork.price_{key}", values)


def mean_price(both: Both) -> Finding | None:
    """The price over all weeks, where its highest is the same."""
    was, now = both.sums("price", both.market)
    part = median((now - was) / was) if was.all() else 0.0
    if abs(part) < CHANGED_PRICE or not agreed(now - was):
        return None
    values = {"good": both.material, "zone": both.zone, "share": abs(part)}
    return abs(part), Say(f"story.fork.price_{'less' if part < 0 else 'more'}", values)


def loss(both: Both) -> Finding:
    """What the zone loses in the weeks after the fork."""
    was, now = both.sums(LOSS, both.z)
    before, after, change = median(was), median(now), now - was
    values: dict[str, Any] = {
        "zone": both.zone, "usd": after, "usd_b": before, "text_weeks": str(both.weeks)
    }
    part = abs(after - before) / max(abs(before), abs(after), 1e-9)
    if max(abs(before), abs(after)) < LEAST_USD:
        return 0.0, Say("story.fork.loss_none", values)
    if float(np.abs(change).max()) < max(LEAST_USD, CHANGED_LOSS * abs(before)):
        return 0.0, Say("story.fork.loss_same", values)
    if not agreed(change):
        low, high = np.quantile(change, (0.1, 0.9))
        values |= {"usd": max(-float(low), 0.0), "usd_b": max(float(high), 0.0)}
        return 0.0, Say("story.fork.loss_luck", {**values, "n": len(change)})
    less = median(change) < 0
    if part < STILL:
        key = "still_less" if less else "still_more"
        return part / 10, Say(f"story.fork.loss_{key}", {**values, "share": part})
    return part, Say(f"story.fork.loss_{'less' if less else 'more'}", values)


def chance(both: Both) -> bool:
    """Whether luck alone decides on a large part of the loss."""
    was, now = both.sums(LOSS, both.z)
    spread = float(np.abs(np.quantile(now - was, (0.1, 0.9))).max())
    return not agreed(now - was) and spread >= max(LEAST_USD, STILL * abs(median(was)))


def stops(both: Both) -> Finding | None:
    """The most lines that stand still, where they are more or fewer."""
    was, now = both.peaks("stopped_line_share")
    before, after = median(was), median(now)
    if abs(after - before) < LEAST_POINTS or not agreed(now - was):
        return None
    values = {"zone": both.zone, "whose": both.zone, "good": both.material, "share": after,
              "share_b": before}  # fmt: skip
    key = "none" if after < NO_LINE else "some"
    return abs(after - before) / 2, Say(f"story.fork.stops_{key}", values)


def elsewhere(both: Both) -> list[Say]:
    """The other zone whose loss changes most, if one does."""
    found = []
    for zone, row in both.game.setting.zone_index.items():
        was, now = both.sums(LOSS, row)
        change = median(now - was)
        if row != both.z and zone != "ROW" and agreed(now - was):
            found.append((abs(change), change, zone))
    usd, change, zone = max(found, default=(0.0, 0.0, ""))
    if usd < LEAST_USD:
        return []
    key = "less" if change < 0 else "more"
    return [Say(f"story.fork.elsewhere_{key}", {"zone": zone, "usd": usd})]


def reason(both: Both) -> Say:
    """Why nothing is different."""
    delays = [LEVERS[name.split(".")[1]].delay_weeks for name in both.set]
    if min(delays) >= both.weeks:
        return Say("story.fork.why_late", {"text_weeks": str(min(delays))})
    if len(both.idle) == len(both.set):
        return Say("story.fork.why_held")
    found = [
        why_nothing(both.game, both.week, *name.partition(".")[::2]) for name in both.set
    ]
    first = found[0]
    if first is not None and all(one == first for one in found):
        return first
    return Say("story.fork.why_unknown")


def why_nothing(game: Any, week: int, actor: str, full: str) -> Say | None:
    """Why one order of a week reaches nothing, where that is known."""
    name, _, index = full.partition(".")
    plan, lever = game.plan, LEVERS[name]
    about = {"zone": actor, "whose": actor}
    if actor not in plan.zones:
        return None
    row = game.setting.zone_index[actor]
    if name == "hub_policing" and actor not in plan.hubs:
        return Say("story.fork.why_no_hub", about)
    if name == "stockpile_release" and not _reserve(game, row)[week:].any():
        return Say("story.fork.why_reserve", about)
    if name in TO_PLANTS and not _has_plants(game, row, index):
        return Say("story.fork.why_plants", about)
    if lever.group == "diplomacy":
        return Say("story.fork.why_standing", about)
    return None


def _reserve(game: Any, row: int) -> Array:
    """Tonnes in the zone's public stocks, by week."""
    stock = np.nan_to_num(game.recorder.array("markets", "stockpile_t"))
    return np.asarray(stock[:, row :: game.setting.Z].sum(axis=1))


def _has_plants(game: Any, row: int, material: str) -> bool:
    """Whether the zone has a mine or plant of a material, or of any."""
    plants = game.setting.plants
    own = plants.zone == row
    if material:
        own &= plants.material == game.setting.material_index[material]
    return bool(own.any())
