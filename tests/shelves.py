"""Putting documents into the library in PostgreSQL, and who reads them."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.model.finance import Fact
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry
from yanku.model.people import Scope, UserId
from yanku.testing.library import (
    a_document,
    a_fact,
    a_profile,
    some_chunks,
)

ANN = Scope(UserId("ann"), frozenset({"u:ann", "g:desk"}))
BEN = Scope(UserId("ben"), frozenset({"u:ben"}))
CAT = Scope(UserId("cat"), frozenset({"u:cat", "g:desk"}))


async def publish(
    library: PostgresLibrary,
    entry: Entry,
    text: str,
    *,
    count: int = 2,
    said: Sequence[Fact] = (),
    company: str = "Reed Mills",
) -> tuple[DocumentId, ...]:
    chunks = some_chunks(entry.id, text, count)
    return await library.publish(
        entry.id, a_document(entry, text), a_profile(company), chunks, said or [a_fact()]
    )


def ids(chunks: Sequence[Chunk]) -> list[ChunkId]:
    return [chunk.id for chunk in chunks]


async def jobs(pool: Pool) -> list[tuple[str, str]]:
    async with transaction(pool) as connection:
        found = await connection.execute(
            "SELECT task_name, args->>'document' AS document FROM procrastinate_jobs ORDER BY id"
        )
        return [(row["task_name"], row["document"]) for row in await found.fetchall()]


async def count(pool: Pool, table: str) -> int:
    async with transaction(pool) as connection:
        found = await connection.execute(f"SELECT count(*) AS n FROM {table}".encode())  # noqa: S608
        row = await found.fetchone()
        assert row is not None
        return int(row["n"])
