"""The check of every number: what a sentence may say, given what it cites."""

from decimal import Decimal

import pytest

from yanku.answer.check import unsupported
from yanku.answer.stated import stated_in
from yanku.model.amount import Amount
from yanku.model.answer import Calculation, Citation
from yanku.model.library import DocumentId
from yanku.model.place import OnPage


def cite(line: str, context: str = "") -> Citation:
    values = tuple(stated.amount for stated in stated_in(line, context))
    return Citation(1, DocumentId("d"), "f.pdf", OnPage(1), line, values=values)


def test_a_number_printed_in_its_source_is_supported() -> None:
    source = cite("营业收入 | 2024年: 1,234.56 | 2023年: 1,000.00", "单位：元")
    assert unsupported("营业收入为1,234.56元。", [source]) == ()


def test_a_number_that_stands_nowhere_is_found_out() -> None:
    source = cite("营业收入 | 2024年: 1,234.56", "单位：元")
    assert unsupported("营业收入为1,234.57元。", [source]) == ("1,234.57元",)


def test_a_bare_number_of_a_table_in_wan_yuan_is_not_yuan() -> None:
    source = cite("营业收入 | 2024年: 1,234.56", "某公司 单位：万元")
    assert unsupported("营业收入为1,234.56元。", [source]) == ("1,234.56元",)
    assert unsupported("营业收入为1,234.56万元。", [source]) == ()


def test_the_unit_in_the_row_label_wins_over_the_table() -> None:
    source = cite("基本每股收益（元/股） | 2024年: 0.52", "单位：万元")
    assert source.values[-1] == Amount(Decimal("0.52"), "CNY/share")


@pytest.mark.parametrize(
    ("said", "carried"),
    [
        ("营业收入约12.35亿元。", True),
        ("营业收入约12.3亿元。", True),
        ("营业收入约12.4亿元。", False),
        ("Revenue was RMB 1,234.6 million.", True),
    ],
)
def test_a_rounded_number_is_supported_only_if_it_rounds_to_it(said: str, carried: bool) -> None:
    source = cite("营业收入 | 1,234,567,890.12", "单位：元")
    # 12.35亿 is 1,235,000,000 ± 500,000; the source rounds to it.
    assert (unsupported(said, [source]) == ()) is carried


def test_a_fall_may_be_said_without_its_sign_but_not_as_a_rise() -> None:
    source = cite("净利润同比增减 | -12.30%")
    assert unsupported("净利润同比下降12.3%。", [source]) == ()
    assert unsupported("净利润同比增长12.3%。", [source]) == ("12.3%",)


def test_the_result_of_a_shown_calculation_is_supported() -> None:
    shown = Calculation("a ÷ b", (), Amount(Decimal("33.3333"), "%"))
    assert unsupported("占比33.33%。", [], [shown]) == ()
    assert unsupported("占比33.34%。", [], [shown]) == ("33.34%",)


def test_dates_and_citation_marks_are_not_numbers_to_support() -> None:
    assert unsupported("截至2024年9月30日，公司第三季度经营正常[1]。", []) == ()
