"""Which rows of a table stand under which: a heading governs rows, and so does a label further out.

流动资产：                          a heading, up to its total
货币资金        12,345          set in: under the heading
其中：存款       1,234          set in further: under the row above
流动资产合计        23,456          the total is the heading's last row
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yanku.parse.cells import GridCell, Rows, amount_of
from yanku.parse.piece import is_figure

_SAME = 0.7
"""Labels that begin this near are set at one depth: in points, or in steps."""
_MOST_DEPTHS = 5
_TOTAL = re.compile(
    r"(?:合\s*计|小\s*计|总\s*计|总\s*额|净\s*额)(?:[（(].*)?$"
    r"|^(?:sub-?\s?)?total\b|^net (?:cash|assets)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?:合\s*计|小\s*计|(?:sub-?\s?)?total)\s*[:：]?", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+[、.]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.])\s*"
)
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]{4,}")
_FEW = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a row: those after ``head`` up to ``last``, counted as the cells count."""

    head: int
    last: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row below the header: its label, its depth, and whether anything stands beside it."""

    number: int
    label: str
    depth: int
    bare: bool
    wide: bool

    @property
    def says_so(self) -> bool:
        """Tell a heading by its colon or by its width."""
        return self.bare and (self.wide or self.label.rstrip().endswith(("：", ":")))


def row_groups(rows: Rows, top: int) -> list[Group]:
    """Return the groups of the rows from row ``top`` on, outer ones first."""
    body = _rows(rows, top)
    heads = _headings(body)
    parents = _parents(body, heads)
    last: dict[int, int] = {}
    for row in body:
        parent = parents.get(row.number)
        while parent is not None:
            last[parent] = row.number
            parent = parents.get(parent)
    return [Group(head, last[head]) for head in sorted(last)]


def heads_of(groups: Sequence[Group], rows: Rows) -> Mapping[int, tuple[str, ...]]:
    """Return for each row in a group the labels of the rows it stands under, outermost first."""
    found: dict[int, tuple[str, ...]] = {}
    for group in groups:
        label = rows[group.head][0].text
        for number in rows:
            if group.head < number <= group.last:
                found[number] = (*found.get(number, ()), label)
    return found


def _rows(rows: Rows, top: int) -> list[_Row]:
    left = min((row[0].column for row in rows.values()), default=0)
    right = max((row[-1].last_column for row in rows.values()), default=0)
    labelled = [
        (number, rows[number])
        for number in sorted(rows)
        if number >= top and _is_label(rows[number][0], left)
    ]
    depths = _depths([row[0].indent for _, row in labelled])
    return [
        _Row(
            number,
            row[0].text,
            depths.get(row[0].indent, 0),
            len(row) == 1,
            row[0].column_span > 1 and row[0].last_column >= right,
        )
        for number, row in labelled
    ]


def _is_label(cell: GridCell, left: int) -> bool:
    figure = is_figure(cell.text) or amount_of(cell.text) is not None
    return cell.column == left and cell.row_span == 1 and not figure


def _depths(indents: Sequence[float]) -> dict[float, int]:
    """Return the depth of each place where labels begin; labels set in the middle have none."""
    depths: dict[float, int] = {}
    depth, begun = -1, 0.0
    for indent in sorted(set(indents)):
        if depth < 0 or indent - begun > _SAME:
            depth, begun = depth + 1, indent
        depths[indent] = depth
    return depths if depth < _MOST_DEPTHS else {}


def _headings(body: Sequence[_Row]) -> frozenset[int]:
    """Return the rows of one text that head others; a line without figures is not yet a heading.

    Where no row says by a colon or its width that it is a heading, rows of one text are headings
    only if they begin the table, stand apart, and no other row lacks its figures.
    """
    said = {a.number for a, b in pairwise(body) if a.bare and (a.says_so or b.depth > a.depth)}
    if said or not body:
        return frozenset(said)
    bare = [i for i, row in enumerate(body) if row.bare]
    apart = all(b - a > 1 for a, b in pairwise(bare))
    if len(bare) < _FEW or bare[0] != 0 or not apart or bare[-1] == len(body) - 1:
        return frozenset()
    return frozenset(body[i].number for i in bare)


def _parents(body: Sequence[_Row], heads: frozenset[int]) -> dict[int, int]:
    """Return the row that each row stands under."""
    parents: dict[int, int] = {}
    open_: list[_Row] = []
    for row in body:
        while open_ and not _governs(open_[-1], row, heads):
            open_.pop()
        if open_:
            parents[row.number] = open_[-1].number
            if _closes(open_[-1], row, heads):
                open_.pop()
                continue
        open_.append(row)
    return parents


def _governs(above: _Row, row: _Row, heads: frozenset[int]) -> bool:
    if row.depth > above.depth:
        return True
    if above.number not in heads or row.depth < above.depth or row.number in heads:
        return False
    return _TOTAL.search(row.label) is None or _is_total_of(above, row)


def _closes(above: _Row, row: _Row, heads: frozenset[int]) -> bool:
    """Tell a heading's own total, after which nothing more stands under it."""
    return above.number in heads and row.depth == above.depth and _is_total_of(above, row)


def _is_total_of(head: _Row, row: _Row) -> bool:
    if _TOTAL.search(row.label) is None:
        return False
    if _ALONE.fullmatch(row.label.strip()):
        return True
    core = _NUMBERING.sub("", head.label).strip(" ：:").lower()
    label = row.label.lower()
    # "Cash flows from operating activities" ends on "Net cash generated from operating activities".
    words = _WORD.findall(core)
    return core in label or (len(words) > 1 and all(word in label for word in words[-2:]))
