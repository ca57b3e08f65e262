"""A label of a picture ends in (%) where others of its column do and it almost does."""

from __future__ import annotations

import pytest

from yanku.parse.ink import Word
from yanku.parse.percents import with_percents
from yanku.parse.seen import Spoken


def _column(*texts: str, x0: float = 50.0, step: float = 14.0) -> list[Spoken]:
    return [
        Spoken(Word(text, x0, step * n, x0 + 8 * len(text), step * n + 9, 9.0), 0.6, 0.0)
        for n, text in enumerate(texts)
    ]


def _last(*texts: str, step: float = 14.0) -> str:
    return with_percents(_column(*texts, step=step))[-1].word.text


@pytest.mark.parametrize("end", ["(9%)", "(9)", "（96）", "(%0)", "(o/o)"])
def test_a_mark_read_as_digits_is_one_beside_others(end: str) -> None:
    assert _last("毛利率(%)", "净利率（％）", f"营业收入{end}") == "营业收入(%)"


def test_a_number_in_brackets_stays_where_no_label_beside_it_has_the_mark() -> None:
    assert _last("应收账款(8)", "存货(7)", "营业收入(9)") == "营业收入(9)"
    assert _last("毛利率(%)", "存货(7)", "营业收入(9)") == "营业收入(9)"
    assert _last("毛利率(%)", "净利率(%)", "营业收入(9)", step=400.0) == "营业收入(9)"
    beside = [*_column("毛利率(%)", "净利率(%)", x0=300.0), *_column("营业收入(9)")]
    assert with_percents(beside)[-1].word.text == "营业收入(9)"


def test_a_title_of_growth_ends_in_the_mark_whatever_stands_beside_it() -> None:
    assert _last("2024", "Change (9%)") == "Change (%)"
    assert _last("2024", "同比增减(96)") == "同比增减(%)"
    assert _last("2024", "同比增减(9)") == "同比增减(9)"
    assert _last("2024", "税率(9%)") == "税率(9%)"


def test_other_numbers_in_brackets_stay() -> None:
    for text in ("营业收入(12)", "(96)", "1,234(9)", "营业收入(95%)"):
        assert _last("毛利率(%)", "净利率(%)", text) == text
