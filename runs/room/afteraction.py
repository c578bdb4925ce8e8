"""The after-action report: one self-contained HTML file with links to the weeks it speaks of.

It holds what the record holds and no judgement: orders with their intents, results with their
largest causes, deals kept and broken, moves with their rulings, answers of the hot wash, notes of
the umpires, the pictures of a run's report and of the Reveal, and an empty table of findings. Names
of people are never in it; seats are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from runs.charts.page import STYLE
from runs.outcome import GAUGES
from runs.room.afterpictures import pictures
from runs.room.afterreveal import STYLE as REVEAL
from runs.room.afterreveal import reveal
from runs.room.commands import Command
from runs.room.deals import given_by
from runs.room.kept import note_of
from runs.room.state import ALL, CONTROL, QUARTER, UMPIRE, Inject
from runs.room.tongue import Tongue
from runs.room.verdict import story
from runs.room.view import Picture, totals

WASH = ("intended", "happened", "surprised")
MOST_NEWS = 60  # lines of one turn
FINDINGS = 4  # rows to fill in by hand
SHEET = """
table{width:100%} th,td{text-align:left;vertical-align:top} nav a{margin-right:14px}
.soft{color:var(--ink2)} :target{background:#fff3cf;color:#14202b} td.blank{height:40px}
@media print{tr{break-inside:avoid}}
"""


def report_html(commands: list[Command], picture: Picture, language: str = "") -> str:
    """The whole file as text; in the room's language unless another is named."""
    room = picture.room
    tongue = Tongue(language or room.language, picture.plan)
    return _Report(commands, picture, tongue).page()


class _Report:
    def __init__(self, commands: list[Command], picture: Picture, tongue: Tongue) -> None:
        self.commands, self.picture, self.room = commands, picture, picture.room
        self.words, self.t = tongue, tongue.t
        self.weeks: set[int] = set()  # that have a line to jump to

    def page(self) -> str:
        turns = range(1, len(self.room.played) + 1)
        bodies = [self._turn(n) for n in turns]
        title = escape(self.t("after.title"))
        room = self.t("after.room", room=self.room.code, scenario=self.words.title())
        about = self.t("after.about", turns=len(self.room.played), seed=self.room.seed)
        links = "".join(f'<a href="#turn-{n}">{self._text("after.turn", n=n)}</a>' for n in turns)
        if (note := note_of(self.picture)) is not None:
            about += f" {self.t(note.key, **note.values)}"
        parts = [
            f"<h1>{title}</h1><p>{escape(room)}</p><p class=soft>{escape(about)}</p>",
            f"<nav aria-label='{self._text('after.timeline')}'>{links}</nav>", self._story(),
            self._findings(), *pictures(self.picture, self.words),
            *reveal(self.picture, self.words), *bodies, self._deals(),
            self._notes("after.flags", ("flag", "expected", "takeaway")),
            self._wash(), self._umpires(), self._undone(), self._scores(),
        ]  # fmt: skip
        return (
            f'<!doctype html><html lang="{self.words.say.language}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<style>{STYLE}{SHEET}{REVEAL}</style></head><body>{''.join(parts)}</body></html>\n"
        )

    # --- pieces ---------------------------------------------------------------------------------

    def _text(self, key: str, **fill: object) -> str:
        return escape(self.t(key, **fill))

    def _head(self, key: str, ident: str = "") -> str:
        mark = f' id="{ident}"' if ident else ""
        return f"<h2{mark}>{self._text(key)}</h2>"

    def _table(self, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
        """Cells come as HTML; a head is a key of the catalogues."""
        body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        if not body:
            return f"<p class=soft>{self._text('after.none')}</p>"
        names = "".join(f"<th scope=col>{self._text(key)}</th>" for key in heads)
        table = f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
        return f"<div class=scroll tabindex=0>{table}</div>"

    def _week(self, week: int) -> str:
        """A week with its date; the first mention of a week is where links to it lead."""
        date = self.words.say.day(self.picture.plan.date(week))
        text = self._text("after.week", n=week, date=date)
        if week in self.weeks:
            return f'<a href="#week-{week}">{text}</a>'
        self.weeks.add(week)
        return f'<a id="week-{week}" href="#week-{week}">{text}</a>'

    def _link(self, turn: int) -> str:
        if not 0 < turn <= len(self.room.played):
            return self._text("after.turn", n=turn)
        return f'<a href="#turn-{turn}">{self._text("after.turn", n=turn)}</a>'

    # --- one turn -------------------------------------------------------------------------------

    def _turn(self, number: int) -> str:
        inputs = self.room.played[number - 1]
        first = inputs["week"]
        closed = self.room.closed.get(number, {})
        span = self._text("after.weeks", **{"from": first, "to": first + QUARTER - 1})
        why = self.t(f"closed.{closed['why']}") if closed.get("why") else "–"
        return "".join(
            [
                f'<h2 id="turn-{number}">{self._text("after.turn", n=number)}</h2>',
                f"<p>{self._week(first)} · {span} · {self._text('after.closed', why=why)}</p>",
                f"<h3>{self._text('after.orders')}</h3>{self._orders(inputs)}",
                self._overrides(number), self._injects(number), self._moves(number),
                f"<h3>{self._text('after.results')}</h3>{self._results(number)}",
                f"<h3>{self._text('after.news')}</h3>{self._news(number)}",
            ]
        )  # fmt: skip

    def _orders(self, inputs: dict[str, Any]) -> str:
        rows = [
            (
                escape(self.words.seat(o["actor"])),
                self._text(f"played.{inputs['seats'][o['actor']]}"),
                escape(self.words.lever(o["lever"])),
                escape(self.words.amount(o["lever"], o["value"])), self._intent(o),
            )
            for o in inputs["orders"]
        ]  # fmt: skip
        heads = ("after.seat", "console.played", "after.lever", "after.value", "after.why")
        return self._table(heads, rows)

    def _intent(self, order: dict[str, Any]) -> str:
        """The reason that was given, or the event that brought the order."""
        if "inject" not in order:
            return escape(order["why"])
        return self._text("cause.inject", n=order["inject"], what="").rstrip(": ：")

    def _overrides(self, number: int) -> str:
        rows = []
        for command in self.commands:
            data = command.data
            if command.kind != "control" or data.get("action") != "override":
                continue
            if command.turn == number:
                value = data["value"]
                shown = "–" if value is None else self.words.amount(data["lever"], value)
                cells = (self.words.seat(data["seat"]), self.words.lever(data["lever"]), shown)
                rows.append([escape(cell) for cell in (*cells, data["why"])])
        heads = ("after.seat", "after.lever", "after.value", "after.why")
        title = f"<h3>{self._text('after.overrides')}</h3>"
        return title + self._table(heads, rows) if rows else ""

    def _injects(self, number: int) -> str:
        lines = []
        for inject in self.room.injects.values():
            if inject.turn != number or inject.status not in ("shown", "done"):
                continue
            event = inject.event
            key = event.get("key")
            text = self.words.phrase({"key": key, "values": {}} if key else None, event["text"])
            week = self.room.played[number - 1]["week"] + int(event.get("week", 0))
            kind = self._text(f"kind.{event['kind']}")
            readers = ", ".join(self._reader(one) for one in inject.to)
            lines.append(f"<li>{self._week(week)}: <b>{inject.n}. {kind}</b> {escape(text)} "
                         f"<span class=soft>({escape(readers)})</span></li>")  # fmt: skip
        return f"<h3>{self._text('after.injects')}</h3><ul>{''.join(lines)}</ul>" if lines else ""

    def _reader(self, one: str) -> str:
        return self.t(f"who.{one}") if one in (ALL, CONTROL) else self.words.seat(one)

    def _moves(self, number: int) -> str:
        blocks = []
        for move in (m for m in self.room.moves.values() if m.turn == number):
            sides = [
                f"<p>{self._text(head)}:</p><ol>"
                + "".join(f"<li>{escape(x)}</li>" for x in one) + "</ol>"
                for head, one in (("after.for", move.pro), ("after.against", move.con)) if one
            ]  # fmt: skip
            told = self._text("move.waiting")
            if move.probability is not None and move.die is not None:
                came = self.t("after.yes" if move.success else "after.no")
                p, die = (self.words.say.percent(v, 1) for v in (move.probability, move.die))
                told = self._text("after.judged", p=p, die=die, outcome=came, why=move.why)
            seat = escape(self.words.seat(move.seat))
            blocks.append(
                f"<p><b>{seat}</b>: {escape(move.claim)}</p>{''.join(sides)}<p>{told}</p>"
                + "".join(self._ruling(i) for i in self.room.injects.values() if i.move == move.n)
            )
        return f"<h3>{self._text('after.moves')}</h3>{''.join(blocks)}" if blocks else ""

    def _ruling(self, inject: Inject) -> str:
        """What followed from a move, and who read it."""
        event, order, t = inject.event, inject.order, self.t
        seats = ", ".join(self._reader(one) for one in inject.to) or "–"
        fill = {"by": self.words.seat(event["actor"]) if event["actor"] else "",
                "to": self.words.seat(event["target"]) if event["target"] else ""}  # fmt: skip
        if order is not None:
            value = self.words.amount(order["lever"], order["value"])
            lever, seat = self.words.lever(order["lever"]), self.words.seat(order["seat"])
            what = t("headline.order", seat=seat, lever=lever, value=value)
        elif event["kind"] == "transfer_money":
            what = t("effect.paid", **fill, usd=self.words.say.usd(1e6 * event["data"]["usd_m"]))
        elif event["kind"] == "transfer_stock":
            tonnes = self.words.say.num(event["data"]["tonnes"])
            good = self.words.say.place(event["data"]["material"])
            what = t("effect.handed", **fill, tonnes=tonnes, good=good)
        else:
            what = t(f"inject.{event['kind']}")
        told = self._text("after.told_to", seats=seats)
        return f"<p>{self._text('after.followed', what=what)} <span class=soft>{told}</span></p>"

    def _results(self, number: int) -> str:
        results = self.picture.results
        if len(results) <= number:
            return f"<p class=soft>{self._text('after.none')}</p>"
        cause = (self.picture.causes.get(number) or {}).get("seats", {})
        num, rows = self.words.say.num, []
        for seat, chair in self.room.chairs.items():
            if not chair.open:
                continue
            now, was = (results[n]["seats"][seat]["gauges"] for n in (number, number - 1))
            marks = [f"{num(100 * now[g], 1)} ({100 * (now[g] - was[g]):+.2f})" for g in GAUGES]
            why = [
                f"{escape(self.words.cause(row))} <b>{escape(self.words.effect(row))}</b>"
                for row in cause.get(seat, {}).get("causes", [])
            ]
            rows.append([escape(self.words.seat(seat)), *marks, "<br>".join(why) or "–"])
        return self._table(("after.seat", *(f"gauge.{g}" for g in GAUGES), "result.why"), rows)

    def _news(self, number: int) -> str:
        if len(self.picture.results) <= number:
            return ""
        lines = []
        for line in self.picture.results[number]["public"]["headline"][:MOST_NEWS]:
            text = escape(self.words.phrase(line.get("say"), line["text"]))
            lines.append(f"<li>{self._week(int(line['week']))}: {text}</li>")
        return f"<ul>{''.join(lines)}</ul>"

    # --- the whole game -------------------------------------------------------------------------

    def _story(self) -> str:
        """How the game went for every seat of people, as the review tells it."""
        told = story(self.picture)
        parts = [self._head("review.how", "how")]
        if told["state"] != "done":
            note = self._text(f"review.state_{told['state']}", done=told["done"], of=told["of"])
            parts.append(f"<p class=soft>{note}</p>")
        for row in (*told["seats"].values(), *filter(None, [told["world"]])):
            lines = [f"<h3>{self._say(row['verdict'])}</h3>"]
            lines += [f"<p>{self._say(row[name])}</p>" for name in ("second", "basis", "capped")
                      if row.get(name)]  # fmt: skip
            points = "".join(
                f"<li>{self._link(one['turn'])}: <b>{self._say(one['title'])}</b>. "
                f"{self._text('review.instead')}{self._say(one['say'])}</li>"
                for one in row["points"]
            )
            parts += [*lines, f"<ol>{points}</ol>" if points else ""]
        return "".join(parts)

    def _say(self, say: Mapping[str, Any]) -> str:
        return escape(self.words.phrase(say, ""))

    def _findings(self) -> str:
        blank = "".join("<tr>" + "<td class=blank></td>" * 3 + "</tr>" for _ in range(FINDINGS))
        names = ("after.finding", "after.evidence", "after.owner")
        heads = "".join(f"<th scope=col>{self._text(key)}</th>" for key in names)
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{blank}</tbody></table>"
        return self._head("after.findings", "findings") + table

    def _deals(self) -> str:
        rows = []
        moved = [t for result in self.picture.results for t in result["transfers"]]
        for deal in self.room.deals.values():
            own = [t for t in moved if t["deal"] == deal.n]
            text = "<br>".join(
                escape(self.words.clause(seat, c)) for seat in deal.parties
                for c in given_by(deal, seat)
            )  # fmt: skip
            kept = ""
            if own:
                had, due = (sum(t[name] for t in own) for name in ("moved_t", "promised_t"))
                num = self.words.say.num
                kept = self._text("review.kept", moved=num(had), promised=num(due))
            state = self._text(f"deal.status_{deal.status.replace(' ', '_')}")
            if deal.left_by:
                state += f"<br>{self._text('deal.left_by', seat=self.words.seat(deal.left_by))}"
            open_ = self._text("deal.secret" if deal.secret else "deal.public")
            when = self._link(deal.start) if deal.start else "–"
            number = self._text("deal.number", n=deal.n)
            rows.append([f"{number}, {open_}", text, f"{state}<br>{when}", kept])
        heads = ("after.deal", "after.clauses", "after.stands", "after.kept")
        return self._head("after.deals") + self._table(heads, rows)

    def _notes(self, title: str, kinds: tuple[str, ...]) -> str:
        lines = "".join(
            f"<li>{self._link(note.turn)}, <b>{escape(self.words.seat(note.seat))}</b>, "
            f"{self._text(f'note.{note.kind}')}: {escape(note.text)}</li>"
            for note in self.room.notes if note.kind in kinds
        )  # fmt: skip
        none = f"<li class=soft>{self._text('after.none')}</li>"
        return f"{self._head(title)}<ul>{lines or none}</ul>"

    def _wash(self) -> str:
        parts = [self._head("after.hotwash", "hotwash")]
        for kind in WASH:
            rows = [
                [escape(self.words.seat(note.seat)), self._link(note.turn), escape(note.text)]
                for note in self.room.notes if note.kind == kind
            ]  # fmt: skip
            lines = "".join(f"<li><b>{seat}</b>, {turn}: {text}</li>" for seat, turn, text in rows)
            none = f"<li class=soft>{self._text('after.none')}</li>"
            parts.append(f"<h3>{self._text(f'hotwash.{kind}')}</h3><ul>{lines or none}</ul>")
        return "".join(parts)

    def _umpires(self) -> str:
        lines = "".join(
            f"<li>{self._link(note.turn)}: {escape(note.text)}</li>"
            for note in self.room.notes if note.kind == UMPIRE
        )  # fmt: skip
        return f"{self._head('after.umpire', 'umpires')}<ul>{lines}</ul>" if lines else ""

    def _undone(self) -> str:
        if not self.room.undone:
            return ""
        lines = "".join(
            f"<li>{self._text('history.undone_turn', turn=u['turn'], why=u['why'])}</li>"
            for u in self.room.undone
        )
        return f"{self._head('after.undone')}<ul>{lines}</ul>"

    def _scores(self) -> str:
        rows = [
            [escape(self.words.seat(seat)), self._text(f"band.{total['band']}")]
            for seat, total in totals(self.picture).items()
            if total and self.room.chairs[seat].open
        ]
        return self._head("after.scores") + self._table(("after.seat", "after.value"), rows)
