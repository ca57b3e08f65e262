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

from yanku.parse.bands import Columns, Row, bands_of, borders, meets
from yanku.parse.header import breaks, first_header, first_section, height, ruled_header
from yanku.parse.headings import numbering
from yanku.parse.heads import Band, head_cells
from yanku.parse.ink import Ink, Line, Word, line_of, united
from yanku.parse.piece import Piece, PieceCell, cell_text, is_figure
from yanku.parse.strips import last_above, lines_across

_MAX_PLAIN_LINES = 3
_SINGLE = 1.3
"""Sizes of the font: rows are at least this far apart."""
_FEW = 2
_APART, _REGULAR = 1.3, 1.2
"""Pitches: what is set further apart begins anew; rows are hardly ever."""
_EVEN = 0.12
_FLUSH = 0.6
_MAX_NIL_LINES = 24
_MAX_TOPS = 8
_TITLE_END = re.compile(r"[。；，：:]$")
_REFERENCE = re.compile(r"[一二三四五六七八九十]+、?[（(]?\d{0,3}[)）]?")
_PERIOD = re.compile(
    r"(?:FY|CY|[1-4]Q|Q[1-4]|[12]H|H[12])?'?(?:19|20)?\d\d(?:年度?)?(?:[1-4]Q|Q[1-4]|[12]H|H[12])?"
    r"(?:[AEFPaefp]|[（(][AEFPaefp][)）])?|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?"
)
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"(?:[12]\d|3[01])")
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
    rows = [_chunks(line) for line in lines]
    figures = [_figures(row) for row in rows]
    found: list[Found] = []
    at = taken = 0
    while at < len(lines):
        if not figures[at] or _are_days(rows[at], figures[at + 1 : at + 2]):
            at += 1
            continue
        last = _run_end(lines, rows, figures, at)
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
    full = [rows[i] for i in run if _figures(rows[i])]
    bands = bands_of(full)
    if not bands:
        return None
    last = _last_nil(lines, rows, bands, run[-1])
    begun = _first_nil(lines, rows, bands, floor, run[0])
    across = lines_across(ink, min(row[0].x0 for row in full), bands[-1][1])
    header = ruled_header(across, lines, bands, floor, begun)
    if header is not None:
        first, start = header.start, header.stop
        last = last_above(across, lines, last)
    else:
        start = _first_label(lines, rows[: run.stop], bands, floor, begun)
        first = first_header(lines, bands, floor, start)
        start = first_section(lines, bands, first, start, _pitch(rows[run.start : run.stop]))
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


def _figures(row: Row) -> int:
    """Count the figures in a row that has a label or several figures; 0 if it is running text."""
    if len(row) < 2:
        return 0
    count = sum(is_figure(c.text) for c in row)
    digits = sum(is_figure(c.text) and bool(_DIGIT.search(c.text)) for c in row[1:])
    return count if digits else 0


# ── where a table begins and ends ───────────────────────────────────────────────────────────────


def _run_end(lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], start: int) -> int:
    """Return the last line of the run of rows that begins at a row with figures."""
    last, plain, pitch = start, 0, _pitch(rows[start : start + 40])
    edge = _first_edge(rows[start : start + 40])
    for i in range(start + 1, len(lines)):
        gap = lines[i].y0 - lines[i - 1].y1
        near = height(lines[i]) - height(lines[i - 1]) < 0.85 * pitch
        near = near and lines[i].x1 < max(c.x1 for c in rows[last] if is_figure(c.text))
        near = near and gap < 0.75 * lines[i].size
        if _is_nil(lines[i], lines[i - 1], rows[i], edge, pitch) and i - last < _MAX_NIL_LINES:
            continue
        plain += not near  # lines set as near as those of one cell are no rows of their own
        if gap > 3.0 * lines[i].size or plain > _MAX_PLAIN_LINES:
            break
        if figures[i]:
            last, plain = i, 0
            continue
        if _heads_anew(lines, start, i) or _is_header(lines, rows, figures, i, last, pitch):
            break
        if _is_numbered_row(lines, rows, figures, i, last, pitch):
            continue
        if not near and (breaks(lines[i], rows[i]) or _crosses(rows[i], rows[last])):
            break
    return _last_label(lines, rows, start, last)


