"""A grid of printed cells made into a Table: headers found, each number read in its unit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from yanku.model.amount import Amount
from yanku.model.document import Cell, RowGroup, Table
from yanku.model.place import Place
from yanku.parse.cells import (
    GridCell,
    Rows,
    amount_of,
    announced_unit,
    bare_unit,
    by_row,
    header_rows,
    is_data,
    is_number,
    label_unit,
)
from yanku.parse.figures import table_unit, typed
from yanku.parse.groups import heads_of, row_groups

__all__ = [
    "GridCell",
    "Rows",
    "announced_unit",
    "bare_unit",
    "by_row",
    "header_rows",
    "is_data",
    "is_number",
    "label_unit",
    "make_table",
]


def make_table(
    cells: Sequence[GridCell],
    place: Callable[[GridCell], Place],
    places: tuple[Place, ...],
    *,
    caption: str = "",
    unit: str = "",
    headers: int | None = None,
) -> Table:
    """Return the table these cells form; blank rows and columns inside it are closed up.

    ``headers`` counts header rows where the source tells them; otherwise they are found.
    """
    rows = by_row(cells)
    numbers = sorted(rows)
    columns = sorted({c for cell in cells for c in (cell.column, cell.last_column)})
    columns = sorted(set(columns) | _covered(cells, columns))
    count = header_rows(rows) if headers is None else headers
    top = numbers[0] if numbers else 0
    left = columns[0] if columns else 0
    unit = table_unit(unit, cells, top + count)
    groups = row_groups(rows, top + count)
    rows = by_row(typed(cells, unit, count, heads_of(groups, rows)))
    lines = sorted({r for cell in cells for r in range(cell.row, cell.last_row + 1)})
    made = [
        _cell(cell, bisect_right(lines, cell.row) - 1, columns, place(cell), amount, lines)
        for number in numbers
        for cell, amount in _amounts(rows[number], number < top + count, left)
    ]
    return Table(
        cells=tuple(made),
        places=places,
        rows=len(lines),
        columns=len(columns),
        header_rows=bisect_right(lines, top + count - 1) if count else 0,
        caption=caption,
        unit=unit,
        groups=tuple(
            RowGroup(bisect_right(lines, g.head) - 1, bisect_right(lines, g.last) - 1)
            for g in groups
        ),
    )


def _covered(cells: Sequence[GridCell], columns: Sequence[int]) -> set[int]:
    """Return the columns under spanning cells, so that a span keeps its width."""
    covered: set[int] = set()
    if columns and columns[-1] - columns[0] < 20_000:
        for cell in cells:
            if cell.column_span > 1:
                covered.update(range(cell.column, cell.last_column + 1))
    return covered


def _amounts(
    row: Sequence[GridCell], header: bool, left: int
) -> Iterable[tuple[GridCell, Amount | None]]:
    for cell in row:
        label = header or (cell.column == left and not is_number(cell))
        yield cell, None if label or not cell.plain else amount_of(cell.plain)


def _cell(
    cell: GridCell,
    row: int,
    columns: Sequence[int],
    place: Place,
    amount: Amount | None,
    lines: Sequence[int],
) -> Cell:
    column = bisect_right(columns, cell.column) - 1
    return Cell(
        row=row,
        column=column,
        text=cell.text,
        place=place,
        row_span=bisect_right(lines, cell.last_row) - row,
        column_span=bisect_right(columns, cell.last_column) - column,
        amount=amount,
        formula=cell.formula,
        stored=cell.stored,
    )
