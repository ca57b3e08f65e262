"""The shapes of an old PowerPoint slide: texts, groups, and tables, which are groups of cells."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Role
from yanku.model.place import Box
from yanku.parse.grid import GridCell
from yanku.parse.pptfile import PowerPointFile, Record
from yanku.parse.slide import Grid, Said, Shape, united

_DRAWING, _PAGE, _GROUP, _SHAPE = 0x040C, 0xF002, 0xF003, 0xF004
_FRAME, _HEAD, _ANCHOR, _CHILD_ANCHOR = 0xF009, 0xF00A, 0xF010, 0xF00F
_TEXT_BOX, _CLIENT, _PLACEHOLDER, _MORE_OPTIONS = 0xF00D, 0xF011, 0x0BC3, 0xF122
_TEXT_HEADER, _OUTLINE_REFERENCE, _WIDE, _NARROW = 0x0F9F, 0x0F9E, 0x0FA0, 0x0FA8
_PICTURE_FRAME, _IS_TABLE, _HIDDEN_SHAPE = 75, 0x039F, 0x03BF
_TITLES, _LISTS, _NOTES = frozenset({0, 6}), frozenset({1, 7, 8}), 2
_REPEATED = {7: Role.FOOTER, 8: Role.FOOTER, 9: Role.FOOTER, 10: Role.HEADER}
_UNIT = 8.0
_MAX_DEPTH = 30
_SAME = 1.5
"""Points: cells whose borders differ by less share the border."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text and what it is for: 0 a title, 1 a body, 2 notes, 4 anything else."""

    kind: int
    text: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """How coordinates inside a group become points."""

    sx: float = 1 / _UNIT
    sy: float = 1 / _UNIT
    dx: float = 0.0
    dy: float = 0.0

    def box(self, x0: int, y0: int, x1: int, y1: int) -> Box:
        sides = (x0 * self.sx + self.dx, y0 * self.sy + self.dy,
                 x1 * self.sx + self.dx, y1 * self.sy + self.dy)  # fmt: skip
        return Box(*(round(each, 2) for each in sides))


def texts_in(file: PowerPointFile, records: Iterable[Record]) -> Iterator[Told]:
    """Yield the texts among records: each has a head, and then its characters or none."""
    kind, text = -1, ""
    for each in records:
        if each.kind == _TEXT_HEADER:
            if kind >= 0:
                yield Told(kind, text)
            kind, text = int.from_bytes(file.content(each)[:4], "little"), ""
        elif each.kind == _WIDE:
            text = file.content(each).decode("utf-16-le", "replace")
        elif each.kind == _NARROW:
            text = file.content(each).decode("latin-1")
    if kind >= 0:
        yield Told(kind, text)


