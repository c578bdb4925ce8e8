"""What the wall plays of a turn, worked out where the turn was played: its weeks, who was hurt, and
the news as sentences.

Until the reveal the wall knows what everybody does: customs records, prices, published output loss,
public orders and happenings.
What travelled in truth is kept beside it (`true_weeks`) and leaves the server with the replay.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.pages.words import LANGUAGES
from runs.room.reports import number, public_line
from runs.room.say import Say
from world.sums import mean_of

if TYPE_CHECKING:
    from runs.play import Play
    from runs.story.run import Run

Lane = dict[str, Any]

LEAST = 0.002  # of the widest lane: thinner ones are not drawn
HURT = 5  # zones on one scale
FELT = 1e-6  # of GDP: less is nobody's loss
DEAR = 1.5  # times the old price
NEWS = 3  # sentences
CHINA, GREY, OTHER = "china", "grey", "other"


def wall_weeks(game: Play, first: int) -> dict[str, Any]:
    """``lanes`` by customs record (t a week), ``hurt`` (mean share of GDP lost, and whether by fear
    of the coercer), ``say``: the headline by language, and ``news``: kind and sentence."""
    if game.week <= first:
        return {"lanes": [], "hurt": [], "say": None, "news": []}
    hurt = _hurt(game, first)
    say, news = _told(game, first, hurt)
    return {"lanes": _lanes(game, first), "hurt": hurt, "say": say, "news": news}


def true_weeks(game: Play, first: int) -> dict[str, Any]:
    """``lanes`` by true origin and channel, and by zone the share of firms that ``refuse``."""
    if game.week <= first:
        return {"lanes": [], "refuse": {}}
    refuse = game.recorder.array("zones", "refused_customers_share")[-1]
    zones = game.plan.zones
    return {
        "lanes": _lanes(game, first, truth=True),
        "refuse": {zone: number(np.nan_to_num(refuse[z]), 3) for z, zone in enumerate(zones)},
    }


# --- the map --------------------------------------------------------------------------------------


def _lanes(game: Play, first: int, truth: bool = False) -> list[Lane]:
    """Lanes of the chart's material with tonnes by week, the widest first."""
    keys, weeks = game.recorder.rows("flows"), game.recorder.weeks[first:]
    material = game.plan.options["material"]
    pairs = list(zip(*(keys[name] for name in ("material", "from_zone", "to_zone", "channel")),
                     strict=True))  # fmt: skip
    found: dict[tuple[str, str, str], list[float]] = {}

    def put(key: tuple[str, str, str], week: int, tonnes: float) -> None:
        if tonnes > 0:
            found.setdefault(key, [0.0] * len(weeks))[week] += tonnes

    for n, week in enumerate(weeks):
        for place, row in enumerate(week.lanes.tolist()):
            good, sender, to, channel = pairs[row]
            if good != material or sender == to:
                continue
            if not truth:
                kind = CHINA if sender == game.plan.coercer else OTHER
                put((sender, to, kind), n, float(week.flows["recorded_t"][place]))
                continue
            all_, own = (
                float(week.flows[name][place]) for name in ("shipped_t", "shipped_china_origin_t")
            )
            if channel == GREY:
                put((sender, to, GREY), n, all_)
            else:
                put((sender, to, CHINA), n, own)
                put((sender, to, OTHER), n, all_ - own)
    widest = max((max(tonnes) for tonnes in found.values()), default=0.0)
    return [
        {"from": sender, "to": to, "kind": kind, "t": [number(one, 3) for one in tonnes]}
        for (sender, to, kind), tonnes in sorted(
            found.items(), key=lambda one: (-max(one[1]), one[0])
        ) if max(tonnes) >= LEAST * widest
    ]  # fmt: skip


# --- who is hurt ----------------------------------------------------------------------------------


def _hurt(game: Play, first: int) -> list[dict[str, Any]]:
    """Zones other than the coercer by what the turn cost them, the largest share of GDP first."""
    share, lost = (
        mean_of(np.nan_to_num(game.recorder.array("zones", name)[first:]), axis=-2)
        for name in ("gdp_loss_share", "gdp_loss_usd")
    )
    zones, afraid = game.plan.zones, _afraid(game)
    others = [z for z, zone in enumerate(zones) if zone != game.plan.coercer]
    worst = sorted(others, key=lambda z: (-float(share[z]), zones[z]))
    return [
        {"zone": zones[z], "share": number(share[z], 3), "usd": number(lost[z], 4),
         "fear": zones[z] in afraid}
        for z in worst[:HURT] if share[z] >= FELT
    ]  # fmt: skip


def _afraid(game: Play) -> set[str]:
    """Zones that lose by their own firms' fear as far as everybody can tell: their industry is
    heard to refuse customers, and no ban stands against them."""
    plan, bans = game.plan, game.world.regime["ban_breadth"][0]
    banned = bans[plan.zones.index(plan.coercer)]
    return {
        event["actor"] for event in game.recorder.events
        if event["kind"] == "refused_customers" and public_line(event, plan) is not None
        and not banned[plan.zones.index(event["actor"])] > 0
    }  # fmt: skip


# --- in sentences ---------------------------------------------------------------------------------


def _told(
    game: Play, first: int, hurt: list[dict[str, Any]]
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The headline of the turn and its loudest news, by language. It speaks of the zone that stands
    first among those who are ``hurt``."""
    from runs.story.headlines import varied
    from runs.story.run import run_of
    from runs.story.tidings import grouped

    run = _public(run_of(game), game)
    items = varied([one for one in grouped(run, first, game.week) if one.weight > 0])
    zone = hurt[0]["zone"] if hurt else run.scene.target or run.scene.first_zone
    state = _state(run, game, zone)
    says = [one.say for one in items[:1]] + ([state] if state else [])
    says = says or [Say("story.state.holds", {"zone": zone})]
    head = says[0] if len(says) == 1 else Say(
        "story.join", {"first": says[0].row, "second": says[1].row}
    )  # fmt: skip
    more = items[1:] if len(items) > 1 else []
    return _spoken(head), [{"kind": one.kind, "say": _spoken(one.say)} for one in more[:NEWS]]


def _public(run: Run, game: Play) -> Run:
    """The run with nothing in its log that not everybody may read. What stocks and lines say of
    themselves is known to their own zone alone, so it makes no news here."""
    from runs.story.tidings import from_log

    run.kept["events"] = [
        {**event, "text": line["text"]} for event in run.events
        if (line := public_line(event, game.plan)) is not None
    ]  # fmt: skip
    run.kept["raw"] = sorted(from_log(run), key=lambda one: one.week)
    return run


def _state(run: Run, game: Play, zone: str) -> Say | None:
    """How a zone's dearest market and its output stand, the graver of both."""
    week = run.weeks - 1
    prices = {good: float(run.market("price", good, zone)[week]) for good in run.goods}
    known = {good: one for good, one in prices.items() if math.isfinite(one)}
    good = max(known, key=lambda one: known[one], default="")
    if good and known[good] >= DEAR:
        return Say("story.state.price", {"zone": zone, "good": good, "times": known[good]})
    usd = float(np.nan_to_num(run.zone("gdp_loss_usd", zone))[week])
    if float(np.nan_to_num(run.zone("gdp_loss_share", zone))[week]) < FELT:
        return None
    key = "fear" if zone in _afraid(game) else "loss"
    return Say(f"story.state.{key}", {"zone": zone, "capital": run.scene.coercer, "usd": usd})


def _spoken(say: Say) -> dict[str, str]:
    from runs.story.speak import write

    return {language: write(say, language) for language in LANGUAGES}
