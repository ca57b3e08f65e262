"""Reads when a company's debt falls due, from the table that lists it year by year.

2032         310        the years in a row, what comes after them, and a sum that is near to the
2033         240        debt of the balance sheet: the sum tells that it is debt, all of it, and
Thereafter  1,450       at which scale it is printed
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from yanku.finance.labels import plain
from yanku.finance.periods import full_year
from yanku.finance.scale import SCALES
from yanku.model.amount import Amount
from yanku.model.breakdown import Part, Schedule
from yanku.model.document import Cell, Document, Table
from yanku.model.finance import Confidence, Consolidation, Fact, Period
from yanku.model.inquiry import Inquiry

LONG = frozenset({"long_term_borrowings", "bonds_payable"})
CURRENT = frozenset(
    {
        "current_portion_of_debt",
        "short_term_borrowings",
        "non_current_liabilities_due_within_one_year",
    }
)
_YEAR = re.compile(r"(?:fiscal(?: year)? )?((?:19|20)\d\d)")
_AFTER = re.compile(r"thereafter|(?:after|beyond) (?:19|20)\d\d|later years|subsequent years")
_DEBT = re.compile(r"\b(?:debt|notes|bonds|borrowings|debentures|loans?)\b")
_DUE = re.compile(
    r"\bmatur\w+|\b(?:comes?|coming|falls?|falling) due\b|\bdue (?:in|by|for|after)\b"
    r"|\brepay\w*|\bprincipal (?:re)?payments?\b|\bredeem\w*"
)
_OTHERWISE = re.compile(
    r"\b(?:leases?|why|rates?|average|weighted|ratio|interest|covenants?|refinanc\w+|paid|repaid"
    r"|redeemed|matured|securities|investments?|how many|which|plan\w*|risk\w*)\b"
)
_NEAR = Decimal("0.1")
"""How far the sum may be from the balance sheet's, which is net of discounts and costs."""
_FEWEST = 4


def years_of_maturity(inquiry: Inquiry) -> tuple[int, ...] | None:
    """Return the years a question asks for the debt falling due in; none for all of them.

    None if it asks for something else.
    """
    text = plain(inquiry.question)
    fit = _DEBT.search(text) and _DUE.search(text) and not _OTHERWISE.search(text)
    if inquiry.language != "en" or not fit:
        return None
    whole = all(period == full_year(period.end.year) for period in inquiry.periods)
    return tuple(sorted(p.end.year for p in inquiry.periods)) if whole else None


def schedule_of(document: Document, facts: Iterable[Fact], period: Period) -> Schedule | None:
    """Return when the debt of a report's last day falls due; None without one such table, or
    with two that differ.
    """
    debts = _debts([fact for fact in facts if fact.period.end == period.end])
    found = [
        schedule
        for block in document.body
        if isinstance(block, Table)
        for schedule in _in_table(block, debts, period)
    ]
    told = {tuple((part.name, part.amount) for part in one.parts) for one in found}
    return found[0] if len(told) == 1 else None


def _debts(facts: Iterable[Fact]) -> list[Amount]:
    """Return what the balance sheet may mean by all debt: long-term, with and without the rest."""
    sure = [
        fact
        for fact in facts
        if fact.confidence is not Confidence.DOUBTFUL
        and fact.consolidation is Consolidation.CONSOLIDATED
    ]
    long = {f.metric: f.amount for f in sure if f.metric in LONG and f.amount.value > 0}
    current = {f.metric: f.amount for f in sure if f.metric in CURRENT and f.amount.value > 0}
    if not long:
        return []
    base = sum((amount.value for amount in long.values()), Decimal(0))
    unit = next(iter(long.values())).unit
    rest = [amount.value for amount in current.values()]
    return [Amount(base + more, unit) for more in {Decimal(0), *rest, sum(rest, Decimal(0))}]


def _in_table(table: Table, debts: list[Amount], period: Period) -> Iterator[Schedule]:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    lines = [sorted(rows[number], key=lambda cell: cell.column) for number in sorted(rows)]
    taken: list[tuple[str, Cell, Cell]] = []
    for line in lines:
        label = plain(line[0].text)
        figures = [cell for cell in line[1:] if cell.amount is not None]
        year = _YEAR.fullmatch(label)
        if len(figures) == 1 and (year or (taken and _AFTER.fullmatch(label))):
            taken.append((year[1] if year else label, line[0], figures[0]))
        elif taken:
            break
    years = [int(name) for name, _, _ in taken if name.isdigit()]
    follow = years == list(range(period.end.year + 1, period.end.year + 1 + len(years)))
    if len(years) < _FEWEST or not follow or len(taken) != len(years) + 1:
        return
    values = [cell.amount.value for _, _, cell in taken if cell.amount is not None]
    scales = SCALES if not table.unit else SCALES[:1]
    fit = [s for s in scales if any(_is_near(sum(values) * s, debt.value) for debt in debts)]
    if len(fit) == 1:
        yield Schedule(
            period,
            tuple(
                Part(name, Amount(value * fit[0], debts[0].unit), cell.place, head.text)
                for (name, head, cell), value in zip(taken, values, strict=True)
            ),
        )


def _is_near(total: Decimal, debt: Decimal) -> bool:
    return abs(total - debt) <= debt * _NEAR
