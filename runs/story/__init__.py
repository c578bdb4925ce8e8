"""What a run tells, in sentences and figures that any page can write and draw.

    from runs.story import Story, run_of
    story = Story(run_of(game))          # or run_of_stored(stored); a snapshot of the weeks played
    story.week(30)                       # all that follows the head of the time line
    story.whole()                        # all that speaks of the run as a whole
    say_all(story.week(30), "ko")        # the same with each sentence's ``text`` beside its key

Sentences are ``{"key", "values"}`` as in `runs.room.say`; `runs.story.speak` says how values are
written. Numbers are raw, units are in the names of their keys, weeks count from 0, dates are
Mondays, series have one value a week and null where nothing is known.

``week(w)``
    ``headline``  {week, date, weight, say, second | null}
    ``news``      {from_week, until_week, items: [{kind, week, date, weight, say, why | null, zones,
                  count}] (at most 5), more: the same, nothing: sentence | null, routine: {n, say,
                  groups: [{group, n, say}], items: [{week, say}]}}, of the quarter up to the week
    ``tiles``     five of {id: price | stock | stopped | lost | origin, label, value, unit: ratio |
                  weeks | share | usd, word | null, compared | null, spark, material | null, zone};
                  price also has usd_per_kg and usd_per_kg_before, origin has declared
    ``zone``      the zone that is hurt most
``whole()``
    ``lead``      {material, zone, reason: stop | price}
    ``flags``     [{kind, week, date, row: 0 to 2, say (a few words), news (the sentence)}]; kinds
                  are step, ban, licences, quota, announcement, stop, caught, reserve, easing,
                  floor, clause, clause_dropped, concession, disaster, turn
    ``ladder``    {zone, steps by week, highest, names: {"6": sentence}}
    ``findings``  {lead: chart | null, multiples: [chart]}; a chart is {id: price | supply | stops |
                  fear | loss | papers | stock | floors | traders | exports | wedge | second,
                  title, subtitle, unit: usd_per_kg | t_per_week | share | share_of_gdp | weeks |
                  usd | n, kind: lines | stack, material, zone, lines: [{key, name, role: main |
                  compared | other, values}]}
    ``pays``      {rows: [{zone, floor_usd, tariffs_usd, subsidies_usd, stocks_usd | null,
                  measures_usd (the coercer's) | null, refused_usd, lost_usd, lost_share,
                  budget_usd, orders_lost_usd, jobs (mean of the weeks), jobs_most}],
                  studies: {zone, rows: [{id: nri | dir | dir_all, share}]} | null,
                  answers: [{id, question, says}]}
    ``goods``     {zone, say, groups: [{group, imports_usd, held_usd, loss_usd: series}]} | null
    ``complies``  {material, zone, law: {ban_breadth, scope_belief, licence_duty, ...}, threat,
                  clause, enforcement, hubs: [{zone, belief, credibility, grey_premium, cooperation,
                  served_share, payment_ties, reexports_t, active_traders, detections}],
                  refuses: {zone: series}, answers}
`runs.story.why.why(run, zone, first, until, material)` plays worlds and takes seconds: not in
``whole``; {zone, material | null, measure: lost_usd | price, unit: usd | ratio, from_week,
until_week, title, most: [sentence], note, start_usd, start_say, steps: [{id: one of
`runs.waterfall.STEPS`, say, usd, total_usd, tone: coercer | fear | stock | worse | better}],
end_usd, end_say}, start + all steps = end, with ratio for usd where a price is told; or {say} where
the run cannot be played again
"""

from __future__ import annotations

from typing import Any

from runs.room.say import Say
from runs.story.answers import complies, pays
from runs.story.findings import findings
from runs.story.flags import flags, steps
from runs.story.goods import goods
from runs.story.headlines import headline, hurt_most, last_of, news, routine
from runs.story.lead import Lead, lead, tiles
from runs.story.run import QUARTER, Run, run_of, run_of_stored
from runs.story.speak import say_all, write

__all__ = ["Lead", "Run", "Story", "run_of", "run_of_stored", "say_all", "write"]


class Story:
    """All that a run tells; what is asked twice is worked out once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.lead = lead(run)

    def week(self, week: int, material: str = "", zone: str = "") -> dict[str, Any]:
        """What follows the head; ``material`` and ``zone`` in place of the lead's."""
        run = self.run
        if not run.weeks:
            return before(run)
        return {
            "headline": headline(run, week),
            "news": news(run, max(0, week + 1 - QUARTER), week + 1),
            "tiles": tiles(run, week, material or self.lead.material, zone or self.lead.zone),
            "zone": hurt_most(run, week),
        }

    def whole(self, material: str = "", zone: str = "") -> dict[str, Any]:
        """What speaks of the whole run."""
        run, own = self.run, self.lead
        about = Lead(material or own.material, zone or own.zone, own.reason)
        return {
            "lead": about._asdict(), "flags": flags(run), "ladder": steps(run),
            "findings": findings(run, about), "pays": pays(run, about),
            "complies": complies(run, about), "goods": goods(run),
        }  # fmt: skip

    def of_zone(self, zone: str, week: int) -> list[dict[str, Any]]:
        """The last three pieces of news of a zone."""
        return last_of(self.run, zone, week)


def before(run: Run) -> dict[str, Any]:
    """What is told before the first week: that nothing has happened yet."""
    say = Say("story.state.before").row
    return {
        "headline": {"week": 0, "date": run.date(0), "weight": 0.0, "say": say, "second": None},
        "news": {"from_week": 0, "until_week": 0, "items": [], "more": [], "nothing": say,
                 "routine": routine([])},
        "tiles": [], "zone": run.scene.target,
    }  # fmt: skip
