"""Marks of units, years and quotations that a picture blurs are read as they are printed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from yanku.parse.misread import mended_text
from yanku.parse.seen import Reading, mended_number, words_of
from yanku.parse.speller import Letter


@pytest.mark.parametrize(
    ("seen", "printed"),
    [
        ("2024年日", "2024年E"),
        ("2025日", "2025E"),
        ("2023人", "2023A"),
        ("HKS°000", "HK$'000"),
        ("US$`OOO", "US$'000"),
        ("RMB°000", "RMB'000"),
        ("(HK$’000)", "(HK$'000)"),
        ("US$·000", "US$'000"),
        ("Receivables (EUR billin)", "Receivables (EUR billion)"),
        ("RMB thousard", "RMB thousand"),
        ("US$ million", "US$ million"),
        ("流动资产；", "流动资产："),
        ("流动比事", "流动比率"),
        ("净利润（港币干元）", "净利润（港币千元）"),
        ("单位：百方元", "单位：百万元"),
        ("(人民币干元)", "(人民币千元)"),
        ("单位：万无", "单位：万元"),
        ("干元）", "千元）"),
        ("方元", "方元"),
        ("（亿元）", "（亿元）"),
        ("东方元素（北方元件）", "东方元素（北方元件）"),
        ("P/8", "P/B"),
        ("P/8(倍)", "P/B(倍)"),
        ("P/8x", "P/8x"),
        ("EV/EBIIDA", "EV/EBITDA"),
        ("EV/EBIT", "EV/EBIT"),
        ("净利事(%)", "净利率(%)"),
        ("本事", "本事"),
        ("(65,216:58)", "(65,216.58)"),
        ("(631.77)1", "(631.77)¹"),
        ("七5", "七、5"),
        ("七 13", "七、13"),
        ("损失以“”号填列", "损失以“-”号填列"),
        ("HKS million", "HK$ million"),
        ("损失以“-“号填列", "损失以“-”号填列"),
    ],
)
def test_what_can_only_have_been_printed_one_way_is_read_so(seen: str, printed: str) -> None:
    assert mended_text(seen) == printed


@pytest.mark.parametrize(
    "text",
    ["1月1日", "2024年1月1日", "BUS 000", "SALES", "2024", "¥1,000", "本日", "12:58", "三季度",
     "(631.77)", "审议通过了年度报告；"],
)  # fmt: skip
def test_what_may_be_printed_as_it_reads_stays(text: str) -> None:
    assert mended_text(text) == text


def test_blanks_that_a_recogniser_sees_between_wide_digits_are_none() -> None:
    marks = [("5", 0), (" ", 0.5), ("0", 1), (" ", 1.5), ("9", 2), (",", 3), ("0", 4), ("4", 5)]
    letters = tuple(Letter(c, 100 + 10 * at, 1.0) for c, at in marks)
    (word,) = words_of(Reading(95, 0, 160, 12, letters), ())
    assert word.word.text == "509,04"


def test_two_numbers_with_a_gap_between_them_stay_two() -> None:
    marks = [("1", 0), ("2", 1), (" ", 2.2), ("3", 3.4), ("4", 4.4)]
    letters = tuple(Letter(c, 100 + 5 * at, 1.0) for c, at in marks)
    (word,) = words_of(Reading(95, 0, 130, 12, letters), ())
    assert word.word.text == "12 34"


def _line(text: str, at: Sequence[float]) -> list[str]:
    letters = tuple(Letter(c, 100 + 5 * x, 1.0) for c, x in zip(text, at, strict=True))
    end = 105 + 5 * at[-1]
    return [each.word.text for each in words_of(Reading(95, 0, end, 12, letters), ())]


def test_figures_and_years_close_together_are_words_of_columns_of_their_own() -> None:
    assert _line("1,234.565,678.90", [*range(8), *range(10, 18)]) == ["1,234.56", "5,678.90"]
    years = "2024年2025年E"
    assert _line(years, [0, 1, 2, 3, 5, 8, 9, 10, 11, 13, 15]) == ["2024年", "2025年E"]
    high = [100 + 4.2 * x for x in (0, 1, 2, 3, 4, 5.5, 7.5, 8.5, 9.5, 10.5, 11.5, 13)]
    letters = tuple(Letter(c, x, 1.0) for c, x in zip("2023年E2024年E", high, strict=True))
    found = words_of(Reading(95, 0, 160, 13.4, letters), ())  # found higher than it is
    assert [each.word.text for each in found] == ["2023年E", "2024年E"]
    assert _line("Note12and34", [0, 1, 2, 3, 5, 6, 8, 9, 10, 12, 13]) == ["Note12and34"]


def test_no_blank_stands_before_a_bracket_that_closes_or_before_a_point() -> None:
    assert _line("(% )", range(4)) == ["(%)"]
    assert _line("0 .4", range(4)) == ["0.4"]
    assert _line("( 8)", range(4)) == ["(8)"]


def test_the_number_of_a_note_is_one_word_though_its_mark_is_not_seen() -> None:
    assert _line("七13", [0, 3, 4]) == ["七、13"]


def test_groups_of_three_and_one_decimal_leave_one_reading() -> None:
    assert mended_number("1.613.5") == "1,613.5"
    assert mended_number("1.61.5") == "1.61.5"
