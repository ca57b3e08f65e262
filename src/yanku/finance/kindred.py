"""Settles lines that statements word alike: which is the total, and whose the equity is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from yanku.finance.labels import has_han
from yanku.model.amount import Amount
from yanku.model.finance import Fact

_TOTAL = re.compile(r"^\s*total\b", re.IGNORECASE)
_NET = re.compile(r"^\s*net\b|\bnet\s*$|\bnet of\b|\bless\b.*accumulated", re.IGNORECASE)
"""What is left of a cost after depreciation; the cost stands above it in the same words."""
_REVENUES = re.compile(
    r"^\s*total (?:net |operating )*(?:revenues?|sales and revenues?)\b", re.IGNORECASE
)
_REVENUE = re.compile(r"^\s*(?:operating )?revenues?\s*(?:\(|:|$)", re.IGNORECASE)
_SALES = re.compile(r"^\s*(?:total )?(?:net )?sales\s*$", re.IGNORECASE)
"""A part of the revenues that companies tell their margins of: without membership fees."""
_RESTRICTED = re.compile(r"restricted", re.IGNORECASE)
_TREASURY = re.compile(r"treasury", re.IGNORECASE)
_OWNERS = re.compile(r"(?:share|stock)(?:holders|owners)|shareowners", re.IGNORECASE)
_AROUND = {
    "income_tax": ("profit_before_tax", "net_profit"),
    "minority_profit": ("net_profit", "net_profit_attributable"),
}
"""(what a line is taken from, what is left)."""
_CLOSELY = 10
"""Only a sum that comes out to this part of the figure tells its sign: other lines may stand
between (the profits of affiliates)."""
_SAME = (
    ("operating_revenue", "total_operating_revenue"),
    ("cash_and_cash_equivalents_balance", "closing_cash"),
    ("cash_and_cash_equivalents_balance", "monetary_funds"),
    ("dividends_paid", "cash_dividends"),
    ("interest_expense", "finance_interest_expense"),
    ("operating_revenue", "net_sales"),
)
"""(line, what is asked for): the second is the first where a document prints no line of its own."""


def settled(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts of one document in English with each line under the names it answers to.

    American statements print one line where others print two: a total revenue that is the revenue,
    a shareholders' equity that is the whole. Facts of statements in Chinese are left as they are.
    """
    english = [fact for fact in facts if not has_han(fact.label)]
    others = [fact for fact in facts if has_han(fact.label)]
    if not english:
        return list(facts)
    english = list(_totals(list(_revenues(list(map(_named, english))))))
    english = list(_signed(english))
    return [*others, *english, *_also(english)]


def _named(fact: Fact) -> Fact:
    """Return the fact under the metric its label settles: cash that is restricted is another."""
    if fact.metric in {"closing_cash", "opening_cash"} and _RESTRICTED.search(fact.label):
        return replace(fact, metric=f"{fact.metric}_with_restricted")
    return fact


def _revenues(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts with a printed total of revenues as the revenue, and none of its parts.

    A line that calls itself revenue is the revenue, also where a total with other income follows.
    """
    own = {_at(f) for f in facts if f.metric == "operating_revenue" and _REVENUE.match(f.label)}
    totals = {
        _at(fact)
        for fact in facts
        if fact.metric == "total_operating_revenue" and _REVENUES.match(fact.label)
    } - own
    for fact in facts:
        if _at(fact) not in totals:
            yield fact
        elif fact.metric == "total_operating_revenue":
            yield fact
            yield replace(fact, metric="operating_revenue")
        elif fact.metric != "operating_revenue":
            yield fact
        elif _SALES.match(fact.label):
            yield replace(fact, metric="net_sales")


def _at(fact: Fact) -> Hashable:
    return (fact.period, fact.consolidation)


def _totals(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts without parts beside their total in one statement, equity told apart."""
    groups: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_line(fact)].append(fact)
    for fact in facts:
        beside = [f for f in groups[_line(fact)] if f.amount.value != fact.amount.value]
        kept = fact.metric == "share_repurchases" and _TREASURY.search(fact.label)
        if kept and any(not _TREASURY.search(other.label) for other in beside):
            continue  # Shares kept back for taxes, beside those bought back.
        owners = fact.metric == "total_equity" and _OWNERS.search(fact.label)
        if owners and any(not _OWNERS.search(other.label) for other in beside):
            yield replace(fact, metric="equity_attributable")
            continue
        if any(_TOTAL.match(other.label) for other in beside) and not _TOTAL.match(fact.label):
            continue
        if any(_NET.search(other.label) for other in beside) and not _NET.search(fact.label):
            continue
        yield fact


def _signed(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts with taxes and what belongs to minorities as amounts of their own.

    Where a statement prints them in brackets they are taken away, and a tax that is added is a
    benefit: profit before tax less tax is the net profit, less the minorities' it is ours.
    """
    held = {(f.metric, f.period, f.consolidation): f.amount.value for f in facts}
    for fact in facts:
        at = (fact.period, fact.consolidation)
        above, below = _AROUND.get(fact.metric, ("", ""))
        whole, rest = held.get((above, *at)), held.get((below, *at))
        value = fact.amount.value
        if whole is None or rest is None or not value:
            yield fact
            continue
        added, taken = abs(whole + value - rest), abs(whole - value - rest)
        if added >= taken or added * _CLOSELY > abs(value):
            yield fact
        else:
            yield replace(fact, amount=Amount(-value, fact.amount.unit))


def _line(fact: Fact) -> Hashable:
    return (fact.metric, fact.period, fact.consolidation, fact.statement, _page(fact))


def _page(fact: Fact) -> object:
    return getattr(fact.place, "page", None) or getattr(fact.place, "sheet", None)


def _also(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield lines once more under a name by which no line of the document goes."""
    held = {(fact.metric, fact.period) for fact in facts}
    for line, name in _SAME:
        for fact in facts:
            if fact.metric == line and (name, fact.period) not in held:
                yield replace(fact, metric=name)
