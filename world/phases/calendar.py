"""Announcements, orders that come into force and events from outside (first phase of a week)."""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

from world.decisions import HISTORY, Order
from world.events import Event
from world.firm_rows import forget_fear
from world.laws.inspection import announce_risk
from world.laws.licensing import still_refused
from world.levers import (
    DATA,
    LEVERS,
    expand_rung,
    place,
    read_rows,
)
from world.phases.court import hear
from world.phases.scope import believe_scope, said
from world.phases.scratch import Week
from world.purse import hand_over
from world.state import CHAIR, World
from world.sums import add_up
from world.units import QUARTER, TINY, USD_M

Array = NDArray[np.float64]

YEAR = 52.0
NEVER = sys.maxsize  # a week that no game reaches
AMISS = ("dependence_ceiling", "stockpile_target_days", "offtake")  # felt beyond a bound alone
CUSTOMERS_FEEL = ("ban_breadth", "listing")  # levers whose turn on a customer others hold against


def enact(world: World, order: Order, value: float | Array | None = None) -> None:
    """Takes an order that has been checked: it binds from next week, or after its lever's delay.

    A dated act of the scenario binds in its own week, whatever the lever: its date is the day from
    which it holds. What an order announces is known at once. `value` may be (R,) where lucks
    differ; NaN leaves a luck as it is.
    """
    name = order.lever.partition(".")[0]
    wanted = np.broadcast_to(
        np.asarray(order.value if value is None else value, dtype=float), (world.replicates,)
    )
    if name == "rung":
        for part, setting in expand_rung(order.lever, np.nan_to_num(wanted)).items():
            enact(
                world, Order(order.week, order.actor, part, order.value, order.by, order.why),
                np.where(np.isnan(wanted), np.nan, setting),
            )  # fmt: skip
        return
    delay = 0 if order.by == HISTORY else max(1, LEVERS[name].delay_weeks)
    world.pending.append((order.week + delay, order, wanted.copy()))
    if LEVERS[name].announces:
        _announce_supply(world, order, wanted)
    if name == "threat":
        _announce_threat(world, wanted)


def _announce_supply(world: World, order: Order, value: Array) -> None:
    """Firms hear of a measure before it binds: the announced threat rises to its breadth."""
    setting = world.setting
    name = order.lever.partition(".")[0]
    lever = LEVERS[name]
    _, places = place(setting.scenario, order.actor, order.lever)
    breadth = np.nan_to_num(value if name != "export_quota" else np.clip(1.0 - value, 0.0, 1.0))
    grid = world.markets.announced.reshape(-1, setting.M, setting.Z)
    listed = np.array([float(m.dual_use_listed) for m in setting.base.materials])
    scope = world.regime["ban_scope"][:, setting.coercer, :]
    for where in places:
        if lever.index == "zone":
            reach = listed * (setting.scope_tier <= scope[:, where, None])  # (R, M)
            grid[:, :, where] = np.maximum(grid[:, :, where], breadth[:, None] * reach)
        else:
            foreign = np.arange(setting.Z) != setting.coercer
            grid[:, where, foreign] = np.maximum(grid[:, where, foreign], breadth[:, None])


def _announce_threat(world: World, strength: Array) -> None:
    par = world.setting.par
    loud = np.nan_to_num(strength)[:, None]
    hubs = world.hubs
    hubs.belief[:] = announce_risk(hubs.belief, hubs.credibility, loud, par.detection_announced)
    hubs.announced_weeks[:] = np.where(loud > 0, 0.0, hubs.announced_weeks)


def announce(week: Week) -> None:
    """Orders that are due move their levers; announced threats fade; disruptions end."""
    world = week.world
    par = world.setting.par
    due = [entry for entry in world.pending if entry[0] <= world.week]
    world.pending = [entry for entry in world.pending if entry[0] > world.week]
    world.markets.announced *= 1.0 - par.announcement_decay
    world.markets.deadline_weeks[:] = np.maximum(0.0, world.markets.deadline_weeks - 1.0)
    world.zones.provocation *= 1.0 - par.provocation_fade
    world.zones.rally *= 1.0 - par.lobby_rally_decay
    world.hubs.announced_weeks += 1.0
    world.hubs.collective_weeks[:] = np.maximum(0.0, world.hubs.collective_weeks - 1.0)
    before, granted, spoken = world.law.breadth, world.law.approval, said(world)
    for _, order, value in due:
        _move_lever(world, order, value)
    ruled = hear(week)
    if believe_scope(world, spoken) or ruled or due:
        world.refresh_law()
        rise = np.maximum(0.0, world.law.breadth - before)
        # a ban voids that share of licences held and asked for (ODD 7a)
        world.markets.licences *= 1.0 - rise
        world.markets.applications *= 1.0 - rise[:, None]
        world.markets.refused *= still_refused(granted, world.law.approval)
    protests = world.regime["protest"][:, :, 0] > 0
    world.zones.protest_weeks[:] = np.where(protests, world.zones.protest_weeks + 1.0, 0.0)
    forget_fear(world)
    alarmed = (world.law.breadth > 0) | (world.markets.announced > par.grey_alarm)
    world.markets.grey_open[:] = np.maximum(world.markets.grey_open, alarmed)
    world.disruptions = [d for d in world.disruptions if d[1] > world.week]


