"""Tells whether a place lies within another: a cell in the row of a chunk."""

from __future__ import annotations

import re

from yanku.model.place import InSheet, InText, OnPage, Place, column_number

_CORNER = re.compile(r"([A-Z]+)(\d+)")
_SLACK = 1.0
"""Points by which a box may stick out: cells and rows are measured apart."""


def stands_in(inner: Place, outer: Place) -> bool:
    """Tell whether the middle of ``inner`` lies within ``outer``; a page without a box holds all
    that is on it.
    """
    match inner, outer:
        case OnPage(), OnPage():
            return inner.page == outer.page and _in_box(inner, outer)
        case InSheet(), InSheet():
            return inner.sheet == outer.sheet and _in_range(inner.cells, outer.cells)
        case InText(), InText():
            return outer.first_line <= inner.first_line <= outer.last_line
        case _:
            return False


def _in_box(inner: OnPage, outer: OnPage) -> bool:
    if inner.box is None or outer.box is None:
        return True
    x, y = (inner.box.x0 + inner.box.x1) / 2, (inner.box.y0 + inner.box.y1) / 2
    return (
        outer.box.x0 - _SLACK <= x <= outer.box.x1 + _SLACK
        and outer.box.y0 - _SLACK <= y <= outer.box.y1 + _SLACK
    )


def _in_range(inner: str, outer: str) -> bool:
    cells, around = (_corners(text) for text in (inner, outer))
    if not cells or not around:
        return False
    column, row = cells[0]
    columns, rows = [c for c, _ in around], [r for _, r in around]
    return min(columns) <= column <= max(columns) and min(rows) <= row <= max(rows)


def _corners(cells: str) -> list[tuple[int, int]]:
    return [(column_number(letters), int(row)) for letters, row in _CORNER.findall(cells)]
