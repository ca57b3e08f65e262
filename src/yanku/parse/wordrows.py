"""The rows of a Word table, each with borders of its own, made into one grid."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanku.parse.docstyle import RowShape
from yanku.parse.grid import GridCell

_SAME_BORDER = 40
"""Twentieths of a point: borders of rows drawn by hand differ by this much."""


@dataclass(slots=True)
class WordRow:
    """A row of a table while it is read; ``heads`` tells a row repeated on every page."""

    cells: list[str] = field(default_factory=list)
    shape: RowShape | None = None
    heads: bool = False


def grid_of(rows: list[WordRow]) -> list[GridCell]:
    """Return the cells of a table; rows share columns where their borders meet."""
    borders: list[int] = []
    for x in sorted(x for row in rows if row.shape is not None for x in row.shape.borders):
        if not borders or x - borders[-1] > _SAME_BORDER:
            borders.append(x)
    cells: list[GridCell] = []
    above: dict[int, int] = {}  # by column, which cell the next row may carry on
    for number, row in enumerate(rows):
        below: dict[int, int] = {}
        for n, text in enumerate(row.cells):
            column, span, beside, carries = _shape(row, n, borders)
            last = cells[-1] if cells and cells[-1].row == number else None
            if beside and last is not None:
                joined = "\n".join(filter(None, (last.text, text)))
                wider = column + span - last.column
                cells[-1] = last._replace(text=joined, plain=joined, column_span=wider)
            elif carries and column in above:
                upper = cells[above[column]]
                joined = "\n".join(filter(None, (upper.text, text)))
                tall = number - upper.row + 1
                cells[above[column]] = upper._replace(text=joined, plain=joined, row_span=tall)
                below[column] = above[column]
            else:
                below[column] = len(cells)
                cells.append(GridCell(number, column, text, text, None, 1, span))
        above = below
    return [each for each in cells if each.text]


def _shape(row: WordRow, n: int, borders: list[int]) -> tuple[int, int, bool, bool]:
    """Return (first column, columns, carries on the cell beside, carries on the cell above)."""
    shape = row.shape
    if shape is None or n + 1 >= len(shape.borders):
        return n, 1, False, False
    left = _nearest(borders, shape.borders[n])
    right = _nearest(borders, shape.borders[n + 1])
    return left, max(1, right - left), shape.beside[n], shape.above[n]


def _nearest(borders: list[int], x: int) -> int:
    return min(range(len(borders)), key=lambda n: abs(borders[n] - x))
