"""Tells which part of a report a question is for: business, risks, employees, the auditor."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yanku.finance.labels import has_han, plain
from yanku.finance.names import find_companies
from yanku.finance.phrases import any_of
from yanku.model.blank import BLANK
from yanku.model.chapter import Chapter, FixedPart, FreePart, Shape, Way
from yanku.model.finance import Company
from yanku.model.matter import Asks, Matter

_IN_PART = frozenset({Asks.REASON, Asks.RESPONSE, Asks.WHEN, Asks.METHOD, Asks.SUMMARY})
"""Kinds of answers that no part of a freely worded report gives as a whole."""
_MOST = 2
_JOINT = re.compile(r"[和与及、,]|\band\b")
_ASKS_OF = re.compile(r"情况|怎么?样|如何|进展|介绍|发展|做得|布局|概况|现状|说说|讲讲|谈谈|说明")
"""What asks for all that is said of a thing, and for no figure of it."""
_ENDS = re.compile(r"[,、。]|做得|怎么?样?|如何|情况|进展|布局|介绍|现状")
_FIGURE = re.compile(r"多少|几[家个次人名项]|多大|多高")
_WHAT_IS_NAMED = ("业务", "板块", "领域", "方面", "服务")
_LEAST, _LONGEST = 3, 16
"""Signs of the words that name a part of a report."""
_NAMED = re.compile(r"( ?)<([a-z]+)>( ?)")

_Entry = Mapping[str, Any]
_Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A chapter with the words that ask for it, and those that then mean something else.

    ``not_fixed`` and ``not_free`` are such words for where it stands in reports of either kind.
    """

    chapter: Chapter
    asked: re.Pattern[str]
    unless: re.Pattern[str] | None
    not_fixed: re.Pattern[str] | None
    not_free: re.Pattern[str] | None


def fixed_chapters(question: str, companies: Sequence[Company]) -> tuple[Chapter, ...]:
    """Return the chapters of reports of a fixed form that answer a question, in its order.

    Two are asked for where their words stand apart: competitors and employees.
    """
    text = masked(plain(question), companies)
    return _asked_for(
        text,
        (
            known
            for known in _chapters()
            if known.chapter.fixed and not _any_in(text, known.unless, known.not_fixed)
        ),
    )


def free_chapters(matter: Matter, companies: Sequence[Company]) -> tuple[Chapter, ...]:
    """Return the chapters of freely worded reports that answer a question as a whole, in its order.

    Two are asked for where their words stand apart: 前五大客户和供应商.
    """
    wanted = matter.asks & _IN_PART
    if Asks.WHETHER in matter.asks and not matter.asks & {Asks.WHAT, Asks.LISTED}:
        wanted |= {Asks.WHETHER}
    text = masked(plain(matter.question), companies)
    found = _asked_for(
        text,
        (
            known
            for known in _chapters()
            if known.chapter.free
            and wanted <= known.chapter.also
            and not _any_in(text, known.unless, known.not_free)
        ),
    )
    named = None if found else _named(matter, text)
    return found if named is None else (named,)


def _asked_for(text: str, those: Iterable[_Known]) -> tuple[Chapter, ...]:
    """Return the first of some chapters that a text asks for, or two of them that it joins."""
    found: list[Chapter] = []
    for known in those:
        said = tuple(span for m in known.asked.finditer(text) for span in _asking(m))
        if said and not any(_meet(said, other.said) for other in found):
            found.append(replace(known.chapter, said=said))
    first = sorted(found[:_MOST], key=lambda one: one.said[0])
    if len(first) < _MOST or _JOINT.search(text[first[0].said[-1][1] : first[1].said[0][0]]):
        return tuple(first)
    return tuple(found[:1])


def _meet(one: _Stretches, other: _Stretches) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _named(matter: Matter, text: str) -> Chapter | None:
    """Return the part that a question names by its own words (资产托管业务怎么样), if it does."""
    asked = Asks.WHAT in matter.asks or _ASKS_OF.search(text) is not None
    if not asked or not matter.terms or matter.asks & (_IN_PART | {Asks.WHETHER}):
        return None
    if any(term.measure for term in matter.terms) or _FIGURE.search(text):
        return None
    start = min(term.start for term in matter.terms)
    words = text[start : max(term.end for term in matter.terms)]
    words = _ENDS.split(words, maxsplit=1)[0].removesuffix("业务")
    if BLANK in words or not has_han(words) or not _LEAST <= len(words) <= _LONGEST:
        return None
    heading = _around() + re.escape(words) + _around(*_WHAT_IS_NAMED)
    part = FreePart((re.compile(heading),), Shape.PROSE)
    return Chapter(words, free=(part,), said=((0, len(text)),))