def _heads_anew(lines: Sequence[Line], start: int, at: int) -> bool:
    """Tell the header of another table: the periods of the one above, over other labels.

    利润表        2023A   2024E          │ the header above the rows
    营业收入        100     120          │
    主要财务比率  2023A   2024E          ← here
    """
    label, periods = _split_periods(lines[at])
    if len(periods) < _FEW or not label:
        return False
    above = [_split_periods(line) for line in lines[max(0, start - _MAX_PLAIN_LINES) : start]]
    return any(periods == theirs and label != its for its, theirs in above)


def _first_edge(rows: Sequence[Row]) -> float:
    """Return where the first figures of some rows begin."""
    return min(c.x0 for row in rows if _figures(row) for c in row[1:] if is_figure(c.text))


def _is_nil(line: Line, above: Line, row: Row, edge: float, pitch: float) -> bool:
    """Tell a row without figures: a label set as far below the one above as rows are."""
    step = height(line) - height(above)
    label = len(row) == 1 and line.x1 < edge and not _TITLE_END.search(line.text)
    even = abs(step - pitch) < _EVEN * pitch and abs(line.size - above.size) < _FLUSH
    return label and even and (numbering(line.text) or 7) > 2


def _is_header(
    lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], at: int, last: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell the header of a table right below another: titles over columns, set apart from it."""
    if height(lines[at]) - height(lines[at - 1]) < _APART * pitch or last != at - 1:
        return False
    below = range(at, min(at + 1 + _MAX_PLAIN_LINES, len(lines)))
    foot = next((i for i in below if figures[i]), None)
    if foot is None or foot == at:
        return False
    edge = rows[last][0].x0 + 3 * rows[last][0].size
    over = [c for row in rows[at:foot] for c in row if c.x0 > edge]
    return len(over) >= _FEW and not any(is_figure(c.text) for c in over)


def _is_numbered_row(
    lines: Sequence[Line], rows: Sequence[Row], figures: Sequence[int], at: int, last: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell a row that only arranges those below it, though it is numbered like a heading.

    五、净利润                  1,234     1,111
    （一）按经营持续性分类                          ← here
    持续经营净利润              1,234     1,111     set as far apart as rows, under one column
    """
    below = range(at + 1, min(at + 2 + _MAX_PLAIN_LINES, len(lines)))
    next_ = next((i for i in below if figures[i]), None)
    if len(rows[at]) != 1 or next_ is None or any(len(rows[i]) > 1 for i in range(at + 1, next_)):
        return False
    near = lines[at - 1 : next_ + 1]
    regular = all(height(b) - height(a) < _REGULAR * pitch for a, b in pairwise(near))
    alike = all(abs(line.size - lines[at].size) < _FLUSH for line in near[1:])
    ends = [c.x1 for row in rows[max(0, last - 9) : last + 1] for c in row if is_figure(c.text)]
    under = all(
        any(abs(c.x1 - end) < c.size for end in ends) for c in rows[next_] if is_figure(c.text)
    )
    edge = min(c.x0 for c in rows[last] if is_figure(c.text))
    return regular and alike and under and lines[at].x0 < edge


def _split_periods(line: Line) -> tuple[str, tuple[str, ...]]:
    """Return what a line says before the periods it ends on, and those."""
    texts = [word.text for word in line.words]
    at = len(texts)
    while at and _PERIOD.fullmatch(texts[at - 1]):
        at -= 1
    return "".join(texts[:at]), tuple(texts[at:])


def _crosses(row: Row, figures: Row) -> bool:
    """Tell a sentence, which runs from under the labels far under the figures."""
    edge = min(c.x1 for c in figures if is_figure(c.text))
    return len(row) == 1 and row[0].x0 < edge - 60 and row[0].x1 > edge + 40


