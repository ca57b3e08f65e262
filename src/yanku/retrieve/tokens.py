"""Text as the words the index knows: the same for documents and for questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rjieba

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_DATE = (
    r"(?P<year>(?:19|20)\d\d)(?:"
    r"年(?:(?P<m1>\d{1,2})月(?:(?P<d1>\d{1,2})日)?)?"
    r"|-(?P<m2>\d{1,2})-(?P<d2>\d{1,2})(?![\d-])"
    r"|/(?P<m3>\d{1,2})/(?P<d3>\d{1,2})(?![\d/])"
    r"|\.(?P<m4>\d{1,2})\.(?P<d4>\d{1,2})(?![\d.])"
    r"|-(?P<m5>0[1-9]|1[0-2])(?![\d-]))"
)
_TOKEN = re.compile(
    rf"(?<![\d.])(?<!\d,){_DATE}"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+(?![a-z]))"
    rf"|(?P<han>[{_HAN}]+)"
    rf"|(?P<word>(?:(?![{_HAN}])[^\W_])+)"
)
_STOP_WORDS = frozenset("的了和与及或在是为等对于之吗呢") | {
    *("多少", "什么", "请问"),
    *("a", "an", "and", "are", "for", "in", "is", "of", "on", "or", "the", "to", "was", "what"),
}
_SURE = 100_000_000
"""A frequency that makes the segmenter prefer a vocabulary word to its parts."""
_LONG = 4
"""Vocabulary words from this length on are found by spelling, wherever words seem to end."""


class Tokens:
    """Cuts text into words; ``vocabulary`` are terms that must stay whole.

    A term is found as a whole and by its parts, so "净资产收益率" finds "加权平均净资产收益率".
    """

    def __init__(self, vocabulary: Iterable[str] = ()) -> None:
        terms = {_folded(term) for term in vocabulary}
        self._terms = frozenset(t for t in terms if re.fullmatch(f"[{_HAN}]{{2,}}", t))
        self._longest = max(map(len, self._terms), default=0)

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        """The segmenter; its dictionary takes a third of a second, so not before it is needed."""
        import rjieba

        jieba = rjieba.Jieba()
        for term in self._terms:
            jieba.add_word(term, _SURE, None)
        return jieba

    def of(self, text: str) -> tuple[str, ...]:
        """Return the words in reading order, lower-case and NFKC, without punctuation.

        1,234.50 and 1234.5 are one word; so is a date in any of its usual spellings, followed by
        its month and its year. A sign and a percent sign are not part of a number.
        """
        found = (token for match in _TOKEN.finditer(_folded(text)) for token in self._tokens(match))
        return tuple(token for token in found if token not in _STOP_WORDS)

    def _tokens(self, match: re.Match[str]) -> Iterator[str]:
        if match["year"]:
            yield from _date(match)
        elif match["number"]:
            yield _number(match["number"])
        elif match["word"]:
            yield match["word"]
        else:
            words = self._jieba.cut_for_search(match["han"])
            yield from words
            yield from self._spelled(match["han"], frozenset(words))

    def _spelled(self, text: str, known: frozenset[str]) -> Iterator[str]:
        """Yield the longest long term at each position, as far as it is not known yet."""
        for start in range(len(text) - _LONG + 1):
            for end in range(min(len(text), start + self._longest), start + _LONG - 1, -1):
                if text[start:end] in self._terms:
                    if text[start:end] not in known:
                        yield text[start:end]
                    break


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _date(match: re.Match[str]) -> Iterator[str]:
    year = match["year"]
    month = next((m for n in range(1, 6) if (m := match[f"m{n}"])), None)
    day = next((d for n in range(1, 5) if (d := match[f"d{n}"])), None)
    if month and day:
        yield f"{year}-{int(month):02}-{int(day):02}"
    if month:
        yield f"{year}-{int(month):02}"
    yield year


def _number(printed: str) -> str:
    plain = printed.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
