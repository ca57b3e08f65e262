"""Reads from a question what is to be worked out of a table, of which rows, for which years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from yanku.answer.stated import Words, undated, years_in


class Work(StrEnum):
    """What is to be made of cells."""

    FIGURE = "figure"
    CHANGE = "change"
    GROWTH = "growth"
    MEAN = "mean"
    SUM = "sum"
    RATIO = "ratio"
    SHARE = "share"
    LARGER_YEAR = "larger_year"
    SMALLER_YEAR = "smaller_year"


@dataclass(frozen=True, slots=True)
class Working:
    """A question understood: ``topics`` are the words of each row asked for, one or two.

    ``years`` are those it names; with ``through`` also those between the two.
    """

    work: Work
    topics: tuple[frozenset[str], ...]
    years: tuple[int, ...] = ()
    through: bool = False


_YEAR_ASKED = re.compile(r"\b(?:which|what) (?:fiscal |financial )?years?\b", re.IGNORECASE)
_LARGER = re.compile(
    r"\b(?:larger|largest|higher|highest|greater|greatest|most|biggest|bigger)\b", re.IGNORECASE
)
_SMALLER = re.compile(
    r"\b(?:smaller|smallest|lower|lowest|less|least|fewer|fewest)\b", re.IGNORECASE
)
_PERCENT = re.compile(
    r"\bpercent(?:age)?s? (?:change|increase|decrease|growth|decline|difference)"
    r"(?: ?/ ?\(?(?:increase|decrease)\)?)?|\bgrowth rate\b|% (?:change|growth)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:changes?|increases?|decreases?|declines?|differences?)\b"
    r"(?: ?/ ?\(?(?:increase|decrease)\)?)?|\(decrease\)",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\baverage\b|\bmean\b", re.IGNORECASE)
_SUM = re.compile(r"\b(?:sum|total|combined)\b", re.IGNORECASE)
_OF_TWO = re.compile(
    r"\bratio (?:of|between) (?P<a>.+?) (?:to|and|over) (?P<b>.+?)"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)"
    r"|\bproportion of (?P<c>.+?) (?:over|to|in) (?P<d>.+?)"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(
    r"(?:what|how much) (?:is|was|were|are) (?:the )?(?P<a>.+?)"
    r" as a (?:percentage|proportion|share) of (?:the )?(?P<b>.+?)"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)",
    re.IGNORECASE,
)
_THAN = re.compile(r"\bthan\s+[$£€]?\s?\d", re.IGNORECASE)
_SHARE_ASKED = re.compile(r"\bpercent(?:age)?\b|\bproportion\b|占比|比例|比重", re.IGNORECASE)
_EACH = re.compile(r"\brespective(?:ly)?\b", re.IGNORECASE)
_APART = re.compile(
    r"\bdifferences? (?:in (?:the )?(?P<both>.+?) )?"
    r"between (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+?)"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)",
    re.IGNORECASE,
)
_THROUGH = re.compile(r"\bfrom\b.{0,24}\b(?:to|through)\b|\d\s*[–-]\s*(?:19|20)\d\d", re.IGNORECASE)
_FIGURE = re.compile(
    r"^\s*(?:what (?:was|is|were|are)|how (?:much|many) (?:was|is|were|are))\b", re.IGNORECASE
)
_EMPTY = frozenset([
    "what", "was", "were", "is", "are", "be", "been", "the", "a", "an", "of", "in", "for",
    "from", "to", "between", "and", "by", "as", "at", "on", "with", "how", "much", "many",
    "did", "do", "does", "its", "it", "company", "companies", "year", "years", "fiscal",
    "financial", "period", "periods", "ended", "end", "ending", "during", "over",
    "respectively", "respective", "compared", "comparison", "than", "value", "values",
    "amount", "amounts", "figure", "number", "which", "that", "this", "december",
    "november", "october", "september", "august", "july", "june", "may", "april", "march",
    "february", "january", "31", "30", "29", "28", "when", "versus", "vs", "calculate",
    "there", "had", "has", "have", "respect", "case", "fy", "same", "date", "annual", "nominal",
    "across", "each", "both", "two", "three", "2", "3",
])  # fmt: skip
"""Words that ask or date and name no row."""


def working_of(question: str, words: Words) -> Working | None:
    """Return what a question in English asks to be worked out; None if it is no such question."""
    years = tuple(sorted(years_in(question)))
    if (apart := _APART.search(question)) is not None and len(years) < 2:
        shared = _topic(apart["both"] or "", words)
        pair = tuple(shared | _topic(apart[side], words) for side in ("a", "b"))
        # "The difference between the first and the second quarter" leaves nothing to tell apart.
        return Working(Work.CHANGE, pair, years) if all(pair) and pair[0] != pair[1] else None
    of_two = _OF_TWO.search(question) or _OF_WHOLE.search(question)
    if of_two is not None:
        parts = [part for part in of_two.groups() if part]
        share = of_two.re is _OF_WHOLE or "proportion" in of_two[0]
        topics = tuple(_topic(part, words) for part in parts)
        if not all(topics) or len(years) > 1:
            return None
        return Working(Work.SHARE if share else Work.RATIO, topics, years)
    work, bare = _work(question, years)
    if work is None:
        return None
    topic = _topic(bare, words)
    through = work in {Work.MEAN, Work.SUM} and _THROUGH.search(question) is not None
    return Working(work, (topic,), years, through) if topic else None


def _work(question: str, years: tuple[int, ...]) -> tuple[Work | None, str]:
    """Return the work asked for, and the question without the words that ask for it."""
    if _YEAR_ASKED.search(question):
        if _THAN.search(question):
            return None, question
        for pattern, work in ((_LARGER, Work.LARGER_YEAR), (_SMALLER, Work.SMALLER_YEAR)):
            if pattern.search(question):
                return work, pattern.sub(" ", _YEAR_ASKED.sub(" ", question))
        return None, question
    if _PERCENT.search(question):
        return (Work.GROWTH if len(years) == 2 else None), _PERCENT.sub(" ", question)
    if _MEAN.search(question):
        return Work.MEAN, _MEAN.sub(" ", question)
    if _CHANGE.search(question):
        return (Work.CHANGE if len(years) == 2 else None), _CHANGE.sub(" ", question)
    if len(years) >= 2 and not _EACH.search(question):
        return (Work.SUM if _SUM.search(question) else None), _SUM.sub(" ", question)
    return (Work.FIGURE if len(years) == 1 and _FIGURE.search(question) else None), question


def asks_for_share(question: str) -> bool:
    """Tell whether a question wants a percentage, so that a sum of money does not answer it."""
    return _SHARE_ASKED.search(question) is not None


def _topic(text: str, words: Words) -> frozenset[str]:
    return frozenset(content(words(undated(text))))


def content(found: Sequence[str]) -> tuple[str, ...]:
    """Return words without those that only ask, connect or date."""
    return tuple(word for word in found if word not in _EMPTY)
