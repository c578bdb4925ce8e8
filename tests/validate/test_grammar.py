"""The measure language: what is read, how tightly things bind, and that no text breaks it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.validate.grammar import (
    Binary,
    Call,
    Compare,
    Filter,
    MeasureError,
    Minus,
    Node,
    Number,
    Select,
    Span,
    Text,
    Word,
    parse,
    show,
)

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 1, 1))
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "base")
LABELS = NAMES | st.from_regex(r"[A-Za-z (),.-]{1,12}", fullmatch=True)
NUMBERS = st.floats(0, 1e12, allow_nan=False).map(Number)
FILTERS = st.builds(
    Filter, NAMES, st.lists(LABELS, min_size=1, max_size=3).map(tuple), st.booleans()
)
SPANS = st.builds(lambda days: Span(*sorted(days)), st.tuples(DAYS, DAYS))
SELECTS = st.builds(
    Select, NAMES, NAMES, st.lists(FILTERS, max_size=2).map(tuple), st.none() | SPANS, st.booleans()
)


def arguments(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    place = st.builds(lambda key, name: Filter(key, (name,)), NAMES, LABELS)
    told = st.from_regex(r'[^"\n]{0,12}', fullmatch=True).map(Text)
    compared = st.builds(Compare, st.sampled_from(["<", ">", "<=", ">="]), inner, inner)
    return inner | NAMES.map(Word) | place | told | compared


OPERANDS = st.recursive(
    NUMBERS | SELECTS,
    lambda inner: st.builds(Minus, inner)
    | st.builds(Binary, st.sampled_from("+-*/"), inner, inner)
    | st.builds(Call, NAMES, st.lists(arguments(inner), max_size=3).map(tuple)),
    max_leaves=12,
)  # fmt: skip


@given(OPERANDS)
def test_a_printed_measure_reads_back_as_the_same_tree(tree: Node) -> None:
    assert parse(show(tree)) == tree


@given(st.text(max_size=200) | st.text("maxmean().[],=!<>|*/+-\"0123456789 base_:", max_size=80))
def test_random_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        said = show(parse(text))
    except MeasureError as error:
        refused = str(error)
        said = ""
    if said:
        assert show(parse(said)) == said
    else:
        assert "\n" not in refused
        assert refused.endswith(".")


def n(value: float) -> Number:
    return Number(value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", Binary("+", n(1), Binary("*", n(2), n(3)))),
        ("(1 + 2) * 3", Binary("*", Binary("+", n(1), n(2)), n(3))),
        ("8 / 4 / 2", Binary("/", Binary("/", n(8), n(4)), n(2))),
        ("1 - 2 - 3", Binary("-", Binary("-", n(1), n(2)), n(3))),
        ("1 - (2 - 3)", Binary("-", n(1), Binary("-", n(2), n(3)))),
        ("-2 * 3", Binary("*", Minus(n(2)), n(3))),
        ("-(2 + 3)", Minus(Binary("+", n(2), n(3)))),
        ("firms(first, a.b < 0.5)",
         Call("firms", (Word("first"), Compare("<", Select("a", "b"), n(0.5))))),
        ('rank(a.b, to_zone="Mountain Pass")',
         Call("rank", (Select("a", "b"), Filter("to_zone", ("Mountain Pass",))))),
        ("base.a.b[c!=d|e]", Select("a", "b", (Filter("c", ("d", "e"), False),), None, True)),
    ],
)  # fmt: skip
def test_operators_bind_as_in_arithmetic(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
        ("2010-07-08:2013-12-31", "2010-07-08", "2013-12-31"),
        ("2010-12:2011-05", "2010-12-01", "2011-05-31"),
        ("2024:2025", "2024-01-01", "2025-12-31"),
    ],
)
def test_dates_are_years_months_days_and_spans_of_them(text: str, first: str, last: str) -> None:
    tree = parse(f"a.b[{text}]")
    assert isinstance(tree, Select)
    day = datetime.date.fromisoformat
    assert tree.span == Span(day(first), day(last))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "character 1: a number, a function or a table is expected, not the end."),
        ("1 +", "character 4: a number, a function or a table is expected, not the end."),
        ("1 2", "character 3: an operator or the end is expected, not '2'."),
        ("mean", "'(' after a function, or '.' between table and column, is expected"),
        ("mean(a.b", "character 9: ')' is expected, not the end."),
        ("a.b[2025-13]", "2025-13 is no date; a date is 2025, 2025-05 or 2025-05-31"),
        ("a.b[2025-06:2025-05]", "character 5: 2025-05-31 lies before 2025-06-01."),
        ("a.b[2024, 2025]", "character 11: dates stand there twice."),
        ("a.b[c]", "'=' is expected, not ']'"),
        ("a.b[c=]", "a name is expected, not ']'"),
        ("__import__('os')", "character 12: \"'os'\" means nothing here."),
        ("1 ** 2", "character 4: a number, a function or a table is expected, not '*'."),
        ("1e999", "the number is too large"),
        ("(" * 100_000, "above the limit of 2000"),
        ("(" * 500 + "1" + ")" * 500, "more than 40 levels within one another"),
        ("-" * 500 + "1", "more than 40 levels within one another"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(MeasureError) as caught:
        parse(text)
    assert words in str(caught.value)


def test_a_chain_of_any_length_is_told_in_a_sentence() -> None:
    parse("1" + "+1" * 200)
    with pytest.raises(MeasureError, match="more than 500 parts"):
        parse("1" + "+1" * 900)
