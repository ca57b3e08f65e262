"""Ruling lines on the picture of a page."""

from __future__ import annotations

from typing import Any

import cv2
from numpy.typing import NDArray

from yanku.parse.ink import Ruling

_LEVEL, _UPRIGHT = 22.0, 14.0
"""Points: what is straight and longer than this is no stroke of a letter."""
_THICKEST = 6.0
_LETTER = 1.1
"""Heights of a line that no stroke of a letter in it reaches."""
_Grey = NDArray[Any]


def rulings(
    grey: _Grey, dpi: float, line: float = 0.0
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    """Return the straight lines longer than strokes of letters: the level and the upright ones.

    ``line`` is how many pixels a line of writing is high: what a picture says of its resolution
    is not always true, and its letters may be larger than those of a printed page.
    """
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    letter = line * _LETTER * 72 / dpi
    level = _strokes(dark, dpi, max(_LEVEL, letter), level=True)
    return level, _strokes(dark, dpi, max(_UPRIGHT, letter), level=False)


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
