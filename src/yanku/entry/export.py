"""The table of an answer as a file for a spreadsheet, every figure with its source."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from yanku.entry.places import place_worded
from yanku.errors import NotFound
from yanku.model.amount import Amount
from yanku.model.answer import AnswerTable, Citation, Grounded, TableCell

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

_BOM = "\ufeff"
"""Without it, spreadsheet programs read UTF-8 text as something else."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no workbook may hold."""
_MOST_PLACES, _CALCULATED = 8, 2
"""Decimals that are printed at most, and those shown of a figure with more: it is calculated."""
_WIDE = 320
"""Points that a comment is wide; without them, programs cut it after a few lines."""
_LINE, _LETTERS = 18, 46
"""Points that a line of a comment is high, and letters that it holds."""


def csv_of(answer: Grounded) -> str:
    """Return the table as CSV: exact values, and beside each column of figures its sources.

    A column whose figures have several units has one more, for them. Raises NotFound if the answer
    has no table.
    """
    table, cited = _table(answer), {c.number: c for c in answer.citations}
    columns = range(len(table.columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = (_heads(table, at) for at in columns)
    writer.writerow([_safe(head) for column in heads for head in column])
    for row in table.rows:
        cells = (_fields(table, at, row[at], cited) for at in columns)
        writer.writerow([text for fields in cells for text in fields])
    return _BOM + out.getvalue()


def _heads(table: AnswerTable, at: int) -> list[str]:
    name, units = table.columns[at], _units(table, at)
    if not units:
        return [name]
    more = [f"{name} [unit]"] if len(units) > 1 else []
    return [_headed(table, at), *more, f"{name} [source]"]


def _fields(table: AnswerTable, at: int, cell: TableCell, cited: dict[int, Citation]) -> list[str]:
    units = _units(table, at)
    if not units:
        return [_safe(cell.text)]
    if cell.amount is None:
        return [_safe(cell.text), *([""] * (len(units) > 1)), ""]
    more = [cell.amount.unit] if len(units) > 1 else []
    return [f"{cell.amount.value:f}", *more, _safe("; ".join(_sources(cell, cited)))]


def xlsx_of(answer: Grounded, title: str) -> bytes:
    """Return the table as a workbook: numbers as numbers, their sources as comments, notes below.

    Raises NotFound if the answer has no table.
    """
    # Not at the start of the server, which it would delay: few answers become workbooks.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    table, cited = _table(answer), {c.number: c for c in answer.citations}
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = "Yanku"
    _write(sheet.cell(1, 1), title)
    for at in range(len(table.columns)):
        head = sheet.cell(2, at + 1)
        _write(head, _headed(table, at))
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True)
        sheet.column_dimensions[get_column_letter(at + 1)].width = 22
    for number, row in enumerate(table.rows, start=3):
        for at, cell in enumerate(row):
            _fill(sheet.cell(number, at + 1), cell, cited, alone=len(_units(table, at)) == 1)
    for number, note in enumerate(answer.assumptions, start=len(table.rows) + 4):
        _write(sheet.cell(number, 1), note)
    sheet.freeze_panes = "B3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(
    made: Cell | MergedCell, cell: TableCell, cited: dict[int, Citation], *, alone: bool
) -> None:
    """Write a figure with its sources in a comment, or a text.

    ``alone`` tells that the column's header names the unit of all its figures.
    """
    from openpyxl.comments import Comment

    if cell.amount is None:
        _write(made, cell.text)
        return
    made.value = cell.amount.value
    digits = _digits(cell.amount)
    made.number_format = digits if alone else f'{digits}" {cell.amount.unit}"'
    said = _UNPRINTED.sub("", "\n".join(_sources(cell, cited, quoted=True)))
    lines = sum(1 + len(line) // _LETTERS for line in said.split("\n"))
    made.comment = Comment(said, "Yanku", height=_LINE * (lines + 1), width=_WIDE)


def _digits(amount: Amount) -> str:
    """Return a format that shows a printed figure whole, and a calculated one rounded."""
    places = max(0, -int(amount.value.normalize().as_tuple().exponent))
    if places > _MOST_PLACES:
        places = _CALCULATED
    return "#,##0" + (f".{'0' * max(_CALCULATED, places)}" if places else "")


def _write(made: Cell | MergedCell, text: str) -> None:
    """Write a text that is never a formula, whatever it begins with."""
    if text:
        made.value = _UNPRINTED.sub("", text)
        made.data_type = "s"


def _table(answer: Grounded) -> AnswerTable:
    if answer.table is None:
        raise NotFound("this answer has no table")
    return answer.table


def _units(table: AnswerTable, at: int) -> frozenset[str]:
    """Return the units of a column's figures; none where it has no figures."""
    return frozenset(row[at].amount.unit for row in table.rows if row[at].amount is not None)  # type: ignore[union-attr]


def _headed(table: AnswerTable, at: int) -> str:
    """Return a column's header with the unit its figures share."""
    units = _units(table, at)
    unit = next(iter(units)) if len(units) == 1 else ""
    return f"{table.columns[at]} ({unit})" if unit else table.columns[at]


def _sources(cell: TableCell, cited: dict[int, Citation], *, quoted: bool = False) -> list[str]:
    found = [cited[n] for n in cell.citations if n in cited]
    return [
        f"{c.file}, {place_worded(c.place)}" + (f"\n{c.quote}" if quoted and c.quote else "")
        for c in found
    ]


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
