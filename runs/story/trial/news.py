"""What is told as having happened, found again in the log and in the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runs.story.trial.seen import Move, Seen

Values = Mapping[str, Any]
Found = Iterator[tuple[str, Any, Any]]
Span = tuple[int, int]  # the first week and the last of what is joined in one piece of news
STATUS = {  # of a plant in the week in which it is told
    "start": ("running", "idle"), "mothball": ("mothballed",), "build": ("building",),
    "restart": ("building", "running", "idle"), "scrap": ("scrapped",),
}  # fmt: skip


def order(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """``story.lever.NAME.WAY``: somebody moved that lever, and this way."""
    name, _, way = key.rpartition(".")
    if name == "concession" and any(
        seen.told(week, "concession") for week in range(span[0], span[1] + 1)
    ):
        yield "who", v["capital"] in {one["actor"] for one in seen.events}, True
        return
    if name in ("wto_case", "legal_frame"):  # what waited for a measure is told when one stands
        span = (0, span[1])
    some = [one for one in _moves(seen, span) if one.lever == name and _is_it(one, v)]
    yield "somebody did", bool(some), True
    yield "direction", any(_went(one, way) for one in some), True
    if name == "hub_policing":
        yield "where", v["zone"], v["capital"]
    if "usd" in v:
        yield "price", any(one.value == v["usd"] for one in some), True


def _moves(seen: Seen, span: Span) -> list[Move]:
    return [one for one in seen.moves if span[0] <= one.week <= span[1]]


def _is_it(one: Move, v: Values) -> bool:
    """Whether a move is of the actor and of the place or good that a sentence names."""
    from world.levers import LEVERS

    lever = LEVERS[one.lever]
    aim = {"zone": v.get("zone"), "material": v.get("good")}.get(lever.index, one.aim)
    return one.actor == v["capital"] and (one.aim or "all" if lever.index else aim) == aim


def _went(one: Move, way: str) -> bool:
    if one.lever == "licence_terms":
        return {-1: "own", 0: "accept", 1: "quit", 2: "evade"}[round(one.value)] == way
    if one.lever == "legal_frame":
        return {0: "none", 1: "conservation", 2: "security"}[round(one.value)] == way
    if way == "off":
        return one.value <= 0 and not one.up
    return one.up if way == "up" else not one.up


def rung(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """``story.rung.up_6``: the step was ordered, from below, and stood in that week or the next.

    A dated act binds in its own week, an order of a policy a week later.
    """
    way, _, number = key.partition("_")
    step = float(number)
    some = [one for one in _moves(seen, span) if one.lever == "rung" and one.aim == v["zone"]]
    yield "ordered", any(one.actor == v["capital"] and one.value == step for one in some), True
    yield "direction", any(one.up == (way == "up") for one in some if one.value == step), True
    recorded = list(seen.zone("rung", v["zone"]))
    weeks = [one.week for one in some if one.value == step]
    stood = any(step in recorded[week : week + 2] for week in weeks)
    stood |= any(week + 1 == len(recorded) for week in weeks)  # it binds after the last week
    passed = any(one.value != step and one.week in weeks for one in some)
    yield "in the table of zones", stood or passed, True


def stop(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """Lines stopped in that zone for want of that good; whether they were the first there."""
    starts = [one for one in seen.stops if one[1] == v["zone"]]
    inside = [one for one in starts if span[0] <= one[0] <= span[1]]
    yield "the run had begun", any(one[0] == 0 for one in inside if one[2] == v["good"]), False
    inside = [one for one in inside if one[0]]
    yield "stopped", (v["zone"], v["good"]) in {one[1:] for one in inside}, True
    week = next((one[0] for one in inside if one[2] == v["good"]), -1)
    if key == "stop":
        yield "nothing stopped before", min(one[0] for one in starts), week
    if key == "stop_more":
        yield "something stopped before", min(one[0] for one in starts) <= week, True
        yield "and something else", len([one for one in starts if one[0] <= week]) > 1, True
    if key == "stop_two":
        yield "both", {v["good"], v["good_b"]}, {one[2] for one in inside}
    if key == "stop_several":
        yield "n", v["n"], len(inside) - 1


def reserve(seen: Seen, key: str, v: Values, span: Span) -> Found:
    first = seen.opened.get(v["zone"], -1)
    yield "first week of the reserve", first in range(*_range(span)), True
    yield "it was shut when the run began", first > 0, True


TENTH = 0.1  # of need, more than when the run began


def collected(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """The first week in which recyclers serve a tenth more of the zone's need than at the start,
    and no good of the zone was there before."""
    need = seen.wide("markets", "demand_t")
    part = seen.wide("markets", "from_recycled_t").fillna(0.0).div(need.where(need > 0)).fillna(0.0)
    own = part.xs(v["zone"], axis=1, level="zone")
    grown = own.ge(own.iloc[0] + TENTH)
    firsts = {good: int(grown[good].idxmax()) for good in grown if grown[good].any()}
    first = firsts.get(v["good"], -1)
    yield "in its week", first in range(*_range(span)), True
    yield "no good before", min(firsts.values(), default=-1), first
    if first >= 0:
        yield "share", v["share"], float(own[v["good"]].loc[first])


def _range(span: Span) -> Span:
    return span[0], span[1] + 1


def _events(seen: Seen, span: Span, kind: str) -> list[dict[str, Any]]:
    return [one for week in range(*_range(span)) for one in seen.told(week, kind)]


def caught(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """Traders by the table of hubs; a plant or a firm by the log, as no hub has them."""
    events = _events(seen, span, "detection")
    traders = [one for one in events if "trader" in one["data"]]
    if key in ("caught_week", "caught_many"):
        yield "n", v["n"], seen.caught.loc[span[0] : span[1]].to_numpy().sum()
        yield "one week", key == "caught_week", len({one["week"] for one in traders}) == 1
        yield "share", v["share"], max(one["data"]["hub_share"] for one in traders)
        yield "weeks", v["weeks"] in {one["data"]["weeks"] for one in traders}, True
        yield "who", v["capital"], seen.coercer
    elif key == "caught":
        own = [one for one in traders if one["target"] == v["zone"]]
        yield "where", bool(own), True
        yield "in the table", bool(seen.caught.loc[span[0] : span[1], v["zone"]].sum() >= 1), True
        yield "good", v["good"] in {one["data"]["material"] for one in own}, True
        yield "weeks", v["weeks"] in {one["data"]["weeks"] for one in own}, True
        yield "whose customers", v["zone_b"], seen.target
    else:
        yield "told", any(key.removeprefix("caught_") in one["data"] for one in events), True


def fear(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """The share of industry that refuses, from the table of zones in the week it was told."""
    events = _events(seen, span, "refused_customers")
    yield "customers", v["zone"], seen.target
    if key == "fear":
        own = [one for one in events if one["actor"] == v["whose"]]
        shares = [seen.zone("refused_customers_share", v["whose"])[one["week"]] for one in own]
        yield "share", any(abs(v["share"] - share) < 1e-9 for share in shares), True
        return
    yield "n", v["n"], len({one["actor"] for one in events})
    by_zone = {one["actor"]: one["data"]["share"] for one in events}
    yield "most of all", v["share"], max(by_zone.values())
    yield "where", by_zone.get(v["zone_b"]), max(by_zone.values())


def _named(plant: Any) -> str:
    """The name of a plant that has one."""
    return plant if isinstance(plant, str) else str(plant["values"].get("name", ""))


def plant(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """The plant's row in the table of producers in that week."""
    change = key.removeprefix("plant_")
    told = [one for one in _events(seen, span, "plant") if one["data"]["change"] == change]
    own = [one for one in told if one["target"] == v["zone"]
           and one["data"]["material"] == v["good"]]  # fmt: skip
    named = _named(v["plant"])
    mine = [one for one in own if one["actor"].startswith(named)]
    yield "in the log", bool(mine), True
    table = seen.frames["producers"]
    found = [
        row for one in mine
        for row in table[(table["producer"] == one["actor"])
                         & (table["week"] == one["week"])].itertuples()
    ]  # fmt: skip
    if found:  # a plant that is given up has left the table
        yield "status", bool({row.status for row in found} & set(STATUS[change])), True
        yield "where", v["zone"] in {row.zone for row in found}, True
        yield "what", v["good"] in {row.material for row in found}, True
    yield "price", any(one["data"]["price"] == v["times"] for one in mine), True


