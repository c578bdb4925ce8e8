"""The law in force by market, worked out from the levers whenever a lever moves.

Levers speak of zones and materials; prices, licences and channels need them by market (m, z).
`Law` is that translation, kept until the regime's version changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import contracts
from world.funds import fund_backers
from world.laws.capacity import BUILDING, RUNNING, SCRAPPED
from world.laws.court import BINDING
from world.laws.floors import border_tariff
from world.laws.flows import ratio
from world.laws.licensing import breadth_in_force
from world.laws.scope import share_stopped
from world.levers import LEVERS
from world.sums import add_up, mean_of
from world.units import TINY

if TYPE_CHECKING:
    from world.setting import Setting
    from world.state import World

Array = NDArray[np.float64]
Index = NDArray[np.int64]

GOODS_TIER = 4  # scope of a ban at which goods other than minerals are stopped


@dataclass(frozen=True)
class Law:
    """Measures in force, by market (R, K) unless said otherwise."""

    breadth: Array  # share of trade that a ban stops: what firms withhold and customs find
    text: Array  # the same by its text
    belief: Array  # the same as firms take it
    in_scope: Array  # (R, K) 1 where a ban on the zone covers the material
    duty: Array  # share of exports under licence
    approval: Array  # share of applications approved: the zone's times the material's
    export_tax: Array  # over that of the first day, which the base price holds, factor - 1
    tariff: Array  # import tariff on material from the coercer
    ad_valorem: Array  # export tax and import tariff on material from the coercer, factor - 1
    quota: Array  # (R, M) yearly quota as a multiple of base exports
    flood: Array  # (R, M)
    floor: Array  # floor price as an index, 0 where none
    border: Array  # 1 where the floor is a border tariff, 0 where a difference payment
    member: Array  # (R, Z) FORGE members
    clause: Array  # (R,) 1 if transfers to the target are punished
    effort: Array  # (R,) policing effort in force
    goods_breadth: Array  # (R, Z) ban on other dual-use goods
    help_: Array  # (R, Z) a zone's own policing of transfers
    tracing: Array  # (R, Z)
    credit: Array  # (R, K) part of the price of outside material that the state pays
    ceiling: Array  # (R, K)
    agreed: Array  # (P,) floors in plants' own contracts as an index; silent before week 0


def by_market(zone_values: Array, materials: int) -> Array:
    """(R, Z) -> (R, K): the same value for every material."""
    return np.tile(zone_values, materials)


def law_in_force(world: World) -> Law:
    """The law as the present levers make it."""
    setting, levers = world.setting, world.regime
    c, m, z = setting.coercer, setting.M, setting.Z
    r = world.replicates
    foreign = np.ones(z)
    foreign[c] = 0.0

    def own(name: str) -> Array:  # a coercer's lever by zone or material
        return levers[name][:, c, :]

    listed = np.array([float(x.dual_use_listed) for x in setting.base.materials])
    bound = bound_by_a_ruling(world)
    approved, listing, quota = (
        np.where(bound, free, own(name))
        for name, free in (
            ("licence_approval", 1.0), ("listing", 0.0),
            ("export_quota", LEVERS["export_quota"].high),
        )
    )  # fmt: skip
    banned = ban_by_text(world)
    by_material = np.where(bound, 1.0, own("material_approval"))
    reached = own("ban_scope")[:, None, :] >= setting.scope_tier[None, :, None]
    in_scope = (reached * listed[None, :, None] * foreign).reshape(r, m * z)
    believed = np.where(banned > 0.0, banned + world.zones.scope_gap, 0.0)
    stopped = share_stopped(banned, believed, found_at_border(world))
    text, belief, breadth = (
        breadth_in_force(by_market(share, m), by_market(listing, m), in_scope)
        for share in (banned, believed, stopped)
    )
    reviewed = (1.0 - own("general_licence")) * foreign
    duty = (own("licence_duty")[:, :, None] * reviewed[:, None, :]).reshape(r, m * z)
    granted = by_material[:, :, None] * approved[:, None, :]
    # a tax of the first day is part of the base price
    tax = (1.0 + own("export_tax")) / (1.0 + setting.first_tax) - 1.0
    tax = (tax[:, :, None] * foreign).reshape(r, m * z)
    tariff = by_market(levers["tariff_on_coercer"][:, :, 0] * foreign, m)
    # the base year is observed without floors: a world settles without them, too
    floors = not world.warming
    floor_usd = 1000.0 * floors * levers["floor_usd_per_kg"].transpose(0, 2, 1)  # (R, M, Z) USD/t
    floor = floor_usd / setting.base_price[None, :, None] * foreign
    member = levers["forge_member"][:, :, 0] * foreign
    at_border = member * (levers["floor_form"][:, :, 0] < 0.5)
    floor = common_floor(floor, at_border[:, None, :])
    form = by_market(levers["floor_form"][:, :, 0], m)
    clause = levers["third_country_clause"][:, c, 0]
    goods = np.where(own("ban_scope") >= GOODS_TIER, stopped, 0.0) * foreign
    return Law(
        breadth=breadth, text=text, belief=belief, in_scope=in_scope, duty=duty,
        approval=granted.reshape(r, m * z),
        export_tax=tax, tariff=tariff, ad_valorem=(1.0 + tax) * (1.0 + tariff) - 1.0,
        quota=quota, flood=own("flood"),
        floor=np.ascontiguousarray(floor.reshape(r, m * z)), border=1.0 - form,
        member=member, clause=clause,
        effort=levers["enforcement"][:, c, 0] * clause, goods_breadth=goods,
        help_=levers["hub_policing"][:, :, 0], tracing=levers["origin_tracing"][:, :, 0],
        credit=by_market(levers["diversification_credit"][:, :, 0], m),
        ceiling=by_market(levers["dependence_ceiling"][:, :, 0], m),
        agreed=setting.plants.own_floor * (floors and world.week >= 0),
    )  # fmt: skip


def bound_by_a_ruling(world: World) -> NDArray[np.bool_]:
    """(R, 1) whether a case has taken their force from the coercer's export measures (ODD 7.20).

    What a ruling ends for one member it ends for all.
    """
    return np.asarray((world.zones.case_stage == BINDING).any(axis=-1, keepdims=True))


def ban_by_text(world: World) -> Array:
    """(R, Z) share of trade with a zone that a ban covers by its text; 0 after a ruling."""
    banned = world.regime["ban_breadth"][:, world.setting.coercer, :]
    return np.where(bound_by_a_ruling(world), 0.0, banned)


def found_at_border(world: World) -> Array:
    """(R, 1) part of exports against the text of a ban that customs find (ODD 7.6)."""
    effort = world.regime["enforcement"][:, world.setting.coercer, :1]
    return np.asarray(1.0 - np.exp(-world.setting.par.border_check * effort))


def delivered_price(world: World, law: Law) -> tuple[Array, Array]:
    """(delivered Chinese price before the floor, tariff that lifts it to the floor), (R, K)."""
    price = price_of_papers(world) * (1.0 + law.ad_valorem)
    tariff = border_tariff(price, law.floor) * law.border
    return price, tariff


def duty_at_border(world: World, law: Law) -> Array:
    """(R, K) import tariff and floor tariff per tonne of the coercer's goods, as an index."""
    delivered, tariff = delivered_price(world, law)
    return delivered + tariff - price_of_papers(world) * (1.0 + law.export_tax)


