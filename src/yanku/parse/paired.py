"""Parts a column in which several columns of figures were read as one.

┌──────────┬─────────────────┬───────┐        ┌──────────┬───────┬───────┬───────┐
│          │ 2022 2021       │ 2020  │   →    │          │ 2022  │ 2021  │ 2020  │
│ Revenues │ $322,467 $292,111 │ 268,706 │      │ Revenues │ 322,… │ 292,… │ 268,… │
└──────────┴─────────────────┴───────┘        └──────────┴───────┴───────┴───────┘
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yanku.model.place import Box
from yanku.parse.ink import Word
from yanku.parse.piece import Piece, PieceCell, is_figure

_YEAR = re.compile(r"(?:19|20)\d\d")
_OPENS = re.compile(r"[$€£¥(（]+")
_CLOSES = re.compile(r"[)）%]+")
_ROWS = 4
"""Fewer rows that agree are no columns."""
_SHARE = 0.9
_HEAD = 5
"""Rows from the top in which the header stands."""
_GAP = 2.0
"""Points between two columns at least, in every row."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of a cell that are one figure, and how far they reach."""

    text: str
    x0: float
    x1: float


def parted(piece: Piece) -> Piece:
    """Return a part of a table with every such column parted; anything else as it is.

    Only where a header names a year for each figure, nearly all rows have as many figures, and a
    gap runs between them from top to bottom.
    """
    for column in range(piece.columns - 1, 0, -1):
        own = [c for c in piece.cells if c.column == column and c.column_span == 1]
        runs = {(c.row, c.column): _runs(piece.ink.words, c) for c in own}
        if borders := _borders(own, runs):
            piece = _cut(piece, column, borders, runs)
    return piece


def _runs(words: Sequence[Word], cell: PieceCell) -> list[_Run]:
    """Return the figures of a cell from left to right: a sign of money goes with what follows."""
    inside = sorted((w for w in words if _is_inside(w, cell.box)), key=lambda w: w.x0)
    runs: list[_Run] = []
    opens: _Run | None = None
    for word in inside:
        if _OPENS.fullmatch(word.text):
            opens = _Run((opens.text if opens else "") + word.text, word.x0, word.x1)
        elif _CLOSES.fullmatch(word.text) and runs:
            runs[-1] = _Run(runs[-1].text + word.text, runs[-1].x0, word.x1)
        else:
            lead = opens or _Run("", word.x0, word.x0)
            runs.append(_Run(lead.text + word.text, lead.x0, word.x1))
            opens = None
    return runs


def _is_inside(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _borders(cells: Sequence[PieceCell], runs: dict[tuple[int, int], list[_Run]]) -> list[float]:
    """Return where to part a column; nowhere if it is one."""
    said = [(cell, runs[cell.row, cell.column]) for cell in cells]
    heads = [found for cell, found in said if cell.row < _HEAD and _are_years(found)]
    if not heads:
        return []
    count = len(heads[0])
    figures = [
        found for _, found in said if found and not _are_years(found) and _are_figures(found)
    ]
    alike = [found for found in figures if len(found) == count]
    if len(alike) < max(_ROWS, _SHARE * len(figures)):
        return []
    borders = []
    for n in range(1, count):
        left = max(found[n - 1].x1 for found in (*alike, *heads[:1]))
        right = min(found[n].x0 for found in (*alike, *heads[:1]))
        if right - left < _GAP:
            return []
        borders.append((left + right) / 2)
    return borders


def _are_years(found: Sequence[_Run]) -> bool:
    return len(found) > 1 and all(_YEAR.fullmatch(run.text) for run in found)


def _are_figures(found: Sequence[_Run]) -> bool:
    return all(is_figure(run.text) for run in found)


def _cut(
    piece: Piece, column: int, borders: Sequence[float], runs: dict[tuple[int, int], list[_Run]]
) -> Piece:
    more = len(borders)
    cells: list[PieceCell] = []
    for cell in piece.cells:
        if cell.column > column:
            cells.append(replace(cell, column=cell.column + more))
        elif cell.column + cell.column_span <= column:
            cells.append(cell)
        elif cell.column_span > 1:
            cells.append(replace(cell, column_span=cell.column_span + more))
        else:
            cells += _parts(cell, borders, runs[cell.row, cell.column])
    xs = (*piece.xs[: column + 1], *borders, *piece.xs[column + 1 :])
    return replace(piece, xs=xs, cells=tuple(cells))


def _parts(cell: PieceCell, borders: Sequence[float], found: Sequence[_Run]) -> list[PieceCell]:
    """Return a cell's figures each in a cell of its own; a text over them goes over all."""
    if len(found) != len(borders) + 1 or not (_are_years(found) or _are_figures(found)):
        return [replace(cell, column_span=len(borders) + 1)]
    edges = (cell.box.x0, *borders, cell.box.x1)
    return [
        replace(
            cell,
            column=cell.column + n,
            text=run.text,
            box=Box(edges[n], cell.box.y0, edges[n + 1], cell.box.y1),
        )
        for n, run in enumerate(found)
    ]
