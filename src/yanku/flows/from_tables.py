"""Answers from the tables and sentences that a search finds, where facts lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.answer.cells import told_by_tables
from yanku.answer.evidence import lines_of
from yanku.answer.inwords import told_in_words
from yanku.answer.parts import titles_of, told_by_parts
from yanku.answer.splits import PartAsked, part_asked
from yanku.answer.worked import asks_for_one, asks_for_work, worked_out
from yanku.finance.dates import find_periods, periods_in
from yanku.finance.labels import plain
from yanku.finance.meant import own_names
from yanku.finance.measures import base_of, called
from yanku.finance.names import known_as
from yanku.finance.periods import ways_to_write
from yanku.finance.unnamed import without_names
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.told import Told
from yanku.model.finance import Consolidation, Period
from yanku.model.inquiry import Task
from yanku.model.search import Hit
from yanku.ports import FactQuery

_REVENUE = frozenset({"operating_revenue"})
_CANDIDATES = 30
"""Hits looked at for those that speak of what is asked about."""


class FromTables:
    """Finds the one row, cell or sentence that gives a figure, or none."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def told(self, case: Case) -> Told | None:
        """Return what tables say of a part of a company, or the one cell that a question means."""
        inquiry, words = case.inquiry, self._with.tokens.of
        asked = part_asked(inquiry, without_names(inquiry.question, inquiry.companies))
        titles = titles_of(asked) if asked is not None else ()
        one = asks_for_one(inquiry, words)
        cell = one or asks_for_work(inquiry, words)
        if asked is None and not cell:
            return None
        hits = await self._hits(case, titles)
        if asked is not None and (told := await self._of_part(case, asked, hits)) is not None:
            return told
        if not cell:
            return None
        return self._of_cell(case, await self._hits(case) if titles else hits, one=one)

    async def _hits(self, case: Case, also: Sequence[str] = ()) -> tuple[Hit, ...]:
        search = await self._with.find.evidence(
            case.inquiry, scope=case.scope, limit=_CANDIDATES, later=True, also=also
        )
        return search.hits

    async def _of_part(self, case: Case, asked: PartAsked, hits: tuple[Hit, ...]) -> Told | None:
        """Return what the table that splits a company's figures says of one of its parts."""
        revenue = await self._revenue(case) if asked.kind else {}
        lines = lines_of(hits)
        answer = told_by_parts(case.inquiry, asked, lines, periods_in, plain, revenue)
        return Told(answer, hits) if answer is not None else None

    async def _revenue(self, case: Case) -> dict[Period, Decimal]:
        """Return the revenue of the one company asked about, by period, where it is agreed."""
        [company, *others] = case.inquiry.companies
        if others:
            return {}
        query = FactQuery(
            companies=known_as(company),
            metrics=_REVENUE,
            consolidation=Consolidation.CONSOLIDATED.value,
        )
        said: dict[Period, set[Decimal]] = {}
        for fact, _ in await self._with.facts.facts(query, scope=case.scope):
            said.setdefault(fact.period, set()).add(fact.amount.value)
        return {period: values.pop() for period, values in said.items() if len(values) == 1}

    def _of_cell(self, case: Case, hits: tuple[Hit, ...], *, one: bool) -> Told | None:
        """Return the one cell of a table that a question describes, or what is worked out of
        several; None if there are none such.
        """
        inquiry = case.inquiry
        base = base_of(inquiry.metrics[0]) if inquiry.metrics else ""
        unit = self._with.ontology.measure(base).unit if base else ""
        lines, words = lines_of(hits), self._with.tokens.of
        answer = told_by_tables(inquiry, lines, words, periods_in, unit=unit) if one else None
        answer = answer or worked_out(inquiry, lines, words)
        return Told(answer, hits) if answer is not None else None

    async def in_words(self, case: Case) -> Told | None:
        """Return the figure that sentences give for a measure and a period, if they agree."""
        inquiry, ontology = case.inquiry, self._with.ontology
        if inquiry.task not in {Task.LOOKUP, Task.RATIO} or len(inquiry.metrics) != 1:
            return None
        # Notes are of no period: what they are searched by is their company, and how they write it.
        search = await self._with.find.evidence(
            replace(inquiry, periods=()),
            scope=case.scope,
            limit=_CANDIDATES,
            also=[way for period in inquiry.periods for way in ways_to_write(period)],
        )
        [name] = inquiry.metrics
        told = told_in_words(
            inquiry,
            lines_of(search.hits),
            lambda text: [(s.start, s.end, s.period) for s in find_periods(text)],
            own_names(base_of(name), inquiry.companies, ontology),
            unit=ontology.measure(base_of(name)).unit,
            called=called(name, inquiry.language, ontology),
            plain=plain,
        )
        return Told(told, search.hits) if told is not None else None
