"""What a finder of lines leaves out is found by its ink: lone digits, dashes, a minus."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from yanku.parse.ink import Word
from yanku.parse.seen import Spoken
from yanku.parse.stray import dashed, parted, signed

LINE = (200.0, 100.0, 300.0, 140.0)
NUMBER = Spoken(Word("4,789", 200.0, 100.0, 300.0, 140.0, 34.0), 1.0, 222.0)


def _page(*boxes: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """Draw boxes of ink, and the digits of a number that begins at 214."""
    dark = np.zeros((400, 600), np.uint8)
    for x0, y0, x1, y1 in ((214, 111, 230, 131), (240, 111, 256, 131), *boxes):
        dark[y0:y1, x0:x1] = 255
    return dark


def test_a_dash_before_a_number_is_a_minus_that_is_not_sure() -> None:
    read = signed(NUMBER, _page((198, 119, 208, 122)), 1.0)
    assert (read.word.text, read.trust, read.signed) == ("-4,789", 0.0, True)


def test_a_minus_that_runs_into_its_number_is_one_too() -> None:
    read = signed(NUMBER, _page((204, 119, 216, 123)), 1.0)
    assert (read.word.text, read.trust, read.signed) == ("-4,789", 0.0, True)


def test_a_minus_in_a_line_found_too_high_is_seen_past_the_lines_above_and_below() -> None:
    high = Spoken(Word("4,789", 200.0, 85.0, 300.0, 157.0, 62.0), 1.0, 222.0)
    dark = _page((204, 119, 211, 122), (205, 85, 230, 90), (206, 151, 230, 157))
    assert signed(high, dark, 1.0).word.text == "-4,789"
    assert signed(high, _page((205, 85, 230, 90)), 1.0) is high


def test_a_triangle_before_a_number_is_its_minus_where_others_have_one() -> None:
    dark = _page()
    for row in range(12):  # a triangle of 12 by 12, left of the digits
        dark[118 + row, 202 - row // 2 : 203 + row // 2] = 255
    read = signed(NUMBER, dark, 1.0, triangles=True)
    assert (read.word.text, read.trust, read.signed) == ("△4,789", 0.0, True)
    assert signed(NUMBER, dark, 1.0) is NUMBER
    letter = _page((196, 118, 208, 131))
    assert signed(NUMBER, letter, 1.0, triangles=True) is NUMBER


@pytest.mark.parametrize(
    "box",
    [
        (190, 102, 212, 104),  # a rule above
        (211, 120, 216, 123),  # a part of the digit itself
        (198, 111, 208, 131),  # a letter
        (120, 119, 132, 122),  # far away
    ],
)
def test_other_ink_before_a_number_is_none(box: tuple[int, int, int, int]) -> None:
    assert signed(NUMBER, _page(box), 1.0) is NUMBER


def test_a_number_that_has_a_sign_is_left_alone() -> None:
    spoken = Spoken(NUMBER.word._replace(text="(4,789)"), 1.0, 222.0)
    assert signed(spoken, _page((198, 119, 208, 122)), 1.0) is spoken


def test_a_lone_digit_and_a_nil_level_with_a_line_are_lines_and_a_speck_is_none() -> None:
    dark = _page(
        (400, 112, 410, 130), (480, 119, 494, 122), (550, 118, 553, 121), (60, 300, 70, 318)
    )
    wider, marks = parted(dark, [LINE])
    assert not wider
    assert [(round(x0 + x1) // 2, y0, y1) for x0, y0, x1, y1 in marks] == [
        (405, 100.0, 140.0),
        (487, 100.0, 140.0),
    ]


def test_a_minus_outside_of_its_line_makes_the_line_wider() -> None:
    wider, marks = parted(_page((186, 119, 196, 122)), [LINE])
    assert wider[0][0] < 186
    assert not marks


def test_a_speckled_page_has_no_marks() -> None:
    spots = [(x, y, x + 8, y + 16) for x in range(10, 580, 13) for y in (0, 160, 200, 240, 320)]
    spots += [(x, 112, x + 8, 128) for x in range(310, 590, 20)]
    lines = [(200.0, y - 12.0, 300.0, y + 28.0) for y in (0, 112, 160, 200, 240, 320)]
    assert parted(_page(*spots), lines) == ({}, [])


@pytest.mark.parametrize(
    ("bars", "text"),
    [
        ([(410, 119, 420, 122)], "-"),
        ([(410, 119, 436, 122)], "—"),
        ([(410, 119, 418, 122), (422, 119, 430, 122)], "--"),
        ([], "-"),
    ],
)
def test_a_dash_is_as_long_as_its_ink(bars: list[tuple[int, int, int, int]], text: str) -> None:
    spoken = Spoken(Word("-", 400.0, 100.0, 440.0, 140.0, 34.0), 0.9, 410.0)
    assert dashed(spoken, _page(*bars), 1.0).word.text == text


def test_a_number_is_no_dash() -> None:
    assert dashed(NUMBER, _page(), 1.0) is NUMBER
