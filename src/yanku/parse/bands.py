"""The columns of a table without a frame: what figures cover, and the borders between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.parse.heads import Band
from yanku.parse.ink import Line
from yanku.parse.piece import is_figure, is_reference

Row = Sequence[Line]
"""One line, cut at gaps wider than a space between words."""


def bands_of(rows: Sequence[Row]) -> list[Band]:
    """Return the x ranges of the columns after the label."""
    spans = sorted(
        (c.x0, c.x1)
        for row in rows
        for i, c in enumerate(row)
        if is_figure(c.text) and _right(row, i)
    )
    bands = _covered(spans)
    if not bands:
        return []
    words = sorted(
        (c.x0, c.x1)
        for row in rows
        for c in row[1:]
        if not is_figure(c.text) and c.x0 > bands[0][0] - 200 and not meets(c, bands)
    )
    width = bands[-1][1] - min(row[0].x0 for row in rows)
    extra = [b for b in _covered([w for w in words if w[1] - w[0] < 0.3 * width]) if b]
    texts = {(c.x0, c.x1): c.text for row in rows for c in row[1:]}
    notes = [w for w in words if is_reference(texts[w])]
    often = [
        b
        for b in extra
        if _times(b, words) * 3 >= len(rows) or 2 <= _times(b, words) == _times(b, notes)
    ]
    return sorted([*bands, *often])


def _right(row: Row, i: int) -> bool:
    """Tell whether a chunk can belong to a column of figures: not the row's own label."""
    return i > 0 or all(is_figure(c.text) for c in row)


def _covered(spans: Sequence[Band]) -> list[Band]:
    """Return the union of sorted ranges."""
    bands: list[Band] = []
    for x0, x1 in spans:
        if bands and x0 < bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    return bands


def _times(band: Band, spans: Sequence[Band]) -> int:
    return sum(x0 < band[1] and x1 > band[0] for x0, x1 in spans)


def meets(chunk: Line, bands: Sequence[Band]) -> bool:
    """Tell whether a chunk stands under or over any of the columns."""
    return any(chunk.x0 < b1 and chunk.x1 > b0 for b0, b1 in bands)


@dataclass(frozen=True, slots=True)
class Columns:
    """Column borders, halfway between neighbouring bands; the label is column 0 if there is one."""

    xs: tuple[float, ...]

    def span(self, chunk: Line) -> tuple[int, int]:
        """Return the first and last column of a chunk: the ones it covers by more than a sliver."""
        hits = [
            i
            for i, (x0, x1) in enumerate(pairwise(self.xs))
            if min(chunk.x1, x1) - max(chunk.x0, x0)
            > min(0.35 * (x1 - x0), 0.5 * (chunk.x1 - chunk.x0))
        ]
        if not hits:
            middle = (chunk.x0 + chunk.x1) / 2
            inside = [i for i, (x0, x1) in enumerate(pairwise(self.xs)) if x0 <= middle <= x1]
            hits = inside or [0]
        return hits[0], hits[-1]


def borders(
    rows: Sequence[Row], bands: Sequence[Band], left: float, right: float
) -> tuple[float, ...]:
    """Return the borders of all columns, from ``left`` to ``right``."""
    inner = [(a[1] + b[0]) / 2 for a, b in pairwise(bands)]
    labels = [c.x1 for row in rows for c in row if c.x0 < bands[0][0] - 2 and c.x1 <= bands[0][0]]
    xs = [left - 1]
    if labels or left < bands[0][0] - 12:
        xs.append((max(labels, default=bands[0][0] - 4) + bands[0][0]) / 2)
    return (*xs, *inner, right + 1)