def price_of_papers(world: World) -> Array:
    """(R, K) price inside the coercer; abroad with what a paper of the quota costs."""
    setting = world.setting
    at_home = world.markets.price[:, setting.coercer :: setting.Z]  # (R, M)
    abroad = np.repeat(at_home * np.exp(world.pools.paper_price), setting.Z, axis=-1)
    abroad[:, setting.coercer :: setting.Z] = at_home
    return abroad


def common_floor(floor: Array, carries: Array) -> Array:
    """(R, M, Z) floors of a bloc: the highest that at least two members carry holds for all.

    `carries` (R, 1, Z) is 1 for members whose floor is a tariff at the border; their own higher
    floor stands.
    """
    borders = np.sort(floor * carries, axis=-1)
    common = borders[..., -2:-1]
    return np.where(carries > 0, np.maximum(floor, common), floor)


def contract_floor(setting: Setting, law: Law) -> tuple[Array, Array]:
    """(floor in a plant's contract (R, P) as an index, part of its output that it covers (P,)).

    The floor is the price agreed in the contract or, if higher, the buyer's floor paid as a
    difference. A price agreed with the own state binds it for the whole output.
    """
    plants = setting.plants
    zone = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
    buyer = plants.material * setting.Z + zone
    promised = np.maximum(law.agreed, law.floor[:, buyer] * (1.0 - law.border[:, buyer]))
    sold = np.where(plants.offtake_zone >= 0, plants.offtake_share, 0.0)
    return promised, np.where((plants.offtake_zone < 0) & (law.agreed > 0), 1.0, sold)


