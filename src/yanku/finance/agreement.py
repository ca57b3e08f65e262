"""Holds figures that are said more than once against one another: in one document, and in many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.model.finance import CONFIRMED, REPEATED, STATEMENTS, Check, Fact
from yanku.model.library import Entry

Sourced = tuple[Fact, Entry]

_BASIS = re.compile(r"(?:调整|重述|追溯)([前后])|(before) (?:adjust|restat)|as (previously)")


def agree(one: Fact, other: Fact) -> bool:
    """Tell whether two facts say the same, one of them perhaps rounded to a coarser unit."""
    a, b = one.amount.value, other.amount.value
    if one.amount.unit != other.amount.unit:
        return False
    step = max(rounding(a), rounding(b))
    return abs(a - b) <= step / 2 if step > 1 else a == b


def rounding(value: Decimal) -> Decimal:
    """Return the unit a figure may be rounded to: 123,450,000 may be 1.2345 亿元.

    Never more than a hundredth of the figure itself: 100 is not "any number to 150".
    """
    step = Decimal(1)
    while step < 10**8 and value and value % (step * 10) == 0 and step * 1000 <= abs(value):
        step *= 10
    return step


def repeated(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts of one document; those that another of its tables prints have a check of it.

    Where a list of indicators differs from a statement, the list is in doubt: statements have laws
    of their own.
    """
    groups: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_figure(fact)].append(fact)
    return [_with(fact, _elsewhere(fact, groups[_figure(fact)])) for fact in facts]


def compared(sourced: Sequence[Sourced]) -> list[Sourced]:
    """Return facts of several documents; those that another document states have a check of it.

    It fails only between documents on the same period, as an abstract and its report: a later
    report may restate an earlier figure, and then both are right.
    """
    groups: dict[Hashable, list[Sourced]] = defaultdict(list)
    for fact, entry in sourced:
        groups[_figure(fact)].append((fact, entry))
    return [
        (_with(fact, _in_others(fact, entry, groups[_figure(fact)])), entry)
        for fact, entry in sourced
    ]


def differing(fact: Fact, entry: Entry, sourced: Iterable[Sourced]) -> list[Sourced]:
    """Return what other documents state for the same figure and with another value."""
    return [
        (other, source)
        for other, source in sourced
        if source.id != entry.id and _figure(other) == _figure(fact) and not agree(fact, other)
    ]


def with_rivals(sourced: Sequence[Sourced]) -> Iterator[tuple[Fact, Entry, list[Sourced]]]:
    """Yield each fact with what other documents state otherwise for the same figure."""
    groups: dict[Hashable, list[Sourced]] = defaultdict(list)
    for fact, entry in sourced:
        groups[_figure(fact)].append((fact, entry))
    for fact, entry in sourced:
        yield fact, entry, differing(fact, entry, groups[_figure(fact)])


def _figure(fact: Fact) -> Hashable:
    return (fact.company.code, fact.metric, fact.period, fact.consolidation)


def _with(fact: Fact, check: Check | None) -> Fact:
    if check is None or check in fact.checks:
        return fact
    return replace(fact, checks=(*fact.checks, check))


def _elsewhere(fact: Fact, group: Sequence[Fact]) -> Check | None:
    others = [
        other
        for other in group
        if other.place != fact.place and is_original(other) == is_original(fact)
    ]
    if any(agree(fact, other) for other in others):
        return Check(REPEATED, passed=True)
    listed = fact.statement not in STATEMENTS
    stronger = [other for other in others if listed or other.statement in STATEMENTS]
    return Check(REPEATED, passed=False) if stronger else None


def is_original(fact: Fact) -> bool:
    """Tell a figure printed as it was before a restatement (调整前).

    What a header says last counts: "2022年 调整后 调整前" is the second column of a year.
    """
    said = _BASIS.findall(fact.column)
    return bool(said) and said[-1][0] != "后"


def _in_others(fact: Fact, entry: Entry, group: Sequence[Sourced]) -> Check | None:
    others = [(other, source) for other, source in group if source.id != entry.id]
    if any(agree(fact, other) for other, _ in others):
        return Check(CONFIRMED, passed=True)
    if is_original(fact) or fact.restated:
        return None
    rivals = [o for o, source in others if not is_original(o) and _same_report(entry, source)]
    return Check(CONFIRMED, passed=False) if rivals else None


def _same_report(one: Entry, other: Entry) -> bool:
    """Tell documents on the same period, of which the other may be right instead.

    Neither corrects the other later, and an abstract is no witness against the report it is of.
    """
    a, b = one.profile, other.profile
    if a.period is None or b.period is None or a.period.end != b.period.end:
        return False
    if b.abstract and not a.abstract:
        return False
    return a.published == b.published or a.published is None or b.published is None
