"""Amounts written in Chinese characters."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yanku.model.amount import Amount, find_amounts, read_amount


@pytest.mark.parametrize(
    ("printed", "value", "code"),
    [
        ("三千五百万元", "35000000", "CNY"),
        ("壹亿贰仟万元整", "120000000", "CNY"),
        ("人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89", "CNY"),
        ("人民币壹万零伍元整", "10005", "CNY"),
        ("两亿三千万美元", "230000000", "USD"),
        ("一万亿元", "1000000000000", "CNY"),
        ("港币伍拾万元整", "500000", "HKD"),
    ],
)
def test_an_amount_in_characters_is_read(printed: str, value: str, code: str) -> None:
    assert read_amount(printed) == Amount(Decimal(value), code)


@pytest.mark.parametrize(
    "text",
    [
        "数百万元",
        "二三十亿元",
        "一百多万元",
        "三元材料",
        "双十一元素",
        "百万元",
        "单位：千元",
        "十二",
    ],
)
def test_vague_numbers_and_words_with_numbers_in_them_are_no_amounts(text: str) -> None:
    assert find_amounts(text) == ()


def test_amounts_in_characters_and_in_digits_stand_in_order_of_appearance() -> None:
    found = find_amounts("注册资本一千二百万元，实缴300万元，担保额为壹佰万元整。")
    assert [each.text for each in found] == ["一千二百万元", "300万元", "壹佰万元整"]
    assert [each.half_step for each in found] == [500_000, 5_000, Decimal("0.5")]


def test_a_plus_sign_belongs_to_the_number() -> None:
    assert read_amount("+12.5%") == Amount(Decimal("12.5"), "%")
