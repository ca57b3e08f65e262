"""Tells by the ink of a figure whether its last digit is a small raised one: a footnote's mark."""

from __future__ import annotations

from statistics import median
from typing import Any

import cv2
from numpy.typing import NDArray

from yanku.parse.ink import Word

_DIGIT = 0.25
"""Share of a line's height from which ink is a digit and no comma."""
_SMALLER, _ABOVE = 0.8, 0.15
"""Of the other digits' height: how high a raised one is at most, and how far off their foot."""
_FEW = 3


def ends_raised(word: Word, dark: NDArray[Any], scale: float) -> bool:
    """Tell a figure whose last digit is smaller than the others and stands above their foot.

    ``dark`` is the ink of the page, ``scale`` how many of its pixels make a point.
    """
    (x0, x1), (y0, y1) = ((round(a * scale), round(b * scale) + 1)
                          for a, b in ((word.x0, word.x1), (word.y0, word.y1)))  # fmt: skip
    _, _, boxes, _ = cv2.connectedComponentsWithStats(dark[max(0, y0) : y1, max(0, x0) : x1])
    digits = [(int(x), int(y + height), int(height)) for x, y, _, height, _ in boxes[1:]
              if height >= _DIGIT * (y1 - y0)]  # fmt: skip
    digits.sort()
    if len(digits) < _FEW:
        return False
    *others, (_, foot, height) = digits
    usual, line = median(h for _, _, h in others), median(f for _, f, _ in others)
    return height <= _SMALLER * usual and line - foot >= _ABOVE * usual
