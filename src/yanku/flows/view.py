"""The story of looking at a source: a page as a picture, a sheet as a grid, a text as lines."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.flows.ingest import ORIGINAL
from yanku.model.document import Cell, Document, Heading, Page, Paragraph, Table
from yanku.model.library import DocumentId, Entry
from yanku.model.people import Principal
from yanku.model.place import InSheet, InText
from yanku.ports import Files, Library, Reader

DPI = 110
"""Resolution of page pictures: figures of 8 points stay legible, a page stays under 400 kB."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a document without pages: its number from 1 and what it says."""

    number: int
    text: str


class View:
    """Shows what a citation points at, to those who may read it."""

    def __init__(self, *, library: Library, files: Files, reader: Reader) -> None:
        self._library = library
        self._files = files
        self._reader = reader

    async def page_image(self, document: DocumentId, page: int, *, principal: Principal) -> bytes:
        """Return a page as PNG at ``DPI``; raise NotFound."""
        entry = await self._library.entry(document, scope=scope_of(principal))
        name = f"page-{page}-{DPI}.png"
        try:
            return (await self._files.path(document, name)).read_bytes()
        except NotFound:
            return await self._render(entry, page, name)

    async def _render(self, entry: Entry, page: int, name: str) -> bytes:
        original = await self._files.path(entry.id, ORIGINAL)
        picture = await self._reader.render(original, entry.name, page, DPI)
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            Path(file.name).write_bytes(picture)
            await self._files.put(entry.id, name, Path(file.name))
        # Forgotten while the page was drawn: leave no picture behind.
        if not await self._library.existing([entry.id]):
            await self._files.drop(entry.id)
            raise NotFound("there is no such page")
        return picture

    async def page(self, document: DocumentId, number: int, *, principal: Principal) -> Page:
        """Return a page's size in points, to place boxes on its picture."""
        parsed = await self._parsed(document, principal)
        for page in parsed.pages:
            if page.number == number:
                return page
        raise NotFound("there is no such page")

    async def sheet(
        self, document: DocumentId, sheet: str, *, principal: Principal
    ) -> Sequence[Cell]:
        """Return the cells of a sheet, each with its own A1 place."""
        parsed = await self._parsed(document, principal)
        cells = [
            cell
            for block in parsed.blocks
            if isinstance(block, Table)
            for cell in block.cells
            if isinstance(cell.place, InSheet) and cell.place.sheet == sheet
        ]
        if not cells:
            raise NotFound("there is no such sheet")
        return cells

    async def lines(self, document: DocumentId, *, principal: Principal) -> Sequence[TextLine]:
        """Return a Word or text document line by line, as citations count them."""
        parsed = await self._parsed(document, principal)
        lines: dict[int, list[str]] = {}
        for block in parsed.blocks:
            parts: Sequence[Heading | Paragraph | Cell] = (
                block.cells if isinstance(block, Table) else (block,)
            )
            for part in parts:
                if isinstance(part.place, InText):
                    lines.setdefault(part.place.first_line, []).append(part.text)
        return [TextLine(number, " | ".join(texts)) for number, texts in sorted(lines.items())]

    async def _parsed(self, document: DocumentId, principal: Principal) -> Document:
        return await self._library.parsed(document, scope=scope_of(principal))
