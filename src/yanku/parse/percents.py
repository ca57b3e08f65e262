"""The mark of per cent in the labels of a picture, which reads like digits: ROE(96)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yanku.parse.seen import Spoken

_MARKED = re.compile(r".*\D[(（]\s?[%％]\s?[)）]")
_LIKE = re.compile(
    r"(.*[\u4e00-\u9fffA-Za-z]\s?)[(（](?:[90oO6]?[%％][690oO]?|9[60o]?|[oO0]/[oO0])[)）]"
)
_SHARE = re.compile(
    r".*(?:增减|变动|增长|同比|环比|占比|change|growth|yoy|margin)\s?"
    r"[(（](?:[90oO6][%％]|[%％][690oO]|[%％]{2}|9[60]|[oO0]/[oO0])[)）]",
    re.IGNORECASE,
)
"""Titles of shares and of growth, behind which no number stands in brackets."""
_FEW = 2
_SAME = 4.0
"""Sizes of the font within which the labels of one column begin, set in or not."""
_FAR = 30.0
"""Sizes of the font within which labels above and below are of the same table."""
_SURE = 1.0


def with_percents(words: Sequence[Spoken]) -> list[Spoken]:
    """Return the words; a label that ends almost in (%), as others of its column do, ends in it.

    A number in brackets that no such label stands by may be that of a note, and stays.
    """
    marked = [each for each in words if _MARKED.fullmatch(each.word.text)]
    return [_marked(each, marked) for each in words]


def _marked(spoken: Spoken, marked: Sequence[Spoken]) -> Spoken:
    match = _LIKE.fullmatch(spoken.word.text)
    if match is None:
        return spoken
    near = sum(_is_near(spoken, other) for other in marked)
    if near < _FEW and not _SHARE.fullmatch(spoken.word.text):
        return spoken
    return replace(spoken, word=spoken.word._replace(text=f"{match[1]}(%)"), trust=_SURE)


def _is_near(one: Spoken, other: Spoken) -> bool:
    size = one.word.size
    aside, apart = one.word.x0 - other.word.x0, one.word.y0 - other.word.y0
    return abs(aside) < _SAME * size and abs(apart) < _FAR * size
