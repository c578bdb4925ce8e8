"""What stands on the wall beside the public world: the material of the scene that is shown now.

Each scene has a maker, and a projector's view holds what the one of its scene made and nothing of
the others: of the reveal the step that is shown, and before the reveal nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.room import scenes, score
from runs.room.forecasts import quadratic
from runs.room.scenes import BRANCH, DEALS, FORECASTS, REPLAY, RESULT, SCORES, TITLE, Page
from runs.room.state import Deal

if TYPE_CHECKING:
    from runs.room.view import Picture

Shown = dict[str, Any]

MOST_PRICES = 5
SHORT_T = 1e-6  # tonnes that may be missing of a promise
# Kinds of causes that everybody may read of; whatever else moved a zone stands in one row.
OPEN_CAUSES = {
    "measures": "measures", "own measures": "measures", "refusals": "refusals", "fear": "fear",
    "own threat": "fear", "event": "event",
}  # fmt: skip
TONES = {"measures": "china", "refusals": "fear", "fear": "fear"}
MONEY = "loss_usd"


def show(picture: Picture) -> Shown:
    """The material of the page that stands on the wall."""
    page = scenes.here(picture.room, picture.now)
    return MAKERS[page.part or page.scene](picture, page)


def ahead(picture: Picture) -> list[Shown]:
    """What the steps of an open reveal will say, for control alone: ``part``, ``n`` and ``show``.
    The weeks of the replay stay on the wall."""
    if not picture.room.revealed:
        return []
    found = []
    for page in scenes.steps(picture.room):
        material = MAKERS[page.part](picture, page)
        if page.part == REPLAY:
            material = {"weeks": material["weeks"]}
        found.append({"part": page.part, "n": page.n, "show": material})
    return found


# --- before the reveal: nothing that not everybody may know ---------------------------------------


def _title(picture: Picture, page: Page) -> Shown:
    seats = [chair for chair in picture.room.chairs.values() if chair.open]
    here = [p for p in picture.room.people.values() if not p.gone]
    return {"people": len(here), "seats": len(seats)}


def _situation(picture: Picture, page: Page) -> Shown:
    """What the last turn has left behind: ``say``, ``news`` and ``hurt`` of `runs.room.weeks`; and
    whether it stays up as the ``board`` of a table, where control opens every turn."""
    wall = (picture.latest or {}).get("wall", {})
    left = {name: wall.get(name) for name in ("say", "news", "hurt", "lanes")}
    return {**left, "board": not picture.room.options.get("auto_next", True)}


def _decide(picture: Picture, page: Page) -> Shown:
    """The same, and how many seconds the clock's bar is long."""
    return {**_situation(picture, page), "last": scenes.last_seconds(picture.room)}


def _result(picture: Picture, page: Page) -> Shown:
    """The weeks of the last turn, its prices beside those before it, and why the zone lost that
    lost most."""
    room, latest = picture.room, picture.latest
    if latest is None:
        return {}
    turn = picture.results.index(latest)
    return {
        **_situation(picture, page), "turn": turn, "from_week": latest["from_week"],
        "start": picture.plan.date(latest["from_week"]).isoformat(),
        "prices": _prices(latest, picture.results[max(0, turn - 1)]),
        "why": why(picture, turn) if room.played else None,
    }  # fmt: skip


def _prices(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The dearest goods at the chart's place, with what they cost a quarter ago; 1 is the start."""
    public, zone = now["public"], now["public"]["zone"]
    rows = [
        {"good": good, "now": places[zone], "before": before["public"]["prices"][good][zone]}
        for good, places in public["prices"].items() if places.get(zone) is not None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["now"], row["good"]))[:MOST_PRICES]


def why(picture: Picture, turn: int) -> dict[str, Any] | None:
    """What the turn cost the zone that it cost most, in dollars by open causes, whose ``rows`` add
    up; None while causes are worked out, and where nobody lost. The split is told to all, also to
    who could not have worked it out. Orders, deals and what some alone are told stand in the last
    row together."""
    hurt = (picture.results[turn].get("wall", {}).get("hurt") or [{}])[0].get("zone")
    found = picture.causes.get(turn)
    if not found or hurt not in found["seats"]:
        return None
    told = found["seats"][hurt]
    if "steps" not in told:  # of an earlier model
        return None
    sums: dict[str, float] = {}
    for step in told["steps"]:
        kind = OPEN_CAUSES.get(step["kind"], "rest")
        if step["kind"] != "quiet":  # the level before it
            sums[kind] = sums.get(kind, 0.0) + step[MONEY]
    rest = told["end"][MONEY] - told["start"][MONEY] - math.fsum(sums.values())
    sums["rest"] = sums.get("rest", 0.0) + rest
    rows = [
        {"kind": kind, "usd": round(usd), "tone": TONES.get(kind, "")}
        for kind, usd in sums.items() if kind != "rest"
    ]  # fmt: skip
    last = {"kind": "rest", "usd": round(sums["rest"]), "tone": "carried"}
    return {"zone": hurt, "start": round(told["start"][MONEY]), "rows": [*rows, last],
            "end": round(told["end"][MONEY])}  # fmt: skip


# --- the reveal -----------------------------------------------------------------------------------


