"""Finds where a question, or a part of one, names companies, periods and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yanku.finance.breadth import SPAN_SAID
from yanku.finance.labels import plain
from yanku.finance.names import find_companies, find_stems
from yanku.finance.ontology import Ontology
from yanku.finance.spoken import find_measures
from yanku.finance.when import periods_asked
from yanku.model.blank import BLANK
from yanku.model.finance import Company

_AND = re.compile(r"的?呢(?=[?？]?$)")
"""What ends a follow-up: 负债呢."""
YEAR = re.compile(r"(?:19|20)\d\d")
_BESIDE = re.compile(r"\s*(?:和|与|及|、|以及|跟|,|and|to|-|到|至)?\s*")
_WORD = re.compile(r"[A-Za-z][A-Za-z&-]*")
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where a text names what; ``rest`` is the text with all of it blanked out."""

    text: str
    companies: tuple[Stretch, ...]
    periods: tuple[Stretch, ...]
    measures: tuple[Stretch, ...]
    rest: str

    @property
    def named(self) -> int:
        """Return how many names there are."""
        return len(self.companies) + len(self.periods) + len(self.measures)

    def said(self, stretches: tuple[Stretch, ...]) -> str:
        """Return the text from the first of some names to the last."""
        return self.text[stretches[0][0] : stretches[-1][1]] if stretches else ""

    def each(self, stretches: tuple[Stretch, ...]) -> tuple[str, ...]:
        """Return names one by one."""
        return tuple(self.text[start:end] for start, end in stretches)


def mentions_in(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> Mentions:
    """Return where a question names companies, periods and measures."""
    text = plain(question)
    taken = [False] * len(text)

    def take(spans: Sequence[Stretch]) -> tuple[Stretch, ...]:
        for start, end in spans:
            taken[start:end] = [True] * (end - start)
        return tuple(spans)

    def rest() -> str:
        return "".join(BLANK if t else c for c, t in zip(text, taken, strict=True))

    named = take([(one.start, one.end) for one in find_companies(text, companies)])
    dates = [(one.start, one.end) for one in periods_asked(rest(), today)]
    periods = take(dates or [m.span() for m in SPAN_SAID.finditer(rest())][:1])
    spoken = find_measures(text, lambda start, end: not any(taken[start:end]), ontology)
    measures = take([(one.start, one.end) for one in spoken])
    if not measures:
        measures = take(_idioms(_AND.sub(lambda m: BLANK * len(m[0]), rest()), ontology))
    stems, _ = find_stems(rest(), companies, ())
    named = (*named, *take([(one.start, one.end) for one in stems]))
    return Mentions(text, tuple(sorted(named)), periods, measures, rest())


def swapped(old: Mentions, spans: Sequence[Stretch], said: str) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that put a new name in the place of the first, and of those beside it.

    Of periods what is compared with moves along: 2024年比2023年 becomes 2023年比2022年.
    """
    beside = [spans[0]]
    for one in spans[1:]:
        if _BESIDE.fullmatch(old.text[beside[-1][1] : one[0]]) is None:
            break
        beside.append(one)
    yield beside[0][0], beside[-1][1], said
    years = [YEAR.search(text) for text in (old.text[slice(*spans[0])], said)]
    if spans is not old.periods or years[0] is None or years[1] is None:
        return
    step = int(years[1][0]) - int(years[0][0])
    for start, end in spans[len(beside) :]:
        yield start, end, YEAR.sub(lambda m: str(int(m[0]) + step), old.text[start:end])


def in_place(old: Mentions, new: Mentions) -> str | None:
    """Return the old text with the names of the new one in the place of its own; None if it has
    no place for one of them.
    """
    edits: list[tuple[int, int, str]] = []
    for kind in ("companies", "periods", "measures"):
        if named := getattr(new, kind):
            if not getattr(old, kind):
                return None
            edits += swapped(old, getattr(old, kind), new.said(named))
    text = old.text
    for start, end, said in sorted(edits, reverse=True):
        text = text[:start] + said + text[end:]
    return text


def as_typed(text: str, *typed: str) -> str:
    """Return a text in the form of ``plain`` with the capitals that its words were typed with."""
    words = {word.lower(): word for one in typed for word in _WORD.findall(one)}
    return _WORD.sub(lambda m: words.get(m[0], m[0]), text)


def _idioms(rest: str, ontology: Ontology) -> list[Stretch]:
    """Return where a question names a measure in other words, or by a word that several go by."""
    phrases = ontology.phrases
    patterns = (pattern for pattern, _ in (*phrases.idioms, *phrases.unclear))
    found = [m.span() for pattern in patterns for m in pattern.finditer(rest)]
    return sorted(found, key=lambda span: span[0] - span[1])[:1]
