"""Tables of named columns: the only form in which the world keeps its state.

A column is declared once, with unit and meaning; checks, documentation and the conservation test
read the declaration. Actors are always the last axis and lucks (replicates) the first, so a column
of N users is (R, N) and a stock with two true origins is (R, 2, N).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One column: name, unit, value at the start, meaning and what stands between R and rows."""

    name: str
    unit: str
    default: float
    meaning: str
    extra: tuple[str, ...] = ()


class Table:
    """Named columns of one kind of row, each (R, *extra, rows), reached as attributes."""

    def __init__(
        self, columns: tuple[Column, ...], replicates: int, rows: int, sizes: dict[str, int]
    ) -> None:
        self.columns = columns
        self.rows = rows
        for column in columns:
            shape = (replicates, *(sizes[name] for name in column.extra), rows)
            setattr(self, column.name, np.full(shape, float(column.default)))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Array: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def items(self) -> Iterator[tuple[str, Array]]:
        for column in self.columns:
            yield column.name, getattr(self, column.name)

    def copy(self) -> Table:
        twin = object.__new__(Table)
        twin.columns, twin.rows = self.columns, self.rows
        for name, values in self.items():
            setattr(twin, name, values.copy())
        return twin

    def spread(self, replicates: int) -> Table:
        """The same rows for several lucks: replicate 0 repeated."""
        twin = object.__new__(Table)
        twin.columns, twin.rows = self.columns, self.rows
        for name, values in self.items():
            setattr(twin, name, np.repeat(values[:1], replicates, axis=0))
        return twin


USERS = (
    Column("intensity", "ratio", 1, "material used per unit of output, relative to the start"),
    Column("stock", "t", 0, "stock by true origin", ("origin",)),
    Column(
        "pipe", "t", 0, "goods under way by week of arrival and true origin", ("slot", "origin")
    ),
    Column("expected_need", "t/week", 0, "need that the user expects"),
    Column("share", "share", 0, "share of the main channels in the user's orders", ("main",)),
    Column("line_rate", "share", 1, "output of the user's line over its full rate"),
    Column("drop_weeks", "weeks", 0, "weeks for which it still refuses customers in the target"),
    Column("redirected", "share", 0, "part of the refused output that is sold elsewhere"),
    Column("contract_weeks", "weeks", 0, "weeks until its supply contracts end"),
    Column("listed_weeks", "weeks", 0, "weeks without supply from the coercer for serving on"),
)

GREY = (
    Column(
        "share", "share", 0, "share of each hub in the orders of a user in the target", ("hub",)
    ),
)

TRADERS = (
    Column("stock", "t", 0, "stock by true origin", ("origin",)),
    Column("pipe", "t", 0, "goods under way to the hub", ("slot", "origin")),
    Column("blacklist_weeks", "weeks", 0, "weeks without supply from the coercer"),
    Column("diverted_usd", "index x t", 0, "value diverted of late that a case would count"),
    Column("active", "flag", 0, "1 if it diverted Chinese-origin goods this week"),
    Column("diverted", "t", 0, "Chinese-origin tonnes diverted by week of shipment", ("trace",)),
    Column("outside_share", "share", 0, "part of its book that is ex-China supply"),
    Column("capacity", "t/week", 0, "what it can send to the target in a week"),
    Column("serves", "flag", 1, "1 if its bank serves trade with the target"),
)

PLANTS = (
    Column(
        "status", "code", 0, "0 running, 1 idle, 2 mothballed, 3 building, 4 planned, 5 scrapped"
    ),
    Column("utilisation", "share", 0, "output over capacity that the plant aims at"),
    Column(
        "normal", "share", 0,
        "normal utilisation, at the base price: rises in commissioning, falls in overbuilding",
    ),
    Column("capacity", "t/week", 0, "capacity"),
    Column("stock", "t", 0, "finished stock by true origin", ("origin",)),
    Column("cost", "ratio", 1, "full cost relative to the base price of the material"),
    Column("cumulative", "t", 0, "output so far, for learning"),
    Column("low_weeks", "weeks", 0, "weeks in a row below avoidable cost"),
    Column("mothball_weeks", "weeks", 0, "weeks in mothballs"),
    Column("wait_weeks", "weeks", 0, "weeks until a project or restart gives output"),
    Column("terms", "code", 0, "licence terms: 0 accepted, 1 quit Chinese feed, 2 evades"),
    Column("stop_weeks", "weeks", 0, "weeks for which it stops legal sales to the target"),
    Column("blacklist_weeks", "weeks", 0, "weeks without feed from the coercer after evasion"),
    Column("evaded", "t", 0, "Chinese-origin tonnes sold to the target by week", ("trace",)),
    Column("expected_price", "ratio", 1, "smoothed price it earns or would earn"),
    Column("output", "t/week", 0, "output of the last week"),
    Column("trial", "campaigns", 0, "done of the campaign of an unproven project's trial"),
    Column("proof", "flag", 0, "1 once an unproven project has shown that it works"),
    Column("belief", "share", 0, "how far others believe that an unproven project will work"),
)

