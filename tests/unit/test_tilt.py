"""The tilt of a page is found to a tenth of a degree, however short its lines are."""

import cv2
import numpy as np
import pytest

from yanku.parse.tilt import tilt_of


def page(degrees: float) -> np.ndarray:
    """Return a page of short words in two columns, turned clockwise by some degrees."""
    paper = np.full((1600, 1130), 255, np.uint8)
    for row in range(60):
        for left, length in ((90, 70 + row * 37 % 90), (700, 60)):
            cv2.rectangle(paper, (left, 60 + row * 25), (left + length, 72 + row * 25), 30, -1)
    turn = cv2.getRotationMatrix2D((565, 800), -degrees, 1.0)
    turned = cv2.warpAffine(paper, turn, (1130, 1600), borderValue=255)
    return cv2.cvtColor(turned, cv2.COLOR_GRAY2RGB)


@pytest.mark.parametrize("degrees", [0.0, 0.3, -0.45, 0.8, -1.1])
def test_a_slight_tilt_is_seen(degrees: float) -> None:
    assert abs(tilt_of(page(degrees), 0.0) - degrees) <= 0.1


@pytest.mark.parametrize("degrees", [0.3, -0.45, 0.8])
def test_a_slight_tilt_is_seen_in_pale_print(degrees: float) -> None:
    pale = (255 - (255 - page(degrees).astype(np.float32)) * 0.2).astype(np.uint8)
    assert abs(tilt_of(pale, 0.0) - degrees) <= 0.1


def test_a_great_tilt_is_made_exact() -> None:
    assert abs(tilt_of(page(7.3), 7.0) - 7.3) <= 0.1


def test_an_empty_page_keeps_the_angle_it_was_held_for() -> None:
    assert tilt_of(np.full((400, 300, 3), 255, np.uint8), 1.5) == 1.5
