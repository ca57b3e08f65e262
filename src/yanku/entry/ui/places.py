"""Places in words, and cells by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yanku.entry.ui.words import Words
from yanku.model.place import InSheet, InText, OnPage, Place, column_number

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def place_worded(place: Place, words: Words) -> str:
    """Return where something stands, for people."""
    match place:
        case OnPage(page, _):
            return words.page_n.format(n=page)
        case InSheet(sheet, cells):
            return words.sheet_place.format(sheet=sheet, cells=cells)
        case InText(first, last) if first == last:
            return words.line_n.format(n=first)
        case InText(first, last):
            return words.lines_n.format(first=first, last=last)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, columns and rows counted from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, column: int, row: int) -> bool:
        """Tell whether a cell is inside."""
        return self.left <= column <= self.right and self.top <= row <= self.bottom


def area_of(cells: str) -> Area | None:
    """Return the rectangle that ``B4`` or ``B4:F9`` names, or None for anything else."""
    corners = [_CELL.fullmatch(part.strip().upper()) for part in cells.split(":")]
    if not 1 <= len(corners) <= 2 or None in corners:
        return None
    columns = [column_number(corner[1]) for corner in corners if corner]
    rows = [int(corner[2]) for corner in corners if corner]
    return Area(min(columns), min(rows), max(columns), max(rows))
