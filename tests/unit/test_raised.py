"""The mark of a footnote behind a figure is known by its ink."""

from __future__ import annotations

import numpy as np
import pytest

from yanku.parse.ink import Word
from yanku.parse.raised import ends_raised

WORD = Word("1,2345", 100.0, 100.0, 200.0, 140.0, 34.0)


@pytest.mark.parametrize(
    ("last", "raised"),
    [
        ((170, 108, 176, 120), True),  # small and high
        ((170, 110, 182, 130), False),  # a digit like the others
        ((170, 124, 176, 130), False),  # a point or a comma at the foot
        ((170, 110, 182, 129), False),  # a digit with a little of its foot lost
    ],
)
def test_a_raised_digit_is_small_and_stands_above_the_foot(
    last: tuple[int, int, int, int], raised: bool
) -> None:
    dark = np.zeros((300, 300), np.uint8)
    for x0, y0, x1, y1 in [(x, 110, x + 12, 130) for x in (110, 128, 148)] + [last]:
        dark[y0:y1, x0:x1] = 255
    assert ends_raised(WORD, dark, 1.0) is raised


def test_a_single_digit_has_nothing_to_be_raised_over() -> None:
    assert not ends_raised(WORD, np.zeros((300, 300), np.uint8), 1.0)
