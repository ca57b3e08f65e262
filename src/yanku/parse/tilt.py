"""How far from level the lines of a page run, to a twentieth of a degree."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE = 1400
"""Pixels of the long side at which a page is looked at."""
_DARK, _SHARE = 60, 0.6
"""Grey levels that ink is darker than paper; on a pale page this share of its darkest ink."""
_STEPS = ((0.2, 6), (0.05, 4))
_BETTER = 1.02


def tilt_of(pixels: NDArray[Any], around: float) -> float:
    """Return the angle of the lines in degrees, clockwise; near the one they were first held for.

    Short lines say nothing of a slight tilt. Together they do: at the right angle rows of ink and
    rows of paper differ most.
    """
    across, down, weight = _ink(pixels)
    if not len(weight):
        return around

    def contrast(angle: float) -> float:
        turn = np.deg2rad(angle)
        rows = (down * np.cos(turn) - across * np.sin(turn)).astype(np.int64)
        profile = np.bincount(rows - rows.min(), weight)
        return float((np.diff(profile) ** 2).sum())

    best = around
    for step, reach in _STEPS:
        best = max((best + n * step for n in range(-reach, reach + 1)), key=contrast)
    return best if contrast(best) > _BETTER * contrast(around) else around


def _ink(pixels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the points of a page's ink, and how dark each is."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    shrink = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ink = (float(np.median(small)) - cv2.GaussianBlur(small, (3, 3), 0)).astype(np.float32)
    least = max(1.0, min(_DARK, _SHARE * float(np.percentile(ink, 99.5))))
    down, across = np.nonzero(ink > least)
    return across.astype(np.float32), down.astype(np.float32), ink[down, across]
