"""The check of every number: what a sentence may say, given what it cites."""

from decimal import Decimal

import pytest

from yanku.answer.check import contradicts, strange_dates, strange_names, unsupported
from yanku.answer.stated import stated_in
from yanku.model.amount import Amount
from yanku.model.answer import Calculation, Citation
from yanku.model.library import DocumentId
from yanku.model.place import OnPage
from yanku.retrieve.tokens import Tokens


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


def dated(text: str) -> tuple[str, ...]:
    return Tokens().of(text)


SOURCE = "公司与启明银行签订协议，2024年5月31日实施完毕，收入增长主要系订单增加。"


def test_a_name_no_source_names_is_strange() -> None:
    assert strange_names("公司与启明银行签订协议。", [SOURCE]) == ()
    assert strange_names("公司与招商银行签订协议。", [SOURCE]) != ()
    assert strange_names("公司与OpenAI签订协议。", [SOURCE]) == ("OpenAI",)
    assert strange_names("The plant in Hungary starts in May.", ["the plant in hungary, may"]) == ()
    assert strange_names("The plant in Poland starts.", ["the plant in hungary"]) == ("Poland",)


def test_a_date_is_known_in_any_of_its_spellings() -> None:
    assert strange_dates("方案已于2024-05-31实施。", [SOURCE], dated) == ()
    assert strange_dates("方案已于2024年6月30日实施。", [SOURCE], dated) != ()


@pytest.mark.parametrize(
    ("sentence", "source", "opposite"),
    [
        ("收入下降主要系订单变动。", "收入增长主要系订单变动。", True),
        ("收入增长主要系订单变动。", "收入增长主要系订单变动。", False),
        ("公司开展外汇衍生品交易。", "公司未开展外汇衍生品交易。", True),
        ("公司未开展外汇衍生品交易。", "公司进口磨床以欧元计价，公司未开展外汇衍生品交易。", False),
        ("The company has guarantees.", "The company has no guarantees.", True),
    ],
)
def test_the_opposite_of_a_source_is_told_from_the_same(
    sentence: str, source: str, opposite: bool
) -> None:
    assert contradicts(sentence, source, dated) is opposite
