"""Tables printed without a full frame of lines, found by figures that stand in columns.

    货币资金        七、1      2,964,912,277.41    2,916,847,629.10
    应收账款        七、5        171,214,182.43      199,436,768.64
    └ label ┘       └ band ┘   └──── band ────┘    └──── band ────┘

What the figures of one column cover on the x axis is a band; left of the first is the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yanku.model.document import Origin
from yanku.parse.bands import Columns, Row, bands_of, borders
from yanku.parse.header import breaks, first_header, first_section, height, ruled_header
from yanku.parse.headings import numbering
from yanku.parse.heads import Band, head_cells
from yanku.parse.ink import Ink, Line, Word, line_of, united
from yanku.parse.piece import Piece, PieceCell, cell_text, is_figure, names_part
from yanku.parse.runs import figures_in, first_label, first_nil, last_nil, pitch_of, run_end
from yanku.parse.strips import last_above, lines_across

_MAX_TOPS = 8
"""Ends of labels above the first row of a page."""
_ENOUGH = 4
"""Labels that tell how far a line of a label can reach."""
_DAY = re.compile(r"(?:[12]\d|3[01])")
_NARROW, _EDGE = 0.4, 0.35
"""Sizes of the font between a figure and a label beside it, and from the edge of its column."""
_EDGES, _MANY = 3.0, 4
"""Points within which labels begin at one edge, and how many make an edge."""
_COUNTED = re.compile(r"[-−–(（△]?\d[\d,.]*[)）%％]?(?:[(（]?[AE][)）]?)?")
_PRECISE = re.compile(r"\d[,.]\d|\d\s?[%％]$|^[(（]\d")


@dataclass(frozen=True, slots=True)
class Found:
    """A table without a frame, and the lines it takes.

    ``lone`` is a single row at the top of a page: a table only if it goes on with one overleaf.
    ``tailed`` is the table with the labels right above it, which may belong to that one.
    """

    piece: Piece
    taken: range
    lone: bool = False
    tailed: Piece | None = None


def aligned_pieces(ink: Ink, lines: Sequence[Line]) -> list[Found]:
    """Return tables without a frame among the lines, from top to bottom."""
    edges = _edges(lines) if ink.origin is Origin.OCR else []
    rows = [_chunks(line, edges) for line in lines]
    figures = [figures_in(row) for row in rows]
    found: list[Found] = []
    at = taken = 0
    while at < len(lines):
        if not figures[at] or _are_days(rows[at], figures[at + 1 : at + 2]):
            at += 1
            continue
        last = run_end(lines, rows, figures, at)
        each = _found(ink, lines, rows, range(at, last + 1), taken)
        if each is not None:
            found.append(each)
            taken = each.taken.stop
            last = taken - 1
        at = last + 1
    return found


def _are_days(row: Row, below: Sequence[int]) -> bool:
    """Tell the days of dates that are set over several lines in the titles of columns."""
    return all(_DAY.fullmatch(chunk.text) for chunk in row) and not any(below)


def _found(
    ink: Ink, lines: Sequence[Line], rows: Sequence[Row], run: range, floor: int
) -> Found | None:
    """Return the table whose rows with figures stand in a run of lines."""
    full = [rows[i] for i in run if figures_in(rows[i])]
    bands = bands_of(full)
    if not bands:
        return None
    last = last_nil(lines, rows, bands, run[-1])
    begun = first_nil(lines, rows, bands, floor, run[0])
    across = lines_across(ink, min(row[0].x0 for row in full), bands[-1][1])
    header = ruled_header(across, lines, bands, floor, begun)
    if header is not None:
        first, start = header.start, header.stop
        last = last_above(across, lines, last)
    else:
        start = first_label(lines, rows[: run.stop], bands, floor, begun)
        first = first_header(lines, bands, floor, start)
        start = first_section(lines, bands, first, start, pitch_of(rows[run.start : run.stop]))
    lone = len(full) == 1 and header is None
    if lone and (first > 0 or len(bands) < 2):
        return None
    piece = _piece(ink, lines[first:start], rows[start : last + 1], bands)
    if piece is None:
        return None
    tailed = None
    if first == start and _are_tails(lines[:first], lines[first], bands):
        tailed = _piece(ink, (), rows[: last + 1], bands)
    return Found(piece, range(first, last + 1), lone, tailed)


def _are_tails(tops: Sequence[Line], row: Line, bands: Sequence[Band]) -> bool:
    """Tell the ends of labels above the first row of a page: few, short, beside no figures."""
    near = all(b.y0 - a.y1 < 1.5 * a.size for a, b in pairwise([*tops, row]))
    # A numbered label at the top of a page may be a row of the table that goes on there.
    beside = all(
        line.x1 < bands[0][0] and (numbering(line.text) or not breaks(line, [line]))
        for line in tops
    )
    return 0 < len(tops) <= _MAX_TOPS and near and beside


def _edges(lines: Sequence[Line]) -> list[float]:
    """Return where labels begin that stand right of figures, one below the other.

    Words that were measured on a picture are a little larger than printed, gaps narrower: it is
    the edge that tells a column of labels.
    """
    pairs = [pair for line in lines for pair in pairwise(line.words) if _is_label_after(*pair)]
    groups: list[list[float]] = []
    for start in sorted(right.x0 for _, right in pairs):
        if groups and start - groups[-1][0] <= _EDGES:
            groups[-1].append(start)
        else:
            groups.append([start])
    return [median(group) for group in groups if len(group) >= _MANY]


def _is_label_after(left: Word, right: Word) -> bool:
    """Tell a label that may begin a column right of a figure."""
    gap, size = right.x0 - left.x1, min(left.size, right.size)
    return (
        gap > _NARROW * size
        and bool(_COUNTED.fullmatch(left.text))
        and (not any(map(str.isdigit, right.text[:1])))
    )


def _chunks(line: Line, edges: Sequence[float]) -> list[Line]:
    """Return the line cut at gaps wider than a space between words, and where labels begin."""
    groups: list[list[Word]] = []
    for word in line.words:
        if groups and not _is_gap(groups[-1][-1], word, edges):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [line_of(group) for group in groups]


def _is_gap(left: Word, right: Word, edges: Sequence[float]) -> bool:
    gap, size = right.x0 - left.x1, min(left.size, right.size)
    if gap > 0.95 * size:
        return True
    if any(abs(right.x0 - edge) <= _EDGE * size for edge in edges) and _is_label_after(left, right):
        return True
    return gap > 0.4 * size and bool(_PRECISE.search(right.text)) and is_figure(right.text)


# ── cells ───────────────────────────────────────────────────────────────────────────────────────


def _piece(
    ink: Ink, head: Sequence[Line], body: Sequence[Row], bands: Sequence[Band]
) -> Piece | None:
    if not bands:
        return None
    chunks = [c for row in body for c in row]
    box = united([*(line.box for line in head), *(c.box for c in chunks)])
    columns = Columns(borders(body, bands, box.x0, box.x1))
    if len(columns.xs) < 3:
        return None
    labelled = len(columns.xs) - 1 > len(bands)
    cells, depth = head_cells(ink, head, bands, columns.xs[1] if labelled else box.x0 - 1)
    if not labelled:
        cells = [_moved(cell) for cell in cells]
    groups = _grouped(body)
    for number, group in enumerate(groups, depth):
        cells += _row(number, group, columns)
    return Piece(ink, box, columns.xs, depth + len(groups), tuple(cells), ruled=False)


def _moved(cell: PieceCell) -> PieceCell:
    """Return a title's cell in a table that has no labels."""
    column = max(0, cell.column - 1)
    return PieceCell(cell.row, column, cell.text, cell.box, cell.row_span, cell.column_span)


