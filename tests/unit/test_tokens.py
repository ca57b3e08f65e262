"""Words: what stays whole, what becomes the same, what is left out."""

from __future__ import annotations

import pytest

from yanku.retrieve.tokens import Tokens

TERMS = ("加权平均净资产收益率", "净资产收益率", "经营活动产生的现金流量净额", "现金流量")


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(TERMS)


@pytest.mark.parametrize("printed", ["1,234.56", "1234.56", "１，２３４．５６", "1,234.560"])
def test_a_number_is_one_word_however_it_is_printed(tokens: Tokens, printed: str) -> None:
    assert tokens.of(f"收入{printed}元") == ("收入", "1234.56", "元")


@pytest.mark.parametrize(
    "printed", ["2023年9月30日", "2023-09-30", "2023/9/30", "2023.09.30", "２０２３年９月３０日"]
)
def test_a_date_is_the_same_words_in_every_spelling(tokens: Tokens, printed: str) -> None:
    assert tokens.of(f"截至{printed}，") == ("截至", "2023-09-30", "2023-09", "2023")


def test_a_month_finds_its_days_and_a_year_finds_both(tokens: Tokens) -> None:
    assert set(tokens.of("2023年9月")) < set(tokens.of("2023年9月30日"))
    assert set(tokens.of("2023年")) < set(tokens.of("2023年9月"))
    assert tokens.of("2023年度") == ("2023", "度")


def test_a_securities_code_keeps_its_zeros(tokens: Tokens) -> None:
    assert tokens.of("(000001.SZ)") == ("000001", "sz")


def test_zeros_after_the_point_make_no_difference_and_those_before_do(tokens: Tokens) -> None:
    assert tokens.of("600.00 0.50 100") == ("600", "0.5", "100")


def test_punctuation_signs_and_stop_words_are_left_out(tokens: Tokens) -> None:
    assert tokens.of("净利润的12.5%（增长）是多少？-3.1 | : ——") == (
        "净利",
        "利润",
        "净利润",
        "12.5",
        "增长",
        "3.1",
    )


def test_latin_words_keep_their_form_in_lower_case(tokens: Tokens) -> None:
    assert tokens.of("EBITDA of 5G-Networks’ ISO9001 Operating revenues") == (
        "ebitda",
        "5g",
        "networks",
        "iso9001",
        "operating",
        "revenues",
    )


def test_a_term_is_found_whole_and_by_the_terms_inside_it(tokens: Tokens) -> None:
    found = tokens.of("公司加权平均净资产收益率为3.2%")
    assert {"加权平均净资产收益率", "净资产收益率", "收益率", "3.2"} <= set(found)
    assert {"经营活动产生的现金流量净额", "现金流量"} <= set(
        tokens.of("经营活动产生的现金流量净额")
    )


def test_without_a_vocabulary_words_are_still_words() -> None:
    assert "净利润" in Tokens().of("归属于上市公司股东的净利润")


def test_one_vocabulary_does_not_reach_another() -> None:
    Tokens(["青禾股份特别收益"])
    assert "青禾股份特别收益" not in Tokens().of("青禾股份特别收益")


def test_nothing_says_nothing(tokens: Tokens) -> None:
    assert tokens.of("") == tokens.of(" ，。\x00") == ()


def test_no_single_character_is_lost_from_unknown_words(tokens: Tokens) -> None:
    assert set("".join(tokens.of("魑魅魍魉股份"))) >= set("魑魅魍魉股份")


def test_a_table_line_gives_label_words_and_numbers(tokens: Tokens) -> None:
    found = tokens.of("货币资金 | 2023年9月30日: 1,234,567.89 | 2022年12月31日: 0.00")
    assert found[-5:] == ("1234567.89", "2022-12-31", "2022-12", "2022", "0")


def test_a_date_after_a_comma_is_a_date() -> None:
    assert "2024-05-31" in Tokens().of("签订协议，2024年5月31日实施")
    assert "2024-05-31" not in Tokens().of("1,2024-05-31")
