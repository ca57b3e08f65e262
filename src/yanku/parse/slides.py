"""PowerPoint files (PPTX, PPSX, POTX and their kin with macros): a page for each slide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Block, Flaw, Origin, Page
from yanku.model.place import Box
from yanku.model.place import OnPage as Place
from yanku.parse.package import Package, Relation, open_package
from yanku.parse.slide import Shape, slide_blocks
from yanku.parse.slideshapes import Drawn, Measures, ShapeReader, attribute
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordtext import local, paragraph_text, within

_EMU = 12_700.0
_USUAL_SIZE = (720.0, 540.0)
_MAX_ELEMENTS = 3_000_000
_MAX_SHAPES = 200_000


def read_slides(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read the slides that are shown; hidden ones are told, charts are read from their values.

    Raises SourceTooLarge, BrokenSource, EncryptedSource.
    """
    with open_package(path, name, limits) as package:
        return _Reader(package, name, limits).read(on_page)


class _Reader:
    """Reads one file."""

    def __init__(self, package: Package, shown: str, limits: Limits) -> None:
        self._package = package
        self._shown = shown
        self._limits = limits
        self._main = package.main_part("ppt/presentation.xml")
        self._measures = Measures(_MAX_SHAPES, limits.max_cells)
        self._shapes = ShapeReader(package, self._parse, shown, self._measures)
        self._flaws: list[Flaw] = []
        self._kinds: Counter[str] = Counter()
        self._margins: set[str] = set()

    def read(self, on_page: OnPage) -> Content:
        """Return the slides as pages."""
        root = self._parse(self._main)
        width, height = _size(root)
        parts = self._slides(root)
        if len(parts) > self._limits.max_pages:
            raise SourceTooLarge(
                f"{self._shown} has {len(parts):,} slides; the limit is {self._limits.max_pages:,}."
            )
        pages: list[Page] = []
        blocks: list[Block] = []
        for number, part in enumerate(parts, 1):
            pages.append(Page(number, width, height, Origin.NATIVE))
            try:
                blocks += self._slide(number, part, Box(0.0, 0.0, width, height))
            except BrokenSource as error:
                self._flaws.append(Flaw("broken_page", str(error), Place(number)))
            on_page(number, len(parts))
        if parts and sum(each.code == "broken_page" for each in self._flaws) == len(parts):
            raise BrokenSource(self._flaws[0].detail)
        return Content(tuple(pages), tuple(blocks), (*self._flaws, *self._left_out()))

    def _parse(self, part: str) -> etree._Element:
        if self._package.count(part, b"<") > 2 * _MAX_ELEMENTS:
            raise SourceTooLarge(
                f"{self._shown}: {part} holds more than {_MAX_ELEMENTS:,} elements; split it."
            )
        return self._package.xml(part)

    def _slides(self, root: etree._Element) -> list[str]:
        links = self._package.relations(self._main)
        self._note_links(links.values())
        ids = (attribute(e, "id", linked=True) for e in within(root, "sldId"))
        return [links[each].target for each in ids if each in links]

    def _slide(self, number: int, part: str, bounds: Box) -> list[Block]:
        root = self._parse(part)
        if root.get("show") in {"0", "false"}:
            self._flaws.append(
                Flaw("hidden_slide", f"Slide {number} is hidden; it was not read.", Place(number))
            )
            return []
        links = self._package.relations(part)
        self._note_links(links.values())
        drawn = self._shapes.slide(part, root, links)
        seen = _on_slide(drawn.shapes, bounds)
        margins = tuple(self._once(each) for each in drawn.margins)
        self._tell(number, drawn, hidden=drawn.hidden + len(drawn.shapes) - len(seen))
        return slide_blocks(number, (*seen, *margins), self._notes(links.values()))

    def _once(self, shape: Shape) -> Shape:
        """Return what a layout repeats on every slide, with what was not yet said."""
        fresh = tuple(each for each in shape.said if each.text not in self._margins)
        self._margins.update(each.text for each in fresh)
        return Shape(shape.box, fresh, role=shape.role)

    def _notes(self, links: Iterable[Relation]) -> list[str]:
        texts: list[str] = []
        for link in links:
            if link.kind == "notesSlide" and link.target in self._package.names:
                texts += _notes_of(self._parse(link.target))
        return texts

    # ── what was not read ───────────────────────────────────────────────────────────────────────

    def _tell(self, number: int, drawn: Drawn, hidden: int) -> None:
        place = Place(number)
        if drawn.pictures:
            detail = f"Slide {number}: {drawn.pictures} pictures or drawings were not read."
            self._flaws.append(Flaw("pictures", detail, place))
        if hidden:
            detail = f"Slide {number}: {hidden} hidden shapes or shapes beside it were not read."
            self._flaws.append(Flaw("hidden_text", detail, place))
        for problem in drawn.problems:
            self._flaws.append(Flaw("charts", f"Slide {number}: {problem}", place))

    def _note_links(self, links: Iterable[Relation]) -> None:
        for link in links:
            if link.external and link.kind != "hyperlink":
                self._kinds["outside"] += 1
            elif link.kind in {"comments", "comment"}:
                self._kinds["comments"] += 1

    def _left_out(self) -> Iterator[Flaw]:
        names = self._package.names
        if any("/embeddings/" in n and not n.endswith((".xlsx", ".xlsb", ".xlsm")) for n in names):
            yield Flaw("embedded_files", "Files embedded in the slides were not opened.")
        if any("/activeX/" in n for n in names):
            yield Flaw("embedded_files", "Controls embedded in the slides were not run.")
        if any(n.endswith("vbaProject.bin") for n in names):
            yield Flaw("macros", "The file holds macros; they were not run.")
        if count := self._kinds["outside"]:
            yield Flaw("external_links", f"{count} links to outside were not followed.")
        if self._kinds["comments"]:
            yield Flaw("comments", "Comments were not read.")


def _size(root: etree._Element) -> tuple[float, float]:
    for each in root:
        if local(each) == "sldSz":
            sides = [each.get("cx") or "", each.get("cy") or ""]
            if all(side.isdecimal() and 0 < int(side) < 10**9 for side in sides):
                return int(sides[0]) / _EMU, int(sides[1]) / _EMU
    return _USUAL_SIZE


def _on_slide(shapes: tuple[Shape, ...], bounds: Box) -> tuple[Shape, ...]:
    """Return the shapes of which something shows."""
    return tuple(
        each
        for each in shapes
        if each.box is None
        or (
            each.box.x1 > bounds.x0
            and each.box.x0 < bounds.x1
            and each.box.y1 > bounds.y0
            and each.box.y0 < bounds.y1
        )
    )


def _notes_of(root: etree._Element) -> list[str]:
    """Return what the speaker's notes say: their body, not the slide's picture or numbers."""
    texts = []
    for shape in within(root, "sp"):
        holders = [each.get("type", "") for each in shape.iter("{*}ph")]
        if holders and holders[0] in {"body", ""}:
            texts += [paragraph_text(each, {}) for each in within(shape, "p")]
    return [text for text in texts if text]
