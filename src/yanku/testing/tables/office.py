"""Writes invented tables as sheets, with merged cells and number formats, and as Word tables."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from yanku.testing.tables.truth import TrueCell, TrueTable

_PRINTED = re.compile(r"(?P<minus>-?)(?P<digits>[\d,]+(?:\.(?P<decimals>\d+))?)(?P<percent>%?)")


def write_sheets(path: Path, tables: Sequence[TrueTable], dice: random.Random) -> None:
    """Write a workbook: some sheets hold two tables, above each other or side by side."""
    book = Workbook()
    book.remove(book["Sheet"])
    rest = list(tables)
    while rest:
        sheet = book.create_sheet(f"表{len(book.sheetnames) + 1}")
        top, left = dice.choice((1, 1, 2, 3)), dice.choice((1, 1, 2))
        first = rest.pop(0)
        below = _put(sheet, first, top, left, dice)
        if rest and (chance := dice.random()) < 0.5:
            # A blank row, or a blank column, is all that parts them.
            beside = chance < 0.25
            right = left + first.columns + 1
            _put(sheet, rest.pop(0), top if beside else below + dice.choice((1, 2)),
                 right if beside else left, dice)  # fmt: skip
    book.save(path)


def _put(sheet: Worksheet, table: TrueTable, top: int, left: int, dice: random.Random) -> int:
    """Write a table with its title and unit; return the first row below it."""
    for line in filter(None, (table.title, table.unit_line)):
        sheet.cell(top, left, line)
        top += 1
    for cell in table.cells:
        row, column = top + cell.row, left + cell.column
        target = sheet.cell(row, column)
        number, form = _stored(cell) if cell.row >= table.header_rows else (None, "")
        if number is None or dice.random() < 0.25:
            target.value = "　" * cell.indent + cell.text
            target.data_type = "s"
        else:
            target.value, target.number_format = number, form
        if (cell.row_span, cell.column_span) != (1, 1):
            sheet.merge_cells(
                start_row=row, start_column=column,
                end_row=row + cell.row_span - 1, end_column=column + cell.column_span - 1,
            )  # fmt: skip
    return top + table.rows


def _stored(cell: TrueCell) -> tuple[float | None, str]:
    """Return the number and the format that show a cell's text; None if it must stay text."""
    text, form = cell.text, "{0};-{0}"
    if text.startswith("(") and text.endswith(")"):
        text, form = "-" + text[1:-1], "{0};({0})"
    match = _PRINTED.fullmatch(text)
    if cell.amount is None or match is None:
        return None, ""
    value = Decimal(match["minus"] + match["digits"].replace(",", ""))
    if match["percent"]:
        value /= 100
    code = "#,##0" + ("." + "0" * len(match["decimals"]) if match["decimals"] else "")
    return float(value), form.format(code + match["percent"])


def write_word(path: Path, tables: Sequence[TrueTable], dice: random.Random) -> None:
    """Write a Word file with one table after the other."""
    document = docx.Document()
    for table in tables:
        document.add_paragraph("以下各表由测试程序写成，用来核对读出的内容。" * dice.randint(1, 3))
        for line in filter(None, (table.title, table.unit_line)):
            document.add_paragraph(line)
        _word_table(document, table, marked=dice.random() < 0.5)
    document.save(str(path))


def _word_table(document: docx.document.Document, table: TrueTable, *, marked: bool) -> None:
    grid = document.add_table(table.rows, table.columns, style="Table Grid")
    cells = [list(row.cells) for row in grid.rows]
    for cell in table.cells:
        target = cells[cell.row][cell.column]
        if (cell.row_span, cell.column_span) != (1, 1):
            last = cells[cell.row + cell.row_span - 1][cell.column + cell.column_span - 1]
            target = target.merge(last)
        target.text = "　" * cell.indent + cell.text
    for row in grid.rows[: table.header_rows if marked else 0]:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)
