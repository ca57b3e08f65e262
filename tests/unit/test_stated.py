"""A number is only true of its own row and column."""

from decimal import Decimal

import pytest

from yanku.answer.stated import is_spoken_of, stated_in
from yanku.model.amount import Amount
from yanku.retrieve.tokens import Tokens

WORDS = Tokens().of
ROW = "谐波减速器 | 营业收入: 94,619.84 | 毛利率（%）: 40.79 | 营业收入比上年增减（%）: 26.33"


def spoken(line: str, said: str) -> list[str]:
    """Return the values of a line that a sentence speaks of."""
    return [
        str(stated.amount.value)
        for stated in stated_in(line, "某公司 单位：万元")
        if is_spoken_of(stated, said, WORDS)
    ]


def test_the_unit_of_a_column_wins_over_the_table() -> None:
    income, margin, growth = stated_in(ROW, "某公司 单位：万元")
    assert income.amount == Amount(Decimal("946198400.00"), "CNY")
    assert margin.amount == Amount(Decimal("40.79"), "%")
    assert growth.amount.unit == "%"


def test_the_unit_of_a_table_does_not_reach_prose() -> None:
    (found,) = stated_in("共有86家门店", "单位：万元")
    assert found.amount.value == 86


def test_a_value_is_spoken_of_by_row_and_column() -> None:
    assert spoken(ROW, "谐波减速器的毛利率为40.79%") == ["40.79"]


@pytest.mark.parametrize(
    "said",
    [
        "广告费支出为94,619.84万元",
        "精密轴承的毛利率为40.79%",
        "滚珠丝杠毛利率40.79%",
    ],
)
def test_a_value_of_another_row_is_not_spoken_of(said: str) -> None:
    assert spoken(ROW, said) == []


def test_a_value_of_another_year_is_not_spoken_of() -> None:
    row = "加：营业外收入 | 2024年度: 1,299,106.47 | 2023年度: 929,148.45"
    assert spoken(row, "2024年营业外收入是多少") == ["12991064700.00"]
    assert spoken(row, "2023年营业外收入是多少") == ["9291484500.00"]


def test_the_comparative_column_is_not_the_current_one() -> None:
    row = "研发人员数量 | 本期: 210 | 上年同期: 180"
    assert spoken(row, "研发人员数量是多少") == ["2100000"]
    assert spoken(row, "上年同期研发人员数量是多少")[-1] == "1800000"


def test_prose_has_neither_row_nor_column() -> None:
    (found,) = stated_in("公司新增研发人员86人")
    assert is_spoken_of(found, "任何话", WORDS)
