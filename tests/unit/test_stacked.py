"""Lines that were found as one are taken apart where there is paper between them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from yanku.parse.ink import Ruling
from yanku.parse.stacked import unstacked

USUAL = 30.0


def _page(*rows: tuple[int, int]) -> NDArray[np.uint8]:
    """Draw letters between the given heights, of which every other has a gap beside it."""
    dark = np.zeros((200, 200), np.uint8)
    for top, foot in rows:
        for x in range(40, 160, 12):
            dark[top:foot, x : x + 8] = 255
    return dark


def test_two_lines_found_as_one_are_two_and_hold_their_letters() -> None:
    (parts,) = unstacked(_page((50, 66), (76, 92)), [(30.0, 40.0, 170.0, 104.0)], USUAL).values()
    assert len(parts) == 2
    (_, top, _, middle), (_, below, _, foot) = parts
    assert top < 50 < 66 < middle <= below < 76 < 92 < foot


@pytest.mark.parametrize(
    "rows",
    [
        [(50, 92)],  # one line of large letters
        [(50, 54), (70, 74), (88, 92)],  # the strokes of one letter
    ],
)
def test_one_line_stays_one(rows: list[tuple[int, int]]) -> None:
    assert not unstacked(_page(*rows), [(30.0, 40.0, 170.0, 104.0)], USUAL)


def test_a_line_of_usual_height_and_one_that_runs_downwards_are_left_alone() -> None:
    dark = _page((50, 58), (62, 70))
    assert not unstacked(dark, [(30.0, 45.0, 170.0, 80.0), (40.0, 10.0, 60.0, 190.0)], USUAL)


def test_two_figures_in_cells_above_one_another_are_parted_by_the_ruling_between() -> None:
    dark = np.zeros((200, 200), np.uint8)
    dark[52:66, 50:58] = dark[84:98, 50:58] = 255
    narrow = (45.0, 48.0, 63.0, 102.0)
    assert not unstacked(dark, [narrow], USUAL)
    across, short = Ruling(75.0, 20.0, 180.0), Ruling(75.0, 20.0, 50.0)
    assert unstacked(dark, [narrow], USUAL, [across]) == {
        0: [(45.0, 48.0, 63.0, 75.0), (45.0, 75.0, 63.0, 102.0)]
    }
    assert not unstacked(dark, [narrow], USUAL, [short])
