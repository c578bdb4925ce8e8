"""What a quarter was about for a seat, out of what everybody heard and what concerned it alone.

The sentences and weights are those of the story (`runs.story`), told of the public part of the log:
orders that are announced, happenings that everybody hears of, and of the coercer's licences those
for the seat's own country.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runs.room.briefing.sight import Sight
from runs.room.reports import ORDER_KINDS, public_line
from runs.room.say import Say
from runs.story.headlines import LOUD
from runs.story.orders import Told, moved, sentence, weight
from runs.story.run import Run, run_of
from runs.story.tidings import Item, from_log, grouped

if TYPE_CHECKING:
    from runs.play import Play

OWN_LICENCES = "licence_approval"
DEAR, CHEAP, LOW_WEEKS, STOPPED, LOST = 1.25, 0.85, 6.0, 0.005, 2e-5
HANDED = ("transfer_stock", "transfer_money")
MOST_DONE, MOST_SENTENCES = 4, 3
# What somebody does to a country or a firm, and not merely beside it.
AIMED = frozenset(
    {"ban_breadth", "listing", "rung", "licence_approval", "general_licence", "scope_notice",
     "travel_advice", "culture_ban", "seafood_ban"}
)  # fmt: skip
THREATS = frozenset({"third_country_clause", "threat", "payment_measures"})


def heard(game: Play, zone: str) -> Run:
    """The run with the log as a seat of a country hears it, and nothing that only figures tell."""
    run, events = run_of(game, zone), []
    known = f"{OWN_LICENCES}.{zone}"
    for one in game.recorder.events:
        own = one["kind"] in ORDER_KINDS and one["data"].get("lever") == known
        if own or public_line(one, game.plan) is not None:
            events.append(one)
    run.kept["events"] = events
    run.kept["raw"] = sorted(from_log(run), key=lambda one: one.week)
    return run


def opening(run: Run) -> list[Item]:
    """What the first week brings by the scenario: it is the morning of that day."""
    plan = run.plan
    if plan is None:
        return []
    events = [
        {"week": 0, "kind": one.kind, "actor": one.actor, "target": one.target, "text": one.text,
         "data": dict(one.data)}
        for one in plan.events if one.week == 0
    ]  # fmt: skip
    found = from_log(replace(run, kept={"events": events}))
    return [replace(one, weight=one.weight + LOUD) for one in found]  # nothing else is known yet


def of_quarter(run: Run, seat: str, first: int, until: int) -> list[Item]:
    """The news of a quarter for a seat, the loudest first; what it did itself is no news to it."""
    items = grouped(run, first, until) if until else opening(run)
    return [one for one in items if one.weight > 0 and not (one.group and one.zones[:1] == (seat,))]


def done_to(run: Run, sight: Sight, first: int) -> list[dict[str, Any]]:
    """What others did to the seat since ``first``: banned, listed, threatened, courted, refused."""
    plan, zone, found = sight.plan, sight.zone, []
    third = zone not in (plan.coercer, plan.target)
    for told in moved(run):
        if told.event["week"] < first or told.event["actor"] == sight.seat:
            continue
        aimed = told.lever in AIMED and told.aim == zone
        if aimed or (told.lever in THREATS and third and told.event["actor"] == plan.coercer):
            found.append(_done(run, told.event["week"], sentence(run, told)))
    for one in run.kept["raw"]:
        if one.week < first or one.group:
            continue
        refused = one.kind == "fear" and one.say.values.get("zone") == zone
        handed = one.kind in HANDED and zone in one.zones
        caught = one.kind.startswith("caught") and zone in one.zones and zone != plan.coercer
        if refused or handed or caught:
            found.append(_done(run, one.week, one.say))
    last = {row["say"]["key"]: row for row in found}  # of a kind the last is told
    return sorted(last.values(), key=lambda row: str(row["date"]))[-MOST_DONE:]


def _done(run: Run, week: int, say: Say) -> dict[str, Any]:
    return {"say": say.row, "date": run.date(week)}


def loudest_acts(run: Run, first: int) -> dict[str, Told]:
    """By actor its loudest public order since ``first``, the last of equals."""
    found: dict[str, Told] = {}
    for told in moved(run):
        actor = told.event["actor"]
        if told.event["week"] >= first and (
            actor not in found or weight(told) >= weight(found[actor])
        ):
            found[actor] = told
    return found


# --- how the seat stands --------------------------------------------------------------------------


def standing(sight: Sight) -> list[Say]:
    """How things are for the seat, the gravest first, from its own figures; never empty."""
    if sight.seat in sight.plan.firms:
        return _firm(sight)
    zone = sight.plan.target if sight.seat == sight.plan.coercer else sight.zone
    found = _public(sight, zone) if zone != sight.zone else _state(sight)
    says = [say for _, say in sorted(found, key=lambda one: -one[0])]
    still = "holds" if sight.facts()["ban_own"] else "flow"
    return says or [Say(f"story.state.{still}", {"zone": zone})]


def _state(sight: Sight) -> list[tuple[float, Say]]:
    found = _public(sight, sight.zone)
    for good, row in sight.goods().items():
        values: dict[str, Any] = {"zone": sight.zone, "whose": sight.zone, "good": good}
        stopped, weeks = float(row.get("stopped_share") or 0.0), row.get("cover_weeks")
        if stopped >= STOPPED:
            found.append((4.0 + stopped, Say("story.state.stopped", values | {"share": stopped})))
        if weeks is not None and weeks < LOW_WEEKS:
            days = 7.0 * float(weeks)
            key = "story.state.stock_out" if days < 0.5 else "story.state.stock"
            found.append((2.0 + 1.0 / (1.0 + days), Say(key, values | {"days": days})))
    return found


def _public(sight: Sight, zone: str) -> list[tuple[float, Say]]:
    """What everybody sees of a country: its dearest good and what it loses."""
    prices = {one: float(row.get(zone) or 1.0) for one, row in sight.public["prices"].items()}
    good = max(prices, key=lambda one: prices[one])
    values: dict[str, Any] = {"zone": zone, "whose": zone, "good": good, "times": prices[good]}
    found = []
    if prices[good] >= DEAR:
        found.append((1.0 + min(prices[good], 10.0) / 5.0, Say("story.state.price", values)))
    share = float(sight.public["zones"][zone].get("gdp_loss_share") or 0.0)
    if share >= LOST:
        usd = share * sight.of_place("gdp_usd", zone) / 52.0
        found.append((1.5, Say("story.state.loss", values | {"share": share, "usd": usd})))
    return found


def _firm(sight: Sight) -> list[Say]:
    report, good = sight.report, sight.good("hooked")
    found = [
        Say(
            "brief.firm_runs",
            {
                "share": float(report.get("line_rate") or 0.0),
                "usd": float(report.get("profit_usd") or 0.0),
            },
        )
    ]
    if good is not None:
        facts = sight.facts(good)
        values = {"good": good, "weeks": facts["good_weeks"], "share": facts["good_share"]}
        values |= {"zone_b": sight.plan.coercer}
        found.append(Say("brief.firm_holds", values))
    return found


def headline(sight: Sight, items: list[Item]) -> Say:
    """The quarter in one sentence."""
    if items and items[0].weight > LOUD:
        return items[0].say
    state = standing(sight)[0]
    calm = state.key in ("story.state.holds", "story.state.flow")
    return Say("brief.quiet", {"text": state.row}) if calm else state


def situation(sight: Sight, items: list[Item]) -> list[dict[str, Any]]:
    """Three sentences at most beside the headline, each told once."""
    told = headline(sight, items)
    if "text" in told.values:
        told = Say(**told.values["text"])
    more = [one.say for one in items if one.weight > LOUD and one.say.row != told.row]
    says = [*more[:1], *(one for one in standing(sight) if one.row != told.row)]
    return [one.row for one in says[:MOST_SENTENCES]]
