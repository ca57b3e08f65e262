"""Small marks beside the lines that were found: a lone digit, a dash for nil, a minus left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.flat import Rect
from yanku.parse.ink import Ruling
from yanku.parse.seen import Spoken

Mask = NDArray[Any]

_LETTER = (0.3, 0.85)
_WIDEST = 0.85
_DASH, _DASH_WIDE = 0.16, (0.14, 0.95)
"""Shares of a line's height: letters and dashes are so high and so wide."""
_DIGIT = 0.24
"""The same of the digit that a minus stands before: lines are found with paper around them."""
_FLAT, _BLURRED = 1.7, 1.3
_BEFORE_DIGIT = 0.8
"""Share of a minus that stands left of its number, however they run together."""
_MIDDLE, _ROW = 0.2, 0.3
"""How far from the middle of its line a dash, and a letter, may stand."""
_GAP, _ROOM = 0.5, 0.25
_MINUS = 0.5
"""How far before a number its minus may stand."""
_BARE = re.compile(r"[.·]?(\d[\d,.]*%?)")
_STROKE, _CORE, _GROWN = 0.28, 0.22, 0.22
"""Heights of a digit: how thick a stroke that runs into it, how far off its middle, how long."""
_SHORT_DASH, _LONG_DASH = 0.12, 0.66
"""Sizes of the font from which a stroke is a dash, and a long one."""
_BEFORE = (-1.3, 0.8)
"""Sizes of the font about the middle of its first digit in which a number and its minus begin."""
_WIDE, _BASE, _TOP = (0.6, 1.7), 0.85, 0.6
"""Width of a triangle in heights; shares of it that its lowest and its highest third are wide."""
_OWN, _HIGHEST = 0.3, 2.2
"""How far off the middle of a line its marks are, in heights; the most of heights of a digit."""
_SPECK = 0.006
"""Share of a line's height squared that dirt covers."""
_MOST = 150
"""A page with more marks than this is speckled, and none of them is writing."""


def cleared(dark: Mask, level: Sequence[Ruling], upright: Sequence[Ruling], scale: float) -> Mask:
    """Return the ink of a page without its rulings; ``scale`` is how many pixels make a point."""
    left = dark.copy()
    half = max(2, round(scale * 1.2))
    for lines, flat in ((level, True), (upright, False)):
        for line in lines:
            at, start, end = (round(v * scale) for v in line)
            band, run = slice(max(0, at - half), at + half + 1), slice(max(0, start), end + 1)
            left[(band, run) if flat else (run, band)] = 0
    return left


def parted(dark: Mask, rects: Sequence[Rect]) -> tuple[dict[int, Rect], list[Rect]]:
    """Return lines that begin further left than they were found, and marks that no line holds.

    Marks count only on the level of a line.
    """
    if not rects:
        return {}, []
    usual = float(np.median([y1 - y0 for _, y0, _, y1 in rects]))
    marks = _marks(_uncovered(dark, rects), usual)
    if len(marks) > _MOST:
        return {}, []
    middles = np.array([(y0 + y1) / 2 for _, y0, _, y1 in rects])
    wider: dict[int, Rect] = {}
    rest: list[tuple[Rect, int]] = []
    for mark in marks:
        near = np.abs(middles - (mark[1] + mark[3]) / 2)
        dash = mark[3] - mark[1] <= _DASH * usual
        rows = [int(i) for i in np.flatnonzero(near <= (_MIDDLE if dash else _ROW) * usual)]
        if not rows:
            continue
        owner = next((i for i in rows if _precedes(mark, rects[i], usual)), None) if dash else None
        if owner is not None:
            _, y0, x1, y1 = rects[owner]
            wider[owner] = (max(0.0, mark[0] - _ROOM * usual), y0, x1, y1)
        else:
            rest.append((mark, min(rows, key=lambda i: float(near[i]))))
    return wider, _lines(rest, rects, usual)


def signed(spoken: Spoken, dark: Mask, scale: float, *, triangles: bool = False) -> Spoken:
    """Return a number with the minus that stands before it on the picture and was not read.

    Where only the picture says so the figure is not sure. ``scale`` is pixels to the point;
    ``triangles`` tells that others of the page have △ for a minus.
    """
    word = spoken.word
    bare = _BARE.fullmatch(word.text)
    if bare is None:
        return spoken
    size, high = word.size * scale, (word.y1 - word.y0) * scale
    left, right = (round(spoken.start * scale + share * size) for share in _BEFORE)
    window = dark[round(word.y0 * scale) : round(word.y1 * scale), max(0, left) : right]
    if window.size == 0:
        return spoken
    if triangles and _begins_with_triangle(window, spoken.start * scale - max(0, left), high):
        sign = "△"
    elif _begins_with_minus(window, high) or _grown_on(window, high):
        sign = "-"
    else:
        return spoken
    word = word._replace(text=f"{sign}{bare[1]}")
    return replace(spoken, word=word, trust=0.0, signed=True)


