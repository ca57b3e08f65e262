"""Amounts and periods as a reader sees them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.answer.check import carries
from yanku.answer.wording import in_short, period_worded, worded
from yanku.model.amount import Amount, find_amounts
from yanku.model.finance import Period


@pytest.mark.parametrize(
    ("amount", "language", "unit", "said"),
    [
        (Amount(Decimal("6428486.02"), "CNY"), "zh", "", "6,428,486.02元"),
        (Amount(Decimal("6428486.02"), "CNY"), "en", "", "6,428,486.02 CNY"),
        (Amount(Decimal("123456789000"), "CNY"), "zh", "亿元", "1,234.5679 亿元"),
        (Amount(Decimal("-12.345"), "%"), "zh", "", "-12.34%"),
        (Amount(Decimal("1.50000"), "times"), "zh", "", "1.5倍"),
        (Amount(Decimal("0.52"), "CNY/share"), "zh", "", "0.52元/股"),
        (Amount(Decimal("1200"), "people"), "en", "", "1,200 people"),
    ],
)
def test_an_amount_is_said_exactly_with_its_unit(
    amount: Amount, language: str, unit: str, said: str
) -> None:
    assert worded(amount, language, unit) == said


@pytest.mark.parametrize(
    ("period", "zh"),
    [
        (Period(date(2024, 12, 31), date(2024, 1, 1)), "2024年度"),
        (Period(date(2024, 9, 30), date(2024, 1, 1)), "2024年前三季度"),
        (Period(date(2024, 9, 30), date(2024, 7, 1)), "2024年第三季度"),
        (Period(date(2024, 9, 30)), "2024年9月末"),
        (Period(date(2024, 12, 31)), "2024年末"),
        (Period(date(2024, 5, 7)), "2024年5月7日"),
        (Period(date(2025, 3, 31), date(2024, 4, 1)), "2024-04-01至2025-03-31"),
    ],
)
def test_a_period_is_said_as_people_say_it(period: Period, zh: str) -> None:
    assert period_worded(period, "zh") == zh


@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=2),
    st.sampled_from(["CNY", "USD", "%", "CNY/share", "times", "people"]),
    st.sampled_from(["zh", "en"]),
)
def test_what_is_said_reads_back_as_the_same_amount(
    value: Decimal, unit: str, language: str
) -> None:
    amount = Amount(value, unit)
    found = find_amounts(f"是 {worded(amount, language)}。")
    assert len(found) == 1
    assert carries(amount, found[0])


@given(st.decimals(min_value=10**8, max_value=10**13, places=2), st.sampled_from(["zh", "en"]))
def test_the_short_form_rounds_to_the_amount(value: Decimal, language: str) -> None:
    amount = Amount(value, "CNY")
    (found,) = find_amounts(in_short(amount, language))
    assert carries(amount, found)


def test_sums_of_thousands_of_millions_are_billions_in_english() -> None:
    assert in_short(Amount(Decimal(394_328_000_000), "USD"), "en") == "about USD 394.33 billion"
    assert in_short(Amount(Decimal(394_328_000), "USD"), "en") == "about USD 394.3 million"
