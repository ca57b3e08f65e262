"""Hits chosen as evidence: nothing twice, a share for every company and period, within a budget."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import zip_longest
from typing import TypeVar

from yanku.model.finance import Period
from yanku.model.search import Hit

T = TypeVar("T")

_PARENT = "母公司"
"""In a chunk's context: figures of the parent alone, which may look like the group's."""

Subject = tuple[str, Period | None]
"""Whom and when a hit speaks of: company code and period."""


def distinct(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the hits without those whose every line was said by better ones before them.

    Only equal lines of the same company, period and scope of consolidation count as said: two
    rows that differ in one digit are two pieces of evidence.
    """
    kept: list[Hit] = []
    said: dict[tuple[Subject, bool], set[str]] = {}
    for hit in hits:
        lines = {"".join(line.split()) for line in hit.chunk.text.splitlines()}
        before = said.setdefault((_speaker(hit), _PARENT in hit.chunk.context), set())
        if not lines <= before:
            kept.append(hit)
            before |= lines
    return tuple(kept)


def balanced(hits: Iterable[Hit], limit: int, most_each: int | None = None) -> tuple[Hit, ...]:
    """Return at most ``limit`` hits, each company and period in turn with its best.

    ``most_each`` is the most any of them gets. With one company and period the order is kept.
    """
    queues: dict[Subject, list[Hit]] = {}
    for hit in hits:
        queues.setdefault(subject(hit), []).append(hit)
    rounds = zip_longest(*(queue[:most_each] for queue in queues.values()))
    return tuple(hit for turn in rounds for hit in turn if hit is not None)[:limit]


async def fitting(
    found: Sequence[T], budget: int, count: Callable[[T], Awaitable[int]]
) -> tuple[T, ...]:
    """Return what was found, best first, whose counted sizes together stay within the budget.

    What is too large for what is left is passed over, and smaller ones after it may still fit.
    """
    kept: list[T] = []
    for one in found:
        if budget <= 0:
            break
        cost = await count(one)
        if cost <= budget:
            kept.append(one)
            budget -= cost
    return tuple(kept)


def subject(hit: Hit) -> Subject:
    """Return whom and when a hit speaks of; a document that does not say stands for itself."""
    company = hit.profile.company
    return company.code if company else f"document:{hit.chunk.document}", hit.profile.period


def _speaker(hit: Hit) -> Subject:
    company, period = subject(hit)
    return (company, period) if hit.profile.company else (f"file:{hit.file}", period)