def dashed(spoken: Spoken, dark: Mask, scale: float) -> Spoken:
    """Return a word that is nothing but dashes with as many, and as long, as are on the picture."""
    word = spoken.word
    if word.text.strip("-—–−"):
        return spoken
    rows, columns = (slice(max(0, round(a * scale)), round(b * scale) + 1)
                     for a, b in ((word.y0, word.y1), (word.x0, word.x1)))  # fmt: skip
    _, _, boxes, _ = cv2.connectedComponentsWithStats(dark[rows, columns])
    size = word.size * scale
    bars = [int(width) for _, _, width, height, _ in boxes[1:]
            if width > _FLAT * height and width > _SHORT_DASH * size]  # fmt: skip
    if not bars:
        return spoken
    if len(bars) == 1 and len(word.text) == 1:
        text = "—" if bars[0] > _LONG_DASH * size else "-"
    else:
        text = "-" * max(len(bars), len(word.text))
    return replace(spoken, word=word._replace(text=text))


def _begins_with_minus(window: Mask, high: float) -> bool:
    """Tell whether the first writing in a window is a dash level with its middle, and a digit."""
    signs, high = _signs(window, high)
    if len(signs) < 2:
        return False
    (x, y, width, height), digit = signs[0], signs[1]
    return (
        digit[0] >= x + _BEFORE_DIGIT * width  # the middle of a broken 3 is no minus
        and abs(y + height / 2 - window.shape[0] / 2) <= _MIDDLE * high
        and height <= _DASH * high
        and width >= max(4, _BLURRED * height, 0.7 * _DASH_WIDE[0] * high)
        and digit[3] >= _DIGIT * high
        and digit[0] - x - width <= _MINUS * high
    )


def _begins_with_triangle(window: Mask, digit: float, high: float) -> bool:
    """Tell a triangle before the middle of the first ``digit``: wide below, and narrow above."""
    signs, high = _signs(window, high)
    if not signs:
        return False
    x, y, width, height = signs[0]
    if x + width > digit or height < _DIGIT * high or not _WIDE[0] <= width / height <= _WIDE[1]:
        return False
    rows = window[y : y + height, x : x + width] > 0
    part = max(1, height // 3)
    above, below = rows[:part].any(axis=0).sum(), rows[-part:].any(axis=0).sum()
    return bool(below >= _BASE * width and above <= _TOP * width)


def _signs(window: Mask, high: float) -> tuple[list[tuple[int, int, int, int]], float]:
    """Return the marks of a line from the left, without those of its neighbours, and its height.

    A line that was found too high reaches into the lines above and below.
    """
    _, _, boxes, _ = cv2.connectedComponentsWithStats(window)
    middle, reach = window.shape[0] / 2, _OWN * window.shape[0]
    own = [box for box in boxes[1:] if abs(box[1] + box[3] / 2 - middle) <= reach and box[0] > 0]
    high = min([high, _HIGHEST * max((int(box[3]) for box in own), default=0)])
    kept = (tuple(map(int, box[:4])) for box in own if box[4] >= _SPECK * high * high)
    return sorted((x, y, width, height) for x, y, width, height in kept), high


def _grown_on(window: Mask, high: float) -> bool:
    """Tell whether the first digit in a window has a minus that runs into it: ⁃4 as one mark.

    From the left its ink is a level stroke at middle height; a 4 itself begins with less of one.
    """
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(window)
    tall = [n for n, box in enumerate(boxes) if n and box[3] >= _DIGIT * high and box[0] > 0]
    if not tall:
        return False
    first = min(tall, key=lambda n: int(boxes[n][0]))
    x, y, width, height, _ = map(int, boxes[first])
    digit = labels[y : y + height, x : x + width] == first
    tops = digit.argmax(axis=0)
    feet = height - digit[::-1].argmax(axis=0)
    level = (feet - tops <= _STROKE * height) & (np.abs((feet + tops) / 2 / height - 0.5) <= _CORE)
    run = width if level.all() else int(level.argmin())
    return run >= max(3, _GROWN * height)


def _precedes(mark: Rect, rect: Rect, usual: float) -> bool:
    return -0.3 * usual <= rect[0] - mark[2] <= _MINUS * usual


def _uncovered(dark: Mask, rects: Sequence[Rect]) -> Mask:
    """Return the ink outside of lines of writing."""
    left = dark.copy()
    for x0, y0, x1, y1 in rects:
        left[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] = 0
    return left


def _marks(left: Mask, usual: float) -> list[Rect]:
    """Return the pieces of ink that are as large as a letter or a dash."""
    joined = cv2.morphologyEx(left, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, width, height, area in boxes[1:]:
        solid = area >= 0.55 * width * height
        dash = (
            height <= _DASH * usual
            and _DASH_WIDE[0] * usual <= width <= _DASH_WIDE[1] * usual
            and width >= max(4, _FLAT * height)
            and solid
        )
        letter = _LETTER[0] * usual <= height <= _LETTER[1] * usual and (
            0.06 * usual <= width <= _WIDEST * usual
        )
        if dash or letter:
            found.append((float(x), float(y), float(x + width), float(y + height)))
    return found


def _lines(marks: Sequence[tuple[Rect, int]], rects: Sequence[Rect], usual: float) -> list[Rect]:
    """Return marks side by side as one line, as high as the line they stand level with."""
    out: list[Rect] = []
    for mark, row in sorted(marks, key=lambda m: m[0][0]):
        _, y0, _, y1 = rects[row]
        x0, x1 = mark[0] - _ROOM * usual, mark[2] + _ROOM * usual
        last = out[-1] if out else None
        level = last is not None and abs(last[1] - y0) < _ROW * usual
        if last is not None and level and mark[0] - last[2] < (_GAP - _ROOM) * usual:
            out[-1] = (last[0], last[1], max(last[2], x1), last[3])
        else:
            out.append((max(0.0, x0), y0, x1, y1))
    return out
