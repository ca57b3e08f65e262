"""Ruling lines on the picture of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.flat import Rect
from yanku.parse.ink import Ruling

_LEVEL, _UPRIGHT = 22.0, 14.0
"""Points: what is straight and longer than this is no stroke of a letter."""
_THICKEST = 6.0
_LETTER = 1.1
"""Heights of a line that no stroke of a letter in it reaches."""
_BROKEN, _ALONG = 24.0, 1.2
"""Points: the gap over which, and the shift within which, pieces of a faint line are one line."""
_TRACES, _ASIDE = 0.25, 4
"""Share of the gap in a broken line that shows ink, more than there is so many pixels beside it."""
_PART = 5.0
"""Points of a gap that cannot be without any."""
_NEAR, _REACH = 3.0, 60.0
"""Points: how near lines that meet come, and how far one is drawn on to the next."""
_TURNS = 2
"""Level and upright lines are drawn on by turns, each to the others as they then are."""
_THROUGH = 0.3
"""Share of the height of a line of writing beside which no line is drawn on through it."""
_DARKER, _LEAST_DARKER = 12, 6
"""Grey levels by which ink is darker than what lies around it; less on a pale page."""
_PALE = 0.12
_Grey = NDArray[Any]


def inked(grey: _Grey) -> _Grey:
    """Return what of a picture is darker than its surroundings, as a mask of 255."""
    paper, ink = np.percentile(grey[::4, ::4], (50, 0.5))
    darker = min(_DARKER, max(_LEAST_DARKER, _PALE * float(paper - ink)))
    return cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, darker
    )


def rulings(
    dark: _Grey, dpi: float, line: float = 0.0, writing: Sequence[Rect] = ()
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """Return the straight lines longer than strokes of letters: the level and the upright ones.

    ``line`` is how many pixels a line of writing is high: what a picture says of its resolution
    is not always true, and its letters may be larger than those of a printed page. No upright line
    is drawn on through ``writing``, in pixels: strokes of letters look like traces of it.
    """
    letter = line * _LETTER * 72 / dpi
    shortest = max(_UPRIGHT, letter)
    level, upright = (_strokes(dark, dpi, shortest, level=flat) for flat in (True, False))
    scale = dpi / 72
    flat = _whole(level, dark, scale, max(_LEVEL, letter))
    high = _whole(upright, dark.T, scale, shortest)
    words = [(x0 / scale, y0 / scale, x1 / scale, y1 / scale) for x0, y0, x1, y1 in writing]
    for _ in range(_TURNS):
        high = tuple(_reaching(line, flat, dark.T, scale, words) for line in high)
        flat = tuple(_reaching(line, high, dark, scale) for line in flat)
    return flat, high


def _reaching(
    line: Ruling, across: Sequence[Ruling], dark: _Grey, scale: float, writing: Sequence[Rect] = ()
) -> Ruling:
    """Return a line drawn on over the next lines across it, as far as traces lead."""
    met = sorted(r.at for r in across if r.start - _NEAR <= line.at <= r.end + _NEAR)
    parted = [(y0, y1) for x0, y0, x1, y1 in writing
              if x0 + (y1 - y0) / 2 < line.at < x1 - (y1 - y0) / 2]  # fmt: skip
    for at in reversed(met):
        if at < line.start:
            edge = Ruling(line.at, at, at)
            if not _leads(edge, line, parted, dark, scale):
                break
            line = line._replace(start=at)
    for at in met:
        if at > line.end:
            edge = Ruling(line.at, at, at)
            if not _leads(line, edge, parted, dark, scale):
                break
            line = line._replace(end=at)
    return line


def _leads(
    one: Ruling, other: Ruling, parted: Sequence[tuple[float, float]], dark: _Grey, scale: float
) -> bool:
    """Tell whether a line goes on from one end to the other, not through a line of writing."""
    start, end = one.end, other.start
    if end - start > _REACH:
        return False
    if any(min(y1, end) - max(y0, start) > _THROUGH * (y1 - y0) for y0, y1 in parted):
        return False
    return end - start <= _NEAR or _traces(dark, one, other, scale)


def _whole(
    pieces: Iterable[Ruling], dark: _Grey, scale: float, shortest: float
) -> tuple[Ruling, ...]:
    """Return lines of at least a length, the pieces of a broken one put together.

    Between pieces of one line there are traces of it; between two lines there is paper.
    """
    lines: list[Ruling] = []
    ends: list[Ruling] = []
    for piece in sorted(pieces, key=lambda r: r.start):
        for i in range(len(lines) - 1, -1, -1):
            last = ends[i]
            near = abs(piece.at - last.at) <= _ALONG and piece.start <= last.end + _BROKEN
            if near and piece.start >= last.end - 1 and _traces(dark, last, piece, scale):
                lines[i] = _joined(lines[i], piece)
                ends[i] = piece
                break
        else:
            lines.append(piece)
            ends.append(piece)
    return tuple(line for line in lines if line.end - line.start >= shortest)


def _traces(dark: _Grey, left: Ruling, right: Ruling, scale: float) -> bool:
    """Tell whether there is some ink between the pieces of a line."""
    start, end = round(left.end * scale), round(right.start * scale)
    if end - start < 2:
        return True
    at = round((left.at + right.at) / 2 * scale)
    drift = round(abs(left.at - right.at) / 2 * scale) + 1
    away = _ASIDE + drift
    beside = [_inky(dark, at - away, drift, start, end), _inky(dark, at + away, drift, start, end)]
    on = _inky(dark, at, drift, start, end)
    share = float(on.mean()) - max(float(side.mean()) for side in beside)
    parts = np.array_split(on, max(1, round((end - start) / scale / _PART)))
    return share > _TRACES and min(float(part.mean()) for part in parts) > _TRACES / 2


def _inky(dark: _Grey, at: int, reach: int, start: int, end: int) -> NDArray[Any]:
    """Return where along a band of a line there is ink."""
    return np.asarray(dark[max(0, at - reach) : max(1, at + reach + 1), start:end].any(axis=0))


def _joined(line: Ruling, piece: Ruling) -> Ruling:
    one, other = line.end - line.start, piece.end - piece.start
    at = (line.at * one + piece.at * other) / (one + other)
    return Ruling(at, line.start, max(line.end, piece.end))


def _strokes(dark: _Grey, dpi: float, points: float, *, level: bool) -> tuple[Ruling, ...]:
    length = max(8, int(points * dpi / 72))
    shape = (length, 1) if level else (1, length)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
    found = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
    thicken = cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if level else (3, 1))
    found = cv2.dilate(found, thicken)
    scale, kept = 72 / dpi, []
    for x, y, width, height in _boxes(found):
        long, thick = (width, height) if level else (height, width)
        if thick * scale > _THICKEST or long < 4 * thick:
            continue
        at = (y + height / 2 if level else x + width / 2) * scale
        start = (x if level else y) * scale
        kept.append(Ruling(float(at), float(start), float(start + long * scale)))
    return tuple(kept)


def _boxes(found: _Grey) -> list[tuple[int, int, int, int]]:
    """Return the boxes of all marks, from the top; following edges is quicker than labelling."""
    edges, nested = cv2.findContours(found, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not edges:
        return []
    outer = [edge for edge, (*_, within) in zip(edges, nested[0], strict=True) if within < 0]
    boxes = [(x, y, wide, high) for x, y, wide, high in map(cv2.boundingRect, outer)]
    return sorted(boxes, key=lambda box: (box[1], box[0]))
