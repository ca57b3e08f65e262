"""Text set in two columns, put into reading order.

┌ title across the page ┐        1. what stands across
│ left text │ right text│        2. the left column, from top to bottom
│ left text │ right text│        3. the right column
└ a line across again ──┘        4. what stands across
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yanku.parse.ink import Line, line_of, lines_of
from yanku.parse.piece import is_figure

_MIN_LINES = 8
_MIN_GAP = 8.0
_MIN_CHARACTERS = 12


def in_reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines in stretches to be read one after the other."""
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)] if lines else []
    stretches: list[list[Line]] = []
    beside: list[Line] = []
    for line in lines:
        if any(w.x0 < gutter - 1 and w.x1 > gutter + 1 for w in line.words):
            stretches.extend(_sides(beside, gutter))
            beside = []
            stretches.append([line])
        else:
            beside.append(line)
    stretches.extend(_sides(beside, gutter))
    return _joined(stretches)


def _sides(lines: Sequence[Line], gutter: float) -> list[list[Line]]:
    words = [w for line in lines for w in line.words]
    left = lines_of(w for w in words if w.x1 <= gutter + 1)
    right = lines_of(w for w in words if w.x1 > gutter + 1)
    return [side for side in (left, right) if side]


def _joined(stretches: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the stretches with single lines that follow each other put together."""
    out: list[list[Line]] = []
    for stretch in stretches:
        if out and len(stretch) == 1 and len(out[-1]) == 1:
            out[-1].extend(stretch)
        else:
            out.append(list(stretch))
    return out


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return the x of a gap that parts running text on both sides of many lines."""
    if len(lines) < _MIN_LINES:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    low, high = left + 0.35 * (right - left), left + 0.65 * (right - left)
    gaps = [
        (a.x1, b.x0)
        for line in lines
        for a, b in pairwise(line.words)
        if b.x0 - a.x1 >= _MIN_GAP and b.x0 > low and a.x1 < high
    ]
    if len(gaps) < _MIN_LINES:
        return None
    best, count = 0.0, 0
    for x in sorted({(max(a, low) + min(b, high)) / 2 for a, b in gaps}):
        here = sum(a <= x <= b for a, b in gaps)
        if here > count:
            best, count = x, here
    across = sum(any(w.x0 < best < w.x1 for w in line.words) for line in lines)
    parted = [line for line in lines if line.x0 < best < line.x1]
    parted = [line for line in parted if not any(w.x0 < best < w.x1 for w in line.words)]
    if count < _MIN_LINES or count < 2 * across or not _is_prose(parted, best):
        return None
    return best


def _is_prose(lines: Sequence[Line], gutter: float) -> bool:
    """Tell two columns of text from a table: both sides of most lines hold words, not figures."""
    full = 0
    for line in lines:
        sides = (
            [w for w in line.words if w.x1 <= gutter + 1],
            [w for w in line.words if w.x1 > gutter + 1],
        )
        full += all(
            side
            and sum(len(w.text) for w in side) >= _MIN_CHARACTERS
            and not is_figure(line_of(side).text)
            and sum(is_figure(w.text) for w in side) * 3 < max(3, len(side))
            for side in sides
        )
    return full * 3 >= 2 * len(lines)
