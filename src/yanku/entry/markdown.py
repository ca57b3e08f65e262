"""A document as Markdown: headings, lists, tables, units and captions, page marks as comments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from yanku.model.document import Block, Cell, Document, Heading, Paragraph, Role, Table
from yanku.model.place import InSheet, OnPage, Place

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_BULLET = re.compile(r"^(?:[-–—•·●○■□◆◇▪‣*+]|\uf06c|\uf0b7)\s*")
_LOOKS_LIKE_STRUCTURE = re.compile(r"^(#{1,6}\s|[-+]\s|\d+[.)]\s|={3,}|-{3,})")
_DEEPEST = 6


def markdown_of(document: Document) -> str:
    """Return a document as Markdown that reads well and loses no text.

    Running titles and feet of pages are left out. A table whose cells span others is HTML, which
    Markdown allows; any other is a pipe table.
    """
    parts: list[str] = []
    before: str | None = None
    for block in document.body:
        mark = _mark(block.places[0] if isinstance(block, Table) else block.place)
        if mark and mark != before:
            parts.append(mark)
            before = mark
        parts.append(_block(block))
    return "\n\n".join(part for part in parts if part) + "\n"


def _mark(place: Place) -> str:
    match place:
        case OnPage(page, _):
            return f"<!-- page {page} -->"
        case InSheet(sheet, _):
            # "--" would end the comment.
            return f"<!-- sheet {sheet.replace('--', '- -')} -->"
        case _:
            return ""


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * min(block.level, _DEEPEST)} {_inline(block.text)}"
        case Paragraph(role=Role.ITEM):
            return f"- {_inline(_BULLET.sub('', block.text))}"
        case Paragraph(role=Role.NOTE):
            return f"> {_inline(block.text)}"
        case Paragraph():
            return _escaped_start(_inline(block.text))
        case Table():
            return "\n\n".join((*_around(block), _table(block)))


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _escaped_start(text: str) -> str:
    """Keep a paragraph that begins like a list or a heading a paragraph."""
    if not _LOOKS_LIKE_STRUCTURE.match(text):
        return text
    return re.sub(r"([#\-+.)=])", r"\\\1", text, count=1)


def _around(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"**{_inline(table.caption)}**"
    if table.unit:
        yield (
            f"单位：{_inline(table.unit)}" if _is_chinese(table) else f"Unit: {_inline(table.unit)}"
        )


def _is_chinese(table: Table) -> bool:
    return any("一" <= letter <= "鿿" for letter in table.unit + table.caption)


def _table(table: Table) -> str:
    if table.header_rows > 1 or any(c.row_span > 1 or c.column_span > 1 for c in table.cells):
        return _html(table)
    return _pipes(table)


def _pipes(table: Table) -> str:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = _inline(cell.text)
    if not table.header_rows:
        grid.insert(0, [""] * table.columns)
    lines = [f"| {' | '.join(row)} |" for row in grid]
    return "\n".join([lines[0], "|" + " --- |" * table.columns, *lines[1:]])


def _html(table: Table) -> str:
    rows: list[list[Cell]] = [[] for _ in range(table.rows)]
    covered: list[set[int]] = [set() for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
        for below in range(cell.row + 1, min(cell.row + cell.row_span, table.rows)):
            covered[below].update(range(cell.column, cell.column + cell.column_span))
    lines = ["<table>"]
    for number, cells in enumerate(rows):
        tag = "th" if number < table.header_rows else "td"
        row = "".join(_html_row(cells, covered[number], table.columns, tag))
        lines.append(f"<tr>{row}</tr>")
    return "\n".join([*lines, "</table>"])


def _html_row(cells: list[Cell], covered: set[int], columns: int, tag: str) -> Iterator[str]:
    """Yield the cells of a row; places that no cell and no span covers are empty cells."""
    starts = {cell.column: cell for cell in cells}
    column = 0
    while column < columns:
        cell = starts.get(column)
        if cell is not None:
            spans = _span("rowspan", cell.row_span) + _span("colspan", cell.column_span)
            yield f"<{tag}{spans}>{html.escape(' '.join(cell.text.split()), quote=False)}</{tag}>"
        elif column not in covered:
            yield f"<{tag}></{tag}>"
        column += cell.column_span if cell is not None else 1


def _span(name: str, number: int) -> str:
    return f' {name}="{number}"' if number > 1 else ""
