"""What is drawn on a PDF page besides its text: ruling lines, and how much pictures cover."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import pypdfium2.raw as c
from pypdfium2 import PdfPage

from yanku.parse.ink import Ruling
from yanku.parse.wash import Colour, Washes, is_pale

_THIN = 2.6
"""Points: a filled shape no thicker than this is a line."""
_SHORT = 4.0
_MAX_DEPTH = 4
_MAX_OBJECTS = 60_000
_CORNERS = 4
_Point = tuple[float, float]
_Rect = tuple[float, float, float, float]


class Frame(Protocol):
    """Takes a page's own coordinates to the sheet as it is shown."""

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Return a box in points, origin at the top left."""
        ...


@dataclass(slots=True)
class Drawn:
    """What is drawn on a page besides its text."""

    level: tuple[Ruling, ...] = ()
    upright: tuple[Ruling, ...] = ()
    pictures: float = 0.0
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Where the pictures lie, on the sheet as shown."""
    bars: list[_Rect] = field(default_factory=list)
    """Boxes filled with ink, on the sheet as shown."""
    lines: list[list[_Point]] = field(default_factory=list)
    """Strokes of several corners, on the sheet as shown."""
    shapes: int = 0
    invisible: bool = False


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, cc, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        cc * oa + d * oc,
        cc * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def drawn_on(sheet: PdfPage, frame: Frame) -> Drawn:
    """Return rulings, and how much of the page pictures cover."""
    drawn = Drawn()
    pen = _Pen(frame)
    hidden = shown = 0
    budget = _MAX_OBJECTS
    stack = [(sheet, _IDENTITY, 0)]
    while stack:
        holder, matrix, depth = stack.pop()
        nested = depth > 0
        count = c.FPDFFormObj_CountObjects(holder) if nested else c.FPDFPage_CountObjects(holder)
        for i in range(min(count, budget)):
            thing = (
                c.FPDFFormObj_GetObject(holder, i) if nested else c.FPDFPage_GetObject(holder, i)
            )
            kind = c.FPDFPageObj_GetType(thing)
            if kind == c.FPDF_PAGEOBJ_PATH:
                drawn.shapes += 1
                pen.path(thing, matrix)
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                box = pen.picture(thing, matrix)
                if box is not None:
                    drawn.pictures += (box[2] - box[0]) * (box[3] - box[1])
                    drawn.boxes.append(box)
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                stack.append((thing, _times(_matrix(thing), matrix), depth + 1))
            elif kind == c.FPDF_PAGEOBJ_TEXT and hidden + shown < 20:
                mode = c.FPDFTextObj_GetTextRenderMode(thing)
                hidden += mode == c.FPDF_TEXTRENDERMODE_INVISIBLE
                shown += mode != c.FPDF_TEXTRENDERMODE_INVISIBLE
        budget -= count
    drawn.invisible = hidden > shown
    drawn.level, drawn.upright = pen.rulings()
    drawn.bars, drawn.lines = pen.bars, pen.lines
    return drawn


