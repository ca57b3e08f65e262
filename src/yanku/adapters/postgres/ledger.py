"""Receipts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg.errors

from yanku.access.scope import scope_as_kept
from yanku.adapters.postgres import codec, editions, known
from yanku.adapters.postgres.pool import Connection, Pool, transaction
from yanku.errors import Conflict, NotFound
from yanku.model.answer import Answer, citations_of
from yanku.model.kept import EditionMark
from yanku.model.library import ChunkId, DocumentId
from yanku.model.people import AsOf, Scope, UserId
from yanku.model.receipt import Receipt, ReceiptId


class PostgresLedger:
    """The receipts (``ports.Ledger``)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def open(self, receipt: Receipt) -> None:
        """Write a receipt before anything of the answer leaves; durable when this returns."""
        async with transaction(self._pool) as connection:
            try:
                await connection.execute(
                    "INSERT INTO receipts (id, at, user_id, question, readers, hits, documents, "
                    "versions, reading, held, public) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    (
                        receipt.id,
                        receipt.at,
                        receipt.user,
                        codec.text(receipt.question),
                        sorted(receipt.readers),
                        list(receipt.hits),
                        list(receipt.documents),
                        codec.json(codec.VERSIONS, receipt.versions),
                        codec.text(receipt.reading),
                        receipt.as_of.held,
                        receipt.as_of.public,
                    ),
                )
            except psycopg.errors.UniqueViolation as error:
                raise Conflict(f"There is a receipt {receipt.id} already.") from error

    async def close(self, receipt: ReceiptId, answer: Answer, latency_ms: int) -> bool:
        """Complete a receipt if all it cites is still known and readable; else False, unwritten.

        The shared locks make a deletion wait for us, or us for it: once ``forget`` has returned,
        no receipt is closed that cites what it deleted.
        """
        cited = sorted(_cited(answer))
        async with transaction(self._pool) as connection:
            scope = await _scope(connection, receipt)
            if not await _stands(connection, cited, scope):
                return False
            await connection.execute(
                "UPDATE receipts SET answer = %s, latency_ms = %s, cited = %s WHERE id = %s",
                (codec.json(codec.ANSWER, answer), latency_ms, cited, receipt),
            )
            return True

    async def repeat(self, receipt: Receipt, *, of: ReceiptId, edition: EditionMark) -> bool:
        """Write a complete receipt for an answer given before, if everything still stands."""
        answer = receipt.answer
        if answer is None:
            raise Conflict("An answer that is given again is complete.")
        cited, chunks = sorted(_cited(answer)), sorted(_chunks(answer))
        readers = sorted(receipt.readers)
        async with transaction(self._pool) as connection:
            scope = scope_as_kept(receipt.user, readers, receipt.as_of)
            if not await _stands(connection, cited, scope):
                return False
            # After the locks: what they waited for has changed the edition.
            now = await editions.edition(connection, receipt.readers)
            if edition != now.mark or not await _are_there(connection, chunks):
                return False
            await connection.execute(
                "INSERT INTO receipts (id, at, user_id, question, readers, hits, documents, "
                "versions, reading, answer, latency_ms, cited, repeats, held, public) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    receipt.id,
                    receipt.at,
                    receipt.user,
                    codec.text(receipt.question),
                    readers,
                    list(receipt.hits),
                    list(receipt.documents),
                    codec.json(codec.VERSIONS, receipt.versions),
                    codec.text(receipt.reading),
                    codec.json(codec.ANSWER, answer),
                    receipt.latency_ms,
                    cited,
                    of,
                    receipt.as_of.held,
                    receipt.as_of.public,
                ),
            )
            return True

    async def receipt(self, id: ReceiptId, *, scope: Scope) -> Receipt:
        """Return one's own receipt; raise NotFound otherwise."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT * FROM receipts WHERE id = %s AND user_id = %s",
                (codec.text(id), scope.user),
            )
            row = await found.fetchone()
        if row is None:
            raise NotFound(f"There is no receipt {id}.")
        return _receipt(row)

    async def receipts(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Receipt], str]:
        """Return one's own receipts, newest first, and a cursor."""
        at, id = codec.position(after) if after else (None, None)
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT * FROM receipts WHERE user_id = %(user)s "
                "AND (%(at)s::timestamptz IS NULL OR (at, id) < (%(at)s, %(id)s)) "
                "ORDER BY at DESC, id DESC LIMIT %(limit)s",
                {"user": scope.user, "at": at, "id": id, "limit": limit + 1},
            )
            rows = await found.fetchall()
        page = [_receipt(row) for row in rows[:limit]]
        return page, codec.cursor(page[-1].at, page[-1].id) if len(rows) > limit else ""


async def _stands(connection: Connection, cited: list[DocumentId], scope: Scope) -> bool:
    """Lock the documents; tell whether all may be used within this scope."""
    standing = await connection.execute(
        "SELECT d.id FROM documents d WHERE d.id = ANY(%(cited)s) "  # noqa: S608
        f"AND {known.usable(scope, 'd')} ORDER BY d.id FOR SHARE",
        {"cited": cited, **known.given(scope)},
    )
    if len(await standing.fetchall()) != len(cited):
        return False
    # A lock that waited for a change of readers saw the grants from before it.
    readable = await connection.execute(
        "SELECT DISTINCT document FROM grants WHERE document = ANY(%s) AND reader = ANY(%s)",
        (cited, list(scope.readers)),
    )
    return len(await readable.fetchall()) == len(cited)


async def _are_there(connection: Connection, chunks: list[ChunkId]) -> bool:
    if not chunks:
        return True
    found = await connection.execute("SELECT id FROM chunks WHERE id = ANY(%s)", (chunks,))
    return len(await found.fetchall()) == len(chunks)


async def _scope(connection: Connection, receipt: ReceiptId) -> Scope:
    """Lock an open receipt; return within which rights, and as of when, it was opened."""
    found = await connection.execute(
        "SELECT user_id, readers, held, public, answer IS NULL AS is_open "
        "FROM receipts WHERE id = %s FOR UPDATE",
        (codec.text(receipt),),
    )
    row = await found.fetchone()
    if row is None:
        raise NotFound(f"There is no receipt {receipt}.")
    if not row["is_open"]:
        raise Conflict(f"The receipt {receipt} is complete; an answer is given once.")
    as_of = AsOf(row["held"], row["public"])
    return scope_as_kept(UserId(row["user_id"]), row["readers"], as_of)


def _cited(answer: Answer) -> set[DocumentId]:
    return {citation.document for citation in citations_of(answer)}


def _chunks(answer: Answer) -> set[ChunkId]:
    return {citation.chunk for citation in citations_of(answer) if citation.chunk}


def _receipt(row: codec.Row) -> Receipt:
    answer = row["answer"]
    return Receipt(
        id=ReceiptId(row["id"]),
        at=row["at"],
        user=UserId(row["user_id"]),
        question=row["question"],
        readers=frozenset(row["readers"]),
        hits=tuple(ChunkId(hit) for hit in row["hits"]),
        documents=tuple(DocumentId(document) for document in row["documents"]),
        versions=codec.VERSIONS.validate_python(row["versions"]),
        answer=None if answer is None else codec.ANSWER.validate_python(answer),
        latency_ms=row["latency_ms"],
        reading=row["reading"],
        as_of=AsOf(row["held"], row["public"]),
    )
