"""Words of a picture are as large as their ink says, whatever paper they were found with."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from yanku.parse.fitted import fitted
from yanku.parse.ink import Word
from yanku.parse.seen import Spoken

SCALE = 2.0
FOUND = (90.0, 95.0, 160.0, 115.0)
"""Points: where the line was found; its digits are 105 to 112 high, from 100 to 150."""


def _dark(*more: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    dark = np.zeros((400, 600), np.uint8)
    digits = [(x, 102.0, x + 4, 109.5) for x in range(100, 150, 6)]
    for box in (*digits, *more):
        x0, y0, x1, y1 = (round(v * SCALE) for v in box)
        dark[y0:y1, x0:x1] = 255
    return dark


def _word(dark: NDArray[np.uint8], text: str = "1,234,567", *, level: bool = True) -> Word:
    spoken = Spoken(Word(text, *FOUND, 17.2), 1.0, 102.0, end=150.0)
    (fit,) = fitted([spoken], dark, SCALE, level=level)
    return fit.word


def test_a_word_is_as_wide_as_its_ink_and_as_high_as_its_font() -> None:
    word = _word(_dark())
    assert word.x0 == pytest.approx(100, abs=0.6)
    assert word.x1 == pytest.approx(152, abs=0.6)
    assert word.size == word.y1 - word.y0 == pytest.approx(10, abs=0.6)
    assert word.y0 < 102 < 109.5 < word.y1


def test_ink_of_the_lines_above_and_below_is_not_a_words_own() -> None:
    rows = [(x, y0, x + 5, y1) for x in range(100, 150, 7) for y0, y1 in ((90, 98), (113, 121))]
    assert _word(_dark(*rows), "主营业务收入") == _word(_dark(), "主营业务收入")
    assert _word(_dark(*rows)) == _word(_dark())


def test_strokes_of_letters_are_all_a_words_own() -> None:
    strokes = np.zeros((400, 600), np.uint8)
    strokes[200:203, 200:300] = strokes[216:219, 200:300] = 255
    word = _word(strokes, "二")
    assert word.y0 < 100.5
    assert word.y1 > 108.5


def test_ink_of_a_neighbour_and_dirt_are_not_a_words_own() -> None:
    beside, speck = (90.0, 102.0, 94.0, 109.5), (157.0, 104.0, 157.5, 104.5)
    assert _word(_dark(beside, speck)) == _word(_dark())


def test_words_of_a_sheet_that_is_not_level_keep_the_height_they_were_found_with() -> None:
    word = _word(_dark(), level=False)
    assert (word.y0, word.y1) == FOUND[1::2]
    assert word.size == pytest.approx(10, abs=0.6)


def test_a_word_without_ink_stays_as_it_was_found() -> None:
    assert _word(np.zeros((400, 600), np.uint8))[1:5] == FOUND


def test_words_of_about_one_size_are_of_one_size_and_titles_are_not() -> None:
    dark = np.zeros((600, 600), np.uint8)
    found = []
    for row, high in enumerate((7.5, 8.0, 7.5, 7.5, 11.0)):
        top = 20.0 + 40 * row
        for x in range(100, 150, 6):
            dark[round(top * SCALE) : round((top + high) * SCALE), x * 2 : x * 2 + 8] = 255
        word = Word("1,234,567", 90, top - 7, 160, top + high + 5, 17)
        found.append(Spoken(word, 1.0, 102.0, end=150.0))
    sizes = [each.word.size for each in fitted(found, dark, SCALE, level=True)]
    assert len(set(sizes[:4])) == 1
    assert sizes[4] > 1.3 * sizes[0]
