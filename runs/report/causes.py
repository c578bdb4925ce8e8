"""Why the target lost what it lost: the waterfall of a run as a picture and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runs.charts.page import figure, paragraph, table
from runs.charts.pictures import fall_picture
from runs.compare.shown import Shown
from runs.compare.words import first_up, name, say
from runs.waterfall import Step, Waterfall, waterfall

if TYPE_CHECKING:
    from runs.game import Game

NAMES = {
    "travel_and_goods": "{coercer}'s bans on travel and goods",
    "export_ban": "{coercer}'s export controls",
    "threat": "{coercer}'s clause, threat and policing",
    "hubs": "what transit countries did",
    "others": "what all others did",
    "contracts": "{zone}'s contracts and floor",
    "reserve": "{zone}'s reserve",
}
KINDS = {
    "travel_and_goods": "china", "export_ban": "china", "threat": "china", "hubs": "other",
    "others": "other", "contracts": "own", "reserve": "own",
}  # fmt: skip
NOTE = (
    "The same luck was played with the recorded orders of one group after another added to a world "
    "in which nobody orders, in this order; so the steps add up."
)


def causes(game: Game, one: Shown) -> Iterator[str]:
    """The figure, with the sentence that names the largest step."""
    found = waterfall(game, measure="gdp_loss_usd")
    names = {step.key: named(step.key, game.plan.coercer, found.zone) for step in found.steps}
    ends = ("if nobody ordered", f"{name(found.zone)} loses")
    texts = [brief(found.start), *(change(s) for s in found.steps), brief(found.end)]
    steps = [(names[step.key], step.change, KINDS[step.key]) for step in found.steps]
    title = finding(found, names)
    drawn = fall_picture((ends[0], found.start), steps, (ends[1], found.end), title, texts)
    labels = [ends[0], *names.values(), ends[1]]
    rows = [list(row) for row in zip(map(first_up, labels), texts, strict=True)]
    sub = f"Output that {name(found.zone)} loses in all, {one.weeks} weeks, 1 luck"
    yield figure(title, sub, drawn, NOTE, table(["", "dollars"], rows), wide=True)
    if not any(abs(step.change) for step in found.steps):
        yield paragraph("No order moved what was lost: all of it would have come anyway.")


def named(key: str, coercer: str, zone: str) -> str:
    return NAMES[key].format(coercer=name(coercer), zone=name(zone))


def change(step: Step) -> str:
    """A step with its sign; what nobody ordered has no figure."""
    if not step.orders:
        return "no orders"
    return ("+" if step.change > 0 else "") + brief(step.change)


def brief(usd: float) -> str:
    """Dollars beside a bar: $4.2B, −$96M."""
    size, sign = (1e9, "B") if abs(usd) >= 1e9 else (1e6, "M")
    return f"{'−' if usd < 0 else ''}${abs(usd) / size:.3g}{sign}" if usd else "$0"


def finding(found: Waterfall, names: dict[str, str]) -> str:
    most = max(found.steps, key=lambda step: abs(step.change))
    if not most.change:
        return f"No order changed what {name(found.zone)} lost"
    does = "adds" if most.change > 0 else "saves"
    return f"{first_up(names[most.key])}: {does} {say('total', abs(most.change))}"
