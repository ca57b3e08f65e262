"""Words for time mean exactly one period."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.answer.wording import period_worded
from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.periods import (
    full_year,
    last_year_end,
    months,
    quarter,
    quarter_before,
    spell,
    year_before,
)
from yanku.model.finance import Period

TODAY = date(2025, 5, 20)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年", full_year(2023)),
        ("2023年度", full_year(2023)),
        ("二〇二三年", full_year(2023)),
        ("FY2023", full_year(2023)),
        ("23年", full_year(2023)),
        ("去年", full_year(2024)),
        ("今年一季度", quarter(2025, 1)),
        ("2024年第一季度", quarter(2024, 1)),
        ("2024年一季报", quarter(2024, 1)),
        ("2024Q1", quarter(2024, 1)),
        ("Q3 2024", quarter(2024, 3)),
        ("2024年第三季度", quarter(2024, 3)),
        ("2024年前三季度", months(2024, 1, 9)),
        ("2024年三季报", months(2024, 1, 9)),
        ("2024 年 1—9 月", months(2024, 1, 9)),
        ("nine months ended September 30, 2024", months(2024, 1, 9)),
        ("2024年上半年", months(2024, 1, 6)),
        ("2024年半年度", months(2024, 1, 6)),
        ("H1 2024", months(2024, 1, 6)),
        ("截至2024年6月30日止六个月", months(2024, 1, 6)),
        ("2024年1月1日至2024年6月30日", months(2024, 1, 6)),
        ("2024年下半年", months(2024, 7, 12)),
        ("for the year ended 31 December 2023", full_year(2023)),
        ("2024年3月末", Period(date(2024, 3, 31))),
        ("2024年6月底", Period(date(2024, 6, 30))),
        ("2024年二季度末", Period(date(2024, 6, 30))),
        ("2023年末", Period(date(2023, 12, 31))),
        ("2023年年底", Period(date(2023, 12, 31))),
        ("2024年初", Period(date(2023, 12, 31))),
        ("截至2024年9月30日", Period(date(2024, 9, 30))),
        ("as of December 31, 2023", Period(date(2023, 12, 31))),
        ("31 December 2023", Period(date(2023, 12, 31))),
        ("2023-12-31", Period(date(2023, 12, 31))),
    ],
)
def test_a_period_in_words_is_read(text: str, period: Period) -> None:
    assert [found.period for found in find_periods(plain(text), TODAY)] == [period]


def test_a_span_of_years_is_each_of_them() -> None:
    found = find_periods(plain("2022-2024年营业收入"))
    assert [f.period for f in found] == [full_year(2022), full_year(2023), full_year(2024)]


def test_the_same_part_of_another_year_is_understood() -> None:
    found = find_periods(plain("2024年前三季度与2023年同期"))
    assert [f.period for f in found] == [months(2024, 1, 9), months(2023, 1, 9)]


@pytest.mark.parametrize("text", ["较上年增长", "同比去年同期", "营业收入2,023万元"])
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    assert find_periods(plain(text), TODAY) == ()


@pytest.mark.parametrize("text", ["2024年13月末", "2024年2月30日", "2024-02-30"])
def test_an_impossible_date_is_passed_over(text: str) -> None:
    assert all(found.whole for found in find_periods(plain(text), TODAY))


def test_a_year_earlier_keeps_the_end_of_february() -> None:
    assert year_before(Period(date(2025, 2, 28))).end == date(2024, 2, 29)
    assert year_before(Period(date(2024, 2, 29))).end == date(2023, 2, 28)


def test_the_quarter_before_crosses_the_year() -> None:
    assert quarter_before(quarter(2024, 1)) == quarter(2023, 4)
    assert quarter_before(Period(date(2024, 3, 31))) == Period(date(2023, 12, 31))
    assert quarter_before(full_year(2024)) is None


def test_the_opening_balance_of_a_chinese_report_is_the_last_year_end() -> None:
    assert last_year_end(date(2024, 9, 30)) == Period(date(2023, 12, 31))


def test_periods_are_spelled_in_both_languages() -> None:
    assert spell(months(2024, 1, 9)) == "2024年前三季度"
    assert spell(Period(date(2024, 3, 31))) == "2024年3月末"
    assert spell(quarter(2024, 3), "en") == "Q3 2024"


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        (Period(date(2023, 1, 28), date(2022, 2, 1)), "the year ended 2023-01-28", "一年"),
        (Period(date(2022, 12, 2), date(2021, 12, 1)), "the year ended 2022-12-02", "一年"),
        (Period(date(2023, 7, 29), date(2023, 5, 1)), "the 3 months ended 2023-07-29", "3个月"),
        (Period(date(2023, 7, 2), date(2023, 1, 1)), "the 6 months ended 2023-07-02", "6个月"),
    ],
)
def test_a_stretch_of_weeks_is_told_by_its_end_and_not_by_a_first_day_nobody_printed(
    period: Period, english: str, chinese: str
) -> None:
    assert spell(period, "en") == english
    assert spell(period).endswith(chinese)
    assert period_worded(period, "en") == english


@pytest.mark.parametrize("end", [date(2024, 3, 15), date(2024, 3, 31), date(2024, 5, 3)])
def test_any_other_stretch_is_told_with_its_first_day(end: date) -> None:
    assert Period(end, date(2024, 1, 1)).months_by_weeks == 0
