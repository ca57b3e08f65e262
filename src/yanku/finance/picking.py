"""Picks from a report's breakdowns the one that a question of parts is answered from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanku.finance.labels import plain
from yanku.finance.parting import named_in, unexplained
from yanku.finance.partnames import is_place
from yanku.model.breakdown import Asked, Breakdown, Picked, Want
from yanku.model.finance import Period

IsOf = Callable[[Period], bool]
"""Tells whether a period of a report is one asked for."""
_YEAR_APART = range(350, 381)
"""Days between the ends of a period and the one a year before."""
_SAME_LENGTH = 10
"""Days by which a year of 52 weeks may differ from another."""
_NET = frozenset({"net_sales"})
_PROFIT = frozenset({"operating_profit"})
_SALES = frozenset({"operating_revenue", "total_operating_revenue"})
_APART = ("adjusted", "contribution", "ebit", "before")
"""What makes a printed profit another than the one asked for, unless the question says it too."""


@dataclass(frozen=True, slots=True)
class Book:
    """What one report says: its breakdowns, and the words of the company's own name.

    ``apart`` are the periods for which net sales are printed apart from all revenue; ``calls``
    tells whether the report often says a text: what it calls something.
    """

    breakdowns: tuple[Breakdown, ...]
    whose: tuple[str, ...]
    apart: frozenset[Period]
    calls: Callable[[str], bool]


def picked(asked: Asked, book: Book, question: str, periods: Sequence[IsOf]) -> Picked | None:
    """Return what answers a question, if there is exactly one such division.

    Without ``periods`` the latest year counts.
    """
    found = [one for one in book.breakdowns if _is_of_measure(asked, one, book)]
    names = {part.name for one in found for part in one.total.every()}
    said = named_in(asked, names, book.whose)
    if not found or unexplained(asked, said, book.whose) or _is_proper(said, book, question):
        return None
    if not said and (asked.kind is None or asked.want is Want.FIGURE):
        return None
    if len(periods) > 1:
        return _of_two(asked, found, said, periods) if len(periods) == 2 else None
    now = _one(
        asked, [o for o in found if periods[0](o.period)] if periods else _latest(found), said
    )
    if now is None:
        return None
    return Picked(asked, now, said, _before(now, found))


def _of_two(
    asked: Asked, found: Sequence[Breakdown], said: tuple[str, ...], periods: Sequence[IsOf]
) -> Picked | None:
    """Return a part's division in two periods, the later first."""
    ones = [_one(asked, [o for o in found if is_of(o.period)], said) for is_of in periods]
    both = sorted((one for one in ones if one), key=lambda one: one.period.end, reverse=True)
    fit = len(said) == 1 and asked.want in {Want.FIGURE, Want.GROWTH}
    if not fit or len(both) < 2 or both[0].period == both[1].period:
        return None
    return Picked(asked, both[0], said, both[1])


def _is_of_measure(asked: Asked, one: Breakdown, book: Book) -> bool:
    measure = plain(one.measure)
    if asked.printed:
        return all(word in measure for word in asked.printed.split())
    if one.metrics:
        net = "net sales" in asked.said and one.period in book.apart
        return bool(one.metrics & (_NET if net else asked.metrics))
    if any(word in measure and word not in asked.said for word in _APART):
        return False
    profit = any(word in measure for word in ("income", "profit", "earnings"))
    return asked.metrics == (_PROFIT if profit else _SALES)


def _is_proper(said: Sequence[str], book: Book, question: str) -> bool:
    """Tell whether a place named right after the company is a part's proper name.

    The United States are not the segment of a firm that calls it Firm U.S.
    """
    text = plain(question)
    for name in filter(is_place, said):
        if not set(name.split()) & set(book.whose):
            called = (f"{own} {name}" for own in book.whose)
            if any(one in text and book.calls(one) for one in called):
                return True
    return False


def _latest(found: Sequence[Breakdown]) -> list[Breakdown]:
    """Return those of the latest period, the longest that ends then."""
    last = max(one.period.end for one in found)
    kept = [one for one in found if one.period.end == last]
    longest = max(_days(one.period) for one in kept)
    return [one for one in kept if _days(one.period) == longest]


def _one(asked: Asked, found: Sequence[Breakdown], said: Sequence[str]) -> Breakdown | None:
    """Return the breakdown to answer from: of those that would say different things, none."""
    kind = asked.kind
    fitting = [one for one in found if kind is None or one.kinds == {kind}]
    fitting = fitting or [one for one in found if kind in one.kinds]
    if said:
        having = [one for one in found if len(one.of(said)) == len(said)]
        chosen = [one for one in having if one in fitting] or having
        chosen = [one for one in chosen if one.metrics] or chosen
        told = {tuple(part.amount for part in one.of(said)) for one in chosen}
        return chosen[0] if len(told) == 1 else None
    fitting = [one for one in fitting if one.metrics] or fitting
    return fitting[0] if len({one.values for one in fitting}) == 1 else None


def _before(one: Breakdown, every: Sequence[Breakdown]) -> Breakdown | None:
    """Return the same division of the period a year before; None without one, or with two."""
    names = {part.name for part in one.parts}
    found = [
        other
        for other in every
        if (one.period.end - other.period.end).days in _YEAR_APART
        and abs(_days(other.period) - _days(one.period)) < _SAME_LENGTH
        and other.metrics == one.metrics
        and {part.name for part in other.parts} == names
    ]
    return found[0] if len({other.values for other in found}) == 1 else None


def _days(period: Period) -> int:
    return (period.end - period.start).days if period.start is not None else 0
