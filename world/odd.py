"""Keeps the tables of ODD.md equal to the tables of the code: ``python -m world.odd``.

A table stands between ``<!-- table: name -->`` and ``<!-- end -->``; everything else in the file
is written by hand. ``--check`` changes nothing and fails if the file is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from world import columns
from world.allowances import EVERY, load_allowances
from world.events import KINDS
from world.levers import DATA, LADDER, LEVERS, ladder
from world.parameters import load_parameters
from world.policy_terms import GRIP_LEVERS, grips, load_terms
from world.reading import read_rows
from world.week import PHASES

ODD = Path(__file__).with_name("ODD.md")
CALIBRATED = ODD.parent.parent / "runs" / "calibrate"  # tables that a calibration left
MOST_SHIFTS = 4
MARK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

ROWS_OF = {
    "USERS": "users, feed desks and reserves",
    "GREY": "users in the target",
    "TRADERS": "traders",
    "PLANTS": "plants",
    "MARKETS": "markets (material x zone)",
    "POOLS": "materials (the coercer's producers)",
    "HUBS": "hubs",
    "LANES": "lanes (hub x material)",
    "ZONES": "zones",
    "FIRMS": "firms with a seat",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside fields are escaped."""
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[field.replace("|", "\\|") for field in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def phases() -> str:
    rows = (
        (str(place), phase.name, phase.does, phase.submodels)
        for place, phase in enumerate(PHASES, start=1)
    )
    return table(("", "phase", "does", "submodels"), rows)


def parameters() -> str:
    rows = (
        (
            f"`{p.name}`", p.symbol, f"{p.default:g}", f"{p.low:g} to {p.high:g}", p.unit,
            p.submodel, p.meaning, f"{p.source} ({p.basis})",
        )
        for p in load_parameters().values()
    )  # fmt: skip
    head = ("parameter", "symbol", "default", "range", "unit", "in", "meaning", "source (basis)")
    return table(head, rows)


def levers() -> str:
    rows = (
        (
            f"`{lever.name}{f'.<{lever.index}>' if lever.index else ''}`",
            lever.actors.replace(" ", ", "),
            f"{lever.low:g} to {lever.high:g}", f"{lever.default:g}", lever.unit,
            str(max(1, lever.delay_weeks)), lever.meaning, lever.cost,
        )
        for lever in LEVERS.values()
    )  # fmt: skip
    head = ("lever", "held by", "range", "default", "unit", "binds after weeks", "meaning", "cost")
    return table(head, rows)


def rungs() -> str:
    steps = ladder()
    names = list(steps[0].settings)
    rows = (
        (
            str(step.rung), step.name, *(f"{step.settings[name]:g}" for name in names),
            f"{step.cost_coercer_share:g}", f"{step.cost_target_share:g}", f"{step.signal:g}",
        )
        for step in steps
    )  # fmt: skip
    own = ("cost to the coercer, of GDP a year", "cost to the target", "signal")
    return table((LADDER, "step", *(f"`{name}`" for name in names), *own), rows)


def policies() -> str:
    rows = (
        (
            page, f"`{t.name}`", f"{t.value:g}", f"{t.low:g} to {t.high:g}", t.unit, t.meaning,
            f"{t.source} ({t.basis})",
        )
        for page, terms in load_terms().items() for t in terms.values()
    )  # fmt: skip
    return table(("page", "term", "value", "range", "unit", "meaning", "source (basis)"), rows)


def personas() -> str:
    figures = ("persona", "term", "weight", "low", "high", "unit", "source", "basis")
    rows = (
        (
            row["persona"], f"`{row['term']}`", row["weight"], f"{row['low']} to {row['high']}",
            row["unit"], f"{row['source']} ({row['basis']})",
        )
        for row in read_rows(DATA / "personas.csv", figures)
    )  # fmt: skip
    return table(("persona", "term", "value", "range", "unit", "source (basis)"), rows)


def scales() -> str:
    figures = ("term", "scale", "unit", "source", "basis", "note")
    rows = (
        (f"`{row['term']}`", row["scale"], row["unit"], row["note"],
         f"{row['source']} ({row['basis']})")
        for row in read_rows(DATA / "policy_scales.csv", figures)
    )  # fmt: skip
    return table(("term", "scale", "unit", "meaning", "source (basis)"), rows)


def grip() -> str:
    rows = ((str(place), *(f"{value:g}" for value in step)) for place, step in enumerate(grips()))
    return table(("grip", *(f"`{name}`" for name in GRIP_LEVERS)), rows)


def state() -> str:
    rows = (
        (
            f"`{group.lower()}.{column.name}`", " x ".join(column.extra), column.unit,
            f"{column.default:g}", column.meaning,
        )
        for group in ROWS_OF
        for column in getattr(columns, group)
    )  # fmt: skip
    kinds = "; ".join(f"`{group.lower()}`: {of}" for group, of in ROWS_OF.items())
    head = ("column", "per row, also by", "unit", "empty value", "meaning")
    return f"Rows: {kinds}.\n\n" + table(head, rows)


def events() -> str:
    rows = (
        (f"`{name}`", kind.target, ", ".join(f"{n} ({f.unit})" for n, f in kind.fields.items()),
         kind.meaning)
        for name, kind in KINDS.items()
    )  # fmt: skip
    return table(("kind", "aimed at", "fields", "meaning"), rows)


def identified() -> str:
    """What speaks of each free parameter, and what `entrepot calibrate` found to move with it."""
    moved: dict[str, list[str]] = {}
    figures = ("parameter", "target", "at_low", "at_default", "at_high")
    for row in read_rows(CALIBRATED / "identified.csv", figures):
        at = ", ".join(row[end] or "none" for end in figures[2:])
        moved.setdefault(row["parameter"], []).append(f"{row['target']} ({at})")
    rows = (
        (f"`{row['parameter']}`", row["why"],
         "; ".join(moved.get(row["parameter"], [])[:MOST_SHIFTS]) or "nothing here constrains it")
        for row in read_rows(CALIBRATED / "free.csv", ("parameter", "why"))
    )  # fmt: skip
    return table(("parameter", "what speaks of it", "what moves most (low, shipped, high)"), rows)


def purse() -> str:
    kinds = {
        "running": "what the quarter costs", "once": "what is bought in the quarter",
        "turns": "through another lever", "": "",
    }  # fmt: skip
    rows = (
        (
            f"`{one.name}`", kinds[one.money],
            f"{one.capital:g} a {one.capital_step:g} {one.unit}" if one.capital else "",
        )
        for one in LEVERS.values() if one.money or one.capital
    )  # fmt: skip
    return table(("lever", "money", "points of political capital for a change"), rows)


def allowances() -> str:
    rows = (
        (
            "all" if one.seat == EVERY else one.seat, one.measure.replace("_", " "),
            f"{one.value:g}", f"{one.low:g} to {one.high:g}", one.unit, one.arithmetic,
            one.meaning, f"{one.source} ({one.basis})",
        )
        for one in load_allowances().values()
    )  # fmt: skip
    head = ("seat", "of", "value", "range", "unit", "arithmetic", "meaning", "source (basis)")
    return table(head, rows)


TABLES: dict[str, Callable[[], str]] = {
    "identified": identified,
    "phases": phases,
    "parameters": parameters,
    "levers": levers,
    "rungs": rungs,
    "grips": grip,
    "personas": personas,
    "scales": scales,
    "policies": policies,
    "state": state,
    "events": events,
    "purse": purse,
    "allowances": allowances,
}


def renew(text: str) -> str:
    """The text with every marked table made anew; raises ValueError for a name nobody knows."""

    def fill(found: re.Match[str]) -> str:
        name = found.group(2)
        if name not in TABLES:
            raise ValueError(f"ODD.md asks for a table {name!r}; there are {', '.join(TABLES)}.")
        return f"{found.group(1)}{TABLES[name]()}{found.group(3)}"

    return MARK.sub(fill, text)


def main(arguments: list[str]) -> int:
    old = ODD.read_text(encoding="utf-8")
    new = renew(old)
    if new == old:
        return 0
    if "--check" in arguments:
        print("world/ODD.md is out of date: run python -m world.odd", file=sys.stderr)
        return 1
    ODD.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
