"""What each token may see: the only thing that is ever sent to a seat, a projector or control.

Three views, cut from the same picture. A seat's view holds its own orders, its own deals and
messages, and its own report; a projector's holds nothing private by construction, since no part
of it reads a private field; control's holds everything but tokens.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from runs.room import returns, scenes, score
from runs.room.bothsides import sides
from runs.room.control import ACTIONS
from runs.room.controls.injects import event_kinds
from runs.room.deals import bounds_on, given_by, in_words
from runs.room.forecasts import QUESTIONS
from runs.room.kept import note_of
from runs.room.purse import Desk, purses_of
from runs.room.refusals import bound_say
from runs.room.roster import lever_table, seat_name
from runs.room.say import Say
from runs.room.show import ahead, show
from runs.room.state import (
    ALL,
    CONTROL,
    ENDED,
    LOBBY,
    OPEN,
    PERSON,
    RESOLVING,
    VOTE,
    Chair,
    Deal,
    Room,
)
from runs.room.tidings import row_of
from runs.room.told import brief, briefly, told
from runs.room.turns import SEGMENTS, undo_opens, weights_open

if TYPE_CHECKING:
    from world.scenario import Scenario

MOST_MESSAGES = 200  # the latest that one view holds
MOST_ACTS = 3  # of one turn on the console's time line


@dataclass
class Picture:
    """All that views are cut from: the room, what the world has said, and who is connected."""

    room: Room
    plan: Scenario
    now: int  # ms
    results: list[dict[str, Any]] = field(default_factory=list)  # the opening first
    rehearsal: dict[str, Any] | None = None  # result of the practice turn
    causes: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    present: frozenset[str] = frozenset()  # seats with a device
    devices: Mapping[str, int] = field(default_factory=dict)  # by person
    health: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # see `runs.room.forks`

    @property
    def latest(self) -> dict[str, Any] | None:
        """The result that people look at: of the last turn that was played."""
        known = len(self.room.played) - (self.room.phase == RESOLVING and not self.room.practice)
        return self.results[known] if len(self.results) > known else None


# --- what all three share -----------------------------------------------------------------------


def phase_of(room: Room, now: int) -> str:
    """lobby, report, negotiate, orders, resolve, ended."""
    if room.phase != OPEN:
        return {LOBBY: "lobby", RESOLVING: "resolve", ENDED: "ended"}[room.phase]
    ends = segments(room)
    return next((s["phase"] for s in ends if now < s["until"]), "orders")


def segments(room: Room) -> list[dict[str, Any]]:
    """When the parts of the open turn end, on the server's clock; empty while no clock runs."""
    if room.phase != OPEN or room.turn_seconds is None or room.deadline is None:
        return []
    end = room.deadline
    length = 1000 * room.turn_seconds
    ends, share = [], 0.0
    for name, part in SEGMENTS:
        share += part
        ends.append({"phase": name, "until": round(end - length * (1 - share))})
    return ends


def shared(picture: Picture) -> dict[str, Any]:
    """What everybody sees of the room itself."""
    room, note = picture.room, note_of(picture)
    return {
        "version": room.version, "now": picture.now, "room": room.code,
        "scenario": room.scenario, "title": picture.plan.title,
        "summary": picture.plan.summary, "start": picture.plan.start.isoformat(),
        "language": room.language, "turn": room.turn, "turns": room.turns,
        "last_turn_drawn": bool(room.options.get("random_end")), "practice": room.practice,
        "week": room.week, "date": picture.plan.date(room.week).isoformat(),
        "phase": phase_of(room, picture.now), "deadline": room.deadline, "paused": room.paused,
        "left": room.left, "segments": segments(room), "revealed": room.revealed,
        "undone": [{"turn": u["turn"], "why": u["why"], "by": u["by"]} for u in room.undone],
        "undo_opens": undo_opens(room), "note": note and note.row,
        "seats": [_seat_line(picture, chair) for chair in room.chairs.values()],
        "public": public(picture),
    }  # fmt: skip