def _last_label(lines: Sequence[Line], rows: Sequence[Row], start: int, last: int) -> int:
    """Take in the lines below the last figures on which their label ends."""
    pitch = _pitch(rows[start : last + 1])
    while last + 1 < len(lines) and len(rows[last + 1]) == 1:
        below = lines[last + 1]
        if height(below) - height(lines[last]) >= 0.85 * pitch:
            break
        if below.x0 > rows[last][0].x1:
            break
        last += 1
    edge = _first_edge(rows[start : last + 1])
    foot = last
    while foot + 1 < len(lines) and _is_nil(
        lines[foot + 1], lines[foot], rows[foot + 1], edge, pitch
    ):
        foot += 1
    if foot + 1 == len(lines):
        return foot  # rows without figures at the foot of a page: the table goes on overleaf
    if last + 2 == len(lines) and lines[last + 1].text.endswith(("：", ":")):
        # A section's title at the foot of a page: its rows stand overleaf.
        near = height(lines[last + 1]) - height(lines[last]) < 1.2 * pitch
        return last + 1 if near and len(rows[last + 1]) == 1 else last
    return last


def _last_nil(lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], last: int) -> int:
    """Take in rows below the last figures in which dashes stand under every column they fill."""
    while last + 1 < len(lines) and len(rows[last + 1]) > 1 and bands:
        label, *rest = rows[last + 1]
        if lines[last + 1].y0 - lines[last].y1 > 3.0 * lines[last].size or label.x1 > bands[0][0]:
            break
        if not all(is_figure(c.text) and meets(c, bands) for c in rest):
            break
        last += 1
    return last


def _first_nil(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, start: int
) -> int:
    """Return the first row above the first figures in which there are dashes instead."""
    pitch = _pitch(rows[start:])
    while start - 1 >= floor and len(rows[start - 1]) > 1:
        label, *rest = rows[start - 1]
        step = height(lines[start]) - height(lines[start - 1])
        figures = [c for c in rest if not _REFERENCE.fullmatch(c.text)]
        nil = all(is_figure(c.text) and meets(c, bands) for c in figures)
        if not figures or not nil or label.x1 > bands[0][0] or step > 1.6 * pitch:
            break
        start -= 1
    return start


def _first_label(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, start: int
) -> int:
    """Return the first line of the first row: its label may begin above its figures."""
    pitch = _pitch(rows[start:])
    first = start
    while first - 1 >= floor and len(rows[first - 1]) == 1 and bands:
        above = lines[first - 1]
        step = height(lines[first]) - height(above)
        section = above.text.endswith(("：", ":")) and step < 1.3 * pitch
        section = section or _opens_rows(lines, rows, bands, floor, first - 1, pitch)
        if above.x1 > bands[0][0] or (step >= 0.85 * pitch and not section):
            break
        first -= 1
    return first


def _opens_rows(
    lines: Sequence[Line], rows: Sequence[Row], bands: Sequence[Band], floor: int, at: int,
    pitch: float,
) -> bool:  # fmt: skip
    """Tell a numbered label between the header and the first figures: a row, not a heading."""
    line = lines[at]
    if not numbering(line.text) or at <= floor or len(rows[at - 1]) < _FEW:
        return False
    steps = (height(b) - height(a) for a, b in pairwise(lines[at - 1 : at + 2]))
    titles = [c for c in rows[at - 1] if meets(c, bands)]
    return len(titles) >= _FEW and all(step < _REGULAR * pitch for step in steps)


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
    pitch = _pitch(rows)
    groups: list[list[Row]] = []
    for row in rows:
        group = groups[-1] if groups else []
        near = bool(group) and height(row[0]) - height(group[-1][0]) < 0.85 * pitch
        if near and not (any(map(_figures, group)) and _figures(row)):
            group.append(row)
        else:
            groups.append([row])
    return groups


def _pitch(rows: Sequence[Row]) -> float:
    """Return the usual distance of rows that stand on one line each, else the widest there is."""
    pairs = [(a, b) for a, b in pairwise(rows) if a and b]
    steps = [height(b[0]) - height(a[0]) for a, b in pairs if _figures(a) and _figures(b)]
    if steps:
        return median(steps)
    widest = max((height(b[0]) - height(a[0]) for a, b in pairs), default=0.0)
    return max(widest, _SINGLE * rows[0][0].size)


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
