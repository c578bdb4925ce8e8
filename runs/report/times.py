"""When things happened: the flags of a run on a line of months, and as a list that says each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runs.charts.page import table
from runs.charts.pictures import times_picture
from runs.compare.words import Tongue, first_up

if TYPE_CHECKING:
    from runs.story import Story


def flags_of(story: Story, to: Tongue) -> Iterator[str]:
    """The line with its flags and the ladder as steps, then each flag with its sentence."""
    from runs.story import write

    whole, run = story.whole(), story.run
    flags = [(one["week"], first_up(write(one["say"], to.language))) for one in whole["flags"]]
    steps = [0.0 if one is None else float(one) for one in whole["ladder"]["steps"]]
    start = datetime.date.fromisoformat(run.date(0))
    says = "; ".join(f"{run.date(week)}: {text}" for week, text in flags)
    yield f'<figure class="times">{times_picture(flags, steps, start, says)}</figure>'
    rows = [[one["date"], write(one["news"], to.language)] for one in whole["flags"]]
    yield table([to.t("compare.col_week"), to.t("report.what")], rows, words=1)
