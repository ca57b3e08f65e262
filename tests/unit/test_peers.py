"""A figure read from a picture is held against the others of its column."""

from __future__ import annotations

import pytest

from yanku.parse.ink import Word
from yanku.parse.peers import compared
from yanku.parse.seen import Spoken

WHOLE = ["4,149,624", "270,758", "1,165,739", "817,737"]
CENTS = ["4,149,624.10", "270,758.00", "1,165,739.29", "817.73", "12.40", "3.00"]


def _column(*texts: str, x1: float = 400.0) -> list[Spoken]:
    return [
        Spoken(Word(text, x1 - 5 * len(text), 20 * n, x1, 20 * n + 12, 9.0), 1.0, 0.0)
        for n, text in enumerate(texts)
    ]


def _read(*texts: str) -> list[tuple[str, bool]]:
    return [(s.word.text, s.trust > 0) for s in compared(_column(*texts))]


def test_a_point_among_whole_figures_with_commas_is_a_comma() -> None:
    assert _read(*WHOLE, "628.865")[-1] == ("628,865", True)
    assert _read(*WHOLE, "(884.746)")[-1] == ("(884,746)", True)


def test_a_comma_before_two_digits_is_a_point_where_the_column_has_cents() -> None:
    assert _read(*CENTS, "567,89")[-1] == ("567.89", True)


def test_a_figure_that_may_have_lost_something_keeps_its_text_and_its_trust_is_gone() -> None:
    for odd in ("192", "1,23,456.78", "12,345.678", "1234567", "628.865"):
        assert _read(*CENTS, odd)[-1] == (odd, False)


def test_figures_of_three_decimals_are_left_alone_where_nothing_speaks_against_them() -> None:
    ratios = ["1.234", "0.567", "12.890"]
    assert _read(*ratios) == [(text, True) for text in ratios]


def test_years_shares_and_numbers_of_notes_are_no_odd_ones() -> None:
    for text in ("2024", "0.3912", "12", "5,6"):
        assert _read(*CENTS, text)[-1][1]


def test_figures_of_other_columns_say_nothing() -> None:
    beside = _column(*WHOLE, x1=200.0)
    read = compared([*beside, *_column("628.865")])
    assert read[-1].word.text == "628.865"
    assert read[-1].trust > 0


def test_specks_on_the_separators_of_a_figure_are_taken_off() -> None:
    assert _read(*WHOLE, "16;135", "9,889.")[-2:] == [("16,135", True), ("9,889", True)]
    assert _read(*CENTS, "31:53")[-1] == ("31.53", True)
    assert _read("10:30", "12:45") == [("10:30", True), ("12:45", True)]


def test_figures_of_another_table_below_say_nothing_of_a_point() -> None:
    below = [
        Spoken(Word(f"{n}.25", 375, 260 + 20 * n, 400, 272 + 20 * n, 9.0), 1.0, 0.0)
        for n in range(10)
    ]
    read = compared([*_column(*WHOLE, "628.865"), *below])
    assert (read[4].word.text, read[4].trust) == ("628,865", 1.0)


@pytest.mark.parametrize("stroke", ["一", "“", "ー", "~"])
def test_a_stroke_alone_among_figures_is_a_dash(stroke: str) -> None:
    assert _read(*WHOLE, stroke)[-1] == ("-", True)
    assert _read("甲", "乙", stroke)[-1] == (stroke, True)


def test_a_digit_too_many_that_is_set_high_is_the_mark_of_a_footnote() -> None:
    words = _column(*WHOLE, "239,9291")
    assert compared(words, lambda _: True)[-1].word.text == "239,929¹"
    kept = compared(words, lambda _: False)[-1]
    assert (kept.word.text, kept.trust) == ("239,9291", 0.0)


def test_a_figure_like_its_column_keeps_its_last_digit_however_it_is_set() -> None:
    assert compared(_column(*CENTS, "222.16"), lambda _: True)[-1].word.text == "222.16"


def test_a_point_before_a_figure_like_its_column_is_a_minus_that_is_not_sure() -> None:
    read = compared(_column(*WHOLE, ".642"))[-1]
    assert (read.word.text, read.trust, read.signed) == ("-642", 0.0, True)
    assert _read("0.31", "0.57", "0.12", ".64")[-1] == (".64", True)
    assert _read("甲", "乙", ".642")[-1] == (".642", True)