def _grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the lines of each row: lines set nearer than rows are belong to one row."""
    pitch = pitch_of(rows)
    edge = max(row[0].x1 for row in rows)
    groups: list[list[Row]] = []
    for row in rows:
        group = groups[-1] if groups else []
        near = bool(group) and height(row[0]) - height(group[-1][0]) < 0.85 * pitch
        near = near and not (
            len(group[-1]) == 1 and names_part(group[-1][0].text, group[-1][0].box, edge)
        )
        full = near and any(map(figures_in, group))
        near = near and not (full and (figures_in(row) or _is_next(group, row)))
        if near or (group and _hangs(group, row, rows)):
            group.append(row)
        else:
            groups.append([row])
    return groups


def _is_next(group: Sequence[Row], row: Row) -> bool:
    """Tell the first line of a label from the end of the one above, whose end is set further in."""
    labels = [each[0].x0 for each in group if not is_figure(each[0].text)]
    return len(labels) > 1 and _is_in(labels[0], labels[-1], row) and row[0].x0 < labels[0] + 1


def _is_in(left: float, right: float, row: Row) -> bool:
    return 0.5 * row[0].size < right - left < 3 * row[0].size


def _hangs(group: Sequence[Row], row: Row, rows: Sequence[Row]) -> bool:
    """Tell whether a label goes on in the line of its figures, set further in than it begins.

    The first line of such a label leaves no room; in English, what goes on has a small letter.
    A line that rows stand under, set in as well, does neither.
    """
    label = group[0][0]
    if len(group) > 1 or len(group[0]) > 1 or figures_in(group[0]) or not figures_in(row[1:]):
        return False
    if not _is_in(label.x0, row[0].x0, row) or label.text.endswith(("：", ":")):
        return False
    if row[0].text[:1].isascii():
        return row[0].text[:1].islower()
    labels = [each[0] for each in rows if not is_figure(each[0].text)]
    ends = [each.x1 for each in labels if each.x0 > label.x0 - 1]
    return len(ends) >= _ENOUGH and label.x1 > max(ends) - 0.5 * label.size


def _row(number: int, lines: Sequence[Row], columns: Columns) -> list[PieceCell]:
    """Return a row's cells; chunks that fall into one column are one cell."""
    cells: list[tuple[int, int, list[Line]]] = []
    for line in lines:
        for first, last, chunk in _placed(line, columns):
            mate = next((i for i, c in enumerate(cells) if c[0] <= last and first <= c[1]), None)
            if mate is None:
                cells.append((first, last, [chunk]))
            else:
                cell = cells[mate]
                cells[mate] = (min(first, cell[0]), max(last, cell[1]), [*cell[2], chunk])
    return [
        PieceCell(
            number, first, cell_text(texts, columns.xs[first], columns.xs[last + 1]),
            united(t.box for t in texts), 1, last - first + 1,
        )
        for first, last, texts in sorted(cells, key=lambda c: c[0])
    ]  # fmt: skip


def _placed(row: Row, columns: Columns) -> list[tuple[int, int, Line]]:
    """Return the chunks of one line with their columns, those of one column put together."""
    placed: list[tuple[int, int, list[Word]]] = []
    for chunk in row:
        first, last = columns.span(chunk)
        if placed and placed[-1][1] >= first:
            words = [*placed[-1][2], *chunk.words]
            placed[-1] = (placed[-1][0], max(last, placed[-1][1]), words)
        else:
            placed.append((first, last, list(chunk.words)))
    return [(first, last, line_of(words)) for first, last, words in placed]
