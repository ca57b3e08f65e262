"""Tells which year or quarter of its own a report calls by the calendar's."""

from __future__ import annotations

from datetime import date

from yanku.finance.periods import (
    closing,
    is_fiscal_year,
    is_full_year,
    is_quarter,
    is_quarter_end,
    nominal_end,
    years_back,
)
from yanku.finance.yearnames import year_end
from yanku.model.finance import Period, Profile

_MONTH = 30.4
"""Days of one, on average."""


def is_of(profile: Profile, asked: Period) -> bool:
    """Tell whether a report is on a period asked for, or on one that ends with it.

    One on the six months to June is on the second quarter too. A document of no period may be on
    any.
    """
    own = profile.period
    if own is None or own.end == asked.end:
        return True
    return is_called(closing(own), closing(asked), profile)


def is_called(own: Period, asked: Period, profile: Profile) -> bool:
    """Tell whether a report calls its own year or quarter by the calendar's that is asked for.

    The year that ends in June 2024 is the 2024 of a company that reports from June to June, and
    its Q2 2024 ends in December 2023. Days of 52 weeks stand for the end of the month near them.
    Where the report says that its year is named by the one before it ends, that counts.
    """
    reported = profile.period
    if reported is None or reported.start is None or own == asked:
        return False
    close = year_end(reported)
    asked = years_back(asked, -(profile.behind or 0))
    end = nominal_end(own.end)
    if is_fiscal_year(reported) and (asked.is_instant or is_full_year(asked)):
        same = (end.year, end.month) == (asked.end.year, close.month)
        if asked.is_instant and not own.is_instant:
            return False
        at_close = (asked.end.month, asked.end.day) == (12, 31)
        if same and (at_close if asked.is_instant else is_fiscal_year(own)):
            return True
    return _is_called_quarter(own, asked, close)


def _is_called_quarter(own: Period, asked: Period, close: date) -> bool:
    """Tell whether a quarter, or the day it ends on, is the asked one of a company's own year."""
    ends = nominal_end(own.end)
    if asked.is_instant != own.is_instant or not is_quarter_end(asked.end):
        return False
    if own.start is not None and not _as_long(own, asked):
        return False
    number = asked.end.month // 3
    # Quarter n of the year that ends with month c of year y ends 3 (4 − n) months before it.
    index = asked.end.year * 12 + close.month - 1 - 3 * (4 - number)
    if close.month == 12 and own.end == ends:
        return False  # Calendar quarters are found as they are.
    return (ends.year, ends.month) == (index // 12, index % 12 + 1)


def _as_long(own: Period, asked: Period) -> bool:
    """Tell whether a stretch is a quarter, or the year so far, as the asked one is."""
    if own.start is None or asked.start is None:
        return False
    months = [round((p.end - p.start).days / _MONTH) for p in (own, asked) if p.start is not None]
    return months[0] == months[1] and (is_quarter(asked) or asked.start.month == 1)
