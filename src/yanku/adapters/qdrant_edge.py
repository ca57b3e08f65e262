"""The search index in this process, on Qdrant Edge."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

import qdrant_edge as edge

from yanku.adapters import qdrant
from yanku.adapters.qdrant_folder import Folder
from yanku.errors import IndexUnavailable
from yanku.model.library import DocumentId
from yanku.model.people import Scope
from yanku.model.search import Channel, Posting, Probe, Rankings

_T = TypeVar("_T")
_Write = Callable[[edge.EdgeShard], None]

_PIECE = 64
"""Postings written in one call: Edge holds the interpreter's lock, so a call must be short."""


class EdgeIndex:
    """An Index in a folder of its own; one process may have it open.

    Made by ``open``. All access to the shard goes through one thread: Edge calls do not let other
    threads run, so more would not be faster, and nothing can meet a shard that is being swapped.
    """

    def __init__(self, folder: Folder, dimensions: int, scoped_idf: bool) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._scoped_idf = scoped_idf
        self._thread = ThreadPoolExecutor(1, "yanku-index")
        self._writing = asyncio.Lock()
        self._optimizing = asyncio.Lock()
        self._missed: list[_Write] | None = None
        self._shard: edge.EdgeShard | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        folder: Path,
        dimensions: int,
        *,
        made_by: str = "",
        fresh: bool = False,
        scoped_idf: bool = True,
    ) -> Self:
        """Open the index in a folder, or make one there.

        ``made_by`` names what words and vectors come from (tokens, embedder); an index made by
        something else is refused. ``fresh`` throws away what is there, so it also opens a damaged
        one. With ``scoped_idf`` the rarity of a word is taken from what the asking person may
        read, so that ranks say nothing of other documents; without it searching is faster.

        Raises HomeBusy if another process has it open, IndexUnavailable if it cannot be read.
        """
        held = await asyncio.to_thread(Folder.hold, folder)
        index = cls(held, dimensions, scoped_idf)
        try:
            await index._run(lambda: index._start(made_by, fresh))
        except BaseException:
            index._thread.shutdown()
            held.release()
            raise
        return index

    async def put(self, postings: Sequence[Posting]) -> None:
        """Add or replace postings by chunk id; on disk when this returns."""
        qdrant.checked(postings, self._dimensions)
        async with self._writing:
            for start in range(0, len(postings), _PIECE):
                points = [_point(posting) for posting in postings[start : start + _PIECE]]
                await self._write(_updating(edge.UpdateOperation.upsert_points(points)))
            await self._flush()

    async def search(self, probe: Probe, *, scope: Scope) -> Rankings:
        """Return the best chunks per channel among those whose readers meet the scope."""
        conditions = qdrant.conditions(probe, scope, self._dimensions)
        if not conditions:
            return {}
        requests = self._requests(probe, scope, _filter(conditions, qdrant.bars(scope)))
        batch = edge.QueryBatchRequest(list(requests.values()))
        answers = await self._run(lambda: self._open_shard().query_batch(batch))
        return {
            channel: tuple(qdrant.chunk_of(point.id) for point in points)
            for channel, points in zip(requests, answers, strict=True)
        }

    async def regrant(self, document: DocumentId, readers: frozenset[str]) -> None:
        """Replace the readers of every posting of a document; on disk when this returns."""
        update = edge.UpdateOperation.set_payload_by_filter(
            _of_document(document), {qdrant.READERS: sorted(readers)}
        )
        async with self._writing:
            await self._write(_updating(update))
            await self._flush()

    async def retire(self, document: DocumentId, until: datetime) -> None:
        """Note when a document was replaced; on disk when this returns."""
        update = edge.UpdateOperation.set_payload_by_filter(
            _of_document(document), {qdrant.UNTIL: until.timestamp()}
        )
        async with self._writing:
            await self._write(_updating(update))
            await self._flush()

    async def drop(self, document: DocumentId) -> None:
        """Remove every posting of a document, for good when this returns."""
        update = edge.UpdateOperation.delete_points_by_filter(_of_document(document))
        async with self._writing:
            await self._write(_updating(update))
            await self._flush()

    async def clear(self) -> None:
        """Remove everything and give the disk space back."""
        async with self._writing:
            self._missed = None
            await self._run(self._recreate)

    async def count(self) -> int:
        """Return the number of postings."""
        return await self._run(lambda: self._open_shard().count(edge.CountRequest()))

    async def optimize(self) -> None:
        """Build the vector graph; searching and writing go on meanwhile.

        Edge would stop every thread of this process for as long as that takes (a minute for
        30,000 postings), so a child process optimizes a copy:

            shard ──copy──▶ shard.next ──child──▶ optimized ──writes since the copy──▶ shard
        """
        async with self._optimizing:
            try:
                async with self._writing:
                    await self._flush()
                    await _to_its_end(self._folder.copy)
                    self._missed = []
                await _optimize_in_child(self._folder.next)
                async with self._writing:
                    missed, self._missed = self._missed, None
                    if missed is not None:
                        await self._run(lambda: self._swap(missed))
            finally:
                self._missed = None
                await _to_its_end(self._folder.sweep)

    async def close(self) -> None:
        """Flush and let go; safe to repeat."""
        async with self._writing:
            if not self._closed:
                await self._run(self._stop)
            self._closed = True
            self._thread.shutdown()
            self._folder.release()

    def _start(self, made_by: str, fresh: bool) -> None:
        folder = self._folder
        if fresh:
            folder.wipe()
        folder.sweep()
        if not folder.shard.exists():
            folder.made_by = made_by
            self._recreate()
        elif folder.made_by != made_by:
            raise IndexUnavailable(
                f"The search index in {folder.path} was made by {folder.made_by!r} and is asked "
                f"for by {made_by!r}; run `yanku reindex` to build it anew."
            )
        else:
            self._shard = edge.EdgeShard.load(str(folder.shard), _config(self._dimensions))

    def _recreate(self) -> None:
        self._stop()
        self._folder.wipe_shard()
        self._shard = edge.EdgeShard.create(str(self._folder.shard), _config(self._dimensions))
        for field in qdrant.KEYWORDS:
            _index_field(self._shard, field, edge.PayloadSchemaType.Keyword)
        _index_field(self._shard, qdrant.YEARS, edge.PayloadSchemaType.Integer)
        for field in qdrant.MOMENTS:
            _index_field(self._shard, field, edge.PayloadSchemaType.Float)
        self._shard.flush()

    def _swap(self, missed: Sequence[_Write]) -> None:
        optimized = edge.EdgeShard.load(str(self._folder.next))
        for write in missed:
            write(optimized)
        optimized.flush()
        optimized.close()
        self._stop()
        try:
            self._folder.promote()
        finally:
            self._folder.sweep()
            self._shard = edge.EdgeShard.load(str(self._folder.shard))

    def _stop(self) -> None:
        if self._shard is not None:
            self._shard.flush()
            self._shard.close()
            self._shard = None

    def _open_shard(self) -> edge.EdgeShard:
        if self._shard is None:
            raise IndexUnavailable(f"The search index in {self._folder.path} is closed.")
        return self._shard

    async def _write(self, write: _Write) -> None:
        # Noted first: a caller that is cancelled does not stop the thread from writing.
        if self._missed is not None:
            self._missed.append(write)
        await self._run(lambda: write(self._open_shard()))

    async def _flush(self) -> None:
        await self._run(lambda: self._open_shard().flush())

    async def _run(self, work: Callable[[], _T]) -> _T:
        def named() -> _T:
            with _named_failures(self._folder.path):
                return work()

        if self._closed:
            raise IndexUnavailable(f"The search index in {self._folder.path} is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._thread, named)

    def _requests(
        self, probe: Probe, scope: Scope, condition: edge.Filter
    ) -> dict[Channel, edge.QueryRequest]:
        requests = {}
        if probe.words:
            words = edge.SparseVector(*qdrant.query_terms(probe.words))
            corpus = edge.IdfParams(_filter([qdrant.readable(scope)], qdrant.bars(scope)))
            requests[Channel.WORDS] = edge.QueryRequest(
                limit=probe.limit,
                query=edge.Query.Nearest(words, using=qdrant.WORDS),
                filter=condition,
                params=edge.SearchParams(idf=corpus) if self._scoped_idf else None,
            )
        if probe.vector is not None:
            requests[Channel.VECTORS] = edge.QueryRequest(
                limit=probe.limit,
                query=edge.Query.Nearest(list(probe.vector), using=qdrant.VECTORS),
                filter=condition,
            )
        return requests


@contextmanager
def _named_failures(path: Path) -> Iterator[None]:
    """Give Edge's failures a name: it raises bare Exception, and panics beyond Exception."""
    try:
        yield
    except (IndexUnavailable, OSError):
        raise
    except BaseException as error:
        if type(error) is not Exception and type(error).__module__ != "pyo3_runtime":
            raise
        raise IndexUnavailable(
            f"The search index in {path} cannot be used ({str(error)[:300]}); "
            "run `yanku reindex` to build it anew from the library."
        ) from error


async def _optimize_in_child(shard: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "yanku.adapters.qdrant_edge_optimize",
        str(shard),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise IndexUnavailable(
            f"The search index could not be optimized ({' '.join(last)[:300]}); "
            "it goes on unoptimized."
        )


def _config(dimensions: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={
            qdrant.VECTORS: edge.EdgeVectorParams(size=dimensions, distance=edge.Distance.Cosine)
        },
        sparse_vectors={qdrant.WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
    )


def _index_field(shard: edge.EdgeShard, field: str, kind: edge.PayloadSchemaType) -> None:
    shard.update(edge.UpdateOperation.create_field_index(field, kind))


def _point(posting: Posting) -> edge.Point:
    vectors: dict[str, list[float] | edge.SparseVector | list[list[float]]] = {
        qdrant.WORDS: edge.SparseVector(*qdrant.document_terms(posting.words))
    }
    if posting.vector is not None:
        vectors[qdrant.VECTORS] = list(posting.vector)
    return edge.Point(qdrant.point_id(posting.chunk), vectors, qdrant.payload(posting))


def _updating(update: edge.UpdateOperation) -> _Write:
    return lambda shard: shard.update(update)


def _filter(conditions: Sequence[qdrant.Condition], bars: Sequence[qdrant.Bar]) -> edge.Filter:
    return edge.Filter(
        must=[edge.FieldCondition(c.field, match=edge.MatchAny(c.listed())) for c in conditions],
        must_not=[
            edge.FieldCondition(bar.field, range=edge.RangeFloat(gt=bar.above, lte=bar.up_to))
            for bar in bars
        ],
    )


def _of_document(document: DocumentId) -> edge.Filter:
    return edge.Filter(must=[edge.FieldCondition(qdrant.DOCUMENT, match=edge.MatchValue(document))])


async def _to_its_end(work: Callable[[], None]) -> None:
    """Run work on files in a thread; who cancels waits, because nothing stops the thread."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await running
        raise
