"""Which unit holds for each figure of a printed table, and which numbers are no figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yanku.model.amount import print_unit, read_amount, read_unit
from yanku.parse.grid import GridCell, by_row, label_unit
from yanku.parse.piece import is_figure

_SERIAL_HEADER = re.compile(
    r"(?:财务报表|报表)?附\s*注.{0,6}|注\s*释.{0,6}|序\s*号|行\s*次|编\s*号|代\s*码|证券代码|股票代码"
    r"|notes?|no\.?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)]?\s?[、.(（]?\s?[（(]?\d{0,3}[)）]?(?:[(（]\d+[)）])?"
)
_PER_SHARE = re.compile(r"每股|per share", re.IGNORECASE)
_RATIO = re.compile(
    r"比例|占比|比重|幅度|[利比益转费税]率(?!.*[额利收])|百分比|\bratio\b|\bmargin\b|% of",
    re.IGNORECASE,
)
_NOT_MONEY = re.compile(
    r"人数|户数|家数|股数|数量|天数|次数|倍数|面积|产量|销量|number of|headcount|employees",
    re.IGNORECASE,
)
_HEADER_WORD = re.compile(
    r"(?:19|20)\d\d|本期|上期|期末|期初|年末|年初|本年|上年|本报告期|金额|比例|增减|增长|季度|合计"
    r"|current|prior|change|total",
    re.IGNORECASE,
)
_PER_SHARE_UNITS = {"CNY": "元/股", "USD": "美元/股", "HKD": "港元/股", "EUR": "欧元/股"}
_SHARE_CODES = frozenset({"%", "pp", "times"})


def typed(cells: Sequence[GridCell], unit: str, headers: int) -> list[GridCell]:
    """Return the cells with each figure's unit in ``plain``; other numbers have none.

    A figure's own unit wins; then a ratio's unit of its column; then its row's, its column's and
    the table's. Note, serial and code numbers are no figures.
    """
    rows = by_row(cells)
    top = min(rows, default=0)
    serial = _serial_columns(cells)
    units = _Columns(unit)
    out: list[GridCell] = []
    labels: dict[int, str] = {}
    for number in sorted(rows):
        row = rows[number]
        if number < top + headers:
            units.head(row)
            out.extend(row)
            continue
        if _is_inner_header(row):
            units.restart(row)
        for cell in row:
            if cell.column == min(c.column for c in row) and not is_figure(cell.text):
                labels.update(dict.fromkeys(range(cell.row, cell.last_row + 1), cell.text))
            if cell.column in serial:
                out.append(cell._replace(plain=""))
            else:
                label = _label(row, cell, labels.get(number, ""))
                out.append(cell._replace(plain=_plain(cell.text, units.of(cell.column, label))))
    return out


def _plain(text: str, unit: str) -> str:
    """Return a figure without a unit of its own as a plain number with ``unit``."""
    amount = read_amount(text)
    if amount is None or amount.unit or not unit:
        return text
    scaled = read_amount(text, unit)
    if scaled is None or not scaled.unit:
        return text
    plain = f"{scaled.value:f}{print_unit(scaled.unit)}"
    return plain if read_amount(plain) == scaled else text


def _label(row: Sequence[GridCell], cell: GridCell, first: str) -> str:
    """Return the nearest text to the left that names a unit, or the row's first text."""
    for other in reversed([c for c in row if c.column < cell.column]):
        if not is_figure(other.text) and label_unit(other.text):
            return other.text
    return first


@dataclass(slots=True)
class _Columns:
    """The units that headers give to columns; a header inside the table starts them anew."""

    table: str
    units: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    def head(self, row: Sequence[GridCell]) -> None:
        """Take up a header row."""
        for cell in row:
            unit = label_unit(cell.text)
            if cell.column == 0 and unit and not self.table:
                self.table = unit
            for column in range(cell.column, cell.last_column + 1):
                self.titles[column] = f"{self.titles.get(column, '')} {cell.text}"
                if unit and column:
                    self.units[column] = unit

    def restart(self, row: Sequence[GridCell]) -> None:
        """Take up a header that stands between rows of figures."""
        for cell in row:
            for column in range(cell.column, cell.last_column + 1):
                self.units.pop(column, None)
                self.titles.pop(column, None)
        self.head(row)

    def of(self, column: int, label: str) -> str:
        """Return the unit of a figure by its column and its row's label; empty if unknown."""
        mine, its = self.units.get(column, ""), label_unit(label)
        title = self.titles.get(column, "")
        if mine and _is_ratio(mine) and not (its and _is_ratio(its)):
            return mine
        if its and not _RATIO.search(title):
            return its
        if mine:
            return mine
        if _RATIO.search(title) or _RATIO.search(label):
            return its if its and _is_ratio(its) else ""
        if _PER_SHARE.search(label) or _PER_SHARE.search(title):
            money = read_unit(self.table) if self.table else None
            return _PER_SHARE_UNITS.get(money.code, "") if money else ""
        if _NOT_MONEY.search(label) or _NOT_MONEY.search(title):
            return ""
        return self.table


def _is_ratio(unit: str) -> bool:
    meaning = read_unit(unit)
    return meaning is not None and meaning.code in _SHARE_CODES


def _is_inner_header(row: Sequence[GridCell]) -> bool:
    """Tell a row of column titles between rows of figures."""
    beside = [c for c in row if c.column > 0]
    return (
        len(beside) >= 2
        and not any(is_figure(c.text) for c in beside)
        and sum(bool(_HEADER_WORD.search(c.text)) for c in beside) * 2 > len(beside)
    )


def _serial_columns(cells: Sequence[GridCell]) -> set[int]:
    """Return the columns of note references, serial numbers and codes, and the label column."""
    columns: dict[int, list[GridCell]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(cell)
    found = set()
    for column, members in columns.items():
        head = any(_SERIAL_HEADER.fullmatch(c.text.strip()) for c in members[:3])
        figures = [c for c in members if is_figure(c.text)]
        is_label = column == 0 and len(figures) * 2 <= len(members)
        if head or is_label or _counts_up(figures) or (column and _are_references(members)):
            found.add(column)
    return found


def _counts_up(members: Sequence[GridCell]) -> bool:
    numbers = [c.text for c in members]
    return len(numbers) >= 2 and numbers == [str(i) for i in range(1, len(numbers) + 1)]


def _are_references(members: Sequence[GridCell]) -> bool:
    """Tell a column in which more cells look like 七、12 than like anything else."""
    hits = sum(bool(_REFERENCE.fullmatch(c.text)) for c in members)
    return hits >= 2 and hits * 2 > len(members)
