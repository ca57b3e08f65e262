"""Ruling lines of pale print are drawn on as far as traces of them lead, and no further."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yanku.parse.ink import Ruling
from yanku.parse.strokes import rulings

ROWS = range(20, 141, 20)


def _grid(*breaks: tuple[int, int]) -> NDArray[np.uint8]:
    """Draw level lines and three upright ones at 72 dpi; the middle one is broken."""
    dark = np.zeros((180, 260), np.uint8)
    for y in ROWS:
        dark[y, 20:221] = 255
    for x in (20, 120, 220):
        dark[ROWS[0] : ROWS[-1] + 1, x] = 255
    for start, end in breaks:
        dark[start:end, 120] = 0
    return dark


def _middle(dark: NDArray[np.uint8], writing: tuple[tuple[float, ...], ...] = ()) -> Ruling:
    _, upright = rulings(dark, 72.0, 10.0, [(a, b, c, d) for a, b, c, d in writing])
    lines = [line for line in upright if abs(line.at - 120) < 1.5]
    return max(lines, key=lambda line: line.end - line.start)


def test_a_line_in_small_pieces_is_drawn_on_over_several_rows() -> None:
    broken = [(y, y + 2) for row in ROWS[2:6] for y in (row + 2, row + 8, row + 14)]
    line = _middle(_grid(*broken))
    assert line.start < ROWS[0] + 2
    assert line.end > ROWS[-1] - 2


def test_a_line_ends_where_there_is_nothing_but_paper() -> None:
    line = _middle(_grid((ROWS[4] + 1, ROWS[6])))
    assert ROWS[4] - 1 < line.end < ROWS[4] + 4


def test_no_line_is_drawn_on_through_writing() -> None:
    broken = [(y, y + 2) for y in range(ROWS[4] + 2, ROWS[6], 5)]
    word = (90.0, ROWS[4] + 4.0, 150.0, ROWS[4] + 16.0)
    assert _middle(_grid(*broken)).end > ROWS[5]
    assert _middle(_grid(*broken), (word,)).end < ROWS[4] + 4


def test_level_lines_are_drawn_on_to_an_upright_one_that_was_broken_itself() -> None:
    dark = _grid()
    dark[ROWS[1], 190:219:4] = 0
    for row in ROWS[:3]:
        dark[row + 2 : row + 20 : 5, 220] = 0
    level, _ = rulings(dark, 72.0, 10.0)
    assert all(line.end > 216 for line in level)
