"""Headers of columns mean one period, or none."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.columns import Role, Setting, columns_of
from yanku.finance.periods import months
from yanku.model.finance import Consolidation, Period, ReportKind

_NINE_MONTHS = months(2024, 1, 9)
_SETTING = Setting(ReportKind.THIRD_QUARTER, _NINE_MONTHS, statement=True)


@pytest.mark.parametrize(
    ("header", "period"),
    [
        (["截至9月30日止三个月", "2024年"], months(2024, 7, 9)),
        (["截至9月30日止九个月", "2023年"], months(2023, 1, 9)),
        (["7-9月", "2024年"], months(2024, 7, 9)),
        (["1-9月", "2023年"], months(2023, 1, 9)),
        (["第三季度（7-9月）", "2023年"], months(2023, 7, 9)),
        (["2024年", "7-9月"], months(2024, 7, 9)),
    ],
)
def test_a_part_of_a_year_stands_over_or_under_its_year(header: list[str], period: Period) -> None:
    assert columns_of({1: header}, _SETTING)[1].duration == period


def test_the_period_before_is_the_same_for_both_figures_of_a_restatement() -> None:
    headers = {
        1: ["本报告期"], 2: ["上年同期", "调整前"], 3: ["上年同期", "调整后"],
        4: ["年初至报告期末"], 5: ["上年同期", "调整后"],
    }  # fmt: skip
    found = columns_of(headers, _SETTING)
    assert found[2].duration == found[3].duration == months(2023, 7, 9)
    assert (found[2].restated, found[3].restated) == (False, True)
    assert found[5].duration == months(2023, 1, 9)


@pytest.mark.parametrize(
    "header", [["2023年", "2024年"], ["上年同期", "本报告期"], ["去年同期", "本期"]]
)
def test_a_header_of_two_periods_says_nothing_of_its_column(header: list[str]) -> None:
    assert columns_of({1: header}, _SETTING)[1].role is Role.ASIDE


@pytest.mark.parametrize(
    ("own", "whose"),
    [
        ("本集团", Consolidation.CONSOLIDATED),
        ("银行", Consolidation.PARENT),
        ("母公司", Consolidation.PARENT),
    ],
)
def test_a_column_says_whose_it_is_under_its_period(own: str, whose: Consolidation) -> None:
    headers = {1: ["2024年9月30日", own]}
    column = columns_of(headers, _SETTING)[1]
    assert (column.consolidation, column.instant) == (whose, Period(date(2024, 9, 30)))
