"""The header of a table without a frame: titles stacked over columns, group titles over several.

    2024年            2023年        同比
金额    占比       金额    占比      增减      a title belongs to the columns beneath it that are
                                           nearer to it than to any other title of its line
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanku.parse.ink import Ink, Line, Word, glued, line_of, united
from yanku.parse.piece import PieceCell

Band = tuple[float, float]

_FLUSH = 2.5
"""Points: edges this near are set flush."""
_ALONE, _SINGLE = 0.05, 0.3
"""What it costs, in columns, to leave one without a title, and a group's title with only one."""
_GAP = 0.5
"""Sizes of the font: titles of neighbouring columns may be set as near as this."""


@dataclass(slots=True)
class _Title:
    """A title with the columns it stands over, first and last, and its depth in the stack."""

    lines: list[Line]
    first: int
    last: int
    level: int = 0

    @property
    def centre(self) -> float:
        return (min(c.x0 for c in self.lines) + max(c.x1 for c in self.lines)) / 2

    def over(self, other: _Title) -> bool:
        return self.first <= other.last and other.first <= self.last


def head_cells(
    ink: Ink, lines: Sequence[Line], bands: Sequence[Band], left: float
) -> tuple[list[PieceCell], int]:
    """Return the cells of a header, and its number of rows.

    ``bands`` are the columns after the label; labels end at ``left``. Column 0 is the label.
    """
    rows = [_titles(line, bands, left) for line in lines]
    for number, row in enumerate(rows):
        _spread(ink, row, _beneath(rows[number + 1 :]), bands, left)
    titles: list[_Title] = []
    for row in rows:
        for title in row:
            above = next((t for t in reversed(titles) if t.over(title)), None)
            if above is not None and (above.first, above.last) == (title.first, title.last):
                above.lines += title.lines
                continue
            title.level = max((t.level + 1 for t in titles if t.over(title)), default=0)
            titles.append(title)
    depth = max((t.level for t in titles), default=-1) + 1
    return [_cell(title, titles, depth) for title in titles], depth


def _beneath(rows: Sequence[Sequence[_Title]]) -> list[_Title]:
    """Return the titles below a line of a header, without those that reach up beside it.

                上年同期            a title of two rows is set in the middle of their height:
    本报告期                 增减      what stands lower beside it has its own title further up
             调整前  调整后
    """
    titles = [t for row in rows for t in row]
    columns = [_under(row) for row in rows]
    over: set[int] = set()
    lower: set[int] = set()
    for number, row in enumerate(rows):
        ended = over.difference(*columns[number:])
        above = [t for each in rows[:number] for t in each]
        begun = _under([t for t in row if not any(_runs_below(up, t) for up in above)])
        if ended and not begun & over and all({c - 1, c + 1} & begun for c in begun):
            lower |= begun
        over |= columns[number]
    return [t for t in titles if lower & set(range(t.first, t.last + 1))] if lower else titles


def _under(row: Sequence[_Title]) -> set[int]:
    """Return the columns of figures over which the titles of a line stand."""
    return {c for t in row for c in range(t.first, t.last + 1)} - {0}


def _runs_below(above: _Title, title: _Title) -> bool:
    """Tell a further line of a title over one column: set flush, or on one middle."""
    if (above.first, above.last) != (title.first, title.last):
        return False
    one, two = above.lines[-1], title.lines[0]
    if not 0 <= two.y0 - one.y1 < _GAP * one.size:
        return False
    off = (one.x0 - two.x0, one.x1 - two.x1, (one.x0 + one.x1 - two.x0 - two.x1) / 2)
    return min(map(abs, off)) < _FLUSH


def pieces_of(line: Line) -> list[Line]:
    """Return a line cut at every gap that may part two columns."""
    groups: list[list[Word]] = []
    for word in line.words:
        last = groups[-1][-1] if groups else None
        if last is not None and word.x0 - last.x1 <= _GAP * min(word.size, last.size):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [line_of(group) for group in groups]


def _titles(line: Line, bands: Sequence[Band], left: float) -> list[_Title]:
    titles: list[_Title] = []
    for chunk in pieces_of(line):
        first, last = _columns(chunk, bands, left)
        if titles and titles[-1].last >= first:
            words = (*titles[-1].lines[0].words, *chunk.words)
            titles[-1] = _Title([line_of(words)], titles[-1].first, max(last, titles[-1].last))
        else:
            titles.append(_Title([chunk], first, last))
    return titles


def _columns(chunk: Line, bands: Sequence[Band], left: float) -> tuple[int, int]:
    """Return the columns a title stands over: those it covers, else the nearest."""
    middle = (chunk.x0 + chunk.x1) / 2
    if middle <= left:
        return 0, 0
    covered = [
        i
        for i, (x0, x1) in enumerate(bands, 1)
        if min(chunk.x1, x1) - max(chunk.x0, x0) > 0.6 * (x1 - x0)
    ]
    near = min(range(len(bands)), key=lambda i: _distance(chunk, bands[i])) + 1
    if len(covered) > 1 and not (near in covered and _distance(chunk, bands[near - 1]) < _FLUSH):
        return covered[0], covered[-1]
    return near, near


def _distance(chunk: Line, band: Band) -> float:
    """Return how far a title is from standing centred or flush over a column."""
    middle = (chunk.x0 + chunk.x1 - band[0] - band[1]) / 2
    return min(abs(middle), abs(chunk.x1 - band[1]), abs(chunk.x0 - band[0]) + 1)


