"""Rows that are one row printed as several, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from yanku.parse.grid import label_unit
from yanku.parse.piece import Piece, PieceCell, is_figure, names_part, run_on

_BARE_UNIT = re.compile(r"[（(][^（）()]{1,10}[)）]")


def mended(piece: Piece) -> list[list[PieceCell]]:
    """Return the rows of a part, those that are one row printed as several put together."""
    rows: list[list[PieceCell]] = [[] for _ in range(piece.rows)]
    for cell in sorted(piece.cells, key=lambda c: (c.row, c.column)):
        rows[cell.row].append(cell)
    if any(c.row_span > 1 and c.column == 0 for c in piece.cells):
        return rows
    labels = [c.box.x1 for c in piece.cells if c.column == 0 and c.column_span == 1]
    return _joined_rows(rows, max(labels, default=0.0), tight=not piece.ruled)


def _joined_rows(rows: list[list[PieceCell]], edge: float, *, tight: bool) -> list[list[PieceCell]]:
    pitch = _pitch(rows)
    out: list[list[PieceCell]] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        near = rows[i + 1] if i + 1 < len(rows) else []
        if _no_label(row) and near and _complements(row, near):
            rows[i + 1] = merged(row, near)
            i += 1
            continue
        if _no_label(row):
            if out and _only_label(out[-1]) and _close(out[-1], row, pitch, tight):
                row = merged(out.pop(), row)
            if near and _only_label(near) and _close(row, near, pitch, tight):
                row = merged(row, near)
                i += 1
        elif tight and _only_label(row) and near and _wraps(rows, i, pitch, edge):
            rows[i + 1] = merged(row, near)
            i += 1
            continue
        elif out and _ends_label(out[-1], row):
            row = merged(out.pop(), row)
        out.append(row)
        i += 1
    return out


def _no_label(row: Sequence[PieceCell]) -> bool:
    return (
        bool(row)
        and row[0].column > 0
        and all(c.row_span == 1 for c in row)
        and any(is_figure(c.text) and any(map(str.isdigit, c.text)) for c in row)
    )


def _only_label(row: Sequence[PieceCell]) -> bool:
    return (
        len(row) == 1
        and row[0].column == 0
        and row[0].row_span == 1
        and not row[0].text.rstrip().endswith(("：", ":"))
        and not is_figure(row[0].text)
    )


def _ends_label(above: Sequence[PieceCell], row: Sequence[PieceCell]) -> bool:
    """Tell the end of a label printed as a row: what closes its bracket, or names its unit."""
    if len(row) != 1 or len(above) < 2 or row[0].column != above[0].column:
        return False
    label, rest = above[0].text, row[0].text
    if is_figure(label) or row[0].row_span > 1 or above[0].row_span > 1:
        return False
    if _opened(label) > 0 and _opened(rest) < 0:
        return True
    if not any(is_figure(cell.text) for cell in above[1:]) or label_unit(label):
        return False
    return rest.startswith("的") or (
        _BARE_UNIT.fullmatch(rest) is not None and bool(label_unit(rest))
    )


def _opened(text: str) -> int:
    return len(re.findall("[(（]", text)) - len(re.findall("[)）]", text))


def _complements(row: Sequence[PieceCell], below: Sequence[PieceCell]) -> bool:
    """Tell figures without a label from a labelled row that lacks just these columns."""
    if not below or below[0].column != 0 or len(below) < 2:
        return False
    mine = {c.column for c in row}
    theirs = {c.column for c in below}
    figures = any(is_figure(c.text) for c in below[1:])
    return not mine & theirs and figures and all(c.row_span == 1 for c in below)


def _pitch(rows: Sequence[Sequence[PieceCell]]) -> float:
    middles = [_middle(row) for row in rows if len(row) > 1]
    steps = [b - a for a, b in pairwise(middles) if b > a]
    return median(steps) if steps else 0.0


def _middle(row: Sequence[PieceCell]) -> float:
    return sum(c.box.y0 + c.box.y1 for c in row) / (2 * len(row))


def _close(
    above: Sequence[PieceCell], below: Sequence[PieceCell], pitch: float, tight: bool
) -> bool:
    return not tight or _middle(below) - _middle(above) < 0.85 * pitch


def _wraps(rows: Sequence[Sequence[PieceCell]], i: int, pitch: float, edge: float) -> bool:
    """Tell a label whose last line stands in the next row, by how close the two are set."""
    if names_part(rows[i][0].text, rows[i][0].box, edge):
        return False
    below = _middle(rows[i + 1]) - _middle(rows[i])
    above = _middle(rows[i]) - _middle(rows[i - 1]) if i and rows[i - 1] else pitch
    return len(rows[i + 1]) > 1 and below < 0.85 * pitch and above > 1.15 * below


def merged(above: Sequence[PieceCell], below: Sequence[PieceCell]) -> list[PieceCell]:
    """Return two rows as one; texts of the same column are joined."""
    cells: dict[int, PieceCell] = {c.column: c for c in above}
    for cell in below:
        mate = cells.get(cell.column)
        if mate is None:
            cells[cell.column] = cell
            continue
        cells[cell.column] = PieceCell(
            mate.row,
            mate.column,
            run_on(mate.text, cell.text),
            mate.box.united(cell.box),
            1,
            max(mate.column_span, cell.column_span),
        )
    return [cells[column] for column in sorted(cells)]
