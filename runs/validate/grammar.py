"""The little language in which a target says how it is read from a run.

    max(markets.price[material=dy_oxide, zone=ROW, 2010-07-08:2013-12-31])
    sum(flows.shipped_t[from_zone=CHN, to_zone!=CHN, 2025-05]) / 4

A selection names a table and a column of a run's folder, rows by their keys, and dates: a day is
the week that holds it, a month or a span the weeks whose Thursday lies in it. Functions make
numbers of selections (``runs.validate.functions``), numbers are added, subtracted, multiplied and
divided.
``base.`` in front of a table means the second run that a target may ask for. This file reads text
into a tree and prints a tree as text; nothing is ever handed to Python to evaluate.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import NoReturn

LONGEST = 2_000  # characters of a measure
DEEPEST = 40  # brackets within brackets
MOST_PARTS = 500  # names, numbers and signs of a measure
OPERATORS = {"+": 1, "-": 1, "*": 2, "/": 2}  # with how tightly they bind
COMPARISONS = ("<=", ">=", "<", ">")

TOKEN = re.compile(
    r"""\s*(?:
    (?P<date>\d{4}-\d{2}(?:-\d{2})?(?![\w.]))
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
  | (?P<text>"[^"\n]*")
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign><=|>=|!=|[-+*/()\[\],.:<>=|])
    )""",
    re.VERBOSE | re.ASCII,
)


class MeasureError(ValueError):
    """A measure that cannot be read or does not fit its scenario; the text is one sentence."""


# --- the tree ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Word:
    """A bare word in a call, such as what ``firms`` tells."""

    name: str


@dataclass(frozen=True)
class Text:
    """A sentence in quotes."""

    text: str


@dataclass(frozen=True)
class Filter:
    """Rows whose key is, or is not, one of some names; also the row that ``rank`` looks for."""

    key: str
    names: tuple[str, ...]
    inside: bool = True


@dataclass(frozen=True)
class Span:
    """Days from first to last, both included; the same day twice is the week that holds it."""

    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Select:
    table: str
    column: str
    filters: tuple[Filter, ...] = ()
    span: Span | None = None
    base: bool = False


@dataclass(frozen=True)
class Minus:
    of: Node


@dataclass(frozen=True)
class Binary:
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare:
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


Node = Number | Word | Text | Filter | Select | Minus | Binary | Compare | Call


# --- reading ----------------------------------------------------------------------------------


def parse(text: str) -> Node:
    """The tree of a measure; raises MeasureError with the place of the first fault."""
    if len(text) > LONGEST:
        raise MeasureError(f"the measure has {len(text)} characters, above the limit of {LONGEST}.")
    return Reader(text).whole()


class Reader:
    """Reads a text from left to right, one rule of the grammar a method."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        self.place = 0
        self.depth = 0
        end = len(text.rstrip())
        at = 0
        while at < end:
            found = TOKEN.match(text, at)
            if found is None:
                start = at + len(text[at:]) - len(text[at:].lstrip())
                word = re.split(r"[\s,()\[\]]", text[start:], maxsplit=1)[0] or text[start]
                self.fail(f"{word[:30]!r} means nothing here", start)
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind], found.start(kind)))
            at = found.end()
        self.tokens.append(("end", "", end))

    # --- moving on ---

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    @property
    def sign(self) -> str:
        """The sign that comes next, or "" where something else does."""
        kind, text, _ = self.tokens[self.place]
        return text if kind == "sign" else ""

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def taken(self, sign: str) -> bool:
        """True if the sign comes next, which is then read."""
        if self.sign != sign:
            return False
        self.place += 1
        return True

    def need(self, kind: str, what: str) -> str:
        if self.kind != kind:
            self.miss(what)
        return self.take()

    def need_sign(self, sign: str) -> None:
        if not self.taken(sign):
            self.miss(repr(sign))

    def miss(self, what: str) -> NoReturn:
        kind, text, at = self.tokens[self.place]
        found = "the end" if kind == "end" else repr(text)
        self.fail(f"{what} is expected, not {found}", at)

    def fail(self, sentence: str, at: int) -> NoReturn:
        raise MeasureError(f"character {at + 1}: {sentence}.")

    # --- rules ---

    def whole(self) -> Node:
        tree = self.expression()
        if self.kind != "end":
            self.miss("an operator or the end")
        if len(self.tokens) > MOST_PARTS:
            raise MeasureError(f"the measure has more than {MOST_PARTS} parts.")
        return tree

    def expression(self, least: int = 1) -> Node:
        """Operators that bind at least so tightly, from left to right."""
        left = self.factor()
        while OPERATORS.get(self.sign, 0) >= least:
            sign = self.take()
            left = Binary(sign, left, self.expression(OPERATORS[sign] + 1))
        return left

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} levels within one another", self.tokens[self.place][2])
        node: Node
        if self.taken("-"):
            node = Minus(self.factor())
        elif self.taken("("):
            node = self.expression()
            self.need_sign(")")
        elif self.kind == "number":
            node = self.number()
        elif self.kind == "name":
            node = self.named()
        else:
            self.miss("a number, a function or a table")
        self.depth -= 1
        return node

    def number(self) -> Node:
        at = self.tokens[self.place][2]
        value = float(self.take())
        if value == float("inf"):
            self.fail("the number is too large", at)
        return Number(value)

    def named(self) -> Node:
        name = self.take()
        if self.taken("("):
            arguments: list[Node] = []
            if not self.taken(")"):
                arguments.append(self.argument())
                while self.taken(","):
                    arguments.append(self.argument())
                self.need_sign(")")
            return Call(name, tuple(arguments))
        if not self.taken("."):
            self.miss("'(' after a function, or '.' between table and column,")
        base = name == "base"
        table = self.need("name", "a table") if base else name
        if base:
            self.need_sign(".")
        column = self.need("name", "a column")
        filters, span = self.rows() if self.taken("[") else ((), None)
        return Select(table, column, filters, span, base)

    def argument(self) -> Node:
        """Within a call also a sentence, a bare word, ``key=NAME`` and a comparison."""
        if self.kind == "text":
            return Text(self.take()[1:-1])
        if self.kind == "name":
            follows = self.tokens[self.place + 1][1]
            if follows in (",", ")"):
                return Word(self.take())
            if follows == "=":
                return self.filter()
        left = self.expression()
        if self.sign in COMPARISONS:
            return Compare(self.take(), left, self.expression())
        return left

    def rows(self) -> tuple[tuple[Filter, ...], Span | None]:
        filters: list[Filter] = []
        span = None
        while True:
            at = self.tokens[self.place][2]
            if self.kind == "name":
                filters.append(self.filter())
            elif span is not None:
                self.fail("dates stand there twice", at)
            else:
                span = self.dates()
            if not self.taken(","):
                self.need_sign("]")
                return tuple(filters), span

    def filter(self) -> Filter:
        key = self.need("name", "a key")
        inside = not self.taken("!=")
        if inside:
            self.need_sign("=")
        names = [self.label()]
        while self.taken("|"):
            names.append(self.label())
        return Filter(key, tuple(names), inside)

    def label(self) -> str:
        return self.take()[1:-1] if self.kind == "text" else self.need("name", "a name")

    def dates(self) -> Span:
        at = self.tokens[self.place][2]
        first, last = self.period()
        if self.taken(":"):
            last = self.period()[1]
        if last < first:
            self.fail(f"{last} lies before {first}", at)
        return Span(first, last)

    def period(self) -> tuple[datetime.date, datetime.date]:
        """First and last day of a year, a month or a day."""
        at = self.tokens[self.place][2]
        if self.kind not in ("date", "number"):
            self.miss("a key or a date such as 2025-05")
        text = self.take()
        try:
            parts = [int(part) for part in text.split("-")]
            year, month, day = parts[0], parts[1:2], parts[2:3]
            if len(text.partition("-")[0]) != 4:
                raise ValueError
            if not month:
                return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
            if not day:
                end = calendar.monthrange(year, month[0])[1]
                return datetime.date(year, month[0], 1), datetime.date(year, month[0], end)
            one = datetime.date(year, month[0], day[0])
            return one, one
        except ValueError:
            self.fail(f"{text} is no date; a date is 2025, 2025-05 or 2025-05-31", at)