def floor_support(setting: Setting, law: Law, market: Array) -> tuple[Array, Array]:
    """Payments per tonne as an index, (R, P) each: by a plant's own state, and by its buyer.

    A state whose floor is a difference payment pays its own plants the gap to the market. A
    contract pays its share of the gap to the price agreed in it, or to the buyer's floor of that
    form; a gap that is already paid is not paid twice.
    """
    plants = setting.plants
    home = law.floor[:, plants.market]
    own = (1.0 - law.border[:, plants.market]) * np.where(
        home > 0, np.maximum(0.0, home - market), 0
    )
    promised, share = contract_floor(setting, law)
    return own, share * np.maximum(0.0, promised - market - own)


def plant_market_price(world: World) -> Array:
    """(R, P) price index where a plant's goods go: its habit, drawn to who pays most (ODD 7.8)."""
    setting, plants = world.setting, world.setting.plants
    grid = (-1, setting.M, setting.Z)
    price = world.markets.price.reshape(grid)[:, plants.material]  # (R, P, Z)
    pull = (price / mean_of(price, axis=-1, keepdims=True)) ** setting.par.price_premium_exponent
    weight = plants.sales_weight * pull
    return np.asarray(add_up(weight * price, axis=-1) / np.maximum(add_up(weight, axis=-1), TINY))


def offtake_shares(world: World) -> Array:
    """(R, P) part of a plant's capacity that states' offtake contracts cover (ODD 7.17).

    Contracts are signed with plants that no market carries yet, the cheapest first; with plants
    that sold already in the base year only when those are taken.
    """
    setting = world.setting
    yearly = add_up(contracts(world), axis=1)  # (R, M) t/yr
    if not (yearly > 0).any():
        return np.zeros((world.replicates, len(setting.plants.zone)))
    # asked for many times a week, and changed by few orders and projects
    rests_on = (yearly.tobytes(), world.plants.status.tobytes(), world.plants.capacity.tobytes())
    if world.covered is None or world.covered[0] != rests_on:
        world.covered = (rests_on, _offtake_shares(world, yearly))
    return world.covered[1]


def _offtake_shares(world: World, yearly: Array) -> Array:
    setting = world.setting
    rank = setting.offtake_rank
    alive = (world.plants.status < SCRAPPED) & ~setting.plants.coercer
    capacity = (world.plants.capacity * alive)[:, rank]
    share = np.empty_like(capacity)
    share[:, rank] = filled_in_order(yearly, capacity, setting.plants.material[rank], setting.M)
    return share


