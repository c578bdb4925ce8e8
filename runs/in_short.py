"""A game and a what-if in a few words, as the last line of a notebook's cell shows them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runs.lucks import Lucks
    from runs.play import Play
    from runs.whatif import WhatIf

# What is shown of a run's headline figures, and in which words.
SHOWN = {
    "price_last": "price, ratio",
    "cover_weeks_last": "cover, weeks",
    "china_share_true_last": "share of the coercer, true origin",
    "grey_value_share_last": "share of grey routes",
    "gdp_loss_usd_total": "loss so far, USD",
}


def in_short(game: Play) -> str:
    """Where a game stands, in one line."""
    plan = game.plan
    people = ", ".join(actor for actor, player in game.seats.items() if player == "person")
    played = f"{people} played by people" if people else "no seat played by people"
    return (
        f"<Game {plan.id}, seed {game.luck}: {game.week} of {game.horizon} weeks played, "
        f"{plan.users:,} users, {played}>"
    )


def as_html(game: Play) -> str:
    """Where a game stands and its headline figures, as a small table."""
    plan = game.plan
    rows = [
        ("scenario", plan.name),
        ("seed", str(game.luck)),
        ("weeks played", f"{game.week} of {game.horizon}, from {plan.start}"),
        ("industrial users", f"{plan.users:,}"),
        ("chart", f"{plan.options['material']} in {plan.options['zone']}"),
    ]
    figures = game.summary()
    for name, words in SHOWN.items():
        if figures.get(name) is not None:
            rows.append((words, f"{figures[name]:.4g}"))
    return table(plan.title, rows)


def ensemble_html(found: Lucks) -> str:
    """What was played, and the headline figures at the end: median and 8 of 10 of the lucks."""
    asked = found.asked
    rows = [("scenario", asked.base.name), ("lucks", f"{asked.runs} from seed {asked.seed}")]
    for name, words in SHOWN.items():
        low, mid, high = found.cells[name].quantile([0.1, 0.5, 0.9])
        rows.append((words, f"{mid:.4g} (8 of 10: {low:.4g} to {high:.4g})"))
    return table(asked.base.title, rows)


def what_if_in_short(found: WhatIf) -> str:
    """What was held and for how long, and what it changed, in a few lines."""
    lines = [f"<{what_if_title(found)}>"]
    for row in found.table.to_dict(orient="records"):
        lines.append(
            f"  {row['measure']:<20} {row['base']:.4g} to {row['branch']:.4g}, change "
            f"{row['change']:+.3g} ({row['change_p10']:+.3g} to {row['change_p90']:+.3g}), "
            f"{row['unit']}"
        )
    return "\n".join(lines)


def what_if_html(found: WhatIf) -> str:
    """The same as a table: medians over lucks of both branches, and the change with its band."""
    frame = found.table.to_html(index=False, float_format=lambda value: f"{value:.4g}", border=0)
    return f"<p><b>{escape(what_if_title(found))}</b></p>{frame}"


def what_if_title(found: WhatIf) -> str:
    held = ", ".join(f"{name}={value:g}" for name, value in found.set.items()) or "nothing held"
    lucks = next(iter(found.base.values())).shape[1]
    return (
        f"What if {held}, from week {found.from_week}, {len(found.weeks)} weeks, {lucks} "
        f"luck{'s' * (lucks != 1)}; {found.material} in {found.zone}, means over the weeks"
    )


def table(title: str, rows: list[tuple[str, str]]) -> str:
    """Names and values as HTML."""
    body = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table><caption>{escape(title)}</caption>{body}</table>"
