"""Looking for evidence: what is asked of an index and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yanku.model.finance import Profile
from yanku.model.library import Chunk, ChunkId, DocumentId


class Channel(StrEnum):
    """One way of finding: by words (BM25), by meaning (dense vectors), by the figures that stand
    there (facts of the company, metric and period asked for), or by the names of rows and the
    headers of columns in what words and vectors found.
    """

    WORDS = "words"
    VECTORS = "vectors"
    FACTS = "facts"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Keys:
    """Hard facts about a chunk's document that a search may filter on.

    ``company`` is a securities code; ``years`` are the years the document reports on.
    Empty means unknown, and unknown never matches a filter.
    """

    company: str = ""
    years: tuple[int, ...] = ()
    report: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One chunk as the index holds it. ``vector`` may come later than ``words``.

    ``since``, ``until`` and ``public_on`` are those of its document, as in ``Entry``.
    """

    chunk: ChunkId
    document: DocumentId
    readers: frozenset[str]
    words: tuple[str, ...]
    keys: Keys = Keys()
    vector: tuple[float, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    public_on: date | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Hard conditions: any of the companies and any of the years; empty means no condition."""

    companies: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to the index: words, and a vector if there is one."""

    words: tuple[str, ...]
    vector: tuple[float, ...] | None = None
    filter: Filter = Filter()
    limit: int = 50


Rankings = Mapping[Channel, tuple[ChunkId, ...]]
"""Best first, per channel."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, read from the authoritative table, with the reason it is here.

    ``ranks`` counts from 1 and has only the channels that found it.
    """

    chunk: Chunk
    file: str
    profile: Profile
    score: float
    ranks: Mapping[Channel, int]
