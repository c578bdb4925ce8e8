"""Keeps the list of recorded columns in ODD.md equal to the tables of a run's folder:
``python -m runs.columns``. It stands between ``<!-- record -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
import sys

from runs.tables import TABLES
from world.odd import ODD, table

MARK = re.compile(r"(<!-- record -->\n).*?(<!-- end -->)", re.DOTALL)


def columns() -> str:
    """Every column with its table, unit and meaning."""
    rows = [
        (f"`{name}.{column}`", said)
        for name, spec in TABLES.items() for column, said in spec.values.items()
    ]  # fmt: skip
    return table(("column", "unit and meaning"), rows)


def renew(text: str) -> str:
    """The text with the list made anew."""
    return MARK.sub(lambda found: f"{found[1]}{columns()}{found[2]}", text)


def main() -> int:
    ODD.write_text(renew(ODD.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
