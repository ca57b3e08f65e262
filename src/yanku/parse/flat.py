"""A picture and the level sheet that lies on it, with the way back for each point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.ink import Bend, Lens

Pixels = NDArray[Any]
Matrix = NDArray[np.float64]
"""Three by three, for points (x, y, 1)."""
Rect = tuple[float, float, float, float]

_LEVEL = 0.05
"""Degrees of tilt that nothing downstream notices."""
_COARSE = 1.6


@dataclass(frozen=True, slots=True)
class View:
    """Pixels to look at; ``back`` takes their points to those of the picture they were made from.

    ``shown`` is the width and height of that picture in pixels.
    """

    pixels: Pixels
    back: Matrix
    shown: tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def turned(self, turns: int) -> View:
        """Return the view after clockwise quarter turns."""
        width, height = self.size
        undo = {
            0: np.eye(3),
            1: np.array([[0.0, 1, 0], [-1, 0, height], [0, 0, 1]]),
            2: np.array([[-1.0, 0, width], [0, -1, height], [0, 0, 1]]),
            3: np.array([[0.0, -1, width], [1, 0, 0], [0, 0, 1]]),
        }[turns % 4]
        pixels = np.ascontiguousarray(np.rot90(self.pixels, -turns))
        return View(pixels, self.back @ undo, self.shown)


def seen_whole(pixels: Pixels) -> View:
    """Return a picture looked at as it is."""
    return View(pixels, np.eye(3), (pixels.shape[1], pixels.shape[0]))


@dataclass(frozen=True, slots=True)
class Flat:
    """A level sheet on a view; ``onto`` takes its points to the view's.

    A sheet with a ``bend`` is its own view, already drawn straight.
    """

    view: View
    onto: Matrix
    width: float
    height: float
    bend: Bend | None = None

    def levelled(self, points: NDArray[Any]) -> NDArray[Any]:
        """Return points of the view as points of the sheet."""
        there = np.linalg.inv(self.onto)
        flat: NDArray[Any] = points @ there[:2, :2].T + there[:2, 2]
        return flat

    def strip(self, rect: Rect, high: int, longest: int) -> Pixels:
        """Return what stands in a rectangle of the sheet, ``high`` pixels high."""
        x0, y0, x1, y1 = rect
        tall = (y1 - y0) / high
        wide = max(tall, (x1 - x0) / longest)
        sharp = 1.0 if tall < _COARSE else math.ceil(tall)
        size = (max(1, round((x1 - x0) / wide)), high)
        step_x, step_y = (x1 - x0) / size[0] / sharp, tall / sharp
        shift = np.array([[step_x, 0, x0 + (step_x - 1) / 2], [0, step_y, y0 + (step_y - 1) / 2],
                          [0, 0, 1]])  # fmt: skip
        strip = cv2.warpAffine(
            self.view.pixels,
            (self.onto @ shift)[:2],
            (round(size[0] * sharp), round(size[1] * sharp)),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return strip if sharp == 1.0 else cv2.resize(strip, size, interpolation=cv2.INTER_AREA)

    def grey(self) -> Pixels:
        """Return the whole sheet in grey, white where the view does not reach."""
        grey = cv2.cvtColor(self.view.pixels, cv2.COLOR_RGB2GRAY)
        if np.array_equal(self.onto, np.eye(3)):
            return grey
        return cv2.warpAffine(
            grey,
            self.onto[:2],
            (round(self.width), round(self.height)),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255,),
        )

    def lens(self, dpi: float) -> Lens:
        """Return how the sheet lies on the picture, both measured in points."""
        scale = np.diag([dpi / 72, dpi / 72, 1.0])
        whole = np.linalg.inv(scale) @ self.view.back @ self.onto @ scale
        a, b, c, d, e, f, g, h, i = (float(v) for v in (whole / whole[2, 2]).ravel())
        width, height = self.view.shown
        bend = self.bend and self.bend.scaled(72 / dpi)
        return Lens((a, b, c, d, e, f, g, h, i), width * 72 / dpi, height * 72 / dpi, bend)


def levelled(view: View, angle: float) -> Flat:
    """Return the sheet whose lines run at ``angle`` degrees, clockwise, over the view."""
    width, height = view.size
    if abs(angle) < _LEVEL:
        return Flat(view, np.eye(3), width, height)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    whole = (width * cos + height * abs(sin), width * abs(sin) + height * cos)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0, 0, 1]])
    turn[:2, 2] = np.array([width, height]) / 2 - turn[:2, :2] @ (np.array(whole) / 2)
    return Flat(view, turn, *whole)
