"""From the tables of a scenario file to a scenario: figures, levers, dated acts and events.

What depends on the tables of levers, parameters and kinds of events is checked here against those
tables. A figure is a number or a table {value, unit, source, note}, whose unit must be the one of
the table that the figure belongs to. Every message starts with the path of the key.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from world.allowances import check_allowances
from world.cases import unfounded
from world.decisions import HISTORY, Order
from world.events import Event, event_fault
from world.levers import (
    LADDER,
    LEVERS,
    TableError,
    full_name,
    guess,
    indices,
    ladder,
    levers_of,
    name_fault,
    value_fault,
)
from world.parameters import load_parameters
from world.scenario import Scenario, SetValue
from world.scenario_firms import read_firms
from world.scenario_form import (
    Code,
    ScenarioFile,
    check_names,
    fail,
    figure,
    in_variant,
    known_codes,
    named_levers,
    number_of,
    parsed,
    week_of,
)
from world.scenario_questions import read_questions

FIXED = ("id", "version", "title", "summary")  # name a scenario; not for `set`

Kind = Literal["key", "lever", "parameter", "share", "policy"]


class Target(NamedTuple):
    """What one ``set`` target points at: its kind and the parts of its name."""

    kind: Kind
    parts: tuple[str, ...]


def build(raw: Mapping[str, Any], changes: Mapping[str, SetValue]) -> Scenario:
    """The resolved scenario; raises ScenarioError with the path of the first wrong key."""
    targets = {text: target_of(text, raw) for text in changes}
    tables = dict(raw)
    for text, target in targets.items():
        if target.kind == "key":
            tables[target.parts[0]] = key_value(text, target.parts[0], changes[text])
    file = parsed(tables)
    check_names(file)
    if file.allowance:
        check_purses(file.zones)
    bare = skeleton(file, raw, changes)
    chosen = {kind: {} for kind in ("lever", "parameter", "share", "policy")}  # type: dict[str, dict[str, SetValue]]
    for text, target in targets.items():
        if target.kind != "key":
            chosen[target.kind][".".join(target.parts)] = changes[text]
    values = vars(bare) | {
        "parameters": parameters(file, chosen["parameter"]),
        "china_share": shares(file, chosen["share"]),
        "levers": levers(file, bare, chosen["lever"]),
        "policies": file.policies | policies(file, bare, chosen["policy"]),
    }
    scenario = Scenario(**values | {"held": tuple(sorted(chosen["lever"]))})
    orders, announcements = history(file, scenario)
    happenings = tuple(sorted((*events(file, scenario), *announcements), key=lambda e: e.week))
    dated: dict[str, Any] = {
        "before": tuple(order for order in orders if order.week < 0),
        "history": tuple(order for order in orders if order.week >= 0),
        "before_events": tuple(event for event in happenings if event.week < 0),
        "events": tuple(event for event in happenings if event.week >= 0),
    }
    dated["questions"] = tuple(read_questions(file, scenario))
    whole = Scenario(**vars(scenario) | dated)
    if fault := unfounded(whole):
        raise fail(*fault)
    return whole


def check_purses(zones: Iterable[str]) -> None:
    """Raises ScenarioError for the first zone without a row of the table of allowances."""
    try:
        check_allowances(zones)
    except TableError as fault:
        raise fail("allowance", str(fault)) from None


def skeleton(
    file: ScenarioFile, raw: Mapping[str, Any], changes: Mapping[str, SetValue]
) -> Scenario:
    """The scenario without what needs the tables; enough to look up actors, levers, materials."""
    return Scenario(
        id=file.id, version=file.version, title=file.title, summary=file.summary,
        start=file.start, warmup_from=file.warmup_from, weeks=file.weeks,
        population=file.population, users=file.users,
        materials=tuple(file.materials), zones=tuple(file.zones), hubs=tuple(file.hubs),
        coercer=file.coercer, target=file.target, policies={}, history=(), events=(),
        parameters={}, china_share={}, levers={}, held=(),
        frozen_projects=file.frozen_projects, states_hold=file.states_hold,
        follow_history=file.follow_history, losses=file.losses,
        network_firms=file.network_firms, network_seed=file.network_seed,
        options={
            "material": file.chart.material or file.materials[0],
            "zone": file.chart.zone or file.target,
        },
        variant=file.variant, variants=file.variants, overrides=dict(changes), source=dict(raw),
        firms=read_firms(file),
        allowance=file.allowance,
        affiliates=tuple((m, hub) for m, _, hub in (a.partition(".") for a in file.affiliates)),
    )  # fmt: skip


def target_of(text: str, raw: Mapping[str, Any]) -> Target:
    """What a ``set`` target means; levers are told from keys by the code of the actor in front."""
    head, _, rest = text.partition(".")
    if rest and head == "parameters":
        return Target("parameter", (rest,))
    if rest and head == "china_share":
        return Target("share", (rest,))
    if rest and head == "policies":
        return Target("policy", (rest,))
    if rest:
        return Target("lever", (text,))
    simple = [
        name
        for name, entry in ScenarioFile.model_fields.items()
        if entry.annotation in (str, int, bool, datetime.date, Code) and name not in FIXED
    ]
    if head not in simple:
        raise fail(text, f"is no key that can be set: {guess(text, simple)}")
    return Target("key", (head,))


def key_value(path: str, key: str, value: SetValue) -> Any:
    """A value from the command line in the type of its scenario key."""
    kind = ScenarioFile.model_fields[key].annotation
    text = str(value)
    if kind is bool:
        words = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
        if text.lower() not in words:
            raise fail(path, f"must be true or false, not {text!r}.")
        return words[text.lower()]
    if kind is int:
        number = number_of(path, value)
        if number != round(number):
            raise fail(path, f"must be a whole number, not {text}.")
        return int(number)
    if kind is datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise fail(path, f"must be a date such as 2025-11-03, not {text!r}.") from None
    return text


def parameters(file: ScenarioFile, changes: Mapping[str, SetValue]) -> dict[str, float]:
    """Every parameter: the table's default, the file's figure or the ``set`` value."""
    table = load_parameters()
    values = {name: entry.default for name, entry in table.items()}
    for name, node in {**file.parameters, **changes}.items():
        path = f"parameters.{name}"
        if name not in table:
            raise fail(path, f"is an unknown parameter: {guess(name, table)}")
        values[name] = figure(path, node, table[name].unit)
        if fault := table[name].fault(values[name]):
            raise fail(path, fault)
    return values


def shares(file: ScenarioFile, changes: Mapping[str, SetValue]) -> dict[str, float]:
    """Starting shares of the coercer by ``material.ZONE``, between 0 and 1."""
    nodes: dict[str, Any] = {
        f"{material}.{zone}": node
        for material, row in file.china_share.items()
        for zone, node in row.items()
    }
    values = {}
    for name, node in {**nodes, **changes}.items():
        path = f"china_share.{name}"
        material, _, zone = name.partition(".")
        for part, known in ((material, file.materials), (zone, file.zones)):
            if part not in known:
                raise fail(path, f"{part!r} is not in the scenario: {guess(part, known)}")
        values[name] = figure(path, node, "share")
        if not 0 <= values[name] <= 1:
            raise fail(path, f"is a share and must lie between 0 and 1, not {values[name]:g}.")
    return values


def policies(file: ScenarioFile, bare: Scenario, changes: Mapping[str, SetValue]) -> dict[str, str]:
    """Policies by actor; their names are known to the seats, not to the world."""
    for actor in (*file.policies, *changes):
        if actor not in bare.actors:
            raise fail(f"policies.{actor}", f"is no actor: {guess(actor, bare.actors)}")
    return {actor: str(name) for actor, name in changes.items()}


def levers(file: ScenarioFile, bare: Scenario, changes: Mapping[str, SetValue]) -> dict[str, float]:
    """Levers in force from week 0 by ``ACTOR.lever[.INDEX]``; a ``set`` beats what it covers."""
    nodes = named_levers(file.levers)
    for text in changes:
        for covered in covers(text, bare):
            nodes.pop(covered, None)
    values = {}
    for text, node in {**nodes, **changes}.items():
        path = text if text in changes else f"levers.{text}"
        actor, _, full = text.partition(".")
        if actor not in (*bare.actors, *file.firms) and actor not in known_codes()[1]:
            keys = (*ScenarioFile.model_fields, *bare.actors)
            raise fail(path, f"{actor!r} is neither a key nor an actor: {guess(actor, keys)}")
        if fault := name_fault(bare, actor, full):
            raise fail(path, fault)
        values[text] = figure(path, node, LEVERS[full.partition(".")[0]].unit)
        if fault := value_fault(actor, full, values[text], bare):
            raise fail(path, fault)
    return values


def covers(text: str, bare: Scenario) -> Iterable[str]:
    """Settings of the file that a ``set`` on a whole lever or on the ladder makes void."""
    actor, _, full = text.partition(".")
    name, _, index = full.partition(".")
    parts = (name, *ladder()[0].settings) if name == LADDER else (name,)
    for part in parts:
        if part in levers_of(bare, actor):
            wanted = (index,) if index else ("", *indices(bare, LEVERS[part]))
            yield from (f"{actor}.{full_name(part, one)}" for one in wanted)


def history(file: ScenarioFile, bare: Scenario) -> tuple[tuple[Order, ...], tuple[Event, ...]]:
    """Dated acts of seats as orders in time order, and the announcements that went before."""
    orders, announced = [], []
    for i, act in enumerate(file.history):
        path = f"history[{i}]"
        week = week_of(path, act, bare)
        name, _, index = act.lever.partition(".")
        if fault := name_fault(bare, act.actor, act.lever):
            raise fail(f"{path}.{'lever' if act.actor in bare.actors else 'actor'}", fault)
        value = figure(f"{path}.value", act.value, LEVERS[name].unit)
        if fault := value_fault(act.actor, act.lever, value, bare):
            raise fail(f"{path}.value", fault)
        if not in_variant(path, act, file):
            continue
        orders.append(Order(week, act.actor, act.lever, value, HISTORY, act.why))
        if act.announced is not None:
            when = bare.week_of(act.announced)
            if not bare.opening_week <= when <= week:
                raise fail(f"{path}.announced", f"{act.announced} is not between start and date.")
            zone = index if LEVERS[name].index == "zone" else ""
            material = {"material": index} if LEVERS[name].index == "material" and index else {}
            data: dict[str, float | str] = {
                "strength": min(value, 1.0), "weeks": week - when, **material,
            }
            announced.append(Event(when, "announcement", act.actor, zone, act.why, data))
    return tuple(sorted(orders, key=lambda order: order.week)), tuple(announced)


def events(file: ScenarioFile, bare: Scenario) -> Iterable[Event]:
    """Dated events; fields that belong to the kind are checked by the table of kinds."""
    for i, entry in enumerate(file.events):
        path = f"events[{i}]"
        week = week_of(path, entry, bare)
        data = {
            key: node if isinstance(node, str) else number_of(f"{path}.{key}", node)
            for key, node in (entry.model_extra or {}).items()
        }
        event = Event(week, entry.kind, entry.actor, entry.target, entry.text, data)
        if fault := event_fault(event, bare):
            raise fail(f"{path}.{fault[0]}", fault[1])
        if in_variant(path, entry, file):
            yield event
