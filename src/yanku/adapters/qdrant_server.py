"""The search index on a Qdrant server or cluster, through its own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

import httpx
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from yanku.adapters import qdrant
from yanku.errors import IndexUnavailable
from yanku.model.library import DocumentId
from yanku.model.people import Scope
from yanku.model.search import Channel, Posting, Probe, Rankings

_PIECE = 256
_FAILURES = (ApiException, QdrantException, httpx.HTTPError, OSError)


class ServerIndex:
    """An Index in one collection, made by ``open``; ``close`` closes the client it was given."""

    def __init__(
        self, client: AsyncQdrantClient, collection: str, dimensions: int, scoped_idf: bool
    ) -> None:
        self._client = client
        self._collection = collection
        self._dimensions = dimensions
        self._scoped_idf = scoped_idf

    @classmethod
    async def open(
        cls,
        client: AsyncQdrantClient,
        collection: str,
        dimensions: int,
        *,
        replicas: int = 1,
        scoped_idf: bool = True,
    ) -> Self:
        """Use a collection, making it if there is none.

        With ``scoped_idf`` the rarity of a word is taken from what the asking person may read.
        Raises IndexUnavailable if the server does not answer, or holds vectors of another length.
        """
        index = cls(client, collection, dimensions, scoped_idf)
        async with index._named_failures():
            if await client.collection_exists(collection):
                await index._check()
            else:
                await index._create(replicas)
        return index

    async def put(self, postings: Sequence[Posting]) -> None:
        """Add or replace postings by chunk id; found when this returns."""
        qdrant.checked(postings, self._dimensions)
        async with self._named_failures():
            for start in range(0, len(postings), _PIECE):
                points = [_point(posting) for posting in postings[start : start + _PIECE]]
                await self._client.upsert(self._collection, points, wait=True)

    async def search(self, probe: Probe, *, scope: Scope) -> Rankings:
        """Return the best chunks per channel among those whose readers meet the scope."""
        conditions = qdrant.conditions(probe, scope, self._dimensions)
        if not conditions:
            return {}
        requests = self._requests(probe, scope, _filter(conditions, qdrant.bars(scope)))
        async with self._named_failures():
            answers = await self._client.query_batch_points(
                self._collection, list(requests.values())
            )
        return {
            channel: tuple(qdrant.chunk_of(point.id) for point in answer.points)
            for channel, answer in zip(requests, answers, strict=True)
        }

    async def regrant(self, document: DocumentId, readers: frozenset[str]) -> None:
        """Replace the readers of every posting of a document."""
        async with self._named_failures():
            await self._client.set_payload(
                self._collection,
                {qdrant.READERS: sorted(readers)},
                _of_document(document),
                wait=True,
                ordering=models.WriteOrdering.STRONG,
            )

    async def retire(self, document: DocumentId, until: datetime) -> None:
        """Note when a document was replaced; from now on only an earlier moment finds it."""
        async with self._named_failures():
            await self._client.set_payload(
                self._collection,
                {qdrant.UNTIL: until.timestamp()},
                _of_document(document),
                wait=True,
                ordering=models.WriteOrdering.STRONG,
            )

    async def drop(self, document: DocumentId) -> None:
        """Remove every posting of a document, for good when this returns."""
        async with self._named_failures():
            await self._client.delete(
                self._collection,
                models.FilterSelector(filter=_of_document(document)),
                wait=True,
                ordering=models.WriteOrdering.STRONG,
            )

    async def clear(self) -> None:
        """Remove every posting; the collection and its settings stay."""
        async with self._named_failures():
            await self._client.delete(
                self._collection, models.FilterSelector(filter=models.Filter()), wait=True
            )

    async def count(self) -> int:
        """Return the number of postings."""
        async with self._named_failures():
            return (await self._client.count(self._collection, exact=True)).count

    async def optimize(self) -> None:
        """Wait until the server, which optimizes by itself, has caught up."""
        async with self._named_failures():
            while (await self._client.get_collection(self._collection)).status in (
                models.CollectionStatus.YELLOW,
                models.CollectionStatus.GREY,
            ):
                await asyncio.sleep(1)

    async def close(self) -> None:
        """Close the client."""
        await self._client.close()

    async def _create(self, replicas: int) -> None:
        await self._client.create_collection(
            self._collection,
            vectors_config={
                qdrant.VECTORS: models.VectorParams(
                    size=self._dimensions, distance=models.Distance.COSINE
                )
            },
            sparse_vectors_config={
                qdrant.WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)
            },
            replication_factor=replicas,
        )
        for field in qdrant.KEYWORDS:
            await self._index_field(field, models.PayloadSchemaType.KEYWORD)
        await self._index_field(qdrant.YEARS, models.PayloadSchemaType.INTEGER)
        for field in qdrant.MOMENTS:
            await self._index_field(field, models.PayloadSchemaType.FLOAT)

    async def _index_field(self, field: str, kind: models.PayloadSchemaType) -> None:
        await self._client.create_payload_index(self._collection, field, kind, wait=True)

    async def _check(self) -> None:
        params = (await self._client.get_collection(self._collection)).config.params
        dense = params.vectors.get(qdrant.VECTORS) if isinstance(params.vectors, dict) else None
        words = (params.sparse_vectors or {}).get(qdrant.WORDS)
        if dense is None or words is None or dense.size != self._dimensions:
            raise IndexUnavailable(
                f"The Qdrant collection {self._collection!r} was not made for vectors of "
                f"{self._dimensions} numbers and words; name another collection and run "
                "`yanku reindex`."
            )

    @asynccontextmanager
    async def _named_failures(self) -> AsyncIterator[None]:
        try:
            yield
        except _FAILURES as error:
            raise IndexUnavailable(
                f"The Qdrant collection {self._collection!r} does not answer "
                f"({type(error).__name__}: {str(error)[:300]}); see that the server runs and that "
                "address and key are right."
            ) from error

    def _requests(
        self, probe: Probe, scope: Scope, condition: models.Filter
    ) -> dict[Channel, models.QueryRequest]:
        requests = {}
        if probe.words:
            terms, weights = qdrant.query_terms(probe.words)
            known = _filter([qdrant.readable(scope)], qdrant.bars(scope))
            corpus = models.IdfCorpusParams(corpus=known)
            requests[Channel.WORDS] = models.QueryRequest(
                query=models.SparseVector(indices=terms, values=weights),
                using=qdrant.WORDS,
                filter=condition,
                params=models.SearchParams(idf=corpus) if self._scoped_idf else None,
                limit=probe.limit,
                with_payload=False,
            )
        if probe.vector is not None:
            requests[Channel.VECTORS] = models.QueryRequest(
                query=list(probe.vector),
                using=qdrant.VECTORS,
                filter=condition,
                limit=probe.limit,
                with_payload=False,
            )
        return requests


def _point(posting: Posting) -> models.PointStruct:
    terms, weights = qdrant.document_terms(posting.words)
    vectors: dict[str, models.SparseVector | list[float]] = {
        qdrant.WORDS: models.SparseVector(indices=terms, values=weights)
    }
    if posting.vector is not None:
        vectors[qdrant.VECTORS] = list(posting.vector)
    return models.PointStruct.model_validate(
        {
            "id": qdrant.point_id(posting.chunk),
            "vector": vectors,
            "payload": qdrant.payload(posting),
        }
    )


def _filter(conditions: Sequence[qdrant.Condition], bars: Sequence[qdrant.Bar]) -> models.Filter:
    return models.Filter(
        must=[
            models.FieldCondition(
                key=c.field, match=models.MatchAny.model_validate({"any": list(c.values)})
            )
            for c in conditions
        ],
        must_not=[
            models.FieldCondition(key=bar.field, range=models.Range(gt=bar.above, lte=bar.up_to))
            for bar in bars
        ],
    )


def _of_document(document: DocumentId) -> models.Filter:
    return models.Filter(
        must=[models.FieldCondition(key=qdrant.DOCUMENT, match=models.MatchValue(value=document))]
    )
