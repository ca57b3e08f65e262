"""Figures of a column held against one another: separators put right, odd ones doubted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from yanku.parse.ink import Word
from yanku.parse.seen import Spoken

_NUMBER = re.compile(r"([(（]?[-−–△]?)(\d[\d.,;:]*[\d.])([)）]?)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.(\d+))?")
_PLAIN = re.compile(r"\d+(?:\.(\d+))?")
_POINT_FOR_COMMA = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_COMMA_FOR_POINT = re.compile(r"\d{1,3}(?:,\d{3})*,\d{2}")
_POINT_FOR_MINUS = re.compile(r"[.·•,](\d{1,3}(?:,\d{3})*(?:\.\d+)?)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIGNED = 0.9
"""Sizes of the font by which the right ends of a column's figures may differ: brackets hang out."""
_FEW, _MOST = 2, 16
_ALIKE = 0.8
_NEXT = 2.6
"""Usual steps from one figure of a column to the next; between two tables there is more."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[,;:]\d{3})+\.?")
_CENTS = re.compile(r"(\d{1,3}(?:,\d{3})*)[;:](\d\d)")
_NIL = re.compile(r"[一“”\"'‘’~_=ー─━|]{1,2}")
"""What a dash for nil may be read as where it stands alone."""
_FAR = 7.0
"""Sizes of the font within which figures above and below say what a stroke is."""
_DOUBT = 0.0
_SUPERSCRIPT = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")


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


def compared(
    words: Sequence[Spoken], is_raised: Callable[[Word], bool] = lambda _: False
) -> list[Spoken]:
    """Return the words of a page; a figure that differs from its column is mended or not sure.

    A point where the column has commas is a comma. A figure with more or fewer decimals than its
    column, or whose groups are not of three digits, has lost something: it keeps its text and
    gets no trust. A stroke that stands alone among figures is a dash. ``is_raised`` tells whether
    the last digit of a word is set small and high: one digit too many is the mark of a footnote.
    """
    figures = [f for i, word in enumerate(words) if (f := _figure(i, word)) is not None]
    figures.sort(key=lambda f: f.spoken.word.x1)
    ends = [f.spoken.word.x1 for f in figures]
    out = list(words)
    for figure in figures:
        word = figure.spoken.word
        column = [figures[i] for i in _column(word, ends) if figures[i] is not figure]
        column = _around(figure, column)
        judged = _judged(figure, column)
        if judged.trust <= _DOUBT < figure.spoken.trust and is_raised(word):
            judged = _without_mark(figure, column) or judged
        out[figure.at] = judged
    for at, each in enumerate(words):
        if _NIL.fullmatch(each.word.text) and _has_figures(each.word, figures):
            out[at] = replace(each, word=each.word._replace(text="-"))
        elif match := _POINT_FOR_MINUS.fullmatch(each.word.text):
            out[at] = _with_minus(each, match[1], [figures[i] for i in _column(each.word, ends)])
    return out


def _column(word: Word, ends: Sequence[float]) -> range:
    """Return which of the figures, by where they end, stand in the column of a word."""
    reach = _ALIGNED * word.size
    return range(bisect_left(ends, word.x1 - reach), bisect_right(ends, word.x1 + reach))


def _with_minus(spoken: Spoken, body: str, column: Sequence[_Figure]) -> Spoken:
    """Read .642 among 1,330 and 47 as -642, which is not sure: a short minus looks like a point."""
    figure = _Figure(0, spoken, "", body, "")
    near = _around(figure, column)
    shapes = Counter(f.decimals for f in near if f.decimals is not None)
    if figure.decimals is None or not _are(shapes, figure.decimals):
        return spoken
    word = spoken.word._replace(text=f"-{body}")
    return replace(spoken, word=word, trust=_DOUBT, signed=True)


def _around(figure: _Figure, column: Sequence[_Figure]) -> list[_Figure]:
    """Return the nearest figures of its column with no wide gap between, as of one table."""
    word, found = figure.spoken.word, list[_Figure]()
    rows = sorted({word.y0, *(f.spoken.word.y0 for f in column)})
    steps = [b - a for a, b in pairwise(rows) if b - a > word.size / 2]
    most = _NEXT * median(steps) if steps else 0.0
    for way in (-1, 1):
        last = word.y0
        for other in sorted(column, key=lambda f: way * f.spoken.word.y0):
            step = way * (other.spoken.word.y0 - last)
            if way * (other.spoken.word.y0 - word.y0) < 0:
                continue
            if step > most:
                break
            found.append(other)
            last = other.spoken.word.y0
    return sorted(found, key=lambda f: abs(f.spoken.word.y0 - word.y0))[:_MOST]


def _has_figures(word: Word, figures: Sequence[_Figure]) -> bool:
    """Tell whether figures stand above or below a word, and none beside it on its own level."""
    over = [f.spoken.word for f in figures if f.spoken.word.x0 < word.x1 + word.size
            and f.spoken.word.x1 > word.x0 - word.size]  # fmt: skip
    near = [each for each in over if abs(each.y0 - word.y0) < _FAR * word.size]
    return len(near) >= _FEW and not any(
        each.y0 < word.y1 - word.size / 2 < each.y1 for each in near
    )


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
    figure = _tidied(figure, mostly_cents=_are(shapes, 2))
    if _COMMA_FOR_POINT.fullmatch(figure.body):
        if _are(shapes, 2):
            head, _, tail = figure.body.rpartition(",")
            return _said(figure, f"{head}.{tail}")
        return _doubted(figure) if figure.digits > 3 else figure.spoken
    if _POINT_FOR_COMMA.fullmatch(figure.body):
        return _thousand_or_not(figure, column)
    if figure.decimals is None:
        # A column of nothing but 10:30 and 12:45 is one of hours.
        odd = figure.digits > 3 and (bool(shapes) or ":" not in figure.body)
        return _doubted(figure) if odd else figure.spoken
    return _doubted(figure) if _stands_out(figure, shapes) else figure.spoken


def _are(shapes: Counter[int], decimals: int) -> bool:
    """Tell whether nearly all figures of a column have so many decimals."""
    return shapes[decimals] >= _FEW and shapes[decimals] >= _ALIKE * shapes.total()


def _tidied(figure: _Figure, *, mostly_cents: bool) -> _Figure:
    """Return a figure with specks taken off its separators: 16;135 and 9,889. and 31:53."""
    body = figure.body
    if _THOUSANDS.fullmatch(body):
        body = body.rstrip(".").replace(";", ",").replace(":", ",")
    elif mostly_cents and (match := _CENTS.fullmatch(body)):
        body = f"{match[1]}.{match[2]}"
    if body == figure.body:
        return figure
    return replace(figure, body=body, spoken=_said(figure, body))


def _thousand_or_not(figure: _Figure, column: Sequence[_Figure]) -> Spoken:
    """Read 628.865 among 4,149,624 and 270,758 as 628,865."""
    whole = sum(f.grouped and f.decimals == 0 for f in column)
    parted = sum(f.decimals not in {None, 0, 3} for f in column)
    if whole >= _FEW and parted <= (1 - _ALIKE) * whole:
        return _said(figure, figure.body.replace(".", ","))
    return _doubted(figure) if whole or parted else figure.spoken


def _stands_out(figure: _Figure, shapes: Counter[int]) -> bool:
    """Tell a figure of other decimals than nearly all of its column."""
    few = 2 if figure.body.isdigit() else 3
    if not shapes or len(figure.body.partition(".")[0]) < 2 or figure.digits <= few:
        return False
    usual, times = shapes.most_common(1)[0]
    if times <= 2 * _FEW or times < _ALIKE * shapes.total() or figure.decimals == usual:
        return False
    return bool(usual) or figure.grouped


def _without_mark(figure: _Figure, column: Sequence[_Figure]) -> Spoken | None:
    """Return 239,9291 as 239,929¹ if that is a figure like the others of its column."""
    body, mark = figure.body[:-1], figure.body[-1]
    plain = replace(figure, body=body)
    if figure.after or mark == "0" or not body[-1].isdigit() or plain.decimals is None:
        return None
    if _judged(plain, column).trust <= _DOUBT:
        return None
    return _said(figure, body + mark.translate(_SUPERSCRIPT))


def _said(figure: _Figure, body: str) -> Spoken:
    word = figure.spoken.word
    text = f"{figure.before}{body}{figure.after}"
    return replace(figure.spoken, word=word._replace(text=text))


def _doubted(figure: _Figure) -> Spoken:
    return replace(figure.spoken, trust=min(_DOUBT, figure.spoken.trust))
