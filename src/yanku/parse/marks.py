"""Marks that lead to footnotes taken off words, and full-width digits made plain.

A digit of a figure is never taken: a mark is known by being raised, by its own character (¹), or by
the word 注 in brackets. ``m²`` and ``10⁶`` are kept.
"""

from __future__ import annotations

import re

_UPPER = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWER = "0123456789"
_RAISE = str.maketrans(_LOWER, _UPPER)
_FIGURE = re.compile(rf"([(（]?[-−–]?[\d,，.]*\d[%％)）]*)[{_UPPER}]+$")
_LETTERED = re.compile(rf"(?<=[\u4e00-\u9fff)）])[{_UPPER}]+")
_LATIN = re.compile(rf"(?<=[A-Za-z]{{4}})[{_UPPER}]+$")
_NOTED = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z\d%％)）])[\[【(（〔]\s?注\s?[\d①-⑩]{0,2}\s?[\]】)）〕]"
)
_MARK = re.compile(r"[\[(（]?(?:\d{1,2}(?:[,，]\d{1,2})*|[a-z]|[*†‡§#]{1,3}|注\d{0,2})[\])）]?")
_POWER = re.compile(
    r"(?:^|[\d/．.·×xX\s(（])(?:10|[kcm]?m|ft|in)$|㎡$|平方$|(?<![A-Za-z])(?:[a-z]|R)$"
)
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_WIDE_DIGIT = re.compile("[０-９]")
_WIDE_GROUPS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def unmarked(word: str) -> str:
    """Return a word without the marks that lead to footnotes; a word that is a mark stays."""
    if "注" in word:
        word = _NOTED.sub("", word)
    if word.isascii() or not any(c in _UPPER for c in word):
        return word
    figure = _FIGURE.search(word)
    if figure is not None:
        base = word[: figure.end(1)]
        return word if base.endswith("10") and base.strip("(（-−") == "10" else base
    return _LATIN.sub("", _LETTERED.sub("", word)) or word


def with_raised(base: str, raised: str) -> str:
    """Return a word and what is set small and raised behind it: a mark goes, a power stays."""
    if raised.isdecimal() and _POWER.search(base):
        return base + raised.translate(_RAISE)
    if base[-1:] in ".,，" or _MARK.fullmatch(raised) is None:
        return base + raised
    return base


def narrowed(text: str) -> str:
    """Return a text with full-width digits as plain ones: １，２３４．５ is 1,234.5."""
    if _WIDE_DIGIT.search(text) is None:
        return text
    text = _WIDE_GROUPS.sub(",", text)
    text = re.sub(
        r"(?<=[０-９])．(?=[０-９])|(?<=[０-９])％", lambda m: m[0].translate(_WIDE), text
    )
    return re.sub("[０-９]", lambda m: m[0].translate(_WIDE), text)
