"""Tells what a fact's column is to the report it stands in: its period, its end, the one before."""

from __future__ import annotations

from enum import StrEnum

from yanku.finance.agreement import is_original
from yanku.finance.periods import (
    is_quarter,
    is_twelve_months,
    is_year_to_date,
    last_year_end,
    reported,
    year_before,
)
from yanku.model.finance import Fact, Period, Profile, ReportKind


class Standing(StrEnum):
    """What a column is, as seen from its report.

    A third-quarter report has the quarter alone (``period``) and the nine months
    (``year_to_date``); in every other report the two are one stretch, its ``period``.
    """

    PERIOD = "period"
    YEAR_TO_DATE = "year_to_date"
    PERIOD_END = "period_end"
    PRIOR_PERIOD = "prior_period"
    PRIOR_YEAR_TO_DATE = "prior_year_to_date"
    PRIOR_PERIOD_END = "prior_period_end"
    QUARTER = "quarter"
    """One of the quarters within the period, on its own."""
    OTHER_PERIOD = "other_period"
    OTHER_END = "other_end"
    """Any other stretch or day, such as the year before the last."""


_WORDS = {
    ReportKind.ANNUAL: "FY",
    ReportKind.HALF_YEAR: "H1",
    ReportKind.FIRST_QUARTER: "Q1",
    ReportKind.THIRD_QUARTER: "Q3",
}
_BY_MONTH = {12: "FY", 6: "H1", 3: "Q1", 9: "Q3"}


def report_of(fact: Fact, profile: Profile) -> tuple[int, str]:
    """Return year and period (``FY``, ``H1``, ``Q1``, ``Q3``) of the report a fact stands in.

    A document that is no such report has the fact's own; the period is empty where neither is one.
    """
    if profile.period is not None and profile.report in _WORDS:
        return profile.period.end.year, _WORDS[profile.report]
    end = fact.period.end
    whole = is_twelve_months(fact.period)
    return end.year, "FY" if whole else _BY_MONTH.get(end.month, "")


def standing(fact: Fact, profile: Profile) -> str:
    """Return what a fact's column is to its report; figures before a restatement say so."""
    found = _standing(fact.period, profile)
    return f"{found.value}_before_restatement" if is_original(fact) else found.value


def _standing(period: Period, profile: Profile) -> Standing:
    whole = profile.period or reported(profile.report, period.end.year)
    if period.is_instant:
        return _of_a_day(period, whole)
    if whole is None:
        return Standing.YEAR_TO_DATE if is_year_to_date(period) else Standing.PERIOD
    third = profile.report is ReportKind.THIRD_QUARTER
    if period == whole:
        return Standing.YEAR_TO_DATE if third else Standing.PERIOD
    if period == year_before(whole):
        return Standing.PRIOR_YEAR_TO_DATE if third else Standing.PRIOR_PERIOD
    if third and is_quarter(period):
        if period.end == whole.end:
            return Standing.PERIOD
        if period.end == year_before(whole).end:
            return Standing.PRIOR_PERIOD
    within = whole.start is not None and period.start is not None and whole.start <= period.start
    if is_quarter(period) and within and period.end <= whole.end:
        return Standing.QUARTER
    return Standing.OTHER_PERIOD


def _of_a_day(day: Period, whole: Period | None) -> Standing:
    if whole is None or day.end == whole.end:
        return Standing.PERIOD_END
    before = {last_year_end(whole.end), Period(year_before(whole).end)}
    return Standing.PRIOR_PERIOD_END if day in before else Standing.OTHER_END
