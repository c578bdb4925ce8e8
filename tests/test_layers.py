"""world <- agents <- runs <- entrepot: nothing imports backwards; world stands on very little."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("world", "agents", "runs", "entrepot")
# Each room, and which rooms it may import.
MAY_IMPORT = {
    "world": {"world"},
    "agents": {"world", "agents"},
    "runs": {"world", "agents", "runs"},
    "entrepot": set(ROOMS),
}
# pydantic checks what comes in from files; everything else of the world is NumPy.
WORLD_STANDS_ON = {"numpy", "pydantic", "pydantic_core"}


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """Every (line, top-level module) that a source text imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


def float_sums(source: str) -> Iterator[int]:
    """Lines that call the builtin ``sum`` on anything but lengths."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum":
            of = node.args[0]
            counted = of.elt if isinstance(of, ast.GeneratorExp) else of
            names = (counted.func.id,) if (
                isinstance(counted, ast.Call) and isinstance(counted.func, ast.Name)
            ) else ()
            if names != ("len",):
                yield node.lineno


def files_of(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_imports_backwards(room: str) -> None:
    backwards = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in files_of(room)
        for line, module in imports_of(path.read_text(encoding="utf-8"))
        if module in ROOMS and module not in MAY_IMPORT[room]
    ]
    assert not backwards, "\n".join(backwards)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_by_full_path(room: str) -> None:
    """`from world.market import ...`: a reader finds the file from the import line."""
    relative = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files_of(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert not relative, "\n".join(relative)


def test_world_stands_on_numpy_and_the_standard_library() -> None:
    others = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in files_of("world")
        for line, module in imports_of(path.read_text(encoding="utf-8"))
        if module not in sys.stdlib_module_names
        and module not in WORLD_STANDS_ON
        and module != "world"
    ]
    assert not others, "\n".join(others)


def test_the_model_adds_alike_on_every_python() -> None:
    """Python 3.12 rounds the builtin sum of floats otherwise than 3.11; ``math.fsum`` does not."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (*files_of("world"), *files_of("agents"))
        for line in float_sums(path.read_text(encoding="utf-8"))
    ]
    assert not found, "sum() of floats in " + ", ".join(found)
    assert list(float_sums("sum(x)\nsum(len(p) for p in q)\nsum(a * b for a in c)")) == [1, 3]


def test_the_check_sees_what_it_should() -> None:
    """A check of imports that found none would pass whatever is written."""
    assert list(imports_of("import a.b\nfrom c.d import e\ndef f():\n    import g\n")) == [
        (1, "a"),
        (2, "c"),
        (4, "g"),
    ]
