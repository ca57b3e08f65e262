"""A document cut into its pages or sheets, so that a screen loads only what it shows.

A part is a Document of its own: one page or one sheet, with the blocks that stand there. Of a table
that runs over pages it has the cells on this page, numbered as in the whole, and the cells of its
header rows, wherever they are printed, because a cell is nothing without the header above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from yanku.model.document import Block, Cell, Document, Flaw, Table
from yanku.model.place import InSheet, InText, OnPage, Place

Key = int | str
"""A page by its number, a sheet by its name."""


def parts_of(document: Document) -> Iterator[tuple[Key, Document]]:
    """Yield every page and every sheet that has cells; lines of a text are in no part."""
    blocks: dict[Key, list[Block]] = {page.number: [] for page in document.pages}
    flaws: dict[Key, list[Flaw]] = {}
    for block in document.blocks:
        for key, piece in _pieces(block):
            blocks.setdefault(key, []).append(piece)
    for flaw in document.flaws:
        if flaw.place is not None and (where := key_of(flaw.place)) is not None:
            flaws.setdefault(where, []).append(flaw)
    pages = {page.number: page for page in document.pages}
    for key, standing in blocks.items():
        page = pages.get(key) if isinstance(key, int) else None
        yield (
            key,
            replace(
                document,
                pages=(page,) if page else (),
                blocks=tuple(standing),
                flaws=tuple(flaws.get(key, ())),
                members=(),
            ),
        )


def part_of(document: Document, key: Key) -> Document | None:
    """Return one page or sheet, None if there is no such thing."""
    return next((part for found, part in parts_of(document) if found == key), None)


def key_of(place: Place) -> Key | None:
    """Return the part a place is in, None for lines of a text."""
    match place:
        case OnPage(page, _):
            return page
        case InSheet(sheet, _):
            return sheet
        case InText():
            return None


def _pieces(block: Block) -> Iterator[tuple[Key, Block]]:
    if not isinstance(block, Table):
        if (only := key_of(block.place)) is not None:
            yield only, block
        return
    keys = dict.fromkeys(key for place in block.places if (key := key_of(place)) is not None)
    if len(keys) == 1:
        yield next(iter(keys)), block
        return
    head = [cell for cell in block.cells if cell.row < block.header_rows]
    own: dict[Key, list[Cell]] = {key: list(head) for key in keys}
    for cell in block.cells:
        key = key_of(cell.place)
        if key is not None and cell.row >= block.header_rows and key in own:
            own[key].append(cell)
    for key, cells in own.items():
        yield key, replace(block, cells=tuple(cells))
