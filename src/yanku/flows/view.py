"""The story of looking at a source: a page as a picture, a sheet as a grid, a text as lines.

Every look asks the library anew whether the person may, and loads one page or sheet of what was
read and not the whole: nothing is kept here that could outlive a right or a document.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.flows.members import readable_path
from yanku.flows.report import report_of
from yanku.model.document import Cell, Document, Heading, Page, Paragraph, Table
from yanku.model.finance import Fact
from yanku.model.library import DocumentId, Entry
from yanku.model.people import Principal
from yanku.model.place import InSheet, InText
from yanku.model.report import ParseReport
from yanku.parse.parts import Key, key_of
from yanku.ports import FactBook, FactQuery, Files, Library, Reader

DPI = 110
"""Resolution of page pictures: figures of 8 points stay legible, a page stays under 400 kB."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a document without pages: its number from 1 and what it says."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What the machine saw on one page or sheet, and the figures it took from there."""

    part: Document
    facts: tuple[Fact, ...]


class View:
    """Shows what a citation points at, and what was read, to those who may read it."""

    def __init__(self, *, library: Library, facts: FactBook, files: Files, reader: Reader) -> None:
        self._library = library
        self._facts = facts
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
        path = await readable_path(self._files, entry.id)
        picture = await self._reader.render(path, entry.name, page, DPI)
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
        part = await self._library.part(document, number, scope=scope_of(principal))
        if not part.pages:
            raise NotFound("there is no such page")
        return part.pages[0]

    async def sheet(
        self, document: DocumentId, sheet: str, *, principal: Principal
    ) -> Sequence[Cell]:
        """Return the cells of a sheet, each with its own A1 place."""
        part = await self._library.part(document, sheet, scope=scope_of(principal))
        return [
            cell
            for block in part.blocks
            if isinstance(block, Table)
            for cell in block.cells
            if isinstance(cell.place, InSheet) and cell.place.sheet == sheet
        ]

    async def sheets(self, document: DocumentId, *, principal: Principal) -> Sequence[str]:
        """Return the sheets that have cells, in the document's order."""
        return await self._library.sheets(document, scope=scope_of(principal))

    async def sight(self, document: DocumentId, key: Key, *, principal: Principal) -> Sight:
        """Return what was seen on a page (by number) or a sheet (by name); raise NotFound."""
        part = await self._library.part(document, key, scope=scope_of(principal))
        facts = await self._taken(document, principal)
        return Sight(part, tuple(fact for fact in facts if key_of(fact.place) == key))

    async def text_sight(self, document: DocumentId, *, principal: Principal) -> Sight:
        """Return what was seen in a document without pages and sheets; raise NotFound."""
        parsed = await self.parsed(document, principal=principal)
        return Sight(parsed, tuple(await self._taken(document, principal)))

    async def report(self, document: DocumentId, *, principal: Principal) -> ParseReport:
        """Return what was seen in a whole document; raise NotFound."""
        entry = await self._library.entry(document, scope=scope_of(principal))
        parsed = await self.parsed(document, principal=principal)
        facts = await self._taken(document, principal)
        report = await asyncio.to_thread(report_of, parsed, entry.profile, facts, entry.seconds)
        return replace(report, name=entry.name)

    async def parsed(self, document: DocumentId, *, principal: Principal) -> Document:
        """Return all that was seen in a document; raise NotFound."""
        return await self._library.parsed(document, scope=scope_of(principal))

    async def _taken(self, document: DocumentId, principal: Principal) -> list[Fact]:
        query = FactQuery(document=document)
        found = await self._facts.facts(query, scope=scope_of(principal))
        return [fact for fact, _ in found]

    async def lines(self, document: DocumentId, *, principal: Principal) -> Sequence[TextLine]:
        """Return a Word or text document line by line, as citations count them."""
        parsed = await self.parsed(document, principal=principal)
        lines: dict[int, list[str]] = {}
        for block in parsed.blocks:
            parts: Sequence[Heading | Paragraph | Cell] = (
                block.cells if isinstance(block, Table) else (block,)
            )
            for part in parts:
                if isinstance(part.place, InText):
                    lines.setdefault(part.place.first_line, []).append(part.text)
        return [TextLine(number, " | ".join(texts)) for number, texts in sorted(lines.items())]