class ShapeReader:
    """Reads the drawings of one file."""

    def __init__(self, file: PowerPointFile, shown: str, cells: int) -> None:
        self._file = file
        self._shown = shown
        self._cells_left = cells
        self._outline: Sequence[Told] = ()
        self._found: Counter[str] = Counter()

    def slide(
        self, slide: Record, outline: Sequence[Told], found: Counter[str]
    ) -> tuple[Shape, ...]:
        """Return the shapes of a slide; ``found`` counts the pictures left out."""
        self._outline, self._found = outline, found
        return tuple(shape for group in self._groups(slide) for shape in self._inner(
            group, _Frame(), 0))  # fmt: skip

    def notes(self, page: Record) -> list[str]:
        """Return the paragraphs of a page of notes."""
        self._outline = ()
        return [
            text
            for group in self._groups(page)
            for shape in self._file.inside(group)
            if shape.kind == _SHAPE
            for told in self._told(shape)
            if told.kind == _NOTES
            for text in _paragraphs(told.text)
        ]

    def _groups(self, slide: Record) -> Iterator[Record]:
        drawing = self._file.find(slide, _DRAWING)
        page = self._file.find(drawing, _PAGE) if drawing is not None else None
        for each in self._file.inside(page) if page is not None else ():
            if each.kind == _GROUP:
                yield each

    def _inner(self, group: Record, frame: _Frame, depth: int) -> Iterator[Shape]:
        """Yield the shapes of a group, without the first, which is the group itself."""
        if depth > _MAX_DEPTH:
            raise BrokenSource(f"{self._shown} has groups nested more than {_MAX_DEPTH} deep.")
        for n, each in enumerate(self._file.inside(group)):
            if each.kind == _GROUP:
                yield from self._group(each, frame, depth)
            elif each.kind == _SHAPE and n:
                yield from self._shape(each, frame)

    def _group(self, group: Record, frame: _Frame, depth: int) -> Iterator[Shape]:
        head = next(iter(self._file.inside(group)), None)
        if head is None:
            return
        inner = tuple(self._inner(group, self._within(head, frame), depth + 1))
        if inner and self._option(head, _IS_TABLE) & 1:
            self._cells_left -= len(inner)
            if self._cells_left < 0:
                raise SourceTooLarge(f"{self._shown} has too many table cells; split it.")
            yield _table(inner)
        elif inner:
            yield Shape(united(inner), inner=inner)

    def _shape(self, shape: Record, frame: _Frame) -> Iterator[Shape]:
        head = self._file.find(shape, _HEAD)
        if head is not None and head.instance == _PICTURE_FRAME:
            self._found["pictures"] += 1
        for told in self._told(shape):
            texts = _paragraphs(told.text)
            if texts:
                yield Shape(
                    self._box(shape, frame),
                    tuple(Said(text, told.kind in _LISTS) for text in texts),
                    title=told.kind in _TITLES,
                    role=self._role(shape),
                )

    def _told(self, shape: Record) -> Iterator[Told]:
        box = self._file.find(shape, _TEXT_BOX)
        if box is None:
            return
        records = list(self._file.inside(box))
        for each in records:
            if each.kind == _OUTLINE_REFERENCE:
                at = int.from_bytes(self._file.content(each)[:4], "little")
                if at < len(self._outline):
                    yield self._outline[at]
        yield from texts_in(self._file, records)

    def _role(self, shape: Record) -> Role:
        client = self._file.find(shape, _CLIENT)
        atom = self._file.find(client, _PLACEHOLDER) if client is not None else None
        place = self._file.content(atom)[4:5] if atom is not None else b""
        return _REPEATED.get(place[0], Role.TEXT) if place else Role.TEXT

    def _option(self, shape: Record, wanted: int) -> int:
        """Return a property of a shape, 0 if it is not set."""
        for each in self._file.inside(shape):
            if each.kind == _MORE_OPTIONS:
                body = self._file.content(each)
                for n in range(min(each.instance, len(body) // 6)):
                    what, value = struct.unpack_from("<HI", body, 6 * n)
                    if what & 0x3FFF == wanted:
                        return int(value)
        return 0

    # ── places ──────────────────────────────────────────────────────────────────────────────────

    def _sides(self, shape: Record) -> tuple[int, int, int, int] | None:
        """Return left, top, right, bottom as written, in the units of what is around."""
        for each in self._file.inside(shape):
            body = self._file.content(each)
            if each.kind == _CHILD_ANCHOR and len(body) >= 16:
                x0, y0, x1, y1 = struct.unpack_from("<4i", body)
                return x0, y0, x1, y1
            if each.kind == _ANCHOR and len(body) >= 8:
                y0, x0, x1, y1 = struct.unpack_from("<4i" if len(body) >= 16 else "<4h", body)
                return x0, y0, x1, y1
        return None

    def _box(self, shape: Record, frame: _Frame) -> Box | None:
        sides = self._sides(shape)
        return frame.box(*sides) if sides is not None else None

    def _within(self, head: Record, frame: _Frame) -> _Frame:
        """Return how coordinates inside a group become points on the slide."""
        own = self._file.find(head, _FRAME)
        box = self._box(head, frame)
        if own is None or box is None or own.end - own.start < 16:
            return frame
        x0, y0, x1, y1 = struct.unpack("<4i", self._file.content(own)[:16])
        sx = (box.x1 - box.x0) / (x1 - x0) if x1 != x0 else frame.sx
        sy = (box.y1 - box.y0) / (y1 - y0) if y1 != y0 else frame.sy
        return _Frame(sx, sy, box.x0 - x0 * sx, box.y0 - y0 * sy)


def _paragraphs(text: str) -> list[str]:
    lines = (" ".join(line.replace("\x0b", " ").split()) for line in text.split("\r"))
    return [line for line in lines if line.strip("*")]  # a lone * stands for a number or date


def _table(shapes: Sequence[Shape]) -> Shape:
    """Return a group of cells as a table; cells share columns and rows where borders meet."""
    cells = [each for each in shapes if each.box is not None]
    xs = _borders(x for each in cells if each.box for x in (each.box.x0, each.box.x1))
    ys = _borders(y for each in cells if each.box for y in (each.box.y0, each.box.y1))
    made = []
    for each in cells:
        if each.box is None:
            continue
        left, right = _nearest(xs, each.box.x0), _nearest(xs, each.box.x1)
        top, bottom = _nearest(ys, each.box.y0), _nearest(ys, each.box.y1)
        text = "\n".join(said.text for said in each.said)
        spans = max(1, bottom - top), max(1, right - left)
        made.append(GridCell(top, left, text, text, None, *spans))
    return Shape(united(cells), grid=Grid(tuple(made), tuple(xs), tuple(ys)))


def _borders(values: Iterable[float]) -> list[float]:
    borders: list[float] = []
    for value in sorted(values):
        if not borders or value - borders[-1] > _SAME:
            borders.append(value)
    return borders


def _nearest(borders: Sequence[float], value: float) -> int:
    return min(range(len(borders)), key=lambda n: abs(borders[n] - value))
