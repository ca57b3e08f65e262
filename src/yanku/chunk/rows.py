"""Tables as lines that stand alone: ``label | header: value | header: value``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.chunk.places import united
from yanku.chunk.sentences import one_line, pieces, size
from yanku.model.document import Cell, Table
from yanku.model.place import Place

_MOST_HEADER_ROWS = 8
_MOST_CARRIED = 64
_LONGEST_SECTION = 30
_DEEPEST = 4
_LONGEST_HEADER = 40
"""A header is repeated before every value; a longer one is shortened there and shown once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chunk, where it stands, and the rows it stands under, the outermost first."""

    text: str
    place: Place
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A value with its header path, or a label without one."""

    text: str
    cell: Cell


class _Headers:
    """The header path of every column, and the header cells that no line has shown yet."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        rows: dict[int, list[Cell]] = {}
        for cell in cells:
            for row in range(cell.row, cell.row + min(cell.row_span, _MOST_HEADER_ROWS)):
                rows.setdefault(row, []).append(cell)
        self._rows = [sorted(rows[row], key=lambda c: c.column) for row in sorted(rows)]
        self._starts = [[cell.column for cell in row] for row in self._rows]
        self._later: Sequence[Cell] = ()
        self._paths: dict[int, str] = {}
        self._shown: set[Cell] = set()

    def path(self, column: int) -> str:
        """Return the headers above a column, outermost first, and remember they were shown."""
        if column not in self._paths:
            above = list(dict.fromkeys(self._above(column)))
            texts = [one_line(cell.text) for cell in above]
            shortened = dict.fromkeys(text[:_LONGEST_HEADER] for text in texts)
            self._paths[column] = " / ".join(shortened)
            # Of header cells that say the same, the path shows the first.
            pairs = zip(reversed(texts), reversed(above), strict=True)
            first = dict(pairs)
            self._shown.update(first[text] for text in shortened if text in first)
        return self._paths[column]

    def replace(self, row: Sequence[Cell]) -> None:
        """Let a row in the middle of the table be the header of its columns from here on."""
        self._later = row
        self._paths.clear()

    def unseen(self) -> list[Cell]:
        """Return the header cells that no line shows whole, in reading order."""
        cells = dict.fromkeys(cell for row in self._rows for cell in row)
        return [cell for cell in cells if cell not in self._shown]

    def _above(self, column: int) -> Iterator[Cell]:
        later = [c for c in self._later if c.column <= column < c.column + c.column_span]
        if later:
            yield from later
            return
        for starts, row in zip(self._starts, self._rows, strict=True):
            position = bisect_right(starts, column) - 1
            if position >= 0 and column < row[position].column + row[position].column_span:
                yield row[position]


def table_lines(table: Table, limit: float) -> list[Line]:
    """Return the rows of a table as lines of at most ``limit``, numbers exactly as printed.

    Header cells that stand above no value come first, as a line of their own. What a row stands
    under is what the table's groups say; in a table without any, the last title of rows.
    """
    header_rows = min(table.header_rows, _MOST_HEADER_ROWS)
    filled = [cell for cell in table.cells if cell.text.strip()]
    headers = _Headers(cell for cell in filled if cell.row < header_rows)
    left = min((cell.column for cell in filled), default=0)
    body: list[Line] = []
    section: tuple[str, ...] = ()
    groups = _under(table)
    rows = _rows(cell for cell in filled if cell.row >= header_rows)
    for row, following in pairwise([*rows, []]):
        if _is_section(row, table.columns):
            section = (one_line(row[0].text)[:_LONGEST_SECTION],)
            under = groups.get(max(cell.row for cell in row), ())
            body.extend(Line(p, row[0].place, under) for p in pieces(one_line(row[0].text), limit))
        elif _is_header(row, left, following):
            headers.replace(row)
            body.extend(_header_lines(row, limit))
        else:
            own = groups.get(max(cell.row for cell in row), ()) if table.groups else section
            body.extend(
                Line(text, place, own) for text, place in _row_lines(row, left, headers, limit)
            )
    return [*_header_lines(headers.unseen(), limit), *body]


def _under(table: Table) -> dict[int, tuple[str, ...]]:
    """Return for each row in a group the labels of the rows it stands under, outermost first."""
    labels = {
        cell.row: one_line(cell.text)[:_LONGEST_SECTION]
        for cell in table.cells
        if cell.column == 0 and cell.amount is None and cell.text.strip()
    }
    found: dict[int, tuple[str, ...]] = {}
    for group in table.groups:
        if label := labels.get(group.head):
            for row in range(group.head + 1, min(group.last, table.rows) + 1):
                if len(found.get(row, ())) < _DEEPEST:
                    found[row] = (*found.get(row, ()), label)
    return found


def _is_section(row: Sequence[Cell], columns: int) -> bool:
    """Tell a title of the rows below ("流动资产：") from a row whose values are blank."""
    first = row[0]
    alone = len(row) == 1 and first.amount is None and columns > 1
    return alone and (first.text.rstrip().endswith(("：", ":")) or first.column_span >= columns)


def _is_header(row: Sequence[Cell], left: int, following: Sequence[Cell]) -> bool:
    """Tell a header in the middle: no label, no number, and a title for every number below."""
    if row[0].column == left or any(cell.amount is not None for cell in row):
        return False
    titled = {
        c for cell in row for c in range(cell.column, cell.column + min(cell.column_span, 64))
    }
    numbers = {cell.column for cell in following if cell.amount is not None}
    return bool(numbers) and numbers <= titled


def _rows(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells of each row from left to right, with those that reach down into it."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    reaching: list[Cell] = []
    for index in sorted(rows):
        reaching = [c for c in reaching if c.row + c.row_span > index][:_MOST_CARRIED]
        own = rows[index]
        yield sorted([*reaching, *own], key=lambda c: c.column)
        reaching += [c for c in own if c.row_span > 1]


def _row_lines(
    row: Sequence[Cell], left: int, headers: _Headers, limit: float
) -> Iterator[tuple[str, Place]]:
    label, values = _label(row, left)
    items = [_Item(_value(cell, headers), cell) for cell in values]
    if label is not None and size(label.text) > limit / 3:
        yield from ((piece, label.cell.place) for piece in pieces(label.text, limit))
        label = None
    for group in _grouped(items, label, limit):
        text = " | ".join(item.text for item in group)
        place = _place(group)
        if size(text) <= limit:
            yield text, place
        else:
            yield from ((piece, place) for piece in pieces(text, limit))


def _label(row: Sequence[Cell], left: int) -> tuple[_Item | None, Sequence[Cell]]:
    first = row[0]
    if first.column == left and first.amount is None:
        return _Item(one_line(first.text), first), row[1:]
    return None, row


def _value(cell: Cell, headers: _Headers) -> str:
    path = headers.path(cell.column)
    text = one_line(cell.text)
    return f"{path}: {text}" if path else text


def _grouped(items: Sequence[_Item], label: _Item | None, limit: float) -> Iterator[list[_Item]]:
    """Yield items in lines that fit, each starting with the label."""
    start = [label] if label else []
    group, total = list(start), size(label.text) if label else 0.0
    for item in items:
        weight = size(item.text) + 2
        if len(group) > len(start) and total + weight > limit:
            yield group
            group, total = list(start), size(label.text) if label else 0.0
        group.append(item)
        total += weight
    if group and (len(group) > len(start) or not items):
        yield group


def _place(group: Sequence[_Item]) -> Place:
    # A merged label that began rows above would stretch the box over rows that say other things.
    last = max(item.cell.row for item in group)
    own = [item.cell.place for item in group if item.cell.row == last]
    return united(own)


def _header_lines(cells: Sequence[Cell], limit: float) -> Iterator[Line]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        text = " | ".join(one_line(cell.text) for cell in row)
        place = united([cell.place for cell in row])
        yield from (Line(piece, place) for piece in pieces(text, limit))