MARKETS = (
    Column("price", "ratio", 1, "price relative to the last warm-up year"),
    Column("price_year", "log ratio", 0, "mean log price of about 52 weeks"),
    Column("price_half_year", "ratio", 1, "mean price of about 26 weeks"),
    Column("hoarding", "index", 0, "hoarding index H"),
    Column("announced", "share", 0, "announced threat A"),
    Column("fear", "index", 0, "buyers' fear of being denied deliveries by the coercer"),
    Column("deadline_weeks", "weeks", 0, "weeks until an announced measure binds"),
    Column("fill", "share", 1, "smoothed fill rate of the zone"),
    Column("halted", "share", 0, "smoothed share of industrial need in lines that stand still"),
    Column("channel_fill", "share", 1, "smoothed fill rate of each channel", ("channel",)),
    Column("licences", "t", 0, "balance of unused licences"),
    Column("applications", "t/week", 0, "applications under review by week", ("review",)),
    Column("refused", "t", 0, "tonnes refused a licence that may not be applied for again yet"),
    Column("clearance", "share", 1, "four-week mean of clearance over base clearance"),
    Column("true_share", "share", 0, "smoothed true Chinese share of arrivals"),
    Column("recycling", "t/week", 0, "recycled supply"),
    Column("collected", "t/week", 0, "part of it that public support collects"),
    Column("in_use", "t", 0, "material in products in use by stage of their life", ("age",)),
    Column("equity", "t/yr", 0, "output of plants elsewhere that the state secured by capital"),
    Column("fund_rights", "t/yr", 0, "output of plants elsewhere that a minerals fund wants"),
    Column("equity_paid", "t/yr", 0, "the most of it that was ever paid for, and may be held"),
    Column("leaked", "share", 0, "part of purchases that moved to finished parts under a floor"),
    Column("outside_origin", "share", 0, "Chinese-origin share of ex-China goods in the last week"),
    Column(
        "on_way",
        "t",
        0,
        "goods on the way to users by week of arrival and source (and releases of Chinese origin)",
        ("slot", "source"),
    ),
    Column("grey_open", "flag", 0, "1 once a restriction made grey channels worth a look"),
    Column("china_need", "t/week", 0, "smoothed orders from the coercer that ask for papers"),
    Column("shipped_year", "t", 0, "recorded exports to it in the calendar year so far"),
    Column("held", "t", 0, "papers of the year's quota whose goods customs held at the border"),
    Column("smuggled", "share", 0, "what the coercer's smugglers can carry over base purchases"),
)

POOLS = (
    Column("stock", "t", 0, "stock of the coercer's producers"),
    Column("usual_exports", "t/week", 0, "exports of about a year, at least those of the start"),
    Column("paper_price", "log ratio", 0, "what the papers of a quota add to the price abroad"),
)

HUBS = (
    Column("belief", "per week", 0, "risk of being caught that firms of the hub believe in"),
    Column("credibility", "share", 0, "credibility of the coercer's announcements"),
    Column("announced_weeks", "weeks", 999, "weeks since the last announcement"),
    Column("collective_weeks", "weeks", 0, "weeks of collective punishment left"),
)

LANES = (
    Column("seen_exports", "t/week", 0, "smoothed exports from the coercer to the hub"),
    Column("normal_exports", "t/week", 0, "the same at the end of the warm-up"),
)

FIRMS = (
    Column("profit_usd", "USD", 0, "profit of a firm with a seat so far"),
    Column(
        "blacklist_weeks", "weeks", 0, "weeks in which the whole firm gets nothing from the coercer"
    ),
    Column(
        "liable_weeks", "weeks", 0, "weeks in which a plant that is caught falls back on its firm"
    ),
)

ZONES = (
    Column("reputation", "index", 0, "distrust R of the coercer"),
    Column("rally", "index", 0, "public rally behind the own government"),
    Column("coercer_approval", "index", 0.5, "how the coercer sees the state"),
    Column("alliance_approval", "index", 0.5, "how allies see the state, customers the coercer"),
    Column("gdp_loss", "share", 0, "loss of output of the last week"),
    Column("loss_total_usd", "USD", 0, "loss of output so far"),
    Column("budget_usd", "USD", 0, "budget so far (spending is negative)"),
    Column("income_usd", "USD", 0, "gain of plants, users and traders from prices and sales"),
    Column("opinion", "index", 0.5, "how the coercer's public sees its answers"),
    Column("provocation", "index", 0, "how provoked the coercer is by a zone, fading"),
    Column("protest_weeks", "weeks", 0, "weeks for which a formal protest has stood"),
    Column("case_weeks", "weeks", 0, "weeks since its complaint at the WTO"),
    Column(
        "case_stage", "code", 0,
        "0 no case, 1 consultations, 2 panel, 3 report, 4 appeal decided, 5 binding, 6 void",
    ),
    Column("case_dropped", "weeks", 0, "weeks for which a case that it withdrew is worth a deal"),
    Column("invoked", "flag", 0, "1 in the coercer once its measures rested on national security"),
    Column("measure_weeks", "weeks", 0, "weeks for which an export measure on it has stood"),
    Column("payment_ties", "ratio", 1, "payments through the coercer's banks over those at start"),
    Column("goods_loss", "share", 0, "loss of other listed goods, built up"),
    Column("goods_banned_loss", "share", 0, "part of it by a ban on these goods"),
    Column("scope_gap", "share", 0, "what firms take a ban to cover beside its text"),
    Column("orders_lost", "USD/yr", 0, "orders of allies that moved away, built up"),
    Column("stock_lost_weeks", "weeks", 0, "weeks of cover below those of the start"),
)
