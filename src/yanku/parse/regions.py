"""One sheet parted into its tables, titles, units and notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yanku.model.document import Block, Heading, Paragraph
from yanku.model.place import InSheet, column_letters
from yanku.parse.grid import GridCell, announced_unit, by_row, is_data, is_number, make_table
from yanku.parse.halves import halves

_MAX_DEPTH = 40
_MAX_CAPTION = 200
_CAPTION_REACH = 3
_UNIT_ALONE = re.compile(r"\s*[（(]?\s*(?:(?:金额|货币|计量)?单位|units?\b|in\s)", re.IGNORECASE)
_NOTE = re.compile(r"\s*(?:注|备注|说明|数据来源|资料来源|来源|note|source|\*|※)", re.IGNORECASE)


def a1(top: int, left: int, bottom: int, right: int) -> str:
    """Return a range counted from 0 in A1 notation; a single cell is ``B4``."""
    first = f"{column_letters(left + 1)}{top + 1}"
    if top == bottom and left == right:
        return first
    return f"{first}:{column_letters(right + 1)}{bottom + 1}"


@dataclass(frozen=True, slots=True)
class _Region:
    """Cells that belong together, and the rectangle around them."""

    cells: tuple[GridCell, ...]
    top: int
    left: int
    bottom: int
    right: int

    @staticmethod
    def around(cells: Sequence[GridCell]) -> _Region:
        return _Region(
            tuple(cells),
            min(c.row for c in cells),
            min(c.column for c in cells),
            max(c.last_row for c in cells),
            max(c.last_column for c in cells),
        )

    @property
    def is_lines(self) -> bool:
        """Tell lines of text from a table: one cell a row at most, and no figures."""
        rows = [cell.row for cell in self.cells]
        return len(rows) == len(set(rows)) and not any(is_number(c) for c in self.cells)


def sheet_blocks(sheet: str, cells: Sequence[GridCell], *, heading: bool = True) -> list[Block]:
    """Return the blocks of a sheet in reading order, under a heading with the sheet's name."""
    if not cells:
        return []
    regions = _rejoin([_Region.around(each) for each in _cut(cells, 0)])
    whole = _Region.around(cells)
    out: list[Block] = [Heading(sheet, 1, _place(sheet, whole))] if heading else []
    pending: list[GridCell] = []
    for region in regions:
        if region.is_lines:
            pending.extend(region.cells)
            continue
        near = [c for c in pending if 0 < region.top - c.last_row <= _CAPTION_REACH + len(pending)]
        out += [_paragraph(sheet, c) for c in pending if c not in near]
        out += _table_blocks(sheet, region, near)
        pending = []
    return out + [_paragraph(sheet, c) for c in pending]


def _place(sheet: str, region: _Region) -> InSheet:
    return InSheet(sheet, a1(region.top, region.left, region.bottom, region.right))


def _cell_place(sheet: str) -> Callable[[GridCell], InSheet]:
    return lambda c: InSheet(sheet, a1(c.row, c.column, c.last_row, c.last_column))


def _paragraph(sheet: str, cell: GridCell) -> Paragraph:
    return Paragraph(" ".join(cell.text.split()), _cell_place(sheet)(cell))


# ── cutting ─────────────────────────────────────────────────────────────────────────────────────


def _cut(cells: Sequence[GridCell], depth: int) -> list[list[GridCell]]:
    """Part cells at blank rows, then at blank columns, until nothing parts.

    A B . D      blank row 3 parts the sheet in two bands,
    A B . D      blank column C parts each band in two;
    . . . .      a right part without labels of its own
    A B . D      is a column of the table to its left
    """
    bands = _split(cells, by_rows=True)
    if depth >= _MAX_DEPTH:
        return [list(cells)]
    if len(bands) > 1:
        return [part for band in bands for part in _cut(band, depth + 1)]
    columns = _join_columns(_split(cells, by_rows=False))
    if len(columns) == 1:
        return [list(cells)]
    return [part for column in columns for part in _cut(column, depth + 1)]


def _split(cells: Sequence[GridCell], *, by_rows: bool) -> list[list[GridCell]]:
    groups: list[list[GridCell]] = []
    end = -2
    for cell in sorted(cells, key=lambda c: c.row if by_rows else c.column):
        start = cell.row if by_rows else cell.column
        if start > end + 1:
            groups.append([])
        groups[-1].append(cell)
        end = max(end, cell.last_row if by_rows else cell.last_column)
    return groups


def _join_columns(groups: list[list[GridCell]]) -> list[list[GridCell]]:
    joined: list[list[GridCell]] = []
    for group in groups:
        if joined and _is_one_table(joined[-1], group):
            joined[-1] = joined[-1] + group
        else:
            joined.append(group)
    return joined


