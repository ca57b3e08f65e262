"""Says which measure is told, by its own name, where the one asked for is not disclosed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yanku.finance.agreement import Sourced
from yanku.finance.measures import base_of, called
from yanku.finance.ontology import Ontology
from yanku.finance.saying import say
from yanku.model.finance import Consolidation
from yanku.model.inquiry import Inquiry, Task

_NEXT = {
    "net_profit": "net_profit_attributable",
    "net_margin": "attributable_net_margin",
}
"""What abstracts and lists of indicators print of the profit: the part of the shareholders. Who
says 净利润 of a listed company mostly means it."""


_LOOSE = {"net_profit_attributable": "net_profit"}
"""Who only says 赚了 or 亏了 means either; so it is the other way round too."""
_ATTRIBUTABLE = re.compile(r"归母|归属|attributable", re.IGNORECASE)
_LINE = {"net_margin": "net_profit", "attributable_net_margin": "net_profit_attributable"}


def instead(inquiry: Inquiry, ontology: Ontology) -> Inquiry | None:
    """Return the inquiry for what may be told in place of what it asks for; None if nothing may.

    Who asks for both measures, or for the company's own statements, tells them apart.
    """
    bases = {base_of(name) for name in (*inquiry.metrics, *inquiry.beside)}
    following = _NEXT if bases & _NEXT.keys() else _LOOSE
    if following is _LOOSE and _ATTRIBUTABLE.search(inquiry.question):
        return None
    if inquiry.consolidation is Consolidation.PARENT or inquiry.formula:
        return None
    if bases & set(following.values()) or not bases & following.keys():
        return None
    key = "instead_among" if _is_wide(inquiry) else "instead"
    notes = tuple(
        say(
            key,
            inquiry.language,
            asked=called(name, inquiry.language, ontology),
            told=called(following[name], inquiry.language, ontology),
        )
        for name in following
        if name in bases
    )
    return replace(
        inquiry,
        metrics=tuple(_next(name, following) for name in inquiry.metrics),
        beside=tuple(_next(name, following) for name in inquiry.beside),
        assumptions=(*inquiry.assumptions, *notes),
    )


def disclose_more(
    facts: Sequence[Sourced], others: Sequence[Sourced], inquiry: Inquiry, told: Inquiry
) -> bool:
    """Tell whether more companies disclose the next measure, where a whole library is asked.

    The few of them in the order of another would pass for all.
    """
    return _is_wide(inquiry) and _count(others, told) > _count(facts, inquiry)


def _count(facts: Sequence[Sourced], inquiry: Inquiry) -> int:
    """Return how many companies disclose all that is asked for."""
    ends = {period.end for period in inquiry.periods}
    lines = {_LINE.get(base_of(name), base_of(name)) for name in inquiry.metrics}
    held: dict[str, set[str]] = defaultdict(set)
    for fact, _ in facts:
        if fact.metric in lines and (not ends or fact.period.end in ends):
            held[fact.company.code].add(fact.metric)
    most = max(map(len, held.values()), default=0)
    return sum(1 for metrics in held.values() if len(metrics) == most)


def _is_wide(inquiry: Inquiry) -> bool:
    return inquiry.task is Task.RANK and inquiry.everyone


def _next(name: str, following: Mapping[str, str]) -> str:
    base = base_of(name)
    return following.get(base, base) + name[len(base) :]
