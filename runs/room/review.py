"""The review after the last turn: everybody's orders side by side, deals, causes, forecasts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from runs.room import score
from runs.room.forecasts import scores
from runs.room.told import briefly
from runs.room.view import Picture, deal_row, questions, shared, totals


def review(picture: Picture, control: bool) -> dict[str, Any]:
    """The record as people look back on it; names and messages for facilitators only."""
    room = picture.room
    turns = [_turn(picture, number) for number in range(1, len(room.played) + 1)]
    outcomes = {t: r["public"]["outcomes"] for t, r in enumerate(picture.results) if t}
    found: dict[str, Any] = {
        **shared(picture), "turns_played": turns,
        "opening": _standing(picture.results[0]) if picture.results else None,
        "deals": [{**deal_row(d), "kept": _kept(picture, d.n)} for d in room.deals.values()
                  if d.signed_turn or d.status in ("in force", "over")],
        "injects": [asdict(i) for i in room.injects.values() if i.status == "done"],
        "moves": [asdict(m) for m in room.moves.values()],
        "flags": [
            {"seat": n.seat, "turn": n.turn, "kind": n.kind, "text": n.text}
            for n in room.notes if n.kind in ("flag", "takeaway", "strategy")
        ],
        "forecasts": scores(room.forecasts.values(), outcomes), "outcomes": outcomes,
        "questions": questions(picture.plan), "scores": totals(picture),
        "reference": _reference(room.scenario), "undone_turns": room.undone,
    }  # fmt: skip
    if control:
        found["people"] = [asdict(p) for p in room.people.values()]
        found["messages"] = [asdict(m) for m in room.messages]
        found["notes"] = [asdict(n) for n in room.notes]
    return found


def _turn(picture: Picture, number: int) -> dict[str, Any]:
    inputs = picture.room.played[number - 1]
    result = picture.results[number] if len(picture.results) > number else None
    found = {
        "turn": number, "week": inputs["week"], "played_by": inputs["seats"],
        "orders": inputs["orders"] + [
            {**order, "why": ""} for order in (result["ordered"] if result else ())
        ],
        "bounds": inputs["bounds"],
        "closed": picture.room.closed.get(number), "digest": picture.room.digests.get(number),
        "causes": briefly(picture, number),
    }  # fmt: skip
    return found | (_standing(result) if result else {})


def _standing(result: dict[str, Any]) -> dict[str, Any]:
    return {
        "gauges": {seat: own["gauges"] for seat, own in result["seats"].items()},
        "headline": result["public"]["headline"], "transfers": result["transfers"],
        "series": result["public"]["series"], "zones": result["public"]["zones"],
        "stock_days": {
            seat: {m: row.get("stock_days") for m, row in own["report"]["materials"].items()}
            for seat, own in result["seats"].items()
        },
    }  # fmt: skip


def _kept(picture: Picture, deal: int) -> dict[str, float]:
    """Tonnes that were promised under a deal and that changed hands."""
    moved = [t for r in picture.results for t in r["transfers"] if t["deal"] == deal]
    return {
        "promised_t": sum(t["promised_t"] for t in moved),
        "moved_t": sum(t["moved_t"] for t in moved),
    }


def _reference(scenario: str) -> dict[str, Any] | None:
    found = score.reference(scenario)
    if found is None:
        return None
    fits = score.reference_fits(scenario)
    return {"fits": fits, **{name: found.get(name) for name in ("runs", "digest", "users")}}
