"""Tables whose cells are parted by printed lines.

level rulings    ───┬──────┬───   at the same height are joined, then those that meet
upright rulings     │      │      upright ones form one frame; the cells of a frame are
                 ───┼──────┤      the fields between rulings, grown over every border
                    │      │      that is not drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from yanku.model.place import Box
from yanku.parse.ink import Ink, Line, Ruling, Word, lines_of
from yanku.parse.piece import Piece, PieceCell, cell_text, ink_box, is_figure

_SAME = 2.0
"""Points: rulings this near are one."""
_MEET = 3.5
_MIN_LEVEL, _MIN_UPRIGHT = 8.0, 5.0
_LARGE = 0.25
"""Share of a page from which a field, with ``_MANY`` lines in it, is a column of the page."""
_MANY = 16
_MAX_MEETINGS = 2_000_000
_MAX_FIELDS = 60_000


def ruled_pieces(ink: Ink) -> list[Piece]:
    """Return the tables of a page that have a frame of rulings, from top to bottom."""
    level = [r for r in merged(ink.level) if r.end - r.start >= _MIN_LEVEL]
    upright = [r for r in merged(ink.upright) if r.end - r.start >= _MIN_UPRIGHT]
    if not level or not upright or len(level) * len(upright) > _MAX_MEETINGS:
        return []
    frames = [f for f in map(_frame, _components(level, upright)) if f is not None]
    frames = _outermost([f for f in frames if not _lays_out(ink, f)])
    pieces = [_piece(ink, frame, words) for frame, words in _shared_out(ink.words, frames)]
    return sorted((p for p in pieces if p is not None), key=lambda p: (p.box.y0, p.box.x0))


def merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return rulings joined where they lie on one line and touch."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if (
            groups
            and ruling.at - groups[-1][-1].at <= _SAME
            and (ruling.at - groups[-1][0].at <= 2 * _SAME)
        ):
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    found = []
    for group in groups:
        at = sum(r.at for r in group) / len(group)
        start = end = None
        for ruling in sorted(group, key=lambda r: r.start):
            if end is not None and start is not None and ruling.start <= end + _MEET:
                end = max(end, ruling.end)
                continue
            if start is not None and end is not None:
                found.append(Ruling(at, start, end))
            start, end = ruling.start, ruling.end
        if start is not None and end is not None:
            found.append(Ruling(at, start, end))
    return found


def _components(
    level: Sequence[Ruling], upright: Sequence[Ruling]
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Return groups of rulings that hang together by crossing or touching."""
    parent = list(range(len(level) + len(upright)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(level):
        for j, v in enumerate(upright):
            if (
                h.start - _MEET <= v.at <= h.end + _MEET
                and v.start - _MEET <= h.at <= v.end + _MEET
            ):
                parent[root(i)] = root(len(level) + j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, h in enumerate(level):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(upright):
        groups.setdefault(root(len(level) + j), ([], []))[1].append(v)
    return [g for g in groups.values() if g[0] and g[1]]


@dataclass(slots=True)
class _Frame:
    """The borders of a ruled table, and which stretches of them are drawn."""

    xs: list[float]
    ys: list[float]
    columns: list[list[Ruling]] = field(default_factory=list)
    rows: list[list[Ruling]] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def parts_columns(self, row: int, border: int) -> bool:
        """Tell whether the upright border is drawn beside a row."""
        return _covers(self.columns[border], self.ys[row], self.ys[row + 1])

    def parts_rows(self, border: int, column: int) -> bool:
        """Tell whether the level border is drawn across a column."""
        return _covers(self.rows[border], self.xs[column], self.xs[column + 1])


def _covers(rulings: Sequence[Ruling], start: float, end: float) -> bool:
    middle, reach = (start + end) / 2, (end - start) * 0.25
    return any(r.start <= middle - reach and r.end >= middle + reach for r in rulings)


def _frame(component: tuple[list[Ruling], list[Ruling]]) -> _Frame | None:
    """Return the frame the rulings form; None if it has not two columns."""
    level, upright = component
    xs, columns = _borders(
        upright, min(r.start for r in level), max(r.end for r in level), spare=9.0
    )
    ys, rows = _borders(
        level, min(r.start for r in upright), max(r.end for r in upright), spare=6.0
    )
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MAX_FIELDS:
        return None
    return _Frame(xs, ys, columns, rows)


def _borders(
    rulings: Sequence[Ruling], low: float, high: float, spare: float
) -> tuple[list[float], list[list[Ruling]]]:
    """Return border positions and their rulings; open sides are closed where crossings end."""
    ats: list[float] = []
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if ats and ruling.at - ats[-1] <= _MEET:
            groups[-1].append(ruling)
        else:
            ats.append(ruling.at)
            groups.append([ruling])
    if ats[0] - low > spare:
        ats.insert(0, low)
        groups.insert(0, [])
    if high - ats[-1] > spare:
        ats.append(high)
        groups.append([])
    return ats, groups


def _outermost(frames: Sequence[_Frame]) -> list[_Frame]:
    """Return the frames without those that lie inside a field of another."""
    kept: list[_Frame] = []
    for frame in sorted(frames, key=lambda f: -_area(f.box)):
        inside = any(_holds(outer.box, frame.box) for outer in kept)
        if not inside:
            kept.append(frame)
    return kept


def _lays_out(ink: Ink, frame: _Frame) -> bool:
    """Tell rulings that part a page's text from what stands beside it from those of a table.

    One of their fields goes from the top of the frame to its foot, is a large part of the page
    and holds many lines: no cell of a table does, as it has a header or a label for each text.
    """
    if _area(frame.box) < _LARGE * ink.width * ink.height:
        return False
    rows, columns = range(1, len(frame.ys) - 1), range(len(frame.xs) - 1)
    if all(any(frame.parts_rows(row, column) for row in rows) for column in columns):
        return False  # Nothing goes from the top to the foot: the fields need not be made out.
    fields, _ = _fields(frame)
    for each in fields:
        if each.row or each.row_span < len(frame.ys) - 1:
            continue
        left, right = frame.xs[each.column], frame.xs[each.column + each.column_span]
        box = Box(left, frame.box.y0, right, frame.box.y1)
        if _area(box) >= _LARGE * ink.width * ink.height:
            return len(lines_of(_within(ink.words, box))) >= _MANY
    return False


def _within(words: Iterable[Word], box: Box) -> list[Word]:
    return [w for w in words if box.x0 <= (w.x0 + w.x1) / 2 <= box.x1 and box.y0 <= w.y1 <= box.y1]


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x0 - 1 <= inner.x0
        and outer.y0 - 1 <= inner.y0
        and inner.x1 <= outer.x1 + 1
        and inner.y1 <= outer.y1 + 1
    )


def _shared_out(words: Sequence[Word], frames: Sequence[_Frame]) -> list[tuple[_Frame, list[Word]]]:
    """Return each frame with the words in it."""
    shares: list[list[Word]] = [[] for _ in frames]
    boxes = [frame.box for frame in frames]
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        for box, share in zip(boxes, shares, strict=True):
            if box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= y <= box.y1 + 1:
                share.append(word)
                break
    return list(zip(frames, shares, strict=True))


@dataclass(slots=True)
class _Field:
    """A cell of the frame with the words in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    words: list[Word] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def _fields(frame: _Frame) -> tuple[list[_Field], list[list[int]]]:
    """Return the fields of a frame, and for each row and column the field that owns it."""
    rows, columns = len(frame.ys) - 1, len(frame.xs) - 1
    owner = [[-1] * columns for _ in range(rows)]
    right = [[frame.parts_columns(r, c + 1) for c in range(columns)] for r in range(rows)]
    below = [[frame.parts_rows(r + 1, c) for c in range(columns)] for r in range(rows)]
    fields: list[_Field] = []
    for r in range(rows):
        for c in range(columns):
            if owner[r][c] >= 0:
                continue
            width = 1
            while c + width < columns and not right[r][c + width - 1] and owner[r][c + width] < 0:
                width += 1
            span = range(c, c + width)
            height = 1
            while r + height < rows and _grows(right, below, owner, r + height, span):
                height += 1
            for y in range(r, r + height):
                for x in span:
                    owner[y][x] = len(fields)
            fields.append(_Field(r, c, height, width))
    return fields, owner


def _grows(
    right: list[list[bool]], below: list[list[bool]], owner: list[list[int]], row: int, span: range
) -> bool:
    """Tell whether a field may take in the next row: nothing is drawn between or within."""
    return (
        not any(below[row - 1][c] for c in span)
        and not any(right[row][c] for c in span[:-1])
        and all(owner[row][c] < 0 for c in span)
    )


def _piece(ink: Ink, frame: _Frame, words: Sequence[Word]) -> Piece | None:
    """Return the table in a frame; None if it holds no two cells with text."""
    fields, owner = _fields(frame)
    for word in words:
        row = bisect_right(frame.ys, (word.y0 + word.y1) / 2) - 1
        column = bisect_right(frame.xs, (word.x0 + word.x1) / 2) - 1
        row = min(max(row, 0), len(owner) - 1)
        column = min(max(column, 0), len(owner[0]) - 1)
        fields[owner[row][column]].words.append(word)
    filled = [f for f in fields if f.words]
    for each in filled:
        each.lines = lines_of(each.words)
    if len(filled) < 2 or len({f.column for f in filled}) < 2:
        return None
    cells, rows = _cells(frame, filled)
    return Piece(ink, frame.box, tuple(frame.xs), rows, tuple(cells), ruled=True)


def _cells(frame: _Frame, fields: Sequence[_Field]) -> tuple[list[PieceCell], int]:
    """Return cells with their text; a row of several lines of figures becomes several rows."""
    parts = [
        _subrows([f for f in fields if f.row == r and f.row_span == 1])
        for r in range(len(frame.ys) - 1)
    ]
    starts = [0]
    for cuts in parts:
        starts.append(starts[-1] + len(cuts) + 1)
    cells = []
    for f in fields:
        left, right = frame.xs[f.column], frame.xs[f.column + f.column_span]
        top, bottom = frame.ys[f.row], frame.ys[f.row + f.row_span]
        if f.row_span > 1 or not parts[f.row]:
            row, span = starts[f.row], starts[f.row + f.row_span] - starts[f.row]
            text = cell_text(f.lines, left, right)
            box = Box(left, top, right, bottom)
            cells.append(PieceCell(row, f.column, text, box, span, f.column_span))
            continue
        groups: dict[int, list[Line]] = {}
        for line in f.lines:
            groups.setdefault(bisect_right(parts[f.row], (line.y0 + line.y1) / 2), []).append(line)
        for part, lines in groups.items():
            text = cell_text(lines, left, right)
            ink = ink_box(lines)
            box = Box(left, ink.y0, right, ink.y1)
            cells.append(PieceCell(starts[f.row] + part, f.column, text, box, 1, f.column_span))
    return cells, starts[-1]


def _subrows(fields: Sequence[_Field]) -> list[float]:
    """Return the heights at which a row of the frame is cut, as it holds several rows of figures.

    Only figures with the same number of decimals count: a number that a narrow cell broke in two
    is one figure.
    """
    stacks = [f.lines for f in fields if len(f.lines) > 1 and _is_stack(f.lines)]
    if not stacks:
        return []
    middles = sorted((line.y0 + line.y1) / 2 for stack in stacks for line in stack)
    height = min(line.y1 - line.y0 for stack in stacks for line in stack)
    rows = [[middles[0]]]
    for middle in middles[1:]:
        if middle - rows[-1][-1] > height * 0.5:
            rows.append([middle])
        else:
            rows[-1].append(middle)
    centres = [sum(row) / len(row) for row in rows]
    return [(a + b) / 2 for a, b in pairwise(centres)]


def _is_stack(lines: Sequence[Line]) -> bool:
    texts = [line.text for line in lines]
    if not all(is_figure(text) for text in texts):
        return False
    decimals = {
        len(t.rstrip(")）%％").partition(".")[2]) for t in texts if any(map(str.isdigit, t))
    }
    grouped = sum("," in t or "." in t for t in texts)
    return len(decimals) == 1 and grouped >= 2
