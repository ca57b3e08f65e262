"""Finds what a question most likely meant where a word of it is nobody's: 营受 for 营收."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yanku.finance.labels import has_han
from yanku.finance.script import sound_alike
from yanku.model.blank import BLANK

_PAIRS = (
    "入人 货贷 末未 己已 土士 日曰 帐账 毛手 天夫 千干 微徽 拔拨 析折 治冶 贷贸 券卷 问间 未朱 "
    "大太 甲申 名各 白自 目且 今令 风凤 厂广 免兔 负贡 长张 率卒 侧测"
)
_LOOK_ALIKE = frozenset(frozenset(pair) for pair in _PAIRS.split(" "))
_LATIN = re.compile(r"[a-z]{4,}")
_LATIN_WORD = re.compile(r"[a-z]+")
_LEAST_NAME = 3
_LONG_LATIN = 8
"""Letters of a name of one word that may be mistyped: Tower is not Towen."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with misspelt words put right: ``changes`` are (what it said, what was meant)."""

    text: str
    changes: tuple[tuple[str, str], ...]


def mended(text: str, rest: str, words: Sequence[str], names: Sequence[str]) -> Mended | None:
    """Return the text with what sounds or looks like one of the words or names put right, or None.

    ``names`` are those of companies, of which more must be right than of the other words. Only a
    stretch that holds something unexplained (not blank in ``rest``) is touched, and only if one
    word alone fits: a company or measure is never guessed among several.
    """
    taken = [sign == BLANK for sign in rest]
    long = [name for name in names if len(name) >= _LEAST_NAME]
    edits = _han_edits(text, taken, _by_length(long), frozenset(long))
    edits += _han_edits(text, taken, _by_length(words), frozenset(), edits)
    edits += _latin_edits(rest, {part for w in words for part in _LATIN.findall(w)})
    edits += _name_edits(text, rest, [name.split() for name in long if not has_han(name)])
    if not edits:
        return None
    changes = tuple((text[start:end], word) for start, end, word in sorted(edits))
    for start, end, word in sorted(edits, reverse=True):
        text = text[:start] + word + text[end:]
    return Mended(text, changes)


def likely(said: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return names that differ from what was said in one character: to be asked, never assumed."""
    return tuple(dict.fromkeys(name for name in names if name != said and _one_apart(said, name)))


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for word in dict.fromkeys(words):
        if has_han(word) and len(word) >= 2:
            groups[len(word)].append(word)
    return groups


def _han_edits(
    text: str,
    taken: list[bool],
    groups: dict[int, list[str]],
    names: frozenset[str],
    before: Sequence[tuple[int, int, str]] = (),
) -> list[tuple[int, int, str]]:
    """Return edits of Chinese words, the longest first; what is touched once stays."""
    edits: list[tuple[int, int, str]] = []
    for size in sorted(groups, reverse=True):
        for start in range(len(text) - size + 1):
            end = start + size
            if not has_han(text[start:end]):
                continue
            if all(taken[start:end]) or any(s < end and start < e for s, e, _ in (*before, *edits)):
                continue
            said, known = text[start:end], taken[start:end]
            fits = [w for w in groups[size] if _fits(said, w, known, roughly=w not in names)]
            if len(fits) == 1:
                edits.append((start, end, fits[0]))
    return edits


def _fits(said: str, word: str, taken: Sequence[bool], *, roughly: bool) -> bool:
    """Tell whether a stretch is a word with few characters mistaken, those of names unexplained."""
    wrong = [at for at, (a, b) in enumerate(zip(said, word, strict=True)) if a != b]
    if not wrong or len(wrong) > max(1, len(word) // 3):
        return False
    if any(taken[at] for at in wrong) and not roughly:
        return False
    return all(_alike(said[at], word[at], roughly) for at in wrong)


@lru_cache(maxsize=4096)
def _alike(one: str, other: str, roughly: bool) -> bool:
    looks = frozenset((one, other)) in _LOOK_ALIKE
    return looks or sound_alike(one, other, roughly=roughly)


def _latin_edits(rest: str, known: set[str]) -> list[tuple[int, int, str]]:
    """Return edits of English words that are one letter away from a single known one."""
    edits = []
    for m in _LATIN.finditer(rest):
        near = [word for word in known if _one_apart(m[0], word)] if m[0] not in known else []
        if len(near) == 1:
            edits.append((m.start(), m.end(), near[0]))
    return edits


def _name_edits(text: str, rest: str, names: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
    """Return edits of one word of a company's English name, the others of which are right."""
    said = list(_LATIN_WORD.finditer(text))
    edits: set[tuple[int, int, str]] = set()
    for name in names:
        for first in range(len(said) - len(name) + 1):
            pairs = list(zip(said[first : first + len(name)], name, strict=True))
            wrong = [(m, word) for m, word in pairs if m[0] != word]
            if len(wrong) != 1 or (len(name) == 1 and len(name[0]) < _LONG_LATIN):
                continue
            m, word = wrong[0]
            if _one_apart(m[0], word) and rest[m.start() : m.end()] == m[0]:
                edits.add((m.start(), m.end(), word))
    return list(edits) if len({word for _, _, word in edits}) == 1 else []


def _one_apart(one: str, other: str) -> bool:
    """Tell whether one insertion, omission, change or exchange of neighbours leads to the other."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return longer[1:] == shorter
    return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
