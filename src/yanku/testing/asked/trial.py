"""Asks made-up questions of facts in memory and judges the answers, without a library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from yanku.finance.agreement import Sourced
from yanku.finance.compute import settle, wanted
from yanku.finance.inquiry import understand
from yanku.finance.names import known_as, merged
from yanku.finance.ontology import Ontology
from yanku.model.finance import Company, Consolidation
from yanku.model.inquiry import Finding, Inquiry, Missing, Task
from yanku.testing.asked.phrasings import Key, Known, Phrased, Wanted

_NEAR = Decimal("0.0001")


class Verdict(StrEnum):
    """How an answer is."""

    RIGHT = "right"
    WRONG = "wrong"
    DECLINED = "declined"


class Trial:
    """Facts of several documents, and questions asked of them by rules alone."""

    def __init__(
        self,
        companies: Sequence[Company],
        sourced: Sequence[Sourced],
        ontology: Ontology,
        today: date,
    ) -> None:
        self._companies = companies
        self._ontology = ontology
        self._today = today
        self._merged = merged(companies)
        self._codes = {name: c.code for c in self._merged for name in known_as(c)}
        self._of: dict[str, list[Sourced]] = defaultdict(list)
        for fact, entry in sourced:
            self._of[fact.company.code].append((fact, entry))

    def known(self) -> Known:
        """Return the figures that the reports on the periods themselves give, and agree on."""
        values: dict[Key, set[tuple[Decimal, str]]] = defaultdict(set)
        for fact, entry in (sourced for group in self._of.values() for sourced in group):
            own = entry.profile.period is not None and entry.profile.period.end == fact.period.end
            metric = self._ontology.metrics.get(fact.metric)
            code = self._codes.get(fact.company.code)
            told = metric is not None and not metric.printed_only
            if own and code and told and fact.consolidation is Consolidation.CONSOLIDATED:
                key = Key(code, fact.metric, fact.period)
                values[key].add((fact.amount.value, fact.amount.unit))
        sure = {key: next(iter(found)) for key, found in values.items() if len(found) == 1}
        return Known(
            self._merged,
            {key: value for key, (value, _) in sure.items()},
            {key: unit for key, (_, unit) in sure.items()},
            self._ontology,
        )

    def ask(self, question: str) -> tuple[Inquiry, Finding | Missing | None]:
        """Return how a question is understood, and what the facts say; None if it is not theirs."""
        inquiry = understand(question, self._companies, self._ontology, self._today)
        aside = inquiry.beyond is not None or inquiry.unclear or inquiry.unknown
        if aside or inquiry.task is Task.TEXT:
            return inquiry, None
        query = wanted(inquiry, self._ontology)
        given = [
            (fact, entry)
            for company in query.companies
            for fact, entry in self._of.get(company, ())
            if (not query.metrics or fact.metric in query.metrics)
            and (not query.period_ends or fact.period.end in query.period_ends)
            and fact.consolidation.value == query.consolidation
        ]
        return inquiry, settle(inquiry, given, self._ontology)

    def judge(self, phrased: Phrased) -> Verdict:
        """Tell whether a made-up question gets its answer."""
        _, found = self.ask(phrased.question)
        if not isinstance(found, Finding):
            return Verdict.DECLINED
        right = self._is_right(phrased.wanted, found)
        return Verdict.RIGHT if right else Verdict.WRONG

    def _is_right(self, wanted: Wanted, found: Finding) -> bool:
        if wanted.names:
            said = {self._codes.get(name) for name in (found.choice or "").split("、")}
            return said == set(wanted.names)
        if wanted.value is None or found.amount is None or found.amount.unit != wanted.unit:
            return False
        return abs(found.amount.value - wanted.value) <= abs(wanted.value) * _NEAR + _NEAR
