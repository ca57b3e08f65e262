"""Words of a picture as large as their ink says, as a text layer would have them.

Lines are found with paper around them, more around short ones: by a third to nearly twice as high
as their font. What tells columns, headings and rows from one another counts in sizes of the font.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.ink import is_wide
from yanku.parse.seen import Spoken

_FULL, _CAPITAL = 0.92, 0.75
"""Share of the font's size that Han characters, and that digits and capitals, are high."""
_BELOW = 0.14
"""Sizes of the font from the foot of a digit to the foot of its line."""
_LEAST, _MOST, _USUAL = 0.5, 0.86, 0.62
"""Shares of the height of a line, as it was found, that its font has."""
_BEARING = 0.04
"""Sizes of the font that a letter leaves free beside it."""
_WIDE, _NARROW = 0.5, 0.22
"""Sizes of the font from the middle of its outer letters to where a word does not reach."""
_SPECK, _TALL = 0.004, 0.3
"""Shares of a line's height: squared, what dirt covers; and what is higher than a comma."""
_APART, _LINE = 0.04, 0.35
"""Heights of a line as it was found: paper between two lines, and how high one is at least."""
_DOWNWARDS = 1.5
_MANY, _SAME = 8, 0.01
_LONG, _EVEN = 4, 0.08
"""Letters of a word that says how large most print is, and how far a size is measured wrongly."""
_Ink = NDArray[Any]


def fitted(words: Sequence[Spoken], dark: _Ink, scale: float, *, level: bool) -> list[Spoken]:
    """Return the words as wide as their ink and as high as their font; dirt aside.

    ``dark`` is the ink of the page without its rulings, ``scale`` how many pixels make a point.
    Where lines of a sheet are not quite ``level``, words keep the height at which they were found:
    the more of it they share with others, the surer they stand on one line.
    """
    return _evened([_fitted(each, dark, scale, level=level) for each in words])


def _evened(words: list[Spoken]) -> list[Spoken]:
    """Return the words set in few sizes: those of most letters, and what is near to one is it."""
    rest = sorted((w.word.size, len(w.word.text)) for w in words if len(w.word.text) >= _LONG)
    sizes: list[float] = []
    while rest:
        counts = np.cumsum([count for _, count in rest])
        usual = rest[int(np.searchsorted(counts, counts[-1] / 2))][0]
        rest = [each for each in rest if abs(each[0] - usual) > _EVEN * usual]
        sizes.append(usual)
    return [_of_size(each, sizes) for each in words]


def _of_size(spoken: Spoken, sizes: Sequence[float]) -> Spoken:
    """Return a word set in the first size that is about its own, on the foot it has."""
    word = spoken.word
    usual = next((size for size in sizes if abs(word.size - size) <= _EVEN * size), None)
    if usual is None:
        return spoken
    fits = abs(word.y1 - word.y0 - word.size) < _SAME
    top = word.y1 - usual if fits else word.y0
    return replace(spoken, word=word._replace(y0=top, size=usual))


def _fitted(spoken: Spoken, dark: _Ink, scale: float, *, level: bool) -> Spoken:
    word = spoken.word
    high = word.y1 - word.y0
    if len(word.text) > 1 and high > _DOWNWARDS * (word.x1 - word.x0):
        return spoken
    left, top = max(0, round(word.x0 * scale)), max(0, round(word.y0 * scale))
    window = dark[top : round(word.y1 * scale) + 1, left : round(word.x1 * scale) + 1]
    marks = _on_line(_marks(window, high * scale), window.shape[0], high * scale)
    if not len(marks):
        return spoken
    size = _size(word.text, marks, high * scale) / scale
    marks = _own(marks, spoken, size, left, scale)
    x0 = max(word.x0, (left + int(marks[:, 0].min())) / scale - _BEARING * size)
    x1 = min(word.x1, (left + int((marks[:, 0] + marks[:, 2]).max())) / scale + _BEARING * size)
    if not level:
        return replace(spoken, word=word._replace(x0=x0, x1=x1, size=size))
    foot = _foot(word.text, marks, high * scale, size * scale)
    y1 = (top + foot) / scale if foot is not None else (word.y0 + word.y1 + size) / 2
    fit = word._replace(x0=x0, x1=x1, y0=y1 - size, y1=y1, size=size)
    return replace(spoken, word=fit)


def _marks(window: _Ink, high: float) -> _Ink:
    """Return the pieces of ink that are no dirt: left, top, width, height of each."""
    if not window.size:
        return np.empty((0, 4))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(window)
    return boxes[1:][boxes[1:, 4] >= _SPECK * high * high, :4]


def _on_line(marks: _Ink, height: int, high: float) -> _Ink:
    """Return the ink without that of the lines above and below, which a window cuts off.

    Bands of ink with paper between are parts of letters, unless one is as high as a line.
    """
    bands: list[list[int]] = []
    foot = -1.0
    for i in np.argsort(marks[:, 1]) if len(marks) else ():
        if bands and marks[i, 1] <= foot + _APART * high:
            bands[-1].append(int(i))
        else:
            bands.append([int(i)])
        foot = max(foot, float(marks[i, 1] + marks[i, 3]))
    spans = [(float(marks[b, 1].min()), float((marks[b, 1] + marks[b, 3]).max())) for b in bands]
    own = min(spans, key=lambda s: max(s[0] - height / 2, height / 2 - s[1]), default=(0.0, 0.0))
    if own[1] - own[0] < _LINE * high:
        return marks
    whole = [own == span or (span[0] > 1 and span[1] < height - 1) for span in spans]
    return marks[[i for band, kept in zip(bands, whole, strict=True) if kept for i in band]]


def _own(marks: _Ink, spoken: Spoken, size: float, left: int, scale: float) -> _Ink:
    """Return the ink between the first and the last letter of a word, without its neighbours'."""
    before, after = (_WIDE if is_wide(c) else _NARROW for c in (spoken.word.text[0],
                                                               spoken.word.text[-1]))  # fmt: skip
    first = (spoken.start - before * size) * scale - left
    last = (spoken.end + after * size) * scale - left
    own = (marks[:, 0] + marks[:, 2] > first) & (marks[:, 0] < last)
    return marks[own] if own.any() else marks


def _is_full(text: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" and c not in "一二三" for c in text)


def _size(text: str, marks: _Ink, high: float) -> float:
    """Return the size of the font in pixels."""
    tall = marks[marks[:, 3] >= _TALL * high]
    size = _USUAL * high
    if _is_full(text):
        whole = float((marks[:, 1] + marks[:, 3]).max() - marks[:, 1].min())
        if len(text) >= _MANY:  # a long line lies a little askew: its letters are lower than it
            whole = min(whole, float(np.percentile(marks[:, 3], 97)))
        size = whole / _FULL
    elif len(tall) and any(c.isdigit() or c.isupper() for c in text):
        # Small letters are lower than capitals and digits, which are alike.
        share = 85 if any(c.islower() for c in text) else 50
        size = float(np.percentile(tall[:, 3], share)) / _CAPITAL
    return min(_MOST * high, max(_LEAST * high, size))


def _foot(text: str, marks: _Ink, high: float, size: float) -> float | None:
    """Return the lower edge of the line in pixels, where the letters tell it."""
    if _is_full(text):
        middle = float((marks[:, 1] + marks[:, 3]).max() + marks[:, 1].min()) / 2
        return middle + size / 2
    tall = marks[marks[:, 3] >= _TALL * high]
    if not len(tall):
        return None
    return median(map(float, tall[:, 1] + tall[:, 3])) + _BELOW * size
