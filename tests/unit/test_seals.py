"""A red seal comes off the print beneath it, also where large print cuts it in two."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.seals import without_seals

DPI = 100.0


def _page() -> NDArray[np.uint8]:
    page = np.full((600, 600, 3), 245, np.uint8)
    cv2.circle(page, (300, 300), 75, (225, 40, 50), 6)
    cv2.rectangle(page, (290, 290), (310, 310), (225, 40, 50), -1)
    return page


def _red(page: NDArray[np.uint8]) -> int:
    red, green, blue = (page[..., n].astype(int) for n in range(3))
    return int(np.count_nonzero((red - np.maximum(green, blue)) > 45))


def test_a_seal_goes_and_the_print_beneath_it_stays() -> None:
    page = _page()
    cv2.rectangle(page, (150, 296), (450, 303), (20, 20, 20), -1)
    clean = without_seals(page, DPI)
    assert _red(clean) == 0
    assert int(clean[299, 299].max()) < 60


def test_a_seal_that_large_print_cuts_in_two_goes_as_a_whole() -> None:
    page = _page()
    cv2.rectangle(page, (150, 246), (450, 268), (20, 20, 20), -1)
    assert _red(without_seals(page, DPI)) == 0


def test_red_figures_beside_no_seal_stay() -> None:
    page = np.full((600, 600, 3), 245, np.uint8)
    for x in range(100, 180, 10):
        cv2.rectangle(page, (x, 100), (x + 6, 112), (225, 40, 50), -1)
    page[300:310, 300:420] = (225, 40, 50)
    assert _red(without_seals(page, DPI)) == _red(page)