def _seat_line(picture: Picture, chair: Chair) -> dict[str, Any]:
    people = [p for p in picture.room.people.values() if p.seat == chair.seat and not p.gone]
    state = "drafting"
    if chair.submitted or chair.played_by != PERSON:
        state = "submitted"
    elif picture.room.phase != LOBBY and chair.seat not in picture.present:
        state = "away"
    line = {
        "seat": chair.seat, "title": f"seat.{chair.seat}", "kind": chair.kind,
        "name": seat_name(picture.plan, chair.seat),
        "open": chair.open, "state": state, "played_by": chair.played_by, "people": len(people),
    }  # fmt: skip
    if picture.room.names_shown:
        line["names"] = [person.name for person in people]
    return line


def public(picture: Picture) -> dict[str, Any]:
    """The public world: last result, public deals, injects and messages for all."""
    room, latest = picture.room, picture.latest
    found = dict(latest["public"]) if latest else {}
    found["deals"] = [
        deal_row(deal) for deal in room.deals.values()
        if not deal.secret and deal.status == "in force"
    ]  # fmt: skip
    found["injects"] = [_inject_row(i) for i in _shown(room) if ALL in i["to"]]
    found["messages"] = [
        _message_row(m) for m in room.messages if ALL in m.to
    ][-MOST_MESSAGES:]  # fmt: skip
    found["moves"] = [
        {"n": m.n, "seat": m.seat, "turn": m.turn, "claim": m.claim, "success": m.success,
         "probability": m.probability, "die": m.die}
        for m in room.moves.values() if m.shown  # others stay with their seat and control
    ]  # fmt: skip
    lost = math.fsum(r["public"]["world_loss_usd"] or 0.0 for r in picture.results[1:])
    if len(picture.results) > 1:
        found["common"] = score.common(room.scenario, len(picture.results) - 1, lost)
    return found


def _shown(room: Room) -> Iterable[dict[str, Any]]:
    return (asdict(i) for i in room.injects.values() if i.status in ("shown", "done"))


def _inject_row(inject: dict[str, Any]) -> dict[str, Any]:
    event = inject["event"]
    row = {"n": inject["n"], "turn": inject["turn"], "kind": event["kind"],
           "actor": event["actor"], "target": event["target"], "text": event["text"],
           "card": inject["card"], "ruling": bool(inject["move"])}  # fmt: skip
    return row | row_of(Say(event["key"]) if event.get("key") else None)


def _message_row(message: Any) -> dict[str, Any]:
    row = {"n": message.n, "by": message.by, "to": message.to, "text": message.text,
           "turn": message.turn, "at": message.at}  # fmt: skip
    return row if message.say is None else row | {"say": message.say}


def deal_row(deal: Deal) -> dict[str, Any]:
    """A deal as its parties see it, with every clause in a plain sentence."""
    words = [in_words(seat, c) for seat in deal.parties for c in given_by(deal, seat)]
    return {**asdict(deal), "parties": deal.parties, "words": words}


# --- a seat -------------------------------------------------------------------------------------


def seat_view(picture: Picture, seat: str) -> dict[str, Any]:
    """The payload of everybody at one seat; what concerns one person is added by `personal`."""
    room, latest = picture.room, picture.latest
    chair = room.chairs[seat]
    own = latest["seats"][seat] if latest else None
    bounds = bounds_on(room, picture.plan, seat, room.turn)
    return {
        **shared(picture), **_purse(picture, seat),
        "seat": seat, "kind": chair.kind, "handed": chair.handed,
        "submitted": chair.submitted, "gauges": _gauges(picture, seat),
        "briefing": own.get("briefing") if own else None,
        "report": _report(picture, seat, own),
        "levers": levers(picture.plan, seat, own), "orders": _orders(chair),
        "six": own.get("six", []) if own else [],
        "bounds": [
            {"lever": part, "words": bound.words, "deals": list(bound.deals),
             "say": bound_say(part, bound.low, bound.high).row}
            for part, bound in bounds.items()
        ],
        "deals": [deal_row(d) for d in room.deals.values() if seat in d.parties],
        "messages": [
            _message_row(m) for m in room.messages
            if m.by == seat or seat in m.to or ALL in m.to
        ][-MOST_MESSAGES:],
        "weights": chair.weights, "weights_open": weights_open(room, chair),
        "questions": questions(picture.plan),
        "notes": [
            {"turn": n.turn, "kind": n.kind, "text": n.text}
            for n in room.notes if n.seat == seat and n.kind != VOTE  # a vote is a person's own
        ],
        "moves": [asdict(m) for m in room.moves.values() if m.seat == seat],
        "history": _history(picture, seat),
        "score": _total(picture, seat) if room.revealed else None,
    }  # fmt: skip