# --- printing ---------------------------------------------------------------------------------


def show(node: Node) -> str:
    """A tree as text that reads back as the same tree."""
    if isinstance(node, Number):
        whole = node.value == int(node.value) and node.value < 1e15
        return str(int(node.value)) if whole else repr(node.value)
    if isinstance(node, Word):
        return node.name
    if isinstance(node, Text):
        return f'"{node.text}"'
    if isinstance(node, Filter):
        return show_filter(node)
    if isinstance(node, Select):
        rows = [show_filter(one) for one in node.filters]
        if node.span is not None:
            first, last = node.span.first, node.span.last
            rows.append(f"{first}" if first == last else f"{first}:{last}")
        inside = f"[{', '.join(rows)}]" if rows else ""
        return f"{'base.' if node.base else ''}{node.table}.{node.column}{inside}"
    if isinstance(node, Minus):
        return f"-{_bracketed(node.of, isinstance(node.of, Binary))}"
    if isinstance(node, Call):
        return f"{node.name}({', '.join(show(one) for one in node.arguments)})"
    if isinstance(node, Compare):
        return f"{show(node.left)} {node.sign} {show(node.right)}"
    tight = OPERATORS[node.sign]
    left = _bracketed(node.left, _binds(node.left) < tight)
    right = _bracketed(node.right, _binds(node.right) <= tight)
    return f"{left} {node.sign} {right}"


def show_filter(one: Filter) -> str:
    names = [n if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", n) else f'"{n}"' for n in one.names]
    return f"{one.key}{'=' if one.inside else '!='}{'|'.join(names)}"


def _binds(node: Node) -> int:
    return OPERATORS[node.sign] if isinstance(node, Binary) else 9


def _bracketed(node: Node, wanted: bool) -> str:
    return f"({show(node)})" if wanted else show(node)


def selections(node: Node) -> list[Select]:
    """Every selection of a tree, from left to right."""
    if isinstance(node, Select):
        return [node]
    if isinstance(node, Minus):
        return selections(node.of)
    if isinstance(node, Binary | Compare):
        return selections(node.left) + selections(node.right)
    if isinstance(node, Call):
        return [one for argument in node.arguments for one in selections(argument)]
    return []


def quotients(node: Node) -> list[Binary]:
    """Every division of a tree, the inner before the outer."""
    parts: tuple[Node, ...] = ()
    if isinstance(node, Minus):
        parts = (node.of,)
    elif isinstance(node, Binary | Compare):
        parts = (node.left, node.right)
    elif isinstance(node, Call):
        parts = node.arguments
    found = [one for part in parts for one in quotients(part)]
    return [*found, node] if isinstance(node, Binary) and node.sign == "/" else found


def calls(node: Node) -> list[Call]:
    """Every call of a tree, from left to right, the outer before the inner."""
    if isinstance(node, Minus):
        return calls(node.of)
    if isinstance(node, Binary | Compare):
        return calls(node.left) + calls(node.right)
    if isinstance(node, Call):
        return [node, *(one for argument in node.arguments for one in calls(argument))]
    return []
