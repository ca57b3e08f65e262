"""Pairs each company of a question with the period that is named beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yanku.finance.dates import Stated
from yanku.finance.measures import fitted
from yanku.finance.names import Named
from yanku.finance.ontology import Ontology
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Task

_PAIRED = frozenset({Task.LOOKUP, Task.RATIO, Task.COMPARE, Task.DIFFERENCE, Task.MULTIPLE})
"""Tasks in which each company may have a period of its own."""
Pairs = tuple[tuple[Company, Period], ...]


def pairs_of(named: Sequence[Named], stated: Sequence[Stated]) -> Pairs:
    """Return companies with the periods beside them: A公司2024年 against B公司2023年.

    Empty unless names and periods take turns in the whole question, and not all of the periods
    are the same: "A公司和B公司2023年、2024年" pairs nobody with a year.
    """
    companies = {one.company.code for one in named}
    if len(named) < 2 or len(companies) != len(named) or len(stated) != len(named):
        return ()
    if len({one.period for one in stated}) < 2:
        return ()
    both: list[Named | Stated] = [*named, *stated]
    order = sorted(both, key=lambda one: one.start)
    if any(type(one) is type(other) for one, other in pairwise(order)):
        return ()
    return tuple((who.company, when.period) for who, when in zip(named, stated, strict=True))


def fitted_pairs(pairs: Pairs, metrics: Sequence[str], task: Task, ontology: Ontology) -> Pairs:
    """Return the pairs with the periods in the form that the measure has; none for other work."""
    if task not in _PAIRED or not metrics:
        return ()
    return tuple((company, fitted(period, metrics[0], ontology)) for company, period in pairs)
