"""Parts of a table without a frame, set on one grid: a short part may lack a column or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanku.parse.piece import Piece, PieceCell


def on_grid_of(whole: Piece, part: Piece) -> Piece | None:
    """Return a part with its columns counted as those of the whole; None if they do not fit.

    Each column of the part has to lie within one of the whole, and no two within the same.
    """
    columns: list[int] = []
    for column in range(part.columns):
        middle = _middle([c for c in part.cells if c.column == column and c.column_span == 1])
        if middle is None:
            return None
        inside = [i for i in range(whole.columns) if whole.xs[i] <= middle < whole.xs[i + 1]]
        if not inside or (columns and inside[0] <= columns[-1]):
            return None
        columns.append(inside[0])
    cells = tuple(_moved(cell, columns) for cell in part.cells)
    return replace(part, xs=whole.xs, cells=cells)


def _middle(cells: Sequence[PieceCell]) -> float | None:
    if not cells:
        return None
    return (min(c.box.x0 for c in cells) + max(c.box.x1 for c in cells)) / 2


def _moved(cell: PieceCell, columns: Sequence[int]) -> PieceCell:
    first, last = columns[cell.column], columns[cell.column + cell.column_span - 1]
    return replace(cell, column=first, column_span=last - first + 1)
