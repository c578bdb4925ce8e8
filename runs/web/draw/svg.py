"""Small helpers for writing SVG, and the palette that all pictures share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

# Okabe and Ito's colours, those with a contrast of 3:1 or more on white first.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#B5578D"
ORANGE, INK, GREY = "#E69F00", "#1b2733", "#6b7480"


# The same hues dark enough to be read as words: 4.5:1 on white.
_AS_TEXT = {VERMILION: "#a84900", GREEN: "#00704f", PURPLE: "#96406f", ORANGE: "#855900"}


def as_text(colour: str) -> str:
    return _AS_TEXT.get(colour, colour)


@dataclass(frozen=True)
class Stroke:
    """How a line looks; no two of a chart share a dash, so that they survive grey print."""

    colour: str
    dash: str = ""


# In the order in which zones of a chart take them.
STROKES = (
    Stroke(BLUE),
    Stroke(VERMILION, "7 3"),
    Stroke(GREEN, "16 4"),
    Stroke(PURPLE, "2 3"),
    Stroke(INK, "9 3 2 3"),
    Stroke(GREY, "12 3 2 3 2 3"),
)


def number(value: float) -> str:
    """A coordinate to a tenth of a unit, without needless zeros."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Coordinates of a polyline or polygon; a board has thousands of them."""
    return " ".join(map("%.1f,%.1f".__mod__, pairs))


def element(tag: str, body: str = "", **attributes: str | float) -> str:
    """`<tag a="…">body</tag>`; `class_` and `stroke_width` become class and stroke-width."""
    pairs = "".join(
        f' {name.rstrip("_").replace("_", "-")}="'
        f'{escape(value if isinstance(value, str) else number(value))}"'
        for name, value in attributes.items()
        if value != ""
    )
    return f"<{tag}{pairs}>{body}</{tag}>" if body else f"<{tag}{pairs}/>"


def text(x: float, y: float, words: str, **attributes: str | float) -> str:
    return element("text", escape(words), x=x, y=y, **attributes)
