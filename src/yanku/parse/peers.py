"""Figures of a column held against one another: separators put right, odd ones doubted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yanku.parse.seen import Spoken

_NUMBER = re.compile(r"([(（]?[-−–△]?)(\d[\d.,]*\d)([)）]?)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.(\d+))?")
_PLAIN = re.compile(r"\d+(?:\.(\d+))?")
_POINT_FOR_COMMA = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_COMMA_FOR_POINT = re.compile(r"\d{1,3}(?:,\d{3})*,\d{2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIGNED = 0.9
"""Sizes of the font by which the right ends of a column's figures may differ: brackets hang out."""
_FEW, _MOST = 2, 16
_ALIKE = 0.8
_DOUBT = 0.0


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number as it was read: what stands around its digits, and how it is parted."""

    at: int
    spoken: Spoken
    before: str
    body: str
    after: str

    @property
    def digits(self) -> int:
        return sum(map(str.isdigit, self.body))

    @property
    def decimals(self) -> int | None:
        """Return how many decimals it has; None if it is parted as no number is."""
        match = _GROUPED.fullmatch(self.body) or _PLAIN.fullmatch(self.body)
        return None if match is None else len(match[1] or "")

    @property
    def grouped(self) -> bool:
        return _GROUPED.fullmatch(self.body) is not None


def compared(words: Sequence[Spoken]) -> list[Spoken]:
    """Return the words of a page; a figure that differs from its column is mended or not sure.

    A point where the column has commas is a comma. A figure with more or fewer decimals than its
    column, or whose groups are not of three digits, has lost something: it keeps its text and
    gets no trust.
    """
    figures = [f for i, word in enumerate(words) if (f := _figure(i, word)) is not None]
    figures.sort(key=lambda f: f.spoken.word.x1)
    ends = [f.spoken.word.x1 for f in figures]
    out = list(words)
    for figure in figures:
        word = figure.spoken.word
        reach = _ALIGNED * word.size
        first, last = bisect_left(ends, word.x1 - reach), bisect_right(ends, word.x1 + reach)
        column = [f for f in figures[first:last] if f is not figure]
        column.sort(key=lambda f: abs(f.spoken.word.y0 - word.y0))
        out[figure.at] = _judged(figure, column[:_MOST])
    return out


def _figure(at: int, spoken: Spoken) -> _Figure | None:
    match = _NUMBER.fullmatch(spoken.word.text)
    if match is None or _YEAR.fullmatch(match[2]):
        return None
    if match[2].count(".") > 1 and "," not in match[2]:
        return None  # a day, or the number of a chapter
    return _Figure(at, spoken, *match.groups())


def _judged(figure: _Figure, column: Sequence[_Figure]) -> Spoken:
    """Return the figure as it is, mended, or with no trust left."""
    shapes = Counter(f.decimals for f in column if f.decimals is not None)
    if _COMMA_FOR_POINT.fullmatch(figure.body):
        if shapes[2] >= _FEW and shapes[2] >= _ALIKE * shapes.total():
            head, _, tail = figure.body.rpartition(",")
            return _said(figure, f"{head}.{tail}")
        return _doubted(figure) if figure.digits > 3 else figure.spoken
    if _POINT_FOR_COMMA.fullmatch(figure.body):
        return _thousand_or_not(figure, column)
    if figure.decimals is None:
        return _doubted(figure) if figure.digits > 3 else figure.spoken
    return _doubted(figure) if _stands_out(figure, shapes) else figure.spoken


def _thousand_or_not(figure: _Figure, column: Sequence[_Figure]) -> Spoken:
    """Read 628.865 among 4,149,624 and 270,758 as 628,865."""
    whole = sum(f.grouped and f.decimals == 0 for f in column)
    parted = sum(f.decimals not in {None, 0, 3} for f in column)
    if whole >= _FEW and not parted:
        return _said(figure, figure.body.replace(".", ","))
    return _doubted(figure) if whole or parted else figure.spoken


def _stands_out(figure: _Figure, shapes: Counter[int]) -> bool:
    """Tell a figure of other decimals than nearly all of its column."""
    if not shapes or len(figure.body.partition(".")[0]) < 2 or figure.digits <= 3:
        return False
    usual, times = shapes.most_common(1)[0]
    if times <= 2 * _FEW or times < _ALIKE * shapes.total() or figure.decimals == usual:
        return False
    return bool(usual) or figure.grouped


def _said(figure: _Figure, body: str) -> Spoken:
    word = figure.spoken.word
    text = f"{figure.before}{body}{figure.after}"
    return replace(figure.spoken, word=word._replace(text=text))


def _doubted(figure: _Figure) -> Spoken:
    return replace(figure.spoken, trust=min(_DOUBT, figure.spoken.trust))
