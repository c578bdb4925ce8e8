"""How scripts and styles are kept: short lines, imports that are used, colours by token."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "runs" / "pages" / "static"
SCRIPTS, STYLES = sorted(STATIC.rglob("*.js")), sorted(STATIC.rglob("*.css"))
LONGEST = 110
MOST = 14  # source files of a folder
TOKENS = STATIC / "kit" / "stage.css"
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)";', re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
COLOUR = re.compile(r"[\"'`:\s(,]#[0-9a-fA-F]{3,8}(?=[\"'`;\s),])")


def named(path: Path) -> str:
    return str(path.relative_to(STATIC))


def exported(path: Path) -> set[str]:
    """Names that a script hands on, those of the scripts that it passes through among them."""
    text = path.read_text("utf-8")
    found = set(EXPORT.findall(text))
    for more in re.findall(r"^export (?:const|let) [^;]*?, (\w+) =", text, re.MULTILINE):
        found.add(more)
    for through in re.findall(r'^export \* from "(\.[^"]*)"', text, re.MULTILINE):
        found |= exported((path.parent / through).resolve())
    return found


def test_there_are_scripts_and_styles() -> None:
    assert len(SCRIPTS) > 40
    assert len(STYLES) >= 6


def test_every_script_stands_in_a_folder_and_no_folder_is_full() -> None:
    assert [path.name for path in (*SCRIPTS, *STYLES) if path.parent == STATIC] == []
    folders = Counter(path.parent.name for path in (*SCRIPTS, *STYLES))
    known = {"base", "console", "kit", "levers", "room", "seat", "shell", "start", "watch"}
    assert known <= set(folders)
    assert {name: count for name, count in folders.items() if count > MOST} == {}


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=named)
def test_no_line_is_long(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    assert [(n, len(line)) for n, line in lines if len(line) > LONGEST] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_what_is_imported_is_there_and_is_used(path: Path) -> None:
    text = path.read_text("utf-8")
    rest = IMPORT.sub("", text).replace("...", " ")
    for names, where in IMPORT.findall(text):
        there = exported((path.parent / where).resolve())
        for one in filter(None, (name.strip() for name in names.split(","))):
            asked, _, called = one.partition(" as ")
            assert asked in there, f"{asked} is not in {where}"
            assert re.search(rf"(?<![\w.$]){called or asked}\b", rest), f"{one} is not used"


@pytest.mark.parametrize("path", [one for one in [*SCRIPTS, *STYLES] if one != TOKENS], ids=named)
def test_colours_are_tokens(path: Path) -> None:
    assert COLOUR.findall(path.read_text("utf-8")) == []


def test_what_is_exported_is_imported_somewhere() -> None:
    """By another script or by a test."""
    imported: set[str] = set()
    for path in SCRIPTS:
        for names, _ in IMPORT.findall(path.read_text("utf-8")):
            imported |= {one.strip().partition(" as ")[0] for one in names.split(",")}
    tests = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for names in re.findall(r"const \{([^}]*)\} = await import\(", tests):
        imported |= {one.strip() for one in names.split(",")}
    idle = {f"{named(path)}: {one}" for path in SCRIPTS
            for one in set(EXPORT.findall(path.read_text("utf-8"))) - imported}  # fmt: skip
    assert len(imported) > 150
    assert idle == set()


def test_every_class_of_the_styles_is_on_some_page() -> None:
    runs = STATIC.parents[1]
    kinds = ("*.js", "*.py", "*.vue", "*.html")
    pages = "\n".join(path.read_text("utf-8") for kind in kinds for path in runs.rglob(kind))
    words, idle = set(re.findall(r"[\w-]+", pages)), set()
    for path in STYLES:
        rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
        for one in re.findall(r"\.([a-zA-Z][\w-]*)", rules):
            numbered = re.sub(r"\d+$", "${", one)  # `l${n}`
            if one not in words and numbered not in pages:
                idle.add(f"{named(path)}: .{one}")
    assert idle == set()
