"""Finding by words and by vectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from yanku.model.library import DocumentId
from yanku.model.people import Scope
from yanku.model.search import Posting, Probe, Rankings


class Embedder(Protocol):
    """Turns text into vectors of length ``dimensions``, normalised to length 1."""

    name: str
    dimensions: int

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text to be found."""
        ...

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question."""
        ...


class Index(Protocol):
    """Finds chunks by words and by vectors. Disposable: rebuilt from the library."""

    async def put(self, postings: Sequence[Posting]) -> None:
        """Add or replace postings by chunk id; a posting without a vector is found by words."""
        ...

    async def search(self, probe: Probe, *, scope: Scope) -> Rankings:
        """Return the best chunks per channel among those whose readers meet the scope, and that
        were known as of its day. The last is as the index knows it: the library decides.
        """
        ...

    async def regrant(self, document: DocumentId, readers: frozenset[str]) -> None:
        """Replace the readers of every posting of a document."""
        ...

    async def retire(self, document: DocumentId, until: datetime) -> None:
        """Note when a document was replaced: from now on only a search as of an earlier moment
        finds it.
        """
        ...

    async def drop(self, document: DocumentId) -> None:
        """Remove every posting of a document; nothing finds it once this returns."""
        ...

    async def clear(self) -> None:
        """Remove everything."""
        ...

    async def count(self) -> int:
        """Return the number of postings."""
        ...

    async def optimize(self) -> None:
        """Bring the index into its fastest form; allowed to take long."""
        ...

    async def close(self) -> None:
        """Flush and let go."""
        ...
