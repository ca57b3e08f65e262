"""OpenDocument presentations (ODP): a page for each slide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw, Origin, Page, Role
from yanku.model.place import Box
from yanku.model.place import OnPage as Place
from yanku.parse.odfstyle import own, points
from yanku.parse.odfwalk import Kept, Walker
from yanku.parse.odt import OdfFile
from yanku.parse.package import open_package
from yanku.parse.slide import Grid, Said, Shape, slide_blocks, united
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordtext import local, within

_USUAL_SIZE = (720.0, 540.0)
_MAX_DEPTH = 40
_MAX_SHAPES = 200_000
_REPEATED = {"header": Role.HEADER, "footer": Role.FOOTER, "date-time": Role.FOOTER,
             "page-number": Role.FOOTER}  # fmt: skip
_NOT_DRAWN = frozenset({"notes", "forms", "animations", "par", "seq"})


def read_odp(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read the slides that are shown; hidden ones are told, charts are read from their values."""
    with open_package(path, name, limits) as package:
        return _Reader(OdfFile(package, name), name, limits).read(on_page)


class _Reader:
    """Reads one file."""

    def __init__(self, file: OdfFile, shown: str, limits: Limits) -> None:
        self._file = file
        self._shown = shown
        self._limits = limits
        self._kept = Kept()
        self._walker = Walker(self._kept, file.styles, file.chart)
        self._shapes_left = _MAX_SHAPES
        self._cells_left = limits.max_cells

    def read(self, on_page: OnPage) -> Content:
        """Return the slides as pages."""
        slides = [each for each in self._file.body("presentation") if local(each) == "page"]
        if len(slides) > self._limits.max_pages:
            raise SourceTooLarge(
                f"{self._shown} has {len(slides):,} slides; "
                f"the limit is {self._limits.max_pages:,}."
            )
        pages: list[Page] = []
        blocks: list[Block] = []
        flaws: list[Flaw] = []
        for number, each in enumerate(slides, 1):
            size = self._file.styles.pages.get(own(each, "master-page-name"), _USUAL_SIZE)
            pages.append(Page(number, *size, Origin.NATIVE))
            if own(each, "style-name") in self._file.styles.hidden_pages:
                detail = f"Slide {number} is hidden; it was not read."
                flaws.append(Flaw("hidden_slide", detail, Place(number)))
            else:
                blocks += slide_blocks(number, tuple(self._shapes(each, 0)), self._notes(each))
            on_page(number, len(slides))
        left = (*flaws, *self._walker.flaws(), *self._file.flaws())
        return Content(tuple(pages), tuple(blocks), left)

    def _notes(self, page: etree._Element) -> list[str]:
        frames = [
            each
            for notes in page
            if local(notes) == "notes"
            for each in notes
            if own(each, "class") == "notes"
        ]
        return [text for each in frames for text in self._walker.lines(each)]

    def _shapes(self, parent: etree._Element, depth: int) -> Iterator[Shape]:
        if depth > _MAX_DEPTH:
            raise BrokenSource(f"{self._shown} has groups nested more than {_MAX_DEPTH} deep.")
        for each in parent:
            name = local(each)
            self._shapes_left -= 1
            if self._shapes_left < 0:
                raise SourceTooLarge(f"{self._shown} has too many shapes; split it.")
            if name in {"g", "a"}:
                inner = tuple(self._shapes(each, depth + 1))
                if inner:
                    yield Shape(united(inner), inner=inner)
            elif name and name not in _NOT_DRAWN:
                yield from self._shape(each)

    def _shape(self, element: etree._Element) -> Iterator[Shape]:
        box = _box(element)
        kind = own(element, "class")
        table = next((each for each in element if local(each) == "table"), None)
        if table is None and (objects := [e for e in element if local(e) == "object"]):
            table = self._file.chart(own(objects[0], "href"))
        if table is not None:
            yield Shape(box, grid=self._grid(table, box))
            return
        self._kept.said.clear()
        self._walker.walk(element)
        said = tuple(Said(text, item and kind != "title") for text, item in self._kept.said)
        if said:
            yield Shape(box, said, title=kind == "title", role=_REPEATED.get(kind, Role.TEXT))
        elif any(local(each) == "image" for each in element):
            self._walker.found["pictures"] += 1

    def _grid(self, table: etree._Element, box: Box | None) -> Grid:
        cells, headers = self._walker.grid(table)
        self._cells_left -= len(cells)
        if self._cells_left < 0:
            raise SourceTooLarge(f"{self._shown} has too many table cells; split it.")
        if box is None:
            return Grid(tuple(cells), headers=headers)
        sizes = self._file.styles.sizes
        widths = [sizes.get(own(e, "style-name"), 0.0) for e in within(table, "table-column")]
        heights = [sizes.get(own(e, "style-name"), 0.0) for e in within(table, "table-row")]
        xs = _borders(box.x0, box.x1, widths)
        return Grid(tuple(cells), xs, _borders(box.y0, box.y1, heights), headers=headers)


def _box(element: etree._Element) -> Box | None:
    sides = [points(own(element, name)) for name in ("x", "y", "width", "height")]
    if any(each is None for each in sides):
        return None
    x, y, width, height = (each or 0.0 for each in sides)
    return Box(*(round(each, 2) for each in (x, y, x + width, y + height)))


def _borders(start: float, end: float, sizes: list[float]) -> tuple[float, ...]:
    """Return the borders of columns or rows; without their sizes they share the space."""
    if not sizes or not all(sizes):
        sizes = [1.0] * len(sizes)
    scale = (end - start) / sum(sizes) if sizes else 0.0
    return tuple(round(start + scale * each, 2) for each in accumulate(sizes, initial=0.0))
