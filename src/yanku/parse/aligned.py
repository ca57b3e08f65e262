"""Tables printed without a full frame of lines, found by figures that stand in columns.

    货币资金        七、1      2,964,912,277.41    2,916,847,629.10
    应收账款        七、5        171,214,182.43      199,436,768.64
    └ label ┘       └ band ┘   └──── band ────┘    └──── band ────┘

Figures of one column overlap when they are dropped onto the x axis; what they cover is a band.
Everything left of the first band is the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.parse.grid import announced_unit
from yanku.parse.headings import numbering
from yanku.parse.ink import Ink, Line, Word, joined, line_of, united
from yanku.parse.piece import Piece, PieceCell, is_figure

_MAX_PLAIN_LINES = 3
_MAX_HEADER_LINES = 4
_DIGIT = re.compile(r"\d")
_PRECISE = re.compile(r"\d[,.]\d|\d\s?[%％]$|^[(（]\d")


def aligned_pieces(ink: Ink, lines: Sequence[Line]) -> list[tuple[Piece, range]]:
    """Return tables without a frame among the lines, each with the range of lines it takes."""
    rows = [_chunks(line) for line in lines]
    figures = [_figures(row) for row in rows]
    found: list[tuple[Piece, range]] = []
    at = taken = 0
    while at < len(lines):
        if not figures[at]:
            at += 1
            continue
        last = _run_end(lines, rows, figures, at)
        piece = None
        if sum(map(bool, figures[at : last + 1])) >= 2:
            bands = _bands([row for row in rows[at : last + 1] if _figures(row)])
            first = _first_header(lines, rows, bands, taken, at)
            piece = _piece(ink, rows[first : last + 1], bands)
            if piece is not None:
                found.append((piece, range(first, last + 1)))
                taken = last + 1
        at = last + 1
    return found


def _chunks(line: Line) -> list[Line]:
    """Return the line cut at gaps wider than a space between words."""
    groups: list[list[Word]] = []
    for word in line.words:
        if groups and not _is_gap(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [line_of(group) for group in groups]


def _is_gap(left: Word, right: Word) -> bool:
    gap, size = right.x0 - left.x1, min(left.size, right.size)
    if gap > 0.95 * size:
        return True
    return gap > 0.4 * size and bool(_PRECISE.search(right.text)) and is_figure(right.text)


def _figures(row: Sequence[Line]) -> int:
    """Count the figures in a row that has a label or several figures; 0 if it is running text."""
    if len(row) < 2:
        return 0
    count = sum(is_figure(c.text) for c in row)
    digits = sum(is_figure(c.text) and bool(_DIGIT.search(c.text)) for c in row[1:])
    return count if digits else 0


def _run_end(
    lines: Sequence[Line], rows: Sequence[Sequence[Line]], figures: Sequence[int], start: int
) -> int:
    """Return the last line of the run of rows that begins at a row with figures."""
    last = start
    for i in range(start + 1, len(lines)):
        gap = lines[i].y0 - lines[i - 1].y1
        if gap > 3.0 * lines[i].size or i - last > _MAX_PLAIN_LINES:
            break
        if figures[i]:
            last = i
        elif _breaks(lines[i], rows[i]):
            break
    return last


def _breaks(line: Line, row: Sequence[Line]) -> bool:
    """Tell lines that cannot stand inside a table: headings, units, sentences."""
    text = line.text
    if announced_unit(text) or (numbering(text) is not None and numbering(text) != 5):
        return not text.rstrip().endswith(("：", ":"))
    return len(row) == 1 and (len(text) > 45 or text.endswith(("。", "；")))


def _bands(rows: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """Return the x ranges of the columns after the label."""
    spans = sorted(
        (c.x0, c.x1)
        for row in rows
        for i, c in enumerate(row)
        if is_figure(c.text) and _right(row, i)
    )
    bands = _covered(spans)
    if not bands:
        return []
    words = sorted(
        (c.x0, c.x1)
        for row in rows
        for c in row[1:]
        if not is_figure(c.text) and c.x0 > bands[0][0] - 200 and not _meets(c, bands)
    )
    width = bands[-1][1] - min(row[0].x0 for row in rows)
    extra = [b for b in _covered([w for w in words if w[1] - w[0] < 0.3 * width]) if b]
    often = [b for b in extra if _times(b, words) * 3 >= len(rows)]
    return sorted([*bands, *often])


def _right(row: Sequence[Line], i: int) -> bool:
    """Tell whether a chunk can belong to a column of figures: not the row's own label."""
    return i > 0 or all(is_figure(c.text) for c in row)


