"""Understands a question: of which companies it asks what, for when, and what work that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from yanku.finance.dates import Stated, find_periods
from yanku.finance.labels import has_han, plain
from yanku.finance.leftover import Rest, explain_rest
from yanku.finance.measures import CHANGE, GROWTH, fitted, in_percent, is_instant
from yanku.finance.names import Named, find_companies, merged
from yanku.finance.ontology import Ontology
from yanku.finance.periods import is_quarter
from yanku.finance.saying import say
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Inquiry, Task

_BLANK = "\u25a1"
_EXPLAINED = (
    "soft",
    "amount_of_change",
    "quarter_on_quarter",
    "growth",
    "compare",
    "which_year",
    "most",
    "least",
    "share",
    "total",
)
_NUMBER_ASKED = re.compile(r"多少|几何|百分之|how much|how many|what (?:is|was|were|are)\b")
_LATIN_A_HAN = 4
"""Letters that weigh as much as one Chinese character: about a word."""
_UNIT = re.compile(
    r"(?:多少|几|几个|以|单位[:是为]*|用|折合)(?:个)?(?P<zh>万亿|百万|千万|亿|万|千)(?P<base>元|股|人)?"
    r"|\bin (?P<en>thousand|million|billion)s?\b|\bhow many (?P<en2>thousand|million|billion)s?\b"
)


@dataclass(slots=True)
class _Page:
    """The question, and which of its characters are understood."""

    text: str
    language: str
    taken: list[bool] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = [False] * len(self.text)

    def take(self, start: int, end: int) -> None:
        for position in range(start, end):
            self.taken[position] = True

    def free(self, start: int, end: int) -> bool:
        return not any(self.taken[start:end])

    @property
    def rest(self) -> str:
        """Return the text with what is understood blanked out; positions stay."""
        return "".join(_BLANK if t else c for c, t in zip(self.text, self.taken, strict=True))

    def note(self, key: str, **values: str) -> None:
        text = say(key, self.language, **values)
        if text not in self.notes:
            self.notes.append(text)


def understand(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> Inquiry:
    """Return what a question asks, by rules alone; what facts cannot answer is Task.TEXT.

    ``companies`` are those of the library. A word of the question that the rules cannot explain
    makes it TEXT too: the revenue of one product is not the revenue of the company.
    """
    page = _Page(plain(question), _language(question))
    companies = merged(companies)
    named = find_companies(page.text, companies)
    for one in named:
        page.take(one.start, one.end)
    page.language = _language(page.rest)
    stated = find_periods(page.rest, today)
    for period in stated:
        page.take(period.start, period.end)
    metrics = _metrics(page, ontology)
    unit = _unit(page)
    consolidation = _consolidation(page, ontology)
    task, marked, lowest = _task(page, metrics, len({n.company.code for n in named}), ontology)
    rest = explain_rest(page.text, page.rest, named, ontology.phrases, bool(metrics))
    if rest.qualifiers:
        task = Task.TEXT
    asked = _companies(page, named, companies, task, rest)
    if task is Task.COMPARE and len(asked) + len(rest.unknown) < 2 and len(stated) < 2:
        task = Task.TEXT  # There is nothing to hold it against.
    if task is Task.TEXT:
        marked = metrics
    return Inquiry(
        question=question,
        task=task,
        language=page.language,
        companies=asked,
        metrics=marked,
        periods=_periods(page, stated, marked, task, ontology),
        consolidation=consolidation,
        unit=unit,
        lowest=lowest,
        unknown=rest.unknown,
        assumptions=tuple(page.notes) if task is not Task.TEXT else (),
    )


def _language(text: str) -> str:
    """Return ``zh`` or ``en``; a Chinese name in an English question leaves it English."""
    han = sum(has_han(sign) for sign in text)
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return "zh" if han and latin <= _LATIN_A_HAN * han else "en"


def _metrics(page: _Page, ontology: Ontology) -> tuple[str, ...]:
    """Return the measures named, in the order of the question; the longest name wins."""
    found: list[tuple[int, str, str]] = []
    for name, identifier in ontology.names():
        start = page.text.find(name)
        while start >= 0:
            end = start + len(name)
            if page.free(start, end) and _whole(page.text, start, end):
                page.take(start, end)
                found.append((start, identifier, name))
            start = page.text.find(name, end)
    for _, identifier, name in sorted(found):
        measure = ontology.measure(identifier)
        if name in measure.loose:
            page.note("loose", said=name, name=ontology.name(identifier, page.language))
    names = dict.fromkeys(identifier for _, identifier, _ in sorted(found))
    parts = {part for n in names if n in ontology.ratios for part in ontology.ratios[n].operands}
    # "净利率（净利润/营业收入）" names a ratio and spells it out.
    return tuple(n for n in names if n not in parts)


def _whole(text: str, start: int, end: int) -> bool:
    """Tell whether a Latin name stands as words of its own."""
    if has_han(text[start:end]):
        return True
    return not re.match(r"[a-z0-9]", text[end : end + 1]) and not re.search(
        r"[a-z0-9]$", text[:start]
    )


def _unit(page: _Page) -> str:
    m = _UNIT.search(page.text)
    if m is None:
        return ""
    if m["zh"]:
        return m["zh"] + (m["base"] or "元")
    return str(m["en"] or m["en2"])


def _consolidation(page: _Page, ontology: Ontology) -> Consolidation:
    m = ontology.phrases.parent.search(page.rest)
    if m is not None:
        page.take(m.start(), m.end())
        return Consolidation.PARENT
    m = ontology.phrases.consolidated.search(page.rest)
    if m is not None:
        page.take(m.start(), m.end())
    else:
        page.note("consolidated")
    return Consolidation.CONSOLIDATED


def _task(
    page: _Page, metrics: tuple[str, ...], companies: int, ontology: Ontology
) -> tuple[Task, tuple[str, ...], bool]:
    """Return the work asked for, the measures it is about, and whether the lowest wins."""
    phrases, rest = ontology.phrases, page.rest
    soft = phrases.soft.search(rest) is not None and _NUMBER_ASKED.search(rest) is None
    is_text = not metrics or soft or phrases.text.search(rest) is not None
    compares = phrases.compare.search(rest) or phrases.which_year.search(rest)
    lowest = phrases.least.search(rest) is not None
    change = phrases.amount_of_change.search(rest) is not None
    grows = change or phrases.growth.search(rest) is not None
    shares = len(metrics) == 2 and phrases.share.search(rest) is not None
    for name in _EXPLAINED:
        if name in {"most", "least"} and not compares:
            continue
        for m in getattr(phrases, name).finditer(page.text):
            if page.free(m.start(), m.end()):
                page.take(m.start(), m.end())
    if is_text or phrases.quarter_on_quarter.search(rest) or phrases.total.search(rest):
        return Task.TEXT, metrics, False
    if shares:
        return Task.RATIO, metrics, False
    if compares:
        first = _changed(metrics[0], change, ontology) if grows else metrics[0]
        return Task.COMPARE, (first,), lowest
    if grows:
        return Task.GROWTH, tuple(_changed(m, change, ontology) for m in metrics), False
    if companies <= 1 and all(name in ontology.ratios for name in metrics):
        return Task.RATIO, metrics, False
    return Task.LOOKUP, metrics, False


def _changed(identifier: str, change: bool, ontology: Ontology) -> str:
    """Return the identifier of a measure's change: in percent, or in its own unit."""
    points = in_percent(ontology.measure(identifier))
    return identifier + (CHANGE if change or points else GROWTH)