def plant_backers(world: World) -> Array:
    """(R, P, Z) share of a new plant's cost that each state bears (ODD 7.11).

    The best offer counts, and who makes it pays: the plant's own state, its buyer, or the states
    that have contracted it, each at its own rate for its part.
    """
    setting, plants = world.setting, world.setting.plants
    subsidy = world.regime["project_subsidy"][:, :, 0]
    paid = np.zeros((world.replicates, len(plants.zone), setting.Z))
    funded = fund_backers(world)
    if not (subsidy > 0).any():
        return paid if funded is None else funded
    buyer = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
    own, bought = subsidy[:, plants.zone], subsidy[:, buyer]
    parts = offtake_split(world)[:, plants.material] * subsidy[:, None, :]
    parts = parts * (setting.new_plants & (offtake_shares(world) > 0))[..., None]
    best = np.where(setting.new_plants, np.maximum(own, bought), 0.0)
    one = best >= add_up(parts, axis=-1)
    payer = np.where(own >= bought, plants.zone, buyer)
    np.put_along_axis(paid, payer[..., None], best[..., None], axis=-1)
    paid = np.where(one[..., None], paid, parts)
    if funded is None:
        return paid
    more = add_up(funded, axis=-1) > add_up(paid, axis=-1)
    return np.where(more[..., None], funded, paid)


def equity_parts(world: World) -> tuple[Array, Array]:
    """(part of a plant's capacity that states hold by equity (R, P), zones' parts (R, M, Z)).

    Capital goes into plants that run or are being built, those known to look for a partner first,
    then the cheapest, as far as no offtake contract covers them (ODD 7.17).
    """
    setting, plants, rank = world.setting, world.plants, world.setting.equity_rank
    held = world.markets.equity.reshape(-1, setting.M, setting.Z)
    yearly = add_up(held, axis=-1)
    if not (yearly > 0).any():
        return np.zeros(plants.status.shape), np.zeros_like(held)
    alive, room = _for_capital(world)
    capacity = room[:, rank]
    part = np.zeros_like(capacity)
    part[:, rank] = filled_in_order(yearly, capacity, setting.plants.material[rank], setting.M)
    free = alive * (1.0 - offtake_shares(world))
    return part * free, ratio(held, yearly[..., None], 0.0)


def _for_capital(world: World) -> tuple[NDArray[np.bool_], Array]:
    """(plants that capital may go into, t a week of them that no contract covers), (R, P) each."""
    plants = world.plants
    alive = (plants.status == RUNNING) | (plants.status == BUILDING)
    alive &= ~world.setting.plants.coercer
    return alive, plants.capacity * alive * (1.0 - offtake_shares(world))


def equity_open(world: World) -> Array:
    """(R, M) t a year in plants outside the coercer that no state's capital has been paid for."""
    setting = world.setting
    paid = add_up(world.markets.equity_paid.reshape(-1, setting.M, setting.Z), axis=-1)
    room = setting.plant_pool.sum(_for_capital(world)[1])
    return np.asarray(np.maximum(0.0, 52.0 * room - paid))


def filled_in_order(yearly: Array, capacity: Array, material: Index, materials: int) -> Array:
    """(R, P) part of each plant's capacity (t/week) that `yearly` (R, M) t fill, the first first.

    Plants stand by material in the order in which they are filled.
    """
    total = np.cumsum(capacity, axis=-1) - capacity
    first = np.searchsorted(material, np.arange(materials))
    before = total - total[:, np.minimum(first, len(material) - 1)][:, material]
    left = yearly[:, material] / 52.0 - before
    return np.asarray(np.clip(ratio(left, capacity, 0.0), 0.0, 1.0) * (capacity > 0))


def equity_due(world: World) -> Array:
    """(R, P, Z) tonnes of the week's output that go to the states that hold them by equity."""
    part, split = equity_parts(world)
    plants = world.plants
    tonnes = np.minimum(part * plants.capacity, plants.output)
    return np.asarray(tonnes[..., None] * split[:, world.setting.plants.material])


