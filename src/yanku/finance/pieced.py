"""Puts a stretch of time together out of others: a quarter of two sums, a year of its quarters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from yanku.finance.choose import Chosen
from yanku.finance.periods import is_quarter, months, quarter, year_to_date
from yanku.finance.remainder import less
from yanku.model.amount import Amount
from yanku.model.finance import Period

Look = Callable[[Period], Chosen | None]
"""Returns the printed figure of a period."""
_QUARTERS = {6: 2, 9: 3, 12: 4}
"""How many quarters a stretch from January has, by the month it ends in."""


@dataclass(frozen=True, slots=True)
class Pieced:
    """A figure of other stretches: their ``figures`` joined by ``sign``, and what to tell of it."""

    figures: tuple[Chosen, ...]
    sign: str
    amount: Amount
    notes: tuple[str, ...] = ()


def pieced(period: Period, look: Look, language: str) -> Pieced | None:
    """Return a flow's figure of a period out of longer or shorter ones; None if they lack."""
    return _left(period, look, language) or _summed(period, look)


def _left(period: Period, look: Look, language: str) -> Pieced | None:
    """Return 第三季度 as 前三季度 − 上半年, 下半年 as 全年 − 上半年."""
    start = period.start
    second = start is not None and period == months(start.year, 7, 12)
    if start is None or start.month == 1 or not (is_quarter(period) or second):
        return None
    whole = look(year_to_date(period.end))
    before = look(months(start.year, 1, start.month - 1))
    if whole is None or before is None:
        return None
    if whole.fact.amount.unit != before.fact.amount.unit:
        return None
    found = less(whole.fact.amount, before.fact.amount, language)
    return Pieced((whole, before), "−", *found) if found is not None else None


def _summed(period: Period, look: Look) -> Pieced | None:
    """Return 上半年, 前三季度 or a year as the sum of its quarters, all of one document."""
    start = period.start
    count = _QUARTERS.get(period.end.month, 0)
    if start is None or not count or period != months(start.year, 1, period.end.month):
        return None
    found = [look(quarter(start.year, number)) for number in range(1, count + 1)]
    figures = tuple(one for one in found if one is not None)
    alike = {(one.entry.id, one.fact.amount.unit) for one in figures}
    if len(figures) != count or len(alike) != 1:
        return None
    total = sum((one.fact.amount.value for one in figures), Decimal(0))
    return Pieced(figures, "+", Amount(total, figures[0].fact.amount.unit))