def _deal(picture: Picture, page: Page) -> Shown:
    """A secret deal as it was signed, and what became of it turn by turn."""
    found = scenes.secret_deals(picture.room)
    if not found:
        return {"deal": None}
    deal = found[page.n - 1]
    keys = ("n", "by", "to", "gives", "gets", "secret", "exit", "text", "start", "left_by")
    told = {name: getattr(deal, name) for name in keys}
    told["last"] = deal.start + deal.turns - 1  # as it was signed
    return {"deal": told, "turns": _course(picture, deal)}


def _course(picture: Picture, deal: Deal) -> list[dict[str, Any]]:
    """By turn of a deal: kept, short (less stock than promised), left (notice had run out), or
    open (the game was over)."""
    rows = []
    for turn in range(deal.start, deal.start + deal.turns):
        row: dict[str, Any] = {"turn": turn}
        played = picture.results[turn : turn + 1]
        moved = [one for r in played for one in r["transfers"] if one["deal"] == deal.n]
        short = [one for one in moved if one["moved_t"] < one["promised_t"] - SHORT_T]
        if turn > deal.last:
            row["state"] = "left"
        elif turn > len(picture.room.played):
            row["state"] = "open"
        else:
            row["state"] = "short" if short else "kept"
        if short:
            row |= {name: short[0][name] for name in ("by", "material", "promised_t", "moved_t")}
        rows.append(row)
    return rows


def _forecasts(picture: Picture, page: Page) -> Shown:
    """The answers to one question, turn by turn, in the order of their size and without names, and
    what came; ``closest`` is the seat whose answers were best, nobody is shown as last."""
    names = scenes.asked(picture.room)
    if not names:
        return {"question": None}
    question = names[page.n - 1]
    given = [f for f in picture.room.forecasts.values() if f.question == question]
    rows, points = [], {}  # type: list[dict[str, Any]], dict[str, list[float]]
    for turn in range(1, len(picture.room.played) + 1):
        mine = [f for f in given if f.turn == turn]
        came = None
        if turn < len(picture.results):
            came = picture.results[turn]["public"]["outcomes"].get(question)
        if mine and came is not None:
            rows.append({"turn": turn, "p": sorted(round(f.p, 2) for f in mine), "came": came})
            for one in mine:
                points.setdefault(one.seat, []).append(quadratic(one.p, came))
    means = {seat: math.fsum(found) / len(found) for seat, found in points.items()}
    closest = max(means, key=lambda seat: (means[seat], seat), default=None)
    answers = [(p, row["came"]) for row in rows for p in row["p"]]
    right = len([p for p, came in answers if p != 0.5 and (p > 0.5) is came])
    return {"question": question, "rows": rows, "closest": closest if len(means) > 1 else None,
            "right": right, "answers": len(answers)}  # fmt: skip


def _scores(picture: Picture, page: Page) -> Shown:
    """Seats of people in the order of seats: points, how they stand to AI, and the sealed goal."""
    from runs.room.view import totals

    found, room = totals(picture), picture.room
    rows = [
        {"seat": seat, "kind": room.chairs[seat].kind, "score": total["score"],
         "band": total["band"], "goal": goal_of(total["weights"]),
         "ai": total["percentiles"] is not None}
        for seat in scenes.of_people(room) if (total := found[seat]) is not None
    ]  # fmt: skip
    first = (page.n - 1) * scenes.ROWS
    counts = {band: len([row for row in rows if row["band"] == band]) for _, band in score.BANDS}
    return {"rows": rows[first : first + scenes.ROWS], "counts": counts,
            "low": score.BANDS[0][0], "high": score.BANDS[1][0]}  # fmt: skip


def goal_of(weights: Mapping[str, float]) -> str:
    """The gauge that a seat had sealed as its first, "" where none stands out."""
    most = max(weights.values())
    first = [name for name in GAUGES if weights.get(name, 0.0) > most - 1e-9]
    return first[0] if len(first) == 1 else ""


def _branch(picture: Picture, page: Page) -> Shown:
    return {"branch": picture.room.branch}


def _replay(picture: Picture, page: Page) -> Shown:
    """All weeks: lanes by true origin, and what the dearest market paid."""
    results = picture.results[1 : len(picture.room.played) + 1]
    weeks = max((result["week"] for result in results), default=0)
    lanes: dict[tuple[str, str, str], list[float]] = {}
    for result in results:
        for lane in result.get("truth", {}).get("lanes", ()):
            whole = lanes.setdefault((lane["from"], lane["to"], lane["kind"]), [0.0] * weeks)
            for n, tonnes in enumerate(lane["t"]):
                whole[result["from_week"] + n] = tonnes
    return {
        "weeks": weeks, "start": picture.plan.start.isoformat(),
        "lanes": [
            {"from": sender, "to": to, "kind": kind, "t": tonnes}
            for (sender, to, kind), tonnes in lanes.items()
        ],
        "price": results[-1]["public"]["series"]["price"] if results else [],
        "loss": results[-1]["public"]["series"]["gdp_loss_share"] if results else [],
        "say": [result.get("wall", {}).get("say") for result in results],
    }  # fmt: skip


MAKERS: dict[str, Callable[[Picture, Page], Shown]] = {
    TITLE: _title, scenes.SITUATION: _situation, scenes.DECIDE: _decide, RESULT: _result,
    DEALS: _deal, FORECASTS: _forecasts, SCORES: _scores, BRANCH: _branch, REPLAY: _replay,
}  # fmt: skip
