"""The pages on a picture: the sheet that lies on a desk, and two pages copied side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yanku.parse.ink import Ink, Lens, Line, Ruling, Word, lines_of

_LANDSCAPE = (1.2, 1.75)
"""Width over height of two upright pages side by side."""
_MIDDLE, _GUTTER = 0.05, 0.035
"""Shares of the width: how near the middle the gap is between two pages, and how wide."""
_FEW = 2
_LABELLED = 0.6
"""Share of a page's lines that begin with words; those of half a table begin with figures."""
_STRAY = 0.02
"""Share of the words that may lie off the sheet: dirt of the desk."""


def pages_of(ink: Ink, paper: NDArray[Any] | None) -> tuple[Ink, ...]:
    """Return the pages on a picture as they were read, from left to right.

    ``paper`` is the corners of a sheet in the picture's own points, if one was seen.
    """
    sheet = ink if paper is None else _on_paper(ink, paper)
    at = _gutter(sheet)
    if at is None:
        return (sheet,)
    left = _window(sheet, 0.0, 0.0, at, sheet.height)
    right = _window(sheet, at, 0.0, sheet.width, sheet.height)
    return left, replace(right, part=ink.part + 1)


def _on_paper(ink: Ink, paper: NDArray[Any]) -> Ink:
    """Return what lies on the sheet alone, measured from its own corner."""
    if ink.lens is None:
        return ink
    there = np.linalg.inv(np.array(ink.lens.matrix).reshape(3, 3))
    points = np.column_stack([paper, np.ones(len(paper))]) @ there.T
    points = points[:, :2] / points[:, 2:]
    x0, y0 = (max(0.0, float(v)) for v in points.min(axis=0))
    x1, y1 = (min(w, float(v)) for w, v in zip((ink.width, ink.height), points.max(axis=0),
                                               strict=True))  # fmt: skip
    sheet = _window(ink, x0, y0, x1, y1)
    return sheet if len(ink.words) - len(sheet.words) <= _STRAY * len(ink.words) else ink


def _gutter(ink: Ink) -> float | None:
    """Return where two pages meet, if there are two: nothing goes across, both begin with words.

    A table too wide for an upright page has a title, a rule or a label that goes across, or its
    right half begins with figures.
    """
    if not ink.words or not _LANDSCAPE[0] < ink.width / max(1.0, ink.height) < _LANDSCAPE[1]:
        return None
    low, high = (ink.width * (0.5 + way * _MIDDLE) for way in (-1, 1))
    spans = [(w.x0, w.x1) for w in ink.words] + [(r.start, r.end) for r in ink.level]
    left = max((x1 for x0, x1 in spans if (x0 + x1) / 2 <= ink.width / 2), default=0.0)
    right = min((x0 for x0, x1 in spans if (x0 + x1) / 2 > ink.width / 2), default=ink.width)
    at = (left + right) / 2
    if right - left < _GUTTER * ink.width or not low < at < high:
        return None
    halves = ([w for w in ink.words if (w.x1 < at) is side] for side in (True, False))
    return at if all(map(_is_page, halves)) else None


def _is_page(words: Sequence[Word]) -> bool:
    lines = lines_of(words)
    return len(lines) >= _FEW and sum(map(_begins_with_words, lines)) >= _LABELLED * len(lines)


def _begins_with_words(line: Line) -> bool:
    return sum(map(str.isalpha, line.words[0].text)) > 1


def _window(ink: Ink, x0: float, y0: float, x1: float, y1: float) -> Ink:
    """Return what stands in a rectangle of the sheet as a sheet of its own."""
    words = tuple(
        w._replace(x0=w.x0 - x0, y0=w.y0 - y0, x1=w.x1 - x0, y1=w.y1 - y0)
        for w in ink.words
        if x0 <= (w.x0 + w.x1) / 2 <= x1 and y0 <= (w.y0 + w.y1) / 2 <= y1
    )
    return replace(
        ink,
        width=x1 - x0,
        height=y1 - y0,
        words=words,
        level=_clipped(ink.level, (y0, y1), (x0, x1)),
        upright=_clipped(ink.upright, (x0, x1), (y0, y1)),
        lens=ink.lens and _shifted(ink.lens, x0, y0),
    )


def _clipped(
    lines: Sequence[Ruling], across: tuple[float, float], along: tuple[float, float]
) -> tuple[Ruling, ...]:
    """Return the lines within a rectangle, measured from its corner."""
    found = []
    for line in lines:
        start, end = max(line.start, along[0]), min(line.end, along[1])
        if across[0] <= line.at <= across[1] and end > start:
            found.append(Ruling(line.at - across[0], start - along[0], end - along[0]))
    return tuple(found)


def _shifted(lens: Lens, x: float, y: float) -> Lens:
    """Return the lens of a sheet whose corner is at a point of this one's."""
    move = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    a, b, c, d, e, f, g, h, i = (
        float(v) for v in (np.array(lens.matrix).reshape(3, 3) @ move).ravel()
    )
    bend = lens.bend and replace(lens.bend, x=lens.bend.x - x, y=lens.bend.y - y)
    return replace(lens, matrix=(a, b, c, d, e, f, g, h, i), bend=bend)
