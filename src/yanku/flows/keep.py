"""The story of what happens to a document later: granted, forgotten, indexed anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from yanku.access.scope import scope_of
from yanku.errors import NotFound
from yanku.flows.ingest import Ingest
from yanku.model.library import ChunkId, DocumentId
from yanku.model.people import Principal
from yanku.ports import Answers, Files, Index, Library, Queue

_BATCH = 256


class Keep:
    """Changes who may read a document, deletes it for good, or rebuilds the index."""

    def __init__(
        self,
        *,
        library: Library,
        files: Files,
        index: Index,
        queue: Queue,
        ingest: Ingest,
        answers: Answers | None = None,
    ) -> None:
        self._library = library
        self._files = files
        self._index = index
        self._queue = queue
        self._ingest = ingest
        self._answers = answers

    async def grant(
        self, document: DocumentId, readers: Iterable[str], *, principal: Principal
    ) -> None:
        """Replace who may read a document and the files inside; in force when this returns."""
        changed = await self._library.grant(document, frozenset(readers), scope=scope_of(principal))
        for each in changed:
            with suppress(NotFound):  # forgotten meanwhile
                entry = await self._library.job_entry(each)
                await self._index.regrant(each, entry.readers)
        # What was answered between the two steps is not answered again.
        await self._library.found_anew(changed)

    async def forget(self, document: DocumentId, *, principal: Principal) -> int:
        """Delete a document, its versions and the files inside everywhere; return how many went.

        The database goes first: from that moment nothing cites it, whatever happens after.
        """
        gone = await self._library.forget(document, scope=scope_of(principal))
        if self._answers is not None:
            await self._answers.drop(gone)
        for version in gone:
            await self._index.drop(version)
            await self._files.drop(version)
        return len(gone)

    async def sweep(self) -> int:
        """Finish what a crash in the middle of forgetting left: bytes and postings of documents
        that the database does not know. Returns how many there were.
        """
        kept = await self._files.documents()
        gone = kept - await self._library.existing(kept)
        for document in gone:
            await self._index.drop(document)
            await self._files.drop(document)
        return len(gone)

    async def reindex(self, on_chunks: Callable[[int], Awaitable[None]] | None = None) -> int:
        """Rebuild the index from the database alone; return the number of chunks.

        Words are back when this returns; vectors follow from the queue.
        """
        await self._index.clear()
        after: ChunkId | None = None
        done = 0
        while batch := await self._library.every_chunk(after, _BATCH):
            await self._ingest.put_postings(batch, [None] * len(batch))
            after = batch[-1][0].id
            done += len(batch)
            if on_chunks:
                await on_chunks(done)
        await self._library.found_anew()
        await self._index.optimize()
        await self._queue.put("embed", {}, once="embed")
        return done
