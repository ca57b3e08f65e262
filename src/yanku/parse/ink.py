"""What is on a page before it is understood: words and ruling lines, with their places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from yanku.model.document import Origin
from yanku.model.place import Box, OnPage


class Word(NamedTuple):
    """A run of characters without a gap; ``size`` is the height of its font in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False


class Ruling(NamedTuple):
    """A straight line: ``at`` is its y if it is level, its x if upright; it runs ``start..end``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Bend:
    """How far down each point of a level sheet lies on the paper it was straightened from.

    ``shares`` weigh the six terms of a line's slope, each a product of the distances from
    (``x``, ``y``), in units of ``width``.
    """

    shares: tuple[float, ...]
    x: float
    y: float
    width: float

    def slopes(self, x: Any, y: Any) -> Any:  # noqa: ANN401 - numbers or arrays of them
        """Return the six terms of the slope at points of the sheet."""
        u, v = (x - self.x) / self.width, (y - self.y) / self.width
        return np.array([u * 0 + 1, u, v, u * u, u * v, v * v])

    def rise(self, x: Any, y: Any) -> Any:  # noqa: ANN401
        """Return how much further down points of the sheet lie: the slope, summed from ``x``."""
        u, v = (x - self.x) / self.width, (y - self.y) / self.width
        a, b, c, d, e, f = self.shares
        slope = a + b * u / 2 + c * v + d * u * u / 3 + e * u * v / 2 + f * v * v
        return self.width * u * slope

    def scaled(self, factor: float) -> Bend:
        """Return the same bend measured in other units."""
        return Bend(self.shares, self.x * factor, self.y * factor, self.width * factor)


@dataclass(frozen=True, slots=True)
class Lens:
    """How a sheet made level and flat lies on its picture as shown.

    ``matrix`` takes points of the sheet to points of the picture, row by row of three by three;
    ``width`` and ``height`` are the picture's, in points. ``bend`` comes before the matrix.
    """

    matrix: tuple[float, float, float, float, float, float, float, float, float]
    width: float
    height: float
    bend: Bend | None = None

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """Return the smallest upright box that holds this one where it lies on the picture."""
        corners = [self._point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs = [min(self.width, max(0.0, x)) for x, _ in corners]
        ys = [min(self.height, max(0.0, y)) for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.bend is not None:
            y += float(self.bend.rise(x, y))
        a, b, c, d, e, f, g, h, i = self.matrix
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


@dataclass(frozen=True, slots=True)
class Ink:
    """One page as an upright sheet, in points, origin at the top left.

    ``turns`` says by how many clockwise quarter turns the sheet was turned to bring its text
    upright; ``lens`` says how a sheet read from a picture lies on it, turns and all. ``place``
    takes boxes back, so that they lie on the page as it is shown. Two sheets can lie on one page:
    ``part`` counts them from 0.
    """

    number: int
    width: float
    height: float
    origin: Origin
    words: tuple[Word, ...] = ()
    level: tuple[Ruling, ...] = ()
    upright: tuple[Ruling, ...] = ()
    turns: int = 0
    lens: Lens | None = None
    part: int = 0

    def follows(self, other: Ink) -> bool:
        """Tell whether this sheet comes right after another, on the same page or the next."""
        if self.number == other.number:
            return self.part == other.part + 1
        return self.number == other.number + 1 and self.part == 0

    @property
    def shown_size(self) -> tuple[float, float]:
        """Return width and height of the page as shown."""
        if self.lens is not None:
            return self.lens.width, self.lens.height
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    def place(self, box: Box) -> OnPage:
        """Return where the box is on the page as shown."""
        if self.lens is not None:
            x0, y0, x1, y1 = self.lens.box(box)
        else:
            x0, y0, x1, y1 = turn(box, -self.turns, self.width, self.height)
        return OnPage(self.number, Box(*(round(v, 1) for v in (x0, y0, x1, y1))))


def turn(
    box: Box | tuple[float, float, float, float], turns: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Return the box after clockwise quarter turns of the sheet ``width`` by ``height``."""
    x0, y0, x1, y1 = (box.x0, box.y0, box.x1, box.y1) if isinstance(box, Box) else box
    for _ in range(turns % 4):
        x0, y0, x1, y1 = height - y1, x0, height - y0, x1
        width, height = height, width
    return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side, left to right."""

    words: tuple[Word, ...]
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> Box:
        """Return the line's box."""
        return Box(self.x0, self.y0, self.x1, self.y1)

    @property
    def text(self) -> str:
        """Return the line as it reads."""
        return joined(self.words)

    @property
    def size(self) -> float:
        """Return the size of most of its characters."""
        return max(self.words, key=lambda w: len(w.text)).size

    @property
    def bold(self) -> bool:
        """Tell whether most of its characters are bold."""
        heavy = sum(len(w.text) for w in self.words if w.bold)
        return heavy * 2 > sum(len(w.text) for w in self.words)


def line_of(words: Iterable[Word]) -> Line:
    """Return the words as one line."""
    row = tuple(sorted(words, key=lambda w: w.x0))
    return Line(
        row,
        row[0].x0,
        min(w.y0 for w in row),
        max(w.x1 for w in row),
        max(w.y1 for w in row),
    )


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Return the words as lines from top to bottom.

    A word belongs to the line whose height it shares by more than half of the smaller one.
    """
    rows: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda w: ((w.y0 + w.y1) / 2, w.x0)):
        best, share = -1, 0.5
        for i in range(len(rows) - 1, max(-1, len(rows) - 7), -1):
            top, bottom = spans[i]
            common = min(word.y1, bottom) - max(word.y0, top)
            part = common / max(0.1, min(word.y1 - word.y0, bottom - top))
            if part > share:
                best, share = i, part
        if best < 0:
            rows.append([word])
            spans.append((word.y0, word.y1))
        else:
            rows[best].append(word)
    return sorted((line_of(row) for row in rows), key=lambda line: (line.y0 + line.y1) / 2)


def is_wide(character: str) -> bool:
    """Tell characters that are set without spaces between words: Han, kana, full-width forms."""
    return unicodedata.east_asian_width(character) in "WF"


def joined(words: Sequence[Word]) -> str:
    """Return words of one line as text: spaces as printed, none around Chinese unless wide."""
    if len(words) > 1 and all(len(w.text) == 1 and is_wide(w.text) for w in words):
        return "".join(w.text for w in words)
    parts = [words[0].text] if words else []
    for left, right in pairwise(words):
        gap = right.x0 - left.x1
        size = min(left.size, right.size)
        if gap > _space(left.text, right.text) * size:
            parts.append(" ")
        parts.append(right.text)
    return "".join(parts)


def _space(left: str, right: str) -> float:
    """Return how wide, in sizes of the font, a gap between two words is at least a space."""
    wide = is_wide(left[-1]), is_wide(right[0])
    if not any(wide):
        return 0.12
    # Single Chinese characters are spread to fill a line; whole words are not.
    return 0.15 if all(wide) and min(len(left), len(right)) > 1 else 0.45


def glued(upper: str, lower: str) -> str:
    """Return two lines of one text as one, with a space where the script needs it."""
    if not upper or not lower:
        return upper or lower
    if is_wide(upper[-1]) or is_wide(lower[0]) or lower[0] in ")]%" or upper[-1] in "([":
        return upper + lower
    return f"{upper} {lower}"


def united(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all; there is at least one."""
    rest = iter(boxes)
    box = next(rest)
    for other in rest:
        box = box.united(other)
    return box
