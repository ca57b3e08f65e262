"""A slide as shapes with boxes, whatever format they come from, made into blocks as a person reads.

┌ title ─────────────┐     1. the title
│ text    │ table    │     2. cut at the widest gap, again and again: what is above before what
│ more    │          │        is below, what is left before what is right
└ note ───┴──────────┘     3. what repeats on every slide, then the speaker's notes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from yanku.model.document import Block, Heading, Paragraph, Role, Table
from yanku.model.place import Box, OnPage
from yanku.parse.captions import caption_above
from yanku.parse.grid import GridCell, announced_unit, make_table
from yanku.parse.outline import numbered_level

_MOST_CUT = 300
"""More shapes on one slide are read row by row, without looking for columns."""
_OVERLAP = 4.0


@dataclass(frozen=True, slots=True)
class Said:
    """One paragraph of a shape."""

    text: str
    item: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table or chart: cells, and the borders of its columns and rows in points."""

    cells: tuple[GridCell, ...]
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    caption: str = ""
    unit: str = ""
    headers: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Something on a slide; without a box its place on the slide is unknown.

    ``title`` marks the slide's title, ``role`` what repeats on every slide; ``inner`` holds the
    shapes of a group.
    """

    box: Box | None
    said: tuple[Said, ...] = ()
    grid: Grid | None = None
    title: bool = False
    role: Role = Role.TEXT
    inner: tuple[Shape, ...] = field(default=())


def slide_blocks(number: int, shapes: Sequence[Shape], notes: Sequence[str] = ()) -> list[Block]:
    """Return the blocks of a slide (from 1) in reading order."""
    titles = [each for each in shapes if each.title]
    margins = [each for each in shapes if each.role.is_furniture]
    body = [each for each in shapes if not each.title and not each.role.is_furniture]
    tables = sum(each.grid is not None for each in _leaves(shapes))
    around = _unit_of_slide(shapes) if tables == 1 else ""
    blocks: list[Block] = []
    for shape in [*titles, *_leaves(in_reading_order(body)), *margins]:
        blocks += _blocks(number, shape, blocks, around)
    return [*blocks, *(Paragraph(text, OnPage(number), Role.NOTE) for text in notes)]


def in_reading_order(shapes: Sequence[Shape]) -> list[Shape]:
    """Return the shapes as they are read, those without a place last."""
    placed = [each for each in shapes if each.box is not None]
    lost = [each for each in shapes if each.box is None]
    inner = [
        each if not each.inner else Shape(each.box, inner=tuple(in_reading_order(each.inner)))
        for each in placed
    ]
    return [*(_cut(inner) if len(inner) <= _MOST_CUT else _by_rows(inner)), *lost]


def _leaves(shapes: Sequence[Shape]) -> list[Shape]:
    return [leaf for each in shapes for leaf in (_leaves(each.inner) if each.inner else [each])]


def _cut(shapes: list[Shape]) -> list[Shape]:
    if len(shapes) < 2:
        return shapes
    rows, row_gap = _widest_gap(shapes, across=True)
    columns, column_gap = _widest_gap(shapes, across=False)
    if not row_gap and not column_gap:
        return _by_rows(shapes)
    parts = columns if column_gap > row_gap and _side_by_side(*columns) else rows
    if not parts[0]:
        return _by_rows(shapes)
    return [each for part in parts for each in _cut(part)]


def _widest_gap(shapes: list[Shape], *, across: bool) -> tuple[list[list[Shape]], float]:
    """Return the two sides of the widest gap and its width plus a slack, 0 if there is none."""
    spans = sorted(
        ((each.box.y0, each.box.y1) if across else (each.box.x0, each.box.x1), n)
        for n, each in enumerate(shapes)
        if each.box is not None
    )
    best, at, reach = 0.0, 0, spans[0][0][1]
    for n, ((start, end), _) in enumerate(spans[1:], 1):
        if start - reach + _OVERLAP > best:
            best, at = start - reach + _OVERLAP, n
        reach = max(reach, end)
    order = [shapes[n] for _, n in spans]
    return [order[:at], order[at:]], best


def _side_by_side(left: list[Shape], right: list[Shape]) -> bool:
    """Tell columns from a line above the right end of what stands below it."""
    if not left or (one := united(left)) is None or (other := united(right)) is None:
        return False
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared * 2 >= min(one.y1 - one.y0, other.y1 - other.y0)


def _by_rows(shapes: list[Shape]) -> list[Shape]:
    return sorted(shapes, key=lambda s: (s.box.y0, s.box.x0) if s.box else (0.0, 0.0))


def _unit_of_slide(shapes: Sequence[Shape]) -> str:
    """Return the unit that the slide's short lines announce, if they announce one only."""
    texts = [said.text for each in _leaves(shapes) for said in each.said if len(said.text) <= 40]
    units = {unit for text in texts if (unit := announced_unit(text))}
    return units.pop() if len(units) == 1 else ""


def _blocks(number: int, shape: Shape, before: Sequence[Block], around: str) -> list[Block]:
    place = OnPage(number, shape.box)
    if shape.grid is not None:
        return [_table(number, shape, shape.grid, before, around)] if shape.grid.cells else []
    if shape.title:
        text = " ".join(said.text for said in shape.said)
        return [Heading(text, 1, place)] if text else []
    return [_paragraph(said, place, shape.role) for said in shape.said if said.text]


def _paragraph(said: Said, place: OnPage, role: Role) -> Block:
    level = numbered_level(said.text) if role is Role.TEXT and not said.item else None
    if level is not None:
        return Heading(said.text, level + 1, place)
    return Paragraph(said.text, place, Role.ITEM if said.item else role)


def _table(number: int, shape: Shape, grid: Grid, before: Sequence[Block], around: str) -> Table:
    caption, unit = caption_above(before)
    places = {
        (cell.row, cell.column): OnPage(number, _cell_box(grid, cell) or shape.box)
        for cell in grid.cells
    }
    return make_table(
        grid.cells,
        lambda cell: places[cell.row, cell.column],
        (OnPage(number, shape.box),),
        caption=grid.caption or caption,
        unit=grid.unit or unit or around,
        headers=grid.headers,
    )


def _cell_box(grid: Grid, cell: GridCell) -> Box | None:
    if cell.last_column + 1 >= len(grid.xs) or cell.last_row + 1 >= len(grid.ys):
        return None
    return Box(
        grid.xs[cell.column], grid.ys[cell.row],
        grid.xs[cell.last_column + 1], grid.ys[cell.last_row + 1],
    )  # fmt: skip


def united(shapes: Sequence[Shape]) -> Box | None:
    """Return the box around all shapes that have one."""
    boxes = [each.box for each in shapes if each.box is not None]
    return reduce(Box.united, boxes) if boxes else None
