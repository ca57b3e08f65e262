"""Draws on a page's picture what the machine saw there: headings, paragraphs, tables, cells."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from yanku.model.document import Block, Cell, Document, Heading, Page, Paragraph, Role, Table
from yanku.model.place import Box, OnPage, Place

_Colour = tuple[int, int, int, int]

HEADING: _Colour = (122, 58, 150, 255)
TABLE: _Colour = (29, 90, 79, 255)
CELL: _Colour = (29, 90, 79, 150)
HEADER_CELL: _Colour = (29, 90, 79, 60)
AMOUNT: _Colour = (224, 165, 38, 70)
DISPUTED: _Colour = (190, 30, 30, 110)
BARE_AMOUNT: _Colour = (210, 90, 30, 110)
FLAW: _Colour = (163, 52, 31, 255)
_BY_ROLE: dict[Role, _Colour] = {
    Role.TEXT: (46, 98, 160, 255),
    Role.ITEM: (60, 140, 180, 255),
    Role.NOTE: (120, 120, 60, 255),
    Role.HEADER: (150, 150, 150, 255),
    Role.FOOTER: (150, 150, 150, 255),
}


def overlaid(picture: bytes, page: Page, document: Document) -> bytes:
    """Return a page's PNG with everything that stands on it outlined.

    Purple is a heading, blue running text, grey what belongs to the page; green is a table with
    its cells, washed green its header, yellow an amount, orange one without a unit;
    red is a flaw, or a row for which a second reading of the page gave other figures.
    """
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as opened:
        image = opened.convert("RGBA")
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = _Pen(layer, page)
    for block in document.blocks:
        _draw(pen, block)
    for flaw in document.flaws:
        pen.frame(flaw.place, FLAW, 4)
    out = io.BytesIO()
    Image.alpha_composite(image, layer).convert("RGB").save(out, "PNG")
    return out.getvalue()


class _Pen:
    """Draws boxes in points of one page onto its picture."""

    def __init__(self, layer: Image.Image, page: Page) -> None:
        self._draw = ImageDraw.Draw(layer)
        self._number = page.number
        self._across = layer.width / page.width
        self._down = layer.height / page.height
        self._page = Box(0, 0, page.width, page.height)

    def frame(self, place: Place | None, colour: _Colour, width: int = 2) -> None:
        if (corners := self._corners(place)) is not None:
            self._draw.rectangle(corners, outline=colour, width=width)

    def wash(self, place: Place, colour: _Colour) -> None:
        if (corners := self._corners(place)) is not None:
            self._draw.rectangle(corners, fill=colour)

    def _corners(self, place: Place | None) -> tuple[float, float, float, float] | None:
        if not isinstance(place, OnPage) or place.page != self._number:
            return None
        box = place.box or self._page
        left, right = sorted((box.x0 * self._across, box.x1 * self._across))
        top, bottom = sorted((box.y0 * self._down, box.y1 * self._down))
        return left, top, right, bottom


def _draw(pen: _Pen, block: Block) -> None:
    match block:
        case Heading():
            pen.frame(block.place, HEADING, 3)
        case Paragraph():
            pen.frame(block.place, _BY_ROLE[block.role], 1 if block.role.is_furniture else 2)
        case Table():
            for cell in block.cells:
                _draw_cell(pen, cell, _wash(block, cell))
            for place in block.places:
                pen.frame(place, TABLE, 3)


def _wash(table: Table, cell: Cell) -> _Colour | None:
    if cell.row < table.header_rows:
        return HEADER_CELL
    if cell.amount is None:
        return None
    if cell.row in table.disputed:
        return DISPUTED
    return AMOUNT if cell.amount.unit else BARE_AMOUNT


def _draw_cell(pen: _Pen, cell: Cell, wash: _Colour | None) -> None:
    if wash is not None:
        pen.wash(cell.place, wash)
    pen.frame(cell.place, CELL, 1)
