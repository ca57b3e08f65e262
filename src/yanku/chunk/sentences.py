"""Text cut where a reader would pause, never inside a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CLOSING = "”’」』）)\\]"
_SENTENCE = re.compile(
    rf"(?<=[。！？!?；])(?![{_CLOSING}])|(?<=[\u4e00-\u9fff）];)(?![{_CLOSING}])"
    rf"|(?<=[。！？!?；;][{_CLOSING}])|(?<=\.)(?=\s+[A-Z\u4e00-\u9fff])"
)
_CLAUSE = re.compile(r"(?<=[，、：:,])(?!\d)")
_SPACE = re.compile(r"(?<=\s)(?=\D)")
# Between any two characters, except inside a number, its sign or a Latin word.
_ANYWHERE = re.compile(r"(?<![-−+(（\d.,%A-Za-z])|(?![\d.,%A-Za-z])")
_BOUNDARIES = (_SENTENCE, _CLAUSE, _SPACE, _ANYWHERE)
_LONGEST_RUN = 4_000
"""A run without any boundary is not text; longer ones are cut wherever they stand."""


def one_line(text: str) -> str:
    """Return the text with every stretch of white space as one blank."""
    return " ".join(text.split())


def size(text: str) -> float:
    """Return the length in Chinese characters; half as much for Latin letters and blanks."""
    light = sum(1 for c in text if c.isascii() and not c.isdigit())
    return len(text) - light / 2


def pieces(text: str, limit: float) -> list[str]:
    """Return the text in pieces of at most ``limit``, larger only where nothing can be cut."""
    return [piece for part in _packed(text, limit, _BOUNDARIES) if (piece := part.strip())]


def _packed(text: str, limit: float, boundaries: Sequence[re.Pattern[str]]) -> Iterator[str]:
    if size(text) <= limit:
        yield text
    elif not boundaries:
        yield from (text[i : i + _LONGEST_RUN] for i in range(0, len(text), _LONGEST_RUN))
    else:
        for part in _merged(boundaries[0].split(text), limit):
            yield from _packed(part, limit, boundaries[1:])


def _merged(parts: Sequence[str], limit: float) -> Iterator[str]:
    current: list[str] = []
    total = 0.0
    for part in parts:
        weight = size(part)
        if current and total + weight > limit:
            yield "".join(current)
            current, total = [], 0.0
        current.append(part)
        total += weight
    if current:
        yield "".join(current)
