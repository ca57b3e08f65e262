"""One page or sheet of a document is loaded without the rest, by whoever may read it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.shelves import ANN, BEN

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.errors import NotFound
from yanku.model.document import Block, Cell, Document, Origin, Page, Paragraph, Table
from yanku.model.library import Entry
from yanku.model.place import InSheet, OnPage
from yanku.testing.library import a_document, a_profile, an_entry, some_chunks


def three_pages(entry: Entry) -> Document:
    return replace(
        a_document(entry, "one"),
        pages=tuple(Page(n, 595.0, 842.0, Origin.TEXT_LAYER) for n in (1, 2, 3)),
        blocks=tuple(Paragraph(f"page {n}", OnPage(n)) for n in (1, 3)),
    )


def two_sheets(entry: Entry) -> Document:
    def sheet(name: str) -> Block:
        place = InSheet(name, "A1")
        return Table((Cell(0, 0, name, place),), (place,), 1, 1)

    return replace(a_document(entry, ""), pages=(), blocks=(sheet("利润表"), sheet("现金")))


async def published(library: PostgresLibrary, entry: Entry, parsed: Document) -> Entry:
    await library.add(entry)
    chunks = some_chunks(entry.id, "one")
    await library.publish(entry.id, parsed, a_profile(), chunks, [], seconds=2.5)
    return await library.entry(entry.id, scope=ANN)


async def test_a_page_comes_alone_and_an_empty_one_comes_empty(library: PostgresLibrary) -> None:
    entry = an_entry("a", readers={"u:ann"})
    parsed = three_pages(entry)
    await published(library, entry, parsed)
    third = await library.part(entry.id, 3, scope=ANN)
    assert third.blocks == parsed.blocks[1:]
    assert third.pages == parsed.pages[2:]
    assert (await library.part(entry.id, 2, scope=ANN)).blocks == ()
    assert await library.sheets(entry.id, scope=ANN) == []
    for missing in (4, 0, "2"):
        with pytest.raises(NotFound):
            await library.part(entry.id, missing, scope=ANN)


async def test_a_sheet_comes_by_its_name(library: PostgresLibrary) -> None:
    entry = an_entry("a", readers={"u:ann"})
    parsed = two_sheets(entry)
    await published(library, entry, parsed)
    assert (await library.part(entry.id, "现金", scope=ANN)).blocks == parsed.blocks[1:]
    assert await library.sheets(entry.id, scope=ANN) == ["利润表", "现金"]


async def test_a_document_of_one_page_and_one_read_long_ago_come_too(
    library: PostgresLibrary, pool: Pool
) -> None:
    entry, old = (an_entry(text, readers={"u:ann"}) for text in "ab")
    await published(library, entry, a_document(entry, "only"))
    assert len((await library.part(entry.id, 1, scope=ANN)).blocks) == 1
    parsed = three_pages(old)
    await published(library, old, parsed)
    async with transaction(pool) as connection:
        await connection.execute("DELETE FROM parts")
    assert (await library.part(old.id, 3, scope=ANN)).blocks == parsed.blocks[1:]
    with pytest.raises(NotFound):
        await library.part(old.id, 4, scope=ANN)


async def test_nobody_else_gets_a_page_or_a_sheet(library: PostgresLibrary) -> None:
    entry = an_entry("a", readers={"u:ann"})
    await published(library, entry, three_pages(entry))
    for key in (1, "利润表"):
        with pytest.raises(NotFound):
            await library.part(entry.id, key, scope=BEN)
    with pytest.raises(NotFound):
        await library.sheets(entry.id, scope=BEN)


async def test_a_forgotten_document_leaves_no_page_of_any_version_behind(
    library: PostgresLibrary, pool: Pool
) -> None:
    entry, newer = (an_entry(text, readers={"u:ann"}) for text in "ab")
    await published(library, entry, three_pages(entry))
    await library.add(newer, replaces=entry.id)
    await library.publish(newer.id, three_pages(newer), a_profile(), [], [])
    assert (await library.part(entry.id, 1, scope=ANN)).pages
    await library.forget(newer.id, scope=ANN)
    for each in (entry.id, newer.id):
        with pytest.raises(NotFound):
            await library.part(each, 1, scope=ANN)
    async with transaction(pool) as connection:
        left = await (await connection.execute("SELECT count(*) AS n FROM parts")).fetchone()
    assert left is not None
    assert left["n"] == 0


async def test_the_seconds_of_reading_are_kept(library: PostgresLibrary) -> None:
    entry = an_entry("a", readers={"u:ann"})
    assert (await library.add(entry)).seconds == 0
    assert (await published(library, entry, three_pages(entry))).seconds == 2.5
