"""Laws of the reporting calendar."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.periods import (
    closing,
    full_year,
    is_quarter,
    months,
    opening,
    quarter,
    quarter_before,
    spell,
    year_before,
)
from yanku.model.finance import Period

YEARS = st.integers(1990, 2060)
PARTS = st.sampled_from([(1, 3), (1, 6), (1, 9), (1, 12), (4, 6), (7, 9), (10, 12), (7, 12)])


@given(YEARS, PARTS)
def test_what_is_spelled_is_read_back(year: int, part: tuple[int, int]) -> None:
    period = months(year, *part)
    assert [found.period for found in find_periods(plain(spell(period)))] == [period]


@given(YEARS, st.integers(1, 12))
def test_an_instant_that_is_spelled_is_read_back(year: int, month: int) -> None:
    period = closing(months(year, month, month))
    assert [found.period for found in find_periods(plain(spell(period)))] == [period]


@given(YEARS, st.integers(1, 4))
def test_four_quarters_back_is_a_year_back(year: int, number: int) -> None:
    period = quarter(year, number)
    before: Period | None = period
    for _ in range(4):
        assert before is not None
        before = quarter_before(before)
    assert before == year_before(period)


@given(YEARS)
def test_the_quarters_of_a_year_follow_one_another(year: int) -> None:
    for number in (2, 3, 4):
        assert opening(quarter(year, number)) == closing(quarter(year, number - 1))
        assert is_quarter(quarter(year, number))
    assert closing(quarter(year, 4)) == closing(full_year(year))


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_any_date_is_read_back_in_every_form(day: date) -> None:
    forms = (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day:%Y/%m/%d}")
    for text in (*forms, f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}"):
        assert [found.period for found in find_periods(plain(text))] == [Period(day)]
