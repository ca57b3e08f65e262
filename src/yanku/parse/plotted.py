"""Charts drawn with lines and fills on a PDF page, told from tables: what they show is not read.

bars of one width that stand on one line  ▂▅▇▃   or a line that runs on in even steps  ⟋⟍⟋
make a chart; the figures on it are printed where it pleases the eye and stand in no row or column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from yanku.model.place import Box
from yanku.parse.ink import Word
from yanku.parse.unread import merged

_Rect = tuple[float, float, float, float]
_Point = tuple[float, float]

_BARS, _POINTS, _DAYS = 4, 4, 24
_SAME = 1.2
"""Points by which bars of one row may differ in their width and in where they stand."""
_UNEVEN = 0.25
_SIDE = 50.0
_SHARE, _MOST = 0.02, 0.5
"""Share of a page that a chart takes; what is larger lies behind the text."""
_AXIS, _FOOT = 46.0, 22.0
"""Points beside and below what is drawn where the labels of the axes stand."""
_LABELS = 4
_LABEL = re.compile(
    r"[-+−(（]?[¥$]?\d[\d,.]*\s?[%％xX倍)）]?|(?:FY|CY)?\d{2,4}[AEQHaeqh年]?\d?[AE]?"
)


def charts_of(
    bars: Iterable[_Rect], lines: Iterable[Sequence[_Point]], words: Sequence[Word], area: float
) -> list[Box]:
    """Return where charts lie with the labels of their axes, in points from the top left.

    ``bars`` are filled boxes, ``lines`` stroked ones by their corners, ``area`` is the page's.
    """
    drawn = [*_rows_of_bars(bars), *(_around(line) for line in lines if is_series(line))]
    charts = []
    for box in merged(drawn):
        large = min(box.x1 - box.x0, box.y1 - box.y0) >= _SIDE
        share = (box.x1 - box.x0) * (box.y1 - box.y0) / max(area, 1.0)
        grown = _with_axes(box, words)
        labels = sum(is_label(word, (grown,)) for word in words)
        if large and _SHARE <= share <= _MOST and labels >= _LABELS:
            charts.append(grown)
    return charts


def _with_axes(box: Box, words: Sequence[Word]) -> Box:
    """Return the box with the labels beside and below it, and with an axis higher than the bars."""
    foot = box.y1 + _FOOT
    grown = Box(box.x0 - _AXIS, box.y0 - _FOOT, box.x1 + _AXIS, foot)
    ticks = sorted({round(w.y0) for w in words if w.x1 <= box.x0 and is_label(w, (grown,))})
    steps = [b - a for a, b in pairwise(ticks)]
    above = 1.3 * median(steps) if len(steps) > 1 else _FOOT
    return Box(grown.x0, box.y0 - max(_FOOT, above), grown.x1, foot)


def is_label(word: Word, charts: Sequence[Box]) -> bool:
    """Tell a figure or a year on a chart from the text around it."""
    if not charts or _LABEL.fullmatch(word.text) is None:
        return False
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(b.x0 <= x <= b.x1 and b.y0 <= y <= b.y1 for b in charts)


def is_series(line: Sequence[_Point]) -> bool:
    """Tell a line that goes on to the right in even steps, up and down, from other drawings.

    The steps of prices day by day are small and not even, but there are many.
    """
    if len(line) < _POINTS:
        return False
    steps = [b[0] - a[0] for a, b in pairwise(line)]
    rises = sum(abs(b[1] - a[1]) > _SAME for a, b in pairwise(line))
    even = all(abs(step - steps[0]) <= _UNEVEN * abs(steps[0]) for step in steps)
    if even and abs(steps[0]) > _SAME:
        return rises * 2 >= len(steps)
    return len(steps) >= _DAYS and min(steps) >= 0 and _turns(line) * 5 >= len(steps)


def _turns(line: Sequence[_Point]) -> int:
    """Count how often a line goes up after it went down, or down after it went up."""
    rises = [b[1] - a[1] for a, b in pairwise(line)]
    return sum(a * b < 0 for a, b in pairwise(rises))


def _rows_of_bars(bars: Iterable[_Rect]) -> Iterable[Box]:
    """Yield the box around each row of bars: as wide as one another, not as high, on one line."""
    rows: dict[tuple[int, int], list[_Rect]] = defaultdict(list)
    for bar in bars:
        rows[round(bar[3] / _SAME), round((bar[2] - bar[0]) / _SAME)].append(bar)
    for row in rows.values():
        heights = {round((y1 - y0) / (2 * _SAME)) for _, y0, _, y1 in row}
        if len({round(bar[0]) for bar in row}) >= _BARS and len(heights) >= _BARS - 1:
            yield _around([p for x0, y0, x1, y1 in row for p in ((x0, y0), (x1, y1))])


def _around(points: Sequence[_Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
