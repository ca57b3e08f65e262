"""Understands a question: of which companies it asks what, for when, and what work that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from yanku.finance.bounds import attached
from yanku.finance.breadth import TRAILING, Breadth, breadth_of
from yanku.finance.dates import Stated
from yanku.finance.defined import as_defined, definitions_in
from yanku.finance.idioms import beyond, find_unclear
from yanku.finance.instructions import instructions_in
from yanku.finance.labels import plain
from yanku.finance.leftout import left_out
from yanku.finance.leftover import Rest, explain_rest
from yanku.finance.meant import (
    as_ratios,
    main_first,
    metrics_of,
    of_side,
    result_of,
    spoken_in,
    western,
    with_margin,
)
from yanku.finance.measures import base_of, fitted, is_instant
from yanku.finance.misspelt import likely, mended
from yanku.finance.names import (
    FORMERLY,
    Named,
    find_abbreviations,
    find_companies,
    find_initials,
    find_stems,
    full_names,
    merged,
)
from yanku.finance.ontology import Ontology
from yanku.finance.page import Page, language_of
from yanku.finance.pairs import fitted_pairs, pairs_of
from yanku.finance.periods import full_year, is_quarter, year_before
from yanku.finance.reworded import reworded
from yanku.finance.shown import decimals_in, unit_in
from yanku.finance.sides import side_in
from yanku.finance.spoken import Spoken
from yanku.finance.tasks import Count, Work, is_figure, work_of
from yanku.finance.when import Months, find_part, periods_asked, spans
from yanku.model.blank import BLANK
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Beyond, Fold, Inquiry, Span, Step, Task, Unclear

_WILL = re.compile(
    r"会(?:[是有达到怎涨跌增降]|如何)|将(?:[会是达有]|如何)|能[达有到赚卖]|\bwill\b|going to"
)
_OVER_YEARS = frozenset({Task.TOTAL, Task.SERIES, Task.LOOKUP, Task.RATIO})


def understand(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> Inquiry:
    """Return what a question asks, by rules alone; what facts cannot answer is Task.TEXT.

    ``companies`` are those of the library. A word that the rules cannot explain makes it TEXT too:
    the revenue of one product is not the company's. A slip of the pen is read as meant, and noted.
    """
    said = reworded(plain(question))
    reading = _Reading(question, merged(ontology.known(companies)), ontology, today)
    page, rest, inquiry = reading.of(said.text, said.changes)
    if inquiry.beyond is not None or not (rest.unknown or rest.qualifiers):
        return inquiry
    change = mended(page.text, page.rest, reading.words(), reading.names())
    if change is not None:
        _, _, again = reading.of(change.text, (*said.changes, *change.changes))
        if again.task is not Task.TEXT and not again.unknown and not again.unclear:
            return again
    near = (name for said in inquiry.unknown for name in likely(said, reading.names()))
    return replace(inquiry, likely=tuple(dict.fromkeys(near)))


def reading_of(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> tuple[Page, Rest, Inquiry]:
    """Return what a question asks with what is left of it, before anything is put right."""
    said = reworded(plain(question))
    reading = _Reading(question, merged(ontology.known(companies)), ontology, today)
    return reading.of(said.text, said.changes)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a question says besides whose figures, which and of when."""

    metrics: tuple[str, ...]
    breadth: Breadth
    part: Months | None
    away: Beyond | None
    decimals: int | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question to be read, perhaps twice, and what it is read with."""

    question: str
    companies: tuple[Company, ...]
    ontology: Ontology
    today: date

    def words(self) -> tuple[str, ...]:
        """Return words that a question may misspell: names of measures, what is asked of them."""
        return (*(name for name, _ in self.ontology.names()), *self.ontology.phrases.misspelt)

    def names(self) -> tuple[str, ...]:
        """Return the names of companies that a question may misspell."""
        return tuple(name for company in self.companies for name in full_names(company))

    def of(self, text: str, changes: Sequence[tuple[str, str]] = ()) -> tuple[Page, Rest, Inquiry]:
        """Return what a text (in the form of ``plain``) asks, and what is left of it."""
        text, gone = left_out(text, self.companies)
        page = Page(text, language_of(text))
        if gone:
            page.note("left_out", names="、".join(company.called(text) for company in gone))
            kept = tuple(company for company in self.companies if company not in gone)
            return replace(self, companies=kept)._read(page, changes)
        return self._read(page, changes)

    def _read(self, page: Page, changes: Sequence[tuple[str, str]]) -> tuple[Page, Rest, Inquiry]:
        decimals = decimals_in(page)
        asked = page.text
        for start, end in instructions_in(page.text):
            page.take(start, end)
            asked = f"{asked[:start]}{' ' * (end - start)}{asked[end:]}"
        defined, _ = definitions_in(asked, self.ontology)
        for definition in defined:
            page.take(definition.start, definition.end)
        named = list(find_companies(page.text, self.companies))
        for one in named:
            page.take(one.start, one.end)
        if named:
            page.take_all(FORMERLY)
        page.language = language_of(page.rest, typed=self.question)
        for said, meant in changes:
            page.note("misspelt", said=said, meant=meant)
        away = beyond(page, self.ontology.phrases)
        stated = periods_asked(page.rest, self.today)
        for period in stated:
            page.take(period.start, period.end)
        side, trailing = side_in(page), page.take_all(TRAILING)
        part = _part(page, stated, self.ontology)
        whose = [one.company for one in named] or self.companies
        spoken = western(spoken_in(page, self.companies, whose, self.ontology), whose)
        spoken = with_margin(page, spoken)
        breadth = breadth_of(page.rest, self.ontology.phrases, side)
        if breadth.wide or self.ontology.phrases.compare.search(page.rest):
            spoken = as_ratios(page, spoken, self.ontology)
        metrics = metrics_of(page, spoken, self.ontology)
        for start, end in breadth.taken:
            page.take(start, end)
        metrics, breadth = result_of(page, metrics, breadth, self.ontology)
        metrics = of_side(page, metrics, side, self.ontology)
        if trailing:
            breadth = replace(breadth, trailing=True, fold=Fold.SUM, run=Span(4, Step.QUARTER))
        away = away or _to_come(page, stated, self.today, self.ontology)
        if away is None and not metrics and not named and not stated and self._chats(page):
            away = Beyond.CHAT
        read = _Read(metrics, breadth, part, away, decimals)
        page, rest, inquiry = self._joined(page, named, stated, spoken, read)
        return page, rest, as_defined(inquiry, defined, self.ontology)

    def _whose(self, task: Task, asked: Sequence[Company], read: _Read) -> tuple[Unclear, ...]:
        """Return that a company must be named, where there are several and none is."""
        every = (Unclear("", tuple(company.name for company in self.companies)),)
        if read.away is Beyond.CHAT and self.companies:
            return every
        return () if asked or task is Task.TEXT or len(self.companies) < 2 else every

    def _chats(self, page: Page) -> bool:
        nothing = not page.rest.strip(f"{BLANK} ,.!?;:~。！？、")
        return nothing or self.ontology.phrases.chat.search(page.text) is not None

    def _joined(
        self,
        page: Page,
        named: list[Named],
        stated: Sequence[Stated],
        spoken: Sequence[Spoken],
        read: _Read,
    ) -> tuple[Page, Rest, Inquiry]:
        metrics, breadth = read.metrics, read.breadth
        ontology = self.ontology
        consolidation = _consolidation(page, ontology)
        unclear = _unclear(page, ontology)
        stems, shared = find_stems(page.rest, self.companies, named)
        if not named and not stems and not shared:
            words = ontology.phrases.everyday | ontology.phrases.filler
            stems = find_initials(page.rest, self.companies, words)
        if page.language == "en":
            stems += find_abbreviations(page.rest, self.companies, ontology.phrases, self.question)
        for start, end in [*((s.start, s.end) for s in stems), *(span for span, _ in shared)]:
            page.take(start, end)
        named = sorted([*named, *stems], key=lambda one: one.start)
        unclear += tuple(one for _, one in shared)
        pairs = pairs_of(named, stated)
        dates = 1 if pairs else len({s.period for s in stated})
        count = Count(len({n.company.code for n in named}), dates)
        metrics = main_first(page, metrics, spoken, breadth)
        bounds = attached(breadth.limits, spoken, metrics, page.text)
        work = work_of(page, metrics, spoken, count, replace(breadth, bounds=bounds), ontology)
        unit = unit_in(page)
        rest = explain_rest(
            page.text, page.rest, named, ontology.phrases, bool(metrics), self.question
        )
        figure = is_figure(page, work, ontology)
        if rest.qualifiers:
            work = replace(work, task=Task.TEXT)
        asked = _companies(page, named, self.companies, work, rest)
        work = _settled(work, named, () if pairs else stated, asked, rest, breadth)
        task = work.task
        marked = metrics if task is Task.TEXT else work.metrics
        inquiry = Inquiry(
            question=self.question,
            task=task,
            language=page.language,
            companies=asked,
            metrics=marked,
            periods=_periods(page, stated, marked, task, ontology),
            pairs=fitted_pairs(pairs, marked, task, ontology),
            part=read.part,
            consolidation=consolidation,
            unit=unit,
            decimals=read.decimals,
            lowest=work.lowest,
            span=_span(breadth, work, stated, single=len(asked) == 1),
            fold=breadth.fold,
            top=breadth.top or int(task is Task.RANK and work.one),
            place=breadth.place if task is Task.RANK else 0,
            beside=work.beside,
            bounds=bounds or (),
            run=breadth.run,
            turn=breadth.turn if task is Task.WHEN else None,
            sided=breadth.sided,
            turned=breadth.turned,
            counted=breadth.counted,
            topic=(*page.said, *rest.qualifiers),
            figure=figure,
            everyone=(work.everyone or task in {Task.RANK, Task.TOTAL}) and not named,
            unknown=rest.unknown,
            unclear=(unclear or self._whose(task, asked, read)) if not rest.unknown else (),
            beyond=read.away,
            assumptions=tuple(page.notes) if task is not Task.TEXT else (),
        )
        return page, rest, inquiry


def _settled(
    work: Work,
    named: Sequence[Named],
    stated: Sequence[Stated],
    asked: Sequence[Company],
    rest: Rest,
    breadth: Breadth,
) -> Work:
    """Return a comparison as what it can be: with nothing to compare it is for text."""
    if work.task is Task.WHETHER and len(stated) > 1 and not _is_later_first(stated):
        moved = work.metrics[0] != base_of(work.metrics[0])
        fit = moved and len({s.period for s in stated}) == 2
        return work if fit else replace(work, task=Task.TEXT)
    if work.task is not Task.COMPARE or len(work.metrics) > 1:
        return work
    if not named and not rest.unknown and (len(stated) < 2 or not breadth.turn):
        # "哪家公司营收最高" is asked of the whole library.
        return replace(work, task=Task.RANK if breadth.fold is None else Task.TEXT)
    if len(asked) > 1 and not _one_date(work, stated):
        return replace(work, task=Task.LOOKUP)  # Who is ahead may differ from date to date.
    if len(asked) + len(rest.unknown) < 2 and len(stated) < 2 and breadth.turn is None:
        return replace(work, task=Task.TEXT)  # There is nothing to hold it against.
    return work


def _one_date(work: Work, stated: Sequence[Stated]) -> bool:
    """Tell whether a comparison is for one date: a growth may name the year that it is from."""
    periods = list(dict.fromkeys(s.period for s in stated))
    grows = work.metrics[0] != base_of(work.metrics[0])
    return len(periods) < 2 or (grows and _is_later_first(stated))


def _is_later_first(stated: Sequence[Stated]) -> bool:
    """Tell "2024年比2023年高": of two years in a row the first named is what is asked about."""
    periods = tuple(dict.fromkeys(s.period for s in stated))
    return len(periods) == 2 and periods[1] == year_before(periods[0])


def _to_come(
    page: Page, stated: Sequence[Stated], today: date, ontology: Ontology
) -> Beyond | None:
    """Return that a question is for what will be of a period that is not over."""
    if not stated or ontology.phrases.planned.search(page.rest):
        return None
    running = all(one.period.end > today for one in stated) and _WILL.search(page.rest)
    return Beyond.PREDICTION if running else None


def _part(page: Page, stated: Sequence[Stated], ontology: Ontology) -> Months | None:
    """Return the part of a year that is named without its year, if no period is named.

    "第四季度环比第三季度" names what the change is from, and says nothing new.
    """
    found = find_part(page.rest)
    if found is None:
        return None
    start, end, months = found
    quarterly = ontology.phrases.quarter_on_quarter.search(page.rest) is not None
    follows = any(s.period.start and s.period.start.month - 1 == months[1] for s in stated)
    if not stated or (quarterly and follows):
        page.take(start, end)
    return months if not stated else None


def _unclear(page: Page, ontology: Ontology) -> tuple[Unclear, ...]:
    """Return what must be asked back of the measure: a word that several go by."""
    if ontology.phrases.text.search(page.rest) is not None:
        return ()
    found = find_unclear(page, ontology)
    return (found,) if found is not None else ()


def _consolidation(page: Page, ontology: Ontology) -> Consolidation:
    parent, group = ontology.phrases.parent, ontology.phrases.consolidated
    for pattern, scope in ((parent, Consolidation.PARENT), (group, Consolidation.CONSOLIDATED)):
        if (m := pattern.search(page.rest)) is not None:
            page.take(m.start(), m.end())
            return scope
    page.note("consolidated")
    return Consolidation.CONSOLIDATED


def _span(breadth: Breadth, work: Work, stated: Sequence[Stated], *, single: bool) -> Span | None:
    """Return the periods to be counted back: a trend without any is over all years there are."""
    if breadth.span is not None or work.task in {Task.RANK, Task.TOTAL}:
        years = breadth.fold is Fold.RANGE and single and not stated
        return Span(0) if years and breadth.span is None else breadth.span
    if work.task is Task.STREAK:
        return Span(0, breadth.streak or Step.YEAR)
    along = work.task in {Task.COMPARE, Task.WHEN} and breadth.turn is not None
    if along and len(stated) < (2 if breadth.step is Step.QUARTER else 1):
        return Span(0, breadth.step)
    trend = work.task is Task.SERIES and (breadth.series or not work.everyone)
    return Span(0) if trend and not stated else None


def _companies(
    page: Page, named: Sequence[Named], library: Sequence[Company], work: Work, rest: Rest
) -> tuple[Company, ...]:
    for one in named:
        if one.loose:
            page.note("loose", said=one.said, name=one.company.called(page.text))
    found = {one.company.code: one.company for one in named}
    if found or rest.unknown:
        return tuple(found.values())
    among = work.task in {Task.COMPARE, Task.RANK} or work.everyone
    if among or (work.task is Task.TOTAL and len(library) > 1):
        return tuple(library)
    if len(library) == 1 and work.task is not Task.TEXT:
        page.note("only", name=library[0].name)
        return tuple(library)
    return ()


def _periods(
    page: Page, stated: Sequence[Stated], metrics: tuple[str, ...], task: Task, ontology: Ontology
) -> tuple[Period, ...]:
    """Return the periods in the form the measures have, the later first for a growth."""
    periods = list(dict.fromkeys(s.period for s in stated))
    if task in _OVER_YEARS and spans(page.text, stated):
        periods = [full_year(y) for y in range(periods[0].end.year, periods[1].end.year + 1)]
    kinds = {is_instant(name, ontology) for name in metrics}
    if task is not Task.TEXT and len(kinds) == 1 and metrics:
        for period in periods:
            _note_reading(page, period, kinds == {True})
        periods = list(dict.fromkeys(fitted(p, metrics[0], ontology) for p in periods))
    if task is Task.WHETHER:
        later = sorted(periods, key=lambda p: p.end, reverse=True)
        adjacent = len(later) == 2 and year_before(later[0]) == later[1]
        return tuple(later[:1] if adjacent or len(later) < 2 else later)
    if task is Task.GROWTH:
        periods.sort(key=lambda p: p.end, reverse=True)
    return tuple(periods)


def _note_reading(page: Page, period: Period, instant: bool) -> None:
    if not instant and period.is_instant:
        page.note("to_date", end=period.end.isoformat())
    if not instant and is_quarter(period) and period.end.month == 9:
        page.note("quarter")
