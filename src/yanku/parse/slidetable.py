"""A table on a PowerPoint slide: its grid, and the borders of its columns and rows."""

from __future__ import annotations

from itertools import accumulate

from lxml import etree

from yanku.model.place import Box
from yanku.parse.grid import GridCell
from yanku.parse.slide import Grid
from yanku.parse.wordtext import local, paragraph_text, within

_EMU = 12_700.0
_MAX_COLUMNS = 1_000
_TRUE = frozenset({"1", "true"})


def read_grid(table: etree._Element, box: Box | None) -> Grid:
    """Return the cells of a table; what a merged cell covers is left out."""
    widths = [_length(each, "w") for each in within(table, "gridCol")][:_MAX_COLUMNS]
    rows = [each for each in table if local(each) == "tr"]
    cells = [cell for number, row in enumerate(rows) for cell in _cells(number, row)]
    heights = [_length(each, "h") for each in rows]
    if box is None:
        return Grid(tuple(cells))
    xs = _borders(box.x0, box.x1, widths)
    # A row grows with its text, and the frame's own size is often not kept up.
    return Grid(tuple(cells), xs, _borders(box.y0, box.y1, heights))


def _cells(number: int, row: etree._Element) -> list[GridCell]:
    cells = []
    column = -1
    for each in row:
        if local(each) != "tc":
            continue
        column += 1
        if each.get("hMerge") in _TRUE or each.get("vMerge") in _TRUE:
            continue
        text = "\n".join(t for p in within(each, "p") if (t := paragraph_text(p, {})))
        if text and column < _MAX_COLUMNS:
            spans = (_span(each, "rowSpan"), _span(each, "gridSpan"))
            cells.append(GridCell(number, column, text, text, None, *spans))
    return cells


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return max(1, min(int(text), _MAX_COLUMNS)) if text.isdecimal() and len(text) < 8 else 1


def _length(element: etree._Element, name: str) -> float:
    text = element.get(name, "0")
    return float(text) if text.isdecimal() and len(text) < 12 else 0.0


def _borders(start: float, end: float, sizes: list[float]) -> tuple[float, ...]:
    total = sum(sizes)
    if not total:
        sizes, total = [1.0] * len(sizes), float(len(sizes))
    scale = max((end - start) / total, 1 / _EMU) if total else 0.0
    return tuple(round(start + scale * reached, 2) for reached in accumulate(sizes, initial=0.0))
