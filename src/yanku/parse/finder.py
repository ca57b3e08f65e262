"""Where lines of writing stand on a picture, as tilted rectangles: the detector on OpenVINO."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.engine import network

Pixels = NDArray[Any]

_INK = 0.3
"""Probability from which a pixel belongs to writing; a line's mean must reach ``_LINE``."""
_LINE = 0.5
_GROWTH = 1.6
"""The detector marks the core of a line; area over perimeter times this is the way to its edge."""
_THINNEST = 3
_MOST_LINES = 3000
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Streak:
    """One line of writing: centre, length, height in pixels; ``angle`` in degrees, clockwise.

    The length runs along the longer side, so that upright lines have angles near 90.
    """

    x: float
    y: float
    length: float
    height: float
    angle: float
    outline: NDArray[Any]
    """Points of the core's edge, by which it is boxed anew once the page's own angle is known."""
    trust: float

    @property
    def growth(self) -> float:
        """Return by how much the core is to be widened on each side."""
        return _grown(self.length, self.height)


def _grown(length: float, height: float) -> float:
    return length * height * _GROWTH / max(1.0, 2 * (length + height))


class Finder:
    """Finds lines of writing; ``side`` is the longest side of the picture it looks at."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._network = network("det")

    def find(self, pixels: Pixels, zoom: float | None = None) -> list[Streak]:
        """Return the lines on a picture in colour; ``zoom`` overrides how large it is looked at."""
        height, width = pixels.shape[:2]
        small = self.small(pixels, zoom)
        with self._network.answer(small[None]) as said:
            likely = said[0, 0].copy()  # so that another page may be looked at meanwhile
        ink = cv2.dilate((likely > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
        outlines, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        scale = np.array([width / small.shape[1], height / small.shape[0]])
        found = (_streak(likely, outline, scale) for outline in outlines[:_MOST_LINES])
        return [streak for streak in found if streak is not None]

    def small(self, pixels: Pixels, zoom: float | None = None) -> Pixels:
        """Return the picture as it is looked at."""
        height, width = pixels.shape[:2]
        zoom = zoom or min(1.0, self._side / max(height, width))
        return cv2.resize(
            pixels,
            (_blocks(width * zoom), _blocks(height * zoom)),
            interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC,
        )


def usual_pages(side: int) -> tuple[tuple[int, int], ...]:
    """Return heights and widths at which most scanned pages are looked at: A4, either way."""
    short = _blocks(side / math.sqrt(2))
    return (side, short), (short, side)


def _blocks(side: float) -> int:
    return max(_BLOCK, round(side / _BLOCK) * _BLOCK)


def _streak(likely: NDArray[Any], outline: NDArray[Any], scale: NDArray[Any]) -> Streak | None:
    _, (wide, high), _ = rectangle = cv2.minAreaRect(outline)
    if min(wide, high) < _THINNEST:
        return None
    corners = cv2.boxPoints(rectangle)
    trust = _mean_inside(likely, corners)
    grown = _grown(wide, high)
    if trust < _LINE or min(wide, high) + 2 * grown < _THINNEST + 2:
        return None
    points = outline.reshape(-1, 2).astype(np.float64) * scale
    (x, y), (wide, high), angle = cv2.minAreaRect(points.astype(np.float32))
    if wide < high:
        wide, high, angle = high, wide, angle + 90
    angle = (angle + 90) % 180 - 90
    return Streak(x, y, wide, high, angle, points, trust)


def _mean_inside(likely: NDArray[Any], corners: NDArray[Any]) -> float:
    """Return the mean probability within a tilted rectangle."""
    height, width = likely.shape
    x0, y0 = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(likely[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def common_angle(streaks: list[Streak]) -> float:
    """Return the angle of most lines, from -45 to 45 degrees, long ones counting more; 0 if few.

    A short line's own angle is chance: what is twice as long is twice as sure.
    """
    long = [s for s in streaks if s.length > 5 * s.height]
    if len(long) < 3:
        return 0.0
    angles = np.array([(s.angle + 45) % 90 - 45 for s in long])
    weights = np.array([s.length for s in long])
    order = np.argsort(angles)
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    middle = float(angles[order][half])
    return middle if math.isfinite(middle) else 0.0
