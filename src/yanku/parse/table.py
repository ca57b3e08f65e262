"""Parts of tables made into tables: joined across pages, mended, with caption and unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from yanku.model.document import Heading, Origin, Paragraph, Table
from yanku.model.place import Box, OnPage
from yanku.model.stretch import is_stretch
from yanku.parse.grid import (
    GridCell,
    announced_unit,
    bare_unit,
    by_row,
    header_rows,
    label_unit,
    make_table,
)
from yanku.parse.halves import halves
from yanku.parse.ink import Word, united
from yanku.parse.overleaf import on_grid_of
from yanku.parse.paired import parted
from yanku.parse.piece import Piece, PieceCell, cut_in_two, is_figure
from yanku.parse.split_rows import mended, merged

_NOT_A_TITLE = re.compile(
    r"^(?:无|不适用|其他说明)[：:。]?$|编制单位|编制公司|公司名称[：:]|[□√☑☒✓]|币种|审计类型|^[（(].*[）)]$|续表|^[（(]?续[)）]?$"
    r"|^(?i:(?:as )?at |as of |for the )?(?i:(?:financial )?year |[a-z]{3,6} months |period )?"
    r"(?i:ended )?(?:\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4})$"
    r"|^(?:于|截至)?\s*\d{4}\s*年(?:度|\s*\d{1,2}\s*(?:[-—–~至]+\s*\d{1,2}\s*)?月.*)?(?:止.*)?$"
)
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[节章]|[一二三四五六七八九十]+\s?[、.．]|[（(][一二三四五六七八九十\d]+[)）]\s?[.．、]?"
    r"|\d{1,2}[)）]|\d{1,2}(?:\.\d+)*(?!\d|\s?[年月])\s?[、.．]?)\s*"
)
_ANSWER = re.compile(r"[□√☑☒✓\s]*是[□√☑☒✓\s]*否[□√☑☒✓\s]*")
"""What is ticked below a question of the form: the question is no title."""
_REACH = 6
_SAME_HEADER = 0.7
_SAME_SHARE = 0.03
_SAME_BORDER = 6.0
_SAME_MARGIN = 4.0


def title_above(before: Sequence[Heading | Paragraph | Table]) -> tuple[str, str]:
    """Return (caption, unit) printed above a table; the nearest line is the last."""
    unit = ""
    answered = False
    for block in reversed(before[-_REACH:]):
        if isinstance(block, Table):
            break
        text = block.text.strip()
        asks, answered = answered, _ANSWER.fullmatch(text) is not None
        unit = unit or announced_unit(text) or bare_unit(text)
        if is_stretch(text) or bare_unit(text):
            continue
        if isinstance(block, Heading):
            return _NUMBERED.sub("", text), unit or label_unit(text)
        if asks or announced_unit(text) or _NOT_A_TITLE.search(text):
            continue
        if len(text) <= 40 and not text.endswith(("。", "；", ".", ";", "，")):
            return _NUMBERED.sub("", text).rstrip("：:"), unit or label_unit(text)
        break
    return "", unit


def is_unit_line(text: str) -> bool:
    """Tell a line that says nothing but the unit of what follows, and says that it does."""
    return len(text) <= 40 and bool(
        re.match(r"\s*[（(]?\s*(?:金额|货币)?单位\s*[：:]", text) and announced_unit(text)
    )


def continues(above: Piece, below: Piece) -> bool:
    """Tell whether a part at the top of a page goes on with the one at the foot of the last.

    It does if their columns are the same (within 3 % of the width), or if both are ruled, equally
    wide, and the lower part begins with figures, or the end of a label, instead of a header.
    """
    if above.ruled != below.ruled:
        return False
    if not above.ruled:
        few, many = sorted((above, below), key=lambda piece: piece.columns)
        return few.columns == many.columns or on_grid_of(many, few) is not None
    if above.columns == below.columns and all(
        abs(x - y) <= _SAME_SHARE for x, y in zip(_shares(above), _shares(below), strict=True)
    ):
        return True
    first = [cell for cell in below.cells if cell.row == 0]
    if not _as_wide(above, below):
        return False
    if any(is_figure(cell.text) and cell.column for cell in first):
        return True
    # The end of a label that the page cut off, where a border is drawn a little off further down.
    return len(first) == 1 and first[0].column == 0 and _within(above, below)


def _within(one: Piece, other: Piece) -> bool:
    """Tell whether every border of the part with fewer columns is one of the other part, too."""
    few, many = sorted((_shares(one), _shares(other)), key=len)
    return all(any(abs(x - y) <= _SAME_SHARE for y in many) for x in few)


def _shares(piece: Piece) -> list[float]:
    width = piece.xs[-1] - piece.xs[0]
    return [(x - piece.xs[0]) / width for x in piece.xs]


def _as_wide(above: Piece, below: Piece) -> bool:
    slack = _SAME_SHARE * (above.xs[-1] - above.xs[0])
    return abs(above.xs[0] - below.xs[0]) < slack and abs(above.xs[-1] - below.xs[-1]) < slack


def _on_one_grid(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the parts with the same columns: those between the borders of all of them."""
    if len({p.columns for p in pieces}) == 1:
        return list(pieces)
    if not pieces[0].ruled:
        widest = max(pieces, key=lambda piece: piece.columns)
        return [p if p.columns == widest.columns else on_grid_of(widest, p) or p for p in pieces]
    borders: list[float] = []
    for x in sorted(x for p in pieces for x in p.xs):
        if not borders or x - borders[-1] > _SAME_BORDER:
            borders.append(x)
    return [_on_grid(p, borders) for p in pieces]


