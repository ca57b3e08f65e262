"""A document as the library keeps it: who owns it, who may read it, how far it has come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from yanku.model.document import Digest, Flaw
from yanku.model.finance import Profile
from yanku.model.people import UserId
from yanku.model.place import Place

DocumentId = NewType("DocumentId", str)
"""Digest of owner and bytes: the same person adding the same bytes twice adds one document."""
ChunkId = NewType("ChunkId", str)
"""Digest of document, places and chunker version."""


def document_id(owner: UserId, digest: Digest) -> DocumentId:
    """Return the id of these bytes in this person's hands."""
    return DocumentId(hashlib.sha256(f"{owner}\n{digest}".encode()).hexdigest()[:32])


def chunk_id(document: DocumentId, ordinal: int, chunker: str) -> ChunkId:
    """Return the id of the n-th chunk (from 0) that a version of the chunker cuts."""
    return ChunkId(hashlib.sha256(f"{document}\n{chunker}\n{ordinal}".encode()).hexdigest()[:32])


class State(StrEnum):
    """How far a document has come; only LIVE documents are searched and cited."""

    QUEUED = "queued"
    PARSING = "parsing"
    LIVE = "live"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Progress:
    """Work done on a document: pages read, and chunks that have a vector."""

    pages_done: int = 0
    pages: int = 0
    vectors_done: int = 0
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the library.

    ``series`` is shared by all versions of a replaced document, ``version`` counts them from 1.
    ``source`` is where it was read from (a path), empty for uploads. ``failure`` is
    (error code, message) when the state is FAILED. ``readers`` are reader keys. ``seconds`` is how
    long reading it took, 0 if it is not known. ``parent`` is the archive or mail it came in, if
    nobody added it on its own as well. ``since`` and ``until`` are when it first became LIVE and
    when it was last replaced, None if it never was. ``public_on`` is the day it counts as public
    from, at the latest.
    """

    id: DocumentId
    series: str
    version: int
    name: str
    digest: Digest
    size: int
    media_type: str
    owner: UserId
    state: State
    added: datetime
    source: str = ""
    readers: frozenset[str] = frozenset()
    profile: Profile = field(default_factory=Profile)
    progress: Progress = Progress()
    flaws: tuple[Flaw, ...] = ()
    failure: tuple[str, str] | None = None
    seconds: float = 0.0
    parent: DocumentId | None = None
    since: datetime | None = None
    until: datetime | None = None
    public_on: date | None = None


@dataclass(frozen=True, slots=True)
class Kin:
    """How deep a document lies in others (0: in none), and how many files and bytes the outermost
    of them holds by now.
    """

    depth: int = 0
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document that stands alone.

    ``text`` is what the document says; ``context`` is put in front of it for searching (company,
    code, period, report kind, headings, caption, unit). ``lines`` gives, for each line of
    ``text``, its place, so that a quote leads to its own row and not to the whole table.
    """

    id: ChunkId
    document: DocumentId
    ordinal: int
    context: str
    text: str
    place: Place
    lines: tuple[Place, ...] = ()