def _purse(picture: Picture, seat: str) -> dict[str, Any]:
    """``purse``: money and political capital, bound, new and free, where an allowance binds."""
    purses = purses_of(picture.latest) if picture.plan.allowance else None
    if not purses or seat not in purses:
        return {}
    return {"purse": Desk(picture.room, picture.plan, seat, purses).row()}


def personal(picture: Picture, who: str) -> dict[str, Any]:
    """What is added for one person at a seat."""
    person = picture.room.people[who]
    forecasts = [
        {"turn": f.turn, "question": f.question, "p": f.p}
        for f in picture.room.forecasts.values() if f.who == who
    ]  # fmt: skip
    you = {"who": who, "name": person.name, "job": person.job}
    mine = (n.turn for n in picture.room.notes if (n.kind, n.who) == (VOTE, who))
    return {"you": you, "forecasts": forecasts, "vote": next(mine, None)}


def _orders(chair: Chair) -> list[dict[str, Any]]:
    """The saved orders: ``by`` is person or control; what control has set has a ``reason``, and no
    ``why``, which is the seat's own word."""
    rows = []
    for full, draft in chair.orders.items():
        row = {"lever": full, **asdict(draft), "reason": ""}
        if draft.by != PERSON:
            row |= {"by": CONTROL, "reason": draft.why, "why": ""}
        rows.append(row)
    return rows


