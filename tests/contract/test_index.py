"""Every index does what the suite says: in memory, in process, and through Qdrant's client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from yanku.adapters.qdrant_edge import EdgeIndex
from yanku.adapters.qdrant_server import ServerIndex
from yanku.ports import Index
from yanku.testing.index import DIMENSIONS, IndexSuite
from yanku.testing.index_memory import FakeIndex


class TestFakeIndex(IndexSuite):
    @pytest.fixture
    def index(self) -> Index:
        return FakeIndex(DIMENSIONS)


class TestEdgeIndex(IndexSuite):
    @pytest.fixture
    async def index(self, tmp_path: Path) -> AsyncIterator[Index]:
        index = await EdgeIndex.open(tmp_path / "index", DIMENSIONS)
        yield index
        await index.close()


# Local mode has no payload indexes and says so.
@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")
class TestServerIndex(IndexSuite):
    @pytest.fixture
    async def index(self) -> AsyncIterator[Index]:
        index = await ServerIndex.open(AsyncQdrantClient(":memory:"), "chunks", DIMENSIONS)
        yield index
        await index.close()
