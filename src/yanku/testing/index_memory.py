"""An Index in memory, for tests that are about something else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from yanku.model.library import ChunkId, DocumentId
from yanku.model.people import AsOf, Scope
from yanku.model.search import Channel, Filter, Keys, Posting, Probe, Rankings


class FakeIndex:
    """An Index in memory: BM25 and cosine, exact.

    With ``dimensions`` it refuses vectors of another length, as real ones do.
    """

    def __init__(self, dimensions: int | None = None) -> None:
        self._dimensions = dimensions
        self._postings: dict[ChunkId, Posting] = {}

    async def put(self, postings: Sequence[Posting]) -> None:
        """Add or replace postings by chunk id."""
        for vector in (posting.vector for posting in postings if posting.vector is not None):
            if len(vector) != (self._dimensions or len(vector)) or not all(
                map(math.isfinite, vector)
            ):
                raise ValueError("A vector has another length or holds what is not a number.")
        self._postings.update((posting.chunk, posting) for posting in postings)

    async def search(self, probe: Probe, *, scope: Scope) -> Rankings:
        """Return the best chunks per channel among those whose readers meet the scope."""
        readable = [
            p
            for p in self._postings.values()
            if p.readers & scope.readers and _is_known(p, scope.as_of)
        ]
        found = [p for p in readable if _meets(p.keys, probe.filter)]
        rankings: dict[Channel, tuple[ChunkId, ...]] = {}
        if probe.words:
            rankings[Channel.WORDS] = _best(_bm25(found, readable, probe.words), probe.limit)
        if probe.vector is not None:
            rankings[Channel.VECTORS] = _best(_cosines(found, probe.vector), probe.limit)
        return rankings

    async def regrant(self, document: DocumentId, readers: frozenset[str]) -> None:
        """Replace the readers of every posting of a document."""
        for posting in list(self._postings.values()):
            if posting.document == document:
                self._postings[posting.chunk] = replace(posting, readers=readers)

    async def retire(self, document: DocumentId, until: datetime) -> None:
        """Note when a document was replaced."""
        for posting in list(self._postings.values()):
            if posting.document == document:
                self._postings[posting.chunk] = replace(posting, until=until)

    async def drop(self, document: DocumentId) -> None:
        """Remove every posting of a document."""
        for posting in list(self._postings.values()):
            if posting.document == document:
                del self._postings[posting.chunk]

    async def clear(self) -> None:
        """Remove everything."""
        self._postings.clear()

    async def count(self) -> int:
        """Return the number of postings."""
        return len(self._postings)

    async def optimize(self) -> None:
        """Do nothing: it is as fast as it gets."""

    async def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def _is_known(posting: Posting, as_of: AsOf) -> bool:
    public = as_of.public is None or (posting.public_on or date.min) <= as_of.public
    if as_of.held is None:
        return public and posting.until is None
    began = posting.since is None or posting.since <= as_of.held
    return public and began and (posting.until is None or posting.until > as_of.held)


def _meets(keys: Keys, wanted: Filter) -> bool:
    company = not wanted.companies or keys.company in wanted.companies - {""}
    return company and (not wanted.years or bool(wanted.years & set(keys.years)))


def _best(scores: Mapping[ChunkId, float], limit: int) -> tuple[ChunkId, ...]:
    ordered = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))
    return tuple(ordered[: max(limit, 0)])


def _bm25(
    found: Iterable[Posting], corpus: Sequence[Posting], words: Sequence[str]
) -> dict[ChunkId, float]:
    frequency = Counter(word for posting in corpus for word in set(posting.words))
    scores: dict[ChunkId, float] = {}
    for posting in found:
        counts = Counter(posting.words)
        norm = 1.2 * (0.25 + 0.75 * len(posting.words) / 150)
        for word in words:
            if tf := counts[word]:
                df = frequency[word]
                idf = math.log((len(corpus) - df + 0.5) / (df + 0.5) + 1)
                score = idf * tf * 2.2 / (tf + norm)
                scores[posting.chunk] = scores.get(posting.chunk, 0.0) + score
    return scores


def _cosines(found: Iterable[Posting], vector: Sequence[float]) -> dict[ChunkId, float]:
    return {
        posting.chunk: _dot(posting.vector, vector) / _length(posting.vector) / _length(vector)
        for posting in found
        if posting.vector is not None
    }


def _dot(one: Sequence[float], two: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


def _length(vector: Sequence[float]) -> float:
    return math.sqrt(_dot(vector, vector)) or 1.0
