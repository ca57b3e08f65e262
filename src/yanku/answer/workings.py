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
    FIGURES = "figures"
    """The figure of each year asked for."""
    COUNT = "count"
    """In how many years a figure is beyond a bound."""
    YEARS = "years"
    """In which years it is."""
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
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What figures are counted: those above (or below) a figure as it is worded."""

    above: bool
    than: str


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
_MEAN = re.compile(r"(?<!weighted[- ])\baverage\b|\bmean\b", re.IGNORECASE)
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
_OF_ALL = re.compile(
    r"what (?:percentage|proportion|share|percent) of (?:the )?(?P<b>.+?) "
    r"(?:is|was|were|are|did|does|do|came|comes|come) "
    r"(?:(?:made up|comprised|composed|generated|derived|attributable|represented|accounted)"
    r"(?: for)? (?:of|from|to|by|using) |from |due to )?(?:the )?(?P<a>.+?)"
    r"(?: (?:consist|make up|account|contribute|comprise|constitute|represent)\w*"
    r"(?: of| for| to)?)?"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)"
    r"|(?:percentage|proportion|share) of (?:the )?(?P<c>.+?)"
    r" (?:in|out of|over|to|among|against|relative to) (?:the )?(?P<d>.+?)"
    r"(?= (?:in|for|as of|at|during)\b|[?？.]|$)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:(?P<sum>sum|combined (?:total|amount|value))|(?P<mean>average|mean)(?: amount| value)?)"
    r" of (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+?)(?= (?:in|for|as of|at|during)\b|[?？.]|$)",
    re.IGNORECASE,
)
_BEYOND = (
    r"(?:did|was|were|had|has|have|is|are) (?:the )?(?P<topic>.+?) "
    r"(?:(?P<above>exceed(?:ed)?|above|over|more than|greater than|higher than|larger than)"
    r"|below|under|less than|lower than|smaller than|fall below|not exceed)\s*"
    r"(?P<than>[$£€¥]?\s?-?\d[\d,.]*\s?%?(?:\s?(?:thousand|million|billion|percent))?)"
)
_COUNTED = re.compile(rf"how many years {_BEYOND}", re.IGNORECASE)
_YEARS_BEYOND = re.compile(
    rf"(?:which|what) (?:fiscal |financial )?years? {_BEYOND}", re.IGNORECASE
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
_THROUGH = re.compile(
    r"\b(?:from|between|over|across)\b.{0,24}\b(?:to|through|and)\b|\d\s*[–-]\s*(?:19|20)\d\d",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:19|20)\d\d (?:to|through) (?:19|20)\d\d\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"^\s*(?:what (?:was|is|were|are)|how (?:much|many) (?:was|is|were|are))\b", re.IGNORECASE
)
_PERCENT_SAID = re.compile(r"%|\bper\s?cent\b", re.IGNORECASE)
_SHARE_SAID = re.compile(
    r"(?:%|\bper\s?cent)\s+of\b|\b(?:represent|account|compris|constitut|contribut|made up)\w*\b"
    r".*(?:%|\bper\s?cent\b)",
    re.IGNORECASE,
)
_CHANGE_SAID = re.compile(
    r"\b(?:increas|decreas|declin|grew|grow|rose|ris(?:e|en|ing)\b|fell|fall|chang|drop|reduc"
    r"|improv|higher|lower|up\b|down\b)",
    re.IGNORECASE,
)
_STATES = {
    Work.GROWTH: (_PERCENT_SAID, _CHANGE_SAID),
    Work.CHANGE: (_CHANGE_SAID, re.compile(r"\d")),
    Work.SHARE: (_PERCENT_SAID,),
    Work.RATIO: (re.compile(r"\bratio\b|\btimes\b|\d:\d", re.IGNORECASE),),
    Work.MEAN: (_MEAN,),
    Work.SUM: (re.compile(r"\b(?:total|sum|aggregate|combined)", re.IGNORECASE),),
    Work.LARGER_YEAR: (_LARGER,),
    Work.SMALLER_YEAR: (_SMALLER,),
}
"""What a sentence says that states such a result."""
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
    "s", "000", "restated", "see", "note", "notes", "unaudited", "audited", "absolute", "percent",
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
    if (counted := _COUNTED.search(question) or _YEARS_BEYOND.search(question)) is not None:
        bound = Bound(bool(counted["above"]), counted["than"])
        topic = _topic(counted["topic"], words)
        work = Work.COUNT if counted.re is _COUNTED else Work.YEARS
        return Working(work, (topic,), years, True, bound) if topic else None
    pair_of = _of_two(question, years, words)
    if pair_of is not None:
        return pair_of if all(pair_of.topics) and len(years) < 2 else None
    asked, bare = _work(question, years)
    if asked is None:
        return None
    topic = _topic(bare, words)
    through = asked in {Work.MEAN, Work.SUM} and _THROUGH.search(question) is not None
    through = through or (asked is Work.FIGURES and _TO.search(question) is not None)
    return Working(asked, (topic,), years, through) if topic else None


def _of_two(question: str, years: tuple[int, ...], words: Words) -> Working | None:
    """Return what is asked of two rows: a ratio, a share, a sum or a mean; None if it is not."""
    for pattern in (_OF_TWO, _OF_WHOLE, _OF_ALL, _TOGETHER):
        if (found := pattern.search(question)) is None:
            continue
        parts = found.groupdict()
        if pattern is _TOGETHER and (len(years) > 1 or asks_for_share(question)):
            return None  # "The average of X in 2018 and 2019" is one row.
        sides = ("a", "b") if parts.get("a") else ("c", "d")
        topics = tuple(_topic(parts[side] or "", words) for side in sides)
        if pattern is _TOGETHER:
            return Working(Work.SUM if parts["sum"] else Work.MEAN, topics, years)
        share = pattern is not _OF_TWO or "proportion" in found[0]
        return Working(Work.SHARE if share else Work.RATIO, topics, years)
    return None


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
        return (Work.GROWTH if len(years) < 3 else None), _PERCENT.sub(" ", question)
    if _MEAN.search(question):
        return Work.MEAN, _MEAN.sub(" ", question)
    if _CHANGE.search(question):
        return (Work.CHANGE if len(years) < 3 else None), _CHANGE.sub(" ", question)
    if len(years) >= 2 and _EACH.search(question):
        return (Work.FIGURES if _FIGURE.search(question) else None), question
    if len(years) >= 2:
        return (Work.SUM if _SUM.search(question) else None), _SUM.sub(" ", question)
    return (Work.FIGURE if len(years) == 1 and _FIGURE.search(question) else None), question


def states_result(text: str, work: Work) -> bool:
    """Tell whether a sentence can state what was worked out: a change in percent, a mean."""
    return work in _STATES and all(said.search(text) for said in _STATES[work])


def states_share(text: str) -> bool:
    """Tell whether a sentence in English can state what part something is of something."""
    return _SHARE_SAID.search(text) is not None


def asks_for_share(question: str) -> bool:
    """Tell whether a question wants a percentage, so that a sum of money does not answer it."""
    return _SHARE_ASKED.search(question) is not None


def _topic(text: str, words: Words) -> frozenset[str]:
    return frozenset(content(words(undated(text))))


def content(found: Sequence[str]) -> tuple[str, ...]:
    """Return words without those that only ask, connect or date."""
    return tuple(word for word in found if word not in _EMPTY)