def _on_grid(piece: Piece, borders: Sequence[float]) -> Piece:
    at = [min(range(len(borders)), key=lambda i: abs(borders[i] - x)) for x in piece.xs]
    cells = tuple(
        replace(
            c, column=at[c.column], column_span=max(1, at[c.column + c.column_span] - at[c.column])
        )
        for c in piece.cells
    )
    return replace(piece, xs=tuple(borders), cells=cells)


def tables_of(pieces: Sequence[Piece], caption: str, unit: str) -> list[Table]:
    """Return the table that one or several parts form, or the two that share their grid."""
    pieces = [parted(piece) for piece in pieces]
    rows: list[list[PieceCell]] = []
    places: dict[tuple[int, int], OnPage] = {}
    begins: list[float] = []
    top: list[list[PieceCell]] = []
    above = pieces[0]
    for piece in _on_one_grid(pieces):
        part = mended(piece)
        if not top:
            top = part
        else:
            seen = piece.ink.origin is Origin.OCR
            part = part[_repeated(top, part, seen=seen) :]
            if rows and part and cut_in_two(above, rows[-1], part[0]):
                for cell in part[0]:
                    place = piece.ink.place(cell.box)
                    places.setdefault((len(rows) - 1, cell.column), place)
                rows[-1] = merged(rows[-1], part[0])
                part = part[1:]
        offset = len(rows)
        for i, row in enumerate(part):
            for cell in row:
                places[(offset + i, cell.column)] = piece.ink.place(cell.box)
        rows.extend(part)
        begins += _begins(piece, part, _shift(pieces[0], piece))
        above = piece
    begins = begins[1:] if _is_unit_row(rows) else begins
    rows, places, unit = _without_unit_row(rows, places, unit)
    cells = [
        GridCell(
            i,
            c.column,
            c.text,
            c.text,
            row_span=c.row_span,
            column_span=c.column_span,
            indent=begin if c.column == 0 else 0.0,
        )
        for i, (row, begin) in enumerate(zip(rows, begins, strict=True))
        for c in row
    ]
    whole = tuple(piece.ink.place(piece.box) for piece in pieces)
    parts = halves(cells)
    return [
        make_table(
            part,
            lambda cell: places[(cell.row, cell.column)],
            whole if len(parts) == 1 else _around([places[(c.row, c.column)] for c in part]),
            caption=caption,
            unit=unit,
            headers=header_rows(by_row(part)),
        )
        for part in parts
    ]