def secured(world: World) -> Array:
    """(R, K) tonnes a week that equity brings beside what a plant sold there anyway."""
    setting, traits = world.setting, world.setting.plants
    due = equity_due(world)
    usual = np.where(setting.new_plants[:, None], 0.0, traits.sales_weight)
    usual = usual * world.plants.output[..., None]
    rows = np.arange(len(traits.zone))
    ahead = setting.sold_ahead * world.plants.output
    usual[:, rows, np.maximum(traits.offtake_zone, 0)] += ahead
    more = np.where(due > 0, np.maximum(0.0, due - usual), 0.0)
    by_zone = setting.plant_pool.sum(np.ascontiguousarray(more.swapaxes(1, 2)))  # (R, Z, M)
    return np.ascontiguousarray(by_zone.swapaxes(1, 2)).reshape(-1, setting.K)


def offtake_split(world: World) -> Array:
    """(R, M, Z) each zone's part of the contracted quantity of a material."""
    yearly = contracts(world).swapaxes(1, 2)
    return ratio(yearly, add_up(yearly, axis=-1, keepdims=True), 0.0)


def offtake_gap(world: World, market: Array, margin: float) -> Array:
    """(R, P) what offtake contracts add per tonne of output: they cover cost and a margin."""
    due = offtake_shares(world) * world.plants.capacity
    share = ratio(due, np.maximum(due, world.plants.output), 0.0)
    return share * np.maximum(0.0, world.plants.cost * (1.0 + margin) - market)


def buyers_gap(world: World, market: Array) -> Array:
    """(R, P) what buyers that bought ahead of a plant's building add per tonne of its output."""
    setting = world.setting
    bound = setting.sold_ahead * (not world.warming)
    return bound * np.maximum(0.0, setting.ahead_price - market)


def standing_threat(world: World) -> Array:
    """(R, H) strength of the threat in force as far as firms of a hub believe it, 0 to 1."""
    return world.hubs.credibility * world.regime["threat"][:, world.setting.coercer, :1]


def payment_risk(world: World) -> Array:
    """(R, Z) weekly risk that firms of a zone lose the coercer's payments by serving the target.

    Measures look at the customer, not at goods or origin; they reach who still pays through the
    coercer's banks (ODD 7.7).
    """
    par, coercer = world.setting.par, world.setting.coercer
    force = world.regime["payment_measures"][:, coercer, :1]
    return np.asarray(par.detection_announced * force * payments_at_stake(world))


def payments_at_stake(world: World) -> Array:
    """(R, Z) part of what firms of a zone have at stake that hangs on the coercer's payments."""
    return np.asarray(world.setting.payment_reach * world.zones.payment_ties)


def own_policing(world: World) -> Array:
    """(R, Z) what a zone's policing adds to detection there: routine help as it is, more with gain.

    Own customs see papers of both borders, so a hub that means it finds more than it is told of.
    """
    help_, gain = world.law.help_, world.setting.par.policing_gain
    return help_ + gain * np.maximum(0.0, help_ - LEVERS["hub_policing"].default)


def grey_margin(world: World) -> Array:
    """(R, J) price in the target less that of a trader's purchases with handling, index."""
    setting, price = world.setting, world.markets.price
    bought = price[:, setting.trader_source] * (1.0 + setting.par.hub_handling_cost)
    return np.asarray(price[:, setting.trader_target] - bought)


def believed_risk(world: World) -> Array:
    """(R, Z) risk of punishment that firms of a zone believe in: their hub's, else the mean."""
    setting = world.setting
    hubs = world.hubs.belief[:, : setting.H - 1]
    if hubs.shape[1] == 0:
        hubs = world.hubs.belief
    risk = np.repeat(mean_of(hubs, axis=1, keepdims=True), setting.Z, axis=1)
    for h, zone in enumerate(setting.hub_zones):
        risk[:, zone] = world.hubs.belief[:, h]
    return risk
