"""An HTML table as a grid: spans resolved, marks joined to their figures, spare columns dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from yanku.model.amount import read_amount
from yanku.parse.grid import GridCell, by_row, is_number

_MAX_SPAN = 1_000
_PROSE = 80
_LEADING = re.compile(r"(?:US|HK|A|C|S|NT|R)?[$¥￥€£]|RMB|CNY|USD|HKD|人民币", re.IGNORECASE)
_TRAILING = re.compile(r"[)）]?\s*[%％]?\s*[)）]?")

Cell = Callable[[etree._Element], tuple[list[str], list[etree._Element]]]


def read_cells(
    table: etree._Element,
    read: Cell,
    hides: Callable[[etree._Element], bool],
    spend: Callable[[int], None],
) -> tuple[list[GridCell], int | None, list[etree._Element]]:
    """Return a table's filled cells, its marked header rows, and the tables inside its cells."""
    cells: list[GridCell] = []
    inner: list[etree._Element] = []
    busy: dict[int, int] = {}  # the row from which each column is free again
    headers, marking = 0, True
    number = -1
    for number, (row, in_head) in enumerate(_rows(table, hides)):
        marking = marking and (in_head or _all_headers(row))
        headers += marking
        column = 0
        for each in row:
            if _tag(each) not in {"td", "th"} or hides(each):
                continue
            while busy.get(column, 0) > number:
                column += 1
            wide, tall = _span(each, "colspan"), _span(each, "rowspan")
            spend(wide)
            lines, within = read(each)
            inner += within
            busy.update(dict.fromkeys(range(column, column + wide), number + tall))
            if lines:
                text = "\n".join(lines)
                cells.append(GridCell(number, column, text, text, None, tall, wide))
            column += wide
    cells = [_clipped(each, number) for each in cells]
    return _narrowed(_joined(cells)), headers or None, inner


def is_data_table(table: etree._Element, cells: Sequence[GridCell], *, nested: bool) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if table.get("role") in {"presentation", "none"}:
        return False
    figures = sum(is_number(each) for each in cells)
    rows, columns = {each.row for each in cells}, {each.column for each in cells}
    if nested:
        return figures >= 2 and len(rows) > 1
    if len(columns) < 2:
        return False
    if len(rows) == 1:
        return figures > 0 and all(len(each.text) < _PROSE for each in cells)
    prose = sum(len(each.text) > 4 * _PROSE for each in cells)
    return figures > 0 or prose * 2 < len(cells)


def _rows(
    table: etree._Element, hides: Callable[[etree._Element], bool]
) -> Iterator[tuple[etree._Element, bool]]:
    """Yield the visible rows as shown: the head first, the foot last; and whether in the head."""
    order = {"thead": 0, "tfoot": 2}
    parts = sorted(
        (each for each in table if _tag(each) in {"thead", "tbody", "tfoot", "tr"}),
        key=lambda each: order.get(_tag(each), 1),
    )
    for part in parts:
        if hides(part):
            continue
        for each in (part,) if _tag(part) == "tr" else part:
            if _tag(each) == "tr" and not hides(each):
                yield each, _tag(part) == "thead"


def _all_headers(row: etree._Element) -> bool:
    kinds = [_tag(each) for each in row if _tag(each) in {"td", "th"}]
    return len(kinds) > 1 and all(each == "th" for each in kinds)


def _tag(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    span = int(text) if text.isdecimal() and len(text) < 20 else 1
    if name == "rowspan" and span == 0:
        return _MAX_SPAN  # down to the end of the table
    return max(1, min(span, _MAX_SPAN))


def _clipped(cell: GridCell, last: int) -> GridCell:
    return cell._replace(row_span=min(cell.row_span, last - cell.row + 1))


def _joined(cells: Sequence[GridCell]) -> list[GridCell]:
    """Join marks that stand in cells of their own to their figures: ``$ | (1,234 | )``."""
    out: list[GridCell] = []
    for row in by_row(cells).values():
        waiting: GridCell | None = None
        for cell in row:
            last = out[-1] if out and out[-1].row == cell.row else None
            if waiting is not None and read_amount(_closed(cell.text)) is not None:
                text = waiting.text + cell.text
                out.append(cell._replace(text=text, plain=text))
                waiting = None
                continue
            if waiting is not None:
                out.append(waiting)
                waiting = None
            if _LEADING.fullmatch(cell.text):
                waiting = cell
            elif last is not None and _belongs(cell.text, last):
                text = last.text + cell.text
                out[-1] = last._replace(text=text, plain=text)
            else:
                out.append(cell)
        if waiting is not None:
            out.append(waiting)
    return out


def _is_open(text: str) -> bool:
    return len(re.findall("[(（]", text)) > len(re.findall("[)）]", text))


def _closed(text: str) -> str:
    return text + ")" if _is_open(text) else text


def _belongs(mark: str, before: GridCell) -> bool:
    """Tell a mark that ends the figure in the cell before it."""
    if not mark or _TRAILING.fullmatch(mark) is None:
        return False
    own = read_amount(_closed(before.text))
    if own is None or own.unit == "%":
        return False
    return _is_open(before.text) == mark.startswith((")", "）"))


def _narrowed(cells: list[GridCell]) -> list[GridCell]:
    """Drop columns in which nothing stands alone: they only kept space or marks apart."""
    kept = sorted({each.column for each in cells if each.column_span == 1})
    starts = {each.column for each in cells}
    if not kept:
        kept = sorted(starts)
    index = {column: n for n, column in enumerate(kept)}
    out = []
    for each in cells:
        covered = [c for c in range(each.column, each.last_column + 1) if c in index]
        if not covered:
            return cells  # a cell over spare columns alone: leave the grid as it is
        out.append(each._replace(column=index[covered[0]], column_span=len(covered)))
    taken = [(each.row, each.column) for each in out]
    return out if len(set(taken)) == len(taken) else cells
