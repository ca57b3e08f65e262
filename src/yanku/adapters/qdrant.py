"""What both Qdrant adapters share: names, point ids, payloads, conditions and BM25 weights."""

from __future__ import annotations

import math
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from yanku.model.library import ChunkId
from yanku.model.people import Scope
from yanku.model.search import Posting, Probe

VECTORS = "dense"
WORDS = "words"

DOCUMENT = "document"
READERS = "readers"
COMPANY = "company"
YEARS = "years"
REPORT = "report"
SINCE = "since"
UNTIL = "until"
PUBLIC = "public"
MOMENTS = (SINCE, UNTIL, PUBLIC)
"""Payload fields indexed as numbers: seconds since 1970, and for ``public`` the day's ordinal."""
KEYWORDS = (DOCUMENT, READERS, COMPANY, REPORT)
"""Payload fields indexed as keywords; ``years`` is indexed as integers."""

K1 = 1.2
B = 0.75
AVERAGE_LENGTH = 150.0
"""Words of a usual chunk with its context. A constant, so that a posting's weights never change."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A payload field of which any value must be among these."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]

    def listed(self) -> list[str] | list[int]:
        """Return the values in the form Qdrant wants."""
        return list(self.values)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Bar:
    """A payload field that bars a posting where it is above ``above`` or at most ``up_to``.

    A posting without the field is not barred: the library decides about it.
    """

    field: str
    above: float | None = None
    up_to: float | None = None


def point_id(chunk: ChunkId) -> str:
    """Return the chunk's id as a UUID, the form Qdrant wants; raise ValueError if it is none."""
    return str(uuid.UUID(hex=chunk))


def chunk_of(point: object) -> ChunkId:
    """Return the chunk of a point id."""
    return ChunkId(uuid.UUID(str(point)).hex)


def term(word: str) -> int:
    """Return a word's dimension: its CRC-32.

    With a million different words two of them share a dimension about 116 times; each sharing
    can only lend one rare word the documents of another, and every hit is read before it is used.
    """
    return crc32(word.encode())


def document_terms(words: Sequence[str]) -> tuple[list[int], list[float]]:
    """Return dimensions and BM25 weights without IDF, which Qdrant knows and multiplies in.

    tf · (k1 + 1) ÷ (tf + k1 · (1 − b + b · length ÷ average length)), Robertson and Zaragoza 2009.
    """
    norm = K1 * (1 - B + B * len(words) / AVERAGE_LENGTH)
    counts = Counter(map(term, words))
    terms = sorted(counts)
    return terms, [counts[t] * (K1 + 1) / (counts[t] + norm) for t in terms]


def query_terms(words: Sequence[str]) -> tuple[list[int], list[float]]:
    """Return the dimensions of a question, a word said twice weighing twice."""
    counts = Counter(map(term, words))
    terms = sorted(counts)
    return terms, [float(counts[t]) for t in terms]


def payload(posting: Posting) -> dict[str, object]:
    """Return what filters look at."""
    moments: dict[str, float | None] = {
        SINCE: posting.since.timestamp() if posting.since else None,
        UNTIL: posting.until.timestamp() if posting.until else None,
        PUBLIC: float(posting.public_on.toordinal()) if posting.public_on else None,
    }
    return {
        **{field: value for field, value in moments.items() if value is not None},
        DOCUMENT: posting.document,
        READERS: sorted(posting.readers),
        COMPANY: posting.keys.company,
        YEARS: sorted(set(posting.keys.years)),
        REPORT: posting.keys.report,
    }


def readable(scope: Scope) -> Condition:
    """Return the condition that holds for what this person may read."""
    return Condition(READERS, tuple(sorted(scope.readers)))


def bars(scope: Scope) -> list[Bar]:
    """Return what was not known as of the scope's moment, as far as the index can tell."""
    held, public = scope.as_of.held, scope.as_of.public
    if held is None:
        found = [Bar(UNTIL, above=0.0)]
    else:
        found = [Bar(SINCE, above=held.timestamp()), Bar(UNTIL, up_to=held.timestamp())]
    if public is not None:
        found.append(Bar(PUBLIC, above=float(public.toordinal())))
    return found


def conditions(probe: Probe, scope: Scope, dimensions: int) -> list[Condition]:
    """Return all conditions of a search, of which every one must hold; none if nothing can be
    found by it.

    Raises ValueError if the probe's vector does not fit the index.
    """
    if probe.vector is not None:
        check_vector(probe.vector, dimensions)
    found = [readable(scope)]
    # Unknown is the empty string in the payload and must not match, even when asked for.
    if probe.filter.companies:
        found.append(Condition(COMPANY, tuple(sorted(probe.filter.companies - {""}))))
    if probe.filter.years:
        found.append(Condition(YEARS, tuple(sorted(probe.filter.years))))
    asks = bool(probe.words) or probe.vector is not None
    possible = probe.limit >= 1 and asks and all(condition.values for condition in found)
    return found if possible else []


def checked(postings: Sequence[Posting], dimensions: int) -> None:
    """Raise ValueError if a vector has another length or is not made of finite numbers."""
    for posting in postings:
        if posting.vector is not None:
            check_vector(posting.vector, dimensions)


def check_vector(vector: Sequence[float], dimensions: int) -> None:
    """Raise ValueError if a vector has another length or is not made of finite numbers."""
    if len(vector) != dimensions:
        raise ValueError(f"A vector has {len(vector)} numbers; this index holds {dimensions}.")
    if not all(map(math.isfinite, vector)):
        raise ValueError("A vector holds a number that is not finite.")
