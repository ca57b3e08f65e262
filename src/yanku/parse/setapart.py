"""Currency marks, brackets and percent signs that are set apart from their figure, put to it.

Revenue   $    7,840,038    $   5,919,564        the mark stands at the left of the column,
Costs         (3,884,619 )     (3,506,309 )      the bracket in a column of its own
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.parse.ink import Word, lines_of
from yanku.parse.piece import is_figure

_MARK = re.compile(r"(?:US|HK|RMB|CNY|SGD|S|A|C|NT|R|Rp)?\s?[$＄¥￥£€]|RMB|HKD|USD|CNY|EUR|Rs\.?")
_TAIL = re.compile(r"[)）][%％]?|[%％][)）]?")
_OPEN = re.compile(r"[(（][^()（）]*\d[%％]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NIL = re.compile(r"[-—–－]+")
_FAR, _NEAR = 11.0, 3.0
"""Sizes of the font between a mark and its figure, and between a figure and what ends it."""


def put_together(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a page with each such sign as a part of its figure's word."""
    if not any(_MARK.fullmatch(w.text) or _TAIL.fullmatch(w.text) for w in words):
        return tuple(words)
    out: list[Word] = []
    for line in lines_of(words):
        row: list[Word] = []
        for word in line.words:
            if row and _belong(row[-1], word):
                row[-1] = _one(row[-1], word)
            else:
                row.append(word)
        out += row
    return tuple(out)


def _belong(left: Word, right: Word) -> bool:
    gap, size = right.x0 - left.x1, min(left.size, right.size)
    if _MARK.fullmatch(left.text):
        if gap > _FAR * size or _YEAR.fullmatch(right.text):
            return False
        return is_figure(right.text) or _OPEN.fullmatch(right.text) is not None
    if _TAIL.fullmatch(right.text) is None or gap > _NEAR * size:
        return False
    if right.text[0] in ")）":
        return _OPEN.fullmatch(left.text.lstrip("$¥€£ ")) is not None
    return is_figure(left.text) and any(map(str.isdigit, left.text))


def _one(left: Word, right: Word) -> Word:
    """Return two words as one; before a dash for nil a currency mark says nothing."""
    text = right.text if _NIL.fullmatch(right.text) else left.text + right.text
    top, foot = min(left.y0, right.y0), max(left.y1, right.y1)
    return Word(text, left.x0, top, right.x1, foot, right.size, left.bold and right.bold)
