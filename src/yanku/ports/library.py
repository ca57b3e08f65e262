"""Documents and their chunks: the truth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from yanku.model.document import Document
from yanku.model.finance import Fact, Profile
from yanku.model.kept import Edition
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, Kin, Progress
from yanku.model.people import Scope
from yanku.model.place import Place


class Library(Protocol):
    """Documents and their chunks in PostgreSQL: the truth. Every method is one transaction."""

    async def add(self, entry: Entry, *, replaces: DocumentId | None = None) -> Entry:
        """Register a document as QUEUED with its parse job; the same id returns what is there.

        A FAILED one is queued again. With ``replaces``, it takes over that document's series, and
        its readers if it brings none; the old version stays LIVE until ``publish``.
        """
        ...

    async def adopt(self, parent: DocumentId, members: Sequence[tuple[str, Entry]]) -> None:
        """Register the files (path inside, document) of a container that is being read.

        They are read by whoever reads the container. A file with the name of another in the
        version before becomes its next version. Safe to repeat. Raises NotFound if the container
        was forgotten meanwhile.
        """
        ...

    async def members(self, document: DocumentId, *, scope: Scope) -> Sequence[Entry]:
        """Return the documents that lie in a readable one, superseded ones left out."""
        ...

    async def kin(self, document: DocumentId) -> Kin:
        """Return how deep a document lies in others, and how much the outermost one holds."""
        ...

    async def retry(self, document: DocumentId, *, scope: Scope) -> None:
        """Queue a FAILED document again; only the owner may. Raises NotFound, NotAllowed."""
        ...

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
        """Make a parsed document LIVE and its older versions SUPERSEDED, all at once, with the
        files that lay only in those.

        ``seconds`` is how long reading took, ``at`` the moment of the change (default: now). What
        was read in a version that was LIVE is kept, for those who ask as of an earlier day.
        Returns the superseded documents. Safe to repeat. Raises NotFound if forgotten meanwhile.
        """
        ...

    async def fail(self, document: DocumentId, code: str, message: str) -> None:
        """Mark a document FAILED with the reason."""
        ...

    async def progress(self, document: DocumentId, progress: Progress) -> None:
        """Record how far the work has come; the state QUEUED becomes PARSING."""
        ...

    async def entries(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Entry], str]:
        """Return readable documents, newest first, superseded ones left out, and a cursor.

        An empty cursor means there is no more.
        """
        ...

    async def entry(self, document: DocumentId, *, scope: Scope) -> Entry:
        """Return one readable document; raise NotFound otherwise."""
        ...

    async def parsed(self, document: DocumentId, *, scope: Scope) -> Document:
        """Return what the parser saw in a readable document that is or was LIVE; raise NotFound."""
        ...

    async def part(self, document: DocumentId, key: int | str, *, scope: Scope) -> Document:
        """Return what the parser saw on one page (by number) or sheet (by name) of a readable
        document that is or was LIVE, without loading the rest; raise NotFound otherwise.
        """
        ...

    async def sheets(self, document: DocumentId, *, scope: Scope) -> Sequence[str]:
        """Return the sheets that have cells, in order; raise NotFound as ``parsed`` does."""
        ...

    async def grant(
        self, document: DocumentId, readers: frozenset[str], *, scope: Scope
    ) -> tuple[DocumentId, ...]:
        """Replace the readers of every version; only the owner may, and always stays a reader.

        Files inside are read by the same people. Returns every document whose readers changed.
        Raises Conflict for one that only lies in another: choose the readers of that.
        """
        ...

    async def forget(self, document: DocumentId, *, scope: Scope) -> tuple[DocumentId, ...]:
        """Delete a document, all its versions, and the files inside; return the ids deleted.

        A file inside stays if it was also added on its own or lies in another container. Raises
        Conflict for one that lies in a container: its bytes are kept there. Only the owner may.
        Receipts keep ids and the answer as given, never the source's text.
        """
        ...

    async def chunks(
        self, ids: Sequence[ChunkId], *, scope: Scope
    ) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
        """Return those of the chunks that are readable and LIVE (or, with a scope as of an earlier
        day, were known then), with their documents.
        """
        ...

    async def chunks_at(
        self, places: Sequence[tuple[DocumentId, Place]], *, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return the known and readable chunks with a line on the same page or sheet as one of the
        places, in no particular order; in a text without pages, all of the document's.
        """
        ...

    async def headed(
        self, heading: str, *, companies: Collection[str], scope: Scope
    ) -> Sequence[Entry]:
        """Return the known and readable documents of these companies (by code or name) that have a
        chunk under a heading which matches: a POSIX expression, whatever the case.

        The latest period comes first, then what was added last.
        """
        ...

    async def under(
        self, heading: str, *, document: DocumentId, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return a document's chunks under headings that match, in reading order, as ``headed``
        finds them.
        """
        ...

    async def edition(self, *, scope: Scope) -> Edition:
        """Return what the library is for this scope now: equal editions give equal answers."""
        ...

    async def found_anew(self, documents: Collection[DocumentId] | None = None) -> None:
        """Note that the index finds these documents otherwise than before, or all of them: every
        edition that holds one changes. Call it after the index has changed.
        """
        ...

    async def unindexed(self, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Return chunks that have no vector in the index yet: those of LIVE documents first, then
        of replaced ones, the oldest document first.
        """
        ...

    async def indexed(self, chunks: Sequence[ChunkId]) -> None:
        """Remember that these chunks have their vectors."""
        ...

    async def from_source(self, source: str, *, scope: Scope) -> DocumentId | None:
        """Return the newest LIVE document that the scope's own person added from a source."""
        ...

    async def job_entry(self, document: DocumentId) -> Entry:
        """Return a document for the worker that reads it; raise NotFound if it was forgotten."""
        ...

    async def existing(self, documents: Collection[DocumentId]) -> frozenset[DocumentId]:
        """Return those of the documents that have not been forgotten, in whatever state."""
        ...

    async def every_chunk(self, after: ChunkId | None, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Walk all chunks in id order, for rebuilding the index; forgets all ``indexed``
        marks when called with ``after`` None.
        """
        ...