def _matrix(thing: object) -> _Matrix:
    m = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(thing, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


class _Pen:
    """Collects the level and upright strokes of paths."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self.level: list[Ruling] = []
        self.upright: list[Ruling] = []
        self.bars: list[_Rect] = []
        self.lines: list[list[_Point]] = []
        self._washes = Washes()

    def rulings(self) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
        """Return the level and the upright lines, without strips of shaded cells."""
        shaded = self._washes.shaded()
        level, upright = (
            tuple(r for r in each if id(r) not in shaded) for each in (self.level, self.upright)
        )
        return level, upright

    def picture(self, thing: object, matrix: _Matrix) -> tuple[float, float, float, float] | None:
        """Return where a picture lies; a very thin one is a ruling."""
        box = self._box(thing, matrix)
        if box is None:
            return None
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            self._rule(box)
            return None
        return box

    def path(self, thing: object, matrix: _Matrix) -> None:
        """Take up a path: as one line if it is thin, else by its segments if it is stroked."""
        box = self._box(thing, matrix)
        if box is None:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(thing, fill, stroke)
        wash = self._wash(thing) if fill.value and not stroke.value else None
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            ruling = self._rule(box)
            if wash is not None and ruling is not None:
                self._washes.strip(wash, ruling, box)
            return
        if wash is not None:
            self._washes.area(wash, box)
        elif fill.value:
            self.bars.append(box)
        if stroke.value:
            for outline in self._outlines(thing, _times(_matrix(thing), matrix)):
                for a, b in pairwise(outline):
                    self._stroke(a, b)
                if len(outline) >= _CORNERS:
                    self.lines.append([self._frame.box(x, y, x, y)[:2] for x, y in outline])
        elif self._is_frame_of_fill(thing):
            self._fills(list(self._outlines(thing, _times(_matrix(thing), matrix))))

    def _wash(self, thing: object) -> Colour | None:
        """Return the colour of one rectangle filled so pale that text is read on it."""
        if self._is_frame_of_fill(thing):
            return None
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not c.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
            return None
        colour = (red.value, green.value, blue.value)
        return colour if is_pale(colour) else None

    def _is_frame_of_fill(self, thing: object) -> bool:
        """Tell filled paths of many thin rectangles, which some writers draw for all borders."""
        return bool(c.FPDFPath_CountSegments(thing) > 9)

    def _box(self, thing: object, matrix: _Matrix) -> tuple[float, float, float, float] | None:
        left, bottom, right, top = self._bounds
        if not c.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            return None
        corners = (left.value, bottom.value, right.value, top.value)
        if matrix is not _IDENTITY:
            corners = _mapped_box(corners, matrix)
        return self._frame.box(*corners)

    def _rule(self, box: tuple[float, float, float, float]) -> Ruling | None:
        x0, y0, x1, y1 = box
        level = x1 - x0 >= y1 - y0
        if max(x1 - x0, y1 - y0) < _SHORT:
            return None
        ruling = Ruling((y0 + y1) / 2, x0, x1) if level else Ruling((x0 + x1) / 2, y0, y1)
        (self.level if level else self.upright).append(ruling)
        return ruling

    def _outlines(self, thing: object, matrix: _Matrix) -> Iterator[list[_Point]]:
        """Yield the corners of each part of a path that is drawn in one go; curves are left out."""
        x, y = ctypes.c_float(), ctypes.c_float()
        outline: list[_Point] = []
        start = (0.0, 0.0)
        for i in range(min(c.FPDFPath_CountSegments(thing), 4000)):
            segment = c.FPDFPath_GetPathSegment(thing, i)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            point = _mapped(x.value, y.value, matrix)
            kind = c.FPDFPathSegment_GetType(segment)
            if kind == c.FPDF_SEGMENT_MOVETO:
                start = point
            if kind != c.FPDF_SEGMENT_LINETO and outline:
                yield outline
                outline = []
            outline.append(point)
            if c.FPDFPathSegment_GetClose(segment):
                yield [*outline, start]
                outline = [start]
        if outline:
            yield outline

    def _fills(self, outlines: Sequence[Sequence[_Point]]) -> None:
        """Take up a filled path: thin parts, and the edges of what it leaves empty inside.

        The bars of a chart can be one path too; they are no lines.
        """
        boxes = [_bounds(outline) for outline in outlines]
        for box in boxes:
            if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
                self._rule(self._frame.box(*box))
            elif any(_is_rim(box, other) or _is_rim(other, box) for other in boxes):
                for x0, y0, x1, y1 in _sides(box):
                    self._rule(self._frame.box(x0, y0, x1, y1))
            else:
                self.bars.append(self._frame.box(*box))

    def _stroke(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        if min(abs(a[0] - b[0]), abs(a[1] - b[1])) > 0.8:
            return
        box = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        self._rule(self._frame.box(*box))


def _bounds(outline: Sequence[_Point]) -> _Rect:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def _is_rim(outer: _Rect, inner: _Rect) -> bool:
    """Tell whether one box lies in another with no more than a line between all their sides."""
    return outer != inner and all(
        0 <= gap <= _THIN
        for gap in (
            inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]
        )
    )  # fmt: skip


def _sides(box: _Rect) -> tuple[_Rect, ...]:
    x0, y0, x1, y1 = box
    return (x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)


def _mapped(x: float, y: float, m: _Matrix) -> tuple[float, float]:
    return (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])


def _mapped_box(
    box: tuple[float, float, float, float], m: _Matrix
) -> tuple[float, float, float, float]:
    points = [_mapped(x, y, m) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
