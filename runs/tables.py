"""The tables of a run's folder: their files, their columns in order, their units and meaning.

Prices are ratios to the last quiet year, before any dated act, unless the name says ``usd``,
shares lie between 0 and 1, masses are tonnes of the material's unit of account per week. Columns
that speak of China mean the scenario's coercer. Null stands where a denominator is 0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableSpec:
    """Columns of one file: after week and date the keys, then what is measured."""

    rows: str
    keys: tuple[str, ...]
    values: dict[str, str]  # column -> unit and meaning
    whole: frozenset[str] = frozenset()  # values that are counts
    texts: frozenset[str] = frozenset()  # values that are words
    optional: frozenset[str] = frozenset()  # columns that a run only has where they mean something

    @property
    def columns(self) -> list[str]:
        return ["week", "date", *self.keys, *self.values]

    @property
    def always(self) -> list[str]:
        """What is measured in every run."""
        return [name for name in self.values if name not in self.optional]


MARKETS = TableSpec(
    "week x material x zone",
    ("material", "zone"),
    {
        "price": "ratio to the last quiet year, before any dated act",
        "price_usd_per_t": "USD per tonne",
        "reference_price": "ratio; delivered price from the coercer with tariffs and floor",
        "floor_usd_per_t": "USD per tonne; floor in force, null where none",
        "demand_t": "t; what users need",
        "orders_t": "t; what users order",
        "delivered_t": "t; arrivals at users and reserves",
        "shortage_t": "t; orders less shipments of the week, hoarding included",
        "from_china_t": "t; arrivals at users and reserves from the coercer",
        "from_grey_t": "t; arrivals at users and reserves through hubs and smugglers",
        "from_other_t": "t; arrivals at users and reserves from plants elsewhere",
        "from_recycled_t": "t; arrivals at users and reserves of recycled material",
        "from_stockpile_t": "t; releases of the public stock",
        "china_share_declared": "share of arrivals by declared origin",
        "china_share_true": "share of arrivals by true origin",
        "cover_weeks": "weeks of need that users hold",
        "stopped_line_share": "share of base need of users whose line runs below half",
        "hoarding": "index 0 to 1",
        "over_compliance_share": "share of legal orders withheld for fear",
        "refused_customers_share": "share of users, by need, that refuse customers in the target",
        "stockpile_t": "t; public stock",
        "equity_t": "t; weekly output of plants elsewhere that the state secured by its capital",
        "lent_t": "t; stock that users of the zone lent each other in the week",
        "recycling_t": "t; what recyclers can deliver in the week",
    },
)
ZONES = TableSpec(
    "week x zone",
    ("zone",),
    {
        "output_loss": "share of the value added at risk that is lost",
        "gdp_loss_usd": "USD in the week",
        "gdp_loss_share": "share of GDP",
        "jobs_at_risk": "persons",
        "stopped_value_share": "share of the value at risk in lines that run below half",
        "refused_customers_share": "share of value at risk of who refuses customers in the target",
        "refused_usd": "USD in the week; value added in sales to the target that are refused",
        "orders_lost_usd": "USD in the week; orders of allies that moved away for its standing",
        "budget_usd": "USD since the start, spending is negative",
        "floor_cost_usd": "USD in the week",
        "tariff_revenue_usd": "USD in the week",
        "subsidy_usd":
            "USD in the week; credits, research, projects, recycling, border checks, cover",
        "reputation_of_china": "index 0 to 1; distrust of the coercer",
        "leverage_of_china": "index; power of the coercer over the zone",
        "stockpile_days": "days of use in public stocks, weighted by value",
        "score": "0 to 1; mean of output, autonomy and approval in the week",
        "rung": "step of the ladder of measures that stands towards the zone",
        "coercer_approval": "index 0 to 1; how the coercer sees the zone",
        "alliance_approval": "index 0 to 1; how the allies see the zone",
        "measure_weeks": "weeks in a row in which a ban or refused licences held back exports",
        "case_stage": "code; its WTO case: 1 talks, 2 panel, 3 report, 4 appeal, 5 binding, 6 void",
        "payment_ties": "ratio; payments through the coercer's banks over those at the start",
        "allowance_usd": "USD in the quarter that are free to bind, where an allowance binds",
        "political_capital": "points of political capital that are free, where an allowance binds",
    },
    optional=frozenset({"allowance_usd", "political_capital"}),
)
FLOWS = TableSpec(
    "week x material x from x to x channel",
    ("material", "from_zone", "to_zone", "channel"),
    {
        "shipped_t": "t; sent off in the week, to traders too",
        "arrived_t": "t; arrivals, those at traders included",
        "shipped_china_origin_t": "t; of what was sent, true origin from the coercer",
        "declared_from": "zone that papers name as origin",
        "recorded_t": "t; shipped less smuggled",
    },
    texts=frozenset({"declared_from"}),
)
HUBS = TableSpec(
    "week x hub x material",
    ("hub", "material"),
    {
        "imports_from_china_t": "t; shipments of the week from the coercer",
        "reexports_to_target_t": "t; sent on to the target",
        "grey_premium": "ratio; price in the target over price in the hub, less 1",
        "active_traders": "traders that divert",
        "detections": "traders caught in the week",
        "blacklisted": "traders without supply from the coercer",
        "cooperation": "share; help of the hub's customs to the coercer",
        "largest_trader_share": "share of the hub's re-exports",
        "belief": "per week; risk of being caught that firms of the hub believe in",
        "credibility": "share; how far the coercer's announcements are believed there",
        "served_share": "share of traders whose bank serves trade with the target",
    },
    whole=frozenset({"active_traders", "detections", "blacklisted"}),
)
LAW = TableSpec(
    "week x material x zone",
    ("material", "zone"),
    {
        "ban_breadth": "share of trade from the coercer that a ban covers by its text",
        "scope_belief": "share of it that firms take the ban to cover",
        "scope_ambiguity": "share; room that the text leaves for what the coercer says of it",
        "licence_duty": "share of exports from the coercer that needs a licence",
        "licence_approval": "share of licence applications that is approved",
        "floor_usd_per_t": "USD per tonne; floor in force, null where none",
        "tariff_share": "share; the zone's tariff on goods from the coercer",
        "legal_frame": "code; reason that the coercer states: 0 none, 1 conservation, 2 security",
    },
)
GOODS = TableSpec(
    "week x group of goods x zone, where a ban reaches them",
    ("group", "from_zone", "to_zone"),
    {
        "imports_usd": "USD in the week; what comes of listed goods other than minerals",
        "held_usd": "USD in the week; what a ban holds back of them",
        "loss_usd": "USD in the week; output that their buyers lose for want of them, or null",
    },
)
PRODUCERS = TableSpec(
    "week x producer",
    ("producer", "zone", "material", "stage"),
    {
        "capacity_t_per_week": "t per week; capacity",
        "output_t": "t; made in the week",
        "utilisation": "share of capacity",
        "status": "running, idle, mothballed, building, planned or scrapped",
        "years_to_start": "years until a plant or restart gives output; of a plan: from now",
        "belief": "share; how far others believe in an untried project; or null",
    },
    texts=frozenset({"status"}),
)
FIRMS = TableSpec(
    "week x firm with a seat",
    ("firm",),
    {
        "supply": "0 to 1; rate of the line, or output over that of the base year",
        "autonomy": "0 to 1; 1 less the true share of the coercer in its stocks",
        "standing": "0 to 1; 0 on the coercer's blacklist, lower with risk and dropped customers",
        "profit_usd": "USD in the week",
        "profit_total_usd": "USD since the start",
        "stock_weeks": "weeks for which its stocks last",
        "fill": "share of the week's orders that was sent",
        "from_china_share_true": "share of what was sent to it by true origin",
        "grey_share": "share of what was sent to it through hubs and smugglers",
        "blacklisted": "1 without supply from the coercer",
    },
    whole=frozenset({"blacklisted"}),
)
EVENTS = TableSpec(
    "happening",
    (),
    {
        "kind": "what sort of happening",
        "actor": "who acted",
        "target": "whom it concerns",
        "text": "one sentence",
        "data": "JSON",
    },
    texts=frozenset({"kind", "actor", "target", "text", "data"}),
)
ORDERS = TableSpec(
    "order",
    (),
    {
        "actor": "seat",
        "lever": "full name of the lever",
        "value": "in the unit of the lever",
        "by": "person, history, file, script or the name of a policy",
        "why": "reason that the seat gave",
        "accepted": "false for a refusal",
        "reason": "why it was refused",
    },
    texts=frozenset({"actor", "lever", "by", "why", "reason"}),
)
AGENTS = TableSpec(
    "week x actor",
    ("kind", "agent", "zone", "material"),
    {
        "stock_t": "t; held",
        "stock_china_origin_t": "t; of the stock, true origin from the coercer",
        "under_way_t": "t; ordered and not yet there",
        "activity": "share; line rate, utilisation, or 1 for a trader that diverts",
        "blacklist_weeks": "weeks without supply from the coercer",
    },
)

KEYS = {
    "week": "week of the run, from 0",
    "date": "the Monday on which the week begins",
    "material": "mineral product, as in world/data/materials.csv",
    "zone": "state, bloc or rest of the world, as in world/data/countries.csv",
    "from_zone": "zone from which goods are sent",
    "to_zone": "zone to which goods are sent",
    "channel": "china, grey, other, recycled or stockpile",
    "hub": "zone whose traders may pass goods on",
    "group": "goods beside minerals, as in world/data/goods.csv",
    "producer": "plant or mine, or an aggregate of nameless ones",
    "stage": "mine, refine, magnet or anode",
    "firm": "firm with a seat",
    "kind": "user, trader or plant; of events what sort of happening",
    "agent": "number of the actor among its kind",
}
WEEKLY = {
    "markets": MARKETS, "zones": ZONES, "flows": FLOWS, "hubs": HUBS, "producers": PRODUCERS,
    "firms": FIRMS, "law": LAW, "goods": GOODS,
}  # fmt: skip
TABLES = {**WEEKLY, "events": EVENTS, "orders": ORDERS, "agents": AGENTS}