def _around(places: Sequence[OnPage]) -> tuple[OnPage, ...]:
    """Return on each page the box around some places."""
    boxes: dict[int, list[Box]] = {}
    for place in places:
        if place.box is not None:
            boxes.setdefault(place.page, []).append(place.box)
    return tuple(OnPage(page, united(found)) for page, found in sorted(boxes.items()))


def _without_unit_row(
    rows: list[list[PieceCell]], places: dict[tuple[int, int], OnPage], unit: str
) -> tuple[list[list[PieceCell]], dict[tuple[int, int], OnPage], str]:
    """Take a first row that only says the unit out of the grid."""
    if _is_unit_row(rows):
        said = announced_unit(rows[0][0].text)
        shifted = {(r - 1, c): place for (r, c), place in places.items() if r > 0}
        return rows[1:], shifted, said
    return rows, places, unit


def _is_unit_row(rows: Sequence[Sequence[PieceCell]]) -> bool:
    return len(rows) > 1 and len(rows[0]) == 1 and bool(announced_unit(rows[0][0].text))


def _shift(first: Piece, piece: Piece) -> float:
    """Return how much further right a part is set than the first one: pages have two margins."""
    right = piece.xs[-1] - first.xs[-1]
    return 0.0 if not piece.ruled and abs(right) < _SAME_MARGIN else piece.xs[0] - first.xs[0]


def _begins(piece: Piece, rows: Sequence[Sequence[PieceCell]], shift: float) -> list[float]:
    """Return where the label of each row begins; the boxes of ruled cells do not tell."""
    labels = [row[0] if row and row[0].column == 0 else None for row in rows]
    if not piece.ruled:
        return [label.box.x0 - shift if label else 0.0 for label in labels]
    left, right = piece.xs[0], piece.xs[1]
    words = [w for w in piece.ink.words if left - 1 <= w.x0 < right]
    return [
        min((w.x0 for w in words if _inside(w, label)), default=left) - shift if label else 0.0
        for label in labels
    ]


def _inside(word: Word, cell: PieceCell) -> bool:
    return cell.box.y0 <= (word.y0 + word.y1) / 2 <= cell.box.y1


def _repeated(
    top: Sequence[Sequence[PieceCell]], part: Sequence[Sequence[PieceCell]], *, seen: bool
) -> int:
    """Return how many first rows repeat the header; where it was ``seen``, a letter may differ."""
    count = 0
    for first, again in zip(top[:6], part, strict=False):
        same = [_bare(c) for c in first] == [_bare(c) for c in again]
        if not (same or (seen and _alike(first, again))) or _has_figures([again]):
            break
        count += 1
    while count and len(top[count - 1]) == 1 and top[count - 1][0].column == 0:
        count -= 1  # a section may begin again with the words that the first one begins with
    return count or _same_words(top, part)


def _alike(first: Sequence[PieceCell], again: Sequence[PieceCell]) -> bool:
    """Tell two readings of one row of a header, in one of which something was not read well."""
    one, other = ("".join(_bare(c)[1] for c in row) for row in (first, again))
    few = min(len(first), len(again))
    return few > 1 and SequenceMatcher(None, one, other).ratio() >= _SAME_HEADER


def _same_words(top: Sequence[Sequence[PieceCell]], part: Sequence[Sequence[PieceCell]]) -> int:
    """Return how many first rows say what the header says, though parted into other cells."""
    headers = [_words(top[:n]) for n in range(1, 7) if not _has_figures(top[:n])]
    for count in range(6, 0, -1):
        if len(part) > count and not _has_figures(part[:count]):
            said = _words(part[:count])
            if len(said) > 6 and said in headers:
                return count
    return 0


def _words(rows: Sequence[Sequence[PieceCell]]) -> list[str]:
    return sorted("".join(_bare(c)[1] for row in rows for c in row))


def _has_figures(rows: Sequence[Sequence[PieceCell]]) -> bool:
    return any(is_figure(c.text) for row in rows for c in row)


def _bare(cell: PieceCell) -> tuple[int, str]:
    return cell.column, re.sub(r"\s", "", cell.text)
