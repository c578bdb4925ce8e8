"""Inspection of shipments, punishment and what firms come to believe (ODD 7.9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio, smooth
from world.laws.inspection import believe, detection_probability
from world.phases.cover import list_covered
from world.phases.firms import suspect
from world.phases.scratch import Week, need
from world.regime import own_policing, standing_threat
from world.state import World

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def _pay_elsewhere(world: World) -> None:
    """Who fears for its payments finds other banks: a weapon that is used gets weaker (ODD 7.9)."""
    par, coercer = world.setting.par, world.setting.coercer
    force = world.regime["payment_measures"][:, coercer, :1]
    world.zones.payment_ties *= 1.0 - par.payment_erosion * force


def inspect(week: Week) -> None:
    """Shipments of some weeks ago are traced; who is caught loses the coercer's supply."""
    _inspect_plants(week)
    list_covered(week, suspect(week))
    world = week.world
    _pay_elsewhere(world)
    setting, par, law = world.setting, world.setting.par, world.law
    traders, rows, lanes = setting.traders, world.traders, world.lanes
    sent = need(week.to_lanes) + need(week.from_coercer)[:, setting.lane_market] * _not_own(week)
    lanes.seen_exports[:] = smooth(lanes.seen_exports, sent, par.anomaly_smoothing)
    if world.warming:
        lanes.normal_exports[:] = lanes.seen_exports
    size = rows.diverted.shape[1]
    past = rows.diverted[:, (world.week - int(par.tracing_weeks)) % size]
    luck = week.draws.uniform(world.week, "detection", len(traders.hub))
    week.detections = np.zeros((world.replicates, setting.H * setting.M))
    suspects = past > 0
    if not suspects.any():
        _update_beliefs(week, suspects, suspects)
        return
    anomaly = np.log(np.maximum(ratio(lanes.seen_exports, lanes.normal_exports, 1.0), 1e-6))
    zones = np.array(setting.hub_zones)[traders.hub]
    # goods smuggled out of the coercer leave no trace in trade statistics
    visible = np.where(zones == setting.coercer, 0.0, anomaly[:, setting.lane])
    trace = setting.trace[traders.material] * (1.0 + law.tracing[:, zones])
    probability = detection_probability(
        law.effort[:, None],
        visible,
        np.minimum(1.0, trace),
        own_policing(world)[:, zones],
        traders.visibility,
        par.detection_base,
        par.detection_anomaly,
        par.detection_trace,
    )
    caught = suspects & (luck < probability) & (rows.blacklist_weeks <= 0)
    rows.blacklist_weeks[:] = np.where(caught, par.blacklist_weeks, rows.blacklist_weeks)
    week.detections = setting.lanes.sum(caught.astype(float))
    _punish_hubs(week, caught)
    _update_beliefs(week, suspects, caught)


def _inspect_plants(week: Week) -> None:
    """Refiners that pass processed feed on as their own are found more rarely, and lose it."""
    world = week.world
    setting, par, law = world.setting, world.setting.par, world.law
    rows, traits = world.plants, setting.plants
    size = rows.evaded.shape[1]
    past = rows.evaded[:, (world.week - int(par.tracing_weeks)) % size]
    luck = week.draws.uniform(world.week, "refiner detection", len(traits.zone))
    rows.blacklist_weeks[:] = np.maximum(0.0, rows.blacklist_weeks - 1.0)
    if not (past > 0).any():
        return
    after = np.array([m.traceability_after_processing for m in setting.base.materials])
    trace = after[traits.material] * (1.0 + law.tracing[:, traits.zone])
    probability = par.refiner_detection * detection_probability(
        law.effort[:, None],
        np.zeros_like(past),
        np.minimum(1.0, trace),
        own_policing(world)[:, traits.zone],
        np.ones_like(past),
        par.detection_base,
        par.detection_anomaly,
        par.detection_trace,
    )
    caught = (past > 0) & (luck < probability) & (rows.blacklist_weeks <= 0)
    rows.blacklist_weeks[:] = np.where(caught, par.blacklist_weeks, rows.blacklist_weeks)
    scenario = setting.scenario
    for replicate, k in zip(*np.nonzero(caught), strict=True):
        plant = setting.base.plants[k]
        week.tell(
            int(replicate),
            "detection",
            scenario.coercer,
            plant.zone,
            f"{plant.name} is caught selling processed {plant.material} of Chinese origin to "
            f"{scenario.target} and loses its feed for {int(par.blacklist_weeks)} weeks.",
            material=plant.material,
            plant=plant.name,
            weeks=float(par.blacklist_weeks),
        )


def _not_own(week: Week) -> Array:
    """0 for the lanes inside the coercer, whose domestic trade is no export."""
    setting = week.world.setting
    own = np.repeat(np.array(setting.hub_zones) == setting.coercer, setting.M)
    users = need(week.shipped)[:, 0][:, setting.lane_market]
    total = need(week.from_coercer)[:, setting.lane_market]
    # what users of the hub buy; traders' purchases are counted separately
    return np.where(own, 0.0, ratio(users, total, 0.0))


def _punish_hubs(week: Week, caught: Flags) -> None:
    world = week.world
    setting, par = world.setting, world.setting.par
    hit = setting.trader_hub.sum(caught.astype(float)) > 0
    cut = world.regime["collective_punishment"][:, setting.coercer, 0][:, None] > 0
    weeks = world.hubs.collective_weeks
    weeks[:] = np.where(hit & cut, par.collective_weeks, weeks)
    scenario = setting.scenario
    for replicate, trader in zip(*np.nonzero(caught), strict=True):
        zone = scenario.zones[setting.hub_zones[setting.traders.hub[trader]]]
        material = scenario.materials[setting.traders.material[trader]]
        share = float(setting.traders.hub_share[trader])
        week.tell(
            int(replicate),
            "detection",
            scenario.coercer,
            zone,
            f"Trader {trader} in {zone} is caught passing {material} on to {scenario.target} "
            f"and loses supply for {int(par.blacklist_weeks)} weeks; it had {share:.0%} of the "
            f"hub's {material} trade.",
            material=material,
            trader=float(trader),
            hub_share=share,
            weeks=float(par.blacklist_weeks),
        )


def _update_beliefs(week: Week, suspects: Flags, caught: Flags) -> None:
    """Observed rate of detection moves belief; deeds move the credibility of announcements."""
    world = week.world
    setting, par, hubs = world.setting, world.setting.par, world.hubs
    active = setting.trader_hub.sum(suspects.astype(float))
    found = setting.trader_hub.sum(caught.astype(float))
    large = setting.traders.hub_share >= par.salience_threshold
    named = setting.trader_hub.sum((caught & large).astype(float)) > 0
    salience = np.where(named, par.salience_large, 1.0)
    hubs.belief[:] = believe(
        hubs.belief,
        ratio(found, active, 0.0),
        salience,
        active > 0,
        par.detection_prior,
        par.belief_up,
        # fear of a threat that stands and is believed does not fade
        par.belief_down * (1.0 - standing_threat(world)),
    )
    threat = world.regime["threat"][:, setting.coercer, 0]
    promised = np.maximum(threat, 1e-9) * par.campaign_effort
    done = np.minimum(1.0, world.law.effort / promised)[:, None]
    recent = (hubs.announced_weeks <= par.announcement_memory_weeks) & (threat > 0)[:, None]
    hubs.credibility[:] = np.where(
        recent, smooth(hubs.credibility, done * np.ones_like(hubs.credibility),
                       par.credibility_smoothing), hubs.credibility
    )  # fmt: skip
