"""A part of a table as it lies on one page: cells on a grid, before anything is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.model.amount import read_amount
from yanku.model.place import Box
from yanku.parse.ink import Ink, Line, glued, united


@dataclass(frozen=True, slots=True)
class PieceCell:
    """One cell with text; rows and columns count from 0 within the piece."""

    row: int
    column: int
    text: str
    box: Box
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A table on one page; ``xs`` are the borders of its columns, from left to right."""

    ink: Ink
    box: Box
    xs: tuple[float, ...]
    rows: int
    cells: tuple[PieceCell, ...]
    ruled: bool

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return len(self.xs) - 1


_NIL = re.compile(r"[-—–－/ ]+|不适用|无|N/?A", re.IGNORECASE)
_NUMBER_START = re.compile(r"[(（]?[-−–△]?\d[\d,，]*(?:\.\d*)?|[\d,，]+\.\d*")
_NUMBER_REST = re.compile(r"[\d,，.]+[)）]?%?")
_WHOLE = re.compile(
    r"[(（]?[-−–△]?(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,4})?|\d{1,4}\.\d{2,4})[)）]?%?"
)


def is_figure(text: str) -> bool:
    """Tell a printed amount, or a dash in the place of one."""
    return bool(_NIL.fullmatch(text)) or read_amount(text) is not None


def cell_text(lines: Sequence[Line], left: float, right: float) -> str:
    """Return the lines of a cell as one text; a number broken by a narrow cell is whole again."""
    text = ""
    last: Line | None = None
    for line in lines:
        piece = line.text
        if last is not None and _breaks_number(text, piece, last, right - left):
            text += piece
        else:
            text = glued(text, piece)
        last = line
    return text


def _breaks_number(upper: str, lower: str, line: Line, width: float) -> bool:
    """Tell whether a number runs on in the next line: cut at a separator, or at a full cell."""
    tail = upper.rsplit(" ", 1)[-1]
    if not (_NUMBER_START.fullmatch(tail) and _NUMBER_REST.fullmatch(lower)):
        return False
    if tail[-1] in ",，." or lower[0] in ",，.)）%":
        return True
    if tail[0] in "(（" and lower[-1] in ")）":
        return True
    full = line.x1 - line.x0 > width - 1.6 * line.size
    return full and _WHOLE.fullmatch(tail + lower) is not None


def ink_box(lines: Sequence[Line]) -> Box:
    """Return the box of the lines."""
    return united(line.box for line in lines)
