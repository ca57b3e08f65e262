"""A part of a table as it lies on one page: cells on a grid, before anything is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.model.amount import read_amount
from yanku.model.place import Box
from yanku.parse.headings import numbering
from yanku.parse.ink import Ink, Line, glued, lines_of, united


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
_CUT_GROUP = re.compile(r"[,，]\d{1,2}$")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’,.)-]*")
_WHOLE = re.compile(
    r"[(（]?[-−–△]?(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,4})?|\d{1,4}\.\d{2,4})[)）]?%?"
)


def is_figure(text: str) -> bool:
    """Tell a printed amount, or a dash in the place of one."""
    return bool(_NIL.fullmatch(text)) or read_amount(text) is not None


_REFERENCE = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)]?\s?[、.]\s?[（(]?\d{1,3}[)）]?(?:[(（]\d+[)）])?"
)


def is_reference(text: str) -> bool:
    """Tell the number of a note that stands between a label and its figures: 七、12."""
    return _REFERENCE.fullmatch(text) is not None


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
    tail, lower = (unicodedata.normalize("NFKC", part) for part in (_end(upper), lower))
    if not (_NUMBER_START.fullmatch(tail) and _NUMBER_REST.fullmatch(lower)):
        return False
    if tail[-1] in ",，." or lower[0] in ",，.)）%":
        return True
    if tail[0] in "(（" and lower[-1] in ")）":
        return True
    if _CUT_GROUP.search(tail) and _WHOLE.fullmatch((tail + lower).rstrip(",，.")):
        return True  # no number ends on a group of one or two digits
    full = line.x1 - line.x0 > width - max(1.6 * line.size, 0.6 * line.size + _PADDING)
    return full and _WHOLE.fullmatch(tail + lower) is not None


def _end(text: str) -> str:
    return text.rsplit(" ", 1)[-1]


def run_on(upper: str, lower: str) -> str:
    """Return two lines of a cell as one text: a number cut in two is one number."""
    tail = _end(upper)
    if _NUMBER_START.fullmatch(tail) and _NUMBER_REST.fullmatch(lower):
        return upper + lower
    return glued(upper, lower)


def names_part(text: str, box: Box, edge: float) -> bool:
    """Tell the name of a statement's part (二、投资活动产生的现金流量) from the start of a label.

    It leaves room before the ``edge`` that the longest label reaches, which the first line of a
    label of two would have filled.
    """
    return numbering(text) == _PART and edge - box.x1 > _ROOM * (box.y1 - box.y0)


_PART, _ROOM = 2, 2.5
"""The depth of 一、, and heights of a line."""
_PADDING = 11.0
"""Points that a cell leaves free on both sides together, as word processors do."""
_TAIL = 8.0
"""Length of a label's end that may stand overleaf by itself, in Chinese characters."""


def cut_in_two(piece: Piece, upper: Sequence[PieceCell], lower: Sequence[PieceCell]) -> bool:
    """Tell whether a row at the foot of a page and the one overleaf are one row that was cut.

    Every cell overleaf must go on with one above it: a bracket is open, a number is incomplete,
    or the text above fills its cell; and figures stand on one side only.
    """
    mates = {cell.column: cell for cell in upper}
    pairs = [(mates.get(cell.column), cell) for cell in lower]
    figures = [
        sum(is_figure(c.text) and not _is_part(mates.get(c.column), c) for c in row[1:])
        for row in (upper, lower)
    ]
    if all(figures) or any(cell.row_span > 1 for cell in (*upper, *lower)):
        return False
    if not figures[0] and figures[1]:
        # Only the label stands above; the figures follow overleaf, beside its end.
        label = mates.get(lower[0].column)
        return len(upper) == 1 and label is not None and _goes_on(piece, label, lower[0])
    # A row without figures is common; the tail of a label whose figures stand above is short, or
    # begins in the middle of an English sentence.
    tail = lower[0].text if lower else ""
    long = len(lower) == 1 and sum(0.4 if c.isascii() else 1 for c in tail) > _TAIL
    long = long and not tail[:1].islower()
    if figures[0] and long and not _closes(upper[0], lower[0]):
        return False
    return all(mate is not None and _goes_on(piece, mate, cell) for mate, cell in pairs)


def _is_part(mate: PieceCell | None, cell: PieceCell) -> bool:
    """Tell a figure that only looks whole: the end of a number that begins above."""
    if mate is None or mate is cell:
        return False
    whole = mate.text + cell.text
    return bool(
        _NUMBER_START.fullmatch(mate.text)
        and _NUMBER_REST.fullmatch(cell.text)
        and (mate.text[0] in "(（") == (whole[-1] in ")）")
        and _WHOLE.fullmatch(whole)
    )


def _closes(mate: PieceCell, cell: PieceCell) -> bool:
    """Tell whether a text closes a bracket that the one before left open."""
    opened = len(re.findall("[(（]", mate.text)) - len(re.findall("[)）]", mate.text))
    closed = len(re.findall("[)）]", cell.text)) - len(re.findall("[(（]", cell.text))
    return opened > 0 and closed > 0


def _goes_on(piece: Piece, mate: PieceCell, cell: PieceCell) -> bool:
    if _closes(mate, cell):
        return True
    if _NUMBER_START.fullmatch(mate.text):
        return _is_part(mate, cell)
    if cell.text.endswith(("：", ":")) or mate.text.endswith(("：", ":")) or is_figure(cell.text):
        return False
    return _fills(piece, mate, cell.text)


def _fills(piece: Piece, cell: PieceCell, rest: str) -> bool:
    """Tell whether the first word of the rest had no room behind the last line of a cell."""
    box = cell.box
    inside = [
        w
        for w in piece.ink.words
        if box.x0 - 1 <= (w.x0 + w.x1) / 2 <= box.x1 + 1
        and box.y0 - 1 <= (w.y0 + w.y1) / 2 <= box.y1 + 1
    ]
    if not inside:
        return False
    last = lines_of(inside)[-1]
    reach = (cell.column, cell.column_span)
    beside = [c.box.x1 for c in piece.cells if (c.column, c.column_span) == reach]
    return last.x1 > max(beside, default=box.x1) - _room(rest) * last.size


def _room(text: str) -> float:
    """Return about how much room the first word of a text and a space take, in sizes."""
    word = _WORD.match(text)
    return max(2.0, 0.3 + 0.5 * len(word[0])) if word is not None else 2.0


def ink_box(lines: Sequence[Line]) -> Box:
    """Return the box of the lines."""
    return united(line.box for line in lines)