def levers(plan: Scenario, seat: str, own: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The seat's lever table with the values in force, by index; `value` where it has none."""
    rows = []
    for row in lever_table(plan, seat):
        values = own["values"].get(row["lever"], {}) if own else {}
        places = list(values) if values and row["index"] else row["places"]
        standing = {"places": places, "value": values.get(""), "values": values}
        rows.append({**row, **standing})
    return rows


def questions(plan: Scenario) -> list[dict[str, str]]:
    words = {**plan.options, "target": plan.target}
    return [{"id": name, "text": text.format(**words)} for name, text in QUESTIONS.items()]


def _gauges(picture: Picture, seat: str) -> list[dict[str, Any]]:
    latest = picture.latest
    if latest is None:
        return []
    number = picture.results.index(latest)
    before = picture.results[max(0, number - 1)]["seats"][seat]["gauges"]
    now = latest["seats"][seat]["gauges"]
    return score.gauge_rows(picture.room.scenario, number, seat, now, before)


def _report(picture: Picture, seat: str, own: Mapping[str, Any] | None) -> dict[str, Any]:
    """What only the seat knows: its picture, its change and why, its injects and promises."""
    room = picture.room
    found: dict[str, Any] = dict(own["report"]) if own else {}
    found["under_way"] = own["under_way"] if own else []
    found["lacks"] = own.get("lacks", {}) if own else {}
    found["injects"] = [_inject_row(i) for i in _shown(room) if seat in i["to"]]
    turn = len(room.played) - (room.phase == RESOLVING)
    cause = picture.causes.get(turn)
    found["result"] = {"turn": turn, **told(room, seat, cause["seats"][seat])} if cause else None
    if picture.latest:
        found["transfers"] = [t for t in picture.latest["transfers"] if seat in (t["by"], t["to"])]
    if picture.rehearsal and room.turn <= 1:
        before = picture.results[0]["seats"][seat]["gauges"] if picture.results else {}
        found["practice"] = {
            "gauges": picture.rehearsal["seats"][seat]["gauges"], "before": before,
            "headline": picture.rehearsal["public"]["headline"],
        }  # fmt: skip
    return found


def _history(picture: Picture, seat: str) -> list[dict[str, Any]]:
    """The seat's own past: its orders, gauges and results by turn."""
    rows = []
    for inputs, result in zip(picture.room.played, picture.results[1:], strict=False):
        turn = inputs["turn"]
        cause = picture.causes.get(turn)
        rows.append(
            {
                "turn": turn, "week": inputs["week"], "played_by": inputs["seats"][seat],
                "orders": [
                    {"lever": o["lever"], "value": o["value"], "why": o["why"],
                     "by": CONTROL if "inject" in o else o.get("by", PERSON)}
                    for o in inputs["orders"] if o["actor"] == seat
                ],
                "gauges": result["seats"][seat]["gauges"],
                "result": brief(told(picture.room, seat, cause["seats"][seat])) if cause else None,
            }
        )  # fmt: skip
    return rows


def _total(picture: Picture, seat: str) -> dict[str, Any] | None:
    if not picture.room.played or len(picture.results) <= len(picture.room.played):
        return None
    turn = len(picture.room.played)
    now = picture.results[turn]["seats"][seat]["gauges"]
    chair = picture.room.chairs[seat]
    return score.total(picture.room.scenario, turn, seat, now, chair.weights)


def totals(picture: Picture) -> dict[str, dict[str, Any] | None]:
    return {seat: _total(picture, seat) for seat in picture.room.chairs}


# --- the wall and control -----------------------------------------------------------------------


def projector_view(picture: Picture) -> dict[str, Any]:
    """The public world, the page that the wall shows, and that page's material."""
    room, now = picture.room, picture.now
    wall = {"wall": scenes.told(room, now, control=False), "show": show(picture)}
    return {**shared(picture), "seat": None, **wall}


def control_view(picture: Picture, who: str) -> dict[str, Any]:
    """Everything, with the names of people unless a facilitator hides them on the wall."""
    room, latest = picture.room, picture.latest
    rights = room.facilitators.get(who, {}).get("rights", [])
    seats = latest["seats"] if latest else {}
    purses = {
        seat: own["purse"] for seat in room.chairs if (own := _purse(picture, seat))
    }
    return {
        **shared(picture), **({"purses": purses} if purses else {}), "seat": None, "rights": rights,
        "facilitators": room.facilitators, "last_turn": room.last_turn, "seed": room.seed,
        "turn_seconds": room.turn_seconds, "options": room.options,
        "people": [{**asdict(p), "devices": picture.devices.get(p.who, 0)}
                   for p in room.people.values()],
        "requests": returns.rows(room, picture.now, picture.devices),
        "orders": {chair.seat: _orders(chair) for chair in room.chairs.values()},
        "gauges": {seat: seats[seat]["gauges"] for seat in seats},
        "deals": [deal_row(d) for d in room.deals.values()],
        "messages": [{**_message_row(m), "who": m.who} for m in room.messages][-MOST_MESSAGES:],
        "injects": [asdict(i) for i in room.injects.values()],
        "moves": [{**asdict(m), "sides": sides(picture, m)} for m in room.moves.values()],
        "notes": [asdict(n) for n in room.notes],
        "forecasts": [asdict(f) for f in room.forecasts.values()],
        "actions": {name: action.right for name, action in ACTIONS.items()},
        "cards": cards(picture.plan, tuple(room.chairs)),
        "event_kinds": event_kinds(), "health": dict(picture.health),
        "names_shown": room.names_shown, "closed": room.closed,
        "causes": briefly(picture, len(room.played)),
        "scores": totals(picture), "control": CONTROL,
        "wall": scenes.told(room, picture.now, control=True), "show": show(picture),
        "ahead": ahead(picture), "began": room.began, "opened": room.opened, "acts": _acts(picture),
    }  # fmt: skip


def _acts(picture: Picture) -> list[dict[str, Any]]:
    """What the world saw first of each turn that was played, for the console's time line."""
    return [
        {"turn": turn, "lines": result["public"]["headline"][:MOST_ACTS]}
        for turn, result in enumerate(picture.results[: len(picture.room.played) + 1]) if turn
    ]  # fmt: skip


def cards(plan: Scenario, seats: tuple[str, ...]) -> list[dict[str, Any]]:
    """The inject cards that the room can play; texts are `inject_card.ID` of the catalogues."""
    from runs.printing.plan import cards_for

    return [
        {"card": card.id, "turn": card.turn, "to": list(card.to), "event": card.event,
         "order": card.override or None}
        for card in cards_for(plan, list(seats))
    ]  # fmt: skip
