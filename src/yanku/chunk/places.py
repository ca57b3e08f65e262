"""The smallest place that holds several places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from yanku.model.place import (
    Box,
    InSheet,
    InText,
    OnPage,
    Place,
    column_letters,
    column_number,
)

_A1 = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


def leaf(place: Place) -> tuple[str, str]:
    """Return what a chunk must not cross: the page, the sheet, or the text as a whole."""
    match place:
        case OnPage(page=page):
            return "page", str(page)
        case InSheet(sheet=sheet):
            return "sheet", sheet
        case InText():
            return "text", ""


def united(places: Sequence[Place]) -> Place:
    """Return the place that holds all those of ``places`` that share the first one's leaf."""
    first = places[0]
    same = [place for place in places if leaf(place) == leaf(first)]
    match first:
        case OnPage(page=page):
            boxes = [p.box for p in same if isinstance(p, OnPage) and p.box is not None]
            return OnPage(page, reduce(Box.united, boxes) if boxes else None)
        case InSheet(sheet=sheet):
            return _range(sheet, [p.cells for p in same if isinstance(p, InSheet)])
        case InText():
            spans = [p for p in same if isinstance(p, InText)]
            return InText(min(s.first_line for s in spans), max(s.last_line for s in spans))


def _range(sheet: str, ranges: Sequence[str]) -> InSheet:
    corners = [corner for cells in ranges for corner in _corners(cells)]
    if not corners:
        return InSheet(sheet, ranges[0])
    columns, rows = [c for c, _ in corners], [r for _, r in corners]
    start = f"{column_letters(min(columns))}{min(rows)}"
    end = f"{column_letters(max(columns))}{max(rows)}"
    return InSheet(sheet, start if start == end else f"{start}:{end}")


def _corners(cells: str) -> list[tuple[int, int]]:
    match = _A1.fullmatch(cells)
    if match is None:
        return []
    column, row, last_column, last_row = match.groups()
    corners = [(column_number(column), int(row))]
    if last_column:
        corners.append((column_number(last_column), int(last_row)))
    return corners
