"""What the wall showed in the Reveal, for the after-action report: the same material, step by step,
as pictures that stand still. The replay is not among them: the lines by week of the report are.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from runs.charts.outline import NEAR, Tint, land, map_picture
from runs.charts.outline import STYLE as MAPS
from runs.charts.paper import svg
from runs.room.scenes import BRANCH, DEALS, FORECASTS, SCORES
from runs.room.show import ahead
from runs.room.state import QUARTER
from runs.room.tongue import Tongue, without_brackets
from runs.room.verdict import goal_key
from runs.room.view import Picture

Shown = Mapping[str, Any]

STYLE = (
    MAPS
    + """
h3.part{font-size:18px;margin:28px 0 8px} .shown h4{font-size:17px;line-height:1.32;margin:0 0 8px}
.shown{grid-column:1/-1} .slip{background:var(--paper);color:var(--on-paper);padding:14px 24px;
position:relative;clip-path:polygon(0 0,calc(100% - 28px) 0,100% 28px,100% 100%,0 100%);
print-color-adjust:exact} .slip::after{content:"";position:absolute;right:0;top:0;width:28px;
height:28px;
background:linear-gradient(45deg,var(--fold) 50%,transparent 50.5%)}
.pair{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px;font-weight:700;
padding-right:24px}
.pair i{font-style:normal;width:34px;height:34px;border:2px solid var(--on-paper);border-radius:50%;
display:grid;place-items:center;font-size:14px} .pair span{color:var(--on-paper2);font-weight:400}
.slip ul{list-style:none;margin:8px 0 0;padding:8px 0 0;border-top:2px solid var(--on-paper)}
.slip li{font-weight:700;margin:0 0 4px} .slip .aside{font-weight:400;color:var(--on-paper2)}
.kept{list-style:none;display:flex;flex-wrap:wrap;gap:12px;padding:0;margin:12px 0 0}
.kept li{flex:1 1 110px;border-top:3px solid var(--edge);padding-top:4px;font-size:14px}
.kept b{display:block;font-size:16px} .kept .kept{display:block;border-color:var(--gain);margin:0}
li.kept b,.strong{color:var(--gain)} .kept .short,.kept .left{border-color:var(--loss);
border-top-style:dashed} .kept .short b,.kept .left b,.struggling{color:var(--loss)}
.two{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))}
.two p{margin:0} .two p b{font-size:20px} .heaps{overflow-x:auto}
.heaps svg{min-width:620px;max-width:760px} .heaps svg text{font-size:12px}
.heaps rect,.heaps circle{fill:var(--ink2)} .heaps .in{fill:var(--page)}
.heaps .came{fill:var(--gain)} .heaps .not{fill:var(--loss)} .heaps .axis{stroke:var(--edge)}
.heaps .mark.came{stroke:var(--gain)} .heaps .mark.not{stroke:var(--loss)} .heaps .mark{
stroke-width:3}
.seat{display:grid;grid-template-columns:minmax(120px,200px) 1fr 40px minmax(110px,190px);
gap:4px 16px;
align-items:center;border-top:1px solid var(--rule);padding:6px 0} .seat p{margin:0}
.seat small{display:block;font-size:13px;color:var(--ink2)} .seat .verdict{font-weight:600;
font-size:14px}
.seat .ai{fill:var(--edge);opacity:.75} .seat .line{stroke:var(--rule);stroke-width:2}
.seat circle{fill:var(--ink)} .seat circle.strong{fill:var(--gain)}
.seat circle.struggling{fill:var(--loss)}
@media (max-width:520px){.seat{grid-template-columns:1fr auto} .seat svg,.seat .verdict{
grid-column:1/-1}}
"""
)
SIGNS = {"kept": "✓", "short": "✕", "left": "✕", "open": "–"}
TO_AI = {"strong": "▲", "holding": "●", "struggling": "▼"}
TOLD = ("KOR", "VNM", "TWN", "MYS", "JPN")  # places with a figure on the maps of the branch
SEEN = 0.02  # a share of firms that is worth a map
NONE = 0.005  # of what the world lost: a smaller change is no difference
WIDE, LEFT, RIGHT, ROW, BEYOND = 620, 90, 118, 44, 14  # of the picture of forecasts


def reveal(picture: Picture, tongue: Tongue) -> Iterator[str]:
    """Sections as HTML, one for each part; one sentence alone while the Reveal is closed."""
    writer = _Reveal(picture, tongue)
    steps = ahead(picture)
    yield f'<h2 id="reveal">{writer.text("after.reveal")}</h2>'
    if not steps:
        yield f"<p class=soft>{writer.text('after.reveal_closed')}</p>"
        return
    yield land()
    for part, draw in writer.makers.items():
        drawn = [draw(one["show"]) for one in steps if one["part"] == part]
        head = f"<h3 class=part>{writer.text(f'wall.part_{part}')}</h3>"
        yield f"{head}<div class=cards>{''.join(drawn)}</div>"


class _Reveal:
    def __init__(self, picture: Picture, tongue: Tongue) -> None:
        self.picture, self.tongue, self.t = picture, tongue, tongue.t
        public = picture.results[-1]["public"] if picture.results else {}
        self.world = {name: public.get(name) for name in ("coercer", "target", "zone", "material")}
        self.makers: dict[str, Callable[[Shown], str]] = {
            DEALS: self._deal, FORECASTS: self._forecast, SCORES: self._scores,
            BRANCH: self._branch,
        }  # fmt: skip

    def text(self, key: str, **fill: object) -> str:
        return escape(self.t(key, **fill))

    def _name(self, seat: str) -> str:
        """A seat without what stands in brackets behind it; a firm's own name whole."""
        name = self.tongue.seat(seat)
        return without_brackets(name) if self.tongue.say.has(f"seat.{seat}") else name

    def _names(self, seats: Sequence[str]) -> str:
        return self.t("wall.and").join(self._name(one) for one in seats)

    def _figure(self, part: str, title: str, drawn: str, more: str = "") -> str:
        head = f"<h4>{escape(title)}</h4>"
        return f'<figure class="shown" data-part="{part}"{more}>{head}{drawn}</figure>'

    def _none(self, part: str) -> str:
        return f"<p class=soft data-part={part}>{self.text(f'wall.{part}_none')}</p>"

    # --- secret deals ---------------------------------------------------------------------------

    def _deal(self, show: Shown) -> str:
        deal, turns = show["deal"], show.get("turns", ())
        if deal is None:
            return self._none(DEALS)
        parties = [deal["by"], *deal["to"]]
        given = [(deal["by"], one) for one in deal["gives"]]
        given += [(seat, one) for seat in deal["to"] for one in deal["gets"]]
        span = {"from": deal["start"], "to": deal["last"]}
        leave = (
            self.t("deal.no_exit") if deal["exit"] is None else self.t("deal.exit", n=deal["exit"])
        )
        heads = f"<span>{self.text('wall.and')}</span>".join(
            f"<i aria-hidden=true>{escape(_seal(name))}</i>{escape(name)}"
            for name in map(self._name, parties)
        )
        lines = [f"<li>{escape(self.tongue.clause(*one))}</li>" for one in given]
        asides = [self.t("wall.deal_terms", **span, exit=leave)]
        asides += [f"“{deal['text']}”"] if deal["text"] else []
        lines += [f"<li class=aside>{escape(one)}</li>" for one in asides]
        slip = f"<div class=slip><div class=pair>{heads}</div><ul>{''.join(lines)}</ul></div>"
        if len(parties) == 2 and all(one in NEAR for one in parties):
            slip = f"<div class=two>{slip}{self._lane(deal, parties)}</div>"
        drawn = slip + self._course(deal, turns)
        return self._figure(DEALS, self._held(deal, turns), drawn, f' data-deal="{deal["n"]}"')

    def _lane(self, deal: Shown, parties: list[str]) -> str:
        ends = [(deal["gives"], parties), (deal["gets"], parties[::-1])]
        lanes = [
            (way[0], way[1]) for clauses, way in ends if any(c["kind"] == "stock" for c in clauses)
        ]
        tint = {one: Tint("private-edge", 0.45) for one in parties}
        return map_picture("deal", self._names(parties), self.tongue.seat, tint, {}, only=parties,
                           focus=str(self.world["zone"]), hubs=self.picture.plan.hubs,
                           lanes=lanes)  # fmt: skip

    def _held(self, deal: Shown, turns: Sequence[Shown]) -> str:
        """How a deal went, in a sentence."""
        states = [one["state"] for one in turns]
        way = "short" if "short" in states else "left" if "left" in states else "held"
        left = self._name(deal["left_by"]) if deal["left_by"] else ""
        return self.t(f"wall.deal_was_{way}", seats=self._names([deal["by"], *deal["to"]]),
                      n=states.count("kept"), of=len(states), seat=left)  # fmt: skip

    def _course(self, deal: Shown, turns: Sequence[Shown]) -> str:
        """Turns that went alike stand in one cell."""
        cells: list[dict[str, Any]] = []
        for one in turns:
            if cells and cells[-1]["state"] == one["state"] != "short":
                cells[-1]["to"] = one["turn"]
            else:
                cells.append({**one, "to": one["turn"]})
        return f"<ol class=kept>{''.join(self._cell(one, deal) for one in cells)}</ol>"

    def _cell(self, one: Shown, deal: Shown) -> str:
        span = self.t("wall.turns", **{"from": one["turn"], "to": one["to"]})
        if one["to"] == one["turn"]:
            span = self.t("wall.turn", n=one["turn"])
        num, state = self.tongue.say.num, one["state"]
        if state == "short":
            said = self.t("wall.deal_short", seat=self._name(one["by"]), had=num(one["moved_t"]),
                          due=num(one["promised_t"]),
                          good=self.tongue.say.place(one["material"]))  # fmt: skip
        else:
            left = self._name(deal["left_by"]) if deal["left_by"] else ""
            said = self.t(f"wall.deal_{state}", seat=left)
        mark = f'data-turn="{one["turn"]}" data-state="{state}"'
        return f"<li class={state} {mark}><b>{SIGNS[state]} {escape(span)}</b>{escape(said)}</li>"

    # --- forecasts ------------------------------------------------------------------------------

    def _forecast(self, show: Shown) -> str:
        if not show["question"] or not show["rows"]:
            return self._none(FORECASTS)
        right, answers = show["right"], show["answers"]
        share = right / answers
        way = (
            "most"
            if share >= 0.75
            else "more"
            if share > 0.5
            else "half"
            if share >= 0.25
            else "few"
        )
        zone, target = (self.tongue.seat(str(self.world[one])) for one in ("zone", "target"))
        ask = self.t(f"question.{show['question']}", zone=zone, target=target,
                     good=self.tongue.say.place(str(self.world["material"])))  # fmt: skip
        rows = show["rows"]
        heaps = [Counter(math.floor(20 * p + 0.5) / 20 for p in one["p"]) for one in rows]
        most = max(max(one.values()) for one in heaps)
        parts = [
            self._row(one, heap, i, most)
            for i, (one, heap) in enumerate(zip(rows, heaps, strict=True))
        ]
        foot = len(rows) * ROW + 20
        parts += [
            f'<text x="{_x(p):.0f}" y="{foot - 4}" text-anchor="{anchor}">'
            f"{self.text(f'wall.{name}')}</text>"
            for p, name, anchor in (
                (0, "surely_not", "start"),
                (0.5, "even", "middle"),
                (1, "surely", "end"),
            )
        ]
        near = self.t("wall.closest", seat=self._name(show["closest"])) if show["closest"] else ""
        note = f"<p class=note>{self.text('wall.dot')} <b>{escape(near)}</b></p>"
        picture = f"<div class=heaps tabindex=0>{svg(foot, parts, ask, WIDE)}</div>"
        drawn = f"<p class=sub>{escape(ask)}</p>{picture}{note}"
        title = self.t(f"wall.forecast_{way}", n=right, of=answers)
        return self._figure(FORECASTS, title, drawn, f' data-question="{show["question"]}"')

    def _row(self, one: Shown, heap: Mapping[float, int], i: int, most: int) -> str:
        """Dots from "surely not" to "surely", equal ones as a heap with its number, and what
        came."""
        y, came = i * ROW + ROW - 14, one["came"]
        kind, sign = ("came", "▲") if came else ("not", "▼")
        end = _x(1) + BEYOND if came else _x(0) - BEYOND
        said = self.text("wall.it_came" if came else "wall.it_did_not")
        return (
            f'<g data-turn="{one["turn"]}" data-came="{str(came).lower()}">'
            f'<text x="0" y="{y + 4}" style="font-weight:700">'
            f"{self.text('wall.turn', n=one['turn'])}</text>"
            f'<path class="axis" d="M{_x(0) - BEYOND:.1f} {y + 8}H{_x(1) + BEYOND:.1f}"/>'
            f'<path class="mark {kind}" d="M{end:.1f} {y - 14}V{y + 8}"/>'
            f'<path class="{kind}" d="M{end - 6:.1f} {y - 19}h12l-6 9z"/>'
            + "".join(_heap(p, n, y, most) for p, n in sorted(heap.items()))
            + f'<text class="{kind}" x="{WIDE - RIGHT + 2 * BEYOND}" y="{y + 4}" '
            f'style="font-weight:700">{sign} {said}</text></g>'
        )

    # --- scores ---------------------------------------------------------------------------------

    def _scores(self, show: Shown) -> str:
        rows, counts = show["rows"], show["counts"]
        if not rows:
            return self._none(SCORES)
        alone = "" if all(one["ai"] for one in rows) else "_alone"
        parts = [
            self.t(f"wall.score_{band}{alone}", n=counts[band]) for band in TO_AI if counts[band]
        ]
        title = self.t("wall.comma").join(parts)
        drawn = "".join(self._score(one, show["low"], show["high"], alone) for one in rows)
        note = f"<p class=note>{self.text(f'wall.scores_key{alone}')}</p>"
        return self._figure(SCORES, title[:1].upper() + title[1:], drawn + note)

    def _score(self, one: Shown, low: float, high: float, alone: str) -> str:
        say, seat, band = self.tongue.say, one["seat"], one["band"]
        goal = self.t("wall.goal_even")
        if one["goal"]:
            coercer = self.tongue.seat(self.picture.plan.coercer)
            name = self.t(goal_key(self.picture.plan, seat, one["goal"]), coercer=coercer)
            goal = self.t("wall.goal_first", goal=name)
        bar = (
            '<path class="line" d="M0 12H400"/>'
            f'<rect class="ai" x="{4 * low:g}" y="6" width="{4 * (high - low):g}" height="12"/>'
            f'<circle class="{band}" cx="{4 * one["score"]:.1f}" cy="12" r="7"/>'
        )
        said = f"{TO_AI[band]} {self.t(f'wall.{band}{alone}')}"
        return (
            f'<div class=seat data-seat="{escape(seat)}" data-score="{one["score"]:g}" '
            f'data-band="{band}">'
            f"<p><b>{escape(self._name(seat))}</b><small>{escape(goal)}</small></p>"
            f'<svg viewBox="0 0 400 24" aria-hidden="true">{bar}</svg>'
            f"<b>{say.num(one['score'], 0)}</b>"
            f'<span class="verdict {band}">{escape(said)}</span></div>'
        )

    # --- the branch -----------------------------------------------------------------------------

    def _branch(self, show: Shown) -> str:
        branch = show["branch"]
        if not branch:
            return self._none(BRANCH)
        zones = branch["zones"].values()
        firms = any(abs(_refuse(one["base"]) - _refuse(one["branch"])) >= SEEN for one in zones)
        sub = self.text(f"wall.measure_{'firms' if firms else 'loss'}")
        sides = "".join(self._side(branch, side, firms) for side in ("base", "branch"))
        drawn = f"<p class=sub>{sub}</p><div class=two>{sides}</div>"
        return self._figure(BRANCH, self._differs(branch), drawn)

    def _changes(self, branch: Shown) -> list[str]:
        held = [(*name.split(".", 1), value) for name, value in branch.get("set", {}).items()]
        held += [(one["actor"], one["lever"], one["value"]) for one in branch.get("orders", ())]
        return [self.t("wall.if_lever", seat=self._name(seat), lever=self.tongue.lever(lever),
                       value=self.tongue.amount(lever, value))
                for seat, lever, value in held]  # fmt: skip

    def _differs(self, branch: Shown) -> str:
        base, other = (branch["world_loss_usd"][one] for one in ("base", "branch"))
        part, what = (other - base) / base if base else 0.0, self._changes(branch)
        first = what[0] if what else ""
        if len(what) > 1:
            first = self.t("wall.if_more", what=first, n=len(what) - 1)
        way = "if_none" if abs(part) < NONE else "if_less" if part < 0 else "if_more_lost"
        usd = self.tongue.say.figure_usd
        return self.t(f"wall.{way}", what=first, turn=branch["from_week"] // QUARTER + 1,
                      was=usd(base), would=usd(other))  # fmt: skip

    def _side(self, branch: Shown, side: str, firms: bool) -> str:
        say, target = self.tongue.say, self.world["target"]

        def value(one: Shown) -> float:
            return _refuse(one) if firms else max(0.0, one["usd"])

        zones = branch["zones"]
        most = (
            0.6
            if firms
            else max([1.0, *(value(one[s]) for one in zones.values() for s in ("base", "branch"))])
        )
        colour = "fear" if firms else "loss"
        tint = {
            zone: Tint(colour, 0.85 * min(1.0, value(one[side]) / most))
            for zone, one in zones.items()
        }
        tint[str(self.world["coercer"])] = Tint("china", 0.3)
        told = [zone for zone in TOLD if zone in zones and not (firms and zone == target)]
        facts = {zone: self._share(_refuse(zones[zone][side])) if firms
                 else say.figure_usd(zones[zone][side]["usd"]) for zone in told}  # fmt: skip
        label, lost = self.t(f"wall.as_{side}"), branch["world_loss_usd"][side]
        drawn = map_picture("small", label, self.tongue.seat, tint, facts,
                            focus=str(self.world["zone"]), hubs=self.picture.plan.hubs)  # fmt: skip
        return (
            f'<div data-side="{side}" data-usd="{lost}">{drawn}'
            f"<p>{escape(label)}: <b>{escape(say.figure_usd(lost))}</b></p></div>"
        )

    def _share(self, share: float) -> str:
        """Whole per cent from 10, one digit from 1, two under 1%."""
        size = 100 * abs(share)
        return self.tongue.say.percent(
            share, 0 if size == 0 or size >= 9.95 else 1 if size >= 0.995 else 2
        )


def _seal(name: str) -> str:
    """Seals, not flags: what a name begins with."""
    if name > "\u2e7f":
        return name[0]
    return "".join(one[0] for one in re.split(r"[\s-]+", name)[:2] if one).upper()


def _x(p: float) -> float:
    return LEFT + p * (WIDE - LEFT - RIGHT)


def _heap(p: float, n: int, y: int, most: int) -> str:
    mark = f'<g data-p="{p:g}" data-n="{n}">'
    if n == 1:
        return f'{mark}<circle cx="{_x(p):.1f}" cy="{y}" r="5"/></g>'
    tall = 15 + (ROW - 8 - 15) * (n - 2) / max(1, most - 2)
    return (
        f'{mark}<rect x="{_x(p) - 10:.1f}" y="{y + 7 - tall:.1f}" width="20" '
        f'height="{tall:.1f}" rx="4"/><text class="in" x="{_x(p):.1f}" '
        f'y="{y + 11 - tall / 2:.1f}" text-anchor="middle">{n}</text></g>'
    )


def _refuse(one: Shown) -> float:
    value = one.get("refuse")
    return 0.0 if value is None or math.isnan(value) else float(value)
