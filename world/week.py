"""One week of the world: the phases in their order, and `advance`.

`PHASES` is the model's own table of contents: `entrepot phases` prints it, the ODD quotes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from world.account import Account
from world.choices import Decisions
from world.draws import Draws
from world.phases import books, calendar, justice, lines, prices, trade, works
from world.phases.scratch import Week
from world.state import World


@dataclass(frozen=True)
class Phase:
    """A named step of the week, what it does, and the submodels of the ODD it belongs to."""

    name: str
    does: str
    submodels: str
    run: Callable[[Week], None]


PHASES: tuple[Phase, ...] = (
    Phase("announce", "orders that are due move levers; threats and anger fade", "7.6, 7.9",
          calendar.announce),
    Phase("receive", "goods under way arrive", "7.1", lines.receive_goods),
    Phase("use", "lines and plants draw on their stocks", "7.2", lines.use_goods),
    Phase("expect", "expected need and material intensity follow", "7.3, 7.4", lines.expect),
    Phase("order", "orders meet in the channels of each market", "7.4, 7.5", trade.place_orders),
    Phase("divert", "traders ship from hubs to the target", "7.7", trade.divert),
    Phase("license", "applications, approvals, quotas; the coercer ships", "7.6, 7.8",
          trade.license_exports),
    Phase("allocate", "plants abroad, hubs and recyclers fill orders; goods leave", "7.8",
          trade.allocate),
    Phase("release", "public stock goes to the lowest covers", "7.17", works.release_stocks),
    Phase("produce", "plants and recyclers make the week's output", "7.2, 7.8", works.produce),
    Phase("inspect", "diversion is traced and punished; firms learn", "7.9, 7.18",
          justice.inspect),
    Phase("price", "prices, fill rates and hoarding move", "7.4, 7.8", prices.move_prices),
    Phase("judge", "distrust of the coercer moves", "7.10", prices.judge),
    Phase("build", "projects, closures and licence terms", "7.11, 7.15, 7.18", works.build),
    Phase("recycle", "recycled supply follows the price", "7.17", works.recycle),
    Phase("account", "damage, money and the mass balance are written down", "7.13, 7.14, 7.18",
          books.account),
)  # fmt: skip


def advance(world: World, choice: Decisions, draws: Draws) -> Account:
    """Plays one week in place and returns its account; the world is then at the next week."""
    week = Week(world, choice, draws, Account(world.week))
    for phase in PHASES:
        phase.run(week)
    world.week += 1
    return week.account