def _companies(
    page: _Page, named: Sequence[Named], library: Sequence[Company], task: Task, rest: Rest
) -> tuple[Company, ...]:
    for one in named:
        if one.loose:
            page.note("loose", said=one.said, name=one.company.name)
    found = {one.company.code: one.company for one in named}
    if found or rest.unknown:
        return tuple(found.values())
    if task is Task.COMPARE:
        return tuple(library)
    if len(library) == 1 and task is not Task.TEXT:
        page.note("only", name=library[0].name)
        return tuple(library)
    return ()


def _periods(
    page: _Page,
    stated: Sequence[Stated],
    metrics: tuple[str, ...],
    task: Task,
    ontology: Ontology,
) -> tuple[Period, ...]:
    """Return the periods in the form the measures have, the later first for a growth."""
    periods = list(dict.fromkeys(s.period for s in stated))
    kinds = {is_instant(name, ontology) for name in metrics}
    if task is not Task.TEXT and len(kinds) == 1 and metrics:
        for period in periods:
            _note_reading(page, period, kinds == {True})
        periods = list(dict.fromkeys(fitted(p, metrics[0], ontology) for p in periods))
    if task is Task.GROWTH:
        periods.sort(key=lambda p: p.end, reverse=True)
    return tuple(periods)


def _note_reading(page: _Page, period: Period, instant: bool) -> None:
    if not instant and period.is_instant:
        page.note("to_date", end=period.end.isoformat())
    if not instant and is_quarter(period) and period.end.month == 9:
        page.note("quarter")
