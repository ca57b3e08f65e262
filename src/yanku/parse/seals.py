"""Red seals taken off the print beneath them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_FEW = 0.0004
_SHORTEST, _LONGEST = 0.7, 2.8
"""Inches: the sides of a seal."""
_OBLONG = 1.6


def without_seals(pixels: NDArray[Any], dpi: float) -> NDArray[Any]:
    """Return the picture with red seals taken off the print beneath them.

    Only round or square red marks of the size of a seal go; red figures stay.
    """
    red, green, blue = cv2.split(pixels)
    over = np.maximum(green, blue)
    mask = ((red > 120) & (cv2.subtract(red, over) > 45)).view(np.uint8)
    if cv2.countNonZero(mask) < _FEW * mask.size:
        return pixels
    reach = max(3, int(dpi / 12)) | 1  # an odd kernel closes without a shift
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(closed)
    clean = pixels.copy()
    for x, y, width, height, _ in boxes[1:]:
        sides = sorted((width / dpi, height / dpi))
        if sides[0] > _SHORTEST and sides[1] < min(_LONGEST, _OBLONG * sides[0]):
            field = _whole(x, y, width, height)
            stain = cv2.dilate(mask[field], np.ones((3, 3), np.uint8)).astype(bool)
            # Red ink is as bright as paper in the red channel; print beneath it stays dark.
            bright = np.median(red[field][mask[field].astype(bool)])
            plain = np.clip(red[field] * (255.0 / bright), 0, 255).astype(np.uint8)
            clean[field][stain] = plain[stain][:, None]
    return clean


def _whole(x: int, y: int, width: int, height: int) -> tuple[slice, slice]:
    """Return where a seal lies of which this is all or most: large print cuts its ring in two."""
    across, down = max(0, height - width), max(0, width - height)
    return (
        slice(max(0, y - down), y + height + down),
        slice(max(0, x - across), x + width + across),
    )
