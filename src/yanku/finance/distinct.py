"""Tells facts of a document that say one thing from those that contradict one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from yanku.finance.agreement import is_original
from yanku.model.finance import STATEMENTS, Consolidation, Fact, Period
from yanku.model.place import OnPage

Key = tuple[str, Period, Consolidation, bool]
"""Measure, period, whose figure, and whether it is restated."""


def key_of(fact: Fact) -> Key:
    """Return what a fact is a figure of."""
    return (fact.metric, fact.period, fact.consolidation, fact.restated)


def undisputed(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts of a row without those that two of its columns state differently.

    A header that was misread gives two columns one period, and nobody knows which of them lies.
    """
    said: dict[Key, set[Decimal]] = defaultdict(set)
    for fact in facts:
        if not is_original(fact):
            said[key_of(fact)].add(fact.amount.value)
    return [fact for fact in facts if is_original(fact) or len(said[key_of(fact)]) == 1]


def contradict(facts: Sequence[Fact], run: Mapping[Key, Decimal]) -> bool:
    """Tell whether a table without a title of its own says again, otherwise, what was said.

    Then it is another statement whose title was not recognised, and not the same one continued.
    """
    return any(run.get(key_of(fact), fact.amount.value) != fact.amount.value for fact in facts)


def distinct(facts: Sequence[Fact]) -> list[Fact]:
    """Leave out what the same kind of statement says twice with the same value.

    What stands in the fuller statement stays, for the first may be an extract; of lists the first.
    """
    lines = Counter((f.statement, _page(f)) for f in facts if f.statement in STATEMENTS)
    kept: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        key = (*key_of(fact), fact.statement, fact.amount)
        fuller = lines[fact.statement, _page(fact)]
        if fuller > lines[fact.statement, _page(kept.setdefault(key, fact))]:
            kept[key] = fact
    return list(kept.values())


def _page(fact: Fact) -> int | None:
    return fact.place.page if isinstance(fact.place, OnPage) else None