def _move_lever(world: World, order: Order, value: Array) -> None:
    """Where the value is NaN nothing moves, as if the order had not been given."""
    moved = ~np.isnan(value)
    row, places = place(world.setting.scenario, order.actor, order.lever)
    table = world.regime[order.lever.partition(".")[0]]
    for where in places:
        before = table[:, row, where].copy()
        table[moved, row, where] = value[moved]
        diplomatic_echo(world, order, where, before, np.where(moved, value, before))


def diplomatic_echo(world: World, order: Order, where: int, before: Array, after: Array) -> None:
    """What an act at one place of a lever does to rally and to what coercer, allies and customers
    think of the actor (ODD 7.17). What a firm with a seat does for all to see is put down to its
    state."""
    setting, zones = world.setting, world.zones
    name, change = order.lever.partition(".")[0], after - before
    firm = setting.scenario.firms.get(order.actor)
    actor = setting.zone_index[order.actor if firm is None else firm.zone]
    if actor == setting.coercer:
        if LEVERS[name].index == "zone" and LEVERS[name].group in ("ladder", "ban"):
            if name not in ("ban_scope", "scope_notice"):
                rise = setting.par.rally_per_measure * np.maximum(change, 0.0)
                zones.rally[:, where] = np.clip(zones.rally[:, where] + rise, 0.0, 1.0)
            if name in CUSTOMERS_FEEL and where in setting.bystanders:
                _customers_turn(world, where, change)
        return
    if name in AMISS:
        if order.by == HISTORY:  # what others did about a dated act is dated too
            return
        change = taken_amiss(world, actor, name, where, after)
        change = change - taken_amiss(world, actor, name, where, before)
    coercer_shift, alliance_shift = echo_table().get(name, (0.0, 0.0))
    zones.coercer_approval[:, actor] = np.clip(
        zones.coercer_approval[:, actor] + coercer_shift * change, 0.0, 1.0
    )
    zones.alliance_approval[:, actor] = np.clip(
        zones.alliance_approval[:, actor] + alliance_shift * change, 0.0, 1.0
    )
    if name == "concession":
        zones.rally[:, actor] = np.clip(
            zones.rally[:, actor] - setting.par.rally_per_concession * change, 0.0, 1.0
        )


def taken_amiss(world: World, zone: int, lever: str, material: int, value: Array) -> Array:
    """(R,) the part of a setting that others hold against a state: a ceiling below what rules of
    the kind have had, stores and contracts beyond what allies find fair, by the weight of the
    material in what the zone uses (ODD 7.17)."""
    setting, par = world.setting, world.setting.par
    if lever == "dependence_ceiling":
        return np.minimum(value, par.ceiling_tolerated)
    need = setting.base_demand.reshape(setting.M, setting.Z)[:, zone]
    worth = need * setting.base_price
    weight = float(worth[material] / max(float(add_up(worth, axis=-1)), TINY))
    fair = par.hoard_days if lever == "stockpile_target_days" else YEAR * need[material]
    return np.asarray(weight * np.clip(value / max(float(fair), TINY) - 1.0, 0.0, 1.0))


def _customers_turn(world: World, zone: int, change: Array) -> None:
    """What the coercer's customers think of it moves with a ban on one that is no party to its
    quarrel, by the part that the customer has in its sales (ODD 7.17)."""
    setting, rows = world.setting, world.zones
    sales = (setting.base_china * setting.market_price_usd).reshape(setting.M, setting.Z)
    sales = add_up(sales, axis=-2)
    outside = list(setting.bystanders)
    part = float(sales[zone] / max(float(add_up(sales[outside], axis=-1)), TINY))
    c = setting.coercer
    rows.alliance_approval[:, c] = np.clip(
        rows.alliance_approval[:, c] - setting.par.customers_shift * part * change, 0.0, 1.0
    )


