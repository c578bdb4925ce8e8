"""All firms look at the world as it stands and fill the week's decision table."""

from __future__ import annotations

from agents import firms, refiners, traders, users
from world.choices import Decisions
from world.draws import Draws
from world.regime import plant_backers
from world.state import World


def decide(world: World, draws: Draws) -> Decisions:
    """Choices of every firm for this week, with a seat or without; reads, and writes nothing."""
    law = world.law
    order, share, grey, drops = users.choose(world, law)
    active, asked, outside, serves = traders.choose(world, law)
    seen, floor = refiners.price_seen(world, law)
    stops = refiners.stops_sales(world, law)
    builds, closes, restarts, scraps = refiners.projects(world, law, floor)
    choice = Decisions(
        user_order=order, user_share=share, grey_share=grey, user_drops=drops,
        trader_active=active, trader_order=asked, trader_outside=outside,
        trader_serves=serves,
        plant_utilisation=refiners.run_at(world, seen),
        plant_stops=stops,
        plant_terms=refiners.terms(world, law, draws),
        plant_builds=builds, plant_closes=closes, plant_restarts=restarts, plant_scraps=scraps,
        plant_backers=plant_backers(world), plant_price=seen,
        user_covered=users.kept_by_cover(world, law, drops),
        plant_covered=refiners.kept_by_cover(world, law, stops),
    )  # fmt: skip
    return firms.steer(world, choice)
