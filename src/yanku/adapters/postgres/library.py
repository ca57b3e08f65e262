"""Documents and their chunks in PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from yanku.access.scope import user_key
from yanku.adapters.postgres import (
    codec,
    contents,
    editions,
    family,
    jobs,
    readable,
    series,
)
from yanku.adapters.postgres.pool import Pool, transaction
from yanku.errors import NotFound
from yanku.model.document import Document
from yanku.model.finance import Fact, Profile
from yanku.model.kept import Edition
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, Kin, Progress, State
from yanku.model.people import Scope
from yanku.model.place import Place
from yanku.parse.parts import part_of, parts_of

_READ_THROUGH = (
    "{child} is read by whoever reads {parent}, in which it came; choose the readers of that."
)
_KEPT_IN = "{child} is kept in {parent}; delete that, and this goes with it."


class PostgresLibrary:
    """The library (``ports.Library``). Permission is a condition of every query that reads.

    Whoever changes a document locks all versions of its series first, in the order of their ids;
    so does whoever closes a receipt that cites it, and neither sees half of the other's work.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, entry: Entry, *, replaces: DocumentId | None = None) -> Entry:
        """Register a document as QUEUED with its parse job; the same id returns what is there."""
        async with transaction(self._pool) as connection:
            if replaces is None or replaces == entry.id:
                await series.register(connection, entry, entry.series or entry.id, 1, entry.readers)
            else:
                await series.succeed(connection, entry, replaces)
            return await series.read(connection, entry.id)

    async def adopt(self, parent: DocumentId, members: Sequence[tuple[str, Entry]]) -> None:
        """Register the files (path inside, document) in a container, with its readers."""
        async with transaction(self._pool) as connection:
            await family.adopt(connection, parent, members)

    async def members(self, document: DocumentId, *, scope: Scope) -> Sequence[Entry]:
        """Return the readable documents that lie in one, by name, superseded ones left out."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT e.* FROM members m JOIN entries e ON e.id = m.child "
                "WHERE m.parent = %s AND e.state <> 'superseded' AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = m.parent AND g.reader = ANY(%s)) "
                "ORDER BY m.name",
                (codec.text(document), list(scope.readers)),
            )
            return [codec.entry_of(row) for row in await found.fetchall()]

    async def kin(self, document: DocumentId) -> Kin:
        """Return how deep a document lies, and how much its outermost container holds by now."""
        async with transaction(self._pool) as connection:
            return await family.kin(connection, document)

    async def retry(self, document: DocumentId, *, scope: Scope) -> None:
        """Queue a FAILED document again; only the owner may."""
        async with transaction(self._pool) as connection:
            await series.lock_own(connection, document, scope)
            entry = await series.read(connection, document)
            if entry.state is State.FAILED:
                await series.queue_again(connection, entry, None)

    async def publish(
        self,
        document: DocumentId,
        parsed: Document,
        profile: Profile,
        chunks: Sequence[Chunk],
        facts: Sequence[Fact],
        *,
        seconds: float = 0.0,
        at: datetime | None = None,
    ) -> tuple[DocumentId, ...]:
        """Make a parsed document LIVE and its older versions SUPERSEDED, all at once.

        A version that is published after its successor becomes SUPERSEDED itself, and was never
        known. What was read in the others is kept for those who ask as of an earlier day.
        """
        at = at or datetime.now(UTC)
        body = await asyncio.to_thread(contents.packed, parsed)
        async with transaction(self._pool) as connection:
            container = await family.is_container(connection, document)
            if container:
                await family.lock(connection)
                await family.lock_with(connection, document)
            versions = await series.lock(connection, document)
            if document not in versions:
                raise NotFound(f"The document {document} was deleted while it was being read.")
            mine, _ = versions[document]
            too_late = any(
                number > mine and state is State.LIVE for number, state in versions.values()
            ) or await family.has_fallen(connection, document)
            older = [id for id, (number, _) in versions.items() if number < mine]
            superseded = [document] if too_late else older
            if container:
                superseded = [*superseded, *await family.left_behind(connection, superseded)]
                await family.let_go(connection, superseded)
            await contents.clear(connection, [document])
            await series.supersede(connection, superseded, at)
            if not too_late:
                await series.enliven(connection, document, at)
                await contents.write(
                    connection, document, parsed, body, profile, chunks, facts, seconds
                )
            return tuple(superseded)

    async def fail(self, document: DocumentId, code: str, message: str) -> None:
        """Mark a document FAILED with the reason; one that is LIVE stays so."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "UPDATE documents SET state = 'failed', failure_code = %s, failure_message = %s "
                "WHERE id = %s AND state IN ('queued', 'parsing', 'failed')",
                (code, codec.text(message), document),
            )

    async def progress(self, document: DocumentId, progress: Progress) -> None:
        """Record pages read; the state QUEUED becomes PARSING. Vectors are counted by indexed."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "UPDATE documents SET state = 'parsing', pages_done = %s, page_count = %s "
                "WHERE id = %s AND state IN ('queued', 'parsing')",
                (progress.pages_done, progress.pages, document),
            )

    async def entries(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Entry], str]:
        """Return readable documents, newest first, superseded ones left out, and a cursor."""
        at, id = codec.position(after) if after else (None, None)
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT e.* FROM entries e WHERE e.state <> 'superseded' AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = e.id AND g.reader = ANY(%(readers)s)) "
                "AND (%(at)s::timestamptz IS NULL OR (e.added, e.id) < (%(at)s, %(id)s)) "
                "ORDER BY e.added DESC, e.id DESC LIMIT %(limit)s",
                {"readers": list(scope.readers), "at": at, "id": id, "limit": limit + 1},
            )
            rows = await found.fetchall()
        page = [codec.entry_of(row) for row in rows[:limit]]
        return page, codec.cursor(page[-1].added, page[-1].id) if len(rows) > limit else ""

    async def entry(self, document: DocumentId, *, scope: Scope) -> Entry:
        """Return one readable document; raise NotFound otherwise."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT e.* FROM entries e WHERE e.id = %s AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = e.id AND g.reader = ANY(%s))",
                (codec.text(document), list(scope.readers)),
            )
            row = await found.fetchone()
        if row is None:
            raise series.not_found(document)
        return codec.entry_of(row)

    async def parsed(self, document: DocumentId, *, scope: Scope) -> Document:
        """Return what the parser saw in a readable document that is or was LIVE; raise NotFound."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT p.body FROM parsed p JOIN documents d ON d.id = p.document "
                "WHERE d.id = %s AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = d.id AND g.reader = ANY(%s))",
                (codec.text(document), list(scope.readers)),
            )
            row = await found.fetchone()
        if row is None:
            raise series.not_found(document)
        return await asyncio.to_thread(codec.unpacked, row["body"])

    async def part(self, document: DocumentId, key: int | str, *, scope: Scope) -> Document:
        """Return what the parser saw on one page or sheet of a readable document."""
        column = "page" if isinstance(key, int) else "sheet"
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                f"SELECT (SELECT body FROM parts WHERE document = d.id AND {column} = %(key)s "  # noqa: S608
                "ORDER BY ordinal LIMIT 1) AS body, "
                "EXISTS (SELECT FROM parts WHERE document = d.id) AS in_parts "
                "FROM documents d WHERE d.id = %(id)s AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = d.id AND g.reader = ANY(%(readers)s))",
                {
                    "key": key if isinstance(key, int) else codec.text(key),
                    "id": codec.text(document),
                    "readers": list(scope.readers),
                },
            )
            row = await found.fetchone()
        if row is None:
            raise series.not_found(document)
        if row["body"] is not None:
            return await asyncio.to_thread(codec.unpacked, row["body"])
        # One that has a single part, or was read before parts were kept, is cut up now.
        part = None if row["in_parts"] else part_of(await self.parsed(document, scope=scope), key)
        if part is None:
            raise series.not_found(document)
        return part

    async def sheets(self, document: DocumentId, *, scope: Scope) -> Sequence[str]:
        """Return the sheets that have cells, in order."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT p.sheet, p.page FROM parts p JOIN documents d ON d.id = p.document "
                "WHERE d.id = %s AND EXISTS "
                "(SELECT FROM grants g WHERE g.document = d.id AND g.reader = ANY(%s)) "
                "ORDER BY p.ordinal",
                (codec.text(document), list(scope.readers)),
            )
            rows = await found.fetchall()
        if rows:
            return [row["sheet"] for row in rows if row["sheet"] is not None]
        parsed = await self.parsed(document, scope=scope)
        return [key for key, _ in parts_of(parsed) if isinstance(key, str)]

    async def grant(
        self, document: DocumentId, readers: frozenset[str], *, scope: Scope
    ) -> tuple[DocumentId, ...]:
        """Replace the readers of every version; only the owner may, and always stays a reader."""
        async with transaction(self._pool) as connection:
            await family.lock(connection)
            await family.lock_with(connection, document)
            versions = await series.lock_own(connection, document, scope)
            own = [each for each in versions if await series.is_own(connection, each)]
            if document not in own:
                await family.refuse_held(connection, [document], _READ_THROUGH)
            await connection.execute(
                "DELETE FROM grants WHERE document = ANY(%s) AND via = ''", (own,)
            )
            for version in own:
                await series.grant(connection, version, readers | {user_key(scope.user)})
            return (*versions, *await family.pass_on(connection, versions))

    async def forget(self, document: DocumentId, *, scope: Scope) -> tuple[DocumentId, ...]:
        """Delete a document and all its versions, chunks, facts; return the ids deleted.

        Receipts keep ids and the answer as given; quotes and amounts of their citations of these
        documents, which are the source's own, are blanked in the same transaction.
        """
        async with transaction(self._pool) as connection:
            await family.lock(connection)
            await family.lock_with(connection, document)
            versions = await series.lock_own(connection, document, scope)
            await family.refuse_held(connection, versions, _KEPT_IN)
            versions += await family.going_with(connection, versions)
            await connection.execute("DELETE FROM grants WHERE via = ANY(%s)", (versions,))
            await connection.execute("DELETE FROM documents WHERE id = ANY(%s)", (versions,))
            await jobs.drop_parse_jobs(connection, versions)
            await connection.execute(
                "UPDATE receipts SET answer = without_quotes(answer, %(gone)s) "
                "WHERE cited && %(gone)s::text[] AND answer IS NOT NULL",
                {"gone": list(versions)},
            )
            return tuple(versions)

    async def chunks(
        self, ids: Sequence[ChunkId], *, scope: Scope
    ) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
        """Return those of the chunks that are known and readable, in the order asked for."""
        async with transaction(self._pool) as connection:
            return await readable.by_ids(connection, ids, scope)

    async def chunks_at(
        self, places: Sequence[tuple[DocumentId, Place]], *, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return the chunks with a line on the same page or sheet as one of the places."""
        async with transaction(self._pool) as connection:
            return await readable.at_places(connection, places, scope)

    async def headed(
        self, heading: str, *, companies: Collection[str], scope: Scope
    ) -> Sequence[Entry]:
        """Return the documents of these companies with a chunk under a heading that matches."""
        async with transaction(self._pool) as connection:
            return await readable.headed(connection, heading, companies, scope)

    async def under(
        self, heading: str, *, document: DocumentId, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return a document's chunks under headings that match, in reading order."""
        async with transaction(self._pool) as connection:
            return await readable.under(connection, heading, document, scope)

    async def from_source(self, source: str, *, scope: Scope) -> DocumentId | None:
        """Return the newest LIVE document that the scope's own person added from a source."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT id FROM documents WHERE owner = %s AND source = %s AND state = 'live' "
                "ORDER BY added DESC, id LIMIT 1",
                (scope.user, codec.text(source)),
            )
            row = await found.fetchone()
        return DocumentId(row["id"]) if row else None

    async def job_entry(self, document: DocumentId) -> Entry:
        """Return a document for the worker that reads it; raise NotFound if it was forgotten."""
        async with transaction(self._pool) as connection:
            return await series.read(connection, document)

    async def existing(self, documents: Collection[DocumentId]) -> frozenset[DocumentId]:
        """Return those of the documents that have not been forgotten, in whatever state."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT id FROM documents WHERE id = ANY(%s)", (list(documents),)
            )
            return frozenset(DocumentId(row["id"]) for row in await found.fetchall())

    async def edition(self, *, scope: Scope) -> Edition:
        """Return what the library is for this scope now."""
        async with transaction(self._pool) as connection:
            return await editions.edition(connection, scope.readers)

    async def found_anew(self, documents: Collection[DocumentId] | None = None) -> None:
        """Note that the index finds these documents otherwise than before, or all of them."""
        async with transaction(self._pool) as connection:
            await connection.execute(
                "INSERT INTO library_changes (reader) SELECT DISTINCT reader FROM grants "
                "WHERE %(all)s OR document = ANY(%(documents)s)",
                {"all": documents is None, "documents": list(documents or ())},
            )

    async def unindexed(self, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Return chunks without a vector, those of LIVE documents first, then the oldest first."""
        async with transaction(self._pool) as connection:
            found = await connection.execute(
                "SELECT c.id AS chunk, c.ordinal, c.context, c.text, c.place, c.lines, e.* "
                "FROM entries e JOIN chunks c ON c.document = e.id "
                "WHERE e.vectors_done < e.chunk_count AND NOT c.indexed "
                "ORDER BY e.state <> 'live', e.added, e.id, c.ordinal LIMIT %s",
                (limit,),
            )
            return await contents.pairs(found)

    async def indexed(self, chunks: Sequence[ChunkId]) -> None:
        """Remember that these chunks have their vectors."""
        async with transaction(self._pool) as connection:
            # Documents before chunks, in order, as everybody else locks them.
            await connection.execute(
                "SELECT FROM documents WHERE id IN "
                "(SELECT document FROM chunks WHERE id = ANY(%s)) ORDER BY id FOR NO KEY UPDATE",
                (list(chunks),),
            )
            await connection.execute(
                "WITH done AS (UPDATE chunks SET indexed = true "
                "WHERE id = ANY(%s) AND NOT indexed RETURNING document) "
                "UPDATE documents d SET vectors_done = d.vectors_done + counted.n "
                "FROM (SELECT document, count(*) AS n FROM done GROUP BY document) counted "
                "WHERE d.id = counted.document",
                (list(chunks),),
            )

    async def every_chunk(self, after: ChunkId | None, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Walk all chunks in id order; ``after`` None starts, and forgets ``indexed``."""
        async with transaction(self._pool) as connection:
            if after is None:
                await connection.execute("SELECT FROM documents ORDER BY id FOR NO KEY UPDATE")
                await connection.execute("UPDATE chunks SET indexed = false WHERE indexed")
                await connection.execute("UPDATE documents SET vectors_done = 0")
            found = await connection.execute(
                "SELECT c.id AS chunk, c.ordinal, c.context, c.text, c.place, c.lines, e.* "
                "FROM chunks c JOIN entries e ON e.id = c.document "
                "WHERE c.id > %s ORDER BY c.id LIMIT %s",
                (after or "", limit),
            )
            return await contents.pairs(found)
