"""Versions of a document: one shows at a time, and none is mixed with another."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.shelves import ANN, CAT, count, ids, publish

from yanku.adapters.postgres.facts import PostgresFactBook
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool
from yanku.errors import Conflict, NotFound
from yanku.model.library import DocumentId, State
from yanku.model.people import AsOf
from yanku.ports import FactQuery
from yanku.testing.library import (
    ADDED,
    a_document,
    a_fact,
    a_profile,
    an_entry,
    some_chunks,
)


@pytest.fixture
def facts(pool: Pool) -> PostgresFactBook:
    return PostgresFactBook(pool)


async def test_a_replacement_inherits_readers_and_hides_the_old_version_only_when_published(
    library: PostgresLibrary, facts: PostgresFactBook
) -> None:
    old = await library.add(an_entry("old", readers={"g:desk"}))
    await publish(library, old, "old")
    new = await library.add(an_entry("new"), replaces=old.id)
    assert (new.series, new.version, new.readers) == (old.series, 2, old.readers)
    assert (await library.entry(old.id, scope=ANN)).state is State.LIVE
    assert await publish(library, new, "new", said=[a_fact("99")]) == (old.id,)

    page, _ = await library.entries(scope=CAT)
    assert [entry.id for entry in page] == [new.id]
    assert (await library.entry(old.id, scope=ANN)).state is State.SUPERSEDED
    assert not await library.chunks(ids(some_chunks(old.id, "old")), scope=ANN)
    told = await facts.facts(FactQuery(), scope=ANN)
    assert [str(fact.amount.value) for fact, _ in told] == ["99"]
    assert await library.parsed(old.id, scope=ANN) == a_document(old, "old")


async def test_publishing_twice_leaves_what_publishing_once_leaves(
    library: PostgresLibrary, pool: Pool
) -> None:
    old = await library.add(an_entry("old"))
    await publish(library, old, "old")
    new = await library.add(an_entry("new"), replaces=old.id)
    first = await publish(library, new, "new")
    second = await publish(library, new, "new")
    assert first == second == (old.id,)
    assert await count(pool, "chunks") == 4  # two of each version: the old one is kept
    assert await count(pool, "facts") == 2
    assert await count(pool, "lives") == 2


async def test_a_version_published_after_its_successor_never_shows(
    library: PostgresLibrary, pool: Pool
) -> None:
    one = await library.add(an_entry("one"))
    two = await library.add(an_entry("two"), replaces=one.id)
    three = await library.add(an_entry("three"), replaces=two.id)
    assert (three.version, three.series) == (3, one.id)
    assert set(await publish(library, three, "three")) == {one.id, two.id}
    assert await publish(library, two, "two") == (two.id,)
    page, _ = await library.entries(scope=ANN)
    assert [entry.id for entry in page] == [three.id]
    assert await count(pool, "chunks") == 2


async def test_going_back_to_superseded_bytes_makes_them_the_newest_version(
    library: PostgresLibrary,
) -> None:
    one = await library.add(an_entry("one"))
    await publish(library, one, "one")
    two = await library.add(an_entry("two"), replaces=one.id)
    await publish(library, two, "two")
    back = await library.add(an_entry("one"), replaces=two.id)
    assert (back.id, back.version, back.state) == (one.id, 3, State.QUEUED)
    assert await publish(library, back, "one") == (two.id,)
    page, _ = await library.entries(scope=ANN)
    assert [entry.id for entry in page] == [one.id]


async def test_bytes_that_are_another_document_cannot_replace_one(
    library: PostgresLibrary,
) -> None:
    one = await library.add(an_entry("one"))
    two = await library.add(an_entry("two"))
    with pytest.raises(Conflict, match="same bytes"):
        await library.add(two, replaces=one.id)
    assert (await library.entry(two.id, scope=ANN)).series == two.id


async def test_nobody_replaces_what_is_not_theirs(library: PostgresLibrary) -> None:
    one = await library.add(an_entry("one", readers={"g:desk"}))
    for replaced in (one.id, DocumentId("0" * 32)):
        with pytest.raises(NotFound):
            await library.add(an_entry("mine", "cat"), replaces=replaced)


async def test_replacements_at_once_get_numbers_of_their_own(library: PostgresLibrary) -> None:
    one = await library.add(an_entry("one"))
    added = await asyncio.gather(
        *(library.add(an_entry(f"new {n}"), replaces=one.id) for n in range(6))
    )
    assert sorted(entry.version for entry in added) == [2, 3, 4, 5, 6, 7]


async def test_readers_see_the_old_version_or_the_new_and_never_a_mixture(
    library: PostgresLibrary, facts: PostgresFactBook
) -> None:
    first = await library.add(an_entry("version 0"))
    await publish(library, first, "version 0", count=20, said=[a_fact("0")] * 30)
    known = [*ids(some_chunks(first.id, "", 20))]
    done = asyncio.Event()

    async def replace_often() -> None:
        before = first
        for n in range(1, 12):
            entry = await library.add(an_entry(f"version {n}"), replaces=before.id)
            known.extend(ids(some_chunks(entry.id, "", 20)))
            await publish(library, entry, f"version {n}", count=20, said=[a_fact(str(n))] * 30)
            before = entry
        done.set()

    async def read_often() -> set[str]:
        seen = set()
        while not done.is_set():
            found = await library.chunks(list(known), scope=ANN)
            said = {chunk.text.rsplit(" (")[0] for chunk, _ in found.values()}
            assert len(found) == 20
            assert len(said) == 1
            told = [str(fact.amount.value) for fact, _ in await facts.facts(FactQuery(), scope=ANN)]
            assert len(told) == 30
            assert len(set(told)) == 1
            page, _ = await library.entries(scope=ANN)
            assert sum(entry.state is State.LIVE for entry in page) == 1
            seen |= said
        return seen

    seen, *_ = await asyncio.gather(read_often(), read_often(), read_often(), replace_often())
    assert len(seen) > 1


async def test_bytes_that_came_back_were_known_on_the_days_they_stood_and_on_no_other(
    library: PostgresLibrary, facts: PostgresFactBook
) -> None:
    """One, two, one again: each day has exactly the version that was LIVE then."""
    days = [ADDED + timedelta(days=n) for n in (0, 10, 20)]
    one = await library.add(an_entry("one"))
    for at, text, value in zip(days, ("one", "two", "one"), ("1", "2", "3"), strict=True):
        entry = one
        if at != days[0]:
            newest = (await library.entries(scope=ANN))[0][0]
            entry = await library.add(an_entry(text, added=at), replaces=newest.id)
        chunks = some_chunks(entry.id, text)
        document = a_document(entry, text)
        await library.publish(entry.id, document, a_profile(), chunks, [a_fact(value)], at=at)
    for day, known in ((-1, []), (5, ["one"]), (15, ["two"]), (25, ["one"])):
        scope = replace(ANN, as_of=AsOf(ADDED + timedelta(days=day)))
        told = await facts.facts(FactQuery(), scope=scope)
        names = {one.id: "one"}
        assert [names.get(entry.id, "two") for _, entry in told] == known, day
        assert len(await facts.profiles(scope=scope)) == len(known)
        assert len(await facts.companies(scope=scope)) == len(known)
