"""A row that the end of a page cuts in two is told from a row that merely comes next."""

from __future__ import annotations

import pytest

from yanku.model.document import Origin
from yanku.model.place import Box
from yanku.parse.ink import Ink, Word
from yanku.parse.piece import Piece, PieceCell, cut_in_two


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
