"""Korean particles, which follow the last sound of the word before them."""

from __future__ import annotations

import re

FROM_CONSONANT, LAST_SYLLABLE = 0xAC00, 0xD7A3
DIGITS_CLOSED = "013678"  # Korean digits that are read with a consonant at the end
LATIN_CLOSED = "lmnLMN"  # the same of letters
LIQUID = "178lL"  # read with an l at the end, after which the way there is "ro"


def particles(text: str) -> str:
    """Writes each [은/는] by the last sound before it, past what closes brackets and quotes."""

    def choose(match: re.Match[str]) -> str:
        last, past, closed, opened = match.groups()
        return last + past + (closed if ends_closed(last, closed) else opened)

    return re.sub(r"([^\s)”’\"'])([)”’\"']*)\[(\w+)/(\w+)\]", choose, text)


def ends_closed(letter: str, closed: str) -> bool:
    code, towards = ord(letter), closed == "으로"
    if FROM_CONSONANT <= code <= LAST_SYLLABLE:
        last = (code - FROM_CONSONANT) % 28
        return last > 0 and not (towards and last == 8)
    if towards and letter in LIQUID:
        return False
    return letter in DIGITS_CLOSED or letter in LATIN_CLOSED
