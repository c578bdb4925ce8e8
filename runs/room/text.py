"""What people type, as it is kept: without what cannot be seen or turns what stands beside it.

Characters that this Python's tables do not know are kept: phones know new ones before we do.
"""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d"  # without and with a join: spelling in some scripts, and in emoji
NEVER = ("Cc", "Cf", "Cs", "Co")  # control, format, half a pair, private use
IGNORED = (  # letters and marks that show nothing; the first of a range and the one behind it
    (0x034F, 0x0350), (0x115F, 0x1161), (0x17B4, 0x17B6), (0x180B, 0x1810), (0x2065, 0x2066),
    (0x3164, 0x3165), (0xFE00, 0xFE10), (0xFFA0, 0xFFA1), (0xFFF0, 0xFFF9), (0xE0000, 0xE1000),
)  # fmt: skip
JOINING = (  # scripts that are spelled with joiners, from Arabic over India's to Myanmar's
    (0x0600, 0x10A0), (0x1780, 0x18B0), (0x1900, 0x1D00), (0xA800, 0xAC00), (0xFB50, 0xFF00),
    (0x10A00, 0x12000),
)  # fmt: skip
BLANK_DOTS = "\u2800"  # a sign of braille without a dot
EMOJI = ((0x1F000, 0x20000),)  # also where this Python does not know them yet


def plain(text: str) -> str:
    """Text without control characters and without marks that turn the direction of what follows."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    seen = [sign for sign in text if sign == "\n" or sign in JOINERS or _kept(sign)]
    out: list[str] = []
    for here, sign in enumerate(seen):
        after = seen[here + 1] if here + 1 < len(seen) else ""
        if sign not in JOINERS or (out and after and _joined(out[-1], after)):
            out.append(sign)
    return "".join(out).strip()


def shows(text: str) -> bool:
    """Whether there is anything to be seen in a text."""
    return any(
        not sign.isspace() and sign not in JOINERS and sign != BLANK_DOTS
        and not _within(sign, IGNORED)
        for sign in text
    )


def folded(name: str) -> str:
    """A name for comparison: without the differences that people do not hear or see."""
    wide = unicodedata.normalize("NFKC", name).casefold()
    return "".join(s for s in wide if s not in JOINERS and not _within(s, IGNORED)).strip()


def _kept(sign: str) -> bool:
    kind, point = unicodedata.category(sign), ord(sign)
    if kind == "Cn":  # not known here; some are for no sign ever, some never show
        never = 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
        return not never and not _within(sign, IGNORED)
    return kind not in NEVER


def _joined(before: str, after: str) -> bool:
    """Whether a joiner between two characters is part of a word or of an emoji."""
    if _emoji(before) and _emoji(after):
        return True
    return all(unicodedata.category(s)[0] in "LM" and _within(s, JOINING) for s in (before, after))


def _emoji(sign: str) -> bool:
    return unicodedata.category(sign) == "So" or sign == "\ufe0f" or _within(sign, EMOJI)


def _within(sign: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(sign) < behind for first, behind in ranges)
