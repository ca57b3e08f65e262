"""Kept answers in PostgreSQL, shared by every server of one database."""

from __future__ import annotations

from collections.abc import Collection

from yanku.adapters.postgres import codec
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.model.kept import EditionMark, Kept
from yanku.model.library import ChunkId, DocumentId
from yanku.model.receipt import ReceiptId

_SHARE = 20
"""A twentieth of the answers goes when there are too many, so that room is not made each time."""


class PostgresAnswers:
    """Up to ``capacity`` answers for ``hours`` (``ports.Answers``).

    Those asked for least go first, and with each round the counts of the others are halved, so
    that what was popular once does not stay for ever.
    """

    def __init__(self, pool: Pool, *, capacity: int, hours: float) -> None:
        self._pool = pool
        self._capacity = capacity
        self._hours = hours

    async def kept(self, key: str, edition: EditionMark) -> Kept | None:
        """Return an answer of this edition and count the use."""
        async with transaction(self._pool) as connection:
            # Nothing is lost that matters if this is not on the disk.
            await connection.execute("SET LOCAL synchronous_commit = off")
            found = await connection.execute(
                "UPDATE kept_answers SET uses = uses + 1, used = now() "
                "WHERE key = %s AND edition = %s AND at > now() - make_interval(hours => %s::int) "
                "RETURNING answer, receipt, hits, documents",
                (key, edition, max(1, round(self._hours))),
            )
            row = await found.fetchone()
        if row is None:
            return None
        return Kept(
            answer=codec.ANSWER.validate_python(row["answer"]),
            receipt=ReceiptId(row["receipt"]),
            hits=tuple(ChunkId(hit) for hit in row["hits"]),
            documents=tuple(DocumentId(document) for document in row["documents"]),
            edition=edition,
        )

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep an answer, unless a document it rests on went away meanwhile."""
        async with transaction(self._pool) as connection:
            await connection.execute("SET LOCAL synchronous_commit = off")
            # The lock makes a deletion wait, and take this answer along.
            standing = await connection.execute(
                "SELECT id FROM documents WHERE id = ANY(%s) AND state = 'live' "
                "ORDER BY id FOR SHARE",
                (list(kept.documents),),
            )
            if len(await standing.fetchall()) != len(set(kept.documents)):
                return
            await connection.execute(
                "INSERT INTO kept_answers (key, edition, answer, receipt, hits, documents) "
                "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO UPDATE SET "
                "edition = excluded.edition, answer = excluded.answer, "
                "receipt = excluded.receipt, hits = excluded.hits, "
                "documents = excluded.documents, at = now()",
                (
                    key,
                    kept.edition,
                    codec.json(codec.ANSWER, kept.answer),
                    kept.receipt,
                    list(kept.hits),
                    list(kept.documents),
                ),
            )
        await self._make_room()

    async def drop(self, documents: Collection[DocumentId]) -> None:
        """Forget every answer that rests on one of these; a trigger has mostly done it before."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "DELETE FROM kept_answers WHERE documents && %s::text[]", (list(documents),)
            )

    async def size(self) -> int:
        """Return how many answers are kept."""
        async with transaction(self._pool) as connection:
            found = await connection.execute("SELECT count(*) AS n FROM kept_answers")
            row = await found.fetchone()
        return int(row["n"]) if row else 0

    async def _make_room(self) -> None:
        if await self.size() <= self._capacity:
            return
        async with transaction(self._pool) as connection:
            await connection.execute("SET LOCAL synchronous_commit = off")
            await connection.execute(
                "DELETE FROM kept_answers WHERE key IN (SELECT key FROM kept_answers "
                "ORDER BY uses, used LIMIT %s FOR UPDATE SKIP LOCKED)",
                (max(1, self._capacity // _SHARE),),
            )
            await connection.execute(
                "UPDATE kept_answers SET uses = uses / 2 WHERE key IN "
                "(SELECT key FROM kept_answers WHERE uses > 0 FOR UPDATE SKIP LOCKED)"
            )
