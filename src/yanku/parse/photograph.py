"""Papers photographed at a slant or lying bent, made flat before they are read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.finder import Streak
from yanku.parse.flat import Flat, Matrix, Pixels, View
from yanku.parse.ink import Bend

_LOOKED_AT = 640
_LEAST_PAPER, _MOST_PAPER = 0.15, 0.97
"""Shares of the picture that a sheet lying on a table takes."""
_INSIDE = 0.008
_FULL = 0.93
"""Share of a four-cornered outline that must be as bright as paper."""
_DARKER = 30
"""Levels of grey between the paper and what it lies on."""
_SLANT = 0.012
"""Share of its own side by which a corner must be out of square to be worth a correction."""
_STEEPEST = 0.35
_GROWTH = 2.2
_LONG = 5
_FEW = 6
_NOTICED = 0.4
"""Heights of a line by which it must stray over the page before the page is straightened."""
_BETTER = 1.4


def unslanted(view: View, corners: NDArray[np.float32] | None) -> View:
    """Return a photograph of a sheet as if taken from straight above; others as they are.

    Nothing is cut off: what lies around the sheet stays around it. ``corners`` are those that
    ``paper_of`` found.
    """
    if corners is None:
        return view
    (a, b, c, d) = corners
    wide = (np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2
    high = (np.linalg.norm(d - a) + np.linalg.norm(c - b)) / 2
    square = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    if not _SLANT < _out_of_square(corners) < _STEEPEST:
        return view
    return _warped(view, cv2.getPerspectiveTransform(corners, square).astype(np.float64))


def _out_of_square(corners: NDArray[np.float32]) -> float:
    """Return by how much the fourth corner misses the parallelogram of the other three."""
    a, b, c, d = corners
    shortest = min(float(np.linalg.norm(side)) for side in (b - a, c - d, d - a, c - b))
    return float(np.linalg.norm(a + c - b - d)) / max(1.0, shortest)


def paper_of(pixels: Pixels) -> NDArray[np.float32] | None:
    """Return the corners of a sheet that lies wholly inside the picture, from the top left."""
    height, width = pixels.shape[:2]
    scale = _LOOKED_AT / max(height, width)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (5, 5), 0)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(outline, 0.03 * cv2.arcLength(outline, closed=True), closed=True)
    if len(corners) != 4 or not _is_sheet(grey, corners):
        return None
    return _in_order(corners.reshape(4, 2).astype(np.float32) / scale)


def _is_sheet(grey: Pixels, corners: NDArray[Any]) -> bool:
    height, width = grey.shape
    share = cv2.contourArea(corners) / grey.size
    points = corners.reshape(4, 2) / (width, height)
    if not _LEAST_PAPER < share < _MOST_PAPER:
        return False
    if points.min() < _INSIDE or points.max() > 1 - _INSIDE:
        return False
    inside: Pixels = np.zeros_like(grey)
    cv2.fillPoly(inside, [corners], 255)
    paper = float(np.median(grey[inside > 0]))
    near, far = (cv2.dilate(inside, np.ones((side, side), np.uint8)) for side in (5, 13))
    around = cv2.subtract(far, near)
    rim = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))[inside > 0]
    bright = float((rim > (paper + float(np.median(grey[around > 0]))) / 2).mean())
    return paper - float(np.median(grey[around > 0])) > _DARKER and bright > _FULL


def _in_order(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return four corners clockwise from the one nearest to the top left."""
    middle = corners.mean(axis=0)
    around = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    corners = corners[np.argsort(around)]
    return np.roll(corners, -int(corners.sum(axis=1).argmin()), axis=0)


def _warped(view: View, there: Matrix) -> View:
    """Return the whole view after a projective change, as large as it has to be."""
    width, height = view.size
    frame = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64)
    ends = frame @ there.T
    if ends[:, 2].min() <= 0:
        return view  # the horizon lies in the picture
    ends = ends[:, :2] / ends[:, 2:]
    (x0, y0), (x1, y1) = ends.min(axis=0), ends.max(axis=0)
    if (x1 - x0) * (y1 - y0) > _GROWTH * width * height:
        return view
    there = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]]) @ there
    size = (round(x1 - x0), round(y1 - y0))
    pixels = cv2.warpPerspective(
        view.pixels, there, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return View(pixels, view.back @ np.linalg.inv(there), view.shown)


def straightened(flat: Flat, streaks: Sequence[Streak]) -> Flat:
    """Return a sheet whose lines of writing run level everywhere, not only on the whole.

    Curled and crumpled paper and lines that converge are made straight where the lines
    themselves say by how much; a sheet that lies flat is returned as it is.
    """
    lines = [_run(flat, s) for s in streaks if s.length > _LONG * s.height]
    lines = [line for line in lines if abs(line[2]) < _STEEPEST]
    if len(lines) < _FEW:
        return flat
    x, y, slope, length, height = np.array(lines, np.float64).T
    bend, before, after = _fitted(flat, x, y, slope, length)
    strays = np.abs(bend.rise(x + length / 2, y) - bend.rise(x - length / 2, y))
    noticed = max(float(strays.max()), float(np.abs(bend.rise(x, y)).max()))
    if noticed < _NOTICED * median(height) or before < _BETTER * after:
        return flat
    return _bent(flat, bend)


def _run(flat: Flat, streak: Streak) -> tuple[float, float, float, float, float]:
    """Return centre, slope, length and height of a line on the sheet."""
    points = flat.levelled(streak.outline)
    wide, high = np.ptp(points, axis=0)
    x, y = points.mean(axis=0)
    box = cv2.minAreaRect(points.astype(np.float32))
    angle = box[2] if box[1][0] >= box[1][1] else box[2] - 90
    slope = float(np.tan(np.radians((angle + 45) % 90 - 45)))
    return float(x), float(y), slope, float(wide), float(min(box[1]) or high)


def _fitted(
    flat: Flat,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    length: NDArray[np.float64],
) -> tuple[Bend, float, float]:
    """Return the smooth bend that explains the slopes, and how far they stray before and after."""
    middle = (flat.width / 2, flat.height / 2)
    terms = Bend((0.0,) * 6, *middle, flat.width).slopes(x, y).T
    weights, found = length.copy(), np.zeros(6)
    ridge = np.diag([1e-6, *[0.01] * 5]) * length.sum()
    for _ in range(4):
        heavy = terms.T * weights
        found = np.linalg.solve(heavy @ terms + ridge, heavy @ slope)
        left = np.abs(slope - terms @ found)
        usual = max(1e-4, float(np.median(left)))
        weights = length / np.maximum(1.0, left / (2 * usual))
    bend = Bend(tuple(float(v) for v in found), *middle, flat.width)
    plain = np.abs(slope - np.median(slope))
    return bend, float(np.average(plain, weights=weights)), float(np.average(left, weights=weights))


def _bent(flat: Flat, bend: Bend) -> Flat:
    """Return the sheet drawn anew, every point taken from where the bend has it."""
    width, height = round(flat.width), round(flat.height)
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    y = y + bend.rise(x, y)
    (a, b, c), (d, e, f) = flat.onto[:2]
    pixels = cv2.remap(
        flat.view.pixels,
        (a * x + b * y + c).astype(np.float32),
        (d * x + e * y + f).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    view = View(pixels, flat.view.back @ flat.onto, flat.view.shown)
    return Flat(view, np.eye(3), width, height, bend)
