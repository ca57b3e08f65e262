"""Marks of units, years and quotations that a picture blurs are read as they are printed."""

from __future__ import annotations

import pytest

from yanku.parse.misread import mended_text
from yanku.parse.seen import Reading, words_of
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
        ("US$ million", "US$ million"),
        ("流动资产；", "流动资产："),
        ("(65,216:58)", "(65,216.58)"),
        ("(631.77)1", "(631.77)¹"),
        ("七5", "七、5"),
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
