"""The library in PostgreSQL keeps what its port promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.shelves import ANN, BEN, CAT, count, ids, jobs, publish

from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.errors import InvalidRequest, NotAllowed, NotFound
from yanku.finance.chapters import fixed_chapters
from yanku.model.document import Flaw, Paragraph
from yanku.model.finance import Company
from yanku.model.library import ChunkId, DocumentId, Entry, Progress, State
from yanku.model.place import Box, OnPage
from yanku.ports import FactQuery
from yanku.testing.library import (
    ADDED,
    a_document,
    a_fact,
    a_place,
    a_profile,
    an_entry,
    some_chunks,
)


@pytest.fixture
def facts(pool: Pool) -> PostgresFactBook:
    return PostgresFactBook(pool)


async def test_a_document_comes_back_as_it_was_published(library: PostgresLibrary) -> None:
    entry = await library.add(an_entry("one", readers={"g:desk"}))
    assert entry.state is State.QUEUED
    assert entry.readers == {"u:ann", "g:desk"}
    document = replace(a_document(entry, "one"), flaws=(Flaw("blank_page", "2", a_place()),))
    chunks = some_chunks(entry.id, "one", 3)
    profile = a_profile()
    await library.publish(entry.id, document, profile, chunks, [a_fact()])

    live = await library.entry(entry.id, scope=ANN)
    assert live.state is State.LIVE
    assert live.profile == profile
    assert live.flaws == document.flaws
    assert live.progress == Progress(1, 1, 0, 3)
    assert live.added == ADDED
    assert await library.parsed(entry.id, scope=ANN) == document
    found = await library.chunks(ids(chunks[::-1]), scope=ANN)
    assert list(found) == ids(chunks[::-1])
    assert found[chunks[0].id] == (chunks[0], live)


async def test_adding_twice_at_once_gives_one_document_and_one_job(
    library: PostgresLibrary, pool: Pool
) -> None:
    entry = an_entry("one")
    added = await asyncio.gather(*(library.add(entry) for _ in range(8)))
    assert {each.id for each in added} == {entry.id}
    assert await jobs(pool) == [("parse", entry.id)]
    page, _ = await library.entries(scope=ANN)
    assert len(page) == 1


async def test_a_document_is_never_added_without_its_job(
    library: PostgresLibrary, pool: Pool
) -> None:
    async with transaction(pool) as connection:
        await connection.execute("ALTER TABLE procrastinate_jobs ADD CHECK (queue_name <> 'parse')")
    with pytest.raises(Exception, match="check constraint"):
        await library.add(an_entry("one"))
    assert await count(pool, "documents") == 0


async def test_a_waiting_document_whose_job_was_lost_gets_a_new_one_when_added_again(
    library: PostgresLibrary, pool: Pool
) -> None:
    entry = await library.add(an_entry("one"))
    async with transaction(pool) as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
    await library.add(entry)
    assert await jobs(pool) == [("parse", entry.id)]


async def test_a_failed_document_is_queued_again(library: PostgresLibrary, pool: Pool) -> None:
    entry = await library.add(an_entry("one"))
    await library.fail(entry.id, "broken_source", "bad\x00 header")
    failed = await library.entry(entry.id, scope=ANN)
    assert failed.state is State.FAILED
    assert failed.failure == ("broken_source", "bad\ufffd header")
    async with transaction(pool) as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
    again = await library.add(an_entry("one"))
    assert again.state is State.QUEUED
    assert again.failure is None
    assert await jobs(pool) == [("parse", entry.id)]


async def test_a_live_document_neither_fails_nor_goes_back_to_parsing(
    library: PostgresLibrary,
) -> None:
    entry = await library.add(an_entry("one"))
    await publish(library, entry, "one")
    await library.fail(entry.id, "reader_died", "late")
    await library.progress(entry.id, Progress(0, 9))
    assert (await library.entry(entry.id, scope=ANN)).state is State.LIVE


async def test_progress_is_seen_while_a_document_is_read(library: PostgresLibrary) -> None:
    entry = await library.add(an_entry("one"))
    await library.progress(entry.id, Progress(3, 12))
    seen = await library.entry(entry.id, scope=ANN)
    assert seen.state is State.PARSING
    assert seen.progress == Progress(3, 12, 0, 0)


async def test_nothing_is_left_of_a_forgotten_document_in_any_version(
    library: PostgresLibrary, facts: PostgresFactBook, pool: Pool
) -> None:
    old = await library.add(an_entry("old", readers={"g:desk"}))
    await publish(library, old, "old")
    new = await library.add(an_entry("new"), replaces=old.id)
    await publish(library, new, "new")
    waiting = await library.add(an_entry("waiting"), replaces=new.id)
    assert set(await library.forget(old.id, scope=ANN)) == {old.id, new.id, waiting.id}

    for table in ("documents", "grants", "parsed", "pages", "chunks", "facts", "companies"):
        assert await count(pool, table) == 0, table
    assert await jobs(pool) == []
    assert not await facts.companies(scope=ANN)
    with pytest.raises(NotFound):
        await library.entry(new.id, scope=ANN)
    with pytest.raises(NotFound):
        await library.job_entry(waiting.id)
    with pytest.raises(NotFound):
        await publish(library, waiting, "waiting")
    with pytest.raises(NotFound):
        await library.forget(new.id, scope=ANN)


async def test_what_exists_is_told_apart_from_what_was_forgotten(
    library: PostgresLibrary,
) -> None:
    kept, gone = await library.add(an_entry("kept")), await library.add(an_entry("gone"))
    await library.forget(gone.id, scope=ANN)
    assert await library.existing([kept.id, gone.id, DocumentId("x")]) == {kept.id}
    assert await library.job_entry(kept.id) == kept


async def test_only_the_owner_forgets_or_grants(library: PostgresLibrary) -> None:
    entry = await library.add(an_entry("one", readers={"g:desk"}))
    with pytest.raises(NotAllowed):
        await library.forget(entry.id, scope=CAT)
    with pytest.raises(NotAllowed):
        await library.grant(entry.id, frozenset({"u:cat"}), scope=CAT)
    for unknown in (entry.id, DocumentId("0" * 32)):
        with pytest.raises(NotFound, match=unknown):
            await library.forget(unknown, scope=BEN)
        with pytest.raises(NotFound, match=unknown):
            await library.grant(unknown, frozenset(), scope=BEN)


async def test_granting_changes_every_version_and_keeps_the_owner(
    library: PostgresLibrary,
) -> None:
    old = await library.add(an_entry("old", readers={"g:desk"}))
    await publish(library, old, "old")
    new = await library.add(an_entry("new"), replaces=old.id)
    await library.grant(old.id, frozenset({"u:ben"}), scope=ANN)
    assert (await library.entry(new.id, scope=BEN)).readers == {"u:ann", "u:ben"}
    assert (await library.entry(old.id, scope=ANN)).readers == {"u:ann", "u:ben"}
    with pytest.raises(NotFound):
        await library.entry(new.id, scope=CAT)


async def test_pages_of_entries_stay_the_same_while_documents_arrive(
    library: PostgresLibrary,
) -> None:
    moments = [ADDED + timedelta(seconds=n // 2) for n in range(10)]  # pairs of the same moment
    for n, moment in enumerate(moments):
        await library.add(an_entry(f"text {n}", added=moment, name=f"{n}.txt"))
    seen: list[Entry] = []
    after = ""
    while True:
        page, after = await library.entries(scope=ANN, after=after, limit=3)
        seen.extend(page)
        await library.add(an_entry(f"late {len(seen)}", added=ADDED + timedelta(days=1)))
        if not after:
            break
    assert len({entry.id for entry in seen}) == len(seen) == 10
    assert [entry.added for entry in seen] == sorted(moments, reverse=True)


async def test_a_cursor_from_elsewhere_is_refused(library: PostgresLibrary) -> None:
    for cursor in ("x", "bm90IGEgY3Vyc29y", "MjAyNi0wMS0wMVQwMDowMDowMCBhYg=="):
        with pytest.raises(InvalidRequest):
            await library.entries(scope=ANN, after=cursor)


async def test_vectors_are_counted_once_and_the_oldest_document_comes_first(
    library: PostgresLibrary,
) -> None:
    late = await library.add(an_entry("late", added=ADDED + timedelta(hours=1)))
    early = await library.add(an_entry("early"))
    await publish(library, late, "late")
    await publish(library, early, "early")
    todo = await library.unindexed(3)
    assert [chunk.document for chunk, _ in todo] == [early.id, early.id, late.id]
    done = [chunk.id for chunk, _ in todo]
    await library.indexed(done)
    await library.indexed(done)
    assert (await library.entry(early.id, scope=ANN)).progress.vectors_done == 2
    assert (await library.entry(late.id, scope=ANN)).progress.vectors_done == 1
    assert [chunk.ordinal for chunk, _ in await library.unindexed(9)] == [1]


async def test_walking_all_chunks_visits_each_once_and_forgets_the_marks(
    library: PostgresLibrary,
) -> None:
    for n in range(3):
        entry = await library.add(an_entry(f"text {n}"))
        await publish(library, entry, f"text {n}", count=5)
    await library.indexed([chunk.id for chunk, _ in await library.unindexed(99)])
    assert not await library.unindexed(99)
    seen: list[ChunkId] = []
    while batch := await library.every_chunk(seen[-1] if seen else None, 4):
        seen.extend(chunk.id for chunk, _ in batch)
    assert seen == sorted(set(seen))
    assert len(seen) == len(await library.unindexed(99)) == 15


async def test_text_that_postgresql_cannot_keep_is_kept_without_it(
    library: PostgresLibrary, facts: PostgresFactBook
) -> None:
    odd = "a\x00b\udcffc"
    entry = await library.add(replace(an_entry("one", name=odd), source=odd))
    document = replace(a_document(entry, "one"), blocks=(Paragraph("nul \x00", a_place()),))
    chunks = [replace(chunk, context=odd, text=odd) for chunk in some_chunks(entry.id, "x")]
    fact = replace(a_fact(), label=odd, column=odd)
    await library.publish(entry.id, document, replace(a_profile(), title=odd), chunks, [fact])
    kept = "a\ufffdb\ufffdc"
    live = await library.entry(entry.id, scope=ANN)
    assert (live.name, live.source, live.profile.title) == (kept, kept, kept)
    assert await library.parsed(entry.id, scope=ANN) == document
    assert {c.text for c, _ in (await library.chunks(ids(chunks), scope=ANN)).values()} == {kept}
    [(told, _)] = await facts.facts(FactQuery(), scope=ANN)
    assert (told.label, told.column) == (kept, kept)
    with pytest.raises(NotFound):
        await library.entry(DocumentId(odd), scope=ANN)


async def test_a_document_whose_work_was_given_up_says_so(
    library: PostgresLibrary, pool: Pool
) -> None:
    entry = await library.add(an_entry("one"))
    async with transaction(pool) as connection:
        await connection.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    failed = await library.entry(entry.id, scope=ANN)
    assert failed.state is State.FAILED
    assert failed.failure is not None
    assert failed.failure[0] == "gave_up"


async def test_chunks_are_found_by_the_page_a_place_is_on_and_only_for_readers(
    library: PostgresLibrary,
) -> None:
    entry = await library.add(an_entry("one"))
    chunks = some_chunks(entry.id, "one", 3)
    far = OnPage(7, Box(0.0, 0.0, 9.0, 9.0))
    chunks[2] = replace(chunks[2], place=far, lines=(far,))
    await library.publish(entry.id, a_document(entry, "one"), a_profile(), chunks, [])
    near = await library.chunks_at([(entry.id, a_place())], scope=ANN)
    assert {chunk.id for chunk, _ in near} == {chunks[0].id, chunks[1].id}
    found = await library.chunks_at([(entry.id, far)], scope=ANN)
    assert [(chunk, owner.id) for chunk, owner in found] == [(chunks[2], entry.id)]
    assert not await library.chunks_at([(entry.id, OnPage(8))], scope=ANN)
    assert not await library.chunks_at([(entry.id, a_place())], scope=BEN)


async def test_documents_and_their_chunks_are_found_by_the_heading_they_stand_under(
    library: PostgresLibrary,
) -> None:
    entry = await library.add(an_entry("one"))
    chunks = some_chunks(entry.id, "one", 3)
    way = "Reed Mills 2025 > PART I > Item 1A. Risk Factors > Weather"
    chunks[1] = replace(chunks[1], context=way)
    await library.publish(entry.id, a_document(entry, "one"), a_profile(), chunks, [])
    other = await library.add(an_entry("two"))
    mills = some_chunks(other.id, "two", 1)
    mills[0] = replace(mills[0], context="Alder Mills 2025 > ITEM 1A. RISK FACTORS")
    await library.publish(other.id, a_document(other, "two"), a_profile("Alder Mills"), mills, [])

    heading, names = "item 1a[^0-9a-z]{1,6}risk", {"Reed Mills"}
    found = await library.headed(heading, companies=names, scope=ANN)
    assert [each.id for each in found] == [entry.id]
    under = await library.under(heading, document=entry.id, scope=ANN)
    assert [chunk.id for chunk, _ in under] == [chunks[1].id]
    assert not await library.headed("item 7", companies=names, scope=ANN)
    assert not await library.headed("1a", companies=names, scope=ANN), "not where a heading begins"
    assert not await library.headed(heading, companies=names, scope=BEN)
    assert not await library.under(heading, document=entry.id, scope=BEN)


async def test_every_heading_of_the_chapters_is_an_expression_of_the_database(
    library: PostgresLibrary,
) -> None:
    entry = await library.add(an_entry("one"))
    chunks = some_chunks(entry.id, "one", 1)
    chunks[0] = replace(chunks[0], context="Reed Mills 2025 > Item 1. Business")
    await library.publish(entry.id, a_document(entry, "one"), a_profile(), chunks, [])
    firm = [Company("Reed Mills", "Reed Mills")]
    for question in ("What does Reed Mills do?", "Reed Mills risk factors", "Reed Mills lawsuits"):
        (chapter,) = fixed_chapters(question, firm)
        part = chapter.fixed
        assert part is not None
        expected = [entry.id] if part.rank(("item 1. business",)) is not None else []
        found = await library.headed(part.heading, companies={"Reed Mills"}, scope=ANN)
        assert [each.id for each in found] == expected
