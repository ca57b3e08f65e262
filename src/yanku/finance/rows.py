"""Reads a table as rows: which are headers, and which only carry the rest of a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanku.finance.columns import (
    is_note_header,
    is_sub_header,
    is_upper_header,
    says_period,
)
from yanku.model.document import Cell, Table

_NOTHING = re.compile(
    r"不适用|不存在|未披露|无|n\.?/?a\.?|nil|none|not applicable|nm", re.IGNORECASE
)
"""What is printed where there is no figure."""
_REFERENCE = re.compile(
    r"(?:附?注释?)?[（(]?[一二三四五六七八九十]{1,3}[）)]?\s?[、.．]?\s?[（(]?\d{0,3}[)）]?(?:[(（]\d{1,3}[)）])?"
)
"""The number of a note: 十九、1, 附注七（12）."""
_LABEL_ROWS = 3
"""A label is broken into four lines at most; more is another text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``above`` and ``below`` are the rows next to it that hold a bit of text only.

    Both are (row number, text), nearest first: a label too long for its column is set on several
    lines, and its figures beside any one of them.
    """

    number: int
    cells: tuple[Cell, ...]
    header: bool
    above: tuple[tuple[int, str], ...] = ()
    below: tuple[tuple[int, str], ...] = ()

    @property
    def has_amounts(self) -> bool:
        """Tell whether there is a figure in the row."""
        return any(cell.amount is not None for cell in self.cells)


def is_label(text: str) -> bool:
    """Tell the label of a second statement in a row from what stands in place of a figure."""
    written = text.strip()
    if _NOTHING.fullmatch(written) or _REFERENCE.fullmatch(written):
        return False
    return sum(map(str.isalpha, written)) > 1


def rows_of(table: Table) -> list[Row]:
    """Return the rows that hold text, from top to bottom."""
    cells: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            cells.setdefault(cell.row, []).append(cell)
    rows: list[Row] = []
    header = False
    for number in sorted(cells):
        row = tuple(sorted(cells[number], key=lambda cell: cell.column))
        header = _is_header(row, header)
        if header and rows and _is_upper(rows[-1]):
            rows[-1] = replace(rows[-1], header=True)
        rows.append(Row(number, row, header))
    return [
        Row(r.number, r.cells, r.header, tuple(_bits(rows[:n][::-1])), tuple(_bits(rows[n + 1 :])))
        for n, r in enumerate(rows)
    ]


def label_texts(rows: Sequence[Row]) -> Iterator[str]:
    """Yield every text that may be the label of a row: its first cell, and with the rows around."""
    for row in rows:
        first = row.cells[0].text
        yield first
        for n in range(1, len(row.below) + 1):
            yield first + "".join(text for _, text in row.below[:n])


def headers_by_column(header: Sequence[Row]) -> dict[int, list[str]]:
    """Return for each column the texts over it; what a spanning cell says holds for its columns."""
    found: dict[int, list[str]] = {}
    for row in header:
        for cell in row.cells:
            if cell.column == 0 and not says_period(cell.text):
                continue
            for column in range(cell.column, cell.column + cell.column_span):
                found.setdefault(column, []).append(cell.text)
    return found


def _bits(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    for row in rows[:_LABEL_ROWS]:
        if row.header or row.has_amounts or len(row.cells) != 1 or row.cells[0].column > 1:
            return
        yield row.number, row.cells[0].text


def _is_upper(row: Row) -> bool:
    """Tell whether a row only says whose the columns below its texts are, or of which day."""
    heads = [cell for cell in row.cells if cell.column > 0 and not is_note_header(cell.text)]
    return bool(heads) and not row.has_amounts and all(is_upper_header(c.text) for c in heads)


def _is_header(cells: Sequence[Cell], below_header: bool) -> bool:
    """Tell whether a row heads columns: periods and no amounts, or parts of a header above it."""
    if any(cell.amount is not None for cell in cells):
        return False
    heads = [cell for cell in cells if cell.column > 0]
    if any(says_period(cell.text) for cell in heads):
        return True
    return below_header and bool(heads) and all(is_sub_header(cell.text) for cell in heads)
