"""Understands a question: of which companies it asks what, for when, and what work that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from yanku.finance.breadth import Breadth, breadth_of
from yanku.finance.dates import Stated, find_periods
from yanku.finance.labels import has_han, plain
from yanku.finance.leftover import Rest, explain_rest
from yanku.finance.measures import (
    CHANGE,
    COMPOUND,
    GROWTH,
    QUARTERLY,
    fitted,
    in_percent,
    is_instant,
)
from yanku.finance.names import Named, find_companies, merged
from yanku.finance.ontology import Ontology
from yanku.finance.periods import is_quarter
from yanku.finance.saying import say
from yanku.finance.spoken import find_measures
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Bound, Fold, Inquiry, Span, Task

_LOSS = "net_profit_attributable"
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
    "which_companies",
    "falling",
)
_BESIDE = re.compile(
    r"(?:和|与|及|、|以及|,|\band)\s*(?:其|its |the )?(?:同比|环比|增速|增长|yoy|growth)"
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
    said: list[str] = field(default_factory=list)

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
    breadth = breadth_of(page.rest, ontology.phrases)
    for start, end in breadth.taken:
        page.take(start, end)
    if not metrics:
        metrics, breadth = _loss(page, breadth, ontology)
    unit = _unit(page)
    consolidation = _consolidation(page, ontology)
    count = _Count(len({n.company.code for n in named}), len({s.period for s in stated}))
    task, marked, lowest = _task(page, metrics, count, breadth, ontology)
    rest = explain_rest(page.text, page.rest, named, ontology.phrases, bool(metrics))
    figure = _is_figure(page, task, metrics, ontology)
    if rest.qualifiers:
        task = Task.TEXT
    asked = _companies(page, named, companies, task, rest)
    if task is Task.COMPARE and not named and not rest.unknown and len(stated) < 2:
        # "哪家公司营收最高" is asked of the whole library.
        task = Task.RANK if breadth.fold is None else Task.TEXT
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
        span=_span(breadth, task, stated),
        fold=breadth.fold,
        top=breadth.top or int(task is Task.RANK and _asks_for_one(breadth)),
        bound=breadth.bound,
        counted=breadth.counted,
        topic=(*page.said, *rest.qualifiers),
        figure=figure,
        everyone=task in {Task.RANK, Task.TOTAL} and not named,
        unknown=rest.unknown,
        assumptions=tuple(page.notes) if task is not Task.TEXT else (),
    )


def _language(text: str) -> str:
    """Return ``zh`` or ``en``; a Chinese name in an English question leaves it English."""
    han = sum(has_han(sign) for sign in text)
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return "zh" if han and latin <= _LATIN_A_HAN * han else "en"


def _metrics(page: _Page, ontology: Ontology) -> tuple[str, ...]:
    """Return the measures named, in the order of the question."""
    found = find_measures(page.text, page.free, ontology)
    for one in found:
        page.take(one.start, one.end)
        page.said.append(one.name)
        measure = ontology.measure(one.identifier)
        if one.name in measure.loose:
            name = ontology.name(one.identifier, page.language)
            page.note("loose", said=one.name, name=name)
    names = dict.fromkeys(one.identifier for one in found)
    parts = {part for n in names if n in ontology.ratios for part in ontology.ratios[n].operands}
    # "净利率（净利润/营业收入）" names a ratio and spells it out.
    return tuple(n for n in names if n not in parts)


def _loss(page: _Page, breadth: Breadth, ontology: Ontology) -> tuple[tuple[str, ...], Breadth]:
    """Read "哪些公司亏损" as a bound on the net profit that is the shareholders'."""
    m = ontology.phrases.loss.search(page.rest)
    asked = ontology.phrases.which_companies.search(page.rest)
    if m is None or asked is None:
        return (), breadth
    for found in (m, asked):
        page.take(found.start(), found.end())
    page.note("loose", said=m[0], name=ontology.name(_LOSS, page.language) + " < 0")
    return (_LOSS,), replace(breadth, bound=Bound(Decimal(0), below=True))


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


@dataclass(frozen=True, slots=True)
class _Count:
    """How many companies and periods a question names."""

    companies: int
    periods: int


def _span(breadth: Breadth, task: Task, stated: Sequence[Stated]) -> Span | None:
    """Return the periods to be counted back: a trend without any is over all years there are."""
    if task is Task.SERIES and breadth.span is None and not stated:
        return Span(0)
    return breadth.span


