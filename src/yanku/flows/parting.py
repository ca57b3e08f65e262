"""The story of a part: what is asked of a segment, to the report whose sums prove the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.answer.parting import told_of_parts
from yanku.answer.wording import period_worded
from yanku.finance.breakdown import OTHERS, SALES, breakdowns_of
from yanku.finance.fiscal import is_called
from yanku.finance.labels import plain
from yanku.finance.names import called_in_texts, known_as
from yanku.finance.parting import asked_of_parts, stem
from yanku.finance.periods import closing
from yanku.finance.picking import Book, IsOf, picked
from yanku.finance.saying import say
from yanku.flows.means import Means
from yanku.flows.memory import Case
from yanku.flows.told import Told
from yanku.model.breakdown import Picked
from yanku.model.document import Document, Table
from yanku.model.finance import Company, Consolidation, Fact, Period, Profile
from yanku.model.inquiry import Inquiry
from yanku.model.library import DocumentId, Entry
from yanku.ports import FactQuery

_MOST = 3
"""Reports looked through for one question."""
_OFTEN = 3
_WORD = re.compile(r"[a-z0-9]+")


class ByParts:
    """Answers questions for segments, regions and products of one company."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def told(self, case: Case) -> Told | None:
        """Return the answer; None where a question asks nothing of parts, or no report proves it.

        Reports on the period asked for are looked through first, then those that repeat it.
        """
        inquiry = case.inquiry
        asked = asked_of_parts(inquiry, self._with.ontology.phrases.filler)
        if asked is None or len(inquiry.companies) != 1:
            return None
        company = inquiry.companies[0]
        for entry, facts in await self._reports(case, company):
            document = await self._with.library.parsed(entry.id, scope=case.scope)
            book = _book(company, document, facts)
            pick = picked(asked, book, inquiry.question, _periods(inquiry.periods, entry))
            answer = told_of_parts(inquiry, _noted(inquiry, pick), entry) if pick else None
            if answer is not None:
                return Told(answer, (), (entry.id,))
        return None

    async def _reports(self, case: Case, company: Company) -> list[tuple[Entry, list[Fact]]]:
        """Return the reports that have figures of a period asked for, the nearest to it first."""
        query = FactQuery(
            companies=known_as(company),
            metrics=SALES | OTHERS,
            consolidation=Consolidation.CONSOLIDATED.value,
        )
        entries: dict[DocumentId, Entry] = {}
        facts: dict[DocumentId, list[Fact]] = {}
        for fact, entry in await self._with.facts.facts(query, scope=case.scope):
            entries[entry.id] = entry
            facts.setdefault(entry.id, []).append(fact)
        asked = case.inquiry.periods
        having = [
            id_
            for id_, found in facts.items()
            if not asked
            or any(_is(fact.period, one, entries[id_].profile) for fact in found for one in asked)
        ]
        order = sorted(having, key=lambda id_: _distance(entries[id_].profile, asked))
        return [(entries[id_], facts[id_]) for id_ in order[:_MOST]]


def _book(company: Company, document: Document, facts: Sequence[Fact]) -> Book:
    names = (company.name, *called_in_texts(company))
    words = dict.fromkeys(stem(w) for name in names for w in _WORD.findall(name.lower()))
    return Book(
        breakdowns_of(document, facts), tuple(words), _apart(facts), lambda t: _calls(document, t)
    )


def _apart(facts: Sequence[Fact]) -> frozenset[Period]:
    """Return the periods for which net sales are printed beside another sum of all revenue."""
    said: dict[Period, set[Decimal]] = {}
    for fact in facts:
        if fact.metric in SALES:
            said.setdefault(fact.period, set()).add(fact.amount.value)
    net = {fact.period for fact in facts if fact.metric == "net_sales"}
    return frozenset(period for period in net if len(said[period]) > 1)


def _calls(document: Document, said: str) -> bool:
    """Tell whether a document says a name again and again."""
    texts = (plain(block.text) for block in document.body if not isinstance(block, Table))
    return sum(text.count(said) for text in texts) >= _OFTEN


def _noted(inquiry: Inquiry, pick: Picked) -> Picked:
    """Return what was picked with the defaults taken: the latest year, and sales."""
    notes = []
    if not inquiry.periods:
        when = period_worded(pick.now.period, inquiry.language)
        notes.append(say("latest", inquiry.language, when=when))
    if not pick.asked.said:
        notes.append(say("by_sales", inquiry.language))
    return replace(pick, notes=tuple(notes))


def _is(own: Period, asked: Period, profile: Profile) -> bool:
    """Tell whether a period of a report is one asked for; a balance is that of the period's end."""
    if own.is_instant and not asked.is_instant:
        asked = closing(asked)
    return own == asked or is_called(own, asked, profile)


def _periods(periods: Sequence[Period], entry: Entry) -> list[IsOf]:
    def of(one: Period) -> IsOf:
        return lambda own: _is(own, one, entry.profile)

    return [of(one) for one in periods]


def _distance(profile: Profile, asked: Sequence[Period]) -> tuple[int, int]:
    """Return how far a report's own period is from what is asked; the latest first without."""
    own = profile.period
    if own is None:
        return (2, 0)
    if not asked:
        return (0, -own.end.toordinal())
    last = max(asked, key=lambda one: one.end)
    return (0, 0) if _is(own, last, profile) else (1, abs((own.end - last.end).days))
