"""Why a run came out as it did: what each group of orders added, so that the steps add up.

The same luck is played with the recorded orders of actors added one group after another, in a
fixed order, to a world in which nobody orders. A step is the level with the group less the level
without it. So steps add up to the run by construction; what a group does when others have acted
is counted for the group that comes later, which is why the order stands with the figures.

Every branch begins in the first week, so what outlasts its cause lies in the step of its cause: an
order binds a week later, firms look at the week before, and a refusal lasts a quarter. The step of
one turn is that of the whole run read over its weeks (``over``), and carries nothing over.

The first step is what the coercer had in force when the run began: without it all its levers go
back to their defaults in the first week. What the time before has used up, stocks and trust, stays.
The first level holds what nobody ordered: the scenario's start, its disasters, what was injected,
and all that firms do of their own accord.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from runs.abreast import Hears, play_abreast
from runs.otherwise import Start
from runs.seats import HOLD, policy_named
from runs.tables import WEEKLY
from runs.told import event_of
from runs.turn import Act
from world.decisions import Order
from world.levers import (
    LADDER,
    LEVERS,
    full_name,
    get_lever,
    guess,
    indices,
    ladder,
    levers_of,
)
from world.reading import short

if TYPE_CHECKING:
    from runs.play import Play
    from world.scenario import Scenario
    from world.setting import Setting

Array = NDArray[np.float64]
Columns = dict[str, Array]  # (weeks, rows) of markets and of zones

IN_FORCE: Final = "in_force"
STEPS: Final = (
    IN_FORCE, "travel_and_goods", "export_ban", "threat", "hubs", "others", "contracts", "reserve",
)  # fmt: skip
TRAVEL_AND_GOODS = frozenset({"travel_advice", "culture_ban", "seafood_ban"})
RESERVE = frozenset({"stockpile_target_days", "stockpile_release"})
ANNOUNCEMENT = "announcement"
TABLES = ("markets", "zones")
KEPT_WORLDS = 16  # are remembered, some megabytes each


@dataclass(frozen=True)
class Step:
    """What one group of orders added; ``orders`` is how many there are, 0 adds exactly 0."""

    key: str  # one of STEPS
    actors: tuple[str, ...]
    orders: int
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, repr=False)
class Waterfall:
    """The level in a world in which nobody orders, the steps in their order, the run's own level.

    ``how`` says what a level is: the ``sum``, ``mean`` or ``last`` value of the weeks. ``levels``
    is (steps + 1, weeks played): row 0 without orders, row i with the first i groups.
    """

    zone: str
    measure: str
    unit: str
    material: str  # "" for a measure of the zone
    weeks: range
    how: str
    steps: tuple[Step, ...]
    levels: Array
    lucks: int = 1

    @property
    def start(self) -> float:
        return self.steps[0].before

    @property
    def end(self) -> float:
        return self.steps[-1].after

    def at(self, week: int) -> Waterfall:
        """The same of one week alone; nothing is played for it."""
        return self.over(range(week, week + 1))

    def over(self, weeks: range) -> Waterfall:
        """The same of other weeks; nothing is played for it. ValueError for weeks not played."""
        return replace(self, weeks=weeks, steps=_steps(self.steps, self.levels, weeks, self.how))

    def to_dict(self) -> dict[str, Any]:
        """For JSON: ``{zone, measure, unit, material, from_week, until, how, lucks, start, end,
        steps: [{key, actors, orders, change, before, after}]}``; a level may be NaN."""
        return {
            "zone": self.zone, "measure": self.measure, "unit": self.unit,
            "material": self.material, "from_week": self.weeks.start, "until": self.weeks.stop,
            "how": self.how, "lucks": self.lucks, "start": self.start, "end": self.end,
            "steps": [
                {
                    "key": one.key, "actors": list(one.actors), "orders": one.orders,
                    "change": one.change, "before": one.before, "after": one.after,
                }
                for one in self.steps
            ],
        }  # fmt: skip

    def __repr__(self) -> str:
        lines = [
            f"<Waterfall of {self.measure} in {self.zone}, {self.how} of weeks {self.weeks.start} "
            f"to {self.weeks.stop - 1}, {self.unit}>",
            f"  {'nobody orders':<18} {self.start:.4g}",
        ]
        lines += [f"  {one.key:<18} {one.change:+.4g}" for one in self.steps]
        return "\n".join([*lines, f"  {'the run':<18} {self.end:.4g}"])


def waterfall(
    game: Play,
    zone: str | None = None,
    measure: str = "gdp_loss_usd",
    material: str | None = None,
    weeks: range | None = None,
    watch: Callable[[int], None] | None = None,
) -> Waterfall:
    """Takes a played game apart by groups of orders; at most eight worlds, played side by side.

    ``zone`` is the target if left out, ``measure`` a column of the zones or markets table (of
    ``material``, that of the scenario's charts if left out), ``weeks`` all that were played.
    Groups, in this order (``STEPS``): what the coercer had in force when the run began; its bans
    on travel and goods that it ordered then; its export measures;
    its clause, threat and policing; hubs; all others, firms too; the zone's own contracts, floor
    and the rest; the zone's reserve. A group without orders is not played. Worlds are remembered
    by the digest of the run, so a second measure or other weeks cost nothing, and a second zone
    only the worlds that differ from those of the first. The game is left as it is. ``watch`` is
    called with the number of weeks played after each. ValueError for what there is not.
    """
    plan = game.plan
    zone = plan.target if zone is None else zone
    material = plan.options["material"] if material is None else material
    table = _table_of(measure)
    for name, known in ((zone, plan.zones), (material, plan.materials)):
        if name not in known:
            raise ValueError(f"{short(name)} is not in {plan.id}: {guess(str(name), known)}")
    if not game.week:
        raise ValueError("nothing has been played yet, so nothing has come about.")
    told = released(game) + heard(game, zone)
    groups = {key: [act.order for act, step in told if step == key and act.order] for key in STEPS}
    place = game.setting.zone_index[zone]
    if table == "markets":
        place += game.setting.Z * game.setting.material_index[material]
    levels = np.array([one[f"{table}.{measure}"][:, place] for one in _worlds(game, told, watch)])
    bare = tuple(
        Step(key, tuple(dict.fromkeys(o.actor for o in groups[key])), len(groups[key]), 0.0, 0.0)
        for key in STEPS
    )
    weeks = range(game.week) if weeks is None else weeks
    meaning = WEEKLY[table].values[measure]
    how = _how(meaning)
    return Waterfall(
        zone, measure, meaning.partition(";")[0], material if table == "markets" else "", weeks,
        how, _steps(bare, levels, weeks, how), levels,
    )  # fmt: skip


def _table_of(measure: str) -> str:
    for table in ("zones", "markets"):
        if measure in WEEKLY[table].always:
            return table
    known = [*WEEKLY["zones"].always, *WEEKLY["markets"].always]
    raise ValueError(f"{short(measure)} is no measure of a zone: {guess(str(measure), known)}")


def _how(meaning: str) -> str:
    """Flows of a week are added up, totals since the start are read at the end."""
    if "since the start" in meaning:
        return "last"
    return "sum" if meaning.startswith(("USD in the week", "t; ")) else "mean"


def _steps(steps: Sequence[Step], levels: Array, weeks: range, how: str) -> tuple[Step, ...]:
    played = levels.shape[1]
    if weeks.step != 1 or not 0 <= weeks.start < weeks.stop <= played:
        raise ValueError(
            f"weeks {weeks.start} to {weeks.stop - 1} are not among the {played} that were played."
        )
    totals = [_total(one[weeks.start : weeks.stop], how) for one in levels]
    return tuple(
        replace(one, before=before, after=after)
        for one, before, after in zip(steps, totals[:-1], totals[1:], strict=True)
    )


def _total(values: Array, how: str) -> float:
    """NaN where nothing is known."""
    known = [float(one) for one in values if np.isfinite(one)]
    if not known:
        return float("nan")
    if how == "last":
        return known[-1]
    return float(np.cumsum(known)[-1]) / (len(known) if how == "mean" else 1)


# --- who ordered what ---------------------------------------------------------------------------


def heard(game: Play, zone: str) -> list[tuple[Act, str]]:
    """What happened to a game and what was ordered in it, one lever at a time, in the order in
    which it came, each with the step that it belongs to; "" for what no order brought about."""
    setting = game.setting
    found = [(act, "") for act in game.acts if act.event is not None]
    for row in game.recorder.events:
        if row["kind"] == ANNOUNCEMENT and row["actor"] and "inject" not in row["data"]:
            act = Act(row["week"], row["actor"], event=event_of(row, row["data"]))
            found.append((act, step_of(setting, zone, act.actor, "ban_breadth")))
    for row in game.recorder.orders:
        if row["accepted"]:
            order = Order(
                row["week"], row["actor"], row["lever"], row["value"], row["by"], row["why"]
            )
            found += [
                (Act(piece.week, piece.actor, order=piece),
                 step_of(setting, zone, piece.actor, piece.lever))
                for piece in pieces(order)
            ]  # fmt: skip
    return found


def released(game: Play) -> list[tuple[Act, str]]:
    """Orders of the first week that would put the coercer's levers back to their defaults, where
    something else was in force; of the step ``IN_FORCE``, whose world is the one *without* them."""
    plan = game.plan
    regime = game.state_at(0)[0].regime
    found = []
    for lever in levers_of(plan, plan.coercer).values():
        for index in () if lever.name == LADDER else indices(plan, lever) or ("",):
            full = full_name(lever.name, index)
            if get_lever(regime, plan, plan.coercer, full)[0] != lever.default:
                order = Order(0, plan.coercer, full, lever.default, "script", IN_FORCE)
                found.append((Act(0, plan.coercer, order=order), IN_FORCE))
    return found


def pieces(order: Order) -> list[Order]:
    """An order as orders on single levers, as ``enact`` takes the ladder apart."""
    name, _, index = order.lever.partition(".")
    if name != LADDER:
        return [order]
    settings = ladder()[round(order.value)].settings
    return [
        replace(order, lever=full_name(part, index), value=float(value))
        for part, value in settings.items()
    ]


def step_of(setting: Setting, zone: str, actor: str, lever: str) -> str:
    """The step to which an order belongs."""
    plan, name = setting.scenario, lever.partition(".")[0]
    if actor == plan.coercer and _of_coercer(plan, name):
        if name in TRAVEL_AND_GOODS:
            return "travel_and_goods"
        return "threat" if LEVERS[name].group == "third countries" else "export_ban"
    if actor == zone:
        return "reserve" if name in RESERVE else "contracts"
    hubs = {plan.zones[z] for z in setting.hub_zones}
    return "hubs" if actor in hubs else "others"


def _of_coercer(plan: Scenario, name: str) -> bool:
    return any(lever.name == name for lever in levers_of(plan, plan.coercer).values())


# --- the worlds ---------------------------------------------------------------------------------

_memory: OrderedDict[tuple[str, ...], Columns] = OrderedDict()
_turn = threading.Lock()


def _worlds(
    game: Play, told: list[tuple[Act, str]], watch: Callable[[int], None] | None
) -> list[Columns]:
    """The world without orders, then those with one more group each; the last is the run.

    Only worlds are played that differ from all others and are not remembered: what the zones of a
    run have in common is played once.
    """
    # what takes a measure off is heard where its step is left out, all else where it is in
    hears = [
        np.array([(step in STEPS[n:]) == (step == IN_FORCE) for _, step in told], dtype=bool)
        for n in range(len(STEPS) + 1)
    ]
    run = (game.run_id, game.recorder.digest(), game.recorder.told_digest())
    keys = [(*run, one.tobytes().hex()) for one in hears]
    known = {keys[-1]: _recorded(game)}
    with _turn:
        known |= {key: _memory[key] for key in keys if key in _memory}
    missing = {key: one for key, one in zip(keys, hears, strict=True) if key not in known}
    if missing:
        known |= zip(missing, _played(game, told, list(missing.values()), watch), strict=True)
    with _turn:
        for key in keys[:-1]:
            _memory[key] = known[key]
            _memory.move_to_end(key)
        while len(_memory) > KEPT_WORLDS:
            _memory.popitem(last=False)
    return [known[key] for key in keys]


def quiet_start(game: Play) -> Start:
    """The game's first week with seats that give no orders of their own."""
    world, seats = game.state_at(0)
    quiet = seats.copy()
    quiet.playing = dict.fromkeys(quiet.playing, policy_named(HOLD))
    quiet.past = set()
    return Start(world, quiet)


def _played(
    game: Play, told: list[tuple[Act, str]], hears: list[Hears],
    watch: Callable[[int], None] | None,
) -> list[Columns]:  # fmt: skip
    """Columns of worlds, each of which hears a part of what was told."""
    acts = [(act, np.array([one[n] for one in hears])) for n, (act, _) in enumerate(told)]
    weeks: defaultdict[str, list[Array]] = defaultdict(list)
    for account in play_abreast(quiet_start(game), game.luck, acts, len(hears), game.week):
        for table in TABLES:
            for name, values in getattr(account, table).items():
                if name in WEEKLY[table].always:
                    weeks[f"{table}.{name}"].append(values.copy())
        if watch is not None:
            watch(account.week + 1)
    return [
        {name: np.array([week[n] for week in rows]) for name, rows in weeks.items()}
        for n in range(len(hears))
    ]


def _recorded(game: Play) -> Columns:
    return {
        f"{table}.{name}": game.recorder.array(table, name)
        for table in TABLES
        for name in WEEKLY[table].always
    }