def _covered(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the union of sorted ranges."""
    bands: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if bands and x0 < bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    return bands


def _times(band: tuple[float, float], spans: Sequence[tuple[float, float]]) -> int:
    return sum(x0 < band[1] and x1 > band[0] for x0, x1 in spans)


def _meets(chunk: Line, bands: Sequence[tuple[float, float]]) -> bool:
    return any(chunk.x0 < b1 and chunk.x1 > b0 for b0, b1 in bands)


def _first_header(
    lines: Sequence[Line],
    rows: Sequence[Sequence[Line]],
    bands: Sequence[tuple[float, float]],
    floor: int,
    start: int,
) -> int:
    """Return the first line of the column headers above a run."""
    first = start
    for i in range(start - 1, max(floor, start - _MAX_HEADER_LINES) - 1, -1):
        gap = lines[i + 1].y0 - lines[i].y1
        if gap > 2.5 * lines[i].size or _breaks(lines[i], rows[i]):
            break
        if numbering(lines[i].text) is not None:
            break
        over = [c for c in rows[i] if _meets(c, bands)]
        spanning = len(over) == 1 and len(rows[i]) == 1
        if spanning and (first == start or _reach(over[0], bands) < 2):
            break
        if over or (len(rows[i]) == 1 and rows[i][0].x1 < bands[0][0] and i == start - 1):
            first = i
        else:
            break
    while first < start and not any(_meets(c, bands) for c in rows[first]):
        first += 1
    return first


def _reach(chunk: Line, bands: Sequence[tuple[float, float]]) -> int:
    return sum(chunk.x0 < b1 and chunk.x1 > b0 for b0, b1 in bands)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Column borders, halfway between neighbouring bands; the label is column 0 if there is one."""

    xs: tuple[float, ...]

    def span(self, chunk: Line) -> tuple[int, int]:
        """Return the first and last column of a chunk: the ones it covers by more than a sliver."""
        hits = [
            i
            for i, (x0, x1) in enumerate(pairwise(self.xs))
            if min(chunk.x1, x1) - max(chunk.x0, x0)
            > min(0.35 * (x1 - x0), 0.5 * (chunk.x1 - chunk.x0))
        ]
        if not hits:
            middle = (chunk.x0 + chunk.x1) / 2
            inside = [i for i, (x0, x1) in enumerate(pairwise(self.xs)) if x0 <= middle <= x1]
            hits = inside or [0]
        return hits[0], hits[-1]


def _piece(
    ink: Ink, rows: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]]
) -> Piece | None:
    if not bands:
        return None
    chunks = [c for row in rows for c in row]
    box = united(c.box for c in chunks)
    columns = _Columns(_borders(rows, bands, box.x0, box.x1))
    if len(columns.xs) < 3:
        return None
    cells = [cell for number, row in enumerate(rows) for cell in _row(number, row, columns)]
    return Piece(ink, box, columns.xs, len(rows), tuple(cells), ruled=False)


def _borders(
    rows: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]], left: float, right: float
) -> tuple[float, ...]:
    inner = [(a[1] + b[0]) / 2 for a, b in pairwise(bands)]
    labels = [c.x1 for row in rows for c in row if c.x0 < bands[0][0] - 2 and c.x1 <= bands[0][0]]
    xs = [left - 1]
    if labels or left < bands[0][0] - 12:
        xs.append((max(labels, default=bands[0][0] - 4) + bands[0][0]) / 2)
    return (*xs, *inner, right + 1)


def _row(number: int, row: Sequence[Line], columns: _Columns) -> list[PieceCell]:
    """Return a line's cells; chunks that fall into one column are one cell."""
    cells: list[tuple[int, int, list[Line]]] = []
    for chunk in row:
        first, last = columns.span(chunk)
        if cells and cells[-1][1] >= first:
            cells[-1][2].append(chunk)
            cells[-1] = (cells[-1][0], max(last, cells[-1][1]), cells[-1][2])
        else:
            cells.append((first, last, [chunk]))
    made = []
    for first, last, chunks in cells:
        line = line_of([w for c in chunks for w in c.words])
        text = joined(line.words)
        made.append(PieceCell(number, first, text, line.box, 1, last - first + 1))
    return made