def _is_one_table(left: Sequence[GridCell], right: Sequence[GridCell]) -> bool:
    """Tell whether a blank column parts the labels of a table from its figures."""
    top = min(cell.row for cell in right)
    if top > min(cell.row for cell in left) + 2 and not is_data(_row_at(right, top)):
        return False  # it has a header row of its own, further down
    labels = {cell.row for cell in left if not is_number(cell)}
    if len({cell.column for cell in left}) == 1 and len(labels) == len(left):
        return len(labels & {cell.row for cell in right}) * 5 >= len(labels) * 3
    return not _has_labels(right)


def _row_at(cells: Sequence[GridCell], row: int) -> list[GridCell]:
    return [cell for cell in cells if cell.row == row]


def _has_labels(cells: Sequence[GridCell]) -> bool:
    """Tell whether the first column of a part labels its rows, so that it stands alone."""
    left = min(cell.column for cell in cells)
    first = sorted((c for c in cells if c.column == left), key=lambda c: c.row)
    figures = sum(1 for c in first if is_number(c))
    return figures * 2 < len(first) or figures == 0


def _rejoin(regions: list[_Region]) -> list[_Region]:
    """Put a table back together that has a blank row between its sections."""
    out: list[_Region] = []
    for region in regions:
        if out and _carries_on(out[-1], region):
            out[-1] = _Region.around(out[-1].cells + region.cells)
        else:
            out.append(region)
    return out


def _carries_on(table: _Region, below: _Region) -> bool:
    """Tell whether figures below one blank row still stand under the headers of a table."""
    if below.top - table.bottom != 2 or below.left < table.left or below.right > table.right:
        return False
    if table.is_lines or table.left == table.right or below.left == below.right:
        return False
    rows = by_row(below.cells)
    first = next((row for row in rows.values() if len(row) > 1), None)
    return first is not None and is_data(first) and any(not is_data(r) for r in _top(table))


def _top(region: _Region) -> list[list[GridCell]]:
    rows = by_row(region.cells)
    return [rows[number] for number in sorted(rows)[:8] if len(rows[number]) > 1]


# ── titles, units and notes ─────────────────────────────────────────────────────────────────────


def _table_blocks(sheet: str, region: _Region, above: Sequence[GridCell]) -> list[Block]:
    rows = by_row(region.cells)
    numbers = sorted(rows)
    lead: list[GridCell] = list(above)
    while len(numbers) > 1 and _is_preamble(rows[numbers[0]], rows[numbers[1]], region):
        lead += rows[numbers.pop(0)]
    notes: list[GridCell] = []
    while len(numbers) > 1 and _is_note(rows[numbers[-1]], region):
        notes = rows[numbers.pop()] + notes
    titles, said, unit = _read_lead(lead)
    unit = unit or next((u for c in notes if (u := announced_unit(c.text))), "")
    body = [cell for number in numbers for cell in rows[number]]
    tables = [
        make_table(
            part,
            _cell_place(sheet),
            (_place(sheet, _Region.around(part)),),
            caption=" ".join(titles)[:_MAX_CAPTION],
            unit=unit,
        )
        for part in halves(body)
    ]
    return [
        *(_paragraph(sheet, c) for c in said),
        *tables,
        *(_paragraph(sheet, c) for c in notes),
    ]


def _read_lead(lead: Sequence[GridCell]) -> tuple[list[str], list[GridCell], str]:
    """Part the lines above a table into titles, other statements and the unit."""
    titles: list[str] = []
    said: list[GridCell] = []
    unit = ""
    for cell in lead:
        announced = announced_unit(cell.text)
        unit = announced or unit
        text = " ".join(cell.text.split())
        if re.search(r"[:：]", text) or len(text) > 80:
            if not (announced and len(text) <= 30 and text.find("单位") <= 3):
                said.append(cell)
        elif not announced or re.search(r"表|statement|sheet", text, re.IGNORECASE):
            titles.append(text)
    return titles, said, unit


def _is_preamble(row: Sequence[GridCell], below: Sequence[GridCell], region: _Region) -> bool:
    """Tell a title, unit or company line from the first header row."""
    if is_data(row) or region.left == region.right:
        return False
    if len(row) == 2 and not is_data(below) and len(below) >= len(row):
        # "费用明细 | 单位：万元", and the header in the next row.
        title, unit = row
        if _UNIT_ALONE.match(unit.text) and announced_unit(unit.text) and title.row_span == 1:
            return True
    if any(announced_unit(cell.text) for cell in row) and len(row) <= 3:
        # The header's own first cell may announce the unit: "项目（单位：万元） | 2024 | 2023".
        alone = all(announced_unit(cell.text) or _says(cell.text) for cell in row)
        return alone and not any(cell.row_span > 1 for cell in row)
    if len(row) == 1:
        cell = row[0]
        return cell.column == region.left or cell.column_span * 2 > region.right - region.left
    return all(_says(cell.text) for cell in row)


def _says(text: str) -> re.Match[str] | None:
    return re.search(r"\S\s*[:：]", text)


def _is_note(row: Sequence[GridCell], region: _Region) -> bool:
    if len(row) != 1 or is_data(row) or row[0].column != region.left:
        return False
    return _NOTE.match(row[0].text) is not None or len(row[0].text) > 60