def terms(seen: Seen, key: str, v: Values, span: Span) -> Found:
    number = {"terms_accept": 0, "terms_quit": 1, "terms_evade": 2}[key]
    named = _named(v["plant"])
    own = [one for one in _events(seen, span, "terms")
           if one["data"]["terms"] == number and one["actor"].startswith(named)]  # fmt: skip
    yield "in the log", bool(own), True
    yield "premium", any(one["data"]["premium"] == v["share"] for one in own), True


def club(seen: Seen, key: str, v: Values, span: Span) -> Found:
    joined = {one.actor for one in _moves(seen, span) if one.lever == "forge_member" and one.up}
    yield "who", v["zone"] in joined, True
    yield "n", v["n"], len(joined) - 1
    if key == "club_two":
        yield "who else", {v["zone"], v["zone_b"]}, joined


def happening(seen: Seen, key: str, v: Values, span: Span) -> Found:
    """An event from outside, by its kind and its fields."""
    kind = key
    for end in ("_up", "_down", "_off"):
        kind = kind.removesuffix(end)
    events = _events(seen, span, kind)
    yield "in the log", bool(events), True
    fields = {"share": ("cut", "factor"), "tonnes": ("tonnes",), "usd": ("usd_m",)}
    for place, names in fields.items():
        if place in v:
            told = {_amount(one["data"], names) for one in events}
            yield place, any(abs(v[place] - one) < 1e-9 * max(1, abs(one)) for one in told), True
    if key.endswith(("_up", "_down")):
        rises = {one["data"]["factor"] >= 1 for one in events}
        yield "direction", key.endswith("_up") in rises, True