def _is_figure(page: _Page, task: Task, metrics: tuple[str, ...], ontology: Ontology) -> bool:
    """Tell whether one number is asked for, whatever narrows it."""
    if metrics:
        return len(metrics) == 1 and task in {Task.LOOKUP, Task.RATIO}
    asked = _NUMBER_ASKED.search(page.text) is not None
    phrases = ontology.phrases
    other = (phrases.text, phrases.growth, phrases.compare, phrases.share)
    return asked and not any(pattern.search(page.text) for pattern in other)


def _asks_for_one(breadth: Breadth) -> bool:
    return not breadth.ranked and breadth.bound is None


def _task(
    page: _Page, metrics: tuple[str, ...], count: _Count, breadth: Breadth, ontology: Ontology
) -> tuple[Task, tuple[str, ...], bool]:
    """Return the work asked for, the measures it is about, and whether the lowest wins."""
    phrases, rest = ontology.phrases, page.rest
    soft = phrases.soft.search(rest) is not None and _NUMBER_ASKED.search(rest) is None
    is_text = not metrics or soft or phrases.text.search(rest) is not None
    compares = phrases.compare.search(rest) or phrases.which_year.search(rest)
    lowest = phrases.least.search(rest) is not None
    change = phrases.amount_of_change.search(rest) is not None
    quarterly = phrases.quarter_on_quarter.search(rest) is not None
    grows = change or quarterly or phrases.growth.search(rest) is not None
    shares = len(metrics) == 2 and phrases.share.search(rest) is not None
    for name in _EXPLAINED:
        if name in {"most", "least"} and not compares:
            continue
        for m in getattr(phrases, name).finditer(page.text):
            if page.free(m.start(), m.end()):
                page.take(m.start(), m.end())
    if is_text:
        return Task.TEXT, metrics, False
    changed = tuple(_changed(m, change, quarterly, ontology) for m in metrics)
    asked = changed if grows else metrics
    if breadth.compound:
        fit = count.companies == 1 and (breadth.span is not None or count.periods > 1)
        return (
            (Task.GROWTH, (metrics[0] + COMPOUND,), False) if fit else (Task.TEXT, metrics, False)
        )
    if breadth.orders and count.companies != 1:
        return Task.RANK, (asked[0],), lowest or phrases.falling.search(page.text) is not None
    if breadth.fold is not None and (wide := _foldable(breadth, count)) is not None:
        return (Task.TOTAL, (metrics[0],), False) if wide else (Task.TEXT, metrics, False)
    if breadth.span is not None or breadth.series:
        both = _BESIDE.search(rest) is not None
        return _series(metrics, changed if grows else (), both=both, breadth=breadth, count=count)
    if shares:
        return Task.RATIO, metrics, False
    if compares:
        return Task.COMPARE, (asked[0],), lowest
    if grows:
        return Task.GROWTH, changed, False
    if count.companies <= 1 and all(name in ontology.ratios for name in metrics):
        return Task.RATIO, metrics, False
    return Task.LOOKUP, metrics, False


def _foldable(breadth: Breadth, count: _Count) -> bool | None:
    """Tell whether there is more than one figure to fold; None where the word means nothing.

    "营业收入合计" of one company and year is the figure itself; its mean makes no sense.
    """
    if breadth.span is not None or count.periods > 1 or count.companies > 1 or breadth.everyone:
        return True
    return None if breadth.fold is Fold.SUM else False


def _series(
    metrics: tuple[str, ...],
    changed: tuple[str, ...],
    *,
    both: bool,
    breadth: Breadth,
    count: _Count,
) -> tuple[Task, tuple[str, ...], bool]:
    """Return a series of measures, of their changes, or of both; it needs periods to be over."""
    if breadth.span is None and count.periods < 2 and count.periods + count.companies != 1:
        return Task.TEXT, metrics, False
    return Task.SERIES, (*(metrics if both or not changed else ()), *changed), False


def _changed(identifier: str, change: bool, quarterly: bool, ontology: Ontology) -> str:
    """Return the identifier of a measure's change: in percent, or in its own unit."""
    points = in_percent(ontology.measure(identifier))
    if quarterly:
        return identifier + QUARTERLY
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
    if task in {Task.COMPARE, Task.RANK} or (task is Task.TOTAL and len(library) > 1):
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