@cache
def echo_table() -> dict[str, tuple[float, float]]:
    """Shift of the coercer's and of the allies' approval per unit of a lever (data/echo.csv)."""
    path = DATA / "echo.csv"
    columns = ("coercer_shift", "alliance_shift")
    return {
        row["lever"]: (float(row["coercer_shift"]), float(row["alliance_shift"]))
        for row in read_rows(path, ("lever", *columns))
    }


def happen(world: World, event: Event) -> None:
    """An event from outside takes place: the same record for a scenario and a live inject."""
    setting = world.setting
    zones = range(setting.Z) if not event.target else [setting.zone_index[event.target]]
    material = str(event.data.get("material", "") or "")
    materials = range(setting.M) if not material else [setting.material_index[material]]
    if event.kind == "remarks":
        strength = float(event.data["strength"])
        speaker = [setting.zone_index[event.actor]] if event.actor else zones
        for z in speaker:
            world.zones.provocation[:, z] = np.maximum(world.zones.provocation[:, z], strength)
    elif event.kind == "announcement":
        strength = float(event.data["strength"])
        weeks = float(event.data.get("weeks", 0)) * (strength > 0)
        for m in materials:
            for z in zones:
                if z != setting.coercer:
                    world.markets.announced[:, m * setting.Z + z] = strength
                    world.markets.deadline_weeks[:, m * setting.Z + z] = weeks
    elif event.kind == "price_shock":
        for m in materials:
            for z in zones:
                world.markets.price[:, m * setting.Z + z] *= float(event.data["factor"])
    elif event.kind in ("disaster", "demand_shock"):
        _disrupt(world, event, list(zones), list(materials))
    elif event.kind == "input_cut":
        coming = np.ones((world.replicates, setting.Z))
        coming[:, list(zones)] = 1.0 - float(event.data["cut"])
        until = world.week + int(float(event.data.get("weeks", QUARTER)))
        world.disruptions.append((world.week, until, event.kind, coming))
    elif event.kind == "chair":
        _take_chair(world, zones[0], float(event.data["strength"]))
    elif event.kind == "transfer_money" and event.actor:
        sum_usd = USD_M * float(event.data["usd_m"])
        world.zones.budget_usd[:, setting.zone_index[event.actor]] -= sum_usd
        world.zones.budget_usd[:, zones[0]] += sum_usd
        hand_over(world, setting.zone_index[event.actor], zones[0], sum_usd)
    elif event.kind == "transfer_stock" and event.actor:
        giver = setting.zone_index[event.actor]
        _hand_over(world, giver, zones[0], materials[0], float(event.data["tonnes"]))


def _take_chair(world: World, zone: int, strength: float) -> None:
    """One state has the chair at a time; who gives it up leaves it empty."""
    held = np.zeros((world.replicates, world.setting.Z))
    held[:, zone] = strength
    world.disruptions.append((world.week, NEVER, CHAIR, held))


def _hand_over(world: World, giver: int, taker: int, material: int, tonnes: float) -> None:
    """Moves public stock between two states, in its mix of origins; at most what is held."""
    setting = world.setting
    desk = {int(m): row for row, m in enumerate(setting.users.market[setting.users.reserve])}
    start = setting.users.reserve.start
    here, there = (desk.get(material * setting.Z + zone) for zone in (giver, taker))
    if here is None or there is None:
        return
    stock = world.users.stock
    held = stock[:, :, start + here]
    part = np.minimum(1.0, tonnes / np.maximum(add_up(held, axis=1), 1e-12))
    moved = held * part[:, None]
    stock[:, :, start + here] = held - moved
    stock[:, :, start + there] += moved


def _disrupt(world: World, event: Event, zones: list[int], materials: list[int]) -> None:
    """A disaster cuts capacity of plants, a demand shock moves need of users, for some weeks."""
    setting = world.setting
    until = world.week + int(float(event.data.get("weeks", QUARTER)))
    if event.kind == "demand_shock":
        factor = np.ones(setting.K)
        for m in materials:
            for z in zones:
                factor[m * setting.Z + z] = float(event.data["factor"])
    else:
        factor = np.ones(len(setting.base.plants))
        name = event.data.get("plant")
        for k, plant in enumerate(setting.base.plants):
            hit = setting.plants.zone[k] in zones and setting.plants.material[k] in materials
            if hit and (not name or plant.name == name):
                factor[k] = 1.0 - float(event.data["cut"])
    values = np.repeat(factor[None], world.replicates, axis=0)
    world.disruptions.append((world.week, until, event.kind, values))


def disruption(world: World, kind: str) -> Array | float:
    """Product of the disruptions of a kind that last, or 1."""
    product: Array | float = 1.0
    for start, until, what, values in world.disruptions:
        if what == kind and start <= world.week < until:
            product = product * values
    return product
