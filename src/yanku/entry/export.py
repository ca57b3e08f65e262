"""The table of an answer as a file for a spreadsheet, every figure with its source."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from yanku.entry.places import place_worded
from yanku.errors import NotFound
from yanku.model.answer import AnswerTable, Citation, Grounded, TableCell

_BOM = "\ufeff"
"""Without it, spreadsheet programs read UTF-8 text as something else."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 40


def csv_of(answer: Grounded) -> str:
    """Return the table as CSV: exact values, and beside each column of figures its sources.

    Raises NotFound if the answer has no table.
    """
    table, cited = _table(answer), {c.number: c for c in answer.citations}
    figures = _figure_columns(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            text
            for at, column in enumerate(table.columns)
            for text in (
                [_headed(table, at), f"{column} [source]"] if at in figures else [_safe(column)]
            )
        ]
    )
    for row in table.rows:
        writer.writerow(
            [
                text
                for at, cell in enumerate(row)
                for text in (
                    [_value(cell), _sources(cell, cited)] if at in figures else [_safe(cell.text)]
                )
            ]
        )
    return _BOM + out.getvalue()


def xlsx_of(answer: Grounded, title: str) -> bytes:
    """Return the table as a workbook: numbers as numbers, their sources as comments.

    Raises NotFound if the answer has no table.
    """
    # Not at the start of the server, which it would delay: few answers become workbooks.
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    table, cited = _table(answer), {c.number: c for c in answer.citations}
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = "Yanku"
    sheet.append([title])
    sheet.append([_headed(table, at) for at in range(len(table.columns))])
    for number, row in enumerate(table.rows, start=3):
        for at, cell in enumerate(row, start=1):
            made = sheet.cell(number, at, cell.amount.value if cell.amount else cell.text)
            if cell.amount is None:
                made.data_type = "s"  # Never a formula, whatever a name begins with.
                continue
            made.number_format = "#,##0.00" if cell.amount.value % 1 else "#,##0"
            made.comment = Comment(_sources(cell, cited), "Yanku")
    for cell_ in sheet[2]:
        cell_.font, cell_.alignment = Font(bold=True), Alignment(wrap_text=True)
    for at in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 22
    sheet.freeze_panes = "B3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(answer: Grounded) -> AnswerTable:
    if answer.table is None:
        raise NotFound("this answer has no table")
    return answer.table


def _figure_columns(table: AnswerTable) -> frozenset[int]:
    return frozenset(
        at
        for at in range(len(table.columns))
        if any(row[at].amount is not None for row in table.rows)
    )


def _headed(table: AnswerTable, at: int) -> str:
    """Return a column's header with the unit its figures share."""
    units = {row[at].amount.unit for row in table.rows if row[at].amount is not None}  # type: ignore[union-attr]
    unit = next(iter(units)) if len(units) == 1 else ""
    return _safe(f"{table.columns[at]} ({unit})" if unit else table.columns[at])


def _value(cell: TableCell) -> str:
    return f"{cell.amount.value:f}" if cell.amount is not None else ""


def _sources(cell: TableCell, cited: dict[int, Citation]) -> str:
    found: Sequence[Citation] = [cited[n] for n in cell.citations if n in cited]
    return _safe("; ".join(f"{c.file}, {place_worded(c.place)}" for c in found))


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