def _spread(
    ink: Ink, row: Sequence[_Title], below: Sequence[_Title], bands: Sequence[Band], left: float
) -> None:
    """Widen the titles of a line to the columns of the titles beneath them."""
    beneath = sorted({c for t in below for c in range(t.first, t.last + 1)} - {0})
    if not beneath or not row:
        return
    own = [
        t
        for t in row
        if t.first > 0 and (_spans(ink, t, row, bands, left) or not _runs_on(t, below, bands))
    ]
    runs = _shared_out(ink, own, beneath, bands, left)
    if any(len(run) > 1 for run in runs):
        # Where one title of a line is a group's, the others hardly stand over one column.
        runs = _shared_out(ink, own, beneath, bands, left, single=_SINGLE)
    for title, columns in zip(own, runs, strict=True):
        if len(columns) > 1:
            title.first, title.last = columns[0], columns[-1]


def _spans(
    ink: Ink, title: _Title, row: Sequence[_Title], bands: Sequence[Band], left: float
) -> bool:
    """Tell a group's title by the ruling beneath it."""
    alone = sum(t.first > 0 for t in row) == 1
    return len(_underlined(ink, title, bands, left if alone else None)) > 1


def _runs_on(title: _Title, below: Sequence[_Title], bands: Sequence[Band]) -> bool:
    """Tell the first line of a title over one column from the title of a group."""
    next_ = next((t for t in below if t.over(title)), None)
    if next_ is None or (title.first, title.last) != (next_.first, next_.last):
        return False
    line = title.lines[-1]
    near = next_.lines[0].y0 - line.y1 < 0.5 * line.size
    return near and _distance(line, bands[title.first - 1]) < 1.5 * _FLUSH


def _shared_out(
    ink: Ink,
    titles: Sequence[_Title],
    columns: Sequence[int],
    bands: Sequence[Band],
    left: float,
    single: float = 0.0,
) -> list[Sequence[int]]:
    """Return the run of columns beneath each title, so that all stand best in the middle of theirs.

    A title may have none, and a column none above it; the cheapest of all ways is taken.
    """
    pitch = (bands[-1][1] - bands[0][1]) / max(1, len(bands) - 1) or 1.0
    ways: list[tuple[float, list[Sequence[int]]]] = [
        (_ALONE * pitch * j, []) for j in range(len(columns) + 1)
    ]
    for title in titles:
        ruled = _underlined(ink, title, bands, left if len(titles) == 1 else None)
        after: list[tuple[float, list[Sequence[int]]]] = []
        for j in range(len(columns) + 1):
            idle = pitch if title.first in columns else 0.0
            best = (ways[j][0] + idle, [*ways[j][1], ()])
            if j and (alone := after[j - 1][0] + _ALONE * pitch) < best[0]:
                best = (alone, after[j - 1][1])
            for i in range(j):
                run = columns[i:j]
                if run[-1] - run[0] != len(run) - 1:
                    continue
                cost = ways[i][0] + _off(title, bands, run, left)
                cost += single * pitch if len(run) == 1 else 0.0
                cost += 0.0 if not ruled or list(run) == ruled else 10 * pitch
                if cost < best[0]:
                    best = (cost, [*ways[i][1], run])
            after.append(best)
        ways = after
    return ways[-1][1]


def _middle(bands: Sequence[Band], column: int) -> float:
    return sum(bands[column - 1]) / 2


def _off(title: _Title, bands: Sequence[Band], run: Sequence[int], left: float) -> float:
    """Return how far a title is from the middle of columns, or from standing over one.

    Figures may be flush right: a column then begins somewhere after the one before it ends.
    """
    first, last = bands[run[0] - 1], bands[run[-1] - 1]
    if len(run) == 1:
        return 3 * min(_distance(line, first) for line in title.lines)
    before = bands[run[0] - 2][1] if run[0] > 1 else left
    low, high = (before + last[1]) / 2, (first[0] + last[1]) / 2
    outside = max(low - title.centre, title.centre - high, 0.0)
    return outside + 0.1 * abs(title.centre - low)


def _underlined(ink: Ink, title: _Title, bands: Sequence[Band], left: float | None) -> list[int]:
    """Return the columns above which a ruling right beneath a title runs.

    One over all columns counts for a title alone on its line, where it leaves out the labels,
    which end at ``left``.
    """
    foot, size = title.lines[-1].y1, title.lines[-1].size
    width = bands[-1][1] - bands[0][0]
    for ruling in ink.level:
        long = ruling.end - ruling.start > 0.95 * width
        if long and (left is None or ruling.start < left):
            continue
        if not foot - 2 <= ruling.at <= foot + size:
            continue
        if ruling.start - 2 <= title.centre <= ruling.end + 2:
            inside = range(1, len(bands) + 1)
            return [c for c in inside if ruling.start - 2 <= _middle(bands, c) <= ruling.end + 2]
    return []


def _cell(title: _Title, titles: Sequence[_Title], depth: int) -> PieceCell:
    """Return a title's cell; one with nothing beneath it reaches down to the figures."""
    text = ""
    for line in title.lines:
        text = glued(text, line.text)
    leaf = not any(t.level > title.level and t.over(title) for t in titles)
    return PieceCell(
        title.level,
        title.first,
        text,
        united(line.box for line in title.lines),
        depth - title.level if leaf else 1,
        title.last - title.first + 1,
    )
