"""Why the target lost what it lost: the waterfall of a run as a picture and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runs.charts.page import figure, paragraph, table
from runs.charts.paper import dollars
from runs.charts.pictures import fall_picture
from runs.compare.shown import Shown
from runs.compare.words import Tongue, first_up
from runs.waterfall import Step, Waterfall, waterfall

if TYPE_CHECKING:
    from runs.play import Play

KINDS = {
    "in_force": "china", "travel_and_goods": "china", "export_ban": "china", "threat": "china",
    "hubs": "other", "others": "other", "contracts": "own", "reserve": "own",
}  # fmt: skip


def causes(game: Play, one: Shown, to: Tongue) -> Iterator[str]:
    """The figure, with the sentence that names the largest step."""
    found = waterfall(game, measure="gdp_loss_usd")
    zone = to.name(found.zone)
    names = {step.key: named(step.key, game.plan.coercer, found.zone, to) for step in found.steps}
    ends = to.t("report.step.start"), to.t("report.step.end", zone=zone)
    texts = [dollars(found.start), *(change(s, to) for s in found.steps), dollars(found.end)]
    steps = [(names[step.key], step.change, KINDS[step.key]) for step in found.steps]
    title = finding(found, names, to)
    drawn = fall_picture((ends[0], found.start), steps, (ends[1], found.end), title, texts)
    labels = [ends[0], *names.values(), ends[1]]
    rows = [list(row) for row in zip(map(first_up, labels), texts, strict=True)]
    sub = first_up(to.t("report.step_sub", zone=zone, n=one.weeks))
    head = ["", to.t("report.col_dollars")]
    yield figure(title, sub, drawn, to.t("report.step_note"), table(head, rows), wide=True, to=to)
    if not any(abs(step.change) for step in found.steps):
        yield paragraph(to.t("report.step_idle"))


def named(key: str, coercer: str, zone: str, to: Tongue) -> str:
    """A step in words; the two sides as owners in English, by their names elsewhere."""
    names = {"coercer": to.name(coercer), "zone": to.name(zone)}
    return to.t(f"report.step.{key}", **names)


def change(step: Step, to: Tongue) -> str:
    """A step with its sign; what nobody ordered has no figure."""
    if not step.orders:
        return to.t("report.step.none")
    return ("+" if step.change > 0 else "") + dollars(step.change)


def finding(found: Waterfall, names: dict[str, str], to: Tongue) -> str:
    most = max(found.steps, key=lambda step: abs(step.change))
    if not most.change:
        return to.t("report.step_none_moved", zone=to.name(found.zone))
    key = "report.step_adds" if most.change > 0 else "report.step_saves"
    amount = to.say("total", abs(most.change))
    return first_up(to.t(key, step=names[most.key], amount=amount))
