"""Turns tables whose periods run down the rows, so that figures are read in one way only.

    年度    营业收入  净利润                 年度      2023年  2024年
    2023年   100.23    9.22        →        营业收入  100.23  120.34
    2024年   120.34   10.33                 净利润      9.22   10.33

Every cell keeps its place in the source.
"""

from __future__ import annotations

from dataclasses import replace

from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.ontology import Ontology
from yanku.model.document import Cell, Table

_FEW = 2


def upright(table: Table, ontology: Ontology) -> Table:
    """Return the table with its periods over the columns; most have them there already.

    A table is turned only if every row below the first begins with a period and most headers are
    lines of a statement. What a second reading said of rows does not hold for columns.
    """
    head = [cell for cell in table.cells if cell.row == 0 and cell.column > 0 and cell.text.strip()]
    if not _FEW <= len(head) <= table.columns or any(cell.amount is not None for cell in head):
        return table
    known = sum(1 for cell in head if ontology.knows(cell.text))
    if known < _FEW or known * 2 < len(head) or not _begins_with_periods(table):
        return table
    return replace(
        table,
        cells=tuple(sorted(map(_turned, table.cells), key=lambda cell: (cell.row, cell.column))),
        rows=table.columns,
        columns=table.rows,
        header_rows=1,
        confirmed=(),
        disputed=(),
    )


def _begins_with_periods(table: Table) -> bool:
    first = {cell.row: cell for cell in table.cells if cell.column == 0 and cell.row > 0}
    filled = {cell.row for cell in table.cells if cell.row > 0 and cell.amount is not None}
    return bool(filled) and all(
        row in first and first[row].row_span == 1 and _is_period(first[row].text) for row in filled
    )


def _is_period(text: str) -> bool:
    """Tell a text that is one period, whatever words stand around it ("2024年（经审计）")."""
    written = plain(text)
    return len(written) <= 24 and len(find_periods(written)) == 1


def _turned(cell: Cell) -> Cell:
    return replace(
        cell,
        row=cell.column,
        column=cell.row,
        row_span=cell.column_span,
        column_span=cell.row_span,
    )
