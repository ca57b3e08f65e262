"""Says which facts an inquiry needs, comparatives and averages included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from yanku.finance.agreement import Sourced
from yanku.finance.identities import laws_leaving_out
from yanku.finance.measures import base_of, fitted
from yanku.finance.names import known_as
from yanku.finance.ontology import Metric, Ontology
from yanku.finance.periods import (
    is_quarter_end,
    month_end,
    opening,
    quarter_before,
    year_before,
    year_to_date,
)
from yanku.model.finance import Period
from yanku.model.inquiry import Inquiry
from yanku.ports import FactQuery

WITNESSES = frozenset({"total_assets", "operating_revenue", "net_profit_attributable"})
"""Printed in nearly every report: they tell that one on the period is here, whatever it lacks."""


def wanted(inquiry: Inquiry, ontology: Ontology) -> FactQuery:
    """Return the conditions on the facts that settle an inquiry.

    Comparatives count: the periods before are wanted too. Without a period, or with some to be
    counted back, none is set, and settle takes the latest.
    """
    ontology = own_formula(inquiry, ontology)
    every = (*inquiry.metrics, *inquiry.beside)
    metrics = {name for asked in every for name in _metrics_of(asked, ontology)}
    ends = {
        end
        for asked in every
        for period in (inquiry.periods if inquiry.span is None and inquiry.run is None else ())
        for end in _ends(fitted(period, base_of(asked), ontology))
    }
    return FactQuery(
        companies=frozenset().union(*(known_as(company) for company in inquiry.companies)),
        metrics=frozenset(metrics) | (WITNESSES if metrics and inquiry.periods else frozenset()),
        period_ends=frozenset(ends),
        consolidation=inquiry.consolidation.value,
    )


def own_formula(inquiry: Inquiry, ontology: Ontology) -> Ontology:
    """Return the ontology with the formula that a question gives for what it asks for."""
    if not inquiry.formula:
        return ontology
    return ontology.redefined(base_of(inquiry.metrics[0]), inquiry.formula)


def periods_of(facts: Sequence[Sourced]) -> list[Period]:
    """Return the periods that facts are of, the latest first; of equal ends the longer first."""
    periods = {fact.period for fact, _ in facts}
    return sorted(periods, key=lambda p: (-p.end.toordinal(), (p.start or p.end).toordinal()))


def _metrics_of(asked: str, ontology: Ontology) -> Iterator[str]:
    measure = ontology.measure(base_of(asked))
    if isinstance(measure, Metric):
        yield measure.id
    else:
        yield from measure.operands
        yield from (name for other in measure.others for name in other.operands)
        for name in measure.nil:
            yield from (law.total for law in laws_leaving_out(name))
        if measure.printed:
            yield measure.printed


def _ends(period: Period) -> Iterator[date]:
    """Yield the period ends that a value, its change or its average may need."""
    before = [year_before(period), quarter_before(period)]
    for one in (period, *(p for p in before if p is not None)):
        yield one.end
        yield opening(year_to_date(one.end)).end
        if one.start is not None:
            yield one.start - timedelta(days=1)
    if is_quarter_end(period.end):
        # A company's own year may begin in any month, and so may its quarters.
        # and its name may be behind the year that it ends in.
        for year in range(period.end.year - 2, period.end.year + 2):
            yield from _fiscal_ends(year)


def _fiscal_ends(year: int) -> Iterator[date]:
    """Yield the days on which a company's year or quarter may end that it calls by the calendar's.

    One of 12, 13, 52 or 53 weeks ends up to a week before or after the end of a month.
    """
    for month in range(1, 13):
        last = month_end(year, month)
        yield from (last + timedelta(days=n) for n in range(-6, 8))
