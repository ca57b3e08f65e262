"""Years that end in any month: read from bare years, and asked for by their calendar year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yanku.finance.choose import Figures
from yanku.finance.columns import Role, Setting, columns_of
from yanku.finance.periods import closing, fiscal_quarter, full_year, is_fiscal_year, months
from yanku.model.finance import Consolidation, Period, ReportKind
from yanku.model.library import Entry
from yanku.testing.library import a_fact, a_profile, an_entry

YEAR = Period(date(2024, 6, 30), date(2023, 7, 1))
BEFORE = Period(date(2023, 6, 30), date(2022, 7, 1))


def _setting(period: Period = YEAR) -> Setting:
    return Setting(ReportKind.ANNUAL, period, statement=True)


def test_a_year_alone_over_a_column_is_the_year_the_report_is_on() -> None:
    found = columns_of({1: ["2024", "HK$'000"], 2: ["2023", "HK$'000"]}, _setting())
    assert (found[1].duration, found[1].instant) == (YEAR, closing(YEAR))
    assert (found[2].duration, found[2].instant) == (BEFORE, closing(BEFORE))


def test_the_opening_balance_is_that_of_the_fiscal_year() -> None:
    found = columns_of({1: ["期末余额"], 2: ["期初余额"]}, _setting())
    assert found[1].instant == closing(YEAR)
    assert found[2].instant == closing(BEFORE)


def test_quarters_count_from_the_month_the_year_begins_in() -> None:
    assert fiscal_quarter(YEAR, 1) == Period(date(2023, 9, 30), date(2023, 7, 1))
    assert fiscal_quarter(YEAR, 4) == Period(date(2024, 6, 30), date(2024, 4, 1))


@pytest.mark.parametrize(
    "title",
    ["2025E", "2025(E)", "FY25E", "2025年E", "2025F", "2025年预测", "2025 forecast", "2025P"],
)
def test_a_column_of_forecasts_is_no_column_of_values(title: str) -> None:
    found = columns_of({1: ["2024A"], 2: [title]}, _setting(full_year(2024)))
    assert found[1].role is Role.VALUE
    assert found[2].role is Role.ASIDE


def test_a_calendar_year_means_the_year_a_company_calls_so() -> None:
    assert is_fiscal_year(YEAR)
    entry = replace(an_entry("a.pdf"), profile=replace(a_profile(), period=YEAR))
    fact = replace(a_fact("5"), period=YEAR)

    def chosen(entry: Entry) -> str:
        figures = Figures([(fact, entry)], Consolidation.CONSOLIDATED, "en")
        known = frozenset({fact.company.code})
        found = figures.choose(known, fact.metric, full_year(2024))
        assert figures.choose(known, fact.metric, full_year(2023)) is None
        return " ".join(found.notes) if found is not None else "none"

    assert "fiscal year, 2023-07-01 to 2024-06-30" in chosen(entry)
    other = replace(entry, profile=replace(entry.profile, period=full_year(2024)))
    assert chosen(other) == "none"


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        (Period(date(2023, 7, 29), date(2023, 5, 1)), months(2024, 4, 6)),
        (Period(date(2023, 7, 29), date(2023, 2, 1)), months(2024, 1, 6)),
        (Period(date(2023, 7, 29)), Period(date(2024, 6, 30))),
        (Period(date(2023, 1, 28)), Period(date(2023, 12, 31))),
    ],
)
def test_a_quarter_by_number_means_that_of_the_year_a_company_reports(
    own: Period, asked: Period
) -> None:
    """A half year from February to July 2023 is the first of the year that ends in January 2024."""
    half = Period(date(2023, 7, 29), date(2023, 2, 1))
    entry = replace(an_entry("a.pdf"), profile=replace(a_profile(), period=half))
    fact = replace(a_fact("5"), period=own)
    figures = Figures([(fact, entry)], Consolidation.CONSOLIDATED, "en")
    known = frozenset({fact.company.code})
    assert figures.choose(known, fact.metric, asked) is not None
    before = replace(asked, end=asked.end.replace(year=asked.end.year - 1))
    assert figures.choose(known, fact.metric, before) is None


def test_a_year_of_weeks_that_ends_on_new_years_day_is_that_of_the_year_before() -> None:
    year = Period(date(2023, 1, 1), date(2022, 1, 1))
    entry = replace(an_entry("a.pdf"), profile=replace(a_profile(), period=year))
    fact = replace(a_fact("5"), period=year)
    figures = Figures([(fact, entry)], Consolidation.CONSOLIDATED, "en")
    known = frozenset({fact.company.code})
    assert figures.choose(known, fact.metric, full_year(2022)) is not None
    assert figures.choose(known, fact.metric, full_year(2023)) is None
