"""What both Qdrant adapters share, and a server that is not there."""

from __future__ import annotations

import warnings

import pytest
from qdrant_client import AsyncQdrantClient

from yanku.adapters import qdrant
from yanku.adapters.qdrant_server import ServerIndex
from yanku.errors import IndexUnavailable
from yanku.model.library import DocumentId, chunk_id
from yanku.testing.index import DIMENSIONS

COLLIDING = ("plumless", "buckeroo")


def test_a_chunk_id_goes_to_a_point_id_and_back() -> None:
    chunk = chunk_id(DocumentId("a"), 3, "suite")
    assert qdrant.chunk_of(qdrant.point_id(chunk)) == chunk


def test_words_that_share_a_dimension_count_together() -> None:
    terms, weights = qdrant.document_terms((*COLLIDING, "收入"))
    assert qdrant.term(COLLIDING[0]) == qdrant.term(COLLIDING[1])
    twice, _ = qdrant.document_terms(("plumless", "plumless", "收入"))
    assert (len(terms), terms) == (2, sorted(twice))
    assert max(weights) > min(weights)


def test_a_word_s_weight_saturates_and_falls_with_the_length_of_the_chunk() -> None:
    def weight(times: int, others: int) -> float:
        words = ["收入"] * times + [f"词{n}" for n in range(others)]
        terms, weights = qdrant.document_terms(words)
        return weights[terms.index(qdrant.term("收入"))]

    assert weight(1, 149) == pytest.approx(1.0)
    assert 1 < weight(2, 148) < weight(50, 100) < qdrant.K1 + 1
    assert weight(1, 400) < weight(1, 149)


def test_a_word_s_dimension_never_changes() -> None:
    assert qdrant.term("营业收入") == 431552020


async def test_a_server_that_is_not_there_is_named() -> None:
    client = AsyncQdrantClient(url="http://127.0.0.1:9", check_compatibility=False)
    with pytest.raises(IndexUnavailable, match=r"'chunks' does not answer.*address and key"):
        await ServerIndex.open(client, "chunks", DIMENSIONS)
    await client.close()


async def test_a_collection_made_for_other_vectors_is_refused() -> None:
    client = AsyncQdrantClient(":memory:")
    with warnings.catch_warnings():
        # Local mode says, once a process, that it has no payload indexes.
        warnings.simplefilter("ignore", UserWarning)
        await ServerIndex.open(client, "chunks", DIMENSIONS)
    with pytest.raises(IndexUnavailable, match="yanku reindex"):
        await ServerIndex.open(client, "chunks", DIMENSIONS + 1)
    await client.close()
