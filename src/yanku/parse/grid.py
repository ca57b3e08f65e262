"""A grid of printed cells made into a Table: headers found, each number read in its unit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from yanku.model.amount import Amount, read_amount, read_unit
from yanku.model.document import Cell, Table
from yanku.model.place import Place

MAX_HEADER_ROWS = 6

_ANNOUNCED = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=金额)|(?<=货币)|(?<=计量)|(?<=计价)|(?<=列报))"
    r"单位\s*[:：为]\s*(?P<zh>.+)|\bunits?\s*[:：]\s*(?P<en>.+)",
    re.IGNORECASE,
)
_ENGLISH_UNIT = re.compile(
    r"(?:^|\b)in (?:[a-z$£€¥]+ ?){0,3}(?:thousand|million|billion)|['’]000\b"
    r"|^(?:RMB|CNY|USD|US\$|HK\$|HKD|EUR)\b.*(?:thousand|million|billion)"
    r"|(?:thousand|million)s? of",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"币种\s*[:：]\s*(?!人民币|RMB|CNY)", re.IGNORECASE)
_BRACKETS = re.compile(r"[（(【\[]([^（）()【】\[\]]{1,24})[）)】\]]")
_NOT_MONEY = re.compile(
    r"每股|率|比例|比重|占比|人数|户数|家数|股数|数量|天数|次数|倍数|指数|面积|产量|销量"
    r"|per share|\bratio\b|\bmargin\b|\brate\b|%|number of|headcount|employees",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:19|20)\d\d(?:\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}\s*日?)?|\s*年.{0,6})?"
)


class GridCell(NamedTuple):
    """A cell as printed, in rows and columns from 0. A tuple, because there may be millions.

    ``plain`` is the number in it for reading ("1234.567" where "1,235" is shown), or the text
    itself where the source stores only text; empty if the source says that it is no number.
    """

    row: int
    column: int
    text: str
    plain: str = ""
    formula: str | None = None
    row_span: int = 1
    column_span: int = 1

    @property
    def last_row(self) -> int:
        """Return the last row the cell covers."""
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        """Return the last column the cell covers."""
        return self.column + self.column_span - 1


Rows = Mapping[int, Sequence[GridCell]]


def by_row(cells: Iterable[GridCell]) -> dict[int, list[GridCell]]:
    """Return the cells of each row that has any, rows and columns in order."""
    rows: dict[int, list[GridCell]] = {}
    for cell in sorted(cells, key=lambda each: (each.row, each.column)):
        rows.setdefault(cell.row, []).append(cell)
    return rows


def is_number(cell: GridCell) -> bool:
    """Tell a cell with a quantity from text, dates and years."""
    return cell.plain != "" and _amount(cell.plain, "") is not None


def is_data(row: Sequence[GridCell]) -> bool:
    """Tell a row of figures from a header or a label."""
    return any(is_number(cell) for cell in row)


def announced_unit(text: str) -> str:
    """Return the unit that a line like ``单位：万元`` or ``(in RMB millions)`` announces, or ""."""
    match = _ANNOUNCED.search(text)
    if match is not None:
        if _FOREIGN.search(text) and read_unit(text[match.start() :]) is not None:
            return text[match.start() :].strip(" （）()")
        printed = re.split(r"[\s,，;；]|币种", (match["zh"] or match["en"]).strip())[0]
        printed = printed if match["zh"] else match["en"]
        printed = printed.strip(" （）()")
        return printed if read_unit(printed) is not None else ""
    if len(text) <= 60 and _ENGLISH_UNIT.search(text):
        return _inner_unit(text) or (text if read_unit(text) is not None else "")
    return ""


@lru_cache(maxsize=4096)
def label_unit(label: str) -> str:
    """Return the unit inside a header or row label, as in ``营业收入（万元）`` or ``增减%``."""
    announced = announced_unit(label)
    if announced:
        return announced
    inner = _inner_unit(label)
    if inner:
        return inner
    return "%" if label.rstrip().endswith(("%", "％")) else ""


def _inner_unit(label: str) -> str:
    for inner in reversed(_BRACKETS.findall(label)):
        # A single letter in brackets is a list mark, whatever scale it could stand for.
        if not re.fullmatch(r"[A-Za-z]", inner.strip()) and read_unit(inner) is not None:
            return str(inner).strip()
    return ""


def header_rows(rows: Rows) -> int:
    """Return how many rows from the first grid row on are headers; 0 if the first has figures."""
    numbers = sorted(rows)
    if not numbers or is_data(rows[numbers[0]]):
        return 0
    first = numbers[0]
    left = min(row[0].column for row in rows.values())
    last = max(cell.last_row for cell in rows[first])
    for number in numbers[1:MAX_HEADER_ROWS]:
        above = rows[max(n for n in numbers if n < number)]
        if number > last and not _continues(rows[number], above, left):
            break
        if is_data(rows[number]):
            break
        last = max([last, *(cell.last_row for cell in rows[number])])
    return min(last - first + 1, MAX_HEADER_ROWS)


def _continues(row: Sequence[GridCell], above: Sequence[GridCell], left: int) -> bool:
    """Tell a second header row: its label column is empty, or it parts a spanning header."""
    if row[0].column > left:
        return True
    return len(row) > 1 and any(cell.column_span > 1 and cell.column > left for cell in above)


class _Units:
    """Which unit holds for a cell: its row's, else its column's, else the table's."""

    def __init__(self, table: str, headers: Sequence[GridCell], left: int) -> None:
        self._table = table
        self._columns: dict[int, str] = {}
        self._headings: dict[int, str] = {}
        for cell in headers:
            unit = label_unit(cell.text)
            if cell.column == left and unit and not self._table:
                self._table = unit
            for column in range(cell.column, min(cell.last_column, cell.column + 500) + 1):
                self._headings[column] = self._headings.get(column, "") + " " + cell.text
                if unit:
                    self._columns[column] = unit
        self.table = self._table

    def of(self, column: int, label: str) -> str:
        """Return the unit of a cell by its column and its row's label."""
        own = label_unit(label) or self._columns.get(column, "")
        if own:
            return own
        heading = self._headings.get(column, "")
        # A table in 万元 still prints per-share values, ratios and counts as they are.
        return "" if _NOT_MONEY.search(label) or _NOT_MONEY.search(heading) else self._table


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
    heads = [cell for number in numbers if number < top + count for cell in rows[number]]
    left = columns[0] if columns else 0
    units = _Units(unit, heads, left)
    lines = sorted({r for cell in cells for r in range(cell.row, cell.last_row + 1)})
    made = [
        _cell(cell, bisect_right(lines, cell.row) - 1, columns, place(cell), amount, lines)
        for number in numbers
        for cell, amount in _amounts(rows[number], units, number < top + count, left)
    ]
    return Table(
        cells=tuple(made),
        places=places,
        rows=len(lines),
        columns=len(columns),
        header_rows=bisect_right(lines, top + count - 1) if count else 0,
        caption=caption,
        unit=units.table,
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
    row: Sequence[GridCell], units: _Units, header: bool, left: int
) -> Iterable[tuple[GridCell, Amount | None]]:
    label = ""
    for cell in row:
        if cell.text and not is_number(cell):
            label = cell.text  # the nearest one to the left: two tables may share their rows
        if header or not cell.plain or (cell.column == left and not is_number(cell)):
            yield cell, None
        else:
            yield cell, _amount(cell.plain, units.of(cell.column, label))


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
    )


@lru_cache(maxsize=16384)
def _amount(plain: str, unit: str) -> Amount | None:
    if len(plain) > 60 or not any(c.isdecimal() for c in plain) or _DATED.fullmatch(plain):
        return None
    return read_amount(plain, unit)
