"""Characters of a page become words of the size they are set in."""

from __future__ import annotations

import pytest

from yanku.parse.glyphs import Crossing, Weaver

HAN, LATIN = (102.0, 112.5), (99.0, 113.0)
"""From where to where fonts of 10.5 points reach: those of Latin letters further."""


def woven(text: str) -> Weaver:
    weaver = Weaver(Crossing(()), lambda _: False, lambda _: False)
    for index, letter in enumerate(text):
        top, bottom = LATIN if letter.isascii() else HAN
        weaver.add(index, letter, (10.0 * index, top, 10.0 * index + 10, bottom))
    weaver.close()
    return weaver


@pytest.mark.parametrize(
    ("text", "size"),
    [("创新药的核心IP，为确保公司项目", 10.5), ("创新药的核心", 10.5), ("DEL", 14.0)],
)
def test_letters_of_another_script_within_a_word_make_it_no_larger(text: str, size: float) -> None:
    (word,) = woven(text).words
    assert word.text == text
    assert word.size == pytest.approx(size)