def _amount(data: Mapping[str, Any], names: tuple[str, ...]) -> float:
    for name in names:
        if name in data:
            value = float(data[name])
            return {"factor": abs(1 - value), "usd_m": 1e6 * value}.get(name, value)
    return float("nan")


def text(seen: Seen, key: str, v: Values, span: Span) -> Found:
    told = {one["text"] for one in seen.events if span[0] <= one["week"] <= span[1]}
    yield "in the log", v["text"] in told, True


BY_KEY: dict[str, Callable[[Seen, str, Values, Span], Found]] = {
    "stop": stop, "stop_more": stop, "stop_two": stop, "stop_several": stop, "reserve": reserve,
    "collected": collected, "caught": caught, "caught_week": caught, "caught_many": caught,
    "caught_plant": caught, "caught_firm": caught, "fear": fear, "fear_many": fear,
    "terms_accept": terms, "terms_quit": terms, "terms_evade": terms, "club_two": club,
    "club_many": club, "text": text,
    **{f"plant_{change}": plant for change in STATUS},
    **dict.fromkeys((
        "remarks", "announcement", "announcement_off", "chair", "chair_off", "disaster",
        "input_cut", "price_shock_up", "price_shock_down", "demand_shock_up",
        "demand_shock_down", "transfer_stock", "transfer_money", "news",
    ), happening),
}  # fmt: skip


def piece(seen: Seen, say: Mapping[str, Any], span: Span) -> Found | None:
    """A piece of news of a span of weeks; None for a kind that nobody knows."""
    key, values = say["key"], say["values"]
    if key.startswith("story.rung."):
        return rung(seen, key.removeprefix("story.rung."), values, span)
    if key.startswith("story.lever."):
        return order(seen, key.removeprefix("story.lever."), values, span)
    if key.startswith("scenario."):
        from runs.pages.words import catalogue

        return text(seen, key, {"text": catalogue("en")[key]}, span)
    check = BY_KEY.get(key.removeprefix("story.news."))
    return check(seen, key.removeprefix("story.news."), values, span) if check else None
