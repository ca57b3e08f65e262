"""The story of a document: bytes kept, parsed apart, cut, published at once, then given vectors."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from yanku.access.scope import scope_of
from yanku.chunk.cut import cut
from yanku.errors import NotFound, SourceError, SourceTooLarge
from yanku.finance.disclosure import public_on
from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.profile import profile_of
from yanku.flows.members import ORIGINAL, Members, Nesting, readable_path
from yanku.model.document import Digest
from yanku.model.finance import Profile
from yanku.model.library import Chunk, DocumentId, Entry, Progress, State, document_id
from yanku.model.people import Principal
from yanku.model.search import Keys, Posting
from yanku.ports import Clock, Embedder, Files, Handler, Index, Library, Queue, Reader
from yanku.retrieve.tokens import Tokens
from yanku.serving.quiet import Quiet

_VECTOR_BATCH = 16
_READ_BLOCK = 1024 * 1024


class Ingest:
    """Brings documents into the library; every step may be repeated after a crash."""

    def __init__(
        self,
        *,
        library: Library,
        files: Files,
        queue: Queue,
        reader: Reader,
        index: Index,
        embedder: Embedder,
        tokens: Tokens,
        ontology: Ontology,
        clock: Clock,
        quiet: Quiet,
        max_bytes: int,
        nesting: Nesting,
    ) -> None:
        self._library = library
        self._files = files
        self._queue = queue
        self._reader = reader
        self._index = index
        self._embedder = embedder
        self._tokens = tokens
        self._ontology = ontology
        self._clock = clock
        self._quiet = quiet
        self._max_bytes = max_bytes
        self._members = Members(
            library=library, files=files, reader=reader, clock=clock, nesting=nesting
        )

    async def add(
        self,
        path: Path,
        name: str,
        *,
        owner: Principal,
        readers: Iterable[str] = (),
        source: str = "",
        replaces: DocumentId | None = None,
    ) -> Entry:
        """Keep a file's bytes and queue it for reading; return its entry at once.

        The same bytes of the same owner are one document. Other bytes from the same ``source``
        replace what was there. Raises SourceTooLarge, or NotFound when
        ``replaces`` is not a document of the owner's.
        """
        size = path.stat().st_size
        if size > self._max_bytes:
            raise SourceTooLarge(
                f"{name} has {size:,} bytes, {self._max_bytes:,} are accepted; "
                "split it, or raise parser.max_mb"
            )
        digest = await asyncio.to_thread(_digest, path)
        id_ = document_id(owner.user, digest)
        if source and replaces is None:
            before = await self._library.from_source(source, scope=scope_of(owner))
            replaces = before if before != id_ else None
        await self._files.put(id_, ORIGINAL, path)
        entry = Entry(
            id=id_,
            series=id_,
            version=1,
            name=name,
            digest=digest,
            size=size,
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            owner=owner.user,
            state=State.QUEUED,
            added=self._clock.now(),
            source=source,
            readers=frozenset(readers) | {f"u:{owner.user}"},
        )
        return await self._library.add(entry, replaces=replaces)

    def handlers(self) -> Mapping[str, Handler]:
        """Return what a worker does with each kind of job."""
        return {"parse": self._parse_job, "embed": self._embed_job}

    async def _parse_job(self, payload: Mapping[str, str]) -> None:
        document = DocumentId(payload["document"])
        try:
            await self.parse(document)
        except NotFound:
            await self._index.drop(document)  # Forgotten while it waited or was read.
        except SourceError as error:
            await self._library.fail(document, error.code, str(error))
        else:
            await self._queue.put("embed", {}, once="embed")

    async def parse(self, document: DocumentId) -> None:
        """Read one document and publish it; raise SourceError if it cannot be read."""
        started = perf_counter()
        entry = await self._library.job_entry(document)
        path = await readable_path(self._files, document)

        async def on_pages(done: int, pages: int) -> None:
            await self._library.progress(document, Progress(done, pages))

        parsed = await self._reader.read(path, entry.name, on_pages)
        left_out = await self._members.bring_in(entry, path, parsed)
        parsed = replace(parsed, digest=entry.digest, flaws=parsed.flaws + left_out)
        profile = profile_of(parsed)
        chunks = cut(parsed, document, profile)
        facts = facts_of(parsed, profile, self._ontology)
        seconds = perf_counter() - started
        # Indexed before it is live: a search that finds it too early joins it away, and the moment
        # it is live it is found.
        at = self._clock.now()
        readable = await self._library.job_entry(document)
        readable = replace(readable, since=at, public_on=public_on(profile, readable.added))
        await self._index.put(
            [self._posting(chunk, readable, keys_of(profile)) for chunk in chunks]
        )
        superseded = await self._library.publish(
            document, parsed, profile, chunks, facts, seconds=seconds, at=self._clock.now()
        )
        for old in superseded:
            if old == document:  # It came after its successor, and was never known.
                await self._index.drop(old)
            else:
                await self._index.retire(old, self._clock.now())

    async def _embed_job(self, _payload: Mapping[str, str]) -> None:
        while await self.embed_some():
            pass

    async def embed_some(self) -> int:
        """Give the next chunks their vectors while nobody asks; return how many got one."""
        await self._quiet.turn()
        batch = await self._library.unindexed(_VECTOR_BATCH)
        if not batch:
            return 0
        texts = [f"{chunk.context}\n{chunk.text}" for chunk, _ in batch]
        vectors = await self._embedder.passages(texts)
        await self.put_postings(batch, vectors)
        await self._library.indexed([chunk.id for chunk, _ in batch])
        return len(batch)

    async def put_postings(
        self,
        batch: Sequence[tuple[Chunk, Entry]],
        vectors: Sequence[tuple[float, ...] | None],
    ) -> None:
        """Write chunks of live documents to the index, and leave none of a forgotten one there."""
        await self._index.put(
            [
                self._posting(chunk, entry, keys_of(entry.profile), vector)
                for (chunk, entry), vector in zip(batch, vectors, strict=True)
            ]
        )
        documents = {entry.id for _, entry in batch}
        for gone in documents - await self._library.existing(documents):
            await self._index.drop(gone)

    def _posting(
        self,
        chunk: Chunk,
        entry: Entry,
        keys: Keys,
        vector: tuple[float, ...] | None = None,
    ) -> Posting:
        words = self._tokens.of(f"{chunk.context}\n{chunk.text}")
        return Posting(
            chunk.id,
            chunk.document,
            entry.readers,
            words,
            keys,
            vector,
            entry.since,
            entry.until,
            entry.public_on,
        )


def keys_of(profile: Profile) -> Keys:
    """Return what a document can be filtered by. Its words speak of its own year; comparative
    figures of earlier years are facts, and found as such.
    """
    years = (profile.period.end.year,) if profile.period else ()
    return Keys(profile.company.code if profile.company else "", years, profile.report.value)


def _digest(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())
