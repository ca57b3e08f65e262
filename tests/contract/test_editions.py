"""An edition changes with everything its reader could notice, and with nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.model.kept import Edition
from yanku.model.library import DocumentId
from yanku.model.people import Scope, UserId
from yanku.testing.library import a_document, a_profile, an_entry, some_chunks


def scope(user: str, *groups: str) -> Scope:
    return Scope(UserId(user), frozenset({f"u:{user}", *(f"g:{group}" for group in groups)}))


ANN, BEN, CAT = scope("ann", "desk"), scope("ben", "desk"), scope("cat", "law")


async def live(library: PostgresLibrary, text: str, readers: Iterable[str]) -> DocumentId:
    entry = await library.add(an_entry(text, "zoe", readers={"u:zoe", *readers}))
    chunks = some_chunks(entry.id, text)
    await library.publish(entry.id, a_document(entry, text), a_profile(), chunks, [])
    return entry.id


async def test_people_of_one_group_share_an_edition_and_strangers_do_not(
    library: PostgresLibrary,
) -> None:
    await live(library, "one", ["g:desk"])
    await live(library, "two", ["g:law"])
    ann = await library.edition(scope=ANN)
    assert ann == await library.edition(scope=BEN)
    assert ann.readers == ("g:desk",)
    cat = await library.edition(scope=CAT)
    assert cat.readers == ("g:law",)
    assert cat.mark != ann.mark


async def test_each_change_a_reader_can_notice_makes_a_new_edition_for_them_alone(
    library: PostgresLibrary,
) -> None:
    owner = scope("zoe")
    shared = await live(library, "shared", ["g:desk", "g:law"])
    seen: list[Edition] = []

    async def changed() -> bool:
        now = await library.edition(scope=ANN)
        new = now not in seen
        seen.append(now)
        return new

    assert await changed()
    assert not await changed()
    law_before = await library.edition(scope=CAT)
    desk = await live(library, "desk only", ["g:desk"])
    assert await changed()
    assert await library.edition(scope=CAT) == law_before
    chunks = [chunk.id for chunk in some_chunks(desk, "desk only")]
    await library.indexed(chunks[:1])
    assert not await changed()
    await library.indexed(chunks[1:])
    assert await changed()
    await library.grant(shared, frozenset({"g:law"}), scope=owner)
    assert await changed()
    await library.grant(shared, frozenset({"g:law", "g:desk"}), scope=owner)
    assert await changed()
    await library.found_anew([shared])
    assert await changed()
    await library.forget(desk, scope=owner)
    assert await changed()
    await library.every_chunk(None, 1)
    assert not await changed()  # Nothing had a vector, so nothing lost one.


async def test_a_new_version_makes_a_new_edition(library: PostgresLibrary) -> None:
    old = await live(library, "v1", ["g:desk"])
    before = await library.edition(scope=ANN)
    entry = await library.add(an_entry("v2", "zoe"), replaces=old)
    assert await library.edition(scope=ANN) == before  # Waiting to be read: nothing to see yet.
    chunks = some_chunks(entry.id, "v2")
    await library.publish(entry.id, a_document(entry, "v2"), a_profile(), chunks, [])
    assert await library.edition(scope=ANN) != before


async def test_many_changes_at_once_are_folded_and_none_is_lost(
    library: PostgresLibrary, pool: Pool
) -> None:
    document = await live(library, "one", ["g:desk"])

    async def total() -> int:
        async with transaction(pool) as connection:
            found = await connection.execute(
                "SELECT sum(n)::int AS n, count(*) AS rows FROM library_changes "
                "WHERE reader = 'g:desk'"
            )
            row = await found.fetchone()
            assert row is not None
            return int(row["n"])

    async def change() -> None:
        for _ in range(40):
            await library.found_anew([document])

    async def look() -> None:
        for _ in range(40):
            await library.edition(scope=ANN)

    before = await total()
    await asyncio.gather(*(change() for _ in range(8)), *(look() for _ in range(4)))
    assert await total() == before + 320
    for _ in range(2):
        await library.edition(scope=ANN)
    async with transaction(pool) as connection:
        found = await connection.execute(
            "SELECT count(*) AS n FROM library_changes WHERE reader = 'g:desk'"
        )
        row = await found.fetchone()
        assert row is not None
        assert row["n"] <= 256
