"""A row that the end of a page cuts in two is told from a row that merely comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yanku.model.document import Origin
from yanku.model.place import Box
from yanku.parse.ink import Ink, Word, glued, line_of
from yanku.parse.piece import Piece, PieceCell, cell_text, cut_in_two
from yanku.parse.table import continues


def cell(row: int, column: int, text: str, x0: float, x1: float, *, span: int = 1) -> PieceCell:
    top = 700.0 + 20 * row
    return PieceCell(row, column, text, Box(x0, top, x1, top + 18), column_span=span)


def piece(*cells: PieceCell, ends: float) -> Piece:
    """Return a ruled table whose texts reach from the left of their cells to ``ends``."""
    words = tuple(
        Word(c.text, c.box.x0 + 2, c.box.y0 + 4, min(ends, c.box.x1 - 2), c.box.y0 + 13, 9)
        for c in cells
    )
    ink = Ink(1, 595, 842, Origin.TEXT_LAYER, words)
    return Piece(ink, cells[0].box, (70, 170, 270, 370), 1, cells, ruled=True)


@pytest.mark.parametrize(("ends", "whole"), [(268.0, True), (180.0, False)])
def test_a_text_over_two_columns_runs_on_overleaf_where_it_fills_both(
    ends: float, whole: bool
) -> None:
    wide = cell(0, 0, "本期归属于上市公司股东的净利润变动主要由于", 70, 270, span=2)
    rest = cell(0, 0, "汇率波动", 70, 270, span=2)
    assert cut_in_two(piece(wide, ends=ends), (wide,), (rest,)) is whole


@pytest.mark.parametrize(
    ("rest", "whole"), [("owners of the parent", True), ("Non-current assets of the group", False)]
)
def test_an_english_label_goes_on_in_small_letters_overleaf(rest: str, whole: bool) -> None:
    label = cell(0, 0, "Profit for the year attributable to", 70, 270)
    figure = cell(0, 1, "1,234", 270, 370)
    lower = cell(0, 0, rest, 70, 270)
    assert cut_in_two(piece(label, figure, ends=268), (label, figure), (lower,)) is whole


@pytest.mark.parametrize(
    ("upper", "lower", "said"),
    [("比例(%", ")", "比例(%)"), ("Change (", "%)", "Change (%)"), ("Net", "profit", "Net profit")],
)
def test_lines_of_a_cell_are_joined_without_a_space_inside_brackets(
    upper: str, lower: str, said: str
) -> None:
    assert glued(upper, lower) == said


def test_a_number_in_wide_digits_broken_by_its_cell_is_whole() -> None:
    lines = [line_of([Word(text, 10, 0, 40, 9, 9)]) for text in ("１２，３", "４５．６０")]
    assert cell_text(lines, 9, 42) == "１２，３４５．６０"


def test_a_row_of_which_nothing_is_left_overleaf_is_no_row() -> None:
    label = cell(0, 0, "Revenue", 70, 270)
    figure = cell(0, 1, "1,234", 270, 370)
    assert cut_in_two(piece(label, figure, ends=268), (label, figure), ())


@pytest.mark.parametrize(
    ("first", "xs", "on"),
    [
        ("号填列）", (70, 170, 270, 362, 370), True),
        ("号填列）", (70, 120, 220, 362, 370), False),
    ],
)
def test_a_statement_goes_on_with_the_end_of_a_label_where_a_border_is_drawn_a_little_off(
    first: str, xs: tuple[float, ...], on: bool
) -> None:
    above = piece(cell(0, 0, "信用减值损失（损失以“-”", 70, 170), ends=168)
    below = replace(piece(cell(0, 0, first, 70, 170), ends=120), xs=xs)
    assert continues(replace(above, xs=(70, 170, 270, 370)), below) is on
    headed = piece(cell(0, 0, "项目", 70, 170), cell(0, 1, "2025年度", 170, 270), ends=168)
    assert not continues(above, replace(headed, xs=xs))