def masked(text: str, companies: Sequence[Company]) -> str:
    """Return a text (in the form of ``plain``) with each company's name blanked out, as long as it
    was.
    """
    for one in find_companies(text, companies):
        text = text[: one.start] + BLANK * (one.end - one.start) + text[one.end :]
    return text


def _asking(m: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a match that ask for the chapter: not what stands in its groups."""
    start = m.start()
    for first, last in sorted(m.span(n) for n in range(1, len(m.groups()) + 1)):
        if first >= start:
            yield start, first
            start = last
    yield start, m.end()


def _any_in(text: str, *patterns: re.Pattern[str] | None) -> bool:
    return any(pattern is not None and pattern.search(text) for pattern in patterns)


# ── the table ──


@lru_cache(maxsize=1)
def _table() -> _Entry:
    text = files("yanku.finance").joinpath("chapters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def _chapters() -> tuple[_Known, ...]:
    """Return the chapters shipped with the package, in their order."""
    return tuple(_Reader(_table()).known(entry) for entry in _table()["chapters"])


def _around(*more: str) -> str:
    """Return an expression for the words that headings say around the one that counts."""
    return f"(?:{'|'.join(map(re.escape, (*_table()['around'], *more)))})*"


class _Reader:
    """Compiles entries of chapters.toml."""

    def __init__(self, data: _Entry) -> None:
        self._parts: dict[str, str] = data["parts"]
        self._around = _around()

    def known(self, entry: _Entry) -> _Known:
        fixed, free = entry.get("fixed"), entry.get("free", ())
        asked = self._asked(entry, "asked")
        if asked is None or not (fixed or free):
            raise ValueError(f"chapters.toml: {entry['name']} is asked for by no words, or nowhere")
        chapter = Chapter(
            name=entry["name"],
            fixed=self._fixed(fixed) if fixed else None,
            free=tuple(map(self._free, free)),
            strict=entry.get("strict", False),
            by_others=entry.get("by_others", False),
            dated=entry.get("dated", False),
            also=frozenset(map(Asks, entry.get("also", ()))),
        )
        return _Known(
            chapter=chapter,
            asked=asked,
            unless=self._asked(entry, "unless"),
            not_fixed=self._asked(fixed or {}, "unless"),
            not_free=self._asked(free[0] if free else {}, "unless"),
        )

    def _fixed(self, entry: _Entry) -> FixedPart:
        return FixedPart(
            headings=tuple(entry["headings"]),
            way=Way(entry["way"]),
            tells=tuple(re.compile(self._whole(one)) for one in entry.get("tells", ())),
            denies=self._said(entry, "denies"),
            skips=self._said(entry, "skips"),
            most=entry.get("most", 2),
            short=entry.get("short", False),
        )

    def _free(self, entry: _Entry) -> FreePart:
        headings = (option.replace("~", self._around) for option in entry["headings"])
        return FreePart(
            headings=tuple(map(re.compile, headings)),
            shape=Shape(entry["shape"]),
            says=self._said(entry, "says"),
            rows=self._said(entry, "rows"),
            heads=self._said(entry, "heads"),
            names=self._said(entry, "names"),
            about=self._said(entry, "about"),
            titled=self._said(entry, "titled"),
            prefers=self._said(entry, "prefers"),
            within=self._said(entry, "within"),
        )

    def _asked(self, entry: _Entry, key: str) -> re.Pattern[str] | None:
        options = [self._whole(one) for one in entry.get(key, ())]
        return any_of(options) if options else None

    def _said(self, entry: _Entry, key: str) -> re.Pattern[str] | None:
        options = [self._whole(one) for one in entry.get(key, ())]
        return re.compile("|".join(f"(?:{one})" for one in options)) if options else None

    def _whole(self, pattern: str) -> str:
        """Return an expression with its named parts; no space is left beside a Chinese name."""

        def part(m: re.Match[str]) -> str:
            said = self._whole(self._parts[m[2]])
            before, after = (f"{m[n]}?" if m[n] and BLANK in said else m[n] for n in (1, 3))
            return f"{before}{said}{after}"

        return _NAMED.sub(part, pattern)
