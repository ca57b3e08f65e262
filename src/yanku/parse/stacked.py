"""Lines of writing set so close that they were found as one, taken apart by the paper between.

% of      ┐
total     ┘ one line to the finder, 1.8 times as high as its neighbours
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yanku.parse.flat import Rect
from yanku.parse.ink import Ruling

_HIGH = 1.5
"""Heights of a usual line from which one may be two; one that runs downwards is none."""
_UPRIGHT = 1.5
_LEAST, _AROUND = 0.3, 0.35
"""Share of a usual line's height that letters are high, and of that how much is left around."""
_PAPER, _BRIDGE = 0.01, 0.25
"""Shares of the width, and of the fullest row, up to which a row of pixels parts two lines."""
_MOST = 4
_INSIDE = 0.4
"""Heights of a usual line from the edge of a rectangle to a ruling that parts it."""
_ACROSS = 0.7
"""Share of the width of a rectangle that a ruling crosses."""


def unstacked(
    dark: NDArray[Any], rects: Sequence[Rect], usual: float, level: Sequence[Ruling] = ()
) -> dict[int, list[Rect]]:
    """Return the lines that stand one above the other in a rectangle, for those that hold several.

    ``dark`` is the page's ink without rulings, ``level`` those that run across and ``usual`` how
    high its lines are, in pixels.
    """
    found: dict[int, list[Rect]] = {}
    for i, (x0, y0, x1, y1) in enumerate(rects):
        if y1 - y0 < _HIGH * usual:
            continue
        parts = _ruled(dark, rects[i], usual, level)
        if parts:
            found[i] = parts
            continue
        if y1 - y0 > _UPRIGHT * (x1 - x0):
            continue
        runs = _runs(dark[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] > 0, _LEAST * usual)
        if 1 < len(runs) <= _MOST:
            found[i] = [(x0, y0 + top, x1, y0 + foot) for top, foot in _lines(runs, y1 - y0)]
    return found


def _ruled(dark: NDArray[Any], rect: Rect, usual: float, level: Sequence[Ruling]) -> list[Rect]:
    """Return what stands above and below the rulings that part a rectangle; none if none does."""
    x0, y0, x1, y1 = rect
    near = _INSIDE * usual
    cuts = sorted(
        r.at for r in level
        if y0 + near < r.at < y1 - near
        and min(r.end, x1) - max(r.start, x0) >= _ACROSS * (x1 - x0)
    )  # fmt: skip
    parts = [(x0, a, x1, b) for a, b in pairwise([y0, *cuts, y1]) if b - a > near]
    return [part for part in parts if _has_writing(dark, part, usual)] if cuts else []


def _has_writing(dark: NDArray[Any], rect: Rect, usual: float) -> bool:
    x0, y0, x1, y1 = map(int, rect)
    rows = dark[y0 : y1 + 1, x0 : x1 + 1].any(axis=1)
    return float(rows.sum()) >= _LEAST * usual


def _lines(runs: Sequence[tuple[int, int]], high: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where each line is read: its letters, and some of the paper around."""
    edges = [0.0, *((a[1] + b[0]) / 2 for a, b in pairwise(runs)), high]
    for (a, b), (top, foot) in zip(runs, pairwise(edges), strict=True):
        around = _AROUND * (b - a)
        yield max(top, a - around), min(foot, b + around)


def _runs(ink: NDArray[Any], least: float) -> list[tuple[int, int]]:
    """Return the bands of rows that hold writing, if each of them is as high as a line."""
    filled = ink.sum(axis=1)
    if not filled.size or not filled.max():
        return []
    for bar in (_PAPER * ink.shape[1], _BRIDGE * float(filled.max())):
        edges = np.flatnonzero(np.diff(np.r_[0, (filled > bar).astype(np.int8), 0]))
        runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        runs = [run for run in runs if run[1] - run[0] > 2]
        if len(runs) > 1:
            return runs if all(b - a >= least for a, b in runs) else []
    return []
