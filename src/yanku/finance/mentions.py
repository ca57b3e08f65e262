"""Finds where a question, or a part of one, names companies, periods and measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yanku.finance.breadth import SPAN_SAID
from yanku.finance.labels import plain
from yanku.finance.names import find_companies, find_stems
from yanku.finance.ontology import Ontology
from yanku.finance.page import BLANK
from yanku.finance.spoken import find_measures
from yanku.finance.when import periods_asked
from yanku.model.finance import Company

_AND = re.compile(r"的?呢(?=[?？]?$)")
"""What ends a follow-up: 负债呢."""
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
