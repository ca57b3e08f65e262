"""The record every answer leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from yanku.model.answer import Answer
from yanku.model.library import ChunkId, DocumentId
from yanku.model.people import NOW, AsOf, UserId

ReceiptId = NewType("ReceiptId", str)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who asked what, when, within which rights, from which evidence, and what was said.

    ``answer`` is None while the answer is still being given; a receipt that stays open tells
    that the process ended before the answer did. ``versions`` names what took part: model,
    prompt, chunker, product. Latency in milliseconds. ``reading`` is the question in full where it
    leaned on the one before, else empty. ``as_of`` is the state of knowledge it was asked in.
    """

    id: ReceiptId
    at: datetime
    user: UserId
    question: str
    readers: frozenset[str]
    hits: tuple[ChunkId, ...]
    documents: tuple[DocumentId, ...]
    versions: tuple[tuple[str, str], ...]
    answer: Answer | None = None
    latency_ms: int | None = None
    reading: str = ""
    as_of: AsOf = NOW
