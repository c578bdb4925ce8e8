"""What the levers of a seat can act on: a lever that reaches nothing is not offered.

Days of use of a material that nobody in the zone uses are no stock, a floor needs a buyer or a
plant, a contract needs a plant abroad, and export controls need exports. What another order of the
same seat would bring (a project by a contract, a border for a floor) is no reason to hide a lever:
it stays and says what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.refiners import stops_sales
from agents.users import refuses_target, reserve_orders
from runs.room.say import Say
from world.laws.capacity import SCRAPPED
from world.levers import LEVERS, Lever, indices
from world.phases.court import measures_stand
from world.phases.trials import on_trial
from world.regime import offtake_shares, offtake_split
from world.sums import add_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from world.state import World

EXPORT_LEVERS = frozenset({"licence_duty", "material_approval", "flood", "export_quota"})


def reached(world: World, seat: str, lever: Lever) -> tuple[str, ...]:
    """The places, of those that the lever may be aimed at, where it has something to act on."""
    setting = world.setting
    wanted = indices(setting.scenario, lever)
    if lever.index != "material" or seat not in setting.zone_index:
        return wanted
    zone, grid = setting.zone_index[seat], (setting.M, setting.Z)
    used = setting.base_demand.reshape(grid)[:, zone] > 0
    plants = setting.plants
    alive: NDArray[np.bool_] = np.ones(setting.M, dtype=bool)
    if lever.name == "stockpile_target_days":
        alive = used
    elif lever.name == "floor_usd_per_kg":
        alive = used | (np.bincount(plants.material[plants.zone == zone], minlength=setting.M) > 0)
    elif lever.name in ("offtake", "equity_offtake"):
        alive = np.bincount(plants.material[~plants.coercer], minlength=setting.M) > 0
    elif lever.name in EXPORT_LEVERS:
        exports = setting.base_china.reshape(grid)
        alive = np.delete(exports, setting.coercer, axis=1).sum(axis=1) > 0
    return tuple(m for m in wanted if alive[setting.material_index[m]])


def missing(world: World, seat: str) -> dict[str, Say]:
    """By full name of a lever: what it lacks today to move anything."""
    setting = world.setting
    if seat in setting.firms.index:
        return {} if _fears(world, seat) else {"heed_threat": Say("lacks.fear")}
    zone = setting.zone_index.get(seat)
    unfounded = not measures_stand(world)[0]
    if zone is None or zone == setting.coercer:
        return {"legal_frame": Say("lacks.reason")} if zone is not None and unfounded else {}
    plants, alive = setting.plants, world.plants.status[0] < SCRAPPED
    own = alive & ((plants.zone == zone) | (plants.offtake_zone == zone))
    lacks: dict[str, Say] = {"wto_case": Say("lacks.measure")} if unfounded else {}
    if zone not in setting.hub_zones:
        lacks["hub_policing"] = Say("lacks.traders")
    if zone == setting.target:
        lacks["customer_cover"] = Say("lacks.cover")
    contracted = offtake_split(world)[0, plants.material, zone] * offtake_shares(world)[0] > 0
    if not (setting.new_plants & (own | contracted)).any():
        lacks["project_subsidy"] = Say("lacks.project")
    tried = plants.zone[setting.unproven] == zone
    if not (on_trial(world)[0] & tried).any():
        lacks["trial_usd_m"] = Say("lacks.trial")
    lacks |= _without_start(world, zone)
    if world.regime["floor_form"][0, zone, 0]:
        helped = np.bincount(plants.material[own], minlength=setting.M) > 0
        for material in reached(world, seat, LEVERS["floor_usd_per_kg"]):
            if not helped[setting.material_index[material]]:
                lacks[f"floor_usd_per_kg.{material}"] = Say("lacks.plant")
    return lacks


def _without_start(world: World, zone: int) -> dict[str, Say]:
    """What acts on another setting or on a stock, and has neither to act on today."""
    setting, part = world.setting, world.setting.users.reserve
    own = setting.users.market[part] % setting.Z == zone
    lacks = {}
    if not (world.users.stock[0, :, part][:, own] > 0).any():
        lacks["stockpile_release"] = Say("lacks.stock")
    if not (world.regime["floor_usd_per_kg"][0, zone] > 0).any():
        lacks["floor_form"] = Say("lacks.floor")
    buys, waits = reserve_orders(world)[0, own], world.regime["vault_restraint"][0, zone, 0]
    if not (buys.any() or waits > 0 or world.regime["minerals_fund_usd_m"][0, zone, 0] > 0):
        lacks["vault_restraint"] = Say("lacks.vault")
    return lacks


def _fears(world: World, seat: str) -> bool:
    """Whether the firm would stop, or has stopped, its trade with the target for fear."""
    firms, users, plants = world.setting.firms, world.users, world.plants
    row = firms.index[seat]
    own, works = firms.users[firms.user_firm == row], firms.plants[firms.plant_firm == row]
    scared = refuses_target(world, world.law, add_up(users.stock, axis=1)) | (users.drop_weeks > 0)
    stops = stops_sales(world, world.law) | (plants.stop_weeks > 0)
    return bool(scared[0, own].any() or stops[0, works].any())
