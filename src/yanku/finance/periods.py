"""The calendar of financial reporting: years, quarters, their ends, and the periods before them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from yanku.model.finance import Period, ReportKind

_MONTHS_OF = {
    ReportKind.ANNUAL: 12,
    ReportKind.HALF_YEAR: 6,
    ReportKind.FIRST_QUARTER: 3,
    ReportKind.THIRD_QUARTER: 9,
}
_PARTS_ZH = {(1, 3): "第一季度", (1, 6): "上半年", (1, 9): "前三季度", (1, 12): "",
             (4, 6): "第二季度", (7, 9): "第三季度", (10, 12): "第四季度",
             (7, 12): "下半年"}  # fmt: skip
_PARTS_EN = {(1, 3): "Q1 ", (1, 6): "H1 ", (1, 9): "first nine months of ", (1, 12): "",
             (4, 6): "Q2 ", (7, 9): "Q3 ", (10, 12): "Q4 ", (7, 12): "H2 "}  # fmt: skip


_FIRST_DAYS = 7
"""Days of a month on which a year of 52 or 53 weeks may end that is the month before's."""


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def nominal_end(day: date) -> date:
    """Return the end of the month that a day is meant to end: years of 52 weeks end near it.

    The last Saturday of January ends January, and 2 July ends June.
    """
    near = day - timedelta(days=_FIRST_DAYS)
    return month_end(near.year, near.month)


def months(year: int, first: int, last: int) -> Period:
    """Return the stretch from the first day of one month to the last day of another."""
    return Period(month_end(year, last), date(year, first, 1))


def full_year(year: int) -> Period:
    """Return a calendar year."""
    return months(year, 1, 12)


def quarter(year: int, number: int) -> Period:
    """Return the n-th quarter alone (three months)."""
    return months(year, 3 * number - 2, 3 * number)


def fiscal_quarter(year: Period, number: int) -> Period:
    """Return the n-th three months of a year that begins in any month."""
    begin = year.start or date(year.end.year, 1, 1)
    index = begin.year * 12 + begin.month - 1 + 3 * (number - 1)
    last = index + 2
    return Period(month_end(last // 12, last % 12 + 1), date(index // 12, index % 12 + 1, 1))


def year_to_date(end: date) -> Period:
    """Return the stretch from 1 January to a day."""
    return Period(end, date(end.year, 1, 1))


def closing(period: Period) -> Period:
    """Return the instant at which a period ends."""
    return Period(period.end)


def ways_to_write(period: Period) -> tuple[str, ...]:
    """Return short forms in which texts write a quarter: 24Q4, 2024Q4, 4Q24, 第四季度, 单季度."""
    if not is_quarter(period):
        return ()
    year, number = period.end.year, (period.end.month - 1) // 3 + 1
    short = f"{year % 100:02d}"
    named = f"第{'一二三四'[number - 1]}季度"
    return (f"{short}Q{number}", f"{year}Q{number}", f"{number}Q{short}", named, "单季度")


def opening(period: Period) -> Period:
    """Return the instant at which a period begins: the end of the day before."""
    return Period((period.start or period.end) - timedelta(days=1))


def last_year_end(day: date) -> Period:
    """Return the instant at the end of the year before: 期初 in a Chinese balance sheet."""
    return Period(date(day.year - 1, 12, 31))


def year_before(period: Period) -> Period:
    """Return the same period one year earlier; the end of a month stays one."""
    return years_back(period, 1)


def years_back(period: Period, count: int) -> Period:
    """Return the same period some years earlier; later where ``count`` is below zero."""
    return period.years_back(count)


def is_twelve_months(period: Period) -> bool:
    """Tell a year, whatever month it ends in; one of 52 or 53 weeks ends near a month's end."""
    return period.is_twelve_months


def is_fiscal_year(period: Period) -> bool:
    """Tell a year of twelve months that is no calendar year."""
    return is_twelve_months(period) and not is_full_year(period)


def quarter_before(period: Period) -> Period | None:
    """Return the quarter, quarter's end or half-year just before; None if it is no such thing."""
    if period.is_instant:
        return Period(month_end(*_three_months_back(period.end)))
    year = period.end.year
    if period == months(year, 7, 12):
        return months(year, 1, 6)
    if period == months(year, 1, 6):
        return months(year - 1, 7, 12)
    if not is_quarter(period):
        return None
    end = opening(period).end
    return Period(end, date(end.year, end.month - 2, 1))


def _three_months_back(day: date) -> tuple[int, int]:
    month = day.month - 3
    return (day.year, month) if month > 0 else (day.year - 1, month + 12)


def is_quarter(period: Period) -> bool:
    """Tell a quarter alone from every other stretch."""
    start = period.start
    return (
        start is not None
        and start.month % 3 == 1
        and period == months(start.year, start.month, start.month + 2)
    )


def is_quarter_end(day: date) -> bool:
    """Tell the last day of a calendar quarter."""
    return day.month % 3 == 0 and day == month_end(day.year, day.month)


def is_full_year(period: Period) -> bool:
    """Tell whole calendar years."""
    return period == full_year(period.end.year)


def is_year_to_date(period: Period) -> bool:
    """Tell stretches that begin on 1 January."""
    return period.start == date(period.end.year, 1, 1)


def reported(kind: ReportKind, year: int) -> Period | None:
    """Return the period a report of a kind covers from the start of its year; None for OTHER."""
    last = _MONTHS_OF.get(kind)
    return months(year, 1, last) if last else None


def spell(period: Period, language: str = "zh") -> str:
    """Return a period in words: ``2024年前三季度``, ``2023年末``, ``Q1 2024``."""
    if period.start is None:
        return _spell_instant(period.end, language)
    start, end = period.start, period.end
    whole = start.year == end.year and period == months(end.year, start.month, end.month)
    part = (start.month, end.month)
    if language == "en":
        if whole and part in _PARTS_EN:
            return f"{_PARTS_EN[part]}{end.year}"
        if count := period.months_by_weeks:
            return f"the {'year' if count == 12 else f'{count} months'} ended {end.isoformat()}"
        return f"{start.isoformat()} to {end.isoformat()}"
    if count := period.months_by_weeks:
        return f"截至{_day_zh(end)}的{'一年' if count == 12 else f'{count}个月'}"
    if whole:
        return f"{end.year}年" + _PARTS_ZH.get(part, f"{start.month}—{end.month}月")
    return f"{_day_zh(start)}至{_day_zh(end)}"


def _spell_instant(day: date, language: str) -> str:
    if language == "en":
        return f"the end of {day.year}" if (day.month, day.day) == (12, 31) else day.isoformat()
    if day != month_end(day.year, day.month):
        return _day_zh(day)
    return f"{day.year}年末" if day.month == 12 else f"{day.year}年{day.month}月末"


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
