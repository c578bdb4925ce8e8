"""What an entry of a form may be, as a sentence for whoever wrote something else there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, get_type_hints

from pydantic import BaseModel

from runs.room.say import Say

Node = dict[str, Any]


NUMBER, LENGTH, CHOICE = "number", "length", "choice"
PROBLEMS = {  # what is wrong, by the beginnings of pydantic's names for it
    "greater_": NUMBER, "less_": NUMBER, "int_": NUMBER, "float_": NUMBER, "finite_": NUMBER,
    "string_too_long": LENGTH, "literal_": CHOICE,
}  # fmt: skip


def entry_say(
    call: Callable[..., Any] | None, place: Sequence[str | int], problem: str
) -> Say | None:
    """What the form of a call takes at a place (names of fields, numbers in lists) where it met a
    problem; None where that cannot be told in a sentence."""
    form = _form(call) if call else None
    about = next((what for start, what in PROBLEMS.items() if problem.startswith(start)), None)
    if form is None or about is None or not place:
        return None
    whole = _schema(form)
    found = [whole]
    for depth, part in enumerate(place):
        found = [one for node in found for one in _inside(node, part, whole)]
        if not found:  # an alternative of a type has a name of its own behind the field's
            place = place[:depth]
            break
        last = found
    name = next((part for part in reversed(place) if isinstance(part, str)), "")
    says = [say for node in last for say in _says(node, name, about)] if place else []
    return says[0] if len(says) == 1 else None


def _inside(node: Node, part: str | int, whole: Node) -> Iterator[Node]:
    if isinstance(part, int):
        items = node.get("items")
        yield from _options(items, whole) if items else ()
    elif (field := node.get("properties", {}).get(part)) is not None:
        yield from _options(field, whole)


def _options(node: Node, whole: Node) -> Iterator[Node]:
    """The alternatives of a type, references followed; null is none."""
    for one in node.get("anyOf", [node]):
        while "$ref" in one:
            one = whole["$defs"][one["$ref"].rpartition("/")[2]]
        if one.get("type") != "null":
            yield one


def _says(node: Node, name: str, about: str) -> Iterator[Say]:
    if about == CHOICE and "enum" in node:
        yield Say("refuse.form_choice", {"name": name, "others": node["enum"]})
    elif about == NUMBER and node.get("type") in ("integer", "number"):
        low: Any = node.get("minimum", node.get("exclusiveMinimum", -math.inf))
        high: Any = node.get("maximum", node.get("exclusiveMaximum", math.inf))
        whole = node["type"] == "integer"
        if whole:
            low += "exclusiveMinimum" in node
            high -= "exclusiveMaximum" in node
        above = "exclusiveMinimum" in node and not whole
        kind = "above" if above else "whole" if whole else "range"
        if math.isfinite(low) and math.isfinite(high):
            yield Say(f"refuse.form_{kind}", {"name": name, "low": low, "high": high})
    elif about == LENGTH and "maxLength" in node:
        yield Say("refuse.form_length", {"name": name, "n": node["maxLength"]})


@cache
def _schema(form: type[BaseModel]) -> Node:
    return form.model_json_schema()


@cache
def _form(call: Callable[..., Any]) -> type[BaseModel] | None:
    try:
        hint = get_type_hints(call).get("form")
    except NameError:
        return None
    return hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None
