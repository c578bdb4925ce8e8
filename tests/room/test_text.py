"""What people type: names in any script, emoji newer than this Python, codes in full-width letters,
and numbers that are numbers."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import TypeAdapter, ValidationError
from room_play import Play

from runs.room import commands, what_if
from runs.room.commands import Form, Join
from runs.room.text import folded, plain
from runs.room.tokens import clean_code

NEW = "\U0001fae8"  # a shaking face, of Unicode 15
FUTURE = "\U0001faff"  # no Python knows it
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "name",
    [
        NEW, FUTURE, FAMILY, "\U0001f3f3\ufe0f\u200d\U0001f308", "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f469\U0001f3fd\u200d\U0001f52c",
        "\u0645\u06cc\u200c\u0631\u0648\u0645",  # Persian
        "\u0d9a\u0dca\u200d\u0dc2",  # Sinhala
        "\u0c30\u0c3e\u0c1c\u0c4d\u200c\u0c15\u0c41\u0c2e\u0c3e\u0c30\u0c4d",  # Telugu
        "김민준", "佐藤", "Zoë",
    ],
)  # fmt: skip
def test_a_name_stays_as_it_was_typed(name: str) -> None:
    assert Join(id="a", name=name).name == name
    assert plain(f"to {name}!\nyours") == f"to {name}!\nyours"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ki\u200dm", "Kim"), ("Kim\u200c", "Kim"), ("\u200dKim", "Kim"),
        ("K\u200d\u200dim", "Kim"), ("Kim\U000e0041\U000e0fff", "Kim"),
        ("\u202eKim\u2066\u200f", "Kim"), ("Kim\x00\x07\x85", "Kim"), ("Kim\ud83d", "Kim"),
        ("Kim\uffff\ufdd0\U0010ffff", "Kim"), ("Kim\ue000", "Kim"),
        ("김\u200d민", "김민"), (f"{NEW}\u200d", NEW), (f"{NEW}\u200dKim", f"{NEW}Kim"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_goes(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize("name", ["", " \n ", "\u200d", "\u3164", "\ufe0f\u034f", "\u115f \u1160"])
def test_a_name_that_shows_nothing_is_none(name: str) -> None:
    with pytest.raises(ValidationError, match="must not be empty"):
        Join(id="a", name=name)


def test_who_comes_back_is_known_by_another_spelling_of_the_name(play: Play) -> None:
    play.join("KOR", "Zoë Kim")
    for name in ("zoë kim", "Zoe\u0308 Kim", "ＺＯË ＫＩＭ"):
        assert folded(name) == folded("Zoë Kim")
        assert play.say("", "request", name=name, seat=None)["request"]
    assert play.refused("", "request", name="Zoe Kim", seat=None).status == 404


@pytest.mark.parametrize("typed", ["ＭＪ３ＥＴ", " MJ3-ET ", "ｍｊ３　ｅｔ", "MJ3\u2011ET\u200b"])
def test_a_code_may_be_typed_in_full_width_letters(typed: str) -> None:
    assert clean_code(typed) == "MJ3ET"


def forms() -> list[type[Form]]:
    found, seen = [commands.Form], []
    while found:
        form = found.pop()
        found += form.__subclasses__()
        seen.append(form)
    assert what_if.WhatIfForm in seen
    return seen


def holds(kind: Any, wanted: type) -> bool:
    return kind is wanted or any(holds(part, wanted) for part in get_args(kind))


def test_true_is_no_number_in_any_form() -> None:
    numbers = 0
    for form in forms():
        for field in form.model_fields.values():
            kind: Any = field.annotation
            if field.metadata:
                kind = Annotated[(kind, *field.metadata)]
            if not (holds(kind, int) or holds(kind, float)):
                continue
            numbers += 1
            shapes = [get_origin(part) for part in (kind, *get_args(kind))]
            value: Any = [True] if list in shapes else {"a": True} if dict in shapes else True
            with pytest.raises(ValidationError):
                TypeAdapter(kind).validate_python(value)
    assert numbers >= 40


def test_python_does_not_know_the_sign_of_the_test() -> None:
    assert unicodedata.category(FUTURE) == "Cn"
