"""Picks the facts that bear on an inquiry, in the order in which they are worth showing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from yanku.finance.agreement import Sourced
from yanku.finance.measures import CHANGE, COMPOUND, GROWTH, QUARTERLY, base_of, fitted
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import quarter_before, year_before
from yanku.model.finance import Fact, Period, Statement
from yanku.model.inquiry import Inquiry
from yanku.model.library import Entry

Figure = tuple[str, str, Period]
"""Company code, metric, period."""


def bearing(inquiry: Inquiry, sourced: Sequence[Sourced], ontology: Ontology) -> list[Sourced]:
    """Return the facts on the figures an inquiry asks for: each figure's best first, in turn.

    A figure is best where its own report prints it, then where a later one repeats it; summaries
    come before statements, which say more than is asked.
    """
    periods = figures_of(inquiry, ontology)
    groups: dict[Figure, list[Sourced]] = {}
    for fact, entry in sourced:
        if not periods or (fact.metric, fact.period) in periods:
            figure = (fact.company.code, fact.metric, fact.period)
            groups.setdefault(figure, []).append((fact, entry))
    if not periods:
        groups = _latest(groups)
    queues = [sorted(group, key=lambda item: _rank(*item)) for group in groups.values()]
    return [item for turn in zip_longest(*queues) for item in turn if item is not None]


def figures_of(inquiry: Inquiry, ontology: Ontology) -> set[tuple[str, Period]]:
    """Return each metric with each period it is asked for, or held against."""
    found: set[tuple[str, Period]] = set()
    for asked in inquiry.metrics:
        measure = ontology.measure(base_of(asked))
        metrics = [measure.id] if isinstance(measure, Metric) else [*measure.operands]
        if not isinstance(measure, Metric) and measure.printed:
            metrics.append(measure.printed)
        for metric in metrics:
            for period in inquiry.periods:
                at = fitted(period, metric, ontology)
                found.add((metric, at))
                if (before := _before(asked, at)) is not None and len(inquiry.periods) == 1:
                    found.add((metric, before))
    return found


def _before(asked: str, period: Period) -> Period | None:
    if asked.endswith(QUARTERLY):
        return quarter_before(period)
    return year_before(period) if asked.endswith((GROWTH, CHANGE, COMPOUND)) else None


def _latest(groups: dict[Figure, list[Sourced]]) -> dict[Figure, list[Sourced]]:
    ends = {key[:2]: max(k[2].end for k in groups if k[:2] == key[:2]) for key in groups}
    return {key: group for key, group in groups.items() if key[2].end == ends[key[:2]]}


def _rank(fact: Fact, entry: Entry) -> tuple[int, bool, bool]:
    own = entry.profile.period.end if entry.profile.period else fact.period.end
    late = max((own - fact.period.end).days, 0)
    summary = fact.statement is Statement.KEY_INDICATORS
    return late, entry.profile.abstract, not summary
